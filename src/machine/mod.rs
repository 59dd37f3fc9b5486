//! What the machine and its operating system give: places for files, and memory.

mod error;
mod memory;
mod place;
mod temporary;

pub use error::PlaceError;
pub use memory::{
    AtHand, Limit, Shortage, SizeError, at_hand, ensure_memory, limit_memory, parse_size,
    peak_memory_bytes, size_in_words,
};
pub(crate) use memory::{address_space_left, spare_address_space};
pub(crate) use place::{Output, check_outputs};
pub(crate) use temporary::{Temporary, reserve};
