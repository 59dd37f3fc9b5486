//! The staggered calculus as sparse matrices: differences of ±1, and diagonal matrices that hold the metric.

use super::Matrix;
use super::staggered::edges::{cells_around, edge_sizes};
use crate::boundary::{Boundary, Condition};
use crate::grid::{Domain, Location, ravel, unravel};

/// The calculus of [`Staggered`](super::Staggered) under a boundary convention as sparse matrices.
///
/// Values of degree p have p axes along which they sit on faces: cells (0), faces (1), edges (2; vertices in
/// 2D), vertices (3). Those of one degree stand one block after the other, by axes x, y, z, then xy, xz, yz,
/// then xyz, each in storage order (x fastest), those outside the mask included. With S_p the diagonal of sizes
/// (1, distance across a face, area around an edge, volume around a vertex; the parts inside the domain) and
/// ⋆_p that of the measure of the place itself over its size:
///
/// ```text
/// ∇φ   = S₁⁻¹ D₀ φ                         ∇∧v = S₂⁻¹ D₁ S₁ v
/// ∇·v  = −⋆₀⁻¹ D₀ᵀ ⋆₁ S₁ v                 ⋆A  = S₁⁻¹ ⋆₁⁻¹ D₁ᵀ ⋆₂ S₂ A
/// −∇·∇ = ⋆₀⁻¹ D₀ᵀ ⋆₁ D₀                    D₁ D₀ = 0,  D₂ D₁ = 0
/// ```
///
/// Places that do not take part have empty rows and columns: those outside the mask; faces on walls where
/// ∂φ/∂n = 0 (`no-flux`); edges and vertices on walls where ⋆A is tangential (all but `zero-potential`). An
/// inverse leaves them out. So do the faces and edges at a pole of the metric. Each matrix is made when it is asked for, in O(n) time, with 16 bytes an entry and 8
/// a row.
///
/// ```
/// use hodge::boundary::Boundary;
/// use hodge::grid::{Axis, Domain, Grid, Topology};
/// use hodge::operator::Exterior;
/// let axis = |cells| Axis::over(0.0, 1.0, cells, Topology::Bounded);
/// let domain = Domain::full(Grid::new([axis(4), axis(3)])?);
/// let exterior = Exterior::new(&domain, Boundary::NoFlux);
/// let (gradient, curl) = (exterior.difference(0), exterior.difference(1));
/// // 12 cells, 15 + 16 faces, 20 vertices, of which 6 are not on a wall.
/// assert_eq!((gradient.shape(), curl.shape()), ((31, 12), (20, 31)));
/// assert_eq!(curl.nnz(), 6 * 4);
/// assert!((&curl * &gradient).data().iter().all(|entry| *entry == 0.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Exterior<'a, const D: usize> {
    domain: &'a Domain<D>,
    boundary: Boundary,
}

