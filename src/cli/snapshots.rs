//! `hodge snapshots`: what the field of a network is made of while it is trained.

use super::args::{Common, ContentArguments, OutputFormat};
use super::args_autoencoder::SnapshotsArguments;
use super::args_field::FileArguments;
use super::exit::{self, Exit};
use super::input;
use super::interrupt;
use super::job::method_choice;
use super::memory;
use super::outputs::{Places, attributes, create};
use super::picture::Drawing;
use super::progress::Progress;
use super::snapshot_maps::SnapshotMaps;
use super::terminal;
use crate::autoencoder::conservativeness::{Conservativeness, measure as symmetry};
use crate::autoencoder::{Network, PointSet};
use crate::batch::{Batch, BatchRequest, Failure, Finished, Observer, Sink};
use crate::boundary::Boundary;
use crate::decomposition::Method;
use crate::diagnostic::{Energies, Report};
use crate::grid::{Domain, Grid, Location, unravel};
use crate::output::picture::{Chart, Sheet};
use crate::output::{Content, FieldGroup, ResultFile};
use crate::source::Sample;
use anyhow::{Context, Result, bail, ensure};
use serde::Serialize;
use serde_json::{Map, Value};
use std::error::Error;
use std::path::PathBuf;

/// One line of the table.
#[derive(Debug, Serialize)]
struct SnapshotRow {
    epoch: usize,
    name: String,
    method: Method,
    boundary: Boundary,
    fraction: Energies,
    /// Of the constant mean field, and of the solenoidal part in the rest.
    mean_share: f64,
    solenoidal_without_mean: f64,
    curl_rms: f64,
    curl_relative: f64,
    sym_map: f64,
    sym_field: f64,
    rho: f64,
    sym_sqrt: f64,
}

/// A column of the table: its name, its meaning and how to read it.
type Column = (&'static str, &'static str, fn(&SnapshotRow) -> f64);

const COLUMNS: [Column; 12] = [
    ("gradient", "share of the energy in the gradient part", |r| r.fraction.gradient),
    ("solenoidal", "share of the energy in the solenoidal part", |r| r.fraction.solenoidal),
    ("harmonic", "share of the energy in the harmonic part", |r| r.fraction.harmonic),
    ("sampling_remainder", "share that interpolation to the faces loses", |r| {
        r.fraction.sampling_remainder
    }),
    ("mean_share", "share of the energy in the constant mean field", |r| r.mean_share),
    ("solenoidal_without_mean", "share of the solenoidal part in the rest", |r| {
        r.solenoidal_without_mean
    }),
    ("curl_rms", "root mean square of the curl at the points", |r| r.curl_rms),
    ("curl_relative", "the same relative to the Jacobian", |r| r.curl_relative),
    ("sym_map", "mean 1 - |(J - J')/2|^2 / |J|^2 at the points, of r", |r| r.sym_map),
    ("sym_field", "the same with J - I, of the field", |r| r.sym_field),
    ("rho", "mean |(J - J')/2|^2 over that of a random J", |r| r.rho),
    ("sym_sqrt", "mean of the root of sym_map", |r| r.sym_sqrt),
];

pub fn run(arguments: &SnapshotsArguments, common: &Common) -> Result<Exit> {
    let snapshots = in_order(&arguments.weights)?;
    Places::new(arguments.overwrite)
        .result("-o", arguments.output.as_deref())
        .picture("--plot", arguments.plot.as_deref())
        .picture("--picture", arguments.maps.picture.as_deref())
        .inputs(snapshots.iter().map(|(_, path)| path))
        .inputs(
            arguments.points.iter().chain(&arguments.grid.slice).chain(&arguments.grid.principal),
        )
        .check()?;
    let choice = method_choice(&arguments.method);
    ensure!(!choice.all, "--boundary all is for hodge decompose; name one convention");
    let drawn = arguments.plot.as_deref().or(arguments.maps.picture.as_deref());
    let sheet = arguments.sheet.sheet("--plot FILE or --picture", drawn)?;
    let maps = Drawing::of_maps(&arguments.maps, sheet);
    let maps = maps.map(|drawing| SnapshotMaps::new(drawing, snapshots.len()));
    let points = arguments.points.as_deref().map(PointSet::read).transpose()?;
    let sink = match &arguments.output {
        None => None,
        Some(path) => {
            let content = ContentArguments { precision: "f64".into(), ..Default::default() };
            let file =
                create(path, arguments.overwrite, &content, &attributes(common, Vec::new()))?;
            Some(Sink::Groups(Box::new(file)))
        }
    };
    interrupt::watch();
    let content = Content { input: true, faces: false, spectra: false };
    let request = BatchRequest { choice, content, ..BatchRequest::default() };
    let mut batch = Batch::new(&request, sink);
    let mut table = SnapshotTable::new(points, arguments.grid.activation.clone(), maps);
    decompose_all(&snapshots, arguments, (&mut batch, &mut table), common)?;
    let broken = batch.tally().broken;
    let SnapshotTable { rows, maps, .. } = table;
    let whole = rows.len() == snapshots.len() && broken == 0;
    if interrupt::asked() && rows.len() < snapshots.len() {
        let (done, all) = (rows.len(), snapshots.len());
        terminal::note(&format!("interrupted: {done} of {all} snapshots were finished"));
    }
    if rows.is_empty() {
        terminal::note("interrupted before the first snapshot was finished; nothing was written");
        return Ok(Exit::Partly);
    }
    finish(&rows, batch.into_groups(), sheet, (arguments, common))?;
    if let Some(path) = maps.map(|maps| maps.draw(arguments.overwrite)).transpose()?.flatten() {
        terminal::wrote(&path, common.quiet);
    }
    Ok(if whole { Exit::Done } else { Exit::Partly })
}

