//! Rows where a metric gives every face its own size.

use super::Shifted;
use crate::grid::{Domain, Location, ravel};
use crate::operator::Stencil;
use crate::poisson::shape::Shape;

/// The Laplacian with how much every face conducts.
pub struct Uneven<const D: usize> {
    domain: Domain<D>,
    shape: Shape<D>,
    conductances: [Vec<f64>; D],
}

impl<const D: usize> Uneven<D> {
    pub fn new(stencil: &Stencil<D>, shape: Shape<D>) -> Uneven<D> {
        let conductances = std::array::from_fn(|k| stencil.conductances(k));
        Uneven { domain: stencil.domain().clone(), shape, conductances }
    }

    /// The residual of a row, whose right-hand side is given.
    #[inline(always)]
    pub fn row(&self, row: usize, rhs: Shifted, solution: &[f64], out: &mut [f64]) {
        let n = self.shape.cells[0];
        let here = &solution[row * n..][..n];
        for (o, f) in out.iter_mut().zip(rhs.values) {
            *o = f - rhs.shift;
        }
        self.flow_along(row, here, out);
        let index = self.shape.index_of(row);
        for k in 1..D {
            let faces = self.domain.grid().axes()[k].faces_beside(index[k]);
            for (side, face) in faces.into_iter().enumerate() {
                let mut first = index;
                first[k] = face;
                let shape = self.domain.grid().shape_at(Location::face(k));
                let c = &self.conductances[k][ravel(shape, first)..][..n];
                match self.shape.row_beside(index, k, side) {
                    Some(beside) => flow(out, c, here, &solution[beside * n..][..n]),
                    None => flow_out(out, c, here),
                }
            }
        }
        if let Some(mask) = self.domain.mask() {
            let cells = out.iter_mut().zip(rhs.values).zip(&mask[row * n..][..n]);
            cells.for_each(|((o, f), active)| *o = if *active { *o } else { *f });
        }
    }

    /// What flows along x.
    #[inline(always)]
    fn flow_along(&self, row: usize, here: &[f64], out: &mut [f64]) {
        let (n, faces) = (here.len(), self.domain.grid().axes()[0].faces());
        let c = &self.conductances[0][row * faces..][..faces];
        flow(&mut out[1..], &c[1..n], &here[1..], &here[..n - 1]);
        flow(&mut out[..n - 1], &c[1..n], &here[..n - 1], &here[1..]);
        let (first, last) = (here[0], here[n - 1]);
        if self.domain.grid().axes()[0].bounded() {
            out[0] -= c[0] * first;
            out[n - 1] -= c[n] * last;
        } else {
            out[0] -= c[0] * (first - last);
            out[n - 1] -= c[0] * (last - first);
        }
    }
}

/// out −= c (x − x′).
#[inline(always)]
fn flow(out: &mut [f64], c: &[f64], x: &[f64], beside: &[f64]) {
    for (((o, c), x), b) in out.iter_mut().zip(c).zip(x).zip(beside) {
        *o -= c * (x - b);
    }
}

/// out −= c x.
#[inline(always)]
fn flow_out(out: &mut [f64], c: &[f64], x: &[f64]) {
    out.iter_mut().zip(c).zip(x).for_each(|((o, c), x)| *o -= c * x);
}
