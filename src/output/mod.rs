//! Where results go: HDF5 files, pictures, and sparse matrices in `.npz`.
//!
//! Files are written under a temporary name in the directory of their target and renamed when
//! complete, so a file with its final name is complete.

mod attributes;
mod check;
mod dataset;
mod digits;
mod error;
mod frame;
mod group;
mod hdf5;
mod image;
mod lattice;
#[cfg(feature = "sparse")]
mod matrices;
mod options;
#[cfg(feature = "picture")]
pub mod page;
#[cfg(feature = "picture")]
pub mod picture;
mod record;
mod record_potential;
mod scales;
mod series;
mod slab;
mod write;

pub use self::hdf5::{LAYOUT_VERSION, ResultFile, hdf5_version};
pub use dataset::{Dataset, Make, MakeRows, Piece};
#[cfg(feature = "picture")]
pub(crate) use digits::significant;
pub use error::OutputError;
pub use group::{COMPONENT, DimensionScale, FieldGroup};
#[cfg(feature = "sparse")]
pub use matrices::write_matrices;
pub use options::Options;
pub use record::{Content, MaskContent, Record, domain_attributes, report_attributes};
pub use series::{EvidenceColumns, InputFile, Leading, Results, SeriesFile, Shard, Study, merge};
