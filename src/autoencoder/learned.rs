//! The paper's projection: the conservative network closest to a field.

mod features;
mod learning;

use super::least_squares::{Answer, System};
use super::{Layer, Network, triangle};
use crate::boundary::Boundary;
use crate::decomposition::{
    Decompose, DecomposeError, Decomposition, Fit, InDimension, Law, Method, check_domain,
};
use crate::field::VectorField;
use crate::grid::{AXIS_NAMES, Domain, in_two_or_three};
use crate::operator::{Calculus, Collocated};
use crate::poisson::Backend;
use features::{ACTIVATION, Points};
pub use learning::Learning;
use learning::NUMBERS;
use rayon::prelude::*;

/// Singular values below this share of the largest are left out, the columns having length 1: what they stand for is
/// rounding of the samples, multiplied by its inverse.
const RANK_CUT: f64 = 1e-8;

/// A change from half the units, of the gradient part, from which a reader should know.
const SETTLED: f64 = 0.05;

/// Points along an axis at least.
const LEAST_POINTS: usize = 4;

/// The closest conservative field of a network with one hidden layer and R = W E: with free e_l the method `learned`, with
/// e_l ≥ 0 `learned-tied`.
///
/// In ξ = (x − centre)/half and with a scale s of the field, v/s is fitted at the points by
/// r(ξ) − κξ with r(ξ) = Σ e_l w_l h(w_l·ξ + b_l) + c: w_l and b_l random from a seed, e_l, c and κ by least squares. The
/// gradient part is s (r(ξ) − κξ), the gradient of s·half·(Σ e_l H(w_l·ξ + b_l) + c·ξ − κ|ξ|²/2), and the rest is one part.
///
/// `learned`: κ is free, s the root mean square of the field, so that its units do not matter. For many points and units it
/// tends to the gradient part of `no-flux`, and it is orthogonal to the rest.
///
/// `learned-tied`: κ is 1 and s is half, so that the field is r(x) − x as in the paper and v a difference of points. It tends
/// to the closest such field, whose Jacobian is symmetric and nowhere below −1, which is not orthogonal to the rest.
///
/// ```
/// use hodge::autoencoder::{LearnedMethod, Learning};
/// use hodge::{decomposition::Decompose, field::{Layout, VectorField}};
/// use hodge::grid::{Axis, Domain, Grid, Topology};
/// let axis = Axis::over(-1.0, 1.0, 12, Topology::Bounded);
/// let grid = Grid::new([axis, axis])?;
/// let field = VectorField::sample(grid, Layout::Points, |[x, y]| [2.0 * x + y, x - y]);
/// let plan = LearnedMethod::new(&Domain::full(grid), Learning::default())?;
/// let parts = plan.decompose(&field)?;
/// assert!(parts.solenoidal.max_abs() < 0.05 * field.max_abs()); // it was a gradient
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct LearnedMethod<const D: usize> {
    calculus: Collocated<D>,
    points: Points<D>,
    layer: Layer,
    learning: Learning,
}

/// Plans a fit for a domain.
///
/// # Errors
/// Those of [`LearnedMethod::new`].
pub fn plan_learned<const D: usize>(
    domain: &Domain<D>,
    learning: Learning,
) -> Result<Box<dyn Decompose<D>>, DecomposeError> {
    type Planned<const D: usize> = Result<Box<dyn Decompose<D>>, DecomposeError>;
    in_two_or_three(
        domain,
        |domain| -> Planned<2> { Ok(Box::new(LearnedMethod::new(domain, learning)?)) },
        |domain| -> Planned<3> { Ok(Box::new(LearnedMethod::new(domain, learning)?)) },
    )
}

/// A network fitted to a field.
pub struct Fitted {
    /// r(ξ), with R = W E.
    pub network: Network,
    /// s: the gradient part is s (r(ξ) − κξ).
    pub scale: f64,
    /// κ.
    pub kappa: f64,
    all: Answer,
    half: Answer,
}

