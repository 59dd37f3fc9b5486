//! No run loses or destroys data, and none does what was not asked.

use crate::random::Random;
use crate::{files, folder, hodge, json_lines, refused, smooth, write_npz};
use assert_cmd::cargo::CommandCargoExt;
use hdf5::types::{FixedUnicode, TypeDescriptor};
use ndarray::{Array2, Array3, Axis};
use ndarray_npy::write_npy;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{FileTypeExt, MetadataExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The program, to be started in a folder.
fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("hodge").unwrap();
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    command
}

fn flow(path: &Path) {
    write_npy(path, &smooth(8, 9)).unwrap();
}

/// A series of fields of n × n points, long enough to interrupt a run.
fn series(path: &Path, count: usize, n: usize) {
    let fields: Vec<_> = (0..count).map(|_| smooth(n, n)).collect();
    let views: Vec<_> = fields.iter().map(|f| f.view()).collect();
    write_npy(path, &ndarray::stack(Axis(0), &views).unwrap()).unwrap();
}

/// How many fields of a series are finished in a result file.
fn finished(path: &Path) -> usize {
    let flags = hdf5::File::open(path).unwrap().dataset("evidence/finished").unwrap();
    flags.read_raw::<u8>().unwrap().iter().filter(|flag| **flag > 0).count()
}

/// u, v with coordinates of these names: `step` degrees along longitude.
fn globe(path: &Path, names: [&str; 2], columns: usize, step: f64) {
    let field = smooth(9, columns);
    let part = |k| field.index_axis(Axis(0), k).to_owned();
    let mut npz = ndarray_npy::NpzWriter::new(std::fs::File::create(path).unwrap());
    npz.add_array("u", &part(0)).unwrap();
    npz.add_array("v", &part(1)).unwrap();
    let along = |n: usize, step: f64| ndarray::Array1::from_iter((0..n).map(|i| step * i as f64));
    npz.add_array(names[0], &along(columns, step)).unwrap();
    npz.add_array(names[1], &(along(9, 10.0) - 40.0)).unwrap();
    npz.finish().unwrap();
}

#[test]
fn degrees_are_a_sphere_unless_taken_as_a_plane() {
    let folder = folder();
    let path = folder.path();
    // Arrays that are not called as coordinates are could be others.
    globe(&path.join("g.npz"), ["lng", "ltd"], 12, 2.5);
    let says = ["--metric sphere", "--metric plane", "30 to 160 %", "lng"];
    refused(path, &["decompose", "g.npz"], &says);
    for names in [["lon", "lat"], ["longitude", "latitude"]] {
        globe(&path.join("g.npz"), names, 12, 2.5);
        let outcome = hodge(path, &["decompose", "g.npz", "--format", "json"]);
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        let report = &json_lines(&outcome.out)[0];
        assert_eq!((&report["metric"], &report["radius"]), (&"sphere".into(), &6371200.0.into()));
    }
    let plane = ["decompose", "g.npz", "--metric", "plane"];
    let table = hodge(path, &plane);
    assert_eq!(table.code, 0, "{}", table.err);
    assert!(table.out.contains("WARNING  metric plane on angles"), "{}", table.out);
    assert!(table.out.contains(", metric plane"), "{}", table.out);
    let json = hodge(path, &[&plane[..], &["--format", "json", "-o", "o.h5"]].concat());
    assert_eq!(json.code, 0, "{}", json.err);
    let report = &json_lines(&json.out)[0];
    assert_eq!(report["metric"], "plane");
    assert!(report["warnings"][0].as_str().unwrap().contains("metric plane on angles"));
    assert!(json.err.contains("warning: "), "{}", json.err);
    let file = hdf5::File::open(path.join("o.h5")).unwrap();
    let metric = file.group("/").unwrap().attr("metric").unwrap();
    assert_eq!(metric.read_scalar::<hdf5::types::VarLenUnicode>().unwrap().as_str(), "plane");
}

