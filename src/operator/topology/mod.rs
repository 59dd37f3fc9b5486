//! Loops, holes and cavities of a domain.
//!
//! Where obstacles touch only at a corner or an edge, it is a convention whether the fluid between
//! them is joined. [`Condition::Neumann`] (the conventions `no-flux` and `normal-parallel` for
//! the solenoidal part) joins cells through faces only, so that obstacles touching at a corner
//! are one; [`Condition::Dirichlet`] (`zero-potential`) takes the closed union of the active cells, so
//! that fluid touching at a corner is joined and obstacles are not.

mod around;
mod cohomology;
mod complex;
mod holes;
mod orient;
mod path;
mod relation;
mod shore;
mod slab;
#[cfg(test)]
mod tests;

use crate::boundary::Condition;
use crate::field::{Layout, VectorField};
use crate::grid::{Domain, FaceClass, Grid, Location, ravel, unravel};
pub use around::around_holes;
use complex::Complex;
pub use path::{Hole, Loop};
use serde::Serialize;

/// Betti numbers b0, b1, b2: components, independent loops, cavities. In 2D b2 is 1 on an unmasked
/// torus and 0 elsewhere; in 3D an unmasked torus has b = (1, 3, 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Betti {
    /// Of the fluid, its cells joined through faces. b1 is the dimension of the tangential
    /// harmonic fields.
    pub fluid: [usize; 3],
    /// Of the closed union of the active cells. b_{D−1} is the dimension of the normal harmonic
    /// fields.
    pub closed: [usize; 3],
}

impl Betti {
    /// Counts components, loops from a [`cohomology`] basis, and the rest by Euler's formula.
    /// Time and memory are near-linear in the number of cells.
    ///
    /// ```
    /// use hodge::grid::{Axis, Domain, Grid, Topology};
    /// use hodge::operator::Betti;
    /// let axis = Axis::over(0.0, 1.0, 5, Topology::Bounded);
    /// let grid = Grid::new([axis, axis])?;
    /// let hole = |cell: usize| cell / 5 == 2 && cell % 5 == 2;
    /// let domain = Domain::masked(grid, (0..25).map(|cell| !hole(cell)).collect())?;
    /// assert_eq!(Betti::of(&domain).fluid, [1, 1, 0]);
    /// # Ok::<(), hodge::grid::GridError>(())
    /// ```
    pub fn of<const D: usize>(domain: &Domain<D>) -> Betti {
        let loops = cohomology(domain, Condition::Neumann).len();
        let normal = cohomology(domain, Condition::Dirichlet).len();
        Betti { fluid: fluid_numbers(domain, loops), closed: closed_numbers(domain, normal) }
    }
}

/// From b1 and the Euler characteristic of the complex of cells, interior faces, edges, vertices.
fn fluid_numbers<const D: usize>(domain: &Domain<D>, loops: usize) -> [usize; 3] {
    let (_, components) = domain.components();
    let euler = euler(domain, true);
    let cavities = euler - components as i64 + loops as i64 + i64::from(D == 3) * top(domain);
    [components, loops, count(cavities)]
}

/// From b_{D−1} and the Euler characteristic of the closed complex.
fn closed_numbers<const D: usize>(domain: &Domain<D>, normal: usize) -> [usize; 3] {
    let euler = euler(domain, false);
    if D == 2 {
        let components = euler + normal as i64 - top(domain);
        return [count(components), normal, count(top(domain))];
    }
    let components = touching_components(domain);
    let loops = components as i64 + normal as i64 - top(domain) - euler;
    [components, count(loops), normal]
}

fn count(n: i64) -> usize {
    usize::try_from(n).expect("Betti numbers are not negative")
}

/// The highest Betti number: only what has no walls is closed, a torus or a globe.
fn top<const D: usize>(domain: &Domain<D>) -> i64 {
    i64::from(!domain.has_walls())
}

