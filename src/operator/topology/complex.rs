//! Which faces bound which edges, and which cells they join.

use crate::boundary::Condition;
use crate::grid::{Domain, FaceClass, Location, ravel, unravel};
use crate::operator::axis_pairs;

/// The part of the dual complex of a domain that decides its loops: a node in every active cell,
/// a link through every face, an elementary loop around every edge of the grid (vertex in 2D).
///
/// Under [`Condition::Neumann`] only interior faces and edges inside the fluid count. Under
/// [`Condition::Dirichlet`] wall faces count too, and join their cell to one more node, the ground; so
/// do all edges that touch an active cell. Faces of all axes are numbered in one sequence, edges
/// likewise. The vertices of a pole are one, with one loop around it, inside the fluid where all cells around are
/// active.
pub(super) struct Complex<'a, const D: usize> {
    domain: &'a Domain<D>,
    pairs: Vec<(usize, usize)>,
    face_offsets: Vec<usize>,
    edge_offsets: Vec<usize>,
    links: Vec<bool>,
    loops: Vec<bool>,
    /// The links around each pole; their loops are numbered after those of the edges.
    poles: Vec<Vec<(usize, i64)>>,
}

/// The links of an elementary loop, with the sign with which it passes each: at most four, at a pole any number.
pub(super) struct LoopLinks<'a> {
    links: [(usize, i64); 4],
    count: usize,
    around_pole: &'a [(usize, i64)],
}

impl LoopLinks<'_> {
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, i64)> + '_ {
        self.links[..self.count].iter().chain(self.around_pole).copied()
    }

    fn push(&mut self, link: (usize, i64)) {
        self.links[self.count] = link;
        self.count += 1;
    }
}

impl<'a, const D: usize> Complex<'a, D> {
    pub(super) fn new(domain: &'a Domain<D>, condition: Condition) -> Complex<'a, D> {
        let pairs = axis_pairs::<D>();
        let (mut links, mut loops) = (Vec::new(), Vec::new());
        let (mut face_offsets, mut edge_offsets) = (vec![0], vec![0]);
        for k in 0..D {
            links.extend(domain.face_classes(k).into_iter().map(|class| match condition {
                Condition::Neumann => class == FaceClass::Interior,
                Condition::Dirichlet => class != FaceClass::Outside,
            }));
            face_offsets.push(links.len());
        }
        for &(a, b) in &pairs {
            let least = if condition == Condition::Neumann { 4 } else { 1 };
            let touching = domain.touching(Location::edge(a, b));
            loops.extend(touching.into_iter().map(|t| t >= least));
            edge_offsets.push(loops.len());
        }
        let poles = Vec::new();
        let mut complex =
            Complex { domain, pairs, face_offsets, edge_offsets, links, loops, poles };
        complex.settle_poles(condition);
        complex
    }

    fn settle_poles(&mut self, condition: Condition) {
        let grid = self.domain.grid();
        for ring in self.domain.pole_rings() {
            for (pair, &(a, b)) in
                self.pairs.iter().enumerate().filter(|(_, (a, b))| *a == 1 || *b == 1)
            {
                let shape = grid.shape_at(Location::edge(a, b));
                let levels = (0..shape.iter().skip(2).product())
                    .filter(|level| D == 2 || b == 2 || *level == ring.level);
                for level in levels {
                    for i in 0..shape[0] {
                        let at = ring.end + shape[1] * level;
                        self.loops[self.edge_offsets[pair] + at * shape[0] + i] = false;
                    }
                }
            }
            let active = ring.cells.clone().filter(|cell| self.domain.is_active(*cell)).count();
            let inside = match condition {
                Condition::Neumann => active == ring.cells.len(),
                Condition::Dirichlet => active > 0,
            };
            // In the sense of the component xy of the curl, as around every vertex.
            let sign = if ring.end == 0 { -1 } else { 1 };
            let faces = ring.cells.clone().map(|cell| self.face(0, unravel(grid.shape(), cell)));
            let links: Vec<_> =
                faces.filter(|face| self.links[*face]).map(|face| (face, sign)).collect();
            if inside && !links.is_empty() {
                self.poles.push(links);
                self.loops.push(true);
            }
        }
    }

    pub(super) fn domain(&self) -> &Domain<D> {
        self.domain
    }

    /// The number of the node outside the walls; the cells come before it.
    pub(super) fn ground(&self) -> usize {
        self.domain.grid().cells()
    }

    /// For every face whether it is a link.
    pub(super) fn links(&self) -> &[bool] {
        &self.links
    }

    /// For every edge whether it makes an elementary loop.
    pub(super) fn loops(&self) -> &[bool] {
        &self.loops
    }

    /// The number of the face normal to axis k at an index.
    fn face(&self, k: usize, index: [usize; D]) -> usize {
        self.face_offsets[k] + ravel(self.domain.grid().shape_at(Location::face(k)), index)
    }

    /// Axis and place in storage of a face.
    pub(super) fn place(&self, face: usize) -> (usize, usize) {
        let k = (0..D).rfind(|&k| face >= self.face_offsets[k]).expect("offsets start at 0");
        (k, face - self.face_offsets[k])
    }

    /// The lower and the upper node of a link.
    pub(super) fn ends(&self, face: usize) -> [usize; 2] {
        let (k, flat) = self.place(face);
        let index = unravel(self.domain.grid().shape_at(Location::face(k)), flat);
        self.domain.neighbours(k, index).map(|cell| cell.unwrap_or(self.ground()))
    }

    /// The links of a cell.
    pub(super) fn links_of(&self, cell: usize) -> impl Iterator<Item = usize> + '_ {
        let grid = self.domain.grid();
        let index = unravel(grid.shape(), cell);
        let sides = (0..D).flat_map(move |k| {
            let mut above = index;
            above[k] = grid.axes()[k].faces_beside(index[k])[1];
            [self.face(k, index), self.face(k, above)]
        });
        sides.filter(|&face| self.links[face])
    }

