//! Distances of points that files state without coordinates.

use crate::places::fields;
use crate::reading::{DX, DY, NX, NY, component, mesh, read_as_plain, x, y};
use crate::variants::{Array, Attribute, hdf5_with, write};
use crate::{folder, hodge, refused};
use ndarray::{Array1, Array2};

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
            assert!(says.contains("spacing of x 0.5 (read from"), "{says}");
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
