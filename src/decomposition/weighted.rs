//! The no-flux decomposition in the inner product of a density.

use super::harmonic::project;
use super::{
    Decompose, DecomposeError, Decomposition, InDimension, Method, harmonic_basis, solve_scale,
};
use crate::boundary::{Boundary, Condition};
use crate::field::{ScalarField, VectorField, to_faces};
use crate::grid::Domain;
use crate::operator::{Calculus, Loop, Weighted, around_holes, cohomology};
use crate::poisson::{Backend, Cholesky, Poisson, SolveReport};

/// v = ∇φ + r + h with ∇·(p(v − ∇φ)) = 0 inside and r, h tangential to the walls, for a density p > 0 on the faces.
///
/// This is the split of score fields, since r leaves the density stationary (∇·(p r) = 0), and what
/// fitting a gradient to samples drawn from p converges to. The parts are orthogonal in
/// ∫ p v·w, h has circulation but no curl, p = 1 is `no-flux`. Exact to rounding for any data. The
/// equation is solved by a sparse Cholesky factor, planned once.
///
/// ```
/// use hodge::decomposition::{Decompose, WeightedMethod};
/// use hodge::field::{Layout, VectorField};
/// use hodge::grid::{Axis, Domain, Grid, Topology};
/// use hodge::operator::Calculus;
/// let axis = Axis::over(-4.0, 4.0, 32, Topology::Bounded);
/// let grid = Grid::new([axis, axis])?;
/// let density = VectorField::sample(grid, Layout::Faces, |[x, y]| [(-0.5 * (x * x + y * y)).exp(); 2]);
/// let plan = WeightedMethod::new(&Domain::full(grid), &density)?;
/// let score = VectorField::sample(grid, Layout::Faces, |[x, y]| [y - x, -x - y]);
/// let parts = plan.decompose(&score)?;
/// assert!(plan.calculus().inner(&parts.gradient, &parts.solenoidal).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct WeightedMethod<const D: usize> {
    calculus: Weighted<D>,
    solver: Cholesky<D>,
    basis: Vec<VectorField<D>>,
    loops: Vec<Loop>,
}

impl<const D: usize> WeightedMethod<D> {
    /// Checks the density (one value for each face), factors the weighted Laplacian and makes the
    /// harmonic fields of the domain.
    ///
    /// # Errors
    /// If the density is not on the faces of the domain or not positive and finite there, or the
    /// Laplacian cannot be factored.
    pub fn new(
        domain: &Domain<D>,
        density: &VectorField<D>,
    ) -> Result<WeightedMethod<D>, DecomposeError> {
        let calculus = Weighted::new(domain, density)?;
        let solver = Cholesky::weighted(domain, calculus.weights().clone())?;
        let mut method = WeightedMethod { calculus, solver, basis: Vec::new(), loops: Vec::new() };
        let cocycles = cohomology(domain, Condition::Neumann);
        method.basis = harmonic_basis(&method.calculus, &cocycles, &|v| {
            Ok(v.minus(&method.gradient_part(v)?.0))
        })?;
        let paths = cocycles.into_iter().map(|cocycle| cocycle.path).collect();
        method.loops = around_holes(domain, paths);
        Ok(method)
    }

    /// The gradient part of v, with its potential.
    fn gradient_part(
        &self,
        v: &VectorField<D>,
    ) -> Result<(VectorField<D>, ScalarField<D>, SolveReport), DecomposeError> {
        let base = self.calculus.base();
        let flux = self.calculus.flux(v);
        let mut rhs = base.divergence_with(&flux, Condition::Neumann);
        rhs.values_mut().iter_mut().for_each(|d| *d = -*d);
        let (potential, report) = self.solver.solve(&rhs, solve_scale(&flux))?;
        let mut gradient = base.gradient_with(&potential, Condition::Neumann);
        base.set_wall_flux(v, &mut gradient);
        Ok((gradient, potential, report))
    }
}

impl<const D: usize> Decompose<D> for WeightedMethod<D> {
    fn in_dimension(&self) -> InDimension<'_> {
        InDimension::of::<WeightedMethod<2>, WeightedMethod<3>>(self)
    }

    fn method(&self) -> Method {
        Method::Staggered
    }

    fn boundary(&self) -> Boundary {
        Boundary::NoFlux
    }

    fn backend(&self) -> Option<Backend> {
        Some(Backend::Cholesky)
    }

    fn calculus(&self) -> &dyn Calculus<D> {
        &self.calculus
    }

    fn loops(&self) -> &[Loop] {
        &self.loops
    }

    fn split_into(
        &self,
        field: &VectorField<D>,
        parts: &mut Decomposition<D>,
    ) -> Result<(), DecomposeError> {
        let mut v = to_faces(field, self.calculus.domain());
        self.calculus.base().clear_outside(&mut v);
        v.check_finite()?;
        let (gradient, potential, report) = self.gradient_part(&v)?;
        let mut solenoidal = v.minus(&gradient);
        let harmonic = project(&self.calculus, &self.basis, &solenoidal);
        solenoidal.add_scaled(-1.0, &harmonic);
        let way = parts.way;
        let solves = vec![report];
        *parts = Decomposition { gradient, solenoidal, harmonic, potential, way, solves };
        Ok(())
    }
}
