//! Which way components point and axes run: angles, planes, grids that are turned, components in two files.

use crate::places::fields;
use crate::reading::{DX, DY, NX, NY, component, mesh, read_as_plain, upside_down, x, y};
use crate::variants::{Array, Attribute, hdf5_with, write};
use crate::{folder, hodge, refused};
use ndarray::{Array1, Array2};

/// The same globe in degrees and in radians, and with nothing that says what it is.
#[test]
fn angles_are_taken_by_their_units_or_asked_for() {
    let folder = folder();
    let path = folder.path();
    let (nx, ny) = (24, 12);
    let lon = Array1::from_shape_fn(nx, |i| 15.0 * i as f64);
    let lat = Array1::from_shape_fn(ny, |j| -82.5 + 15.0 * j as f64);
    let component = |k: usize| {
        Array2::from_shape_fn((ny, nx), |(j, i)| {
            let (l, p) = (lon[i].to_radians(), lat[j].to_radians());
            if k == 0 { p.cos() + 0.3 * p.sin() * l.cos() } else { -0.3 * l.sin() + 0.5 * p.cos() }
        })
    };
    let file = |name: &str, [xn, yn]: [&str; 2], [xu, yu]: [&str; 2], [x, y]: [Array1<f64>; 2]| {
        let units = |array: Array, units: &str| {
            if units.is_empty() { array } else { array.text("units", units) }
        };
        write(
            &path.join(name),
            &[
                Array::new("u", &[yn, xn], component(0)),
                Array::new("v", &[yn, xn], component(1)),
                units(Array::new(xn, &[xn], x), xu),
                units(Array::new(yn, &[yn], y), yu),
            ],
        );
    };
    let degrees = || [lon.clone(), lat.clone()];
    let radians = || degrees().map(|list| list.mapv(f64::to_radians));
    file("degrees.nc", ["lon", "lat"], ["degrees_east", "degrees_north"], degrees());
    let wanted = crate::uneven::report(path, &["decompose", "degrees.nc"]);
    assert_eq!(wanted["metric"], "sphere");
    for (name, names, units) in [
        ("a.nc", ["lon", "lat"], "radians"),
        ("b.nc4", ["longitude", "latitude"], "radian"),
        ("c.h5", ["nav_lon", "nav_lat"], "rad"),
    ] {
        file(name, names, [units; 2], radians());
        let found = crate::uneven::report(path, &["decompose", name]);
        assert_eq!(found["metric"], "sphere");
        crate::reading::same(&found, &wanted, 1e-10, name);
    }
    file("small.nc", ["lon", "lat"], ["", ""], radians());
    refused(path, &["decompose", "small.nc"], &["enough for radians", "units `radians`"]);
    for (name, names) in [("x.nc", ["x", "y"]), ("x.npz", ["x", "y"]), ("i.nc4", ["X", "Y"])] {
        file(name, names, ["", ""], degrees());
        refused(path, &["decompose", name], &["once round", "--metric sphere"]);
        let found = crate::uneven::report(path, &["decompose", name, "--metric", "sphere"]);
        crate::reading::same(&found, &wanted, 1e-12, name);
    }
    let colatitude = || [radians()[0].clone(), lat.mapv(|l| (90.0 - l).to_radians())];
    for (name, names, units) in [
        ("t.nc", ["phi", "theta"], "radians"),
        ("t.nc4", ["lon", "colatitude"], "radians"),
        ("u.h5", ["phi", "theta"], ""),
    ] {
        file(name, names, [units; 2], colatitude());
        let says = hodge(path, &["decompose", name]);
        assert_eq!(says.code, 2, "{name}: {}", says.err);
        assert!(says.err.contains("--metric sphere"), "{}", says.err);
    }
}

#[test]
fn meshes_in_a_plane_take_the_components_within_it() {
    let folder = folder();
    let path = folder.path();
    let mesh = "data/5/meshes/B";
    for (name, labels, [a, b], other) in [
        ("yx.h5", ["y", "x"], ["x", "y"], "z"),
        ("zx.h5", ["z", "x"], ["x", "z"], "y"),
        ("zy.h5", ["z", "y"], ["y", "z"], "x"),
    ] {
        let of = |c: &str, values| Array::new(&format!("{mesh}/{c}"), &["", ""], values);
        let three = component(0).mapv(|v| v * v);
        hdf5_with(
            &path.join(name),
            &[of(a, component(0)), of(b, component(1)), of(other, three)],
            &[
                ("/", "openPMD", Attribute::Text("1.1.0")),
                (mesh, "axisLabels", Attribute::Texts(labels.to_vec())),
                (mesh, "gridSpacing", Attribute::Numbers(vec![DY, DX])),
                (mesh, "gridGlobalOffset", Attribute::Numbers(vec![-1.0, 3.0])),
                (mesh, "geometry", Attribute::Text("cartesian")),
                (mesh, "dataOrder", Attribute::Text("C")),
            ],
        );
        read_as_plain(path, &[name], 1e-12);
        let says = hodge(path, &["decompose", name]).err;
        assert!(says.contains(&format!("{mesh}/{other} points out of the plane")), "{says}");
    }
}

