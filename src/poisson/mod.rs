//! −∇·∇φ = f on the cells of a domain, by interchangeable back ends.
//!
//! The operator is the staggered one of [`Staggered`](crate::operator::Staggered), so that subtracting ∇φ removes the
//! divergence to rounding. The null space (one constant for each connected component that no
//! Dirichlet wall touches) is settled here: the right-hand side loses its mean there, and so
//! does φ. [`IntegratedGreen`] solves in free space, without walls.

mod choice;
#[cfg(feature = "sparse")]
mod cholesky;
mod codes;
#[cfg(feature = "sparse")]
mod dissection;
#[cfg(feature = "sparse")]
mod factored;
mod green;
#[cfg(feature = "sparse")]
mod multigrid;
mod null_space;
mod residual;
mod separable;
mod shape;
mod transform;

pub use choice::backend_for;
#[cfg(feature = "sparse")]
pub(crate) use choice::{backend_for_cells, most_factored};
#[cfg(feature = "sparse")]
pub use cholesky::Cholesky;
#[cfg(feature = "sparse")]
pub(crate) use cholesky::{factor_bytes, least_factor_bytes};
#[cfg(feature = "sparse")]
pub use factored::Factored;
pub use green::IntegratedGreen;
#[cfg(feature = "sparse")]
pub use multigrid::Multigrid;
#[cfg(feature = "sparse")]
pub(crate) use multigrid::level_bytes;
pub use null_space::NullSpace;
#[cfg(feature = "sparse")]
pub(crate) use separable::Eigenvectors;
pub use separable::Separable;
pub use transform::Transform;

use crate::boundary::Condition;
use crate::field::ScalarField;
use crate::grid::Domain;
use crate::machine::Shortage;
use serde::Serialize;
use std::fmt;
use thiserror::Error;

/// How the Poisson equation is solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// Fast transforms that diagonalise the discrete Laplacian of a box.
    Transform,
    /// Modes of all axes but one and tridiagonal systems along that, with a separable metric.
    Separable,
    /// Sparse Cholesky factor, reused for every right-hand side.
    Cholesky,
    /// Conjugate gradients preconditioned by multigrid.
    Multigrid,
}

impl Backend {
    /// Every back end.
    pub const ALL: [Backend; 4] =
        [Backend::Transform, Backend::Separable, Backend::Cholesky, Backend::Multigrid];

    /// The name used on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Backend::Transform => "transform",
            Backend::Separable => "separable",
            Backend::Cholesky => "cholesky",
            Backend::Multigrid => "multigrid",
        }
    }

    /// Whether the back end can take the domain: transforms need equal cells and no mask, [`Separable`] a separable
    /// metric and no mask.
    pub fn fits<const D: usize>(self, domain: &Domain<D>) -> bool {
        match self {
            Backend::Transform => domain.mask().is_none() && domain.metric().is_none(),
            Backend::Separable => Separable::fits(domain),
            Backend::Cholesky | Backend::Multigrid => true,
        }
    }

    /// The back end with that name.
    pub fn from_name(name: &str) -> Option<Backend> {
        Backend::ALL.into_iter().find(|b| b.name() == name)
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a solve did.
#[derive(Clone, Debug, Serialize)]
pub struct SolveReport {
    /// The back end.
    pub backend: Backend,
    /// The condition at the walls.
    pub condition: Condition,
    /// Number of active cells.
    pub unknowns: usize,
    /// Iterations; 0 for a direct solve.
    pub iterations: usize,
    /// ‖f + ∇·∇φ‖ relative to the scale given with the solve.
    pub residual: f64,
}

/// Why the Poisson equation was not solved.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum SolveError {
    /// Transforms asked for on a masked domain.
    #[error(
        "the transform back end needs a box, and the mask leaves {active} of {cells} cells: the back ends cholesky and multigrid take masks"
    )]
    Mask {
        /// Active cells.
        active: usize,
        /// All cells.
        cells: usize,
    },
    /// A back end asked for that needs equal cells.
    #[error(
        "the {backend} back end needs cells that are all alike, and this domain has a metric: use the cholesky back end"
    )]
    Metric {
        /// The back end.
        backend: Backend,
    },
    /// [`Separable`] asked for where it does not fit.
    #[error(
        "the separable back end needs a metric whose sizes are products of one factor for each axis, and no mask: the cholesky back end takes every domain"
    )]
    Inseparable,
    /// A sparse back end asked for where hodge was built without them.
    #[error(
        "the {backend} back end, and with it every domain with a mask, needs hodge with its feature `sparse`"
    )]
    NotBuilt {
        /// The back end.
        backend: Backend,
    },
    /// The factor would not fit into memory.
    #[error(
        "the Cholesky factor of {unknowns} cells does not fit: {shortage}; the multigrid back end, a coarser grid or a smaller window need less"
    )]
    Memory {
        /// Number of active cells.
        unknowns: usize,
        /// What is needed and what there is.
        shortage: Shortage,
    },
    /// The levels of multigrid would not fit into memory.
    #[error(
        "the multigrid levels of {unknowns} cells do not fit: {shortage}; a coarser grid or a smaller window need less"
    )]
    Levels {
        /// Number of active cells.
        unknowns: usize,
        /// What is needed and what there is.
        shortage: Shortage,
    },
    /// The matrix could not be analysed or factored.
    #[error("the Cholesky factorisation of {unknowns} cells failed: {reason}")]
    Factorisation {
        /// Number of active cells.
        unknowns: usize,
        /// What the factorisation reported.
        reason: String,
    },
    /// The coarsest level of the multigrid hierarchy could not be diagonalised.
    #[error(
        "multigrid could not solve its coarsest grid of {cells} cells; spacings this unequal need the cholesky back end"
    )]
    Coarsest {
        /// All cells of the finest grid.
        cells: usize,
    },
    /// The solution does not satisfy the equation.
    #[error(
        "the {backend} solve ended at a relative residual of {residual:.1e} after {iterations} iterations, above {allowed:.0e}"
    )]
    Residual {
        /// The back end.
        backend: Backend,
        /// Residual reached.
        residual: f64,
        /// Residual allowed.
        allowed: f64,
        /// Iterations done.
        iterations: usize,
    },
}

