//! Fields whose parts are known, on globes, windows, bands, shells, a conformal map and a stretched square: errors and
//! energies against those of `validation/reference/metric_cases.py`, which has no code in common with hodge.

use crate::common::promises::Sums;
use hodge::decomposition::Method;
use hodge::diagnostic::observed_order;
use hodge::field::{Layout, ScalarField, VectorField};
use hodge::grid::{Axis, Domain, Grid, Location, Metric, Topology};
use hodge::poisson::Backend;
use hodge::source::analytic::{Case, find_2d, find_3d};
use serde_json::Value;

const PARTS: [&str; 3] = ["gradient", "solenoidal", "harmonic"];

/// What is stored of a part, and how near to it what is found must be, relatively.
const KEYS: [(&str, f64); 3] = [("l2", 1e-8), ("max", 1e-8), ("energy", 1e-11)];

/// Relative L2 error, largest error over the largest value, and energy of a part.
type Found = [f64; 3];

/// A globe whose first and last latitudes are the poles.
fn globe_with_poles(cells: [usize; 2]) -> Domain<2> {
    let step = 180.0 / (cells[1] - 1) as f64;
    let x = Axis::over(0.0, 360.0, cells[0], Topology::Periodic);
    let y = Axis::from_points(-90.0, step, cells[1], Topology::Bounded);
    let grid = Grid::new([x, y]).unwrap();
    Domain::full(grid).with_metric(Metric::sphere(&grid, 1.0).unwrap()).unwrap()
}

/// The exact parts on the faces; beside poles those of x are in the middle of the half row there.
fn exact<const D: usize>(case: &dyn Case<D>, domain: &Domain<D>) -> [VectorField<D>; 3] {
    let grid = *domain.grid();
    let (y, half_rows) = (grid.axes()[1], domain.metric().unwrap().has_points_at_poles());
    let place = |k: usize, mut at: [f64; D]| {
        if half_rows && k == 0 && at[1].abs() > 90.0 - 0.25 * y.spacing {
            at[1] = (90.0 - 0.25 * y.spacing).copysign(at[1]);
        }
        at
    };
    std::array::from_fn(|part| {
        let component = |k: usize| {
            ScalarField::sample(grid, Location::face(k), |at| {
                let parts = case.parts(place(k, at));
                [parts.gradient, parts.solenoidal, parts.harmonic][part][k]
            })
        };
        let components = std::array::from_fn(component);
        let mut field = VectorField::from_components(Layout::Faces, components);
        field.clear_outside(domain);
        field
    })
}

fn decomposed<const D: usize>(
    case: &dyn Case<D>,
    domain: &Domain<D>,
    backend: Backend,
) -> [Found; 3] {
    let exact = exact(case, domain);
    let mut field = exact[0].clone();
    exact[1..].iter().for_each(|part| field.add_scaled(1.0, part));
    let plan = Method::Staggered.plan(domain, Some(case.boundary()), Some(backend)).unwrap();
    let parts = plan.decompose(&field).unwrap();
    let (parts, sums) = (parts.parts(), Sums::new(domain));
    std::array::from_fn(|i| {
        let (part, error) = (parts[i].1, parts[i].1.minus(&exact[i]));
        let scale = if exact[i].max_abs() > 0.0 { &exact[i] } else { &field };
        let relative = sums.inner(&error, &error) / sums.inner(scale, scale);
        [relative.sqrt(), error.max_abs() / scale.max_abs(), sums.inner(part, part)]
    })
}

/// What every back end finds, which must be what is stored.
fn check<const D: usize>(case: &dyn Case<D>, domain: &Domain<D>, row: &Value) -> [Found; 3] {
    let mut last = [[f64::NAN; 3]; 3];
    for backend in Backend::ALL.into_iter().filter(|backend| backend.fits(domain)) {
        last = decomposed(case, domain, backend);
        for (name, found) in PARTS.into_iter().zip(last) {
            for (found, (key, tolerance)) in found.into_iter().zip(KEYS) {
                // What is not stored is 0.
                let stored = row[name][key].as_f64().unwrap_or(0.0);
                let close = (found - stored).abs() <= 1e-12_f64.max(tolerance * stored);
                assert!(close, "{row} by {backend}: {name} {key} {found} for {stored}");
            }
        }
    }
    last
}

fn of_row<const D: usize>(case: &dyn Case<D>, row: &Value) -> [Found; 3] {
    let cells = row["cells"].as_array().unwrap();
    let cells = std::array::from_fn(|k| cells[k].as_u64().unwrap() as usize);
    check(case, &case.domain(cells).unwrap(), row)
}

/// The name of a row, its cells along x, and what is found there.
fn studies() -> Vec<(String, usize, [Found; 3])> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/validation/reference/metric_cases.json");
    let rows: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let study = |row: &Value| {
        let label = row["case"].as_str().unwrap().to_string();
        let (name, place) = label.split_once(' ').unwrap_or((&label, ""));
        let [nx, ny] = [0, 1].map(|k| row["cells"][k].as_u64().unwrap() as usize);
        let found = match (find_2d(name), place) {
            (Some(case), "at poles") => check(case, &globe_with_poles([nx, ny]), row),
            (Some(case), _) => of_row(case, row),
            (None, _) => of_row(find_3d(name).unwrap(), row),
        };
        (label, nx, found)
    };
    rows.iter().map(study).collect()
}

#[test]
fn parts_on_metrics_are_those_of_another_program() {
    let all = studies();
    assert_eq!(all.len(), 27);
    let (second, everywhere) = (["SP1", "SP3", "SP5", "CV1", "RL1"], ["SP1", "SP3", "RL1"]);
    let last_of_a_study = |i: &usize| all.get(i + 1).is_none_or(|next| next.0 != all[*i].0);
    for i in (0..all.len()).filter(last_of_a_study) {
        let ([coarse, fine], name) = ([&all[i - 1], &all[i]], &all[i].0);
        let is = |names: &[&str]| names.contains(&&name[..3]);
        for (part, norm) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let order =
                observed_order((coarse.1, coarse.2[part][norm]), (fine.1, fine.2[part][norm]));
            let is_second = if norm == 0 { is(&second) } else { is(&everywhere) };
            assert!(!is_second || order >= 1.95, "{name} {} {norm}: order {order}", PARTS[part]);
        }
    }
}
