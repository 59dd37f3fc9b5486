//! What can be typed after `hodge plot`.

use super::args_field::{FileArguments, GridArguments};
use super::args_picture::{PictureSlice, SheetArguments};
use crate::output::picture::Colours;
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct PlotArguments {
    /// A file that `decompose`, `batch`, `compare` or `sample` wrote, or any field as for `decompose`.
    #[arg(value_name = "FILE")]
    pub field: String,
    /// Picture to write, SVG (.svg) or PNG.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Replace an existing file.
    #[arg(long)]
    pub overwrite: bool,
    /// What is drawn. The first five go over each other. `potential` are contours in the gradient part, `stream-function` in the
    /// solenoidal part (2D), of files with `--potentials`. `divergence` and `curl` are maps by central differences at the
    /// points with the lengths of the metric, empty beside walls and cells left out; in 3D the curl around the
    /// normal of the plane. `spectrum` is for periodic boxes.
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        value_name = "WHAT,…",
        default_value = "magnitude,streamlines"
    )]
    pub show: Vec<Show>,
    /// Which parts of a result are drawn; by default all that are not zero.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PART,…", default_value = "all")]
    pub part: Vec<Part>,
    /// Which field of a result file of several, by its name there.
    #[arg(long, value_name = "NAME")]
    pub group: Option<String>,
    /// Which field of a series, counted from 0; `--select time=…` picks it by a coordinate.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub step: Option<usize>,
    /// The plane to draw in 3D, such as `z=0.3`: the nearest plane of points; without it the middle plane of z.
    #[arg(long, value_name = "AXIS=COORDINATE")]
    pub picture_slice: Option<PictureSlice>,
    /// Colours of the magnitude; by default viridis.
    #[arg(long, value_name = "NAME",
        value_parser = PossibleValuesParser::new(Colours::ALL.map(Colours::name)))]
    pub colours: Option<String>,
    #[command(flatten)]
    pub sheet: SheetArguments,
    #[command(flatten)]
    pub grid: GridArguments,
    #[command(flatten)]
    pub file: FileArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Show {
    Magnitude,
    Streamlines,
    Quiver,
    Potential,
    StreamFunction,
    Divergence,
    Curl,
    Spectrum,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    Input,
    Gradient,
    Solenoidal,
    Harmonic,
    /// Solenoidal and harmonic part, where they were left one.
    DivergenceFree,
    /// What is lost between points and faces.
    SamplingRemainder,
    /// All of these but the last.
    All,
}

impl Part {
    /// Those of `all`.
    pub const ALL: [Part; 5] =
        [Part::Input, Part::Gradient, Part::Solenoidal, Part::Harmonic, Part::DivergenceFree];

    /// The name of its array.
    pub fn array(self) -> &'static str {
        match self {
            Part::Input | Part::All => "input",
            Part::Gradient => "gradient",
            Part::Solenoidal => "solenoidal",
            Part::Harmonic => "harmonic",
            Part::DivergenceFree => "divergence_free",
            Part::SamplingRemainder => "sampling_remainder",
        }
    }

    /// Above its panel.
    pub fn title(self) -> &'static str {
        match self {
            Part::Input | Part::All => "input",
            Part::Gradient => "gradient part",
            Part::Solenoidal => "solenoidal part",
            Part::Harmonic => "harmonic part",
            Part::DivergenceFree => "divergence-free part",
            Part::SamplingRemainder => "lost between points and faces",
        }
    }
}
