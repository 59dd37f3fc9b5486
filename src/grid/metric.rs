//! The metric of a grid: how large its faces are and how far apart the points on their two sides.
//!
//! Two positive numbers a face are all that the parts of a decomposition depend on: the measure S of the face
//! (an area, in 2D a length) and the distance d across it. With them
//!
//! ```text
//! (∇φ)_f = (φ₊ − φ₋)/d_f        (∇·v)_c = (1/V_c) Σ ± S_f v_f        ⟨v, w⟩ = Σ_f S_f d_f v_f w_f
//! (∇∧v)_e = (1/T_e) Σ ± d_f v_f     (⋆A)_f = (1/S_f) Σ ± L_e A_e
//! ```
//!
//! and sum, orthogonality, ∇·⋆ = 0 and ∇∧∇ = 0 hold to rounding for any S and d. Volumes V of cells, lengths L of
//! edges and areas T around them only enter numbers that are reported. At a wall the distance is that to the
//! face, half of what is stored here; a density p is S = p S₀.

mod rectilinear;
mod sphere;

pub use sphere::Thickness;
#[cfg(feature = "files")]
pub(crate) use sphere::face_latitude;

use super::{AXIS_NAMES, Grid, Location, short, unravel};
use thiserror::Error;

/// What can be wrong with a metric.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum MetricError {
    /// Arrays of another size than the grid.
    #[error("the {what} of the metric has {found} values; the grid has {expected} of them")]
    Length {
        /// Which array.
        what: String,
        /// Places of the grid.
        expected: usize,
        /// Values found.
        found: usize,
    },
    /// A measure, a distance or a volume that is none.
    #[error(
        "the {what} of the metric is {} at index {index:?} (x, y, z order, from 0); {expected}", short(*.value)
    )]
    Value {
        /// Which array.
        what: String,
        /// Place of the value.
        index: Vec<usize>,
        /// Value found.
        value: f64,
        /// What is accepted there.
        expected: &'static str,
    },
    /// Longitudes or latitudes beyond the globe.
    #[error("axis {axis} runs from {} to {} degrees; {expected}", short(*.first), short(*.last))]
    Angles {
        /// Name of the axis.
        axis: &'static str,
        /// Its first point.
        first: f64,
        /// Its last point.
        last: f64,
        /// What is accepted.
        expected: &'static str,
    },
}

/// Which geometry a metric is that of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Geometry {
    /// Equal cells in flat space.
    Plane,
    /// Cells between uneven coordinates in flat space.
    Rectilinear,
    /// Longitude x and latitude y on a sphere.
    Sphere {
        /// In the unit of lengths.
        radius: f64,
    },
    /// Longitude x, latitude y and height z between two spheres.
    Shell {
        /// Distance from the centre where the height is 0.
        radius: f64,
        /// Whether sizes grow with the height.
        thickness: Thickness,
    },
    /// Lengths and areas as they were given.
    Given,
}

impl Geometry {
    /// Its name in reports and files.
    pub fn name(self) -> &'static str {
        match self {
            Geometry::Plane => "plane",
            Geometry::Rectilinear => "rectilinear",
            Geometry::Sphere { .. } => "sphere",
            Geometry::Shell { .. } => "shell",
            Geometry::Given => "given",
        }
    }

    /// Of a sphere or a shell.
    pub fn radius(self) -> Option<f64> {
        match self {
            Geometry::Sphere { radius } | Geometry::Shell { radius, .. } => Some(radius),
            _ => None,
        }
    }

    /// Of a shell.
    pub fn thickness(self) -> Option<Thickness> {
        match self {
            Geometry::Shell { thickness, .. } => Some(thickness),
            _ => None,
        }
    }
}

