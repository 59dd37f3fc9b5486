//! Central differences at the sample points, by which the residuals of every method are measured alike.

use super::axis_pairs;
use super::row::{Difference, Differences};
use crate::field::{Layout, VectorField};
use crate::grid::{Domain, Grid, ravel, unravel};
use rayon::prelude::*;
use std::ops::Range;

/// Second-order central differences of point values, as a user would check a result with.
///
/// A point counts only where both neighbours are active along every axis a difference is taken along (all of
/// them for a divergence, the two of its pair for a component of a curl), so that nothing one-sided
/// enters. Unlike the operators a method projects with, these differences see the truncation error O(h²).
pub struct Central<const D: usize> {
    domain: Domain<D>,
}

/// The sum of squares over the points that count, and whether there are any.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Squares {
    sum: f64,
    counts: bool,
}

impl Squares {
    pub(crate) fn plus(self, other: Squares) -> Squares {
        Squares { sum: self.sum + other.sum, counts: self.counts || other.counts }
    }

    /// 0 over the same points.
    pub(crate) fn nothing(self) -> Squares {
        Squares { sum: 0.0, ..self }
    }

    /// The root; NaN where no point counts.
    pub(crate) fn root(self) -> f64 {
        if self.counts { self.sum.sqrt() } else { f64::NAN }
    }
}

/// A row along x of a component at the points: (component, number of the row).
pub(crate) trait PointRows: Sync {
    fn row(&self, k: usize, row: usize) -> &[f64];
}

impl<const D: usize> PointRows for VectorField<D> {
    fn row(&self, k: usize, row: usize) -> &[f64] {
        let nx = self.grid().shape()[0];
        &self.component(k).values()[row * nx..][..nx]
    }
}

impl<const D: usize> Central<D> {
    /// Central differences on a domain.
    pub fn new(domain: Domain<D>) -> Central<D> {
        Central { domain }
    }

    /// ‖∇·v‖ over the points that count (root of the sum of squares); NaN where none does.
    ///
    /// # Panics
    /// On a staggered field: how it comes to the points is the caller's choice.
    pub fn divergence_norm(&self, v: &VectorField<D>) -> f64 {
        self.over_all(v, |rows| self.divergence_squares(v, rows))
    }

    /// ‖∇∧v‖ over the points that count, each pair of axes once; NaN where none does.
    ///
    /// # Panics
    /// On a staggered field.
    pub fn curl_norm(&self, v: &VectorField<D>) -> f64 {
        self.over_all(v, |rows| self.curl_squares(v, rows))
    }

    fn over_all(&self, v: &VectorField<D>, of: impl Fn(Range<usize>) -> Squares + Sync) -> f64 {
        assert_eq!(v.layout(), Layout::Points, "central differences need values at the points");
        let rows: usize = self.domain.grid().shape()[1..].iter().product();
        let share = 1 + (1 << 15) / self.domain.grid().shape()[0];
        let tasks = (0..rows.div_ceil(share)).into_par_iter();
        let tasks: Vec<_> = tasks.map(|t| of(t * share..((t + 1) * share).min(rows))).collect();
        tasks.into_iter().fold(Squares::default(), Squares::plus).root()
    }

    /// The squares of the divergence in some rows.
    pub(crate) fn divergence_squares(&self, v: &impl PointRows, rows: Range<usize>) -> Squares {
        let axes: Vec<usize> = (0..D).collect();
        let terms: Vec<_> = axes.iter().map(|&k| (k, k, 1.0)).collect();
        self.squares(v, &terms, rows)
    }

    /// The squares of all components of the curl in some rows.
    pub(crate) fn curl_squares(&self, v: &impl PointRows, rows: Range<usize>) -> Squares {
        let of_pair = |(a, b)| self.squares(v, &[(b, a, 1.0), (a, b, -1.0)], rows.clone());
        axis_pairs::<D>().into_iter().map(of_pair).fold(Squares::default(), Squares::plus)
    }

