//! A least-squares problem as a triangle, solved with free signs or with signs that may not be negative.

use super::triangle::upper;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::svd::{ComputeSvdVectors, svd, svd_scratch};
use faer::{Mat, Par};

/// A unit is taken in while its cosine with what is left, times the length of the right side, is above this.
const ENOUGH: f64 = 1e-7;

/// ‖A c − b‖ for the first columns of a matrix A, given R of [A | b].
pub struct System {
    triangle: Mat<f64>,
    lengths: Vec<f64>,
    /// The first unknowns, whose signs are always free.
    free: usize,
}

/// An answer.
pub struct Answer {
    /// c.
    pub unknowns: Vec<f64>,
    /// QᵀA c: a fit in orthonormal coordinates, the same for every number of columns.
    pub fitted: Vec<f64>,
    /// ‖A c − b‖.
    pub residual: f64,
    /// Unknowns, or combinations of them, that count.
    pub used: usize,
}

impl System {
    /// From R of [A | b]; columns of zeros stay zero.
    pub fn new(mut triangle: Mat<f64>, free: usize) -> System {
        let columns = triangle.ncols() - 1;
        let length = |j: usize| triangle.col(j).norm_l2();
        let lengths: Vec<f64> =
            (0..columns).map(length).map(|l| if l > 0.0 { l } else { 1.0 }).collect();
        for (j, length) in lengths.iter().enumerate() {
            (0..=j).for_each(|i| triangle[(i, j)] /= length);
        }
        System { triangle, lengths, free }
    }

    fn right(&self, i: usize) -> f64 {
        self.triangle[(i, self.triangle.ncols() - 1)]
    }

    /// The answer of a fit of some of the first columns.
    fn answer(&self, scaled: Vec<f64>, fitted: Vec<f64>, used: usize) -> Answer {
        let left = |i: usize| self.right(i) - fitted.get(i).copied().unwrap_or(0.0);
        let residual = (0..self.triangle.nrows()).map(|i| left(i).powi(2)).sum::<f64>().sqrt();
        let unknowns = scaled.iter().zip(&self.lengths).map(|(c, length)| c / length).collect();
        Answer { unknowns, fitted, residual, used }
    }

    /// The least c of least ‖A c − b‖ by the first `count` columns, without singular values of at most `cut` times the largest,
    /// the columns having length 1; `None` if they are not found.
    pub fn least_squares(&self, count: usize, cut: f64) -> Option<Answer> {
        let square = self.triangle.submatrix(0, 0, count, count);
        let (mut u, mut v) = (Mat::<f64>::zeros(count, count), Mat::<f64>::zeros(count, count));
        let mut values = faer::Col::<f64>::zeros(count);
        let thin = ComputeSvdVectors::Thin;
        let scratch = svd_scratch::<f64>(count, count, thin, thin, Par::Seq, Default::default());
        let mut space = MemBuffer::new(scratch);
        let stack = MemStack::new(&mut space);
        let diagonal = values.as_mut().as_diagonal_mut();
        let vectors = (Some(u.as_mut()), Some(v.as_mut()));
        svd(square, diagonal, vectors.0, vectors.1, Par::Seq, stack, Default::default()).ok()?;
        let used = (0..count).take_while(|&i| values[i] > cut * values[0]).count();
        let along = |k: usize| (0..count).map(|i| u[(i, k)] * self.right(i)).sum::<f64>();
        let along: Vec<f64> = (0..used).map(along).collect();
        let sum = |matrix: &Mat<f64>, i: usize, weight: &dyn Fn(usize) -> f64| {
            (0..used).map(|k| matrix[(i, k)] * weight(k)).sum::<f64>()
        };
        let fitted = (0..count).map(|i| sum(&u, i, &|k| along[k])).collect();
        let scaled = (0..count).map(|i| sum(&v, i, &|k| along[k] / values[k])).collect();
        Some(self.answer(scaled, fitted, used))
    }

