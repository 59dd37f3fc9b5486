//! A basis of the closed, non-exact cochains on the links of a complex.

use super::complex::Complex;
use super::relation::{IntegerRow, Relations, combine};
use std::collections::VecDeque;

/// A face as axis and place in storage, with a value or a sign.
pub(super) type Coefficient = (usize, usize, f64);

/// One closed cochain and the closed path it measures.
pub(super) struct Generator {
    /// Integrals along the links where they are not 0.
    pub(super) cochain: Vec<Coefficient>,
    /// The links of a closed path, with signs: this cochain sums to 1 along it, those of the
    /// other generators to 0.
    pub(super) cycle: Vec<Coefficient>,
}

/// Link not yet given a value; otherwise the place of its value in the arena.
const OPEN: u32 = u32::MAX;

/// The first cohomology of a complex, as many generators as its first Betti number.
///
/// Links of a spanning forest get 0. An elementary loop with one open link determines it; when none
/// is left, an open link becomes a generator. A loop whose sum is not 0 is a relation between
/// generators. Linear time in the number of links where few generators are made that later depend
/// on others, which in 2D is never.
pub(super) fn generators<const D: usize>(complex: &Complex<D>) -> Vec<Generator> {
    let forest = Forest::grow(complex);
    let mut sweep = Propagation::new(complex, &forest);
    let seeds = sweep.run();
    let (by_free, free) = sweep.relations.resolve(seeds.len());
    let mut cochains = vec![Vec::new(); free.len()];
    for (face, &place) in sweep.value.iter().enumerate().filter(|(_, place)| **place != OPEN) {
        let mut values: Vec<(usize, f64)> = Vec::new();
        for &(generator, factor) in &sweep.arena[place as usize] {
            for &(i, share) in &by_free[generator as usize] {
                match values.iter_mut().find(|v| v.0 == i) {
                    Some(v) => v.1 += factor as f64 * share,
                    None => values.push((i, factor as f64 * share)),
                }
            }
        }
        let (k, flat) = complex.place(face);
        values
            .into_iter()
            .filter(|v| v.1 != 0.0)
            .for_each(|(i, value)| cochains[i].push((k, flat, value)));
    }
    let cycles = free.iter().map(|&g| forest.cycle(complex, seeds[g]));
    cochains.into_iter().zip(cycles).map(|(cochain, cycle)| Generator { cochain, cycle }).collect()
}

/// A spanning forest of the nodes.
struct Forest {
    /// Link to the parent and distance from the root; no link at a root.
    parent: Vec<(Option<usize>, u32)>,
}

impl Forest {
    /// Breadth first, starting at the ground node if it is connected to anything.
    fn grow<const D: usize>(complex: &Complex<D>) -> Forest {
        let ground = complex.ground();
        let mut parent = vec![(None, u32::MAX); ground + 1];
        let mut open = VecDeque::new();
        parent[ground].1 = 0;
        for face in (0..complex.links().len()).filter(|&face| complex.links()[face]) {
            let ends = complex.ends(face);
            let Some(side) = ends.iter().position(|&node| node == ground) else { continue };
            let cell = ends[1 - side];
            if parent[cell].1 == u32::MAX {
                parent[cell] = (Some(face), 1);
                open.push_back(cell);
            }
        }
        spread(complex, &mut parent, &mut open);
        for root in 0..ground {
            if parent[root].1 == u32::MAX && complex.domain().is_active(root) {
                parent[root].1 = 0;
                open.push_back(root);
                spread(complex, &mut parent, &mut open);
            }
        }
        Forest { parent }
    }

    /// The closed path up through a link and back over the forest.
    fn cycle<const D: usize>(&self, complex: &Complex<D>, seed: usize) -> Vec<Coefficient> {
        let mut path = Vec::new();
        let mut pass = |face: usize, sign: f64| {
            let (k, flat) = complex.place(face);
            path.push((k, flat, sign));
        };
        pass(seed, 1.0);
        let [mut back, mut front] = complex.ends(seed);
        while back != front {
            let from_front = self.parent[front].1 >= self.parent[back].1;
            let node = if from_front { front } else { back };
            let face = self.parent[node].0.expect("both ends are in one tree");
            let [lower, upper] = complex.ends(face);
            let up = if node == lower { 1.0 } else { -1.0 };
            let above = if node == lower { upper } else { lower };
            if from_front {
                pass(face, up);
                front = above;
            } else {
                pass(face, -up);
                back = above;
            }
        }
        path
    }
}