/// Latitudes from the north in one file and from the south in the other.
#[test]
fn components_that_run_opposite_ways_are_turned_alike() {
    let folder = folder();
    let path = folder.path();
    for ending in ["nc", "npz", "h5", "nc4"] {
        let [u, v] = ["a", "b"].map(|name| format!("{name}.{ending}"));
        let dims = if ending == "npz" { ["", ""] } else { ["y", "x"] };
        let down: Array1<f64> = y().iter().rev().copied().collect();
        for (file, name, values, list) in
            [(&u, "u", component(0), y()), (&v, "v", upside_down(&component(1)), down)]
        {
            write(
                &path.join(file),
                &[
                    Array::new(name, &dims, values),
                    Array::new("x", &["x"], x()),
                    Array::new("y", &["y"], list),
                ],
            );
        }
        read_as_plain(path, &[&u, "--datasets", &format!("{u}:u,{v}:v")], 1e-12);
        read_as_plain(path, &[&v, "--datasets", &format!("{u}:u,{v}:v")], 1e-12);
    }
}

/// Fails where arrays about the grid are taken for components, or components for each other.
#[test]
fn hints_name_the_components() {
    let folder = folder();
    let path = folder.path();
    let any = |name: &str, dims: [&str; 2], [n, m]: [usize; 2]| {
        Array::new(
            name,
            &dims,
            Array2::from_shape_fn((n, m), |(j, i)| ((3 * i + 5 * j) as f64).sin()),
        )
    };
    let rho = |name| any(name, ["eta_rho", "xi_rho"], [7, 9]);
    let roms = [
        rho("pm"),
        rho("pn"),
        rho("angle"),
        rho("h"),
        any("u", ["eta_u", "xi_u"], [7, 8]),
        any("v", ["eta_v", "xi_v"], [6, 9]),
    ];
    let mom = [
        any("h", ["yh", "xh"], [7, 8]),
        any("u", ["yh", "xq"], [7, 9]),
        any("v", ["yq", "xh"], [8, 8]),
    ];
    let turned = [any("u", ["", ""], [9, 7]), any("v", ["", ""], [8, 8])];
    let late =
        [any("v", ["", ""], [8, 8]), any("speed", ["", ""], [8, 8]), any("u", ["", ""], [7, 9])];
    for (name, arrays, says) in [
        ("roms.nc", &roms[..], "--staggered --datasets u,v"),
        ("mom.nc4", &mom, "--staggered --datasets u,v"),
        ("turned.npz", &turned, "--staggered --datasets u,v --axes x,y"),
        ("late.npz", &late, "--staggered --datasets u,v"),
    ] {
        write(&path.join(name), arrays);
        let error = hodge(path, &["decompose", name]);
        assert_eq!(error.code, 2, "{name}: {}", error.err);
        assert!(error.err.contains(says), "{name}: {}", error.err);
    }
    let n = 6;
    let solid = |k: usize| {
        let values =
            ndarray::Array3::from_shape_fn((n, n, n), |(c, b, a)| (a + 2 * b * k + c * c) as f64);
        Array::new(["u", "v", "w"][k], &["", "", ""], values).text("MATLAB_class", "double")
    };
    write(&path.join("cube.h5"), &[solid(0), solid(1), solid(2)]);
    refused(path, &["decompose", "cube.h5"], &["--axes y,x,z", "--axes x,y,z"]);
}

/// Fails where each component is taken for a field of its own.
#[test]
fn two_files_with_a_component_each_are_no_two_fields() {
    let folder = folder();
    let path = folder.path();
    let spacing = format!("{DX},{DY}");
    for (n, [a, b]) in [["u", "v"], ["vx", "vy"], ["run_u_07", "run_v_07"]].into_iter().enumerate()
    {
        for ending in ["npy", "npz", "nc", "h5"] {
            let [first, second] = [a, b].map(|stem| format!("{stem}.{ending}"));
            for (k, file) in [&first, &second].into_iter().enumerate() {
                let name = [["u", "v"], ["vx", "vy"], ["data", "data"]][n][k];
                let dims = if ending == "nc" { ["j", "i"] } else { ["", ""] };
                match ending {
                    "npy" => ndarray_npy::write_npy(path.join(file), &component(k)).unwrap(),
                    _ => write(&path.join(file), &[Array::new(name, &dims, component(k))]),
                }
            }
            let says = hodge(path, &["decompose", &first, &second]);
            assert_eq!(says.code, 2, "{first}: {}", says.err);
            let start = says.err.find("(hodge decompose ").expect("a command");
            let command = says.err[start + 17..].split(')').next().unwrap();
            let words: Vec<&str> = command.split(' ').collect();
            assert_eq!(words[1], "--datasets", "{command}");
            read_as_plain(path, &[&words[..], &["--spacing", &spacing]].concat(), 1e-12);
            // The files have no other order than their names say.
            refused(path, &["decompose", &second, &first], &[words[2]]);
            [first, second].iter().for_each(|file| std::fs::remove_file(path.join(file)).unwrap());
        }
    }
    // Two fields are two fields.
    for name in ["u.npz", "v.npz"] {
        let mut both = fields(["", ""]);
        both.push(Array::new("x", &[""], x()));
        both.push(Array::new("y", &[""], y()));
        write(&path.join(name), &both);
    }
    let says = hodge(path, &["decompose", "u.npz", "v.npz"]);
    assert_eq!(says.code, 0, "{}", says.err);
}

