//! Between points and faces around the poles of shells: a vector field of Cartesian space, which is smooth there.

use crate::common::{gauss, masks};
use hodge::diagnostic::observed_order;
use hodge::field::{Layout, VectorField, Way, to_faces, to_points};
use hodge::grid::{Axis, Domain, FaceClass, Grid, Location, Metric, Thickness, Topology, unravel};

/// Components to the east, to the north and upwards.
fn smooth([longitude, latitude, height]: [f64; 3]) -> [f64; 3] {
    let (sl, cl) = longitude.to_radians().sin_cos();
    let (sp, cp) = latitude.to_radians().sin_cos();
    let [x, y, z] = [cp * cl, cp * sl, sp].map(|along| (1.0 + height) * along);
    let v = [
        (x + 0.5 * y - z).cos() + 0.3,
        (y - 0.3 * x + z).sin() - 0.6 * x,
        (0.7 * z + x * y).cos() + y,
    ];
    let along = |e: [f64; 3]| e[0] * v[0] + e[1] * v[1] + e[2] * v[2];
    [along([-sl, cl, 0.0]), along([-sp * cl, -sp * sl, cp]), along([cp * cl, cp * sl, sp])]
}

/// How latitudes end at the poles.
#[derive(Clone, Copy, Debug)]
enum Latitudes {
    Off,
    At,
    Gaussian,
}

/// How longitudes go round.
#[derive(Clone, Copy, Debug)]
enum Longitudes {
    Even,
    /// With steps that are 40 % longer or shorter than the mean.
    Stretched,
}

fn longitudes(longitudes: Longitudes, n: usize) -> Axis {
    let step = 180.0 / n as f64;
    let stretch = |degrees: f64| degrees + 0.4_f64.to_degrees() * degrees.to_radians().sin();
    let points: Vec<f64> = (0..2 * n).map(|i| stretch(step * i as f64)).collect();
    match longitudes {
        Longitudes::Even => Axis::from_points(0.0, step, 2 * n, Topology::Periodic),
        Longitudes::Stretched => Axis::around_points(&points, 360.0).unwrap(),
    }
}

fn shell(x: Longitudes, latitudes: Latitudes, n: usize) -> Domain<3> {
    let x = longitudes(x, n);
    let y = match latitudes {
        Latitudes::Off => Axis::over(-90.0, 90.0, n, Topology::Bounded),
        Latitudes::At => Axis::from_points(-90.0, 180.0 / n as f64, n + 1, Topology::Bounded),
        Latitudes::Gaussian => Axis::latitudes(&gauss::latitudes(n)).unwrap(),
    };
    let z = Axis::over(0.0, 0.5, n / 4, Topology::Bounded);
    let grid = Grid::new([x, y, z]).unwrap();
    let metric = Metric::shell(&grid, 1.0, Thickness::Thick).unwrap();
    Domain::full(grid).with_metric(metric).unwrap()
}

/// Without a sector that reaches the south pole on half of the levels, and a hole on the north pole above.
fn with_land(domain: &Domain<3>) -> Domain<3> {
    let [nx, ny, nz] = domain.grid().shape();
    let kept = |[i, j, l]: [usize; 3]| {
        let sector = 8 * j < 3 * ny && (nx / 4..nx / 2).contains(&i) && 2 * l >= nz;
        let cap = 8 * j > 7 * ny && 4 * l >= 3 * nz;
        !(sector || cap)
    };
    let masked = masks::keep_on(*domain.grid(), kept);
    masked.with_metric(domain.metric().unwrap().clone()).unwrap()
}

/// The largest error of components on the faces, and after the way back at the points; of the latter that in the
/// rows beside the poles.
fn errors(domain: &Domain<3>) -> [f64; 3] {
    let grid = *domain.grid();
    let points = VectorField::sample(grid, Layout::Points, smooth);
    let faces = to_faces(&points, domain);
    let mut on_faces = 0.0f64;
    for k in 0..3 {
        let (place, classes) = (Location::face(k), domain.face_classes(k));
        for (flat, found) in faces.component(k).values().iter().enumerate() {
            if classes[flat] == FaceClass::Outside {
                assert_eq!(*found, 0.0, "component {k} at {flat}");
                continue;
            }
            let index = unravel(grid.shape_at(place), flat);
            let mut at = grid.position(place, index);
            if k != 1 {
                // Beside poles, in the middle of the cell.
                let edge = |j: usize| grid.axes()[1].face(j).clamp(-90.0, 90.0);
                let polar = [0, grid.shape()[1] - 1].contains(&index[1]);
                at[1] = if polar { 0.5 * (edge(index[1]) + edge(index[1] + 1)) } else { at[1] };
            }
            on_faces = on_faces.max((found - smooth(at)[k]).abs());
        }
    }
    let back = to_points(&faces, domain, Way::FourPoints);
    let [mut anywhere, mut at_poles] = [0.0f64; 2];
    for (k, (found, exact)) in back.components().iter().zip(points.components()).enumerate() {
        for (flat, (found, exact)) in found.values().iter().zip(exact.values()).enumerate() {
            if !domain.is_active(flat) {
                assert_eq!(*found, 0.0, "component {k} at {flat}");
                continue;
            }
            let error = (found - exact).abs();
            anywhere = anywhere.max(error);
            if [0, grid.shape()[1] - 1].contains(&unravel(grid.shape(), flat)[1]) {
                at_poles = at_poles.max(error);
            }
        }
    }
    [on_faces, anywhere, at_poles]
}

#[test]
fn smooth_fields_are_met_in_second_order_up_to_the_poles_of_shells() {
    let grids = [
        (Longitudes::Even, Latitudes::Off),
        (Longitudes::Even, Latitudes::At),
        (Longitudes::Even, Latitudes::Gaussian),
        (Longitudes::Stretched, Latitudes::Off),
        (Longitudes::Stretched, Latitudes::At),
    ];
    for (longitudes, latitudes) in grids {
        for land in [false, true] {
            let of = |n: usize| {
                let domain = shell(longitudes, latitudes, n);
                errors(&if land { with_land(&domain) } else { domain })
            };
            let (coarse, fine) = (of(32), of(64));
            for (i, what) in ["faces", "points", "points beside poles"].into_iter().enumerate() {
                let order = observed_order((32, coarse[i]), (64, fine[i]));
                assert!(
                    order >= 1.95,
                    "{longitudes:?}, {latitudes:?}, land {land}: {what} in order {order}, {coarse:?}, {fine:?}"
                );
            }
        }
    }
}
