//! Exact projections of staggered components.

use super::friedrichs::normal_basis;
use super::fused::Fused;
use super::harmonic::{box_basis, project};
use super::potential::staggered_potential;
use super::{
    Decompose, DecomposeError, Decomposition, Friedrichs, Lent, Method, harmonic_basis, lent,
    solve_scale,
};
use crate::boundary::{Boundary, Condition};
use crate::field::{ScalarField, VectorField};
use crate::grid::Domain;
use crate::operator::{Calculus, Cocycle, Loop, Staggered, around_holes, cohomology};
use crate::poisson::{self, Backend, Poisson, SolveReport};
use crate::transform::Pool;
use std::sync::OnceLock;

/// One or two scalar solves and the harmonic fields of the domain give every part:
///
/// | boundary | gradient | solenoidal | harmonic |
/// |---|---|---|---|
/// | `no-flux` | ∇φ_N with v·n at the walls | v − ∇φ_N − h_T | h_T |
/// | `zero-potential` | ∇φ_D | v − ∇φ_D − h_N | h_N |
/// | `normal-parallel` | ∇φ_D | v − ∇φ_N − h_T | ∇φ_N − ∇φ_D + h_T |
///
/// where −∇·∇φ_N = −∇·v away from the walls with ∂φ_N/∂n = v·n, −∇·∇φ_D = −∇·v with φ_D = 0 on
/// the walls, and h_T, h_N are the projections on the [`harmonic_basis`].
///
/// The sum, orthogonality, ∇·solenoidal = 0 and ∇∧gradient = 0 hold to rounding for any data. Point samples
/// are first interpolated to the faces.
pub struct StaggeredMethod<const D: usize> {
    calculus: Staggered<D>,
    backend: Backend,
    solvers: Vec<(Condition, Box<dyn Poisson<D>>)>,
    basis: Vec<VectorField<D>>,
    normal_basis: OnceLock<Vec<VectorField<D>>>,
    loops: Vec<Loop>,
    /// On a box with transforms.
    fused: Option<Fused<D>>,
    /// Samples that came to the faces.
    spare: Pool<VectorField<D>>,
}

impl<const D: usize> StaggeredMethod<D> {
    /// Plans the solves of a convention. Costs the set-up of the back end for each potential, and
    /// two solves for each harmonic field of a mask.
    pub fn new(
        domain: &Domain<D>,
        boundary: Boundary,
        backend: Option<Backend>,
    ) -> Result<StaggeredMethod<D>, DecomposeError> {
        let backend = backend.unwrap_or_else(|| poisson::backend_for(domain));
        let solvers = boundary
            .potentials()
            .iter()
            .map(|&condition| Ok((condition, poisson::plan(domain, condition, backend)?)))
            .collect::<Result<Vec<_>, DecomposeError>>()?;
        let calculus = Staggered::new(domain.clone(), boundary);
        let mut method = StaggeredMethod {
            calculus,
            backend,
            solvers,
            basis: Vec::new(),
            normal_basis: OnceLock::new(),
            loops: Vec::new(),
            fused: Fused::new(domain, boundary, backend),
            spare: Pool::new(),
        };
        let condition = method.solvers[0].0;
        let cocycles = cohomology(domain, condition);
        method.basis = method.harmonic_basis(condition, &cocycles)?;
        if condition == Condition::Natural {
            let paths = cocycles.into_iter().map(|cocycle| cocycle.path).collect();
            method.loops = around_holes(domain, paths);
        }
        Ok(method)
    }

    /// The orthonormal basis of the harmonic fields of the domain: tangential ones under `no-flux`
    /// and `normal-parallel`, normal ones under `zero-potential`.
    pub fn basis(&self) -> &[VectorField<D>] {
        &self.basis
    }

    pub(super) fn staggered(&self) -> &Staggered<D> {
        &self.calculus
    }

    pub(super) fn domain(&self) -> &Domain<D> {
        self.calculus.domain()
    }

    /// See [`harmonic_basis`]; the plan must solve for the condition.
    pub(super) fn harmonic_basis(
        &self,
        condition: Condition,
        cocycles: &[Cocycle<D>],
    ) -> Result<Vec<VectorField<D>>, DecomposeError> {
        let found = self.solvers.iter().find(|(solved, _)| *solved == condition);
        let (_, solver) = found.expect("the convention has a potential with this condition");
        if self.domain().mask().is_none() {
            return Ok(box_basis(self.domain(), condition));
        }
        harmonic_basis(&self.calculus, cocycles, &|v| {
            let (gradient, ..) = self.gradient_part(v, condition, &**solver)?;
            Ok(v.minus(&gradient))
        })
    }

    /// The gradient part of v for one wall condition, with its potential.
    fn gradient_part(
        &self,
        v: &VectorField<D>,
        condition: Condition,
        solver: &dyn Poisson<D>,
    ) -> Result<(VectorField<D>, ScalarField<D>, SolveReport), DecomposeError> {
        let mut rhs = match condition {
            Condition::Natural => self.calculus.divergence(&self.calculus.without_wall_flux(v)),
            Condition::Zero => self.calculus.divergence(v),
        };
        rhs.values_mut().iter_mut().for_each(|d| *d = -*d);
        let (potential, report) = solver.solve(&rhs, solve_scale(v))?;
        let mut gradient = self.calculus.gradient_with(&potential, condition);
        if condition == Condition::Natural {
            gradient.add_scaled(1.0, &self.calculus.wall_flux(v));
        }
        Ok((gradient, potential, report))
    }

    /// Every part in one go; under no-flux the harmonic part is the mean along periodic axes.
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
        if boundary != Boundary::NormalParallel {
            return Err(DecomposeError::NotNormalParallel { method: Method::Staggered, boundary });
        }
        let normal = match self.normal_basis.get() {
            Some(basis) => basis,
            None => {
                let basis = normal_basis(self)?;
                self.normal_basis.get_or_init(|| basis)
            }
        };
        let on = |basis| project(&self.calculus, basis, &parts.harmonic);
        Ok([on(&self.basis), on(normal)])
    }

    /// The dimensions of the harmonic fields, tangential and normal, once those are known.
    pub(super) fn harmonic_dimensions(&self) -> [usize; 2] {
        [self.basis.len(), self.normal_basis.get().map_or(0, Vec::len)]
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
        &self.loops
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
        let mut solves = Vec::new();
        let mut gradients = Vec::new();
        for (condition, solver) in &self.solvers {
            let (gradient, potential, report) = self.gradient_part(&v, *condition, &**solver)?;
            gradients.push((gradient, potential));
            solves.push(report);
        }
        let (gradient, potential) = gradients.pop().expect("at least one potential");
        let mut solenoidal = v.minus(gradients.first().map_or(&gradient, |(g, _)| g));
        let mut harmonic = project(&self.calculus, &self.basis, &solenoidal);
        solenoidal.add_scaled(-1.0, &harmonic);
        if let Some((natural, _)) = gradients.pop() {
            harmonic.add_scaled(1.0, &natural);
            harmonic.add_scaled(-1.0, &gradient);
        }
        let way = parts.way;
        *parts = Decomposition { gradient, solenoidal, harmonic, potential, way, solves };
        Ok(())
    }

    fn rotation_potential(
        &self,
        parts: &Decomposition<D>,
    ) -> Result<Vec<ScalarField<D>>, DecomposeError> {
        staggered_potential(&self.calculus, &parts.solenoidal)
    }

    fn friedrichs(&self, parts: &Decomposition<D>) -> Result<Friedrichs<D>, DecomposeError> {
        Friedrichs::split(self, parts)
    }
}
