//! The arrays of a projection, cut into slabs of neighbouring planes.

use super::lines::StoreLines;
use super::null::ModeSums;
use super::rows::together;
use crate::machine::store_non_temporal;
use crate::machine::wide;
use crate::transform::Precision;
use num_complex::Complex;

/// The arrays of one projection. S, then P, lives in `gradient[0]`, W, then Q, in `gradient[1]`: plane by
/// plane, and within a plane the columns kx = 0 … ⌊n_x/2⌋ − 1 one after another. The last column
/// does not fit there and has an array of its own. In two dimensions a strip of rows is stored as a plane.
pub(super) struct Arrays<'a, const D: usize, T> {
    pub(super) shape: [usize; D],
    pub(super) input: [&'a [T]; D],
    pub(super) gradient: [&'a mut [T]; D],
    pub(super) solenoidal: [&'a mut [T]; D],
    pub(super) potential: Option<&'a mut [T]>,
    pub(super) last_column: [Vec<Complex<T>>; 2],
    pub(super) sums: Vec<ModeSums<D>>,
}

/// Points of a strip at most, unless two rows have more.
const STRIP_POINTS: usize = 1 << 18;

/// The rows of a strip: four cache lines of a column, or fewer and an even number of very long rows.
pub(super) fn strip_rows<T>(nx: usize) -> usize {
    2 * (STRIP_POINTS / (2 * nx)).clamp(1, together::<T>())
}

/// Neighbouring planes of every array or, in two dimensions, a strip of rows.
pub(super) struct Slab<'a, const D: usize, T> {
    /// Index along the last axis of the first plane or row.
    pub(super) first: usize,
    /// Number of planes; a strip is one.
    pub(super) planes: usize,
    /// Points in a plane.
    pub(super) plane: usize,
    /// Values in a column of the spectrum of a plane.
    pub(super) column: usize,
    pub(super) input: [&'a [T]; D],
    pub(super) gradient: [&'a mut [T]; D],
    pub(super) solenoidal: [&'a mut [T]; D],
    pub(super) potential: Option<&'a mut [T]>,
    pub(super) last_column: [&'a mut [Complex<T>]; 2],
    pub(super) sums: &'a mut [ModeSums<D>],
}

impl<'a, const D: usize, T: Precision> Arrays<'a, D, T> {
    pub(super) fn new(
        shape: [usize; D],
        input: [&'a [T]; D],
        gradient: [&'a mut [T]; D],
        solenoidal: [&'a mut [T]; D],
        potential: Option<&'a mut [T]>,
    ) -> Arrays<'a, D, T> {
        let columns: usize = shape[1..].iter().product();
        let last_column = [(); 2].map(|()| vec![Complex::default(); columns]);
        let sums = vec![[[0.0; 4]; D]; shape[D - 1]];
        Arrays { shape, input, gradient, solenoidal, potential, last_column, sums }
    }

    /// Points of a strip.
    pub(super) fn strip_points(&self) -> usize {
        strip_rows::<T>(self.shape[0]) * self.shape[0]
    }

    /// Two planes at a time in three dimensions, for their last components are paired; one strip in two.
    pub(super) fn slabs(&mut self) -> Vec<Slab<'_, D, T>> {
        let nx = self.shape[0];
        let (steps, column) = if D == 2 { (strip_rows::<T>(nx), 1) } else { (2, self.shape[1]) };
        let len = steps * nx * column;
        let mut input = self.input.map(|a| a.chunks(len));
        let mut gradient = self.gradient.each_mut().map(|a| a.chunks_mut(len));
        let mut solenoidal = self.solenoidal.each_mut().map(|a| a.chunks_mut(len));
        let mut potential = self.potential.as_deref_mut().map(|a| a.chunks_mut(len));
        let mut last_column = self.last_column.each_mut().map(|a| a.chunks_mut(steps * column));
        let next = "every array has a slab here, all being of the same shape";
        self.sums
            .chunks_mut(steps)
            .enumerate()
            .map(|(slab, sums)| Slab {
                first: slab * steps,
                planes: if D == 2 { 1 } else { sums.len() },
                plane: if D == 2 { sums.len() * nx } else { nx * column },
                column: if D == 2 { sums.len() } else { column },
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

impl<const D: usize, T: Precision> Slab<'_, D, T> {
    /// Plane p of an input component.
    pub(super) fn input(&self, component: usize, p: usize) -> &[T] {
        &self.input[component][p * self.plane..][..self.plane]
    }

    /// The columns but the last of plane p of field 0 (S, P) or 1 (W, Q).
    fn columns(&self, field: usize, p: usize) -> &[Complex<T>] {
        let kept = self.kept();
        bytemuck::cast_slice(&self.gradient[field][p * self.plane..][..kept])
    }

    /// Reals in the columns but the last.
    fn kept(&self) -> usize {
        2 * self.column * (self.plane / self.column / 2)
    }

    /// Column kx of plane p of a field.
    pub(super) fn column(&self, field: usize, p: usize, kx: usize) -> &[Complex<T>] {
        let n = self.column;
        self.columns(field, p)
            .get(kx * n..(kx + 1) * n)
            .unwrap_or(&self.last_column[field][p * n..][..n])
    }

    /// Column kx of plane p of both fields, to write.
    pub(super) fn columns_mut(&mut self, p: usize, kx: usize) -> [&mut [Complex<T>]; 2] {
        let (n, kept, plane) = (self.column, self.kept(), self.plane);
        let [s, w, ..] = &mut self.gradient[..] else { unreachable!("D is 2 or 3") };
        let [s_last, w_last] = &mut self.last_column;
        [(s, s_last), (w, w_last)].map(|(columns, last)| {
            if 2 * n * kx == kept {
                return &mut last[p * n..][..n];
            }
            &mut bytemuck::cast_slice_mut(&mut columns[p * plane..][..kept])[kx * n..][..n]
        })
    }

    /// Row `row` of plane p of component c: the input, and where its gradient and solenoidal parts go.
    pub(super) fn row(&mut self, c: usize, p: usize, row: usize, nx: usize) -> RowOfParts<'_, T> {
        let start = p * self.plane + row * nx;
        RowOfParts {
            input: &self.input[c][start..][..nx],
            gradient: &mut self.gradient[c][start..][..nx],
            solenoidal: &mut self.solenoidal[c][start..][..nx],
        }
    }
}

/// One row of a component and of its parts.
pub(super) struct RowOfParts<'a, T> {
    input: &'a [T],
    gradient: &'a mut [T],
    solenoidal: &'a mut [T],
}

impl<T: Precision> RowOfParts<'_, T> {
    /// Takes the gradient from a row and writes both parts; `null` are the values of the null part
    /// at even and odd x. `read` says that the places of the gradient have just been read as P and
    /// Q, so that it is not written by non-temporal stores.
    pub(super) fn write(
        self,
        row: &[Complex<T>],
        null: [T; 2],
        lines: &mut StoreLines<T>,
        read: bool,
        part: ComplexPart,
    ) {
        let n = row.len();
        if !lines.non_temporal {
            return split(row, part, self.input, null, self.gradient, self.solenoidal);
        }
        let [g, s] = lines.reals(n);
        if read {
            split(row, part, self.input, null, self.gradient, &mut *s);
        } else {
            split(row, part, self.input, null, &mut *g, &mut *s);
            store_non_temporal(self.gradient, g);
        }
        store_non_temporal(self.solenoidal, s);
    }
}

/// Which part of complex rows is meant.
#[derive(Clone, Copy)]
pub(super) enum ComplexPart {
    Real,
    Imaginary,
}

impl ComplexPart {
    /// Writes the real part of a row into the first of some rows and the imaginary one into the second, if
    /// there is one.
    pub(super) fn write_both<'a, T: Precision + 'a>(
        row: &[Complex<T>],
        to: impl Iterator<Item = &'a mut [T]>,
    ) {
        for (part, values) in [ComplexPart::Real, ComplexPart::Imaginary].into_iter().zip(to) {
            values.iter_mut().zip(row).for_each(|(v, z)| *v = part.of(z));
        }
    }

    fn of<T: Precision>(self, z: &Complex<T>) -> T {
        match self {
            ComplexPart::Real => z.re,
            ComplexPart::Imaginary => z.im,
        }
    }
}

wide! {
    /// gradient = a part of a row, solenoidal = input − gradient − null.
    fn split<'a, T: Precision>(
        row: &'a [Complex<T>],
        part: ComplexPart,
        input: &'a [T],
        null: [T; 2],
        gradient: &'a mut [T],
        solenoidal: &'a mut [T],
    ) {
        match part {
            ComplexPart::Real => split_part(row, |z| z.re, input, null, gradient, solenoidal),
            ComplexPart::Imaginary => split_part(row, |z| z.im, input, null, gradient, solenoidal),
        }
    }
}

#[inline(always)]
fn split_part<T: Precision>(
    row: &[Complex<T>],
    pick: impl Fn(&Complex<T>) -> T,
    input: &[T],
    null: [T; 2],
    gradient: &mut [T],
    solenoidal: &mut [T],
) {
    const GROUP: usize = 16;
    // in groups, so that the alternating part is a constant vector
    let null: [T; GROUP] = std::array::from_fn(|x| null[x % 2]);
    let groups = row.chunks(GROUP).zip(input.chunks(GROUP));
    let parts = gradient.chunks_mut(GROUP).zip(solenoidal.chunks_mut(GROUP));
    for ((row, input), (gradient, solenoidal)) in groups.zip(parts) {
        let parts = gradient.iter_mut().zip(solenoidal);
        for (((g, s), value), (from, null)) in parts.zip(row).zip(input.iter().zip(&null)) {
            *g = pick(value);
            *s = *from - *g - *null;
        }
    }
}
