//! Methods that stand for what is commonly done, with known defects that must show. None is chosen by default.

#[cfg(feature = "sparse")]
mod chorin;
mod fourier;

#[cfg(feature = "sparse")]
pub use chorin::ChorinMethod;
pub use fourier::{Continuation, FourierMethod};