    /// c of least ‖A c − b‖ by the first `count` columns with c ≥ 0 but for the free ones (Lawson and Hanson 1974); `None`
    /// if that does not end.
    pub fn nonnegative(&self, count: usize) -> Option<Answer> {
        let enough = ENOUGH * (0..count).map(|i| self.right(i).powi(2)).sum::<f64>().sqrt();
        let mut barred = vec![false; count];
        let mut chosen: Vec<usize> = (0..self.free).collect();
        let mut values = self.solve(&chosen);
        for _ in 0..10 * count {
            let fitted = self.fitted(&chosen, &values, count);
            let Some(next) = self.steepest(&fitted, &chosen, &barred, enough) else {
                let mut scaled = vec![0.0; count];
                chosen.iter().zip(&values).for_each(|(j, value)| scaled[*j] = *value);
                return Some(self.answer(scaled, fitted, chosen.len()));
            };
            chosen.push(next);
            values.push(0.0);
            // Rounding may turn back a unit that all but depends on the others.
            match self.descend(&mut chosen, &mut values) {
                true => barred.fill(false),
                false => barred[next] = true,
            }
        }
        None
    }

    /// The unit that leads down most steeply, if one leads down enough.
    fn steepest(
        &self,
        fitted: &[f64],
        chosen: &[usize],
        barred: &[bool],
        enough: f64,
    ) -> Option<usize> {
        let count = fitted.len();
        let left: Vec<f64> = (0..count).map(|i| self.right(i) - fitted[i]).collect();
        let slope = |j: usize| (0..=j).map(|i| self.triangle[(i, j)] * left[i]).sum::<f64>();
        let open = (self.free..count).filter(|j| !barred[*j] && !chosen.contains(j));
        let best = open.map(|j| (slope(j), j)).max_by(|a, b| a.0.total_cmp(&b.0))?;
        (best.0 > enough).then_some(best.1)
    }

    /// Goes towards the free answer of the chosen columns as far as none turns negative, leaves out those that end at
    /// 0, and so on; whether the last column was kept the first time.
    fn descend(&self, chosen: &mut Vec<usize>, values: &mut Vec<f64>) -> bool {
        let last = chosen[chosen.len() - 1];
        loop {
            let goal = self.solve(chosen);
            let step = |i: usize| match chosen[i] >= self.free && goal[i] <= 0.0 {
                true => Some((values[i] / (values[i] - goal[i])).max(0.0)),
                false => None,
            };
            let Some(least) = (0..goal.len()).filter_map(step).min_by(f64::total_cmp) else {
                *values = goal;
                return chosen.contains(&last);
            };
            let least = if least.is_nan() { 0.0 } else { least };
            let at_zero = |i: usize| step(i).is_some_and(|s| s.is_nan() || s <= least);
            let moved = |i: usize| values[i] + least * (goal[i] - values[i]);
            let moved: Vec<f64> = (0..goal.len()).map(moved).collect();
            let kept: Vec<usize> = (0..goal.len()).filter(|i| !at_zero(*i)).collect();
            *values = kept.iter().map(|i| moved[*i]).collect();
            *chosen = kept.iter().map(|i| chosen[*i]).collect();
        }
    }

    /// R c of the chosen columns, the first `count` rows.
    fn fitted(&self, chosen: &[usize], values: &[f64], count: usize) -> Vec<f64> {
        let mut fitted = vec![0.0; count];
        for (j, value) in chosen.iter().zip(values) {
            (0..=*j).for_each(|i| fitted[i] += self.triangle[(i, *j)] * value);
        }
        fitted
    }

    /// The free answer of the chosen columns.
    fn solve(&self, chosen: &[usize]) -> Vec<f64> {
        let rows = chosen.iter().max().map_or(0, |j| j + 1);
        let count = chosen.len();
        let entry = |i: usize, j: usize| match chosen.get(j) {
            Some(column) if i <= *column => self.triangle[(i, *column)],
            Some(_) => 0.0,
            None => self.right(i),
        };
        let r = upper(Mat::from_fn(rows, count + 1, entry));
        let mut values = vec![0.0; count];
        for i in (0..count).rev() {
            let above: f64 = (i + 1..count).map(|j| r[(i, j)] * values[j]).sum();
            let pivot = r[(i, i)];
            values[i] = if pivot == 0.0 { 0.0 } else { (r[(i, count)] - above) / pivot };
        }
        values
    }
}
