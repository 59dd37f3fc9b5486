//! Numbers stored contiguously in a file, read by several threads at once.

use super::array::{NumberType, Unpacking};
use super::packing::Seen;
use crate::machine::Element;
use rayon::prelude::*;
use std::fs::File;
use std::io;
use std::sync::Arc;

/// Numbers that one thread reads, converts and checks at a time: few enough for its cache.
const BLOCK: usize = 1 << 16;

/// What a field makes of a stored number.
pub(super) fn number(element: Element) -> NumberType {
    match (element.kind(), element.size()) {
        ('f', 2 | 4) => NumberType::F32,
        ('f', _) => NumberType::F64,
        _ => NumberType::Integer,
    }
}

/// An array in a file, stored contiguously.
#[derive(Clone, Debug)]
pub(super) struct Raw {
    pub file: Arc<File>,
    /// Bytes before the first number.
    pub start: u64,
    pub element: Element,
}

impl Raw {
    /// Reads and unpacks the numbers from the `first` on, as many as `out` has places. Besides `out` it allocates at most a block for each thread.
    pub fn read(
        &self,
        first: usize,
        out: &mut [f64],
        unpacking: &Unpacking<'_>,
    ) -> io::Result<Seen> {
        let block = |bytes: &mut Vec<u8>, (index, out): (usize, &mut [f64])| {
            self.block(first + index * BLOCK, bytes, out)?;
            Ok(unpacking.unpack(out))
        };
        let blocks = out.par_chunks_mut(BLOCK).enumerate();
        blocks.map_init(Vec::new, block).try_reduce(|| Seen::NOTHING, |a, b| Ok(a.and(b)))
    }

    fn block(&self, first: usize, bytes: &mut Vec<u8>, out: &mut [f64]) -> io::Result<()> {
        let at = self.start + (first * self.element.size()) as u64;
        if self.element == Element::native(8) {
            return read_at(&self.file, at, bytemuck::cast_slice_mut(out));
        }
        bytes.resize(out.len() * self.element.size(), 0);
        read_at(&self.file, at, bytes)?;
        if self.element == Element::native(4) {
            let stored = bytes.as_chunks().0;
            out.iter_mut().zip(stored).for_each(|(v, b)| *v = f32::from_ne_bytes(*b).into());
        } else {
            let stored = bytes.chunks_exact(self.element.size());
            out.iter_mut().zip(stored).for_each(|(v, b)| *v = self.element.decode(b));
        }
        Ok(())
    }
}

#[cfg(unix)]
fn read_at(file: &File, at: u64, bytes: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(not(unix))]
fn read_at(mut file: &File, at: u64, bytes: &mut [u8]) -> io::Result<()> {
    use std::io::{Read, Seek, SeekFrom};
    // All threads share one position in the file.
    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(bytes)
}

/// Where the remaining numbers start, if they are contiguous with the axes of `at` that are `Some`
/// fixed: these have to be the slowest.
pub(super) fn first_of(shape: &[usize], at: &[Option<usize>]) -> Option<usize> {
    let fixed: Vec<usize> = at.iter().map_while(|index| *index).collect();
    let rest = at[fixed.len()..].iter().all(Option::is_none);
    let block: usize = shape[fixed.len()..].iter().product();
    rest.then(|| block * fixed.iter().zip(shape).fold(0, |flat, (i, n)| flat * n + i))
}

#[cfg(test)]
mod tests {
    use super::super::array::Packing;
    use super::*;
    use std::io::Write;

    /// Blocks must join without a seam, whatever the width of a number and the place of the first.
    #[test]
    fn blocks_of_every_width_join() {
        let count = 2 * BLOCK + 77;
        let packing = Packing { scale: 2.0, offset: 1.0, missing: vec![9.0], ..Packing::default() };
        for (text, start) in [("<f8", 3), ("<f4", 8), (">f8", 5), ("<i4", 1)] {
            let element = Element::parse(text).unwrap();
            let mut file = crate::machine::nameless_file().unwrap();
            let mut bytes = vec![0xaa; start];
            for i in 0..count {
                match text {
                    "<f8" => bytes.extend((i as f64).to_le_bytes()),
                    "<f4" => bytes.extend((i as f32).to_le_bytes()),
                    ">f8" => bytes.extend((i as f64).to_be_bytes()),
                    _ => bytes.extend((i as i32).to_le_bytes()),
                }
            }
            file.write_all(&bytes).unwrap();
            let raw = Raw { file: Arc::new(file), start: start as u64, element };
            for first in [0, 5, 10] {
                let mut out = vec![f64::NAN; count - first];
                let unpacking = Unpacking { packing: &packing, fill: Some(first as f64) };
                let finite = raw.read(first, &mut out, &unpacking).unwrap().finite;
                // 9 is missing by the file, `first` by request.
                assert!(!finite && out[0].is_nan(), "{text} {first}");
                let rest = out.iter().enumerate().skip(1);
                let wanted = |i: usize| (2 * (first + i) + 1) as f64;
                let wrong = rest.filter(|(i, v)| **v != wanted(*i) && first + i != 9).count();
                assert_eq!(wrong, 0, "{text} {first}");
            }
            let mut beyond = vec![0.0; count + 1];
            let plain = Packing::default();
            let unpacking = Unpacking { packing: &plain, fill: None };
            assert!(raw.read(0, &mut beyond[..count], &unpacking).unwrap().finite);
            assert!(raw.read(0, &mut beyond, &unpacking).is_err());
        }
    }

    #[test]
    fn only_the_slowest_axes_are_held_without_gaps() {
        assert_eq!(first_of(&[4, 5, 6], &[Some(2), None, None]), Some(60));
        assert_eq!(first_of(&[4, 5, 6], &[Some(2), Some(3), None]), Some(78));
        assert_eq!(first_of(&[4, 5, 6], &[None, None, None]), Some(0));
        assert_eq!(first_of(&[4, 5, 6], &[None, Some(1), None]), None);
        assert_eq!(first_of(&[4, 5, 6], &[Some(1), None, Some(0)]), None);
    }
}
