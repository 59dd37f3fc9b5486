//! What would not fit into memory is refused before any of it is made.

use super::{files, folder, hodge, json_lines, smooth, write_npz};
use ndarray::Array2;
use ndarray_npy::write_npy;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

/// Refused with exit code 2, all of `says`, and nothing left behind. A program that allocates first ends by
/// a signal; one whose products of cells wrap panics or takes a huge grid for a small one.
pub fn refused(folder: &Path, arguments: &[&str], says: &[&str]) {
    let before = files(folder);
    let outcome = hodge(folder, arguments);
    assert_eq!(outcome.code, 2, "{arguments:?}: {}", outcome.err);
    for text in says {
        assert!(outcome.err.contains(text), "{arguments:?} says: {}", outcome.err);
    }
    assert!(!outcome.err.contains("panicked"), "{arguments:?}: {}", outcome.err);
    assert_eq!(files(folder), before, "{arguments:?} left files behind");
}

#[test]
fn grids_beyond_any_memory_are_refused_by_every_command() {
    let folder = folder();
    for case in ["analytic:b1", "analytic:P1", "analytic:h1", "analytic:f2"] {
        let says = ["of memory are needed", "are left of", "--n", "--memory"];
        refused(folder.path(), &["decompose", case, "--n", "1000000"], &says);
        refused(folder.path(), &["sample", case, "--n", "1000000", "-o", "s.h5"], &says);
        for n in ["1000000000000000000", "18446744073709551615"] {
            refused(folder.path(), &["decompose", case, "--n", n], &[n, "fewer"]);
            refused(folder.path(), &["sample", case, "--n", n, "-o", "s.h5"], &[n, "fewer"]);
        }
        refused(folder.path(), &["decompose", case, "--n", "0"], &["--n", "at least 1"]);
        refused(folder.path(), &["sample", case, "--n", "0", "-o", "s.h5"], &["--n", "at least 1"]);
    }
    let three = ["decompose", "analytic:P4", "--n"];
    refused(
        folder.path(),
        &[&three[..], &["100000"]].concat(),
        &["100000 × 100000 × 100000 cells"],
    );
    // 2³² cells along each of two axes are 0 modulo 2⁶⁴.
    refused(folder.path(), &["decompose", "analytic:P1", "--n", "4294967296"], &["4294967296"]);
    refused(folder.path(), &["demo", "--n", "1000000"], &["1000000 × 1000000 cells"]);
    refused(folder.path(), &["demo", "--n", "1000000000000000000"], &["fewer"]);
    refused(folder.path(), &["demo", "--n", "0"], &["--n", "at least 1"]);
}

/// An .npy file whose header claims a shape; the numbers take no room on the disk.
fn claim(path: &Path, shape: &str, bytes: u64) {
    let mut header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}");
    while (header.len() + 11) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut file = std::fs::File::create(path).unwrap();
    file.write_all(b"\x93NUMPY\x01\x00").unwrap();
    file.write_all(&(header.len() as u16).to_le_bytes()).unwrap();
    file.write_all(header.as_bytes()).unwrap();
    file.set_len(10 + header.len() as u64 + bytes).unwrap();
}

