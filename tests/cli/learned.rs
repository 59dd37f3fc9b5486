//! `--method learned` and `learned-tied`: files, reports, and what they refuse.

use crate::{folder, hodge, json_lines};
use ndarray::{Array3, ArrayD};
use ndarray_npy::write_npy;

/// A field of two waves on 20 × 16 points with a hole: names of the parts, numbers of the fit, sums by another reader.
#[test]
fn parts_and_the_fit_are_written() {
    let folder = folder();
    let path = folder.path();
    let mut field = Array3::from_shape_fn((2, 16, 20), |(c, j, i)| {
        (0.2 * i as f64 + c as f64).sin() + (0.3 * j as f64).cos()
    });
    field[[0, 5, 6]] = f64::NAN;
    write_npy(path.join("f.npy"), &field).unwrap();
    let line = ["decompose", "f.npy", "--mask", "nan", "--method", "learned", "--units", "30"];
    let more = ["--seed", "7", "-o", "out.h5", "--format", "json"];
    let outcome = hodge(path, &[&line[..], &more].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let found = json_lines(&outcome.out).remove(0);
    let fit = &found["fit"];
    assert_eq!((fit["seed"].as_u64(), fit["units"].as_u64()), (Some(7), Some(30)), "{fit}");
    assert_eq!(found["boundary"], "no-flux");
    let share = found["share_of_input"]["gradient"].as_f64().unwrap();
    let residual = fit["residual"].as_f64().unwrap();
    assert!((share + residual * residual - 1.0).abs() < 1e-9, "{share} {residual}");
    let file = hdf5::File::open(path.join("out.h5")).unwrap();
    let read = |name: &str| -> ArrayD<f64> { file.dataset(name).unwrap().read_dyn().unwrap() };
    let sum = read("gradient") + read("rest");
    let gap = sum.iter().zip(&field).filter(|(_, v)| v.is_finite()).map(|(s, v)| (s - v).abs());
    assert_eq!(gap.clone().count(), 2 * 319);
    assert!(gap.fold(0.0, f64::max) < 1e-12);
    assert!(file.dataset("divergence_free").is_err() && file.dataset("solenoidal").is_err());
}

/// The cone is no convention: no question about one is answered.
#[test]
fn tied_networks_answer_no_question_about_all_gradients() {
    let folder = folder();
    let line = ["decompose", "analytic:S1", "--n", "16", "--method"];
    let of = |method| hodge(folder.path(), &[&line[..], &[method, "--units", "40"]].concat());
    let (free, tied) = (of("learned"), of("learned-tied"));
    assert_eq!((free.code, tied.code), (0, 0), "{} {}", free.err, tied.err);
    assert!(
        free.out.contains("closest conservative field") && free.out.contains("part under no-flux")
    );
    assert!(!tied.out.contains("closest conservative field") && !tied.out.contains("no-flux"));
    for outcome in [free, tied] {
        assert!(outcome.out.contains("fit of 40 units"), "{}", outcome.out);
        assert!(outcome.out.contains("the rest: solenoidal and harmonic"), "{}", outcome.out);
    }
}

#[test]
fn what_cannot_be_fitted_is_refused_with_the_way_out() {
    let folder = folder();
    let learned = ["decompose", "analytic:S1", "--n", "10", "--method", "learned"];
    let cases: [(Vec<&str>, &[&str]); 7] = [
        (
            vec!["decompose", "analytic:P1", "--method", "learned"],
            &["axis x", "not periodic", "--method staggered"],
        ),
        ([&learned[..], &["--units", "51"]].concat(), &["from 2 to 50 units", "not 51", "--units"]),
        ([&learned[..], &["--units", "1"]].concat(), &["not 1", "--units"]),
        (
            [&learned[..], &["--boundary", "zero-potential"]].concat(),
            &["no-flux", "leave --boundary out"],
        ),
        ([&learned[..], &["--potentials", "-o", "o.h5"]].concat(), &["leave --potentials out"]),
        (
            vec!["decompose", "analytic:S1", "--n", "3", "--method", "learned"],
            &["at least 4 points", "--method staggered"],
        ),
        (
            vec!["decompose", "analytic:S1", "--n", "10", "--units", "9"],
            &["--units", "--method learned"],
        ),
    ];
    for (line, words) in cases {
        let outcome = hodge(folder.path(), &line);
        assert_eq!(outcome.code, 2, "{line:?}: {} {}", outcome.out, outcome.err);
        for word in words {
            assert!(outcome.err.contains(word), "{line:?} without {word:?}: {}", outcome.err);
        }
    }
    assert!(!folder.path().join("o.h5").exists());
}
