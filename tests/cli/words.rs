//! Words of the table and of messages: what was found, and the option that settles it.

use crate::{folder, hodge, json_lines, refused, smooth, write_npz};
use ndarray::{Array1, Array2, Array3, Array4, Axis, s};
use ndarray_npy::{NpzWriter, write_npy};

fn table(folder: &std::path::Path, arguments: &[&str]) -> String {
    let outcome = hodge(folder, &[&["decompose"], arguments].concat());
    assert_eq!(outcome.code, 0, "{arguments:?}: {}", outcome.err);
    outcome.out
}

fn line<'a>(table: &'a str, begin: &str) -> &'a str {
    let found = table.lines().find(|line| line.starts_with(begin));
    found.unwrap_or_else(|| panic!("no line {begin:?} in {table}"))
}

const CONSERVATIVE: &str = "how much is the closest conservative field?";
const FREE: &str = "how much is the nearest divergence-free field?";
const CROSSING: &str = "how much crosses windows and coasts or circles islands";

#[test]
fn every_table_answers_or_says_that_there_is_no_answer() {
    let folder = folder();
    let path = folder.path();
    let wave = |i: usize| (std::f64::consts::TAU * i as f64 / 12.0).cos();
    // Of 4 units of energy 1 is a gradient, 1 solenoidal and 2 the mean flow.
    let flow = Array3::from_shape_fn((2, 12, 12), |(c, _, i)| {
        1.0 + std::f64::consts::SQRT_2 * wave(i) * [1.0, 1.0][c]
    });
    write_npy(path.join("f.npy"), &flow).unwrap();
    for method in ["spectral", "staggered"] {
        let found = table(path, &["f.npy", "--periodic", "x,y", "--method", method]);
        assert!(line(&found, CONSERVATIVE).contains("one convention"), "{found}");
        assert!(line(&found, CROSSING).contains('–'), "{found}");
        if method == "spectral" {
            assert!(line(&found, CONSERVATIVE).contains("25.0000 %"), "{found}");
            assert!(line(&found, FREE).contains("75.0000 %"), "{found}");
        }
        let json = ["decompose", "f.npy", "--periodic", "x,y", "--method", method];
        let report = &json_lines(&hodge(path, &[&json[..], &["--format", "json"]].concat()).out)[0];
        for key in ["answers", "by_convention"] {
            assert_eq!(report.get(key), Some(&serde_json::Value::Null), "{report}");
        }
    }
    let part = |k| smooth(9, 8).index_axis(Axis(0), k).to_owned();
    write_npz(&path.join("d.npz"), &[("u", part(0)), ("v", part(1)), ("p", Array2::ones((9, 8)))]);
    let found = table(path, &["d.npz", "--datasets", "u,v", "--density", "p"]);
    assert!(line(&found, CONSERVATIVE).contains("density"), "{found}");
    assert!(line(&found, FREE).contains('–') && line(&found, CROSSING).contains('–'), "{found}");
}

#[test]
fn one_piece_is_not_many_and_nothing_has_no_sign() {
    let folder = folder();
    let path = folder.path();
    let mut holed = smooth(12, 14);
    holed.slice_mut(s![.., 5..7, 6..9]).fill(f64::NAN);
    write_npy(path.join("holed.npy"), &holed).unwrap();
    let found = table(path, &["holed.npy", "--mask", "nan"]);
    assert!(found.contains(": 1 piece of fluid, 1 independent loop\n"), "{found}");
    assert!(line(&found, "  of it, circling islands").contains(" %  harmonic part of no-flux"));
    assert!(found.contains("this says nothing about the data"), "{found}");
    for run in [&["holed.npy", "--mask", "nan"][..], &["analytic:B4", "--n", "16"]] {
        let found = table(path, run);
        assert!(!found.contains("-0.0000"), "{found}");
    }
}

