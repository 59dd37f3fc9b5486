//! Sparse LLᵀ of the pinned Laplacian.

use super::dissection::nested_dissection;
use super::{Backend, NullSpace, Poisson, SolveError, SolveReport, accept, residual};
use crate::boundary::{Boundary, Condition};
use crate::field::ScalarField;
use crate::grid::{Domain, Location};
use crate::operator::{
    Calculus, Staggered, laplacian_matrix, multiply, number_cells, weighted_laplacian_matrix,
};
use faer::Conj;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::perm::PermRef;
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, LltRef, SymbolicCholesky, SymmetricOrdering,
    factorize_symbolic_cholesky,
};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMatRef};
use faer::{MatMut, Par, Side};
use sprs::CsMat;

/// A factored Laplacian.
///
/// The matrix is assembled from sprs incidence matrices, ordered by geometric nested dissection
/// and factored once by faer (supernodal, one thread: at these sizes more lose); every solve is a
/// forward and a backward substitution. On a square of n cells: about 2 n log₂ n nonzeros and
/// 15 n^{3/2} flops, on a cube 8 n^{4/3} and 5 n². The memory is estimated before factoring and
/// refused when it is not there.
pub struct Cholesky<const D: usize> {
    calculus: Staggered<D>,
    condition: Condition,
    weights: Option<[Vec<f64>; D]>,
    null_space: NullSpace,
    cells: Vec<usize>,
    symbolic: SymbolicCholesky<usize>,
    factor: Vec<f64>,
}

impl<const D: usize> Cholesky<D> {
    /// Assembles, orders and factors. Fails when the factor would not fit into free memory.
    pub fn new(domain: &Domain<D>, condition: Condition) -> Result<Cholesky<D>, SolveError> {
        let null_space = NullSpace::new(domain, condition);
        let pins = null_space.pins();
        let laplacian = laplacian_matrix(domain, condition);
        Cholesky::of_matrix(domain, condition, null_space, &laplacian, &pins)
    }

    /// The solver of −∇·p∇φ = f under [`Condition::Natural`], for one weight p > 0 a face, in
    /// storage order. Residuals are those of p∇φ, so that the scale of a solve is ‖p v‖/h.
    pub fn weighted(domain: &Domain<D>, weights: [Vec<f64>; D]) -> Result<Cholesky<D>, SolveError> {
        let null_space = NullSpace::new(domain, Condition::Natural);
        let laplacian = weighted_laplacian_matrix(domain, &weights);
        let (numbers, _) = number_cells(domain);
        let diagonal = laplacian.diag().to_dense();
        let of_cell = |&n: &usize| if n == usize::MAX { 0.0 } else { diagonal[n] };
        // Held where the weight is largest, a constant left by rounding stays small.
        let pins = null_space.heaviest(&numbers.iter().map(of_cell).collect::<Vec<_>>());
        let condition = Condition::Natural;
        let solver = Cholesky::of_matrix(domain, condition, null_space, &laplacian, &pins)?;
        Ok(Cholesky { weights: Some(weights), ..solver })
    }

    fn of_matrix(
        domain: &Domain<D>,
        condition: Condition,
        null_space: NullSpace,
        laplacian: &CsMat<f64>,
        pins: &[usize],
    ) -> Result<Cholesky<D>, SolveError> {
        let (numbers, _) = number_cells(domain);
        let pins = pins.iter().map(|&cell| numbers[cell]);
        let matrix = pinned(domain, laplacian, pins);
        let order: Vec<usize> =
            nested_dissection(domain).into_iter().map(|cell| numbers[cell]).collect();
        let (symbolic, factor) = factorise(&matrix, &order)?;
        Ok(Cholesky {
            calculus: Staggered::new(domain.clone(), Boundary::NoFlux),
            condition,
            weights: None,
            null_space,
            cells: (0..numbers.len()).filter(|&cell| domain.is_active(cell)).collect(),
            symbolic,
            factor,
        })
    }

    /// solution += the substitution of a right-hand side over all cells.
    fn add_solution(&self, rhs: &[f64], solution: &mut [f64]) {
        let mut unknowns: Vec<f64> = self.cells.iter().map(|&cell| rhs[cell]).collect();
        let n = unknowns.len();
        let mut memory = MemBuffer::new(self.symbolic.solve_in_place_scratch::<f64>(1, Par::Seq));
        LltRef::new(&self.symbolic, &self.factor).solve_in_place_with_conj(
            Conj::No,
            MatMut::from_column_major_slice_mut(&mut unknowns, n, 1),
            Par::Seq,
            MemStack::new(&mut memory),
        );
        for (&cell, value) in self.cells.iter().zip(unknowns) {
            solution[cell] += value;
        }
    }

