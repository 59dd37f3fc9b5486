//! What programs outside of hodge found in the same studies.

use super::Outcome;
use crate::decomposition::Method;
use serde_json::Value;
use std::collections::HashMap;

/// How near errors must be to those of another program, relatively.
pub const AGREE: f64 = 0.01;

/// Energies of fields without any smoothness, of which each is exact, relative to that of the field.
const ENERGIES_AGREE: f64 = 1e-9;

/// Errors below this are rounding, which machines do differently, and what iterations of the other programs leave.
const ROUNDING: f64 = 1e-10;

/// Each by the program of the same name in `validation/reference`.
const FILES: [&str; 6] = [
    include_str!("../../validation/reference/staggered.json"),
    include_str!("../../validation/reference/masked.json"),
    include_str!("../../validation/reference/central.json"),
    include_str!("../../validation/reference/free_space.json"),
    include_str!("../../validation/reference/baselines.json"),
    include_str!("../../validation/reference/learned.json"),
];

const ERRORS: [&str; 4] = ["error_gradient", "error_solenoidal", "error_harmonic", "error_energy"];
const ENERGIES: [&str; 3] = ["energy_gradient", "energy_solenoidal", "energy_harmonic"];

/// Case, method, convention of a method with several, dimensions and size.
type Key = (String, String, String, u64, u64);

/// The numbers of programs that have no code in common with hodge.
pub struct Outside {
    rows: HashMap<Key, Value>,
}

impl Outside {
    /// Those stored with the source of hodge.
    pub fn stored() -> Outside {
        Outside::of(&FILES)
    }

    /// Those in texts with `"studies"`, each a row with the same names as an [`Outcome`].
    #[expect(clippy::missing_panics_doc, reason = "texts of this project")]
    pub fn of(texts: &[&str]) -> Outside {
        let mut rows = HashMap::new();
        for text in texts {
            let file: Value = serde_json::from_str(text).expect("JSON");
            let studies = file["studies"].as_array().expect("studies").iter();
            rows.extend(studies.map(|row| (key(row), row.clone())));
        }
        Outside { rows }
    }

    /// Compares an outcome, which fails where a number differs or none is stored.
    ///
    /// ```
    /// use hodge::validation::{Outside, run_study, studies_2d};
    /// let mut studies = studies_2d().into_iter();
    /// let study = studies.find(|study| study.case.name() == "P1").unwrap();
    /// let mut outcomes = run_study(&study)?;
    /// let outside = Outside::stored();
    /// outcomes.iter_mut().for_each(|outcome| outside.compare(outcome));
    /// assert!(outcomes.iter().all(|outcome| outcome.passed));
    /// # Ok::<(), hodge::decomposition::DecomposeError>(())
    /// ```
    pub fn compare(&self, outcome: &mut Outcome) {
        let found = serde_json::to_value(&*outcome).unwrap_or_default();
        let complaint = match self.rows.get(&key(&found)) {
            None => Some("no number from outside is stored".to_string()),
            Some(row) => {
                let total: f64 = ENERGIES.iter().filter_map(|name| row[name].as_f64()).sum();
                let errors = ERRORS.map(|name| (name, AGREE, 0.0));
                let energies = ENERGIES.map(|name| (name, 0.0, ENERGIES_AGREE * total));
                let all = errors.into_iter().chain(energies);
                let told = all.filter(|(name, ..)| !row[name].is_null());
                let differ = |(name, relative, absolute)| {
                    let (new, old) = (found[name].as_f64(), row[name].as_f64()?);
                    let gap = new.map_or(f64::INFINITY, |new| (new - old).abs());
                    let scale = if absolute > 0.0 { total } else { old.abs() };
                    if scale > ROUNDING {
                        outcome.outside = Some(outcome.outside.unwrap_or(0.0).max(gap / scale));
                    }
                    let allowed = ROUNDING.max(relative * old.abs() + absolute);
                    let within = gap <= allowed;
                    (!within).then(|| format!("{name} {}, outside {old:e}", shown(new)))
                };
                told.filter_map(differ).last()
            }
        };
        if let Some(complaint) = complaint {
            outcome.passed = false;
            outcome.claim = format!("{}; {complaint}", outcome.claim);
        }
    }
}

fn shown(value: Option<f64>) -> String {
    value.map_or("not found".into(), |value| format!("{value:e}"))
}

fn key(row: &Value) -> Key {
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_string();
    let number = |name: &str| row[name].as_u64().unwrap_or_default();
    let several = [Method::Spectral, Method::Staggered].map(Method::name);
    let method = text("method");
    let boundary = if several.contains(&&*method) { text("boundary") } else { String::new() };
    (text("case"), method, boundary, number("dims"), number("n"))
}