/// The Euler characteristic: of everything that touches an active cell (vertices minus edges
/// plus faces minus cells), or, for `inside`, of the dual complex of what has only active cells
/// around (cells minus faces plus edges minus vertices).
fn euler<const D: usize>(domain: &Domain<D>, inside: bool) -> i64 {
    (0..1u32 << D)
        .map(|axes| {
            let on: Vec<usize> = (0..D).filter(|&k| axes >> k & 1 == 1).collect();
            let location = on.iter().fold(Location::CELL, |l, &k| l.toggled(k));
            let least = if inside { 1u8 << on.len() } else { 1 };
            let touching = domain.touching(location);
            let found = touching.iter().filter(|&&t| t >= least).count() as isize;
            let found = found + at_poles(domain, &on, &touching, inside);
            let codimension = on.len();
            let dimension = if inside { codimension } else { D - codimension };
            if dimension % 2 == 0 { found as i64 } else { -(found as i64) }
        })
        .sum()
}

/// What a count of places has too little at poles, where those on faces of y around x are one and the others none.
fn at_poles<const D: usize>(
    domain: &Domain<D>,
    on: &[usize],
    touching: &[u8],
    inside: bool,
) -> isize {
    if !on.contains(&1) {
        return 0;
    }
    let location = on.iter().fold(Location::CELL, |l, &k| l.toggled(k));
    let shape = domain.grid().shape_at(location);
    let poles = domain.metric().map_or([false; 2], |metric| metric.poles());
    let ends = [0, domain.grid().axes()[1].cells].into_iter().zip(poles).filter(|(_, pole)| *pole);
    let levels = || 0..shape[2..].iter().product::<usize>();
    let rings = ends.flat_map(|(end, _)| levels().map(move |level| end + shape[1] * level));
    let of_ring = |row: usize| {
        let ring = &touching[row * shape[0]..][..shape[0]];
        let counted = if inside { 0 } else { ring.iter().filter(|t| **t > 0).count() };
        // Half of what is around a place lies beyond the pole, where there is nothing.
        let whole = ring.iter().all(|t| *t == 1 << (on.len() - 1));
        let one = on.contains(&0) && if inside { whole } else { counted > 0 };
        isize::from(one) - counted as isize
    };
    rings.map(of_ring).sum()
}

/// The number of components of active cells that are joined where they touch at all.
fn touching_components<const D: usize>(domain: &Domain<D>) -> usize {
    let grid = domain.grid();
    let mut seen: Vec<bool> = (0..grid.cells()).map(|cell| !domain.is_active(cell)).collect();
    let rings = domain.pole_rings();
    let mut found = 0;
    let mut open = Vec::new();
    for root in 0..grid.cells() {
        if std::mem::replace(&mut seen[root], true) {
            continue;
        }
        found += 1;
        open.push(root);
        while let Some(cell) = open.pop() {
            // All cells of a ring touch at its pole.
            let at_pole = rings.iter().filter(|ring| ring.cells.contains(&cell));
            let at_pole: Vec<usize> = at_pole.flat_map(|ring| ring.cells.clone()).collect();
            for next in around(grid, cell).chain(at_pole) {
                if !std::mem::replace(&mut seen[next], true) {
                    open.push(next);
                }
            }
        }
    }
    found
}

/// The cells that share at least a vertex with a cell, itself among them.
fn around<const D: usize>(grid: &Grid<D>, cell: usize) -> impl Iterator<Item = usize> + '_ {
    let index = unravel(grid.shape(), cell);
    (0..3usize.pow(D as u32)).filter_map(move |offset| {
        let steps = unravel([3; D], offset);
        let mut at = index;
        for k in 0..D {
            let n = grid.axes()[k].cells;
            let shifted = index[k] + n + steps[k] - 1;
            if grid.axes()[k].bounded() && (shifted < n || shifted >= 2 * n) {
                return None;
            }
            at[k] = shifted % n;
        }
        Some(ravel(grid.shape(), at))
    })
}

/// A field without curl that is not a gradient, and the loop that detects it.
#[derive(Clone, Debug)]
pub struct Cocycle<const D: usize> {
    domain: Domain<D>,
    cochain: Vec<(usize, usize, f64)>,
    /// Along it this field has circulation 1, those of the other cocycles 0. Under
    /// [`Condition::Dirichlet`] the path may leave the fluid through one wall and come back through another.
    pub path: Loop,
}

