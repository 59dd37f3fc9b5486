//! One part of a picture: a plane of vectors.

use super::super::OutputError;
use crate::field::{Layout, VectorField};
use crate::grid::Domain;

/// A plane of vectors, x fastest, to be drawn as magnitude and streamlines.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// What stands above it.
    pub title: String,
    /// Points along x and y.
    pub shape: [usize; 2],
    /// Left and right edge: half a spacing beyond the outermost points.
    pub x_range: [f64; 2],
    /// Lower and upper edge.
    pub y_range: [f64; 2],
    /// Components along x.
    pub u: Vec<f64>,
    /// Components along y.
    pub v: Vec<f64>,
    /// Cells that take part; the others are grey, as are those with a NaN.
    pub mask: Option<Vec<bool>>,
}

impl Panel {
    /// The x and y components of a field at points: of all of it in 2D, of the middle plane normal
    /// to z in 3D. Panics on a staggered field; convert it with
    /// [`to_points`](crate::field::to_points) first.
    pub fn of_field<const D: usize>(
        title: &str,
        field: &VectorField<D>,
        domain: &Domain<D>,
    ) -> Panel {
        assert_eq!(field.layout(), Layout::Points, "a picture shows values at points");
        let axes = field.grid().axes();
        let shape = [axes[0].cells, axes[1].cells];
        let plane = shape[0] * shape[1];
        let start = axes.get(2).map_or(0, |z| z.cells / 2) * plane;
        let cut = |k: usize| field.component(k).values()[start..start + plane].to_vec();
        let range = |k: usize| {
            let half = 0.5 * axes[k].spacing;
            [axes[k].point(0) - half, axes[k].point(axes[k].cells - 1) + half]
        };
        Panel {
            title: title.into(),
            shape,
            x_range: range(0),
            y_range: range(1),
            u: cut(0),
            v: cut(1),
            mask: domain.mask().map(|mask| mask[start..start + plane].to_vec()),
        }
    }

    pub(super) fn check(&self) -> Result<(), OutputError> {
        let expected = self.shape[0] * self.shape[1];
        let lengths = [
            ("u", self.u.len()),
            ("v", self.v.len()),
            ("the mask", self.mask.as_ref().map_or(expected, Vec::len)),
        ];
        match lengths.into_iter().find(|(_, found)| *found != expected || expected == 0) {
            Some((what, found)) => {
                Err(OutputError::Panel { panel: self.title.clone(), what, expected, found })
            }
            None => Ok(()),
        }
    }

    /// The vector of a cell, `None` where it takes no part.
    fn cell(&self, i: usize, j: usize) -> Option<[f64; 2]> {
        let at = j * self.shape[0] + i;
        let active = self.mask.as_ref().is_none_or(|mask| mask[at]);
        let finite = self.u[at].is_finite() && self.v[at].is_finite();
        (active && finite).then(|| [self.u[at], self.v[at]])
    }

    /// The vector at a place in units of cells from the lower left corner: bilinear between
    /// points, the nearest at the rim and beside cells left out, `None` in those.
    pub(super) fn at(&self, x: f64, y: f64) -> Option<[f64; 2]> {
        let limit = |place: f64, n: usize| (place - 0.5).clamp(0.0, (n - 1) as f64);
        let (x, y) = (limit(x, self.shape[0]), limit(y, self.shape[1]));
        let nearest = self.cell(x.round() as usize, y.round() as usize)?;
        let (i, j) = (x as usize, y as usize);
        let (i1, j1) = ((i + 1).min(self.shape[0] - 1), (j + 1).min(self.shape[1] - 1));
        let corners = [self.cell(i, j), self.cell(i1, j), self.cell(i, j1), self.cell(i1, j1)];
        let [Some(a), Some(b), Some(c), Some(d)] = corners else {
            return Some(nearest);
        };
        let (s, t) = (x - i as f64, y - j as f64);
        let mix = |k: usize| {
            (a[k] * (1.0 - s) + b[k] * s) * (1.0 - t) + (c[k] * (1.0 - s) + d[k] * s) * t
        };
        Some([mix(0), mix(1)])
    }

    /// Magnitudes of all cells that take part.
    pub(super) fn magnitudes(&self) -> Vec<f64> {
        let [nx, ny] = self.shape;
        let cells = (0..ny).flat_map(|j| (0..nx).map(move |i| (i, j)));
        cells.filter_map(|(i, j)| self.cell(i, j)).map(|[u, v]| u.hypot(v)).collect()
    }

    /// Width over height of the plane, kept within what can be drawn.
    pub(super) fn aspect(&self) -> f64 {
        let extent = |range: [f64; 2]| (range[1] - range[0]).abs().max(f64::MIN_POSITIVE);
        (extent(self.x_range) / extent(self.y_range)).clamp(0.33, 3.5)
    }
}
