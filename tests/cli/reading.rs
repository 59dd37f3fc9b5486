//! Fields as their owners write them are read as the same field in the plainest form, or refused.

use crate::uneven::report;
use crate::variants::{Array, Attribute, Kind, hdf5_with, write};
use crate::{folder, hodge, refused};
use ndarray::{Array1, Array2, Array3, Axis, stack};
use serde_json::Value;
use std::path::Path;

pub const NX: usize = 17;
pub const NY: usize = 11;
pub const DX: f64 = 0.5;
pub const DY: f64 = 0.2;

pub fn x() -> Array1<f64> {
    Array1::from_shape_fn(NX, |i| 3.0 + DX * i as f64)
}

pub fn y() -> Array1<f64> {
    Array1::from_shape_fn(NY, |j| -1.0 + DY * j as f64)
}

/// Neither symmetric nor periodic, so that every exchange of axes or signs shows.
pub fn component(k: usize) -> Array2<f64> {
    let (x, y) = (x(), y());
    Array2::from_shape_fn((NY, NX), |(j, i)| match k {
        0 => (0.7 * x[i] + 2.0 * y[j]).sin() + 0.3 * x[i],
        _ => (x[i] - 3.0 * y[j]).cos() - 0.5 * y[j] * x[i],
    })
}

/// The same at every point of the grid.
pub fn mesh(k: usize) -> Array2<f64> {
    let (x, y) = (x(), y());
    Array2::from_shape_fn((NY, NX), |(j, i)| if k == 0 { x[i] } else { y[j] })
}

pub fn upside_down(values: &Array2<f64>) -> Array2<f64> {
    values.slice(ndarray::s![..;-1, ..]).to_owned()
}

pub fn transposed(values: &Array2<f64>) -> Array2<f64> {
    values.t().as_standard_layout().into_owned()
}

/// u and v with x and y as lists: the plainest form.
pub fn plain(folder: &Path) -> Value {
    write(
        &folder.join("plain.npz"),
        &[
            Array::new("u", &["y", "x"], component(0)),
            Array::new("v", &["y", "x"], component(1)),
            Array::new("x", &["x"], x()),
            Array::new("y", &["y"], y()),
        ],
    );
    report(folder, &["decompose", "plain.npz"])
}

/// Shares and energies of a file are those of another one.
pub fn same(report: &Value, plain: &Value, tolerance: f64, what: &str) {
    for key in ["share_of_input", "energy"] {
        for part in ["gradient", "solenoidal", "harmonic"] {
            let [a, b] = [report, plain].map(|r| r[key][part].as_f64().unwrap());
            assert!((a - b).abs() <= tolerance * (1.0 + b.abs()), "{what}: {key} {part} {a} {b}");
        }
    }
}

pub fn read_as_plain(folder: &Path, arguments: &[&str], tolerance: f64) {
    let plain = plain(folder);
    let start = ["decompose"];
    let found = report(folder, &[&start[..], arguments].concat());
    same(&found, &plain, tolerance, &arguments.join(" "));
}

#[test]
fn coordinates_at_every_point_are_axes() {
    let folder = folder();
    let path = folder.path();
    for (name, [xn, yn], down, kind, tolerance) in [
        ("a.npz", ["x", "y"], false, Kind::F64, 1e-12),
        ("b.npz", ["X", "Y"], true, Kind::F64, 1e-12),
        ("c.npz", ["xx", "yy"], true, Kind::F32, 1e-5),
        ("g.npz", ["x_mm", "y_mm"], true, Kind::F64, 1e-12),
        ("h.npz", ["xpos", "ypos"], true, Kind::F64, 1e-12),
        ("d.h5", ["x", "y"], true, Kind::F64, 1e-12),
        ("e.h5", ["x_coord", "y_coord"], false, Kind::F32, 1e-5),
        ("f.nc", ["xgrid", "ygrid"], true, Kind::F64, 1e-12),
    ] {
        let of = |values: Array2<f64>| if down { upside_down(&values) } else { values };
        // Dimensions without a meaning.
        let dims = if name.ends_with("nc") { ["row", "column"] } else { ["", ""] };
        let array = |name: &str, values| Array::new(name, &dims, of(values)).kind(kind);
        write(
            &path.join(name),
            &[
                array("u", component(0)),
                array("v", component(1)),
                array(xn, mesh(0)),
                array(yn, mesh(1)),
            ],
        );
        read_as_plain(path, &[name], tolerance);
        let says = hodge(path, &["decompose", name]).err;
        assert_eq!(says.contains("axis y runs downwards"), down, "{says}");
    }
}

