//! The finest operator where a metric gives every face its own size.

use crate::grid::{Domain, unravel};
use crate::operator::Stencil;
use crate::poisson::shape::Shape;

/// Σ c (x − x′), divided by the largest conductance c.
pub struct Uneven<const D: usize> {
    pub shape: Shape<D>,
    /// The largest conductance.
    pub largest: f64,
    /// At every cell the conductance to its lower neighbour, 0 where there is none. Rows along x have the one to the
    /// upper neighbour of the last cell at their end.
    couplings: [Vec<f64>; D],
    /// The conductance to walls, where they have any.
    walls: Option<Vec<f64>>,
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
        let mut walls = vec![0.0; shape.len()];
        for (cell, place) in active(domain, &shape) {
            let index = unravel(domain.grid().shape(), cell);
            for k in 0..D {
                for side in 0..2 {
                    let face = stencil.side(cell, index, k, side);
                    let c = face.conductance / largest;
                    match (face.beside, side) {
                        (None, _) => walls[place] += c,
                        (Some(_), 0) => couplings[k][place] = c,
                        // The upper coupling of the last cell of a row.
                        (Some(_), _) if k == 0 => couplings[0][place + 1] = c,
                        _ => {}
                    }
                }
            }
        }
        let walls = (stencil.across_wall() > 0.0).then_some(walls);
        Uneven { shape, largest, couplings, walls }
    }

    /// out = A x on the rows from `first` on, and returns x·out there. From differences of x, which stay small where
    /// cells conduct much.
    pub fn apply(&self, first: usize, x: &[f64], out: &mut [f64]) -> f64 {
        let n = self.shape.cells[0];
        let rows = out.chunks_exact_mut(self.shape.stride()).enumerate();
        rows.map(|(i, out)| {
            self.apply_row(first + i, x, &mut out[1..=n]);
            let x = &self.shape.row(x, first + i)[1..=n];
            x.iter().zip(&out[1..=n]).map(|(x, o)| x * o).sum::<f64>()
        })
        .sum()
    }

    fn apply_row(&self, row: usize, x: &[f64], out: &mut [f64]) {
        let (shape, n) = (&self.shape, self.shape.cells[0]);
        let (along, c) = (shape.row(x, row), shape.row(&self.couplings[0], row));
        let here = &along[1..=n];
        match &self.walls {
            Some(walls) => {
                let walls = &shape.row(walls, row)[1..=n];
                out.iter_mut().zip(here).zip(walls).for_each(|((o, x), w)| *o = w * x);
            }
            None => out.fill(0.0),
        }
        add_flow(out, &c[1..=n], here, &along[..n]);
        add_flow(out, &c[2..], here, &along[2..]);
        let index = shape.index_of(row);
        for (k, c) in self.couplings.iter().enumerate().skip(1) {
            for side in 0..2 {
                let Some(beside) = shape.row_beside(index, k, side) else { continue };
                let c = &shape.row(c, if side == 0 { row } else { beside })[1..=n];
                add_flow(out, c, here, &shape.row(x, beside)[1..=n]);
            }
        }
    }
}

/// out += c (x − x′).
fn add_flow(out: &mut [f64], c: &[f64], x: &[f64], beside: &[f64]) {
    for (((o, c), x), b) in out.iter_mut().zip(c).zip(x).zip(beside) {
        *o += c * (x - b);
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
