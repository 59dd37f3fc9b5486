//! The parts of one field under every convention of a domain with walls.

use super::refine::divergence_left;
use super::side::Side;
use super::walls::settle_boundary;
use super::{Decompose, DecomposeError, Decomposition, Planning, StaggeredMethod};
use crate::boundary::{Boundary, Condition};
use crate::field::VectorField;
use crate::grid::Domain;
use crate::operator::Loop;
use crate::poisson::{self, Backend};
use std::borrow::Cow;
use std::sync::Arc;

/// Everything needed to split fields on one domain with walls under all conventions: the method of
/// one of them, and what refines its parts.
///
/// The five orthogonal parts of [`Friedrichs`](super::Friedrichs) (∇φ with φ = 0 at walls, ⋆A
/// tangential, h_T, h_N and the gradients that are curls) are a finer split than any convention:
/// each convention groups them ([`Boundary::groups`]). Given the parts under one convention, two
/// more fields determine all five:
///
/// | known parts | two more | found by |
/// |---|---|---|
/// | `no-flux` | ∇φ, h_N | a solve for the gradient part of the gradient part, a projection of it |
/// | `zero-potential` | ⋆A, h_T | a solve for what has no gradient in the solenoidal part, a projection of that |
/// | `normal-parallel` | h_T, h_N | projections of the harmonic part |
///
/// Only on a fully periodic grid with obstacles h_T and h_N are not orthogonal; there each
/// convention is computed separately. All conventions share one solver for each condition at the
/// walls.
///
/// ```
/// use hodge::{boundary::Boundary, decomposition::EveryConvention};
/// use hodge::field::{Layout, VectorField};
/// use hodge::grid::{Axis, Domain, Grid, Topology};
/// let axis = Axis::over(0.0, 1.0, 16, Topology::Bounded);
/// let domain = Domain::full(Grid::new([axis, axis])?);
/// let every = EveryConvention::new(&domain, None, None)?;
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
    own: StaggeredMethod<D>,
    /// With [`Condition::Neumann`] and with [`Condition::Dirichlet`].
    sides: [Arc<Side<D>>; 2],
    /// The other conventions, where they have to be computed separately.
    others: Option<Vec<StaggeredMethod<D>>>,
}

/// The parts of one field under every convention, as they sit on the faces.
pub struct ByConvention<'a, const D: usize> {
    parts: PartsByConvention<'a, D>,
    /// The field was multiplied by 2^−e.
    exponent: i32,
}

