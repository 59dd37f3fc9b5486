//! Numbers in the pages for users are those of the runs they describe.

use crate::info::{FOLDERS, unlocked};
use crate::variants::{self, Array, Kind};
use crate::{folder, hodge, json_lines, needs, write_npz};
use ndarray::{Array1, Array2, Array4};
use serde_json::Value;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The percentages in the row of a table of a page.
fn row(page: &str, first: &str) -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
    let line = text.lines().find(|line| line.starts_with(&format!("| {first} |")));
    let line = line.unwrap_or_else(|| panic!("{page} has no row {first}"));
    let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().to_string());
    cells.filter(|cell| cell.ends_with('%')).collect()
}

/// Compares the printed digits of the three answers.
fn compare(name: &str, report: &Value) {
    let answers = ["closest_conservative", "nearest_divergence_free", "crossing_or_circling"];
    let found = answers.map(|answer| 100.0 * report["answers"][answer].as_f64().unwrap());
    let printed = row("docs/which-boundary.md", name);
    for (text, value) in printed.iter().zip(found) {
        let digits = text.split_once('.').map_or(0, |(_, rest)| rest.len() - " %".len());
        assert_eq!(*text, format!("{value:.digits$} %"), "{name}: {found:?}");
    }
    assert_eq!(printed.len(), 3, "{name}");
}

fn run(folder: &Path, arguments: &[&str]) -> Value {
    let outcome = hodge(folder, &[&["decompose", "--format", "json"], arguments].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    json_lines(&outcome.out).remove(0)
}

#[test]
fn wind_vessel_and_piv_have_the_shares_of_the_page() {
    let names =
        ["wind/north_atlantic_500hpa.h5", "mri/aorta.h5", "piv/PIVchallengeCaseBvelField.txt"];
    let Some([wind, aorta, piv]) = needs::data(names) else { return };
    let folder = folder();
    compare("wind", &run(folder.path(), &[wind.to_str().unwrap()]));
    let vessel = [
        aorta.to_str().unwrap(),
        "--datasets",
        "u,v,w",
        "--axes",
        "t,x,y,z",
        "--spacing",
        "1.188",
        "--mask",
        "mask>0",
    ];
    compare("vessel", &run(folder.path(), &vessel));
    compare("PIV frame", &run(folder.path(), &[piv.to_str().unwrap()]));
}

/// Coordinates in degrees are taken as a sphere. Fails if the page keeps the shares of a plane.
#[test]
fn currents_have_the_shares_of_the_page() {
    let Some([caribbean]) = needs::data(["ocean/caribbean.nc"]) else { return };
    let folder = folder();
    compare("currents", &run(folder.path(), &[caribbean.to_str().unwrap(), "--mask", "nan"]));
}

#[test]
fn a_network_has_the_shares_of_the_page() {
    let Some([points]) = needs::data(["paper2d/circle_train.csv"]) else { return };
    let folder = folder();
    let train = "--units 1000 --initial uniform:1 --noise gaussian:0.05 --rate 8e-4";
    let mut arguments = vec!["train", points.to_str().unwrap(), "-o", "circle.safetensors"];
    arguments.extend(train.split(' '));
    assert_eq!(hodge(folder.path(), &arguments).code, 0);
    let window = "autoencoder:circle.safetensors --domain=-0.6,0.6,-0.6,0.6 --n 256";
    compare("network", &run(folder.path(), &window.split(' ').collect::<Vec<_>>()));
}

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    std::fs::read_to_string(path).unwrap()
}