#[test]
fn coordinates_fit_one_order_of_axes() {
    let folder = folder();
    let path = folder.path();
    for (name, [xn, yn]) in
        [("ij.npz", ["x", "y"]), ("ij.h5", ["lonx", "laty"]), ("xc.h5", ["xcoor", "ycoor"])]
    {
        let names = if name == "ij.h5" { ["x", "y"] } else { [xn, yn] };
        write(
            &path.join(name),
            &[
                Array::new("u", &["", ""], transposed(&component(0))),
                Array::new("v", &["", ""], transposed(&component(1))),
                Array::new(names[0], &[""], x()),
                Array::new(names[1], &[""], y()),
            ],
        );
        read_as_plain(path, &[name], 1e-12);
    }
    // As JHTDB writes: components last, in one array.
    let both = stack(Axis(2), &[component(0).view(), component(1).view()]).unwrap();
    for (name, [xn, yn]) in [("cutout.h5", ["xcoor", "ycoor"]), ("cutout.npz", ["x", "y"])] {
        write(
            &path.join(name),
            &[
                Array::new("Velocity_0001", &["", "", ""], both.clone()),
                Array::new(xn, &[""], x()),
                Array::new(yn, &[""], y()),
            ],
        );
        read_as_plain(path, &[name], 1e-12);
    }
    // Lists that fit no axis are not passed over.
    write(
        &path.join("other.h5"),
        &[
            Array::new("u", &["", ""], component(0)),
            Array::new("v", &["", ""], component(1)),
            Array::new("x", &[""], Array1::linspace(0.0, 1.0, NX + 4)),
        ],
    );
    refused(path, &["decompose", "other.h5"], &["21 values", "17 points"]);
}

#[test]
fn matlab_counts_axes_the_other_way() {
    let folder = folder();
    let path = folder.path();
    let matlab = |name: &str, values: Array2<f64>| {
        Array::new(name, &["", ""], transposed(&values)).text("MATLAB_class", "double")
    };
    let list = |name: &str, values: Array1<f64>, column: bool| {
        let n = values.len();
        let shape = if column { (n, 1) } else { (1, n) };
        matlab(name, values.into_shape_with_order(shape).unwrap())
    };
    let fields = || vec![matlab("u", component(0)), matlab("v", component(1))];
    for (name, coordinates) in [
        ("mesh.h5", vec![matlab("x", mesh(0)), matlab("y", mesh(1))]),
        ("rows.h5", vec![list("x", x(), false), list("y", y(), false)]),
        ("columns.h5", vec![list("X", x(), true), list("Y", y(), true)]),
    ] {
        write(&path.join(name), &[fields(), coordinates].concat());
        read_as_plain(path, &[name], 1e-12);
    }
    write(&path.join("bare.h5"), &fields());
    let (dx, dy) = (DX.to_string(), DY.to_string());
    read_as_plain(path, &["bare.h5", "--spacing", &format!("{dx},{dy}")], 1e-12);
    let solid = |name: &str| {
        let values = Array3::from_shape_fn((4, 5, 6), |(k, j, i)| (k + 2 * j + 3 * i * i) as f64);
        Array::new(name, &["", "", ""], values).text("MATLAB_class", "double")
    };
    write(&path.join("solid.h5"), &[solid("u"), solid("v"), solid("w")]);
    // (y, x, z) by meshgrid or (x, y, z) by ndgrid.
    refused(path, &["decompose", "solid.h5"], &["do not make a 3D grid", "--axes"]);
}

