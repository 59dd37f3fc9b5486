//! Components on faces: shapes and coordinates that must fit, and reading them as they are.

use super::along::{check_length, space_axis, space_coordinates, space_length};
use super::array::{Coordinates, Store};
use super::axes::Role;
use super::coordinates::{check_alike, uniform};
use super::error::{FaceShape, FaceShapes};
use super::field::{FaceArrays, FieldArray, FileField, Set};
use super::geometry::{Geometry, geometry_along};
use super::steps::Steps;
use super::{CoordinateError, FileError, FileMetric, FileRequest};
use crate::grid::{AXIS_NAMES, Axis, Topology};
use ndarray::{ArrayD, ArrayViewD, IxDyn};

/// Settles the grid of sets of components on faces, x first. Fails when the components do not
/// have the shapes, or the points and faces the coordinates, of one staggered grid.
pub(super) fn settle(
    request: &FileRequest,
    store: &dyn Store,
    sets: &[Set],
) -> Result<(Geometry, FaceArrays), FileError> {
    let parts = &sets[0].parts;
    let dims = parts.len();
    // Along axis k every component but k has one value for each cell.
    let other = |k: usize| &parts[(k + 1) % dims];
    let cells: Vec<usize> =
        (0..dims).map(|k| space_length(other(k).source.info(), &other(k).roles.roles, k)).collect();
    for set in sets {
        check_shapes(request, &cells, (&set.parts, &parts[0]))?;
        check_points(store, (&set.parts, parts))?;
    }
    let bounded = |k: usize| !request.is_periodic(k);
    let points = |k: usize| point_coordinates(store, parts, k);
    let faces = |k: usize| face_coordinates(store, &parts[k], k, bounded(k));
    let labels = request.metric == Some(FileMetric::Given);
    for k in (0..dims).filter(|_| request.spacing.is_none() && !labels) {
        if points(k).is_none() && faces(k).is_none() {
            check_length(store, other(k).source.info(), &other(k).roles.roles, k)?;
        }
    }
    let first = &parts[0];
    let steps = Steps::of(request, store, (first.source.info(), &first.roles));
    let steps = Steps { points: cells.clone(), ..steps };
    let mut geometry = geometry_along(request, &steps, |k| {
        (cells[k], points(k).or_else(|| between(&faces(k)?, bounded(k))))
    })?;
    let mut behind = Vec::new();
    for k in 0..dims {
        let turned = !bounded(k) && geometry.flipped[k];
        behind.push(match (points(k), faces(k)) {
            (Some(p), Some(f)) if request.spacing.is_none() && !labels => {
                faces_behind(k, &p, &f, bounded(k))?.unwrap_or(turned)
            }
            _ => turned,
        });
    }
    let names: Vec<&str> = parts.iter().map(|part| part.source.info().name.as_str()).collect();
    geometry.notes.push(format!("components on faces, taken as they are: {}", names.join(", ")));
    Ok((geometry, FaceArrays { behind }))
}

fn samples(part: &FieldArray) -> Vec<usize> {
    let shape = &part.source.info().shape;
    let roles = part.roles.roles.iter().zip(shape);
    roles.filter(|(role, _)| **role == Role::Sample).map(|(_, n)| *n).collect()
}

/// Checks every component against the number of cells and the samples of the first.
fn check_shapes(
    request: &FileRequest,
    cells: &[usize],
    (parts, first): (&[FieldArray], &FieldArray),
) -> Result<(), FileError> {
    let wanted = samples(first);
    let mut shapes = Vec::new();
    for (k, part) in parts.iter().enumerate() {
        let mut series = wanted.iter().copied();
        let (mut expected, mut axes) = (Vec::new(), Vec::new());
        for role in &part.roles.roles {
            let more = *role == Role::Space(k) && !request.is_periodic(k);
            let (length, name) = match role {
                Role::Space(axis) => (cells[*axis] + usize::from(more), AXIS_NAMES[*axis]),
                _ => (series.next().unwrap_or(1), "t"),
            };
            expected.push(length);
            axes.push((name, more));
        }
        let info = part.source.info();
        let (name, found) = (info.name.clone(), info.shape.clone());
        shapes.push(FaceShape { name, axes, expected, found });
    }
    let fit =
        shapes.iter().all(FaceShape::fits) && parts.iter().all(|part| samples(part) == wanted);
    if fit { Ok(()) } else { Err(FileError::FaceShapes(FaceShapes(shapes))) }
}

