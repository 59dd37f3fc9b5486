//! The grid, the domain and the metric of a field from a file.

use super::density::density_on_faces;
use super::file::StatedSphere;
use super::file_cells::Cells;
use super::file_series::FileSeries;
use super::{Note, SourceError};
use crate::field::VectorField;
use crate::grid::{AXIS_NAMES, Axis, Domain, Grid, Metric, Topology};
use std::sync::Arc;

impl FileSeries {
    pub(super) fn is_periodic(&self, k: usize) -> bool {
        self.is_thin(k) || self.periodic.as_ref().is_some_and(|list| list.contains(&k))
    }

    /// Whether an axis has one cell and no walls were requested: between such walls its whole
    /// component would be the gradient of a linear potential. A strip or a layer of a sphere has walls.
    pub(super) fn is_thin(&self, k: usize) -> bool {
        let walls = self.periodic.as_ref().is_some_and(|list| list.is_empty());
        let flat = self.sphere.is_none();
        self.file.shape()[k] == 1 && !walls && flat && !self.file.is_staggered()
    }

    /// Whether the first and the last latitudes reach the poles, up to a cell.
    pub(super) fn poles(&self) -> Result<[bool; 2], SourceError> {
        let y = self.axis(1)?;
        Ok([y.face(0), y.face(y.cells)].map(|edge| 90.0 - edge.abs() < 0.05 * y.spacing))
    }

    fn axis(&self, k: usize) -> Result<Axis, SourceError> {
        let (file, periodic) = (&self.file, self.is_periodic(k));
        let longitudes = self.sphere.is_some() && k == 0;
        let topology = if periodic { Topology::Periodic } else { Topology::Bounded };
        let even =
            Axis::from_points(file.origin()[k], file.spacing()[k], file.shape()[k], topology);
        let closes = (even.length() - 360.0).abs() <= 0.1 * even.spacing;
        if file.uneven(k).is_none() && (!(longitudes && periodic) || closes) {
            return Ok(even);
        }
        let points = self.coordinates(k);
        if let Some(edges) = file.edges(k) {
            return Ok(Axis::uneven(edges, &points, topology)?);
        }
        Ok(match (longitudes, periodic) {
            (true, true) => match closing_gap(&points) {
                (gap, widest) if gap > 0.0 && gap <= 2.0 * widest => {
                    Axis::around_points(&points, 360.0)?
                }
                (gap, widest) => return Err(SourceError::WideGap { gap, widest }),
            },
            (false, true) => return Err(SourceError::UnevenPeriod { axis: AXIS_NAMES[k] }),
            (_, false) if self.sphere.is_some() && k == 1 => Axis::latitudes(&points)?,
            (_, false) => Axis::through_points(&points)?,
        })
    }

    /// The coordinates of the points along an axis.
    fn coordinates(&self, k: usize) -> Vec<f64> {
        let file = &self.file;
        let at = |i| file.origin()[k] + i as f64 * file.spacing()[k];
        let even = || (0..file.shape()[k]).map(at).collect();
        file.uneven(k).map_or_else(even, <[f64]>::to_vec)
    }

    /// Refuses longitudes of which it is not certain whether they go round: with a wall in the gap of a globe, or
    /// without one where it has none, every part would be another.
    pub(super) fn check_round(&self) -> Result<(), SourceError> {
        let settled =
            self.sphere.is_none() || self.periodic.is_some() || self.file.edges(0).is_some();
        if settled || self.file.shape()[0] < 2 {
            return Ok(());
        }
        let (gap, widest) = closing_gap(&self.coordinates(0));
        match gap > 0.0 && gap <= 2.0 * widest {
            true => Err(SourceError::PerhapsRound { gap, widest }),
            false => Ok(()),
        }
    }

    pub(super) fn grid<const D: usize>(&self) -> Result<Grid<D>, SourceError> {
        let mut axes = Vec::with_capacity(D);
        for k in 0..D {
            axes.push(self.axis(k)?);
        }
        Ok(Grid::new(axes.try_into().expect("an axis for each dimension"))?)
    }

    /// The density of a sample on the faces; one for all samples if it has no sample axis.
    pub(super) fn density<const D: usize>(
        &self,
        index: usize,
        domain: &Domain<D>,
    ) -> Result<Option<VectorField<D>>, SourceError> {
        let Some(file) = &self.density else { return Ok(None) };
        let values = file.read(index.min(file.samples() - 1))?;
        density_on_faces(values, domain).map(Some)
    }

    /// The domain of the cells that take part, which are taken out; notes where they are all.
    pub(super) fn domain<const D: usize>(
        &self,
        grid: Grid<D>,
        cells: &mut Cells,
    ) -> Result<Domain<D>, SourceError> {
        let domain = match cells.active.take() {
            None => Domain::full(grid),
            Some(active) => {
                let domain = Domain::masked(grid, active)?;
                let all = domain.mask().is_none();
                cells.notes.extend(all.then(|| Note::AllTakePart { cells: grid.cells() }));
                domain
            }
        };
        if let Some(sizes) = &self.sizes {
            let metric = match self.known_metric() {
                Some(known) => known,
                None => self.keep(sizes.metric(&domain)?, sizes.is_whole()),
            };
            return Ok(domain.with_metric(metric)?);
        }
        let Some(StatedSphere { radius, thickness }) = self.sphere else { return Ok(domain) };
        let metric = match (self.known_metric(), thickness) {
            (Some(known), _) => known,
            (None, None) => self.keep(Metric::sphere(&grid, radius)?, true),
            (None, Some(thickness)) => self.keep(Metric::shell(&grid, radius, thickness)?, true),
        };
        Ok(domain.with_metric(metric)?)
    }

    fn known_metric<const D: usize>(&self) -> Option<Arc<Metric<D>>> {
        self.metric.get()?.downcast_ref().cloned()
    }

    /// A metric in an `Arc`, kept for the next field if it is one for all.
    fn keep<const D: usize>(&self, metric: Metric<D>, for_all: bool) -> Arc<Metric<D>> {
        let made = Arc::new(metric);
        if for_all {
            self.metric.get_or_init(|| Box::new(Arc::clone(&made)));
        }
        made
    }
}

/// The step from the last longitude round to the first, and the widest of the others.
fn closing_gap(points: &[f64]) -> (f64, f64) {
    let widest = points.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
    (points[0] + 360.0 - points[points.len() - 1], widest)
}
