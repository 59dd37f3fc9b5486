//! Longitudes and latitudes, however a file marks them, are taken as a sphere or refused, never as lengths.

use crate::files::writing;
use hodge::source::file::{CoordinateError, FileError, FileMetric, FileRequest, open};
use ndarray::{Array1, Array2};
use std::ffi::{c_char, c_int, c_uint};
use std::path::Path;

/// How a file describes its axes.
struct Telling {
    /// Names of the arrays of coordinates, along x and along y.
    names: [&'static str; 2],
    units: [&'static str; 2],
    standard_names: [&'static str; 2],
    /// As dimension scales, as arrays beside the data, or as arrays of two dimensions.
    kind: Kind,
    columns: usize,
}

#[derive(Clone, Copy)]
enum Kind {
    Scales,
    Beside,
    Curvilinear,
}

fn telling(names: [&'static str; 2], units: [&'static str; 2], kind: Kind) -> Telling {
    Telling { names, units, standard_names: ["", ""], kind, columns: 6 }
}

pub fn text(dataset: &hdf5::Dataset, name: &str, value: &str) {
    let value: hdf5::types::VarLenUnicode = value.parse().unwrap();
    let attribute = dataset.new_attr::<hdf5::types::VarLenUnicode>().create(name).unwrap();
    attribute.write_scalar(&value).unwrap();
}

fn write(path: &Path, telling: &Telling) {
    let Telling { names, units, standard_names, kind, columns } = telling;
    let file = hdf5::File::create(path).unwrap();
    let data = Array2::<f64>::from_shape_fn((4, *columns), |(j, i)| (j + i) as f64);
    let fields =
        ["u", "v"].map(|name| file.new_dataset_builder().with_data(&data).create(name).unwrap());
    for k in 0..2 {
        let count = [*columns, 4][k];
        let along = Array1::from_iter((0..count).map(|i| 10.0 * i as f64));
        let builder = file.new_dataset_builder();
        let array = match kind {
            Kind::Curvilinear => builder.with_data(&data).create(names[k]).unwrap(),
            _ => builder.with_data(&along).create(names[k]).unwrap(),
        };
        let attributes = [("units", units[k]), ("standard_name", standard_names[k])];
        for (name, value) in attributes.into_iter().filter(|(_, value)| !value.is_empty()) {
            text(&array, name, value);
        }
        if matches!(kind, Kind::Scales) {
            make_scale(&array, names[k], &fields, 1 - k);
        }
    }
    file.close().unwrap();
}

// hdf5-sys links the high-level library without declaring it.
unsafe extern "C" {
    fn H5DSset_scale(dataset: hdf5_sys::h5i::hid_t, name: *const c_char) -> c_int;
    fn H5DSattach_scale(
        dataset: hdf5_sys::h5i::hid_t,
        scale: hdf5_sys::h5i::hid_t,
        axis: c_uint,
    ) -> c_int;
}

pub fn make_scale(scale: &hdf5::Dataset, name: &str, fields: &[hdf5::Dataset], axis: usize) {
    let name = std::ffi::CString::new(name).unwrap();
    // SAFETY: the datasets are open, the text ends in NUL, and the library's lock is held.
    hdf5::sync::sync(|| unsafe {
        assert!(H5DSset_scale(scale.id(), name.as_ptr()) >= 0);
        for field in fields {
            assert!(H5DSattach_scale(field.id(), scale.id(), axis as c_uint) >= 0);
        }
    });
}

#[test]
fn degrees_are_a_sphere_or_refused_however_they_are_told() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("globe.h5");
    let standard = Telling {
        standard_names: ["longitude", "latitude"],
        ..telling(["a", "b"], ["", ""], Kind::Scales)
    };
    let spheres = [
        telling(["x", "y"], ["degrees_east", "degrees_north"], Kind::Scales),
        telling(["i", "j"], ["degree_E", "degreeN"], Kind::Scales),
        telling(["lon", "lat"], ["", ""], Kind::Scales),
        telling(["rlon", "rlat"], ["degrees", "degrees"], Kind::Scales),
        standard,
        telling(["lon", "lat"], ["", ""], Kind::Beside),
        telling(["Longitude", "Latitude"], ["", ""], Kind::Beside),
    ];
    for telling in spheres {
        write(&path, &telling);
        assert!(open(&FileRequest::new(&path)).unwrap().is_on_sphere(), "{:?}", telling.names);
    }
    let told = [
        telling(["lon", "lat"], ["arc_minutes", "arc_minutes"], Kind::Scales),
        telling(["p", "q"], ["degrees_east", "degrees_north"], Kind::Curvilinear),
        telling(["p", "q"], ["decimal degrees", "decimal degrees"], Kind::Scales),
    ];
    for telling in told {
        write(&path, &telling);
        let request = FileRequest::new(&path);
        match open(&request) {
            Err(FileError::Coordinates(CoordinateError::Angles { coordinates, .. })) => {
                assert!(
                    telling.names.iter().any(|name| coordinates.contains(name)),
                    "{coordinates}"
                );
            }
            other => panic!("{:?} in {:?}: {other:?}", telling.names, telling.units),
        }
        let field = open(&FileRequest { metric: Some(FileMetric::Plane), ..request }).unwrap();
        assert!(field.warning().is_some() && !field.is_on_sphere());
    }
    write(&path, &telling(["nav_lon", "nav_lat"], ["", ""], Kind::Curvilinear));
    let request = FileRequest { metric: Some(FileMetric::Plane), ..FileRequest::new(&path) };
    let refused = open(&request).unwrap_err();
    assert!(matches!(refused, FileError::Coordinates(CoordinateError::Curvilinear { .. })));
    let spacing = Some(vec![0.1]);
    open(&FileRequest { spacing, ..request }).unwrap();
}

#[test]
fn lengths_are_taken_as_they_are() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("plane.h5");
    for telling in [
        telling(["x", "y"], ["m", "m"], Kind::Scales),
        telling(["lon", "lat"], ["km", "km"], Kind::Scales),
        telling(["x", "y"], ["", ""], Kind::Beside),
    ] {
        write(&path, &telling);
        let field = open(&FileRequest::new(&path)).unwrap();
        assert_eq!(field.warning(), None);
        assert_eq!(field.spacing(), [10.0, 10.0]);
    }
}

#[test]
fn a_meridian_that_comes_twice_is_refused_on_a_plane() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("circle.h5");
    for kind in [Kind::Scales, Kind::Beside] {
        let twice = telling(["lon", "lat"], ["degrees_east", "degrees_north"], kind);
        write(&path, &Telling { columns: 37, ..twice });
        let plane = FileRequest {
            metric: Some(FileMetric::Plane),
            datasets: vec!["u".into(), "v".into()],
            ..FileRequest::new(&path)
        };
        let found = open(&plane);
        let repeated = |error: &FileError| {
            matches!(error, FileError::Coordinates(CoordinateError::RepeatedMeridian { .. }))
        };
        assert!(found.as_ref().is_err_and(repeated), "{found:?}");
    }
}

