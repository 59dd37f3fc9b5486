//! Analytic test fields, one per file, each with its exact parts.
//!
//! Convention: ∇φ for the gradient part; in 2D rot ψ = (∂ψ/∂y, −∂ψ/∂x) for the solenoidal part,
//! in 3D ∇∧A. `r` and `h` name the solenoidal and the harmonic part.

mod p1;

use super::Source;
use crate::boundary::Boundary;
use crate::grid::{Axis, Grid, GridError, Topology};

/// The three parts of a field at one position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts<const D: usize> {
    /// ∇φ.
    pub gradient: [f64; D],
    /// The divergence-free part.
    pub solenoidal: [f64; D],
    /// The part that is both.
    pub harmonic: [f64; D],
}

/// The window of a case: along each axis its start, its end and how it ends.
pub type Window<const D: usize> = [(f64, f64, Topology); D];

/// A field known in closed form.
pub trait Case<const D: usize>: Sync {
    /// Short name, as on the command line (`P1`).
    fn name(&self) -> &'static str;

    /// The field in one line.
    fn title(&self) -> &'static str;

    /// Where it lives.
    fn window(&self) -> Window<D>;

    /// The boundary conventions under which [`Case::parts`] are the exact parts. Empty where no
    /// convention of a box gives them.
    fn exact_under(&self) -> &'static [Boundary];

    /// The convention used when none is asked for.
    fn boundary(&self) -> Boundary {
        self.exact_under().first().copied().unwrap_or(Boundary::NoFlux)
    }

    /// The exact parts at a position.
    fn parts(&self, position: [f64; D]) -> Parts<D>;

    /// The exact potential φ at a position, up to a constant.
    fn potential(&self, position: [f64; D]) -> Option<f64> {
        let _ = position;
        None
    }

    /// L2 norms of the gradient, solenoidal and harmonic parts over the window, where known.
    fn norms(&self) -> Option<[f64; 3]> {
        None
    }
}

impl<const D: usize> dyn Case<D> {
    /// The grid over the window of the case with n cells along each axis.
    pub fn grid(&self, cells: [usize; D]) -> Result<Grid<D>, GridError> {
        let window = self.window();
        Grid::new(std::array::from_fn(|k| {
            let (start, end, topology) = window[k];
            Axis::over(start, end, cells[k], topology)
        }))
    }
}

impl<const D: usize> Source<D> for dyn Case<D> {
    fn velocity(&self, position: [f64; D]) -> [f64; D] {
        let parts = self.parts(position);
        std::array::from_fn(|k| parts.gradient[k] + parts.solenoidal[k] + parts.harmonic[k])
    }
}

/// The 2D cases.
pub const CASES_2D: &[&dyn Case<2>] = &[&p1::P1];

/// The 3D cases.
pub const CASES_3D: &[&dyn Case<3>] = &[];
