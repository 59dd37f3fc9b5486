//! Arguments of `hodge train`, `hodge conservativeness` and `hodge snapshots`.

use super::args_field::{FileArguments, GridArguments, MethodArguments};
use super::args_picture::{MapPictureArguments, SheetArguments};
use super::numbers;
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct ConservativenessArguments {
    /// `autoencoder:WEIGHTS`, a safetensors or HDF5 file; `onnx:MODEL` or `onnx-autoencoder:MODEL`; `jacobians:FILE[:DATASET]`, an
    /// array of shape (points, D, D) of the field itself, or `jacobians-autoencoder:FILE`, of r where the field is r(x) − x; or a
    /// sampled field, a file or `analytic:CASE`, whose Jacobians are differences.
    #[arg(value_name = "SOURCE")]
    pub source: String,
    /// Points to measure a network at: text (.csv, .txt), `.npy`, or IDX (MNIST).
    #[arg(long, value_name = "FILE")]
    pub points: Option<PathBuf>,
    /// At most this many of the points.
    #[arg(long, allow_negative_numbers = true, value_name = "N", requires = "points", value_parser = numbers::count)]
    pub first: Option<usize>,
    /// HDF5 file to write: the scores at every point, in `/points` and, on a grid, as arrays.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace existing files.
    #[arg(long)]
    pub overwrite: bool,
    /// Estimate with this many random probes a point instead of forming Jacobians.
    #[arg(long, allow_negative_numbers = true, value_name = "K", value_parser = numbers::count)]
    pub probes: Option<usize>,
    /// With `--probes`: evaluate the network alone, four times a probe, as is always done for ONNX models.
    #[arg(long, requires = "probes")]
    pub forward_only: bool,
    /// Leave out `attracting_fraction` and `growth_max`, which take eigenvalues at every point: networks with one hidden layer
    /// then need no Jacobian.
    #[arg(long, conflicts_with = "probes")]
    pub no_eigenvalues: bool,
    /// Test the sufficient conditions at this many of the points.
    #[arg(long, default_value_t = 25, allow_negative_numbers = true, value_name = "N", value_parser = numbers::whole)]
    pub condition_points: usize,
    /// Below this a residual of a sufficient condition counts as zero.
    #[arg(long, default_value_t = 1e-8, allow_negative_numbers = true, value_name = "NUMBER")]
    pub tolerance: f64,
    /// Seed of the probes.
    #[arg(long, default_value_t = 1, requires = "probes")]
    pub seed: u64,
    #[command(flatten)]
    pub maps: MapPictureArguments,
    #[command(flatten)]
    pub sheet: SheetArguments,
    #[command(flatten)]
    pub grid: GridArguments,
    #[command(flatten)]
    pub file: FileArguments,
}

#[derive(Debug, Args)]
pub struct SnapshotsArguments {
    /// Weights that `hodge train --snapshots` wrote, in any order.
    #[arg(required = true, value_name = "WEIGHTS")]
    pub weights: Vec<String>,
    /// HDF5 file to write: a group with the parts for each snapshot, and the table in `/training`.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Plot of the table, SVG (.svg) or PNG.
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    /// Replace existing files.
    #[arg(long)]
    pub overwrite: bool,
    /// Points to measure curl and symmetry at (text, `.npy` or IDX); the cells of the grid if not given.
    #[arg(long, value_name = "FILE")]
    pub points: Option<PathBuf>,
    #[command(flatten)]
    pub method: MethodArguments,
    #[command(flatten)]
    pub grid: GridArguments,
    #[command(flatten)]
    pub maps: MapPictureArguments,
    #[command(flatten)]
    pub sheet: SheetArguments,
}

