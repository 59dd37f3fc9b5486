//! One array into a group of an HDF5 file.

use super::attributes;
use super::dataset::{Dataset, MakeRows, Piece};
use super::group::COMPONENT;
use super::options::Options;
use ::hdf5::{Group, H5Type, Hyperslab, Result, SliceOrIndex};
use ndarray::{ArrayViewD, IxDyn};
use std::ops::Range;

/// Numbers in a chunk or in a block that is converted, at most: 2 MiB in double precision.
const CHUNK: usize = 1 << 18;

/// Writes an array, or only its header where all its numbers are zero: readers take the numbers of an
/// array without storage to be the fill value, which is zero.
///
/// One slab for each piece, without chunks unless it is compressed, so that HDF5 passes the numbers
/// to the system as they are in memory.
pub(super) fn write_dataset(
    group: &Group,
    dataset: &Dataset<'_>,
    (options, zero): (Options, bool),
    buffer: &mut Vec<f64>,
) -> Result<::hdf5::Dataset> {
    let written = match (dataset.flag, options.single_precision) {
        (true, _) => create::<u8>(group, dataset, options)?,
        (false, true) => missing_is(create::<f32>(group, dataset, options)?, f32::NAN)?,
        (false, false) => missing_is(create::<f64>(group, dataset, options)?, f64::NAN)?,
    };
    if !zero {
        let length = dataset.piece_length();
        for (index, piece) in dataset.pieces().iter().enumerate() {
            let place = PieceTarget { written: &written, dataset, index };
            match (piece, options.single_precision) {
                _ if dataset.flag => {
                    let flag = |v: f64| u8::from(v != 0.0);
                    place.write_as(piece.values(length, buffer), flag)?
                }
                (_, true) => place.write_as(piece.values(length, buffer), |v| v as f32)?,
                (Piece::Rows(make), false) => place.write_rows(make, length, buffer)?,
                _ => place.write(piece.values(length, buffer), 0..place.shape()[0])?,
            }
        }
    }
    describe(&written, &dataset.units, &dataset.long_name)?;
    Ok(written)
}

/// Says which number is none.
pub(super) fn missing_is<T: H5Type>(
    dataset: ::hdf5::Dataset,
    missing: T,
) -> Result<::hdf5::Dataset> {
    dataset.new_attr::<T>().create("_FillValue")?.write_scalar(&missing)?;
    Ok(dataset)
}

/// Bytes that the numbers of an array take in the file, at most.
pub(super) fn stored_bytes(dataset: &Dataset<'_>, options: Options, zero: bool) -> usize {
    let width = match (dataset.flag, options.single_precision) {
        (true, _) => 1,
        (false, true) => 4,
        (false, false) => 8,
    };
    let lengths = dataset.shape().iter();
    match (zero, options.deflate) {
        (true, _) => 0,
        (false, None) => width * lengths.product::<usize>(),
        (false, Some(_)) => {
            let whole = lengths.zip(chunk_shape(dataset.shape(), &dataset.axes));
            width * whole.map(|(n, c)| n.div_ceil(c) * c).product::<usize>()
        }
    }
}

/// Writes units and a description, where there are any.
pub(super) fn describe(dataset: &::hdf5::Dataset, units: &str, long_name: &str) -> Result<()> {
    for (name, value) in [("units", units), ("long_name", long_name)] {
        if !value.is_empty() {
            attributes::text(dataset, name, value)?;
        }
    }
    Ok(())
}

fn create<T: H5Type>(
    group: &Group,
    dataset: &Dataset<'_>,
    options: Options,
) -> Result<::hdf5::Dataset> {
    let mut builder = group.new_dataset_builder().create_intermediate_group(true);
    if let Some(level) = options.deflate {
        builder = builder.chunk(chunk_shape(dataset.shape(), &dataset.axes));
        builder = builder.shuffle().deflate(level.min(9));
    }
    builder.empty::<T>().shape(dataset.shape()).create(dataset.name.as_str())
}

/// Where a piece goes.
struct PieceTarget<'a> {
    written: &'a ::hdf5::Dataset,
    dataset: &'a Dataset<'a>,
    index: usize,
}

impl PieceTarget<'_> {
    /// Converts and writes some rows at a time, as many as fit into a chunk.
    fn write_as<T: H5Type>(&self, values: &[f64], convert: impl Fn(f64) -> T) -> Result<()> {
        let rows = self.shape()[0];
        let step = chunk_shape(self.shape(), &[])[0];
        let inner = values.len() / rows.max(1);
        let mut converted = Vec::with_capacity(step * inner);
        for (block, numbers) in values.chunks((step * inner).max(1)).enumerate() {
            converted.clear();
            converted.extend(numbers.iter().map(|v| convert(*v)));
            let from = block * step;
            self.write(&converted, from..rows.min(from + step))?;
        }
        Ok(())
    }

    /// Computes and writes some rows at a time, as many as fit into a chunk.
    fn write_rows(&self, make: &MakeRows<'_>, length: usize, buffer: &mut Vec<f64>) -> Result<()> {
        let rows = self.shape()[0];
        let inner = length / rows.max(1);
        let step = chunk_shape(self.shape(), &[])[0];
        for from in (0..rows).step_by(step) {
            let block = from..rows.min(from + step);
            buffer.resize(buffer.len().max(block.len() * inner), 0.0);
            let numbers = &mut buffer[..block.len() * inner];
            make(from * inner, numbers);
            self.write(numbers, block)?;
        }
        Ok(())
    }

    /// Writes these indices of the slowest axis of the piece.
    fn write<T: H5Type>(&self, values: &[T], rows: Range<usize>) -> Result<()> {
        let mut lengths = self.shape().to_vec();
        lengths[0] = rows.len();
        let mut slab: Vec<SliceOrIndex> = lengths.iter().map(|n| (0..*n).into()).collect();
        slab[0] = rows.into();
        if self.in_pieces() {
            slab.insert(0, self.index.into());
        }
        let view = ArrayViewD::from_shape(IxDyn(&lengths), values);
        let view = view.map_err(|e| ::hdf5::Error::from(e.to_string()))?;
        self.written.write_slice(view, Hyperslab::from(slab))
    }

    /// Lengths of the axes of the piece.
    fn shape(&self) -> &[usize] {
        &self.dataset.shape()[usize::from(self.in_pieces())..]
    }

    fn in_pieces(&self) -> bool {
        self.dataset.pieces().len() > 1
    }
}

/// One component per chunk; the slowest axes halved until a chunk is small enough.
pub(super) fn chunk_shape(shape: &[usize], axes: &[String]) -> Vec<usize> {
    let mut chunk: Vec<usize> = shape.iter().map(|n| (*n).max(1)).collect();
    for (length, name) in chunk.iter_mut().zip(axes) {
        if name == COMPONENT {
            *length = 1;
        }
    }
    while chunk.iter().product::<usize>() > CHUNK {
        let slowest = chunk.iter_mut().find(|n| **n > 1).expect("a large chunk has a long axis");
        *slowest = slowest.div_ceil(2);
    }
    chunk
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_hold_one_component_and_a_bounded_number_of_values() {
        let axes = ["component", "z", "y", "x"].map(String::from);
        assert_eq!(chunk_shape(&[3, 16, 20, 24], &axes), [1, 16, 20, 24]);
        assert_eq!(chunk_shape(&[3, 256, 256, 256], &axes), [1, 4, 256, 256]);
        assert_eq!(chunk_shape(&[1_000_000], &axes[3..]), [250_000]);
    }
}
