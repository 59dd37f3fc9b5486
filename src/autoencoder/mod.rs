//! Auto-encoders and other maps r: R^D → R^D with their exact Jacobians, read from weights or trained, and
//! how symmetric these are. [`AutoencoderField`](crate::source::AutoencoderField) is the field r(x) − x on a grid.
//!
//! Weights follow torch's `nn.Linear`: tensors `layers.K.weight` of shape (out, in) and
//! `layers.K.bias`, K = 0 … m, with the metadata `activation` (one name, or one per hidden layer
//! separated by commas; the last layer is linear) and, for R = W, `tied` = "true". Snapshots of a
//! training carry their `epoch` as well. [`Network::read_safetensors`] says what else is read.

mod activation;
mod closest;
mod condition_file;
mod conditions;
pub mod conservativeness;
mod error;
mod evaluate;
mod gram;
mod kernels;
mod lanes;
mod learned;
mod least_squares;
mod map;
mod network;
mod npy;
mod point_numbers;
mod points;
mod ridge;
mod slice;
mod slopes;
mod split;
mod stored;
pub mod train;
mod triangle;
mod weights;
mod weights_hdf5;

pub use activation::Activation;
pub use closest::{Closest, Miss};
pub use conditions::{Conditions, Verdict};
pub use error::AutoencoderError;
pub use evaluate::Evaluation;
pub use learned::{Fitted, LearnedMethod, Learning, plan_learned};
pub use map::{Differentiable, MapField};
pub use network::{Energy, Layer, Network};
pub use point_numbers::{read_point_numbers, write_point_numbers};
pub use points::PointSet;
pub use slice::Slice;
pub use split::RidgeSplit;
