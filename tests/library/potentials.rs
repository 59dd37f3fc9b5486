//! Vector potentials of masked domains and uneven boxes in space, by the matrices of the exterior calculus of the
//! whole box, which the library does not use.

use crate::common::masks::{grid, keep_on, random_mask, shapes_3d};
use crate::common::random_field;
use crate::rectilinear::random;
use hodge::boundary::Boundary;
use hodge::decomposition::{Decompose, DecomposeError, Method};
use hodge::field::{Layout, ScalarField, VectorField};
use hodge::grid::{Axis, Domain, Grid, Metric, Thickness, Topology};
use hodge::operator::{Exterior, Matrix, with_density};

const EXACT: f64 = 1e-12;

/// The same domain without its mask.
fn whole<const D: usize>(domain: &Domain<D>) -> Domain<D> {
    let full = Domain::full(*domain.grid());
    match domain.metric() {
        Some(metric) => full.with_metric(metric.clone()).unwrap(),
        None => full,
    }
}

fn apply(matrix: &Matrix, values: &[f64]) -> Vec<f64> {
    let dot = |row: usize| {
        let row = matrix.outer_view(row).unwrap();
        row.iter().map(|(column, entry)| entry * values[column]).sum()
    };
    (0..matrix.rows()).map(dot).collect()
}

fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(0.0, |most: f64, value| most.max(value.abs()))
}

/// ⋆A on the box as a field.
pub fn curl_of<const D: usize>(
    domain: &Domain<D>,
    boundary: Boundary,
    potential: &[ScalarField<D>],
) -> VectorField<D> {
    let whole = whole(domain);
    let exterior = Exterior::new(&whole, boundary);
    let flat: Vec<f64> = potential.iter().flat_map(|a| a.values()).copied().collect();
    let held = &exterior.star(2) * &exterior.size(2);
    let faces = (&exterior.star(1) * &exterior.size(1)).map(|entry| 1.0 / entry);
    let difference = exterior.difference(1).transpose_view().to_csr();
    let found = apply(&(&(&faces * &difference) * &held), &flat);
    let unit = domain.metric().map_or(1.0, Metric::unit);
    let mut found = found.into_iter().map(|value| value / unit);
    let mut field = VectorField::zeros(*domain.grid(), Layout::Faces);
    for component in field.components_mut() {
        let values = component.values_mut().iter_mut().zip(&mut found);
        values.for_each(|(value, found)| *value = found);
    }
    field
}

/// How far ⋆A is from the solenoidal part on the faces of the fluid, and ∇·A from 0, both relative.
fn errors(domain: &Domain<3>, plan: &dyn Decompose<3>, seed: u64) -> [f64; 2] {
    let field = random_field(domain, Layout::Faces, seed);
    let parts = plan.decompose(&field).unwrap();
    let potential = plan.vector_potential(&parts).unwrap();
    let mut curl = curl_of(domain, plan.boundary(), &potential);
    curl.clear_outside(domain);
    let off = curl.minus(&parts.solenoidal).max_abs() / field.max_abs();
    let plain = Domain::full(*domain.grid());
    let exterior = Exterior::new(&plain, plan.boundary());
    let flat: Vec<f64> = potential.iter().flat_map(|a| a.values()).copied().collect();
    let across = apply(&exterior.size(2), &flat);
    let size = largest(across.iter().copied());
    let divergence = largest(apply(&exterior.difference(2), &across));
    [off, if size > 0.0 { divergence / size } else { divergence }]
}

fn check(label: &str, domain: &Domain<3>) {
    for boundary in &Boundary::ALL[1..4] {
        let plan = Method::Staggered.plan(domain, Some(*boundary), None).unwrap();
        let [curl, divergence] = errors(domain, &*plan, 3);
        assert!(curl <= EXACT, "{label} {boundary}: solenoidal − curl A {curl:.2e}");
        assert!(divergence <= EXACT, "{label} {boundary}: div A {divergence:.2e}");
    }
}

