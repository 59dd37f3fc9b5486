//! A grid with a mask: the cells that take part, and what that makes of each face.

use super::{Geometry, Grid, GridError, Location, Metric, MetricError, unravel};
use std::sync::Arc;

/// What a face separates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaceClass {
    /// No active cell on either side.
    Outside,
    /// One active cell: the face lies on a wall and owns half a dual cell.
    Wall,
    /// Two active cells.
    Interior,
}

impl FaceClass {
    /// The share of a full dual cell the face owns in the inner product: 0, ½ or 1.
    #[inline]
    pub fn weight(self) -> f64 {
        match self {
            FaceClass::Outside => 0.0,
            FaceClass::Wall => 0.5,
            FaceClass::Interior => 1.0,
        }
    }
}

/// The cells around a pole, at one level of the axes beyond y.
pub(crate) struct PoleRing {
    /// The face of y without area.
    pub end: usize,
    pub level: usize,
    pub cells: std::ops::Range<usize>,
}

/// The active cells of a grid, and its metric. Without a mask all are active; without a metric all cells are
/// alike, with the spacings of the grid.
#[derive(Clone, Debug)]
pub struct Domain<const D: usize> {
    grid: Grid<D>,
    active: Option<Arc<[bool]>>,
    metric: Option<Arc<Metric<D>>>,
}

impl<const D: usize> Domain<D> {
    /// The whole grid, with the metric of its coordinates where they are uneven.
    pub fn full(grid: Grid<D>) -> Domain<D> {
        let metric = grid.is_uneven().then(|| Arc::new(Metric::rectilinear(&grid)));
        Domain { grid, active: None, metric }
    }

    /// The cells where `active` is true, in storage order (x fastest). A mask that is true
    /// everywhere is the same as none.
    ///
    /// # Errors
    /// If the mask has another number of values than the grid has cells, or no cell is active.
    pub fn masked(grid: Grid<D>, active: Vec<bool>) -> Result<Domain<D>, GridError> {
        if active.len() != grid.cells() {
            return Err(GridError::MaskLength { expected: grid.cells(), found: active.len() });
        }
        match active.iter().filter(|&&a| a).count() {
            0 => Err(GridError::EmptyMask { cells: grid.cells() }),
            n if n == grid.cells() => Ok(Domain::full(grid)),
            _ => Ok(Domain { active: Some(active.into()), ..Domain::full(grid) }),
        }
    }

    /// The same cells with a metric, which must be that of this grid.
    ///
    /// # Errors
    /// A metric of another grid.
    pub fn with_metric(
        mut self,
        metric: impl Into<Arc<Metric<D>>>,
    ) -> Result<Domain<D>, MetricError> {
        let metric = metric.into();
        let (expected, found) = (self.grid.cells(), metric.volumes().len());
        if expected != found {
            return Err(MetricError::Length { what: "volumes".into(), expected, found });
        }
        self.metric = Some(metric);
        Ok(self)
    }

    /// The metric, where cells are not all alike.
    pub fn metric(&self) -> Option<&Metric<D>> {
        self.metric.as_deref()
    }

    /// The geometry of its metric.
    pub fn geometry(&self) -> Geometry {
        self.metric().map_or(Geometry::Plane, Metric::geometry)
    }

