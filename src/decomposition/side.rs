//! The potentials with one condition at the walls, which several conventions share.

use super::harmonic::box_basis;
use super::{DecomposeError, harmonic_basis};
use crate::boundary::Condition;
use crate::field::{ScalarField, VectorField};
use crate::grid::Domain;
use crate::operator::{Calculus, Loop, Staggered, around_holes, cohomology};
use crate::poisson::{self, Backend, Poisson, SolveReport};
use std::sync::OnceLock;

/// The net flux up to which what is left of a gradient is rounding: of norms, and of the largest over cells.
const LEFT: f64 = 1e-14;
const LARGEST: f64 = 1e-13;

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

/// What a solve makes of a field.
pub(super) struct GradientPart<const D: usize> {
    pub gradient: VectorField<D>,
    /// The field without it.
    pub rest: VectorField<D>,
    pub potential: ScalarField<D>,
    pub report: SolveReport,
}

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
        let size = calculus.flux_size(v);
        let mut part = self.one_pass(calculus, v, size)?;
        if calculus.domain().metric().is_none() {
            return Ok(part);
        }
        let whole = calculus.largest_flux(v);
        let mut left = calculus.net_flux_extent(&part.rest, self.condition);
        for _ in 0..PASSES {
            let small = left.norm() <= LEFT * size && left.largest <= LARGEST * whole;
            if small || !left.squares.is_finite() {
                break;
            }
            let more = self.one_pass(calculus, &part.rest, size)?;
            let now = calculus.net_flux_extent(&more.rest, self.condition);
            if now.squares >= left.squares {
                break;
            }
            part.gradient.add_scaled(1.0, &more.gradient);
            part.potential.add_scaled(1.0, &more.potential);
            (part.rest, left) = (more.rest, now);
        }
        part.report.residual = if size > 0.0 { left.norm() / size } else { 0.0 };
        Ok(part)
    }

    fn one_pass(
        &self,
        calculus: &Staggered<D>,
        v: &VectorField<D>,
        size: f64,
    ) -> Result<GradientPart<D>, DecomposeError> {
        let rhs = calculus.net_flux(v, self.condition, -1.0);
        let (potential, report) = self.solver.solve(&rhs, size)?;
        drop(rhs);
        let mut gradient = calculus.gradient_with(&potential, self.condition);
        if self.condition == Condition::Neumann {
            calculus.set_wall_flux(v, &mut gradient);
        }
        let rest = v.minus(&gradient);
        Ok(GradientPart { gradient, rest, potential, report })
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
            _ => {
                harmonic_basis(calculus, &cocycles, &|v| Ok(self.gradient_part(calculus, v)?.rest))?
            }
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
