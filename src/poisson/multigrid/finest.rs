//! The operator of the finest level, exact in f64 and rounded for the preconditioner.

use super::couplings::{Couplings, Scalar};
use super::level::Level;
use super::uneven::Uneven;
use crate::grid::Domain;
use crate::poisson::codes::{OUTSIDE, codes, diagonals};
use crate::poisson::shape::Shape;

/// −∇·∇ divided by its largest coupling.
pub enum Operator<const D: usize> {
    /// Of equal cells.
    Alike(Box<Alike<D>>),
    /// With a metric.
    Uneven(Uneven<D>),
}

impl<const D: usize> Operator<D> {
    /// The storage of its values.
    pub fn shape(&self) -> &Shape<D> {
        match self {
            Operator::Alike(alike) => &alike.shape,
            Operator::Uneven(uneven) => &uneven.shape,
        }
    }

    /// The largest coupling, by which the equation is divided.
    pub fn largest(&self) -> f64 {
        match self {
            Operator::Alike(alike) => alike.largest,
            Operator::Uneven(uneven) => uneven.largest,
        }
    }

    /// out = A x on the rows from `first` on, and returns x·out there.
    pub fn apply(&self, first: usize, x: &[f64], out: &mut [f64]) -> f64 {
        match self {
            Operator::Alike(alike) => alike.apply(first, x, out),
            Operator::Uneven(uneven) => uneven.apply(first, x, out),
        }
    }
}

/// The operator of equal cells, without a matrix: one byte a cell tells the diagonal.
pub struct Alike<const D: usize> {
    pub shape: Shape<D>,
    /// The largest coupling, by which the equation is divided.
    pub largest: f64,
    couplings: [f64; D],
    across_wall: f64,
    codes: Vec<u8>,
    diagonal: [f64; 28],
}

impl<const D: usize> Alike<D> {
    /// That of a domain with the couplings along its axes, and how much more a wall couples.
    pub fn new(domain: &Domain<D>, couplings: [f64; D], across_wall: f64) -> Alike<D> {
        let largest = couplings.into_iter().fold(0.0, f64::max);
        // A single cell on rings has no couplings.
        let largest = if largest > 0.0 { largest } else { 1.0 };
        let couplings = couplings.map(|coupling| coupling / largest);
        let shape = Shape::of(domain.grid());
        let diagonal = diagonals(couplings, across_wall);
        let codes = codes(domain, &shape);
        Alike { shape, largest, couplings, across_wall, codes, diagonal }
    }

    /// out = A x on the rows from `first` on, and returns x·out there.
    fn apply(&self, first: usize, x: &[f64], out: &mut [f64]) -> f64 {
        let n = self.shape.cells[0];
        let couplings = Couplings::Constant(self.couplings);
        let mut dot = 0.0;
        for (i, out) in out.chunks_exact_mut(self.shape.stride()).enumerate() {
            let row = first + i;
            couplings.sum_row(&self.shape, row, x, out);
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
        let along = self.couplings.iter().zip(self.shape.cells).filter(|(_, n)| *n > 1);
        let smoothest = |(c, n): (&f64, usize)| c * (std::f64::consts::PI / n as f64).powi(2);
        along.map(smoothest).fold(1.0, f64::min) / self.couplings.iter().sum::<f64>()
    }

    /// The finest level of the preconditioner.
    pub fn level<T: Scalar>(&self) -> Level<T, D> {
        let inverse = |code: &u8| {
            let d = self.diagonal[usize::from(*code)];
            T::rounded(if d > 0.0 { 1.0 / d } else { 0.0 })
        };
        let walls = (self.across_wall > 0.0).then(|| {
            std::array::from_fn(|k| {
                let weight = self.across_wall * self.couplings[k];
                let wall = |code: &u8| match *code {
                    OUTSIDE => T::default(),
                    code => T::rounded(weight * f64::from(2 - code / 3u8.pow(k as u32) % 3)),
                };
                self.codes.iter().map(wall).collect()
            })
        });
        Level {
            shape: self.shape,
            couplings: Couplings::Constant(self.couplings.map(T::rounded)),
            inverse_diagonal: self.codes.iter().map(inverse).collect(),
            walls,
            widths: std::array::from_fn(|k| vec![1.0; self.shape.cells[k]]),
            strength: self.couplings,
        }
    }
}
