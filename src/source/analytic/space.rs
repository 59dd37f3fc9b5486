//! The space of a case: how lengths follow from its coordinates.

use crate::grid::{Axis, Grid, GridError, Location, Metric, MetricError, Thickness, unravel};

/// What the coordinates of a case mean.
#[derive(Clone, Copy, Debug)]
pub enum CaseSpace {
    /// Lengths in flat space, all cells alike.
    Flat,
    /// Longitude and latitude in degrees on the unit sphere.
    Sphere,
    /// The same with the distance from the centre as third coordinate.
    Shell,
    /// Lengths in flat space, with a face at f(i/n) of the window for an even one at i/n.
    Stretched(fn(f64) -> f64),
    /// The plane, by a conformal map of the coordinates. Components are along the images of the axes.
    Mapped(fn([f64; 2]) -> [f64; 2]),
}

impl CaseSpace {
    /// Whether cells are unlike, so that a domain has a metric.
    pub fn has_metric(self) -> bool {
        !matches!(self, CaseSpace::Flat)
    }

    /// Units of the coordinates.
    pub fn axis_units(self, axes: usize) -> Vec<String> {
        let units = match self {
            CaseSpace::Sphere | CaseSpace::Shell => ["degrees_east", "degrees_north", ""],
            _ => [""; 3],
        };
        units[..axes].iter().map(|units| units.to_string()).collect()
    }

    /// The grid for an even one over the same window.
    ///
    /// # Errors
    /// Where its faces do not rise.
    pub(crate) fn grid<const D: usize>(self, even: Grid<D>) -> Result<Grid<D>, GridError> {
        let CaseSpace::Stretched(place) = self else { return Ok(even) };
        let mut axes = *even.axes();
        for axis in &mut axes {
            let at = |i| axis.face(0) + axis.length() * place(i as f64 / axis.cells as f64);
            let faces: Vec<f64> = (0..=axis.cells).map(at).collect();
            *axis = Axis::from_faces(&faces, axis.topology)?;
        }
        Grid::new(axes)
    }

    /// The metric of a [`grid`](CaseSpace::grid), where the grid has not got it by itself.
    ///
    /// # Errors
    /// Longitudes, latitudes and heights that are none.
    pub(crate) fn metric<const D: usize>(
        self,
        grid: &Grid<D>,
    ) -> Result<Option<Metric<D>>, MetricError> {
        match self {
            CaseSpace::Flat | CaseSpace::Stretched(_) => Ok(None),
            CaseSpace::Sphere => Metric::sphere(grid, 1.0).map(Some),
            CaseSpace::Shell => Metric::shell(grid, 0.0, Thickness::Thick).map(Some),
            CaseSpace::Mapped(map) => mapped(grid, map).map(Some),
        }
    }
}

/// Chords between the corners of a face and between the points on its two sides, and the areas of cells between
/// straight lines.
fn mapped<const D: usize>(
    grid: &Grid<D>,
    map: fn([f64; 2]) -> [f64; 2],
) -> Result<Metric<D>, MetricError> {
    assert_eq!(D, 2, "a map of the plane");
    let [x, y] = [grid.axes()[0], grid.axes()[1]];
    let corner = |i: usize, j: usize| map([x.face(i), y.face(j)]);
    let chord = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
    // The point of the cell before or after a face, at walls the middle of the face.
    let side = |k: usize, face: [usize; 2], upper: bool| {
        let mut at = [x.point(face[0].min(x.cells - 1)), y.point(face[1].min(y.cells - 1))];
        let axis = [x, y][k];
        at[k] = match axis.cells_beside(face[k])[usize::from(upper)] {
            Some(cell) => axis.point(cell),
            None => axis.face(face[k]),
        };
        map(at)
    };
    let on_faces = |k: usize, size: &dyn Fn([usize; 2]) -> f64| -> Vec<f64> {
        let place = Location::face(k);
        let index = |flat| unravel(grid.shape_at(place), flat);
        (0..grid.len_at(place)).map(|flat| size([index(flat)[0], index(flat)[1]])).collect()
    };
    let area = |k: usize, [i, j]: [usize; 2]| {
        let ahead = if k == 0 { corner(i, j + 1) } else { corner(i + 1, j) };
        chord(corner(i, j), ahead)
    };
    let distance = |k: usize, face: [usize; 2]| {
        let wall = [x, y][k].cells_beside(face[k]).contains(&None);
        chord(side(k, face, false), side(k, face, true)) * if wall { 2.0 } else { 1.0 }
    };
    let volume = |cell: usize| {
        let [i, j] = unravel([x.cells, y.cells], cell);
        let (a, b) = (corner(i, j), corner(i + 1, j + 1));
        let (c, d) = (corner(i + 1, j), corner(i, j + 1));
        0.5 * ((b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0]))
    };
    let areas = std::array::from_fn(|k| on_faces(k, &|face| area(k, face)));
    let distances = std::array::from_fn(|k| on_faces(k, &|face| distance(k, face)));
    Metric::given(grid, areas, distances, (0..grid.cells()).map(volume).collect())
}
