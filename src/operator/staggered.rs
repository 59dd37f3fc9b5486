//! Marker-and-cell calculus on boxes, channels and masked domains.

use super::difference::add_difference;
use super::{Calculus, axis_pairs, weighted_dot};
use crate::boundary::{Boundary, Condition};
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Domain, FaceClass, Location};

/// Vectors on faces, potentials at cell centres, curls and rotation potentials on edges
/// (vertices in 2D).
///
/// The inner product gives a wall face half a dual cell. The divergence uses every face of an
/// active cell. ∇ is minus its adjoint: with [`Condition::Zero`] over all faces, which at a wall
/// is ±2φ/h; with [`Condition::Natural`] over interior faces only, 0 at the walls. ⋆ and ∇∧ use the edges
/// inside the fluid where the boundary holds ⋆A tangential, all edges where it leaves A free.
/// The laws of [`super`] then hold to rounding on any mask. Every operator costs a few sweeps over its argument.
pub struct Staggered<const D: usize> {
    domain: Domain<D>,
    boundary: Boundary,
    faces: [Vec<FaceClass>; D],
    edges: Vec<Vec<u8>>,
}

impl<const D: usize> Staggered<D> {
    /// The calculus of a boundary convention on a domain.
    pub fn new(domain: Domain<D>, boundary: Boundary) -> Staggered<D> {
        let faces = std::array::from_fn(|k| domain.face_classes(k));
        let edges = axis_pairs::<D>()
            .into_iter()
            .map(|(a, b)| domain.touching(Location::edge(a, b)))
            .collect();
        Staggered { domain, boundary, faces, edges }
    }

    /// The boundary convention.
    pub fn boundary(&self) -> Boundary {
        self.boundary
    }

    /// What each face normal to axis k separates.
    pub fn face_classes(&self, k: usize) -> &[FaceClass] {
        &self.faces[k]
    }

    /// v with zero flux through every wall.
    pub fn without_wall_flux(&self, v: &VectorField<D>) -> VectorField<D> {
        self.keep(v, FaceClass::Interior)
    }

    /// Only the flux of v through the walls.
    pub fn wall_flux(&self, v: &VectorField<D>) -> VectorField<D> {
        self.keep(v, FaceClass::Wall)
    }

    fn keep(&self, v: &VectorField<D>, class: FaceClass) -> VectorField<D> {
        let mut kept = v.clone();
        for k in 0..D {
            for (value, found) in kept.component_mut(k).values_mut().iter_mut().zip(&self.faces[k])
            {
                *value = if *found == class { *value } else { 0.0 };
            }
        }
        kept
    }

    /// Sets every face without an active cell to zero.
    pub fn clear_outside(&self, v: &mut VectorField<D>) {
        for k in 0..D {
            for (value, class) in v.component_mut(k).values_mut().iter_mut().zip(&self.faces[k]) {
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
        let components = std::array::from_fn(|k| {
            let mut g = ScalarField::zeros(*grid, Location::face(k));
            let scale = 1.0 / grid.axes()[k].spacing;
            let values = g.values_mut();
            add_difference(grid, Location::CELL, k, scale, potential.values(), values);
            for (value, class) in values.iter_mut().zip(&self.faces[k]) {
                *value *= match (class, condition) {
                    (FaceClass::Interior, _) => 1.0,
                    (FaceClass::Wall, Condition::Zero) => 2.0,
                    _ => 0.0,
                };
            }
            g
        });
        VectorField::from_components(Layout::Faces, components)
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

    fn inner(&self, v: &VectorField<D>, w: &VectorField<D>) -> f64 {
        let sum: f64 = (0..D)
            .map(|k| {
                let classes = &self.faces[k];
                let (v, w) = (v.component(k).values(), w.component(k).values());
                weighted_dot(v, w, |i| classes[i].weight())
            })
            .sum();
        sum * self.domain.grid().cell_volume()
    }

    fn divergence(&self, v: &VectorField<D>) -> ScalarField<D> {
        let grid = self.domain.grid();
        let mut divergence = ScalarField::zeros(*grid, Location::CELL);
        for k in 0..D {
            let scale = 1.0 / grid.axes()[k].spacing;
            let faces = v.component(k).values();
            add_difference(grid, Location::face(k), k, scale, faces, divergence.values_mut());
        }
        if let Some(mask) = self.domain.mask() {
            for (value, active) in divergence.values_mut().iter_mut().zip(mask) {
                *value = if *active { *value } else { 0.0 };
            }
        }
        divergence
    }

    fn curl(&self, v: &VectorField<D>) -> Vec<ScalarField<D>> {
        let grid = self.domain.grid();
        let mut weighted = v.clone();
        for k in 0..D {
            let values = weighted.component_mut(k).values_mut();
            values.iter_mut().zip(&self.faces[k]).for_each(|(v, class)| *v *= class.weight());
        }
        let pairs = axis_pairs::<D>().into_iter().zip(&self.edges);
        pairs
            .map(|((a, b), touching)| {
                let mut curl = ScalarField::zeros(*grid, Location::edge(a, b));
                let out = curl.values_mut();
                for (from, along, sign) in [(b, a, 1.0), (a, b, -1.0)] {
                    let scale = sign / grid.axes()[along].spacing;
                    let values = weighted.component(from).values();
                    add_difference(grid, Location::face(from), along, scale, values, out);
                }
                for (value, touching) in out.iter_mut().zip(touching) {
                    let weight = self.edge_weight(*touching);
                    *value = if weight > 0.0 { *value / weight } else { 0.0 };
                }
                curl
            })
            .collect()
    }

    fn gradient(&self, potential: &ScalarField<D>) -> VectorField<D> {
        let condition = *self.boundary.potentials().last().expect("at least one potential");
        self.gradient_with(potential, condition)
    }

    fn rotation(&self, potential: &[ScalarField<D>]) -> VectorField<D> {
        let grid = self.domain.grid();
        let mut rotation = VectorField::zeros(*grid, Layout::Faces);
        let pairs = axis_pairs::<D>().into_iter().zip(potential).zip(&self.edges);
        for (((a, b), potential), touching) in pairs {
            let held: Vec<f64> = potential
                .values()
                .iter()
                .zip(touching)
                .map(|(p, &t)| if self.edge_weight(t) > 0.0 { *p } else { 0.0 })
                .collect();
            for (to, along, sign) in [(a, b, 1.0), (b, a, -1.0)] {
                let scale = sign / grid.axes()[along].spacing;
                let out = rotation.component_mut(to).values_mut();
                add_difference(grid, Location::edge(a, b), along, scale, &held, out);
            }
        }
        self.clear_outside(&mut rotation);
        rotation
    }
}
