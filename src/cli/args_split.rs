//! Arguments of `hodge split`.

use super::numbers;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct SplitArguments {
    /// `autoencoder:WEIGHTS`, a safetensors or HDF5 file of a network with one hidden layer.
    #[arg(value_name = "SOURCE")]
    pub source: String,
    /// Activation of weights that do not state it.
    #[arg(long, value_name = "NAME")]
    pub activation: Option<String>,
    /// Weights of the conservative network to write: .safetensors, or .h5 for HDF5.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace existing files.
    #[arg(long)]
    pub overwrite: bool,
    /// Points to fit it at, in any number of dimensions: text, `.npy`, or IDX (MNIST). Without them it is
    /// fitted at the cells of the window.
    #[arg(long, value_name = "FILE")]
    pub points: Option<PathBuf>,
    /// At most this many of the points.
    #[arg(long, allow_negative_numbers = true, value_name = "N", requires = "points", value_parser = numbers::count)]
    pub first: Option<usize>,
    /// Weights of the points: a file with one number a point, .npy or text.
    #[arg(long, value_name = "FILE", requires = "points")]
    pub density: Option<PathBuf>,
    /// Window of a network of two or three dimensions, on which the share that no-flux leaves is stated beside:
    /// x0,x1,y0,y1[,z0,z1]. By default around the points, a quarter of their longest side more on every side.
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, value_name = "X0,X1,…")]
    pub domain: Vec<f64>,
    /// Cells of the window along x,y[,z], or one number for all.
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, value_name = "NX,NY[,NZ]",
        value_parser = numbers::count)]
    pub n: Vec<usize>,
    /// Instead of the closest network the gradient part of the exact split, unit by unit. It is no conservative part: the
    /// two parts may be hundreds of times as large as the field.
    #[arg(long)]
    pub exact: bool,
    /// Potential of the conservative network at the points, or the cells of the window, to write: one number each, .npy or
    /// .csv.
    #[arg(long, value_name = "FILE")]
    pub energy: Option<PathBuf>,
    /// HDF5 file to write, with the matrices of the two sufficient conditions: e, and at points C, Λ and, where it is
    /// defined, E.
    #[arg(long, value_name = "FILE")]
    pub conditions: Option<PathBuf>,
    /// Points of these.
    #[arg(long, default_value_t = 1, allow_negative_numbers = true, value_name = "N", requires = "conditions",
        value_parser = numbers::count)]
    pub condition_points: usize,
}
