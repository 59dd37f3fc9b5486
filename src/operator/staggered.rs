//! Marker-and-cell calculus on boxes, channels and masked domains.

use super::difference::add_difference;
use super::norms::{RowNorms, is_zero, root_of_squares};
use super::{Betti, Calculus, axis_pairs};
use crate::boundary::{Boundary, Condition};
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Domain, FaceClass, Location};
use std::borrow::Cow;
use std::sync::OnceLock;

/// Vectors on faces, potentials at cell centres, curls and vector potentials on edges
/// (vertices in 2D).
///
/// The inner product gives a wall face half a dual cell. The divergence uses every face of an
/// active cell. ∇ is minus its adjoint: with [`Condition::Dirichlet`] over all faces, which at a wall
/// is ±2φ/h; with [`Condition::Neumann`] over interior faces only, 0 at the walls. ⋆ and ∇∧ use the edges
/// inside the fluid where the boundary holds ⋆A tangential, all edges where it leaves A free.
/// The laws of [`super`] then hold to rounding on any mask. Every operator costs a few sweeps over its argument.
pub struct Staggered<const D: usize> {
    domain: Domain<D>,
    boundary: Boundary,
    /// Made when they are asked for: on boxes little needs them.
    faces: [OnceLock<Vec<FaceClass>>; D],
    edges: Vec<OnceLock<Vec<u8>>>,
    betti: OnceLock<Betti>,
}

impl<const D: usize> Staggered<D> {
    /// The calculus of a boundary convention on a domain.
    pub fn new(domain: Domain<D>, boundary: Boundary) -> Staggered<D> {
        let faces = std::array::from_fn(|_| OnceLock::new());
        let edges = axis_pairs::<D>().iter().map(|_| OnceLock::new()).collect();
        Staggered { domain, boundary, faces, edges, betti: OnceLock::new() }
    }

    /// The boundary convention.
    pub fn boundary(&self) -> Boundary {
        self.boundary
    }

    /// What each face normal to axis k separates.
    pub fn face_classes(&self, k: usize) -> &[FaceClass] {
        self.faces[k].get_or_init(|| self.domain.face_classes(k))
    }

    /// The number of active cells around each edge of a pair of axes.
    fn edges(&self, pair: usize) -> &[u8] {
        let (a, b) = axis_pairs::<D>()[pair];
        self.edges[pair].get_or_init(|| self.domain.touching(Location::edge(a, b)))
    }

    /// Changes the values at the walls normal to axis k, given their places, and clears those outside a mask.
    fn at_walls(&self, k: usize, values: &mut [f64], change: impl Fn(usize, &mut f64)) {
        if self.domain.mask().is_some() {
            let faces = values.iter_mut().zip(self.face_classes(k)).enumerate();
            faces.for_each(|(i, (value, class))| match class {
                FaceClass::Interior => {}
                FaceClass::Wall => change(i, value),
                FaceClass::Outside => *value = 0.0,
            });
        } else if self.domain.grid().axes()[k].bounded() {
            let (_, n, inner) = self.domain.grid().lanes(Location::face(k), k);
            for (lane, values) in values.chunks_exact_mut(n * inner).enumerate() {
                let walls = (0..inner).chain((n - 1) * inner..n * inner);
                walls.for_each(|i| change(lane * n * inner + i, &mut values[i]));
            }
        }
    }

    /// Gives `to` the flux of v through the walls.
    pub fn set_wall_flux(&self, v: &VectorField<D>, to: &mut VectorField<D>) {
        for k in 0..D {
            let flux = v.component(k).values();
            self.at_walls(k, to.component_mut(k).values_mut(), |i, value| *value = flux[i]);
        }
    }

    /// ∇·v at the cells for either condition of the potential: with [`Condition::Neumann`] of v without its
    /// flux through the walls. Minus the adjoint of [`gradient_with`](Staggered::gradient_with).
    pub fn divergence_with(&self, v: &VectorField<D>, condition: Condition) -> ScalarField<D> {
        let grid = self.domain.grid();
        let mut divergence = ScalarField::zeros(*grid, Location::CELL);
        for k in 0..D {
            let mut faces = Cow::Borrowed(v.component(k).values());
            if condition == Condition::Neumann && self.has_walls(k) {
                self.at_walls(k, faces.to_mut(), |_, value| *value = 0.0);
            }
            let scale = 1.0 / grid.axes()[k].spacing;
            add_difference(grid, Location::face(k), k, scale, &faces, divergence.values_mut());
        }
        if let Some(mask) = self.domain.mask() {
            for (value, active) in divergence.values_mut().iter_mut().zip(mask) {
                *value = if *active { *value } else { 0.0 };
            }
        }
        divergence
    }

    fn has_walls(&self, k: usize) -> bool {
        self.domain.mask().is_some() || self.domain.grid().axes()[k].bounded()
    }

    /// Sets every face without an active cell to zero.
    pub fn clear_outside(&self, v: &mut VectorField<D>) {
        if self.domain.mask().is_none() {
            return;
        }
        for k in 0..D {
            let values = v.component_mut(k).values_mut().iter_mut();
            for (value, class) in values.zip(self.face_classes(k)) {
                if *class == FaceClass::Outside {
                    *value = 0.0;
                }
            }
        }
    }

    /// ∇φ for either condition at the walls.
    pub fn gradient_with(
        &self,
        potential: &ScalarField<D>,
        condition: Condition,
    ) -> VectorField<D> {
        let grid = self.domain.grid();
        let at_walls = match condition {
            Condition::Dirichlet => 2.0,
            Condition::Neumann => 0.0,
        };
        let components = std::array::from_fn(|k| {
            let mut g = ScalarField::zeros(*grid, Location::face(k));
            let scale = 1.0 / grid.axes()[k].spacing;
            let values = g.values_mut();
            add_difference(grid, Location::CELL, k, scale, potential.values(), values);
            self.at_walls(k, values, |_, value| *value *= at_walls);
            g
        });
        VectorField::from_components(Layout::Faces, components)
    }