#[test]
fn a_circle_of_longitudes_is_periodic_and_ends_before_its_start() {
    let folder = folder();
    let path = folder.path();
    globe(&path.join("whole.npz"), ["lon", "lat"], 36, 10.0);
    let sphere = hodge(path, &["decompose", "whole.npz"]);
    assert_eq!(sphere.code, 0, "{}", sphere.err);
    assert!(sphere.err.contains("x goes once round and is periodic"), "{}", sphere.err);
    let plane = ["decompose", "whole.npz", "--metric", "plane", "--format", "json"];
    let warning = |extra: &[&str]| {
        let outcome = hodge(path, &[&plane[..], extra].concat());
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        json_lines(&outcome.out)[0]["warnings"].to_string()
    };
    assert!(warning(&[]).contains("--periodic x"));
    assert!(!warning(&["--periodic", "x"]).contains("--periodic x"));
    globe(&path.join("again.npz"), ["lon", "lat"], 37, 10.0);
    for extra in [&[][..], &["--metric", "plane"], &["--metric", "plane", "--periodic", "x"]] {
        let says = ["last meridian is the first again", "from 0 to 360"];
        refused(path, &[&["decompose", "again.npz"], extra].concat(), &says);
    }
}

#[test]
fn outputs_go_to_regular_files_only() {
    let folder = folder();
    let path = folder.path();
    flow(&path.join("f.npy"));
    assert!(Command::new("mkfifo").arg(path.join("pipe.h5")).status().unwrap().success());
    let socket = std::os::unix::net::UnixListener::bind(path.join("socket.h5")).unwrap();
    let _ = Command::new("mknod").arg(path.join("null.h5")).args(["c", "1", "3"]).output();
    for name in ["pipe.h5", "socket.h5", "null.h5"] {
        let Ok(before) = std::fs::symlink_metadata(path.join(name)) else { continue };
        // Nor through a link to it.
        symlink(name, path.join("link.h5")).unwrap();
        for output in [name, "link.h5"] {
            let outcome = hodge(path, &["decompose", "f.npy", "--overwrite", "-o", output]);
            assert_eq!(outcome.code, 2, "{name}: {}", outcome.err);
            assert!(outcome.err.contains("regular files only"), "{}", outcome.err);
        }
        std::fs::remove_file(path.join("link.h5")).unwrap();
        let after = std::fs::symlink_metadata(path.join(name)).unwrap();
        assert!(!after.file_type().is_file(), "{name} was replaced");
        assert_eq!((after.ino(), after.file_type().is_fifo()), (before.ino(), name == "pipe.h5"));
    }
    drop(socket);
}

#[test]
fn links_are_followed_and_stay() {
    let folder = folder();
    let path = folder.path();
    flow(&path.join("f.npy"));
    std::fs::create_dir(path.join("disk")).unwrap();
    symlink("disk/real.h5", path.join("link.h5")).unwrap();
    for extra in [&[][..], &["--overwrite"]] {
        let outcome = hodge(path, &[&["decompose", "f.npy", "-o", "link.h5"], extra].concat());
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        assert!(std::fs::symlink_metadata(path.join("link.h5")).unwrap().is_symlink());
        assert_eq!(files(&path.join("disk")), ["real.h5"]);
        let result = hdf5::File::open(path.join("disk/real.h5")).unwrap();
        assert_eq!(result.dataset("gradient").unwrap().shape(), [2, 8, 9]);
    }
    let outcome = hodge(path, &["decompose", "f.npy", "-o", "link.h5"]);
    assert!(outcome.code == 2 && outcome.err.contains("exists"), "{}", outcome.err);
}

