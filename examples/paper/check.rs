//! The experiments run again and compared with stored numbers: at reduced size after every change,
//! at full size now and then.

use crate::needs;
use crate::support::{Options, read_json, write_json};
use crate::{deep, deformation, filters, hodge_experiment, seeds, sweep, table1};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Results of the experiments at reduced size; at full size those of `results` are compared.
const SMALL: &str = "validation/paper/small.json";
const RESULTS: &str = "validation/paper/results";

#[derive(clap::Args)]
pub struct Arguments {
    /// At the size of the paper instead of the reduced one
    #[arg(long)]
    full: bool,
    /// Stores the numbers found at reduced size instead of comparing them
    #[arg(long, conflicts_with = "full")]
    save: bool,
}

/// An experiment, and which of its numbers are compared how closely.
struct Check {
    /// The file of the result, without `.json`.
    name: &'static str,
    run: fn(&Options) -> Result<()>,
    data: Option<&'static str>,
    /// Epochs, hidden units and samples in small.
    small: [usize; 3],
    /// Numbers count under these keys.
    keys: &'static [&'static str],
    /// Largest relative difference at reduced and at full size.
    tolerance: [f64; 2],
}

type Numbers = BTreeMap<String, f64>;

/// In an order in which figures 1 and 3 find the networks of Table 1.
fn checks() -> [Check; 11] {
    let figure = |name, run, data| Check {
        name,
        run,
        data: Some(data),
        small: [20, 200, 500],
        keys: &["sym_map", "curl_mean_square", "solenoidal_fraction", "field_norm"],
        tolerance: [1e-6, 1e-3],
    };
    let digits = |name, run, keys| Check {
        name,
        run,
        data: Some("mnist/train-images-idx3-ubyte.gz"),
        small: [20, 50, 1000],
        keys,
        tolerance: [1e-4, 0.1],
    };
    let seeds =
        Check { keys: &["summary"], ..figure("seeds", seeds::run, "paper2d/spiral_train.csv") };
    let hodge = Check {
        name: "hodge_experiment",
        run: hodge_experiment::run,
        data: None,
        small: [2, 100, 0],
        keys: &["exact", "energy", "distance_from_no_flux_gradient", "linear_map"],
        tolerance: [1e-4, 1e-3],
    };
    let scores = &["sym_map", "sym_sqrt", "loss"];
    let tries = |name, run| Check { small: [5, 50, 1000], ..digits(name, run, scores) };
    [
        figure("figure4", |o| deformation::run(o, 4, "line"), "paper2d/line_train.csv"),
        figure("figure5", |o| deformation::run(o, 5, "circle"), "paper2d/circle_train.csv"),
        figure("figure6", |o| deformation::run(o, 6, "spiral"), "paper2d/spiral_train.csv"),
        seeds,
        hodge,
        digits("table1", table1::run, &["sym_map", "sym_sqrt", "curl_rms", "loss"]),
        digits(
            "figure1",
            filters::figure1,
            &["cosine_mean", "encoder_length", "decoder_length", "above_half_nyquist"],
        ),
        digits("figure2", deep::run, scores),
        digits("figure3", filters::figure3, &["mean", "standard_deviation", "median"]),
        tries("sweep", sweep::run),
        tries("best", sweep::best),
    ]
}

/// Runs every experiment whose data is available into a folder of its own.
pub fn run(options: &Options, arguments: &Arguments) -> Result<()> {
    let folder = options.work.join(if arguments.full { "full" } else { "small" });
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let mut kept = BTreeMap::new();
    let mut wrong = Vec::new();
    for check in checks() {
        if check.data.is_some_and(|file| needs::data([file]).is_none()) {
            continue;
        }
        (check.run)(&check.options(options, &folder, arguments.full))?;
        let found = check.numbers(&read_json(&folder.join(check.file()))?);
        if !arguments.save {
            wrong.extend(check.compare(&check.stored(arguments.full)?, &found, arguments.full));
        }
        kept.insert(check.name, found);
    }
    if arguments.save {
        return write_json(Path::new(SMALL), &json!(kept));
    }
    ensure!(wrong.is_empty(), "not as stored:\n{}", wrong.join("\n"));
    Ok(())
}

impl Check {
    fn file(&self) -> PathBuf {
        format!("{}.json", self.name).into()
    }

    fn options(&self, given: &Options, folder: &Path, full: bool) -> Options {
        let small = |k: usize| (!full).then_some(self.small[k]);
        Options {
            results: folder.into(),
            figures: folder.into(),
            work: folder.into(),
            epochs: small(0),
            units: small(1),
            samples: small(2),
            seeds: (!full).then_some(2),
            ..given.clone()
        }
    }

    fn stored(&self, full: bool) -> Result<Numbers> {
        if full {
            return Ok(self.numbers(&read_json(&Path::new(RESULTS).join(self.file()))?));
        }
        let value = read_json(Path::new(SMALL))?[self.name].take();
        serde_json::from_value(value).with_context(|| format!("{} in {SMALL}", self.name))
    }

    /// The numbers that count, by their places.
    fn numbers(&self, value: &Value) -> Numbers {
        let mut found = Numbers::new();
        self.gather(value, "", false, &mut found);
        found
    }

    fn gather(&self, value: &Value, place: &str, counts: bool, found: &mut Numbers) {
        match value {
            Value::Number(n) if counts => {
                found.insert(place.into(), n.as_f64().expect("no arbitrary precision"));
            }
            Value::Object(map) => {
                for (key, value) in map {
                    let counts = counts || self.keys.contains(&key.as_str());
                    self.gather(value, &format!("{place}/{key}"), counts, found);
                }
            }
            Value::Array(list) => {
                for (k, value) in list.iter().enumerate() {
                    self.gather(value, &format!("{place}/{k}"), counts, found);
                }
            }
            _ => {}
        }
    }

    /// A line for every number that differs, is missing or is new.
    fn compare(&self, stored: &Numbers, found: &Numbers, full: bool) -> Vec<String> {
        let tolerance = self.tolerance[usize::from(full)];
        let mut largest = (0.0, "");
        let mut wrong = Vec::new();
        for (place, &value) in found {
            let Some(&wanted) = stored.get(place) else {
                wrong.push(format!("{}{place}: {value}, none stored", self.name));
                continue;
            };
            // Numbers that are zero up to rounding have no relative difference.
            let difference = (value - wanted).abs() / wanted.abs().max(1e-3);
            if difference > largest.0 {
                largest = (difference, place);
            }
            if difference.is_nan() || difference > tolerance {
                wrong.push(format!("{}{place}: {value}, stored {wanted}", self.name));
            }
        }
        let lost = stored.keys().filter(|place| !found.contains_key(*place));
        wrong.extend(lost.map(|place| format!("{}{place}: missing", self.name)));
        println!(
            "{}: {} numbers, the largest relative difference {:.1e} of {tolerance:.0e} allowed ({})",
            self.name,
            found.len(),
            largest.0,
            largest.1
        );
        wrong
    }
}
