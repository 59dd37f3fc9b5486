//! The numbers of fields at their places in a file.

use super::schema::ArraySchema;
use crate::output::dataset::{Dataset, Piece};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Result;

/// Numbers that are computed or converted at a time: 2 MiB in double precision.
const BLOCK: usize = 1 << 18;

/// Where the numbers of an array begin, and how many bytes one field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub offset: u64,
    pub row: u64,
}

impl Place {
    pub fn of(self, row: usize) -> u64 {
        self.offset + self.row * row as u64
    }
}

/// Writes at a place without moving any cursor, so that several threads can.
pub(super) fn write_at(file: &File, bytes: &[u8], offset: u64) -> Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::write_all_at(file, bytes, offset);
    #[cfg(windows)]
    {
        let mut done = 0;
        while done < bytes.len() {
            let at = offset + done as u64;
            done += std::os::windows::fs::FileExt::seek_write(file, &bytes[done..], at)?;
        }
        Ok(())
    }
}

/// Reads so many bytes from a place.
pub(super) fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset);
    #[cfg(windows)]
    {
        let mut done = 0;
        while done < bytes.len() {
            let at = offset + done as u64;
            match std::os::windows::fs::FileExt::seek_read(file, &mut bytes[done..], at)? {
                0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
                read => done += read,
            }
        }
        Ok(())
    }
}

/// Writes the numbers of one field.
pub(super) struct RowWriter<'a> {
    pub file: &'a File,
    pub single_precision: bool,
    /// Nothing was written there before, so that zeros need not be.
    pub fresh: bool,
    pub buffer: Vec<f64>,
    pub bytes: Vec<u8>,
}

impl RowWriter<'_> {
    pub fn write(&mut self, dataset: &Dataset<'_>, array: &ArraySchema, at: u64) -> Result<()> {
        if self.fresh && dataset.is_zero() {
            return Ok(());
        }
        let length = dataset.piece_length();
        let width = array.width(self.single_precision);
        let in_pieces = usize::from(dataset.pieces().len() > 1);
        let inner = array.shape[in_pieces..].iter().skip(1).product();
        for (index, piece) in dataset.pieces().iter().enumerate() {
            let at = at + (index * length * width) as u64;
            self.piece(piece, (length, inner), (array, at))?;
        }
        Ok(())
    }

    fn piece(
        &mut self,
        piece: &Piece<'_>,
        (length, inner): (usize, usize),
        to: (&ArraySchema, u64),
    ) -> Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let written = match piece {
            Piece::Rows(make) => self.in_rows(make.as_ref(), (length, inner), to, &mut buffer),
            piece => self.numbers(piece.values(length, &mut buffer), to.0, to.1),
        };
        self.buffer = buffer;
        written
    }

    /// Some whole rows at a time.
    fn in_rows(
        &mut self,
        make: &dyn Fn(usize, &mut [f64]),
        (length, inner): (usize, usize),
        (array, at): (&ArraySchema, u64),
        buffer: &mut Vec<f64>,
    ) -> Result<()> {
        let inner = inner.max(1);
        let step = (BLOCK / inner).max(1) * inner;
        let width = array.width(self.single_precision);
        for from in (0..length).step_by(step) {
            let count = step.min(length - from);
            buffer.resize(buffer.len().max(count), 0.0);
            make(from, &mut buffer[..count]);
            self.numbers(&buffer[..count], array, at + (from * width) as u64)?;
        }
        Ok(())
    }

    /// Numbers in a row, in the precision of the array.
    fn numbers(&mut self, values: &[f64], array: &ArraySchema, at: u64) -> Result<()> {
        if !array.flag && !self.single_precision {
            return write_at(self.file, bytemuck::cast_slice(values), at);
        }
        let width = array.width(self.single_precision);
        for (k, block) in values.chunks(BLOCK).enumerate() {
            self.bytes.clear();
            match array.flag {
                true => self.bytes.extend(block.iter().map(|v| u8::from(*v != 0.0))),
                false => {
                    let single = block.iter().flat_map(|v| (*v as f32).to_ne_bytes());
                    self.bytes.extend(single);
                }
            }
            write_at(self.file, &self.bytes, at + (k * BLOCK * width) as u64)?;
        }
        Ok(())
    }
}

/// The bytes of a field that is missing.
pub(super) fn missing(array: &ArraySchema, single_precision: bool) -> Vec<u8> {
    let count = array.count();
    match array.width(single_precision) {
        1 => vec![0; count],
        4 => f32::NAN.to_ne_bytes().repeat(count),
        _ => f64::NAN.to_ne_bytes().repeat(count),
    }
}