impl<const D: usize> Cocycle<D> {
    /// The field: zero but on a cut through the domain, without curl around every edge
    /// ([`Condition::Neumann`]: every edge inside the fluid).
    pub fn field(&self) -> VectorField<D> {
        let mut field = VectorField::zeros(*self.domain.grid(), Layout::Faces);
        let classes = std::array::from_fn(|k| self.domain.face_classes(k));
        for (k, face, value) in self.values(&classes) {
            field.component_mut(k).values_mut()[face] = value;
        }
        field
    }

    /// Its values on the faces where it is not 0, as axis, place in storage and value, given the classes of all faces.
    pub fn values<'a>(
        &'a self,
        classes: &'a [Vec<FaceClass>; D],
    ) -> impl Iterator<Item = (usize, usize, f64)> + 'a {
        self.cochain.iter().map(|&(k, face, value)| {
            let length = classes[k][face].weight() * self.domain.distance(k, face);
            (k, face, value / length)
        })
    }
}

/// A basis of the fields without curl modulo gradients: for [`Condition::Neumann`] with zero flux
/// through the walls, as many as the fluid has independent loops; for [`Condition::Dirichlet`] modulo
/// gradients of potentials that are 0 on the walls, as many as b_{D−1} of the closed union.
///
/// Near-linear in the number of cells, plus the entries of the cochains. Without a mask they are
/// written down.
pub fn cohomology<const D: usize>(domain: &Domain<D>, condition: Condition) -> Vec<Cocycle<D>> {
    if domain.mask().is_some() {
        return general_cohomology(domain, condition);
    }
    let axes = match domain.metric().map_or([false; 2], |metric| metric.poles()) {
        [false, false] => box_axes(domain.grid(), condition),
        poles => axes_beyond(domain.grid(), poles, condition),
    };
    axes.into_iter().map(|k| box_cocycle(domain, k)).collect()
}

fn general_cohomology<const D: usize>(domain: &Domain<D>, condition: Condition) -> Vec<Cocycle<D>> {
    let found = cohomology::generators(&Complex::new(domain, condition)).into_iter();
    found
        .map(|generator| Cocycle {
            domain: domain.clone(),
            cochain: generator.cochain,
            path: Loop::new(generator.cycle),
        })
        .collect()
}

/// The axes along which constants are harmonic on an unmasked grid: every periodic one for
/// [`Condition::Neumann`]; for [`Condition::Dirichlet`] all axes of a torus, or the one across the two walls of a slab.
pub fn box_axes<const D: usize>(grid: &Grid<D>, condition: Condition) -> Vec<usize> {
    let bounded = |k: &usize| grid.axes()[*k].bounded();
    let walls = (0..D).filter(bounded).count();
    match (condition, walls) {
        (Condition::Neumann, _) => (0..D).filter(|k| !bounded(k)).collect(),
        (Condition::Dirichlet, 0) => (0..D).collect(),
        (Condition::Dirichlet, 1) => (0..D).filter(bounded).collect(),
        (Condition::Dirichlet, _) => Vec::new(),
    }
}

/// The same on a globe or a cap times the axes beyond: there are no loops but a periodic z, and nothing that a wall
/// goes all around but the inside of a shell.
fn axes_beyond<const D: usize>(
    grid: &Grid<D>,
    poles: [bool; 2],
    condition: Condition,
) -> Vec<usize> {
    let beyond = |k: &usize| match condition {
        Condition::Neumann => !grid.axes()[*k].bounded(),
        Condition::Dirichlet => poles == [true; 2],
    };
    (2..D).filter(beyond).collect()
}

/// The cut through the first faces of an axis, and a straight path along it.
fn box_cocycle<const D: usize>(domain: &Domain<D>, k: usize) -> Cocycle<D> {
    let grid = domain.grid();
    let shape = grid.shape_at(Location::face(k));
    let faces = (0..grid.len_at(Location::face(k))).map(|face| (face, unravel(shape, face)));
    let first = faces.clone().filter(|(_, index)| index[k] == 0);
    let line = faces.filter(|(_, index)| (0..D).all(|j| j == k || index[j] == 0));
    Cocycle {
        domain: domain.clone(),
        cochain: first.map(|(face, _)| (k, face, 1.0)).collect(),
        path: Loop::new(line.map(|(face, _)| (k, face, 1.0)).collect()),
    }
}
