//! Arrays of NumPy, read whole.

use super::AutoencoderError;
use crate::machine::{Element, ensure_memory, is_countable, read_numpy_header};
use ndarray_npy::npy::header::{Layout, ReadHeaderError};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// The bytes that every `.npy` file begins with.
const MAGIC: &[u8] = b"\x93NUMPY";

/// Whether a file is a `.npy` file, by its name or by its first bytes.
pub(super) fn is_npy(path: &Path) -> bool {
    let mut start = [0; MAGIC.len()];
    let named = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("npy"));
    named
        || File::open(path)
            .is_ok_and(|mut file| file.read_exact(&mut start).is_ok() && start == MAGIC)
}

/// Shape and numbers of a `.npy` file of real numbers or integers, the last axis fastest.
pub(super) fn read_npy(path: &Path) -> Result<(Vec<usize>, Vec<f64>), AutoencoderError> {
    let io = |source| AutoencoderError::File { path: path.into(), source };
    let bad = |what| AutoencoderError::Npy { path: path.into(), what };
    let mut reader = BufReader::new(File::open(path).map_err(io)?);
    let header = read_numpy_header(&mut reader).map_err(|error| match error {
        ReadHeaderError::Io(error) => bad(format!("not a whole .npy file: {error}")),
        ReadHeaderError::Parse(error) => bad(format!("not a .npy file: {error}")),
    })?;
    let descriptor = header.type_descriptor.to_string();
    let element = Element::parse(&descriptor)
        .ok_or_else(|| bad(format!("values of NumPy type {descriptor}")))?;
    let shape = header.shape;
    if !is_countable(&shape) {
        return Err(bad(format!("its shape {shape:?} overflows")));
    }
    let count: usize = shape.iter().product();
    let needed = (8 + element.size()) as f64 * count as f64;
    ensure_memory(needed).map_err(|shortage| AutoencoderError::Memory {
        what: format!("the numbers of {}", path.display()),
        shortage,
    })?;
    let (expected, mut bytes) = (count as u64 * element.size() as u64, Vec::new());
    reader.take(expected).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 != expected {
        let found = bytes.len();
        return Err(bad(format!("cut short: {found} bytes of numbers, expected {expected}")));
    }
    let stored = bytes.chunks_exact(element.size()).map(|number| element.decode(number));
    let values: Vec<f64> = stored.collect();
    Ok(match header.layout {
        Layout::Standard => (shape, values),
        Layout::Fortran => {
            let turned = last_fastest(&shape, &values);
            (shape, turned)
        }
    })
}

/// The numbers of an array whose first axis is the fastest, with the last one fastest.
fn last_fastest(shape: &[usize], values: &[f64]) -> Vec<f64> {
    let place = |mut at: usize| {
        let mut stride = values.len();
        shape.iter().rev().fold(0, |place, length| {
            let index = at % length;
            (at, stride) = (at / length, stride / length);
            place + index * stride
        })
    };
    (0..values.len()).map(|at| values[place(at)]).collect()
}
