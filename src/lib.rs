//! Helmholtz–Hodge decomposition of vector fields on dense 2D and 3D grids.
//!
//! A field is split into v = ∇φ + ⋆A + h: a gradient, a solenoidal and a harmonic part. This page
//! is the map of the crate. Each room below uses only the rooms before it, which
//! `tests/architecture.rs` checks.
//!
//! | room | holds |
//! |---|---|
//! | [`machine`] | what the machine and its system give: places for files, memory, wide instructions |
//! | [`grid`] | axes and how they end (periodic or bounded), metrics (a sphere, …), where values sit, masked domains and their walls |
//! | [`boundary`] | the boundary conventions as tables: conditions of potentials, bases of transforms |
//! | [`field`] | scalar and vector fields at points or staggered on faces, interpolation between the two |
//! | [`transform`] | Fourier, cosine and sine transforms along axes, their eigenvalues |
//! | [`projection`] | the fused projections: Leray's of periodic fields, MAC's of boxes with walls, one in free space |
//! | [`operator`] | discrete ∇, ∇·, ∇∧, ⋆ with their laws, as sparse matrices too; loops, holes and cavities of a domain (Betti numbers) |
//! | [`poisson`] | −∇·∇φ = f by interchangeable back ends; the null space |
//! | [`decomposition`] | the methods behind one trait, planned once and used for many fields |
//! | [`autoencoder`] | networks with exact Jacobians, their training, how conservative they are |
//! | [`source`] | where fields come from: analytic cases with exact parts, auto-encoders, ONNX models, files; all as samples |
//! | [`diagnostic`] | energies, angles, residuals, comparison with exact parts |
//! | [`validation`] | studies of analytic cases: errors, observed orders and the claims they are held to |
//! | [`output`] | HDF5 result files, pictures, sparse matrices in `.npz` |
//! | [`batch`] | many fields one after the other: one plan for each domain, one file, failures, an observer |
//! | [`cli`] | the program: arguments, progress, exit codes |
//! | [`python`] | the Python module: numpy arrays in and out, no numerics of its own |
//!
//! [`python`]: crate
//!
//! The way of a field through them:
//!
//! ```text
//! Series ──item──▶ Sample { domain, … } ──▶ Method::plan(domain)       once for each domain
//!                                             │ decompose(field)
//!                                             ▼
//!                    Decomposition { gradient, solenoidal, harmonic, potential, … }
//!                                             │ diagnostic::measure
//!                                             ▼
//!                    Report ──▶ output::record ──▶ ResultFile (HDF5), Picture, table, JSON
//! ```
//!
//! For many fields [`batch`] goes this way. No room but `cli` prints, exits or reads arguments. 2D and 3D
//! are one code path: everything is generic in the dimension `D`, and the curl is the antisymmetric
//! tensor with D(D − 1)/2 components.
//!
//! Conventions everywhere: axes in the order x, y, z; values with x running fastest, so arrays
//! are (component, z, y, x); `f64` throughout.
//!
//! ```
//! use hodge::{decomposition::{Method, decompose}, source::{Source, analytic::find_2d}};
//! let case = find_2d("P1").unwrap();
//! let field = case.sample(case.grid([32, 24])?, Method::Spectral.layout());
//! let parts = decompose(&field, Method::Spectral)?;
//! assert!(field.minus(&parts.sum()).max_abs() < 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![warn(missing_docs)]
// Parts of a room may be unused when features are off.
#![cfg_attr(not(feature = "cli"), allow(dead_code))]

#[cfg(feature = "autoencoder")]
pub mod autoencoder;
#[cfg(feature = "files")]
pub mod batch;
pub mod boundary;
#[cfg(feature = "cli")]
pub mod cli;
pub mod decomposition;
pub mod diagnostic;
pub mod field;
pub mod grid;
pub mod machine;
pub mod operator;
#[cfg(feature = "files")]
pub mod output;
pub mod poisson;
pub mod projection;
#[cfg(feature = "python")]
mod python;
#[cfg(test)]
#[path = "../tests/library/common/random.rs"]
mod random;
pub mod source;
pub mod transform;
pub mod validation;

/// The README's example, compiled and run with the tests.
#[cfg(all(doctest, feature = "cli"))]
#[doc = include_str!("../README.md")]
struct Readme;
