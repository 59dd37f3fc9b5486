//! Harmonic fields of a torus with obstacles: what normal and tangential ones have in common.

use super::DecomposeError;
use super::harmonic::{orthonormal, project, scaled};
use super::side::Side;
use crate::field::{Layout, VectorField};
use crate::operator::{Calculus, Staggered};

/// The normal harmonic fields that are not orthogonal to the tangential ones, of which there are at most as many as
/// axes, and what they have beyond them.
///
/// With P_T and P_N the projections on the tangential and the normal harmonic fields H_T and H_N: a normal one
/// orthogonal to all tangential ones is the gradient of a potential that is constant on every wall; the others wind
/// around the torus, and W = P_N H_T is spanned by P_N P_T of one closed field along each axis. For a field of W
/// that is orthogonal to those is 0: its tangential part then flows neither through a section of the torus nor
/// around an obstacle, so that it is a curl and orthogonal to H_N. With W known no basis of H_N is needed: what H_N
/// adds to H_T is its part orthogonal to W, and (1 − P_T) W.
pub(super) struct Winding<const D: usize> {
    /// An orthonormal basis of W.
    normal: Vec<VectorField<D>>,
    /// One of (1 − P_T) W.
    apart: Vec<VectorField<D>>,
}

impl<const D: usize> Winding<D> {
    /// Costs some projections for each axis.
    pub(super) fn new(
        calculus: &Staggered<D>,
        tangential: &Side<D>,
        normal: &Side<D>,
    ) -> Result<Winding<D>, DecomposeError> {
        let closed: Vec<VectorField<D>> = (0..D).map(|k| closed_along(calculus, k)).collect();
        let both = |v: &VectorField<D>| {
            normal.harmonic_part(calculus, &tangential.harmonic_part(calculus, v)?)
        };
        let images = closed.iter().map(both).collect::<Result<Vec<_>, _>>()?;
        let again = |v: &VectorField<D>| normal.harmonic_part(calculus, v);
        let winding = orthonormal(calculus, &images, &again)?;
        let beyond = |v: &VectorField<D>| Ok(v.minus(&tangential.harmonic_part(calculus, v)?));
        let apart = orthonormal(calculus, &winding, &beyond)?;
        Ok(Winding { normal: winding, apart })
    }

    /// How many independent fields are both tangential and normal.
    pub(super) fn common(&self) -> usize {
        self.normal.len() - self.apart.len()
    }

    /// What the normal harmonic fields add to the tangential ones in v, given the normal harmonic part of v.
    pub(super) fn without_tangential(
        &self,
        calculus: &Staggered<D>,
        v: &VectorField<D>,
        mut normal: VectorField<D>,
    ) -> VectorField<D> {
        normal.add_scaled(-1.0, &project(calculus, &self.normal, v));
        normal.add_scaled(1.0, &project(calculus, &self.apart, v));
        normal
    }
}

/// A field of norm 1 that integrates to the same along every step of axis k: its product with a field without
/// divergence and flux through walls is the flux of that through the sections of the torus.
fn closed_along<const D: usize>(calculus: &Staggered<D>, k: usize) -> VectorField<D> {
    let domain = calculus.domain();
    let mut field = VectorField::zeros(*domain.grid(), Layout::Faces);
    for (face, value) in field.component_mut(k).values_mut().iter_mut().enumerate() {
        *value = calculus.face_classes(k)[face].weight() / domain.distance(k, face);
    }
    let norm = calculus.inner(&field, &field).sqrt();
    if norm > 0.0 { scaled(&field, 1.0 / norm) } else { field }
}

#[cfg(test)]
mod tests {
    use super::super::harmonic::harmonic_basis;
    use super::*;
    use crate::boundary::{Boundary, Condition};
    use crate::grid::{Axis, Domain, Grid, Topology};
    use crate::operator::{cohomology, with_density};
    use crate::poisson::Backend;
    use crate::random::Random;

