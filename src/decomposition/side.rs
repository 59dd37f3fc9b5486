//! The potentials with one condition at the walls, which several conventions share.

use super::deflation::Deflation;
use super::harmonic::{box_basis, field_bytes, project};
use super::planning::tell;
use super::refine::is_long_or_flat;
use super::rotation::Rotation;
use super::{DecomposeError, HarmonicCost, Watch, harmonic_basis};
use crate::boundary::Condition;
use crate::field::{ScalarField, VectorField};
use crate::grid::Domain;
use crate::operator::{Calculus, Cocycle, Loop, Staggered, around_holes, cohomology};
use crate::poisson::{self, Backend, Poisson, SolveReport};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// The net flux up to which what is left of a gradient is rounding: of norms, and of the largest over cells.
const LEFT: f64 = 1e-14;
const LARGEST: f64 = 1e-13;

/// What a further pass on the plane takes for the size of fluxes, over what is left of them: iterations then take off
/// three digits.
const RELATIVE: f64 = 1e10;

/// Passes after the first.
const PASSES: usize = 5;

/// How much coarser solves may be that only say how harmonic fields project on each other.
const ROUGH: f64 = 100.0;

/// The solver for one condition and the harmonic fields that go with it: tangential ones with
/// [`Condition::Neumann`], normal ones with [`Condition::Dirichlet`]. Nothing here depends on the convention.
pub(super) struct Side<const D: usize> {
    condition: Condition,
    backend: Backend,
    solver: Box<dyn Poisson<D>>,
    harmonic: OnceLock<HarmonicFields<D>>,
    /// Where it was asked for and splits do without.
    basis: OnceLock<Vec<VectorField<D>>>,
    watch: Option<Arc<dyn Watch>>,
}

/// The harmonic fields of one condition.
struct HarmonicFields<const D: usize> {
    found: Found<D>,
    /// How many are independent.
    count: usize,
    /// The loops of the fluid, where the fields are tangential.
    loops: Vec<Loop>,
}

/// How the harmonic part of a field is found.
enum Found<const D: usize> {
    /// By its products with an orthonormal basis.
    Basis(Vec<VectorField<D>>),
    /// As what is left of a field without gradient part.
    Rest(Box<Rotation<D>>),
    /// From closed fields on cuts.
    Cuts(Deflation),
}