/// Adds every node that can be reached from the open ones to the forest.
fn spread<const D: usize>(
    complex: &Complex<D>,
    parent: &mut [(Option<usize>, u32)],
    open: &mut VecDeque<usize>,
) {
    while let Some(cell) = open.pop_front() {
        let depth = parent[cell].1 + 1;
        for face in complex.links_of(cell) {
            for node in complex.ends(face) {
                if parent[node].1 == u32::MAX {
                    parent[node] = (Some(face), depth);
                    open.push_back(node);
                }
            }
        }
    }
}

/// Values are spread from the forest over all links.
struct Propagation<'a, const D: usize> {
    complex: &'a Complex<'a, D>,
    value: Vec<u32>,
    arena: Vec<IntegerRow>,
    open_links: Vec<u32>,
    ready: Vec<usize>,
    relations: Relations,
}

impl<'a, const D: usize> Propagation<'a, D> {
    fn new(complex: &'a Complex<'a, D>, forest: &Forest) -> Propagation<'a, D> {
        let mut value = vec![OPEN; complex.links().len()];
        forest.parent.iter().filter_map(|p| p.0).for_each(|face| value[face] = 0);
        let count = |edge: usize| {
            let links = complex.links_around(edge);
            links.iter().filter(|(face, _)| value[*face] == OPEN).count() as u32
        };
        let open_links: Vec<u32> = (0..complex.loops().len())
            .map(|edge| if complex.loops()[edge] { count(edge) } else { u32::MAX })
            .collect();
        let ready = (0..open_links.len()).filter(|&edge| open_links[edge] == 1).collect();
        let arena = vec![IntegerRow::new()];
        Propagation { complex, value, arena, open_links, ready, relations: Relations::default() }
    }

    /// Determines the value of every link; returns the links that became generators.
    fn run(&mut self) -> Vec<usize> {
        let mut seeds = Vec::new();
        for face in 0..self.value.len() {
            self.settle_ready();
            if self.complex.links()[face] && self.value[face] == OPEN {
                self.arena.push(vec![(seeds.len() as u32, 1)]);
                seeds.push(face);
                self.settle(face, self.arena.len() as u32 - 1);
            }
        }
        self.settle_ready();
        seeds
    }

    fn settle_ready(&mut self) {
        while let Some(edge) = self.ready.pop() {
            let links = self.complex.links_around(edge);
            let mut sum = IntegerRow::new();
            let mut open = None;
            for (face, sign) in links.iter() {
                match self.value[face] {
                    OPEN => open = Some((face, sign)),
                    0 => {}
                    place => sum = combine(1, &sum, sign, &self.arena[place as usize]),
                }
            }
            match open {
                None if sum.is_empty() => {}
                None => self.relations.add(&sum),
                Some((face, _)) if sum.is_empty() => self.settle(face, 0),
                Some((face, sign)) => {
                    sum.iter_mut().for_each(|e| e.1 *= -sign);
                    self.arena.push(sum);
                    self.settle(face, self.arena.len() as u32 - 1);
                }
            }
        }
    }

    fn settle(&mut self, face: usize, place: u32) {
        self.value[face] = place;
        for edge in self.complex.loops_of(face) {
            self.open_links[edge] -= 1;
            if self.open_links[edge] <= 1 {
                self.ready.push(edge);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundary::Condition;
    use crate::grid::{Axis, Domain, Grid, Topology, unravel};

    /// A pipe through a cube and a bubble beside it: one generator each, and no open link is taken
    /// for one that is settled later.
    #[test]
    fn large_masks_make_no_spare_generators() {
        let axis = Axis::over(0.0, 1.0, 40, Topology::Bounded);
        let grid = Grid::new([axis; 3]).unwrap();
        let active = |cell: usize| {
            let at = unravel(grid.shape(), cell).map(|i| i as f64 - 19.5);
            let pipe = at[0].hypot(at[1]) < 5.0;
            let bubble = (at[0] - 11.0).hypot(at[1] - 9.0).hypot(at[2]) < 4.0;
            !pipe && !bubble
        };
        let domain = Domain::masked(grid, (0..grid.cells()).map(active).collect()).unwrap();
        for condition in [Condition::Neumann, Condition::Dirichlet] {
            let complex = Complex::new(&domain, condition);
            let forest = Forest::grow(&complex);
            assert_eq!(Propagation::new(&complex, &forest).run().len(), 1, "{condition:?}");
            assert_eq!(generators(&complex).len(), 1, "{condition:?}");
        }
    }
}
