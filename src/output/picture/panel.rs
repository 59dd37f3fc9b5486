//! One part of a picture: a plane of vectors.

use super::super::OutputError;
use super::contours::Heights;
use super::plane::Plane;
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Axis, Domain, Geometry, Thickness, unravel};
use std::array::from_fn;

/// A plane of vectors, x fastest, to be drawn as magnitude and streamlines.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Its title: a first line, and after a line break a smaller second one.
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
    /// Whether x and y are longitude and latitude in degrees, where a step to the east is the shorter the farther
    /// from the equator.
    pub on_sphere: bool,
    /// Lengths of one unit along x and along y, as far as they differ: in a section through a shell x is in degrees.
    pub units: [f64; 2],
    /// What contour lines are drawn of.
    pub heights: Option<Heights>,
}

/// Width over height of a section through a shell.
const SECTION: f64 = 2.0;

impl Panel {
    /// The x and y components of a field at points: of all of it in 2D, of the middle plane normal
    /// to z in 3D.
    ///
    /// # Panics
    /// On a staggered field; convert it with [`to_points`](crate::field::to_points) first.
    pub fn of_field<const D: usize>(
        title: &str,
        field: &VectorField<D>,
        domain: &Domain<D>,
    ) -> Panel {
        match Plane::middle(field.grid()) {
            Some(plane) => Panel::of_plane(title, field, domain, plane),
            None => Panel::of_axes(title, field, domain, [0, 1], 0),
        }
    }

    /// The components within a plane of a field in 3D.
    ///
    /// # Panics
    /// On a staggered field, and on a plane outside the grid.
    pub fn of_plane<const D: usize>(
        title: &str,
        field: &VectorField<D>,
        domain: &Domain<D>,
        plane: Plane,
    ) -> Panel {
        Panel::of_axes(title, field, domain, plane.axes(), plane.start(field.grid()))
    }

    /// The components within a plane, of all of a field in 2D and of its middle plane in 3D without one.
    pub(crate) fn within<const D: usize>(
        title: &str,
        field: &VectorField<D>,
        domain: &Domain<D>,
        plane: Option<Plane>,
    ) -> Panel {
        match plane {
            Some(plane) => Panel::of_plane(title, field, domain, plane),
            None => Panel::of_field(title, field, domain),
        }
    }

    /// A scalar at the points, within a plane in 3D, for a picture with signed [colours](super::Ground::Signed).
    pub fn of_scalar<const D: usize>(
        title: &str,
        values: &ScalarField<D>,
        domain: &Domain<D>,
        plane: Option<Plane>,
    ) -> Panel {
        let field = VectorField::from_components(Layout::Points, from_fn(|_| values.clone()));
        let mut panel = Panel::within(title, &field, domain, plane);
        panel.v.fill(0.0);
        panel
    }

    /// The cells along two axes, from a first one on.
    fn of_axes<const D: usize>(
        title: &str,
        field: &VectorField<D>,
        domain: &Domain<D>,
        [a, b]: [usize; 2],
        start: usize,
    ) -> Panel {
        assert_eq!(field.layout(), Layout::Points, "a picture shows values at points");
        let axes = field.grid().axes();
        let stride = |k: usize| axes[..k].iter().map(|axis| axis.cells).product::<usize>();
        let [columns, rows] = [a, b].map(|k| drawn(&axes[k]));
        let shape = [columns.len(), rows.len()];
        let cells = rows.iter().flat_map(|j| columns.iter().map(move |i| (i, j)));
        let cells: Vec<usize> = cells.map(|(i, j)| start + i * stride(a) + j * stride(b)).collect();
        let cut = |k: usize| cells.iter().map(|at| field.component(k).values()[*at]).collect();
        let range = |k: usize| match axes[k].is_uneven() {
            true => [axes[k].face(0), axes[k].face(axes[k].cells)],
            false => {
                let half = 0.5 * axes[k].spacing;
                [axes[k].point(0) - half, axes[k].point(axes[k].cells - 1) + half]
            }
        };
        Panel {
            title: title.into(),
            shape,
            x_range: range(a),
            y_range: range(b),
            u: cut(a),
            v: cut(b),
            mask: domain.mask().map(|mask| cells.iter().map(|at| mask[*at]).collect()),
            on_sphere: [a, b] == [0, 1] && domain.geometry().radius().is_some(),
            units: section_units(domain, [a, b], start),
            heights: None,
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

    /// Width over height of the plane, on a sphere at its middle latitude, kept within what can be drawn; sections
    /// through a shell have none.
    pub(super) fn aspect(&self) -> f64 {
        if self.units[0] != self.units[1] {
            return SECTION;
        }
        let extent = |range: [f64; 2]| (range[1] - range[0]).abs().max(f64::MIN_POSITIVE);
        let middle = 0.5 * (self.y_range[0] + self.y_range[1]);
        let shorter = if self.on_sphere { middle.to_radians().cos().abs() } else { 1.0 };
        (shorter * extent(self.x_range) / extent(self.y_range)).clamp(0.33, 3.5)
    }
}

/// The units of a section from cell `start` on through a shell, in the middle of the heights.
fn section_units<const D: usize>(domain: &Domain<D>, axes: [usize; 2], start: usize) -> [f64; 2] {
    let grid = domain.grid();
    let (Geometry::Shell { radius, thickness }, [a, 2]) = (domain.geometry(), axes) else {
        return [1.0; 2];
    };
    let (y, z) = (grid.axes()[1], grid.axes()[2]);
    let above = match thickness {
        Thickness::Thick => 0.5 * (z.face(0) + z.face(z.cells)),
        Thickness::Thin => 0.0,
    };
    let degree = (radius + above).to_radians();
    let around = y.point(unravel(grid.shape(), start)[1]).to_radians().cos().max(1e-3);
    [if a == 0 { degree * around } else { degree }, 1.0]
}

/// The cells of an axis that are drawn side by side with equal widths: unlike cells several times or not at all.
fn drawn(axis: &Axis) -> Vec<usize> {
    if !axis.is_uneven() {
        return (0..axis.cells).collect();
    }
    let least = (0..axis.cells).map(|i| axis.width(i)).fold(f64::INFINITY, f64::min);
    let count = (axis.length() / least).ceil().min(4.0 * axis.cells as f64) as usize;
    let mut cell = 0;
    let of_place = |i: usize| {
        let place = axis.face(0) + (i as f64 + 0.5) * axis.length() / count as f64;
        while cell + 1 < axis.cells && axis.face(cell + 1) <= place {
            cell += 1;
        }
        cell
    };
    (0..count).map(of_place).collect()
}