    /// Whether the other domain has the same grid, active cells and metric.
    pub fn same_as(&self, other: &Domain<D>) -> bool {
        let same_metric = match (&self.metric, &other.metric) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other) || own == other,
            (own, other) => own.is_none() && other.is_none(),
        };
        self.grid == other.grid && self.mask() == other.mask() && same_metric
    }

    /// Whether there is a mask, or an axis that ends in a wall and not in poles.
    pub fn has_walls(&self) -> bool {
        let poles = self.metric().is_some_and(|metric| metric.poles() == [true; 2]);
        let ends = |k: usize| self.grid.axes()[k].bounded() && !(k == 1 && poles);
        self.mask().is_some() || (0..D).any(ends)
    }

    /// The grid.
    pub fn grid(&self) -> &Grid<D> {
        &self.grid
    }

    /// The mask, if there is one.
    pub fn mask(&self) -> Option<&[bool]> {
        self.active.as_deref()
    }

    /// Whether the cell takes part.
    pub fn is_active(&self, cell: usize) -> bool {
        self.active.as_ref().is_none_or(|a| a[cell])
    }

    /// Number of active cells.
    pub fn active_cells(&self) -> usize {
        self.mask().map_or(self.grid.cells(), |a| a.iter().filter(|&&v| v).count())
    }

    /// The distance across face `face` of axis k, twice that to a wall.
    pub fn distance(&self, k: usize, face: usize) -> f64 {
        self.metric().map_or(self.grid.axes()[k].spacing, |metric| metric.distances(k)[face])
    }

    /// The rings of cells around the poles of the metric.
    pub(crate) fn pole_rings(&self) -> Vec<PoleRing> {
        let Some(metric) = self.metric() else { return Vec::new() };
        let shape = self.grid.shape();
        let levels: usize = shape[2..].iter().product();
        let ends = [(0, 0), (shape[1], shape[1] - 1)].into_iter().zip(metric.poles());
        let ends = ends.filter(|(_, is_pole)| *is_pole);
        let ring = |end: usize, row: usize, level: usize| {
            let first = (level * shape[1] + row) * shape[0];
            PoleRing { end, level, cells: first..first + shape[0] }
        };
        ends.flat_map(|((end, row), _)| (0..levels).map(move |level| ring(end, row, level)))
            .collect()
    }

    /// The two cells beside face `index` of axis k (lower, upper); `None` beyond a wall of the
    /// grid and where the mask is off.
    pub fn neighbours(&self, k: usize, index: [usize; D]) -> [Option<usize>; 2] {
        let cell = |i: usize| {
            let mut at = index;
            at[k] = i;
            let flat = super::ravel(self.grid.shape(), at);
            self.is_active(flat).then_some(flat)
        };
        self.grid.axes()[k].cells_beside(index[k]).map(|i| i.and_then(cell))
    }

    /// The number of active cells that touch each value position of `location`: 0 to 2 for faces,
    /// 0 to 4 for edges. Cells beyond a wall of the grid do not count.
    pub fn touching(&self, location: Location) -> Vec<u8> {
        let mut counts: Vec<u8> =
            (0..self.grid.cells()).map(|c| u8::from(self.is_active(c))).collect();
        let mut here = Location::CELL;
        for k in (0..D).filter(|&k| location.on_face(k)) {
            let (outer, n, inner) = self.grid.lanes(here, k);
            let faces = self.grid.axes()[k].faces();
            let mut sums = vec![0; outer * faces * inner];
            for (row, counts) in counts.chunks_exact(inner).enumerate() {
                let (o, i) = (row / n, row % n);
                for face in self.grid.axes()[k].faces_beside(i) {
                    let sums = &mut sums[(o * faces + face) * inner..][..inner];
                    sums.iter_mut().zip(counts).for_each(|(s, c)| *s += c);
                }
            }
            counts = sums;
            here = here.toggled(k);
        }
        counts
    }

    /// The class of every face normal to axis k, in storage order.
    pub fn face_classes(&self, k: usize) -> Vec<FaceClass> {
        let class = |count| match count {
            0 => FaceClass::Outside,
            1 => FaceClass::Wall,
            _ => FaceClass::Interior,
        };
        let mut classes: Vec<_> = self.touching(Location::face(k)).into_iter().map(class).collect();
        for (class, area) in classes.iter_mut().zip(self.metric().map_or(&[][..], |m| m.areas(k))) {
            // What has no area is no wall: a pole.
            *class = if *area == 0.0 { FaceClass::Outside } else { *class };
        }
        classes
    }

    /// The connected component of every cell, counted from 0 in storage order, and the number of
    /// components. Cells are connected through faces; cells outside the mask get `u32::MAX`.
    pub fn components(&self) -> (Vec<u32>, usize) {
        let shape = self.grid.shape();
        let mut label = vec![u32::MAX; self.grid.cells()];
        let mut found = 0;
        let mut open = Vec::new();
        for seed in 0..label.len() {
            if label[seed] != u32::MAX || !self.is_active(seed) {
                continue;
            }
            label[seed] = found;
            open.push(seed);
            while let Some(cell) = open.pop() {
                let index = unravel(shape, cell);
                for k in 0..D {
                    let mut above = index;
                    above[k] = self.grid.axes()[k].faces_beside(index[k])[1];
                    let sides = [self.neighbours(k, index)[0], self.neighbours(k, above)[1]];
                    for next in sides.into_iter().flatten() {
                        if label[next] == u32::MAX {
                            label[next] = found;
                            open.push(next);
                        }
                    }
                }
            }
            found += 1;
        }
        (label, found as usize)
    }
}
