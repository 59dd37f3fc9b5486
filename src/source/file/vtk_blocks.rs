//! Numbers in XML files of VTK: lengths before them, base64, zlib.

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::read::ZlibDecoder;
use std::io::Read;

/// How bytes behind the XML are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Raw,
    Base64,
}

/// What follows the XML, if something does.
pub(super) type Appended<'a> = Option<(Encoding, &'a [u8])>;

/// How the blocks of a file are stored.
pub(super) struct Blocks<'a> {
    pub zlib: bool,
    pub big_endian: bool,
    /// Lengths have eight bytes.
    pub wide: bool,
    pub appended: Appended<'a>,
}

type Bytes = Result<Vec<u8>, String>;

impl Blocks<'_> {
    /// The bytes of an array that stands in the XML in base64, of which `expected` are needed.
    pub fn inline(&self, text: &str, expected: usize) -> Bytes {
        self.decode(&mut Base64::new(text.as_bytes()), expected)
    }

    /// Likewise behind the XML.
    pub fn appended(&self, offset: usize, expected: usize) -> Bytes {
        let (encoding, bytes) = self.appended.ok_or("the file has no appended data")?;
        let bytes = bytes.get(offset..).ok_or("its offset lies behind the end of the file")?;
        match encoding {
            Encoding::Raw => self.decode(&mut Plain(bytes), expected),
            Encoding::Base64 => self.decode(&mut Base64::new(bytes), expected),
        }
    }

    fn decode(&self, from: &mut dyn Source, expected: usize) -> Bytes {
        if self.zlib {
            return self.inflate(from, expected);
        }
        match self.length(from)? {
            found if found == expected => from.take(expected),
            found => Err(format!("it has {found} bytes, and {expected} are needed")),
        }
    }

    fn length(&self, from: &mut dyn Source) -> Result<usize, String> {
        let mut bytes = from.take(if self.wide { 8 } else { 4 })?;
        if self.big_endian {
            bytes.reverse();
        }
        bytes.resize(8, 0);
        let value = u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
        usize::try_from(value).map_err(|_| "a length is too large".into())
    }

    /// Numbers of blocks, bytes of a block and of the last, then the bytes of each compressed.
    fn inflate(&self, from: &mut dyn Source, expected: usize) -> Bytes {
        let count = self.length(from)?;
        let [_, _] = [self.length(from)?, self.length(from)?];
        if count > from.left() {
            return Err(format!("it says that it has {count} blocks, more than there are bytes"));
        }
        let lengths = (0..count).map(|_| self.length(from)).collect::<Result<Vec<_>, _>>()?;
        from.begin();
        let mut all = Vec::new();
        for length in lengths {
            let block = from.take(length)?;
            let most = (expected - all.len()) as u64 + 1;
            ZlibDecoder::new(&block[..])
                .take(most)
                .read_to_end(&mut all)
                .map_err(|e| format!("a block does not unpack: {e}"))?;
            if all.len() > expected {
                return Err(format!("it unpacks to more than the {expected} bytes needed"));
            }
        }
        match all.len() == expected {
            true => Ok(all),
            false => Err(format!("it unpacks to {} bytes, and {expected} are needed", all.len())),
        }
    }
}

/// Bytes one after the other.
trait Source {
    /// Fails where fewer are left.
    fn take(&mut self, count: usize) -> Bytes;
    /// At most so many are left.
    fn left(&self) -> usize;
    /// Lengths end here, and what they count begins.
    fn begin(&mut self);
}

struct Plain<'a>(&'a [u8]);

impl Source for Plain<'_> {
    fn take(&mut self, count: usize) -> Bytes {
        let (taken, rest) = self.0.split_at_checked(count).ok_or("the file ends within it")?;
        self.0 = rest;
        Ok(taken.to_vec())
    }

    fn left(&self) -> usize {
        self.0.len()
    }

    fn begin(&mut self) {}
}

/// Base64, which may be in several parts that each end in padding.
struct Base64<'a> {
    rest: &'a [u8],
    ready: Vec<u8>,
}

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl<'a> Base64<'a> {
    fn new(text: &'a [u8]) -> Base64<'a> {
        Base64 { rest: text, ready: Vec::new() }
    }

    /// Four letters, three bytes.
    fn step(&mut self) -> Result<(), String> {
        let mut four = [0; 4];
        let mut filled = 0;
        while filled < 4 {
            let Some((byte, rest)) = self.rest.split_first() else { break };
            if *byte == b'<' {
                break;
            }
            self.rest = rest;
            if !byte.is_ascii_whitespace() {
                four[filled] = *byte;
                filled += 1;
            }
        }
        if filled == 0 {
            return Err("the file ends within it".into());
        }
        let end = four[..filled].iter().position(|byte| *byte == b'=').unwrap_or(filled);
        let bytes = ENGINE.decode(&four[..end]).map_err(|e| format!("it is no base64: {e}"))?;
        self.ready.extend(bytes);
        Ok(())
    }
}

impl Source for Base64<'_> {
    fn take(&mut self, count: usize) -> Bytes {
        if count > self.left() {
            return Err("the file ends within it".into());
        }
        while self.ready.len() < count {
            self.step()?;
        }
        let rest = self.ready.split_off(count);
        Ok(std::mem::replace(&mut self.ready, rest))
    }

    fn left(&self) -> usize {
        self.ready.len() + self.rest.len()
    }

    /// Writers begin anew for compressed numbers, after the padding of their lengths.
    fn begin(&mut self) {
        self.ready.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_goes_on_behind_padding() {
        let text = b" BAAA\nAA== AQID BA==<";
        let mut source = Base64::new(text);
        assert_eq!(source.take(4).unwrap(), [4, 0, 0, 0]);
        assert_eq!(source.take(4).unwrap(), [1, 2, 3, 4]);
        assert!(source.take(1).is_err());
    }
}
