//! The Python module `hodge._hodge`: numpy arrays in, plans and parts out. The package around it, in `python/hodge`, gives
//! them their names. Nothing is computed here.

mod arrays;
mod error;
mod fixed;
mod given;
mod options;
mod parts;
mod plan;
mod program;
mod threads;
mod varying;
mod wanted;

use pyo3::prelude::*;

/// The compiled part of hodge.
#[pymodule]
mod _hodge {
    #[pymodule_export]
    use super::plan::Plan;
    #[pymodule_export]
    use super::program::{main, read, sample};

    /// The version of the package.
    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
