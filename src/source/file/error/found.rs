//! What errors say of what was found in a file.

use std::fmt;
use thiserror::Error;

/// The arrays a file holds: name and shape (slowest axis first) of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing(pub Vec<(String, Vec<usize>)>);

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("no arrays");
        }
        for (i, (name, shape)) in self.0.iter().enumerate() {
            let separator = if i == 0 { "" } else { ", " };
            write!(f, "{separator}{name} {shape:?}")?;
        }
        Ok(())
    }
}

/// What a component on faces should look like, and does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceShape {
    /// The dataset.
    pub name: String,
    /// What its axes should count, slowest first, such as `ny, nx+1`.
    pub counts: String,
    /// The shape that follows from the other components.
    pub expected: Vec<usize>,
    /// Its shape.
    pub found: Vec<usize>,
}

/// The shapes of all components on faces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceShapes(pub Vec<FaceShape>);

impl fmt::Display for FaceShapes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, FaceShape { name, counts, expected, found }) in self.0.iter().enumerate() {
            let separator = if i == 0 { "" } else { "; " };
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
}
