//! Files in and out: readers on written and on real files, results in other programs, pictures.

use crate::common::components;
use crate::needs;
use hodge::field::{Layout, VectorField};
use hodge::grid::{Axis, Domain, Grid, Topology};
use hodge::machine::PlaceError;
use hodge::output::picture::{Panel, Picture};
use hodge::output::{FieldGroup, Options, OutputError, ResultFile};
use hodge::source::file::{
    FileError, FileField, FileMetric, FileRequest, NumberType, finite_cells, open,
};
use ndarray::{Array1, Array2, Array3, Array4, ArrayD, IxDyn, ShapeBuilder, s};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

fn named(path: impl Into<PathBuf>, datasets: &[&str]) -> FileRequest {
    let datasets = datasets.iter().map(|d| d.to_string()).collect();
    FileRequest { datasets, ..FileRequest::new(path) }
}

pub fn message(request: &FileRequest) -> String {
    match open(request) {
        Ok(field) => panic!("opened {field:?}"),
        Err(e) => e.to_string(),
    }
}

fn noted(field: &FileField, text: &str) -> bool {
    field.notes().iter().any(|note| note.contains(text))
}

/// 1000 c + 100 z + 10 y + x: every value shows its position.
fn telling(shape: [usize; 4]) -> Array4<f64> {
    Array4::from_shape_fn(shape, |(c, k, j, i)| (1000 * c + 100 * k + 10 * j + i) as f64)
}

fn write_npy(path: &Path, array: &ArrayD<f64>) {
    ndarray_npy::write_npy(path, array).unwrap();
}

#[test]
fn npy_is_read_in_both_orders_and_sample_by_sample() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("series.npy");
    let series = Array4::from_shape_fn((5, 2, 3, 4), |(t, c, j, i)| {
        (1000 * t + 100 * c + 10 * j + i) as f64
    });
    let mut fortran = Array4::zeros((5, 2, 3, 4).f());
    fortran.assign(&series);
    for array in [series.clone(), fortran] {
        ndarray_npy::write_npy(&path, &array).unwrap();
        let field = open(&FileRequest::new(&path)).unwrap();
        assert_eq!((field.dims(), field.samples(), field.label(3)), (2, 5, "t=3".into()));
        assert_eq!((field.shape(), field.number_type()), (&[4, 3][..], NumberType::F64));
        assert_eq!(field.read(3).unwrap(), series.slice(s![3, .., .., ..]).into_dyn());
        assert!(matches!(field.read(5), Err(FileError::NoSuchSample { found: 5, count: 5 })));
    }
    let single = series.mapv(|v| v as f32).permuted_axes([3, 2, 1, 0]);
    ndarray_npy::write_npy(&path, &single).unwrap();
    let request = FileRequest { axes: Some("x,y,c,t".into()), ..FileRequest::new(&path) };
    let field = open(&request).unwrap();
    assert_eq!(field.number_type(), NumberType::F32);
    assert_eq!(field.read(4).unwrap(), series.slice(s![4, .., .., ..]).into_dyn());
}

#[test]
fn damaged_and_foreign_files_are_named_as_what_they_are() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = directory.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        message(&FileRequest::new(path))
    };
    assert!(message(&FileRequest::new(directory.path().join("none.h5"))).contains("no such file"));
    assert!(message(&FileRequest::new(directory.path())).contains("is a directory"));
    assert!(file("empty.h5", b"").contains("is empty"));
    assert!(file("classic.nc", b"CDF\x01aaaaaaaa").contains("damaged or truncated NetCDF-3"));
    assert!(file("data64.nc", b"CDF\x05aaaaaaaa").contains("damaged or truncated NetCDF-3"));
    assert!(
        file("flow.vtk", b"# vtk DataFile Version 3.0\nx").contains("damaged or truncated VTK")
    );
    assert!(file("piv.txt", b"a text of no table\n").contains("without rows of numbers"));
    assert!(file("noise.h5", b"\x00\x01\x02\x03\x04\x05").contains("not recognised"));
    assert!(file("cut.h5", b"\x89HDF\r\n\x1a\n\x00\x00").contains("damaged or truncated HDF5"));
    assert!(file("cut.npz", b"PK\x03\x04....").contains("damaged or truncated .npz"));
    assert!(file("cut.npy", b"\x93NUMPY\x01\x00\x76").contains("damaged or truncated .npy"));

    let path = directory.path().join("whole.npy");
    write_npy(&path, &ArrayD::zeros(IxDyn(&[2, 8, 8])));
    let bytes = std::fs::read(&path).unwrap();
    let short = file("short.npy", &bytes[..bytes.len() - 100]);
    assert!(short.contains("truncated") && short.contains("1152"), "{short}");

    let path = directory.path().join("whole.h5");
    let written = hdf5::File::create(&path).unwrap();
    written.new_dataset_builder().with_data(&Array2::<f64>::zeros((64, 64))).create("u").unwrap();
    written.close().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let short = file("short.h5", &bytes[..bytes.len() / 2]);
    assert!(short.contains("damaged or truncated HDF5"), "{short}");
}

