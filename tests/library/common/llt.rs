//! faer's own sparse LLᵀ of a Laplacian, with an order and a factorisation that are not ours.

use faer::prelude::Solve;
use faer::sparse::linalg::solvers::Llt;
use faer::sparse::{SparseColMat, Triplet};
use faer::{Mat, Side};
use sprs::CsMat;

/// The factor of a symmetric matrix without the rows and columns of some unknowns, which are pinned at 0.
pub struct Reference {
    factor: Llt<usize, f64>,
    /// The unknowns that are left, in their order.
    kept: Vec<usize>,
    unknowns: usize,
}

impl Reference {
    /// Factors the matrix; what is left of it must be positive definite.
    pub fn new(matrix: &CsMat<f64>, pinned: &[usize]) -> Reference {
        let unknowns = matrix.rows();
        let kept: Vec<usize> = (0..unknowns).filter(|i| !pinned.contains(i)).collect();
        let mut place = vec![None; unknowns];
        kept.iter().enumerate().for_each(|(at, &unknown)| place[unknown] = Some(at));
        let lower = matrix.iter().filter_map(|(value, (row, column))| {
            let (row, column) = (place[row]?, place[column]?);
            (row >= column).then_some(Triplet::new(row, column, *value))
        });
        let lower: Vec<_> = lower.collect();
        let lower = SparseColMat::try_new_from_triplets(kept.len(), kept.len(), &lower);
        let factor = lower.expect("a matrix").sp_cholesky(Side::Lower).expect("a factor");
        Reference { factor, kept, unknowns }
    }

    /// The solutions for right-hand sides of all unknowns.
    pub fn solve(&self, rhs: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let mut columns =
            Mat::from_fn(self.kept.len(), rhs.len(), |row, column| rhs[column][self.kept[row]]);
        self.factor.solve_in_place(&mut columns);
        let solution = |column: usize| {
            let mut values = vec![0.0; self.unknowns];
            self.kept.iter().zip(columns.col(column).iter()).for_each(|(&i, v)| values[i] = *v);
            values
        };
        (0..rhs.len()).map(solution).collect()
    }
}
