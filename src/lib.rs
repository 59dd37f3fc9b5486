//! hodge.
pub mod boundary;
pub mod field;
pub mod grid;
pub mod output;
pub mod source;
