//! One of the ways in which the fields of a run are decomposed.

use super::args::{Common, DecomposeArguments};
use super::job::Job;
use crate::batch::{BatchError, check_fits};
use crate::source::AnySeries;
use anyhow::Result;

/// Method, boundary and back end, with everything else that was asked for.
pub struct Way {
    pub arguments: DecomposeArguments,
    pub job: Job,
}

impl Way {
    /// A way whose series have `label` after their names.
    pub fn new(label: String, arguments: DecomposeArguments, common: &Common) -> Result<Way> {
        let mut job = Job::new(&arguments, common)?;
        job.request.label = label;
        Ok(Way { arguments, job })
    }
}

/// Fields of one domain and the way in which they are decomposed.
pub struct Pair<'a> {
    pub name: &'a str,
    pub series: &'a AnySeries,
    pub way: &'a Way,
}

impl Pair<'_> {
    /// Refuses what is known not to apply.
    pub fn fits(&self) -> Result<(), BatchError> {
        let request = &self.way.job.request;
        match self.series {
            AnySeries::Plane(series) => check_fits(&series.extent()?, request),
            AnySeries::Space(series) => check_fits(&series.extent()?, request),
        }
    }

    /// What was asked for, such as `staggered, no-flux`.
    pub fn in_words(&self) -> String {
        let method = &self.way.arguments.method;
        let asked = [&method.method, &method.boundary, &method.backend];
        let words: Vec<&str> = asked.into_iter().flatten().map(String::as_str).collect();
        if words.is_empty() { "what is chosen by itself".into() } else { words.join(", ") }
    }
}
