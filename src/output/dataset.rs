//! The numbers of one array, written piece by piece.

use rayon::prelude::*;
use std::borrow::Cow;
use std::fmt;

/// Numbers that one task looks through.
const TASK: usize = 1 << 16;

/// Numbers that one thread looks at before others join.
const FIRST: usize = 1 << 10;

/// Sets every number of a piece.
pub type Make<'a> = dyn Fn(&mut [f64]) + 'a;

/// What makes some rows of a piece, from this place on.
pub type MakeRows<'a> = dyn Fn(usize, &mut [f64]) + 'a;

/// Some of the numbers of a [`Dataset`], in storage order.
pub enum Piece<'a> {
    /// Existing numbers; borrowed ones are written without a copy.
    Values(Cow<'a, [f64]>),
    /// Nothing but zeros.
    Zero,
    /// Numbers computed when they are written, into a buffer that all pieces share and whose
    /// previous contents are arbitrary. May be called more than once.
    Made(Box<Make<'a>>),
    /// The same for numbers computed some rows at a time.
    Rows(Box<MakeRows<'a>>),
}

impl<'a> Piece<'a> {
    /// A piece that `make` fills when it is written.
    pub fn made(make: impl Fn(&mut [f64]) + 'a) -> Piece<'a> {
        Piece::Made(Box::new(make))
    }

    /// Numbers that stay where they are.
    pub fn borrowed(values: &'a [f64]) -> Piece<'a> {
        Piece::Values(Cow::Borrowed(values))
    }

    /// The numbers, `count` of them, in `buffer` if they have to be computed.
    pub(super) fn values<'b>(&'b self, count: usize, buffer: &'b mut Vec<f64>) -> &'b [f64] {
        if let Piece::Values(values) = self {
            return values;
        }
        if buffer.len() < count {
            buffer.resize(count, 0.0);
        }
        let numbers = &mut buffer[..count];
        match self {
            Piece::Made(make) => make(numbers),
            Piece::Rows(make) => make(0, numbers),
            _ => numbers.fill(0.0),
        }
        numbers
    }

    /// Whether all numbers are known to be zero; those computed later are not known.
    fn is_zero(&self) -> bool {
        match self {
            Piece::Values(values) => is_zero(values),
            Piece::Zero => true,
            Piece::Made(_) | Piece::Rows(_) => false,
        }
    }
}

impl fmt::Debug for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Piece::Values(values) => write!(f, "Values({})", values.len()),
            Piece::Zero => write!(f, "Zero"),
            Piece::Made(_) | Piece::Rows(_) => write!(f, "Made"),
        }
    }
}

/// Whether all numbers are zero, of either sign. Stops soon after the first that is not.
pub(super) fn is_zero(values: &[f64]) -> bool {
    // Without a branch for each number, so that the loop is vectorised.
    let zero = |some: &[f64]| some.iter().fold(true, |all, v| all & (*v == 0.0));
    let (first, rest) = values.split_at(FIRST.min(values.len()));
    zero(first) && rest.par_chunks(TASK).all(|task| task.chunks(FIRST).all(zero))
}

/// One array.
#[derive(Debug)]
pub struct Dataset<'a> {
    /// Name in the group; `faces/gradient_x` puts it into a group below.
    pub name: String,
    /// Names of the scales of its axes, slowest first.
    pub axes: Vec<String>,
    /// Units; empty where not known.
    pub units: String,
    /// What it is, in words.
    pub long_name: String,
    /// Whether the numbers are 0 or 1, and stored as bytes.
    pub flag: bool,
    /// Whether every field of a series has its own.
    pub varies: bool,
    shape: Vec<usize>,
    pieces: Vec<Piece<'a>>,
}

impl<'a> Dataset<'a> {
    /// An array of this shape, slowest axis first. Its numbers are one piece, or one for every index of
    /// its slowest axis. `words` are its units and what it is.
    ///
    /// # Panics
    /// If there are more or fewer pieces than that, or numbers in one.
    pub fn new(
        name: String,
        (shape, pieces): (Vec<usize>, Vec<Piece<'a>>),
        axes: Vec<String>,
        words: [&str; 2],
    ) -> Dataset<'a> {
        let [units, long_name] = words.map(String::from);
        assert!(pieces.len() == 1 || pieces.len() == shape[0], "{name}: {} pieces", pieces.len());
        let (flag, varies) = (false, true);
        let dataset = Dataset { name, axes, units, long_name, flag, varies, shape, pieces };
        for piece in &dataset.pieces {
            if let Piece::Values(values) = piece {
                assert_eq!(values.len(), dataset.piece_length(), "{}: a piece", dataset.name);
            }
        }
        dataset
    }

    /// Length of every axis, slowest first.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The numbers in storage order.
    pub fn pieces(&self) -> &[Piece<'a>] {
        &self.pieces
    }

    /// Numbers in one piece.
    pub(super) fn piece_length(&self) -> usize {
        self.shape.iter().product::<usize>() / self.pieces.len().max(1)
    }

    /// Whether it is known that all numbers are zero, of either sign.
    pub(super) fn is_zero(&self) -> bool {
        self.pieces.iter().all(Piece::is_zero)
    }

    /// The largest magnitude of a finite number, 0 without one.
    pub(super) fn largest(&self, buffer: &mut Vec<f64>) -> f64 {
        let finite = |v: &f64| if v.is_finite() { v.abs() } else { 0.0 };
        let largest = |task: &[f64]| task.iter().map(finite).fold(0.0, f64::max);
        let of_piece = |piece: &Piece| {
            let values = piece.values(self.piece_length(), buffer);
            values.par_chunks(TASK).map(largest).reduce(|| 0.0, f64::max)
        };
        self.pieces.iter().map(of_piece).fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_nothing_but_zeros_to_the_last_number() {
        for count in [0, 1, FIRST, FIRST + 1, 3 * TASK + 5] {
            let mut values = vec![0.0; count];
            assert!(is_zero(&values), "{count}");
            values.iter_mut().step_by(3).for_each(|v| *v = -0.0);
            assert!(is_zero(&values), "{count} with signs");
            for (place, other) in [(count / 2, f64::NAN), (count.saturating_sub(1), 5e-324)] {
                let mut values = values.clone();
                values.iter_mut().skip(place).take(1).for_each(|v| *v = other);
                assert_eq!(is_zero(&values), count == 0, "{other} at {place} of {count}");
            }
        }
    }

    #[test]
    fn pieces_share_a_buffer_and_do_not_see_what_was_in_it() {
        let mut buffer = Vec::new();
        let made = Piece::made(|out| out.fill(3.0));
        assert_eq!(made.values(5, &mut buffer), [3.0; 5]);
        assert_eq!(Piece::Zero.values(4, &mut buffer), [0.0; 4]);
        assert_eq!(made.values(2, &mut buffer), [3.0; 2]);
        let there = [1.0, f64::NAN, -7.0];
        assert_eq!(Piece::borrowed(&there).values(3, &mut buffer).as_ptr(), there.as_ptr());
        let pieces = vec![Piece::borrowed(&there), Piece::Zero];
        let axes = vec!["component".into(), "x".into()];
        let dataset = Dataset::new("d".into(), (vec![2, 3], pieces), axes, ["", ""]);
        assert_eq!(dataset.largest(&mut buffer), 7.0);
        assert!(!dataset.is_zero());
    }
}
