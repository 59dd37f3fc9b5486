//! What `--mask` names: a dataset that is 1 in the cells that take part, its inverse, or a condition on its numbers.

use super::{FileError, MaskError, NumberType};
use std::fmt;

/// A comparison as it is written, what it is, and how that is written which holds where it does not.
type Comparison = (&'static str, fn(&f64, &f64) -> bool, &'static str);

/// The longer ones first.
const COMPARISONS: [Comparison; 6] = [
    (">=", f64::ge, "<"),
    ("<=", f64::le, ">"),
    ("==", f64::eq, "!="),
    ("!=", f64::ne, "=="),
    (">", f64::gt, "<="),
    ("<", f64::lt, ">="),
];

/// In which cells a condition holds. It never holds where the number is missing.
#[derive(Clone, Debug, PartialEq)]
enum Test {
    /// Of the numbers 0 and 1, the cells with the one or the other.
    Is(bool),
    /// Index of a comparison, and a number.
    Compares(usize, f64),
}

/// A condition on the numbers of a dataset.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    /// The dataset, perhaps in another file.
    pub name: String,
    test: Test,
}

impl Condition {
    /// From NAME, !NAME, or NAME followed by a comparison and a number.
    pub fn parse(text: &str) -> Result<Condition, FileError> {
        let fail = || FileError::from(MaskError::Condition { text: text.into() });
        let (inverse, rest) = match text.trim().strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let condition = match rest.find(['<', '>', '=', '!']) {
            None => Condition { name: rest.trim().into(), test: Test::Is(!inverse) },
            Some(at) => {
                let (name, rest) = rest.split_at(at);
                let mut known = COMPARISONS.iter().enumerate();
                let found = known.find_map(|(i, c)| Some((i, rest.strip_prefix(c.0)?)));
                let (index, number) = found.filter(|_| !inverse).ok_or_else(fail)?;
                let number: f64 = number.trim().parse().map_err(|_| fail())?;
                if !number.is_finite() {
                    return Err(fail());
                }
                Condition { name: name.trim().into(), test: Test::Compares(index, number) }
            }
        };
        if condition.name.is_empty() { Err(fail()) } else { Ok(condition) }
    }

    /// What holds where this does not.
    pub fn inverse(&self) -> String {
        let Condition { name, test } = self;
        match test {
            Test::Is(true) => format!("!{name}"),
            Test::Is(false) => name.clone(),
            Test::Compares(index, number) => format!("{name}{}{number}", COMPARISONS[*index].2),
        }
    }

    /// The cells in which it holds, for numbers of this type, NaN where missing. Without a comparison all have to be 0
    /// or 1.
    pub fn cells(
        &self,
        values: impl Iterator<Item = f64>,
        number_type: NumberType,
    ) -> Result<Vec<bool>, FileError> {
        let Test::Compares(index, number) = self.test else { return self.flags(values) };
        let number = match number_type {
            NumberType::F32 => f64::from(number as f32),
            _ => number,
        };
        let holds = COMPARISONS[index].1;
        Ok(values.map(|v| !v.is_nan() && holds(&v, &number)).collect())
    }

    fn flags(&self, values: impl Iterator<Item = f64>) -> Result<Vec<bool>, FileError> {
        let (mut least, mut largest, mut other) = (f64::INFINITY, f64::NEG_INFINITY, None);
        let wanted = f64::from(u8::from(self.test == Test::Is(true)));
        let mut cells = Vec::with_capacity(values.size_hint().0);
        for v in values {
            if v != 0.0 && v != 1.0 && !v.is_nan() {
                other = other.or(Some(v));
            }
            (least, largest) = (least.min(v), largest.max(v));
            cells.push(v == wanted);
        }
        match other {
            None => Ok(cells),
            Some(found) => {
                let name = self.name.clone();
                Err(MaskError::NotBinary { name, found, least, largest }.into())
            }
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Condition { name, test } = self;
        match test {
            Test::Is(true) => f.write_str(name),
            Test::Is(false) => write!(f, "!{name}"),
            Test::Compares(index, number) => write!(f, "{name}{}{number}", COMPARISONS[*index].0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_hold_where_they_say_and_never_in_missing_cells() {
        let values = [-2.0, 0.0, 0.1, 1.0, f64::NAN];
        for (text, inverse, wanted) in [
            ("a>0", "a<=0", [false, false, true, true, false]),
            ("a >= 1e0", "a<1", [false, false, false, true, false]),
            ("m.nc:a<0.1", "m.nc:a>=0.1", [true, true, false, false, false]),
            ("g/a<=0.1", "g/a>0.1", [true, true, true, false, false]),
            ("a==-2", "a!=-2", [true, false, false, false, false]),
            ("a!=0", "a==0", [true, false, true, true, false]),
        ] {
            let condition = Condition::parse(text).unwrap();
            let cells = condition.cells(values.into_iter(), NumberType::F64).unwrap();
            assert_eq!((cells, condition.inverse()), (wanted.to_vec(), inverse.into()), "{text}");
            assert_eq!(condition.to_string(), text.replace(" >= 1e0", ">=1"));
        }
        let single = f64::from(0.1f32);
        for (text, number, holds) in
            [("a==0.1", NumberType::F32, true), ("a==0.1", NumberType::F64, false)]
        {
            let cells = Condition::parse(text).unwrap().cells([single].into_iter(), number);
            assert_eq!(cells.unwrap(), [holds]);
        }
    }

    #[test]
    fn masks_without_a_condition_are_0_and_1() {
        let of = |text: &str, values: &[f64]| {
            Condition::parse(text).unwrap().cells(values.iter().copied(), NumberType::F64)
        };
        let flags = [1.0, 0.0, f64::NAN];
        assert_eq!(of("a", &flags).unwrap(), [true, false, false]);
        assert_eq!(of("!a", &flags).unwrap(), [false, true, false]);
        for values in [&[1.0, -1.0][..], &[0.0, 3.8e-18, 1.0], &[0.0, 255.0]] {
            assert!(
                matches!(of("a", values), Err(FileError::Mask(MaskError::NotBinary { .. }))),
                "{values:?}"
            );
        }
        for text in ["", "!", ">1", "a>", "a>b", "a=1", "a>nan", "a>1>2", "!a>1", "a<>1"] {
            assert!(Condition::parse(text).is_err(), "{text}");
        }
    }
}
