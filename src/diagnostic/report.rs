//! What every decomposition is judged by.

use super::circulation::{Circulation, circulations};
use crate::boundary::Boundary;
use crate::decomposition::{Decompose, Decomposition, Method};
use crate::field::{ScalarField, VectorField, to_points};
use crate::operator::{Betti, Calculus, Central};
use crate::poisson::{Backend, SolveReport};
use serde::Serialize;

/// How the parts are meant, in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conventions {
    /// The boundary convention.
    pub boundary: &'static str,
    /// The derivative under which the parts are exact.
    pub derivative: &'static str,
    /// Signs of the potentials.
    pub potentials: &'static str,
    /// The inner product of energies and angles.
    pub inner_product: &'static str,
    /// How divergence and curl are made dimensionless.
    pub normalisation: &'static str,
}

/// One number for the field and for each part. Energies are ⟨v, v⟩, the integral of |v|² without a
/// factor ½, where the method computes; the sampling remainder is measured at the points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Energies {
    /// The field that was decomposed.
    pub input: f64,
    /// ∇φ.
    pub gradient: f64,
    /// ⋆A.
    pub solenoidal: f64,
    /// h.
    pub harmonic: f64,
    /// What the staggered components cannot represent of the point samples.
    pub sampling_remainder: f64,
}

/// Cosines of the angles between parts; 0 where a part is smaller than 1e-10 of the field.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Cosines {
    /// Between the gradient and the solenoidal part.
    pub gradient_solenoidal: f64,
    /// Between the gradient and the harmonic part.
    pub gradient_harmonic: f64,
    /// Between the solenoidal and the harmonic part.
    pub solenoidal_harmonic: f64,
}

/// ‖∇·‖ and ‖∇∧‖ of parts, times h/‖v‖, for one set of derivatives.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ruler {
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
    /// Cells that take part: fewer than all under a mask.
    pub active_cells: usize,
    /// The conventions in words.
    pub conventions: Conventions,
    /// Energies.
    pub energy: Energies,
    /// Energies relative to the input; the sampling remainder relative to the point samples.
    pub fraction: Energies,
    /// The largest |⟨a, b⟩|/‖v‖² of two parts.
    pub orthogonality: f64,
    /// Angles between parts.
    pub cosines: Cosines,
    /// max|v − (gradient + solenoidal + harmonic)|/max|v|, at the points with the sampling
    /// remainder included.
    pub sum_residual: f64,
    /// ∇· of the solenoidal part by the method's own derivative, times h/‖v‖.
    pub divergence: f64,
    /// ∇∧ of the gradient part by the method's own derivative, times h/‖v‖.
    pub curl: f64,
    /// By the method's own derivatives: rounding, if the method keeps its promise.
    pub own_ruler: Ruler,
    /// By central differences at the points: the truncation error a user's own check would see.
    pub common_ruler: Ruler,
    /// The Poisson solves.
    pub solves: Vec<SolveReport>,
    /// Betti numbers of a masked domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub betti: Option<Betti>,
    /// Circulations around the holes of a masked domain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub circulations: Vec<Circulation>,
}

/// Measures a decomposition of `field`, which is what the plan was given, with `samples` its
/// values at the points. Costs a few sweeps, and for the spectral method some transforms.
pub fn measure<const D: usize>(
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
    samples: &VectorField<D>,
    parts: &Decomposition<D>,
) -> Report {
    let calculus = plan.calculus();
    let domain = calculus.domain();
    let sum = parts.sum();
    let v = if field.layout() == sum.layout() { field } else { &sum };
    let energy = energies(calculus, v, parts);
    let point_energy = point_energy(samples);
    let share = |e: f64, of: f64| if of > 0.0 { e / of } else { 0.0 };
    let own_ruler = own_ruler(calculus, v, parts);
    Report {
        method: plan.method(),
        boundary: plan.boundary(),
        backend: plan.backend(),
        cells: domain.grid().shape().to_vec(),
        active_cells: domain.active_cells(),
        conventions: conventions(plan),
        energy,
        fraction: Energies {
            input: share(energy.input, energy.input),
            gradient: share(energy.gradient, energy.input),
            solenoidal: share(energy.solenoidal, energy.input),
            harmonic: share(energy.harmonic, energy.input),
            sampling_remainder: share(energy.sampling_remainder, point_energy),
        },
        orthogonality: orthogonality(calculus, parts, energy.input),
        cosines: cosines(calculus, parts, &energy),
        sum_residual: sum_residual(calculus, v, samples, parts, &sum),
        divergence: own_ruler.divergence_of_solenoidal,
        curl: own_ruler.curl_of_gradient,
        own_ruler,
        common_ruler: common_ruler(calculus, samples, parts),
        solves: parts.solves.clone(),
        betti: domain.mask().map(|_| Betti::of(domain)),
        circulations: match domain.mask() {
            Some(_) => circulations(plan, parts),
            None => Vec::new(),
        },
    }
}

