//! The vector potential of a solenoidal part: ψ in 2D, A in 3D.

use super::DecomposeError;
use super::extension::extended;
use super::gauge::uneven_potential;
use crate::boundary::{Basis, Boundary, Condition, basis};
use crate::field::{ScalarField, VectorField};
use crate::grid::{Domain, FaceClass, Geometry, Location, ravel, unravel};
use crate::operator::{Calculus, Staggered, axis_pairs};
use crate::transform::{RealTransform, eigenvalues};
use std::collections::BTreeSet;

/// A with ⋆A = `solenoidal`, which must be the solenoidal part of a decomposition with the
/// convention of `calculus`. See [`Decompose::vector_potential`](super::Decompose::vector_potential).
pub(super) fn staggered_potential<const D: usize>(
    calculus: &Staggered<D>,
    solenoidal: &VectorField<D>,
) -> Result<Vec<ScalarField<D>>, DecomposeError> {
    let domain = calculus.domain();
    check_potential(domain)?;
    if domain.mask().is_none() && domain.metric().is_none() {
        return Ok(box_potential(calculus, solenoidal));
    }
    if D == 2 {
        return Ok(vec![stream_function(calculus, solenoidal)]);
    }
    let whole = Staggered::new(Domain::full(*domain.grid()), calculus.boundary());
    let field = extended(calculus, &whole, solenoidal)?;
    match whole.domain().metric() {
        None => Ok(box_potential(&whole, &field)),
        Some(_) => uneven_potential(&whole, &field),
    }
}

/// Refuses a domain in space in which none is computed.
pub(crate) fn check_potential<const D: usize>(domain: &Domain<D>) -> Result<(), DecomposeError> {
    match domain.geometry() {
        Geometry::Plane | Geometry::Rectilinear => Ok(()),
        _ if D == 2 => Ok(()),
        other => Err(DecomposeError::PotentialUnavailable { metric: other.name() }),
    }
}

/// A on a box of equal cells.
fn box_potential<const D: usize>(
    calculus: &Staggered<D>,
    field: &VectorField<D>,
) -> Vec<ScalarField<D>> {
    let curls = calculus.curl(field).into_iter().zip(axis_pairs::<D>());
    curls.map(|(curl, pair)| box_component(calculus.boundary(), pair, curl)).collect()
}

/// −∇²A_ab = (∇∧v)_ab on a box, by transforms. Where A has Dirichlet walls the values there are not
/// unknowns.
fn box_component<const D: usize>(
    boundary: Boundary,
    (a, b): (usize, usize),
    mut curl: ScalarField<D>,
) -> ScalarField<D> {
    let location = Location::edge(a, b);
    let grid = *curl.grid();
    let whole = grid.shape_at(location);
    let [on_faces, at_cells] = match boundary {
        Boundary::ZeroPotential => [Condition::Neumann, Condition::Dirichlet],
        _ => [Condition::Dirichlet, Condition::Neumann],
    };
    let bases: [Basis; D] = std::array::from_fn(|k| {
        let on_face = location.on_face(k);
        basis(grid.axes()[k].topology, if on_face { on_faces } else { at_cells }, on_face)
    });
    let on_walls = bases.map(|basis| usize::from(basis == Basis::SineFaces));
    let shape: [usize; D] = std::array::from_fn(|k| whole[k] - 2 * on_walls[k]);
    if shape.contains(&0) {
        return ScalarField::zeros(grid, location);
    }
    let place = |flat: usize| {
        let index = unravel(shape, flat);
        ravel(whole, std::array::from_fn(|k| index[k] + on_walls[k]))
    };
    let count = shape.iter().product();
    let mut values: Vec<f64> = (0..count).map(|flat| curl.values()[place(flat)]).collect();
    let eigenvalues: [Vec<f64>; D] =
        std::array::from_fn(|k| eigenvalues(bases[k], shape[k], grid.axes()[k].spacing));
    RealTransform::new(shape, bases)
        .solve(&mut values, std::array::from_fn(|k| &eigenvalues[k][..]));
    curl.values_mut().fill(0.0);
    for (flat, value) in values.into_iter().enumerate() {
        curl.values_mut()[place(flat)] = value;
    }
    curl
}

