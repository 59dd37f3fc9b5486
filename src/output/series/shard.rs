//! A part of the fields of a run, so that several machines can share it.

use std::ops::Range;
use std::str::FromStr;

/// The i-th of n parts: of every series as many fields, within one, that follow each other.
///
/// ```
/// use hodge::batch::Shard;
/// let all: Vec<_> = (1..=3).map(|index| Shard { index, of: 3 }.rows(10)).collect();
/// assert_eq!(all, [0..3, 3..6, 6..10]);
/// assert_eq!("2/3".parse(), Ok(Shard { index: 2, of: 3 }));
/// assert!("4/3".parse::<Shard>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 1.
    pub index: usize,
    /// Of how many.
    pub of: usize,
}

impl Shard {
    /// `None` where there is no such part.
    pub(super) fn new(index: usize, of: usize) -> Option<Shard> {
        (1..=of).contains(&index).then_some(Shard { index, of })
    }

    /// The fields of a series of `count` that are its own.
    pub fn rows(&self, count: usize) -> Range<usize> {
        let start = |index: usize| (count as u128 * index as u128 / self.of as u128) as usize;
        start(self.index - 1)..start(self.index)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/');
        let numbers = numbers.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
        let shard = numbers.and_then(|(index, of)| Shard::new(index, of));
        shard.ok_or_else(|| format!("{text:?}: expected I/N with 1 <= I <= N, such as 3/8"))
    }
}
