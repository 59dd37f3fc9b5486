//! Where the points are: coordinates under any name, steps, and refusals in place of a spacing of 1.

use crate::reading::{
    DX, DY, NX, NY, component, mesh, plain, read_as_plain, transposed, upside_down, x, y,
};
use crate::variants::{Array, Attribute, hdf5_with, write};
use crate::{folder, hodge, refused};
use ndarray::{Array1, Array2, Axis, concatenate, stack};

/// A list of the edges of cells around points.
fn edges(points: &Array1<f64>) -> Array1<f64> {
    let half = 0.5 * (points[1] - points[0]);
    let last = points[points.len() - 1] + half;
    concatenate![Axis(0), points - half, Array1::from(vec![last])]
}

fn fields(dims: [&str; 2]) -> Vec<Array> {
    ["u", "v"].map(|c| Array::new(c, &dims, component(usize::from(c == "v")))).into()
}

#[test]
fn coordinates_are_known_by_the_names_that_people_give_them() {
    let folder = folder();
    let path = folder.path();
    let names = [
        ["x1", "x2"],
        ["x1v", "x2v"],
        ["px", "py"],
        ["x_cc", "y_cc"],
        ["xc", "yc"],
        ["XX", "YY"],
        ["x_grid", "y_grid"],
        ["Xgrid", "Ygrid"],
        ["gridX", "gridY"],
        ["pos_x", "pos_y"],
        ["x_cell_centers", "y_cell_centers"],
        ["xvals", "yvals"],
        ["coords_x", "coords_y"],
    ];
    for (n, [a, b]) in names.into_iter().enumerate() {
        let name = format!("{n}.{}", ["npz", "h5", "nc"][n % 3]);
        let dims = if name.ends_with("nc") { ["row", "column"] } else { ["", ""] };
        for (lists, file) in [(true, format!("l{name}")), (false, format!("m{name}"))] {
            let mut arrays = fields(dims);
            match lists {
                true => {
                    arrays.extend([Array::new(a, &[dims[1]], x()), Array::new(b, &[dims[0]], y())])
                }
                // Momenta are called px as well.
                false if a == "px" => continue,
                false => {
                    arrays.extend([Array::new(a, &dims, mesh(0)), Array::new(b, &dims, mesh(1))])
                }
            }
            write(&path.join(&file), &arrays);
            read_as_plain(path, &[&file], 1e-12);
        }
    }
    // One more than there are points: edges of cells, here of uniform ones.
    for (n, [a, b]) in
        [["xf", "yf"], ["x1f", "x2f"], ["x_edges", "y_edges"]].into_iter().enumerate()
    {
        let name = format!("edges{n}.npz");
        let mut arrays = fields(["", ""]);
        arrays.extend([Array::new(a, &[""], edges(&x())), Array::new(b, &[""], edges(&y()))]);
        write(&path.join(&name), &arrays);
        read_as_plain(path, &[&name], 1e-12);
    }
}

#[test]
fn all_coordinates_in_one_array_are_taken_apart() {
    let folder = folder();
    let path = folder.path();
    for (n, (name, first, down)) in [
        ("coords", true, false),
        ("grid", false, true),
        ("xy", true, true),
        ("points", false, false),
    ]
    .into_iter()
    .enumerate()
    {
        let turned = |values: Array2<f64>| if down { upside_down(&values) } else { values };
        let at = Axis(if first { 0 } else { 2 });
        let both = stack(at, &[turned(mesh(0)).view(), turned(mesh(1)).view()]).unwrap();
        let file = format!("{n}.{}", ["npz", "h5"][n % 2]);
        let of = |c: &str, k| Array::new(c, &["", ""], turned(component(k)));
        write(&path.join(&file), &[of("u", 0), of("v", 1), Array::new(name, &["", "", ""], both)]);
        read_as_plain(path, &[&file], 1e-12);
    }
    // As numpy.mgrid makes them: the first runs along the first axis, and whether that is x is not said.
    let both = stack(Axis(0), &[mesh(1).view(), mesh(0).view()]).unwrap();
    let mut arrays = fields(["", ""]);
    arrays.push(Array::new("coords", &["", "", ""], both));
    write(&path.join("mgrid.npz"), &arrays);
    refused(path, &["decompose", "mgrid.npz"], &["coords", "--spacing"]);
}