/// A field along a turned grid, given by its components to the east and north.
#[test]
fn components_to_the_east_are_turned_to_the_grid() {
    let folder = folder();
    let path = folder.path();
    let rotated = |a: &dyn Fn(f64, f64) -> f64, k: usize| {
        let (u, v) = (component(0), component(1));
        Array2::from_shape_fn((NY, NX), |(j, i)| {
            let (sin, cos) = a(i as f64, j as f64).sin_cos();
            match k {
                0 => u[[j, i]] * cos - v[[j, i]] * sin,
                _ => u[[j, i]] * sin + v[[j, i]] * cos,
            }
        })
    };
    let everywhere = |name: &str, a: &dyn Fn(f64, f64) -> f64| {
        let values = Array2::from_shape_fn((NY, NX), |(j, i)| a(i as f64, j as f64));
        Array::new(name, &["eta_rho", "xi_rho"], values)
    };
    let dims = ["eta_rho", "xi_rho"];
    let bent = |i: f64, j: f64| 0.4 + 0.03 * i - 0.02 * j;
    let still = |_: f64, _: f64| 0.7;
    let fields = |a: &dyn Fn(f64, f64) -> f64| {
        vec![
            Array::new("u_eastward", &dims, rotated(a, 0)),
            Array::new("v_northward", &dims, rotated(a, 1)),
        ]
    };
    let places = || vec![Array::new("x_rho", &dims, mesh(0)), Array::new("y_rho", &dims, mesh(1))];
    let made = |name: &str, more: [Vec<Array>; 3]| write(&path.join(name), &more.concat());
    made("roms.nc", [fields(&bent), places(), vec![everywhere("angle", &bent)]]);
    read_as_plain(path, &["roms.nc"], 1e-12);
    let degrees = everywhere("angle", &|i, j| bent(i, j).to_degrees()).text("units", "degrees");
    made("degrees.nc4", [fields(&bent), places(), vec![degrees]]);
    read_as_plain(path, &["degrees.nc4"], 1e-12);
    let [cos, sin] = [
        everywhere("COSALPHA", &|i, j| bent(i, j).cos()),
        everywhere("SINALPHA", &|i, j| bent(i, j).sin()),
    ];
    made("wrf.nc4", [fields(&bent), places(), vec![cos, sin]]);
    read_as_plain(path, &["wrf.nc4"], 1e-12);
    // One angle for all points, or one that is named.
    let list = |name: &str, dim: &str, list: Array1<f64>, axis: &str| {
        Array::new(name, &[dim], list).text("standard_name", axis).text("units", "m")
    };
    let projected = || {
        vec![
            list("xi_rho", "xi_rho", x(), "projection_x_coordinate"),
            list("eta_rho", "eta_rho", y(), "projection_y_coordinate"),
        ]
    };
    made("map.nc", [fields(&still), projected(), vec![everywhere("alpha", &still)]]);
    refused(
        path,
        &["decompose", "map.nc"],
        &["east and north", "--angle DATASET or --angle DEGREES"],
    );
    read_as_plain(path, &["map.nc", "--angle", "alpha"], 1e-12);
    read_as_plain(path, &["map.nc", "--angle", &0.7f64.to_degrees().to_string()], 1e-12);
    refused(path, &["decompose", "map.nc", "--angle", "x"], &["--angle"]);
    let far = everywhere("angle", &|_, _| 40.0);
    made("far.nc", [fields(&still), places(), vec![far]]);
    refused(path, &["decompose", "far.nc"], &["`angle` has 40", "--angle DEGREES"]);
    // Components along the grid stay, whatever angle the file has.
    let along = ["u", "v"].map(|c| Array::new(c, &dims, component(usize::from(c == "v"))));
    made("along.nc", [along.into(), places(), vec![everywhere("angle", &bent)]]);
    read_as_plain(path, &["along.nc"], 1e-12);
}
