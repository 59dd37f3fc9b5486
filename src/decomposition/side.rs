//! The potentials with one condition at the walls, which several conventions share.

use super::harmonic::box_basis;
use super::{DecomposeError, harmonic_basis};
use crate::boundary::Condition;
use crate::field::{ScalarField, VectorField};
use crate::grid::Domain;
use crate::operator::{Calculus, Loop, Staggered, around_holes, cohomology};
use crate::poisson::{self, Backend, Poisson, SolveReport};
use std::sync::OnceLock;

/// The net flux, relative to the flux of a field, up to which what is left of its gradient is rounding.
const LEFT: f64 = 1e-14;

/// Passes after the first.
const PASSES: usize = 5;

/// The solver for one condition and the harmonic fields that go with it: tangential ones with
/// [`Condition::Neumann`], normal ones with [`Condition::Dirichlet`]. Nothing here depends on the convention.
pub(super) struct Side<const D: usize> {
    condition: Condition,
    solver: Box<dyn Poisson<D>>,
    harmonic: OnceLock<HarmonicFields<D>>,
}

/// The harmonic fields of one condition.
struct HarmonicFields<const D: usize> {
    /// Orthonormal.
    basis: Vec<VectorField<D>>,
    /// The loops of the fluid, where the fields are tangential.
    loops: Vec<Loop>,
}

/// A gradient part, its potential and the report of the solve.
pub(super) type GradientPart<const D: usize> = (VectorField<D>, ScalarField<D>, SolveReport);

impl<const D: usize> Side<D> {
    /// Plans the solver: costs the set-up of the back end.
    pub(super) fn new(
        domain: &Domain<D>,
        condition: Condition,
        backend: Backend,
    ) -> Result<Side<D>, DecomposeError> {
        let solver = poisson::plan(domain, condition, backend)?;
        Ok(Side { condition, solver, harmonic: OnceLock::new() })
    }

    pub(super) fn condition(&self) -> Condition {
        self.condition
    }

    /// The gradient part of v on the faces. With a metric, under which a potential may have too few digits for its
    /// differences, what is left of a gradient in the rest is added as long as that gets smaller.
    pub(super) fn gradient_part(
        &self,
        calculus: &Staggered<D>,
        v: &VectorField<D>,
    ) -> Result<GradientPart<D>, DecomposeError> {
        let (mut gradient, mut potential, mut report) = self.one_pass(calculus, v)?;
        if calculus.domain().metric().is_none() {
            return Ok((gradient, potential, report));
        }
        let size = calculus.flux_size(v);
        let mut rest = v.minus(&gradient);
        let net = |rest: &VectorField<D>| calculus.net_flux_norm(rest, self.condition);
        let mut left = net(&rest);
        for _ in 0..PASSES {
            if left <= LEFT * size || !left.is_finite() {
                break;
            }
            let (more, by, _) = self.one_pass(calculus, &rest)?;
            let smaller = rest.minus(&more);
            let now = net(&smaller);
            if now >= left {
                break;
            }
            gradient.add_scaled(1.0, &more);
            potential.add_scaled(1.0, &by);
            (rest, left) = (smaller, now);
        }
        report.residual = if size > 0.0 { left / size } else { 0.0 };
        Ok((gradient, potential, report))
    }

    fn one_pass(
        &self,
        calculus: &Staggered<D>,
        v: &VectorField<D>,
    ) -> Result<GradientPart<D>, DecomposeError> {
        let mut rhs = calculus.net_flux(v, self.condition);
        rhs.values_mut().iter_mut().for_each(|d| *d = -*d);
        let (potential, report) = self.solver.solve(&rhs, calculus.flux_size(v))?;
        drop(rhs);
        let mut gradient = calculus.gradient_with(&potential, self.condition);
        if self.condition == Condition::Neumann {
            calculus.set_wall_flux(v, &mut gradient);
        }
        Ok((gradient, potential, report))
    }

    /// The orthonormal basis of the harmonic fields. The first call costs two solves for each of those of a mask.
    pub(super) fn basis(
        &self,
        calculus: &Staggered<D>,
    ) -> Result<&[VectorField<D>], DecomposeError> {
        if let Some(known) = self.harmonic.get() {
            return Ok(&known.basis);
        }
        let made = self.make_harmonic(calculus)?;
        Ok(&self.harmonic.get_or_init(|| made).basis)
    }

    /// The basis once it has been computed; empty before.
    pub(super) fn known_basis(&self) -> &[VectorField<D>] {
        self.harmonic.get().map_or(&[], |known| &known.basis)
    }

    /// The loops of the fluid once the basis has been computed; none with [`Condition::Dirichlet`].
    pub(super) fn known_loops(&self) -> &[Loop] {
        self.harmonic.get().map_or(&[], |known| &known.loops)
    }

    fn make_harmonic(&self, calculus: &Staggered<D>) -> Result<HarmonicFields<D>, DecomposeError> {
        let domain = calculus.domain();
        let cocycles = cohomology(domain, self.condition);
        let basis = match (domain.mask(), domain.metric()) {
            (None, None) => box_basis(domain, self.condition),
            _ => harmonic_basis(calculus, &cocycles, &|v| {
                Ok(v.minus(&self.gradient_part(calculus, v)?.0))
            })?,
        };
        let loops = match self.condition {
            Condition::Dirichlet => Vec::new(),
            Condition::Neumann => {
                around_holes(domain, cocycles.into_iter().map(|cocycle| cocycle.path).collect())
            }
        };
        Ok(HarmonicFields { basis, loops })
    }
}
