//! Many fields one after the other: read, split, measured and written, with one plan as long as the domain stays
//! the same.
//!
//! A [`Batch`] takes one [`Series`](crate::source::Series) after the other. What was found goes to an
//! [`Observer`], which also says when to stop; a field that fails does not stop the others.

mod error;
mod field;
mod fits;
#[cfg(feature = "sparse")]
mod memory;
mod method;
mod observer;
mod planned;
mod request;
mod run;
mod seconds;
mod sink;
#[cfg(feature = "sparse")]
mod size;
mod tally;
mod workers;
mod written;

pub use crate::output::Shard;
pub use error::{BatchError, Chosen, Failure, RequestError};
#[cfg(feature = "python")]
pub(crate) use field::report;
pub use fits::check_fits;
#[cfg(feature = "sparse")]
pub use memory::{Expected, expected};
pub use method::MethodChoice;
pub use observer::{Finished, Observer};
#[cfg(feature = "python")]
pub(crate) use planned::Planned;
pub use request::BatchRequest;
pub use run::Batch;
pub use seconds::Seconds;
pub use sink::{Closed, Sink};
#[cfg(feature = "sparse")]
pub use size::expected_file_bytes;
pub use tally::Tally;
