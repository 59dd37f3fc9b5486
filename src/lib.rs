//! hodge.
pub mod boundary;
pub mod field;
pub mod grid;
pub mod source;
pub mod transform;
