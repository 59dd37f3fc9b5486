//! Bytes of working space of the methods that take more than some fields.

use super::harmonic::field_bytes;
use super::natural::NaturalMethod;
use super::natural_spectral::NaturalSpectralMethod;
use super::{CentralMethod, Continuation, FourierMethod, Method};
use crate::grid::Grid;
use crate::poisson::factor_bytes;

/// What a plan keeps and works with besides the fields of a run.
pub(super) fn working_bytes<const D: usize>(method: Method, grid: &Grid<D>) -> f64 {
    // Values, trend and two parts of what is transformed.
    let copies = |continuation| 4.0 * FourierMethod::copies(grid, continuation) * field_bytes(grid);
    match method {
        // The room that fits networks knows what that takes.
        Method::Spectral | Method::Staggered | Method::Learned | Method::LearnedTied => 0.0,
        Method::Central => CentralMethod::bytes(grid),
        Method::Natural => NaturalMethod::bytes(grid),
        Method::NaturalSpectral => NaturalSpectralMethod::bytes(grid),
        Method::Chorin | Method::ChorinWide => {
            factor_bytes(grid, None, FILL[D - 2]) + MATRICES * grid.cells() as f64
        }
        Method::FourierDetrended => copies(Continuation::Detrended),
        Method::FourierMirrored => copies(Continuation::Mirrored),
    }
}

/// How many factors by nested dissection one by an order of least degree takes, with its working space, in 2D and 3D.
const FILL: [f64; 2] = [2.0, 9.0];

/// Bytes a point that the matrices of a baseline take while they are made.
const MATRICES: f64 = 800.0;