#[test]
fn curvilinear_coordinates_are_refused() {
    let folder = folder();
    let path = folder.path();
    let turned = |k: usize| {
        let (a, b) = (mesh(0), mesh(1));
        if k == 0 { 0.8 * &a - 0.6 * &b } else { 0.6 * &a + 0.8 * &b }
    };
    for (name, [xn, yn], dims) in [
        ("turned.npz", ["x", "y"], ["", ""]),
        ("turned.h5", ["X", "Y"], ["", ""]),
        ("nemo.nc", ["nav_lon", "nav_lat"], ["y", "x"]),
        ("roms.nc", ["lon_rho", "lat_rho"], ["eta_rho", "xi_rho"]),
        ("wrf.nc4", ["XLONG", "XLAT"], ["south_north", "west_east"]),
    ] {
        write(
            &path.join(name),
            &[
                Array::new("u", &dims, component(0)),
                Array::new("v", &dims, component(1)),
                Array::new(xn, &dims, turned(0)),
                Array::new(yn, &dims, turned(1)),
            ],
        );
        refused(path, &["decompose", name], &["curvilinear", xn, yn, "--metric-datasets"]);
    }
    let spacing = format!("{DX},{DY}");
    read_as_plain(path, &["turned.npz", "--spacing", &spacing], 1e-12);
}

#[test]
fn longitudes_and_latitudes_at_every_point_make_a_sphere() {
    let folder = folder();
    let path = folder.path();
    let of = |name: &str, dims: [&str; 2], lists: bool| {
        let coordinate = |k: usize| {
            let (name, dim) = (["nav_lon", "nav_lat"][k], dims[1 - k]);
            match lists {
                true => Array::new(dim, &[dim], if k == 0 { x() } else { y() })
                    .text("units", ["degrees_east", "degrees_north"][k]),
                false => Array::new(name, &dims, mesh(k)),
            }
        };
        write(
            &path.join(name),
            &[
                Array::new("vozocrtx", &dims, component(0)),
                Array::new("vomecrty", &dims, component(1)),
                coordinate(0),
                coordinate(1),
            ],
        );
        report(path, &["decompose", name])
    };
    let plain = of("lists.nc", ["lat", "lon"], true);
    assert_eq!(plain["metric"], "sphere");
    for (name, dims) in [("nemo.nc", ["y", "x"]), ("nemo.nc4", ["y", "x"]), ("rows.h5", ["", ""])] {
        same(&of(name, dims, false), &plain, 1e-12, name);
    }
}

#[test]
fn openpmd_meshes_have_their_own_axes() {
    let folder = folder();
    let path = folder.path();
    let mesh = "data/100/meshes/E";
    let attributes = |labels: [&'static str; 2], geometry: &'static str, order: &'static str| {
        let along = |x: f64, y: f64| {
            let pair = if labels == ["x", "y"] { [x, y] } else { [y, x] };
            Attribute::Numbers(pair.to_vec())
        };
        vec![
            ("/", "openPMD", Attribute::Text("1.1.0")),
            (mesh, "axisLabels", Attribute::Texts(labels.to_vec())),
            (mesh, "gridSpacing", along(DX, DY)),
            (mesh, "gridGlobalOffset", along(3.0, -1.0)),
            (mesh, "geometry", Attribute::Text(geometry)),
            (mesh, "dataOrder", Attribute::Text(order)),
            (mesh, "gridUnitSI", Attribute::Numbers(vec![1.0, 1.0])),
        ]
    };
    let arrays = |turned: bool| {
        let of = |k: usize| if turned { transposed(&component(k)) } else { component(k) };
        ["x", "y"].map(|c| Array::new(&format!("{mesh}/{c}"), &["", ""], of(usize::from(c == "y"))))
    };
    for (name, labels, turned, order) in [
        ("yx.h5", ["y", "x"], false, "C"),
        ("xy.h5", ["x", "y"], true, "C"),
        ("f.h5", ["x", "y"], false, "F"),
    ] {
        hdf5_with(&path.join(name), &arrays(turned), &attributes(labels, "cartesian", order));
        read_as_plain(path, &[name], 1e-12);
        let [a, b] = ["x", "y"].map(|c| format!("{mesh}/{c}"));
        read_as_plain(path, &[name, "--datasets", &format!("{a},{b}")], 1e-12);
    }
    hdf5_with(&path.join("r.h5"), &arrays(false), &attributes(["y", "x"], "thetaMode", "C"));
    refused(path, &["decompose", "r.h5"], &["thetaMode", "--metric-datasets"]);
}