#[test]
fn wrong_shapes_and_requests_are_refused_with_numbers() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.npy");
    write_npy(&path, &ArrayD::zeros(IxDyn(&[3, 2, 5, 6])));
    assert!(message(&FileRequest::new(&path)).contains("either one 3D field or 3 2D fields"));
    write_npy(&path, &ArrayD::zeros(IxDyn(&[5, 6, 2])));
    let text = message(&FileRequest::new(&path));
    assert!(text.contains("[5, 6, 2]") && text.contains("y,x,c"), "{text}");
    write_npy(&path, &ArrayD::zeros(IxDyn(&[2, 5, 6])));
    let with = |change: fn(&mut FileRequest)| {
        let mut request = FileRequest::new(&path);
        change(&mut request);
        message(&request)
    };
    let text = with(|r| r.spacing = Some(vec![1.0; 3]));
    assert!(text.contains("3 values of spacing given for a 2D field"), "{text}");
    assert!(with(|r| r.spacing = Some(vec![1.0, -2.0])).contains("spacing -2 given for axis y"));
    assert!(with(|r| r.origin = Some(vec![1.0, f64::NAN])).contains("origin NaN"));
    assert!(with(|r| r.datasets = vec!["u".into()]).contains("has no dataset \"u\"; it has array"));
    let mut complex = std::fs::read(&path).unwrap();
    let at = complex.windows(3).position(|w| w == b"<f8").unwrap();
    complex[at..at + 3].copy_from_slice(b"<c8");
    std::fs::write(&path, complex).unwrap();
    assert!(message(&FileRequest::new(&path)).contains("real or integer numbers are needed"));
}

#[test]
fn npz_gives_components_and_coordinates() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("flow.npz");
    let all = telling([2, 1, 3, 4]);
    let write = |third: &str| {
        let mut npz = ndarray_npy::NpzWriter::new_compressed(std::fs::File::create(&path).unwrap());
        let component = |c: usize| all.slice(s![c, 0, .., ..]).mapv(|v| v as i32);
        npz.add_array("u", &component(0)).unwrap();
        npz.add_array(third, &component(1)).unwrap();
        npz.add_array("x", &Array1::from(vec![1.0, 1.5, 2.0, 2.5])).unwrap();
        npz.add_array("y", &Array1::from(vec![30.0f32, 20.0, 10.0])).unwrap();
        npz.finish().unwrap();
    };
    write("v");
    let field = open(&FileRequest::new(&path)).unwrap();
    assert_eq!((field.datasets(), field.samples()), (&["u".to_string(), "v".into()][..], 1));
    assert_eq!((field.spacing(), field.origin()), (&[0.5, 10.0][..], &[1.0, 10.0][..]));
    assert_eq!(field.number_type(), NumberType::Integer);
    assert!(noted(&field, "axis y runs downwards"), "{:?}", field.notes());
    let turned = all.slice(s![.., 0, ..;-1, ..]).to_owned().into_dyn();
    assert_eq!(field.read(0).unwrap(), turned);
    write("q");
    let text = message(&FileRequest::new(&path));
    assert!(text.contains("one dataset for each component") && text.contains("q [3, 4]"), "{text}");
}

