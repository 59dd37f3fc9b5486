//! The commands that decompose a file: its options are found by trying those that an error leaves open.

use super::args::{Arguments, Command};
use super::input;
use crate::grid::AXIS_NAMES;
use crate::source::file::{Candidate, CoordinateError, FileError, Inspection};
use crate::source::{FileSeriesRequest, SourceError};
use anyhow::{Result, bail};
use clap::Parser;
use std::collections::VecDeque;

/// Options of `hodge decompose` as they are typed.
pub type Way = Vec<String>;

/// Openings of a file that are tried at most.
const TRIES: usize = 24;

/// Commands that are found at most.
const FOUND: usize = 4;

/// What came of trying.
pub struct Search<T> {
    /// Why the file is refused without options.
    pub refusal: Option<anyhow::Error>,
    /// The options that open a field, the most likely first.
    pub opened: Vec<(Way, T)>,
}

/// Tries to open a file without options, and then with those that its errors leave open.
pub fn search<T>(
    file: &str,
    found: &Inspection,
    open: impl Fn(&FileSeriesRequest) -> Result<T>,
) -> Search<T> {
    let mut search = Search { refusal: None, opened: Vec::new() };
    let mut queue = VecDeque::from([Way::new()]);
    for tried in 0..TRIES {
        let Some(way) = queue.pop_front().filter(|_| search.opened.len() < FOUND) else { break };
        match request(file, &way).and_then(|request| open(&request)) {
            Ok(field) => search.opened.push((way, field)),
            Err(error) => {
                let source = error.downcast_ref::<SourceError>();
                let mut next = source.map(|error| answers(error, found)).unwrap_or_default();
                let asked = |word: &String| word.starts_with("--") && way.contains(word);
                next.retain(|next| !next.iter().any(asked));
                // What follows from one answer comes before the other answers.
                for next in next.into_iter().rev() {
                    queue.push_front([way.clone(), next].concat());
                }
                if tried == 0 {
                    search.refusal = Some(error);
                }
            }
        }
    }
    search
}

/// What options of `hodge decompose` mean for a file.
pub fn request(file: &str, way: &Way) -> Result<FileSeriesRequest> {
    let words = ["hodge", "decompose"].into_iter().map(String::from).chain(way.iter().cloned());
    let words = words.chain(["--".to_string(), file.to_string()]);
    match Arguments::try_parse_from(words)?.command {
        Command::Decompose(arguments) => {
            input::file_request(file, &arguments.grid, &arguments.file)
        }
        _ => bail!("hodge decompose is not the command"),
    }
}

/// A command for a shell.
pub fn command(file: &str, way: &Way) -> String {
    // Words that would be an option, or another source than a file.
    let other = file.starts_with('-') || file.contains(':') && !file.starts_with(['/', '.']);
    let file = if other { format!("./{file}") } else { file.into() };
    let words = ["hodge".to_string(), "decompose".into(), file];
    words.iter().chain(way).map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// A word as a shell takes it.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./,:=@%+".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.into(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// The same with a mask in place of the one for missing values.
pub fn with_mask(way: &Way, name: &str) -> Way {
    let mut with = way.clone();
    if let Some(at) = with.iter().position(|word| word == "--mask") {
        with.drain(at..at + 2);
    }
    [with, option("--mask", name)].concat()
}

fn option(name: &str, value: &str) -> Way {
    match value.starts_with('-') {
        true => vec![format!("{name}={value}")],
        false => vec![name.into(), value.into()],
    }
}

fn datasets(names: &[String]) -> Way {
    option("--datasets", &names.join(","))
}

fn on_faces(names: &[String]) -> Way {
    [vec!["--staggered".into()], datasets(names)].concat()
}

/// Options that settle what an error leaves open, the most likely first.
fn answers(error: &SourceError, found: &Inspection) -> Vec<Way> {
    let each = |name: &str, values: &[&str]| values.iter().map(|v| option(name, v)).collect();
    match error {
        SourceError::File(error) => of_file(error, found),
        SourceError::PerhapsRound { .. } => each("--periodic", &["x", "none"]),
        _ => Vec::new(),
    }
}

fn of_file(error: &FileError, found: &Inspection) -> Vec<Way> {
    match error {
        FileError::Missing { .. } => vec![option("--mask", "nan")],
        FileError::CannotChoose { .. } => {
            let way = |candidate: &Candidate| match candidate.on_faces {
                true => on_faces(&candidate.datasets),
                false => datasets(&candidate.datasets),
            };
            found.candidates.iter().map(way).collect()
        }
        FileError::AmbiguousShape { .. } => {
            ["c,z,y,x", "t,c,y,x"].iter().map(|axes| option("--axes", axes)).collect()
        }
        FileError::Rank { example, .. } => vec![option("--axes", example)],
        FileError::Dimensions { dimensions, components, .. } => {
            let space = AXIS_NAMES[..(*components).clamp(2, 3)].iter().rev().copied();
            let samples = dimensions.len().saturating_sub(*components);
            let letters: Vec<&str> = std::iter::repeat_n("t", samples).chain(space).collect();
            vec![option("--axes", &letters.join(","))]
        }
        FileError::Shapes { first, other, expected, found, .. } if near(expected, found) => {
            vec![on_faces(&[first.clone(), other.clone()])]
        }
        FileError::FaceShapes(_) => ["x", "y", "x,y", "z", "x,z", "y,z", "x,y,z"]
            .map(|axes| option("--periodic", axes))
            .into(),
        FileError::Coordinates(error) => of_coordinates(error, found),
        _ => Vec::new(),
    }
}

fn of_coordinates(error: &CoordinateError, found: &Inspection) -> Vec<Way> {
    let metric = |name| option("--metric", name);
    match error {
        CoordinateError::Angles { whole_circle: Some(axis), .. } => {
            vec![metric("sphere"), [metric("plane"), option("--periodic", axis)].concat()]
        }
        CoordinateError::PerhapsGlobe { .. }
        | CoordinateError::Angles { .. }
        | CoordinateError::FlatDegrees { .. } => {
            vec![metric("sphere"), metric("plane")]
        }
        CoordinateError::FacesOnSphere { .. }
        | CoordinateError::NotOnSphere { .. }
        | CoordinateError::OneAngle { .. }
        | CoordinateError::GivenMetric { .. } => vec![metric("plane")],
        CoordinateError::NotHeights { .. } => {
            let three = found.candidates.iter().find(|candidate| candidate.datasets.len() == 3);
            three.map(|candidate| datasets(&candidate.datasets[..2])).into_iter().collect()
        }
        CoordinateError::Differ { first, other, half: true, .. } => {
            vec![on_faces(&[first.clone(), other.clone()])]
        }
        _ => Vec::new(),
    }
}

/// Whether two shapes are those of components on the faces of one grid.
pub fn near(a: &[usize], b: &[usize]) -> bool {
    a.len() == b.len() && a != b && a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(
            command("a/b.nc", &vec!["--mask".into(), "nan".into()]),
            "hodge decompose a/b.nc --mask nan"
        );
        assert_eq!(command("it's $x.nc", &Way::new()), r"hodge decompose 'it'\''s $x.nc'");
        assert_eq!(command("-u.npz", &Way::new()), "hodge decompose ./-u.npz");
        assert_eq!(command("analytic:B4", &Way::new()), "hodge decompose ./analytic:B4");
    }
}
