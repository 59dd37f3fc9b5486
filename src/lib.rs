//! hodge.
pub mod boundary;
pub mod cli;
pub mod decomposition;
pub mod diagnostic;
pub mod field;
pub mod grid;
pub mod operator;
pub mod output;
pub mod poisson;
pub mod source;
pub mod transform;
