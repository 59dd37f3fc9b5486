//! Marker-and-cell calculus on boxes, channels and masked domains.

mod calculus;
pub(super) mod edges;
mod gap;
mod rows;
mod sizes;

use super::difference::add_difference;
use super::{Betti, axis_pairs};
use crate::boundary::{Boundary, Condition};
use crate::field::{ScalarField, VectorField};
use crate::grid::{Domain, FaceClass, Location, Metric};
use edges::Edges;
use std::borrow::Cow;
use std::sync::OnceLock;

/// Vectors on faces, potentials at cell centres, curls and vector potentials on edges
/// (vertices in 2D).
///
/// The inner product gives a wall face half a dual cell. The divergence uses every face of an
/// active cell. ∇ is minus its adjoint: with [`Condition::Dirichlet`] over all faces, which at a wall
/// is ±2φ/h; with [`Condition::Neumann`] over interior faces only, 0 at the walls. ⋆ and ∇∧ use the edges
/// inside the fluid where the boundary holds ⋆A tangential, all edges where it leaves A free.
/// The laws of [`super`] then hold to rounding on any mask and for any [`Metric`]. Every operator costs a few
/// sweeps over its argument.
pub struct Staggered<const D: usize> {
    domain: Domain<D>,
    boundary: Boundary,
    /// Made when they are asked for: on boxes little needs them.
    faces: [OnceLock<Vec<FaceClass>>; D],
    edges: Vec<OnceLock<Edges>>,
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

    /// The edges of a pair of axes.
    fn edges(&self, pair: usize) -> &Edges {
        let axes = axis_pairs::<D>()[pair];
        let free = self.boundary == Boundary::ZeroPotential;
        self.edges[pair].get_or_init(|| Edges::new(&self.domain, axes, free))
    }

    /// Whether a vertex of a 2D domain has a value of the stream function of its own: not on walls where that is 0.
    pub(crate) fn has_psi(&self, vertex: usize) -> bool {
        self.edges(0).length(vertex) > 0.0
    }

    /// The area around an edge of a pair of axes and its length; 0 where A is held.
    pub(crate) fn edge_sizes(&self, pair: usize, at: usize) -> [f64; 2] {
        [self.edges(pair).area(at), self.edges(pair).length(at)]
    }

    /// The vertices that are one at each pole of a 2D domain.
    pub(crate) fn poles(&self) -> &[Vec<usize>] {
        self.edges(0).rings()
    }

    fn metric(&self) -> Option<&Metric<D>> {
        self.domain.metric()
    }

    /// A component of v times what `of` takes from the metric, if there is one.
    fn times<'a>(
        &self,
        v: &'a VectorField<D>,
        k: usize,
        of: impl Fn(&Metric<D>) -> &[f64],
    ) -> Cow<'a, [f64]> {
        let values = v.component(k).values();
        self.metric().map_or(Cow::Borrowed(values), |metric| {
            Cow::Owned(values.iter().zip(of(metric)).map(|(v, size)| v * size).collect())
        })
    }

    /// The factor of a difference along axis k: one over the spacing where there is no metric.
    fn scale(&self, k: usize) -> f64 {
        if self.metric().is_some() { 1.0 } else { 1.0 / self.domain.grid().axes()[k].spacing }
    }

    /// Changes the values at the walls normal to axis k, given their places, and clears those outside a mask.
    fn at_walls(&self, k: usize, values: &mut [f64], change: impl Fn(usize, &mut f64)) {
        if self.domain.mask().is_some() || self.metric().is_some() {
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
        let mut divergence = self.net_flux(v, condition, 1.0);
        if let Some(metric) = self.metric() {
            let values = divergence.values_mut().iter_mut();
            values.zip(metric.volumes()).for_each(|(value, volume)| *value /= volume);
        }
        divergence
    }

    /// ∇∧v at the edges of one pair of axes.
    fn curl_of_pair(&self, v: &VectorField<D>, pair: usize) -> ScalarField<D> {
        let mut curl = self.circulation_field(v, pair);
        let edges = self.edges(pair);
        for (at, value) in curl.values_mut().iter_mut().enumerate() {
            let area = edges.area(at);
            *value = if area > 0.0 { *value / area } else { 0.0 };
        }
        curl
    }

    /// Σ ± d v around the edges of one pair of axes, the parts in the domain; over the area of a cell where all are
    /// alike. At the edges that are one at a pole it is the sum, at those where A is 0 it is 0.
    pub(crate) fn circulation_field(&self, v: &VectorField<D>, pair: usize) -> ScalarField<D> {
        let (grid, (a, b)) = (self.domain.grid(), axis_pairs::<D>()[pair]);
        let mut around = ScalarField::zeros(*grid, Location::edge(a, b));
        let out = around.values_mut();
        for (from, along, sign) in [(b, a, 1.0), (a, b, -1.0)] {
            let mut weighted = self.times(v, from, |metric| metric.distances(from)).into_owned();
            let classes = self.face_classes(from).iter();
            weighted.iter_mut().zip(classes).for_each(|(v, class)| *v *= class.weight());
            let scale = sign * self.scale(along);
            add_difference(grid, Location::face(from), along, scale, &weighted, out);
        }
        self.edges(pair).join(out, |ring| ring.iter().sum());
        around
    }
}