/// A file with u, v of (time, lat, lon), packed, with fill values and descending latitude.
fn packed_file(path: &Path, latitudes: &[f32]) {
    let file = hdf5::File::create(path).unwrap();
    let stored = Array3::from_shape_fn((2, 3, 4), |(t, j, i)| (100 * t + 10 * j + i) as i16);
    for name in ["u", "v"] {
        let mut values = stored.clone();
        values[[1, 0, 2]] = -999;
        let dataset = file.new_dataset_builder().with_data(&values).create(name).unwrap();
        dataset.new_attr::<f64>().create("scale_factor").unwrap().write_scalar(&0.5).unwrap();
        dataset.new_attr::<f64>().create("add_offset").unwrap().write_scalar(&7.0).unwrap();
        dataset.new_attr::<i16>().create("_FillValue").unwrap().write_scalar(&-999i16).unwrap();
    }
    file.new_dataset_builder().with_data(latitudes).create("y").unwrap();
    file.new_dataset_builder().with_data(&[0f32, 1.0, 2.0, 3.0]).create("x").unwrap();
    let mask = Array2::from_shape_fn((3, 4), |(j, i)| (j, i) != (0, 2));
    file.new_dataset_builder().with_data(&mask).create("mask").unwrap();
    file.new_dataset_builder().with_data(&[1u8, 2]).create("odd").unwrap();
    file.close().unwrap();
}

#[test]
fn packed_values_fill_values_and_masks_are_understood() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("packed.h5");
    packed_file(&path, &[50.0, 48.0, 46.0]);
    let mut request = named(&path, &["u", "v"]);
    let field = open(&request).unwrap();
    assert_eq!((field.samples(), field.origin()[1], field.spacing()[1]), (2, 46.0, 2.0));
    let first = field.read(0).unwrap();
    assert_eq!((first[[0, 2, 3]], first[[1, 0, 0]]), (0.5 * 3.0 + 7.0, 0.5 * 20.0 + 7.0));
    let text = field.read(1).unwrap_err().to_string();
    assert!(text.contains("component x has 1 of 12") && text.contains("[2, 2]"), "{text}");

    request.mask = Some("mask".into());
    let masked = open(&request).unwrap();
    assert_eq!(masked.mask(0).unwrap().unwrap().iter().position(|a| !a), Some(2 * 4 + 2));
    assert!(masked.read(1).unwrap()[[0, 2, 2]].is_nan(), "missing outside the mask is kept");

    request.mask = None;
    request.allow_missing = true;
    request.fill_value = Some(112.0);
    let values = open(&request).unwrap().read(1).unwrap();
    assert!(values[[1, 2, 2]].is_nan() && values[[0, 1, 2]].is_nan());
    assert_eq!(finite_cells(components(&values)).iter().filter(|f| !**f).count(), 2);

    request.mask = Some("odd".into());
    assert!(message(&request).contains("\"odd\" has shape [2]"));
}

#[test]
fn uneven_coordinates_are_kept_and_others_refused_unless_overridden() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("stretched.h5");
    packed_file(&path, &[50.0, 48.0, 40.0]);
    let mut request = named(&path, &["u", "v"]);
    let uneven = open(&request).unwrap();
    assert_eq!((uneven.uneven(0), uneven.uneven(1)), (None, Some(&[40.0, 48.0, 50.0][..])));
    assert!(uneven.notes().iter().any(|note| note.contains("spacing of y from 2 to 8")));
    let folded = directory.path().join("folded.h5");
    packed_file(&folded, &[50.0, 40.0, 48.0]);
    let text = message(&named(&folded, &["u", "v"]));
    assert!(
        text.contains("axis y") && text.contains("turns back at index 2 (from 0), from 40 to 48")
    );
    request.spacing = Some(vec![1.0, 2.0]);
    let given = open(&request).unwrap();
    assert_eq!((given.spacing(), given.uneven(1)), (&[1.0, 2.0][..], None));
}

#[test]
fn datasets_that_do_not_fit_are_refused() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("odd.h5");
    let file = hdf5::File::create(&path).unwrap();
    file.new_dataset_builder().with_data(&Array2::<f64>::zeros((3, 4))).create("u").unwrap();
    file.new_dataset_builder().with_data(&Array2::<f32>::zeros((4, 3))).create("v").unwrap();
    let words = ["a", "b"].map(|w| w.parse::<hdf5::types::VarLenUnicode>().unwrap());
    file.new_dataset_builder().with_data(&words).create("words").unwrap();
    file.close().unwrap();
    let text = message(&named(&path, &["u", "v"]));
    assert!(text.contains("\"v\" has shape [4, 3], \"u\" has [3, 4]"), "{text}");
    assert!(message(&named(&path, &["u", "words"])).contains("holds text"));
    let text = message(&named(&path, &["u", "w"]));
    assert!(text.contains("no dataset \"w\"; it has u [3, 4], v [4, 3], words [2]"), "{text}");
    assert!(message(&named(&path, &["u", "none.h5::v"])).contains("no such file"));
    assert!(message(&named(&path, &["u"])).contains("(2, y, x)"));
}

