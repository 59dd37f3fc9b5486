//! Comparison of methods: what estimates and noise say, against what is known.

use hodge::boundary::Boundary;
use hodge::decomposition::Method;
use hodge::diagnostic::PartErrors;
use hodge::field::{Layout, VectorField};
use hodge::grid::{Domain, Grid};
use hodge::source::Source;
use hodge::source::analytic::{Case, find_2d, find_3d};
use hodge::validation::comparison::{Candidate, Entry, Given, compare, estimate, spread};

fn exact<const D: usize>(
    case: &'static dyn Case<D>,
    grid: Grid<D>,
) -> impl Fn(Boundary) -> Option<[VectorField<D>; 3]> + Sync {
    move |boundary| {
        let middle = case.window().map(|(start, end, _)| 0.5 * (start + end));
        case.parts_under(boundary, middle)?;
        let parts = |x| case.parts_under(boundary, x).unwrap();
        Some([
            VectorField::sample(grid, Layout::Points, |x| parts(x).gradient),
            VectorField::sample(grid, Layout::Points, |x| parts(x).solenoidal),
            VectorField::sample(grid, Layout::Points, |x| parts(x).harmonic),
        ])
    }
}

fn entry<const D: usize>(given: &Given<'_, D>, candidate: Candidate) -> Entry<D> {
    compare(given, &[candidate], &mut |_| true).entries.remove(0)
}

/// Estimated and true errors of gradient and solenoidal part, over the norm of the field.
fn errors<const D: usize>(
    case: &'static dyn Case<D>,
    n: usize,
    candidate: Candidate,
) -> [[f64; 2]; 2] {
    let grid = case.grid_under([n; D], candidate.boundary.unwrap()).unwrap();
    let (domain, samples) = (Domain::full(grid), case.sample(grid, Layout::Points));
    let exact = exact(case, grid);
    let given = Given { domain: &domain, samples: &samples, exact: Some(&exact) };
    let entry = entry(&given, candidate);
    let found = estimate(&given, &entry).unwrap();
    assert_eq!(found.doubt, None, "{} {}", case.name(), candidate.name());
    let parts = exact(candidate.boundary.unwrap()).unwrap();
    let PartErrors { gradient, solenoidal, .. } = entry.errors.unwrap();
    let size = |part: &VectorField<D>| part.rms() / samples.rms();
    [[found.errors[0], gradient * size(&parts[0])], [found.errors[1], solenoidal * size(&parts[1])]]
}

/// On smooth fields the estimate is the true error within a factor of two, on odd and even numbers of points. Fails with an
/// order that is assumed to be one, or grids whose walls move.
#[test]
fn estimates_cover_the_true_error() {
    use Boundary::{NoFlux, NormalParallel, ZeroPotential};
    let flat = [
        ("B1", NoFlux),
        ("B2", NoFlux),
        ("B3", NoFlux),
        ("B4", NormalParallel),
        ("B4", ZeroPotential),
        ("B5", NormalParallel),
    ];
    let check = |name: &str, n: usize, found: [[f64; 2]; 2]| {
        for [estimated, known] in found {
            let ratio = estimated / known;
            assert!((0.5..2.0).contains(&ratio), "{name}, {n} points: {estimated:e} for {known:e}");
        }
    };
    for (name, boundary) in flat {
        let candidate = Candidate { method: Method::Staggered, boundary: Some(boundary) };
        for n in [64, 81] {
            check(name, n, errors(find_2d(name).unwrap(), n, candidate));
        }
    }
    let candidate = Candidate { method: Method::Staggered, boundary: Some(NoFlux) };
    for name in ["B7", "B9"] {
        check(name, 40, errors(find_3d(name).unwrap(), 40, candidate));
    }
}

/// A rough field is not resolved, and that is said.
#[test]
fn what_is_not_resolved_is_doubted() {
    let case = find_2d("B1").unwrap();
    let grid = case.grid([40, 40]).unwrap();
    let wild = VectorField::sample(grid, Layout::Points, |[x, y]| {
        [(37.0 * x * y).sin(), (53.0 * x + y).cos()]
    });
    let domain = Domain::full(grid);
    let given = Given { domain: &domain, samples: &wild, exact: None };
    let candidate = Candidate { method: Method::Staggered, boundary: Some(Boundary::NoFlux) };
    assert!(estimate(&given, &entry(&given, candidate)).unwrap().doubt.is_some());
}

/// A share has one meaning: that of the report, by the weights of the method, which `central` gives less on walls. Fails where
/// estimates count all points alike, and where a part that is not told apart has a share.
#[test]
fn estimated_shares_are_those_of_the_report() {
    let case = find_2d("B4").unwrap();
    let grid = case.grid([24, 24]).unwrap();
    let (domain, samples) = (Domain::full(grid), case.sample(grid, Layout::Points));
    let given = Given { domain: &domain, samples: &samples, exact: None };
    for method in [Method::Central, Method::Staggered, Method::Learned] {
        let entry = entry(&given, Candidate { method, boundary: None });
        let found = estimate(&given, &entry).unwrap().shares.map(|share| share.value);
        let shares = &entry.report.share_of_input;
        let wanted = [shares.gradient, shares.solenoidal, shares.harmonic];
        for (found, wanted) in found.into_iter().zip(wanted) {
            assert_eq!(found.to_bits(), wanted.to_bits(), "{method}");
        }
        let quiet = spread(&given, &entry, (1e-9, 2, 0)).unwrap().means;
        for (found, wanted) in quiet.into_iter().zip(wanted) {
            assert_eq!(found.is_nan(), wanted.is_nan(), "{method}");
            assert!(wanted.is_nan() || (found - wanted).abs() < 1e-7, "{method}: {found} {wanted}");
        }
    }
}

/// White noise on a torus has half of its energy in each part but for the mean: with σ² in each of two components the gradient part has
/// (|∇φ|² + σ²)/(|v|² + 2σ²), and moves by σ/|v|. Fails with noise in one component, or of another size.
#[test]
fn noise_moves_shares_as_white_noise_does() {
    let case = find_2d("P1").unwrap();
    let grid = case.grid([48, 48]).unwrap();
    let (domain, samples) = (Domain::full(grid), case.sample(grid, Layout::Points));
    let given = Given { domain: &domain, samples: &samples, exact: None };
    let candidate = Candidate { method: Method::Spectral, boundary: None };
    let area = 4.0 * std::f64::consts::PI * std::f64::consts::PI;
    let [gradient, solenoidal, harmonic] =
        [9.9345882658_f64, 7.76622489487, 2.26543467983].map(|norm| norm * norm / area);
    let whole = gradient + solenoidal + harmonic;
    let sigma = 0.7;
    let found = spread(&given, &entry(&given, candidate), (sigma, 40, 3)).unwrap();
    let wanted = (gradient + sigma * sigma) / (whole + 2.0 * sigma * sigma);
    // 48² points and 40 fields: the mean is known to about 1e-3.
    assert!((found.means[0] - wanted).abs() < 4e-3, "{found:?} {wanted}");
    let moved = sigma / whole.sqrt();
    assert!((found.moved[0] / moved - 1.0).abs() < 0.02, "{found:?} {moved}");
    assert!((found.moved[1] / moved - 1.0).abs() < 0.02, "{found:?} {moved}");
}
