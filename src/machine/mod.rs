//! What the machine and its operating system give: places for files, memory, and the instructions of its
//! processor.

mod error;
mod memory;
mod pages;
mod place;
mod temporary;
mod wide;

pub use error::PlaceError;
pub use memory::{
    AtHand, Limit, Shortage, SizeError, at_hand, ensure_memory, limit_memory, parse_size,
    peak_memory_bytes, size_in_words,
};
pub(crate) use memory::{address_space_left, spare_address_space};
pub(crate) use pages::zeros;
pub(crate) use place::{Output, check_outputs};
#[cfg(test)]
pub(crate) use tempfile::tempfile as nameless_file;
pub(crate) use temporary::{Temporary, reserve};
pub(crate) use wide::wide;