    /// f + ∇·p∇φ.
    fn residual(&self, solution: &ScalarField<D>, rhs: &[f64]) -> ScalarField<D> {
        let Some(weights) = &self.weights else {
            return residual(&self.calculus, self.condition, solution, rhs);
        };
        let mut flux = self.calculus.gradient_with(solution, self.condition);
        multiply(&mut flux, weights);
        let mut residual = self.calculus.divergence(&flux);
        residual.values_mut().iter_mut().zip(rhs).for_each(|(r, f)| *r += f);
        residual
    }

    /// Number of values stored in the factor, the zeros inside supernodes included.
    pub fn stored_values(&self) -> usize {
        self.factor.len()
    }
}

/// The Laplacian over the active cells with one cell of every floating component held by an
/// addition to its diagonal, which for a compatible right-hand side changes φ by a constant only.
fn pinned<const D: usize>(
    domain: &Domain<D>,
    laplacian: &CsMat<f64>,
    pins: impl Iterator<Item = usize>,
) -> CsMat<f64> {
    let scale: f64 = domain.grid().axes().iter().map(|a| 2.0 / a.spacing.powi(2)).sum();
    let mut held = sprs::TriMat::new(laplacian.shape());
    for pin in pins {
        let own = laplacian.get(pin, pin).copied().unwrap_or(0.0);
        held.add_triplet(pin, pin, if own > 0.0 { own } else { scale });
    }
    // A symmetric matrix is the same by rows and by columns.
    laplacian + &held.to_csr()
}

/// Analyses and factors a matrix in an elimination order.
fn factorise(
    matrix: &CsMat<f64>,
    order: &[usize],
) -> Result<(SymbolicCholesky<usize>, Vec<f64>), SolveError> {
    let unknowns = matrix.cols();
    let mut place = vec![0; unknowns];
    order.iter().enumerate().for_each(|(position, &cell)| place[cell] = position);
    let failed = |reason: String| SolveError::Factorisation { unknowns, reason };
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
        SymmetricOrdering::Custom(PermRef::new_checked(order, &place, unknowns)),
        CholeskySymbolicParams::default(),
    )
    .map_err(|e| failed(format!("{e:?}")))?;
    let scratch = symbolic.factorize_numeric_llt_scratch::<f64>(Par::Seq, Default::default());
    check_memory(unknowns, 8 * symbolic.len_val() + scratch.unaligned_bytes_required())?;
    let mut factor = vec![0.0; symbolic.len_val()];
    let mut memory = MemBuffer::new(scratch);
    symbolic
        .factorize_numeric_llt(
            &mut factor,
            SparseColMatRef::new(pattern, matrix.data()),
            Side::Lower,
            Default::default(),
            Par::Seq,
            MemStack::new(&mut memory),
            Default::default(),
        )
        .map_err(|e| failed(format!("{e:?}")))?;
    Ok((symbolic, factor))
}

/// Refuses a factor larger than the free memory. Where the system does not tell, it is tried.
fn check_memory(unknowns: usize, bytes: usize) -> Result<(), SolveError> {
    let Some(available) = available_memory() else { return Ok(()) };
    if bytes < available {
        return Ok(());
    }
    let gib = |bytes: usize| bytes as f64 / (1u64 << 30) as f64;
    Err(SolveError::Memory { unknowns, needed: gib(bytes), available: gib(available) })
}

/// Bytes that can be had without swapping, where the system tells.
pub(crate) fn available_memory() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|l| l.starts_with("MemAvailable:"))?;
    let kib: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

impl<const D: usize> Poisson<D> for Cholesky<D> {
    fn solve(
        &self,
        rhs: &ScalarField<D>,
        scale: f64,
    ) -> Result<(ScalarField<D>, SolveReport), SolveError> {
        let mut compatible = rhs.values().to_vec();
        self.null_space.remove(&mut compatible);
        let mut solution = ScalarField::zeros(*rhs.grid(), Location::CELL);
        self.add_solution(&compatible, solution.values_mut());
        // The held cell costs digits where the field varies slowly; one refinement returns them.
        let left = self.residual(&solution, &compatible);
        self.add_solution(left.values(), solution.values_mut());
        self.null_space.remove(solution.values_mut());
        let found = SolveReport {
            backend: Backend::Cholesky,
            condition: self.condition,
            unknowns: self.cells.len(),
            iterations: 0,
            residual: 0.0,
        };
        let found = accept(found, &self.residual(&solution, &compatible), scale)?;
        Ok((solution, found))
    }
}
