//! The decomposition in free space by integrated Green functions on staggered components.

use super::potential::staggered_potential;
use super::walls::check_domain;
use super::{Decompose, DecomposeError, Decomposition, InDimension, Law, Method};
use crate::boundary::Boundary;
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Domain, Grid, Location, ravel, unravel};
use crate::operator::{Calculus, Staggered, axis_pairs};
use crate::poisson::{Backend, IntegratedGreen};
use rayon::prelude::*;

/// φ = ∫ G ∇·v and A = −∫ G ∇∧v over the box, with the Green function G of free space (Bhatia, Pascucci and Bremer
/// 2014); gradient = ∇φ, solenoidal = ⋆A; the rest, which has its sources outside, is harmonic up to O(h²).
///
/// v sits on the faces, ∇·v is constant in each cell and exact for the fluxes, ∇∧v in the middle of each cell by central
/// differences, one-sided of second order at the ends. φ in the cells, A at the edges (ψ at the vertices) are exact for such
/// sources ([`IntegratedGreen`]). As differences of φ and of A the parts have no curl and no divergence to rounding.
/// They are orthogonal in all of space, not on the box, and what is left keeps ∇·(v − ∇φ), which is not 0: second differences
/// of φ are ∇·v up to O(h²), in the outermost cells up to O(1).
pub struct NaturalMethod<const D: usize> {
    calculus: Staggered<D>,
    of_divergence: IntegratedGreen<D>,
    of_curl: Vec<IntegratedGreen<D>>,
}

impl<const D: usize> NaturalMethod<D> {
    /// Plans the convolutions.
    ///
    /// # Errors
    /// If an axis is periodic, cells are masked, or cells are not all alike.
    pub fn new(domain: &Domain<D>) -> Result<NaturalMethod<D>, DecomposeError> {
        check_domain(Method::Natural, domain)?;
        let grid = domain.grid();
        let of_pair = |(a, b)| IntegratedGreen::new(grid, edges_of(a, b));
        Ok(NaturalMethod {
            calculus: Staggered::new(domain.clone(), Boundary::NoFlux),
            of_divergence: IntegratedGreen::new(grid, [false; D]),
            of_curl: axis_pairs::<D>().into_iter().map(of_pair).collect(),
        })
    }

    /// Bytes that a plan keeps and works with.
    pub(super) fn bytes(grid: &Grid<D>) -> f64 {
        let of_pair = |(a, b)| IntegratedGreen::bytes(grid, edges_of(a, b));
        let curls: f64 = axis_pairs::<D>().into_iter().map(of_pair).sum();
        IntegratedGreen::bytes(grid, [false; D]) + curls
    }

    /// φ in the cells and one beyond either end of each axis.
    fn scalar_potential(&self, v: &VectorField<D>) -> Vec<f64> {
        self.of_divergence.potential(self.calculus.divergence(v).values())
    }

    /// A at all edges of a pair of axes.
    fn pair_potential(&self, pair: usize, middles: &[Vec<f64>; D]) -> ScalarField<D> {
        let (a, b) = axis_pairs::<D>()[pair];
        let grid = *self.calculus.domain().grid();
        let slope = |k: usize, of: usize| slopes(&grid, k, &middles[of]);
        let (ahead, behind) = (slope(a, b), slope(b, a));
        let curl: Vec<f64> = ahead.iter().zip(&behind).map(|(a, b)| b - a).collect();
        let wide = self.of_curl[pair].potential(&curl);
        let location = Location::edge(a, b);
        let outer: [usize; D] =
            std::array::from_fn(|k| grid.shape()[k] + if location.on_face(k) { 1 } else { 2 });
        let shape = grid.shape_at(location);
        let inner = |flat: usize| {
            let index = unravel(shape, flat);
            let beyond = |k: usize| index[k] + usize::from(!location.on_face(k));
            wide[ravel(outer, std::array::from_fn(beyond))]
        };
        let values = (0..grid.len_at(location)).map(&inner).collect();
        ScalarField::from_values(grid, location, values).expect("a value at each edge")
    }
}

/// Along which axes the edges of a pair sit on faces.
fn edges_of<const D: usize>(a: usize, b: usize) -> [bool; D] {
    std::array::from_fn(|k| k == a || k == b)
}

