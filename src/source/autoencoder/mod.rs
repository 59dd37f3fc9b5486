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
mod kernels;
mod lanes;
mod network;
mod points;
mod ridge;
mod slice;
mod split;
pub mod train;
mod weights;
mod weights_hdf5;

pub use activation::Activation;
pub use conditions::{Conditions, Verdict};
pub use error::AutoencoderError;
pub use evaluate::Evaluation;
pub use network::{Energy, Layer, Network};
pub use points::PointSet;
pub use slice::Slice;
pub use split::RidgeSplit;

/// The field r(x) − x of a network on grids.
///
/// ```
/// use hodge::field::Layout;
/// use hodge::grid::{Axis, Grid, Topology};
/// use hodge::source::{Source, autoencoder::{Activation, AutoencoderField, Network, train::Initial}};
/// let glorot = Initial::Glorot { gain: 1.0 };
/// let network = Network::random(2, &[30], &[Activation::Sigmoid], false, glorot, 1)?;
/// let source = AutoencoderField::<2>::new(network)?;
/// let axis = Axis::over(-0.6, 0.6, 16, Topology::Bounded);
/// let field = source.sample(Grid::new([axis, axis])?, Layout::Faces);
/// assert_eq!(field.component(0).values().len(), 17 * 16);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type AutoencoderField<const D: usize> = super::MapOnGrid<D, Network>;
