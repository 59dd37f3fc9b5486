//! Arrays of numpy as views, one for each field of a batch.

use super::error::refused;
use ndarray::{ArrayViewD, ArrayViewMutD, Axis};
use numpy::{
    PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn, PyReadwriteArrayDyn, PyUntypedArrayMethods,
};
use pyo3::prelude::*;
use rayon::prelude::*;

/// An array that is read, in either precision.
pub(super) enum Input<'py> {
    Single(PyReadonlyArrayDyn<'py, f32>),
    Double(PyReadonlyArrayDyn<'py, f64>),
}

/// An array that is written.
pub(super) enum Output<'py> {
    Single(PyReadwriteArrayDyn<'py, f32>),
    Double(PyReadwriteArrayDyn<'py, f64>),
}

/// A component of one field.
#[derive(Clone)]
pub(super) enum View<'a> {
    Single(ArrayViewD<'a, f32>),
    Double(ArrayViewD<'a, f64>),
}

/// The place of a component of one field.
pub(super) enum Place<'a> {
    Single(ArrayViewMutD<'a, f32>),
    Double(ArrayViewMutD<'a, f64>),
}

impl<'py> Input<'py> {
    pub fn of(array: &Bound<'py, PyAny>) -> PyResult<Input<'py>> {
        if let Ok(array) = array.cast::<PyArrayDyn<f32>>() {
            return Ok(Input::Single(array.try_readonly()?));
        }
        match array.cast::<PyArrayDyn<f64>>() {
            Ok(array) => Ok(Input::Double(array.try_readonly()?)),
            Err(_) => Err(refused("arrays are of float32 or float64 here")),
        }
    }

    pub fn shape(&self) -> &[usize] {
        match self {
            Input::Single(array) => array.shape(),
            Input::Double(array) => array.shape(),
        }
    }

    /// A view of each field, in the order of the leading axes.
    pub fn views(&self, leading: usize) -> Vec<View<'_>> {
        match self {
            Input::Single(array) => {
                read(array.as_array(), leading).into_iter().map(View::Single).collect()
            }
            Input::Double(array) => {
                read(array.as_array(), leading).into_iter().map(View::Double).collect()
            }
        }
    }
}

impl<'py> Output<'py> {
    pub fn of(array: &Bound<'py, PyAny>, shape: &[usize]) -> PyResult<Output<'py>> {
        let output = if let Ok(array) = array.cast::<PyArrayDyn<f32>>() {
            Output::Single(array.try_readwrite()?)
        } else if let Ok(array) = array.cast::<PyArrayDyn<f64>>() {
            Output::Double(array.try_readwrite()?)
        } else {
            return Err(refused("arrays in `out` are of float32 or float64"));
        };
        let found = output.shape();
        match found == shape {
            true => Ok(output),
            false => {
                let words = format!("arrays in `out` have the shape {shape:?} here, not {found:?}");
                Err(refused(words))
            }
        }
    }

    pub fn shape(&self) -> &[usize] {
        match self {
            Output::Single(array) => array.shape(),
            Output::Double(array) => array.shape(),
        }
    }

    /// The place of each field, in the order of the leading axes.
    pub fn places(&mut self, leading: usize) -> Vec<Place<'_>> {
        match self {
            Output::Single(array) => {
                write(array.as_array_mut(), leading).into_iter().map(Place::Single).collect()
            }
            Output::Double(array) => {
                write(array.as_array_mut(), leading).into_iter().map(Place::Double).collect()
            }
        }
    }
}

/// The arrays of one part.
pub(super) enum Part<'py> {
    /// One for each component.
    Apart(Vec<Output<'py>>),
    /// One for all, with their axis.
    Together(Output<'py>, usize),
}

impl<'py> Part<'py> {
    /// An array with so many components along an axis, or a sequence of arrays of these shapes.
    pub fn of(
        array: &Bound<'py, PyAny>,
        axis: usize,
        shapes: &[Vec<usize>],
    ) -> PyResult<Part<'py>> {
        if let Ok(all) = array.extract::<Vec<Bound<'py, PyAny>>>()
            && !array.hasattr("__array_interface__")?
        {
            if all.len() != shapes.len() {
                let words =
                    format!("a part in `out` has {} arrays, not {}", shapes.len(), all.len());
                return Err(refused(words));
            }
            let each = all.iter().zip(shapes).map(|(array, shape)| Output::of(array, shape));
            return Ok(Part::Apart(each.collect::<PyResult<_>>()?));
        }
        let mut shape = shapes[0].clone();
        shape.insert(axis, shapes.len());
        Ok(Part::Together(Output::of(array, &shape)?, axis))
    }

    /// The places of the components of each field.
    pub fn fields(&mut self, leading: usize) -> Vec<Vec<Place<'_>>> {
        match self {
            Part::Apart(each) => by_field(each.iter_mut().map(|output| output.places(leading))),
            Part::Together(output, axis) => {
                let dims = output.shape()[*axis];
                let mut all = output.places(leading + 1);
                let fields = all.len() / dims;
                if *axis > 0 {
                    let mut all = all.into_iter();
                    return (0..fields).map(|_| all.by_ref().take(dims).collect()).collect();
                }
                let mut each = Vec::with_capacity(dims);
                for _ in 0..dims {
                    let rest = all.split_off(fields);
                    each.push(std::mem::replace(&mut all, rest));
                }
                by_field(each.into_iter())
            }
        }
    }
}

/// From arrays of fields to fields of arrays.
pub(super) fn by_field<T>(arrays: impl Iterator<Item = Vec<T>>) -> Vec<Vec<T>> {
    let mut fields: Vec<Vec<T>> = Vec::new();
    for array in arrays {
        if fields.is_empty() {
            fields = array.iter().map(|_| Vec::new()).collect();
        }
        fields.iter_mut().zip(array).for_each(|(field, one)| field.push(one));
    }
    fields
}

fn read<T>(view: ArrayViewD<'_, T>, leading: usize) -> Vec<ArrayViewD<'_, T>> {
    match leading {
        0 => vec![view],
        _ => (0..view.shape()[0])
            .flat_map(|i| read(view.clone().index_axis_move(Axis(0), i), leading - 1))
            .collect(),
    }
}

fn write<T>(view: ArrayViewMutD<'_, T>, leading: usize) -> Vec<ArrayViewMutD<'_, T>> {
    if leading == 0 {
        return vec![view];
    }
    let (mut rest, mut places) = (view, Vec::new());
    while rest.shape()[0] > 0 {
        let (first, others) = rest.split_at(Axis(0), 1);
        places.extend(write(first.index_axis_move(Axis(0), 0), leading - 1));
        rest = others;
    }
    places
}

impl View<'_> {
    /// Copies the values in the order of fields, axes that are turned the other way.
    pub fn copy_to(&self, turned: &[bool], out: &mut [f64]) {
        match self {
            View::Single(view) => copy(view.view(), turned, out, |v| f64::from(*v)),
            View::Double(view) => copy(view.view(), turned, out, |v| *v),
        }
    }

    /// Lengths of its axes.
    pub fn shape(&self) -> &[usize] {
        match self {
            View::Single(view) => view.shape(),
            View::Double(view) => view.shape(),
        }
    }

    /// Numbers in double precision that lie one behind the other.
    pub fn slice(&self) -> Option<&[f64]> {
        match self {
            View::Single(_) => None,
            View::Double(view) => view.as_slice(),
        }
    }
}

impl Place<'_> {
    /// Takes values in the order of fields; NaN in cells that take no part.
    pub fn fill(&mut self, turned: &[bool], values: &[f64], mask: Option<&[bool]>) {
        match self {
            Place::Single(place) => fill(place.view_mut(), turned, (values, mask), |v| v as f32),
            Place::Double(place) => fill(place.view_mut(), turned, (values, mask), |v| v),
        }
    }

    /// Places in double precision that lie one behind the other.
    pub fn slice(&mut self) -> Option<&mut [f64]> {
        match self {
            Place::Single(_) => None,
            Place::Double(place) => place.as_slice_mut(),
        }
    }
}

/// Values of a task.
const BLOCK: usize = 1 << 14;

/// The axes that are turned, x first in the list, of an array with x last.
fn reversed(axes: usize, turned: &[bool]) -> impl Iterator<Item = Axis> {
    let turned = turned.iter().enumerate().filter(|(_, turned)| **turned);
    turned.map(move |(k, _)| Axis(axes - 1 - k))
}

fn copy<T: Sync>(
    mut view: ArrayViewD<'_, T>,
    turned: &[bool],
    out: &mut [f64],
    number: impl Fn(&T) -> f64 + Sync,
) {
    reversed(view.ndim(), turned).for_each(|axis| view.invert_axis(axis));
    if let Some(values) = view.as_slice() {
        let pairs = out.par_iter_mut().zip(values).with_min_len(BLOCK);
        pairs.for_each(|(out, value)| *out = number(value));
        return;
    }
    let plane = out.len() / view.shape()[0].max(1);
    let planes: Vec<_> = out.chunks_mut(plane.max(1)).zip(view.axis_iter(Axis(0))).collect();
    planes.into_par_iter().for_each(|(out, view)| {
        out.iter_mut().zip(&view).for_each(|(out, v)| *out = number(v));
    });
}

fn fill<T: Send + Sync>(
    mut place: ArrayViewMutD<'_, T>,
    turned: &[bool],
    (values, mask): (&[f64], Option<&[bool]>),
    number: impl Fn(f64) -> T + Sync,
) {
    reversed(place.ndim(), turned).for_each(|axis| place.invert_axis(axis));
    let value = |cell: usize| match mask.is_some_and(|mask| !mask[cell]) {
        true => number(f64::NAN),
        false => number(values[cell]),
    };
    if let Some(place) = place.as_slice_mut() {
        let all = place.par_iter_mut().enumerate().with_min_len(BLOCK);
        all.for_each(|(cell, place)| *place = value(cell));
        return;
    }
    let plane = values.len() / place.shape()[0].max(1);
    let planes: Vec<_> = place.axis_iter_mut(Axis(0)).enumerate().collect();
    planes.into_par_iter().for_each(|(i, mut row)| {
        row.iter_mut().enumerate().for_each(|(j, place)| *place = value(i * plane + j));
    });
}
