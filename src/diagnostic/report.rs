//! What every decomposition is judged by.

use super::circulation::Circulation;
use super::claimed::Claimed;
use super::mean::WithoutMean;
use super::residuals::{OwnResiduals, Residuals};
use super::shares::{Answers, ConventionShares, InputShares};
use crate::boundary::Boundary;
use crate::decomposition::{Fit, Method};
use crate::field::times_power;
use crate::operator::Betti;
use crate::poisson::{Backend, SolveReport};
use serde::{Serialize, Serializer};

/// How the parts are meant, in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conventions {
    /// The boundary convention.
    pub boundary: &'static str,
    /// The derivative under which the parts are exact.
    pub derivative: &'static str,
    /// Signs of the potentials.
    pub potentials: &'static str,
    /// How the parts come to the points.
    pub points: &'static str,
    /// The inner product of energies and angles.
    pub inner_product: &'static str,
    /// How divergence and curl are made dimensionless.
    pub normalisation: &'static str,
}

/// One number for the field and for each part. Energies are ⟨v, v⟩, the integral of |v|² without a
/// factor ½, where the method computes; the sampling remainder is measured at the points. NaN
/// (`null` in JSON) where they are outside the range of double precision.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Energies {
    /// The field that was decomposed.
    pub input: f64,
    /// ∇φ.
    pub gradient: f64,
    /// ⋆A; NaN where it is not told from h.
    pub solenoidal: f64,
    /// h; likewise.
    pub harmonic: f64,
    /// ⋆A and h together: what has no divergence.
    pub divergence_free: f64,
    /// What the point samples lose in interpolation to the faces and back, whatever the method.
    pub sampling_remainder: f64,
}

/// Cosines of the angles between parts; NaN (`null` in JSON) where a part is smaller than 1e-10 of the field.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Cosines {
    /// Between the gradient and the solenoidal part.
    pub gradient_solenoidal: f64,
    /// Between the gradient and the harmonic part.
    pub gradient_harmonic: f64,
    /// Between the solenoidal and the harmonic part.
    pub solenoidal_harmonic: f64,
}

/// The diagnostics of one decomposition. Everything is dimensionless but the energies, which have
/// the unit of the field squared times that of a volume.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The method.
    pub method: Method,
    /// The boundary convention.
    pub boundary: Boundary,
    /// The back end of the Poisson solves, `None` for a method without.
    pub backend: Option<Backend>,
    /// Cells along x, y, z.
    pub cells: Vec<usize>,
    /// Cells that take part: fewer than all if there is a mask.
    pub active_cells: usize,
    /// What lengths, areas and volumes are taken from: `plane`, the differences of coordinates.
    pub metric: &'static str,
    /// The radius of the sphere, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub radius: Option<f64>,
    /// In 3D whether lengths grow with the height (`thick`) or not (`thin`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thickness: Option<&'static str>,
    /// Whether solenoidal and harmonic part are one, which then stands for the solenoidal part.
    pub undivided: bool,
    /// The conventions in words.
    pub conventions: Conventions,
    /// Energies.
    pub energy: Energies,
    /// Energies relative to the input where the method computes, so that the parts add up to 1; the
    /// sampling remainder relative to the point samples.
    pub fraction: Energies,
    /// Shares of the energy of the input, at the points where it was given there.
    pub share_of_input: InputShares,
    /// The shares without the constant mean field, in flat space and where one part holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_mean: Option<WithoutMean>,
    /// The shares under every boundary convention, where they were computed; `null` in JSON elsewhere.
    #[serde(serialize_with = "by_name")]
    pub by_convention: Vec<ConventionShares>,
    /// What the conventions answer; `null` in JSON where there is one only.
    pub answers: Option<Answers>,
    /// The largest |⟨a, b⟩|/‖v‖² of two parts.
    pub orthogonality: f64,
    /// Angles between parts.
    pub cosines: Cosines,
    /// max|v − (gradient + solenoidal + harmonic)|/max|v| where the method computes, for v interpolated
    /// afresh if it was given at points; or the same at the points with the sampling remainder, if
    /// that is larger.
    pub sum_residual: f64,
    /// The largest |∮ gradient·dx| around a loop of the fluid or along a periodic axis, over max|v| and
    /// the length: a gradient has none.
    pub circulation_of_gradient: f64,
    /// The largest net flux of the solenoidal part by the method's own derivative, over the largest Σ S|v| of a
    /// cell; the root mean square for the spectral method ([`OwnResiduals::in_claims`]).
    pub divergence: f64,
    /// The largest circulation of the gradient part by the method's own derivative, over the largest Σ d|v| around
    /// an edge; the root mean square for the spectral method.
    pub curl: f64,
    /// By the method's own derivatives: rounding, if the method does what it claims.
    pub by_own_differences: OwnResiduals,
    /// By central differences at the points: the truncation error a user's own check would see.
    pub by_central_differences: Residuals,
    /// The Poisson solves.
    pub solves: Vec<SolveReport>,
    /// How a network was fitted, by the methods that do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fit: Option<Fit>,
    /// Betti numbers of a masked domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub betti: Option<Betti>,
    /// Circulations along the shores of a masked domain, and around its other loops.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub circulations: Vec<Circulation>,
    /// What the method claims for any data, with what was measured.
    pub claims: Vec<Claimed>,
    /// Warnings that a reader needs before using the numbers, in words.
    pub warnings: Vec<String>,
}

