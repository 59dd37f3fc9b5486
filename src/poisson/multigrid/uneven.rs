//! The finest operator where a metric gives every face its own size.

use super::couplings::Couplings;
use crate::grid::{Domain, unravel};
use crate::operator::Stencil;
use crate::poisson::shape::Shape;

/// Σ c (x − x′), divided by the largest conductance c.
pub struct Uneven<const D: usize> {
    pub shape: Shape<D>,
    /// The largest conductance.
    pub largest: f64,
    couplings: Couplings<f64, D>,
    diagonal: Vec<f64>,
}

impl<const D: usize> Uneven<D> {
    /// That of a Laplacian.
    pub fn new(stencil: &Stencil<D>) -> Uneven<D> {
        let domain = stencil.domain();
        let shape = Shape::of(domain.grid());
        let conductances = (0..D).flat_map(|k| stencil.conductances(k));
        let largest = conductances.fold(0.0, f64::max);
        let largest = if largest > 0.0 { largest } else { 1.0 };
        let mut couplings: [Vec<f64>; D] = std::array::from_fn(|_| vec![0.0; shape.len()]);
        let mut diagonal = vec![0.0; shape.len()];
        for (cell, place) in active(domain, &shape) {
            let index = unravel(domain.grid().shape(), cell);
            for k in 0..D {
                for side in 0..2 {
                    let face = stencil.side(cell, index, k, side);
                    let c = face.conductance / largest;
                    diagonal[place] += c;
                    match (face.beside, side) {
                        (Some(_), 0) => couplings[k][place] = c,
                        // The upper coupling of the last cell of a row.
                        (Some(_), _) if k == 0 => couplings[0][place + 1] = c,
                        _ => {}
                    }
                }
            }
        }
        Uneven { shape, largest, couplings: Couplings::Variable(couplings), diagonal }
    }

    /// out = A x on the rows from `first` on, and returns x·out there.
    pub fn apply(&self, first: usize, x: &[f64], out: &mut [f64]) -> f64 {
        let n = self.shape.cells[0];
        let mut dot = 0.0;
        for (i, out) in out.chunks_exact_mut(self.shape.stride()).enumerate() {
            let row = first + i;
            self.couplings.sum_row(&self.shape, row, x, out);
            let diagonal = &self.shape.row(&self.diagonal, row)[1..=n];
            let x = &self.shape.row(x, row)[1..=n];
            let mut sum = 0.0;
            for ((o, d), x) in out[1..=n].iter_mut().zip(diagonal).zip(x) {
                *o = d * x - *o;
                sum += *o * x;
            }
            dot += sum;
        }
        dot
    }
}

/// The active cells and where their values are stored.
fn active<const D: usize>(
    domain: &Domain<D>,
    shape: &Shape<D>,
) -> impl Iterator<Item = (usize, usize)> {
    let (n, stride) = (shape.cells[0], shape.stride());
    let cells = (0..domain.grid().cells()).filter(|cell| domain.is_active(*cell));
    cells.map(move |cell| (cell, cell / n * stride + cell % n + 1))
}