/// The measure of every face and the distance across it.
///
/// ```
/// use hodge::grid::{Axis, Domain, Grid, Metric, Topology};
/// // Ten degrees: 36 longitudes around the globe, 18 latitudes from pole to pole.
/// let x = Axis::over(0.0, 360.0, 36, Topology::Periodic);
/// let y = Axis::over(-90.0, 90.0, 18, Topology::Bounded);
/// let grid = Grid::new([x, y])?;
/// let metric = Metric::sphere(&grid, 1.0)?;
/// let area: f64 = metric.volumes().iter().sum();
/// assert!((area - 4.0 * std::f64::consts::PI).abs() < 1e-12);
/// let globe = Domain::full(grid).with_metric(metric)?;
/// assert!(!globe.has_walls());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Metric<const D: usize> {
    geometry: Geometry,
    /// S/unit on the faces normal to each axis.
    areas: [Vec<f64>; D],
    /// d, at walls twice the distance to the face.
    distances: [Vec<f64>; D],
    volumes: Vec<f64>,
    /// The power of two by which a density was divided.
    unit: f64,
    weighted: bool,
    /// Whether the faces at the lower and at the upper end of y have no area and close a ring along x.
    poles: [bool; 2],
    /// Whether the points beside them lie at the poles themselves.
    points_at_poles: bool,
}

impl<const D: usize> Metric<D> {
    /// That of equal cells, as a start for a density.
    pub fn plane(grid: &Grid<D>) -> Metric<D> {
        let spacings = grid.axes().map(|axis| axis.spacing);
        let (volume, faces) = (grid.cell_volume(), |k| grid.len_at(Location::face(k)));
        Metric {
            geometry: Geometry::Plane,
            areas: std::array::from_fn(|k| vec![volume / spacings[k]; faces(k)]),
            distances: std::array::from_fn(|k| vec![spacings[k]; faces(k)]),
            volumes: vec![volume; grid.cells()],
            unit: 1.0,
            weighted: false,
            poles: [false; 2],
            points_at_poles: false,
        }
    }

    /// Measures S and distances d as they are given, one of each a face and one volume a cell, in storage order (x
    /// fastest). At the ends of bounded axes d is twice the distance from the point to the face. S may be 0 all
    /// along an end of a bounded y around a periodic x: a pole.
    ///
    /// # Errors
    /// Arrays of other sizes, and numbers that are not positive and finite.
    pub fn given(
        grid: &Grid<D>,
        areas: [Vec<f64>; D],
        distances: [Vec<f64>; D],
        volumes: Vec<f64>,
    ) -> Result<Metric<D>, MetricError> {
        let metric = Metric {
            geometry: Geometry::Given,
            areas,
            distances,
            volumes,
            unit: 1.0,
            weighted: false,
            poles: [false; 2],
            points_at_poles: false,
        };
        metric.checked(grid)
    }

    /// The same with a density p on the faces, of which the largest is given: S = p S₀.
    pub(crate) fn weighted(mut self, density: [&[f64]; D], largest: f64) -> Metric<D> {
        let exponent = largest.log2().floor() as i32;
        // In two steps: the inverse of the smallest numbers is none.
        let [down, rest] = [-exponent / 2, -exponent - (-exponent / 2)].map(|e| 2f64.powi(e));
        for (areas, density) in self.areas.iter_mut().zip(density) {
            // Outside the mask there may be anything.
            let usable = areas.iter_mut().zip(density).filter(|(_, p)| **p > 0.0 && p.is_finite());
            usable.for_each(|(area, p)| *area *= p * down * rest);
        }
        self.unit *= 2f64.powi(exponent);
        self.weighted = true;
        self
    }

    /// Checks sizes and numbers, and finds the poles.
    fn checked(mut self, grid: &Grid<D>) -> Result<Metric<D>, MetricError> {
        self.check_length(grid, "volumes".into(), Location::CELL, self.volumes.len())?;
        check(grid, "volume".into(), Location::CELL, &self.volumes, |_| false)?;
        for k in 0..D {
            let (name, place) = (AXIS_NAMES[k], Location::face(k));
            let [area, distance] =
                ["area", "distance"].map(|what| format!("{what} of faces of {name}"));
            self.check_length(grid, area.clone(), place, self.areas[k].len())?;
            self.check_length(grid, distance.clone(), place, self.distances[k].len())?;
            let last = grid.axes()[k].cells;
            let ring = k == 1 && grid.axes()[1].bounded() && !grid.axes()[0].bounded();
            let end = |index: [usize; D]| ring && [0, last].contains(&index[1]);
            check(grid, area, place, &self.areas[k], end)?;
            check(grid, distance, place, &self.distances[k], |_| false)?;
        }
        self.poles = self.find_poles(grid)?;
        Ok(self)
    }

