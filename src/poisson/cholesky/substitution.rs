//! Forward and backward substitution for K right-hand sides at once.

use super::super::dissection::Part;
use super::supernodal::Layout;
use pulp::{Arch, NullaryFnOnce};

/// The values of L with their layout.
pub struct Factor<'a> {
    pub layout: &'a Layout,
    pub values: &'a [f64],
}

/// The K values of one unknown.
type Row<const K: usize> = [f64; K];

/// Columns taken together, so that the right-hand sides are read and written less often.
const GROUP: usize = 4;

impl Factor<'_> {
    /// x = (L Lᵀ)⁻¹ x in the order of elimination. Independent parts are substituted by different
    /// threads; every value of L is read twice for all K right-hand sides.
    pub fn solve<const K: usize>(&self, whole: &Part, x: &mut [Row<K>]) {
        let depth = rayon::current_num_threads().next_power_of_two().ilog2();
        self.forward(whole, depth, x, &mut []);
        self.backward(whole, depth, x, &[]);
    }

    /// L x = b inside a part; `x` are its unknowns, and `later` those from its end on lose what the part
    /// contributes to them.
    fn forward<const K: usize>(
        &self,
        part: &Part,
        depth: u32,
        x: &mut [Row<K>],
        later: &mut [Row<K>],
    ) {
        let inside = self.layout.inside(&part.range);
        let mut separators = inside.clone();
        let first = part.range.start;
        if let (Some(halves), true) = (&part.halves, depth > 0) {
            separators = self.layout.separators(part, &inside);
            let [a, b] = &**halves;
            let (left, rest) = x.split_at_mut(a.range.len());
            let (right, own) = rest.split_at_mut(b.range.len());
            let mut from_b = vec![[0.0; K]; own.len() + later.len()];
            let mut from_a = vec![[0.0; K]; b.range.len() + from_b.len()];
            rayon::join(
                || self.forward(a, depth - 1, left, &mut from_a),
                || self.forward(b, depth - 1, right, &mut from_b),
            );
            let (to_b, from_a) = from_a.split_at(b.range.len());
            // A supernode that crosses into b is no part of a, so a has nothing for b.
            debug_assert!(to_b.iter().flatten().all(|v| *v == 0.0));
            for (i, (a, b)) in from_a.iter().zip(&from_b).enumerate() {
                let target = match i.checked_sub(own.len()) {
                    None => &mut own[i],
                    Some(i) => &mut later[i],
                };
                target.iter_mut().zip(a).zip(b).for_each(|((t, a), b)| *t += a + b);
            }
        }
        let (arch, mut line) = (Arch::new(), Vec::new());
        for s in separators {
            let (columns, rows) = (self.layout.columns(s), self.layout.rows(s));
            let own = columns.start - first..columns.end - first;
            line.clear();
            line.extend_from_slice(&x[own.clone()]);
            line.resize(columns.len() + rows.len(), [0.0; K]);
            let block = &self.values[self.layout.place(s)];
            arch.dispatch(Forward { block, width: columns.len(), line: &mut line });
            x[own].copy_from_slice(&line[..columns.len()]);
            let end = x.len();
            for (&row, value) in rows.iter().zip(&line[columns.len()..]) {
                let target = match (row as usize - first).checked_sub(end) {
                    None => &mut x[row as usize - first],
                    Some(i) => &mut later[i],
                };
                target.iter_mut().zip(value).for_each(|(t, v)| *t += v);
            }
        }
    }

    /// Lᵀ x = b inside a part; `later` are the unknowns from its end on, which are known.
    fn backward<const K: usize>(
        &self,
        part: &Part,
        depth: u32,
        x: &mut [Row<K>],
        later: &[Row<K>],
    ) {
        let inside = self.layout.inside(&part.range);
        let split = part.halves.as_ref().filter(|_| depth > 0);
        let separators =
            if split.is_some() { self.layout.separators(part, &inside) } else { inside };
        let first = part.range.start;
        let (arch, mut line) = (Arch::new(), Vec::new());
        for s in separators.rev() {
            let (columns, rows) = (self.layout.columns(s), self.layout.rows(s));
            let own = columns.start - first..columns.end - first;
            line.clear();
            line.extend_from_slice(&x[own.clone()]);
            line.extend(rows.iter().map(
                |&row| match (row as usize - first).checked_sub(x.len()) {
                    None => x[row as usize - first],
                    Some(i) => later[i],
                },
            ));
            let block = &self.values[self.layout.place(s)];
            arch.dispatch(Backward { block, width: columns.len(), line: &mut line });
            x[own].copy_from_slice(&line[..columns.len()]);
        }
        let Some(halves) = split else { return };
        let [a, b] = &**halves;
        let (left, rest) = x.split_at_mut(a.range.len());
        let (right, own) = rest.split_at_mut(b.range.len());
        let known: Vec<Row<K>> = own.iter().chain(later).copied().collect();
        // The unknowns of b stand between those of a and what a depends on.
        let gap = vec![[0.0; K]; b.range.len()];
        let known_to_a: Vec<Row<K>> = gap.iter().chain(&known).copied().collect();
        rayon::join(
            || self.backward(a, depth - 1, left, &known_to_a),
            || self.backward(b, depth - 1, right, &known),
        );
    }
}

