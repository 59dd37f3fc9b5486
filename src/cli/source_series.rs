//! A source that can be evaluated anywhere as a series of one field.

use super::args::GridArguments;
use super::input::{Extent, Item, Series, check_periodic, for_each_axis, periodic_axes};
use super::memory;
use crate::boundary::Boundary;
use crate::decomposition::{Active, Method};
use crate::field::{Layout, Way};
use crate::grid::{Axis, Domain, Grid, Location, Topology, unravel};
use crate::source::Source;
use crate::source::analytic::{Case, CaseWindow};
use anyhow::{Result, ensure};

/// A source that can be evaluated anywhere, on one grid.
pub struct SourceSeries<const D: usize> {
    name: String,
    source: Box<dyn Source<D>>,
    grid: Grid<D>,
    /// The positions that take part, where there is a mask.
    inside: Option<Box<dyn Fn([f64; D]) -> bool>>,
    boundary: Option<Boundary>,
    notes: Vec<String>,
}

impl<const D: usize> SourceSeries<D> {
    pub fn of_case(
        case: &'static dyn Case<D>,
        arguments: &GridArguments,
    ) -> Result<SourceSeries<D>> {
        let (grid, notes) = source_grid(arguments, case.window())?;
        let inside: Box<dyn Fn([f64; D]) -> bool> = Box::new(|position| case.inside(position));
        Ok(SourceSeries {
            name: case.name().into(),
            source: Box::new(case),
            grid,
            inside: case.masked().then_some(inside),
            boundary: Some(case.boundary()),
            notes,
        })
    }

    fn domain(&self) -> Result<Domain<D>> {
        let grid = self.grid;
        let Some(inside) = &self.inside else { return Ok(Domain::full(grid)) };
        let takes_part = |cell| inside(grid.position(Location::CELL, unravel(grid.shape(), cell)));
        Ok(Domain::masked(grid, (0..grid.cells()).map(takes_part).collect())?)
    }

    /// A source that lives everywhere, over `window` if the user gives no other.
    pub fn anywhere(
        name: String,
        source: Box<dyn Source<D>>,
        window: CaseWindow<D>,
        arguments: &GridArguments,
    ) -> Result<SourceSeries<D>> {
        let (grid, mut notes) = source_grid(arguments, window)?;
        if arguments.domain.is_empty() {
            let (start, end, _) = window[0];
            notes.push(format!("window {start} to {end} along each axis (--domain)"));
        }
        // Of a network the question is how conservative it is.
        let boundary = Some(Boundary::NoFlux);
        Ok(SourceSeries { name, source, grid, inside: None, boundary, notes })
    }
}

/// The grid of such a source: the given window and number of cells, or its own.
pub fn source_grid<const D: usize>(
    arguments: &GridArguments,
    window: CaseWindow<D>,
) -> Result<(Grid<D>, Vec<String>)> {
    for (given, option) in [(&arguments.spacing, "--spacing"), (&arguments.origin, "--origin")] {
        ensure!(
            given.is_empty(),
            "{option} is for files; a source that can be evaluated anywhere takes --domain and --n"
        );
    }
    let mut notes = Vec::new();
    let cells = for_each_axis::<D, _>("--n", &arguments.n)?.unwrap_or_else(|| {
        let n = if D == 2 { 128 } else { 48 };
        notes.push(format!("{n} cells along each axis (--n)"));
        [n; D]
    });
    let given = &arguments.domain;
    ensure!(
        given.is_empty() || given.len() == 2 * D,
        "--domain has {} numbers; {} are needed: x0,x1,y0,y1{}",
        given.len(),
        2 * D,
        if D == 3 { ",z0,z1" } else { "" }
    );
    let periodic = periodic_axes(&arguments.periodic)?;
    check_periodic(&periodic, D)?;
    let axes = std::array::from_fn(|k| {
        let (start, end) = match given.is_empty() {
            true => (window[k].0, window[k].1),
            false => (given[2 * k], given[2 * k + 1]),
        };
        let topology = match &periodic {
            None => window[k].2,
            Some(list) if list.contains(&k) => Topology::Periodic,
            Some(_) => Topology::Bounded,
        };
        Axis::over(start, end, cells[k], topology)
    });
    Ok((Grid::new(axes)?, notes))
}

impl<const D: usize> Series<D> for SourceSeries<D> {
    fn count(&self) -> usize {
        1
    }

    fn extent(&self) -> Result<Extent<D>> {
        Ok(Extent {
            grid: self.grid,
            masked: self.inside.as_ref().map(|_| Active::AtMost(self.grid.cells())),
            on_faces: false,
            density: false,
            boundary: self.boundary,
            reading: 0.0,
            fewer: memory::FEWER,
        })
    }

    fn item(
        &self,
        _index: usize,
        layout: Option<Layout>,
        _way: Way,
        _last: Option<Item<D>>,
    ) -> Result<Item<D>> {
        let (grid, domain) = (self.grid, self.domain()?);
        let sample = |layout| self.source.sample(grid, layout);
        let layout = layout.unwrap_or(Method::for_domain(&domain).layout());
        let mut samples = sample(Layout::Points);
        samples.clear_outside(&domain);
        Ok(Item {
            name: self.name.clone(),
            domain,
            samples,
            staggered: (layout == Layout::Faces).then(|| sample(Layout::Faces)),
            density: None,
            boundary: self.boundary,
            units: String::new(),
            axis_units: vec![String::new(); D],
            warnings: Vec::new(),
        })
    }

    fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }
}
