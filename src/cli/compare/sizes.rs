//! The same on several grids.

use super::known;
use crate::cli::args_compare::CompareArguments;
use crate::cli::input;
use crate::cli::interrupt;
use crate::cli::progress::Progress;
use crate::diagnostic::observed_order;
use crate::field::{Layout, Way};
use crate::source::{AnySeries, Series};
use crate::validation::comparison::{Candidate, Entry, Given, compare};
use anyhow::Result;

/// What every method showed on one grid.
pub struct OnSize {
    pub n: usize,
    pub rows: Vec<Row>,
}

/// One method on one grid.
pub struct Row {
    pub name: String,
    /// ‖error‖/‖part‖ of gradient, solenoidal and harmonic part, where known.
    pub errors: Option<[f64; 3]>,
    pub seconds: f64,
    pub bytes: Option<u64>,
}

impl Row {
    pub fn of<const D: usize>(entry: &Entry<D>) -> Row {
        Row {
            name: entry.name(),
            errors: entry.errors.map(|e| [e.gradient, e.solenoidal, e.harmonic]),
            seconds: entry.plan_seconds + entry.seconds,
            bytes: entry.bytes,
        }
    }
}

impl OnSize {
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }
}

/// The order at which a number falls from one size to the next; `None` at rounding.
pub fn order(coarse: (usize, f64), fine: (usize, f64)) -> Option<f64> {
    const ROUNDING: f64 = 1e-13;
    (fine.1 > ROUNDING && coarse.1 > ROUNDING).then(|| observed_order(coarse, fine))
}

/// Every size that is asked for, ascending; the finest is that of the entries.
pub fn on_sizes<const D: usize>(
    arguments: &CompareArguments,
    entries: &[Entry<D>],
    progress: &Progress,
) -> Result<Vec<OnSize>> {
    let candidates: Vec<Candidate> = entries.iter().map(Entry::candidate).collect();
    let mut sizes = arguments.sizes.clone();
    sizes.sort_unstable();
    sizes.dedup();
    let mut found = Vec::new();
    let Some(finest) = sizes.pop() else { return Ok(found) };
    for n in sizes {
        if interrupt::asked() {
            break;
        }
        let mut grid = arguments.grid.clone();
        grid.n = vec![n];
        let rows = match input::open(&arguments.field, &grid, &arguments.file)? {
            AnySeries::Plane(series) => rows(&*series, arguments, &candidates, progress)?,
            AnySeries::Space(series) => rows(&*series, arguments, &candidates, progress)?,
        };
        found.push(OnSize { n, rows });
    }
    found.push(OnSize { n: finest, rows: entries.iter().map(Row::of).collect() });
    Ok(found)
}

fn rows<const D: usize>(
    series: &dyn Series<D>,
    arguments: &CompareArguments,
    candidates: &[Candidate],
    progress: &Progress,
) -> Result<Vec<Row>>
where
    (): known::Cases<D>,
{
    let sample = series.item(0, Some(Layout::Points), Way::default(), None)?;
    let exact = known::exact(&arguments.field, &sample);
    let given = Given {
        domain: &sample.domain,
        samples: &sample.points,
        exact: exact.as_ref().map(|exact| &**exact as _),
    };
    let found = compare(&given, candidates, &mut |name| {
        progress.say(name);
        progress.step();
        !interrupt::asked()
    });
    Ok(found.entries.iter().map(Row::of).collect())
}
