//! Many fields one after the other: read, split, measured and written, with one plan as long as the domain stays
//! the same.
//!
//! A [`Batch`] takes one [`Series`](crate::source::Series) after the other. What was found goes to an
//! [`Observer`], which also says when to stop; a field that fails does not stop the others.

mod error;
mod field;
#[cfg(feature = "sparse")]
mod memory;
mod method;
mod observer;
mod planned;
mod request;
mod run;
mod seconds;
mod shard;
mod sink;
mod tally;
mod workers;
mod written;

pub use error::{BatchError, Chosen, Failure, RequestError};
#[cfg(feature = "sparse")]
pub use memory::expected_bytes;
pub use method::MethodChoice;
pub use observer::{Finished, Observer};
pub use request::BatchRequest;
pub use run::Batch;
pub use seconds::Seconds;
pub use shard::Shard;
pub use sink::{Closed, Sink};
pub use tally::Tally;