impl Report {
    /// Whether every claim holds.
    pub fn claims_hold(&self) -> bool {
        self.claims.iter().all(|claim| claim.holds)
    }

    /// Takes back what was measured of a solenoidal and a harmonic part that are one.
    pub(super) fn forget_division(&mut self) {
        for energies in [&mut self.energy, &mut self.fraction] {
            (energies.solenoidal, energies.harmonic) = (f64::NAN, f64::NAN);
        }
        let shares = &mut self.share_of_input;
        (shares.solenoidal, shares.harmonic) = (f64::NAN, f64::NAN);
        if let Some(shares) = &mut self.without_mean {
            (shares.solenoidal, shares.harmonic) = (f64::NAN, f64::NAN);
        }
        self.by_own_differences.forget_harmonic();
        let central = &mut self.by_central_differences;
        (central.divergence_of_harmonic, central.curl_of_harmonic) = (f64::NAN, f64::NAN);
        for around in &mut self.circulations {
            (around.solenoidal, around.harmonic) = (f64::NAN, f64::NAN);
        }
    }

    /// The report of the field times 2^e.
    pub(super) fn scale_by_power(&mut self, exponent: i32) {
        let energy = &mut self.energy;
        for value in [
            &mut energy.input,
            &mut energy.gradient,
            &mut energy.solenoidal,
            &mut energy.harmonic,
            &mut energy.divergence_free,
            &mut energy.sampling_remainder,
        ] {
            let scaled = times_power(*value, 2 * exponent);
            let lost = !scaled.is_finite() || (scaled.abs() < f64::MIN_POSITIVE && *value != 0.0);
            *value = if lost { f64::NAN } else { scaled };
        }
        for around in &mut self.circulations {
            let Circulation { field, gradient, solenoidal, harmonic, through_cells, .. } = around;
            for value in [field, gradient, solenoidal, harmonic, through_cells] {
                *value = times_power(*value, exponent);
            }
        }
        if self.energy.input.is_nan() {
            self.warnings.push(
                "the energies are outside the range of double precision; the shares are correct"
                    .into(),
            );
        }
    }
}

/// One entry for each convention, under its name.
fn by_name<S: Serializer>(rows: &[ConventionShares], serializer: S) -> Result<S::Ok, S::Error> {
    if rows.is_empty() {
        return serializer.serialize_none();
    }
    serializer.collect_map(rows.iter().map(|row| (row.boundary.name(), row)))
}