    /// What the normal fields add to the tangential ones, from bases of all of them.
    fn by_bases(
        calculus: &Staggered<2>,
        bases: [&[VectorField<2>]; 2],
        v: &VectorField<2>,
    ) -> (VectorField<2>, usize) {
        let [tangential, normal] = bases;
        let mut basis: Vec<VectorField<2>> = Vec::new();
        for field in normal {
            let mut field = field.clone();
            for _ in 0..3 {
                for known in tangential.iter().chain(&basis) {
                    field.add_scaled(-calculus.inner(&field, known), known);
                }
            }
            let norm = calculus.inner(&field, &field).sqrt();
            if norm > 1e-8 {
                basis.push(scaled(&field, 1.0 / norm));
            }
        }
        (project(calculus, &basis, v), basis.len())
    }

    /// Returns how many normal fields wind around the torus.
    fn check(label: &str, domain: &Domain<2>, seed: u64) -> usize {
        let calculus = Staggered::new(domain.clone(), Boundary::NormalParallel);
        let sides = [Condition::Neumann, Condition::Dirichlet]
            .map(|condition| Side::new(domain, condition, Backend::Cholesky, None).unwrap());
        let basis = |side: &Side<2>| {
            let cocycles = cohomology(domain, side.condition());
            let rest = |v: &VectorField<2>| Ok(side.gradient_part(&calculus, v)?.rest);
            harmonic_basis(&calculus, &cocycles, &rest).unwrap()
        };
        let [tangential, normal] = [basis(&sides[0]), basis(&sides[1])];
        let mut random = Random::new(seed);
        let mut v = VectorField::zeros(*domain.grid(), Layout::Faces);
        for component in v.components_mut() {
            component.values_mut().iter_mut().for_each(|value| *value = random.next());
        }
        v.clear_outside(domain);
        let (expected, count) = by_bases(&calculus, [&tangential, &normal], &v);
        let winding = Winding::new(&calculus, &sides[0], &sides[1]).unwrap();
        let part = sides[1].harmonic_part(&calculus, &v).unwrap();
        let found = winding.without_tangential(&calculus, &v, part);
        let off = found.minus(&expected).max_abs();
        assert!(off <= 1e-11, "{label}: {off:e}, {} and {count}", normal.len());
        assert_eq!(normal.len() - winding.common(), count, "{label}");
        winding.normal.len()
    }

    fn torus(cells: [usize; 2]) -> Grid<2> {
        let lengths = [1.0, 2.5];
        Grid::new(std::array::from_fn(|k| {
            Axis::over(0.0, lengths[k], cells[k], Topology::Periodic)
        }))
        .unwrap()
    }

    #[test]
    fn agrees_with_bases_on_random_masks() {
        let mut random = Random::new(8);
        let mut winding = [0; 3];
        for seed in 0..40 {
            let grid = torus([15, 12]);
            let share = [0.99, 0.95, 0.8, 0.6, 0.4][seed % 5];
            let mask = (0..grid.cells()).map(|_| random.unit() < share).collect();
            let Ok(domain) = Domain::masked(grid, mask) else { continue };
            winding[check("plane", &domain, seed as u64)] += 1;
            let density = VectorField::sample(grid, Layout::Faces, |[x, y]| {
                [(3.0 * x - y).exp(), (x + 2.0 * y).exp()]
            });
            check("density", &with_density(&domain, &density).unwrap(), seed as u64);
        }
        assert!(winding[0] > 3 && winding[2] > 3, "{winding:?}");
    }

    /// Walls around the torus along one axis, along both, and askew, beside scattered holes.
    #[test]
    fn agrees_with_bases_where_obstacles_wind() {
        let walls: [fn([usize; 2]) -> bool; 6] = [
            |[_, y]| y == 3,
            |[x, _]| x == 5,
            |[x, y]| x == 5 || y == 3,
            |[x, y]| x == y,
            |[x, y]| x == y || x == y + 1,
            |[_, y]| y == 3 || y == 8,
        ];
        for (number, wall) in walls.into_iter().enumerate() {
            for holes in [0.0, 0.05, 0.2] {
                let mut random = Random::new(number as u64);
                let grid = torus([12, 12]);
                let open = |cell: usize| !wall([cell % 12, cell / 12]) && random.unit() >= holes;
                let domain = Domain::masked(grid, (0..144).map(open).collect()).unwrap();
                check(&format!("wall {number}, holes {holes}"), &domain, 3);
            }
        }
    }
}
