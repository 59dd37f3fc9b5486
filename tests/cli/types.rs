//! Types of numbers in NumPy's files, and formats that are known and not read.

use crate::uneven::report;
use crate::{folder, refused};
use ndarray_npy::write_npy;
use std::io::Write;
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Sixteenths, which half precision has exactly, without symmetry.
pub fn value(c: usize, j: usize, i: usize) -> f64 {
    ((7 * i + 3 * i * j + 5 * j * j + 11 * c * i) % 61) as f64 / 16.0 - 1.0
}

fn numbers() -> Vec<f64> {
    (0..126).map(|n| value(n / 63, n / 9 % 7, n % 9)).collect()
}

/// Half precision of a number that is one.
fn half(v: f64) -> u16 {
    if v == 0.0 {
        return 0;
    }
    let bits = v.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i32 - 1023 + 15;
    assert!((1..31).contains(&exponent) && bits << 22 == 0, "{v} in half precision");
    ((bits >> 63) as u16) << 15 | (exponent as u16) << 10 | (bits >> 42 & 0x3ff) as u16
}

pub fn npy(descriptor: &str, shape: &str, fortran: bool, data: &[u8]) -> Vec<u8> {
    let fortran = if fortran { "True" } else { "False" };
    let mut header =
        format!("{{'descr': '{descriptor}', 'fortran_order': {fortran}, 'shape': {shape}, }}");
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let length = (header.len() as u16).to_le_bytes();
    [&b"\x93NUMPY\x01\x00"[..], &length, header.as_bytes(), data].concat()
}

pub fn npz(path: &Path, members: &[(&str, Vec<u8>)]) {
    archive(path, CompressionMethod::Stored, members);
}

fn archive(path: &Path, method: CompressionMethod, members: &[(&str, Vec<u8>)]) {
    let mut archive = ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, bytes) in members {
        let options = SimpleFileOptions::default().compression_method(method);
        archive.start_file(*name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

#[test]
fn numbers_of_every_width_are_the_same_field() {
    let folder = folder();
    let path = folder.path();
    let values = numbers();
    let array = ndarray::Array3::from_shape_vec((2, 7, 9), values.clone()).unwrap();
    write_npy(path.join("expected.npy"), &array).unwrap();
    let expected = report(path, &["decompose", "expected.npy"]);
    let little: Vec<u8> = values.iter().flat_map(|v| half(*v).to_le_bytes()).collect();
    let big: Vec<u8> = values.iter().flat_map(|v| half(*v).to_be_bytes()).collect();
    let single: Vec<u8> = values.iter().flat_map(|v| (*v as f32).to_be_bytes()).collect();
    // The first index fastest.
    let turned: Vec<u8> =
        (0..126).flat_map(|n| half(value(n % 2, n / 2 % 7, n / 14)).to_le_bytes()).collect();
    for (descriptor, fortran, data) in
        [("<f2", false, little), (">f2", false, big), (">f4", false, single), ("<f2", true, turned)]
    {
        let bytes = npy(descriptor, "(2, 7, 9)", fortran, &data);
        std::fs::write(path.join("a.npy"), &bytes).unwrap();
        let other = ("other.npy", npy("<f2", "(2,)", false, &[0; 4]));
        let members = [other, ("field.npy", bytes)];
        npz(&path.join("a.npz"), &members);
        archive(&path.join("packed.npz"), CompressionMethod::Deflated, &members);
        for name in ["a.npy", "a.npz", "packed.npz"] {
            let found = report(path, &["decompose", name]);
            for number in ["cells", "energy", "fraction", "share_of_input"] {
                assert_eq!(found[number], expected[number], "{number} of {descriptor} in {name}");
            }
        }
    }
}

#[test]
fn complex_numbers_and_forged_sizes_are_refused() {
    let folder = folder();
    let path = folder.path();
    let complex = npy("<c16", "(7, 9)", false, &[0; 63 * 16]);
    let forged = npy("<f2", "(2, 1000000000, 1000000000)", false, &[0; 64]);
    let short = npy("<f2", "(2, 7, 9)", false, &[0; 64]);
    for (bytes, says) in [
        (complex, &["complex numbers", "two arrays, such as u = z.real"][..]),
        (forged, &[""]),
        (short, &["truncated"]),
    ] {
        std::fs::write(path.join("a.npy"), &bytes).unwrap();
        npz(&path.join("a.npz"), &[("field.npy", bytes)]);
        refused(path, &["decompose", "a.npy"], says);
        refused(path, &["decompose", "a.npz"], says);
    }
}

#[test]
fn formats_that_are_not_read_come_with_a_way_out() {
    let folder = folder();
    let path = folder.path();
    let at = |offset: usize, magic: &[u8]| [&vec![0; offset][..], magic, &[0; 300]].concat();
    for (name, bytes, says) in [
        ("a.grib", b"GRIB\0\0\0\x02".to_vec(), "cdo -f nc4 copy"),
        ("a.vc7", at(3, b"x"), "lvpyio"),
        ("a.IM7", at(3, b"x"), "lvpyio"),
        ("a.dcm", at(128, b"DICM"), "dcm2niix"),
        ("a.nii", at(344, b"n+1\0"), "nibabel"),
        ("a.nii.gz", b"\x1f\x8b\x08\0\0\0".to_vec(), "nibabel"),
        ("a.mat", b"MATLAB 5.0 MAT-file, Platform".to_vec(), "-v7.3"),
        ("a.hdf", b"\x0e\x03\x13\x01\0\0".to_vec(), "h4toh5"),
        ("a.h5.gz", b"\x1f\x8b\x08\0\0\0".to_vec(), "unpack it first"),
        ("a.tar", at(257, b"ustar\0"), "unpack it first"),
        ("a.parquet", b"PAR1\x15\x04\x15".to_vec(), "to_csv"),
        ("a.nrrd", b"NRRD0004\ntype: float\n".to_vec(), "SimpleITK"),
        ("a.cdl", b"netcdf a {\n".to_vec(), "ncgen"),
    ] {
        std::fs::write(path.join(name), bytes).unwrap();
        refused(path, &["decompose", name], &[name, "does not read", says]);
    }
    npz(&path.join("a.zip"), &[("a/.zgroup", b"{}".to_vec())]);
    refused(path, &["decompose", "a.zip"], &["Zarr", "open_zarr"]);
    npz(&path.join("a.xlsx"), &[("[Content_Types].xml", b"<x/>".to_vec())]);
    refused(path, &["decompose", "a.xlsx"], &["spreadsheet", "CSV"]);
    for marker in [".zarray", ".zgroup", "zarr.json"] {
        let store = path.join(format!("{marker}.zarr"));
        std::fs::create_dir(&store).unwrap();
        std::fs::write(store.join(marker), "{}").unwrap();
        refused(path, &["decompose", &format!("{marker}.zarr")], &["Zarr", "to_netcdf"]);
    }
    refused(path, &["decompose", "https://a.example/b.nc"], &["address", "download"]);
}
