//! The solenoidal part of a 2D field by a solve for its stream function.

use super::DecomposeError;
use crate::boundary::{Boundary, Condition};
use crate::field::{Layout, ScalarField, VectorField, sum_of_squares};
use crate::grid::{Axis, Domain, FaceClass, Grid, Location, Metric, Topology, ravel, unravel};
use crate::operator::{Calculus, Staggered};
use crate::poisson::{self, Backend, Poisson};

/// The circulation, relative to that of a field, up to which what is left of its curl is rounding.
const LEFT: f64 = 1e-14;

/// What may be left.
const ALLOWED: f64 = 1e-9;

/// Passes after the first.
const PASSES: usize = 8;

/// How much couplings that only hold the equations together conduct, beside the least of the others.
const LOOSE: f64 = 1e-6;

/// How much couplings between the vertices that are one at a pole conduct, beside the largest of the others.
const TIGHT: f64 = 1e6;

/// Splits fields without gradient part into ⋆ψ and what is harmonic, with ψ = 0 on walls, where the harmonic fields
/// are tangential, or ψ free there, where they are normal.
///
/// ψ is at the vertices. Its equation Σ (d/S)(ψ − ψ′) = ∮ v is a Poisson equation on the cells around them, and is
/// solved as one; how well ⋆ψ fits is measured by the calculus itself, and mended as long as that helps. Costs one
/// solve for a field whatever the number of holes.
pub(super) struct Rotation<const D: usize> {
    calculus: Staggered<D>,
    /// None where no vertex has a value.
    solver: Option<Box<dyn Poisson<D>>>,
    grid: Grid<D>,
}

impl<const D: usize> Rotation<D> {
    /// Plans the solver for the harmonic fields of a condition of the potential of gradients.
    pub(super) fn new(
        domain: &Domain<D>,
        condition: Condition,
        backend: Backend,
    ) -> Result<Rotation<D>, DecomposeError> {
        let (boundary, of_psi) = match condition {
            Condition::Neumann => (Boundary::NoFlux, Condition::Dirichlet),
            Condition::Dirichlet => (Boundary::ZeroPotential, Condition::Neumann),
        };
        let calculus = Staggered::new(domain.clone(), boundary);
        let around = Dual { calculus: &calculus };
        let grid = around.grid();
        let solver = match around.domain(grid) {
            None => None,
            Some(dual) => {
                let backend = if backend.fits(&dual) { backend } else { Backend::Cholesky };
                Some(poisson::plan(&dual, of_psi, backend)?)
            }
        };
        Ok(Rotation { calculus, solver, grid })
    }

    /// ⋆ψ and the harmonic rest of a field without gradient part.
    pub(super) fn split(&self, v: VectorField<D>) -> Result<[VectorField<D>; 2], DecomposeError> {
        let size = self.calculus.circulation_size(&v);
        let mut part = VectorField::zeros(*v.grid(), Layout::Faces);
        let mut rest = v;
        let mut around = self.calculus.circulation_field(&rest, 0);
        for _ in 0..=PASSES {
            let left = norm(&around);
            if left <= LEFT * size || !left.is_finite() {
                break;
            }
            let more = self.one_pass(&around, size)?;
            let smaller = rest.minus(&more);
            let now = self.calculus.circulation_field(&smaller, 0);
            if norm(&now) >= left {
                break;
            }
            part.add_scaled(1.0, &more);
            (rest, around) = (smaller, now);
        }
        let left = norm(&around);
        if left > ALLOWED * size {
            return Err(DecomposeError::StreamFunction { left: left / size, allowed: ALLOWED });
        }
        Ok([part, rest])
    }

    /// ⋆ψ for given circulations.
    fn one_pass(
        &self,
        around: &ScalarField<D>,
        size: f64,
    ) -> Result<VectorField<D>, DecomposeError> {
        let domain = self.calculus.domain();
        // Where all cells are alike circulations are over the area of one.
        let area = if domain.metric().is_some() { 1.0 } else { domain.grid().cell_volume() };
        let mut right: Vec<f64> = around.values().iter().map(|value| value * area).collect();
        for ring in self.calculus.poles() {
            // The circulation around a pole stands at each of its vertices.
            let share = 1.0 / ring.len() as f64;
            ring.iter().for_each(|vertex| right[*vertex] *= share);
        }
        let right = ScalarField::from_values(self.grid, Location::CELL, right);
        let right = right.expect("a cell around each vertex");
        let solver = self.solver.as_ref().expect("no circulation without vertices");
        let (psi, _) = solver.solve(&right, size * area)?;
        let unit = domain.metric().map_or(1.0, Metric::unit);
        let values = psi.into_values().into_iter().map(|value| value * unit).collect();
        let psi = ScalarField::from_values(*domain.grid(), around.location(), values);
        Ok(self.calculus.codifferential(&[psi.expect("a value at each vertex")]))
    }
}

