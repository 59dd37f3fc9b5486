//! Edges (vertices in 2D): which take part, how large they are, and which are one at a pole.

use crate::grid::{Domain, Location, ravel, unravel};

/// The edges of a pair of axes.
pub struct Edges {
    /// Active cells around each.
    touching: Vec<u8>,
    /// Whether A is free on walls; otherwise it is 0 there.
    free: bool,
    /// The area around each in the domain and its length; `None` where all cells are alike.
    sizes: Option<[Vec<f64>; 2]>,
    /// Those of one pole.
    rings: Vec<Vec<usize>>,
}

impl Edges {
    /// Counts the cells around every edge, and measures it where the domain has a metric.
    pub fn new<const D: usize>(domain: &Domain<D>, axes: (usize, usize), free: bool) -> Edges {
        let touching = domain.touching(Location::edge(axes.0, axes.1));
        let mut edges = Edges { touching, free, sizes: None, rings: Vec::new() };
        if domain.metric().is_some() {
            edges.measure(domain, axes);
            edges.settle_poles(domain, axes);
        }
        edges
    }

    /// The area around an edge, the part in the domain: a share where all cells are alike; 0 where A is held.
    pub fn area(&self, at: usize) -> f64 {
        match &self.sizes {
            Some([areas, _]) => areas[at],
            None if self.takes_part(at) => f64::from(self.touching[at]) / 4.0,
            None => 0.0,
        }
    }

    /// The length of an edge, 1 where all cells are alike; 0 where A is held.
    pub fn length(&self, at: usize) -> f64 {
        match &self.sizes {
            Some([_, lengths]) => lengths[at],
            None => f64::from(u8::from(self.takes_part(at))),
        }
    }

    /// The number of active cells around each edge.
    pub fn touching(&self) -> &[u8] {
        &self.touching
    }

    /// Those of each pole inside the fluid.
    pub fn rings(&self) -> &[Vec<usize>] {
        &self.rings
    }

    fn takes_part(&self, at: usize) -> bool {
        (self.free && self.touching[at] > 0) || self.touching[at] == 4
    }

    /// Gives the edges of each pole one value, made of theirs, and clears those that do not take part.
    pub fn join(&self, values: &mut [f64], one: impl Fn(&[f64]) -> f64) {
        for ring in &self.rings {
            let value = one(&ring.iter().map(|at| values[*at]).collect::<Vec<_>>());
            ring.iter().for_each(|at| values[*at] = value);
        }
        for (at, value) in values.iter_mut().enumerate() {
            *value = if self.length(at) > 0.0 { *value } else { 0.0 };
        }
    }

    /// Whether an edge takes part, and of those that are one at a pole is the first.
    pub fn each_once(&self) -> Vec<bool> {
        let mut each: Vec<bool> =
            (0..self.touching.len()).map(|at| self.length(at) > 0.0).collect();
        for ring in &self.rings {
            ring[1..].iter().for_each(|at| each[*at] = false);
        }
        each
    }

    fn measure<const D: usize>(&mut self, domain: &Domain<D>, (a, b): (usize, usize)) {
        let (grid, place) = (domain.grid(), Location::edge(a, b));
        let shape = grid.shape_at(place);
        let sizes = |at: usize| {
            if !self.takes_part(at) {
                return [0.0; 2];
            }
            let [area, length] = edge_sizes(domain, (a, b), unravel(shape, at));
            [area * f64::from(self.touching[at]) / 4.0, length]
        };
        let both: Vec<[f64; 2]> = (0..self.touching.len()).map(sizes).collect();
        self.sizes = Some([0, 1].map(|i| both.iter().map(|sizes| sizes[i]).collect()));
    }

