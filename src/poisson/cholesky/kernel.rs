//! Substitution with the columns of one dense block, K = 1 or a multiple of the lanes of a vector.
//!
//! Loops, not closures: a closure that the compiler does not inline is compiled without wide vectors.

use pulp::Simd;
use std::ops::Range;

/// The K values of one unknown.
pub type Unknown<const K: usize> = [f64; K];

/// Columns taken together, so that the right-hand sides are read and written less often.
const GROUP: usize = 4;

/// Columns after which the rows below are shared between threads.
const PANEL: usize = 64;

/// Some columns of a block of L, which is stored column by column.
pub struct Panel<'a> {
    pub block: &'a [f64],
    /// Rows of the block.
    pub height: usize,
    pub range: Range<usize>,
}

impl<'a> Panel<'a> {
    /// The columns, a panel at a time.
    pub fn panels(&self) -> impl DoubleEndedIterator<Item = Panel<'a>> {
        let (block, height, end) = (self.block, self.height, self.range.end);
        let starts = self.range.clone().step_by(PANEL);
        starts.map(move |first| Panel { block, height, range: first..(first + PANEL).min(end) })
    }

    /// Rows of a column.
    #[inline(always)]
    fn column(&self, j: usize, rows: Range<usize>) -> &'a [f64] {
        &self.block[j * self.height..][rows]
    }

    /// Some columns from the j-th on.
    #[inline(always)]
    fn columns<const G: usize>(&self, j: usize, rows: Range<usize>) -> [&'a [f64]; G] {
        let mut columns = [&self.block[..0]; G];
        for c in 0..G {
            columns[c] = self.column(j + c, rows.clone());
        }
        columns
    }

    /// The columns in turn: each gives its unknown, which is subtracted from the line below.
    #[inline(always)]
    pub fn forward<S: Simd, const K: usize>(&self, simd: S, line: &mut [Unknown<K>]) {
        let Range { start, end } = self.range;
        let grouped = end - (end - start) % GROUP;
        for j in (start..grouped).step_by(GROUP) {
            let columns: [&[f64]; GROUP] = self.columns(j, j..line.len());
            // Computed ahead of the chain of unknowns, each of which needs the one before.
            let inverse = inverses(&columns);
            let mut found = [[0.0; K]; GROUP];
            for c in 0..GROUP {
                let mut value = line[j + c];
                for e in 0..c {
                    (0..K).for_each(|k| value[k] -= columns[e][c] * found[e][k]);
                }
                found[c] = value.map(|v| v * inverse[c]);
                line[j + c] = found[c];
            }
            subtract(simd, columns.map(|c| &c[GROUP..]), &found, &mut line[j + GROUP..]);
        }
        for j in grouped..end {
            let column = self.column(j, j..line.len());
            let found = line[j].map(|x| x / column[0]);
            line[j] = found;
            subtract(simd, [&column[1..]], &[found], &mut line[j + 1..]);
        }
    }

    /// The same with the transpose, from the last column to the first: the line below is known.
    #[inline(always)]
    pub fn backward<S: Simd, const K: usize>(&self, simd: S, line: &mut [Unknown<K>]) {
        let Range { start, end } = self.range;
        let grouped = end - (end - start) % GROUP;
        for j in (grouped..end).rev() {
            let column = self.column(j, j..line.len());
            let [sum] = products(simd, [&column[1..]], &line[j + 1..]);
            (0..K).for_each(|k| line[j][k] = (line[j][k] - sum[k]) / column[0]);
        }
        for j in (start..grouped).step_by(GROUP).rev() {
            let columns: [&[f64]; GROUP] = self.columns(j, j..line.len());
            let inverse = inverses(&columns);
            let sums = products(simd, columns.map(|c| &c[GROUP..]), &line[j + GROUP..]);
            for c in (0..GROUP).rev() {
                let mut value = line[j + c];
                (0..K).for_each(|k| value[k] -= sums[c][k]);
                for e in c + 1..GROUP {
                    (0..K).for_each(|k| value[k] -= columns[c][e] * line[j + e][k]);
                }
                line[j + c] = value.map(|v| v * inverse[c]);
            }
        }
    }

    /// Subtracts from the unknowns of the rows `from` on what the `found` ones contribute.
    #[inline(always)]
    pub fn subtract<S: Simd, const K: usize>(
        &self,
        simd: S,
        from: usize,
        found: &[Unknown<K>],
        x: &mut [Unknown<K>],
    ) {
        let rows = from..from + x.len();
        let (groups, rest) = found.as_chunks::<GROUP>();
        let mut j = self.range.start;
        for found in groups {
            subtract(simd, self.columns(j, rows.clone()), found, x);
            j += GROUP;
        }
        for found in rest {
            subtract(simd, [self.column(j, rows.clone())], &[*found], x);
            j += 1;
        }
    }

    /// The inner products of every column with the unknowns of the rows `from` on.
    #[inline(always)]
    pub fn products<S: Simd, const K: usize>(
        &self,
        simd: S,
        from: usize,
        x: &[Unknown<K>],
    ) -> Vec<Unknown<K>> {
        let rows = from..from + x.len();
        let Range { start, end } = self.range;
        let grouped = end - (end - start) % GROUP;
        let mut sums = Vec::with_capacity(self.range.len());
        for j in (start..grouped).step_by(GROUP) {
            sums.extend(products::<S, K, GROUP>(simd, self.columns(j, rows.clone()), x));
        }
        for j in grouped..end {
            sums.extend(products(simd, [self.column(j, rows.clone())], x));
        }
        sums
    }
}

