//! The norms that are summed row by row are those of the operators themselves.

use crate::common::{domains, masks::random_masks, random_field, sum_of_squares};
use hodge::boundary::Boundary;
use hodge::field::{Layout, ScalarField};
use hodge::operator::{Calculus, Staggered};

fn check<const D: usize>() {
    let masks = random_masks::<D>().into_iter();
    for (label, domain) in domains::<D>().into_iter().chain(masks) {
        let norm = |fields: &[ScalarField<D>]| sum_of_squares(fields.iter().map(|f| f.values()));
        for boundary in Boundary::ALL {
            let calculus = Staggered::new(domain.clone(), boundary);
            let mut v = random_field(&domain, Layout::Faces, 5);
            calculus.clear_outside(&mut v);
            let pairs = [
                (calculus.divergence_norm(&v), norm(&[calculus.divergence(&v)])),
                (calculus.curl_norm(&v), norm(&calculus.curl(&v))),
            ];
            for (found, expected) in pairs {
                let apart = (found - expected).abs();
                assert!(apart <= 1e-12 * expected, "{label} {boundary}: {found}, not {expected}");
            }
        }
    }
}

#[test]
fn norms_are_those_of_the_operators() {
    check::<2>();
    check::<3>();
}
