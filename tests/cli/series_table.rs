//! A series in the table: one line a field, one line a kind of warning.

use crate::{folder, hodge, smooth};
use ndarray::{Array3, Array4, Axis, stack};
use ndarray_npy::write_npy;

/// Fields of which interpolation loses more from one to the next.
fn rough(count: usize) -> Array4<f64> {
    let one = smooth(10, 12);
    let zigzag = Array3::from_shape_fn((2, 10, 12), |(_, j, i)| 1.0 - 2.0 * ((i + j) % 2) as f64);
    let fields: Vec<_> = (0..count).map(|k| &one + &(&zigzag * (0.5 + k as f64))).collect();
    let views: Vec<_> = fields.iter().map(|field| field.view()).collect();
    stack(Axis(0), &views).unwrap()
}

#[test]
fn a_line_closes_and_says_what_it_is() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("s.npy"), &rough(5)).unwrap();
    let outcome = hodge(path, &["decompose", "s.npy"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let lines: Vec<&str> = outcome.out.lines().collect();
    assert_eq!(lines[0], "staggered, normal-parallel, 12 x 10 cells; percent of the input");
    for column in ["gradient", "solenoidal", "harmonic", "lost", "terms", "conserv.?", "circling?"]
    {
        assert!(lines[2].contains(column), "{}", lines[2]);
    }
    for line in &lines[3..8] {
        let numbers: Vec<f64> =
            line.split_whitespace().take(8).map(|word| word.parse().unwrap()).collect();
        assert!((numbers[..5].iter().sum::<f64>() - 100.0).abs() < 3e-4, "{line}");
        assert_eq!(numbers[7], numbers[2], "harmonic is what crosses: {line}");
    }
    assert_eq!(lines.len(), 9, "{}", outcome.out);
    let warning = lines[8];
    assert!(warning.starts_with("WARNING  interpolation") && warning.contains(" to "), "{warning}");
    assert!(warning.ends_with("(in 5 of 5 fields)"), "{warning}");
}

#[test]
fn the_same_error_is_said_once() {
    let folder = folder();
    let path = folder.path();
    let mut fields = rough(6);
    for k in 0..5 {
        fields[[k, 0, 3, 1 + k]] = f64::NAN;
    }
    write_npy(path.join("s.npy"), &fields).unwrap();
    let outcome = hodge(path, &["decompose", "s.npy"]);
    assert_eq!(outcome.code, 1);
    let errors: Vec<&str> = outcome.err.lines().filter(|l| l.starts_with("error:")).collect();
    assert_eq!(errors.len(), 1, "{}", outcome.err);
    for text in ["s.npy [0]", "--mask nan", "(5 fields fail in this way)"] {
        assert!(errors[0].contains(text), "{}", errors[0]);
    }
}
