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

mod check;
mod geometry;
mod rectilinear;
mod sphere;

pub use geometry::{Geometry, Thickness};
#[cfg(feature = "files")]
pub(crate) use sphere::face_latitude;

use super::{Grid, Location, short};
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
    /// An annulus, x the radius and y the angle. The rigid rotation v_θ = r goes once round its hole as the harmonic field c/r
    /// does with c = 3/(2 ln 2):
    ///
    /// ```
    /// use hodge::boundary::Boundary;
    /// use hodge::decomposition::Method;
    /// use hodge::field::{Layout, VectorField};
    /// use hodge::grid::{Axis, Domain, Grid, Location, Metric, Topology, unravel};
    /// let r = Axis::over(1.0, 2.0, 32, Topology::Bounded);
    /// let angle = Axis::over(0.0, std::f64::consts::TAU, 96, Topology::Periodic);
    /// let (grid, turn) = (Grid::new([r, angle])?, angle.spacing);
    /// // Sizes by the index along r, at cells and at the faces of each axis.
    /// let sizes = |place: Location, size: &dyn Fn(usize) -> f64| -> Vec<f64> {
    ///     (0..grid.len_at(place)).map(|at| size(unravel(grid.shape_at(place), at)[0])).collect()
    /// };
    /// let [x, y] = [0, 1].map(Location::face);
    /// let areas = [sizes(x, &|i| r.face(i) * turn), sizes(y, &|_| r.spacing)];
    /// let distances = [sizes(x, &|_| r.spacing), sizes(y, &|i| r.point(i) * turn)];
    /// let volumes = sizes(Location::CELL, &|i| r.point(i) * r.spacing * turn);
    /// let annulus = Domain::full(grid).with_metric(Metric::given(&grid, areas, distances, volumes)?)?;
    /// let rotation = VectorField::sample(grid, Layout::Faces, |[r, _]| [0.0, r]);
    /// let parts = Method::Staggered.plan(&annulus, Some(Boundary::NoFlux), None)?.decompose(&rotation)?;
    /// let c = 1.5 / 2f64.ln();
    /// let harmonic = VectorField::sample(grid, Layout::Faces, |[r, _]| [0.0, c / r]);
    /// assert!(parts.harmonic.minus(&harmonic).max_abs() < 1e-3);
    /// assert!(parts.gradient.max_abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// A cylinder, x the angle, y the radius from its axis, a pole, on and z the height. Here the same rotation has a stream
    /// function, and what rises with z a potential:
    ///
    /// ```
    /// use hodge::boundary::Boundary;
    /// use hodge::decomposition::Method;
    /// use hodge::field::{Layout, VectorField};
    /// use hodge::grid::{Axis, Domain, Grid, Location, Metric, Topology, unravel};
    /// let angle = Axis::over(0.0, std::f64::consts::TAU, 24, Topology::Periodic);
    /// let (r, z) = (Axis::over(0.0, 1.0, 8, Topology::Bounded), Axis::over(0.0, 2.0, 12, Topology::Bounded));
    /// let (grid, turn, dr, dz) = (Grid::new([angle, r, z])?, angle.spacing, r.spacing, z.spacing);
    /// let sizes = |place: Location, size: &dyn Fn(usize) -> f64| -> Vec<f64> {
    ///     (0..grid.len_at(place)).map(|at| size(unravel(grid.shape_at(place), at)[1])).collect()
    /// };
    /// let around = |j: usize| r.point(j) * turn;
    /// let [x, y, up] = [0, 1, 2].map(Location::face);
    /// let areas = [
    ///     sizes(x, &|_| dr * dz),
    ///     sizes(y, &|j| r.face(j) * turn * dz),
    ///     sizes(up, &|j| around(j) * dr),
    /// ];
    /// let distances = [sizes(x, &around), sizes(y, &|_| dr), sizes(up, &|_| dz)];
    /// let volumes = sizes(Location::CELL, &|j| around(j) * dr * dz);
    /// let metric = Metric::given(&grid, areas, distances, volumes)?;
    /// assert_eq!(metric.poles(), [true, false]);
    /// let cylinder = Domain::full(grid).with_metric(metric)?;
    /// let field = VectorField::sample(grid, Layout::Faces, |[_, r, z]| [r, 0.0, z]);
    /// let parts = Method::Staggered.plan(&cylinder, Some(Boundary::NoFlux), None)?.decompose(&field)?;
    /// let rotation = VectorField::sample(grid, Layout::Faces, |[_, r, _]| [r, 0.0, 0.0]);
    /// assert!(parts.solenoidal.minus(&rotation).max_abs() < 1e-12);
    /// assert!(parts.harmonic.max_abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
