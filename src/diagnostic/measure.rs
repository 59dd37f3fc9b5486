//! How a decomposition is judged: by its input and by the laws of its parts, never by itself.

use super::circulation::{Circulation, circulations};
use super::claims::claims;
use super::mean::{has_constants, without_mean};
use super::products::{INPUT, Products, REMAINDER};
use super::report::{Cosines, Energies, Report};
use super::residuals::{by_central_differences, by_own_differences, is_flat};
use super::shares::{
    Shared, answers, given_at_points, input_shares, shares_by_convention, undivided_answers,
};
use super::sums::Sums;
use super::sweep::Sweep;
use super::words::{conventions, warnings};
use crate::decomposition::{ByConvention, Decompose, Decomposition, InDimension, Law, Method};
use crate::field::{VectorField, is_ordinary, max_or_nan};
use crate::grid::{Domain, Thickness, same};
use crate::operator::Calculus;

/// Measures a decomposition of `field`, which is what the plan was given, with `samples` its
/// values at the points. Costs one walk over everything, and for the spectral method the transforms of
/// two parts.
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
    match plan.in_dimension() {
        InDimension::Two(plan) => measure_2d(plan, same(field), same(samples), same(parts)),
        InDimension::Three(plan) => measure_3d(plan, same(field), same(samples), same(parts)),
    }
}

fn measure_2d(
    plan: &dyn Decompose<2>,
    field: &VectorField<2>,
    samples: &VectorField<2>,
    parts: &Decomposition<2>,
) -> Report {
    measure_every(plan, field, samples, parts, None)
}

fn measure_3d(
    plan: &dyn Decompose<3>,
    field: &VectorField<3>,
    samples: &VectorField<3>,
    parts: &Decomposition<3>,
) -> Report {
    measure_every(plan, field, samples, parts, None)
}

/// [`measure`] with the shares under every convention, where those parts are known.
pub fn measure_every<const D: usize>(
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
    samples: &VectorField<D>,
    parts: &Decomposition<D>,
    by: Option<&ByConvention<D>>,
) -> Report {
    let domain = plan.calculus().domain();
    let (report, ordinary) = measure_as_it_is(plan, field, samples, parts, by);
    let exponent = match ordinary {
        true => 0,
        false => match field.extraordinary_exponent() {
            0 if std::ptr::eq(field, samples) => 0,
            0 => samples.extraordinary_exponent(),
            _ => field.inside(domain).extraordinary_exponent(),
        },
    };
    let mut report = if exponent == 0 {
        report
    } else {
        let (mut field, mut samples, mut parts) = (field.clone(), samples.clone(), parts.clone());
        field.scale_by_power(-exponent);
        samples.scale_by_power(-exponent);
        parts.scale_by_power(-exponent);
        let (mut report, _) = measure_as_it_is(plan, &field, &samples, &parts, None);
        report.scale_by_power(exponent);
        report
    };
    if let Some(by) = by.filter(|_| report.by_convention.is_empty()) {
        report.by_convention = shares_by_convention(plan, field, samples, by, parts.way);
    }
    report.answers = match parts.undivided {
        // The closest of other fields than all gradients.
        true if report.method == Method::LearnedTied => None,
        true => Some(undivided_answers(report.boundary, &report.share_of_input)),
        false => answers(&report.by_convention),
    };
    report
}

