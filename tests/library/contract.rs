//! What every method promises for any data: the sum, orthogonality, ∇·solenoidal = 0,
//! ∇∧gradient = 0, harmonic parts with neither, idempotence and linearity, at 1e-12.

use crate::common::gradient::Ruler;
use crate::common::masks::{random_masks, shapes_2d, shapes_3d};
use crate::common::residuals::Sums;
use crate::common::{choices, domains, random_field};
use hodge::boundary::{Boundary, Condition};
use hodge::decomposition::{Decompose, Decomposition, Method};
use hodge::field::{Layout, ScalarField, VectorField, to_faces, to_points};
use hodge::grid::{Domain, FaceClass};

const EXACT: f64 = 1e-12;

/// The part of a field that lies in the domain.
fn inside<const D: usize>(plan: &dyn Decompose<D>, field: &VectorField<D>) -> VectorField<D> {
    let mut inside = field.clone();
    let domain = plan.calculus().domain();
    for k in 0..D {
        let touching = domain.touching(inside.component(k).location());
        let values = inside.component_mut(k).values_mut();
        values.iter_mut().zip(touching).filter(|(_, t)| *t == 0).for_each(|(v, _)| *v = 0.0);
    }
    inside
}

/// What was promised, what was found, and what it may be at most.
pub struct Promise {
    pub what: String,
    pub found: f64,
    pub bound: f64,
}

impl Promise {
    fn new(what: impl Into<String>, found: f64, bound: f64) -> Promise {
        Promise { what: what.into(), found, bound }
    }

    /// NaN keeps no promise.
    pub fn is_kept(&self) -> bool {
        self.found <= self.bound
    }
}

/// The largest magnitude, NaN if there is one.
fn largest<const D: usize>(v: &VectorField<D>) -> f64 {
    let values = v.components().iter().flat_map(|c| c.values());
    values.fold(0.0, |m: f64, v| if v.is_nan() || m.is_nan() { f64::NAN } else { m.max(v.abs()) })
}

/// Sum, laws of the parts, orthogonality, and ∇φ for the gradient.
fn laws<const D: usize>(
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
    parts: &Decomposition<D>,
) -> Vec<Promise> {
    let calculus = plan.calculus();
    let ruler = Ruler::new(calculus.domain()).filter(|_| plan.method() == Method::Central);
    let residuals = |v: &VectorField<D>, rest: bool| match &ruler {
        Some(ruler) => ruler.residuals(v, field, rest),
        None => residuals(plan, v, field),
    };
    let inner = |a: &VectorField<D>, b: &VectorField<D>| match &ruler {
        Some(ruler) => ruler.inner(a, b),
        None => calculus.inner(a, b),
    };
    let exact = |what: &str, found| Promise::new(what, found, EXACT);
    let [g, s, h] = parts.parts().map(|(_, v)| v);
    let [of_gradient, of_solenoidal, of_harmonic] =
        [(g, false), (s, false), (h, true)].map(|(v, rest)| residuals(v, rest));
    let mut laws = vec![
        exact("sum residual", largest(&field.minus(&parts.sum())) / field.max_abs()),
        exact("div solenoidal", of_solenoidal[0]),
        exact("curl gradient", of_gradient[1]),
        exact("div harmonic", of_harmonic[0]),
        exact("curl harmonic", of_harmonic[1]),
    ];
    let energy = inner(field, field);
    for (what, a, b) in [("<g,s>", g, s), ("<g,h>", g, h), ("<s,h>", s, h)] {
        laws.push(exact(what, inner(a, b).abs() / energy));
    }
    let of_potential = largest(&gradient_of(plan, field, parts).minus(g)) / field.max_abs();
    laws.push(Promise::new("gradient minus grad phi", of_potential, 1e-11));
    laws
}

/// The largest net flux and circulation of v, over what those of the field are made of. At points ∇· and ∇∧ stand
/// for them, over what differences to the next point are made of.
fn residuals<const D: usize>(
    plan: &dyn Decompose<D>,
    v: &VectorField<D>,
    field: &VectorField<D>,
) -> [f64; 2] {
    let calculus = plan.calculus();
    let domain = calculus.domain();
    if calculus.layout() == Layout::Faces {
        let free = plan.boundary() == Boundary::ZeroPotential;
        let sums = Sums::new(domain);
        return [sums.divergence(v, field)[0], sums.curl(v, field, free)[0]];
    }
    let values = |v: &ScalarField<D>| v.values().iter().map(|v| v.abs()).collect::<Vec<_>>();
    let most =
        |v: Vec<f64>| v.into_iter().fold(0.0, |m: f64, v| if m >= v || m.is_nan() { m } else { v });
    let spacing = domain.grid().axes().map(|axis| axis.spacing);
    let mut gross = vec![0.0; domain.grid().cells()];
    for k in 0..D {
        let along = field.component(k).values().iter();
        gross.iter_mut().zip(along).for_each(|(sum, v)| *sum += 2.0 * v.abs() / spacing[k]);
    }
    let gross = most(gross);
    let curls = calculus.curl(v).iter().flat_map(values).collect();
    [most(values(&calculus.divergence(v))) / gross, most(curls) / gross]
}

