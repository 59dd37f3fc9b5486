//! Whether a command fits into memory, before it allocates anything.

use super::args::Common;
use super::args_autoencoder::TrainArguments;
use crate::autoencoder::PointSet;
use crate::batch::BatchError;
use crate::decomposition::{Method, Prospect, RUN_BYTES};
use crate::grid::{Axis, Grid, Topology};
use crate::machine::{Limit, Shortage, ensure_memory, limit_memory};
use crate::source::Series;
use crate::validation::Study;
use anyhow::Result;

/// Bytes of a number.
const NUMBER: f64 = 8.0;

/// Sets the limit of `--memory` for all that follows.
pub fn apply(common: &Common) {
    if let Some(bytes) = common.memory {
        limit_memory(bytes);
    }
}

/// An error of a batch; where the memory would not do, with the options that need less.
pub fn with_options(error: BatchError) -> anyhow::Error {
    let BatchError::Memory { ref cells, ref shortage, evaluated, factored, extras } = error else {
        return error.into();
    };
    let mut ways = vec![fewer(evaluated)];
    if factored {
        ways.push("--backend multigrid");
    }
    if extras {
        ways.push("less content (--potentials, --five-parts, --harmonic-basis, --faces, --spectra, --boundary all)");
    }
    refusal(shortage, &cells_in_words(cells), &ways)
}

/// Bytes that the scores at every cell take, for `hodge snapshots`.
pub fn scores<const D: usize>(grid: &Grid<D>) -> f64 {
    (D + SCORES) as f64 * NUMBER * cells(grid)
}

/// Refuses a field that could not be sampled at the points and on the faces and written.
pub fn check_sample<const D: usize>(series: &dyn Series<D>) -> Result<()> {
    let extent = series.extent()?;
    let needed = RUN_BYTES + SAMPLED * D as f64 * NUMBER * cells(&extent.grid);
    ensure(needed, &cells_in_words(&extent.grid.shape()), &[fewer(extent.evaluated)])
}

/// Fields in memory while one is sampled and written.
const SAMPLED: f64 = 4.2;

/// Refuses a domain whose matrices could not be made, one at a time, and written.
pub fn check_operators<const D: usize>(series: &dyn Series<D>) -> Result<()> {
    let extent = series.extent()?;
    let matrices = MATRICES[D - 2] * cells(&extent.grid);
    let needed = RUN_BYTES + extent.reading.max(matrices + D as f64 * NUMBER * cells(&extent.grid));
    ensure(needed, &cells_in_words(&extent.grid.shape()), &[fewer(extent.evaluated)])
}

/// Bytes a cell in memory while the largest matrix is made and written, in 2D and 3D.
const MATRICES: [f64; 2] = [120.0, 340.0];

/// Refuses fields whose parts could not be in memory together with what is drawn of them.
pub fn check_plot<const D: usize>(grid: &Grid<D>, parts: usize) -> Result<()> {
    let copies = (parts + 4) as f64;
    let needed = RUN_BYTES + copies * D as f64 * NUMBER * cells(grid);
    ensure(needed, &cells_in_words(&grid.shape()), &["fewer parts (--part)", fewer(false)])
}

/// Refuses so many copies of numbers.
pub fn check_fields(numbers: usize, copies: f64) -> Result<()> {
    let needed = RUN_BYTES + copies * NUMBER * numbers as f64;
    ensure(needed, &format!("{numbers} numbers"), &["fewer points", "fewer methods (--methods)"])
}

/// Numbers that are kept of the Jacobian at every point.
const SCORES: usize = 13;

/// Refuses a grid of points at which the Jacobian of a map could not be measured.
pub fn check_scores<const D: usize>(grid: &Grid<D>) -> Result<()> {
    let needed = RUN_BYTES + (2 * D + SCORES) as f64 * NUMBER * cells(grid);
    ensure(needed, &cells_in_words(&grid.shape()), &[FEWER])
}

/// Copies of the weights in a training: the start, the flat ones, those before an epoch and those written,
/// their gradient and what the optimiser remembers.
const WEIGHTS: f64 = 9.0;

/// Copies of the activations of a batch: both directions, and for the penalty of contraction.
const ACTIVATIONS: f64 = 8.0;

/// Refuses a network that could not be trained on points of so many numbers.
pub fn check_training(points: &PointSet, arguments: &TrainArguments) -> Result<()> {
    let ends = [points.dimension() as f64];
    let units = arguments.network.units.iter().map(|units| *units as f64);
    let widths: Vec<f64> = ends.into_iter().chain(units).chain(ends).collect();
    let weights: f64 = widths.windows(2).map(|pair| (pair[0] + 1.0) * pair[1]).sum();
    let batch = arguments.steps.batch.min(points.len());
    let activations = batch as f64 * widths.iter().sum::<f64>();
    let needed = RUN_BYTES + NUMBER * (WEIGHTS * weights + ACTIVATIONS * activations);
    let what = format!("a network of {weights:.0} weights and batches of {batch}");
    ensure(needed, &format!("{what} do not fit"), &["fewer --units", "a smaller --batch"])
}

/// Refuses a window on which a field could not be split under no-flux.
pub fn check_window<const D: usize>(grid: &Grid<D>) -> Result<()> {
    let needed = Prospect::of_grid(*grid, Method::Staggered).bytes();
    ensure(needed, &cells_in_words(&grid.shape()), &[FEWER])
}

/// The largest grid of the studies, which `hodge validate` runs one after the other.
pub fn check_study<const D: usize>(study: &Study<D>) -> Result<()> {
    let cells = study.case.cells(*study.sizes.iter().max().unwrap_or(&1));
    let axes = cells.map(|n| Axis::over(0.0, 1.0, n, Topology::Bounded));
    let prospect = Prospect::of_grid(Grid::<D>::new(axes)?, study.method);
    ensure(prospect.bytes(), &format!("case {}", study.case.name()), &["other cases (--case)"])
}

/// The advice where the cells can be chosen.
const FEWER: &str = "fewer cells (--n)";

/// How there could be fewer cells.
fn fewer(evaluated: bool) -> &'static str {
    if evaluated { FEWER } else { "a coarser field or a part of it" }
}

/// Refuses what needs more bytes than are at hand, naming the alternatives.
pub fn ensure(needed: f64, what: &str, ways: &[&str]) -> Result<()> {
    ensure_memory(needed).map_err(|shortage| refusal(&shortage, what, ways))
}

fn refusal(shortage: &Shortage, what: &str, ways: &[&str]) -> anyhow::Error {
    let (option, more) = match shortage.at_hand.limit {
        Limit::AddressSpace(_) => ("", "a larger ulimit -v"),
        Limit::Asked(_) => (" (--memory)", "a larger --memory"),
        Limit::Machine | Limit::Group(_) => {
            ("", "more with --memory if you know that there is more")
        }
    };
    anyhow::anyhow!("{what}: {shortage}{option}; try {}, or allow {more}", ways.join(", "))
}

fn cells<const D: usize>(grid: &Grid<D>) -> f64 {
    grid.shape().iter().map(|n| *n as f64).product()
}

fn cells_in_words(cells: &[usize]) -> String {
    let shape: Vec<String> = cells.iter().map(usize::to_string).collect();
    format!("{} cells do not fit", shape.join(" × "))
}