impl<'a, const D: usize> Exterior<'a, D> {
    /// The matrices of a convention on a domain; nothing is made yet.
    pub fn new(domain: &'a Domain<D>, boundary: Boundary) -> Exterior<'a, D> {
        Exterior { domain, boundary }
    }

    /// D_p, from degree p to p + 1, of entries ±1: (values of degree p + 1) × (values of degree p).
    ///
    /// # Panics
    /// If p is not below the number of axes.
    pub fn difference(&self, degree: usize) -> Matrix {
        assert!(degree < D, "D{degree} does not exist in {D} dimensions");
        let columns = self.blocks(degree);
        let width = columns.iter().map(|block| block.part.len()).sum();
        let blocks = self.blocks(degree + 1);
        let mut rows = IncidenceRows::with_room(&blocks, 2 * (degree + 1));
        let mut row = Vec::new();
        for block in blocks {
            for place in 0..block.part.len() {
                row.clear();
                if block.part[place] {
                    self.beside(&block, place, &columns, &mut row);
                }
                rows.push(&mut row);
            }
        }
        rows.into_matrix(width)
    }

    /// S_p, the diagonal of sizes: lengths, areas or volumes across, around which values of degree p stand.
    ///
    /// # Panics
    /// If p is above the number of axes.
    pub fn size(&self, degree: usize) -> Matrix {
        self.diagonal(degree, |_, size| size)
    }

    /// ⋆_p, the diagonal of the measures of the places over their sizes: of cells their volume, of faces area
    /// over distance, of edges length over area, of vertices one over volume.
    ///
    /// # Panics
    /// If p is above the number of axes.
    pub fn star(&self, degree: usize) -> Matrix {
        self.diagonal(degree, |measure, size| measure / size)
    }

    /// Every matrix with its name, one at a time: `D0`, … , `star0`, … , `size1`, …
    pub fn matrices(&self) -> impl Iterator<Item = (String, Matrix)> {
        let differences = (0..D).map(|p| (format!("D{p}"), self.difference(p)));
        let stars = (0..=D).map(|p| (format!("star{p}"), self.star(p)));
        differences.chain(stars).chain((1..=D).map(|p| (format!("size{p}"), self.size(p))))
    }

    /// The measure of every place that takes part and its size, by which `entry` is found.
    fn diagonal(&self, degree: usize, entry: impl Fn(f64, f64) -> f64) -> Matrix {
        assert!(degree <= D, "there are no values of degree {degree} in {D} dimensions");
        let blocks = self.blocks(degree);
        let mut rows = IncidenceRows::with_room(&blocks, 1);
        let mut row = Vec::new();
        for block in blocks {
            let share = 1.0 / f64::from(1u8 << degree);
            for (place, (touching, part)) in block.touching.iter().zip(&block.part).enumerate() {
                let at = rows.len();
                let (along, across) = self.sizes_at(&block, place);
                let size = across * share * f64::from(*touching);
                row.extend(part.then(|| (at, entry(along, size))));
                rows.push(&mut row);
            }
        }
        let width = rows.len();
        rows.into_matrix(width)
    }

    /// The measure of a place and its size across, whole.
    fn sizes_at(&self, block: &LocationBlock<D>, place: usize) -> (f64, f64) {
        if let Some(metric) = self.domain.metric() {
            return match block.axes[..] {
                [] => (metric.volumes()[place], 1.0),
                [k] => (metric.areas(k)[place], metric.distances(k)[place]),
                [a, b] => {
                    let [area, length] =
                        edge_sizes(self.domain, (a, b), unravel(block.shape, place));
                    (length, area)
                }
                _ => (1.0, self.mean_volume(unravel(block.shape, place))),
            };
        }
        let [mut across, mut along] = [1.0, 1.0];
        for (k, axis) in self.domain.grid().axes().iter().enumerate() {
            *if block.location.on_face(k) { &mut across } else { &mut along } *= axis.spacing;
        }
        (along, across)
    }

    /// The mean volume of the cells around a vertex.
    fn mean_volume(&self, index: [usize; D]) -> f64 {
        let metric = self.domain.metric().expect("a metric to measure by");
        let cells = cells_around(self.domain, &std::array::from_fn::<usize, D, _>(|k| k), index);
        let volumes: f64 = cells.iter().map(|cell| metric.volumes()[*cell]).sum();
        volumes / cells.len() as f64
    }

    /// The values of one degree.
    fn blocks(&self, degree: usize) -> Vec<LocationBlock<D>> {
        let mut start = 0;
        let block = |axes: Vec<usize>| {
            let location = axes.iter().fold(Location::CELL, |location, k| location.toggled(*k));
            let touching = self.domain.touching(location);
            let shape = self.domain.grid().shape_at(location);
            let places = touching.iter().enumerate();
            let part = |(place, count): (usize, &u8)| {
                let at_pole = degree > 0 && self.is_at_pole(&axes, unravel(shape, place));
                !at_pole && self.takes_part(degree, *count)
            };
            let part = places.map(part).collect();
            let block = LocationBlock { axes, location, shape, start, touching, part };
            start += block.part.len();
            block
        };
        axes_of_degree::<D>(degree).into_iter().map(block).collect()
    }

    /// Whether a place is on faces of y without area: those, and the edges around a pole, which are one.
    fn is_at_pole(&self, axes: &[usize], index: [usize; D]) -> bool {
        let Some(metric) = self.domain.metric() else { return false };
        let mut face = index;
        face[0] = face[0].min(self.domain.grid().shape()[0] - 1);
        (2..D).for_each(|k| face[k] = face[k].min(self.domain.grid().shape()[k] - 1));
        let shape = self.domain.grid().shape_at(Location::face(1));
        axes.contains(&1) && metric.areas(1)[ravel(shape, face)] == 0.0
    }

    /// Whether a place with so many active cells around takes part.
    fn takes_part(&self, degree: usize, touching: u8) -> bool {
        let walls = match degree {
            0 => false,
            1 => self.boundary.potentials().last() == Some(&Condition::Dirichlet),
            _ => self.boundary == Boundary::ZeroPotential,
        };
        touching == 1 << degree || (walls && touching > 0)
    }

    /// The entries in the row of a place: for its j-th axis, (−1)^j times upper minus lower value.
    fn beside(
        &self,
        block: &LocationBlock<D>,
        place: usize,
        columns: &[LocationBlock<D>],
        row: &mut Vec<(usize, f64)>,
    ) {
        let index = unravel(block.shape, place);
        for (j, &k) in block.axes.iter().enumerate() {
            let location = block.location.toggled(k);
            let column = columns.iter().find(|column| column.location == location);
            let column = column.expect("a block for each choice of axes");
            let sign = if j % 2 == 0 { 1.0 } else { -1.0 };
            let [lower, upper] = self.domain.grid().axes()[k].cells_beside(index[k]);
            for (i, value) in [(lower, -sign), (upper, sign)] {
                let Some(i) = i else { continue };
                let mut at = index;
                at[k] = i;
                let at = ravel(column.shape, at);
                row.extend(column.part[at].then_some((column.start + at, value)));
            }
        }
    }
}

/// The choices of so many axes, in the order in which their values stand.
fn axes_of_degree<const D: usize>(degree: usize) -> Vec<Vec<usize>> {
    let chosen = |set: usize| (0..D).filter(|k| set >> k & 1 == 1).collect::<Vec<_>>();
    let mut found: Vec<_> = (0..1 << D).map(chosen).filter(|axes| axes.len() == degree).collect();
    found.sort();
    found
}

/// Values of one location.
struct LocationBlock<const D: usize> {
    axes: Vec<usize>,
    location: Location,
    shape: [usize; D],
    /// The number of the first among all of its degree.
    start: usize,
    /// Active cells around.
    touching: Vec<u8>,
    part: Vec<bool>,
}

/// Rows of a matrix as they come.
struct IncidenceRows {
    ends: Vec<usize>,
    columns: Vec<usize>,
    values: Vec<f64>,
}

impl IncidenceRows {
    /// Room for so many entries a row, set aside at once: growing would take half as much again.
    fn with_room<const D: usize>(blocks: &[LocationBlock<D>], entries: usize) -> IncidenceRows {
        let rows: usize = blocks.iter().map(|block| block.part.len()).sum();
        let mut ends = Vec::with_capacity(rows + 1);
        ends.push(0);
        let room = rows * entries;
        IncidenceRows { ends, columns: Vec::with_capacity(room), values: Vec::with_capacity(room) }
    }

    fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// One row more; takes the entries. Those of one column cancel: an axis of one periodic cell.
    fn push(&mut self, row: &mut Vec<(usize, f64)>) {
        row.sort_unstable_by_key(|(column, _)| *column);
        for entries in row.chunk_by(|a, b| a.0 == b.0) {
            let value: f64 = entries.iter().map(|(_, value)| value).sum();
            if value != 0.0 {
                self.columns.push(entries[0].0);
                self.values.push(value);
            }
        }
        row.clear();
        self.ends.push(self.columns.len());
    }

    fn into_matrix(self, width: usize) -> Matrix {
        Matrix::new((self.len(), width), self.ends, self.columns, self.values)
    }
}