/// φ and what the solve did.
pub type Solved<const D: usize> = Result<(ScalarField<D>, SolveReport), SolveError>;

/// A planned solver of −∇·∇φ = f for one domain and one wall condition.
pub trait Poisson<const D: usize>: Send + Sync {
    /// Solves for φ, whose mean is 0 on every component with a null space. `scale` is the size
    /// against which the residual is judged: ‖v‖/h for f = −∇·v, since a field that is already pure
    /// leaves only rounding in f.
    ///
    /// # Errors
    /// If the residual does not reach 1e-9, with a metric 1e-4: there one solve may leave more, and a second one for
    /// what is left mends it.
    fn solve(&self, rhs: &ScalarField<D>, scale: f64) -> Solved<D>;

    /// Solves for several right-hand sides with a scale each, which may cost less than one by one.
    fn solve_many(&self, rhs: &[ScalarField<D>], scales: &[f64]) -> Vec<Solved<D>> {
        rhs.iter().zip(scales).map(|(rhs, &scale)| self.solve(rhs, scale)).collect()
    }
}

/// Plans a solver. Costs what the back end costs to set up: see [`Transform`],
/// [`Cholesky`] and [`Multigrid`].
///
/// # Errors
/// If the back end does not take a mask, is not built in, or cannot be set up.
pub fn plan<const D: usize>(
    domain: &Domain<D>,
    condition: Condition,
    backend: Backend,
) -> Result<Box<dyn Poisson<D>>, SolveError> {
    match backend {
        Backend::Transform if domain.metric().is_some() => Err(SolveError::Metric { backend }),
        Backend::Transform if domain.mask().is_some() => {
            Err(SolveError::Mask { active: domain.active_cells(), cells: domain.grid().cells() })
        }
        Backend::Transform => Ok(Box::new(Transform::new(domain, condition))),
        Backend::Separable => Ok(Box::new(Separable::new(domain, condition)?)),
        #[cfg(feature = "sparse")]
        Backend::Cholesky => Ok(Box::new(Cholesky::new(domain, condition)?)),
        #[cfg(feature = "sparse")]
        Backend::Multigrid => Ok(Box::new(Multigrid::new(domain, condition)?)),
        #[cfg(not(feature = "sparse"))]
        Backend::Cholesky | Backend::Multigrid => Err(SolveError::NotBuilt { backend }),
    }
}

/// The residual every solve may leave, relative to its scale.
const ALLOWED_RESIDUAL: f64 = 1e-9;

/// The same for a single solve with a metric, under which decompositions solve again for what is left and judge that.
const ALLOWED_ONCE: f64 = 1e-4;

/// Records the norm of a residual relative to the scale, and refuses one that is too large.
pub(crate) fn accept(
    report: SolveReport,
    norm: f64,
    scale: f64,
) -> Result<SolveReport, SolveError> {
    accept_up_to(ALLOWED_RESIDUAL, report, norm, scale)
}

/// The residual that one solve on a domain may leave.
fn allowed_once<const D: usize>(domain: &Domain<D>) -> f64 {
    if domain.metric().is_some() { ALLOWED_ONCE } else { ALLOWED_RESIDUAL }
}

fn accept_up_to(
    allowed: f64,
    mut report: SolveReport,
    norm: f64,
    scale: f64,
) -> Result<SolveReport, SolveError> {
    report.residual = if norm == 0.0 { 0.0 } else { norm / scale.max(f64::MIN_POSITIVE) };
    if report.residual <= allowed {
        return Ok(report);
    }
    let (backend, residual, iterations) = (report.backend, report.residual, report.iterations);
    Err(SolveError::Residual { backend, residual, allowed, iterations })
}