/// ∇φ, with the flux of the field through the walls where φ is free there.
fn gradient_of<const D: usize>(
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
    parts: &Decomposition<D>,
) -> VectorField<D> {
    let mut gradient = plan.calculus().gradient(&parts.potential);
    let free = plan.boundary().potentials().last() == Some(&Condition::Neumann);
    if gradient.layout() == Layout::Faces && free {
        for k in 0..D {
            let classes = plan.calculus().domain().face_classes(k);
            let values = gradient.component_mut(k).values_mut().iter_mut();
            let walls = values.zip(field.component(k).values()).zip(classes);
            walls.filter(|(_, class)| *class == FaceClass::Wall).for_each(|((g, v), _)| *g = *v);
        }
    }
    gradient
}

/// A part is split into itself alone.
fn projections<const D: usize>(
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
    parts: &Decomposition<D>,
) -> Vec<Promise> {
    let scale = field.max_abs();
    let mut found = Vec::new();
    for (i, (part_name, part)) in parts.parts().into_iter().enumerate() {
        // A part with NaN is refused; other checks detect the NaN.
        let Ok(again) = plan.decompose(part) else { continue };
        for (j, (other, repeated)) in again.parts().into_iter().enumerate() {
            let expected = if i == j {
                part.clone()
            } else {
                VectorField::zeros(*field.grid(), field.layout())
            };
            let error = largest(&repeated.minus(&expected)) / scale;
            found.push(Promise::new(format!("{other} of {part_name}"), error, 1e-11));
        }
    }
    found
}

fn linearity<const D: usize>(
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
    parts: &Decomposition<D>,
    seed: u64,
) -> Vec<Promise> {
    let other = inside(plan, &random_field(plan.calculus().domain(), field.layout(), seed));
    let mut combined = field.clone();
    combined.add_scaled(-2.5, &other);
    let (b, c) = (plan.decompose(&other).unwrap(), plan.decompose(&combined).unwrap());
    let parts = parts.parts().into_iter().zip(b.parts().into_iter().zip(c.parts()));
    let of_part = |((part, a), ((_, b), (_, c))): ((&str, &VectorField<D>), _)| {
        let (b, c): (&VectorField<D>, &VectorField<D>) = (b, c);
        let mut expected = a.clone();
        expected.add_scaled(-2.5, b);
        let error = largest(&c.minus(&expected)) / combined.max_abs();
        Promise::new(format!("linearity of {part}"), error, 1e-11)
    };
    parts.map(of_part).collect()
}

/// Everything that is promised of a field where the method computes.
pub fn promises<const D: usize>(plan: &dyn Decompose<D>, seed: u64) -> Vec<Promise> {
    let domain = plan.calculus().domain();
    let field = inside(plan, &random_field(domain, plan.method().layout(), seed));
    let parts = plan.decompose(&field).unwrap();
    let mut found = laws(plan, &field, &parts);
    found.extend(projections(plan, &field, &parts));
    found.extend(linearity(plan, &field, &parts, seed + 1));
    found
}

/// Point samples: the parts are those of the samples as they stand on the faces, and the parts at the
/// points and the sampling remainder add up to the input.
pub fn promises_of_points<const D: usize>(plan: &dyn Decompose<D>, seed: u64) -> Vec<Promise> {
    let domain = plan.calculus().domain();
    let field = inside(plan, &random_field(domain, Layout::Points, seed));
    let parts = plan.decompose(&field).unwrap();
    let mut sum = to_points(&parts.sum(), domain, parts.way);
    sum.add_scaled(1.0, &parts.sampling_remainder(&field, domain));
    let at_points = Promise::new("points miss the input by", largest(&field.minus(&sum)), EXACT);
    let where_computed = match plan.calculus().layout() {
        Layout::Faces => to_faces(&field, domain),
        Layout::Points => field,
    };
    let mut found = laws(plan, &where_computed, &parts);
    found.push(at_points);
    found
}

fn check_domain<const D: usize>(label: &str, domain: &Domain<D>, seed: u64) {
    for choice in choices(domain) {
        let plan = choice.plan(domain).unwrap();
        let of_points = promises_of_points(&*plan, seed + 2);
        for promise in promises(&*plan, seed).into_iter().chain(of_points) {
            let Promise { what, found, bound } = &promise;
            assert!(promise.is_kept(), "{choice} on {label}: {what} is {found:.2e} > {bound:.0e}");
        }
    }
}

#[test]
fn promises_hold_in_2d() {
    for (i, (label, domain)) in domains::<2>().into_iter().enumerate() {
        check_domain(&label, &domain, 100 + 10 * i as u64);
    }
}

#[test]
fn promises_hold_in_3d() {
    for (i, (label, domain)) in domains::<3>().into_iter().enumerate() {
        check_domain(&label, &domain, 5000 + 10 * i as u64);
    }
}

#[test]
fn promises_hold_on_masks_in_2d() {
    let shapes = shapes_2d().into_iter().map(|s| (s.name.to_string(), s.domain));
    for (i, (label, domain)) in shapes.chain(random_masks::<2>()).enumerate() {
        check_domain(&label, &domain, 20_000 + 10 * i as u64);
    }
}

#[test]
fn promises_hold_on_masks_in_3d() {
    let shapes = shapes_3d().into_iter().map(|s| (s.name.to_string(), s.domain));
    for (i, (label, domain)) in shapes.chain(random_masks::<3>()).enumerate() {
        check_domain(&label, &domain, 30_000 + 10 * i as u64);
    }
}
