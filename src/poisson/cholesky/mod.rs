//! Sparse LLᵀ of the pinned Laplacian.

mod beyond;
mod dense;
mod kernel;
mod memory;
mod parallel;
mod pinned;
mod solve;
mod substitution;
mod supernodal;
mod worker;

#[cfg(test)]
mod tests;

pub(crate) use memory::{factor_bytes, least_factor_bytes};

use super::dissection::{Dissection, Subdomain, nested_dissection};
use super::residual::Residual;
use super::{NullSpace, SolveError, allowed_once};
use crate::boundary::Condition;
use crate::grid::{Domain, Grid};
use crate::machine::{Pool, zeros};
use crate::operator::{Stencil, laplacian_matrix, number_cells};
use faer::Side;
use faer::perm::PermRef;
use faer::sparse::SymbolicSparseColMatRef;
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, SymbolicCholeskyRaw, SymmetricOrdering, factorize_symbolic_cholesky,
};
use faer::sparse::linalg::{SupernodalThreshold, SymbolicSupernodalParams};
use pinned::Pinned;
use solve::NOWHERE;
use sprs::CsMat;
use supernodal::{FactorLayout, Factorisation, NotPositive};

/// Blocks of up to so many columns are joined where no more than this share of the result are zeros.
const RELAXED: [(usize, f64); 4] = [(4, 1.0), (16, 0.25), (48, 0.1), (usize::MAX, 0.05)];

/// A factored Laplacian.
///
/// The matrix is assembled row by row, ordered by geometric nested dissection along diagonal
/// planes, and analysed by faer. The numeric factorisation is a left-looking supernodal one with
/// faer's dense kernels; the halves of the dissection are factored, and substituted, by different
/// threads. On a square of n cells: about 1.5 n log₂ n nonzeros and 9 n^{3/2} flops, on a cube 4.5
/// n^{4/3} and 2 n². A solve reads L twice, for up to eight right-hand sides at once. The memory is
/// estimated before anything of its size is allocated, and a factor that does not fit is refused.
pub struct Cholesky<const D: usize> {
    grid: Grid<D>,
    condition: Condition,
    /// The residual that a solve may leave.
    allowed: f64,
    null_space: NullSpace,
    pinned: Pinned,
    residual: Residual<D>,
    /// The cell eliminated at each place.
    cells: Vec<u32>,
    /// The place of every cell, [`NOWHERE`] outside the mask.
    places: Vec<u32>,
    whole: Subdomain,
    layout: FactorLayout,
    values: Vec<f64>,
    /// Working space between solves.
    spare: Pool<Vec<f64>>,
}

impl<const D: usize> Cholesky<D> {
    /// Assembles, orders and factors.
    ///
    /// # Errors
    /// If the factor would not fit into free memory, or the factorisation fails.
    pub fn new(domain: &Domain<D>, condition: Condition) -> Result<Cholesky<D>, SolveError> {
        memory::check_estimate(domain)?;
        let null_space = NullSpace::new(domain, condition);
        let (laplacian, dissection) =
            rayon::join(|| laplacian_matrix(domain, condition), || nested_dissection(domain));
        let pins = match domain.metric() {
            None => null_space.pins(),
            // Where a cell is coupled most a constant left by rounding stays small.
            Some(_) => {
                let (numbers, diagonal) = (number_cells(domain).0, laplacian.diag().to_dense());
                let of_cell = |&n: &usize| if n == usize::MAX { 0.0 } else { diagonal[n] };
                null_space.heaviest(&numbers.iter().map(of_cell).collect::<Vec<_>>())
            }
        };
        Cholesky::of_matrix(domain, condition, null_space, (laplacian, dissection), &pins)
    }