#[test]
fn an_output_is_neither_input_nor_another_output() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("f.h5"), &smooth(8, 9)).unwrap();
    let bytes = std::fs::read(path.join("f.h5")).unwrap();
    std::fs::hard_link(path.join("f.h5"), path.join("hard.h5")).unwrap();
    symlink("f.h5", path.join("soft.h5")).unwrap();
    for output in ["f.h5", "./f.h5", "hard.h5", "soft.h5"] {
        let outcome = hodge(path, &["decompose", "f.h5", "--overwrite", "-o", output]);
        assert_eq!(outcome.code, 2, "{output}: {}", outcome.err);
        assert!(outcome.err.contains("is also the input f.h5"), "{}", outcome.err);
        assert_eq!(std::fs::read(path.join("f.h5")).unwrap(), bytes);
    }
    let outcome = hodge(path, &["decompose", "f.h5", "-o", "out", "--picture", "./out"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.err.contains("also the place of -o"), "{}", outcome.err);

    std::fs::write(path.join("p.csv"), "0.1,0.2\n0.3,0.1\n0.2,0.5\n").unwrap();
    std::fs::copy(path.join("p.csv"), path.join("p.safetensors")).unwrap();
    let train = |extra: &[&str]| {
        let begin = ["train", "p.safetensors", "--epochs", "1", "--units", "2", "--overwrite"];
        hodge(path, &[&begin[..], extra].concat())
    };
    let lost = train(&["-o", "p.safetensors"]);
    assert!(lost.code == 2 && lost.err.contains("the input"), "{}", lost.err);
    let lost = train(&["-o", "w.safetensors", "--checkpoint", "p.safetensors"]);
    assert!(lost.code == 2 && lost.err.contains("the input"), "{}", lost.err);
    let lost = train(&["-o", "w.safetensors", "--checkpoint", "w.safetensors"]);
    assert!(lost.code == 2 && lost.err.contains("--checkpoint"), "{}", lost.err);
    assert_eq!(
        std::fs::read(path.join("p.csv")).unwrap(),
        std::fs::read(path.join("p.safetensors")).unwrap()
    );
}

#[test]
fn the_file_that_takes_the_table_is_no_output() {
    let folder = folder();
    let path = folder.path();
    flow(&path.join("f.npy"));
    let table = std::fs::File::create(path.join("out.h5")).unwrap();
    let arguments = ["decompose", "f.npy", "-o", "out.h5", "--overwrite"];
    let outcome = program(path, &arguments).stdout(table).output().unwrap();
    assert_eq!(outcome.status.code(), Some(2));
    let err = String::from_utf8(outcome.stderr).unwrap();
    assert!(err.contains("where standard output goes"), "{err}");
}

/// Every number and text of a file of results but the seconds, by name.
pub fn contents(path: &Path) -> Vec<(String, Vec<u8>)> {
    let file = hdf5::File::open(path).unwrap();
    let mut found = Vec::new();
    let several = file.group("fields").map_or(Vec::new(), |all| all.member_names().unwrap());
    let several = several.iter().map(|name| format!("fields/{name}"));
    for group in several.chain(["/".to_string()]) {
        let below = ["", "/evidence", "/inputs"].map(|name| format!("{group}{name}"));
        let below = below.iter().filter_map(|name| file.group(name).ok());
        for dataset in below.flat_map(|group| group.datasets().unwrap()) {
            let name = dataset.name();
            let bytes = match dataset.dtype().unwrap().to_descriptor().unwrap() {
                TypeDescriptor::Float(_) => {
                    let bits = |v: f64| v.to_bits().to_ne_bytes();
                    dataset.read_raw::<f64>().unwrap().into_iter().flat_map(bits).collect()
                }
                TypeDescriptor::Unsigned(_) => dataset.read_raw::<u8>().unwrap(),
                TypeDescriptor::FixedUnicode(1024) => {
                    let texts = dataset.read_raw::<FixedUnicode<1024>>().unwrap();
                    texts.iter().flat_map(|text| text.as_bytes().to_vec()).collect()
                }
                _ => Vec::new(),
            };
            found.push((name, bytes));
        }
    }
    found.retain(|(name, _)| !name.ends_with("/evidence/seconds"));
    found
}

