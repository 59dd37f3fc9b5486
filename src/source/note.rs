//! What was found or assumed about a field.

use crate::grid::{AXIS_NAMES, Thickness, short};
#[cfg(feature = "files")]
use crate::source::file::{Likeness, Unused};
use std::fmt;

/// Something a user of a field has to know, in words by [`Display`](fmt::Display); whoever knows how else
/// it could have been asked for adds that.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// What the reader of a file found or assumed, in its words.
    File(String),
    /// Nothing was said about how the axes of a file end.
    Bounded,
    /// This axis (0 for x) of a file has one cell, and no walls were asked for.
    OneCell(usize),
    /// Along this axis (0 for x) the last plane was the first again.
    RepeatedEnd(usize),
    /// No numbers of cells were given.
    Cells(usize),
    /// No window was given: where each axis begins and ends.
    Window(Vec<[f64; 2]>),
    /// The points are longitudes and latitudes on a sphere.
    Sphere {
        /// Its radius.
        radius: f64,
        /// In 3D that of the shell.
        thickness: Option<Thickness>,
        /// Whether the longitudes go once round.
        round: bool,
        /// Whether the latitudes end at the south and at the north pole.
        poles: [bool; 2],
    },
    /// Lengths and areas of faces were read.
    Metric {
        /// From these datasets.
        datasets: Vec<String>,
    },
    /// The field is the square root of a density times the vectors of the file.
    RootDensity {
        /// The dataset of the density.
        name: String,
    },
    /// An array of the file that looks as if it belonged to the field, and was not used.
    #[cfg(feature = "files")]
    Unused(Unused),
    /// Missing values were to be left out, and there are none.
    NothingMissing,
    /// A mask applies, and nothing is left out.
    AllTakePart {
        /// Cells of the field.
        cells: usize,
    },
    /// Cells in which every component is the number that stands for land.
    Land {
        /// The number.
        number: f64,
        /// How many there are.
        cells: usize,
    },
    /// Holes of missing values were filled by interpolation.
    Filled {
        /// How many.
        holes: usize,
        /// Their cells.
        cells: usize,
        /// Cells of the largest.
        largest: usize,
    },
    /// Small holes of missing values are walls.
    SmallHoles {
        /// How many.
        holes: usize,
        /// Their cells.
        cells: usize,
        /// The most cells that one of them has.
        most: usize,
    },
    /// Samples that were not measured are walls, their holes being too large to be filled.
    InvalidWalls {
        /// Their cells.
        cells: usize,
        /// The most cells of a hole that is filled.
        most: usize,
    },
    /// Coordinates in degrees were taken as lengths.
    Angles {
        /// What that means, in the words of the reader.
        words: String,
        /// The bounded axis whose longitudes go once round the globe, if one does.
        whole_circle: Option<&'static str>,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::File(words) | Note::Angles { words, .. } => f.write_str(words),
            Note::Bounded => f.write_str("every axis taken as bounded"),
            Note::OneCell(k) => {
                let axis = AXIS_NAMES[*k];
                write!(
                    f,
                    "{axis} has one cell: taken as periodic, so that its component is harmonic"
                )
            }
            Note::RepeatedEnd(k) => {
                let axis = AXIS_NAMES[*k];
                write!(
                    f,
                    "the last plane along {axis} equals the first, a repeated end point of the period: \
                     left out"
                )
            }
            Note::Cells(n) => write!(f, "{n} cells along each axis"),
            Note::Window(ends) => f.write_str(&window(ends)),
            Note::Sphere { radius, thickness, round, poles } => {
                let radius = short(*radius);
                match thickness.map(Thickness::name) {
                    None => write!(f, "longitude and latitude on a sphere of radius {radius}: ")?,
                    Some(thickness) => write!(
                        f,
                        "longitude, latitude and height in a {thickness} shell of radius {radius}: "
                    )?,
                }
                f.write_str(match round {
                    true => "x goes once round and is periodic, ",
                    false => "x ends in walls, ",
                })?;
                f.write_str(match (round, poles) {
                    (true, [true, true]) => "y reaches from pole to pole",
                    (true, [true, false]) => "y reaches from the south pole to a wall",
                    (true, [false, true]) => "y reaches from a wall to the north pole",
                    _ => "y ends in walls",
                })
            }
            Note::Metric { datasets } => {
                let (sizes, dims) = (datasets.join(", "), datasets.len() / 2);
                let kinds = ["", " and volumes"][datasets.len() % 2];
                write!(
                    f,
                    "areas of {dims} kinds of faces, distances across them{kinds} from {sizes}"
                )
            }
            Note::RootDensity { name } => {
                write!(f, "the field is the vectors of the file times the square root of `{name}`")
            }
            Note::AllTakePart { cells } => write!(f, "all {cells} cells take part under the mask"),
            Note::Land { number, cells } => write!(
                f,
                "{}, where every component is {}, {} land",
                counted(*cells, "cell"),
                short(*number),
                if *cells == 1 { "is" } else { "are" }
            ),
            Note::Filled { holes, cells, largest } => write!(
                f,
                "{} of missing values filled by interpolation, {}, at most {largest} in one",
                counted(*holes, "hole"),
                counted(*cells, "cell")
            ),
            Note::SmallHoles { holes, cells, most } => write!(
                f,
                "{} of at most {most} cells, {} of missing values, count as walls",
                counted(*holes, "hole"),
                counted(*cells, "cell")
            ),
            Note::InvalidWalls { cells, most } => write!(
                f,
                "{} that were not measured, in holes of more than {most}, count as walls",
                counted(*cells, "cell")
            ),
            #[cfg(feature = "files")]
            Note::Unused(Unused { name, likeness }) => {
                let what = match likeness {
                    Likeness::Mask => "a mask",
                    Likeness::Component => "a third component",
                    Likeness::Coordinates => "coordinates",
                };
                write!(f, "`{name}` looks like {what} and is not used")
            }
            Note::NothingMissing => f.write_str(
                "leaving out missing values masks nothing: every value is a finite number",
            ),
        }
    }
}

fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// A window in words, once if all axes are alike.
fn window(ends: &[[f64; 2]]) -> String {
    let words = |[start, end]: [f64; 2]| format!("{} to {}", short(start), short(end));
    match ends {
        [first, others @ ..] if others.iter().all(|other| other == first) => {
            format!("window {} along each axis", words(*first))
        }
        _ => {
            let along = ends.iter().zip(AXIS_NAMES);
            let along = along.map(|(ends, axis)| format!("{} along {axis}", words(*ends)));
            format!("window {}", along.collect::<Vec<_>>().join(", "))
        }
    }
}