    fn of_matrix(
        domain: &Domain<D>,
        condition: Condition,
        null_space: NullSpace,
        (laplacian, dissection): (CsMat<f64>, Dissection),
        pins: &[usize],
    ) -> Result<Cholesky<D>, SolveError> {
        let (numbers, _) = number_cells(domain);
        let (mut pinned, matrix) = Pinned::new(domain, &null_space, pins, &numbers, laplacian);
        let Dissection { order: cells, part: whole } = dissection;
        let order: Vec<usize> = cells.iter().map(|&cell| numbers[cell]).collect();
        drop(numbers);
        let (layout, values) = factorise(&matrix, &order, &whole)?;
        let mut places = vec![NOWHERE; domain.grid().cells()];
        cells.iter().enumerate().for_each(|(place, &cell)| places[cell] = place as u32);
        pinned.order(&places);
        let mut solver = Cholesky {
            grid: *domain.grid(),
            condition,
            allowed: allowed_once(domain),
            null_space,
            pinned,
            residual: Residual::new(&Stencil::new(domain, condition)),
            cells: cells.into_iter().map(|cell| cell as u32).collect(),
            places,
            whole,
            layout,
            values,
            spare: Pool::new(),
        };
        solver.relieve(domain, pins);
        Ok(solver)
    }

    /// Solves for the potential that the pinned cells cause.
    fn relieve(&mut self, domain: &Domain<D>, pins: &[usize]) {
        if pins.is_empty() {
            return;
        }
        let mut source = vec![0.0; domain.grid().cells()];
        pins.iter().for_each(|&pin| source[pin] = 1.0);
        self.pinned.relief = self.solution_of(source);
    }

    /// Number of values in the lower triangle of the factor: the nonzeros of L, with the zeros that
    /// columns joined into one block keep there.
    pub fn nonzeros(&self) -> usize {
        self.layout.nonzeros()
    }

    /// Multiplications and additions of the factorisation: the sum over the columns of L of the squares of
    /// their numbers of values.
    pub fn operations(&self) -> f64 {
        self.layout.operations()
    }

    /// Number of values stored in the factor, the zeros inside supernodes included.
    pub fn stored_values(&self) -> usize {
        self.values.len()
    }
}

/// Analyses and factors a symmetric matrix, which is the same by rows and by columns, in an
/// elimination order.
fn factorise(
    matrix: &CsMat<f64>,
    order: &[usize],
    whole: &Subdomain,
) -> Result<(FactorLayout, Vec<f64>), SolveError> {
    let unknowns = matrix.cols();
    let mut place = vec![0; unknowns];
    order.iter().enumerate().for_each(|(position, &cell)| place[cell] = position);
    let failed = |reason: String| SolveError::Factorisation { unknowns, reason };
    let layout = analyse(matrix, order, &place).map_err(failed)?;
    memory::check(unknowns, 8.0 * layout.values() as f64)?;
    let mut values = zeros(layout.values());
    Factorisation { layout: &layout, matrix, order, place: &place }
        .run(whole, &mut values)
        .map_err(|NotPositive(at)| {
            failed(format!("the pivot of cell {} is not positive", order[at]))
        })?;
    Ok((layout, values))
}

/// Finds the structure of L, or says why it cannot.
fn analyse(matrix: &CsMat<f64>, order: &[usize], place: &[usize]) -> Result<FactorLayout, String> {
    let unknowns = matrix.cols();
    let starts = matrix.indptr();
    let pattern = SymbolicSparseColMatRef::new_checked(
        unknowns,
        unknowns,
        starts.raw_storage(),
        None,
        matrix.indices(),
    );
    let symbolic = factorize_symbolic_cholesky(
        pattern,
        Side::Lower,
        SymmetricOrdering::Custom(PermRef::new_checked(order, place, unknowns)),
        CholeskySymbolicParams {
            supernodal_params: SymbolicSupernodalParams { relax: Some(&RELAXED) },
            supernodal_flop_ratio_threshold: SupernodalThreshold::FORCE_SUPERNODAL,
            ..Default::default()
        },
    )
    .map_err(|e| format!("{e:?}"))?;
    match symbolic.raw() {
        SymbolicCholeskyRaw::Supernodal(supernodes) => Ok(FactorLayout::new(supernodes)),
        SymbolicCholeskyRaw::Simplicial(_) => Err("the analysis is not supernodal".into()),
    }
}