#[test]
fn scalars_are_no_vectors() {
    let folder = folder();
    let path = folder.path();
    let two = stack(Axis(0), &[component(0).view(), component(1).view()]).unwrap();
    for (name, array, time, units) in [
        ("t2m.nc", "t2m", "valid_time", "hours since 2024-05-05"),
        ("zeta.nc4", "zeta", "ocean_time", ""),
        ("sst.nc", "sst", "step", ""),
        ("members.nc4", "u10", "number", ""),
        ("any.nc", "field", "abc", "days since 1900-01-01"),
        ("velocity.nc4", "velocity", "realization", ""),
    ] {
        let units_of = Array::new(time, &[time], Array1::from(vec![0.0, 1.0])).text("units", units);
        write(
            &path.join(name),
            &[
                Array::new(array, &[time, "lat", "lon"], two.clone()),
                units_of,
                Array::new("lat", &["lat"], y()).text("units", "degrees_north"),
                Array::new("lon", &["lon"], x()).text("units", "degrees_east"),
            ],
        );
        refused(path, &["decompose", name], &["could be the vector field", array]);
    }
    for name in ["temperature.npz", "temperature.h5"] {
        write(
            &path.join(name),
            &[
                Array::new("temperature", &["", "", ""], two.clone()),
                Array::new("x", &[""], x()),
                Array::new("y", &[""], y()),
            ],
        );
        refused(path, &["decompose", name], &["temperature"]);
        // Whoever names it knows what it is.
        read_as_plain(path, &[name, "--datasets", "temperature"], 1e-12);
    }
}

/// A list of times that is as long as the axis says what it counts, whatever the array is called.
#[test]
fn times_beside_a_vector_name_are_believed() {
    let folder = folder();
    let path = folder.path();
    let two = || stack(Axis(0), &[component(0).view(), component(1).view()]).unwrap();
    let times = || Array1::from(vec![0.0, 6.0]);
    for (name, array, time, lists) in [
        ("a.npz", "wind", "t", false),
        ("b.npz", "wind", "hours", true),
        ("c.h5", "velocity", "timestamps", false),
        ("d.npz", "field", "valid_times", true),
        ("e.npz", "wind_speed", "realization", true),
        ("f.h5", "current_magnitude", "n", false),
    ] {
        let coordinates = match lists {
            true => [Array::new("x", &[""], x()), Array::new("y", &[""], y())],
            false => [Array::new("x", &["", ""], mesh(0)), Array::new("y", &["", ""], mesh(1))],
        };
        let mut arrays =
            vec![Array::new(array, &["", "", ""], two()), Array::new(time, &[""], times())];
        arrays.extend(coordinates);
        write(&path.join(name), &arrays);
        refused(path, &["decompose", name], &[array]);
    }
}

