//! Auto-encoders as fields: r(x) − x on a grid, with the exact Jacobian, read from weights or
//! trained.
//!
//! Weights follow torch's `nn.Linear`: tensors `layers.K.weight` of shape (out, in) and
//! `layers.K.bias`, K = 0 … m, with the metadata `activation` (one name, or one per hidden layer
//! separated by commas; the last layer is linear) and, for R = W, `tied` = "true". Snapshots of a
//! training carry their `epoch` as well.

mod activation;
mod conditions;
mod error;
mod evaluate;
mod field;
mod kernels;
mod lanes;
mod network;
mod points;
mod ridge;
mod split;
pub mod train;
mod weights;
mod weights_hdf5;

pub use activation::Activation;
pub use conditions::{Conditions, Verdict};
pub use error::AutoencoderError;
pub use evaluate::Evaluation;
pub use field::{AutoencoderField, Slice};
pub use network::{Energy, Layer, Network};
pub use points::PointSet;
pub use split::RidgeSplit;
