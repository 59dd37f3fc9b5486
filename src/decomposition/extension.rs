//! The solenoidal part of a masked 3D domain on its whole box, without divergence in the obstacles.

use super::DecomposeError;
use crate::boundary::{Boundary, Condition};
use crate::field::{Layout, VectorField};
use crate::grid::{Domain, FaceClass, Location, unravel};
use crate::operator::{Calculus, Staggered};
use crate::poisson::{self, Poisson};

/// Passes of the solve in the obstacles after the first.
const PASSES: usize = 5;

/// The flux through a section of the box, relative to what flows through it, up to which it is rounding.
const ROUNDING: f64 = 1e-13;

/// The least norm, relative to that of a constant, of a flow through obstacles that reach through the box.
const THROUGH: f64 = 1e-8;

/// A field on the box with the same flux through the faces of the fluid, without the density of a weighted metric,
/// and no net flux through any closed surface or section of the box.
pub(super) fn extended<const D: usize>(
    calculus: &Staggered<D>,
    whole: &Staggered<D>,
    solenoidal: &VectorField<D>,
) -> Result<VectorField<D>, DecomposeError> {
    let (fluid, grid) = (calculus.domain(), calculus.domain().grid());
    let mut field = solenoidal.clone();
    for k in 0..D {
        if let Some(metric) = fluid.metric() {
            let area = |face: usize| match whole.domain().metric() {
                Some(plain) => plain.areas(k)[face],
                None => grid.cell_volume() / grid.axes()[k].spacing,
            };
            let values = field.component_mut(k).values_mut().iter_mut().enumerate();
            values.for_each(|(i, v)| *v *= metric.areas(k)[i] * metric.unit() / area(i));
        }
        let classes = calculus.face_classes(k).iter();
        let values = field.component_mut(k).values_mut().iter_mut().zip(classes);
        let outside = values.filter(|(_, class)| **class == FaceClass::Outside);
        outside.for_each(|(value, _)| *value = 0.0);
    }
    let Some(mask) = fluid.mask() else { return Ok(field) };
    if calculus.boundary() == Boundary::ZeroPotential {
        let obstacles = mask.iter().map(|active| !active).collect();
        let obstacles = Domain::masked(*grid, obstacles).expect("a mask leaves something out");
        Obstacles::new(obstacles)?.go_on(&mut field)?;
    }
    Ok(field)
}

/// The cells that a mask leaves out.
struct Obstacles<const D: usize> {
    calculus: Staggered<D>,
    solver: Box<dyn Poisson<D>>,
}

impl<const D: usize> Obstacles<D> {
    fn new(domain: Domain<D>) -> Result<Obstacles<D>, DecomposeError> {
        let solver = poisson::plan(&domain, Condition::Neumann, poisson::backend_for(&domain))?;
        Ok(Obstacles { calculus: Staggered::new(domain, Boundary::NoFlux), solver })
    }

    /// Gives the faces of obstacles what flows on into them from the fluid.
    fn go_on(&self, field: &mut VectorField<D>) -> Result<(), DecomposeError> {
        self.let_out(field);
        self.close(field)?;
        self.balance_sections(field)
    }

    /// Whether a face lies between an obstacle and a wall of the box.
    fn at_border(&self, k: usize, index: [usize; D]) -> bool {
        let axis = self.calculus.domain().grid().axes()[k];
        axis.bounded() && [0, axis.cells].contains(&index[k])
    }

    /// What `of` says of the faces around obstacles: their component, 1 where out of the obstacle is up, else −1,
    /// whether they are walls of the box, their area and their value.
    fn at_walls(
        &self,
        field: &mut VectorField<D>,
        mut of: impl FnMut(usize, f64, bool, f64, &mut f64),
    ) {
        let domain = self.calculus.domain();
        let (component, _) = domain.components();
        let grid = domain.grid();
        for k in 0..D {
            let shape = grid.shape_at(Location::face(k));
            for (face, value) in field.component_mut(k).values_mut().iter_mut().enumerate() {
                if self.calculus.face_classes(k)[face] != FaceClass::Wall {
                    continue;
                }
                let index = unravel(shape, face);
                let (cell, sign) = match domain.neighbours(k, index) {
                    [Some(lower), _] => (lower, 1.0),
                    [None, upper] => (upper.expect("a wall has a cell"), -1.0),
                };
                let area = match domain.metric() {
                    Some(metric) => metric.areas(k)[face],
                    None => grid.cell_volume() / grid.axes()[k].spacing,
                };
                of(component[cell] as usize, sign, self.at_border(k, index), area, value);
            }
        }
    }