#[test]
fn the_wind_over_the_north_atlantic() {
    let Some([path]) = needs::data(["wind/north_atlantic_500hpa.h5"]) else { return };
    let field = open(&FileRequest::new(path)).unwrap();
    assert_eq!((field.shape(), field.samples(), field.units()), (&[81, 41][..], 1, "m s-1"));
    assert!((field.spacing()[0] - 58970.016638).abs() < 1e-3, "{:?}", field.spacing());
    assert!((field.spacing()[1] - 83396.2).abs() < 0.1 && field.origin() == [0.0, 0.0]);
    assert!(noted(&field, "read from dimension scale `x`"), "{:?}", field.notes());
    let values = field.read(0).unwrap();
    assert_eq!(values.shape(), [2, 41, 81]);
    let file = hdf5::File::open(field.path()).unwrap();
    let v: Array2<f64> = file.dataset("v").unwrap().read().unwrap();
    assert_eq!(values.slice(s![1, .., ..]), v);
}

#[test]
fn currents_with_land_and_winds_in_two_files() {
    let Some([path, gulf_stream, caribbean, u]) = needs::data([
        "ocean/black_sea.nc",
        "ocean/gulf_stream.nc",
        "ocean/caribbean.nc",
        "wind/uwnd_mean.nc",
    ]) else {
        return;
    };
    assert!(open(&FileRequest::new(&path)).unwrap().is_on_sphere());
    let request = FileRequest {
        allow_missing: true,
        metric: Some(FileMetric::Plane),
        ..FileRequest::new(path)
    };
    let field = open(&request).unwrap();
    assert_eq!((field.datasets()[0].as_str(), field.shape()), ("ugos", &[120, 56][..]));
    assert_eq!((field.spacing(), field.origin()), (&[0.125; 2][..], &[27.0625, 40.0625][..]));
    let values = field.read(0).unwrap();
    let sea = finite_cells(components(&values)).iter().filter(|f| **f).count();
    let share = 1.0 - sea as f64 / (120.0 * 56.0);
    assert!((share - 0.59).abs() < 0.01, "land is {share}");
    let fastest = values.iter().filter(|v| v.is_finite()).fold(0.0f64, |m, v| m.max(v.abs()));
    assert!((0.1..3.0).contains(&fastest), "unpacked currents reach {fastest} m/s");
    assert!(field.warning().unwrap().contains("metric plane on angles"));
    let text = open(&FileRequest { allow_missing: false, ..request })
        .unwrap()
        .read(0)
        .unwrap_err()
        .to_string();
    assert!(text.contains("component x has") && text.contains("missing"), "{text}");

    for path in [gulf_stream, caribbean] {
        let request = FileRequest {
            allow_missing: true,
            metric: Some(FileMetric::Plane),
            ..FileRequest::new(path)
        };
        let field = open(&request).unwrap();
        assert_eq!(field.spacing(), [0.25, 0.25]);
        assert!(field.read(0).unwrap().iter().any(|v| v.is_nan()));
    }

    let winds = named(u, &["uwnd", "vwnd_mean.nc::vwnd"]);
    assert!(open(&winds).unwrap().is_on_sphere());
    let field = open(&FileRequest { metric: Some(FileMetric::Plane), ..winds }).unwrap();
    assert_eq!((field.samples(), field.shape()), (12, &[144, 73][..]));
    assert_eq!((field.origin(), field.spacing()), (&[0.0, -90.0][..], &[2.5, 2.5][..]));
    assert_eq!(field.label(1), "time=31");
    let values = field.read(6).unwrap();
    let file = hdf5::File::open(field.path()).unwrap();
    let u: Array3<f64> = file.dataset("uwnd").unwrap().read().unwrap();
    assert_eq!(values[[0, 0, 5]], u[[6, 72, 5]], "latitude is turned");
    assert!(noted(&field, "axis y runs downwards") && field.whole_circle() == Some("x"));
}

