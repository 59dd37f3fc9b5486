//! Where the points are: coordinates under any name, and refusals in place of a spacing of 1.

use crate::reading::{
    DX, DY, NX, NY, component, mesh, plain, read_as_plain, transposed, upside_down, x, y,
};
use crate::variants::{Array, write};
use crate::{folder, hodge, refused};
use ndarray::{Array1, Array2, Axis, concatenate, stack};

/// A list of the edges of cells around points.
fn edges(points: &Array1<f64>) -> Array1<f64> {
    let half = 0.5 * (points[1] - points[0]);
    let last = points[points.len() - 1] + half;
    concatenate![Axis(0), points - half, Array1::from(vec![last])]
}

pub fn fields(dims: [&str; 2]) -> Vec<Array> {
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
