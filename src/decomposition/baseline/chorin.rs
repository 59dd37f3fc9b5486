//! Chorin's projection with differences at the points.

use super::super::walls::check_domain;
use super::super::{Decompose, DecomposeError, Decomposition, InDimension, Law, Method};
use crate::boundary::{Boundary, Condition};
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Domain, Grid, Location, unravel};
use crate::operator::{Calculus, Collocated, Matrix, collocated_matrices, laplacian_matrix};
use crate::poisson::{Backend, Factored};

/// −∇·∇φ = −∇·v with central differences ∇ and ∇· at the points ([`Collocated`]); gradient = ∇φ.
///
/// | method | Laplacian | defect |
/// |---|---|---|
/// | `chorin` | the compact one of neighbours, which is not ∇·∇ | v − ∇φ keeps a divergence of O(h²): an approximate projection |
/// | `chorin-wide` | ∇·∇ itself, of points two apart | exact, but points of even and odd number decouple along periodic axes with an even number: (−1)^i has neither divergence nor curl |
///
/// The matrix is made from the differences between cells and factored once. Harmonic is what the differences do not
/// see: the mean flow along periodic axes and for `chorin-wide` the alternating fields too; the rest is called solenoidal.
/// At walls `no-flux`.
pub struct ChorinMethod<const D: usize> {
    method: Method,
    boundary: Boundary,
    calculus: Collocated<D>,
    laplacian: Factored,
}

/// −∇·∇ of the central differences.
fn wide_laplacian<const D: usize>(grid: &Grid<D>) -> Matrix {
    let slopes = collocated_matrices(grid).into_iter();
    let squares = slopes.map(|slope| &slope.transpose_view().to_csr() * &slope);
    squares.reduce(|sum, square| &sum + &square).expect("at least one axis")
}

impl<const D: usize> ChorinMethod<D> {
    /// Makes and factors the matrix; `wide` is `chorin-wide`.
    ///
    /// # Errors
    /// If cells are masked or not all alike, or the factorisation fails.
    pub fn new(domain: &Domain<D>, wide: bool) -> Result<ChorinMethod<D>, DecomposeError> {
        let method = if wide { Method::ChorinWide } else { Method::Chorin };
        check_domain(method, domain)?;
        let grid = *domain.grid();
        let matrix = match wide {
            false => laplacian_matrix(domain, Condition::Neumann),
            true => wide_laplacian(&grid),
        };
        let laplacian = Factored::new(matrix)?;
        let boundary = if domain.has_walls() { Boundary::NoFlux } else { Boundary::Periodic };
        Ok(ChorinMethod { method, boundary, calculus: Collocated::new(grid), laplacian })
    }

    /// The dimension of the null space of the Laplacian: 1, or more where points decouple.
    pub fn null_modes(&self) -> usize {
        self.laplacian.components()
    }

    /// The component k without divergence and curl by the differences: means over all points, for the wide Laplacian
    /// over those of even and of odd number along each periodic axis with an even number.
    fn unseen(&self, k: usize, v: &ScalarField<D>) -> ScalarField<D> {
        let grid = *self.calculus.domain().grid();
        let mut unseen = ScalarField::zeros(grid, Location::CELL);
        if grid.axes()[k].bounded() {
            return unseen;
        }
        let decoupled = |a: usize| {
            let axis = &grid.axes()[a];
            self.method == Method::ChorinWide && !axis.bounded() && axis.cells.is_multiple_of(2)
        };
        let class = |flat: usize| {
            let index = unravel(grid.shape(), flat);
            (0..D).map(|a| usize::from(decoupled(a) && index[a] % 2 == 1) << a).sum::<usize>()
        };
        let mut sums = [(0.0, 0usize); 8];
        for (flat, value) in v.values().iter().enumerate() {
            let (sum, count) = &mut sums[class(flat)];
            (*sum, *count) = (*sum + value, *count + 1);
        }
        let values = unseen.values_mut().iter_mut().enumerate();
        values.for_each(|(flat, value)| {
            let (sum, count) = sums[class(flat)];
            *value = sum / count as f64;
        });
        unseen
    }

    /// The share of the energy of a field in alternating modes that are no mean.
    fn alternating(&self, parts: &Decomposition<D>) -> f64 {
        let field = parts.sum();
        let of = |k: usize| {
            let values = parts.harmonic.component(k).values();
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            values.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
        };
        let whole: f64 =
            field.components().iter().flat_map(|c| c.values()).map(|value| value * value).sum();
        (0..D).map(of).sum::<f64>() / whole
    }
}

impl<const D: usize> Decompose<D> for ChorinMethod<D> {
    fn in_dimension(&self) -> InDimension<'_> {
        InDimension::of::<ChorinMethod<2>, ChorinMethod<3>>(self)
    }

    fn method(&self) -> Method {
        self.method
    }

    fn boundary(&self) -> Boundary {
        self.boundary
    }

    fn backend(&self) -> Option<Backend> {
        Some(Backend::Cholesky)
    }

    fn calculus(&self) -> &dyn Calculus<D> {
        &self.calculus
    }

    fn claims(&self, law: Law) -> bool {
        self.method == Method::ChorinWide
            || matches!(law, Law::Sum | Law::CurlOfGradient | Law::CirculationOfGradient)
    }

    fn remarks(&self, parts: &Decomposition<D>) -> Vec<String> {
        let rms = |v: &VectorField<D>| self.calculus.divergence(v).rms();
        let defect = match self.method {
            Method::ChorinWide => format!(
                "alternating points, which its differences do not see, hold {:.1e} of the energy and are in the \
                 harmonic part",
                self.alternating(parts)
            ),
            _ => format!(
                "its solenoidal part keeps {:.1e} of the divergence of the field",
                rms(&parts.solenoidal) / rms(&parts.sum())
            ),
        };
        vec![format!("{} is a baseline: {defect}", self.method)]
    }

    fn split_into(
        &self,
        field: &VectorField<D>,
        parts: &mut Decomposition<D>,
    ) -> Result<(), DecomposeError> {
        let grid = *field.grid();
        let mut right = self.calculus.divergence(field);
        right.values_mut().iter_mut().for_each(|value| *value = -*value);
        let norm = self.calculus.inner(field, field).sqrt() / grid.cell_volume().sqrt();
        let (values, report) = self.laplacian.solve(right.values(), norm / grid.least_spacing())?;
        parts.potential =
            ScalarField::from_values(grid, Location::CELL, values).expect("a value at each point");
        parts.solves.push(report);
        parts.gradient = self.calculus.gradient(&parts.potential);
        let unseen = std::array::from_fn(|k| self.unseen(k, field.component(k)));
        parts.harmonic = VectorField::from_components(Layout::Points, unseen);
        parts.solenoidal = field.minus(&parts.gradient);
        parts.solenoidal.add_scaled(-1.0, &parts.harmonic);
        Ok(())
    }
}