#[derive(Debug, Args)]
pub struct TrainArguments {
    /// Training points: text (.csv, .txt) or IDX (MNIST), either gzipped or not, or `.npy`.
    #[arg(value_name = "POINTS")]
    pub points: PathBuf,
    /// Weights to write: .safetensors, or .h5 for HDF5.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Replace existing files.
    #[arg(long)]
    pub overwrite: bool,
    /// Learn pairs: the network is trained to map each point to the one at the same position in
    /// this file.
    #[arg(long, value_name = "FILE")]
    pub targets: Option<PathBuf>,
    /// At most this many of the points.
    #[arg(long, allow_negative_numbers = true, value_name = "N", value_parser = numbers::count)]
    pub first: Option<usize>,
    /// Epochs to train.
    #[arg(long, default_value_t = 500, allow_negative_numbers = true, value_parser = numbers::whole)]
    pub epochs: usize,
    /// Write the weights after these epochs, as FILE-EPOCH; 0 is before training.
    #[arg(long, value_delimiter = ',', value_name = "EPOCHS")]
    pub snapshots: Vec<usize>,
    /// Keep the state of the run in this file, and resume from it if it exists.
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// Epochs between two checkpoints.
    #[arg(long, default_value_t = 10, allow_negative_numbers = true, value_name = "N", requires = "checkpoint",
        value_parser = numbers::count)]
    pub checkpoint_every: usize,
    /// Seed of weights, order and corruption.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    #[command(flatten)]
    pub network: NetworkArguments,
    #[command(flatten)]
    pub objective: ObjectiveArguments,
    #[command(flatten)]
    pub steps: StepArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Network")]
pub struct NetworkArguments {
    /// Units of each hidden layer.
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, default_value = "100",
        value_parser = numbers::count, value_name = "H1,H2,…")]
    pub units: Vec<usize>,
    /// sigmoid, tanh, relu, softplus, linear, silu, gelu, elu or leaky-relu: one for all hidden layers or one for each.
    #[arg(long, value_delimiter = ',', default_value = "sigmoid", value_name = "NAMES")]
    pub activation: Vec<String>,
    /// The last weight is the first transposed.
    #[arg(long)]
    pub tied: bool,
    /// Initial weights: `glorot`, `glorot:GAIN` or `uniform:LIMIT`.
    #[arg(long, default_value = "glorot", value_name = "KIND")]
    pub initial: String,
    /// Precision of the training.
    #[arg(long, default_value = "f64", value_parser = PossibleValuesParser::new(["f32", "f64"]))]
    pub precision: String,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Objective")]
pub struct ObjectiveArguments {
    /// Corrupt the input: `gaussian:SIGMA`, `mask:P`, `salt-pepper:P` (to 0 or 1) or
    /// `salt-pepper:P:LOW:HIGH`.
    #[arg(long, value_name = "KIND")]
    pub noise: Option<String>,
    /// Weight of the contractive penalty: the squared Frobenius norm of dh/dx.
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true, value_name = "LAMBDA")]
    pub contraction: f64,
    /// Constrain the weights of every unit: `fixed:ALPHA` for squared length ALPHA, `max:LENGTH` for at
    /// most that length.
    #[arg(long, value_name = "KIND")]
    pub weight_length: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Steps")]
pub struct StepArguments {
    /// Points a step.
    #[arg(long, default_value_t = 32, allow_negative_numbers = true, value_parser = numbers::count)]
    pub batch: usize,
    /// Learning rate of the first epoch.
    #[arg(long, default_value_t = 0.01, allow_negative_numbers = true)]
    pub rate: f64,
    /// Epochs after which the rate is halved: rate/(1 + epoch/N); 0 keeps it.
    #[arg(long, default_value_t = 500.0, allow_negative_numbers = true, value_name = "N")]
    pub decay: f64,
    /// `sgd` or `adam`.
    #[arg(long, default_value = "sgd", value_parser = PossibleValuesParser::new(["sgd", "adam"]))]
    pub optimizer: String,
    /// Momentum of sgd.
    #[arg(
        long,
        default_value_t = 0.0,
        allow_negative_numbers = true,
        allow_negative_numbers = true
    )]
    pub momentum: f64,
}