/// A run that is killed at any moment goes on where it was, and ends as one that was not.
#[test]
fn a_killed_run_goes_on_where_it_was() {
    let folder = folder();
    let path = folder.path();
    series(&path.join("s.npy"), 200, 48);
    assert_eq!(hodge(path, &["decompose", "s.npy", "-o", "whole.h5"]).code, 0);
    let command = ["decompose", "s.npy", "-o", "out.h5"];
    let mut run = met_on_its_way(path, &command);
    run.kill().unwrap();
    run.wait().unwrap();
    let before = finished(&path.join("out.h5.part/1.h5"));
    assert!((1..200).contains(&before), "{before}");
    // Asked something else, it goes on with nothing and leaves what is there.
    let outcome = hodge(path, &[&command[..], &["--boundary", "no-flux"]].concat());
    assert!(outcome.code == 2 && outcome.err.contains("methods differs"), "{}", outcome.err);
    let outcome = hodge(path, &command);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert_eq!(outcome.out.matches("  s t=").count(), 200 - before);
    assert_eq!(files(path), ["out.h5", "s.npy", "whole.h5"]);
    assert!(contents(&path.join("out.h5")) == contents(&path.join("whole.h5")), "other numbers");
}

/// A run that is killed after its results have their name, before it has cleared up, is whole.
#[test]
fn a_run_that_is_killed_at_its_very_end_is_whole() {
    let folder = folder();
    let path = folder.path();
    series(&path.join("s.npy"), 200, 48);
    let command = ["decompose", "s.npy", "-o", "out.h5"];
    let mut run = met_on_its_way(path, &command);
    run.kill().unwrap();
    run.wait().unwrap();
    let study = std::fs::read(path.join("out.h5.part/study.json")).unwrap();
    assert_eq!(hodge(path, &command).code, 0);
    // As between the second name of the file and the end of the first, and behind that.
    for both in [true, false] {
        std::fs::create_dir(path.join("out.h5.part")).unwrap();
        std::fs::write(path.join("out.h5.part/study.json"), &study).unwrap();
        std::fs::write(path.join("out.h5.part/whole"), "\"1.h5\"").unwrap();
        if both {
            std::fs::hard_link(path.join("out.h5"), path.join("out.h5.part/1.h5")).unwrap();
        }
        let outcome = hodge(path, &command);
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        assert_eq!(files(path), ["out.h5", "s.npy"]);
    }
    // Another's file under that name is not taken for the result.
    std::fs::create_dir(path.join("out.h5.part")).unwrap();
    std::fs::write(path.join("out.h5.part/study.json"), &study).unwrap();
    std::fs::write(path.join("out.h5.part/whole"), "\"1.h5\"").unwrap();
    std::fs::write(path.join("out.h5.part/1.h5"), "results").unwrap();
    let outcome = hodge(path, &command);
    assert!(outcome.code == 2 && outcome.err.contains("exists"), "{}", outcome.err);
    assert!(path.join("out.h5.part/1.h5").exists());
}

/// Only one run at a time writes to a place.
#[test]
fn a_second_run_on_one_output_is_refused() {
    let folder = folder();
    let path = folder.path();
    series(&path.join("s.npy"), 400, 48);
    let mut run = met_on_its_way(path, &["decompose", "s.npy", "-o", "out.h5"]);
    let outcome = hodge(path, &["decompose", "s.npy", "-o", "out.h5"]);
    assert!(outcome.code == 2 && outcome.err.contains("another run"), "{}", outcome.err);
    run.kill().unwrap();
    run.wait().unwrap();
    // What was done on other bytes is not gone on with.
    series(&path.join("s.npy"), 400, 40);
    let outcome = hodge(path, &["decompose", "s.npy", "-o", "out.h5"]);
    assert!(outcome.code == 2 && outcome.err.contains("s.npy differs"), "{}", outcome.err);
    assert_eq!(hodge(path, &["decompose", "s.npy", "-o", "out.h5", "--overwrite"]).code, 0);
}

/// Waits until a run has printed its first field.
fn met_on_its_way(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = program(folder, arguments);
    let mut run = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(run.stdout.take().unwrap());
    lines.read_line(&mut String::new()).unwrap();
    // Keeps reading the pipe, so that the run does not block.
    std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
    run
}