/// Fails if a word or a share of the demo changes and the README does not. Residuals are rounding,
/// whose digits depend on the processor.
#[test]
fn the_readme_shows_the_table_of_the_demo() {
    let folder = folder();
    let outcome = hodge(folder.path(), &["demo", "--quiet"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let readme = readme();
    let rounding =
        |line: &&str| !line.contains("own differences") && !line.starts_with("arithmetic");
    for line in outcome.out.lines().filter(rounding) {
        assert!(readme.lines().any(|found| found == line), "{line}");
    }
    assert!(outcome.out.lines().filter(|line| line.contains('%')).count() >= 12, "{}", outcome.out);
}

/// Fails if the shares of the sink with a rotation, or the loss of the vessel, differ from the
/// README.
#[test]
fn the_readme_has_the_numbers_of_its_examples() {
    let folder = folder();
    let readme = readme();
    let at = |i: usize| i as f64 / 32.0 - 1.0;
    let u = Array2::from_shape_fn((65, 65), |(j, i)| at(j) - at(i));
    let v = Array2::from_shape_fn((65, 65), |(j, i)| -at(i) - at(j));
    write_npz(&folder.path().join("mine.npz"), &[("u", u), ("v", v)]);
    let report = run(folder.path(), &["mine.npz", "--spacing", "0.03125"]);
    let answer = |name: &str| format!("{:.1}", 100.0 * report["answers"][name].as_f64().unwrap());
    let [a, b, c] =
        ["closest_conservative", "nearest_divergence_free", "crossing_or_circling"].map(answer);
    assert!(readme.contains(&format!("the answers are {a}, {b} and {c} %")), "{a} {b} {c}");

    let Some([aorta]) = needs::data(["mri/aorta.h5"]) else { return };
    let options = "--datasets u,v,w --axes t,x,y,z --spacing 1.188 --mask mask>0";
    let mut arguments = vec![aorta.to_str().unwrap()];
    arguments.extend(options.split(' '));
    let report = run(folder.path(), &arguments);
    let share = |name: &str| 100.0 * report["share_of_input"][name].as_f64().unwrap();
    assert!(readme.contains(&format!("loses {:.1} % of the energy", share("lost"))));
    let uncertain = share("lost") + share("cross_terms");
    assert!(readme.contains(&format!("in the blood flow below it is {uncertain:.0} %")));
}

/// Fails if the shares or the energy of a field differ from the sections about it.
#[test]
fn measured_fields_have_the_shares_of_their_sections() {
    let page = |name: &str| {
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
    };
    let (readme, examples) = (readme(), page("docs/examples.md"));
    let names = ["piv/PIVchallengeCaseBvelField.txt", "mri/carotid.vtk", "room/office.binary.vtk"];
    let Some(files) = needs::data(names) else { return };
    let folder = folder();
    for (file, page) in files.iter().zip([&readme, &readme, &examples]) {
        let report = run(folder.path(), &[file.to_str().unwrap(), "--boundary", "no-flux"]);
        let says = |text: String| assert!(page.contains(&text), "{}: {text}", file.display());
        for answer in ["closest_conservative", "nearest_divergence_free", "crossing_or_circling"] {
            says(format!("{:.1} %", 100.0 * report["answers"][answer].as_f64().unwrap()));
        }
        for part in ["gradient", "solenoidal"] {
            says(format!("{:.1} %", 100.0 * report["fraction"][part].as_f64().unwrap()));
        }
        let energy = report["energy"]["input"].as_f64().unwrap();
        says(if energy < 1.0 { format!("{energy:.4}") } else { format!("{energy:.3e}") });
        says(format!("`{}`", report["metric"].as_str().unwrap()));
    }
}

/// Fails if a command of the table of real files does not run, or gives another number.
#[test]
fn twelve_real_files_have_the_shares_of_the_page() {
    let readme = std::fs::read_to_string(format!("{ROOT}/README.md")).unwrap();
    let mut rows = 0;
    for row in readme.lines().filter(|line| line.starts_with("| `hodge decompose ")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let command = cells[1].trim_matches('`').replace('"', "");
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        let folder = FOLDERS.iter().find(|(_, files)| files.contains(&words[1])).unwrap().0;
        let path = format!("{folder}/{}", words[1]);
        let Some([file]) = needs::data([path.as_str()]) else { return };
        let outcome =
            unlocked(file.parent().unwrap(), &[&words[..], &["--format", "json"]].concat());
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        let report = json_lines(&outcome.out).remove(0);
        let said = |key: &str| report[key].as_str().unwrap().to_string();
        assert_eq!(cells[3], format!("{}, {}", said("metric"), said("boundary")), "{row}");
        let energy = report["energy"]["input"].as_f64().unwrap();
        let printed: f64 = cells[4].parse().unwrap();
        assert!((energy / printed - 1.0).abs() < 6e-4, "{energy}: {row}");
        for (cell, part) in cells[5..9].iter().zip(["gradient", "solenoidal", "harmonic", "lost"]) {
            let share = 100.0 * report["share_of_input"][part].as_f64().unwrap();
            assert_eq!(*cell, format!("{:.2}", share.abs()), "{part}: {row}");
        }
        rows += 1;
    }
    assert_eq!(rows, 12);
}

/// A vortex without divergence, 1/4 of energy a volume, and a wave that is a gradient, 3/2 0.2²: known by hand.
#[test]
fn a_box_of_turbulence_has_the_shares_of_its_integrals() {
    let n = 48;
    let at = |i: usize| 2.0 * std::f64::consts::PI * i as f64 / n as f64;
    let values = Array4::from_shape_fn((n, n, n, 3), |(k, j, i, c)| {
        let (x, y, z) = (at(i), at(j), at(k));
        let wave = 0.2 * (x + y + z).cos();
        match c {
            0 => x.sin() * y.cos() * z.cos() + wave,
            1 => -x.cos() * y.sin() * z.cos() + wave,
            _ => wave,
        }
    });
    let folder = folder();
    let list = |name: &str| Array::new(name, &[""], (0..n).map(at).collect::<Array1<f64>>());
    variants::write(
        &folder.path().join("cutout.h5"),
        &[
            Array::new("Velocity_0001", &["", "", "", ""], values).kind(Kind::F32),
            list("xcoor"),
            list("ycoor"),
            list("zcoor"),
        ],
    );
    let report = run(folder.path(), &["cutout.h5", "--periodic", "x,y,z"]);
    let share = |part: &str| report["share_of_input"][part].as_f64().unwrap();
    assert!((share("gradient") - 0.06 / 0.31).abs() < 1e-6);
    assert!((share("solenoidal") - 0.25 / 0.31).abs() < 1e-6);
    let energy = report["energy"]["input"].as_f64().unwrap();
    assert!((energy / (0.31 * (2.0 * std::f64::consts::PI).powi(3)) - 1.0).abs() < 1e-6);
    let readme = std::fs::read_to_string(format!("{ROOT}/README.md")).unwrap();
    for words in
        [format!("{:.2} %", 6.0 / 0.31), format!("{:.2} %", 25.0 / 0.31), format!("{energy:.2}")]
    {
        assert!(readme.contains(&words), "{words}");
    }
}

/// The tables of two analytic fields in `docs/comparing.md` are what the program prints, but for the fit, which takes long here.
/// Fails with any digit of them changed.
#[test]
fn the_tables_of_comparisons_are_what_is_printed() {
    let text = std::fs::read_to_string(format!("{ROOT}/docs/comparing.md")).unwrap();
    for case in ["B4", "S1"] {
        let command = format!("hodge compare analytic:{case} --n 128");
        let (_, after) = text.split_once(&command).expect("the command is in the page");
        let rows = after.lines().skip_while(|line| !line.starts_with("| method"));
        let rows = rows.take_while(|line| line.starts_with('|')).skip(2);
        let cells = |row: &str| -> Vec<String> {
            row.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect()
        };
        let rows: Vec<_> = rows.map(cells).filter(|row| !row[0].starts_with("learned")).collect();
        assert_eq!(rows.len(), 9, "{rows:?}");
        let methods: Vec<_> = rows.iter().map(|row| row[0].replace(' ', ":")).collect();
        let source = format!("analytic:{case}");
        let line = ["compare", &source, "--n", "128", "--methods", &methods.join(",")];
        let outcome = hodge(folder().path(), &line);
        let printed = |table: &str, name: &str| -> Vec<String> {
            let (_, after) = outcome.out.split_once(table).expect("the table is printed");
            let line = after.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line[name.len()..].replace(" %", "").split_whitespace().map(String::from).collect()
        };
        for row in &rows {
            let shares = printed("lost on faces\n", &row[0]);
            let wanted: Vec<_> = row[1..4].iter().map(|cell| cell.replace(" %", "")).collect();
            assert_eq!(shares[..3], wanted, "{}", row[0]);
            if row.len() > 4 {
                let errors = printed(
                    "method                      gradient  solenoidal  harmonic\n",
                    &row[0],
                );
                assert_eq!(errors[..2], row[4..6], "{}", row[0]);
            }
        }
    }
}
