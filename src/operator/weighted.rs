//! The staggered calculus in an inner product with a density.

use super::{Betti, Calculus, Staggered};
use crate::boundary::Boundary;
use crate::field::{Layout, ScalarField, VectorField, times_power};
use crate::grid::{AXIS_NAMES, Domain, FaceClass, Location, unravel};
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

/// [`Staggered`] under `no-flux` with a density p > 0 on the faces, in ⟨v, w⟩ = ∫ p v·w.
///
/// ∇ and ∇∧ are the same; the divergence is ∇·(p v)/p₀, where p₀ is the power of two below the largest p,
/// so that it does not depend on the unit of the density, and the rotation p⁻¹⋆A. The laws of [`super`]
/// hold in the weighted inner product, those with a divergence up to p₀.
pub struct Weighted<const D: usize> {
    base: Staggered<D>,
    /// p/p₀.
    weights: [Vec<f64>; D],
    unit: f64,
}

impl<const D: usize> Weighted<D> {
    /// Checks the density and makes the calculus. A density known as a function p of position is
    /// `VectorField::sample(grid, Layout::Faces, |x| [p(x); D])`.
    ///
    /// # Errors
    /// If the density is at points, on another grid, or not positive and finite on a face that
    /// takes part.
    pub fn new(domain: &Domain<D>, density: &VectorField<D>) -> Result<Weighted<D>, WeightError> {
        if density.layout() != Layout::Faces {
            return Err(WeightError::Layout);
        }
        if density.grid() != domain.grid() {
            let [expected, found] =
                [domain.grid(), density.grid()].map(|grid| grid.shape().to_vec());
            return Err(WeightError::OtherGrid { expected, found });
        }
        let base = Staggered::new(domain.clone(), Boundary::NoFlux);
        for (k, component) in density.components().iter().enumerate() {
            let values = component.values().iter().zip(base.face_classes(k));
            for (face, (&value, class)) in values.enumerate() {
                if *class != FaceClass::Outside && !(value > 0.0 && value.is_finite()) {
                    let shape = domain.grid().shape_at(Location::face(k));
                    let index = unravel(shape, face).to_vec();
                    return Err(WeightError::NotPositive { axis: AXIS_NAMES[k], index, value });
                }
            }
        }
        let inside = |k: usize| {
            let values = density.component(k).values().iter().zip(base.face_classes(k));
            values.filter(|(_, class)| **class != FaceClass::Outside).map(|(value, _)| *value)
        };
        let largest = (0..D).flat_map(inside).fold(f64::MIN_POSITIVE, f64::max);
        let exponent = largest.log2().floor() as i32;
        let weights = std::array::from_fn(|k| {
            let values = density.component(k).values().iter();
            values.map(|p| times_power(*p, -exponent)).collect()
        });
        Ok(Weighted { base, weights, unit: times_power(1.0, exponent) })
    }

    /// The calculus without the density.
    pub fn base(&self) -> &Staggered<D> {
        &self.base
    }

    /// The density over p₀ on the faces normal to each axis.
    pub fn weights(&self) -> &[Vec<f64>; D] {
        &self.weights
    }

    /// p v/p₀, zero outside the domain.
    pub fn flux(&self, v: &VectorField<D>) -> VectorField<D> {
        let mut flux = v.clone();
        self.base.clear_outside(&mut flux);
        multiply(&mut flux, &self.weights);
        self.base.clear_outside(&mut flux);
        flux
    }
}

/// Multiplies every face value by its weight.
pub(crate) fn multiply<const D: usize>(v: &mut VectorField<D>, weights: &[Vec<f64>; D]) {
    for (k, weights) in weights.iter().enumerate() {
        let values = v.component_mut(k).values_mut().iter_mut();
        values.zip(weights).for_each(|(value, weight)| *value *= weight);
    }
}

impl<const D: usize> Calculus<D> for Weighted<D> {
    fn derivative(&self) -> &'static str {
        "staggered second-order differences, the divergence that of the density times the field"
    }

    fn inner_product(&self) -> &'static str {
        "sum over the faces times the density and the cell volume, wall faces half"
    }

    fn is_weighted(&self) -> bool {
        true
    }

    fn domain(&self) -> &Domain<D> {
        self.base.domain()
    }

    fn layout(&self) -> Layout {
        Layout::Faces
    }

    fn divergence(&self, v: &VectorField<D>) -> ScalarField<D> {
        self.base.divergence(&self.flux(v))
    }

    fn curl(&self, v: &VectorField<D>) -> Vec<ScalarField<D>> {
        self.base.curl(v)
    }

    fn curl_norm(&self, v: &VectorField<D>) -> f64 {
        self.base.curl_norm(v)
    }

    fn weights<'a>(&self, k: usize, start: usize, out: &'a mut [f64]) -> Option<&'a [f64]> {
        let classes = self.base.face_classes(k)[start..].iter().zip(&self.weights[k][start..]);
        for (out, (class, weight)) in out.iter_mut().zip(classes) {
            *out = match class {
                FaceClass::Outside => 0.0,
                class => class.weight() * weight * self.unit,
            };
        }
        Some(out)
    }

    fn betti(&self) -> Option<Betti> {
        self.base.betti()
    }

    fn gradient(&self, potential: &ScalarField<D>) -> VectorField<D> {
        self.base.gradient(potential)
    }

    fn codifferential(&self, potential: &[ScalarField<D>]) -> VectorField<D> {
        let mut codifferential = self.base.codifferential(potential);
        for (k, weights) in self.weights.iter().enumerate() {
            let classes = self.base.face_classes(k);
            let values = codifferential.component_mut(k).values_mut().iter_mut();
            for ((value, weight), class) in values.zip(weights).zip(classes) {
                *value = match class {
                    FaceClass::Outside => 0.0,
                    _ => *value / weight / self.unit,
                };
            }
        }
        codifferential
    }
}