#[test]
fn signals_keep_what_is_finished() {
    for signal in ["-TERM", "-HUP", "-INT"] {
        let folder = folder();
        let path = folder.path();
        series(&path.join("s.npy"), 400, 48);
        let mut run = met_on_its_way(path, &["decompose", "s.npy", "-o", "out.h5"]);
        let sent = Command::new("kill").args([signal, &run.id().to_string()]).status().unwrap();
        assert!(sent.success());
        assert_eq!(run.wait().unwrap().code(), Some(1), "{signal}");
        assert_eq!(files(path), ["out.h5.part", "s.npy"], "{signal}");
        let before = finished(&path.join("out.h5.part/1.h5"));
        assert!((1..400).contains(&before), "{signal}: {before}");
        let outcome = hodge(path, &["decompose", "s.npy", "-o", "out.h5"]);
        assert_eq!(outcome.code, 0, "{signal}: {}", outcome.err);
        assert_eq!(outcome.out.matches("  s t=").count(), 400 - before, "{signal}");
        assert_eq!(files(path), ["out.h5", "s.npy"], "{signal}");
        assert_eq!(finished(&path.join("out.h5")), 400);
    }
}

#[test]
fn a_signal_that_is_ignored_stays_ignored() {
    let folder = folder();
    let path = folder.path();
    series(&path.join("s.npy"), 60, 48);
    let hodge = program(path, &[]).get_program().to_owned();
    let mut command = Command::new("sh");
    command.current_dir(path).args(["-c", "trap '' HUP; exec \"$0\" decompose s.npy -o out.h5"]);
    let mut run = command.arg(hodge).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(run.stdout.take().unwrap());
    lines.read_line(&mut String::new()).unwrap();
    std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
    Command::new("kill").args(["-HUP", &run.id().to_string()]).status().unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(0));
    assert_eq!(finished(&path.join("out.h5")), 60);
}

#[test]
fn a_reader_that_went_away_loses_no_file() {
    let folder = folder();
    let path = folder.path();
    series(&path.join("s.npy"), 5, 12);
    for arguments in [&["decompose", "s.npy", "-o", "out.h5", "--overwrite"][..], &["list"]] {
        let mut command = program(path, arguments);
        let mut run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop((run.stdout.take(), run.stderr.take()));
        assert_eq!(run.wait().unwrap().code(), Some(0), "{arguments:?}");
    }
    assert_eq!(finished(&path.join("out.h5")), 5);
    // A table that cannot be printed is a failure, and the file is complete.
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let arguments = ["decompose", "s.npy", "-o", "out.h5", "--overwrite"];
    let outcome = program(path, &arguments).stdout(full).output().unwrap();
    assert_eq!(outcome.status.code(), Some(1));
    assert!(String::from_utf8(outcome.stderr).unwrap().contains("could not be printed"));
    assert_eq!(finished(&path.join("out.h5")), 5);
}

/// Files may only grow to a limit here, as on a disk that is nearly full.
#[test]
fn a_full_disk_ends_the_run_and_keeps_what_is_finished() {
    for (extra, n, blocks) in
        [("", 64, 6000), ("--deflate 1", 64, 6000), ("--deflate 4", 300, 60000)]
    {
        let folder = folder();
        let path = folder.path();
        let mut random = Random::new(1);
        let noise = Array3::from_shape_fn((2, n, n), |_| random.next());
        let count = if n > 64 { 12 } else { 40 };
        let views = vec![noise.view(); count];
        write_npy(path.join("s.npy"), &ndarray::stack(Axis(0), &views).unwrap()).unwrap();
        let hodge = program(path, &[]).get_program().to_owned();
        let line = format!("ulimit -f {blocks}; exec \"$0\" decompose s.npy -o out.h5 {extra}");
        let mut command = Command::new("sh");
        command.current_dir(path).args(["-c", &line]).arg(hodge);
        let outcome = command.output().unwrap();
        let err = String::from_utf8(outcome.stderr).unwrap();
        assert_eq!(outcome.status.code(), Some(2), "{err}");
        assert!(err.contains("no room for"), "{err}");
        assert_eq!(files(path), ["s.npy"]);
    }
}

