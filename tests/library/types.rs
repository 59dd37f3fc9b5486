//! HDF5: half precision, compound values, and compression that the library does not know.

use crate::files::{message, writing};
use hdf5::H5Type;
use hodge::source::file::{FileRequest, NumberType, open};
use ndarray::{Array2, Array3, ArrayD};
use std::path::{Path, PathBuf};

/// As `tests/data/make_hdf5.py` writes them.
fn value(c: usize, j: usize, i: usize) -> f64 {
    ((7 * i + 3 * i * j + 5 * j * j + 11 * c * i) % 61) as f64 / 16.0 - 1.0
}

fn expected() -> ArrayD<f64> {
    Array3::from_shape_fn((2, 7, 9), |(c, j, i)| value(c, j, i)).into_dyn()
}

fn stored(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

#[test]
fn half_precision_is_read() {
    let field = open(&FileRequest::new(stored("half.h5"))).unwrap();
    assert_eq!(field.number_type(), NumberType::F32);
    assert_eq!(field.read(0).unwrap(), expected());
}

#[derive(Clone, Copy, H5Type)]
#[repr(C)]
struct Plain {
    u: f64,
    v: f64,
}

/// Other fields, types, order and names in capitals.
#[derive(Clone, Copy, H5Type)]
#[repr(C)]
struct Mixed {
    quality: i32,
    #[hdf5(rename = "Vy")]
    y: f64,
    #[hdf5(rename = "Vx")]
    x: f32,
}

#[derive(Clone, Copy, H5Type)]
#[repr(C)]
struct Complex {
    r: f64,
    i: f64,
}

fn write<T: H5Type>(path: &Path, of: impl Fn(usize, usize) -> T) {
    let file = hdf5::File::create(path).unwrap();
    let array = Array2::from_shape_fn((7, 9), |(j, i)| of(j, i));
    file.new_dataset_builder().with_data(&array).create("group/velocity").unwrap();
    file.close().unwrap();
}

#[test]
fn fields_of_compound_values_are_components() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("plain.h5");
    write(&path, |j, i| Plain { u: value(0, j, i), v: value(1, j, i) });
    let field = open(&FileRequest::new(&path)).unwrap();
    assert_eq!(field.datasets(), ["group/velocity/u", "group/velocity/v"]);
    assert_eq!(field.read(0).unwrap(), expected());
    let path = directory.path().join("mixed.h5");
    write(&path, |j, i| Mixed { quality: 3, y: value(1, j, i), x: value(0, j, i) as f32 });
    let field = open(&FileRequest::new(&path)).unwrap();
    assert_eq!(field.read(0).unwrap(), expected());
    let path = directory.path().join("complex.h5");
    write(&path, |j, i| Complex { r: value(0, j, i), i: value(1, j, i) });
    let said = message(&FileRequest::new(&path));
    assert!(said.contains("complex numbers") && said.contains("u = z.real"), "{said}");
}

#[test]
fn a_filter_that_is_missing_is_named_with_the_way_out() {
    let directory = tempfile::tempdir().unwrap();
    let lzf = std::fs::read(stored("lzf.h5")).unwrap();
    for (id, name) in [
        (32000u16, "lzf"),
        (32001, "blosc"),
        (32008, "bitshuffle"),
        (32015, "zstd"),
        (307, "bzip2"),
        (32026, "blosc2"),
        (31999, "number 31999"),
    ] {
        let mut bytes = lzf.clone();
        // The number stands eight bytes before the name in the message of the filters.
        let ends =
            (8..bytes.len() - 4).filter(|&k| lzf[k..].starts_with(b"lzf\0")).collect::<Vec<_>>();
        assert_eq!(ends.len(), 2, "one for each dataset");
        ends.iter().for_each(|k| bytes[k - 8..k - 6].copy_from_slice(&id.to_le_bytes()));
        let path = directory.path().join("a.h5");
        std::fs::write(&path, bytes).unwrap();
        let said = open(&FileRequest::new(&path)).unwrap().read(0).unwrap_err().to_string();
        for words in [name, "h5repack -f GZIP=4", "the file is sound"] {
            assert!(said.contains(words), "{id}: {said}");
        }
        assert!(!said.contains("damaged"), "{said}");
    }
}
