//! Longitude and latitude.

use super::{Geometry, Metric, MetricError};
#[cfg(doc)]
use crate::grid::Axis;
use crate::grid::{AXIS_NAMES, Grid, Location, unravel};

/// How far from a pole, from half a spacing off it, or from a whole circle rounded coordinates may end, in spacings.
const SLACK: f64 = 0.05;

impl<const D: usize> Metric<D> {
    /// The surface of a sphere, x the longitude and y the latitude in degrees.
    ///
    /// Faces lie midway between the points and at the poles: a row of points at a pole stands for a ring of
    /// wedges of half the height. Uneven coordinates have faces of their own, those of [`Axis::latitudes`] for example
    /// at the poles. With λ and φ in radians, w and δ widths of cells and distances of their
    /// centres, R the radius:
    ///
    /// | S_x | d_x | S_y | d_y | V |
    /// |---|---|---|---|---|
    /// | R w_φ | R cos φ_c δ_λ | R cos φ_f w_λ | R δ_φ | R² w_λ Δ sin φ |
    ///
    /// At a pole S_y is 0: what is there is no wall. Walls at other ends of the grid are those of its window.
    ///
    /// # Errors
    /// A periodic longitude that is no whole circle, one of more than a circle, latitudes beyond a pole or between it
    /// and half a spacing off, and a window of longitudes that reaches a pole.
    ///
    /// # Panics
    /// In 3D.
    pub fn sphere(grid: &Grid<D>, radius: f64) -> Result<Metric<D>, MetricError> {
        assert_eq!(D, 2, "a sphere is a surface");
        let [x, y] = [grid.axes()[0], grid.axes()[1]];
        check_angles(grid)?;
        let at_pole = |j: usize| 90.0 - y.face(j).abs() < SLACK * y.spacing;
        let edge = |j: usize| match at_pole(j) {
            true => 90f64.copysign(y.face(j)).to_radians(),
            false => y.face(j).to_radians(),
        };
        let cos_edge = |j: usize| if at_pole(j) { 0.0 } else { edge(j).cos() };
        let height = |j: usize| edge(j + 1) - edge(j);
        let centre = |j: usize| 0.5 * (edge(j) + edge(j + 1));
        let step = |j: usize| match j {
            0 => height(0),
            j if j == y.cells => height(j - 1),
            j => centre(j) - centre(j - 1),
        };
        // Rounded coordinates go round once all the same.
        let round = if x.bounded() { 1.0 } else { 360.0 / x.length() };
        let width = |i: usize| (x.width(i) * round).to_radians();
        let across = |i: usize| (x.step(i) * round).to_radians();
        let table = |place: Location, f: &dyn Fn(usize) -> f64, g: &dyn Fn(usize) -> f64| {
            let shape = grid.shape_at(place);
            let of_column: Vec<f64> = (0..shape[0]).map(f).collect();
            let of_row: Vec<f64> = (0..shape[1]).map(g).collect();
            let at = |at| {
                let index = unravel(shape, at);
                of_column[index[0]] * of_row[index[1]]
            };
            (0..grid.len_at(place)).map(at).collect::<Vec<f64>>()
        };
        let (mut areas, mut distances) =
            ([(); D].map(|()| Vec::new()), [(); D].map(|()| Vec::new()));
        let (faces_of_x, faces_of_y) = (Location::face(0), Location::face(1));
        areas[0] = table(faces_of_x, &|_| 1.0, &|j| radius * height(j));
        distances[0] = table(faces_of_x, &across, &|j| radius * centre(j).cos());
        areas[1] = table(faces_of_y, &width, &|j| radius * cos_edge(j));
        distances[1] = table(faces_of_y, &|_| 1.0, &|j| radius * step(j));
        let belt = |j: usize| radius * radius * (edge(j + 1).sin() - edge(j).sin());
        let volumes = table(Location::CELL, &width, &belt);
        let mut metric = Metric::given(grid, areas, distances, volumes)?;
        metric.geometry = Geometry::Sphere { radius };
        metric.points_at_poles =
            [0, y.cells - 1].iter().any(|j| 90.0 - y.point(*j).abs() < SLACK * y.spacing);
        Ok(metric)
    }
}

fn check_angles<const D: usize>(grid: &Grid<D>) -> Result<(), MetricError> {
    let [x, y] = [grid.axes()[0], grid.axes()[1]];
    let refuse = |k: usize, expected| {
        let axis = grid.axes()[k];
        let (first, last) = (axis.point(0), axis.point(axis.cells - 1));
        Err(MetricError::Angles { axis: AXIS_NAMES[k], first, last, expected })
    };
    let slack = 2.0 * SLACK * x.spacing;
    if !x.bounded() && (x.length() - 360.0).abs() > slack {
        return refuse(0, "a periodic longitude goes once round, 360 degrees");
    }
    if x.length() > 360.0 + slack {
        return refuse(0, "longitudes go once round at most, 360 degrees");
    }
    if !y.bounded() {
        return refuse(1, "latitudes are not periodic");
    }
    for (latitude, edge) in [(y.point(0), y.face(0)), (y.point(y.cells - 1), y.face(y.cells))] {
        // In spacings.
        let gap = (90.0 - latitude.abs()) / y.spacing;
        if gap < -SLACK {
            return refuse(1, "latitudes lie between -90 and 90 degrees");
        }
        if !y.is_uneven() && gap > SLACK && gap < 0.5 - SLACK {
            return refuse(1, "the last latitudes lie at the poles, half a spacing off or farther");
        }
        if 90.0 - edge.abs() < SLACK * y.spacing && x.bounded() {
            return refuse(
                1,
                "without a whole circle of longitudes latitudes end before the poles",
            );
        }
    }
    Ok(())
}
