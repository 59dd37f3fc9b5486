//! Fourier, cosine and sine transforms along the axes of an array, planned once.
//!
//! Arrays hold x fastest and shapes list x first. [`RealTransform`] takes an array of reals to the
//! eigenvectors of the second difference of every axis (the bases of [`crate::boundary`]) and
//! back; [`eigenvalues`] are the eigenvalues. [`Fourier`] is the real-to-complex transform of a fully
//! periodic array and [`wavenumbers`] its first derivative; [`Convolution`] sums over a box with a kernel by it.
//!
//! Every transform is linear with real coefficients, so two neighbouring real lanes travel as the
//! real and the imaginary part of one complex lane: the cost per pair is one complex transform
//! of n (2n for the two face bases) and O(n) besides, for every n, primes included. All axes but the
//! last are transformed slab by slab while a slab is in cache, the last one by tiles
//! of neighbouring lanes: two passes over memory for one direction, three for
//! transform, multiplication and inverse together.
//!
//! Work is spread over the current rayon thread pool. Plans are `Send + Sync`, and keep the
//! buffers of the threads (for each a plane or a strip of rows, and tiles) from one call to the next.

mod axis;
mod convolution;
mod eigenvalues;
mod fourier;
pub(crate) mod lane;
mod precision;
mod real;
mod runs;
pub(crate) mod slots;
pub(crate) mod tile;

pub(crate) use axis::AxisTransform;
pub use convolution::Convolution;
pub(crate) use convolution::{embed, padded_length};
pub use eigenvalues::{eigenvalues, wavenumbers};
pub use fourier::Fourier;
pub use precision::Precision;
pub use real::RealTransform;
pub(crate) use runs::{add_difference, dot};
