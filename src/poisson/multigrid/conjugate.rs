//! Preconditioned conjugate gradients in f64.

use super::couplings::Scalar;
use super::finest::Operator;
use super::preconditioner::{LevelBuffers, Preconditioner};
use crate::poisson::shape::Shape;

/// Iterations in which ‖r‖ has to fall to half.
const PATIENCE: usize = 20;

/// How far ‖r‖ may rise above its least value before rounding is taken to rule.
const RISE: f64 = 1e3;

/// The state of an iteration for A x = b.
pub struct Iteration<'a, T, const D: usize> {
    operator: &'a Operator<D>,
    preconditioner: &'a dyn Preconditioner<T>,
    buffers: Vec<LevelBuffers<T>>,
    solution: Vec<f64>,
    residual: Vec<f64>,
    direction: Vec<f64>,
    image: Vec<f64>,
    /// Iterations done.
    pub iterations: usize,
}

impl<'a, T: Scalar, const D: usize> Iteration<'a, T, D> {
    /// Starts from x = 0.
    pub fn new(
        operator: &'a Operator<D>,
        preconditioner: &'a dyn Preconditioner<T>,
    ) -> Iteration<'a, T, D> {
        let zeros = || vec![0.0; operator.shape().len()];
        Iteration {
            operator,
            preconditioner,
            buffers: preconditioner.buffers(),
            solution: zeros(),
            residual: zeros(),
            direction: zeros(),
            image: zeros(),
            iterations: 0,
        }
    }

    /// x without ghosts, in storage order.
    pub fn write_solution(&self, factor: f64, out: &mut [f64]) {
        let n = self.operator.shape().cells[0];
        let rows = self.solution.chunks_exact(self.operator.shape().stride());
        for (out, row) in out.chunks_exact_mut(n).zip(rows) {
            out.iter_mut().zip(&row[1..=n]).for_each(|(o, x)| *o = factor * x);
        }
    }

    /// ‖b − A x‖ for b = factor·rhs, computed anew and kept as the residual.
    pub fn refresh(&mut self, factor: f64, rhs: &[f64]) -> f64 {
        let (shape, operator, x) = (self.operator.shape(), self.operator, &self.solution);
        let n = shape.cells[0];
        let squares = shape.sum_blocks([&mut self.residual], |first, [r]| {
            operator.apply(first, x, r);
            let rows = r.chunks_exact_mut(shape.stride()).zip(rhs[first * n..].chunks_exact(n));
            let mut sum = 0.0;
            for (row, rhs) in rows {
                for (r, b) in row[1..=n].iter_mut().zip(rhs) {
                    *r = factor * b - *r;
                    sum += *r * *r;
                }
            }
            sum
        });
        squares.sqrt()
    }

    /// Runs, and computes the residual anew after each, until ‖b − A x‖ ≤ aim, `most` iterations in all, or rounding
    /// ends the improvement; returns ‖b − A x‖.
    pub fn converge(&mut self, factor: f64, rhs: &[f64], aim: f64, most: usize) -> f64 {
        let mut left = self.refresh(factor, rhs);
        let mut best = f64::INFINITY;
        while left > aim && left < 0.5 * best && self.iterations < most {
            let before = (self.iterations > 0).then(|| self.solution.clone());
            best = left;
            self.run(aim, most);
            left = self.refresh(factor, rhs);
            if let Some(before) = before.filter(|_| left.is_nan() || left > best) {
                (self.solution, left) = (before, best);
            }
        }
        left
    }

    /// Iterates until ‖r‖ ≤ aim, `most` iterations in all, or ‖r‖ no longer falls; returns ‖r‖. x must be closed only
    /// at the end, see [`refresh`](Self::refresh).
    pub fn run(&mut self, aim: f64, most: usize) -> f64 {
        let shape = *self.operator.shape();
        let mut before = f64::INFINITY;
        let (mut half, mut since) = (f64::INFINITY, self.iterations);
        loop {
            self.precondition();
            let product = self.residual_dot_correction();
            let beta = product / before;
            before = product;
            self.advance_direction(beta);
            let (operator, direction) = (self.operator, &self.direction);
            let curvature = shape.sum_blocks([&mut self.image], |first, [image]| {
                operator.apply(first, direction, image)
            });
            self.iterations += 1;
            // Nothing left to correct, as for a right-hand side that is only rounding.
            if curvature <= 0.0 || product <= 0.0 {
                return f64::INFINITY;
            }
            let norm = self.step(product / curvature);
            if norm <= half {
                (half, since) = (0.5 * norm, self.iterations);
            }
            let stalls = self.iterations - since >= PATIENCE;
            let rises = norm > 2.0 * RISE * half;
            let stops = stalls || rises || !norm.is_finite();
            if norm <= aim || self.iterations >= most || stops {
                self.close_solution();
                return norm;
            }
        }
    }

    fn precondition(&mut self) {
        let (shape, residual) = (self.operator.shape(), &self.residual);
        shape.for_rows(&mut self.buffers[0].right, |row, out| {
            let residual = shape.row(residual, row);
            out.iter_mut().zip(residual).for_each(|(o, r)| *o = T::rounded(*r));
        });
        self.preconditioner.cycle(&mut self.buffers);
    }

    fn residual_dot_correction(&mut self) -> f64 {
        let (shape, z) = (self.operator.shape(), &self.buffers[0].solution);
        shape.sum_blocks([&mut self.residual], |first, [r]| {
            let z = &z[first * shape.stride()..][..r.len()];
            r.iter().zip(z).map(|(r, z)| r * (*z).into()).sum()
        })
    }

    /// p = z + β p, with ghosts.
    fn advance_direction(&mut self, beta: f64) {
        let (shape, z) = (self.operator.shape(), &self.buffers[0].solution);
        shape.for_rows(&mut self.direction, |row, p| {
            let z = shape.row(z, row);
            p.iter_mut().zip(z).for_each(|(p, z)| *p = (*z).into() + beta * *p);
            shape.close(p);
        });
    }

    /// x += α p, r −= α A p; returns ‖r‖.
    fn step(&mut self, alpha: f64) -> f64 {
        let (shape, p, q) = (self.operator.shape(), &self.direction, &self.image);
        let squares =
            shape.sum_blocks([&mut self.solution, &mut self.residual], |first, [x, r]| {
                let from = first * shape.stride();
                let (p, q) = (&p[from..][..x.len()], &q[from..][..x.len()]);
                x.iter_mut().zip(p).for_each(|(x, p)| *x += alpha * p);
                r.iter_mut().zip(q).for_each(|(r, q)| *r -= alpha * q);
                r.iter().map(|r| r * r).sum()
            });
        squares.sqrt()
    }

    fn close_solution(&mut self) {
        let shape: &Shape<D> = self.operator.shape();
        shape.for_rows(&mut self.solution, |_, x| shape.close(x));
    }
}
