//! Whether a factor fits, asked before anything of its size is made.

use super::SolveError;
use crate::grid::Domain;

/// Bytes a cell of the matrix, its order and the analysis.
const ANALYSIS: f64 = 500.0;

/// Masked domains can need much less than a box of as many cells; only a need far beyond the
/// memory is refused by the estimate, and the analysis decides the rest.
const MASKED: f64 = 0.1;

/// The bytes a factor of a domain is expected to take: 1.5 n log₂ n values for a square, 4.5 n^{4/3} for a
/// cube of n cells.
pub fn estimate<const D: usize>(domain: &Domain<D>) -> f64 {
    let cells = domain.active_cells() as f64;
    let values = if D == 2 { 1.5 * cells * cells.log2() } else { 4.5 * cells.powf(4.0 / 3.0) };
    8.0 * values + ANALYSIS * cells
}

/// Refuses a domain whose factor cannot fit, before its matrix is made.
pub fn check_estimate<const D: usize>(domain: &Domain<D>) -> Result<(), SolveError> {
    let bytes = estimate(domain);
    // Long and flat boxes need less than a cube too.
    let shape = domain.grid().shape();
    let cube = shape.iter().max() <= shape.iter().min().map(|n| 2 * n).as_ref();
    let least = if cube && domain.mask().is_none() { bytes } else { MASKED * bytes };
    match available() {
        Some(free) if least > free => Err(refused(domain.active_cells(), bytes, free)),
        _ => Ok(()),
    }
}

/// Refuses a factor larger than the free memory. Where the system does not tell, it is tried.
pub fn check(unknowns: usize, bytes: usize) -> Result<(), SolveError> {
    match available() {
        Some(free) if bytes as f64 > free => Err(refused(unknowns, bytes as f64, free)),
        _ => Ok(()),
    }
}

fn refused(unknowns: usize, bytes: f64, free: f64) -> SolveError {
    let gib = |bytes: f64| bytes / (1u64 << 30) as f64;
    SolveError::Memory { unknowns, needed: gib(bytes), available: gib(free) }
}

pub(crate) fn available() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|l| l.starts_with("MemAvailable:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(1024.0 * kib)
}
