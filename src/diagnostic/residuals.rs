//! What is left of divergence and curl that should be zero, and what it is measured against.

use super::products::INPUT;
use super::sums::Sums;
use super::sweep::Sweep;
use crate::grid::{Domain, Geometry};
use crate::operator::Squares;
use serde::Serialize;

/// The place of the gradient part among the products.
const GRADIENT: usize = INPUT + 1;

/// ‖∇·‖ and ‖∇∧‖ of parts by central differences at the points, times h/‖v‖ with the least spacing h; NaN (`null`
/// in JSON) where nothing can be measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Residuals {
    /// The derivatives in words.
    pub derivative: &'static str,
    /// ∇· of the solenoidal part.
    pub divergence_of_solenoidal: f64,
    /// ∇∧ of the gradient part.
    pub curl_of_gradient: f64,
    /// ∇· of the harmonic part.
    pub divergence_of_harmonic: f64,
    /// ∇∧ of the harmonic part.
    pub curl_of_harmonic: f64,
}

/// What is left of the laws of the parts by the method's own differences, for the field v that was split and a
/// part p: of the net fluxes through cells
///
/// max |Σ ± S p| / max Σ S|v|, and with `_rms` √(mean (Σ ± S p)²) / max Σ S|v|,
///
/// and of the circulations around edges (vertices in 2D) that take part the same with ± d p and d|v|. S is the
/// area of a face (its length in 2D), d the distance across. NaN (`null` in JSON) where nothing can be measured.
///
/// Fourier derivatives are measured by Parseval, so that only the `_rms` is known; S and d are those of the cells
/// around the points, v is that of the point, and the flux of a cell is its volume times ∇·p.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OwnResiduals {
    /// The derivatives in words.
    pub derivative: &'static str,
    /// The largest net flux of the solenoidal part.
    pub divergence_of_solenoidal: f64,
    /// The largest circulation of the gradient part.
    pub curl_of_gradient: f64,
    /// The largest net flux of the harmonic part.
    pub divergence_of_harmonic: f64,
    /// The largest circulation of the harmonic part.
    pub curl_of_harmonic: f64,
    /// The root mean square net flux of the solenoidal part.
    pub divergence_of_solenoidal_rms: f64,
    /// The root mean square circulation of the gradient part.
    pub curl_of_gradient_rms: f64,
    /// The root mean square net flux of the harmonic part.
    pub divergence_of_harmonic_rms: f64,
    /// The root mean square circulation of the harmonic part.
    pub curl_of_harmonic_rms: f64,
    /// ‖gradient − ∇φ‖/‖gradient‖ in the inner product, without the walls where φ is free: what a potential in
    /// double precision cannot resolve. Not measured for Fourier derivatives.
    pub gradient_minus_grad_phi: f64,
}

impl OwnResiduals {
    /// Where there is no harmonic part by itself.
    pub(super) fn forget_harmonic(&mut self) {
        for value in [
            &mut self.divergence_of_harmonic,
            &mut self.curl_of_harmonic,
            &mut self.divergence_of_harmonic_rms,
            &mut self.curl_of_harmonic_rms,
        ] {
            *value = f64::NAN;
        }
    }

    /// What the claims are about: divergence of the solenoidal part, curl of the gradient part, divergence and curl
    /// of the harmonic part. The largest, where it is measured, else the root mean square.
    pub fn in_claims(&self) -> [f64; 4] {
        let either = |largest: f64, rms: f64| if largest.is_nan() { rms } else { largest };
        [
            either(self.divergence_of_solenoidal, self.divergence_of_solenoidal_rms),
            either(self.curl_of_gradient, self.curl_of_gradient_rms),
            either(self.divergence_of_harmonic, self.divergence_of_harmonic_rms),
            either(self.curl_of_harmonic, self.curl_of_harmonic_rms),
        ]
    }
}

/// Whether differences at the points are those of flat space.
pub(super) fn is_flat<const D: usize>(domain: &Domain<D>) -> bool {
    domain.geometry() == Geometry::Plane
}

pub(super) fn by_own_differences<const D: usize>(sweep: &Sweep<D>, sums: &Sums<D>) -> OwnResiduals {
    let [flux, circulation] = sweep.sizes(sums);
    // A number over nothing is infinite, and nothing over nothing no residual.
    let relative = |n: f64, size: f64| match sums.squares > 0.0 {
        true if n == 0.0 => 0.0,
        true => n / size,
        false => f64::NAN,
    };
    let laws = sweep.laws(sums);
    let sizes = [flux, circulation, flux, circulation];
    let largest = [0, 1, 2, 3].map(|i| relative(laws[i].largest, sizes[i]));
    let rms = [0, 1, 2, 3].map(|i| relative(laws[i].rms(), sizes[i]));
    let gradient = sums.own[GRADIENT][GRADIENT];
    let gap = sums.gap.filter(|_| gradient > 0.0);
    OwnResiduals {
        derivative: sweep.calculus.derivative(),
        divergence_of_solenoidal: largest[0],
        curl_of_gradient: largest[1],
        divergence_of_harmonic: largest[2],
        curl_of_harmonic: largest[3],
        divergence_of_solenoidal_rms: rms[0],
        curl_of_gradient_rms: rms[1],
        divergence_of_harmonic_rms: rms[2],
        curl_of_harmonic_rms: rms[3],
        gradient_minus_grad_phi: gap.map_or(f64::NAN, |gap| (gap / gradient).sqrt()),
    }
}

/// `input` is Σ |v|² of the samples.
pub(super) fn by_central_differences<const D: usize>(
    domain: &Domain<D>,
    sums: &Sums<D>,
    input: f64,
) -> Residuals {
    let size = input.sqrt();
    let h = domain.grid().least_spacing();
    let known = size > 0.0 && is_flat(domain);
    let relative = |n: Squares| if known { n.root() * h / size } else { f64::NAN };
    Residuals {
        derivative: "central differences at the points whose neighbours are all in the domain",
        divergence_of_solenoidal: relative(sums.divergence_of_solenoidal),
        curl_of_gradient: relative(sums.curl_of_gradient),
        divergence_of_harmonic: relative(sums.divergence_of_harmonic),
        curl_of_harmonic: relative(sums.curl_of_harmonic),
    }
}
