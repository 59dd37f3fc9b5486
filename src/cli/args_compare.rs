//! What can be typed after `hodge compare`.

use super::args_field::{FileArguments, GridArguments};
use super::numbers;
use clap::Args;
use std::path::PathBuf;
use std::str::FromStr;

#[derive(Debug, Args)]
pub struct CompareArguments {
    /// A field as for `decompose`, one of a series by `--select`.
    #[arg(value_name = "FIELD")]
    pub field: String,
    /// Methods, each as `METHOD` or `METHOD:BOUNDARY` (see `hodge list`); the first is what the others are compared with. By
    /// default all that fit the field.
    #[arg(long, value_delimiter = ',', value_name = "METHODS")]
    pub methods: Vec<String>,
    /// Repeat on grids of these sizes, for sources that can be evaluated anywhere: errors, observed orders and cost against the size.
    #[arg(long, value_delimiter = ',', value_name = "N,N,…", value_parser = numbers::count, conflicts_with = "n")]
    pub sizes: Vec<usize>,
    /// Repeat with half and a quarter of the points, and say how wrong the parts and the shares are (Richardson).
    #[arg(long)]
    pub estimate: bool,
    /// Repeat with Gaussian noise of this standard deviation in every component, in units of the field, or such as `5%` of its
    /// root mean square, and say how far the shares move.
    #[arg(long, allow_hyphen_values = true, value_name = "SIGMA|PERCENT%")]
    pub noise: Option<Noise>,
    /// Fields with noise.
    #[arg(long, value_name = "COUNT", default_value_t = 20, value_parser = numbers::count, requires = "noise")]
    pub repeats: usize,
    /// Where the noise begins.
    #[arg(long, value_name = "SEED", default_value_t = 0, requires = "noise")]
    pub seed: u64,
    /// HDF5 file to write: the parts of every method at the points.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// A page of HTML to write, with pictures of all parts and of their differences, in one file that needs no network.
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Replace existing files.
    #[arg(long)]
    pub overwrite: bool,
    #[command(flatten)]
    pub grid: GridArguments,
    #[command(flatten)]
    pub file: FileArguments,
}

/// How strong noise is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Noise {
    /// In units of the field.
    Absolute(f64),
    /// Of the root mean square of a component.
    Relative(f64),
}

impl FromStr for Noise {
    type Err = String;

    fn from_str(text: &str) -> Result<Noise, String> {
        match text.strip_suffix('%') {
            Some(percent) => Ok(Noise::Relative(numbers::positive(percent)? / 100.0)),
            None => Ok(Noise::Absolute(numbers::positive(text)?)),
        }
    }
}
