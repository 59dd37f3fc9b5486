//! `hodge info`: what it says of files is what was written to them, and the commands that it prints run.

use super::variants::{self, Array, Kind};
use super::*;
use ndarray::{Array1, Array4, s};
use std::process::Command as Process;

/// Runs hodge without the locks of HDF5 files, which programs of other tests may have inherited.
pub fn unlocked(folder: &Path, arguments: &[&str]) -> Outcome {
    let mut command = Command::cargo_bin("hodge").unwrap();
    command.env("HDF5_USE_FILE_LOCKING", "FALSE").current_dir(folder).args(arguments);
    let output = command.output().unwrap();
    Outcome {
        code: output.status.code().expect("ended by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn info(folder: &Path, file: &str) -> Value {
    let outcome = unlocked(folder, &["info", "--format", "json", "--", file]);
    assert_eq!(outcome.code, 0, "{file}: {}", outcome.err);
    json_lines(&outcome.out).remove(0)
}

/// Runs a command that was printed, as a shell does.
fn in_shell(folder: &Path, command: &str) -> Outcome {
    let programs = Path::new(env!("CARGO_BIN_EXE_hodge")).parent().unwrap();
    let others = std::env::var("PATH").unwrap_or_default();
    let mut shell = Process::new("sh");
    shell.env("PATH", format!("{}:{others}", programs.display()));
    shell.env("HDF5_USE_FILE_LOCKING", "FALSE").current_dir(folder);
    let output = shell.args(["-c", &format!("{command} --format json")]).output().unwrap();
    Outcome {
        code: output.status.code().expect("ended by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Every command that is printed for a file ends well; the first has `options`. Returns what was said of the file and
/// the first result of the first command.
fn runs(folder: &Path, file: &str, options: &str) -> (Value, Value) {
    let found = info(folder, file);
    let first = found["command"].as_str().unwrap_or_else(|| panic!("{file}: {found}")).to_string();
    assert!(first.ends_with(options), "{file}: {first} has {options:?}");
    let others = found["other_commands"].as_array().unwrap().iter();
    let others = others.map(|other| other["command"].as_str().unwrap().to_string());
    let mut result = None;
    for command in std::iter::once(first).chain(others) {
        let outcome = in_shell(folder, &command);
        assert_eq!(outcome.code, 0, "{command}: {}", outcome.err);
        result.get_or_insert_with(|| json_lines(&outcome.out).remove(0));
    }
    (found, result.unwrap())
}

fn part(k: usize, ny: usize, nx: usize) -> Array2<f64> {
    smooth(ny, nx).index_axis(ndarray::Axis(0), k).to_owned()
}

fn scale(name: &str, first: f64, step: f64, n: usize) -> Array {
    let values = Array1::from_shape_fn(n, |i| first + step * i as f64);
    Array::new(name, &[name], values)
}

/// Fails if missing values, faces, axes, several candidates or quoting are left out of the command.
#[test]
fn commands_for_numpy_files_run() {
    let folder = folder();
    let path = folder.path();
    let plain = || [("u", part(0, 8, 9)), ("v", part(1, 8, 9))];
    for name in ["plain.npz", "it's $HOME.npz", "-u.npz", "analytic:B4"] {
        write_npz(&path.join(name), &plain());
    }
    runs(path, "plain.npz", "hodge decompose plain.npz");
    runs(path, "it's $HOME.npz", r"'it'\''s $HOME.npz'");
    runs(path, "-u.npz", "hodge decompose ./-u.npz");
    runs(path, "./analytic:B4", "hodge decompose ./analytic:B4");
    let mut holes = part(0, 8, 9);
    holes[[2, 3]] = f64::NAN;
    write_npz(&path.join("holes.npz"), &[("u", holes), ("v", part(1, 8, 9))]);
    let (found, result) = runs(path, "holes.npz", "holes.npz --mask nan");
    assert_eq!(found["field"]["missing_cells"], 1);
    assert_eq!(result["active_cells"], 71);
    write_npz(&path.join("faces.npz"), &[("u", part(0, 8, 10)), ("v", part(1, 9, 9))]);
    let (found, result) = runs(path, "faces.npz", "--staggered --datasets u,v");
    assert_eq!(
        (&found["field"]["on_faces"], &result["cells"]),
        (&true.into(), &serde_json::json!([9, 8]))
    );
    // As many faces as cells along x: it is periodic.
    write_npz(&path.join("channel.npz"), &[("u", part(0, 8, 9)), ("v", part(1, 9, 9))]);
    let (_, result) = runs(path, "channel.npz", "--staggered --datasets u,v --periodic x");
    assert_eq!(result["periodic_axes"], serde_json::json!(["x"]));
    write_npz(
        &path.join("two.npz"),
        &[("bx", part(0, 8, 9)), ("by", part(1, 8, 9)), ("u", part(0, 8, 9)), ("v", part(1, 8, 9))],
    );
    let (found, _) = runs(path, "two.npz", "--datasets u,v");
    assert_eq!(found["candidates"].as_array().unwrap().len(), 2);
    assert!(found["refusal"].as_str().unwrap().contains("several datasets"));
    write_npy(path.join("last.npy"), &smooth(8, 9).permuted_axes([1, 2, 0]).as_standard_layout())
        .unwrap();
    let (_, result) = runs(path, "last.npy", "--axes y,x,c");
    assert_eq!(result["cells"], serde_json::json!([9, 8]));
    write_npy(
        path.join("either.npy"),
        &Array4::<f64>::from_shape_fn((3, 2, 5, 7), |(t, c, j, i)| (t + 2 * c + i * j) as f64),
    )
    .unwrap();
    let (found, _) = runs(path, "either.npy", "--axes c,z,y,x");
    assert!(found["other_commands"][0]["command"].as_str().unwrap().ends_with("--axes t,c,y,x"));
}

fn atlas(missing: f64) -> Vec<Array> {
    let wind = |k: usize| {
        let values = Array3::from_shape_fn((3, 11, 18), |(t, j, i)| {
            (100.0 * ((0.3 * (i + t) as f64).sin() + (0.2 * (j + k) as f64).cos())).round()
        });
        let mut values = values;
        values.slice_mut(s![0, 4..6, 7]).fill(missing);
        values
    };
    let of = |name: &str, k: usize, standard: &str| {
        Array::new(name, &["time", "lat", "lon"], wind(k))
            .kind(Kind::I16)
            .text("units", "m s-1")
            .text("standard_name", standard)
            .text("long_name", "wind at 10 m")
            .numbers("scale_factor", &[0.01])
            .numbers("_FillValue", &[missing])
    };
    vec![
        scale("time", 6.0, 6.0, 3),
        scale("lat", 50.0, -2.5, 11).text("units", "degrees_north"),
        scale("lon", 0.0, 20.0, 18).text("units", "degrees_east"),
        of("u10", 0, "eastward_wind"),
        of("v10", 1, "northward_wind"),
    ]
}

/// Fails if a number of the description is not that of the file, or if the command does not read the same.
#[test]
fn netcdf_and_hdf5_are_described_as_they_were_written() {
    let folder = folder();
    let path = folder.path();
    for name in ["atlas.nc", "atlas.nc4", "atlas.h5"] {
        variants::write(&path.join(name), &atlas(-32768.0));
        let (found, result) = runs(path, name, &format!("hodge decompose {name} --mask nan"));
        let array = found["arrays"].as_array().unwrap().iter().find(|array| array["name"] == "u10");
        let array = array.unwrap_or_else(|| panic!("{found}"));
        assert_eq!(array["shape"], serde_json::json!([3, 11, 18]));
        assert_eq!(array["dimensions"], serde_json::json!(["time", "lat", "lon"]));
        for (key, value) in [
            ("type", "integer"),
            ("units", "m s-1"),
            ("standard_name", "eastward_wind"),
            ("long_name", "wind at 10 m"),
        ] {
            assert_eq!(array[key], value, "{name}");
        }
        let field = &found["field"];
        assert_eq!(field["datasets"], serde_json::json!(["u10", "v10"]));
        assert_eq!((&field["axes"], &field["units"]), (&"t,y,x".into(), &"m s-1".into()));
        assert_eq!((&field["fields"], &field["missing_cells"]), (&3.into(), &2.into()));
        assert_eq!(
            (&field["first_label"], &field["last_label"]),
            (&"time=6".into(), &"time=18".into())
        );
        assert_eq!((&field["metric"], &field["radius"]), (&"sphere".into(), &6_371_200.0.into()));
        let [x, y] = [0, 1].map(|k| &field["coordinates"][k]);
        for (axis, points, first, last, spacing) in
            [(x, 18, 0.0, 340.0, 20.0), (y, 11, 25.0, 50.0, 2.5)]
        {
            assert_eq!(axis["points"], points, "{name}");
            for (key, value) in [
                ("first", first),
                ("last", last),
                ("least_spacing", spacing),
                ("greatest_spacing", spacing),
            ] {
                assert!((axis[key].as_f64().unwrap() - value).abs() < 1e-9, "{name}: {key} {axis}");
            }
        }
        assert_eq!((&x["periodic"], &y["periodic"]), (&true.into(), &false.into()));
        assert!(x["ends"].as_str().unwrap().contains("once round"), "{x}");
        assert_eq!(result["periodic_axes"], serde_json::json!(["x"]));
        assert_eq!(result["active_cells"], 11 * 18 - 2);
    }
}

#[test]
fn uneven_axes_results_and_pressures_are_told() {
    let folder = folder();
    let path = folder.path();
    let space =
        Array3::from_shape_fn((5, 8, 9), |(k, j, i)| (0.4 * (i + 2 * j + 3 * k) as f64).sin());
    let heights = Array1::from(vec![0.0, 1.0, 3.0, 6.0, 10.0]);
    let of = |name: &str, shift: f64| {
        Array::new(name, &["z", "y", "x"], space.mapv(|v| v + shift * v * v))
    };
    let axes =
        [scale("x", 0.5, 0.5, 9), scale("y", -2.0, 0.25, 8), Array::new("z", &["z"], heights)];
    let arrays: Vec<Array> =
        axes.into_iter().chain([of("u", 0.1), of("v", 0.2), of("w", 0.3)]).collect();
    variants::write(&path.join("box.h5"), &arrays);
    let (found, result) = runs(path, "box.h5", "hodge decompose box.h5");
    let z = &found["field"]["coordinates"][2];
    assert_eq!(
        [&z["first"], &z["last"], &z["least_spacing"], &z["greatest_spacing"]],
        [0.0, 10.0, 1.0, 4.0]
    );
    assert_eq!(
        (&found["field"]["metric"], &result["metric"]),
        (&"rectilinear".into(), &"rectilinear".into())
    );
    // A file of results states its periodic axes.
    let outcome = hodge(path, &["decompose", "analytic:P1", "--n", "16", "-o", "p1.h5"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let (found, result) = runs(path, "p1.h5", "hodge decompose p1.h5");
    assert!(found["field"]["coordinates"][1]["ends"].as_str().unwrap().contains("results says"));
    assert_eq!(result["periodic_axes"], serde_json::json!(["x", "y"]));
    // Pressures are no heights: each level is a field on the sphere.
    let levels = |name: &str| {
        Array::new(name, &["plev", "lat", "lon"], space.clone()).text("units", "m s-1")
    };
    let arrays = [
        scale("lon", 10.0, 1.0, 9).text("units", "degrees_east"),
        scale("lat", 40.0, 1.0, 8).text("units", "degrees_north"),
        scale("plev", 1000.0, -100.0, 5).text("units", "hPa"),
        levels("u"),
        levels("v"),
        levels("w"),
    ];
    variants::write(&path.join("levels.nc"), &arrays);
    let (found, _) = runs(path, "levels.nc", "--datasets u,v");
    assert_eq!(found["field"]["fields"], 5);
    assert!(found["refusal"].as_str().unwrap().contains("height or a depth"));
}

/// Fails if the first command has a mask that nobody asked for, or none of the others has it.
#[test]
fn masks_are_found_by_name_and_by_their_numbers() {
    let folder = folder();
    let path = folder.path();
    let sea = Array2::from_shape_fn((8, 9), |(j, i)| f64::from(u8::from(i != 4 || j != 3)));
    let arrays = [
        Array::new("u", &["y", "x"], part(0, 8, 9)),
        Array::new("v", &["y", "x"], part(1, 8, 9)),
        Array::new("water", &["y", "x"], sea).kind(Kind::I8),
        Array::new("chc", &["y", "x"], Array2::from_elem((8, 9), 3.0)),
        Array::new("count", &["y", "x"], Array2::from_elem((8, 9), 5.0)).kind(Kind::I32),
        Array::new("mask", &["n"], Array1::ones(4)),
    ];
    variants::write(&path.join("m.npz"), &arrays);
    let (found, _) = runs(path, "m.npz", "hodge decompose m.npz");
    let masks = serde_json::json!([
        { "name": "water", "nonzero_cells": 71, "only_0_and_1": true },
        { "name": "chc", "nonzero_cells": 72, "only_0_and_1": false },
    ]);
    let mut listed = found["field"]["masks"].as_array().unwrap().clone();
    listed.sort_by_key(|mask| mask["name"] == "chc");
    assert_eq!(Value::from(listed), masks);
    let others = found["other_commands"].to_string();
    // A mask that masks nothing is refused.
    assert!(others.contains("--mask water") && !others.contains("--mask chc"), "{others}");
}

#[test]
fn what_is_no_field_is_told_and_what_is_no_file_fails() {
    let folder = folder();
    let path = folder.path();
    write_npz(&path.join("pressure.npz"), &[("p", part(0, 8, 9)), ("q\u{1b}[31m", part(1, 4, 9))]);
    let found = info(path, "pressure.npz");
    assert_eq!((&found["command"], &found["field"]), (&Value::Null, &Value::Null));
    assert!(found["refusal"].as_str().unwrap().contains("no dataset found"), "{found}");
    let table = hodge(path, &["info", "pressure.npz"]);
    assert_eq!(table.code, 0);
    assert!(
        table.out.contains("refuses this file") && !table.out.contains('\u{1b}'),
        "{}",
        table.out
    );
    for (file, words) in [("none.npz", "no such file"), ("analytic:B4", "is no file")] {
        let outcome = hodge(path, &["info", file]);
        assert!(outcome.code == 2 && outcome.err.contains(words), "{}", outcome.err);
    }
    let both = hodge(path, &["info", "none.npz", "pressure.npz"]);
    assert_eq!(both.code, 1, "{}", both.err);
    assert_eq!(both.out, table.out);
}

/// Fails if a long list fills the screen, or is cut without a word.
#[test]
fn long_lists_are_cut() {
    let folder = folder();
    let path = folder.path();
    let names: Vec<String> = (0..40).map(|i| format!("a{i}")).collect();
    let arrays: Vec<(&str, Array2<f64>)> =
        names.iter().map(|name| (name.as_str(), Array2::zeros((3, 4)))).collect();
    write_npz(&path.join("many.npz"), &arrays);
    let table = hodge(path, &["info", "many.npz"]);
    assert!(table.out.contains("and 16 more (--verbose)"), "{}", table.out);
    let refusal = hodge(path, &["decompose", "many.npz"]);
    assert!(refusal.err.contains("and 28 more arrays"), "{}", refusal.err);
    assert!(refusal.err.contains("hodge info many.npz"), "{}", refusal.err);
    let whole = hodge(path, &["info", "many.npz", "--verbose"]);
    assert_eq!(whole.out.matches("(3, 4)").count(), 40);
}

/// Fails if a line of a page is not what the program prints about that file. How much memory is expected depends on the
/// machine.
#[test]
fn the_pages_show_what_is_said_of_real_files() {
    let mut shown = 0;
    for page in ["docs/examples.md", "docs/real-files.md"] {
        let page =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        for block in page.split("```text\n").skip(1).map(|rest| rest.split("```").next().unwrap()) {
            let name = block.lines().next().unwrap();
            let Some(folder) = FOLDERS.iter().find(|(_, files)| files.contains(&name)) else {
                continue;
            };
            let path = format!("{}/{name}", folder.0);
            let Some([file]) = needs::data([path.as_str()]) else { return };
            let outcome = unlocked(file.parent().unwrap(), &["info", name]);
            assert_eq!(outcome.code, 0, "{}", outcome.err);
            let dropped =
                |line: &&str| !line.starts_with("  note") && !line.starts_with("  memory");
            let printed: Vec<&str> = outcome.out.lines().filter(dropped).collect();
            assert_eq!(printed, block.lines().collect::<Vec<_>>(), "{name}");
            shown += 1;
        }
    }
    assert_eq!(shown, 13);
}

/// Where the files of the pages are.
pub const FOLDERS: [(&str, &[&str]); 5] = [
    ("wind", &["uwnd_mean.nc", "eraint_uvz.nc", "north_atlantic_500hpa.h5"]),
    ("ocean", &["black_sea.nc", "gulf_stream.nc", "caribbean.nc"]),
    (
        "piv",
        &[
            "PIVchallengeCaseBvelField.txt",
            "Run000001.T000.D000.P000.H001.L.vec",
            "karman_16Hz_000_A.jpg.txt",
        ],
    ),
    ("mri", &["carotid.vtk", "aorta.h5"]),
    ("room", &["office.binary.vtk"]),
];

/// Fails if a key of the object is not in the table of the page.
#[test]
fn the_keys_of_the_object_are_documented() {
    let folder = folder();
    write_npz(&folder.path().join("f.npz"), &[("u", part(0, 8, 9)), ("v", part(1, 8, 9))]);
    let found = info(folder.path(), "f.npz");
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/files.md");
    let page = std::fs::read_to_string(page).unwrap();
    let section = page.split("\n## ").find(|part| part.starts_with("What a file holds")).unwrap();
    let objects = [
        &found,
        &found["field"],
        &found["arrays"][0],
        &found["candidates"][0],
        &found["field"]["coordinates"][0],
    ];
    for key in objects.iter().flat_map(|object| object.as_object().unwrap().keys()) {
        assert!(
            section.contains(&format!("`{key}`")) || section.contains(&format!("`field.{key}`")),
            "{key}"
        );
    }
}