    /// The elementary loops through a link.
    pub(super) fn loops_of(&self, face: usize) -> impl Iterator<Item = usize> + '_ {
        let (k, flat) = self.place(face);
        let grid = self.domain.grid();
        let index = unravel(grid.shape_at(Location::face(k)), flat);
        let around = self.pairs.iter().enumerate().filter(move |(_, (a, b))| *a == k || *b == k);
        let edges = around.flat_map(move |(pair, &(a, b))| {
            let across = a + b - k;
            let axis = grid.axes()[across];
            let mut above = index;
            above[across] = axis.faces_beside(index[across])[1];
            let shape = grid.shape_at(Location::edge(a, b));
            // A loop around an axis of one periodic cell passes a face once each way.
            let both = !axis.alone();
            [index, above].map(|at| both.then(|| self.edge_offsets[pair] + ravel(shape, at)))
        });
        let first = self.edge_offsets[self.pairs.len()];
        let at_pole = move |(i, links): (usize, &Vec<(usize, i64)>)| {
            links.iter().any(|(other, _)| *other == face).then_some(first + i)
        };
        let around_poles = self.poles.iter().enumerate().filter_map(at_pole);
        edges.flatten().filter(|&edge| self.loops[edge]).chain(around_poles)
    }

    /// The links of an elementary loop, in the sense of the component ab of the curl.
    pub(super) fn links_around(&self, edge: usize) -> LoopLinks<'_> {
        let mut found = LoopLinks { links: [(0, 0); 4], count: 0, around_pole: &[] };
        if let Some(pole) = edge.checked_sub(self.edge_offsets[self.pairs.len()]) {
            found.around_pole = &self.poles[pole];
            return found;
        }
        let pair = self.edge_offsets.partition_point(|&start| start <= edge) - 1;
        let (a, b) = self.pairs[pair];
        let grid = self.domain.grid();
        let shape = grid.shape_at(Location::edge(a, b));
        let index = unravel(shape, edge - self.edge_offsets[pair]);
        for (normal, along, sign) in [(b, a, 1), (a, b, -1)] {
            let axis = grid.axes()[along];
            if axis.alone() {
                continue;
            }
            let [below, above] = axis.cells_beside(index[along]);
            for (position, sign) in [(above, sign), (below, -sign)] {
                let Some(position) = position else { continue };
                let mut at = index;
                at[along] = position;
                let face = self.face(normal, at);
                if self.links[face] {
                    found.push((face, sign));
                }
            }
        }
        found
    }
}
