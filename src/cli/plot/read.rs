//! The arrays that are drawn, read like any field.

use super::contents::Contents;
use crate::cli::args_plot::{Part, PlotArguments};
use crate::cli::{hints, input, memory, terminal};
use crate::field::{Layout, Way};
use crate::source::{AnySeries, Sample, Series};
use anyhow::{Context, Result, ensure};

/// What is asked for, and what there is.
pub struct Reader<'a> {
    pub arguments: &'a PlotArguments,
    pub contents: &'a Contents,
}

/// Series of one dimension.
pub trait Opened<const D: usize> {
    /// The series, if it has this dimension.
    fn of(series: AnySeries) -> Option<Box<dyn Series<D>>>;
}

impl Opened<2> for () {
    fn of(series: AnySeries) -> Option<Box<dyn Series<2>>> {
        if let AnySeries::Plane(series) = series { Some(series) } else { None }
    }
}

impl Opened<3> for () {
    fn of(series: AnySeries) -> Option<Box<dyn Series<3>>> {
        if let AnySeries::Space(series) = series { Some(series) } else { None }
    }
}

impl Reader<'_> {
    /// The series of the first array, after notes on what was read and on what of it is drawn.
    pub fn first(&self, quiet: bool) -> Result<AnySeries> {
        let parts = self.contents.parts(self.arguments)?;
        let array = parts.first().context("no part is left to draw")?.array();
        let series = self.open(array, 1)?;
        let (field, count) = (&self.arguments.field, series.count());
        if !quiet {
            if matches!(self.contents, Contents::Field) {
                series.notes().iter().for_each(|note| terminal::note(&hints::note(note)));
            }
            if count > 1 && self.arguments.step.is_none() {
                terminal::note(&format!(
                    "{field}: the first of {count} fields is drawn (--step or --select picks another)"
                ));
            }
        }
        let step = self.arguments.step.unwrap_or(0);
        ensure!(
            step < count,
            "--step {step}: {field} has {count} field{}, counted from 0 to {}",
            if count == 1 { "" } else { "s" },
            count - 1
        );
        Ok(series)
    }

    /// An array of a result as a field, a scalar `copies` times as its components, or the field itself.
    fn open(&self, array: &str, copies: usize) -> Result<AnySeries> {
        let mut file = self.arguments.file.clone();
        if let Some(path) = self.contents.path(array) {
            file.datasets = vec![path; copies];
            if file.mask.is_none() && self.contents.has("mask") {
                // Results hold NaN outside of the mask.
                file.mask = Some("nan".into());
            }
        }
        input::open(&self.arguments.field, &self.arguments.grid, &file)
    }

    /// A part at the points.
    pub fn part<const D: usize>(&self, part: Part) -> Result<Sample<D>>
    where
        (): Opened<D>,
    {
        self.read(part.array(), 1)
    }

    /// A potential: every component is it.
    pub fn scalar<const D: usize>(&self, array: &str) -> Result<Sample<D>>
    where
        (): Opened<D>,
    {
        self.read(array, D)
    }

    fn read<const D: usize>(&self, array: &str, copies: usize) -> Result<Sample<D>>
    where
        (): Opened<D>,
    {
        let series = self.open(array, copies)?;
        let series = <() as Opened<D>>::of(series)
            .with_context(|| format!("{array} has another dimension than what is drawn with it"))?;
        let extent = series.extent()?;
        memory::check_plot(&extent.grid, self.arguments.part.len().max(Part::ALL.len()))?;
        let step = self.arguments.step.unwrap_or(0);
        Ok(series.item(step, Some(Layout::Points), Way::default(), None)?)
    }
}
