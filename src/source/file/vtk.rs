//! VTK files: from a grid with arrays at its points or in its cells to named arrays with coordinates.

use super::FileError;
use super::array::Coordinates;
use super::held::{HeldArray, HeldStore};
use super::memory::refuse;
use super::table_words::{Column, title};
use super::vtk_array::VtkArray;
use super::vtk_ghosts::hide;
use crate::grid::AXIS_NAMES;
use crate::machine::Element;
use ndarray::{ArrayD, IxDyn};
use std::path::Path;

/// What the readers of both kinds of files find.
pub(super) struct VtkFile {
    pub grid: VtkGrid,
    pub arrays: Vec<VtkArray>,
}

/// Where the points are.
pub(super) enum VtkGrid {
    /// Coordinates along x, y, z; whether they were stored in single precision.
    Axes([Vec<f64>; 3], bool),
    /// Every point (x, y, z), with their numbers along each index, the first fastest.
    Points([usize; 3], Vec<f64>, bool),
}

impl VtkGrid {
    /// Numbers of points along each index, the first fastest.
    fn dims(&self) -> [usize; 3] {
        match self {
            VtkGrid::Axes(values, _) => [0, 1, 2].map(|index| values[index].len()),
            VtkGrid::Points(dims, ..) => *dims,
        }
    }
}

/// Kinds of data that have no grid, with what to do.
pub(super) const NO_GRID: &str =
    "resample it on a regular grid (ParaView: Resample To Image) and save that as .vti";
pub(super) const CURVED: &str = "its points are no product of coordinates along x, y, z; resample it on a regular grid (ParaView: Resample To Image) and save that as .vti";
pub(super) const PIECES: &str = "it is in several pieces; open it in ParaView and save it as one .vti or .vtr, or name one of the files";

pub(super) fn not_read(path: &Path, format: &'static str, advice: &'static str) -> FileError {
    FileError::NotRead { path: path.into(), format, advice }
}

pub(super) fn damaged(path: &Path, reason: impl Into<String>) -> FileError {
    FileError::Damaged { path: path.into(), format: "VTK", reason: reason.into() }
}

/// Refuses numbers of points that nothing holds, before anything is allocated for them.
pub(super) fn check_size(path: &Path, dims: [usize; 3]) -> Result<usize, FileError> {
    let points: f64 = dims.iter().map(|n| *n as f64).product();
    refuse(path, "the grid", &dims, 16.0 * points)?;
    match dims.contains(&0) {
        true => Err(damaged(path, format!("its dimensions are {dims:?}"))),
        false => Ok(dims.iter().product()),
    }
}

/// The numbers in bytes; those left over are passed over.
pub(super) fn decode(bytes: &[u8], element: Element) -> Vec<f64> {
    bytes.chunks_exact(element.size()).map(|number| element.decode(number)).collect()
}

/// Opens a file by a reader of its kind.
pub(super) fn open(
    path: &Path,
    read: fn(&Path, &[u8]) -> Result<VtkFile, FileError>,
) -> Result<HeldStore, FileError> {
    let io = |source| FileError::Io { path: path.into(), source };
    let length = std::fs::metadata(path).map_err(io)?.len();
    refuse(path, "the file", &[], 4.0 * length as f64)?;
    let mut file = read(path, &std::fs::read(path).map_err(io)?)?;
    let dims = file.grid.dims();
    let axes = Axes::of(path, file.grid)?;
    let flat = axes.lengths()[2] == 1 && !file.arrays.iter().any(leaves_plane);
    let mut notes = hide(dims, &mut file.arrays);
    if file.arrays.iter().any(|array| array.in_cells) {
        notes.push("data of cells: the points are the centres of the cells".into());
    }
    if flat && file.arrays.iter().any(|array| array.components == 3) {
        notes.push(
            "one layer along z, the third component is 0 everywhere: a field of x and y".into(),
        );
    }
    let both = [false, true].map(|kind| file.arrays.iter().any(|array| array.in_cells == kind));
    let name = |array: &VtkArray| match array.in_cells && both == [true, true] {
        true => format!("cells/{}", array.name),
        false => array.name.clone(),
    };
    let held = file.arrays.into_iter().map(|array| axes.hold(&name(&array), array, flat)).collect();
    Ok(HeldStore::new(path, held, notes))
}

/// Whether an array has a component along z somewhere.
fn leaves_plane(array: &VtkArray) -> bool {
    match array.components {
        3 => array.values.iter().skip(2).step_by(3).any(|v| *v != 0.0),
        1 => {
            title(&array.name).column == Column::Component(2)
                && array.values.iter().any(|v| *v != 0.0)
        }
        _ => false,
    }
}

/// Coordinates along the indices of a grid, the first fastest.
struct Axes {
    values: [Vec<f64>; 3],
    /// The axis of space (0 for x) along each index.
    space: [usize; 3],
    single: bool,
}

impl Axes {
    fn of(path: &Path, grid: VtkGrid) -> Result<Axes, FileError> {
        match grid {
            VtkGrid::Axes(values, single) => Ok(Axes { values, space: [0, 1, 2], single }),
            VtkGrid::Points(dims, points, single) => product(dims, &points, single)
                .ok_or_else(|| not_read(path, "a curvilinear VTK grid", CURVED)),
        }
    }