#[test]
fn files_that_claim_huge_shapes_are_refused() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    // Sparse: 3 TiB in the directory, nothing on the disk, where the file system takes it.
    claim(&path("wide.npy"), "(2, 100000, 1000000)", 1_600_000_000_000);
    let arguments = ["decompose", "wide.npy", "--spacing", "1"];
    refused(folder.path(), &arguments, &["1000000 × 100000 cells", "a coarser field"]);
    let periodic = [&arguments[..], &["--periodic", "x,y"]].concat();
    refused(folder.path(), &periodic, &["of memory are needed"]);
    claim(&path("series.npy"), "(2, 20000000000, 4, 4)", 5_120_000_000_000);
    let series = ["decompose", "series.npy", "--axes", "c,t,y,x", "--spacing", "1"];
    refused(folder.path(), &series, &["of memory are needed"]);
    claim(&path("more.npy"), "(2, 4000000000, 4000000000)", 128);
    refused(folder.path(), &["decompose", "more.npy"], &["overflows"]);
    let script = "import h5py,sys\nf=h5py.File(sys.argv[1],'w')\nfor c in 'uv': f.create_dataset(c,(1000000,1000000),'f8')\n\
        f.create_dataset('x',(1000000000000,),'f8')\n";
    let made = Command::new("python3").args(["-c", script]).arg(path("huge.h5")).output();
    if made.is_ok_and(|made| made.status.success()) {
        refused(folder.path(), &["decompose", "huge.h5"], &["1000000 × 1000000 cells"]);
    }
}

#[test]
fn archives_that_claim_huge_shapes_are_refused() {
    let folder = folder();
    let path = folder.path().join("a.npz");
    let small = Array2::<f64>::zeros((4, 4));
    write_npz(&path, &[("u", small.clone()), ("v", small)]);
    let mut bytes = std::fs::read(&path).unwrap();
    // As long as before, so that only the shape in the header is wrong: spaces follow it.
    let found = b"(4, 4)";
    let places: Vec<usize> = (0..bytes.len() - found.len())
        .filter(|&at| &bytes[at..at + found.len()] == found)
        .collect();
    assert_eq!(places.len(), 2, "one shape in each header");
    for at in places {
        let end = at + bytes[at..].iter().position(|b| *b == b'\n').unwrap();
        let rest = String::from_utf8(bytes[at + found.len()..end].to_vec()).unwrap();
        let wider = format!("(4444444, 4444444){}", rest.trim_end());
        bytes[at..end].copy_from_slice(format!("{wider:width$}", width = end - at).as_bytes());
    }
    std::fs::write(&path, bytes).unwrap();
    refused(folder.path(), &["decompose", "a.npz"], &["of memory are needed", "4444444"]);
}

/// Fails on a program that reads the option and does not use it, or that counts in other units.
#[test]
fn a_limit_is_kept_and_named() {
    let folder = folder();
    let arguments = ["decompose", "analytic:b1", "--n", "1000"];
    let with = |size: &'static str| [&arguments[..], &["--memory", size]].concat();
    let says = [
        "1000 × 1000 cells",
        "a limit of 100.0 MiB (--memory)",
        "try fewer cells (--n)",
        "a larger --memory",
    ];
    refused(folder.path(), &with("100M"), &says);
    refused(folder.path(), &with("104857600"), &says);
    refused(folder.path(), &with("100MB"), &["a limit of 95.4 MiB (--memory)"]);
    assert_eq!(hodge(folder.path(), &with("2GiB")).code, 0);
    for bad in ["8X", "-1", "0", "lots", "", "8GG", "1e3"] {
        let with = ["list", &format!("--memory={bad}")];
        refused(folder.path(), &with, &["--memory", "expected a number of bytes", "such as 8G"]);
    }
    let sample = ["sample", "analytic:P1", "--n", "3000", "-o", "s.h5", "--memory", "200M"];
    refused(folder.path(), &sample, &["3000 × 3000 cells", "200.0 MiB (--memory)"]);
    refused(folder.path(), &["demo", "--n", "1000", "--memory", "64M"], &["64.0 MiB (--memory)"]);
    write_npy(folder.path().join("f.npy"), &smooth(700, 900)).unwrap();
    let file = ["decompose", "f.npy", "--spacing", "1", "--memory", "60M"];
    refused(folder.path(), &file, &["900 × 700 cells", "a coarser field"]);
}