/// Checks that all components lie at the same points along the axes of the others.
fn check_points(
    store: &dyn Store,
    (parts, first): (&[FieldArray], &[FieldArray]),
) -> Result<(), FileError> {
    for (k, axis) in AXIS_NAMES.into_iter().enumerate().take(first.len()) {
        let Some(expected) = point_coordinates(store, first, k) else { continue };
        for (_, part) in parts.iter().enumerate().filter(|(c, _)| *c != k) {
            let info = part.source.info();
            let found = space_coordinates(store, info, &part.roles.roles, k);
            let Some(found) = found else { continue };
            let first = &first[if k == 0 { 1 } else { 0 }].source.info().name;
            check_alike(axis, [first, &info.name], [&expected, &found])?;
        }
    }
    Ok(())
}

/// Coordinates of the points along axis k, from a component that sits on them.
fn point_coordinates(store: &dyn Store, parts: &[FieldArray], k: usize) -> Option<Coordinates> {
    let mut others = parts.iter().enumerate().filter(|(c, _)| *c != k);
    others.find_map(|(_, p)| space_coordinates(store, p.source.info(), &p.roles.roles, k))
}

/// Coordinates of the faces along axis k: the dimension's own, an array called `x_face`, or one
/// called `x` that is as long as there are faces and longer than there are points.
fn face_coordinates(
    store: &dyn Store,
    part: &FieldArray,
    k: usize,
    bounded: bool,
) -> Option<Coordinates> {
    let info = part.source.info();
    let axis = space_axis(&part.roles.roles, k);
    let beside = |name: &str| {
        let found = store.coordinates(&info.name, name)?;
        (found.values.len() == info.shape[axis]).then_some(found)
    };
    let own = info.dimensions[axis].coordinates.clone();
    let own = own.filter(|found| found.values.len() == info.shape[axis]);
    own.or_else(|| beside(&format!("{}_face", AXIS_NAMES[k])))
        .or_else(|| if bounded { beside(AXIS_NAMES[k]) } else { None })
}

/// The points that lie between faces, where the file has none.
fn between(faces: &Coordinates, bounded: bool) -> Option<Coordinates> {
    let [first, .., last] = faces.values[..] else {
        return None;
    };
    let half = 0.5 * (last - first) / (faces.values.len() - 1) as f64;
    let values = match bounded {
        true => faces.values.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect(),
        false => faces.values.iter().map(|face| face + half).collect(),
    };
    let origin = format!("the middles of {}", faces.origin);
    Some(Coordinates { origin, values, ..faces.clone() })
}

/// Whether ascending face i lies behind point i instead of before it, which only a periodic axis
/// may have; `None` where there are too few points to tell.
fn faces_behind(
    k: usize,
    points: &Coordinates,
    faces: &Coordinates,
    bounded: bool,
) -> Result<Option<bool>, FileError> {
    let axis = AXIS_NAMES[k];
    let (Some(p), Some(f)) = (uniform(axis, points)?, uniform(axis, faces)?) else {
        return Ok(None);
    };
    let offset = (f.first - p.first) / p.spacing;
    let near = |wanted: f64| (offset - wanted).abs() < 1e-2;
    let alike = (f.spacing / p.spacing - 1.0).abs() < 1e-3 && f.descending == p.descending;
    match alike {
        true if near(-0.5) => Ok(Some(false)),
        true if near(0.5) && !bounded => Ok(Some(true)),
        _ => Err(CoordinateError::Faces {
            axis,
            point: p.first,
            point_spacing: p.spacing,
            expected: p.first - 0.5 * p.spacing,
            found: f.first,
            spacing: f.spacing,
        }
        .into()),
    }
}

impl FileField {
    /// Whether the components sit on faces and [`read_faces`](Self::read_faces) reads them.
    pub fn is_staggered(&self) -> bool {
        self.faces.is_some()
    }