    /// ∇∧v at the edges of one pair of axes.
    fn curl_of_pair(&self, v: &VectorField<D>, pair: usize) -> ScalarField<D> {
        let (grid, (a, b)) = (self.domain.grid(), axis_pairs::<D>()[pair]);
        let mut curl = ScalarField::zeros(*grid, Location::edge(a, b));
        let out = curl.values_mut();
        for (from, along, sign) in [(b, a, 1.0), (a, b, -1.0)] {
            let mut weighted = v.component(from).values().to_vec();
            let classes = self.face_classes(from).iter();
            weighted.iter_mut().zip(classes).for_each(|(v, class)| *v *= class.weight());
            let scale = sign / grid.axes()[along].spacing;
            add_difference(grid, Location::face(from), along, scale, &weighted, out);
        }
        for (value, touching) in out.iter_mut().zip(self.edges(pair)) {
            let weight = self.edge_weight(*touching);
            *value = if weight > 0.0 { *value / weight } else { 0.0 };
        }
        curl
    }

    /// The weight of edges with that many active cells around: their share of a dual cell, or 0
    /// where A is held at zero.
    fn edge_weight(&self, touching: u8) -> f64 {
        let free = self.boundary == Boundary::ZeroPotential;
        if free || touching == 4 { f64::from(touching) / 4.0 } else { 0.0 }
    }
}

impl<const D: usize> Calculus<D> for Staggered<D> {
    fn derivative(&self) -> &'static str {
        "staggered second-order differences"
    }

    fn inner_product(&self) -> &'static str {
        "sum over the faces times the cell volume, wall faces half"
    }

    fn domain(&self) -> &Domain<D> {
        &self.domain
    }

    fn layout(&self) -> Layout {
        Layout::Faces
    }

    fn divergence(&self, v: &VectorField<D>) -> ScalarField<D> {
        self.divergence_with(v, Condition::Dirichlet)
    }

    fn curl(&self, v: &VectorField<D>) -> Vec<ScalarField<D>> {
        (0..self.edges.len()).map(|pair| self.curl_of_pair(v, pair)).collect()
    }

    fn divergence_norm(&self, v: &VectorField<D>) -> f64 {
        RowNorms::new(&self.domain, Vec::new(), false).divergence(v)
    }

    fn curl_norm(&self, v: &VectorField<D>) -> f64 {
        if is_zero(v) {
            return 0.0;
        }
        if let Some(norms) = self.row_norms() {
            return norms.curl(v);
        }
        let pairs = (0..self.edges.len()).map(|pair| self.curl_of_pair(v, pair));
        pairs.map(|curl| root_of_squares(&[curl]).powi(2)).sum::<f64>().sqrt()
    }

    fn row_norms(&self) -> Option<RowNorms<'_, D>> {
        let (free, masked) =
            (self.boundary == Boundary::ZeroPotential, self.domain.mask().is_some());
        let pairs = if masked { 0..self.edges.len() } else { 0..0 };
        (!free || !masked).then(|| {
            RowNorms::new(&self.domain, pairs.map(|pair| self.edges(pair)).collect(), free)
        })
    }

    fn weights<'a>(&self, k: usize, start: usize, out: &'a mut [f64]) -> Option<&'a [f64]> {
        if self.domain.mask().is_some() {
            let classes = &self.face_classes(k)[start..];
            out.iter_mut().zip(classes).for_each(|(w, class)| *w = class.weight());
            return Some(out);
        }
        let (_, n, inner) = self.domain.grid().lanes(Location::face(k), k);
        if !self.domain.grid().axes()[k].bounded() {
            return None;
        }
        let half = |face: usize| match face / inner % n {
            i if i == 0 || i + 1 == n => 0.5,
            _ => 1.0,
        };
        if k > 0 {
            // A row is a wall as a whole or not at all.
            out.fill(half(start));
            return (out.first() == Some(&0.5)).then_some(out);
        }
        out.fill(1.0);
        for i in [0, out.len() - 1] {
            out[i] = half(start + i);
        }
        Some(out)
    }

    fn betti(&self) -> Option<Betti> {
        self.domain.mask().map(|_| *self.betti.get_or_init(|| Betti::of(&self.domain)))
    }

    fn gradient(&self, potential: &ScalarField<D>) -> VectorField<D> {
        let condition = *self.boundary.potentials().last().expect("at least one potential");
        self.gradient_with(potential, condition)
    }

    fn codifferential(&self, potential: &[ScalarField<D>]) -> VectorField<D> {
        let grid = self.domain.grid();
        let mut codifferential = VectorField::zeros(*grid, Layout::Faces);
        let pairs = axis_pairs::<D>().into_iter().zip(potential).enumerate();
        for (pair, ((a, b), potential)) in pairs {
            let touching = self.edges(pair);
            let held: Vec<f64> = potential
                .values()
                .iter()
                .zip(touching)
                .map(|(p, &t)| if self.edge_weight(t) > 0.0 { *p } else { 0.0 })
                .collect();
            for (to, along, sign) in [(a, b, 1.0), (b, a, -1.0)] {
                let scale = sign / grid.axes()[along].spacing;
                let out = codifferential.component_mut(to).values_mut();
                add_difference(grid, Location::edge(a, b), along, scale, &held, out);
            }
        }
        self.clear_outside(&mut codifferential);
        codifferential
    }
}
