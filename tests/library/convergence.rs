//! Every analytic case by every method that fits it: the claims, and the errors stored in
//! `validation/reference`. Those of free space and of the baselines are another program's (`free_space.py`,
//! `baselines.py`); `hodge validate --save validation/reference --overwrite` writes the others.

use hodge::decomposition::Method;
use hodge::validation::{MASKED, Outcome, Study, run_masked, run_study, studies_2d, studies_3d};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Errors may differ from the stored ones by this much, relatively.
const TOLERANCE: f64 = 0.01;
/// Errors below this are rounding, which machines may do differently.
const ROUNDING: f64 = 1e-11;

pub type Key = (String, String, String, String, u64, u64);

pub fn stored() -> BTreeMap<Key, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("validation/reference");
    let mut rows = BTreeMap::new();
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of_case = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.ends_with("-2d.json") || name.ends_with("-3d.json")
    };
    for path in paths.filter(of_case) {
        let text = std::fs::read_to_string(path).unwrap();
        let list: Vec<Value> = serde_json::from_str(&text).unwrap();
        rows.extend(list.into_iter().map(|row| (key(&row), row)));
    }
    for name in OUTSIDE {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("validation/reference").join(name);
        let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for row in file["studies"].as_array().unwrap() {
            let method = Method::from_name(row["method"].as_str().unwrap()).unwrap();
            assert!(![Method::Spectral, Method::Staggered].contains(&method), "{row} in {name}");
            rows.insert(key(row), row.clone());
        }
    }
    rows
}

/// Files of other programs.
const OUTSIDE: [&str; 4] = ["central.json", "free_space.json", "baselines.json", "learned.json"];

fn key(row: &Value) -> Key {
    let text = |name: &str| row[name].as_str().unwrap_or("none").to_string();
    let number = |name: &str| row[name].as_u64().unwrap();
    // Methods of one convention, of which other programs do not know the names.
    let alone = !["spectral", "staggered"].contains(&&*text("method"));
    let of = |name: &str| if alone { "only".into() } else { text(name) };
    (text("case"), text("method"), of("boundary"), of("backend"), number("dims"), number("n"))
}

pub fn compare(found: &Outcome, stored: &BTreeMap<Key, Value>) {
    let row = serde_json::to_value(found).unwrap();
    let reference = stored.get(&key(&row)).unwrap_or_else(|| panic!("nothing stored for {row}"));
    for name in ["error_gradient", "error_solenoidal", "error_harmonic", "error_energy"] {
        let (Some(new), Some(old)) = (row[name].as_f64(), reference[name].as_f64()) else {
            assert_eq!(row[name], reference[name], "{name} of {row}");
            continue;
        };
        let allowed = ROUNDING.max(TOLERANCE * old);
        assert!((new - old).abs() <= allowed, "{name} was {old:e}, now {row}");
    }
}

fn check<const D: usize>(studies: Vec<Study<D>>) {
    let stored = stored();
    for study in studies {
        for outcome in run_study(&study).unwrap() {
            assert!(outcome.passed, "{}", serde_json::to_string(&outcome).unwrap());
            compare(&outcome, &stored);
        }
    }
}

#[test]
fn claims_and_stored_errors_hold_in_2d() {
    check(studies_2d());
}

#[test]
fn claims_and_stored_errors_hold_in_3d() {
    check(studies_3d());
}

#[test]
fn claims_hold_on_masked_domains() {
    for name in MASKED {
        for outcome in run_masked(name).unwrap() {
            assert!(outcome.passed, "{}", serde_json::to_string(&outcome).unwrap());
        }
    }
}