fn norm<const D: usize>(field: &ScalarField<D>) -> f64 {
    sum_of_squares(field.values()).sqrt()
}

/// The cells around the vertices of a domain.
struct Dual<'a, const D: usize> {
    calculus: &'a Staggered<D>,
}

impl<const D: usize> Dual<'_, D> {
    fn grid(&self) -> Grid<D> {
        let primal = self.calculus.domain().grid();
        let axes = primal.axes().map(|axis| match axis.topology {
            Topology::Periodic => Axis::over(0.0, axis.cells as f64, axis.cells, axis.topology),
            Topology::Bounded => Axis::over(0.0, axis.faces() as f64, axis.faces(), axis.topology),
        });
        Grid::new(axes).expect("an axis of vertices")
    }

    /// `None` where no vertex has a value.
    fn domain(&self, grid: Grid<D>) -> Option<Domain<D>> {
        let active: Vec<bool> =
            (0..grid.cells()).map(|vertex| self.calculus.has_psi(vertex)).collect();
        let domain = Domain::masked(grid, active).ok()?;
        let classes: [Vec<FaceClass>; D] = std::array::from_fn(|a| domain.face_classes(a));
        let mut conduct: [Vec<Coupling>; D] = std::array::from_fn(|a| {
            let shape = grid.shape_at(Location::face(a));
            let faces = (0..classes[a].len()).map(|face| (face, classes[a][face]));
            faces.map(|(face, class)| self.coupling(a, unravel(shape, face), class)).collect()
        });
        let known = || conduct.iter().flatten().filter_map(Coupling::known);
        let (least, most) = known().fold((f64::INFINITY, 0.0f64), |(l, m), c| (l.min(c), m.max(c)));
        let (least, most) = if most > 0.0 { (least, most) } else { (1.0, 1.0) };
        let areas = std::array::from_fn(|a| {
            let of = |coupling: Coupling| match coupling {
                Coupling::Known(c) => c,
                Coupling::Loose => LOOSE * least,
                Coupling::Tight => TIGHT * most,
                Coupling::None => LOOSE * LOOSE * least,
            };
            std::mem::take(&mut conduct[a]).into_iter().map(of).collect()
        });
        // A wall of this domain is a whole distance away, not half of one.
        let whole = |class: &FaceClass| if *class == FaceClass::Wall { 2.0 } else { 1.0 };
        let distances = std::array::from_fn(|a| classes[a].iter().map(whole).collect());
        let metric = Metric::given(&grid, areas, distances, vec![1.0; grid.cells()]);
        domain.with_metric(metric.expect("positive numbers")).ok()
    }

    /// How much ψ is coupled across face `index` of the cells around vertices, normal to axis a: by the face of the
    /// domain that joins the two vertices.
    fn coupling(&self, a: usize, mut index: [usize; D], dual: FaceClass) -> Coupling {
        let (grid, b) = (self.calculus.domain().grid(), 1 - a);
        let n = grid.axes()[a].cells;
        let beyond = grid.axes()[a].bounded() && [0, n + 1].contains(&index[a]);
        if dual == FaceClass::Outside || beyond {
            return Coupling::None;
        }
        index[a] = match grid.axes()[a].bounded() {
            true => index[a] - 1,
            false => (index[a] + n - 1) % n,
        };
        let face = ravel(grid.shape_at(Location::face(b)), index);
        let class = self.calculus.face_classes(b)[face];
        let [area, distance] = match self.calculus.domain().metric() {
            Some(metric) => [metric.areas(b)[face], metric.distances(b)[face]],
            None => [grid.axes()[a].spacing, grid.axes()[b].spacing],
        };
        match (class, area) {
            (_, 0.0) => Coupling::Tight,
            (FaceClass::Outside, _) => Coupling::Loose,
            _ => Coupling::Known(class.weight() * distance / area),
        }
    }
}

