//! Numbers in the pages for users are those of the runs they describe.

use crate::{folder, hodge, json_lines, needs, write_npz};
use ndarray::Array2;
use serde_json::Value;
use std::path::Path;

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
        "mask",
    ];
    compare("vessel", &run(folder.path(), &vessel));
    let text = std::fs::read_to_string(piv).unwrap();
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    let rows: Vec<Vec<f64>> =
        rows.map(|line| line.split_whitespace().map(|v| v.parse().unwrap()).collect()).collect();
    assert_eq!(rows.len(), 31 * 31);
    // y is the slower column and runs as x does.
    let component = |k: usize| Array2::from_shape_fn((31, 31), |(j, i)| rows[31 * j + i][k]);
    write_npz(&folder.path().join("piv.npz"), &[("u", component(2)), ("v", component(3))]);
    compare("PIV frame", &run(folder.path(), &["piv.npz", "--spacing", "16"]));
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
