//! Exact projections of staggered components.

use super::fused::Fused;
use super::potential::staggered_potential;
use super::side::{Side, loops};
use super::walls::settle_boundary;
use super::winding::Winding;
use super::{
    Decompose, DecomposeError, Decomposition, Friedrichs, InDimension, Lent, Method, Planning, lent,
};
use crate::boundary::{Boundary, Condition};
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::Domain;
use crate::machine::Pool;
use crate::operator::{Calculus, Loop, Staggered, cohomology};
use crate::poisson::{self, Backend, SolveReport};
use std::sync::{Arc, OnceLock};

/// One or two scalar solves and the harmonic fields of the domain give every part:
///
/// | boundary | gradient | solenoidal | harmonic |
/// |---|---|---|---|
/// | `no-flux` | ∇φ_N with v·n at the walls | v − ∇φ_N − h_T | h_T |
/// | `zero-potential` | ∇φ_D | v − ∇φ_D − h_N | h_N |
/// | `normal-parallel` | ∇φ_D | v − ∇φ_N − h_T | ∇φ_N − ∇φ_D + h_T |
///
/// where −∇·∇φ_N = −∇·v away from the walls with ∂φ_N/∂n = v·n, −∇·∇φ_D = −∇·v with φ_D = 0 on
/// the walls, and h_T, h_N are the projections on the [`harmonic_basis`](super::harmonic_basis).
///
/// The sum, orthogonality, ∇·solenoidal = 0 and ∇∧gradient = 0 hold to rounding for any data. Point samples
/// are first interpolated to the faces.
pub struct StaggeredMethod<const D: usize> {
    calculus: Staggered<D>,
    backend: Backend,
    /// One for each potential of the convention.
    sides: Vec<Arc<Side<D>>>,
    /// The loops of the fluid where solenoidal and harmonic part stay one.
    undivided: Option<Vec<Loop>>,
    /// On a torus with obstacles under `normal-parallel`.
    winding: OnceLock<Winding<D>>,
    /// On a box with transforms.
    fused: Option<Fused<D>>,
    /// Samples that came to the faces.
    spare: Pool<VectorField<D>>,
}

impl<const D: usize> StaggeredMethod<D> {
    /// Plans the solves of a convention, or of all that is asked for
    /// ([`Method::plan_with`]). Costs the set-up of the back end for each potential, and
    /// two solves for each harmonic field of a mask.
    ///
    /// # Errors
    /// If the back end cannot be set up for the domain, or the harmonic fields of a mask cannot be
    /// computed or do not fit into the memory at hand.
    pub fn new(
        domain: &Domain<D>,
        boundary: Boundary,
        backend: Option<Backend>,
    ) -> Result<StaggeredMethod<D>, DecomposeError> {
        let boundary = Some(boundary);
        StaggeredMethod::with(domain, &Planning { boundary, backend, ..Planning::default() })
    }

    pub(super) fn with(
        domain: &Domain<D>,
        planning: &Planning,
    ) -> Result<StaggeredMethod<D>, DecomposeError> {
        let boundary = settle_boundary(domain, planning.boundary)?;
        let backend = planning.backend.unwrap_or_else(|| poisson::backend_for(domain));
        let side = |condition: &Condition| {
            Side::new(domain, *condition, backend, planning.watch.clone()).map(Arc::new)
        };
        let potentials = boundary.potentials();
        if !planning.undivided {
            let sides = potentials.iter().map(side).collect::<Result<Vec<_>, _>>()?;
            return StaggeredMethod::of_sides(domain, boundary, backend, &sides);
        }
        let (calculus, spare) = (Staggered::new(domain.clone(), boundary), Pool::new());
        let sides = vec![side(potentials.last().expect("at least one potential"))?];
        let (winding, fused) = (OnceLock::new(), None);
        let undivided = Some(loops(domain, cohomology(domain, Condition::Neumann)));
        Ok(StaggeredMethod { calculus, backend, sides, undivided, winding, fused, spare })
    }

    /// The same with existing solvers, which other conventions may share.
    pub(super) fn of_sides(
        domain: &Domain<D>,
        boundary: Boundary,
        backend: Backend,
        sides: &[Arc<Side<D>>],
    ) -> Result<StaggeredMethod<D>, DecomposeError> {
        let calculus = Staggered::new(domain.clone(), boundary);
        let of = |condition: &Condition| {
            let found = sides.iter().find(|side| side.condition() == *condition);
            Arc::clone(found.expect("a solver for each potential"))
        };
        let sides: Vec<_> = boundary.potentials().iter().map(of).collect();
        sides[0].prepare(&calculus)?;
        let fused = Fused::new(domain, boundary, backend);
        let (winding, spare) = (OnceLock::new(), Pool::new());
        let undivided = None;
        Ok(StaggeredMethod { calculus, backend, sides, undivided, winding, fused, spare })
    }

    pub(super) fn staggered(&self) -> &Staggered<D> {
        &self.calculus
    }

    pub(super) fn domain(&self) -> &Domain<D> {
        self.calculus.domain()
    }

    /// All parts by the fused projection; under no-flux the harmonic part is the mean along
    /// periodic axes.
    fn decompose_box(
        &self,
        fused: &Fused<D>,
        field: &VectorField<D>,
        parts: &mut Decomposition<D>,
    ) -> Result<(), DecomposeError> {
        let v = self.where_computed(field);
        let (norm, residuals) = fused.project(&v, parts);
        parts.solves = self.box_reports(norm, residuals)?;
        Ok(())
    }

