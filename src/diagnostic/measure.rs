//! How a decomposition is judged: by its input and by the laws of its parts, never by itself.

use super::circulation::{Circulation, circulations};
use super::claims::claims;
use super::report::{Conventions, Cosines, Energies, Report, Ruler};
use super::shares::input_shares;
use crate::decomposition::{Decompose, Decomposition};
use crate::field::{Layout, ScalarField, VectorField, Way, to_faces, to_points};
use crate::grid::Domain;
use crate::operator::{Betti, Calculus, Central};
use std::borrow::Cow;

/// A sampling remainder above this share of the energy is worth a warning.
const LOST: f64 = 0.01;

/// Measures a decomposition of `field`, which is what the plan was given, with `samples` its
/// values at the points. Costs a few sweeps, and for the spectral method some transforms.
///
/// Everything is compared with the input or with a law that the parts must obey: point samples are
/// interpolated to the faces again, so that parts which miss the field show. Numbers near an end of
/// double precision are multiplied by a power of two first.
pub fn measure<const D: usize>(
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
    samples: &VectorField<D>,
    parts: &Decomposition<D>,
) -> Report {
    let domain = plan.calculus().domain();
    let exponent = match field.extraordinary_exponent() {
        0 => samples.extraordinary_exponent(),
        _ => inside(domain, field).extraordinary_exponent(),
    };
    if exponent == 0 {
        return measure_ordinary(plan, field, samples, parts);
    }
    let (mut field, mut samples, mut parts) = (field.clone(), samples.clone(), parts.clone());
    field.scale_by_power(-exponent);
    samples.scale_by_power(-exponent);
    parts.scale_by_power(-exponent);
    let mut report = measure_ordinary(plan, &field, &samples, &parts);
    report.scale_by_power(exponent);
    report
}

/// The field where the method computes, 0 outside the domain.
pub(super) fn where_computed<'a, const D: usize>(
    calculus: &dyn Calculus<D>,
    field: &'a VectorField<D>,
) -> Cow<'a, VectorField<D>> {
    match (calculus.layout(), field.layout()) {
        (Layout::Faces, Layout::Points) => Cow::Owned(to_faces(field, calculus.domain())),
        _ => inside(calculus.domain(), field),
    }
}

/// The field with 0 outside the domain.
pub(super) fn inside<'a, const D: usize>(
    domain: &Domain<D>,
    field: &'a VectorField<D>,
) -> Cow<'a, VectorField<D>> {
    if domain.mask().is_none() {
        return Cow::Borrowed(field);
    }
    let mut inside = field.clone();
    inside.clear_outside(domain);
    Cow::Owned(inside)
}

fn measure_ordinary<const D: usize>(
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
    samples: &VectorField<D>,
    parts: &Decomposition<D>,
) -> Report {
    let calculus = plan.calculus();
    let domain = calculus.domain();
    let v = where_computed(calculus, field);
    let samples = &*inside(domain, samples);
    let remainder = remainder(calculus, &v, samples, parts.way);
    let energy = energies(calculus, &v, parts, &remainder);
    let point_energy = point_energy(samples);
    let share = |e: f64, of: f64| if of > 0.0 { e / of } else { f64::NAN };
    let own_ruler = own_ruler(calculus, &v, parts);
    let around = circulations(plan, &v, parts);
    let fraction = Energies {
        input: share(energy.input, energy.input),
        gradient: share(energy.gradient, energy.input),
        solenoidal: share(energy.solenoidal, energy.input),
        harmonic: share(energy.harmonic, energy.input),
        sampling_remainder: share(energy.sampling_remainder, point_energy),
    };
    let on_faces = [fraction.gradient, fraction.solenoidal, fraction.harmonic];
    let mut report = Report {
        method: plan.method(),
        boundary: plan.boundary(),
        backend: plan.backend(),
        cells: domain.grid().shape().to_vec(),
        active_cells: domain.active_cells(),
        metric: "plane",
        conventions: conventions(plan, parts.way),
        energy,
        fraction,
        share_of_input: input_shares(plan, (field, samples), &remainder, parts, on_faces),
        by_convention: Vec::new(),
        answers: None,
        orthogonality: orthogonality(calculus, parts, energy.input),
        cosines: cosines(calculus, parts, &energy),
        sum_residual: sum_residual(calculus, &v, samples, &remainder, parts),
        circulation_of_gradient: circulation_of_gradient(calculus, &v, &around, parts),
        divergence: own_ruler.divergence_of_solenoidal,
        curl: own_ruler.curl_of_gradient,
        own_ruler,
        common_ruler: common_ruler(calculus, samples, parts),
        solves: parts.solves.clone(),
        betti: domain.mask().map(|_| Betti::of(domain)),
        circulations: if domain.mask().is_some() { around } else { Vec::new() },
        claims: Vec::new(),
        warnings: Vec::new(),
    };
    let is_zero = energy.input == 0.0 && point_energy == 0.0;
    report.claims = claims(&report, plan.claimed_bound(), is_zero);
    report.warnings = warnings(&report);
    report
}