/// How much two vertices are coupled.
#[derive(Clone, Copy)]
enum Coupling {
    Known(f64),
    /// By a face outside the fluid, so that the equations stay together: nothing flows along it.
    Loose,
    /// They are one.
    Tight,
    /// There is no second vertex, or none that takes part.
    None,
}

impl Coupling {
    fn known(&self) -> Option<f64> {
        match self {
            Coupling::Known(c) => Some(*c),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::harmonic::{harmonic_basis, project};
    use super::super::side::Side;
    use super::*;
    use crate::operator::{cohomology, with_density};
    use crate::random::Random;

    /// The harmonic part by a basis of all harmonic fields.
    fn check(label: &str, domain: &Domain<2>, seed: u64) {
        let mut random = Random::new(seed);
        for condition in [Condition::Neumann, Condition::Dirichlet] {
            let boundary = match condition {
                Condition::Neumann => Boundary::NoFlux,
                Condition::Dirichlet => Boundary::ZeroPotential,
            };
            let calculus = Staggered::new(domain.clone(), boundary);
            let mut v = VectorField::zeros(*domain.grid(), Layout::Faces);
            for component in v.components_mut() {
                component.values_mut().iter_mut().for_each(|value| *value = random.next());
            }
            v.clear_outside(domain);
            let side = Side::new(domain, condition, Backend::Cholesky, None).unwrap();
            let rest = |v: &VectorField<2>| Ok(side.gradient_part(&calculus, v)?.rest);
            let cocycles = cohomology(domain, condition);
            let basis = harmonic_basis(&calculus, &cocycles, &rest).unwrap();
            let v = rest(&v).unwrap();
            let expected = project(&calculus, &basis, &v);
            let rotation = Rotation::new(domain, condition, Backend::Cholesky).unwrap();
            let [part, harmonic] = rotation.split(v.clone()).unwrap();
            let off = harmonic.minus(&expected).max_abs();
            assert!(off <= 1e-11, "{label} {condition:?} {} loops: {off:e}", basis.len());
            assert!(v.minus(&part).minus(&harmonic).max_abs() <= 1e-14, "{label}");
            let curl = norm(&calculus.circulation_field(&harmonic, 0));
            assert!(curl <= 1e-12 * calculus.circulation_size(&v), "{label}: {curl:e}");
        }
    }

    fn masked(grid: Grid<2>, share: f64, random: &mut Random) -> Domain<2> {
        Domain::masked(grid, (0..grid.cells()).map(|_| random.unit() < share).collect()).unwrap()
    }

    #[test]
    fn agrees_with_a_basis_on_random_masks() {
        use Topology::{Bounded, Periodic};
        let mut random = Random::new(5);
        for seed in 0..30 {
            let mixed = [[Bounded, Bounded], [Periodic, Bounded], [Bounded, Periodic]];
            for topology in mixed.into_iter().chain([[Periodic, Periodic]]) {
                let axes = [(17, 1.0), (13, 2.5)].into_iter().zip(topology);
                let mut axes = axes.map(|((n, l), topology)| Axis::over(0.0, l, n, topology));
                let axes = [(); 2].map(|()| axes.next().unwrap());
                let grid = Grid::new(axes).unwrap();
                let share = [0.97, 0.85, 0.6, 0.3][seed % 4];
                let domain = masked(grid, share, &mut random);
                check("plane", &domain, seed as u64);
                let density = VectorField::sample(grid, Layout::Faces, |[x, y]| {
                    [(3.0 * x - y).exp(), (x + 2.0 * y).exp()]
                });
                check("density", &with_density(&domain, &density).unwrap(), seed as u64);
            }
        }
    }

    #[test]
    fn agrees_with_a_basis_on_globes() {
        let mut random = Random::new(6);
        for seed in 0..20 {
            let x = Axis::over(0.0, 360.0, 18, Topology::Periodic);
            let y = Axis::over(-90.0, 90.0, 12, Topology::Bounded);
            let grid = Grid::new([x, y]).unwrap();
            let metric = Metric::sphere(&grid, 6.4e6).unwrap();
            let mut domain = masked(grid, [0.95, 0.8, 0.5][seed % 3], &mut random);
            if seed % 2 == 0 {
                // Both poles in the open.
                let open = |cell: usize| !(18..18 * 11).contains(&cell) || domain.is_active(cell);
                domain = Domain::masked(grid, (0..grid.cells()).map(open).collect()).unwrap();
            }
            check("globe", &domain.with_metric(metric).unwrap(), seed as u64);
        }
    }
}