#[test]
fn options_that_cannot_apply_are_errors() {
    let folder = folder();
    let path = folder.path();
    flow(&path.join("f.npy"));
    let net = ["train", "p.csv", "-o", "n.safetensors", "--epochs", "1", "--units", "2"];
    std::fs::write(path.join("p.csv"), "0.1,0.2\n0.3,0.1\n0.2,0.5\n").unwrap();
    assert_eq!(hodge(path, &net).code, 0);
    let torus = ["decompose", "f.npy", "--periodic", "x,y"];
    for boundary in ["no-flux", "zero-potential", "normal-parallel"] {
        refused(path, &[&torus[..], &["--boundary", boundary]].concat(), &["no walls"]);
    }
    refused(path, &[&torus[..], &["--backend", "cholesky"]].concat(), &["--backend cholesky"]);
    refused(path, &[&torus[..], &["--faces"]].concat(), &["--faces"]);
    refused(path, &["decompose", "f.npy", "--periodic", "z"], &["axis z", "2 axes"]);
    refused(path, &["decompose", "analytic:B1", "--periodic", "z"], &["axis z", "2 axes"]);
    refused(path, &["decompose", "f.npy", "--spectra"], &["--spectra", "periodic"]);
    for (option, value) in [("--n", "8"), ("--domain", "0,1,0,1"), ("--slice", "p.csv")] {
        refused(path, &["decompose", "f.npy", option, value], &[option, "a file has its own"]);
    }
    let of_files = [&["--staggered"][..], &["--axes", "c,y,x"]];
    let of_cells = [&["--density", "p"][..], &["--mask", "nan"]];
    for option in of_files.iter().chain(&of_cells) {
        refused(path, &[&["decompose", "analytic:B1"], *option].concat(), &[option[0], "not read"]);
    }
    // A network has no datasets of its own and no missing values.
    let network = ["decompose", "autoencoder:n.safetensors"];
    std::fs::copy(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/torch.safetensors"),
        path.join("n.safetensors"),
    )
    .unwrap();
    for option in of_files {
        refused(path, &[&network[..], option].concat(), &[option[0], "not read"]);
    }
    for option in of_cells {
        refused(path, &[&network[..], option].concat(), &[option[0], "FILE:DATASET"]);
    }
    refused(path, &["decompose", "analytic:B1", "--slice", "p.csv"], &["--slice"]);
    // Content of a file that is not written, and endings that promise another format.
    for option in ["--faces", "--potentials", "--spectra", "--no-input", "--five-parts"] {
        let outcome = hodge(path, &["decompose", "f.npy", option]);
        assert!(outcome.code == 2 && outcome.err.contains(option), "{}", outcome.err);
    }
    for (option, name) in [("-o", "out.txt"), ("-o", "out.png"), ("--picture", "out.pdf")] {
        let outcome = hodge(path, &["decompose", "f.npy", option, name]);
        assert_eq!(outcome.code, 2, "{name}");
        assert!(outcome.err.contains("ending") && outcome.err.contains(name), "{}", outcome.err);
        assert!(!path.join(name).exists());
    }
    let none = hodge(path, &["validate", "--case", "H1", "--method", "spectral"]);
    assert_eq!(none.code, 2, "{}", none.out);
}