impl<const D: usize> LearnedMethod<D> {
    /// Plans the units.
    ///
    /// # Errors
    /// If an axis is periodic or has few points, cells are not all alike, or the field has too few numbers for the units.
    pub fn new(domain: &Domain<D>, learning: Learning) -> Result<LearnedMethod<D>, DecomposeError> {
        let method = learning.method();
        check_domain(method, domain)?;
        let shape = domain.grid().shape();
        if let Some(k) = shape.iter().position(|n| *n < LEAST_POINTS) {
            let (axis, found) = (AXIS_NAMES[k], shape[k]);
            return Err(DecomposeError::FewPoints { method, axis, found, least: LEAST_POINTS });
        }
        let points = Points::new(domain);
        let numbers = points.values.len();
        let units = learning.units_for(D, points.cells.len());
        let most = numbers / NUMBERS;
        if units < 2 || units > most {
            return Err(DecomposeError::Units { method, found: units, numbers, most });
        }
        let layer = points.units(units, learning.tied, learning.seed);
        let words = "derivatives of the fitted network, a gradient as a function";
        let calculus = Collocated::instead_of(words, *domain.grid()).within(domain);
        Ok(LearnedMethod { calculus, points, layer, learning })
    }

    /// The points of a field in the coordinates of the network.
    pub fn place(&self, x: [f64; D]) -> [f64; D] {
        std::array::from_fn(|k| (x[k] - self.points.centre[k]) / self.points.half)
    }

    /// Fits a network; `None` to a field that is zero.
    ///
    /// # Errors
    /// If a value is not finite, or the least-squares problem is not solved.
    pub fn fit(&self, field: &VectorField<D>) -> Result<Option<Fitted>, DecomposeError> {
        let field = self.where_computed(field);
        field.check_finite()?;
        let values = field.components().each_ref().map(|c| c.values());
        let square: f64 = values.iter().flat_map(|v| v.iter()).map(|v| v * v).sum();
        if square == 0.0 {
            return Ok(None);
        }
        let scale = match self.learning.tied {
            true => self.points.half,
            false => (square / self.points.cells.len() as f64).sqrt(),
        };
        let units = self.layer.outputs();
        let (free, first) = (!self.learning.tied, self.first());
        let size = (self.points.cells.len(), D, first + units + 1);
        let triangle = triangle::tall(size, |range, rows| {
            self.points.fill((&self.layer, free), (&values, scale), range, rows);
        });
        let system = System::new(triangle, first);
        let solve = |units: usize| match self.learning.tied {
            true => system.nonnegative(first + units),
            false => system.least_squares(first + units, RANK_CUT),
        };
        let (all, half) = rayon::join(|| solve(units), || solve(units / 2));
        let (Some(all), Some(half)) = (all, half) else {
            return Err(DecomposeError::Unfitted { method: self.method(), units });
        };
        let network = self.network(&all.unknowns);
        let kappa = if free { -all.unknowns[D] } else { 1.0 };
        Ok(Some(Fitted { network, scale, kappa, all, half }))
    }

    /// Unknowns before those of the units.
    fn first(&self) -> usize {
        D + usize::from(!self.learning.tied)
    }

    /// R = W E.
    fn network(&self, unknowns: &[f64]) -> Network {
        let units = self.layer.outputs();
        let (bias, factors) = (&unknowns[..D], &unknowns[self.first()..]);
        let weight = (0..D).flat_map(|k| (0..units).map(move |l| (k, l)));
        let weight = weight.map(|(k, l)| factors[l] * self.layer.row(l)[k]).collect();
        let decoder = Layer { weight, bias: bias.to_vec(), inputs: units };
        Network::new(vec![self.layer.clone(), decoder], vec![ACTIVATION], false)
            .expect("as many outputs as inputs, and finite weights")
    }

