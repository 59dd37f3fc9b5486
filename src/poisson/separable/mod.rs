//! Direct solves where the couplings of cells are products of one factor for each axis.

#[cfg(feature = "sparse")]
mod dense;
mod factors;
mod modes;
mod tridiagonal;

use super::residual::{Residual, Shifted};
use super::{
    ALLOWED_RESIDUAL, Backend, NullSpace, Poisson, SolveError, SolveReport, Solved, accept,
};
use crate::boundary::Condition;
use crate::field::ScalarField;
use crate::grid::{Domain, Location};
use crate::operator::Stencil;
#[cfg(feature = "sparse")]
pub(crate) use dense::Eigenvectors;
use factors::Factors;
use modes::Modes;
use tridiagonal::{Line, Tridiagonal};

/// Cells of an axis of unlike cells up to which its eigenvectors are used: they take n² numbers and n³ steps.
const MOST_DENSE: usize = 2048;

/// Passes after the first, for what is left where eigenvalues are so unlike that rounding of the modes shows.
const PASSES: usize = 3;

/// The Poisson equation of an unmasked domain whose metric is separable: globes, shells, bands, stretched
/// boxes and channels, annuli.
///
/// With couplings c_k = S/d = Π_a f_ka the operator is Σ_k K_k ⊗ Π_{a≠k} f_ka, K_k the differences along one axis.
/// All axes but one are changed to the modes of their K_k: by fast transforms where cells are alike along the axis,
/// by a dense matrix of eigenvectors where they are not. What is left are tridiagonal systems along the last
/// axis, one for each combination of modes.
///
/// Cost: O(n log n) and one number a cell; for each uneven axis but the last, of m cells, 4 m operations a cell
/// more, and m³ to plan.
pub struct Separable<const D: usize> {
    condition: Condition,
    null_space: NullSpace,
    residual: Residual<D>,
    modes: Vec<Modes>,
    lines: Tridiagonal,
}

/// What becomes of the axes.
struct Roles {
    /// Changed to modes, in this order, each with an axis that has its factors of cells.
    changed: Vec<(usize, usize)>,
    /// Along which tridiagonal systems are solved.
    last: usize,
}

impl<const D: usize> Separable<D> {
    /// Whether the domain is one of them.
    pub(super) fn fits(domain: &Domain<D>) -> bool {
        Factors::of(domain).is_some_and(|factors| Roles::of(domain, &factors).is_some())
    }

    /// Plans the solver, in O(n) but for the eigenvectors of an uneven axis.
    ///
    /// # Errors
    /// On masks and where couplings are no products.
    pub fn new(domain: &Domain<D>, condition: Condition) -> Result<Separable<D>, SolveError> {
        let refused = || SolveError::Inseparable;
        let factors = Factors::of(domain).ok_or_else(refused)?;
        let roles = Roles::of(domain, &factors).ok_or_else(refused)?;
        let axes = domain.grid().axes();
        let changed = roles.changed.iter();
        let modes = changed.map(|roles| Modes::new(axes, condition, &factors, *roles));
        let modes: Vec<Modes> = modes.collect::<Option<_>>().ok_or_else(refused)?;
        let (last, cells) = (roles.last, domain.grid().shape());
        let along = axes[last];
        let line = Line { faces: factors.get(last, last), ring: !along.bounded(), condition };
        let inner = cells[..last].iter().product();
        let of_axis: Vec<&[f64]> =
            roles.changed.iter().map(|(a, _)| factors.get(*a, last)).collect();
        let shift = |place: usize, j: usize| {
            let each = modes.iter().zip(&of_axis);
            each.map(|(modes, factor)| modes.eigenvalue(place) * factor[j]).sum()
        };
        let lines = Tridiagonal::new(&line, (along.cells, inner, domain.grid().cells()), shift);
        let null_space = NullSpace::new(domain, condition);
        let residual = Residual::new(&Stencil::new(domain, condition));
        Ok(Separable { condition, null_space, residual, modes, lines })
    }
}

impl Roles {
    /// The cheapest choice, if there is one.
    fn of<const D: usize>(domain: &Domain<D>, factors: &Factors<D>) -> Option<Roles> {
        let cells = domain.grid().shape();
        let dense = |a: usize| if factors.uniform(a) { 0 } else { cells[a] };
        let possible = orders(D).into_iter().filter_map(|order| {
            let (&last, changed) = order.split_last().expect("two axes at least");
            let agree = changed.iter().enumerate().all(|(i, a)| {
                let others = &order[i + 1..];
                others.windows(2).all(|pair| factors.agree([pair[0], pair[1]], *a))
            });
            let matrices: Vec<usize> =
                changed.iter().map(|a| dense(*a)).filter(|n| *n > 0).collect();
            let built = cfg!(feature = "sparse") || matrices.is_empty();
            let short = matrices.iter().all(|n| *n <= MOST_DENSE);
            (agree && built && short).then(|| {
                let cost = (matrices.iter().sum::<usize>(), last == 0);
                let changed = changed.iter().zip(&order[1..]).map(|(a, b)| (*a, *b)).collect();
                (cost, Roles { changed, last })
            })
        });
        possible.min_by_key(|(cost, _)| *cost).map(|(_, roles)| roles)
    }
}

/// All orders of D axes.
fn orders(axes: usize) -> Vec<Vec<usize>> {
    (1..axes).fold(vec![vec![0]], |orders, next| {
        let with = |order: Vec<usize>| {
            (0..=order.len()).map(move |at| {
                let mut longer = order.clone();
                longer.insert(at, next);
                longer
            })
        };
        orders.into_iter().flat_map(with).collect()
    })
}

impl<const D: usize> Separable<D> {
    fn one_pass(&self, right: &[f64]) -> Vec<f64> {
        let mut values = right.to_vec();
        self.null_space.remove(&mut values);
        self.modes.iter().for_each(|modes| modes.forward(&mut values));
        self.lines.solve(&mut values);
        self.modes.iter().rev().for_each(|modes| modes.inverse(&mut values));
        self.null_space.remove(&mut values);
        values
    }
}

impl<const D: usize> Poisson<D> for Separable<D> {
    fn solve(&self, rhs: &ScalarField<D>, scale: f64) -> Solved<D> {
        let mut right = rhs.values().to_vec();
        self.null_space.remove(&mut right);
        let right = Shifted { values: &right, shift: 0.0 };
        let mut values = self.one_pass(right.values);
        let mut left = self.residual.norm(right, &values);
        for _ in 0..PASSES {
            if left <= ALLOWED_RESIDUAL * scale || !left.is_finite() {
                break;
            }
            let more = self.one_pass(&self.residual.values(right, &values));
            let better: Vec<f64> = values.iter().zip(&more).map(|(v, more)| v + more).collect();
            let now = self.residual.norm(right, &better);
            if now >= left {
                break;
            }
            (values, left) = (better, now);
        }
        let report = SolveReport {
            backend: Backend::Separable,
            condition: self.condition,
            unknowns: values.len(),
            iterations: 0,
            residual: 0.0,
        };
        let report = accept(report, left, scale)?;
        let solution = ScalarField::from_values(*rhs.grid(), Location::CELL, values)
            .expect("as many values as cells");
        Ok((solution, report))
    }
}

#[cfg(all(test, feature = "sparse"))]
mod tests;