#[test]
fn flow_in_an_aorta() {
    let Some([path]) = needs::data(["mri/aorta.h5"]) else { return };
    let request = FileRequest {
        axes: Some("t,x,y,z".into()),
        spacing: Some(vec![1.188; 3]),
        mask: Some("mask>0".into()),
        ..named(path, &["u", "v", "w"])
    };
    let field = open(&request).unwrap();
    assert_eq!((field.dims(), field.shape(), field.samples()), (3, &[42, 38, 36][..], 1));
    assert_eq!((field.number_type(), field.label(0)), (NumberType::F32, String::new()));
    let values = field.read(0).unwrap();
    assert_eq!(values.shape(), [3, 36, 38, 42]);
    let file = hdf5::File::open(field.path()).unwrap();
    let read = |name: &str| file.dataset(name).unwrap().read::<f64, ndarray::Ix4>().unwrap();
    let (w, mask) = (read("w"), read("mask"));
    assert_eq!(values[[2, 7, 11, 30]], w[[0, 30, 11, 7]]);
    assert_eq!(
        field.mask(0).unwrap().unwrap()[(7 * 38 + 11) * 42 + 30],
        mask[[0, 30, 11, 7]] != 0.0
    );
    let active = field.mask(0).unwrap().unwrap().iter().filter(|a| **a).count();
    assert_eq!(active, mask.iter().filter(|m| **m != 0.0).count());
}

fn box_grid() -> Grid<3> {
    let axis = |n| Axis::over(0.0, 1.0, n, Topology::Bounded);
    Grid::new([axis(6), axis(5), axis(4)]).unwrap()
}

fn group<'a>(name: &str, faces: &'a VectorField<3>) -> FieldGroup<'a> {
    let grid = *faces.grid();
    let mut group = FieldGroup::on_grid(name, &grid, ["m"; 3]);
    let values = telling([3, 4, 5, 6]).into_dyn();
    group.add_array("input", values.clone(), "m s⁻¹", "the input");
    group.add_array("gradient", values, "m s⁻¹", "the gradient part");
    group.add_array("small", ArrayD::zeros(IxDyn(&[4, 5, 6])), "", "a scalar");
    group.add_vector("gradient", faces, "m s⁻¹", "gradient part");
    let attributes = serde_json::json!({
        "method": "staggered", "energy": {"gradient": 0.25, "input": 1}, "shape": [6, 5, 4],
        "walls": ["x", "y"], "converged": true, "unknown": null, "mixed": [1, "a"],
    });
    group.attributes = attributes.as_object().unwrap().clone();
    group
}

fn write_results(path: &Path, options: Options) {
    let mut file = ResultFile::create(path, false, options).unwrap();
    file.set_attributes(&[("command".into(), "hodge décompose x".into())]).unwrap();
    let faces = VectorField::zeros(box_grid(), Layout::Faces);
    for name in ["box", "other"] {
        file.write_group(&group(name, &faces)).unwrap();
    }
    assert_eq!(file.finish().unwrap(), path);
}

#[test]
fn results_are_read_back_as_inputs() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    for (name, single_precision) in [("double.h5", false), ("single.h5", true)] {
        let path = directory.path().join(name);
        write_results(&path, Options { deflate: Some(4), single_precision });
        let field = open(&FileRequest::new(&path)).unwrap();
        assert_eq!((field.samples(), field.label(1)), (2, "other".into()));
        assert_eq!(field.number_type() == NumberType::F32, single_precision);
        assert_eq!((field.shape(), field.units()), (&[6, 5, 4][..], "m s⁻¹"));
        assert!((field.origin()[0] - 1.0 / 12.0).abs() < 1e-15);
        assert_eq!(field.read(1).unwrap(), telling([3, 4, 5, 6]).into_dyn());
        let part = open(&named(&path, &["fields/box/gradient"])).unwrap();
        assert_eq!(part.samples(), 1);
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 2, "no temporary is left");
}

