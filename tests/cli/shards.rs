//! Parts of a study, each by a run of its own.

use crate::{folder, hodge, smooth};
use ndarray::Axis;
use ndarray_npy::write_npy;
use std::path::Path;
use std::process::{Command, Stdio};

fn series(path: &Path, count: usize) {
    let one = smooth(10, 12);
    let all: Vec<_> = (0..count).map(|t| (1.0 + t as f64) * &one).collect();
    let views: Vec<_> = all.iter().map(|field| field.view()).collect();
    write_npy(path.join("s.npy"), &ndarray::stack(Axis(0), &views).unwrap()).unwrap();
}

/// Starts a part, so that several run at the same time.
fn start(path: &Path, shard: &str, output: &str) -> std::process::Child {
    use assert_cmd::cargo::CommandCargoExt;
    let mut command = Command::cargo_bin("hodge").unwrap();
    command.current_dir(path).args(["decompose", "s.npy", "--shard", shard, "-o", output]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Parts that two processes made at the same time are, merged in any order, what one run makes.
#[test]
fn merged_parts_are_one_run() {
    let folder = folder();
    let path = folder.path();
    series(path, 11);
    assert_eq!(hodge(path, &["decompose", "s.npy", "-o", "whole.h5"]).code, 0);
    let runs = [start(path, "1/2", "a.h5"), start(path, "2/2", "b.h5")];
    for mut run in runs {
        assert_eq!(run.wait().unwrap().code(), Some(0));
    }
    for (order, name) in [(["a.h5", "b.h5"], "ab.h5"), (["b.h5", "a.h5"], "ba.h5")] {
        let outcome = hodge(path, &["merge", order[0], order[1], "-o", name]);
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        assert!(
            crate::harm::contents(&path.join(name))
                == crate::harm::contents(&path.join("whole.h5")),
            "{name}"
        );
    }
    // What is missing or there twice is no study.
    let refused = |files: &[&str], says: &str| {
        let outcome = hodge(path, &[&["merge"], files, &["-o", "never.h5"]].concat());
        assert!(outcome.code == 2 && outcome.err.contains(says), "{}", outcome.err);
        assert!(!path.join("never.h5").exists());
    };
    refused(&["a.h5"], "no file holds field 5 of 11");
    refused(&["a.h5", "b.h5", "a.h5"], "hold the same fields");
    refused(&["whole.h5", "b.h5"], "whole.h5 is no result of a part");
    let other = ["decompose", "s.npy", "--shard", "2/2", "--boundary", "no-flux", "-o", "c.h5"];
    assert_eq!(hodge(path, &other).code, 0);
    refused(&["a.h5", "c.h5"], "different studies");
    crate::refused(path, &["decompose", "s.npy", "--shard", "3/2"], &["3/2", "I/N"]);
}

/// A file that says it is part 0, or one of none, is no part.
#[test]
fn parts_that_cannot_be_are_refused() {
    let folder = folder();
    let path = folder.path();
    series(path, 4);
    assert_eq!(hodge(path, &["decompose", "s.npy", "--shard", "1/1", "-o", "a.h5"]).code, 0);
    for forged in [[0_i64, 2], [1, 0], [-1, 2], [3, 2]] {
        let file = hdf5::File::open_rw(path.join("a.h5")).unwrap();
        file.attr("shard").unwrap().write_raw(&forged).unwrap();
        file.close().unwrap();
        let outcome = hodge(path, &["merge", "a.h5", "-o", "never.h5"]);
        assert!(
            outcome.code == 2 && outcome.err.contains("no result of a part"),
            "{}",
            outcome.err
        );
        assert!(!path.join("never.h5").exists());
    }
}

/// A field that comes to nothing is missing in the whole as well.
#[test]
fn parts_keep_what_failed() {
    let folder = folder();
    let path = folder.path();
    series(path, 4);
    let mut broken: ndarray::Array4<f64> = ndarray_npy::read_npy(path.join("s.npy")).unwrap();
    broken[[2, 0, 3, 3]] = f64::NAN;
    write_npy(path.join("s.npy"), &broken).unwrap();
    for (shard, code) in [("1/2", 0), ("2/2", 1)] {
        let name = format!("{}.h5", &shard[..1]);
        let outcome = hodge(path, &["decompose", "s.npy", "--shard", shard, "-o", &name]);
        assert_eq!(outcome.code, code, "{}", outcome.err);
    }
    let outcome = hodge(path, &["merge", "1.h5", "2.h5", "-o", "all.h5"]);
    assert_eq!(outcome.code, 1, "{}", outcome.err);
    assert!(outcome.err.contains("1 of 4 fields"), "{}", outcome.err);
    let file = hdf5::File::open(path.join("all.h5")).unwrap();
    let flags = file.dataset("evidence/finished").unwrap().read_raw::<u8>().unwrap();
    assert_eq!(flags, [1, 1, 0, 1]);
}

/// The same of a study in several ways on two grids: fails where parts count the fields of one way or one grid only.
#[test]
fn merged_parts_of_a_study_are_the_study() {
    let folder = folder();
    let path = folder.path();
    series(path, 5);
    let study = "output = \"whole.h5\"\nfields = [\"s.npy\", \"analytic:B4\"]\n\
                 methods = [\"staggered\"]\nboundaries = [\"no-flux\", \"normal-parallel\"]\n";
    std::fs::write(path.join("s.toml"), study).unwrap();
    assert_eq!(hodge(path, &["batch", "s.toml"]).code, 0);
    for shard in ["1/3", "2/3", "3/3"] {
        let name = format!("{}.h5", &shard[..1]);
        let outcome = hodge(path, &["batch", "s.toml", "--shard", shard, "-o", &name]);
        assert_eq!(outcome.code, 0, "{}", outcome.err);
    }
    let outcome = hodge(path, &["merge", "3.h5", "1.h5", "2.h5", "-o", "all.h5"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let [all, whole] = ["all.h5", "whole.h5"].map(|name| crate::harm::contents(&path.join(name)));
    assert!(all.len() > 40, "{}", all.len());
    assert!(all == whole);
}