    /// h_T and h_N of the harmonic part of a decomposition under `normal-parallel`. The first call costs two
    /// Poisson solves for each normal harmonic field of a mask.
    pub(super) fn harmonic_fields(
        &self,
        parts: &Decomposition<D>,
    ) -> Result<[VectorField<D>; 2], DecomposeError> {
        let boundary = self.boundary();
        if boundary != Boundary::NormalParallel || self.undivided.is_some() {
            return Err(DecomposeError::NotNormalParallel { method: Method::Staggered, boundary });
        }
        let calculus = &self.calculus;
        let [tangential, normal] =
            [0, 1].map(|i| self.sides[i].harmonic_part(calculus, &parts.harmonic));
        let (tangential, normal) = (tangential?, normal?);
        let normal = match self.winding()? {
            Some(winding) => winding.without_tangential(calculus, &parts.harmonic, normal),
            None => normal,
        };
        Ok([tangential, normal])
    }

    /// On a torus with obstacles the normal harmonic fields are not orthogonal to the tangential ones as they are;
    /// their common part counts as tangential.
    fn winding(&self) -> Result<Option<&Winding<D>>, DecomposeError> {
        if !self.domain().grid().fully_periodic() {
            return Ok(None);
        }
        if self.winding.get().is_none() {
            let found = Winding::new(&self.calculus, &self.sides[0], &self.sides[1])?;
            let _ = self.winding.set(found);
        }
        Ok(self.winding.get())
    }

    fn box_reports(
        &self,
        norm: f64,
        residuals: Vec<f64>,
    ) -> Result<Vec<SolveReport>, DecomposeError> {
        let grid = self.domain().grid();
        let solves = self.boundary().potentials().iter().zip(residuals);
        let reports = solves.map(|(&condition, residual)| {
            let (backend, unknowns) = (Backend::Transform, grid.cells());
            let report = SolveReport { backend, condition, unknowns, iterations: 0, residual };
            Ok(poisson::accept(report, residual, norm / grid.least_spacing())?)
        });
        reports.collect()
    }
}

impl<const D: usize> Decompose<D> for StaggeredMethod<D> {
    fn in_dimension(&self) -> InDimension<'_> {
        InDimension::of::<StaggeredMethod<2>, StaggeredMethod<3>>(self)
    }

    fn method(&self) -> Method {
        Method::Staggered
    }

    fn boundary(&self) -> Boundary {
        self.calculus.boundary()
    }

    fn backend(&self) -> Option<Backend> {
        Some(self.backend)
    }

    fn calculus(&self) -> &dyn Calculus<D> {
        &self.calculus
    }

    fn loops(&self) -> &[Loop] {
        self.undivided.as_deref().unwrap_or_else(|| self.sides[0].known_loops())
    }

    fn harmonic_basis(&self) -> Result<&[VectorField<D>], DecomposeError> {
        self.sides[0].basis(&self.calculus)
    }

    fn where_computed<'a>(&'a self, field: &'a VectorField<D>) -> Lent<'a, D> {
        lent::where_computed(&self.calculus, field, Some(&self.spare))
    }

    fn split_into(
        &self,
        field: &VectorField<D>,
        parts: &mut Decomposition<D>,
    ) -> Result<(), DecomposeError> {
        if let Some(fused) = &self.fused {
            return self.decompose_box(fused, field, parts);
        }
        let v = self.where_computed(field);
        v.check_finite()?;
        // Frees the arrays of the last field before those of this one are allocated.
        let way = parts.way;
        *parts = Decomposition::zeros(*v.grid(), Layout::Faces);
        let calculus = &self.calculus;
        let first = self.sides[0].gradient_part(calculus, &v)?;
        let (mut gradient, mut potential) = (first.gradient, first.potential);
        let mut solves = vec![first.report];
        if self.undivided.is_some() {
            (parts.gradient, parts.solenoidal, parts.potential) = (gradient, first.rest, potential);
            (parts.undivided, parts.way, parts.solves) = (true, way, solves);
            return Ok(());
        }
        let [solenoidal, mut harmonic] = self.sides[0].split_rest(calculus, first.rest)?;
        if let Some(dirichlet) = self.sides.get(1) {
            let mut rest = gradient;
            drop(potential);
            let second = dirichlet.gradient_part(calculus, &v)?;
            (gradient, potential) = (second.gradient, second.potential);
            solves.push(second.report);
            rest.add_scaled(-1.0, &gradient);
            rest.add_scaled(1.0, &harmonic);
            harmonic = rest;
        }
        let undivided = false;
        *parts = Decomposition {
            gradient,
            solenoidal,
            harmonic,
            undivided,
            potential,
            way,
            solves,
            fit: None,
        };
        Ok(())
    }

    fn split_harmonic(
        &self,
        harmonic: &VectorField<D>,
    ) -> Result<Option<Decomposition<D>>, DecomposeError> {
        let Some(dirichlet) = self.sides.get(1) else { return Ok(None) };
        let found = dirichlet.gradient_part(&self.calculus, harmonic)?;
        Ok(Some(Decomposition {
            gradient: found.gradient,
            harmonic: found.rest,
            potential: found.potential,
            solves: vec![found.report],
            ..Decomposition::zeros(*harmonic.grid(), Layout::Faces)
        }))
    }

    fn vector_potential(
        &self,
        parts: &Decomposition<D>,
    ) -> Result<Vec<ScalarField<D>>, DecomposeError> {
        staggered_potential(&self.calculus, &parts.solenoidal)
    }

    fn friedrichs(&self, parts: &Decomposition<D>) -> Result<Friedrichs<D>, DecomposeError> {
        let fields = self.harmonic_fields(parts)?;
        let [tangential, normal] = [0, 1].map(|i| self.sides[i].count(&self.calculus));
        let common = self.winding()?.map_or(0, Winding::common);
        let independent = [tangential?, normal? - common];
        Ok(Friedrichs::new(fields, &parts.harmonic, self.domain(), independent))
    }
}
