//! Headers of NumPy's arrays, looked at before they are parsed.

use ndarray_npy::npy::header::{Header, ReadHeaderError};
use std::io::{Cursor, Error, Read};

/// Longest header that is read: names of a structured type are in it.
const LONGEST: usize = 1 << 16;

/// Brackets within brackets: a structured type has a list of pairs in a dictionary. Time to parse grows exponentially
/// with them.
const DEEPEST: usize = 8;

/// Reads a header; the reader is then at the first number.
pub(crate) fn read_numpy_header(reader: &mut impl Read) -> Result<Header, ReadHeaderError> {
    let mut start = vec![0; 10];
    reader.read_exact(&mut start)?;
    let wide = start[6] > 1;
    if wide {
        start.resize(12, 0);
        reader.read_exact(&mut start[10..])?;
    }
    let mut length = [0; 4];
    length[..start.len() - 8].copy_from_slice(&start[8..]);
    let length = u32::from_le_bytes(length) as usize;
    if length > LONGEST {
        return Err(unusual(format!("its header claims {length} bytes")));
    }
    let begins = start.len();
    start.resize(begins + length, 0);
    reader.read_exact(&mut start[begins..])?;
    let deepest = start[begins..].iter().fold((0usize, 0usize), |(now, most), byte| match byte {
        b'(' | b'[' | b'{' => (now + 1, most.max(now + 1)),
        b')' | b']' | b'}' => (now.saturating_sub(1), most),
        _ => (now, most),
    });
    if deepest.1 > DEEPEST {
        return Err(unusual(format!("its header has {} brackets within each other", deepest.1)));
    }
    Header::from_reader(&mut Cursor::new(start))
}

fn unusual(reason: String) -> ReadHeaderError {
    ReadHeaderError::Io(Error::other(reason))
}

/// Whether numbers of a shape can be counted at all.
pub(crate) fn is_countable(shape: &[usize]) -> bool {
    let long = shape.iter().filter(|n| **n > 0);
    long.copied().try_fold(8usize, usize::checked_mul).is_some_and(|n| isize::try_from(n).is_ok())
}