fn conventions<const D: usize>(plan: &dyn Decompose<D>) -> Conventions {
    Conventions {
        boundary: plan.boundary().in_words(),
        derivative: plan.calculus().derivative(),
        potentials: match D {
            2 => "gradient = +grad(phi); solenoidal = (d psi/dy, -d psi/dx)",
            _ => "gradient = +grad(phi); solenoidal = +curl(A)",
        },
        inner_product: plan.calculus().inner_product(),
        normalisation: "divergence and curl times the least spacing over the norm of the field",
    }
}

fn energies<const D: usize>(
    calculus: &dyn Calculus<D>,
    v: &VectorField<D>,
    parts: &Decomposition<D>,
) -> Energies {
    Energies {
        input: calculus.inner(v, v),
        gradient: calculus.inner(&parts.gradient, &parts.gradient),
        solenoidal: calculus.inner(&parts.solenoidal, &parts.solenoidal),
        harmonic: calculus.inner(&parts.harmonic, &parts.harmonic),
        sampling_remainder: point_energy(&parts.sampling_remainder),
    }
}

fn point_energy<const D: usize>(v: &VectorField<D>) -> f64 {
    let squares = v.components().iter().flat_map(|c| c.values()).filter(|v| v.is_finite());
    squares.map(|v| v * v).sum::<f64>() * v.grid().cell_volume()
}

fn pairs<const D: usize>(parts: &Decomposition<D>) -> [(&VectorField<D>, &VectorField<D>); 3] {
    let [g, s, h] = [&parts.gradient, &parts.solenoidal, &parts.harmonic];
    [(g, s), (g, h), (s, h)]
}

fn orthogonality<const D: usize>(
    calculus: &dyn Calculus<D>,
    parts: &Decomposition<D>,
    energy: f64,
) -> f64 {
    let products = pairs(parts).map(|(a, b)| calculus.inner(a, b).abs());
    let largest = products.into_iter().fold(0.0, f64::max);
    if energy > 0.0 { largest / energy } else { 0.0 }
}

fn cosines<const D: usize>(
    calculus: &dyn Calculus<D>,
    parts: &Decomposition<D>,
    energy: &Energies,
) -> Cosines {
    let [gs, gh, sh] = pairs(parts).map(|(a, b)| {
        let (ea, eb) = (calculus.inner(a, a), calculus.inner(b, b));
        let tiny = 1e-20 * energy.input;
        if ea <= tiny || eb <= tiny { 0.0 } else { calculus.inner(a, b) / (ea * eb).sqrt() }
    });
    Cosines { gradient_solenoidal: gs, gradient_harmonic: gh, solenoidal_harmonic: sh }
}

fn sum_residual<const D: usize>(
    calculus: &dyn Calculus<D>,
    v: &VectorField<D>,
    samples: &VectorField<D>,
    parts: &Decomposition<D>,
    sum: &VectorField<D>,
) -> f64 {
    let domain = calculus.domain();
    let own = v.minus(sum).max_abs();
    let mut at_points = to_points(sum, domain);
    at_points.add_scaled(1.0, &parts.sampling_remainder);
    let mut points = 0.0_f64;
    for k in 0..D {
        let pair = samples.component(k).values().iter().zip(at_points.component(k).values());
        for (cell, (a, b)) in pair.enumerate() {
            if domain.is_active(cell) {
                points = points.max((a - b).abs());
            }
        }
    }
    let scale = v.max_abs();
    if scale > 0.0 { own.max(points) / scale } else { own.max(points) }
}

/// The root of the sum of squares of several fields.
fn norm<const D: usize>(fields: &[ScalarField<D>]) -> f64 {
    fields.iter().flat_map(|f| f.values()).map(|v| v * v).sum::<f64>().sqrt()
}

fn own_ruler<const D: usize>(
    calculus: &dyn Calculus<D>,
    v: &VectorField<D>,
    parts: &Decomposition<D>,
) -> Ruler {
    let h = calculus.domain().grid().least_spacing();
    let size = norm(v.components());
    let relative = |n: f64| if size > 0.0 { n * h / size } else { n };
    let divergence = |v| relative(norm(&[calculus.divergence(v)]));
    let curl = |v| relative(norm(&calculus.curl(v)));
    Ruler {
        derivative: calculus.derivative(),
        divergence_of_solenoidal: divergence(&parts.solenoidal),
        curl_of_gradient: curl(&parts.gradient),
        divergence_of_harmonic: divergence(&parts.harmonic),
        curl_of_harmonic: curl(&parts.harmonic),
    }
}

fn common_ruler<const D: usize>(
    calculus: &dyn Calculus<D>,
    samples: &VectorField<D>,
    parts: &Decomposition<D>,
) -> Ruler {
    let domain = calculus.domain();
    let central = Central::new(domain.clone());
    let size = (point_energy(samples) / domain.grid().cell_volume()).sqrt();
    let h = domain.grid().least_spacing();
    let relative = |n: f64| if size > 0.0 { n * h / size } else { n };
    Ruler {
        derivative: "central differences at the points whose neighbours are all in the domain",
        divergence_of_solenoidal: relative(central.divergence_norm(&parts.solenoidal)),
        curl_of_gradient: relative(central.curl_norm(&parts.gradient)),
        divergence_of_harmonic: relative(central.divergence_norm(&parts.harmonic)),
        curl_of_harmonic: relative(central.curl_norm(&parts.harmonic)),
    }
}
