//! The scores at every point, in a file.

use super::super::args::{Common, ContentArguments};
use super::super::args_autoencoder::ConservativenessArguments;
use super::super::outputs::{attributes, create};
use super::super::terminal;
use super::cells::{AnyCells, Cells};
use crate::autoencoder::conservativeness::Symmetry;
use crate::grid::{AXIS_NAMES, Domain, Location};
use crate::output::{FieldGroup, Piece, ResultFile, domain_attributes};
use anyhow::Result;

/// A number of each point: its name, its meaning and how to read it.
type Column = (&'static str, &'static str, fn(&Symmetry) -> f64);

const COLUMNS: [Column; 8] = [
    ("sym_map", "1 - |Ja|^2/|J|^2 of r, Ja = (J - J')/2", |s| s.sym_map),
    ("sym_field", "the same of the Jacobian of the field", |s| s.sym_field),
    ("rho", "|Ja|^2 over that of a random Jacobian", |s| s.rho),
    ("lambda", "|Ja|/|J|", |s| s.lambda),
    ("jacobian", "|J|", |s| s.jacobian),
    ("field_jacobian", "norm of the Jacobian of the field", |s| s.field_jacobian),
    ("curl", "length of the curl, |J - J'|/sqrt(2)", |s| s.curl_squared.sqrt()),
    ("divergence", "divergence of the field", |s| s.divergence),
];

/// The file of `-o`, if there is one.
pub struct Output(Option<ResultFile>);

impl Output {
    pub fn of(arguments: &ConservativenessArguments, common: &Common) -> Result<Output> {
        let Some(path) = &arguments.output else { return Ok(Output(None)) };
        let content = ContentArguments { precision: "f64".into(), ..Default::default() };
        let known = attributes(common, Vec::new());
        Ok(Output(Some(create(path, arguments.overwrite, &content, &known)?)))
    }

    /// The table `/points`; of points in three dimensions or less their coordinates too.
    pub fn points(&mut self, at: &[f64], dimension: usize, scores: &[Symmetry]) -> Result<()> {
        let Some(file) = &mut self.0 else { return Ok(()) };
        let rows = (0..scores.len()).map(|i| i as f64).collect();
        let mut group = FieldGroup::table("points", "point", rows);
        let coordinates = AXIS_NAMES.iter().take(dimension).enumerate();
        for (k, axis) in coordinates.filter(|_| dimension <= 3 && !at.is_empty()) {
            let along = at.iter().skip(k).step_by(dimension).copied().collect();
            group.add_column(axis, along, "coordinate");
        }
        for (name, meaning, of) in COLUMNS {
            group.add_column(name, scores.iter().map(of).collect(), meaning);
        }
        Ok(file.write_table(&group)?)
    }

    /// Arrays on the grid of a map.
    pub fn cells(&mut self, cells: &AnyCells, scores: &[Symmetry]) -> Result<()> {
        match cells {
            AnyCells::None => Ok(()),
            AnyCells::Plane(Cells { domain, .. }) => {
                self.grid("grid", domain, scores, |cell| domain.is_active(cell))
            }
            AnyCells::Space(Cells { domain, .. }) => {
                self.grid("grid", domain, scores, |cell| domain.is_active(cell))
            }
        }
    }

    /// Arrays on a grid, NaN in the cells that were not measured; `scores` of the others in storage order.
    pub fn grid<const D: usize>(
        &mut self,
        name: &str,
        domain: &Domain<D>,
        scores: &[Symmetry],
        measured: impl Fn(usize) -> bool,
    ) -> Result<()> {
        let Some(file) = &mut self.0 else { return Ok(()) };
        let grid = domain.grid();
        let mut group = FieldGroup::on_grid(name, grid, [""; D]);
        group.attributes = domain_attributes(domain);
        for (column, meaning, of) in COLUMNS {
            let mut scores = scores.iter();
            let mut value = |cell: usize| match measured(cell) {
                true => scores.next().map_or(f64::NAN, of),
                false => f64::NAN,
            };
            let values: Vec<f64> = (0..grid.cells()).map(&mut value).collect();
            let piece = Piece::Values(values.into());
            group.add_located(column, (grid, Location::CELL), piece, ["", meaning]);
        }
        Ok(file.write_group(&group)?)
    }

    pub fn finish(self, common: &Common) -> Result<()> {
        let Some(file) = self.0 else { return Ok(()) };
        let path = file.finish()?;
        terminal::wrote(&path, common.quiet);
        Ok(())
    }
}
