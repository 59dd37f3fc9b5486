//! Longitude and latitude, and height.

use super::{Geometry, Metric, MetricError, Thickness};
use crate::grid::{AXIS_NAMES, Axis, Grid, Location, unravel};

/// How far from a pole, from half a spacing off it, or from a whole circle rounded coordinates may end, in spacings.
const SLACK: f64 = 0.05;

/// How far beyond a pole a latitude may lie: what sums in single precision round.
const ROUNDING: f64 = 4.0 * 90.0 * f32::EPSILON as f64;

/// Distances, widths and sines of the cells of a globe or a part of it, along longitude and latitude.
struct Angles {
    /// Widths of cells and steps across faces along x, in radians.
    width: Vec<f64>,
    across: Vec<f64>,
    /// By rows: heights of cells in radians, cosines of their middles, differences of sines of their edges.
    height: Vec<f64>,
    cos_middle: Vec<f64>,
    belt: Vec<f64>,
    /// By faces of y: cosines, 0 at poles, and steps across in radians.
    cos_edge: Vec<f64>,
    step: Vec<f64>,
}

/// Latitude of face j of y, ±90 at a pole.
pub(crate) fn face_latitude(y: &Axis, j: usize) -> f64 {
    let face = y.face(j);
    if 90.0 - face.abs() < SLACK * y.spacing { 90f64.copysign(face) } else { face }
}

impl Angles {
    fn of([x, y]: [Axis; 2]) -> Angles {
        let at_pole = |j: usize| face_latitude(&y, j).abs() == 90.0;
        let edge = |j: usize| face_latitude(&y, j).to_radians();
        let height = |j: usize| edge(j + 1) - edge(j);
        let middle = |j: usize| 0.5 * (edge(j) + edge(j + 1));
        let step = |j: usize| match j {
            0 => height(0),
            j if j == y.cells => height(j - 1),
            j => middle(j) - middle(j - 1),
        };
        // Rounded coordinates go round once all the same.
        let round = if x.bounded() { 1.0 } else { 360.0 / x.length() };
        let rows = || 0..y.cells;
        Angles {
            width: (0..x.cells).map(|i| (x.width(i) * round).to_radians()).collect(),
            across: (0..x.faces()).map(|i| (x.step(i) * round).to_radians()).collect(),
            height: rows().map(height).collect(),
            cos_middle: rows().map(|j| middle(j).cos()).collect(),
            belt: rows().map(|j| edge(j + 1).sin() - edge(j).sin()).collect(),
            cos_edge: (0..=y.cells).map(|j| if at_pole(j) { 0.0 } else { edge(j).cos() }).collect(),
            step: (0..=y.cells).map(step).collect(),
        }
    }
}

