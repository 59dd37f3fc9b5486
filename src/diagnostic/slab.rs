//! Some planes of a field as they come to the points.

use crate::field::{Layout, ScalarField, VectorField, Way, planes_to_points};
use crate::grid::{Domain, unravel};
use crate::operator::PointRows;
use std::ops::Range;

/// Rows along x of one component at the points, for the planes of a slab and, where asked for, those beside.
pub(super) struct Slab<'a> {
    rows: Rows<'a>,
    nx: usize,
}

enum Rows<'a> {
    /// The component itself.
    Whole(&'a [f64]),
    /// Rows that only depend on the parity of their index along y and z; the shape of the points.
    Alternating { rows: [Vec<f64>; 4], shape: [usize; 3] },
    /// Interpolated for the slab: rows from `first` on as on a ring of `all`.
    Made { values: Vec<f64>, first: usize, all: usize },
}

impl<'a> Slab<'a> {
    pub(super) fn new<const D: usize>(
        component: &'a ScalarField<D>,
        k: usize,
        (domain, way): (&Domain<D>, Way),
        planes: &Range<usize>,
        beside: bool,
    ) -> Slab<'a> {
        let shape = domain.grid().shape();
        let nx = shape[0];
        let rows = match component.parities() {
            Some(parities) if domain.mask().is_none() || parities.is_zero() => {
                let mut points = [1; 3];
                points[..D].copy_from_slice(&shape);
                let row = |at: usize| {
                    let [even, odd] = parities.row([1, 2, 2], at);
                    (0..nx).map(|i| if i % 2 == 0 { even } else { odd }).collect()
                };
                Rows::Alternating { rows: std::array::from_fn(row), shape: points }
            }
            _ if component.location() == Layout::Points.location(k) => {
                Rows::Whole(component.values())
            }
            _ => made(component, k, (domain, way), planes, beside),
        };
        Slab { rows, nx }
    }

    /// Row number `row` of the points.
    pub(super) fn row(&self, row: usize) -> &[f64] {
        let nx = self.nx;
        match &self.rows {
            Rows::Whole(values) => &values[row * nx..][..nx],
            Rows::Alternating { rows, shape } => {
                let [_, y, z] = unravel(*shape, row * nx);
                &rows[y % 2 + 2 * (z % 2)]
            }
            Rows::Made { values, first, all } => &values[(row + all - first) % all * nx..][..nx],
        }
    }
}

fn made<const D: usize>(
    component: &ScalarField<D>,
    k: usize,
    way: (&Domain<D>, Way),
    planes: &Range<usize>,
    beside: bool,
) -> Rows<'static> {
    let grid = way.0.grid();
    let (shape, n) = (grid.shape(), grid.shape()[D - 1]);
    let plane: usize = shape[..D - 1].iter().product();
    let (first, count) = match (beside, grid.axes()[D - 1].bounded()) {
        (false, _) => (planes.start, planes.len()),
        (true, true) => {
            let first = planes.start.saturating_sub(1);
            (first, (planes.end + 1).min(n) - first)
        }
        (true, false) => ((planes.start + n - 1) % n, (planes.len() + 2).min(n)),
    };
    let mut values = vec![0.0; count * plane];
    let to_end = count.min(n - first);
    let (lower, upper) = values.split_at_mut(to_end * plane);
    planes_to_points(component, k, way, first..first + to_end, lower);
    planes_to_points(component, k, way, 0..count - to_end, upper);
    let rows: usize = shape[1..D - 1].iter().product();
    Rows::Made { values, first: first * rows, all: n * rows }
}

/// All components of a part.
pub(super) struct PartAtPoints<'a, const D: usize> {
    components: [Slab<'a>; D],
}

impl<'a, const D: usize> PartAtPoints<'a, D> {
    pub(super) fn new(
        part: &'a VectorField<D>,
        way: (&Domain<D>, Way),
        planes: &Range<usize>,
        beside: bool,
    ) -> PartAtPoints<'a, D> {
        let slab = |k| Slab::new(part.component(k), k, way, planes, beside);
        PartAtPoints { components: std::array::from_fn(slab) }
    }

    pub(super) fn component(&self, k: usize) -> &Slab<'a> {
        &self.components[k]
    }
}

impl<const D: usize> PointRows for PartAtPoints<'_, D> {
    fn row(&self, k: usize, row: usize) -> &[f64] {
        self.components[k].row(row)
    }
}