/// One over the diagonal of some columns.
#[inline(always)]
fn inverses(columns: &[&[f64]; GROUP]) -> [f64; GROUP] {
    let mut inverses = [0.0; GROUP];
    for c in 0..GROUP {
        inverses[c] = 1.0 / columns[c][c];
    }
    inverses
}

/// x −= Σ column·found.
#[inline(always)]
fn subtract<S: Simd, const K: usize, const G: usize>(
    simd: S,
    columns: [&[f64]; G],
    found: &[Unknown<K>; G],
    x: &mut [Unknown<K>],
) {
    match K / S::F64_LANES {
        1 if K > 1 => subtract_rows::<S, K, G, 1>(simd, columns, found, x),
        2 => subtract_rows::<S, K, G, 2>(simd, columns, found, x),
        4 => subtract_rows::<S, K, G, 4>(simd, columns, found, x),
        8 => subtract_rows::<S, K, G, 8>(simd, columns, found, x),
        _ => subtract_line(simd, columns, found.map(|f| f[0]), x.as_flattened_mut()),
    }
}

/// With the V vectors of a row.
#[inline(always)]
fn subtract_rows<S: Simd, const K: usize, const G: usize, const V: usize>(
    simd: S,
    columns: [&[f64]; G],
    found: &[Unknown<K>; G],
    x: &mut [Unknown<K>],
) {
    let found: [[S::f64s; V]; G] = found.each_ref().map(|f| vectors::<S, V>(f));
    let columns = columns.map(|c| &c[..x.len()]);
    for (i, x) in x.iter_mut().enumerate() {
        let (x, _) = S::as_mut_simd_f64s(x);
        let mut a = [simd.splat_f64s(0.0); G];
        for c in 0..G {
            a[c] = simd.splat_f64s(columns[c][i]);
        }
        for v in 0..V {
            let mut value = x[v];
            for c in 0..G {
                value = simd.negate_mul_add_e_f64s(a[c], found[c][v], value);
            }
            x[v] = value;
        }
    }
}

#[inline(always)]
fn vectors<S: Simd, const V: usize>(row: &[f64]) -> [S::f64s; V] {
    let (vectors, _) = S::as_simd_f64s(row);
    let mut first = [vectors[0]; V];
    first.copy_from_slice(&vectors[..V]);
    first
}