/// ∂_k of values in the cells: central, one-sided of second order at the ends.
fn slopes<const D: usize>(grid: &Grid<D>, k: usize, values: &[f64]) -> Vec<f64> {
    let (shape, n, h) = (grid.shape(), grid.shape()[k], grid.axes()[k].spacing);
    let at_cell = |flat: usize| {
        let mut index = unravel(shape, flat);
        let i = index[k];
        let mut at = |i: usize| {
            index[k] = i;
            values[ravel(shape, index)]
        };
        match (i, n) {
            (_, 1) => 0.0,
            (_, 2) => (at(1) - at(0)) / h,
            (0, _) => (-3.0 * at(0) + 4.0 * at(1) - at(2)) / (2.0 * h),
            _ if i + 1 == n => (3.0 * at(i) - 4.0 * at(i - 1) + at(i - 2)) / (2.0 * h),
            _ => (at(i + 1) - at(i - 1)) / (2.0 * h),
        }
    };
    (0..values.len()).into_par_iter().with_min_len(1 << 12).map(at_cell).collect()
}

/// The means of a component over the two faces of each cell.
fn middle<const D: usize>(v: &VectorField<D>, k: usize) -> Vec<f64> {
    let (grid, values) = (v.grid(), v.component(k).values());
    let faces = grid.shape_at(Location::face(k));
    let of_cell = |flat: usize| {
        let index = unravel(grid.shape(), flat);
        let mut next = index;
        next[k] += 1;
        0.5 * (values[ravel(faces, index)] + values[ravel(faces, next)])
    };
    (0..grid.cells()).map(of_cell).collect()
}

/// ∇φ on all faces, from φ with one cell beyond either end.
fn differences<const D: usize>(grid: &Grid<D>, wide: &[f64]) -> VectorField<D> {
    let outer = grid.shape().map(|n| n + 2);
    let component = |k: usize| {
        let location = Location::face(k);
        let shape = grid.shape_at(location);
        let step = |flat: usize| {
            let mut index = unravel(shape, flat);
            index.iter_mut().enumerate().filter(|(a, _)| *a != k).for_each(|(_, i)| *i += 1);
            let before = wide[ravel(outer, index)];
            index[k] += 1;
            (wide[ravel(outer, index)] - before) / grid.axes()[k].spacing
        };
        let values = (0..grid.len_at(location)).map(step).collect();
        ScalarField::from_values(*grid, location, values).expect("a value at each face")
    };
    VectorField::from_components(Layout::Faces, std::array::from_fn(component))
}

impl<const D: usize> Decompose<D> for NaturalMethod<D> {
    fn in_dimension(&self) -> InDimension<'_> {
        InDimension::of::<NaturalMethod<2>, NaturalMethod<3>>(self)
    }

    fn method(&self) -> Method {
        Method::Natural
    }

    fn boundary(&self) -> Boundary {
        Boundary::FreeSpace
    }

    fn backend(&self) -> Option<Backend> {
        None
    }

    fn calculus(&self) -> &dyn Calculus<D> {
        &self.calculus
    }

    fn claims(&self, law: Law) -> bool {
        matches!(law, Law::Sum | Law::DivergenceOfSolenoidal | Law::CurlOfGradient)
    }

    fn split_into(
        &self,
        field: &VectorField<D>,
        parts: &mut Decomposition<D>,
    ) -> Result<(), DecomposeError> {
        let v = self.where_computed(field);
        v.check_finite()?;
        let grid = *v.grid();
        let wide = self.scalar_potential(&v);
        parts.gradient = differences(&grid, &wide);
        let outer = grid.shape().map(|n| n + 2);
        let potential = parts.potential.values_mut().iter_mut().enumerate();
        potential.for_each(|(flat, value)| {
            *value = wide[ravel(outer, unravel(grid.shape(), flat).map(|i| i + 1))];
        });
        drop(wide);
        let middles = std::array::from_fn(|k| middle(&v, k));
        let pairs = 0..self.of_curl.len();
        let potentials: Vec<_> = pairs.map(|pair| self.pair_potential(pair, &middles)).collect();
        parts.solenoidal = free(&self.calculus).codifferential(&potentials);
        parts.harmonic = v.minus(&parts.gradient);
        parts.harmonic.add_scaled(-1.0, &parts.solenoidal);
        Ok(())
    }

    fn vector_potential(
        &self,
        parts: &Decomposition<D>,
    ) -> Result<Vec<ScalarField<D>>, DecomposeError> {
        staggered_potential(&free(&self.calculus), &parts.solenoidal)
    }
}

/// The calculus in which A is free at the walls.
fn free<const D: usize>(calculus: &Staggered<D>) -> Staggered<D> {
    Staggered::new(calculus.domain().clone(), Boundary::ZeroPotential)
}