    /// Numbers of points along x, y, z.
    fn lengths(&self) -> [usize; 3] {
        let mut lengths = [1; 3];
        for (values, k) in self.values.iter().zip(self.space) {
            lengths[k] = values.len();
        }
        lengths
    }

    fn coordinates(&self, index: usize, in_cells: bool) -> Coordinates {
        let (points, k) = (&self.values[index], self.space[index]);
        let found = Coordinates {
            origin: "the points of the grid".into(),
            name: AXIS_NAMES[k].into(),
            values: points.clone(),
            single: self.single,
            ..Coordinates::default()
        };
        if !in_cells || points.len() == 1 {
            return found;
        }
        let middle = |pair: &[f64]| 0.5 * (pair[0] + pair[1]);
        let values = points.windows(2).map(middle).collect();
        Coordinates { values, edges: Some(points.clone()), ..found }
    }

    /// Gives an array its axes; without the only layer along z if `flat`.
    fn hold(&self, name: &str, array: VtkArray, flat: bool) -> HeldArray {
        let VtkArray { mut components, in_cells, mut values, number, .. } = array;
        if flat && components == 3 {
            values = values.chunks_exact(3).flat_map(|v| [v[0], v[1]]).collect();
            components = 2;
        }
        let indices: Vec<usize> = (0..3).rev().filter(|&i| !(flat && self.space[i] == 2)).collect();
        let mut along: Vec<(&str, Option<Coordinates>)> = Vec::new();
        let mut shape = Vec::new();
        for index in indices {
            let coordinates = self.coordinates(index, in_cells);
            shape.push(coordinates.values.len());
            along.push((AXIS_NAMES[self.space[index]], Some(coordinates)));
        }
        if components > 1 {
            shape.push(components);
            along.push(("component", None));
        }
        let values =
            ArrayD::from_shape_vec(IxDyn(&shape), values).expect("as many as there are points");
        HeldArray::new(name, values, number).along(along, "")
    }
}

/// The coordinates of points that are a product of three lists, in any order of the axes.
fn product(dims: [usize; 3], points: &[f64], single: bool) -> Option<Axes> {
    let strides = [1, dims[0], dims[0] * dims[1]];
    let at = |point: usize, k: usize| points[3 * point + k];
    let mut space = [None; 3];
    for index in (0..3).filter(|&index| dims[index] > 1) {
        let last = (dims[index] - 1) * strides[index];
        let spread = |k: &usize| (at(last, *k) - at(0, *k)).abs();
        space[index] = (0..3).max_by(|a, b| spread(a).total_cmp(&spread(b)));
    }
    let mut rest = (0..3).filter(|k| !space.contains(&Some(*k))).collect::<Vec<_>>().into_iter();
    // Two indices along one axis of space leave too many over, which the check of the points finds.
    let space = space.map(|k| k.or_else(|| rest.next()).unwrap_or(0));
    let list = |index: usize| -> Vec<f64> {
        (0..dims[index]).map(|i| at(i * strides[index], space[index])).collect()
    };
    let values = [list(0), list(1), list(2)];
    let digits = 4.0 * f64::from(f32::EPSILON);
    for index in 0..3 {
        let steps = values[index].windows(2).map(|pair| (pair[1] - pair[0]).abs());
        let least = steps.fold(f64::INFINITY, f64::min);
        let fits = |point: usize| {
            let expected = values[index][point / strides[index] % dims[index]];
            let tolerance = if least.is_finite() { 1e-4 * least } else { 0.0 };
            (at(point, space[index]) - expected).abs() <= tolerance + digits * expected.abs()
        };
        if !(0..points.len() / 3).all(fits) {
            return None;
        }
    }
    let mut found = space;
    found.sort_unstable();
    (found == [0, 1, 2]).then_some(Axes { values, space, single })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(dims: [usize; 3], point: impl Fn([f64; 3]) -> [f64; 3]) -> Vec<f64> {
        let all = (0..dims.iter().product()).map(|n: usize| {
            [n % dims[0], n / dims[0] % dims[1], n / dims[0] / dims[1]].map(|i| i as f64)
        });
        all.flat_map(point).collect()
    }

    #[test]
    fn products_are_found_in_any_order_and_curves_are_not() {
        let dims = [4, 3, 2];
        let found =
            product(dims, &points(dims, |[i, j, k]| [j * j, 5.0 - k, 2.0 * i]), false).unwrap();
        assert_eq!(found.space, [2, 0, 1]);
        assert_eq!(found.values, [vec![0.0, 2.0, 4.0, 6.0], vec![0.0, 1.0, 4.0], vec![5.0, 4.0]]);
        assert!(product(dims, &points(dims, |[i, j, k]| [i + 0.1 * j, j, k]), false).is_none());
        assert!(
            product(dims, &points(dims, |[i, j, k]| [i * (1.0 + 0.1 * k), j, k]), false).is_none()
        );
        assert!(product(dims, &points(dims, |[i, _, k]| [i, i, k]), false).is_none());
    }
}