    /// The squares of Σ sign ∂_along component over terms (component, along, sign).
    fn squares(
        &self,
        v: &impl PointRows,
        terms: &[(usize, usize, f64)],
        rows: Range<usize>,
    ) -> Squares {
        let nx = self.domain.grid().shape()[0];
        let (mut space, mut counts) = (Vec::new(), Vec::new());
        let mut found = Squares::default();
        for row in rows {
            let index = unravel(self.domain.grid().shape(), row * nx);
            let Some(differences) = self.differences(v, terms, (row, index)) else { continue };
            if self.domain.mask().is_some() {
                self.count(row, index, terms, &mut counts);
                found.counts |= counts[differences.places()].contains(&true);
                found.sum += differences.squares_where(&counts, &mut space);
            } else {
                found.counts |= !differences.places().is_empty();
                found.sum += differences.squares();
            }
        }
        found
    }

    /// A row; `None` where a neighbour is beyond a wall of the grid, as the ends of a bounded row are.
    fn differences<'a>(
        &self,
        v: &'a impl PointRows,
        terms: &[(usize, usize, f64)],
        (row, index): (usize, [usize; D]),
    ) -> Option<Differences<'a>> {
        let grid = self.domain.grid();
        let nx = grid.shape()[0];
        let along_x = terms.iter().any(|t| t.1 == 0);
        let first = usize::from(along_x);
        let inside = first..nx.saturating_sub(first).max(first);
        let mut seam = [0.0; 2];
        let mut found = Differences::new(first);
        for &(component, along, sign) in terms {
            let scale = 0.5 * sign / grid.axes()[along].spacing;
            if along == 0 {
                let own = v.row(component, row);
                seam[0] += scale * (own[1 % nx] - own[nx - 1]);
                seam[1] += scale * (own[0] - own[(2 * nx - 2) % nx]);
                let (lower, upper) = (&own[..inside.len()], &own[nx - inside.len()..]);
                found.add(Difference { scale, lower, upper });
                continue;
            }
            let [lower, upper] = beside(grid, index, along)?.map(|row| v.row(component, row));
            let ends = [0, nx - 1].map(|i| scale * (upper[i] - lower[i]));
            seam.iter_mut().zip(ends).for_each(|(sum, end)| *sum += end);
            let (lower, upper) = (&lower[inside.clone()], &upper[inside.clone()]);
            found.add(Difference { scale, lower, upper });
        }
        if along_x && !grid.axes()[0].bounded() {
            found.seam = [Some((0, seam[0])), Some((nx - 1, seam[1])).filter(|_| nx > 1)];
        }
        Some(found)
    }

    /// Which points of a row count under the mask.
    fn count(
        &self,
        row: usize,
        index: [usize; D],
        terms: &[(usize, usize, f64)],
        counts: &mut Vec<bool>,
    ) {
        let (grid, mask) = (self.domain.grid(), self.domain.mask().expect("a masked domain"));
        let nx = grid.shape()[0];
        let of_row = |row: usize| &mask[row * nx..][..nx];
        let own = of_row(row);
        counts.clear();
        counts.extend_from_slice(own);
        for &(_, along, _) in terms {
            if along == 0 {
                let between = own.iter().zip(&own[2.min(nx)..]);
                let inside = counts[1..].iter_mut().zip(between);
                inside.for_each(|(c, (below, above))| *c &= *below && *above);
                counts[0] &= own[nx - 1] && own[1 % nx];
                counts[nx - 1] &= own[(2 * nx - 2) % nx] && own[0];
            } else if let Some(rows) = beside(grid, index, along) {
                for row in rows {
                    counts.iter_mut().zip(of_row(row)).for_each(|(c, active)| *c &= *active);
                }
            }
        }
    }
}

/// The numbers of the rows below and above along an axis; `None` at a wall of the grid.
fn beside<const D: usize>(grid: &Grid<D>, index: [usize; D], along: usize) -> Option<[usize; 2]> {
    let row = |i: usize| {
        let mut index = index;
        index[along] = i;
        ravel(grid.shape(), index) / grid.shape()[0]
    };
    match grid.axes()[along].neighbours(index[along]) {
        [Some(below), Some(above)] => Some([row(below), row(above)]),
        _ => None,
    }
}
