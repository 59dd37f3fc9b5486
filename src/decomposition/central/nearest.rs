//! The nearest gradient or rotation of a field.

use super::modes::{AxisModes, solve};
use crate::field::VectorField;
use crate::operator::{ByParts, Calculus, axis_pairs};
use rayon::prelude::*;

/// Steps at most: 25 in boxes of like cells, 160 to 260 in some of cells a hundred times as flat as they are wide.
const STEPS: usize = 1000;

/// A step of this size, against the field, is rounding. Circulations do not tell: they rise and fall on the way there.
const NOTHING: f64 = 1e-15;

/// What is left of the laws, against what is claimed, when a part is near enough.
const SHARE: f64 = 0.1;

/// Values of a task: fixed, so that sums do not depend on the number of threads.
const TASK: usize = 1 << 14;

/// What the nearest is looked for in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Image {
    /// All ∇φ.
    Gradient,
    /// All ⋆A, A being 0 on the walls of both its axes.
    Rotation,
}

/// The nearest, its potential and what is left.
pub(super) struct Nearest<const D: usize> {
    pub part: VectorField<D>,
    pub potential: Vec<Vec<f64>>,
    pub rest: VectorField<D>,
}

/// The search for the nearest, by conjugate gradients on the normal equations, the scalar solve of each potential as their
/// preconditioner: for φ, and for ψ in 2D, it is their inverse, so that one step is enough and a second only removes
/// rounding. In 3D ∇∧⋆A holds −∇∇·A besides, which is not 0 up to the walls.
pub(super) struct Search<'a, const D: usize> {
    pub calculus: &'a ByParts<D>,
    pub modes: &'a [AxisModes; D],
    pub image: Image,
}

impl<const D: usize> Search<'_, D> {
    /// The nearest to a part of a field of these sizes, to a tenth of the bound.
    pub(super) fn run(
        &self,
        [size, energy]: [f64; 2],
        mut rest: VectorField<D>,
        bound: f64,
    ) -> Nearest<D> {
        let mut part = VectorField::zeros(*rest.grid(), rest.layout());
        let mut potential = self.nothing();
        let (mut along, mut last) = (Vec::new(), 0.0);
        for _ in 0..STEPS {
            let residual = self.adjoint(&rest);
            let product = dot(&potential, &residual).abs();
            let left = (self.left(&rest) / size).max(product / energy);
            // Not a number where there is nothing to measure against.
            if left.is_nan() || left <= SHARE * bound {
                break;
            }
            let near = self.precondition(&residual);
            let now = dot(&residual, &near);
            along = combined(near, if last > 0.0 { now / last } else { 0.0 }, along);
            last = now;
            let step = self.image(&along);
            let far = now / self.calculus.product(&step, &step);
            if !(far.is_finite() && far > 0.0) {
                break;
            }
            part.add_scaled(far, &step);
            rest.add_scaled(-far, &step);
            potential.iter_mut().zip(&along).for_each(|(sum, step)| add(sum, far, step));
            if far * now <= NOTHING * NOTHING * energy {
                break;
            }
        }
        Nearest { part, potential, rest }
    }

    fn nothing(&self) -> Vec<Vec<f64>> {
        let count = if self.image == Image::Gradient { 1 } else { axis_pairs::<D>().len() };
        vec![crate::machine::zeros(self.calculus.domain().grid().cells()); count]
    }

    /// The largest flux of a cell or circulation around a point, and the energy.
    pub(super) fn sizes(&self, v: &VectorField<D>) -> [f64; 2] {
        let size = match self.image {
            Image::Gradient => self.calculus.largest_flux(v),
            Image::Rotation => self.calculus.largest_circulation(v),
        };
        [size, self.calculus.product(v, v)]
    }

    /// What is left in a rest of what it should not have.
    fn left(&self, rest: &VectorField<D>) -> f64 {
        match self.image {
            Image::Gradient => self.calculus.net_fluxes_of_rest(rest).largest,
            Image::Rotation => self.calculus.circulations_of_rest(rest).largest,
        }
    }

    fn adjoint(&self, v: &VectorField<D>) -> Vec<Vec<f64>> {
        match self.image {
            Image::Gradient => vec![self.calculus.adjoint_gradient(v)],
            Image::Rotation => self.calculus.adjoint_rotation(v),
        }
    }

    fn precondition(&self, residual: &[Vec<f64>]) -> Vec<Vec<f64>> {
        match self.image {
            Image::Gradient => vec![solve(self.modes, [false; D], &residual[0])],
            Image::Rotation => {
                let pairs = axis_pairs::<D>().into_iter().zip(residual);
                let of_pair = |((a, b), f): ((usize, usize), &Vec<f64>)| {
                    solve(self.modes, std::array::from_fn(|k| k == a || k == b), f)
                };
                pairs.map(of_pair).collect()
            }
        }
    }

    fn image(&self, potential: &[Vec<f64>]) -> VectorField<D> {
        match self.image {
            Image::Gradient => self.calculus.gradient_in_units(&potential[0]),
            Image::Rotation => self.calculus.rotation_in_units(potential),
        }
    }
}

fn dot(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    let of = |(a, b): (&Vec<f64>, &Vec<f64>)| -> f64 {
        let tasks = a.par_chunks(TASK).zip(b.par_chunks(TASK));
        let sums = tasks.map(|(a, b)| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>());
        sums.collect::<Vec<f64>>().iter().sum()
    };
    a.iter().zip(b).map(of).sum()
}

/// a + factor · b.
fn combined(mut a: Vec<Vec<f64>>, factor: f64, b: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    if factor != 0.0 {
        a.iter_mut().zip(&b).for_each(|(a, b)| add(a, factor, b));
    }
    a
}

fn add(to: &mut [f64], factor: f64, from: &[f64]) {
    let tasks = to.par_chunks_mut(TASK).zip(from.par_chunks(TASK));
    tasks.for_each(|(to, from)| to.iter_mut().zip(from).for_each(|(a, b)| *a += factor * b));
}