#[test]
fn messages_name_the_option_that_helps() {
    let folder = folder();
    let path = folder.path();
    let mut missing = smooth(6, 7);
    missing[[0, 1, 2]] = f64::NAN;
    write_npy(path.join("nan.npy"), &missing).unwrap();
    refused(path, &["decompose", "nan.npy"], &["--mask nan", "--mask DATASET"]);
    write_npy(path.join("last.npy"), &Array3::<f64>::ones((6, 7, 2))).unwrap();
    refused(path, &["decompose", "last.npy"], &["--axes y,x,c"]);
    write_npy(path.join("both.npy"), &Array4::<f64>::ones((3, 2, 6, 7))).unwrap();
    refused(path, &["decompose", "both.npy"], &["--axes c,z,y,x or --axes t,c,y,x"]);
    let ones = |ny, nx| Array2::<f64>::ones((ny, nx));
    write_npz(&path.join("names.npz"), &[("first", ones(6, 7)), ("second", ones(6, 7))]);
    refused(path, &["decompose", "names.npz"], &["--datasets"]);
    write_npz(&path.join("c.npz"), &[("u", ones(6, 8)), ("v", ones(7, 7))]);
    refused(path, &["decompose", "c.npz"], &["--staggered --datasets u,v"]);
    let mut npz = NpzWriter::new(std::fs::File::create(path.join("uneven.npz")).unwrap());
    npz.add_array("u", &ones(6, 4)).unwrap();
    npz.add_array("v", &ones(6, 4)).unwrap();
    npz.add_array("x", &Array1::from(vec![0.0, 1.0, 0.5, 3.0])).unwrap();
    npz.finish().unwrap();
    refused(path, &["decompose", "uneven.npz"], &["--spacing"]);
    write_npz(&path.join("d.npz"), &[("u", ones(6, 7)), ("v", ones(6, 7)), ("p", ones(6, 7))]);
    let density = ["decompose", "d.npz", "--datasets", "u,v", "--density", "p"];
    let with = |more: &[&'static str]| [&density[..], more].concat();
    let all = with(&["--boundary", "all"]);
    refused(path, &all, &["--boundary all", "--density", "leave --boundary out"]);
    refused(path, &with(&["--backend", "transform"]), &["--backend transform", "--density"]);
    // Errors of the library, to which the program adds its options.
    let mut holed = smooth(12, 14);
    holed.slice_mut(s![.., 5..7, 6..9]).fill(f64::NAN);
    write_npy(path.join("holed.npy"), &holed).unwrap();
    let masked = ["decompose", "holed.npy", "--mask", "nan"];
    let with = |more: &[&'static str]| [&masked[..], more].concat();
    refused(path, &with(&["--backend", "transform"]), &["(--backend cholesky or"]);
    let five = with(&["--boundary", "no-flux", "--five-parts"]);
    refused(path, &five, &["(--boundary normal-parallel)"]);
    write_npy(path.join("large.npy"), &(1e300 * smooth(6, 7))).unwrap();
    let single = ["decompose", "large.npy", "--precision", "f32"];
    refused(path, &single, &["(--precision f64)"]);
}

#[test]
fn what_all_conventions_do_not_write_is_refused() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("f.npy"), &smooth(6, 7)).unwrap();
    for option in ["--faces", "--potentials"] {
        refused(path, &["decompose", "f.npy", "--boundary", "all", option], &[option, "all"]);
    }
    refused(
        path,
        &["decompose", "f.npy", "--backend", "magic"],
        &["transform, separable, cholesky, multigrid"],
    );
}

#[test]
fn every_file_that_was_written_is_named() {
    let folder = folder();
    let path = folder.path();
    let said = hodge(path, &["demo", "--n", "16"]).err;
    for file in ["hodge-demo.h5", "hodge-demo.png"] {
        assert!(said.lines().any(|line| line == format!("wrote {file}")), "{said}");
    }
    assert_eq!(hodge(path, &["demo", "--n", "16", "--quiet"]).err, "");
    let points: String =
        (0..40).map(|i| format!("{},{}\n", (i as f64).sin(), (i as f64).cos())).collect();
    std::fs::write(path.join("points.csv"), points).unwrap();
    let train = ["train", "points.csv", "-o", "n.safetensors", "--units", "4"];
    let outcome = hodge(path, &[&train[..], &["--epochs", "2", "--snapshots", "0,2"]].concat());
    for file in ["n-0.safetensors", "n-2.safetensors", "n.safetensors"] {
        assert!(outcome.err.contains(&format!("wrote {file}\n")), "{}", outcome.err);
    }
    let snapshots = ["snapshots", "n-0.safetensors", "n-2.safetensors", "--domain=-1,1,-1,1"];
    let outputs = ["--n", "8", "-o", "s.h5", "--plot", "s.svg"];
    let outcome = hodge(path, &[&snapshots[..], &outputs].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    for file in ["s.h5", "s.svg"] {
        assert!(outcome.err.contains(&format!("wrote {file}\n")), "{}", outcome.err);
    }
    // The convention stands with the shares.
    let first = outcome.out.lines().next().unwrap();
    assert!(first.contains("staggered") && first.contains("no-flux"), "{first}");
    let json = hodge(path, &[&snapshots[..], &["--n", "8", "--format", "json"]].concat());
    assert_eq!(json_lines(&json.out)[0]["boundary"], "no-flux");
    let file = hdf5::File::open(path.join("s.h5")).unwrap();
    let boundary = file.group("training").unwrap().attr("boundary").unwrap();
    let boundary = boundary.read_scalar::<hdf5::types::VarLenUnicode>().unwrap();
    assert_eq!(boundary.as_str(), "no-flux");
}