/// The sizes at a location as products of one factor for each axis; none is 1.
fn product<const D: usize>(
    grid: &Grid<D>,
    place: Location,
    factors: [&dyn Fn(usize) -> f64; 3],
) -> Vec<f64> {
    let shape = grid.shape_at(place);
    let tables: [Vec<f64>; D] = std::array::from_fn(|k| (0..shape[k]).map(factors[k]).collect());
    let at = |at| {
        let index = unravel(shape, at);
        (0..D).map(|k| tables[k][index[k]]).product()
    };
    (0..grid.len_at(place)).map(at).collect()
}

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
        check_angles(grid)?;
        let angles = Angles::of([grid.axes()[0], grid.axes()[1]]);
        let (one, [x, y]) = (|_| 1.0, [0, 1].map(Location::face));
        let sizes = |place, f: &dyn Fn(usize) -> f64, g: &dyn Fn(usize) -> f64| {
            product(grid, place, [f, g, &one])
        };
        let areas = [
            sizes(x, &one, &|j| radius * angles.height[j]),
            sizes(y, &|i| angles.width[i], &|j| radius * angles.cos_edge[j]),
        ];
        let distances = [
            sizes(x, &|i| angles.across[i], &|j| radius * angles.cos_middle[j]),
            sizes(y, &one, &|j| radius * angles.step[j]),
        ];
        let belt = |j: usize| radius * radius * angles.belt[j];
        let volumes = sizes(Location::CELL, &|i| angles.width[i], &belt);
        let [areas, distances] = [areas, distances].map(|sizes| {
            let mut sizes = sizes.into_iter();
            std::array::from_fn(|_| sizes.next().expect("two axes"))
        });
        let geometry = Geometry::Sphere { radius };
        Metric::given(grid, areas, distances, volumes).map(|metric| metric.round(grid, geometry))
    }

    /// The space between two spheres, x the longitude and y the latitude in degrees as on a
    /// [`sphere`](Metric::sphere), z the height above `radius` in its unit. With r = R + z, w and δ as there,
    ///
    /// | S_x | d_x | S_y | d_y | S_z | d_z | V |
    /// |---|---|---|---|---|---|---|
    /// | w_φ Δr²/2 | r cos φ_c δ_λ | cos φ_f w_λ Δr²/2 | r δ_φ | r_f² w_λ Δ sin φ | δ_r | w_λ Δ sin φ Δr³/3 |
    ///
    /// and with [`Thickness::Thin`] r is R, and Δr²/2 and Δr³/3 are R w_r and R² w_r.
    ///
    /// # Errors
    /// Those of [`Metric::sphere`], and heights that reach the centre.
    ///
    /// # Panics
    /// In 2D, and on a periodic z.
    pub fn shell(
        grid: &Grid<D>,
        radius: f64,
        thickness: Thickness,
    ) -> Result<Metric<D>, MetricError> {
        assert!(D == 3 && grid.axes()[2].bounded(), "a shell has a height that ends");
        check_angles(grid)?;
        let angles = Angles::of([grid.axes()[0], grid.axes()[1]]);
        let (z, thin) = (grid.axes()[2], thickness == Thickness::Thin);
        let innermost = radius + if thin { 0.0 } else { z.face(0) };
        if innermost.is_nan() || innermost < 0.0 {
            let (value, expected) = (radius + z.face(0), "heights lie above the centre");
            let what = "distance from the centre".into();
            return Err(MetricError::Value { what, index: vec![0, 0, 0], value, expected });
        }
        let edge = |l: usize| if thin { radius } else { radius + z.face(l) };
        let middle = |l: usize| if thin { radius } else { radius + z.point(l) };
        // Δr²/2 and Δr³/3 without differences of large numbers.
        let ring = |l: usize| z.width(l) * 0.5 * (edge(l) + edge(l + 1));
        let ball = |l: usize| {
            let (a, b) = (edge(l), edge(l + 1));
            z.width(l) * (a * a + a * b + b * b) / 3.0
        };
        let (one, [x, y, up]) = (|_| 1.0, [0, 1, 2].map(Location::face));
        let areas = [
            product(grid, x, [&one, &|j| angles.height[j], &ring]),
            product(grid, y, [&|i| angles.width[i], &|j| angles.cos_edge[j], &ring]),
            product(grid, up, [&|i| angles.width[i], &|j| angles.belt[j], &|l| edge(l) * edge(l)]),
        ];
        let distances = [
            product(grid, x, [&|i| angles.across[i], &|j| angles.cos_middle[j], &middle]),
            product(grid, y, [&one, &|j| angles.step[j], &middle]),
            product(grid, up, [&one, &one, &|l| z.step(l)]),
        ];
        let volumes =
            product(grid, Location::CELL, [&|i| angles.width[i], &|j| angles.belt[j], &ball]);
        let [areas, distances] = [areas, distances].map(|sizes| {
            let mut sizes = sizes.into_iter();
            std::array::from_fn(|_| sizes.next().expect("three axes"))
        });
        let geometry = Geometry::Shell { radius, thickness };
        Metric::given(grid, areas, distances, volumes).map(|metric| metric.round(grid, geometry))
    }

    /// What is known of a metric with poles.
    fn round(mut self, grid: &Grid<D>, geometry: Geometry) -> Metric<D> {
        let y = grid.axes()[1];
        self.geometry = geometry;
        self.points_at_poles =
            [0, y.cells - 1].iter().any(|j| 90.0 - y.point(*j).abs() < SLACK * y.spacing);
        self
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
        if latitude.abs() > 90.0 + ROUNDING {
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
