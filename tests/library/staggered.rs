//! Fields on faces from files: shapes, coordinates, missing values, and results read back.

use crate::files::writing;
use hodge::decomposition::Method;
use hodge::field::{Layout, VectorField};
use hodge::grid::{Axis, Domain, Grid, Topology};
use hodge::output::{FieldGroup, Options, ResultFile};
use hodge::source::file::{FileError, FileRequest, cells_with_finite_faces, open};
use ndarray::{Array, Array1, Array2, ArrayD, Dimension, s};
use std::path::Path;

fn staggered(path: &Path, datasets: &[&str], periodic: &[usize]) -> FileRequest {
    FileRequest {
        datasets: datasets.iter().map(|d| d.to_string()).collect(),
        staggered: true,
        periodic: Some(periodic.into()),
        ..FileRequest::new(path)
    }
}

/// Components on faces without any structure.
fn rough<const D: usize>(grid: Grid<D>, seed: f64) -> VectorField<D> {
    let wave = |p: [f64; D], k: usize| {
        let phase: f64 = p.iter().enumerate().map(|(j, x)| (17.0 + j as f64 + k as f64) * x).sum();
        (seed + phase).sin() * (1.0 / 3.0 + phase.cos())
    };
    VectorField::sample(grid, Layout::Faces, |p| std::array::from_fn(|k| wave(p, k)))
}

fn write_faces<const D: usize>(path: &Path, name: &str, fields: &[(&str, &VectorField<D>)]) {
    let mut file = ResultFile::create(path, false, Options::default()).unwrap();
    for (group, field) in fields {
        let mut group = FieldGroup::on_grid(group, field.grid(), ["m"; D]);
        group.add_vector(name, field, "m/s", "field");
        file.write_group(&group).unwrap();
    }
    file.finish().unwrap();
}

/// An archive of arrays; those called x, y, x_face, … are coordinates.
fn write_npz<T: Dimension>(path: &Path, components: [&Array<f64, T>; 2], axes: &[(&str, &[f64])]) {
    let mut npz = ndarray_npy::NpzWriter::new(std::fs::File::create(path).unwrap());
    npz.add_array("u", components[0]).unwrap();
    npz.add_array("v", components[1]).unwrap();
    for (name, values) in axes {
        npz.add_array(*name, &Array1::from(values.to_vec())).unwrap();
    }
    npz.finish().unwrap();
}

/// 10 j + i, so that every value shows its position.
fn telling(ny: usize, nx: usize) -> Array2<f64> {
    Array2::from_shape_fn((ny, nx), |(j, i)| (10 * j + i) as f64)
}

#[test]
fn faces_of_a_result_file_come_back_to_the_last_bit() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("faces.h5");
    let grid = Grid::new([
        Axis::over(-1.0, 2.0, 5, Topology::Bounded),
        Axis::over(0.0, 1.0, 4, Topology::Periodic),
        Axis::over(0.5, 1.5, 6, Topology::Bounded),
    ])
    .unwrap();
    let (one, two) = (rough(grid, 0.3), rough(grid, 1.7));
    write_faces(&path, "input", &[("one", &one), ("two", &two)]);
    let field = open(&staggered(&path, &[], &[1])).unwrap();
    assert!(field.is_staggered());
    assert_eq!((field.shape(), field.samples()), (&[5, 4, 6][..], 2));
    assert_eq!((field.label(0), field.label(1)), ("one".into(), "two".into()));
    assert_eq!((field.units(), field.axis_units()[2].as_str()), ("m/s", "m"));
    for (k, axis) in grid.axes().iter().enumerate() {
        assert!((field.spacing()[k] - axis.spacing).abs() < 1e-14, "{:?}", field.spacing());
        assert!((field.origin()[k] - axis.point(0)).abs() < 1e-14, "{:?}", field.origin());
    }
    for (sample, written) in [one, two].iter().enumerate() {
        let faces = field.read_faces(sample).unwrap();
        let views = std::array::from_fn(|k| faces[k].view());
        assert_eq!(VectorField::from_faces(grid, views).unwrap(), *written);
    }
    assert!(matches!(field.read(0), Err(FileError::Layout { found: "on faces", .. })));
    let text = open(&staggered(&path, &[], &[])).unwrap_err().to_string();
    assert!(text.contains("expected (nz, ny+1, nx) = [6, 5, 5], found [6, 4, 5]"), "{text}");
}

