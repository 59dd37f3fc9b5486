//! The finest operator where a metric gives every face its own size.

use super::couplings::{Couplings, Scalar};
use super::level::Level;
use crate::grid::{Domain, Grid, unravel};
use crate::operator::Stencil;
use crate::poisson::shape::Shape;

/// Σ c (x − x′), divided by the largest conductance c.
pub struct Uneven<const D: usize> {
    pub shape: Shape<D>,
    /// The largest conductance.
    pub largest: f64,
    couplings: Couplings<f64, D>,
    diagonal: Vec<f64>,
    /// The shares of walls in the diagonal, by axis, where they have any.
    walls: Option<[Vec<f64>; D]>,
    widths: [Vec<f64>; D],
    strength: [f64; D],
}

/// Mean conductances along each axis, and by how much their ratios differ from cell to cell.
pub struct Anisotropy<const D: usize> {
    pub strength: [f64; D],
    pub spread: f64,
}

impl<const D: usize> Anisotropy<D> {
    /// That of a Laplacian, between active cells. O(n).
    pub fn of(stencil: &Stencil<D>) -> Anisotropy<D> {
        let domain = stencil.domain();
        let (mut sums, mut counts) = ([0.0; D], [0.0; D]);
        let mut range = [[[f64::INFINITY, 0.0f64]; D]; D];
        for cell in (0..domain.grid().cells()).filter(|cell| domain.is_active(*cell)) {
            let index = unravel(domain.grid().shape(), cell);
            let mean: [f64; D] = std::array::from_fn(|k| {
                let inner = [0, 1].map(|side| stencil.side(cell, index, k, side));
                let inner = inner.into_iter().filter(|face| face.beside.is_some());
                let (sum, count) =
                    inner.fold((0.0, 0.0), |(s, n), face| (s + face.conductance, n + 1.0));
                if count > 0.0 { sum / count } else { 0.0 }
            });
            for a in (0..D).filter(|a| mean[*a] > 0.0) {
                sums[a] += mean[a];
                counts[a] += 1.0;
                for b in (0..a).filter(|b| mean[*b] > 0.0) {
                    let [least, most] = &mut range[a][b];
                    let ratio = mean[a] / mean[b];
                    (*least, *most) = (least.min(ratio), most.max(ratio));
                }
            }
        }
        let ratios = range.iter().flatten().map(|[least, most]| most / least);
        Anisotropy {
            strength: std::array::from_fn(|k| sums[k] / f64::max(counts[k], 1.0)),
            spread: ratios.fold(1.0, f64::max),
        }
    }
}

impl<const D: usize> Uneven<D> {
    /// That of a Laplacian with the mean conductances along its axes.
    pub fn new(stencil: &Stencil<D>, strength: [f64; D]) -> Uneven<D> {
        let domain = stencil.domain();
        let shape = Shape::of(domain.grid());
        let conductances = (0..D).flat_map(|k| stencil.conductances(k));
        let largest = conductances.fold(0.0, f64::max);
        let largest = if largest > 0.0 { largest } else { 1.0 };
        let mut couplings: [Vec<f64>; D] = std::array::from_fn(|_| vec![0.0; shape.len()]);
        let mut walls: [Vec<f64>; D] = std::array::from_fn(|_| vec![0.0; shape.len()]);
        let mut diagonal = vec![0.0; shape.len()];
        for (cell, place) in active(domain, &shape) {
            let index = unravel(domain.grid().shape(), cell);
            for k in 0..D {
                for side in 0..2 {
                    let face = stencil.side(cell, index, k, side);
                    let c = face.conductance / largest;
                    diagonal[place] += c;
                    match (face.beside, side) {
                        (None, _) => walls[k][place] += c,
                        (Some(_), 0) => couplings[k][place] = c,
                        // The upper coupling of the last cell of a row.
                        (Some(_), _) if k == 0 => couplings[0][place + 1] = c,
                        _ => {}
                    }
                }
            }
        }
        let walls = (stencil.across_wall() > 0.0).then_some(walls);
        let strength = strength.map(|strength| strength / largest);
        let couplings = Couplings::Variable(couplings);
        Uneven {
            shape,
            largest,
            couplings,
            diagonal,
            walls,
            widths: widths(domain.grid()),
            strength,
        }
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

    /// The finest level of the preconditioner.
    pub fn level<T: Scalar>(&self) -> Level<T, D> {
        let rounded = |values: &Vec<f64>| values.iter().map(|v| T::rounded(*v)).collect();
        let inverse = |d: &f64| T::rounded(if *d > 0.0 { 1.0 / d } else { 0.0 });
        let Couplings::Variable(couplings) = &self.couplings else { unreachable!("as made") };
        Level {
            shape: self.shape,
            couplings: Couplings::Variable(couplings.each_ref().map(rounded)),
            inverse_diagonal: self.diagonal.iter().map(inverse).collect(),
            walls: self.walls.as_ref().map(|walls| walls.each_ref().map(rounded)),
            widths: self.widths.clone(),
            strength: self.strength,
        }
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

/// The widths of the cells along each axis, in means.
fn widths<const D: usize>(grid: &Grid<D>) -> [Vec<f64>; D] {
    grid.axes().map(|axis| (0..axis.cells).map(|i| axis.width(i) / axis.spacing).collect())
}
