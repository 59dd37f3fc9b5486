//! The parts of one field under every convention of a domain with walls.

use super::{Decompose, DecomposeError, Decomposition, Friedrichs, StaggeredMethod};
use crate::boundary::Boundary;
use crate::field::VectorField;
use crate::grid::Domain;
use crate::poisson::Backend;

/// Everything that is needed to split fields on one domain with walls under all conventions.
///
/// The five orthogonal parts of [`Friedrichs`] (∇φ with φ = 0 at walls, ⋆A tangential, h_T, h_N and the
/// gradients that are curls) are a finer split than any convention: each convention groups them
/// ([`Boundary::groups`]). Only on a fully periodic grid with obstacles h_T and h_N are not
/// orthogonal; there each convention is computed by itself.
///
/// ```
/// use hodge::{boundary::Boundary, decomposition::EveryConvention};
/// use hodge::field::{Layout, VectorField};
/// use hodge::grid::{Axis, Domain, Grid, Topology};
/// let axis = Axis::over(0.0, 1.0, 16, Topology::Bounded);
/// let domain = Domain::full(Grid::new([axis, axis])?);
/// let every = EveryConvention::new(&domain, None)?;
/// // A uniform flow through an open window: all gradient, all solenoidal, or all harmonic.
/// let field = VectorField::sample(*domain.grid(), Layout::Faces, |_| [1.0, 0.0]);
/// let by = every.split(&field, None)?;
/// let largest = |boundary, part: usize| by.parts(boundary)[part].max_abs();
/// assert!((largest(Boundary::NoFlux, 0) - 1.0).abs() < 1e-12);
/// assert!((largest(Boundary::ZeroPotential, 1) - 1.0).abs() < 1e-12);
/// assert!((largest(Boundary::NormalParallel, 2) - 1.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct EveryConvention<const D: usize> {
    fine: StaggeredMethod<D>,
    apart: Option<[StaggeredMethod<D>; 2]>,
}

/// The parts of one field under every convention, as they sit on the faces.
pub struct ByConvention<const D: usize> {
    parts: Parts<D>,
    /// The field was multiplied by 2^−e.
    exponent: i32,
}

enum Parts<const D: usize> {
    /// ∇φ, ⋆A, h_T, h_N, ∇χ.
    Five(Box<[VectorField<D>; 5]>),
    /// Gradient, solenoidal and harmonic part of each convention.
    Apart(Vec<(Boundary, [VectorField<D>; 3])>),
}

impl<const D: usize> EveryConvention<D> {
    /// Plans the solves of `normal-parallel`, and those of the others where they stand apart. Costs what
    /// [`StaggeredMethod::new`] does; the first field costs the normal harmonic fields of a mask.
    pub fn new(
        domain: &Domain<D>,
        backend: Option<Backend>,
    ) -> Result<EveryConvention<D>, DecomposeError> {
        let plan = |boundary| StaggeredMethod::new(domain, boundary, backend);
        let fine = plan(Boundary::NormalParallel)?;
        let obstacles = domain.grid().fully_periodic() && domain.mask().is_some();
        let apart = match obstacles {
            true => Some([plan(Boundary::NoFlux)?, plan(Boundary::ZeroPotential)?]),
            false => None,
        };
        Ok(EveryConvention { fine, apart })
    }

    /// The method under `normal-parallel`.
    pub fn normal_parallel(&self) -> &StaggeredMethod<D> {
        &self.fine
    }

    /// Splits a field. Its decomposition under `normal-parallel` is taken over where it is `known`.
    pub fn split(
        &self,
        field: &VectorField<D>,
        known: Option<&Decomposition<D>>,
    ) -> Result<ByConvention<D>, DecomposeError> {
        let (ordinary, exponent) = field.ordinary(self.fine.calculus().domain());
        let fine = match known.filter(|_| exponent == 0) {
            Some(parts) => parts.clone(),
            None => self.fine.decompose(&ordinary)?,
        };
        let Some(others) = &self.apart else {
            let Friedrichs { tangential, normal, curly_gradient, .. } =
                self.fine.friedrichs(&fine)?;
            let Decomposition { gradient, solenoidal, .. } = fine;
            let five = [gradient, solenoidal, tangential, normal, curly_gradient];
            return Ok(ByConvention { parts: Parts::Five(Box::new(five)), exponent });
        };
        let three = |parts: Decomposition<D>| [parts.gradient, parts.solenoidal, parts.harmonic];
        let mut apart = Vec::new();
        for method in others {
            apart.push((method.boundary(), three(method.decompose(&ordinary)?)));
        }
        apart.push((Boundary::NormalParallel, three(fine)));
        Ok(ByConvention { parts: Parts::Apart(apart), exponent })
    }
}

impl<const D: usize> ByConvention<D> {
    /// The conventions, in the order in which they are listed.
    pub const CONVENTIONS: [Boundary; 3] =
        [Boundary::NoFlux, Boundary::ZeroPotential, Boundary::NormalParallel];

    /// Gradient, solenoidal and harmonic part under a convention. Panics on `periodic`, which has no
    /// walls.
    pub fn parts(&self, boundary: Boundary) -> [VectorField<D>; 3] {
        let mut parts = match &self.parts {
            Parts::Five(five) => boundary.groups().map(|group| {
                let mut sum = five[group[0]].clone();
                group[1..].iter().for_each(|&i| sum.add_scaled(1.0, &five[i]));
                sum
            }),
            Parts::Apart(apart) => {
                let found = apart.iter().find(|(other, _)| *other == boundary);
                found.expect("a convention for domains with walls").1.clone()
            }
        };
        parts.iter_mut().for_each(|part| part.scale_by_power(self.exponent));
        parts
    }

    /// The exponent e of the power of two by which the field was divided.
    pub(crate) fn exponent(&self) -> i32 {
        self.exponent
    }

    /// Of each convention ⟨p, p⟩ of the gradient, solenoidal and harmonic part p of the field times 2^−e, and
    /// of the last two together, in an inner product of what `seen` makes of the parts, whatever their
    /// cross terms there.
    pub(crate) fn energies<T>(
        &self,
        seen: impl Fn(&VectorField<D>) -> T,
        inner: impl Fn(&T, &T) -> f64,
    ) -> Vec<(Boundary, [f64; 4])> {
        match &self.parts {
            Parts::Five(five) => {
                let five: Vec<T> = five.iter().map(seen).collect();
                let lower = |i: usize| (0..=i).map(|j| inner(&five[i], &five[j])).collect();
                let products: Vec<Vec<f64>> = (0..five.len()).map(lower).collect();
                let of_group = |group: &[usize]| -> f64 {
                    let pairs = group.iter().flat_map(|&i| group.iter().map(move |&j| (i, j)));
                    pairs.map(|(i, j)| products[i.max(j)][i.min(j)]).sum()
                };
                let of_convention = |boundary: Boundary| {
                    let [g, s, h] = boundary.groups();
                    (boundary, [g, s, h, &[s, h].concat()].map(of_group))
                };
                Self::CONVENTIONS.map(of_convention).to_vec()
            }
            Parts::Apart(apart) => {
                let of = |parts: &[VectorField<D>; 3]| {
                    let [g, s, h] = parts.each_ref().map(&seen);
                    let [g, s, h, both] =
                        [(&g, &g), (&s, &s), (&h, &h), (&s, &h)].map(|(a, b)| inner(a, b));
                    [g, s, h, s + h + 2.0 * both]
                };
                apart.iter().map(|(b, parts)| (*b, of(parts))).collect()
            }
        }
    }
}