#[test]
fn result_files_are_whole_or_not_there() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let entries = || std::fs::read_dir(directory.path()).unwrap().count();
    let path = directory.path().join("out.h5");
    let create = |path: &Path, overwrite| ResultFile::create(path, overwrite, Options::default());
    let mut file = create(&path, false).unwrap();
    let faces = VectorField::zeros(box_grid(), Layout::Faces);
    let group = |name| group(name, &faces);
    file.write_group(&group("box")).unwrap();
    assert!(matches!(file.write_group(&group("box")), Err(OutputError::DuplicateGroup { .. })));
    assert!(matches!(file.write_group(&group("a/b")), Err(OutputError::GroupName { .. })));
    let mut wrong = group("wrong");
    wrong.add_array("wide", ArrayD::zeros(IxDyn(&[3, 4, 5, 7])), "", "");
    let text = file.write_group(&wrong).unwrap_err().to_string();
    assert!(text.contains("[3, 4, 5, 7]") && text.contains("[3, 4, 5, 6]"), "{text}");
    wrong.datasets[0].axes[1] = "height".into();
    assert!(matches!(file.write_group(&wrong), Err(OutputError::UnknownAxis { .. })));
    drop(file);
    assert_eq!(entries(), 0, "an unfinished file leaves nothing");

    std::fs::write(&path, "precious").unwrap();
    let text = create(&path, false).unwrap_err().to_string();
    assert!(text.contains("exists"), "{text}");
    drop(create(&path, true).unwrap());
    assert_eq!(std::fs::read(&path).unwrap(), b"precious", "dropped: the old file stays");
    create(&path, true).unwrap().finish().unwrap();
    assert!(std::fs::read(&path).unwrap().starts_with(b"\x89HDF"));
    let missing = create(&directory.path().join("no/out.h5"), false).unwrap_err();
    assert!(matches!(missing, OutputError::Place(PlaceError::NoDirectory { .. })), "{missing}");
    assert!(matches!(
        create(directory.path(), true),
        Err(OutputError::Place(PlaceError::Directory { .. }))
    ));
    assert_eq!(entries(), 1);
}

/// Runs a program. A child inherits the open HDF5 files and with them their locks, so none is
/// started while another test writes one.
fn run(command: &mut Command) -> std::io::Result<Output> {
    let child = {
        let _alone = WRITING.write().unwrap_or_else(PoisonError::into_inner);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?
    };
    child.wait_with_output()
}

/// Held by tests that write HDF5.
static WRITING: RwLock<()> = RwLock::new(());

pub fn writing() -> RwLockReadGuard<'static, ()> {
    WRITING.read().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn other_programs_open_results_with_coordinates() {
    let Some(python) = needs::python() else { return };
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("out.h5");
    let guard = writing();
    write_results(&path, Options { deflate: Some(4), single_precision: false });
    drop(guard);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/read_output.py");
    let done = run(Command::new(python).arg(script).arg(&path)).unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}{errors}");
}

#[test]
fn pictures_are_drawn_whole() {
    let axis = |n| Axis::over(0.0, 1.0, n, Topology::Bounded);
    let grid = Grid::new([axis(32), axis(24)]).unwrap();
    let field = VectorField::sample(grid, Layout::Points, |[x, y]| [y - 0.5, 0.5 - x]);
    let domain = Domain::masked(grid, (0..32 * 24).map(|at| at % 32 > 4).collect()).unwrap();
    let panels = vec![
        Panel::of_field("input", &field, &domain),
        Panel::of_field("nothing", &VectorField::zeros(grid, Layout::Points), &domain),
    ];
    let picture = Picture { headline: "rotation".into(), panels, ..Picture::default() };
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("rotation.png");
    assert_eq!(picture.draw(&path, false).unwrap(), path);
    let bytes = std::fs::read(&path).unwrap();
    assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 20_000, "{} bytes", bytes.len());
    assert!(matches!(
        picture.draw(&path, false),
        Err(OutputError::Place(PlaceError::Exists { .. }))
    ));
    picture.draw(&path, true).unwrap();
    let mut broken = picture.clone();
    broken.panels[1].u.pop();
    let text = broken.draw(&path, true).unwrap_err().to_string();
    assert!(text.contains("\"nothing\" has 768 points, but 767 values of u"), "{text}");
    broken.panels.clear();
    assert!(matches!(broken.draw(&path, true), Err(OutputError::NoPanels)));
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "a failed drawing keeps the old picture");
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
}