enum PartsByConvention<'a, const D: usize> {
    /// Those of one convention, and two more fields.
    Finer { boundary: Boundary, known: Cow<'a, Decomposition<D>>, finer: Box<[VectorField<D>; 2]> },
    /// Gradient, solenoidal and harmonic part of each convention.
    Apart(Vec<(Boundary, Cow<'a, Decomposition<D>>)>),
}

/// Fields of which the parts under some conventions are sums.
pub(crate) struct Listed<'a, const D: usize> {
    pub fields: Vec<&'a VectorField<D>>,
    /// Gradient, solenoidal and harmonic part of each convention, as a factor for each field.
    pub conventions: Vec<(Boundary, [Vec<f64>; 3])>,
}

/// The five parts ∇φ, ⋆A, h_T, h_N, ∇χ in terms of the three parts under a convention and the two fields that
/// make them finer.
fn five(known: Boundary) -> [[f64; 5]; 5] {
    let unit = |i: usize| std::array::from_fn(|j| f64::from(u8::from(i == j)));
    match known {
        // ∇φ_N, ⋆A, h_T and ∇φ, h_N
        Boundary::NoFlux => [unit(3), unit(1), unit(2), unit(4), [1.0, 0.0, 0.0, -1.0, -1.0]],
        // ∇φ, ⋆A + h_T + ∇χ, h_N and ⋆A, h_T
        Boundary::ZeroPotential => {
            [unit(0), unit(3), unit(4), unit(2), [0.0, 1.0, 0.0, -1.0, -1.0]]
        }
        // ∇φ, ⋆A, h_T + h_N + ∇χ and h_T, h_N
        Boundary::NormalParallel => {
            [unit(0), unit(1), unit(3), unit(4), [0.0, 0.0, 1.0, -1.0, -1.0]]
        }
        Boundary::Periodic | Boundary::FreeSpace => {
            unreachable!("on a torus each convention is computed separately")
        }
    }
}

impl<const D: usize> EveryConvention<D> {
    /// Plans the method of one convention, [`Boundary::NormalParallel`] by default, and what the
    /// others need in addition. Costs the set-up of the back end for both conditions and two solves
    /// for each tangential harmonic field of a mask; the first field costs as much for the normal
    /// ones.
    ///
    /// # Errors
    /// Those of [`Method::plan`](super::Method::plan).
    pub fn new(
        domain: &Domain<D>,
        boundary: Option<Boundary>,
        backend: Option<Backend>,
    ) -> Result<EveryConvention<D>, DecomposeError> {
        EveryConvention::with(domain, &Planning { boundary, backend, ..Planning::default() })
    }

    /// The same with whoever watches; never [undivided](Planning::undivided).
    ///
    /// # Errors
    /// Those of [`Method::plan_with`](super::Method::plan_with).
    pub fn with(
        domain: &Domain<D>,
        planning: &Planning,
    ) -> Result<EveryConvention<D>, DecomposeError> {
        let boundary = settle_boundary(domain, planning.boundary)?;
        let backend = planning.backend.unwrap_or_else(|| poisson::backend_for(domain));
        let watch = || planning.watch.clone();
        let side = |condition| Side::new(domain, condition, backend, watch()).map(Arc::new);
        let sides = [side(Condition::Neumann)?, side(Condition::Dirichlet)?];
        let method = |boundary| StaggeredMethod::of_sides(domain, boundary, backend, &sides);
        let own = method(boundary)?;
        // The loops of the fluid come with them.
        sides[0].prepare(own.staggered())?;
        let others = ByConvention::<D>::CONVENTIONS.into_iter().filter(|other| *other != boundary);
        let others = match domain.grid().fully_periodic() {
            true => Some(others.map(method).collect::<Result<Vec<_>, _>>()?),
            false => None,
        };
        Ok(EveryConvention { own, sides, others })
    }

    /// The method of the requested convention.
    pub fn own(&self) -> &StaggeredMethod<D> {
        &self.own
    }

    /// The loops of the fluid, which not every convention keeps.
    pub fn loops(&self) -> &[Loop] {
        self.sides[0].known_loops()
    }

    /// Splits a field. Its decomposition by the [own](EveryConvention::own) method is reused if it
    /// is `known`. Costs a Poisson solve unless that is of `normal-parallel`; two to four on a
    /// fully periodic grid.
    ///
    /// # Errors
    /// Those of [`Decompose::decompose`](super::Decompose::decompose).
    pub fn split<'a>(
        &self,
        field: &VectorField<D>,
        known: Option<&'a Decomposition<D>>,
    ) -> Result<ByConvention<'a, D>, DecomposeError> {
        let (field, exponent) = field.ordinary(self.own.domain())?;
        let known = match known.filter(|_| exponent == 0) {
            Some(parts) => Cow::Borrowed(parts),
            None => Cow::Owned(self.own.decompose(&field)?),
        };
        let parts = match &self.others {
            Some(others) => PartsByConvention::Apart(self.apart(others, &field, known)?),
            None => {
                let finer = Box::new(self.finer(&known)?);
                PartsByConvention::Finer { boundary: self.own.boundary(), known, finer }
            }
        };
        Ok(ByConvention { parts, exponent })
    }

    /// The parts of each convention by itself.
    fn apart<'a>(
        &self,
        others: &[StaggeredMethod<D>],
        field: &VectorField<D>,
        known: Cow<'a, Decomposition<D>>,
    ) -> Result<Vec<(Boundary, Cow<'a, Decomposition<D>>)>, DecomposeError> {
        let v = self.own.where_computed(field);
        let mut apart = vec![(self.own.boundary(), known)];
        for method in others {
            apart.push((method.boundary(), Cow::Owned(method.decompose(&v)?)));
        }
        let place = |boundary: Boundary| Boundary::ALL.iter().position(|b| *b == boundary);
        apart.sort_by_key(|(boundary, _)| place(*boundary));
        Ok(apart)
    }

    /// The two fields that refine the parts under the own convention to five.
    fn finer(&self, known: &Decomposition<D>) -> Result<[VectorField<D>; 2], DecomposeError> {
        let calculus = self.own.staggered();
        let [neumann, dirichlet] = &self.sides;
        match self.own.boundary() {
            Boundary::NoFlux => {
                let gradient = self.gradient(dirichlet, &known.gradient)?;
                let normal = dirichlet.harmonic_part(calculus, &known.gradient)?;
                Ok([gradient, normal])
            }
            Boundary::ZeroPotential => {
                let gradient = self.gradient(neumann, &known.solenoidal)?;
                neumann.split_rest(calculus, gradient.taken_from(&known.solenoidal))
            }
            Boundary::NormalParallel | Boundary::Periodic | Boundary::FreeSpace => {
                self.own.harmonic_fields(known)
            }
        }
    }

    /// The gradient part of v with one condition, as accurate as those of the method.
    fn gradient(
        &self,
        side: &Side<D>,
        v: &VectorField<D>,
    ) -> Result<VectorField<D>, DecomposeError> {
        let calculus = self.own.staggered();
        let mut part = side.gradient_part(calculus, v)?;
        let allowed = divergence_left(v.grid(), self.own.claimed_bound());
        if allowed.is_some_and(|allowed| part.report.residual > allowed) {
            part.gradient.add_scaled(1.0, &side.gradient_part(calculus, &part.rest)?.gradient);
        }
        Ok(part.gradient)
    }
}

impl<const D: usize> ByConvention<'_, D> {
    /// The conventions, in the order in which they are listed.
    pub const CONVENTIONS: [Boundary; 3] =
        [Boundary::NoFlux, Boundary::ZeroPotential, Boundary::NormalParallel];

    /// Gradient, solenoidal and harmonic part under a convention.
    ///
    /// # Panics
    /// On [`Boundary::Periodic`] and [`Boundary::FreeSpace`], which have no walls.
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

    /// The two fields that make these very parts finer, if they do.
    pub(crate) fn finer_than(&self, parts: &Decomposition<D>) -> Option<&[VectorField<D>; 2]> {
        match &self.parts {
            PartsByConvention::Finer { known: Cow::Borrowed(known), finer, .. }
                if std::ptr::eq(*known, parts) =>
            {
                Some(finer)
            }
            _ => None,
        }
    }

    /// What the parts under every convention are made from.
    pub(crate) fn lists(&self) -> Vec<Listed<'_, D>> {
        match &self.parts {
            PartsByConvention::Finer { boundary, known, finer } => {
                let mut fields = vec![&known.gradient, &known.solenoidal, &known.harmonic];
                fields.extend(finer.iter());
                let five = five(*boundary);
                let sum = |group: &[usize]| {
                    (0..5).map(|field| group.iter().map(|part| five[*part][field]).sum()).collect()
                };
                let of = |boundary: Boundary| (boundary, boundary.groups().map(sum));
                vec![Listed { fields, conventions: Self::CONVENTIONS.map(of).to_vec() }]
            }
            PartsByConvention::Apart(apart) => {
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