    /// Writes the gradient part and its energy, and returns the largest |J − Jᵀ| over the largest |J|.
    fn write(&self, fitted: &Fitted, parts: &mut Decomposition<D>) -> f64 {
        let Fitted { network, scale, kappa, .. } = fitted;
        let xi = &self.points.values;
        let found = network.evaluate(xi, true);
        for k in 0..D {
            let values = parts.gradient.components_mut()[k].overwrite();
            values.fill(0.0);
            for (i, cell) in self.points.cells.iter().enumerate() {
                values[*cell] = scale * (found.reconstruction[D * i + k] - kappa * xi[D * i + k]);
            }
        }
        let energy = network.energy(1e-9).expect("R = W E");
        let square = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>();
        let at = |x: &[f64]| energy.at(x) + 0.5 * (1.0 - kappa) * square(x);
        let energies: Vec<f64> = xi.par_chunks(D).map(at).collect();
        let mean = energies.iter().sum::<f64>() / energies.len() as f64;
        let potential = parts.potential.overwrite();
        potential.fill(0.0);
        for (cell, value) in self.points.cells.iter().zip(&energies) {
            potential[*cell] = scale * self.points.half * (value - mean);
        }
        let (mut most, mut largest) = (0.0f64, 0.0f64);
        for jacobian in found.jacobian.chunks_exact(D * D) {
            for (at, value) in jacobian.iter().enumerate() {
                most = most.max((value - jacobian[at % D * D + at / D]).abs());
                let unit = f64::from(u8::from(at % D == at / D));
                largest = largest.max((value - kappa * unit).abs());
            }
        }
        if largest > 0.0 { most / largest } else { 0.0 }
    }

    /// The fit in numbers.
    fn report(&self, fitted: &Fitted, norms: [f64; 2], asymmetry: f64) -> Fit {
        let (Fitted { scale, all, half, .. }, [field, gradient]) = (fitted, norms);
        let before = |i: usize| half.fitted.get(i).copied().unwrap_or(0.0);
        let change = all.fitted.iter().enumerate().map(|(i, f)| (f - before(i)).powi(2));
        Fit {
            seed: self.learning.seed,
            units: self.layer.outputs(),
            used: all.used,
            rank_cut: (!self.learning.tied).then_some(RANK_CUT),
            residual: scale * all.residual / field,
            residual_of_half: scale * half.residual / field,
            change_from_half: scale * change.sum::<f64>().sqrt() / gradient,
            asymmetry,
        }
    }
}

/// The root of the sum of squares over the points.
fn norm<const D: usize>(v: &VectorField<D>) -> f64 {
    let values = v.components().iter().flat_map(|c| c.values().iter());
    values.map(|v| v * v).sum::<f64>().sqrt()
}

impl<const D: usize> Decompose<D> for LearnedMethod<D> {
    fn in_dimension(&self) -> InDimension<'_> {
        InDimension::of::<LearnedMethod<2>, LearnedMethod<3>>(self)
    }

    fn method(&self) -> Method {
        self.learning.method()
    }

    fn boundary(&self) -> Boundary {
        Boundary::NoFlux
    }

    fn backend(&self) -> Option<Backend> {
        None
    }

    fn calculus(&self) -> &dyn Calculus<D> {
        &self.calculus
    }

    fn claims(&self, law: Law) -> bool {
        law == Law::Sum
    }

    fn is_homogeneous(&self) -> bool {
        !self.learning.tied
    }

    fn remarks(&self, parts: &Decomposition<D>) -> Vec<String> {
        let moves = |fit: &&Fit| fit.change_from_half > SETTLED;
        let words = |fit: &Fit| {
            format!(
                "the fit has not settled: from half the units to all {} the gradient part changes by {:.1} % of itself; more units \
                 need more points",
                fit.units,
                100.0 * fit.change_from_half
            )
        };
        parts.fit.iter().filter(moves).map(words).collect()
    }

    fn split_into(
        &self,
        field: &VectorField<D>,
        parts: &mut Decomposition<D>,
    ) -> Result<(), DecomposeError> {
        let v = self.where_computed(field);
        parts.undivided = true;
        let Some(fitted) = self.fit(&v)? else {
            *parts =
                Decomposition { undivided: true, ..Decomposition::zeros(*v.grid(), v.layout()) };
            return Ok(());
        };
        let asymmetry = self.write(&fitted, parts);
        parts.solenoidal = v.minus(&parts.gradient);
        parts.harmonic = VectorField::zeros(*v.grid(), v.layout());
        let norms = [norm(&v), norm(&parts.gradient)];
        parts.fit = Some(self.report(&fitted, norms, asymmetry));
        Ok(())
    }
}
