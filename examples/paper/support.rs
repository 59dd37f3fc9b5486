//! What the experiments share: options, where data and results lie, JSON.

use anyhow::{Context, Result, bail};
use hodge::autoencoder::train::Settings;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What can be set on the command line.
#[derive(clap::Args, Clone, Debug)]
pub struct Options {
    /// Where the JSON files go
    #[arg(long, default_value = "validation/paper/results", global = true)]
    pub results: PathBuf,
    /// Where the figures go
    #[arg(long, default_value = "validation/paper/figures", global = true)]
    pub figures: PathBuf,
    /// Where weights and checkpoints are kept between runs
    #[arg(long, default_value = "target/paper", global = true)]
    pub work: PathBuf,
    /// Epochs instead of those of the paper, for a quick look
    #[arg(long, global = true)]
    pub epochs: Option<usize>,
    /// Hidden units instead of those of the paper
    #[arg(long, global = true)]
    pub units: Option<usize>,
    /// Training samples instead of all
    #[arg(long, global = true)]
    pub samples: Option<usize>,
    /// Start seeds instead of those of the experiment
    #[arg(long, global = true)]
    pub seeds: Option<u64>,
    /// Only these parts of an experiment, by name, separated by commas
    #[arg(long, global = true)]
    pub only: Option<String>,
    /// Draw or summarise the numbers of an earlier run again instead of training (figure2, sweep)
    #[arg(long, global = true)]
    pub redraw: bool,
}

impl Options {
    /// Whether a part is asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.split(',').any(|one| one == name))
    }

    /// A file that is kept between runs but is not a result: weights, checkpoints.
    pub fn kept(&self, name: &str) -> Result<PathBuf> {
        std::fs::create_dir_all(&self.work)?;
        Ok(self.work.join(name))
    }
}

/// A data file: under `HODGE_DATA`, or `../shared/data` beside the repository.
pub fn data(name: &str) -> Result<PathBuf> {
    let root =
        std::env::var_os("HODGE_DATA").map_or_else(|| "../shared/data".into(), PathBuf::from);
    let path = root.join(name);
    if !path.exists() {
        bail!("{} is not there; set HODGE_DATA to the folder that holds {name}", path.display());
    }
    Ok(path)
}

/// Settings as they are recorded.
pub struct Settled(pub Settings);

impl Settled {
    /// As JSON.
    pub fn value(&self) -> Value {
        serde_json::to_value(self.0).expect("plain numbers")
    }
}

/// Reads a JSON file.
pub fn read_json(path: &Path) -> Result<Value> {
    let text = std::fs::read(path).with_context(|| path.display().to_string())?;
    serde_json::from_slice(&text).with_context(|| path.display().to_string())
}

/// Writes a JSON file, indented, with the folders it needs.
pub fn write_json(path: &Path, value: &Value) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let text = serde_json::to_string_pretty(value)? + "\n";
    std::fs::write(path, text).with_context(|| path.display().to_string())
}