fn warnings(report: &Report) -> Vec<String> {
    let broken = report.claims.iter().filter(|claim| !claim.holds);
    let mut warnings: Vec<String> = broken.map(|claim| claim.in_words()).collect();
    if report.energy.input == 0.0 {
        warnings.push("the field is zero everywhere: there is nothing to measure".into());
    }
    let lost = report.fraction.sampling_remainder;
    if lost > LOST {
        warnings.push(format!(
            "interpolation between points and faces loses {:.1} % of the energy of the samples: the field \
             is not resolved by its points",
            100.0 * lost
        ));
    }
    warnings
}

fn conventions<const D: usize>(plan: &dyn Decompose<D>, way: Way) -> Conventions {
    Conventions {
        points: match plan.calculus().layout() {
            Layout::Points => "computed there",
            Layout::Faces => way.in_words(),
        },
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
    remainder: &VectorField<D>,
) -> Energies {
    Energies {
        input: calculus.inner(v, v),
        gradient: calculus.inner(&parts.gradient, &parts.gradient),
        solenoidal: calculus.inner(&parts.solenoidal, &parts.solenoidal),
        harmonic: calculus.inner(&parts.harmonic, &parts.harmonic),
        sampling_remainder: point_energy(remainder),
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
    let largest = products.into_iter().fold(0.0, max_or_nan);
    if energy > 0.0 { largest / energy } else { f64::NAN }
}

fn cosines<const D: usize>(
    calculus: &dyn Calculus<D>,
    parts: &Decomposition<D>,
    energy: &Energies,
) -> Cosines {
    let [gs, gh, sh] = pairs(parts).map(|(a, b)| {
        let (ea, eb) = (calculus.inner(a, a), calculus.inner(b, b));
        let tiny = 1e-20 * energy.input;
        if ea <= tiny || eb <= tiny { f64::NAN } else { calculus.inner(a, b) / (ea * eb).sqrt() }
    });
    Cosines { gradient_solenoidal: gs, gradient_harmonic: gh, solenoidal_harmonic: sh }
}

/// What the faces cannot represent of the samples: the samples minus v as it comes to the points.
pub(super) fn remainder<const D: usize>(
    calculus: &dyn Calculus<D>,
    v: &VectorField<D>,
    samples: &VectorField<D>,
    way: Way,
) -> VectorField<D> {
    let mut remainder = samples.minus(&to_points(v, calculus.domain(), way));
    remainder.clear_outside(calculus.domain());
    remainder
}

fn sum_residual<const D: usize>(
    calculus: &dyn Calculus<D>,
    v: &VectorField<D>,
    samples: &VectorField<D>,
    remainder: &VectorField<D>,
    parts: &Decomposition<D>,
) -> f64 {
    let sum = parts.sum();
    let own = largest(&v.minus(&sum));
    let mut at_points = remainder.minus(&parts.sampling_remainder);
    at_points.clear_outside(calculus.domain());
    let scale = largest(v).max(largest(samples));
    let found = max_or_nan(own, largest(&at_points));
    if scale > 0.0 || found > 0.0 { found / scale } else { f64::NAN }
}

/// The larger one, NaN if one of them is: a maximum that passes over NaN would hide it.
pub(super) fn max_or_nan(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}

/// The largest magnitude, NaN if there is one.
fn largest<const D: usize>(v: &VectorField<D>) -> f64 {
    let values = v.components().iter().flat_map(|c| c.values());
    values.fold(0.0, |m, v| max_or_nan(m, v.abs()))
}

/// Around the loops of the fluid where the method knows them, else along the periodic axes, as the
/// mean of the component.
fn circulation_of_gradient<const D: usize>(
    calculus: &dyn Calculus<D>,
    v: &VectorField<D>,
    around: &[Circulation],
    parts: &Decomposition<D>,
) -> f64 {
    let grid = calculus.domain().grid();
    let scale = largest(v);
    let relative = |n: f64| n.abs() / scale;
    let least = grid.least_spacing();
    let loops = around.iter().map(|a| relative(a.gradient) / (a.faces as f64 * least));
    let mean = |k: usize| {
        let values = parts.gradient.component(k).values();
        relative(values.iter().sum::<f64>() / values.len() as f64)
    };
    let free = calculus.domain().mask().is_none();
    let periodic = (0..D).filter(|&k| free && !grid.axes()[k].bounded());
    loops.chain(periodic.map(mean)).fold(0.0, max_or_nan)
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
    let relative = |n: f64| if size > 0.0 { n * h / size } else { f64::NAN };
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
    let relative = |n: f64| if size > 0.0 { n * h / size } else { f64::NAN };
    let at_points = |part| to_points(part, domain, parts.way);
    let harmonic = at_points(&parts.harmonic);
    Ruler {
        derivative: "central differences at the points whose neighbours are all in the domain",
        divergence_of_solenoidal: relative(central.divergence_norm(&at_points(&parts.solenoidal))),
        curl_of_gradient: relative(central.curl_norm(&at_points(&parts.gradient))),
        divergence_of_harmonic: relative(central.divergence_norm(&harmonic)),
        curl_of_harmonic: relative(central.curl_norm(&harmonic)),
    }
}