#[test]
fn a_c_grid_with_samples_and_a_descending_axis() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("c-grid.npz");
    let (u, v) = (telling(3, 5), telling(4, 4));
    let series = |a: &Array2<f64>| ndarray::stack![ndarray::Axis(0), a.view(), (a + 100.0).view()];
    let axes: [(&str, &[f64]); 3] = [
        ("x", &[1.0, 1.5, 2.0, 2.5]),
        ("x_face", &[0.75, 1.25, 1.75, 2.25, 2.75]),
        ("y", &[30.0, 20.0, 10.0]),
    ];
    write_npz(&path, [&series(&u), &series(&v)], &axes);
    let field = open(&staggered(&path, &[], &[])).unwrap();
    assert_eq!((field.datasets(), field.samples()), (&["u".to_string(), "v".into()][..], 2));
    assert_eq!((field.origin(), field.spacing()), (&[1.0, 10.0][..], &[0.5, 10.0][..]));
    let faces = field.read_faces(1).unwrap();
    assert_eq!(faces[0], (&u.slice(s![..;-1, ..]) + 100.0).into_dyn());
    assert_eq!(faces[1], (&v.slice(s![..;-1, ..]) + 100.0).into_dyn());

    // Coordinates of the faces alone give the points between them.
    write_npz(&path, [&u, &v], &[("x", &[0.75, 1.25, 1.75, 2.25, 2.75]), axes[2]]);
    let field = open(&staggered(&path, &["u", "v"], &[])).unwrap();
    assert_eq!((field.origin()[0], field.spacing()[0]), (1.0, 0.5));

    write_npz(&path, [&u, &v], &[axes[0], ("x_face", &[1.0, 1.5, 2.0, 2.5, 3.0]), axes[2]]);
    let mut request = staggered(&path, &["u", "v"], &[]);
    let text = open(&request).unwrap_err().to_string();
    assert!(text.contains("faces of axis x begin at 1") && text.contains("at 0.75"), "{text}");
    request.spacing = Some(vec![0.5]);
    assert!(open(&request).is_ok(), "a spacing given stands above the coordinates");
}

#[test]
fn components_of_wrong_shape_are_refused_with_what_was_expected() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("points.npz");
    write_npz(&path, [&telling(6, 8), &telling(6, 8)], &[]);
    let text = |periodic: &[usize]| {
        open(&staggered(&path, &["u", "v"], periodic)).unwrap_err().to_string()
    };
    let both = text(&[]);
    assert!(both.contains("\"u\" expected (ny, nx+1) = [6, 9], found [6, 8]"), "{both}");
    assert!(both.contains("\"v\" expected (ny+1, nx) = [7, 8], found [6, 8]"), "{both}");
    let one = text(&[0]);
    assert!(one.contains("\"u\" expected (ny, nx) = [6, 8], found [6, 8]"), "{one}");
    let alone = open(&staggered(&path, &["u"], &[])).unwrap_err().to_string();
    assert!(alone.contains("1 dataset named") && alone.contains("one dataset for each axis"));
    assert!(matches!(
        open(&FileRequest { staggered: false, ..staggered(&path, &["u", "v"], &[]) })
            .unwrap()
            .read_faces(0),
        Err(FileError::Layout { found: "at points", .. })
    ));
}

#[test]
fn faces_of_a_periodic_axis_lie_before_their_points_whatever_its_direction() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("channel.npz");
    let (u, v) = (telling(3, 4), telling(4, 4));
    let read = |axes: &[(&str, &[f64])]| {
        write_npz(&path, [&u, &v], &[axes, &[("y", &[0.5, 1.5, 2.5])]].concat());
        let field = open(&staggered(&path, &["u", "v"], &[0])).unwrap();
        assert_eq!((field.origin()[0], field.spacing()[0]), (0.5, 1.0), "{axes:?}");
        field.read_faces(0).unwrap()
    };
    let rows = |order: [usize; 4]| u.select(ndarray::Axis(1), &order).into_dyn();
    let (up, down) = ([0.5, 1.5, 2.5, 3.5], [3.5, 2.5, 1.5, 0.5]);
    let same = [0, 1, 2, 3];
    assert_eq!(read(&[("x", &up)])[0], rows(same));
    assert_eq!(read(&[("x", &up), ("x_face", &[0.0, 1.0, 2.0, 3.0])])[0], rows(same));
    assert_eq!(read(&[("x_face", &[0.0, 1.0, 2.0, 3.0])])[0], rows(same));
    // Faces behind their points: the last one is the first.
    assert_eq!(read(&[("x", &up), ("x_face", &[1.0, 2.0, 3.0, 4.0])])[0], rows([3, 0, 1, 2]));
    // Downwards, face 0 lies between the last cell and the first as well.
    let turned = read(&[("x", &down)]);
    assert_eq!(turned[0], rows([0, 3, 2, 1]));
    assert_eq!(turned[1], v.slice(s![.., ..;-1]).to_owned().into_dyn());
    assert_eq!(read(&[("x", &down), ("x_face", &[4.0, 3.0, 2.0, 1.0])])[0], rows([0, 3, 2, 1]));
    assert_eq!(read(&[("x", &down), ("x_face", &[3.0, 2.0, 1.0, 0.0])])[0], rows([3, 2, 1, 0]));
}

