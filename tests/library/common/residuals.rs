//! Net fluxes and circulations, summed face by face from areas and distances, and what they are measured against.

use hodge::field::VectorField;
use hodge::grid::{Domain, FaceClass, Location, ravel, unravel};
use hodge::operator::axis_pairs;
use std::collections::BTreeMap;

/// A domain in the open: on the plane, areas and distances are products of spacings.
pub struct Sums<'a, const D: usize> {
    pub domain: &'a Domain<D>,
    pub classes: [Vec<FaceClass>; D],
}

/// Net and gross numbers of cells or edges.
type Pairs = Vec<(f64, f64)>;

/// The largest magnitude and the root mean square over the largest gross number.
fn relative(part: &Pairs, whole: &Pairs) -> [f64; 2] {
    let gross = whole.iter().fold(0.0, |most: f64, (_, gross)| most.max(*gross));
    let larger = |a: f64, b: f64| if a >= b || a.is_nan() { a } else { b };
    let largest = part.iter().fold(0.0, |most: f64, (net, _)| larger(most, net.abs()));
    let squares: f64 = part.iter().map(|(net, _)| net * net).sum();
    let over = |n: f64| if n == 0.0 { 0.0 } else { n / gross };
    [over(largest), over((squares / part.len().max(1) as f64).sqrt())]
}

impl<'a, const D: usize> Sums<'a, D> {
    pub fn new(domain: &'a Domain<D>) -> Sums<'a, D> {
        Sums { domain, classes: std::array::from_fn(|k| domain.face_classes(k)) }
    }

    pub fn area(&self, k: usize, face: usize) -> f64 {
        let spacing = self.domain.grid().axes().map(|axis| axis.spacing);
        let plane = || (0..D).filter(|other| *other != k).map(|other| spacing[other]).product();
        self.domain.metric().map_or_else(plane, |metric| metric.areas(k)[face])
    }

    pub fn distance(&self, k: usize, face: usize) -> f64 {
        let plane = || self.domain.grid().axes()[k].spacing;
        self.domain.metric().map_or_else(plane, |metric| metric.distances(k)[face])
    }

    /// Σ ± S v and Σ S|v| of the active cells.
    fn fluxes(&self, v: &VectorField<D>) -> Pairs {
        let grid = self.domain.grid();
        let of_cell = |cell: usize| {
            let index = unravel(grid.shape(), cell);
            let (mut net, mut gross) = (0.0, 0.0);
            for k in 0..D {
                let shape = grid.shape_at(Location::face(k));
                for (side, sign) in [(0, -1.0), (1, 1.0)] {
                    let mut at = index;
                    at[k] = (index[k] + side) % shape[k];
                    let face = ravel(shape, at);
                    let flux = self.area(k, face) * v.component(k).values()[face];
                    net += sign * flux;
                    gross += flux.abs();
                }
            }
            (net, gross)
        };
        (0..grid.cells()).filter(|cell| self.domain.is_active(*cell)).map(of_cell).collect()
    }

    /// The largest and the root mean square |Σ ± S v| of an active cell over the largest Σ S|w|.
    pub fn divergence(&self, v: &VectorField<D>, w: &VectorField<D>) -> [f64; 2] {
        relative(&self.fluxes(v), &self.fluxes(w))
    }

    /// Σ ± d v and Σ d|v| around the edges between four active cells or, where A is free, those of the fluid. The
    /// faces of a wall count half. Around a pole there is one edge.
    fn around(&self, v: &VectorField<D>, free: bool) -> Pairs {
        let grid = self.domain.grid();
        let poles = self.domain.metric().map_or([false; 2], |metric| metric.poles());
        let mut all = Vec::new();
        for (a, b) in axis_pairs::<D>() {
            let place = Location::edge(a, b);
            let shape = grid.shape_at(place);
            let mut rings: BTreeMap<usize, (f64, f64, usize)> = BTreeMap::new();
            for (edge, cells) in self.domain.touching(place).into_iter().enumerate() {
                let index = unravel(shape, edge);
                let at_pole = (b == 1 || a == 1)
                    && ((index[1] == 0 && poles[0]) || (index[1] == grid.shape()[1] && poles[1]));
                let (net, gross) = self.around_edge(v, (a, b), index);
                if at_pole && (a, b) == (0, 1) {
                    let ring = rings.entry(edge - index[0]).or_default();
                    *ring = (ring.0 + net, ring.1 + gross, ring.2 + usize::from(cells));
                } else if !at_pole && (cells == 4 || (free && cells > 0)) {
                    all.push((net, gross));
                }
            }
            let inside = |(net, gross, cells)| {
                (cells == 2 * shape[0] || (free && cells > 0)).then_some((net, gross))
            };
            all.extend(rings.into_values().filter_map(inside));
        }
        all
    }

    fn around_edge(
        &self,
        v: &VectorField<D>,
        (a, b): (usize, usize),
        index: [usize; D],
    ) -> (f64, f64) {
        let grid = self.domain.grid();
        let (mut net, mut gross) = (0.0, 0.0);
        for (normal, along, sign) in [(b, a, 1.0), (a, b, -1.0)] {
            let (axis, i) = (grid.axes()[along], index[along]);
            let (n, shape) = (axis.cells, grid.shape_at(Location::face(normal)));
            let below = if i == 0 { (!axis.bounded()).then_some(n - 1) } else { Some(i - 1) };
            for (beside, sign) in [(below, -sign), ((i < n).then_some(i), sign)] {
                let Some(beside) = beside else { continue };
                let mut at = index;
                at[along] = beside;
                let face = ravel(shape, at);
                let share = match self.classes[normal][face] {
                    FaceClass::Outside => continue,
                    FaceClass::Wall => 0.5,
                    FaceClass::Interior => 1.0,
                };
                let length = share * self.distance(normal, face);
                net += sign * length * v.component(normal).values()[face];
                gross += length * v.component(normal).values()[face].abs();
            }
        }
        (net, gross)
    }

    /// The largest and the root mean square |Σ ± d v| around an edge that takes part over the largest Σ d|w|.
    pub fn curl(&self, v: &VectorField<D>, w: &VectorField<D>, free: bool) -> [f64; 2] {
        relative(&self.around(v, free), &self.around(w, free))
    }
}
