//! Goes through the bytes of a legacy VTK file: lines, words, numbers as text or binary.

use super::FileError;
use super::array::NumberType;
use super::raw::number;
use super::vtk::{damaged, decode};
use crate::machine::Element;
use std::path::Path;

/// Names have `%20` for a blank.
pub(super) fn unescaped(name: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = name.as_bytes();
    while let [first, after @ ..] = rest {
        let code = std::str::from_utf8(after.get(..2).unwrap_or_default());
        match code
            .ok()
            .filter(|_| *first == b'%')
            .and_then(|code| u8::from_str_radix(code, 16).ok())
        {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    let name = String::from_utf8_lossy(&bytes).into_owned();
    name.replace([',', ' '], "_")
}

/// Goes through the bytes of a file.
pub(super) struct Reader<'a> {
    pub path: &'a Path,
    bytes: &'a [u8],
    at: usize,
    pub binary: bool,
}

impl<'a> Reader<'a> {
    pub fn new(path: &'a Path, bytes: &'a [u8]) -> Reader<'a> {
        Reader { path, bytes, at: 0, binary: false }
    }

    pub fn damaged(&self, reason: impl Into<String>) -> FileError {
        damaged(self.path, reason)
    }

    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// The rest of this line.
    pub fn line(&mut self) -> Option<String> {
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        self.at += (end + 1).min(rest.len());
        // No line of a header is longer.
        Some(String::from_utf8_lossy(&rest[..end.min(4096)]).trim().to_string())
    }

    /// The words of the next line that is not empty.
    pub fn words(&mut self) -> Option<Vec<String>> {
        loop {
            let words: Vec<String> = self.line()?.split_whitespace().map(String::from).collect();
            if !words.is_empty() {
                return Some(words);
            }
        }
    }

    pub fn number<T: std::str::FromStr>(&self, word: &str) -> Result<T, FileError> {
        let short: String = word.chars().take(40).collect();
        word.parse().map_err(|_| self.damaged(format!("{short:?} stands where a number is needed")))
    }

    pub fn three<T: std::str::FromStr + Copy>(
        &self,
        words: &[String],
    ) -> Result<[T; 3], FileError> {
        match words {
            [a, b, c] => Ok([self.number(a)?, self.number(b)?, self.number(c)?]),
            _ => Err(self.damaged(format!("{} numbers stand where three are needed", words.len()))),
        }
    }

    pub fn skip_paragraph(&mut self) {
        while self.line().is_some_and(|line| !line.is_empty()) {}
    }

    pub fn skip_strings(&mut self, count: usize) {
        (0..count).map_while(|_| self.line()).for_each(drop);
    }

    pub fn skip_lookup_table(&mut self) {
        let start: Vec<u8> = self.rest().iter().take(12).map(u8::to_ascii_uppercase).collect();
        if start == b"LOOKUP_TABLE" {
            self.line();
        }
    }

    /// So many numbers of a type.
    pub fn values(
        &mut self,
        count: usize,
        kind: &str,
    ) -> Result<(Vec<f64>, NumberType), FileError> {
        let lower = kind.to_lowercase();
        let descriptor = match &lower[..] {
            "bit" | "unsigned_char" => ">u1",
            "char" | "signed_char" => ">i1",
            "unsigned_short" => ">u2",
            "short" => ">i2",
            "unsigned_int" => ">u4",
            "int" => ">i4",
            "unsigned_long" | "vtktypeuint64" => ">u8",
            "long" | "vtktypeint64" | "vtkidtype" => ">i8",
            "float" => ">f4",
            "double" => ">f8",
            _ => return Err(self.damaged(format!("{lower:?} is no type of numbers"))),
        };
        let element = Element::parse(descriptor).expect("a type in the table");
        let bits = lower == "bit";
        let values = match (self.binary, bits) {
            (false, _) => self.text(count)?,
            (true, true) => {
                let bytes = self.take(count.div_ceil(8), count)?;
                (0..count).map(|i| f64::from(bytes[i / 8] >> (7 - i % 8) & 1)).collect()
            }
            (true, false) => {
                decode(self.take(count.saturating_mul(element.size()), count)?, element)
            }
        };
        Ok((values, number(element)))
    }

    fn take(&mut self, length: usize, count: usize) -> Result<&'a [u8], FileError> {
        let rest = self.rest();
        let Some(taken) = rest.get(..length) else {
            let left = rest.len();
            return Err(
                self.damaged(format!("{count} numbers need {length} bytes, and {left} are left"))
            );
        };
        self.at += length;
        Ok(taken)
    }

    fn text(&mut self, count: usize) -> Result<Vec<f64>, FileError> {
        // A number and a blank each.
        if count > self.rest().len() / 2 + 1 {
            return Err(self.damaged(format!(
                "{count} numbers do not fit into the {} bytes left",
                self.rest().len()
            )));
        }
        let mut values = Vec::with_capacity(count);
        let mut words = Words { bytes: self.rest(), at: 0 };
        while values.len() < count {
            let Some(word) = words.next() else {
                return Err(
                    self.damaged(format!("it ends after {} of {count} numbers", values.len()))
                );
            };
            let word = String::from_utf8_lossy(&word[..word.len().min(64)]);
            values.push(self.number(&word)?);
        }
        self.at += words.at;
        Ok(values)
    }
}

/// Words between blanks and ends of lines.
struct Words<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = &self.bytes[self.at..];
        let start = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let word = &rest[start..];
        let end = word.iter().position(u8::is_ascii_whitespace).unwrap_or(word.len());
        self.at += start + end;
        Some(&word[..end])
    }
}