/// Fails where an array that is nothing but coordinates is passed over, and 1 is taken.
#[test]
fn unknown_coordinates_stop_a_spacing_of_one() {
    let folder = folder();
    let path = folder.path();
    plain(path);
    let spacing = format!("{DX},{DY}");
    for (n, [a, b]) in [["a", "b"], ["radius", "arc"], ["theta", "phi"], ["east_m", "north_m"]]
        .into_iter()
        .enumerate()
    {
        for (kind, ending) in [("lists", "npz"), ("edges", "h5"), ("mesh", "nc"), ("mesh", "h5")] {
            let file = format!("{kind}{n}.{ending}");
            let dims = if ending == "nc" { ["row", "column"] } else { ["", ""] };
            let mut arrays = fields(dims);
            arrays.extend(match kind {
                "lists" => [Array::new(a, &[""], x()), Array::new(b, &[""], y())],
                "edges" => [Array::new(a, &[""], edges(&x())), Array::new(b, &[""], edges(&y()))],
                _ => [Array::new(a, &dims, mesh(0)), Array::new(b, &dims, mesh(1))],
            });
            write(&path.join(&file), &arrays);
            refused(path, &["decompose", &file], &[a, b, "--spacing"]);
            read_as_plain(path, &[&file, "--spacing", &spacing], 1e-12);
            let says = hodge(path, &["decompose", &file, "--spacing", &spacing]).err;
            assert!(says.contains(&format!("`{a}` looks like coordinates")), "{says}");
        }
    }
    // One axis alone is as wrong.
    let mut arrays = fields(["", ""]);
    arrays.extend([Array::new("x", &[""], x()), Array::new("other", &[""], y())]);
    write(&path.join("half.npz"), &arrays);
    refused(path, &["decompose", "half.npz"], &["other", "spacing of y"]);
    arrays.pop();
    write(&path.join("alone.npz"), &arrays);
    refused(path, &["decompose", "alone.npz"], &["y", "--spacing"]);
}