#[test]
fn what_fits_two_ways_is_refused() {
    let folder = folder();
    let path = folder.path();
    // MATLAB's (y, x, z) or (x, y, z), with lists of one length.
    let n = 6;
    let matlab = |name: &str, values: Array3<f64>| {
        Array::new(name, &["", "", ""], values).text("MATLAB_class", "double")
    };
    let solid =
        |k: usize| Array3::from_shape_fn((n, n, n), |(c, b, a)| (a + 2 * b * k + c * c) as f64);
    let list = |name: &str| {
        let values = Array2::from_shape_fn((n, 1), |(i, _)| i as f64);
        Array::new(name, &["", ""], values).text("MATLAB_class", "double")
    };
    write(
        &path.join("cube.h5"),
        &[
            matlab("u", solid(0)),
            matlab("v", solid(1)),
            matlab("w", solid(2)),
            list("x"),
            list("y"),
            list("z"),
        ],
    );
    refused(path, &["decompose", "cube.h5"], &["--axes"]);
    // Components on faces as (x, y), which is no ring around the cells of (y, x).
    write(
        &path.join("turned.npz"),
        &[
            Array::new("u", &["", ""], Array2::from_shape_fn((8, 5), |(i, j)| (i * i + j) as f64)),
            Array::new("v", &["", ""], Array2::from_shape_fn((7, 6), |(i, j)| (i + j * j) as f64)),
        ],
    );
    refused(
        path,
        &["decompose", "turned.npz", "--staggered", "--datasets", "u,v"],
        &["faces of one grid"],
    );
}

#[test]
fn coordinates_in_a_group_of_the_grid_are_read() {
    let folder = folder();
    let path = folder.path();
    for (name, [fields, grid]) in [
        ("a.h5", ["fields", "mesh"]),
        ("b.h5", ["data", "grid"]),
        ("c.h5", ["flow", "coordinates"]),
    ] {
        write(
            &path.join(name),
            &[
                Array::new(&format!("{fields}/u"), &["", ""], upside_down(&component(0))),
                Array::new(&format!("{fields}/v"), &["", ""], upside_down(&component(1))),
                Array::new(&format!("{grid}/x"), &["", ""], upside_down(&mesh(0))),
                Array::new(&format!("{grid}/y"), &["", ""], upside_down(&mesh(1))),
            ],
        );
        read_as_plain(path, &[name], 1e-12);
    }
}

#[test]
fn components_are_known_by_names_of_models() {
    let folder = folder();
    let path = folder.path();
    for (n, [a, b]) in [
        ["ua", "va"],
        ["ugo", "vgo"],
        ["UVEL", "VVEL"],
        ["vozocrtx", "vomecrty"],
        ["UGRD_10maboveground", "VGRD_10maboveground"],
        ["Ux", "Uy"],
        ["velocity_x", "velocity_y"],
        ["mean_u", "mean_v"],
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("{n}.{}", ["npz", "h5", "nc", "nc4"][n % 4]);
        let dims = if name.ends_with("npz") { ["", ""] } else { ["y", "x"] };
        write(
            &path.join(&name),
            &[
                // Other fields first, and one that is no component of these.
                Array::new("ubar2", &dims, component(1)),
                Array::new(b, &dims, component(1)),
                Array::new(a, &dims, component(0)),
                Array::new("x", &["x"], x()),
                Array::new("y", &["y"], y()),
            ],
        );
        read_as_plain(path, &[&name], 1e-12);
    }
    for (name, [a, b]) in [
        ("s.nc", ["eastward_wind", "northward_wind"]),
        ("s.nc4", ["surface_eastward_sea_water_velocity", "surface_northward_sea_water_velocity"]),
        ("s.h5", ["sea_water_x_velocity", "sea_water_y_velocity"]),
    ] {
        write(
            &path.join(name),
            &[
                Array::new("second", &["y", "x"], component(1)).text("standard_name", b),
                Array::new("first", &["y", "x"], component(0)).text("standard_name", a),
                Array::new("x", &["x"], x()),
                Array::new("y", &["y"], y()),
            ],
        );
        read_as_plain(path, &[name], 1e-12);
    }
}

