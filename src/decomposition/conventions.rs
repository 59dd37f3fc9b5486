//! The parts of one field under every convention of a domain with walls.

use super::{Decompose, DecomposeError, Decomposition, StaggeredMethod};
use crate::boundary::Boundary;
use crate::field::VectorField;
use crate::grid::Domain;
use crate::poisson::Backend;
use std::borrow::Cow;

/// Everything that is needed to split fields on one domain with walls under all conventions.
///
/// The five orthogonal parts of [`Friedrichs`](super::Friedrichs) (∇φ with φ = 0 at walls, ⋆A tangential, h_T, h_N and the
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
pub struct ByConvention<'a, const D: usize> {
    parts: Parts<'a, D>,
    /// The field was multiplied by 2^−e.
    exponent: i32,
}

enum Parts<'a, const D: usize> {
    /// Those of `normal-parallel`, with h_T and h_N; what is left of its harmonic part is ∇χ.
    Finer { fine: Cow<'a, Decomposition<D>>, harmonic: Box<[VectorField<D>; 2]> },
    /// Gradient, solenoidal and harmonic part of each convention.
    Apart(Vec<(Boundary, Cow<'a, Decomposition<D>>)>),
}

/// Fields of which the parts under some conventions are sums.
pub(crate) struct Listed<'a, const D: usize> {
    pub fields: Vec<&'a VectorField<D>>,
    /// Gradient, solenoidal and harmonic part of each convention, as a factor for each field.
    pub conventions: Vec<(Boundary, [Vec<f64>; 3])>,
}

/// The five parts ∇φ, ⋆A, h_T, h_N, ∇χ in terms of ∇φ, ⋆A, h and h_T, h_N.
const FIVE: [[f64; 5]; 5] = [
    [1.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 1.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 1.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 1.0],
    [0.0, 0.0, 1.0, -1.0, -1.0],
];

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
    pub fn split<'a>(
        &self,
        field: &VectorField<D>,
        known: Option<&'a Decomposition<D>>,
    ) -> Result<ByConvention<'a, D>, DecomposeError> {
        let (ordinary, exponent) = field.ordinary(self.fine.calculus().domain())?;
        let fine = match known.filter(|_| exponent == 0) {
            Some(parts) => Cow::Borrowed(parts),
            None => Cow::Owned(self.fine.decompose(&ordinary)?),
        };
        let Some(others) = &self.apart else {
            let harmonic = Box::new(self.fine.harmonic_fields(&fine)?);
            return Ok(ByConvention { parts: Parts::Finer { fine, harmonic }, exponent });
        };
        let mut apart = Vec::new();
        for method in others {
            apart.push((method.boundary(), Cow::Owned(method.decompose(&ordinary)?)));
        }
        apart.push((Boundary::NormalParallel, fine));
        Ok(ByConvention { parts: Parts::Apart(apart), exponent })
    }
}

impl<const D: usize> ByConvention<'_, D> {
    /// The conventions, in the order in which they are listed.
    pub const CONVENTIONS: [Boundary; 3] =
        [Boundary::NoFlux, Boundary::ZeroPotential, Boundary::NormalParallel];

    /// Gradient, solenoidal and harmonic part under a convention. Panics on `periodic`, which has no
    /// walls.
    pub fn parts(&self, boundary: Boundary) -> [VectorField<D>; 3] {
        let lists = self.lists();
        let found = lists.iter().find_map(|list| {
            let (_, parts) = list.conventions.iter().find(|(other, _)| *other == boundary)?;
            Some((list, parts))
        });
        let (list, parts) = found.expect("a convention for domains with walls");
        parts.each_ref().map(|factors| {
            let first = list.fields[0];
            let mut sum = VectorField::zeros(*first.grid(), first.layout());
            for (factor, field) in factors.iter().zip(&list.fields).filter(|(f, _)| **f != 0.0) {
                sum.add_scaled(*factor, field);
            }
            sum.scale_by_power(self.exponent);
            sum
        })
    }

    /// The exponent e of the power of two by which the field was divided.
    pub(crate) fn exponent(&self) -> i32 {
        self.exponent
    }

    /// h_T and h_N, if they belong to these very parts.
    pub(crate) fn finer_than(&self, parts: &Decomposition<D>) -> Option<&[VectorField<D>; 2]> {
        match &self.parts {
            Parts::Finer { fine: Cow::Borrowed(fine), harmonic } if std::ptr::eq(*fine, parts) => {
                Some(harmonic)
            }
            _ => None,
        }
    }

    /// All that is needed for the parts under every convention.
    pub(crate) fn lists(&self) -> Vec<Listed<'_, D>> {
        match &self.parts {
            Parts::Finer { fine, harmonic } => {
                let mut fields = vec![&fine.gradient, &fine.solenoidal, &fine.harmonic];
                fields.extend(harmonic.iter());
                let sum = |group: &[usize]| {
                    (0..5).map(|field| group.iter().map(|part| FIVE[*part][field]).sum()).collect()
                };
                let of = |boundary: Boundary| (boundary, boundary.groups().map(sum));
                vec![Listed { fields, conventions: Self::CONVENTIONS.map(of).to_vec() }]
            }
            Parts::Apart(apart) => {
                apart.iter().map(|(boundary, parts)| by_itself(*boundary, parts)).collect()
            }
        }
    }
}

fn by_itself<const D: usize>(boundary: Boundary, parts: &Decomposition<D>) -> Listed<'_, D> {
    let unit = |i: usize| (0..3).map(|j| f64::from(u8::from(i == j))).collect();
    Listed {
        fields: vec![&parts.gradient, &parts.solenoidal, &parts.harmonic],
        conventions: vec![(boundary, [unit(0), unit(1), unit(2)])],
    }
}
