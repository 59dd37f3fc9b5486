//! Why a field could not be decomposed.

use super::Method;
use crate::boundary::Boundary;
use crate::field::FieldError;
use crate::machine::Shortage;
use crate::operator::{ByPartsError, WeightError};
use crate::poisson::SolveError;
use thiserror::Error;

/// Why a field could not be decomposed.
#[derive(Debug, Error)]
pub enum DecomposeError {
    /// A stream function that does not fit.
    #[error(
        "what is left of the curl after the solves for the stream function is {left:.1e} of the circulations, above {allowed:.0e}"
    )]
    StreamFunction {
        /// What is left.
        left: f64,
        /// What may be.
        allowed: f64,
    },
    /// A method on cells that are not all alike.
    #[error(
        "the {method} method needs cells that are all alike; the staggered method takes every metric"
    )]
    Uneven {
        /// The method.
        method: Method,
    },
    /// A method without masks on a masked domain.
    #[error("the {method} method cannot take a mask; the staggered method takes every mask")]
    Masked {
        /// The method.
        method: Method,
    },
    /// A method for free space on a periodic axis.
    #[error(
        "the {method} method is for a box in free space, and axis {axis} is periodic: declare no axis periodic, or take \
         the spectral or the staggered method"
    )]
    NotFree {
        /// The method.
        method: Method,
        /// The first periodic axis.
        axis: &'static str,
    },
    /// A field that does not vanish at the edge, by a method that needs that.
    #[error(
        "the natural-spectral method needs a field that vanishes at the edge of the box: there it is {edge:.1e} of its \
         largest value, at most {allowed:.0e} is allowed; take a larger window, or the natural method"
    )]
    NotVanishing {
        /// The largest value at the edge, over the largest of all.
        edge: f64,
        /// What may be.
        allowed: f64,
    },
    /// A method for data with ends on a periodic grid.
    #[error(
        "the {method} method makes a field with ends periodic, and every axis of this one is: take the spectral method"
    )]
    NoSeam {
        /// The method.
        method: Method,
    },
    /// A network on a periodic axis.
    #[error(
        "the {method} method fits a function that is not periodic, and axis {axis} is: declare no axis periodic, or take the \
         spectral or the staggered method"
    )]
    NoPeriod {
        /// The method.
        method: Method,
        /// The first periodic axis.
        axis: &'static str,
    },
    /// A network for an axis with few points.
    #[error(
        "the {method} method needs at least {least} points along every axis, and axis {axis} has {found}; the staggered method \
         takes any number"
    )]
    FewPoints {
        /// The method.
        method: Method,
        /// The first such axis.
        axis: &'static str,
        /// Its points.
        found: usize,
        /// Points needed.
        least: usize,
    },
    /// More units than a field determines, or fewer than can be halved.
    #[error(
        "the {method} method fits from 2 to {most} units to a field of {numbers} numbers, at least four for each, not {found}"
    )]
    Units {
        /// The method.
        method: Method,
        /// Units asked for.
        found: usize,
        /// Numbers of the field.
        numbers: usize,
        /// Units at most.
        most: usize,
    },
    /// A least-squares problem that was not solved.
    #[error(
        "the {method} method did not find the fit of {units} units; take another number of units or another seed"
    )]
    Unfitted {
        /// The method.
        method: Method,
        /// Units asked for.
        units: usize,
    },
    /// A network planned without the room that fits it.
    #[error(
        "the {method} method fits a network: plan it by autoencoder::LearnedMethod, with the feature autoencoder"
    )]
    Network {
        /// The method.
        method: Method,
    },
    /// Numbers near an end of double precision, by a method for which their size matters.
    #[error(
        "the {method} method compares values with coordinates, and these are near an end of double precision; take other units"
    )]
    Extraordinary {
        /// The method.
        method: Method,
    },
    /// A convention that is not the one of the method.
    #[error(
        "the {method} method has the convention {own} here, not {asked}; the staggered method has every one"
    )]
    OtherConvention {
        /// The method.
        method: Method,
        /// Its convention on the domain.
        own: Boundary,
        /// The one asked for.
        asked: Boundary,
    },
    /// The convention of free space by a method for walls.
    #[error(
        "free-space is the convention of the methods natural and natural-spectral; the others have walls or go round"
    )]
    FreeSpace,
    /// A potential of the solenoidal part by a method that has none.
    #[error(
        "the {method} method gives no stream function and no vector potential; the methods spectral, staggered and natural do"
    )]
    NoPotential {
        /// The method.
        method: Method,
    },
    /// A method or convention for domains without walls was requested on one with walls.
    #[error("{}", walls_message(.axis))]
    Walls {
        /// The first bounded axis; `None` where only the mask makes walls.
        axis: Option<&'static str>,
    },
    /// The periodic convention was requested on unlike cells with walls.
    #[error(
        "the periodic convention needs a domain without walls, and this one has some: coasts, or ends of axes that neither \
         go round nor reach a pole; take another convention"
    )]
    UnevenWalls,
    /// A field on a grid that is not that of the plan.
    #[error(
        "the field has {found:?} cells along (x, y, z) and the plan {expected:?}, or their axes differ in start, spacing or topology"
    )]
    OtherGrid {
        /// Cells of the plan's grid.
        expected: Vec<usize>,
        /// Cells of the field's grid.
        found: Vec<usize>,
    },
    /// A vector potential was requested where none is computed.
    #[error(
        "there is no vector potential in 3D under the metric {metric}: it is computed between equal or uneven coordinates in flat space, with or without a mask, and on any 2D domain; take the solenoidal part itself"
    )]
    PotentialUnavailable {
        /// The metric of the domain.
        metric: &'static str,
    },
    /// The five-part decomposition was requested under another convention.
    #[error(
        "the five-part decomposition splits the harmonic part of normal-parallel by the staggered method; this plan is {method} with {boundary}{}",
        if *.boundary == Boundary::Periodic { ", without walls, where the harmonic part has no parts" } else { "" }
    )]
    NotNormalParallel {
        /// The method of the plan.
        method: Method,
        /// The convention of the plan.
        boundary: Boundary,
    },
    /// A field in a layout the method cannot take.
    #[error(
        "the {method} method takes samples at points, this field is staggered on faces; the staggered method takes it"
    )]
    Staggered {
        /// The method.
        method: Method,
    },
    /// A method that was left out of this build.
    #[error(
        "this hodge was built without the {method} method: it needs the feature sparse; the staggered method does without"
    )]
    NotBuilt {
        /// The method.
        method: Method,
    },
    /// The central method on a domain without such differences.
    #[error("the central method does not fit: {0}; the staggered method fits")]
    Central(#[from] ByPartsError),
    /// The central method on an axis whose eigenvectors take too long.
    #[error(
        "axis {axis} has {found} points, and the central method takes up to {most}, whose eigenvectors it needs; the staggered \
         method takes any number"
    )]
    LongAxis {
        /// The axis.
        axis: &'static str,
        /// Its points.
        found: usize,
        /// Points at most.
        most: usize,
    },
    /// An eigenproblem of an axis that was not solved.
    #[error(
        "the eigenvectors of the differences along an axis were not found; the staggered method does without"
    )]
    Eigenvectors,
    /// Numbers that cannot be decomposed.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The harmonic fields of the mask would not fit into memory.
    #[error(
        "the mask has {fields} independent loops or cavities; their harmonic fields do not fit: {shortage}; fill small holes of the mask, or use a smaller window"
    )]
    HarmonicMemory {
        /// Number of harmonic fields.
        fields: usize,
        /// What is needed and what there is.
        shortage: Shortage,
    },
    /// Whoever watched the plan ended it.
    #[error("the plan was ended after {solves} of {of} solves for harmonic fields")]
    Stopped {
        /// Solves done.
        solves: usize,
        /// Solves that it takes.
        of: usize,
    },
    /// A density that cannot be a weight.
    #[error(transparent)]
    Weight(#[from] WeightError),
    /// A Poisson equation was not solved.
    #[error(transparent)]
    Solve(#[from] SolveError),
}

fn walls_message(axis: &Option<&'static str>) -> String {
    match axis {
        Some(axis) => format!(
            "the spectral method and the periodic convention need every axis to be periodic; axis {axis} is bounded: use the staggered method, or declare the axis periodic"
        ),
        None => "the spectral method and the periodic convention cannot take a mask: use the staggered method".into(),
    }
}
