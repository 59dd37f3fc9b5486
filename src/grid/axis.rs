//! One axis of a grid.

use super::coordinates::Coordinates;
use super::{GridError, Topology, neighbours};

/// One axis: `cells` cells of width `spacing`, the first wall (bounded) or first point (periodic)
/// at `start`; or cells of different widths.
///
/// ```
/// use hodge::grid::{Axis, Topology};
/// let even = Axis::over(0.0, 1.0, 4, Topology::Bounded);
/// assert_eq!((even.face(1), even.point(1)), (0.25, 0.375));
/// let faces = [0.0, 0.1, 0.3, 1.0];
/// let stretched = Axis::from_faces(&faces, Topology::Bounded)?;
/// assert_eq!((stretched.cells(), stretched.width(2), stretched.point(1)), (3, 0.7, 0.2));
/// # Ok::<(), hodge::grid::GridError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// Number of cells, which is the number of sample points.
    pub cells: usize,
    /// First wall of a bounded axis, first point of a periodic one.
    pub start: f64,
    /// Width of a cell, of unlike cells the mean.
    pub spacing: f64,
    /// How the axis ends.
    pub topology: Topology,
    uneven: Option<Coordinates>,
}

impl Axis {
    /// The axis over `[start, end]` with `cells` cells.
    pub fn over(start: f64, end: f64, cells: usize, topology: Topology) -> Axis {
        Axis::from_start(start, (end - start) / cells as f64, cells, topology)
    }

    /// The axis whose first sample point is at `first`.
    pub fn from_points(first: f64, spacing: f64, cells: usize, topology: Topology) -> Axis {
        let start = match topology {
            Topology::Periodic => first,
            Topology::Bounded => first - 0.5 * spacing,
        };
        Axis::from_start(start, spacing, cells, topology)
    }

    /// The axis with its first wall (bounded) or first point (periodic) at `start`.
    pub fn from_start(start: f64, spacing: f64, cells: usize, topology: Topology) -> Axis {
        Axis { cells, start, spacing, topology, uneven: None }
    }

    /// The axis with points of their own between faces of their own: n points and n + 1 faces. On a periodic axis
    /// the last face is the first, one period on. The coordinates are kept for as long as the program runs.
    ///
    /// # Errors
    /// Where faces and points in turn are not rising and finite.
    ///
    /// # Panics
    /// If there are not as many points as cells between the faces, or none.
    pub fn uneven(faces: &[f64], points: &[f64], topology: Topology) -> Result<Axis, GridError> {
        assert!(!points.is_empty() && faces.len() == points.len() + 1, "a point between two faces");
        let mut places = Vec::with_capacity(2 * faces.len());
        for (face, point) in faces.iter().zip(points) {
            places.extend([*face, *point]);
        }
        places.push(faces[points.len()]);
        check("faces and points in turn", &places)?;
        let (cells, start) =
            (points.len(), if topology == Topology::Bounded { faces[0] } else { points[0] });
        let spacing = (faces[cells] - faces[0]) / cells as f64;
        let uneven = Some(Coordinates::of(places));
        Ok(Axis { cells, start, spacing, topology, uneven })
    }

    /// The axis with these faces, and points midway between them.
    ///
    /// # Errors
    /// Where the faces are not rising and finite.
    ///
    /// # Panics
    /// On less than two faces.
    pub fn from_faces(faces: &[f64], topology: Topology) -> Result<Axis, GridError> {
        check("faces", faces)?;
        let points: Vec<f64> = faces.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect();
        Axis::uneven(faces, &points, topology)
    }

    /// The bounded axis with these points, faces midway between them, and walls as far beyond the outermost as the
    /// faces on their other sides.
    ///
    /// # Errors
    /// Where the points are not rising and finite.
    ///
    /// # Panics
    /// On less than two points.
    pub fn through_points(points: &[f64]) -> Result<Axis, GridError> {
        check("points", points)?;
        let mut faces: Vec<f64> = points.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect();
        let last = points.len() - 1;
        faces.push(2.0 * points[last] - faces[last - 1]);
        faces.insert(0, 2.0 * points[0] - faces[0]);
        Axis::uneven(&faces, points, Topology::Bounded)
    }