    /// Lets out through the walls of the box what flows into obstacles that touch them, beyond what does already.
    fn let_out(&self, field: &mut VectorField<D>) {
        let (_, count) = self.calculus.domain().components();
        let (mut inflow, mut border) = (vec![0.0; count], vec![0.0; count]);
        self.at_walls(field, |obstacle, sign, at_border, area, value| {
            inflow[obstacle] -= sign * area * *value;
            border[obstacle] += if at_border { area } else { 0.0 };
        });
        self.at_walls(field, |obstacle, sign, at_border, _, value| {
            if at_border {
                *value += sign * inflow[obstacle] / border[obstacle];
            }
        });
    }

    /// Adds the gradient inside obstacles that takes the divergence off, with nothing at their walls.
    fn close(&self, field: &mut VectorField<D>) -> Result<(), DecomposeError> {
        let calculus = &self.calculus;
        let size = calculus.flux_size(field);
        let mut left = calculus.net_flux_extent(field, Condition::Dirichlet).squares;
        for pass in 0..=PASSES {
            let net = calculus.net_flux(field, Condition::Dirichlet, 1.0);
            let solved = self.solver.solve(&net, size);
            let (potential, _) = match (solved, pass) {
                (Ok(solved), _) => solved,
                (Err(error), 0) => return Err(error.into()),
                (Err(_), _) => break,
            };
            let mut better = field.clone();
            better.add_scaled(1.0, &calculus.gradient_with(&potential, Condition::Neumann));
            let now = calculus.net_flux_extent(&better, Condition::Dirichlet).squares;
            if now >= left {
                break;
            }
            (*field, left) = (better, now);
        }
        Ok(())
    }

    /// Where obstacles reach through a box along an axis across which all others are periodic, how much flows through
    /// them is free: as much as the fluid has in the other direction.
    fn balance_sections(&self, field: &mut VectorField<D>) -> Result<(), DecomposeError> {
        let axes = self.calculus.domain().grid().axes();
        let closed = |k: &usize| (0..D).all(|other| other == *k || !axes[other].bounded());
        let mut ways: Vec<VectorField<D>> = Vec::new();
        for k in (0..D).filter(closed) {
            let [net, size] = self.through(k, field);
            if net.abs() <= ROUNDING * size {
                continue;
            }
            for axis in (0..D).filter(closed).skip(ways.len()).take_while(|axis| *axis <= k) {
                ways.push(self.way_along(axis, &ways)?);
            }
            let way = ways.last().expect("made before");
            let [unit, _] = self.through(k, way);
            if unit != 0.0 {
                field.add_scaled(-net / unit, way);
            }
        }
        Ok(())
    }

    /// What flows through all sections normal to axis k, and the size of that.
    fn through(&self, k: usize, field: &VectorField<D>) -> [f64; 2] {
        let metric = self.calculus.domain().metric();
        let flux = |(face, v): (usize, &f64)| metric.map_or(1.0, |m| m.areas(k)[face]) * v;
        let values = || field.component(k).values().iter().enumerate().map(flux);
        [values().sum(), values().map(f64::abs).sum()]
    }

    /// A flow inside obstacles and through the walls of the box along an axis, orthogonal to others; 0 where none
    /// reaches through.
    fn way_along(
        &self,
        k: usize,
        others: &[VectorField<D>],
    ) -> Result<VectorField<D>, DecomposeError> {
        let (calculus, grid) = (&self.calculus, *self.calculus.domain().grid());
        let shape = grid.shape_at(Location::face(k));
        let mut way = VectorField::zeros(grid, Layout::Faces);
        for (face, value) in way.component_mut(k).values_mut().iter_mut().enumerate() {
            let index = unravel(shape, face);
            let inside = match calculus.face_classes(k)[face] {
                FaceClass::Interior => true,
                FaceClass::Wall => self.at_border(k, index),
                FaceClass::Outside => false,
            };
            *value = f64::from(u8::from(inside));
        }
        let whole = calculus.inner(&way, &way);
        self.let_out(&mut way);
        self.close(&mut way)?;
        for other in others {
            let square = calculus.inner(other, other);
            if square > 0.0 {
                way.add_scaled(-calculus.inner(&way, other) / square, other);
            }
        }
        let little = calculus.inner(&way, &way) <= THROUGH * THROUGH * whole;
        Ok(if little { VectorField::zeros(grid, Layout::Faces) } else { way })
    }
}
