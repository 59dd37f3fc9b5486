//! The box: transforms that diagonalise the discrete Laplacian.

use super::residual::{Residual, Shifted};
use super::{Backend, Poisson, SolveError, SolveReport, accept};
use crate::boundary::{Condition, basis};
use crate::field::ScalarField;
use crate::grid::{Domain, Location};
use crate::operator::Stencil;
use crate::transform::{RealTransform, eigenvalues};

/// Forward transform, division by the sum of the axes' eigenvalues, inverse transform: O(n log n)
/// for any number of cells, three passes over memory. The eigenvalues are those of the second difference, not k², so that
/// the solution satisfies the discrete equation to rounding. Needs a box without a mask.
pub struct Transform<const D: usize> {
    residual: Residual<D>,
    condition: Condition,
    transform: RealTransform<D>,
    eigenvalues: [Vec<f64>; D],
}

impl<const D: usize> Transform<D> {
    /// Plans the transforms of an unmasked domain.
    ///
    /// # Panics
    /// If the domain has a mask.
    pub fn new(domain: &Domain<D>, condition: Condition) -> Transform<D> {
        assert!(domain.mask().is_none(), "transforms need a box without a mask");
        let axes = domain.grid().axes();
        let bases = axes.map(|a| basis(a.topology, condition, false));
        let eigenvalues =
            std::array::from_fn(|k| eigenvalues(bases[k], axes[k].cells, axes[k].spacing));
        Transform {
            residual: Residual::new(&Stencil::new(domain, condition)),
            condition,
            transform: RealTransform::new(domain.grid().shape(), bases),
            eigenvalues,
        }
    }
}

impl<const D: usize> Poisson<D> for Transform<D> {
    fn solve(
        &self,
        rhs: &ScalarField<D>,
        scale: f64,
    ) -> Result<(ScalarField<D>, SolveReport), SolveError> {
        let mut values = rhs.values().to_vec();
        self.transform.solve(&mut values, std::array::from_fn(|k| &self.eigenvalues[k][..]));
        let solution = ScalarField::from_values(*rhs.grid(), Location::CELL, values)
            .expect("the transform keeps the shape");
        let found = SolveReport {
            backend: Backend::Transform,
            condition: self.condition,
            unknowns: rhs.values().len(),
            iterations: 0,
            residual: 0.0,
        };
        let rhs = Shifted { values: rhs.values(), shift: 0.0 };
        let found = accept(found, self.residual.norm(rhs, solution.values()), scale)?;
        Ok((solution, found))
    }
}
