//! Every claim of every case, checked by differences and quadrature that know nothing of the case
//! but its values.

mod calculus;
mod quadrature;
mod walls;

use super::*;
use crate::random::Random;
use std::f64::consts::PI;

/// Runs a check, generic in the dimension, on every case.
macro_rules! on_every_case {
    ($check:path) => {
        CASES_2D.iter().for_each(|case| $check(*case));
        CASES_3D.iter().for_each(|case| $check(*case));
    };
}
use on_every_case;

/// A position in the window.
fn position<const D: usize>(random: &mut Random, window: CaseWindow<D>) -> [f64; D] {
    window.map(|(start, end, _)| start + (end - start) * random.unit())
}

/// Positions inside the domain of a case.
fn interior<const D: usize>(case: &dyn Case<D>) -> Vec<[f64; D]> {
    let mut random = Random::new(7);
    let draw = std::iter::repeat_with(|| position(&mut random, case.window()));
    draw.filter(|&position| case.inside(position)).take(200).collect()
}

/// The lengths of unit steps of the coordinates.
fn lengths<const D: usize>(case: &dyn Case<D>, position: [f64; D]) -> [f64; D] {
    let degree = PI / 180.0;
    let parallel = degree * (degree * position[1]).cos();
    let found = match case.space() {
        CaseSpace::Flat | CaseSpace::Stretched(_) => [1.0; 3],
        CaseSpace::Sphere => [parallel, degree, 1.0],
        CaseSpace::Shell => [parallel * position[2], degree * position[2], 1.0],
        CaseSpace::Mapped(map) => {
            let ends = [-1e-3, 1e-3].map(|step| map([position[0] + step, position[1]]));
            let along = [0, 1].map(|k| (ends[1][k] - ends[0][k]) / 2e-3);
            [along[0].hypot(along[1]); 3]
        }
    };
    std::array::from_fn(|k| found[k])
}

/// The parts as written (`None`) and under each convention that has them.
fn every_split<const D: usize>(
    case: &dyn Case<D>,
) -> impl Iterator<Item = (Option<Boundary>, impl Fn([f64; D]) -> ExactParts<D>)> {
    let origin = case.window().map(|(start, end, _)| 0.4 * start + 0.6 * end);
    let known = move |b: &Boundary| case.parts_under(*b, origin).is_some();
    let conventions = Boundary::ALL.into_iter().filter(known).map(Some);
    std::iter::once(None).chain(conventions).map(move |boundary| {
        let parts = move |position| match boundary {
            None => case.parts(position),
            Some(b) => case.parts_under(b, position).expect("known at one place, known at all"),
        };
        (boundary, parts)
    })
}

/// Whether the window shows a part of a field in free space that does not vanish at its edge.
fn is_cut<const D: usize>(case: &dyn Case<D>) -> bool {
    ["F3", "F4", "F5"].contains(&case.name())
}

fn dot<const D: usize>(a: [f64; D], b: [f64; D]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(0.0, |most, v| if v.is_nan() { v } else { most.max(v.abs()) })
}

#[test]
fn names_are_unique_and_found_in_any_case() {
    for case in CASES_2D {
        let found = find_2d(&case.name().to_lowercase()).unwrap();
        assert_eq!((found.name(), found.title()), (case.name(), case.title()));
    }
    for case in CASES_3D {
        let found = find_3d(&case.name().to_lowercase()).unwrap();
        assert_eq!((found.name(), found.title()), (case.name(), case.title()));
    }
    let mut all = names(CASES_2D);
    // E1 needs auto-encoders.
    let left_out = usize::from(!cfg!(feature = "autoencoder"));
    assert_eq!(all.len(), 26 - left_out);
    all.extend(names(CASES_3D).iter().filter(|&&name| !["E1", "E2"].contains(&name)));
    assert_eq!(all.len(), 41 - left_out);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 41 - left_out);
    assert!(find_2d("P4").is_none() && find_3d("P1").is_none() && find_2d("").is_none());
}

fn check_domain<const D: usize>(case: &dyn Case<D>) {
    let domain = case.domain([13; D]).unwrap();
    assert_eq!(domain.mask().is_some(), case.masked(), "{}", case.name());
    let field = case.sample(*domain.grid(), crate::field::Layout::Points);
    field.check_finite().unwrap_or_else(|error| panic!("{}: {error}", case.name()));
}

#[test]
fn domains_are_masked_where_said_and_values_finite_in_all_of_the_window() {
    on_every_case!(check_domain);
    let annulus = find_2d("H1").unwrap().domain([220; 2]).unwrap();
    let area = annulus.active_cells() as f64 * annulus.grid().cell_volume();
    assert!((area / (3.0 * PI) - 1.0).abs() < 5e-3, "{area}");
}

#[test]
fn a_convention_sets_the_topology_of_the_grid() {
    let case = find_2d("U2").unwrap();
    for boundary in case.exact_under() {
        let grid = case.grid_under([8, 9], *boundary).unwrap();
        let periodic = *boundary == Boundary::Periodic;
        assert!(grid.axes().iter().all(|axis| axis.bounded() != periodic));
    }
    assert_eq!(case.grid([8, 9]), case.grid_under([8, 9], case.boundary()));
}

#[test]
fn torsion_energies_of_the_square() {
    let case = find_2d("S1").unwrap();
    let odd = (1..20_001).step_by(2).map(f64::from);
    let series: f64 = odd.map(|n| (0.5 * PI * n).tanh() / n.powi(5)).sum();
    let j = 16.0 * (1.0 / 3.0 - 64.0 / PI.powi(5) * series);
    let [gradient, solenoidal, harmonic] = case.known_energies(Boundary::NormalParallel).unwrap();
    assert!((gradient - j).abs() < 1e-12 && (solenoidal - j).abs() < 1e-12, "{gradient} {j}");
    assert!((harmonic - 0.83486885477).abs() < 1e-11, "{harmonic}");
    // In free space the parts are not orthogonal.
    for boundary in Boundary::ALL.into_iter().filter(|b| *b != Boundary::FreeSpace) {
        let sum: f64 = case.known_energies(boundary).unwrap().iter().sum();
        assert!((sum - 16.0 / 3.0).abs() < 1e-14, "{boundary}");
        assert_eq!(case.parts_under(boundary, [0.5, 0.5]), None);
    }
}
