//! Between samples at points and components on faces.

use super::{Layout, ScalarField, VectorField};
use crate::grid::{Domain, Location, ravel, unravel};

/// Interpolates a point field to the faces: the mean of the two neighbours on an interior face,
/// linear extrapolation from the two cells inside on a wall (the nearest value where there is only
/// one), zero outside the mask. Second order. A staggered field is returned as it is.
pub fn to_faces<const D: usize>(field: &VectorField<D>, domain: &Domain<D>) -> VectorField<D> {
    if field.layout() == Layout::Faces {
        return field.clone();
    }
    let components = std::array::from_fn(|k| {
        let points = field.component(k).values();
        let shape = domain.grid().shape_at(Location::face(k));
        let mut faces = ScalarField::zeros(*domain.grid(), Location::face(k));
        for (flat, value) in faces.values_mut().iter_mut().enumerate() {
            let index = unravel(shape, flat);
            *value = match domain.neighbours(k, index) {
                [Some(a), Some(b)] => 0.5 * (points[a] + points[b]),
                [None, None] => 0.0,
                [lower, upper] => {
                    let near = lower.or(upper).expect("one side is active");
                    match beyond(domain, k, near, upper.is_some()) {
                        Some(far) => 1.5 * points[near] - 0.5 * points[far],
                        None => points[near],
                    }
                }
            };
        }
        faces
    });
    VectorField::from_components(Layout::Faces, components)
}

/// The active cell next to `cell` along axis k, going up or down, wrapping on a periodic axis.
fn beyond<const D: usize>(domain: &Domain<D>, k: usize, cell: usize, up: bool) -> Option<usize> {
    let shape = domain.grid().shape();
    let mut index = unravel(shape, cell);
    let n = shape[k];
    let wraps = !domain.grid().axes()[k].bounded() && n > 1;
    index[k] = match (up, index[k]) {
        (true, i) if i + 1 < n => i + 1,
        (false, i) if i > 0 => i - 1,
        (true, _) if wraps => 0,
        (false, _) if wraps => n - 1,
        _ => return None,
    };
    let next = ravel(shape, index);
    domain.is_active(next).then_some(next)
}

/// Averages the two faces of every active cell; zero outside the mask. Second order.
/// A point field is returned as it is.
pub fn to_points<const D: usize>(field: &VectorField<D>, domain: &Domain<D>) -> VectorField<D> {
    if field.layout() == Layout::Points {
        return field.clone();
    }
    let grid = *domain.grid();
    let components = std::array::from_fn(|k| {
        let faces = field.component(k).values();
        let (outer, n, inner) = grid.lanes(Location::CELL, k);
        let rows = grid.lanes(Location::face(k), k).1;
        let mut points = ScalarField::zeros(grid, Location::CELL);
        for (row, out) in points.values_mut().chunks_exact_mut(inner).enumerate() {
            let (o, i) = (row / n, row % n);
            let lower = &faces[(o * rows + i) * inner..][..inner];
            let upper = &faces[(o * rows + (i + 1) % rows) * inner..][..inner];
            for ((p, a), b) in out.iter_mut().zip(lower).zip(upper) {
                *p = 0.5 * (a + b);
            }
        }
        debug_assert_eq!(points.values().len(), outer * n * inner);
        if let Some(mask) = domain.mask() {
            for (p, active) in points.values_mut().iter_mut().zip(mask) {
                *p = if *active { *p } else { 0.0 };
            }
        }
        points
    });
    VectorField::from_components(Layout::Points, components)
}
