//! What the machine and its operating system give: places for files.

mod error;
mod place;
mod temporary;

pub use error::PlaceError;
pub(crate) use place::{Output, check_outputs};
pub(crate) use temporary::{Temporary, reserve};
