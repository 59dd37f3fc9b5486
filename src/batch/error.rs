//! Why a field was not decomposed.

use crate::boundary::Boundary;
use crate::decomposition::{DecomposeError, Method};
use crate::machine::Shortage;
use crate::output::OutputError;
use crate::poisson::Backend;
use crate::source::SourceError;
use std::error::Error;
use thiserror::Error;

/// A field of a batch, or a whole series, that came to nothing.
#[derive(Debug)]
pub struct Failure {
    /// Its series, and its place there if that has more fields.
    pub name: String,
    /// Why.
    pub error: BatchError,
}

/// Why a field of a batch was not decomposed and written.
#[derive(Debug, Error)]
pub enum BatchError {
    /// It could not be read or evaluated.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// What was asked for does not go with it.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// It could not be split.
    #[error(transparent)]
    Decompose(#[from] DecomposeError),
    /// Its parts could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The observer refused it.
    #[error(transparent)]
    Observer(Box<dyn Error + Send + Sync>),
    /// The memory would not do.
    #[error("{} cells do not fit: {shortage}", in_words(.cells))]
    Memory {
        /// Cells along each axis.
        cells: Vec<usize>,
        /// What is needed and what there is.
        shortage: Shortage,
        /// Whether a source is evaluated on the cells, so that there could be fewer.
        evaluated: bool,
        /// Whether a factor is needed that multigrid would do without.
        factored: bool,
        /// Whether things were asked for besides the parts.
        extras: bool,
    },
}

fn in_words(cells: &[usize]) -> String {
    cells.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}

/// What cannot be asked for of a method on a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RequestError {
    /// The parts under every convention.
    #[error("the method and the domain have only one convention")]
    OneConvention,
    /// A convention about walls.
    #[error(
        "every axis goes round or ends at poles and nothing is masked, so there are no walls for {boundary}"
    )]
    NoWalls {
        /// The convention.
        boundary: Boundary,
    },
    /// A back end.
    #[error("the {method} method has no back ends to choose from, so that {backend} does nothing")]
    NoSolve {
        /// The method.
        method: Method,
        /// The back end.
        backend: Backend,
    },
    /// Energy spectra.
    #[error("energy spectra need every axis periodic and no mask")]
    Spectra,
    /// Arrays on the faces.
    #[error("the {method} method computes at the points and has nothing on faces")]
    Faces {
        /// The method.
        method: Method,
    },
    /// A solenoidal and a harmonic part that stay one.
    #[error("the {method} method knows the harmonic part without further solves")]
    Undivided {
        /// The method.
        method: Method,
    },
    /// A basis of the harmonic fields.
    #[error("the {method} method keeps no harmonic fields")]
    Basis {
        /// The method.
        method: Method,
    },
    /// A way from the faces to the points.
    #[error("the {method} method computes at the points, and nothing has to come there")]
    Way {
        /// The method.
        method: Method,
    },
    /// What does not go with a density.
    #[error(
        "under a density fields are split by the staggered method and the cholesky or multigrid back end under one convention, not {value}"
    )]
    Density {
        /// What it is.
        choice: Chosen,
        /// What was asked for.
        value: &'static str,
    },
}

/// What can be chosen of a [`MethodChoice`](super::MethodChoice).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// The method.
    Method,
    /// The convention, or all of them.
    Boundary,
    /// The back end.
    Backend,
}