/// The report where no number is near an end of double precision, and whether that is so: the walk sees the
/// numbers, which need no read of their own.
fn measure_as_it_is<const D: usize>(
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
    samples: &VectorField<D>,
    parts: &Decomposition<D>,
    by: Option<&ByConvention<D>>,
) -> (Report, bool) {
    let calculus = plan.calculus();
    let domain = calculus.domain();
    let v = plan.where_computed(field);
    let finer = by.and_then(|by| by.finer_than(parts));
    let mut fields = vec![&parts.gradient, &parts.solenoidal, &parts.harmonic];
    fields.extend(finer.into_iter().flatten());
    let residuals = is_flat(domain);
    let sweep = Sweep {
        calculus,
        field: &v,
        samples,
        parts: &fields,
        way: parts.way,
        residuals,
        means: has_constants(plan),
        potential: Some(&parts.potential),
    };
    let sums = sweep.run();
    let points = sweep.at_points(&sums);
    let volume = calculus.volume_unit();
    let energy = energies(&sums, &points, volume);
    let point_energy = points[INPUT][INPUT] * volume;
    let share = |e: f64, of: f64| if of > 0.0 { e / of } else { f64::NAN };
    let by_own_differences = by_own_differences(&sweep, &sums);
    let around = circulations(plan.loops(), domain, &v, parts);
    let fraction = Energies {
        input: share(energy.input, energy.input),
        gradient: share(energy.gradient, energy.input),
        solenoidal: share(energy.solenoidal, energy.input),
        harmonic: share(energy.harmonic, energy.input),
        divergence_free: share(energy.divergence_free, energy.input),
        sampling_remainder: share(energy.sampling_remainder, point_energy),
    };
    let on_faces = [fraction.gradient, fraction.solenoidal, fraction.harmonic];
    let at_points = given_at_points(calculus, field, &points).then_some(&points);
    // Parts that are not orthogonal have cross terms on faces too.
    let oblique = (!plan.claims(Law::Orthogonality)).then_some(&sums.own);
    let mut report = Report {
        method: plan.method(),
        boundary: plan.boundary(),
        backend: plan.backend(),
        cells: domain.grid().shape().to_vec(),
        active_cells: domain.active_cells(),
        metric: domain.geometry().name(),
        radius: domain.geometry().radius(),
        thickness: domain.geometry().thickness().map(Thickness::name),
        undivided: parts.undivided,
        conventions: conventions(plan, parts.way),
        energy,
        fraction,
        share_of_input: input_shares(at_points.or(oblique), on_faces),
        without_mean: without_mean(plan, &sums, on_faces),
        by_convention: Vec::new(),
        answers: None,
        orthogonality: orthogonality(&sums.own),
        cosines: cosines(&sums.own),
        sum_residual: sum_residual(&sums),
        circulation_of_gradient: circulation_of_gradient(calculus, &sums, &around),
        divergence: by_own_differences.in_claims()[0],
        curl: by_own_differences.in_claims()[1],
        by_own_differences,
        by_central_differences: by_central_differences(domain, &sums, points[INPUT][INPUT]),
        solves: parts.solves.clone(),
        fit: parts.fit.clone(),
        betti: calculus.betti(),
        circulations: if domain.mask().is_some() { around } else { Vec::new() },
        claims: Vec::new(),
        warnings: Vec::new(),
    };
    if let Some(by) = by.filter(|_| finer.is_some()) {
        let [only] = &by.lists()[..] else { unreachable!("finer parts are one list") };
        let products = Shared { own: &sums.own, points: at_points };
        report.by_convention = products.rows(only);
    }
    if parts.undivided {
        report.forget_division();
    }
    // Of parts that are zero as well: others would have to show.
    let is_zero = energy.input == 0.0 && sums.missed == 0.0;
    let bound = |law| plan.claimed_bound().filter(|_| plan.claims(law));
    report.claims = claims(&report, bound, is_zero);
    report.warnings = warnings(&report, point_energy);
    report.warnings.extend(plan.remarks(parts).into_iter().filter(|_| !is_zero));
    (report, is_ordinary(sums.largest) && is_ordinary(sums.largest_sample))
}

fn energies<const D: usize>(sums: &Sums<D>, points: &Products, volume: f64) -> Energies {
    let own = |i: usize| sums.own[i][i] * volume;
    Energies {
        input: own(INPUT),
        gradient: own(GRADIENT),
        solenoidal: own(SOLENOIDAL),
        harmonic: own(HARMONIC),
        divergence_free: own(SOLENOIDAL)
            + own(HARMONIC)
            + 2.0 * volume * sums.own[SOLENOIDAL][HARMONIC],
        sampling_remainder: points[REMAINDER][REMAINDER] * volume,
    }
}

const GRADIENT: usize = 1;
const SOLENOIDAL: usize = 2;
const HARMONIC: usize = 3;

/// The pairs of parts.
const PAIRS: [(usize, usize); 3] =
    [(GRADIENT, SOLENOIDAL), (GRADIENT, HARMONIC), (SOLENOIDAL, HARMONIC)];

fn orthogonality(own: &Products) -> f64 {
    let products = PAIRS.map(|(a, b)| own[a][b].abs());
    let largest = products.into_iter().fold(0.0, max_or_nan);
    let energy = own[INPUT][INPUT];
    if energy > 0.0 { largest / energy } else { f64::NAN }
}

fn cosines(own: &Products) -> Cosines {
    let [gs, gh, sh] = PAIRS.map(|(a, b)| {
        let (ea, eb) = (own[a][a], own[b][b]);
        let tiny = 1e-20 * own[INPUT][INPUT];
        if ea <= tiny || eb <= tiny { f64::NAN } else { own[a][b] / (ea * eb).sqrt() }
    });
    Cosines { gradient_solenoidal: gs, gradient_harmonic: gh, solenoidal_harmonic: sh }
}

fn sum_residual<const D: usize>(sums: &Sums<D>) -> f64 {
    let (found, scale) = (sums.missed, sums.largest);
    if scale > 0.0 || found > 0.0 { found / scale } else { f64::NAN }
}

/// Around the loops of the fluid where the method knows them, else along the periodic axes, as the
/// mean of the component.
fn circulation_of_gradient<const D: usize>(
    calculus: &dyn Calculus<D>,
    sums: &Sums<D>,
    around: &[Circulation],
) -> f64 {
    let grid = calculus.domain().grid();
    let relative = |n: f64| n.abs() / sums.largest;
    let least = typical_distance(calculus.domain());
    let loops = around.iter().map(|a| relative(a.gradient) / (a.faces as f64 * least));
    let mean = |k: usize| relative(sums.gradient[k] / grid.cells() as f64);
    let free = calculus.domain().mask().is_none() && calculus.domain().metric().is_none();
    let periodic = (0..D).filter(|&k| free && !grid.axes()[k].bounded());
    loops.chain(periodic.map(mean)).fold(0.0, max_or_nan)
}

/// The least distance across faces; with a metric the mean, since those near a pole are of no weight.
fn typical_distance<const D: usize>(domain: &Domain<D>) -> f64 {
    let Some(metric) = domain.metric() else { return domain.grid().least_spacing() };
    let all = (0..D).map(|k| metric.distances(k));
    let count: usize = all.clone().map(<[f64]>::len).sum();
    all.flatten().sum::<f64>() / count as f64
}