/// Numbers that are no coordinates, or say nothing else than a spacing of 1, stop nothing.
#[test]
fn other_arrays_do_not_stop_a_field_without_coordinates() {
    let folder = folder();
    let path = folder.path();
    let count = |n: usize| Array1::from_shape_fn(n, |i| i as f64);
    write(
        &path.join("f.npz"),
        &[
            Array::new("u", &["", ""], component(0)),
            Array::new("v", &["", ""], component(1)),
            Array::new("temperature", &["", ""], transposed(&transposed(&component(0)))),
            Array::new("index", &[""], count(NX)),
            Array::new("spectrum", &[""], Array1::from_shape_fn(NY, |j| (j as f64).sin())),
            Array::new("times", &[""], y()),
            Array::new("flat", &["", ""], Array2::from_elem((NY, NX), 3.0)),
            Array::new("few", &[""], count(4)),
        ],
    );
    read_as_plain(path, &["f.npz", "--spacing", &format!("{DX},{DY}")], 1e-12);
    let outcome = hodge(path, &["decompose", "f.npz"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
}

/// A number beside the fields, as an array or an attribute of the file or of a component.
#[test]
fn steps_take_the_place_of_coordinates() {
    let folder = folder();
    let path = folder.path();
    let one = |name: &str, value: f64| Array::new(name, &[""], Array1::from(vec![value]));
    for (n, [a, b]) in
        [["dx", "dy"], ["DX", "DY"], ["delta_x", "delta_y"], ["dxC", "dyC"], ["e1t", "e2t"]]
            .into_iter()
            .enumerate()
    {
        for (kind, ending) in
            [("numbers", "npz"), ("points", "h5"), ("points", "nc"), ("attributes", "nc4")]
        {
            let file = format!("{kind}{n}.{ending}");
            let dims = if ending == "npz" { ["", ""] } else { ["row", "column"] };
            let all = |v: f64| Array2::from_elem((NY, NX), v);
            let mut arrays = fields(dims);
            match kind {
                "numbers" => arrays.extend([one(a, DX), one(b, DY)]),
                "points" => {
                    arrays.extend([Array::new(a, &dims, all(DX)), Array::new(b, &dims, all(DY))])
                }
                _ => {}
            }
            let attribute = |name, value| ("/", name, Attribute::Numbers(vec![value]));
            match kind {
                "attributes" => {
                    hdf5_with(&path.join(&file), &arrays, &[attribute(a, DX), attribute(b, DY)])
                }
                _ => write(&path.join(&file), &arrays),
            }
            read_as_plain(path, &[&file], 1e-12);
            let says = hodge(path, &["decompose", &file]).err;
            assert!(says.contains(&format!("spacing of x 0.5 (read from")), "{says}");
        }
    }
    // One for each axis, all the same.
    let mut arrays = fields(["", ""]);
    arrays.push(Array::new("dx", &["", ""], Array2::from_elem((1, 2), DX)));
    write(&path.join("all.npz"), &arrays);
    let says = hodge(path, &["decompose", "all.npz"]).err;
    assert!(says.contains("spacing of x 0.5") && says.contains("spacing of y 0.5"), "{says}");
    // One over the distance, and attributes of a component.
    let mut arrays = fields(["eta_rho", "xi_rho"]);
    let all = |v: f64| Array2::from_elem((NY, NX), v);
    let dims = ["eta_rho", "xi_rho"];
    arrays.extend([Array::new("pm", &dims, all(1.0 / DX)), Array::new("pn", &dims, all(1.0 / DY))]);
    write(&path.join("roms.nc"), &arrays);
    read_as_plain(path, &["roms.nc"], 1e-12);
    for (name, [a, b]) in [("own.nc", ["dx", "dy"]), ("own.h5", ["x_spacing", "y_spacing"])] {
        let of = |field: Array| field.numbers(a, &[DX]).numbers(b, &[DY]);
        let arrays: Vec<Array> = fields(["j", "i"]).into_iter().map(of).collect();
        write(&path.join(name), &arrays);
        read_as_plain(path, &[name], 1e-12);
    }
}

/// Fails where a distance that is none of the axis is taken, or one beside other coordinates is passed over.
#[test]
fn steps_that_do_not_fit_are_refused() {
    let folder = folder();
    let path = folder.path();
    let made = |name: &str, more: Vec<Array>| {
        let mut arrays = fields(["j", "i"]);
        arrays.extend(more);
        write(&path.join(name), &arrays);
    };
    let one = |name: &str, value: f64| Array::new(name, &["one"], Array1::from(vec![value]));
    let everywhere = |name: &str, f: &dyn Fn(f64, f64) -> f64| {
        let values = Array2::from_shape_fn((NY, NX), |(j, i)| f(i as f64, j as f64));
        Array::new(name, &["j", "i"], values)
    };
    let curved = |i: f64, j: f64| 0.5 + 0.01 * i + 0.02 * j;
    made("curved.nc", vec![everywhere("e1t", &curved), everywhere("e2t", &curved)]);
    refused(path, &["decompose", "curved.nc"], &["`e1t`", "--spacing", "--metric-datasets"]);
    // Narrower to the north, as of longitudes.
    made("mercator.nc", vec![everywhere("pm", &|_, j| 2.0 + j), everywhere("pn", &|_, _| 5.0)]);
    refused(path, &["decompose", "mercator.nc"], &["`pm`", "--spacing"]);
    made("down.nc", vec![one("dx", DX), one("dy", -DY)]);
    refused(path, &["decompose", "down.nc"], &["`dy`", "-0.2", "positive"]);
    made("half.nc", vec![one("dx", DX)]);
    refused(path, &["decompose", "half.nc"], &["y", "--spacing"]);
    let lists = || [Array::new("x", &["i"], x()), Array::new("y", &["j"], y())];
    made("differ.nc", [&lists()[..], &[one("dx", 0.6), one("dy", DY)]].concat());
    refused(path, &["decompose", "differ.nc"], &["`dx`", "0.6", "0.5 apart"]);
    made("agree.nc", [&lists()[..], &[one("dx", DX), one("dy", DY)]].concat());
    read_as_plain(path, &["agree.nc"], 1e-12);
    made("both.nc", vec![Array::new("spacing", &["two"], Array1::from(vec![DX, DY]))]);
    refused(path, &["decompose", "both.nc"], &["`spacing`", "--spacing"]);
}

/// The widths of cells are those of an axis whose edges are their sums.
#[test]
fn widths_of_cells_are_an_uneven_axis() {
    let folder = folder();
    let path = folder.path();
    let widths = Array1::from_shape_fn(NX, |i| 0.3 + 0.02 * i as f64);
    let sums = |widths: &Array1<f64>| {
        let mut at = 0.0;
        let mut sums = vec![0.0];
        widths.iter().for_each(|width| {
            at += width;
            sums.push(at);
        });
        Array1::from(sums)
    };
    let all = |name: &str, dims: [&str; 2], values: Array1<f64>| {
        let along = usize::from(values.len() == NX);
        let values =
            Array2::from_shape_fn((NY, NX), |(j, i)| values[if along == 1 { i } else { j }]);
        Array::new(name, &dims, values)
    };
    let mut arrays = fields(["y", "x"]);
    let heights = Array1::from_elem(NY, DY);
    arrays.extend([
        Array::new("x_edges", &[""], sums(&widths)),
        Array::new("y_edges", &[""], sums(&heights)),
    ]);
    write(&path.join("edges.npz"), &arrays);
    let wanted = crate::uneven::report(path, &["decompose", "edges.npz"]);
    for (file, [a, b], dims) in [
        ("w.npz", ["dx", "dy"], ["", ""]),
        ("w.nc", ["e1t", "e2t"], ["row", "column"]),
        ("w.nc4", ["dxF", "dyF"], ["row", "column"]),
    ] {
        for lists in [true, false] {
            let mut arrays = fields(dims);
            arrays.extend(match lists {
                true => [
                    Array::new(a, &[dims[1]], widths.clone()),
                    Array::new(b, &[dims[0]], heights.clone()),
                ],
                false => [all(a, dims, widths.clone()), all(b, dims, heights.clone())],
            });
            let file = format!("{lists}{file}");
            write(&path.join(&file), &arrays);
            let found = crate::uneven::report(path, &["decompose", &file]);
            crate::reading::same(&found, &wanted, 1e-12, &file);
        }
    }
}

/// As WRF and MITgcm write them.
#[test]
fn files_of_models_on_planes_are_read_or_name_their_steps() {
    let folder = folder();
    let path = folder.path();
    let dims = ["south_north", "west_east"];
    let steps =
        [("/", "DX", Attribute::Numbers(vec![DX])), ("/", "DY", Attribute::Numbers(vec![DY]))];
    let named = |more: Vec<Array>| {
        let of = |c: &str, k| Array::new(c, &dims, component(k));
        [vec![of("U10", 0), of("V10", 1)], more].concat()
    };
    let ideal = |name: &str| Array::new(name, &dims, Array2::zeros((NY, NX)));
    hdf5_with(&path.join("ideal.nc4"), &named(vec![ideal("XLAT"), ideal("XLONG")]), &steps);
    read_as_plain(path, &["ideal.nc4"], 1e-12);
    let curved = |name: &str, a: f64, b: f64| {
        Array::new(
            name,
            &dims,
            Array2::from_shape_fn((NY, NX), |(j, i)| a * i as f64 + b * j as f64),
        )
    };
    let map = vec![curved("XLAT", 0.1, 1.0), curved("XLONG", 1.0, 0.1)];
    hdf5_with(&path.join("map.nc4"), &named(map), &steps);
    refused(
        path,
        &["decompose", "map.nc4"],
        &["curvilinear", "--spacing 0.5,0.2, as the file states"],
    );
    for (name, lists) in [("a.nc", true), ("b.nc", false)] {
        let dims = ["j", "i"];
        let mut arrays = vec![
            Array::new("UVEL", &dims, component(0)),
            Array::new("VVEL", &dims, component(1)),
            Array::new("DXC", &dims, Array2::from_elem((NY, NX), DX)),
            Array::new("DYC", &dims, Array2::from_elem((NY, NX), DY)),
        ];
        arrays.extend(match lists {
            true => [Array::new("XC", &["i"], x()), Array::new("YC", &["j"], y())],
            false => [Array::new("XC", &dims, mesh(0)), Array::new("YC", &dims, mesh(1))],
        });
        write(&path.join(name), &arrays);
        read_as_plain(path, &[name], 1e-12);
    }
}

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
