//! The scores at every point, in a file and in pictures.

use super::super::args::{Common, ContentArguments};
use super::super::args_autoencoder::ConservativenessArguments;
use super::super::outputs::{attributes, create};
use super::super::picture::Drawing;
use super::super::score_maps::{ScoreMaps, draw};
use super::super::terminal;
use super::cells::{AnyCells, Cells};
use crate::autoencoder::conservativeness::Symmetry;
use crate::grid::{AXIS_NAMES, Domain, Location};
use crate::output::{FieldGroup, Piece, ResultFile, domain_attributes};
use anyhow::Result;
use std::path::PathBuf;

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

/// The file of `-o` and the picture of `--picture`, as far as there are any.
pub struct Output {
    file: Option<ResultFile>,
    /// What is still to be drawn.
    drawing: Option<Drawing>,
    headline: String,
    overwrite: bool,
    drawn: Option<PathBuf>,
}

impl Output {
    pub fn of(arguments: &ConservativenessArguments, common: &Common) -> Result<Output> {
        let content = ContentArguments { precision: "f64".into(), ..Default::default() };
        let known = attributes(common, Vec::new());
        let overwrite = arguments.overwrite;
        let sheet = arguments.sheet.sheet("--picture", arguments.maps.picture.as_deref())?;
        let drawing = Drawing::of_maps(&arguments.maps, sheet);
        let path = arguments.output.as_ref();
        let file = path.map(|path| create(path, overwrite, &content, &known)).transpose()?;
        let headline = arguments.source.clone();
        Ok(Output { file, drawing, headline, overwrite, drawn: None })
    }

    /// The table `/points`; of points in three dimensions or less their coordinates too.
    pub fn points(&mut self, at: &[f64], dimension: usize, scores: &[Symmetry]) -> Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
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
        self.picture(domain, (scores, &measured))?;
        let Some(file) = &mut self.file else { return Ok(()) };
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

    /// A picture of the curl and the divergence on the first grid.
    fn picture<const D: usize>(
        &mut self,
        domain: &Domain<D>,
        scores: (&[Symmetry], impl Fn(usize) -> bool),
    ) -> Result<()> {
        let Some(drawing) = self.drawing.take() else { return Ok(()) };
        let maps = vec![ScoreMaps::new(&drawing, "", domain, scores)?];
        self.drawn = Some(draw(&drawing, &self.headline, maps, self.overwrite)?);
        Ok(())
    }

    pub fn finish(self, common: &Common) -> Result<()> {
        let file = self.file.map(ResultFile::finish).transpose()?;
        file.iter().chain(&self.drawn).for_each(|path| terminal::wrote(path, common.quiet));
        Ok(())
    }
}