#[test]
fn masks_that_do_nothing_are_errors() {
    let folder = folder();
    let path = folder.path();
    // Land is 0 where it should be NaN.
    let mut sea = smooth(8, 9);
    sea.slice_mut(ndarray::s![.., 2..4, 3..6]).fill(0.0);
    let part = |k| sea.index_axis(Axis(0), k).to_owned();
    let land = Array2::from_shape_fn((8, 9), |(j, i)| {
        f64::from(u8::from((2..4).contains(&j) && (3..6).contains(&i)))
    });
    let arrays = [
        ("u", part(0)),
        ("v", part(1)),
        ("all", Array2::ones((8, 9))),
        ("land", land.clone()),
        ("sea", 1.0 - &land),
    ];
    write_npz(&path.join("m.npz"), &arrays);
    let with = |mask| ["decompose", "m.npz", "--datasets", "u,v", "--mask", mask];
    refused(path, &with("nan"), &["masks nothing", "6 cells are 0"]);
    refused(path, &with("all"), &["--mask all masks nothing"]);
    refused(path, &with("land"), &["leaves nothing of the field", "6 cells"]);
    let outcome = hodge(path, &[&with("sea")[..], &["--format", "json"]].concat());
    assert_eq!(json_lines(&outcome.out)[0]["active_cells"], 66, "{}", outcome.err);
    // A field without missing values needs no mask: a warning says so, and the result is the same.
    flow(&path.join("f.npy"));
    let run = |extra: &[&str]| {
        let outcome = hodge(path, &[&["decompose", "f.npy", "--format", "json"], extra].concat());
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        json_lines(&outcome.out).remove(0)
    };
    let (with, without) = (run(&["--mask", "nan"]), run(&[]));
    assert_eq!(with["energy"], without["energy"]);
    assert!(with["warnings"].to_string().contains("masks nothing"), "{with}");
}

#[test]
fn several_ranks_are_refused() {
    let folder = folder();
    let path = folder.path();
    flow(&path.join("f.npy"));
    let run = |name: &str, value: &str| {
        let mut command = program(path, &["decompose", "f.npy", "-o", "out.h5", "--overwrite"]);
        command.env(name, value).output().unwrap()
    };
    for name in ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"] {
        let outcome = run(name, "2");
        assert_eq!(outcome.status.code(), Some(2), "{name}");
        assert!(String::from_utf8(outcome.stderr).unwrap().contains(name));
        assert_eq!(files(path), ["f.npy"]);
    }
    assert_eq!(run("OMPI_COMM_WORLD_SIZE", "1").status.code(), Some(0));
}

#[test]
fn names_from_files_cannot_steer_the_terminal() {
    let folder = folder();
    let path = folder.path();
    let names = ["u\u{1b}]0;owned\u{7}", "v\nwrote out.h5", "w\u{9b}31m"];
    let arrays = names.map(|name| (name, Array2::from_elem((4, 5), 1.0)));
    write_npz(&path.join("names.npz"), &arrays);
    std::fs::copy(path.join("names.npz"), path.join("n\u{1b}[31m\nx.npz")).unwrap();
    flow(&path.join("f\u{1b}[2J\nfake: 1.npy"));
    let runs: [&[&str]; 4] = [
        &["decompose", "names.npz"],
        &["decompose", "n\u{1b}[31m\nx.npz"],
        &["decompose", "f\u{1b}[2J\nfake: 1.npy"],
        &["decompose", "f\u{1b}[2J\nfake: 1.npy", "--format", "json"],
    ];
    for (arguments, code) in runs.iter().zip([2, 2, 0, 0]) {
        let outcome = hodge(path, arguments);
        assert_eq!(outcome.code, code, "{}", outcome.err);
        for text in [&outcome.out, &outcome.err] {
            let steers = |c: char| c.is_control() && c != '\n';
            assert!(!text.contains(steers), "{text:?}");
            assert!(!text.lines().any(|line| line.starts_with("fake")), "{text}");
        }
    }
}

#[test]
fn names_that_are_no_unicode_are_written_or_refused() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder();
    let path = folder.path();
    flow(&path.join("f.npy"));
    let odd = std::ffi::OsStr::from_bytes(b"r\xff.h5");
    let picture = std::ffi::OsStr::from_bytes(b"p\xff.png");
    let mut command = program(path, &["decompose", "f.npy", "-o"]);
    let outcome = command.arg(odd).arg("--picture").arg(picture).output().unwrap();
    let err = String::from_utf8(outcome.stderr).unwrap();
    assert_eq!(outcome.status.code(), Some(0), "{err}");
    assert!(path.join(odd).exists() && path.join(picture).exists());
    let mut command = program(path, &["demo", "--n", "16", "-o"]);
    let outcome = command.arg(std::ffi::OsStr::from_bytes(b"d\xff")).output().unwrap();
    assert_eq!(outcome.status.code(), Some(0));
    assert!(path.join(std::ffi::OsStr::from_bytes(b"d\xff.h5")).exists());
    std::fs::copy(path.join("f.npy"), path.join(std::ffi::OsStr::from_bytes(b"f\xff.npy")))
        .unwrap();
    let mut command = program(path, &["decompose"]);
    let outcome = command.arg(std::ffi::OsStr::from_bytes(b"f\xff.npy")).output().unwrap();
    let err = String::from_utf8(outcome.stderr).unwrap();
    assert!(outcome.status.code() == Some(2) && !err.contains("panicked"), "{err}");
}

