//! What can be typed.

use super::args_autoencoder::{ConservativenessArguments, SnapshotsArguments, TrainArguments};
use super::args_compare::CompareArguments;
use super::args_field::{FileArguments, GridArguments, MethodArguments};
use super::args_picture::PictureArguments;
use super::args_plot::PlotArguments;
use super::args_split::SplitArguments;
use super::numbers;
use crate::batch::Shard;
use crate::decomposition::Method;
use crate::field::Way;
use crate::machine::parse_size;
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Splits vector fields on 2D and 3D grids into gradient, solenoidal and harmonic parts.
#[derive(Debug, Parser)]
#[command(name = "hodge", version, about, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: Common,
}

/// Options of every command.
#[derive(Debug, Args)]
pub struct Common {
    /// How the result is printed on standard output.
    #[arg(long, global = true, value_enum, default_value = "table")]
    pub format: OutputFormat,
    /// Number of threads; by default all processors.
    #[arg(long, global = true, allow_negative_numbers = true, value_name = "N",
        value_parser = numbers::count)]
    pub threads: Option<usize>,
    /// Refuse work that needs more memory than this, such as 8G or 500M (units of 1024: K, M, G, T or KiB,
    /// MiB, …; of 1000: KB, MB, …; or plain bytes). By default what the machine, its control groups and
    /// ulimit leave.
    #[arg(long, global = true, value_name = "SIZE", value_parser = parse_size)]
    pub memory: Option<u64>,
    /// Print everything that was measured, and a whole table for every field of a series.
    #[arg(long, global = true)]
    pub verbose: bool,
    /// No progress and no notes on standard error.
    #[arg(long, global = true)]
    pub quiet: bool,
    /// The commit the program was built from; not an argument.
    #[arg(skip)]
    pub commit: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people.
    Table,
    /// One JSON object a line.
    Json,
    /// One line a field below a line of names, for `decompose` and `batch`.
    Csv,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Decompose a built-in field: a table, an HDF5 file and a picture.
    Demo(DemoArguments),
    /// Decompose fields from files or analytic cases.
    Decompose(Box<DecomposeArguments>),
    /// Decompose fields by several methods, boundaries and back ends, as a file in TOML says.
    Batch(BatchArguments),
    /// Decompose one field by every method that fits, and say what they differ by and why.
    Compare(Box<CompareArguments>),
    /// Draw a field, or the parts in a file that decompose, batch, compare or sample wrote.
    Plot(Box<PlotArguments>),
    /// Put the files together that several `hodge decompose --shard I/N` wrote.
    Merge(MergeArguments),
    /// Write a field from a source to an HDF5 file.
    Sample(Box<SampleArguments>),
    /// Say what files hold, what of it could be a field, and the command that decomposes it.
    Info(InfoArguments),
    /// List analytic cases, methods, boundaries and back ends.
    List,
    /// Train an auto-encoder on points; its field can then be sampled and decomposed.
    Train(Box<TrainArguments>),
    /// Measure how far from conservative an auto-encoder is.
    Conservativeness(Box<ConservativenessArguments>),
    /// Find the conservative auto-encoder closest to one, on the same hidden units.
    Split(Box<SplitArguments>),
    /// Decompose every snapshot of a training: energy, curl and symmetry against the epoch.
    Snapshots(Box<SnapshotsArguments>),
    /// Write gradient, curl and metric of a field's grid as sparse matrices for scipy (.npz).
    Operators(Box<OperatorsArguments>),
    /// Check every analytic case with every method that fits it; exit 1 if a claim fails.
    Validate(ValidateArguments),
}

#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Name of the files without extension; files of that name are replaced.
    #[arg(short, long, default_value = "hodge-demo", value_name = "NAME")]
    pub output: PathBuf,
    /// Cells along each axis.
    #[arg(long, default_value_t = 128, allow_negative_numbers = true, value_parser = numbers::count)]
    pub n: usize,
}

#[derive(Debug, Args)]
#[command(after_help = STUDY)]
pub struct BatchArguments {
    /// What is to be decomposed, how and where to, in TOML.
    #[arg(value_name = "STUDY.toml")]
    pub study: PathBuf,
    /// HDF5 file to write, in place of `output` of the study.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace existing files.
    #[arg(long)]
    pub overwrite: bool,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Decompose the I-th of N parts of the fields only, on machines that share the work; `hodge merge` puts the files together.
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
}

