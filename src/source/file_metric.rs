//! Sizes of faces that a file gives.

use super::SourceError;
use super::file::{self, FileError, FileField, FileRequest};
use crate::grid::{Domain, FaceClass, Location, Metric, unravel};
use crate::machine::zeros;

/// Areas of faces, distances across them and volumes of cells, as they are stored.
pub(super) struct GivenSizes {
    names: Vec<String>,
    /// By axis.
    areas: Vec<Vec<f64>>,
    distances: Vec<Vec<f64>>,
    volumes: Option<Vec<f64>>,
}

impl GivenSizes {
    /// Reads them from the datasets named, on the grid of the field.
    pub(super) fn open(
        fields: &FileRequest,
        names: &[String],
        field: &FileField,
        repeated: &[usize],
    ) -> Result<GivenSizes, SourceError> {
        let dims = field.dims();
        if names.len() != 2 * dims && names.len() != 2 * dims + 1 {
            return Err(SourceError::MetricDatasets { dims, found: names.len() });
        }
        let request = |names: &[String], staggered| FileRequest {
            datasets: names.to_vec(),
            staggered,
            angle: None,
            mask: None,
            allow_missing: true,
            ..fields.clone()
        };
        let read = |names: &[String], staggered| -> Result<Vec<Vec<f64>>, SourceError> {
            let sizes = file::open(&request(names, staggered)).map_err(|error| match error {
                FileError::FaceShapes(shapes) => SourceError::MetricFaces(shapes.on(field.shape())),
                other => other.into(),
            })?;
            let sizes = sizes.without_last(repeated);
            if sizes.shape() != field.shape() {
                let (expected, found) = (field.shape().to_vec(), sizes.shape().to_vec());
                let named = if staggered { names } else { &names[..1] };
                let datasets = named.join(", ");
                return Err(SourceError::MetricShape { datasets, expected, found });
            }
            let periodic =
                |k: usize| fields.periodic.as_ref().is_some_and(|axes| axes.contains(&k));
            let more = |k: usize| usize::from(staggered && !periodic(k));
            let count = |of: usize| -> usize {
                let along = |(k, n): (usize, &usize)| n + if k == of { more(k) } else { 0 };
                field.shape().iter().enumerate().map(along).product()
            };
            let mut components: Vec<Vec<f64>> = (0..dims).map(|k| zeros(count(k))).collect();
            let mut into: Vec<&mut [f64]> = components.iter_mut().map(|c| &mut c[..]).collect();
            sizes.read_into(0, &mut into)?;
            Ok(components)
        };
        let volumes = match names.get(2 * dims) {
            Some(name) => read(&vec![name.clone(); dims], false)?.pop(),
            None => None,
        };
        let (areas, distances) = (read(&names[..dims], true)?, read(&names[dims..2 * dims], true)?);
        Ok(GivenSizes { names: names.to_vec(), areas, distances, volumes })
    }

    /// The datasets.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether every size can be used, so that the metric is one for all masks.
    pub(super) fn is_whole(&self) -> bool {
        let all = self.areas.iter().chain(&self.distances).chain(&self.volumes);
        all.flatten().all(|size| *size > 0.0 && size.is_finite())
    }

    /// The metric on a domain, outside which sizes may be anything. Volumes that were not given are the means of S d
    /// over the faces of a cell.
    pub(super) fn metric<const D: usize>(
        &self,
        domain: &Domain<D>,
    ) -> Result<Metric<D>, SourceError> {
        let usable = |size: f64| size > 0.0 && size.is_finite();
        let inside = |k: usize, sizes: &[f64]| -> Vec<f64> {
            let shape = domain.grid().shape_at(Location::face(k));
            let end = |face: usize| {
                let at = unravel(shape, face)[k];
                [0, domain.grid().axes()[k].cells].iter().position(|end| *end == at)
            };
            let mut open = [false; 2];
            for (face, _) in sizes.iter().enumerate().filter(|(_, size)| usable(**size)) {
                end(face).into_iter().for_each(|end| open[end] = true);
            }
            // A pole stays one where it lies outside.
            let instead = |face| end(face).map_or(1.0, |end| f64::from(open[end]));
            let faces = sizes.iter().zip(domain.face_classes(k)).enumerate();
            let size = |(face, (size, class)): (usize, (&f64, FaceClass))| match class {
                FaceClass::Outside if !usable(*size) => instead(face),
                _ => *size,
            };
            faces.map(size).collect()
        };
        let areas: [Vec<f64>; D] = std::array::from_fn(|k| inside(k, &self.areas[k]));
        let distances: [Vec<f64>; D] = std::array::from_fn(|k| inside(k, &self.distances[k]));
        let mut volumes = match &self.volumes {
            Some(volumes) => volumes.clone(),
            None => mean_volumes(domain, &areas, &distances),
        };
        for (cell, volume) in volumes.iter_mut().enumerate() {
            *volume = if domain.is_active(cell) || usable(*volume) { *volume } else { 1.0 };
        }
        Ok(Metric::given(domain.grid(), areas, distances, volumes)?)
    }
}

fn mean_volumes<const D: usize>(
    domain: &Domain<D>,
    areas: &[Vec<f64>; D],
    distances: &[Vec<f64>; D],
) -> Vec<f64> {
    let mut volumes = vec![0.0; domain.grid().cells()];
    for k in 0..D {
        let shape = domain.grid().shape_at(Location::face(k));
        for (face, (area, distance)) in areas[k].iter().zip(&distances[k]).enumerate() {
            let beside = domain.neighbours(k, unravel(shape, face));
            for cell in beside.into_iter().flatten() {
                volumes[cell] += 0.5 / D as f64 * area * distance;
            }
        }
    }
    volumes
}