/// [`eliminate_forward`], to be compiled for the widest vectors of the processor.
struct Forward<'a, const K: usize> {
    block: &'a [f64],
    width: usize,
    line: &'a mut [Row<K>],
}

impl<const K: usize> NullaryFnOnce for Forward<'_, K> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        eliminate_forward(self.block, self.width, self.line);
    }
}

/// [`eliminate_backward`], likewise.
struct Backward<'a, const K: usize> {
    block: &'a [f64],
    width: usize,
    line: &'a mut [Row<K>],
}

impl<const K: usize> NullaryFnOnce for Backward<'_, K> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        eliminate_backward(self.block, self.width, self.line);
    }
}

/// The columns of a block, `width` of them, subtracted from the line below each.
#[inline(always)]
fn eliminate_forward<const K: usize>(block: &[f64], width: usize, line: &mut [Row<K>]) {
    let height = line.len();
    let mut j = 0;
    while j + GROUP <= width {
        let columns: [&[f64]; GROUP] =
            std::array::from_fn(|c| &block[(j + c) * height..][..height]);
        let mut found = [[0.0; K]; GROUP];
        for c in 0..GROUP {
            for k in 0..K {
                let known: f64 = (0..c).map(|e| columns[e][j + c] * found[e][k]).sum();
                found[c][k] = (line[j + c][k] - known) / columns[c][j + c];
            }
            line[j + c] = found[c];
        }
        let [c0, c1, c2, c3] = columns.map(|c| &c[j + GROUP..]);
        let rest = line[j + GROUP..].iter_mut().zip(c0).zip(c1).zip(c2).zip(c3);
        for ((((x, a), b), c), d) in rest {
            for k in 0..K {
                x[k] -= a * found[0][k] + b * found[1][k] + c * found[2][k] + d * found[3][k];
            }
        }
        j += GROUP;
    }
    for j in j..width {
        let column = &block[j * height..][..height];
        let found = line[j].map(|x| x / column[j]);
        line[j] = found;
        for (x, a) in line[j + 1..].iter_mut().zip(&column[j + 1..]) {
            for k in 0..K {
                x[k] -= a * found[k];
            }
        }
    }
}

/// The same with the transpose: the line below a column is known.
#[inline(always)]
fn eliminate_backward<const K: usize>(block: &[f64], width: usize, line: &mut [Row<K>]) {
    let height = line.len();
    let grouped = width - width % GROUP;
    for j in (grouped..width).rev() {
        let column = &block[j * height..][..height];
        let mut sum = [0.0; K];
        for (x, a) in line[j + 1..].iter().zip(&column[j + 1..]) {
            for k in 0..K {
                sum[k] += a * x[k];
            }
        }
        for k in 0..K {
            line[j][k] = (line[j][k] - sum[k]) / column[j];
        }
    }
    for j in (0..grouped).step_by(GROUP).rev() {
        let columns: [&[f64]; GROUP] =
            std::array::from_fn(|c| &block[(j + c) * height..][..height]);
        let sums = products(columns.map(|c| &c[j + GROUP..]), &line[j + GROUP..]);
        for c in (0..GROUP).rev() {
            for k in 0..K {
                let known: f64 = (c + 1..GROUP).map(|e| columns[c][j + e] * line[j + e][k]).sum();
                line[j + c][k] = (line[j + c][k] - sums[c][k] - known) / columns[c][j + c];
            }
        }
    }
}

/// The inner products of each column with the K lines.
#[inline(always)]
fn products<const K: usize>(columns: [&[f64]; GROUP], x: &[Row<K>]) -> [Row<K>; GROUP] {
    // With few right-hand sides the additions of one sum would wait for each other; with many the sums
    // would not fit into the registers.
    if K < 4 {
        products_in_lanes::<K, 4>(columns, x)
    } else {
        products_in_lanes::<K, 1>(columns, x)
    }
}

/// With a sum for each of the lanes.
#[inline(always)]
fn products_in_lanes<const K: usize, const LANES: usize>(
    columns: [&[f64]; GROUP],
    x: &[Row<K>],
) -> [Row<K>; GROUP] {
    let mut sums = [[[0.0; K]; LANES]; GROUP];
    let columns = columns.map(|column| &column[..x.len()]);
    let blocks = x.len() - x.len() % LANES;
    for first in (0..blocks).step_by(LANES) {
        let x: &[Row<K>; LANES] = x[first..][..LANES].try_into().expect("one value a lane");
        for (sums, column) in sums.iter_mut().zip(columns) {
            let a: &[f64; LANES] = column[first..][..LANES].try_into().expect("one value a lane");
            for lane in 0..LANES {
                for k in 0..K {
                    sums[lane][k] += a[lane] * x[lane][k];
                }
            }
        }
    }
    std::array::from_fn(|c| {
        std::array::from_fn(|k| {
            let rest = (blocks..x.len()).map(|i| columns[c][i] * x[i][k]).sum::<f64>();
            sums[c].iter().map(|lane| lane[k]).sum::<f64>() + rest
        })
    })
}
