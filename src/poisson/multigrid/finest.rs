//! The operator of the finest level, exact in f64 and rounded for the preconditioner.

use super::level::Level;
use super::stencil::{Couplings, Scalar};
use crate::boundary::Condition;
use crate::grid::Domain;
use crate::poisson::codes::{OUTSIDE, codes, diagonals, wall_weight};
use crate::poisson::shape::Shape;

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
        let shape = Shape::of(domain.grid());
        // A periodic axis of one cell has neither neighbours nor walls.
        let walls =
            axes.map(|a| if a.bounded() || a.cells > 1 { wall_weight(condition) } else { 0.0 });
        let diagonal = diagonals(couplings, walls);
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
    pub fn level<T: Scalar>(&self, domain: &Domain<D>, condition: Condition) -> Level<T, D> {
        let Couplings::Constant(couplings) = &self.couplings else {
            unreachable!("the finest level has constant couplings")
        };
        let inverse = |code: &u8| {
            let d = self.diagonal[usize::from(*code)];
            T::rounded(if d > 0.0 { 1.0 / d } else { 0.0 })
        };
        let walls = (condition == Condition::Dirichlet).then(|| {
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
