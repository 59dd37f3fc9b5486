//! What a file offers to draw.

use crate::cli::args_plot::{Part, PlotArguments};
use crate::cli::{nearest::nearest, probe};
use crate::source::file::{ResultGroup, result_groups};
use anyhow::{Context, Result, bail, ensure};
use std::path::Path;

/// What is drawn of a file.
pub enum Contents {
    /// The field that it is.
    Field,
    /// The parts of a result.
    Result(ResultGroup),
}

impl Contents {
    /// Looks into the file; a field whose datasets are named is taken as such.
    pub fn of(arguments: &PlotArguments) -> Result<Contents> {
        let path = Path::new(&arguments.field);
        let groups = match path.is_file() && arguments.file.datasets.is_empty() {
            true => {
                probe::ensure_readable(path)?;
                // What is wrong with it is said where the field is opened.
                result_groups(path).unwrap_or_default()
            }
            false => Vec::new(),
        };
        let groups: Vec<ResultGroup> = groups.into_iter().filter(has_parts).collect();
        let contents = match groups.is_empty() {
            true => Contents::Field,
            false => Contents::Result(chosen(groups, arguments)?),
        };
        if matches!(contents, Contents::Field) {
            ensure!(
                arguments.group.is_none(),
                "--group is for result files of this program, and {} is none (--datasets names what is drawn)",
                arguments.field
            );
        }
        Ok(contents)
    }

    /// Whether there is an array of that name.
    pub fn has(&self, array: &str) -> bool {
        match self {
            Contents::Field => false,
            Contents::Result(group) => group.arrays.iter().any(|name| name == array),
        }
    }

    /// The path of an array in the file.
    pub fn path(&self, array: &str) -> Option<String> {
        match self {
            Contents::Field => None,
            Contents::Result(group) => Some(format!("{}{array}", group.prefix)),
        }
    }

    /// What was asked for of what there is.
    pub fn parts(&self, arguments: &PlotArguments) -> Result<Vec<Part>> {
        let all = arguments.part.contains(&Part::All);
        let there: Vec<Part> = match self {
            Contents::Field => vec![Part::Input],
            Contents::Result(_) => {
                let every = Part::ALL.into_iter().chain([Part::SamplingRemainder]);
                every.filter(|part| self.has(part.array())).collect()
            }
        };
        if all {
            return Ok(there.into_iter().filter(|part| *part != Part::SamplingRemainder).collect());
        }
        for part in &arguments.part {
            if !there.contains(part) {
                let names: Vec<&str> = there.iter().map(|part| part.array()).collect();
                let file = &arguments.field;
                bail!(
                    "{file} has no {}; there is {} (hodge decompose {file} -o parts.h5, then hodge plot parts.h5)",
                    part.title(),
                    names.join(", ").replace('_', "-")
                );
            }
        }
        Ok(there.into_iter().filter(|part| arguments.part.contains(part)).collect())
    }
}

fn has_parts(group: &ResultGroup) -> bool {
    let parts = Part::ALL.map(Part::array);
    group.arrays.iter().any(|name| parts.contains(&name.as_str()))
}

/// The one that was named, or the only one.
fn chosen(mut groups: Vec<ResultGroup>, arguments: &PlotArguments) -> Result<ResultGroup> {
    let names: Vec<String> = groups.iter().map(|group| group.name().to_string()).collect();
    let known = names.join(", ");
    let index = match (&arguments.group, groups.len()) {
        (Some(_), 1) if names[0].is_empty() => {
            bail!(
                "{} is the result of one field, without groups: leave --group out",
                arguments.field
            )
        }
        (Some(name), _) => names.iter().position(|one| one == name).with_context(|| {
            let near = nearest(name, names.iter().map(String::as_str));
            let near = near.map_or(String::new(), |near| format!(", near it {near}"));
            format!("{} has no group {name}{near}; there is: {known}", arguments.field)
        })?,
        (None, 1) => 0,
        (None, count) => bail!(
            "{} has {count} fields: {known} (--group \"{}\" picks one)",
            arguments.field,
            names[0]
        ),
    };
    Ok(groups.swap_remove(index))
}