/// What stands in a study.
const STUDY: &str = "\
A study, whose fields are decomposed in every combination of the lists:
  output = \"study.h5\"                        # beside the study
  fields = [\"winds/*.nc\", \"analytic:B4\"]     # files beside the study, sources
  methods = [\"staggered\"]                    # each list may be left out
  boundaries = [\"no-flux\", \"normal-parallel\"]
  backends = [\"cholesky\", \"multigrid\"]
  inapplicable = \"refuse\"                    # or \"skip\": combinations that cannot apply to a field
  [options]                                   # other options of hodge decompose by their names
  mask = \"nan\"
  precision = \"f32\"
  potentials = true";

#[derive(Debug, Args)]
pub struct MergeArguments {
    /// Files of all parts of one study.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// HDF5 file to write.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Replace an existing file.
    #[arg(long)]
    pub overwrite: bool,
}

#[derive(Debug, Args)]
pub struct InfoArguments {
    /// Files (HDF5, NetCDF, .npy, .npz). Of numbers, coordinates, the first field and likely masks are read.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<String>,
}

#[derive(Debug, Args)]
pub struct DecomposeArguments {
    /// Files (HDF5, NetCDF, .npy, .npz), `analytic:CASE` (see `hodge list`), `autoencoder:WEIGHTS`,
    /// `onnx:MODEL` (the field is the output) or `onnx-autoencoder:MODEL` (the output minus the input).
    #[arg(required = true, value_name = "FIELD")]
    pub fields: Vec<String>,
    /// HDF5 file to write (.h5, .hdf5, .nc); without it only the diagnostics are printed.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace existing files.
    #[arg(long)]
    pub overwrite: bool,
    /// Decompose the I-th of N parts of the fields only, on machines that share the work; `hodge merge` puts the files together.
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub method: MethodArguments,
    /// How the parts are interpolated from the faces to the points: by four faces (the default;
    /// fourth order) or by the mean of two (second order, but the gradient part has no curl by
    /// central differences, and about a tenth less noise).
    #[arg(long, value_name = "WAY", help_heading = "Method",
        value_parser = PossibleValuesParser::new(Way::ALL.map(Way::name)))]
    pub points: Option<String>,
    #[command(flatten)]
    pub grid: GridArguments,
    #[command(flatten)]
    pub file: FileArguments,
    #[command(flatten)]
    pub content: ContentArguments,
    #[command(flatten)]
    pub picture: PictureArguments,
}

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Content of the output")]
pub struct ContentArguments {
    /// Compress datasets: shuffle and deflate at this level.
    #[arg(long, value_name = "1-9", allow_negative_numbers = true,
        value_parser = clap::value_parser!(u8).range(1..=9))]
    pub deflate: Option<u8>,
    /// Precision of the arrays in the output.
    #[arg(long, default_value = "f64", value_parser = PossibleValuesParser::new(["f32", "f64"]))]
    pub precision: String,
    /// Leave the input field out.
    #[arg(long)]
    pub no_input: bool,
    /// Add the staggered arrays on which the parts are exact.
    #[arg(long)]
    pub faces: bool,
    /// Add the stream function (2D) or the vector potential (3D) of the solenoidal part.
    #[arg(long)]
    pub potentials: bool,
    /// Add tangential and normal harmonic fields and curly gradients, which make up the harmonic part of
    /// `normal-parallel`; in the output file only.
    #[arg(long)]
    pub five_parts: bool,
    /// Add an orthonormal basis of the harmonic fields on the faces: tangential ones, normal ones under
    /// `zero-potential`. Two solves and a field of memory for each.
    #[arg(long)]
    pub harmonic_basis: bool,
    /// Add spectra of the parts: energy, enstrophy and in 3D helicity; for boxes that are periodic along every axis.
    #[arg(long)]
    pub spectra: bool,
}

#[derive(Debug, Args)]
pub struct SampleArguments {
    /// `analytic:CASE` (see `hodge list`), `autoencoder:WEIGHTS`, `onnx:MODEL` or
    /// `onnx-autoencoder:MODEL`.
    #[arg(value_name = "SOURCE")]
    pub source: String,
    /// HDF5 file to write.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Replace an existing file.
    #[arg(long)]
    pub overwrite: bool,
    #[command(flatten)]
    pub grid: GridArguments,
}

#[derive(Debug, Args)]
pub struct OperatorsArguments {
    /// The field whose grid and mask are meant, as for `decompose`.
    #[arg(value_name = "FIELD")]
    pub field: String,
    /// File to write (.npz): of every matrix the arrays NAME_data, NAME_indices, NAME_indptr and NAME_shape.
    /// D0, D1 (and D2 in 3D) are the differences of ±1 from cells to faces, edges and vertices, starP the
    /// measures of places over their sizes, sizeP the distances, areas and volumes.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Replace an existing file.
    #[arg(long)]
    pub overwrite: bool,
    /// What the potentials do at walls; by default what `decompose` takes for this field.
    #[arg(long, value_parser = PossibleValuesParser::new(
        ["periodic", "no-flux", "zero-potential", "normal-parallel"]))]
    pub boundary: Option<String>,
    #[command(flatten)]
    pub grid: GridArguments,
    #[command(flatten)]
    pub file: FileArguments,
}

#[derive(Debug, Args)]
pub struct ValidateArguments {
    /// Only these cases.
    #[arg(long, value_delimiter = ',', value_name = "CASES")]
    pub case: Vec<String>,
    /// Only this method.
    #[arg(long, value_parser = PossibleValuesParser::new(Method::ALL.map(Method::name)))]
    pub method: Option<String>,
    /// Also write one JSON file a case into this folder.
    #[arg(long, value_name = "FOLDER")]
    pub save: Option<PathBuf>,
    /// Replace existing files there.
    #[arg(long, requires = "save")]
    pub overwrite: bool,
}