    /// The periodic axis with these points and faces midway between them.
    ///
    /// # Errors
    /// Where the points are not rising and finite, or do not fit into the period.
    ///
    /// # Panics
    /// Without points.
    pub fn around_points(points: &[f64], period: f64) -> Result<Axis, GridError> {
        let last = points.len() - 1;
        let before = points[last] - period;
        let first = 0.5 * (before + points[0]);
        let mut faces = vec![first];
        faces.extend(points.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])));
        faces.push(first + period);
        check("points of an axis around", &[before, points[0]])?;
        Axis::uneven(&faces, points, Topology::Periodic)
    }

    /// Uneven latitudes in degrees, such as those of a Gaussian grid: faces midway between them, and at a pole where it
    /// is up to 0.8 spacings beyond the last latitude.
    ///
    /// # Errors
    /// Those of [`Axis::through_points`].
    ///
    /// # Panics
    /// On less than two points.
    pub fn latitudes(points: &[f64]) -> Result<Axis, GridError> {
        let plain = Axis::through_points(points)?;
        let mut faces: Vec<f64> = (0..=plain.cells).map(|i| plain.face(i)).collect();
        let last = plain.cells;
        for (end, point, beside) in
            [(0, points[0], points[1]), (last, points[last - 1], points[last - 2])]
        {
            let gap = (90.0 - point.abs()) / (point - beside).abs();
            if gap > 1e-3 && gap < 0.8 {
                faces[end] = 90f64.copysign(point);
            }
        }
        Axis::uneven(&faces, points, Topology::Bounded)
    }

    /// Number of cells.
    pub fn cells(&self) -> usize {
        self.cells
    }

    /// Whether it has coordinates of its own.
    pub fn is_uneven(&self) -> bool {
        self.uneven.is_some()
    }

    /// Whether the axis ends in walls.
    #[inline]
    pub fn bounded(&self) -> bool {
        self.topology == Topology::Bounded
    }

    /// Coordinate of sample point i.
    pub fn point(&self, i: usize) -> f64 {
        if let Some(own) = self.uneven {
            return own.point(i);
        }
        let offset = if self.bounded() { 0.5 } else { 0.0 };
        self.start + (i as f64 + offset) * self.spacing
    }

    /// Coordinate of face i, which lies between cells i − 1 and i; face n is the upper end.
    pub fn face(&self, i: usize) -> f64 {
        if let Some(own) = self.uneven {
            return own.face(i);
        }
        let offset = if self.bounded() { 0.0 } else { -0.5 };
        self.start + (i as f64 + offset) * self.spacing
    }

    /// Width of cell i.
    pub fn width(&self, i: usize) -> f64 {
        self.uneven.map_or(self.spacing, |own| own.face(i + 1) - own.face(i))
    }

    /// The least width of a cell.
    pub(super) fn least_width(&self) -> f64 {
        match self.uneven {
            None => self.spacing,
            Some(_) => (0..self.cells).map(|i| self.width(i)).fold(f64::INFINITY, f64::min),
        }
    }

    /// The distance of the points on the two sides of face i, twice that to a wall.
    pub fn step(&self, i: usize) -> f64 {
        let Some(own) = self.uneven else { return self.spacing };
        match (self.bounded(), i) {
            (true, 0) => 2.0 * (own.point(0) - own.face(0)),
            (true, i) if i == self.cells => 2.0 * (own.face(i) - own.point(i - 1)),
            (false, 0) => own.point(0) + self.length() - own.point(self.cells - 1),
            _ => own.point(i) - own.point(i - 1),
        }
    }

    /// Coordinate of the place `offset` spacings from point 0, counted in points; on a periodic axis within its
    /// first period.
    pub(crate) fn place(&self, offset: f64) -> f64 {
        if self.uneven.is_none() {
            let along = offset * self.spacing;
            let along = if self.bounded() { along } else { along.rem_euclid(self.length()) };
            return self.point(0) + along;
        }
        let (cells, first) = (self.cells as f64, offset.floor());
        let at = |i: f64| {
            let (turns, i) = ((i / cells).floor(), i.rem_euclid(cells));
            let turns = if self.bounded() { 0.0 } else { turns };
            self.point(i as usize) + turns * self.length()
        };
        let first = if self.bounded() { first.clamp(0.0, (cells - 2.0).max(0.0)) } else { first };
        let next = if self.bounded() { (first + 1.0).min(cells - 1.0) } else { first + 1.0 };
        let found = at(first) + (offset - first) * (at(next) - at(first));
        if self.bounded() {
            found
        } else {
            self.point(0) + (found - self.point(0)).rem_euclid(self.length())
        }
    }

    /// How many points a coordinate lies beyond point 0: between points in proportion, and beyond the outermost by
    /// the cells there.
    pub(crate) fn offset(&self, coordinate: f64) -> f64 {
        let last = self.cells - 1;
        if self.uneven.is_none() || self.cells == 1 {
            return (coordinate - self.point(0)) / self.spacing;
        }
        if coordinate <= self.point(0) {
            return 0.5 * (coordinate - self.point(0)) / (self.point(0) - self.face(0));
        }
        if coordinate >= self.point(last) {
            let beyond = (coordinate - self.point(last)) / (self.face(last + 1) - self.point(last));
            return last as f64 + 0.5 * beyond;
        }
        let (mut low, mut high) = (0, last);
        while high - low > 1 {
            let middle = (low + high) / 2;
            if self.point(middle) <= coordinate { low = middle } else { high = middle }
        }
        low as f64 + (coordinate - self.point(low)) / (self.point(high) - self.point(low))
    }

    /// Number of faces: n on a periodic axis, n + 1 on a bounded one.
    #[inline]
    pub fn faces(&self) -> usize {
        self.cells + usize::from(self.bounded())
    }

    /// The cells on the lower and the upper side of face i; `None` beyond a wall.
    #[inline]
    pub fn cells_beside(&self, i: usize) -> [Option<usize>; 2] {
        [self.neighbours(i)[0], (i < self.cells).then_some(i)]
    }

    /// The cells below and above cell i; `None` beyond a wall.
    #[inline]
    pub fn neighbours(&self, i: usize) -> [Option<usize>; 2] {
        neighbours(self.cells, !self.bounded(), i)
    }

    /// The faces on the lower and the upper side of cell i.
    #[inline]
    pub fn faces_beside(&self, i: usize) -> [usize; 2] {
        [i, (i + 1) % self.faces()]
    }

    /// Whether the axis is a ring of one cell, which has itself on both sides.
    #[inline]
    pub fn alone(&self) -> bool {
        !self.bounded() && self.cells == 1
    }

    /// Length of the axis, walls included.
    pub fn length(&self) -> f64 {
        self.cells as f64 * self.spacing
    }
}

fn check(what: &'static str, values: &[f64]) -> Result<(), GridError> {
    let rising = |pair: &[f64]| pair[0] < pair[1] && pair[0].is_finite() && pair[1].is_finite();
    let Some(index) = values.windows(2).position(|pair| !rising(pair)) else { return Ok(()) };
    let (before, found) = (values[index], values[index + 1]);
    Err(GridError::Coordinates { what, index: index + 1, found, before })
}