/// Every snapshot to its row, until the user or a failure ends it.
fn decompose_all(
    snapshots: &[(usize, PathBuf)],
    arguments: &SnapshotsArguments,
    (batch, table): (&mut Batch<'_>, &mut SnapshotTable),
    common: &Common,
) -> Result<()> {
    let progress = Progress::new(snapshots.len(), common.quiet);
    for (epoch, path) in snapshots {
        if interrupt::asked() {
            break;
        }
        progress.say(path.display().to_string());
        let source = format!("autoencoder:{}", path.display());
        let opened = input::open(&source, &arguments.grid, &FileArguments::default());
        table.at = (*epoch, path.clone());
        match opened {
            Ok(series) => batch.run(&path.display().to_string(), &series, table),
            Err(error) => table.error = Some(error),
        }
        if let Some(error) = table.error.take() {
            let error = error.context(path.display().to_string());
            // Without a finished one there is nothing to keep.
            if table.rows.is_empty() {
                return Err(error);
            }
            progress.note(&format!("error: {}", exit::chain(&error)));
            break;
        }
        progress.step();
    }
    Ok(())
}

/// The files with their epochs, ascending.
fn in_order(weights: &[String]) -> Result<Vec<(usize, PathBuf)>> {
    let mut found = Vec::new();
    for source in weights {
        let path = PathBuf::from(source.strip_prefix("autoencoder:").unwrap_or(source));
        let epoch = Network::epoch_of(&path)?.with_context(|| {
            format!(
                "{} has no metadata 'epoch'; expected a file that hodge train --snapshots wrote",
                path.display()
            )
        })?;
        found.push((epoch, path));
    }
    found.sort();
    if let Some([(epoch, a), (_, b)]) = found.windows(2).find(|w| w[0].0 == w[1].0) {
        bail!("{} and {} are both of epoch {epoch}; give one", a.display(), b.display());
    }
    Ok(found)
}

/// The rows of the snapshots that are finished.
struct SnapshotTable {
    points: Option<PointSet>,
    /// Of weights that do not state it.
    activation: Option<String>,
    /// Curl and divergence to draw.
    maps: Option<SnapshotMaps>,
    rows: Vec<SnapshotRow>,
    /// The snapshot at hand.
    at: (usize, PathBuf),
    /// Why it came to nothing.
    error: Option<anyhow::Error>,
}

impl SnapshotTable {
    fn new(
        points: Option<PointSet>,
        activation: Option<String>,
        maps: Option<SnapshotMaps>,
    ) -> SnapshotTable {
        let (rows, at) = (Vec::new(), Default::default());
        SnapshotTable { points, activation, maps, rows, at, error: None }
    }

    fn row<const D: usize>(&mut self, domain: &Domain<D>, report: &Report) -> Result<SnapshotRow> {
        let (epoch, path) = &self.at;
        let network = super::autoencoder::read(path, self.activation.as_deref())?;
        let scores = self.symmetry(&network, domain.grid())?;
        if let Some(maps) = &mut self.maps {
            maps.add((self.rows.len(), *epoch), &network, domain)?;
        }
        let Conservativeness { curl_rms, curl_relative, sym_map, .. } = scores;
        let Conservativeness { sym_field, rho, sym_sqrt, .. } = scores;
        let Report { method, boundary, fraction, without_mean, .. } = *report;
        let [mean_share, solenoidal_without_mean] =
            without_mean.map_or([f64::NAN; 2], |rest| [rest.mean_share, rest.solenoidal]);
        let (epoch, name) = (*epoch, path.display().to_string());
        Ok(SnapshotRow {
            epoch,
            name,
            method,
            boundary,
            fraction,
            mean_share,
            solenoidal_without_mean,
            curl_rms,
            curl_relative,
            sym_map,
            sym_field,
            rho,
            sym_sqrt,
        })
    }

    /// The scores at the points, or at the cells of the grid where none are given.
    fn symmetry<const D: usize>(
        &self,
        network: &Network,
        grid: &Grid<D>,
    ) -> Result<Conservativeness> {
        if let Some(points) = &self.points {
            network.check_dimension(points.dimension(), "points")?;
            return Ok(symmetry(network, points.values()));
        }
        ensure!(
            network.dimension() == D,
            "the network has {} dimensions, the slice {D}: give --points to measure symmetry at",
            network.dimension()
        );
        let at = |cell| grid.position(Location::CELL, unravel(grid.shape(), cell));
        Ok(symmetry(network, &(0..grid.cells()).flat_map(at).collect::<Vec<_>>()))
    }
}

impl Observer for SnapshotTable {
    fn bytes<const D: usize>(&self, grid: &Grid<D>) -> f64 {
        memory::scores(grid)
    }

    fn read<const D: usize>(
        &mut self,
        sample: &mut Sample<D>,
        _number: usize,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        sample.name = format!("epoch {}", self.at.0);
        Ok(())
    }

    fn attributes<const D: usize>(&self, _sample: &Sample<D>) -> Map<String, Value> {
        Map::from_iter([("epoch".to_string(), self.at.0.into())])
    }

    fn finished<const D: usize>(&mut self, field: Finished<'_, D>) {
        for warning in &field.report.warnings {
            terminal::note(&format!("warning: {}: {warning}", field.sample.name));
        }
        match self.row(&field.sample.domain, &field.report) {
            Ok(row) => self.rows.push(row),
            Err(error) => self.error = Some(error),
        }
    }

    fn failed(&mut self, failure: Failure) {
        self.error = Some(memory::with_options(failure.error));
    }
}

/// Prints the table and adds it to the file and the picture.
fn finish(
    rows: &[SnapshotRow],
    sink: Option<ResultFile>,
    sheet: Sheet,
    (arguments, common): (&SnapshotsArguments, &Common),
) -> Result<()> {
    match common.format {
        OutputFormat::Json => rows.iter().try_for_each(|row| {
            terminal::print_json(&serde_json::to_string(row)?);
            anyhow::Ok(())
        })?,
        OutputFormat::Table | OutputFormat::Csv => terminal::print(&table(rows)),
    }
    let epochs: Vec<f64> = rows.iter().map(|row| row.epoch as f64).collect();
    let column = |c: &Column| rows.iter().map(c.2).collect::<Vec<f64>>();
    if let Some(mut sink) = sink {
        let mut group = FieldGroup::table("training", "epoch", epochs.clone());
        COLUMNS.iter().for_each(|c| group.add_column(c.0, column(c), c.1));
        if let Some(row) = rows.first() {
            group.attributes.insert("method".into(), row.method.name().into());
            group.attributes.insert("boundary".into(), row.boundary.name().into());
        }
        // The parts are kept even if the table cannot be written.
        let table = sink.write_table(&group);
        let path = sink.finish()?;
        table?;
        terminal::wrote(&path, common.quiet);
    }
    if let Some(path) = &arguments.plot {
        let chart = |title: &str, logarithmic, range: &[usize]| Chart {
            title: title.into(),
            x_label: "epoch".into(),
            x: epochs.clone(),
            logarithmic,
            curves: range.iter().map(|i| &COLUMNS[*i]).map(|c| (c.0.into(), column(c))).collect(),
        };
        let charts = [
            chart("share of the energy", false, &[0, 1, 2, 5]),
            chart("curl", true, &[6]),
            chart("symmetry of the Jacobian", false, &[8, 9, 10]),
        ];
        let path = Chart::draw(&charts, sheet, path, arguments.overwrite)?;
        terminal::wrote(&path, common.quiet);
    }
    Ok(())
}

fn table(rows: &[SnapshotRow]) -> String {
    let mut out = rows.first().map_or(String::new(), |row| {
        let words = row.boundary.in_words();
        format!("shares of the energy by the {} method under {words}\n", row.method)
    });
    out += &format!("{:>7}", "epoch");
    COLUMNS.iter().for_each(|c| out += &format!("  {:>12}", c.0));
    for row in rows {
        out += &format!("\n{:>7}", row.epoch);
        for (name, _, read) in COLUMNS {
            out += &format!("  {:>width$.6}", read(row), width = name.len().max(12));
        }
    }
    out + "\n"
}
