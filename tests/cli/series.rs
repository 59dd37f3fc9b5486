//! Series whose fields follow each other in the same arrays.

use crate::{folder, hodge, smooth};
use ndarray::{Array3, Array4, Axis, s};
use ndarray_npy::write_npy;
use std::path::Path;

fn input(folder: &Path, t: usize) -> Array3<f64> {
    let file = hdf5::File::open(folder.join("out.h5")).unwrap();
    let all: Array4<f64> = file.dataset("input").unwrap().read().unwrap();
    all.index_axis_move(Axis(0), t)
}

/// Five fields, the second without a middle and the fourth without a corner.
fn series() -> Array4<f64> {
    let one = smooth(12, 14);
    let all: Vec<_> = (0..5).map(|t| (1.0 + t as f64) * &one).collect();
    let views: Vec<_> = all.iter().map(|field| field.view()).collect();
    let mut series = ndarray::stack(Axis(0), &views).unwrap();
    series.slice_mut(s![1, .., 4..6, 5..9]).fill(f64::NAN);
    series.slice_mut(s![3, .., ..2, ..3]).fill(f64::NAN);
    series
}

/// No field sees the mask or the numbers of the one before.
#[test]
fn fields_of_a_series_do_not_mix() {
    let (folder, series) = (folder(), series());
    let path = |name: &str| folder.path().join(name);
    let single = series.mapv(|v| v as f32);
    for (name, precise) in [("double", true), ("single", false)] {
        match precise {
            true => write_npy(path("series.npy"), &series).unwrap(),
            false => write_npy(path("series.npy"), &single).unwrap(),
        }
        let arguments = ["decompose", "series.npy", "--mask", "nan", "-o", "out.h5", "--overwrite"];
        let outcome = hodge(folder.path(), &arguments);
        assert_eq!(outcome.code, 0, "{name}: {}", outcome.err);
        for t in 0..5 {
            let found = input(folder.path(), t);
            let wanted = match precise {
                true => series.index_axis(Axis(0), t).to_owned(),
                false => single.index_axis(Axis(0), t).mapv(f64::from),
            };
            let same = |a: &f64, b: &f64| a == b || (a.is_nan() && b.is_nan());
            assert!(found.iter().zip(&wanted).all(|(a, b)| same(a, b)), "{name} {t}");
        }
    }
}

/// A field that is refused leaves nothing of itself in the next.
#[test]
fn a_refused_field_does_not_reach_the_next() {
    let (folder, series) = (folder(), series());
    write_npy(folder.path().join("series.npy"), &series).unwrap();
    let outcome = hodge(folder.path(), &["decompose", "series.npy", "-o", "out.h5"]);
    assert_eq!(outcome.code, 1, "{}", outcome.err);
    for t in [0, 2, 4] {
        assert_eq!(input(folder.path(), t), series.index_axis(Axis(0), t), "{t}");
    }
}
