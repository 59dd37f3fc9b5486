//! Whether a factor fits into memory, before anything of its size is allocated.

use super::SolveError;
use crate::grid::{Domain, Grid};
use crate::machine::ensure_memory;
use crate::poisson::choice::factor_numbers;

/// Bytes a cell of the matrix, its order and the analysis.
const ANALYSIS: f64 = 500.0;

/// Masked domains can need much less than a box of as many cells; only a need far beyond the
/// memory is refused by the estimate, and the analysis decides the rest.
const MASKED: f64 = 0.1;

/// What so many factors on a grid, or on the active cells of its mask, are expected to take, made one after the
/// other: for a shape without narrow places.
pub fn factor_bytes<const D: usize>(grid: &Grid<D>, masked: Option<usize>, factors: f64) -> f64 {
    let product = || grid.shape().iter().map(|n| *n as f64).product();
    let cells = masked.map_or_else(product, |active| active as f64);
    factors * 8.0 * factor_numbers(grid, cells) + ANALYSIS * cells
}

/// The least that they can be expected to take.
pub fn least_factor_bytes<const D: usize>(
    grid: &Grid<D>,
    masked: Option<usize>,
    factors: f64,
) -> f64 {
    let shape = grid.shape();
    // Long and flat boxes need less than a cube too.
    let cube = shape.iter().max() <= shape.iter().min().map(|n| 2 * n).as_ref();
    let share = if cube && masked.is_none() { 1.0 } else { MASKED };
    factor_bytes(grid, masked, share * factors)
}

/// Refuses a domain whose factor cannot fit, before its matrix is made.
pub fn check_estimate<const D: usize>(domain: &Domain<D>) -> Result<(), SolveError> {
    let unknowns = domain.active_cells();
    check(unknowns, least_factor_bytes(domain.grid(), domain.mask().map(|_| unknowns), 1.0))
}

/// Refuses a factor larger than the memory at hand; where that is unknown, it is tried.
pub fn check(unknowns: usize, bytes: f64) -> Result<(), SolveError> {
    ensure_memory(bytes).map_err(|shortage| SolveError::Memory { unknowns, shortage })
}