    /// At a pole the edges around it are one, inside the fluid where every cell around is active; those along x have
    /// no length.
    fn settle_poles<const D: usize>(&mut self, domain: &Domain<D>, (a, b): (usize, usize)) {
        let (grid, metric) = (domain.grid(), domain.metric().expect("a metric with poles"));
        let shape = grid.shape_at(Location::edge(a, b));
        if a != 1 && b != 1 {
            return;
        }
        let ends = [0, grid.axes()[1].cells].into_iter().zip(metric.poles());
        for (end, _) in ends.filter(|(_, is_pole)| *is_pole) {
            let at_end: Vec<usize> =
                (0..self.touching.len()).filter(|at| unravel(shape, *at)[1] == end).collect();
            if (a, b) != (0, 1) {
                self.leave_out(&at_end);
                continue;
            }
            for ring in at_end.chunks(shape[0]) {
                let count: usize = ring.iter().map(|at| usize::from(self.touching[*at])).sum();
                if count == 2 * ring.len() || (self.free && count > 0) {
                    self.make_one(domain, ring);
                } else {
                    self.leave_out(ring);
                }
            }
        }
    }

    fn make_one<const D: usize>(&mut self, domain: &Domain<D>, ring: &[usize]) {
        let metric = domain.metric().expect("a metric with poles");
        let shape = domain.grid().shape_at(Location::edge(0, 1));
        let cells = domain.grid().shape();
        let of = |at: &usize| {
            let mut index = unravel(shape, *at);
            index[1] = index[1].min(cells[1] - 1);
            let cell = ravel(cells, index);
            if domain.is_active(cell) { 0.5 * metric.volumes()[cell] } else { 0.0 }
        };
        let half: f64 = ring.iter().map(of).sum();
        let mut index = unravel(shape, ring[0]);
        index[1] = index[1].min(cells[1] - 1);
        let length = length_along(domain, (0, 1), ravel(cells, index));
        let [areas, lengths] = self.sizes.as_mut().expect("measured before");
        ring.iter().for_each(|at| (areas[*at], lengths[*at]) = (half / length, length));
        self.rings.push(ring.to_vec());
    }

    fn leave_out(&mut self, edges: &[usize]) {
        let [areas, lengths] = self.sizes.as_mut().expect("measured before");
        edges.iter().for_each(|at| (areas[*at], lengths[*at]) = (0.0, 0.0));
    }
}

/// The whole area around an edge of axes a and b and its length: the means over the cells around of volume over
/// length along it and of that length, which in 2D is 1.
pub fn edge_sizes<const D: usize>(
    domain: &Domain<D>,
    axes: (usize, usize),
    index: [usize; D],
) -> [f64; 2] {
    let metric = domain.metric().expect("a metric to measure by");
    let cells = cells_around(domain, &[axes.0, axes.1], index);
    let share = 1.0 / cells.len() as f64;
    let long = |cell: &usize| length_along(domain, axes, *cell);
    let area = cells.iter().map(|cell| share * metric.volumes()[*cell] / long(cell)).sum();
    [area, cells.iter().map(|cell| share * long(cell)).sum()]
}

/// The length of a cell along the axes that are not a or b.
fn length_along<const D: usize>(domain: &Domain<D>, (a, b): (usize, usize), cell: usize) -> f64 {
    let metric = domain.metric().expect("a metric to measure by");
    let index = unravel(domain.grid().shape(), cell);
    let along = |k: usize| {
        let (shape, mut above) = (domain.grid().shape_at(Location::face(k)), index);
        above[k] = domain.grid().axes()[k].faces_beside(index[k])[1];
        let [lower, upper] = [index, above].map(|face| metric.distances(k)[ravel(shape, face)]);
        0.5 * (lower + upper)
    };
    (0..D).filter(|k| ![a, b].contains(k)).map(along).product()
}

/// The cells of the grid around a place on the faces of some axes, active or not.
pub fn cells_around<const D: usize>(
    domain: &Domain<D>,
    axes: &[usize],
    index: [usize; D],
) -> Vec<usize> {
    let shape = domain.grid().shape();
    let mut found = vec![index];
    for &k in axes {
        let sides = domain.grid().axes()[k].cells_beside(index[k]);
        let beside = |at: [usize; D]| {
            sides.into_iter().flatten().map(move |i| {
                let mut beside = at;
                beside[k] = i;
                beside
            })
        };
        found = found.into_iter().flat_map(beside).collect();
    }
    found.into_iter().map(|at| ravel(shape, at)).collect()
}