/// A field in two groups with coordinates of their own; of `v` those along x are stored in single precision.
fn in_groups(path: &Path, x: &[f64; 2], units: [&str; 2], moved: f64) -> FileRequest {
    let file = hdf5::File::create(path).unwrap();
    for (name, off) in [("u", 0.0), ("v", moved)] {
        let group = file.create_group(&format!("of_{name}")).unwrap();
        let data = Array2::<f64>::from_shape_fn((4, 6), |(j, i)| (j * i) as f64);
        group.new_dataset_builder().with_data(&data).create(name).unwrap();
        let along_x = Array1::from_iter((0..6).map(|i| x[0] + off + x[1] * f64::from(i)));
        let along_y = Array1::from_iter((0..4).map(f64::from));
        let single = along_x.mapv(|value| value as f32);
        let builder = || group.new_dataset_builder();
        let x = match name {
            "u" => builder().with_data(&along_x).create("x").unwrap(),
            _ => builder().with_data(&single).create("x").unwrap(),
        };
        let y = builder().with_data(&along_y).create("y").unwrap();
        text(&x, "units", units[0]);
        text(&y, "units", units[1]);
    }
    file.close().unwrap();
    let datasets = ["of_u/u", "of_v/v"].map(String::from).to_vec();
    FileRequest { datasets, ..FileRequest::new(path) }
}

#[test]
fn coordinates_are_compared_within_their_digits_and_taken_to_one_unit() {
    let _writing = writing();
    let directory = tempfile::tempdir().unwrap();
    let mut count = 0;
    let mut path = || {
        count += 1;
        directory.path().join(format!("groups-{count}.h5"))
    };
    let mut of = |x: [f64; 2], units, moved| open(&in_groups(&path(), &x, units, moved));
    let third = [1e5, 1.0 / 3.0];
    assert!(of(third, ["m", "m"], 0.0).is_ok(), "single precision rounds 0.004 here");
    let error = of(third, ["m", "m"], 1.0 / 6.0).unwrap_err().to_string();
    assert!(
        error.contains("along axis x: at point 0") && error.contains("100000.0 and"),
        "{error}"
    );
    let field = of([0.0, 250.0], ["m", "km"], 0.0).unwrap();
    assert_eq!(
        (field.spacing(), field.axis_units()),
        (&[250.0, 1000.0][..], &["m", "m"].map(String::from)[..])
    );
    assert!(
        field.notes().iter().any(|note| note.contains("km to m: × 1000")),
        "{:?}",
        field.notes()
    );
    let error = of([0.0, 250.0], ["m", "hPa"], 0.0).unwrap_err().to_string();
    assert!(error.contains("\"m\"") && error.contains("\"hPa\""), "{error}");
    let given = FileRequest {
        spacing: Some(vec![1.0]),
        ..in_groups(&path(), &[0.0, 250.0], ["m", "hPa"], 0.0)
    };
    assert_eq!(open(&given).unwrap().spacing(), [1.0, 1.0]);
}