#[test]
fn missing_values_may_stand_only_where_no_active_cell_has_the_face() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("coast.npz");
    let (mut u, v) = (telling(3, 5), telling(4, 4));
    u[[1, 2]] = f64::NAN;
    let mut npz = ndarray_npy::NpzWriter::new(std::fs::File::create(&path).unwrap());
    npz.add_array("u", &u).unwrap();
    npz.add_array("v", &v).unwrap();
    let mut land = Array2::from_elem((3, 4), 1.0);
    land[[1, 1]] = 0.0;
    npz.add_array("one", &land).unwrap();
    land[[1, 2]] = 0.0;
    npz.add_array("both", &land).unwrap();
    npz.finish().unwrap();
    let mut request = staggered(&path, &["u", "v"], &[]);
    let refused = |request: &FileRequest| {
        let text = open(request).unwrap().read_faces(0).unwrap_err().to_string();
        assert!(text.contains("component x has 1 of 15") && text.contains("[1, 2]"), "{text}");
    };
    refused(&request);
    request.mask = Some("one".into());
    refused(&request);
    request.mask = Some("both".into());
    assert!(open(&request).unwrap().read_faces(0).unwrap()[0][[1, 2]].is_nan());
    request.mask = None;
    request.allow_missing = true;
    let faces = open(&request).unwrap().read_faces(0).unwrap();
    let finite = cells_with_finite_faces(&[faces[0].view(), faces[1].view()], &[4, 3]);
    let out: Vec<usize> = (0..12).filter(|&cell| !finite[cell]).collect();
    assert_eq!(out, [5, 6], "the cells on both sides of the face");
}

#[test]
fn the_gradient_part_read_back_is_its_own_gradient_part() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("gradient.h5");
    let x = Axis::over(0.0, 1.0, 9, Topology::Bounded);
    let y = Axis::over(0.0, 2.0, 12, Topology::Periodic);
    let grid = Grid::new([x, y]).unwrap();
    let plan = Method::Staggered.plan(&Domain::full(grid), None, None).unwrap();
    let parts = plan.decompose(&rough(grid, 0.9)).unwrap();
    write_faces(&path, "gradient", &[("flow", &parts.gradient)]);
    let names = ["fields/flow/faces/gradient_x", "fields/flow/faces/gradient_y"];
    let faces = open(&staggered(&path, &names, &[1])).unwrap().read_faces(0).unwrap();
    let views: [ndarray::ArrayViewD<'_, f64>; 2] = std::array::from_fn(|k| faces[k].view());
    let read = VectorField::from_faces(grid, views).unwrap();
    assert_eq!(read, parts.gradient);
    let again = plan.decompose(&read).unwrap();
    let size = read.max_abs();
    assert!(size > 0.1);
    assert!(again.gradient.minus(&read).max_abs() < 1e-12 * size);
    assert!(again.solenoidal.max_abs() < 1e-12 * size);
    assert!(again.harmonic.max_abs() < 1e-12 * size);
}

#[test]
fn faces_of_another_shape_are_no_field() {
    let axis = |n| Axis::over(0.0, 1.0, n, Topology::Bounded);
    let grid = Grid::new([axis(4), axis(3)]).unwrap();
    let (u, v) = (ArrayD::<f64>::zeros(vec![3, 5]), ArrayD::<f64>::zeros(vec![3, 4]));
    let text = VectorField::from_faces(grid, [u.view(), v.view()]).unwrap_err().to_string();
    assert!(text.contains("[4, 4] (z, y, x) on the faces of y, found [3, 4]"), "{text}");
}
