//! Where L is stored, and what a factorisation needs to know.

use super::super::dissection::Subdomain;
use faer::sparse::linalg::cholesky::supernodal::SymbolicSupernodalCholesky;
use sprs::CsMat;
use std::ops::Range;

/// Where the columns of L are stored: each supernode is a dense block of its columns, the rows of
/// which are the columns themselves and then `rows(s)`.
pub struct FactorLayout {
    /// The first column of every supernode, and the end.
    starts: Vec<usize>,
    /// The place of the values of every supernode, and the end.
    places: Vec<usize>,
    /// The place of the row numbers of every supernode, and the end.
    row_places: Vec<usize>,
    rows: Vec<u32>,
    /// The supernode of every column.
    pub of_column: Vec<u32>,
}

impl FactorLayout {
    /// The layout an analysis leads to.
    pub fn new(symbolic: &SymbolicSupernodalCholesky<usize>) -> FactorLayout {
        let count = symbolic.n_supernodes();
        let mut starts = symbolic.supernode_begin()[..count].to_vec();
        starts.push(symbolic.nrows());
        let mut of_column = vec![0; symbolic.nrows()];
        let (mut rows, mut row_places) = (Vec::new(), vec![0]);
        for s in 0..count {
            of_column[starts[s]..starts[s + 1]].fill(s as u32);
            let from = symbolic.col_ptr_for_row_idx()[s];
            let found = &symbolic.row_idx()[from..][..symbolic.nnz_per_super()[s]];
            rows.extend(found.iter().map(|&row| row as u32));
            row_places.push(rows.len());
        }
        let places = symbolic.col_ptr_for_val()[..count + 1].to_vec();
        FactorLayout { starts, places, row_places, rows, of_column }
    }

    /// Number of rows and columns of L.
    pub fn order(&self) -> usize {
        self.of_column.len()
    }

    /// Number of supernodes.
    pub fn supernodes(&self) -> usize {
        self.starts.len() - 1
    }

    /// Stored values, the zeros inside blocks included.
    pub fn values(&self) -> usize {
        self.places[self.places.len() - 1]
    }

    /// Values of the lower triangle, the zeros kept in it by joined columns included.
    pub fn nonzeros(&self) -> usize {
        let of = |s| {
            let width = self.columns(s).len();
            width * (width + 1) / 2 + width * self.rows(s).len()
        };
        (0..self.supernodes()).map(of).sum()
    }

    /// The sum over the columns of the lower triangle of the squares of their numbers of values.
    pub fn operations(&self) -> f64 {
        let of = |s| {
            let width = self.columns(s).len();
            let heights = (1..=width).map(|j| (j + self.rows(s).len()) as f64);
            heights.map(|height| height * height).sum::<f64>()
        };
        (0..self.supernodes()).map(of).sum()
    }

    /// The columns of a supernode.
    pub fn columns(&self, s: usize) -> Range<usize> {
        self.starts[s]..self.starts[s + 1]
    }

    /// The rows below the columns of a supernode, rising.
    pub fn rows(&self, s: usize) -> &[u32] {
        &self.rows[self.row_places[s]..self.row_places[s + 1]]
    }

    /// Where the block of a supernode is stored.
    pub fn place(&self, s: usize) -> Range<usize> {
        self.places[s]..self.places[s + 1]
    }

    /// The supernodes that lie in a range of columns as a whole.
    pub fn inside(&self, columns: &Range<usize>) -> Range<usize> {
        let first = self.starts.partition_point(|&start| start < columns.start);
        let end = self.starts.partition_point(|&end| end <= columns.end) - 1;
        first..end.max(first)
    }

    /// The supernodes of a part that lie in neither of its halves.
    pub fn separators(&self, part: &Subdomain, inside: &Range<usize>) -> Range<usize> {
        let halves = part.halves.as_ref().map(|halves| self.inside(&halves[1].range).end);
        halves.unwrap_or(inside.start)..inside.end
    }
}

/// A column block that still has to be subtracted from later ones: the supernode, and the first
/// of its rows that is not dealt with.
pub type Waiting = (u32, u32);

/// A pivot that is not positive, at this place of the order.
pub struct NotPositive(pub usize);

/// Factors a symmetric positive definite matrix, `order` telling which of its rows is eliminated
/// at each place.
pub struct Factorisation<'a> {
    pub layout: &'a FactorLayout,
    pub matrix: &'a CsMat<f64>,
    pub order: &'a [usize],
    pub place: &'a [usize],
}

impl Factorisation<'_> {
    /// Where the block of a supernode begins.
    pub fn offset(&self, s: usize) -> usize {
        self.layout.places[s]
    }
}
