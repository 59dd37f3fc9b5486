//! HDF5 files whose numbers are elsewhere, whose links go round, or that are damaged where the library does not look.

use crate::uneven::report;
use crate::variants::{Array, Kind, made, write};
use crate::{folder, hodge, refused};
use ndarray::Array2;

fn component(k: usize) -> Array2<f64> {
    Array2::from_shape_fn((6, 8), |(j, i)| ((3 * i + 5 * j + 7 * k) as f64).sin())
}

fn dataset(file: &hdf5::File, name: &str, k: usize) {
    file.new_dataset_builder().with_data(&component(k)).create(name).unwrap();
}

#[test]
fn numbers_in_other_files_are_refused_by_name() {
    let folder = folder();
    let path = folder.path();
    std::fs::write(path.join("secret.bin"), [7u8; 400]).unwrap();
    made(&path.join("outside.h5"), |file| {
        let builder = file.new_dataset::<f64>().external("secret.bin", 0, 384);
        builder.shape([6, 8]).create("u").unwrap();
        dataset(file, "v", 1);
    });
    refused(path, &["decompose", "outside.h5"], &["\"u\"", "another file", "secret.bin"]);
    let virtual_of = |file: &hdf5::File, source: &str, inner: &str| {
        let all = || hdf5::Selection::All;
        let builder = file.new_dataset::<f64>().shape([6, 8]);
        builder.virtual_map(source, inner, [6, 8], all(), [6, 8], all()).create("u").unwrap();
        dataset(file, "v", 1);
    };
    made(&path.join("lost.h5"), |file| virtual_of(file, "gone.h5", "data"));
    refused(path, &["decompose", "lost.h5"], &["\"u\"", "\"gone.h5\"", "cannot be opened"]);
    made(&path.join("self.h5"), |file| virtual_of(file, ".", "u"));
    refused(path, &["decompose", "self.h5"], &["made of itself"]);
    made(&path.join("source.h5"), |file| dataset(file, "data", 0));
    made(&path.join("there.h5"), |file| virtual_of(file, "source.h5", "data"));
    write(
        &path.join("plain.npz"),
        &["u", "v"].map(|c| Array::new(c, &["", ""], component(usize::from(c == "v")))),
    );
    let [found, wanted] = ["there.h5", "plain.npz"].map(|file| report(path, &["decompose", file]));
    assert_eq!(found["energy"], wanted["energy"]);
}

#[test]
fn links_that_go_round_are_walked_once() {
    let folder = folder();
    let path = folder.path();
    made(&path.join("ring.h5"), |file| {
        (0..4).for_each(|n| drop(file.create_group(&format!("g{n}")).unwrap()));
        for (n, other) in (0..16).map(|k| (k / 4, k % 4)) {
            file.link_hard(&format!("g{other}"), &format!("g{n}/to{other}")).unwrap();
        }
        dataset(file, "u", 0);
        dataset(file, "v", 1);
    });
    report(path, &["decompose", "ring.h5"]);
}

/// Whatever stands in the heap of texts, the run ends by itself.
#[test]
fn no_heap_ends_the_run_by_a_signal() {
    let folder = folder();
    let path = folder.path();
    let lat = ndarray::Array1::linspace(-20.0, 20.0, 6);
    write(
        &path.join("whole.nc4"),
        &[
            Array::new("u", &["lat", "lon"], component(0)).text("units", "m s-1"),
            Array::new("v", &["lat", "lon"], component(1)).text("units", "m s-1"),
            Array::new("lat", &["lat"], lat).text("units", "degrees_north"),
            Array::new("lon", &["lon"], ndarray::Array1::linspace(0.0, 70.0, 8))
                .text("units", "degrees_east"),
        ],
    );
    let whole = std::fs::read(path.join("whole.nc4")).unwrap();
    let heap = whole.windows(4).position(|bytes| bytes == b"GCOL").expect("a heap of texts");
    let mut codes = Vec::new();
    for size in [0, 1, 7, 4096, 1 << 40, u64::MAX, u64::MAX - 15, u64::MAX - 31] {
        // Of the first and the second object, whose headers have 16 bytes.
        for place in [heap + 24, heap + 48] {
            let mut bytes = whole.clone();
            bytes[place..place + 8].copy_from_slice(&size.to_le_bytes());
            std::fs::write(path.join("heap.nc4"), bytes).unwrap();
            codes.push(hodge(path, &["decompose", "heap.nc4"]).code);
        }
    }
    assert!(codes.iter().all(|code| matches!(code, 0 | 2)), "{codes:?}");
    assert!(codes.contains(&2), "{codes:?}");
}

/// Fails where a list that cannot be read is passed over, and where a sum that does not fit is not compared.
#[test]
fn damage_behind_the_headers_is_seen() {
    let folder = folder();
    let path = folder.path();
    let fields =
        || ["u", "v"].map(|c| Array::new(c, &["y", "x"], component(usize::from(c == "v"))));
    let list =
        |name: &str, n: usize| Array::new(name, &[name], ndarray::Array1::linspace(0.0, 1.0, n));
    let all = [&fields()[..], &[list("x", 8), list("y", 6)]].concat();
    write(&path.join("whole.nc"), &all);
    let bytes = std::fs::read(path.join("whole.nc")).unwrap();
    for cut in [1, 9, 40] {
        std::fs::write(path.join("cut.nc"), &bytes[..bytes.len() - cut]).unwrap();
        refused(path, &["decompose", "cut.nc"], &["cut.nc"]);
    }
    write(&path.join("whole.npz"), &all);
    let bytes = std::fs::read(path.join("whole.npz")).unwrap();
    let number = component(0)[[3, 4]].to_le_bytes();
    let place = bytes.windows(8).position(|found| found == number).expect("stored as it is");
    let mut flipped = bytes;
    flipped[place + 6] ^= 0x7f;
    std::fs::write(path.join("flipped.npz"), flipped).unwrap();
    refused(path, &["decompose", "flipped.npz"], &["damaged"]);
}

#[test]
fn attributes_mean_what_they_say_or_are_refused() {
    let folder = folder();
    let path = folder.path();
    let holes = |k: usize| {
        let mut values = component(k).mapv(|v| (1000.0 * v).round());
        values[[2, 3]] = -9999.0;
        values
    };
    for ending in ["nc", "nc4"] {
        let file = |name: &str, of: &dyn Fn(Array) -> Array| {
            let arrays = ["u", "v"].map(|c| {
                of(Array::new(c, &["y", "x"], holes(usize::from(c == "v"))).kind(Kind::I16))
            });
            let name = format!("{name}.{ending}");
            write(&path.join(&name), &arrays);
            name
        };
        let number = file("number", &|array| array.numbers("_FillValue", &[-9999.0]));
        let text = file("text", &|array| array.text("missing_value", "-9999"));
        let [a, b] =
            [number, text].map(|name| report(path, &["decompose", &name, "--mask", "nan"]));
        assert_eq!((&a["active_cells"], &a["energy"]), (&47.into(), &b["energy"]));
    }
}