/// ψ at the vertices of a 2D domain, by adding up the flux through faces from vertex to vertex:
/// from the walls, where ψ = 0 unless the convention leaves it free, otherwise from any vertex, and then of
/// mean 0 on each component.
fn stream_function<const D: usize>(
    calculus: &Staggered<D>,
    solenoidal: &VectorField<D>,
) -> ScalarField<D> {
    let domain = calculus.domain();
    let grid = domain.grid();
    let location = Location::edge(0, 1);
    let touching = domain.touching(location);
    let mut walk = VertexWalk {
        domain,
        faces: [calculus.face_classes(0), calculus.face_classes(1)],
        flux: [solenoidal.component(0).values(), solenoidal.component(1).values()],
        potential: ScalarField::zeros(*grid, location),
        seen: touching.iter().map(|&t| t == 0).collect(),
    };
    if calculus.boundary() != Boundary::ZeroPotential {
        let walls = (0..touching.len()).filter(|&v| (1..4).contains(&touching[v]));
        let poles = poles(domain, &touching);
        walk.spread(walls.filter(|vertex| !poles.contains(vertex)).collect());
    }
    for root in 0..touching.len() {
        if walk.seen[root] {
            continue;
        }
        let found = walk.spread(vec![root]);
        let weight = |&v: &usize| f64::from(touching[v]);
        let total: f64 = found.iter().map(weight).sum();
        let values = walk.potential.values_mut();
        let mean = found.iter().map(|v| weight(v) * values[*v]).sum::<f64>() / total;
        found.into_iter().for_each(|v| values[v] -= mean);
    }
    walk.potential
}

/// The vertices around poles inside the fluid, which are no walls.
fn poles<const D: usize>(domain: &Domain<D>, touching: &[u8]) -> BTreeSet<usize> {
    let width = domain.grid().shape()[0];
    let rings =
        domain.pole_rings().into_iter().map(|ring| ring.end * width..(ring.end + 1) * width);
    rings.filter(|ring| touching[ring.clone()].iter().all(|t| *t == 2)).flatten().collect()
}

/// A walk over the vertices of a 2D grid along faces with an active cell.
struct VertexWalk<'a, const D: usize> {
    domain: &'a Domain<D>,
    faces: [&'a [FaceClass]; 2],
    flux: [&'a [f64]; 2],
    potential: ScalarField<D>,
    seen: Vec<bool>,
}

impl<const D: usize> VertexWalk<'_, D> {
    /// Visits all vertices that can be reached from some, breadth first; returns them all.
    fn spread(&mut self, mut found: Vec<usize>) -> Vec<usize> {
        found.iter().for_each(|&vertex| self.seen[vertex] = true);
        let mut next = 0;
        while next < found.len() {
            let vertex = found[next];
            next += 1;
            for (along, up) in [(0, true), (0, false), (1, true), (1, false)] {
                let Some((other, step)) = self.step(vertex, along, up) else { continue };
                if !std::mem::replace(&mut self.seen[other], true) {
                    self.potential.values_mut()[other] = self.potential.values()[vertex] + step;
                    found.push(other);
                }
            }
        }
        found
    }

    /// The vertex one face away along an axis, and ψ there minus ψ here:
    /// ∂ψ/∂y = v_x, ∂ψ/∂x = −v_y.
    fn step(&self, vertex: usize, along: usize, up: bool) -> Option<(usize, f64)> {
        let grid = self.domain.grid();
        let shape = grid.shape_at(self.potential.location());
        let mut index = unravel(shape, vertex);
        let axis = grid.axes()[along];
        let side = usize::from(up);
        let cell = axis.cells_beside(index[along])[side]?;
        let normal = 1 - along;
        index[along] = cell;
        let face = ravel(grid.shape_at(Location::face(normal)), index);
        if self.faces[normal][face] == FaceClass::Outside {
            return None;
        }
        index[along] = axis.faces_beside(cell)[side];
        let sign = if (along == 1) == up { 1.0 } else { -1.0 };
        let size = match self.domain.metric() {
            Some(metric) => metric.areas(normal)[face] * metric.unit(),
            None => axis.spacing,
        };
        Some((ravel(shape, index), sign * size * self.flux[normal][face]))
    }
}
