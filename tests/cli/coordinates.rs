//! Coordinates of files that are no plain list of points: edges, the date line, disorder, other lengths.

use crate::uneven::{report, share, write};
use crate::{folder, hodge, json_lines, refused};
use ndarray::{Array1, Array2};
use ndarray_npy::NpzWriter;
use std::f64::consts::PI;
use std::fs::File;

/// Lengths of faces, distances across them and areas of the cells between these edges, for points in them.
fn sizes(edges: [&[f64]; 2], points: [&[f64]; 2]) -> [(&'static str, Array2<f64>); 5] {
    let width = |k: usize| -> Vec<f64> { edges[k].windows(2).map(|e| e[1] - e[0]).collect() };
    let across = |k: usize| -> Vec<f64> {
        let (p, e) = (points[k], edges[k]);
        let n = p.len();
        let mut all = vec![2.0 * (p[0] - e[0])];
        all.extend(p.windows(2).map(|pair| pair[1] - pair[0]));
        all.push(2.0 * (e[n] - p[n - 1]));
        all
    };
    let ([wx, wy], [dx, dy]) = ([width(0), width(1)], [across(0), across(1)]);
    let (nx, ny) = (wx.len(), wy.len());
    let plane = |ny: usize, nx: usize, f: &dyn Fn(usize, usize) -> f64| {
        Array2::from_shape_fn((ny, nx), |(j, i)| f(j, i))
    };
    [
        ("sx", plane(ny, nx + 1, &|j, _| wy[j])),
        ("sy", plane(ny + 1, nx, &|_, i| wx[i])),
        ("dx", plane(ny, nx + 1, &|_, i| dx[i])),
        ("dy", plane(ny + 1, nx, &|j, _| dy[j])),
        ("vol", plane(ny, nx, &|j, i| wx[i] * wy[j])),
    ]
}

/// Uneven coordinates as points and as edges of cells have the metric that follows from them by hand.
#[test]
fn uneven_cells_have_the_sizes_of_their_edges() {
    let folder = folder();
    let path = folder.path();
    let noise = |[x, y]: [f64; 2]| [(7.0 * x + 31.0 * y).sin() + x, (x * x - 17.0 * y).cos()];
    let edges_x: Vec<f64> = (0..14).map(|i| (0.15 * f64::from(i)).exp()).collect();
    let edges_y: Vec<f64> = (0..10).map(|j| f64::from(j) + 0.4 * f64::from(j).sin()).collect();
    let middle = |edges: &[f64]| -> Vec<f64> {
        edges.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect()
    };
    let (x, y) = (middle(&edges_x), middle(&edges_y));
    // Edges midway between points, and beyond the last as far as on its other side.
    let around = |p: &[f64]| {
        let mut edges = middle(p);
        edges.push(2.0 * p[p.len() - 1] - edges[edges.len() - 1]);
        edges.insert(0, 2.0 * p[0] - edges[0]);
        edges
    };
    for (name, lists, edges) in [
        ("edges.npz", [&edges_x, &edges_y], [edges_x.clone(), edges_y.clone()]),
        ("points.npz", [&x, &y], [around(&x), around(&y)]),
    ] {
        let mut npz = NpzWriter::new(File::create(path.join(name)).unwrap());
        for (k, component) in ["u", "v"].into_iter().enumerate() {
            let values = Array2::from_shape_fn((9, 13), |(j, i)| noise([x[i], y[j]])[k]);
            npz.add_array(component, &values).unwrap();
        }
        for (size, values) in sizes([&edges[0], &edges[1]], [&x, &y]) {
            npz.add_array(size, &values).unwrap();
        }
        for (coordinate, list) in ["x", "y"].into_iter().zip(lists) {
            npz.add_array(coordinate, &Array1::from(list.clone())).unwrap();
        }
        npz.finish().unwrap();
        let start = ["decompose", name, "--datasets", "u,v", "--boundary", "no-flux"];
        let outcome = hodge(path, &start);
        let says = outcome.err.contains("read as the edges of cells");
        assert_eq!(says, name == "edges.npz", "{}", outcome.err);
        let read = report(path, &start);
        let given = [&start[..], &["--metric-datasets", "sx,sy,dx,dy,vol"]].concat();
        let given = report(path, &given);
        assert_eq!((&read["metric"], &given["metric"]), (&"rectilinear".into(), &"given".into()));
        for part in ["gradient", "solenoidal"] {
            for key in ["fraction", "share_of_input"] {
                let [a, b] = [&read, &given].map(|report| report[key][part].as_f64().unwrap());
                assert!((a - b).abs() < 1e-9, "{name} {key} {part}: {a} {b}");
            }
        }
    }
}

fn points(n: usize) -> Vec<f64> {
    (0..n).map(|i| i as f64).collect()
}

#[test]
fn coordinates_of_another_length_are_refused() {
    let folder = folder();
    let path = folder.path();
    let field = |x: usize, y: usize, names: [&str; 2]| {
        let mut npz = NpzWriter::new(File::create(path.join("f.npz")).unwrap());
        for name in ["u", "v"] {
            npz.add_array(name, &Array2::from_shape_fn((6, 8), |(j, i)| (j * i) as f64)).unwrap();
        }
        npz.add_array(names[0], &Array1::from(points(x))).unwrap();
        npz.add_array(names[1], &Array1::from(points(y))).unwrap();
        npz.finish().unwrap();
    };
    for (x, y, names, says) in [
        (11, 6, ["x", "y"], ["array `x` has 11 values", "has 8 points"]),
        (8, 4, ["x", "y"], ["array `y` has 4 values", "has 6 points"]),
        (8, 5, ["lon", "lat"], ["array `lat` has 5 values", "has 6 points"]),
    ] {
        field(x, y, names);
        refused(path, &["decompose", "f.npz"], &[says[0], says[1], "--spacing"]);
        let metric = ["decompose", "f.npz", "--spacing", "0.5", "--metric", "plane", "--quiet"];
        report(path, &metric);
    }
    // The axes the other way round, which is the only order that fits.
    field(6, 8, ["x", "y"]);
    let found = report(path, &["decompose", "f.npz"]);
    let named = report(path, &["decompose", "f.npz", "--axes", "x,y"]);
    assert_eq!(found["share_of_input"], named["share_of_input"]);
}

#[test]
fn disorder_is_named_with_place_and_value() {
    let folder = folder();
    let path = folder.path();
    let ones = |_: [f64; 2]| [1.0, 0.5];
    let with = |i: usize, value: f64| {
        let mut list = points(8);
        list[i] = value;
        list
    };
    for (list, says) in [
        (with(5, f64::NAN), "`x` has NaN at index 5"),
        (with(5, 4.0), "repeats 4 at index 5"),
        (with(5, 2.5), "index 5 (from 0), from 4 to 2.5"),
        (with(7, -171.0), "index 7 (from 0), from 6 to -171"),
    ] {
        write(&path.join("f.npz"), ["x", "y"], &list, &points(6), &ones);
        refused(path, &["decompose", "f.npz"], &["axis x", says, "--spacing"]);
        let outcome = hodge(path, &["decompose", "f.npz", "--spacing", "2"]);
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        assert!(
            outcome.err.contains("disordered coordinates of x in array `x`"),
            "{}",
            outcome.err
        );
    }
}

/// The same field with longitudes that go on and with longitudes from -180 to 180.
#[test]
fn longitudes_go_on_across_the_date_line() {
    let folder = folder();
    let path = folder.path();
    let field = |[l, p]: [f64; 2]| {
        let (l, p) = (l.to_radians(), p.to_radians());
        [p.cos() + (3.0 * l).sin(), (2.0 * l).cos() * p.cos()]
    };
    let folded =
        |list: &[f64]| list.iter().map(|l| if *l >= 180.0 { l - 360.0 } else { *l }).collect();
    for (name, list, latitudes) in [
        ("globe", (0..36).map(|i| 10.0 * f64::from(i)).collect(), 17),
        ("pacific", (0..12).map(|i| 150.0 + 5.0 * f64::from(i)).collect(), 7),
        ("uneven", (0..12).map(|i| 150.0 + 0.4 * f64::from(i * i)).collect::<Vec<f64>>(), 7),
    ] {
        let rows = f64::from(latitudes - 1);
        let latitudes: Vec<f64> =
            (0..latitudes).map(|j| 10.0 * f64::from(j) - 5.0 * rows).collect();
        let folded: Vec<f64> = folded(&list);
        for (file, longitudes) in [("on.npz", &list), ("folded.npz", &folded)] {
            write(&path.join(file), ["lon", "lat"], longitudes, &latitudes, &field);
        }
        let on = report(path, &["decompose", "on.npz"]);
        let outcome = hodge(path, &["decompose", "folded.npz", "--format", "json"]);
        assert!(outcome.err.contains("read as going on"), "{name}: {}", outcome.err);
        let found = &json_lines(&outcome.out)[0];
        assert_eq!((&on["metric"], &found["metric"]), (&"sphere".into(), &"sphere".into()));
        assert_eq!(on["periodic_axes"], found["periodic_axes"], "{name}");
        for part in ["gradient", "solenoidal", "harmonic"] {
            assert!((share(&on, part) - share(found, part)).abs() < 1e-12, "{name} {part}");
        }
    }
}

#[test]
fn origins_and_spacings_over_uneven_coordinates_say_what_they_do() {
    let folder = folder();
    let path = folder.path();
    let field = |[x, y]: [f64; 2]| [(0.3 * x).sin() + 0.1 * y, (0.2 * x * y).cos()];
    let rising: Vec<f64> = (0..9).map(|j| 0.1 * f64::from(j * j)).collect();
    let falling: Vec<f64> = rising.iter().rev().copied().collect();
    write(&path.join("up.npz"), ["x", "y"], &points(8), &rising, &field);
    write(&path.join("down.npz"), ["x", "y"], &points(8), &falling, &field);
    let origin = ["decompose", "up.npz", "--origin", "3,4"];
    refused(path, &origin, &["axis y has uneven coordinates", "leave --origin out", "--spacing"]);
    let outcome = hodge(path, &["decompose", "up.npz", "--spacing", "1e-300,0.5"]);
    for says in ["uneven coordinates of y in array `y` are left out", "spacing of x 1e-300 (given)"]
    {
        assert!(outcome.err.contains(says), "{}", outcome.err);
    }
    let with = |file| report(path, &["decompose", file, "--spacing", "0.5"]);
    assert_eq!(with("up.npz")["share_of_input"], with("down.npz")["share_of_input"]);
}

/// A globe without one of its meridians: whether it goes round has to be said. A rotation and ½∇(sin φ): 0.8 to 0.2.
#[test]
fn a_globe_with_a_wide_gap_is_asked_whether_it_goes_round() {
    let folder = folder();
    let path = folder.path();
    let latitudes: Vec<f64> = (0..90).map(|j| 2.0 * f64::from(j) - 89.0).collect();
    let field = |[l, p]: [f64; 2]| {
        let (l, p, tilt) = (l * PI / 180.0, p * PI / 180.0, 0.6f64);
        let east = tilt.cos() * p.cos() + tilt.sin() * p.sin() * l.cos();
        [east, -tilt.sin() * l.sin() + 0.5 * p.cos()]
    };
    let even: Vec<f64> = (0..179).map(|i| 2.0 * f64::from(i)).collect();
    let uneven: Vec<f64> = even.iter().map(|l| l + 0.3 * (l * PI / 90.0).sin()).collect();
    for list in [even, uneven] {
        write(&path.join("gap.npz"), ["lon", "lat"], &list, &latitudes, &field);
        refused(path, &["decompose", "gap.npz"], &["round to the first", "--periodic x", "none"]);
        let found = report(path, &["decompose", "gap.npz", "--periodic", "x"]);
        assert!((share(&found, "gradient") - 0.2).abs() < 1e-3, "{}", share(&found, "gradient"));
        assert!(share(&found, "harmonic") < 1e-20);
        refused(path, &["decompose", "gap.npz", "--periodic", "none"], &["whole circle"]);
        // A window across them ends in walls.
        write(&path.join("part.npz"), ["lon", "lat"], &list[..90], &latitudes[20..60], &field);
        assert_eq!(
            report(path, &["decompose", "part.npz"])["periodic_axes"],
            serde_json::json!([])
        );
    }
}

#[test]
fn latitudes_beyond_a_pole_are_refused_but_for_rounding() {
    let folder = folder();
    let path = folder.path();
    let longitudes: Vec<f64> = (0..12).map(|i| 30.0 * f64::from(i)).collect();
    let field = |[l, p]: [f64; 2]| [p.to_radians().cos(), l.to_radians().sin()];
    let to =
        |last: f64| -> Vec<f64> { (0..9).map(|j| last * (f64::from(j) - 4.0) / 4.0).collect() };
    for (last, code) in
        [(90.0, 0), (90.0 + f64::from(f32::EPSILON) * 90.0, 0), (90.01, 2), (91.0, 2)]
    {
        write(&path.join("g.npz"), ["lon", "lat"], &longitudes, &to(last), &field);
        let outcome = hodge(path, &["decompose", "g.npz"]);
        assert_eq!(outcome.code, code, "{last}: {}", outcome.err);
        assert_eq!(outcome.err.contains("between -90 and 90"), code == 2, "{}", outcome.err);
    }
}
