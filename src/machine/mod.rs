//! What the machine and its operating system give: places for files, memory, and the instructions of its
//! processor.

#[cfg(feature = "files")]
mod error;
mod memory;
mod pages;
#[cfg(feature = "files")]
mod place;
#[cfg(feature = "files")]
mod temporary;
mod wide;

#[cfg(feature = "files")]
pub use error::PlaceError;
pub use memory::{
    AtHand, Limit, Shortage, SizeError, at_hand, ensure_memory, limit_memory, parse_size,
    peak_memory_bytes, size_in_words,
};
#[cfg(feature = "cli")]
pub(crate) use memory::{address_space_left, spare_address_space};
pub(crate) use pages::zeros;
#[cfg(feature = "cli")]
pub(crate) use place::{Output, check_outputs};
#[cfg(all(test, feature = "files"))]
pub(crate) use tempfile::tempfile as nameless_file;
#[cfg(feature = "files")]
pub(crate) use temporary::{Temporary, reserve};
pub(crate) use wide::wide;