/// What was computed is kept even if another file took its name meanwhile.
#[test]
fn a_place_taken_meanwhile_keeps_the_result_beside_it() {
    let folder = folder();
    let path = folder.path();
    series(&path.join("s.npy"), 60, 48);
    let mut run = met_on_its_way(path, &["decompose", "s.npy", "-o", "out.h5"]);
    std::fs::write(path.join("out.h5"), "another's").unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(2));
    assert_eq!(std::fs::read(path.join("out.h5")).unwrap(), b"another's");
    assert_eq!(finished(&path.join("out.h5.part/1.h5")), 60);
    std::fs::remove_file(path.join("out.h5")).unwrap();
    let outcome = hodge(path, &["decompose", "s.npy", "-o", "out.h5"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert_eq!(finished(&path.join("out.h5")), 60);
    assert_eq!(files(path), ["out.h5", "s.npy"]);
}

#[test]
fn a_field_that_stands_still_in_a_point_needs_no_mask() {
    let folder = folder();
    let path = folder.path();
    let rigid =
        Array3::from_shape_fn(
            (2, 13, 13),
            |(c, j, i)| {
                if c == 0 { 6.0 - j as f64 } else { i as f64 - 6.0 }
            },
        );
    write_npy(path.join("rigid.npy"), &rigid).unwrap();
    let outcome = hodge(path, &["decompose", "rigid.npy", "--mask", "nan"]);
    assert!(outcome.code == 0 && outcome.out.contains("masks nothing"), "{}", outcome.err);
}

#[test]
fn a_plane_with_longitudes_beside_it_is_a_plane() {
    let folder = folder();
    let path = folder.path();
    let field = smooth(9, 12);
    let part = |k| field.index_axis(Axis(0), k).to_owned();
    let mut npz = ndarray_npy::NpzWriter::new(std::fs::File::create(path.join("utm.npz")).unwrap());
    npz.add_array("u", &part(0)).unwrap();
    npz.add_array("v", &part(1)).unwrap();
    npz.add_array("lon", &part(0)).unwrap();
    npz.add_array("lat", &part(1)).unwrap();
    let along =
        |n: usize, first: f64| ndarray::Array1::from_iter((0..n).map(|i| first + 500.0 * i as f64));
    npz.add_array("x", &along(12, 5e5)).unwrap();
    npz.add_array("y", &along(9, 4e6)).unwrap();
    npz.finish().unwrap();
    let outcome = hodge(path, &["decompose", "utm.npz", "--format", "json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert!(!json_lines(&outcome.out)[0]["warnings"].to_string().contains("angles"));
}

#[test]
fn a_result_in_degrees_is_asked_again() {
    let folder = folder();
    let path = folder.path();
    globe(&path.join("g.npz"), ["lon", "lat"], 12, 2.5);
    let first = hodge(path, &["decompose", "g.npz", "--metric", "plane", "-o", "r.h5"]);
    assert_eq!(first.code, 0, "{}", first.err);
    refused(path, &["decompose", "r.h5"], &["--metric plane"]);
    // More than a full circle is refused like one that repeats its start.
    globe(&path.join("more.npz"), ["lon", "lat"], 39, 10.0);
    refused(path, &["decompose", "more.npz", "--metric", "plane"], &["once round the globe"]);
}