/// Axes of random widths, bounded where the bit of `walls` is set.
fn uneven(size: [usize; 3], walls: usize) -> Grid<3> {
    Grid::new(std::array::from_fn(|k| {
        let bounded = walls >> k & 1 == 1;
        let topology = if bounded { Topology::Bounded } else { Topology::Periodic };
        random(size[k], topology, (20 * walls + k) as u64)
    }))
    .unwrap()
}

#[test]
fn on_shapes_with_holes_and_cavities() {
    for shape in shapes_3d() {
        check(shape.name, &shape.domain);
        let [x, y, z] = shape.domain.grid().shape();
        let (mask, walls) = (shape.domain.mask().map(<[bool]>::to_vec), shape.domain.grid().axes());
        let walls = (0..3).map(|k| usize::from(walls[k].bounded()) << k).sum();
        let grid = uneven([x, y, z], walls);
        let domain = mask.map_or(Domain::full(grid), |mask| Domain::masked(grid, mask).unwrap());
        check(&format!("uneven {}", shape.name), &domain);
    }
}

#[test]
fn on_random_masks_with_any_walls() {
    for walls in 0..8 {
        for (seed, share) in [0.9, 0.6, 0.3].into_iter().enumerate() {
            let label = format!("{share} of a grid with walls {walls:03b}");
            let seed = (10 * walls + seed) as u64;
            check(&label, &random_mask(grid([5, 6, 4], walls), share, seed));
            check(&format!("uneven {label}"), &random_mask(uneven([5, 6, 4], walls), share, seed));
        }
    }
}

#[test]
fn on_uneven_boxes() {
    for walls in 1..8 {
        for size in [[5, 6, 4], [1, 5, 4], [2, 2, 7]] {
            check(&format!("{size:?} with walls {walls:03b}"), &Domain::full(uneven(size, walls)));
        }
    }
}

/// Obstacles that reach through the box along every axis: what flows through them is as much as the fluid has.
#[test]
fn beside_columns_through_the_box() {
    for walls in [0b000, 0b001, 0b010, 0b100] {
        for way in 0..3 {
            let column = |i: [usize; 3]| {
                (0..3).all(|k| k == way || (2..4).contains(&i[k])) || i == [0, 0, 0]
            };
            check("column", &keep_on(grid([6, 6, 6], walls), |i| !column(i)));
            check("uneven column", &keep_on(uneven([6, 6, 6], walls), |i| !column(i)));
        }
    }
    let cross = |i: [usize; 3]| (0..3).filter(|k| i[*k] == 2).count() >= 2;
    check("three columns", &keep_on(grid([5, 6, 4], 0), |i| !cross(i)));
}

#[test]
fn under_a_density() {
    let share =
        |[x, y, z]: [f64; 3]| [0.1 * (x - 2.0 * y), 0.2 * (y + z), 0.2 * (z - x)].map(f64::exp);
    for grid in [grid([5, 6, 4], 7), grid([5, 6, 4], 2), uneven([5, 6, 4], 7), uneven([5, 6, 4], 1)]
    {
        let density = VectorField::sample(grid, Layout::Faces, share);
        for domain in [Domain::full(grid), random_mask(grid, 0.7, 4)] {
            check("density", &with_density(&domain, &density).unwrap());
        }
    }
}

#[test]
fn are_refused_on_shells_by_name() {
    let x = Axis::over(0.0, 360.0, 8, Topology::Periodic);
    let y = Axis::over(-60.0, 60.0, 6, Topology::Bounded);
    let z = Axis::over(0.0, 1e4, 3, Topology::Bounded);
    let grid = Grid::new([x, y, z]).unwrap();
    let metric = Metric::shell(&grid, 6.4e6, Thickness::Thick).unwrap();
    let domain = Domain::full(grid).with_metric(metric).unwrap();
    let plan = Method::Staggered.plan(&domain, None, None).unwrap();
    let parts = plan.decompose(&random_field(&domain, Layout::Faces, 1)).unwrap();
    let refused = plan.vector_potential(&parts).unwrap_err();
    assert!(matches!(refused, DecomposeError::PotentialUnavailable { metric: "shell" }));
}