#[test]
fn components_in_two_files_are_one_field() {
    let folder = folder();
    let path = folder.path();
    for ([first, second], [a, b]) in [
        (["uwnd_2001.nc", "vwnd_2001.nc"], ["uwnd", "vwnd"]),
        (["U.h5", "V.h5"], ["u", "v"]),
        (["run-uo-7.npz", "run-vo-7.npz"], ["uo", "vo"]),
    ] {
        for (file, name, k) in [(first, a, 0), (second, b, 1)] {
            write(
                &path.join(file),
                &[
                    Array::new(name, &["y", "x"], component(k)),
                    Array::new("x", &["x"], x()),
                    Array::new("y", &["y"], y()),
                ],
            );
        }
        read_as_plain(path, &[first], 1e-12);
        let both = format!("{first}:{a},{second}:{b}");
        read_as_plain(path, &[first, "--datasets", &both], 1e-12);
        read_as_plain(path, &[first, "--datasets", &format!("{a},{second}::{b}")], 1e-12);
    }
    std::fs::remove_file(path.join("V.h5")).unwrap();
    refused(path, &["decompose", "U.h5"], &["could be the vector field"]);
}

#[test]
fn rows_from_the_top_are_said_to_be_so() {
    let folder = folder();
    let path = folder.path();
    let spacing = format!("{DX},{DY}");
    let fields = |of: fn(&Array2<f64>) -> Array2<f64>| {
        ["u", "v"].map(|c| Array::new(c, &["", ""], of(&component(usize::from(c == "v")))))
    };
    write(&path.join("image.npz"), &fields(upside_down));
    read_as_plain(path, &["image.npz", "--y", "down", "--spacing", &spacing], 1e-12);
    plain(path);
    refused(path, &["decompose", "plain.npz", "--y", "down"], &["rises", "leave --y out"]);
}

#[test]
fn components_of_other_directions_are_not_mixed() {
    let folder = folder();
    let path = folder.path();
    let file = |name: &str, names: [&str; 2], axes: [&str; 2]| {
        let of = |k: usize| {
            Array::new(["u", "v"][k], &["y", "x"], component(k)).text("standard_name", names[k])
        };
        write(
            &path.join(name),
            &[
                of(0),
                of(1),
                Array::new("x", &["x"], x()).text("standard_name", axes[0]),
                Array::new("y", &["y"], y()).text("standard_name", axes[1]),
            ],
        );
    };
    let east = ["eastward_wind", "northward_wind"];
    let projected = ["projection_x_coordinate", "projection_y_coordinate"];
    file("turned.nc", east, projected);
    refused(path, &["decompose", "turned.nc"], &["east and north", "projection_x_coordinate"]);
    file("rotated.nc4", east, ["grid_longitude", "grid_latitude"]);
    refused(path, &["decompose", "rotated.nc4", "--metric", "plane"], &["east and north"]);
    file("mixed.nc", ["eastward_wind", "y_wind"], ["", ""]);
    refused(path, &["decompose", "mixed.nc"], &["along the grid"]);
    file("fits.nc", ["x_wind", "y_wind"], projected);
    read_as_plain(path, &["fits.nc"], 1e-12);
}

#[test]
fn what_looks_as_if_it_belonged_is_named() {
    let folder = folder();
    let path = folder.path();
    write(
        &path.join("f.nc"),
        &[
            Array::new("u", &["y", "x"], component(0)),
            Array::new("v", &["y", "x"], component(1)),
            Array::new("w", &["y", "x"], component(1)),
            Array::new("land_mask", &["y", "x"], component(0).mapv(|v| f64::from(v > 0.0))),
            Array::new("lon", &["x"], x()),
            Array::new("x", &["x"], x()).text("units", "m"),
            Array::new("y", &["y"], y()).text("units", "m"),
            Array::new("pressure", &["y", "x"], component(0)),
        ],
    );
    let says = hodge(path, &["decompose", "f.nc"]).err;
    for words in [
        "`w` looks like a third component",
        "`land_mask` looks like a mask",
        "--mask land_mask",
        "`lon` looks like coordinates",
    ] {
        assert!(says.contains(words), "{words}: {says}");
    }
    assert!(!says.contains("`pressure`") && !says.contains("`x` looks"), "{says}");
}
