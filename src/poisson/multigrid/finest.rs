//! The operator of the finest level, exact in f64 and rounded for the preconditioner.

use super::level::Level;
use super::shape::Shape;
use super::stencil::{Couplings, Real};
use crate::boundary::Condition;
use crate::grid::{Domain, unravel};

/// The code of a cell outside the mask; below it, Σ_k 3^k·(active neighbours along k).
const OUTSIDE: u8 = 27;

/// −∇·∇ divided by its largest coupling, without a matrix: one byte a cell tells the diagonal.
pub struct Operator<const D: usize> {
    pub shape: Shape<D>,
    /// 1/h² of the axis with the smallest spacing, by which the equation is divided.
    pub largest: f64,
    couplings: Couplings<f64, D>,
    codes: Vec<u8>,
    diagonal: [f64; 28],
}

impl<const D: usize> Operator<D> {
    /// The operator of a domain and a wall condition.
    pub fn new(domain: &Domain<D>, condition: Condition) -> Operator<D> {
        let axes = domain.grid().axes();
        let largest = domain.grid().least_spacing().powi(-2);
        let couplings = axes.map(|a| a.spacing.powi(-2) / largest);
        let shape = Shape {
            cells: domain.grid().shape(),
            wraps: axes.map(|a| !a.bounded() && a.cells > 1),
        };
        // A periodic axis of one cell has neither neighbours nor walls.
        let walls =
            axes.map(|a| if a.bounded() || a.cells > 1 { wall_weight(condition) } else { 0.0 });
        let mut diagonal = [0.0; 28];
        for (code, diagonal) in diagonal.iter_mut().enumerate().take(3usize.pow(D as u32)) {
            let counts = unravel([3; D], code);
            *diagonal = (0..D)
                .map(|k| couplings[k] * (counts[k] as f64 + walls[k] * (2 - counts[k]) as f64))
                .sum();
        }
        let codes = codes(domain, &shape);
        Operator { shape, largest, couplings: Couplings::Constant(couplings), codes, diagonal }
    }

    /// out = A x on the rows from `first` on, and returns x·out there.
    pub fn apply(&self, first: usize, x: &[f64], out: &mut [f64]) -> f64 {
        let n = self.shape.cells[0];
        let mut dot = 0.0;
        for (i, out) in out.chunks_exact_mut(self.shape.stride()).enumerate() {
            let row = first + i;
            self.couplings.sum_row(&self.shape, row, x, out);
            let codes = &self.shape.row(&self.codes, row)[1..=n];
            let x = &self.shape.row(x, row)[1..=n];
            let mut sum = 0.0;
            for ((o, code), x) in out[1..=n].iter_mut().zip(codes).zip(x) {
                let ax = self.diagonal[usize::from(*code & 31).min(27)] * x - *o;
                *o = if *code == OUTSIDE { 0.0 } else { ax };
                sum += *o * x;
            }
            dot += sum;
        }
        dot
    }

    /// About the least eigenvalue of a box without a mask, relative to the diagonal.
    pub fn least_eigenvalue(&self) -> f64 {
        let Couplings::Constant(couplings) = &self.couplings else {
            unreachable!("the finest level has constant couplings")
        };
        let along = couplings.iter().zip(self.shape.cells).filter(|(_, n)| *n > 1);
        let smoothest = |(c, n): (&f64, usize)| c * (std::f64::consts::PI / n as f64).powi(2);
        along.map(smoothest).fold(1.0, f64::min) / couplings.iter().sum::<f64>()
    }

    /// The finest level of the preconditioner.
    pub fn level<T: Real>(&self, domain: &Domain<D>, condition: Condition) -> Level<T, D> {
        let Couplings::Constant(couplings) = &self.couplings else {
            unreachable!("the finest level has constant couplings")
        };
        let inverse = |code: &u8| {
            let d = self.diagonal[usize::from(*code)];
            T::rounded(if d > 0.0 { 1.0 / d } else { 0.0 })
        };
        let walls = (condition == Condition::Zero).then(|| {
            std::array::from_fn(|k| {
                let alone = !domain.grid().axes()[k].bounded() && self.shape.cells[k] == 1;
                let weight = if alone { 0.0 } else { wall_weight(condition) * couplings[k] };
                let wall = |code: &u8| match *code {
                    OUTSIDE => T::default(),
                    code => T::rounded(weight * f64::from(2 - code / 3u8.pow(k as u32) % 3)),
                };
                self.codes.iter().map(wall).collect()
            })
        });
        Level {
            shape: self.shape,
            couplings: Couplings::Constant(couplings.map(T::rounded)),
            inverse_diagonal: self.codes.iter().map(inverse).collect(),
            walls,
            widths: std::array::from_fn(|k| vec![1.0; self.shape.cells[k]]),
            strength: *couplings,
        }
    }
}

/// The share of a wall in the diagonal, in couplings: the distance to it is h/2.
fn wall_weight(condition: Condition) -> f64 {
    match condition {
        Condition::Natural => 0.0,
        Condition::Zero => 2.0,
    }
}

fn codes<const D: usize>(domain: &Domain<D>, shape: &Shape<D>) -> Vec<u8> {
    let n = shape.cells[0];
    let active = |row: usize, i: usize| u8::from(domain.is_active(row * n + i));
    let mut codes = vec![OUTSIDE; shape.len()];
    shape.for_rows(&mut codes, |row, codes| {
        let index = shape.index_of(row);
        for (i, code) in codes[1..=n].iter_mut().enumerate().filter(|(i, _)| active(row, *i) == 1) {
            let along_x = (0..2).filter_map(|s| shape.beside(0, i, s)).map(|j| active(row, j));
            *code = along_x.sum();
        }
        for k in 1..D {
            for beside in (0..2).filter_map(|s| shape.row_beside(index, k, s)) {
                let inside = codes[1..=n].iter_mut().enumerate().filter(|(_, c)| **c != OUTSIDE);
                inside.for_each(|(i, code)| *code += 3u8.pow(k as u32) * active(beside, i));
            }
        }
    });
    codes
}