/// A small field needs no more than the program itself: fails where the estimate has a large constant.
#[test]
fn a_small_field_fits_into_a_small_limit() {
    let folder = folder();
    for command in [["decompose", "analytic:b1"], ["decompose", "analytic:P1"]] {
        let outcome =
            hodge(folder.path(), &[&command[..], &["--n", "32", "--memory", "64M"]].concat());
        assert_eq!(outcome.code, 0, "{}", outcome.err);
    }
}

/// Fails on a program that solves in another way where memory is short.
#[test]
fn the_back_end_does_not_depend_on_the_memory() {
    let folder = folder();
    let run = |size: &str| {
        let arguments =
            ["decompose", "analytic:h1", "--n", "64", "--format", "json", "--memory", size];
        let outcome = hodge(folder.path(), &arguments);
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        json_lines(&outcome.out)[0]["backend"].clone()
    };
    assert_eq!(run("128M"), run("8G"));
}

#[test]
fn networks_and_points_beyond_memory_are_refused() {
    let folder = folder();
    let points: String = (0..50).map(|i| format!("{i},{}\n", i * i)).collect();
    std::fs::write(folder.path().join("p.csv"), points).unwrap();
    let train = |units: &'static str| ["train", "p.csv", "-o", "w.safetensors", "--units", units];
    refused(folder.path(), &train("1000000000000"), &["of memory are needed", "--units"]);
    refused(folder.path(), &train("18446744073709551615"), &["of memory are needed"]);
    let trained = hodge(folder.path(), &[&train("4")[..], &["--epochs", "1"]].concat());
    assert_eq!(trained.code, 0, "{}", trained.err);
    for (n, says) in [("1000000", "of memory are needed"), ("1000000000000000000", "fewer")] {
        let score = ["conservativeness", "w.safetensors", "--domain", "0,1,0,1", "--n", n];
        refused(folder.path(), &score, &[says]);
        refused(folder.path(), &["decompose", "autoencoder:w.safetensors", "--n", n], &[says]);
    }
    let score = ["conservativeness", "w.safetensors", "--domain", "0,1,0,1", "--n", "0"];
    refused(folder.path(), &score, &["--n", "at least 1"]);
}

#[test]
fn more_threads_than_machines_have_are_refused() {
    let folder = folder();
    refused(folder.path(), &["list", "--threads", "100000"], &["100000 threads", "--threads"]);
    refused(folder.path(), &["list", "--threads", "0"], &["--threads", "at least 1"]);
}

/// Runs hodge with a limit of its address space, in KiB.
#[cfg(target_os = "linux")]
fn limited(folder: &Path, kib: u64, arguments: &str) -> Output {
    let program = assert_cmd::cargo::cargo_bin("hodge");
    let line = format!("ulimit -v {kib}; exec {} {arguments}", program.display());
    Command::new("bash").current_dir(folder).args(["-c", &line]).output().unwrap()
}

/// Every size either works or is refused: fails where a size between is tried and aborts, and where the limit is
/// taken for too small for anything.
#[cfg(target_os = "linux")]
#[test]
fn a_limited_address_space_ends_no_run_by_a_signal() {
    let folder = folder();
    for case in ["analytic:b1", "analytic:P1"] {
        let mut done = Vec::new();
        for n in [16, 128, 300, 500, 700, 900, 1200, 4000] {
            let line = format!("decompose {case} --n {n} --threads 2 -o {n}.h5 --overwrite");
            let output = limited(folder.path(), 524_288, &line);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            match output.status.code() {
                Some(0) => done.push(n),
                Some(2) => assert!(said.contains("ulimit -v"), "{case} {n}: {said}"),
                _ => panic!("{case} {n}: {:?} {said}", output.status),
            }
        }
        assert!(done.len() >= 3, "{case}: only {done:?} were done");
        assert!(!done.contains(&4000), "{case}: {done:?}");
    }
    let threads = limited(folder.path(), 524_288, "list --threads 1000");
    assert_eq!(threads.status.code(), Some(2), "{}", String::from_utf8_lossy(&threads.stderr));
}
