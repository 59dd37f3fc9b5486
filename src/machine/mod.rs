//! What the machine and its operating system give: places for files.

mod error;
mod place;
mod temporary;

pub use error::PlaceError;
pub use place::{Output, check_outputs};
pub use temporary::{Temporary, reserve};
