//! Fused projections: gradient, solenoidal part and potential with fewer transforms and passes over
//! memory than one after the other.
//!
//! [`LerayProjection`] splits a periodic vector field at points, [`MacProjection`] and [`ParallelProjection`] a
//! staggered one on a box with walls, by one convention each (`no-flux` and `normal-parallel`). `README.md`
//! beside this file draws their sweeps. [`FreeSpaceProjection`] splits one that vanishes at the edge of its box, in
//! free space.

mod free_space;
mod leray;
mod mac;

pub use free_space::{FreeSpaceParts, FreeSpaceProjection};
pub use leray::{LerayProjection, NullModes};
pub use mac::{MacProjection, ParallelProjection, Projected, ProjectedParallel};