/// With as many rows of one right-hand side as a vector holds.
#[inline(always)]
fn subtract_line<S: Simd, const G: usize>(
    simd: S,
    columns: [&[f64]; G],
    found: [f64; G],
    x: &mut [f64],
) {
    let parts = columns.map(|c| S::as_simd_f64s(&c[..x.len()]));
    let mut splat = [simd.splat_f64s(0.0); G];
    for c in 0..G {
        splat[c] = simd.splat_f64s(found[c]);
    }
    let (x, rest) = S::as_mut_simd_f64s(x);
    let heads = parts.map(|(head, _)| &head[..x.len()]);
    for (i, x) in x.iter_mut().enumerate() {
        let mut value = *x;
        for c in 0..G {
            value = simd.negate_mul_add_e_f64s(heads[c][i], splat[c], value);
        }
        *x = value;
    }
    let tails = parts.map(|(_, tail)| &tail[..rest.len()]);
    for (i, x) in rest.iter_mut().enumerate() {
        (0..G).for_each(|c| *x -= tails[c][i] * found[c]);
    }
}

/// The inner products of each column with the K lines.
#[inline(always)]
fn products<S: Simd, const K: usize, const G: usize>(
    simd: S,
    columns: [&[f64]; G],
    x: &[Unknown<K>],
) -> [Unknown<K>; G] {
    match K / S::F64_LANES {
        1 if K > 1 => products_of_rows::<S, K, G, 1>(simd, columns, x),
        2 => products_of_rows::<S, K, G, 2>(simd, columns, x),
        4 => products_of_rows::<S, K, G, 4>(simd, columns, x),
        8 => products_of_rows::<S, K, G, 8>(simd, columns, x),
        _ => products_of_line(simd, columns, x.as_flattened()).map(|sum| [sum; K]),
    }
}

#[inline(always)]
fn products_of_rows<S: Simd, const K: usize, const G: usize, const V: usize>(
    simd: S,
    columns: [&[f64]; G],
    x: &[Unknown<K>],
) -> [Unknown<K>; G] {
    let mut sums = [[simd.splat_f64s(0.0); V]; G];
    let columns = columns.map(|c| &c[..x.len()]);
    for (i, x) in x.iter().enumerate() {
        let x: [S::f64s; V] = vectors::<S, V>(x);
        for c in 0..G {
            let a = simd.splat_f64s(columns[c][i]);
            for v in 0..V {
                sums[c][v] = simd.mul_add_e_f64s(a, x[v], sums[c][v]);
            }
        }
    }
    sums.map(|sums| {
        let mut row = [0.0; K];
        S::as_mut_simd_f64s(&mut row).0.copy_from_slice(&sums);
        row
    })
}

/// With two sums a column, so that additions do not wait for each other.
#[inline(always)]
fn products_of_line<S: Simd, const G: usize>(simd: S, columns: [&[f64]; G], x: &[f64]) -> [f64; G] {
    let parts = columns.map(|c| S::as_simd_f64s(&c[..x.len()]));
    let (x, rest) = S::as_simd_f64s(x);
    let heads = parts.map(|(head, _)| &head[..x.len()]);
    let mut sums = [[simd.splat_f64s(0.0); 2]; G];
    let pairs = x.len() / 2;
    for i in 0..pairs {
        for c in 0..G {
            for p in 0..2 {
                sums[c][p] = simd.mul_add_e_f64s(heads[c][2 * i + p], x[2 * i + p], sums[c][p]);
            }
        }
    }
    for i in 2 * pairs..x.len() {
        (0..G).for_each(|c| sums[c][0] = simd.mul_add_e_f64s(heads[c][i], x[i], sums[c][0]));
    }
    let mut totals = [0.0; G];
    for c in 0..G {
        for (a, x) in parts[c].1.iter().zip(rest) {
            totals[c] += a * x;
        }
        totals[c] += simd.reduce_sum_f64s(simd.add_f64s(sums[c][0], sums[c][1]));
    }
    totals
}