    /// Reads the components of one sample on their faces, x first, each as (z, y, x) or (y, x) with
    /// ascending coordinates, unpacked, missing values as NaN. Nothing is interpolated.
    ///
    /// Face i lies between cells i − 1 and i: component k has [`shape`](Self::shape)`[k]` + 1 values
    /// along axis k, on a periodic axis as many as there are cells. An axis that runs downwards is
    /// turned so that this stays true.
    ///
    /// # Errors
    /// If there is no such sample, a value is missing on a face of a cell that takes part (unless
    /// missing values were allowed), the components sit at points, or the file cannot be read.
    #[expect(clippy::missing_panics_doc, reason = "new arrays are contiguous")]
    pub fn read_faces(&self, sample: usize) -> Result<Vec<ArrayD<f64>>, FileError> {
        if self.faces.is_none() {
            return Err(FileError::Layout { path: self.path.clone(), found: "at points" });
        }
        let arrays = (0..self.dims()).map(|k| ArrayD::zeros(IxDyn(&self.face_shape(k))));
        let mut arrays: Vec<ArrayD<f64>> = arrays.collect();
        let slices = arrays.iter_mut().map(|array| array.as_slice_mut().expect("standard layout"));
        self.read_into(sample, &mut slices.collect::<Vec<_>>())?;
        Ok(arrays)
    }

    /// Shape of component k on its faces, slowest axis first.
    pub(super) fn face_shape(&self, k: usize) -> Vec<usize> {
        let mut shape: Vec<usize> = self.shape().iter().rev().copied().collect();
        let last = shape.len() - 1;
        let part = &self.sets[0].parts[k];
        shape[last - k] = space_length(part.source.info(), &part.roles.roles, k);
        shape
    }

    /// Where the faces of component k lie behind their points, puts the last layer before the others.
    pub(super) fn turn_faces(&self, k: usize, values: &mut [f64]) {
        if self.faces.as_ref().is_some_and(|faces| faces.behind[k]) {
            let inner: usize = self.shape()[..k].iter().product();
            let lanes = values.chunks_exact_mut(self.face_shape(k)[self.dims() - 1 - k] * inner);
            lanes.for_each(|lane| lane.rotate_right(inner));
        }
    }

    /// The faces of component k that a cell which takes part has, in the order of its values.
    pub(super) fn active_faces(&self, k: usize, mask: &[bool]) -> Vec<bool> {
        let shape: Vec<usize> = self.shape().iter().rev().copied().collect();
        let mask = ArrayViewD::from_shape(IxDyn(&shape), mask).expect("one value per cell");
        let (faces, axis) = (self.face_shape(k), shape.len() - 1 - k);
        let active = |face: IxDyn| has_active(&mask, axis, faces[axis], &face);
        ArrayD::from_shape_fn(IxDyn(&faces), active).into_iter().collect()
    }
}

/// Whether a cell beside a face, one of `faces` along `axis`, takes part.
fn has_active(mask: &ArrayViewD<'_, bool>, axis: usize, faces: usize, face: &IxDyn) -> bool {
    let n = mask.shape()[axis];
    let topology = if faces > n { Topology::Bounded } else { Topology::Periodic };
    let sides = Axis::over(0.0, 1.0, n, topology).cells_beside(face[axis]);
    sides.into_iter().flatten().any(|cell| {
        let mut at = face.clone();
        at[axis] = cell;
        mask[&at]
    })
}

/// The cells whose faces all hold finite numbers, x fastest, for components as
/// [`FileField::read_faces`] reads them on `cells` cells along x, y[, z].
///
/// A cell with a missing value on one of its faces is left out. A single missing cell among others,
/// all of whose faces have values, is not detected: that needs a mask.
pub fn cells_with_finite_faces(faces: &[ArrayViewD<'_, f64>], cells: &[usize]) -> Vec<bool> {
    let shape: Vec<usize> = cells.iter().rev().copied().collect();
    let finite = ArrayD::from_shape_fn(IxDyn(&shape), |cell| {
        faces.iter().rev().enumerate().all(|(axis, component)| {
            let mut upper = cell.clone();
            upper[axis] = (cell[axis] + 1) % component.shape()[axis];
            component[&cell].is_finite() && component[&upper].is_finite()
        })
    });
    finite.iter().copied().collect()
}