    /// Ends of y that have no area, all along.
    fn find_poles(&self, grid: &Grid<D>) -> Result<[bool; 2], MetricError> {
        let [x, y] = [grid.axes()[0], grid.axes()[1]];
        if x.bounded() || !y.bounded() {
            return Ok([false; 2]);
        }
        let shape = grid.shape_at(Location::face(1));
        let mut poles = [false; 2];
        for (pole, end) in poles.iter_mut().zip([0, y.cells]) {
            let faces = self.areas[1].iter().enumerate();
            let at_end = faces.filter(|(face, _)| unravel(shape, *face)[1] == end);
            let (none, some): (Vec<_>, Vec<_>) = at_end.partition(|(_, area)| **area == 0.0);
            *pole = some.is_empty();
            if let (Some((face, _)), false) = (none.first(), *pole) {
                return Err(MetricError::Value {
                    what: "area of faces of y".into(),
                    index: unravel(shape, *face).to_vec(),
                    value: 0.0,
                    expected: "it is 0 all along an end of y or nowhere",
                });
            }
        }
        Ok(poles)
    }

    fn check_length(
        &self,
        grid: &Grid<D>,
        what: String,
        place: Location,
        found: usize,
    ) -> Result<(), MetricError> {
        let expected = grid.len_at(place);
        if found == expected { Ok(()) } else { Err(MetricError::Length { what, expected, found }) }
    }

    /// Which geometry it is that of.
    pub fn geometry(&self) -> Geometry {
        self.geometry
    }

    /// Whether it holds a density.
    pub fn is_weighted(&self) -> bool {
        self.weighted
    }

    /// The measures of the faces normal to axis k, with a density over [`unit`](Metric::unit).
    pub fn areas(&self, k: usize) -> &[f64] {
        &self.areas[k]
    }

    /// The distances across the faces normal to axis k, at walls twice that to the face.
    pub fn distances(&self, k: usize) -> &[f64] {
        &self.distances[k]
    }

    /// The volumes of the cells (areas in 2D), without a density.
    pub fn volumes(&self) -> &[f64] {
        &self.volumes
    }

    /// The power of two below the largest density, by which areas are divided so that nothing depends on the unit of a
    /// density; 1 without one.
    pub fn unit(&self) -> f64 {
        self.unit
    }

    /// Whether the first and last points along y lie at the poles, and not half a spacing off.
    pub fn has_points_at_poles(&self) -> bool {
        self.points_at_poles
    }

    /// Whether the lower and the upper end of y are poles, around which x runs.
    pub fn poles(&self) -> [bool; 2] {
        self.poles
    }
}

/// Refuses numbers that are not positive and finite, but for zeros where they may be.
fn check<const D: usize>(
    grid: &Grid<D>,
    what: String,
    place: Location,
    values: &[f64],
    may_vanish: impl Fn([usize; D]) -> bool,
) -> Result<(), MetricError> {
    let shape = grid.shape_at(place);
    let bad = values.iter().position(|value| !(*value > 0.0 && value.is_finite()));
    let Some(first) = bad else { return Ok(()) };
    for (at, &value) in values.iter().enumerate().skip(first) {
        let index = unravel(shape, at);
        let usable = (value > 0.0 && value.is_finite()) || (value == 0.0 && may_vanish(index));
        if !usable {
            let expected =
                "it must be positive and finite, or 0 all along an end of y around a periodic x";
            return Err(MetricError::Value { what, index: index.to_vec(), value, expected });
        }
    }
    Ok(())
}