/// Harmonic fields of a mask up to which a basis of them is computed and kept.
const FEW: usize = 8;

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
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Side<D>, DecomposeError> {
        let solver = poisson::plan(domain, condition, backend)?;
        let (harmonic, basis) = (OnceLock::new(), OnceLock::new());
        Ok(Side { condition, backend, solver, harmonic, basis, watch })
    }

    pub(super) fn condition(&self) -> Condition {
        self.condition
    }

    /// The gradient part of v on the faces. Where a potential may have too few digits for its differences, or a solver
    /// stops before rounding, what is left of a gradient in the rest is added as long as that gets smaller.
    pub(super) fn gradient_part(
        &self,
        calculus: &Staggered<D>,
        v: &VectorField<D>,
    ) -> Result<GradientPart<D>, DecomposeError> {
        let size = calculus.flux_size(v);
        let mut part = self.one_pass(calculus, v, size)?;
        let uneven = calculus.domain().metric().is_some();
        // Boxes are looked at as a whole.
        let is_exact = match self.backend {
            Backend::Transform => true,
            Backend::Cholesky => !is_long_or_flat(v.grid()),
            _ => false,
        };
        if !uneven && is_exact {
            return Ok(part);
        }
        let whole = calculus.largest_flux_by_rows(v);
        let mut left = calculus.net_flux_extent(&part.rest, self.condition);
        for _ in 0..PASSES {
            let small = left.largest <= LARGEST * whole && (!uneven || left.norm() <= LEFT * size);
            if small || !left.squares.is_finite() {
                break;
            }
            // On flat cells the size of fluxes that are few leaves nothing to do.
            let scale = if uneven { size } else { RELATIVE * left.norm() };
            let Ok(more) = self.one_pass(calculus, &part.rest, scale) else { break };
            let now = calculus.net_flux_extent(&more.rest, self.condition);
            if now.squares >= left.squares {
                break;
            }
            part.gradient.add_scaled(1.0, &more.gradient);
            part.potential.add_scaled(1.0, &more.potential);
            (part.rest, left) = (more.rest, now);
        }
        if uneven {
            part.report = poisson::accept(part.report, left.norm(), size)?;
        }
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

    /// Finds out how harmonic parts are found. The first call costs two solves for each harmonic field of a mask; with
    /// more than a few one for each, in 2D the set-up of another solver instead.
    pub(super) fn prepare(&self, calculus: &Staggered<D>) -> Result<(), DecomposeError> {
        self.harmonic(calculus).map(|_| ())
    }

    fn harmonic(&self, calculus: &Staggered<D>) -> Result<&HarmonicFields<D>, DecomposeError> {
        if let Some(known) = self.harmonic.get() {
            return Ok(known);
        }
        let made = self.make_harmonic(calculus)?;
        Ok(self.harmonic.get_or_init(|| made))
    }

    /// Splits what is left of a field without its gradient part into solenoidal and harmonic part.
    pub(super) fn split_rest(
        &self,
        calculus: &Staggered<D>,
        mut rest: VectorField<D>,
    ) -> Result<[VectorField<D>; 2], DecomposeError> {
        match &self.harmonic(calculus)?.found {
            Found::Basis(basis) => {
                let harmonic = project(calculus, basis, &rest);
                rest.add_scaled(-1.0, &harmonic);
                Ok([rest, harmonic])
            }
            Found::Rest(rotation) => rotation.split(rest),
            Found::Cuts(deflation) => {
                deflation.split(calculus, rest, &|v| Ok(self.gradient_part(calculus, v)?.rest))
            }
        }
    }

    /// The harmonic part of any field.
    pub(super) fn harmonic_part(
        &self,
        calculus: &Staggered<D>,
        v: &VectorField<D>,
    ) -> Result<VectorField<D>, DecomposeError> {
        match &self.harmonic(calculus)?.found {
            Found::Basis(basis) => Ok(project(calculus, basis, v)),
            Found::Rest(_) | Found::Cuts(_) => {
                let [_, harmonic] =
                    self.split_rest(calculus, self.gradient_part(calculus, v)?.rest)?;
                Ok(harmonic)
            }
        }
    }

    /// How many harmonic fields are independent.
    pub(super) fn count(&self, calculus: &Staggered<D>) -> Result<usize, DecomposeError> {
        Ok(self.harmonic(calculus)?.count)
    }

    /// The orthonormal basis of the harmonic fields, whether or not splits need it.
    pub(super) fn basis(
        &self,
        calculus: &Staggered<D>,
    ) -> Result<&[VectorField<D>], DecomposeError> {
        let known = self.harmonic.get().map(|known| &known.found);
        match (known, self.basis.get()) {
            (Some(Found::Basis(basis)), _) | (_, Some(basis)) => Ok(basis),
            _ => {
                let cocycles = cohomology(calculus.domain(), self.condition);
                let made = self.make_basis(calculus, &cocycles)?;
                Ok(self.basis.get_or_init(|| made))
            }
        }
    }

    fn make_basis(
        &self,
        calculus: &Staggered<D>,
        cocycles: &[Cocycle<D>],
    ) -> Result<Vec<VectorField<D>>, DecomposeError> {
        let bytes = field_bytes(calculus.domain().grid()) * cocycles.len() as f64;
        let solves = self.announce(cocycles.len(), 2, bytes);
        let done = AtomicUsize::new(0);
        harmonic_basis(calculus, cocycles, &|v| {
            tell(self.watch.as_ref(), done.fetch_add(1, Ordering::Relaxed), solves)?;
            Ok(self.gradient_part(calculus, v)?.rest)
        })
    }

    /// What stands in for a basis of many fields.
    fn make_cuts(
        &self,
        calculus: &Staggered<D>,
        cocycles: &[Cocycle<D>],
    ) -> Result<Option<Deflation>, DecomposeError> {
        let count = cocycles.len() as f64;
        let solves = self.announce(cocycles.len(), 1, 8.0 * count * count);
        let done = AtomicUsize::new(0);
        // What such solves leave the passes of a split take off.
        let once = |v: &VectorField<D>| {
            tell(self.watch.as_ref(), done.fetch_add(1, Ordering::Relaxed), solves)?;
            Ok(self.one_pass(calculus, v, ROUGH * calculus.flux_size(v))?.rest)
        };
        Deflation::new(calculus, cocycles, &once)
    }

    /// Says what harmonic fields will cost, and returns the solves.
    fn announce(&self, fields: usize, each: usize, bytes: f64) -> usize {
        let solves = each * fields;
        if let Some(watch) = self.watch.as_ref().filter(|_| fields > 0) {
            watch.begins(HarmonicCost { condition: self.condition, fields, solves, bytes });
        }
        solves
    }

    /// The loops of the fluid once they have been found; none with [`Condition::Dirichlet`].
    pub(super) fn known_loops(&self) -> &[Loop] {
        self.harmonic.get().map_or(&[], |known| &known.loops)
    }

    fn make_harmonic(&self, calculus: &Staggered<D>) -> Result<HarmonicFields<D>, DecomposeError> {
        let domain = calculus.domain();
        let cocycles = cohomology(domain, self.condition);
        let count = cocycles.len();
        let (by_rest, by_cuts) = (D == 2 && count > FEW, D == 3 && count > FEW);
        let found = match (domain.mask(), domain.metric()) {
            (None, None) => Found::Basis(box_basis(domain, self.condition)),
            (Some(_), _) if by_rest => {
                Found::Rest(Box::new(Rotation::new(domain, self.condition, self.backend)?))
            }
            (Some(_), _) if by_cuts => match self.make_cuts(calculus, &cocycles)? {
                Some(deflation) => Found::Cuts(deflation),
                None => Found::Basis(self.make_basis(calculus, &cocycles)?),
            },
            _ => Found::Basis(self.make_basis(calculus, &cocycles)?),
        };
        let loops = match self.condition {
            Condition::Dirichlet => Vec::new(),
            Condition::Neumann => loops(domain, cocycles),
        };
        Ok(HarmonicFields { found, count, loops })
    }
}

/// The loops of the fluid from the tangential cocycles.
pub(super) fn loops<const D: usize>(domain: &Domain<D>, cocycles: Vec<Cocycle<D>>) -> Vec<Loop> {
    around_holes(domain, cocycles.into_iter().map(|cocycle| cocycle.path).collect())
}
