//! Densities on the faces.

use crate::field::{Layout, VectorField};
use crate::grid::{AXIS_NAMES, Domain, FaceClass, Location, Metric, unravel};
use thiserror::Error;

/// What can be wrong with a density.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum WeightError {
    /// A density at points.
    #[error(
        "the density must be given on the faces (component k on the faces normal to axis k), this one is at points: sample it on faces or interpolate it there"
    )]
    Layout,
    /// A density on another grid than the domain.
    #[error(
        "the density has {found:?} cells along (x, y, z) and the domain {expected:?}, or their axes differ"
    )]
    OtherGrid {
        /// Cells of the domain.
        expected: Vec<usize>,
        /// Cells of the density.
        found: Vec<usize>,
    },
    /// A density that is zero, negative or not finite on a face of an active cell.
    #[error(
        "the density is {value} on the face {index:?} normal to axis {axis} (x, y, z order, from 0); it must be positive and finite"
    )]
    NotPositive {
        /// Name of the axis the face is normal to.
        axis: &'static str,
        /// Index of the face.
        index: Vec<usize>,
        /// Value found.
        value: f64,
    },
}

/// The domain with a density p > 0 on its faces, for the inner product ⟨v, w⟩ = ∫ p v·w.
///
/// Every method that takes a metric then splits in that product: solenoidal parts have ∇·(p r) = 0, so that r leaves
/// the density stationary, and under `no-flux` the gradient part is what fitting a gradient to samples drawn from p
/// converges to: the split of score fields. p = 1 changes nothing. Divergences are those of p v/p₀, where p₀ is the
/// power of two below the largest p, so that they do not depend on the unit of the density. A density
/// known as a function p of position is `VectorField::sample(grid, Layout::Faces, |x| [p(x); D])`. Costs one pass
/// over the faces.
///
/// ```
/// use hodge::decomposition::Method;
/// use hodge::boundary::Boundary;
/// use hodge::field::{Layout, VectorField};
/// use hodge::grid::{Axis, Domain, Grid, Topology};
/// use hodge::operator::{Calculus, with_density};
/// let axis = Axis::over(-4.0, 4.0, 32, Topology::Bounded);
/// let grid = Grid::new([axis, axis])?;
/// let density = VectorField::sample(grid, Layout::Faces, |[x, y]| [(-0.5 * (x * x + y * y)).exp(); 2]);
/// let domain = with_density(&Domain::full(grid), &density)?;
/// let plan = Method::Staggered.plan(&domain, Some(Boundary::NoFlux), None)?;
/// let score = VectorField::sample(grid, Layout::Faces, |[x, y]| [y - x, -x - y]);
/// let parts = plan.decompose(&score)?;
/// assert!(plan.calculus().inner(&parts.gradient, &parts.solenoidal).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A density at points or of another grid, and values that are not positive and finite on faces of active cells.
#[expect(clippy::missing_panics_doc, reason = "the metric is made of the grid of the domain")]
pub fn with_density<const D: usize>(
    domain: &Domain<D>,
    density: &VectorField<D>,
) -> Result<Domain<D>, WeightError> {
    if density.layout() != Layout::Faces {
        return Err(WeightError::Layout);
    }
    if density.grid() != domain.grid() {
        let [expected, found] = [domain.grid(), density.grid()].map(|grid| grid.shape().to_vec());
        return Err(WeightError::OtherGrid { expected, found });
    }
    let mut largest = f64::MIN_POSITIVE;
    for (k, component) in density.components().iter().enumerate() {
        let values = component.values().iter().zip(domain.face_classes(k)).enumerate();
        for (face, (&value, _)) in values.filter(|(_, (_, class))| *class != FaceClass::Outside) {
            if !(value > 0.0 && value.is_finite()) {
                let shape = domain.grid().shape_at(Location::face(k));
                let index = unravel(shape, face).to_vec();
                return Err(WeightError::NotPositive { axis: AXIS_NAMES[k], index, value });
            }
            largest = largest.max(value);
        }
    }
    let metric = domain.metric().cloned().unwrap_or_else(|| Metric::plane(domain.grid()));
    let metric = metric.weighted(density.components().each_ref().map(|c| c.values()), largest);
    Ok(domain.clone().with_metric(metric).expect("a metric of the same grid"))
}
