//! The differences at the points as a calculus.

use super::ByParts;
use super::term::{Kind, divide, scale};
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Domain, unravel};
use crate::operator::{Calculus, Extent, axis_pairs};
use rayon::prelude::*;
use std::array::from_fn;

/// Values of a task: fixed, so that sums do not depend on the number of threads.
const TASK: usize = 1 << 14;

impl<const D: usize> ByParts<D> {
    /// The extent of values, of those alone at points that are inside along all of some axes.
    fn extent(&self, values: &[f64], inside: &[usize]) -> Extent {
        let shape = self.domain.grid().shape();
        let counts = |flat: usize| {
            let at = unravel(shape, flat);
            inside.iter().all(|k| self.axes[*k].is_inside(at[*k]))
        };
        let task = |(task, values): (usize, &[f64])| {
            let places = values.iter().enumerate();
            let kept = places.filter(|(i, _)| inside.is_empty() || counts(task * TASK + i));
            Extent::of(kept.map(|(_, v)| *v))
        };
        let tasks: Vec<Extent> = values.par_chunks(TASK).enumerate().map(task).collect();
        tasks.into_iter().fold(Extent::default(), Extent::plus)
    }

    fn circulations_at(&self, v: &VectorField<D>, inside: bool) -> Extent {
        let of_pair = |(a, b): (usize, usize)| {
            let axes = [a, b];
            let values = self.circulation((a, b), v, Kind::Difference);
            self.extent(&values, if inside { &axes } else { &[] })
        };
        axis_pairs::<D>().into_iter().map(of_pair).fold(Extent::default(), Extent::plus)
    }
}

impl<const D: usize> Calculus<D> for ByParts<D> {
    fn derivative(&self) -> &'static str {
        match (self.cosine.is_some(), self.domain.metric().is_some()) {
            (true, _) => {
                "differences of the points on both sides, at walls of the point itself, over those of coordinates, with \
                 the cosine of the latitude"
            }
            (_, true) => "numpy.gradient of the component over numpy.gradient of the coordinate",
            _ => "numpy.gradient: central differences, one-sided at walls",
        }
    }

    fn inner_product(&self) -> &'static str {
        "trapezoid rule over the points, walls through the outermost"
    }

    fn domain(&self) -> &Domain<D> {
        &self.domain
    }

    fn layout(&self) -> Layout {
        Layout::Points
    }

    fn volume_unit(&self) -> f64 {
        self.volume * self.unit.powi(D as i32)
    }

    fn point_weights(&self) -> Option<&[f64]> {
        Some(&self.weights)
    }

    fn divergence(&self, v: &VectorField<D>) -> ScalarField<D> {
        let mut values = self.net_flux(v, Kind::Difference);
        let over = self.unit * self.volume;
        values.iter_mut().zip(&self.weights).for_each(|(v, w)| *v /= w * over);
        self.scalar(values)
    }

    fn curl(&self, v: &VectorField<D>) -> Vec<ScalarField<D>> {
        let of_pair = |(a, b): (usize, usize)| {
            let mut values = self.circulation((a, b), v, Kind::Difference);
            let inverse = |k: usize| (k == a || k == b).then_some(self.axes[k].inverse.as_slice());
            let shape = self.domain.grid().shape();
            scale(shape, &mut values, from_fn(inverse), None);
            divide(shape, &mut values, self.cosine.as_deref());
            values.iter_mut().for_each(|v| *v /= self.unit);
            self.scalar(values)
        };
        axis_pairs::<D>().into_iter().map(of_pair).collect()
    }

    fn net_fluxes(&self, v: &VectorField<D>) -> Extent {
        self.extent(&self.net_flux(v, Kind::Difference), &[])
    }

    fn circulations(&self, v: &VectorField<D>) -> Extent {
        self.circulations_at(v, false)
    }

    /// Without what flows through walls, which is 0 for what is orthogonal to every ∇φ. At points on no wall that is
    /// [`net_fluxes`](Calculus::net_fluxes).
    fn net_fluxes_of_rest(&self, v: &VectorField<D>) -> Extent {
        self.extent(&self.adjoint_gradient(v), &[])
    }

    /// At points on no wall of both axes: what is orthogonal to every ⋆A has none there.
    fn circulations_of_rest(&self, v: &VectorField<D>) -> Extent {
        self.circulations_at(v, true)
    }

    fn largest_flux(&self, v: &VectorField<D>) -> f64 {
        self.extent(&self.net_flux(v, Kind::Size), &[]).largest
    }

    fn largest_circulation(&self, v: &VectorField<D>) -> f64 {
        let of_pair = |pair| self.extent(&self.circulation(pair, v, Kind::Size), &[]).largest;
        axis_pairs::<D>().into_iter().map(of_pair).fold(0.0, f64::max)
    }

    fn weights<'a>(&self, _k: usize, start: usize, out: &'a mut [f64]) -> Option<&'a [f64]> {
        let count = out.len();
        out.copy_from_slice(&self.weights[start..start + count]);
        Some(out)
    }

    fn gradient(&self, potential: &ScalarField<D>) -> VectorField<D> {
        self.in_lengths(self.gradient_in_units(potential.values()))
    }

    fn codifferential(&self, potential: &[ScalarField<D>]) -> VectorField<D> {
        let values: Vec<Vec<f64>> = potential.iter().map(|a| a.values().to_vec()).collect();
        self.in_lengths(self.rotation_in_units(&values))
    }
}

impl<const D: usize> ByParts<D> {
    fn in_lengths(&self, mut v: VectorField<D>) -> VectorField<D> {
        for component in v.components_mut() {
            component.values_mut().iter_mut().for_each(|v| *v /= self.unit);
        }
        v
    }
}
