//! What errors say of what was found in a file.

use crate::grid::{AXIS_NAMES, short};
use std::collections::HashMap;
use std::fmt;
use thiserror::Error;

/// The arrays a file holds: name and shape (slowest axis first) of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing(pub Vec<(String, Vec<usize>)>);

/// Arrays that a message lists.
const LISTED: usize = 12;

impl Listing {
    /// All arrays, first those that could be components: of several axes, and of the shape of another one.
    fn likely(&self) -> Vec<&(String, Vec<usize>)> {
        let mut all: Vec<_> = self.0.iter().collect();
        if all.len() > LISTED {
            let mut shapes: HashMap<&[usize], usize> = HashMap::new();
            self.0.iter().for_each(|(_, shape)| *shapes.entry(shape).or_default() += 1);
            all.sort_by_key(|(_, shape)| match shape.len() {
                0 | 1 => 2,
                _ => usize::from(shapes[&shape[..]] < 2),
            });
        }
        all
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("no arrays");
        }
        for (i, (name, shape)) in self.likely().into_iter().take(LISTED).enumerate() {
            let separator = if i == 0 { "" } else { ", " };
            write!(f, "{separator}{name} {shape:?}")?;
        }
        match self.0.len().saturating_sub(LISTED) {
            0 => Ok(()),
            more => write!(f, " and {more} more arrays"),
        }
    }
}

/// What a component on faces should look like, and does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceShape {
    /// The dataset.
    pub name: String,
    /// Names of its axes, slowest first, and whether each counts faces at both ends of the axis.
    pub axes: Vec<(&'static str, bool)>,
    /// The shape that follows from the cells.
    pub expected: Vec<usize>,
    /// Its shape.
    pub found: Vec<usize>,
}

/// The shapes of all components on faces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceShapes(pub Vec<FaceShape>);

impl FaceShape {
    /// Whether the shape is the one expected.
    pub fn fits(&self) -> bool {
        self.found == self.expected
    }
}

impl FaceShapes {
    /// Those that do not fit known numbers of cells along x, y[, z].
    pub fn on(mut self, cells: &[usize]) -> FaceShapes {
        for shape in &mut self.0 {
            for (length, (name, more)) in shape.expected.iter_mut().zip(&shape.axes) {
                let axis = AXIS_NAMES.iter().position(|axis| axis == name);
                axis.into_iter().for_each(|k| *length = cells[k] + usize::from(*more));
            }
        }
        self.0.retain(|shape| !shape.fits());
        self
    }
}

impl fmt::Display for FaceShapes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, FaceShape { name, axes, expected, found }) in self.0.iter().enumerate() {
            let separator = if i == 0 { "" } else { "; " };
            let count =
                |(axis, more): &(&str, bool)| format!("n{axis}{}", if *more { "+1" } else { "" });
            let counts = axes.iter().map(count).collect::<Vec<_>>().join(", ");
            write!(f, "{separator}{name:?} expected ({counts}) = {expected:?}, found {found:?}")?;
        }
        Ok(())
    }
}

/// What follows for an axis whose longitudes go once round the globe, beginning with `; `.
pub fn whole_circle_in_words(axis: Option<&'static str>) -> String {
    axis.map_or(String::new(), |axis| format!("; {axis} goes once round the globe and is periodic"))
}

/// What is wrong with the letters of axes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AxesProblem {
    /// Another number of letters than axes.
    #[error("{letters} letters for {axes} axes")]
    Number {
        /// Letters given.
        letters: usize,
        /// Axes of the dataset.
        axes: usize,
    },
    /// A letter without a meaning.
    #[error("the letter {0:?} is unknown")]
    Unknown(String),
    /// A letter given twice.
    #[error("the letter {0:?} appears twice")]
    Twice(char),
    /// A letter that is needed.
    #[error("the letter {0:?} is missing")]
    Needed(char),
    /// A component axis, though each dataset is one component.
    #[error("there is one dataset per component, so no axis is c")]
    NoComponentAxis,
    /// A letter against the name of its dimension.
    #[error("axis {index} is {letter:?} by them, and the file names it {dimension:?}")]
    AgainstName {
        /// The axis, slowest 0.
        index: usize,
        /// Its letter.
        letter: char,
        /// Its name in the file.
        dimension: String,
    },
}

/// Where a list of coordinates ceases to rise or fall.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum Disorder {
    /// A value that is no finite number.
    #[error("has {value} at index {index} (from 0), where a finite number is needed")]
    NotFinite {
        /// Index of the value.
        index: usize,
        /// NaN, a fill value read as NaN, or an infinity.
        value: f64,
    },
    /// A value that is the one before.
    #[error("repeats {} at index {index} (from 0)", short(*.value))]
    Repeats {
        /// Index of the second.
        index: usize,
        /// The value.
        value: f64,
    },
    /// A value on the other side of the one before.
    #[error(
        "turns back at index {index} (from 0), from {} to {}; only longitudes in degrees go on beyond 180 or 360",
        short(*.before), short(*.value)
    )]
    TurnsBack {
        /// Index of the value.
        index: usize,
        /// The value.
        value: f64,
        /// The one before.
        before: f64,
    },
}
