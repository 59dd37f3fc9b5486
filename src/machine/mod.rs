//! What the machine and its operating system provide: files, numbers as they are stored, memory, buffers that are reused, and the instructions
//! and caches of its processor.

mod caches;
#[cfg(feature = "files")]
mod element;
#[cfg(feature = "files")]
mod error;
mod huge_pages;
mod memory;
#[cfg(feature = "files")]
mod numpy_header;
#[cfg(feature = "sparse")]
mod peak;
#[cfg(feature = "files")]
mod place;
mod pool;
#[cfg(feature = "cli")]
mod processor_time;
#[cfg(feature = "files")]
mod temporary;
#[cfg(feature = "cli")]
mod traffic;
mod wide;

pub(crate) use caches::{NON_TEMPORAL_BYTES, REREAD_BYTES, fence, prefetch, store_non_temporal};
#[cfg(feature = "files")]
pub(crate) use element::Element;
#[cfg(feature = "files")]
pub use error::PlaceError;
pub(crate) use huge_pages::zeros;
pub use memory::{
    AtHand, Limit, Shortage, SizeError, at_hand, ensure_memory, limit_memory, parse_size,
    peak_memory_bytes, size_in_words,
};
#[cfg(feature = "cli")]
pub(crate) use memory::{address_space_left, spare_address_space};
#[cfg(feature = "files")]
pub(crate) use numpy_header::{is_countable, read_numpy_header};
#[cfg(feature = "sparse")]
pub(crate) use peak::Peak;
#[cfg(feature = "files")]
pub(crate) use place::resolve as resolve_place;
#[cfg(feature = "cli")]
pub(crate) use place::{Output, check_outputs};
pub(crate) use pool::{Borrowed, Pool};
#[cfg(feature = "cli")]
pub(crate) use processor_time::{limit_processor_time, processor_seconds};
#[cfg(all(test, feature = "files"))]
pub(crate) use tempfile::tempfile as nameless_file;
#[cfg(feature = "files")]
pub(crate) use temporary::{Temporary, ensure_file_size, put_in_place, reserve};
#[cfg(feature = "cli")]
pub(crate) use traffic::traffic_bytes;
pub(crate) use wide::wide;
