//! The arrays of a projection, cut into slabs of neighbouring planes.

use super::null::Sums;
use crate::transform::stream::{STREAMED_BYTES, stream};
use num_complex::Complex64;

/// The arrays of one projection. S, then P, lives in `gradient[0]`, W, then Q, in `gradient[1]`: plane by
/// plane, and within a plane the columns kx = 0 … ⌊n_x/2⌋ − 1 one after another. The last column
/// does not fit there and has an array of its own.
pub(super) struct Arrays<'a, const D: usize> {
    pub(super) shape: [usize; D],
    pub(super) input: [&'a [f64]; D],
    pub(super) gradient: [&'a mut [f64]; D],
    pub(super) solenoidal: [&'a mut [f64]; D],
    pub(super) potential: Option<&'a mut [f64]>,
    pub(super) last_column: [Vec<Complex64>; 2],
    pub(super) sums: Vec<Sums<D>>,
}

/// Neighbouring planes of every array.
pub(super) struct Slab<'a, const D: usize> {
    /// Index of the first plane.
    pub(super) first: usize,
    /// Points in a plane.
    pub(super) plane: usize,
    /// Values in a column of the spectrum of a plane.
    pub(super) column: usize,
    pub(super) input: [&'a [f64]; D],
    pub(super) gradient: [&'a mut [f64]; D],
    pub(super) solenoidal: [&'a mut [f64]; D],
    pub(super) potential: Option<&'a mut [f64]>,
    pub(super) last_column: [&'a mut [Complex64]; 2],
    pub(super) sums: &'a mut [Sums<D>],
}

impl<'a, const D: usize> Arrays<'a, D> {
    pub(super) fn new(
        shape: [usize; D],
        input: [&'a [f64]; D],
        gradient: [&'a mut [f64]; D],
        solenoidal: [&'a mut [f64]; D],
        potential: Option<&'a mut [f64]>,
    ) -> Arrays<'a, D> {
        let columns: usize = shape[1..].iter().product();
        let last_column = [(); 2].map(|()| vec![Complex64::ZERO; columns]);
        let sums = vec![[[0.0; 4]; D]; shape[D - 1]];
        Arrays { shape, input, gradient, solenoidal, potential, last_column, sums }
    }

    /// Two planes at a time in three dimensions, for their last components are paired; in two, where a
    /// plane is a row, an even number of rows worth a task.
    pub(super) fn slabs(&mut self) -> Vec<Slab<'_, D>> {
        const WORTH_A_TASK: usize = 8192;
        let plane: usize = self.shape[..D - 1].iter().product();
        let column = plane / self.shape[0];
        let planes = if D == 2 { WORTH_A_TASK.div_ceil(plane).next_multiple_of(2) } else { 2 };
        let len = planes * plane;
        let mut input = self.input.map(|a| a.chunks(len));
        let mut gradient = self.gradient.each_mut().map(|a| a.chunks_mut(len));
        let mut solenoidal = self.solenoidal.each_mut().map(|a| a.chunks_mut(len));
        let mut potential = self.potential.as_deref_mut().map(|a| a.chunks_mut(len));
        let mut last_column = self.last_column.each_mut().map(|a| a.chunks_mut(planes * column));
        let next = "every array has a slab here, all being of the same shape";
        self.sums
            .chunks_mut(planes)
            .enumerate()
            .map(|(slab, sums)| Slab {
                first: slab * planes,
                plane,
                column,
                input: input.each_mut().map(|a| a.next().expect(next)),
                gradient: gradient.each_mut().map(|a| a.next().expect(next)),
                solenoidal: solenoidal.each_mut().map(|a| a.next().expect(next)),
                potential: potential.as_mut().map(|a| a.next().expect(next)),
                last_column: last_column.each_mut().map(|a| a.next().expect(next)),
                sums,
            })
            .collect()
    }
}

impl<const D: usize> Slab<'_, D> {
    /// Number of planes.
    pub(super) fn planes(&self) -> usize {
        self.sums.len()
    }

    /// Plane p of an input component.
    pub(super) fn input(&self, component: usize, p: usize) -> &[f64] {
        &self.input[component][p * self.plane..][..self.plane]
    }

    /// The columns but the last of plane p of field 0 (S, P) or 1 (W, Q).
    fn columns(&self, field: usize, p: usize) -> &[Complex64] {
        let kept = self.kept();
        bytemuck::cast_slice(&self.gradient[field][p * self.plane..][..kept])
    }

    /// Reals in the columns but the last.
    fn kept(&self) -> usize {
        2 * self.column * (self.plane / self.column / 2)
    }

    /// Plane p of both fields: the columns but the last, and the last.
    pub(super) fn fields(&self, p: usize) -> [(&[Complex64], &[Complex64]); 2] {
        let n = self.column;
        [0, 1].map(|field| (self.columns(field, p), &self.last_column[field][p * n..][..n]))
    }

    /// Plane p of both fields, to write.
    pub(super) fn fields_mut(&mut self, p: usize) -> [(&mut [Complex64], &mut [Complex64]); 2] {
        let (n, kept, plane) = (self.column, self.kept(), self.plane);
        let [s, w, ..] = &mut self.gradient[..] else { unreachable!("D is 2 or 3") };
        let [s_last, w_last] = &mut self.last_column;
        [(s, s_last), (w, w_last)].map(|(columns, last)| {
            let columns = &mut columns[p * plane..][..kept];
            (bytemuck::cast_slice_mut(columns), &mut last[p * n..][..n])
        })
    }

    /// Column kx of plane p of a field.
    pub(super) fn column(&self, field: usize, p: usize, kx: usize) -> &[Complex64] {
        let n = self.column;
        self.columns(field, p)
            .get(kx * n..(kx + 1) * n)
            .unwrap_or(&self.last_column[field][p * n..][..n])
    }

    /// Column kx of plane p of a field, to write.
    pub(super) fn column_mut(&mut self, field: usize, p: usize, kx: usize) -> &mut [Complex64] {
        let (n, kept) = (self.column, self.kept());
        if 2 * n * kx == kept {
            return &mut self.last_column[field][p * n..][..n];
        }
        let columns = &mut self.gradient[field][p * self.plane..][..kept];
        &mut bytemuck::cast_slice_mut(columns)[kx * n..][..n]
    }

    /// Row `row` of plane p of component c: the input, and where its gradient and solenoidal parts go.
    pub(super) fn row(&mut self, c: usize, p: usize, row: usize, nx: usize) -> RowOfParts<'_> {
        let start = p * self.plane + row * nx;
        RowOfParts {
            input: &self.input[c][start..][..nx],
            gradient: &mut self.gradient[c][start..][..nx],
            solenoidal: &mut self.solenoidal[c][start..][..nx],
        }
    }
}

/// One row of a component and of its parts.
pub(super) struct RowOfParts<'a> {
    input: &'a [f64],
    gradient: &'a mut [f64],
    solenoidal: &'a mut [f64],
}

impl RowOfParts<'_> {
    /// Takes the gradient from a row and writes both parts; `null` are the values of the null part at even
    /// and odd x. Where the gradient goes past the caches is for the caller to say: the places
    /// of P and Q have just been read.
    pub(super) fn write(
        self,
        row: &[Complex64],
        null: [f64; 2],
        lines: &mut Lines,
        read: bool,
        pick: impl Fn(&Complex64) -> f64,
    ) {
        let n = row.len();
        if !lines.stream {
            return split(row, self.input, null, self.gradient, self.solenoidal, pick);
        }
        let [g, s] = lines.reals(n);
        if read {
            split(row, self.input, null, self.gradient, s, pick);
        } else {
            split(row, self.input, null, g, s, pick);
            stream(self.gradient, g);
        }
        stream(self.solenoidal, s);
    }
}

/// gradient = the picked part of a row, solenoidal = input − gradient − null.
fn split(
    row: &[Complex64],
    input: &[f64],
    null: [f64; 2],
    gradient: &mut [f64],
    solenoidal: &mut [f64],
    pick: impl Fn(&Complex64) -> f64,
) {
    const GROUP: usize = 8;
    // in groups, so that the alternating part is a constant vector
    let null: [f64; GROUP] = std::array::from_fn(|x| null[x % 2]);
    let groups = row.chunks(GROUP).zip(input.chunks(GROUP));
    let parts = gradient.chunks_mut(GROUP).zip(solenoidal.chunks_mut(GROUP));
    for ((row, input), (gradient, solenoidal)) in groups.zip(parts) {
        let parts = gradient.iter_mut().zip(solenoidal);
        for (((g, s), value), (from, null)) in parts.zip(row).zip(input.iter().zip(&null)) {
            *g = pick(value);
            *s = from - *g - null;
        }
    }
}

/// Two lines on their way to memory.
pub(super) struct Lines {
    stream: bool,
    values: [Vec<Complex64>; 2],
}

impl Lines {
    /// For lines of at most `len` coefficients of arrays of `points`.
    pub(super) fn new(len: usize, points: usize) -> Lines {
        let stream = points * size_of::<f64>() >= STREAMED_BYTES;
        Lines { stream, values: [(); 2].map(|()| vec![Complex64::ZERO; len]) }
    }

    fn reals(&mut self, n: usize) -> [&mut [f64]; 2] {
        self.values.each_mut().map(|v| &mut bytemuck::cast_slice_mut(v)[..n])
    }

    /// Lets `fill` write one or two lines of coefficients.
    pub(super) fn put<const N: usize>(
        &mut self,
        to: [&mut [Complex64]; N],
        fill: impl FnOnce([&mut [Complex64]; N]),
    ) {
        if !self.stream {
            return fill(to);
        }
        let mut lens = to.iter().map(|to| to.len());
        let mut values = self.values.iter_mut();
        let line = "there are two lines";
        let mut lines: [&mut [Complex64]; N] =
            std::array::from_fn(|_| &mut values.next().expect(line)[..lens.next().expect(line)]);
        fill(lines.each_mut().map(|l| &mut l[..]));
        for (to, line) in to.into_iter().zip(lines) {
            stream(bytemuck::cast_slice_mut(to), bytemuck::cast_slice(line));
        }
    }
}
