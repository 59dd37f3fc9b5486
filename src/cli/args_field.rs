//! What can be typed about a field and how it is split.

use super::numbers;
use crate::decomposition::Method;
use crate::grid::Thickness;
use crate::poisson::Backend;
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(next_help_heading = "Method")]
pub struct MethodArguments {
    /// By default `spectral` where every axis is periodic, else `staggered`. `central` is exact at the points, without a mask
    /// and under `no-flux` alone. `natural` takes the box for a part of
    /// free space, `natural-spectral` more exactly for fields that vanish at its edge. `learned` fits the closest conservative
    /// network, `learned-tied` one as with tied weights. The others are baselines: what is commonly done, with known defects.
    #[arg(long, value_parser = PossibleValuesParser::new(Method::ALL.map(Method::name)))]
    pub method: Option<String>,
    /// What the potentials do at walls. By default `normal-parallel` for files, `no-flux` for networks and
    /// densities, `periodic` where there are no walls, and for an analytic case a convention under which
    /// it is exact. The table states the shares under each that applies; `all` also writes the parts under each.
    #[arg(long, value_parser = PossibleValuesParser::new(
        ["periodic", "no-flux", "zero-potential", "normal-parallel", "free-space", "all"]))]
    pub boundary: Option<String>,
    /// How Poisson equations are solved; by default chosen for the domain.
    #[arg(long, value_name = "BACKEND",
        value_parser = PossibleValuesParser::new(Backend::ALL.map(Backend::name)))]
    pub backend: Option<String>,
    /// Leave solenoidal and harmonic part one: the field without its gradient part, for one solve and no harmonic
    /// fields, which in 3D take two solves and a field of memory for each loop and cavity of the mask.
    #[arg(long)]
    pub no_harmonic: bool,
    /// With `learned` and `learned-tied`: hidden units of the network, at most a quarter of the numbers of the field; by
    /// default up to 500, 1000 for `learned-tied`.
    #[arg(long, value_name = "N")]
    pub units: Option<usize>,
    /// With these: the seed of the random units; 0 by default.
    #[arg(long, value_name = "SEED")]
    pub seed: Option<u64>,
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Grid")]
pub struct GridArguments {
    /// Cells along x,y[,z], or one number for all: for sources that can be evaluated anywhere.
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, value_name = "NX,NY[,NZ]",
        value_parser = numbers::count)]
    pub n: Vec<usize>,
    /// Window of such a source: x0,x1,y0,y1[,z0,z1].
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, value_name = "X0,X1,…")]
    pub domain: Vec<f64>,
    /// Spacing of the points along x,y[,z], or one number for all.
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, value_name = "DX,DY[,DZ]",
        value_parser = numbers::spacing)]
    pub spacing: Vec<f64>,
    /// Coordinates of the first point.
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, value_name = "X,Y[,Z]")]
    pub origin: Vec<f64>,
    /// Activation of an auto-encoder whose weights do not state it: one name for all hidden layers, or one for each,
    /// separated by commas, and perhaps one more for the output.
    #[arg(long, value_name = "NAMES")]
    pub activation: Option<String>,
    /// Shape of a point of an ONNX model, such as `5,3` for the forces on five atoms, which is one point in 15 dimensions:
    /// all of the input, or all of it behind a first axis that counts points. Without it the first axis counts points, and
    /// a model where it does not is refused.
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, value_name = "N1,N2,…",
        value_parser = numbers::count)]
    pub point_shape: Vec<usize>,
    /// For networks of more dimensions than a grid: the slice through the first three (2D) or four
    /// (3D) points of this file.
    #[arg(long, value_name = "POINTS", conflicts_with = "principal")]
    pub slice: Option<PathBuf>,
    /// Likewise: the slice through the mean of these points along their principal directions.
    #[arg(long, value_name = "POINTS")]
    pub principal: Option<PathBuf>,
    /// For networks: the density is a kernel estimate of these points, Σ exp(−|x − xᵢ|²/(2s²)), s being `--bandwidth`. Parts are
    /// then orthogonal under it: what counts is where the points are.
    #[arg(long, value_name = "POINTS", requires = "bandwidth")]
    pub density_points: Option<PathBuf>,
    /// The width s of that kernel, in the units of the points.
    #[arg(long, allow_negative_numbers = true, value_name = "S", requires = "density_points", value_parser = numbers::positive)]
    pub bandwidth: Option<f64>,
    /// Periodic axes, such as `x,y`; `none` for walls on every axis, which is the default for files but for axes
    /// of one cell. Analytic cases have their own.
    #[arg(long, value_delimiter = ',', value_name = "AXES")]
    pub periodic: Vec<String>,
    /// What distances are taken from: `sphere`, x the longitude and y the latitude in degrees, in 3D z the height in
    /// metres, which files that say so take by themselves; `datasets`, lengths and areas that the file gives; or
    /// `plane`, the differences of the coordinates, which for degrees makes the gradient part wrong by 30 to 160 %.
    #[arg(long, value_name = "METRIC", value_parser = PossibleValuesParser::new(["sphere", "plane", "datasets"]))]
    pub metric: Option<String>,
    /// With `--metric datasets`, which it implies: datasets with the areas (in 2D lengths) of the faces normal to x,
    /// y[, z], then the distances across them (at walls twice that to the face), then perhaps the volumes of the
    /// cells. Those of faces have one value more along their own axis than there are cells, as many if it is periodic.
    #[arg(long, value_delimiter = ',', value_name = "SX,SY[,SZ],DX,DY[,DZ][,V]")]
    pub metric_datasets: Vec<String>,
    /// Radius of the sphere in metres, in 3D where the height is 0; 6371200 by default.
    #[arg(long, allow_negative_numbers = true, value_name = "METRES", value_parser = numbers::positive)]
    pub radius: Option<f64>,
    /// In 3D on a sphere: whether lengths and areas grow with the height, `thick`, the default, or are those at the
    /// radius, `thin`, as models of oceans take them.
    #[arg(long, value_name = "THICKNESS",
        value_parser = PossibleValuesParser::new(Thickness::ALL.map(Thickness::name)))]
    pub thickness: Option<String>,
}

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Reading files")]
pub struct FileArguments {
    /// Datasets of the components in the order x,y[,z], or one dataset with a component axis.
    #[arg(long, value_delimiter = ',', value_name = "PATHS")]
    pub datasets: Vec<String>,
    /// Axes of a dataset, slowest first, from t (samples; may repeat), c (components), z, y, x, such as
    /// `t,c,z,y,x`; without c where each dataset is one component.
    #[arg(long, value_name = "AXES")]
    pub axes: Option<String>,
    /// Parts of axes, by coordinate, the last included, or by index where an axis has no such coordinate or the numbers are in
    /// brackets: `time=0:24,level=500,lon=-60:0`, `time=[3]`, `time=2001-01-03:2001-02-01`. Others are read whole.
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, value_name = "AXIS=FROM:TO")]
    pub select: Vec<String>,
    /// `down` for rows that run from the top to the bottom in files without coordinates: y is turned.
    #[arg(long, value_name = "WAY", value_parser = PossibleValuesParser::new(["up", "down"]))]
    pub y: Option<String>,
    /// The components sit on the faces of the cells (Arakawa C, MAC): `--datasets` names one for each
    /// axis, with one value more along its own axis than there are cells (as many if it is periodic).
    #[arg(long)]
    pub staggered: bool,
    /// Components point to the east and north on a grid whose x is turned from the east by this angle, counterclockwise: a
    /// number of degrees, or a dataset, in radians unless its units say degrees. Files with `angle` (ROMS) or `COSALPHA`
    /// and `SINALPHA` (WRF) say it by themselves.
    #[arg(long, allow_hyphen_values = true, value_name = "DEGREES|DATASET")]
    pub angle: Option<String>,
    /// Cells that take part: a dataset with 1 in them and 0 elsewhere, its inverse `!land`, a condition such as
    /// `chc>0` or `mask>0.5`, or `nan` for cells whose values are all finite. Others are walls. `FILE:DATASET` is in
    /// another file. For networks the condition is on `FILE:DATASET` of the shape of the grid, or it is `disc:R` or `disc:X,Y[,Z],R`:
    /// the cells whose centres are in that disc or ball.
    #[arg(long, value_name = "CONDITION|nan")]
    pub mask: Option<String>,
    /// Cells in which every component is this number, such as 0, are land: walls.
    #[arg(long, allow_hyphen_values = true, value_name = "NUMBER")]
    pub land: Option<f64>,
    /// Dataset with a density p > 0 at the points: parts orthogonal under p, ∇·(p(v − ∇φ)) = 0, as
    /// for score fields; with `staggered` and any one boundary. For networks `FILE:DATASET` of the shape of the grid.
    #[arg(long, value_name = "DATASET")]
    pub density: Option<String>,
    /// Dataset with a density ρ ≥ 0 at the points of a compressible flow: √ρ·v is decomposed in place of v, so that
    /// energies are kinetic energies (twice) and --spectra has theirs.
    #[arg(long, value_name = "DATASET")]
    pub times_root: Option<String>,
    /// A number that represents a missing value.
    #[arg(long, allow_hyphen_values = true, value_name = "NUMBER")]
    pub fill_value: Option<f64>,
    /// Fill holes of missing values of at most so many cells by a smooth interpolation, which a dataset `filled` and a
    /// note state; larger ones are walls. By default 0, and 2 in files that mark samples which were not measured.
    #[arg(long, value_name = "CELLS")]
    pub fill_gaps: Option<usize>,
    /// Keep a last plane that repeats the first on the axes of `--periodic`; by default such a
    /// repeated end point is left out.
    #[arg(long, requires = "periodic")]
    pub keep_ends: bool,
}
