//! `hodge snapshots`: what the field of a network is made of while it is trained.

use super::args::{Common, ContentArguments, FileArguments, OutputFormat};
use super::args_autoencoder::SnapshotsArguments;
use super::choice::MethodChoice;
use super::exit::{self, Exit};
use super::input;
use super::interrupt;
use super::memory;
use super::outputs::{Places, create};
use super::progress::Progress;
use super::terminal;
use crate::autoencoder::conservativeness::{Conservativeness, measure as symmetry};
use crate::autoencoder::{Network, PointSet};
use crate::boundary::Boundary;
use crate::decomposition::Method;
use crate::diagnostic::{Energies, Report, measure};
use crate::field::Way;
use crate::grid::{Location, unravel};
use crate::output::picture::{Chart, Sheet};
use crate::output::{Content, FieldGroup, Record, ResultFile, report_attributes};
use crate::source::{AnySeries, Sample, Series};
use anyhow::{Context, Result, bail, ensure};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// One line of the table.
#[derive(Debug, Serialize)]
struct SnapshotRow {
    epoch: usize,
    name: String,
    method: Method,
    boundary: Boundary,
    fraction: Energies,
    curl_rms: f64,
    sym: f64,
    sym_sqrt: f64,
}

/// A column of the table: its name, its meaning and how to read it.
type Column = (&'static str, &'static str, fn(&SnapshotRow) -> f64);

const COLUMNS: [Column; 7] = [
    ("gradient", "share of the energy in the gradient part", |r| r.fraction.gradient),
    ("solenoidal", "share of the energy in the solenoidal part", |r| r.fraction.solenoidal),
    ("harmonic", "share of the energy in the harmonic part", |r| r.fraction.harmonic),
    ("sampling_remainder", "share that interpolation to the faces loses", |r| {
        r.fraction.sampling_remainder
    }),
    ("curl_rms", "root mean square of the curl at the points", |r| r.curl_rms),
    ("sym", "mean |(J + J')/2|^2 / |J|^2 at the points", |r| r.sym),
    ("sym_sqrt", "mean of the root of it", |r| r.sym_sqrt),
];

pub fn run(arguments: &SnapshotsArguments, common: &Common) -> Result<Exit> {
    let snapshots = in_order(&arguments.weights)?;
    Places::new(arguments.overwrite)
        .result("-o", arguments.output.as_deref())
        .picture("--plot", arguments.plot.as_deref())
        .inputs(snapshots.iter().map(|(_, path)| path))
        .inputs(
            arguments.points.iter().chain(&arguments.grid.slice).chain(&arguments.grid.principal),
        )
        .check()?;
    let choice = MethodChoice::new(&arguments.method);
    ensure!(!choice.all, "--boundary all is for hodge decompose; name one convention");
    let sheet = arguments.sheet.sheet("--plot", arguments.plot.as_deref())?;
    let points = arguments.points.as_ref().map(PointSet::read).transpose()?;
    let sink = match &arguments.output {
        None => None,
        Some(path) => {
            let content = ContentArguments { precision: "f64".into(), ..Default::default() };
            Some(create(path, arguments.overwrite, &content, common)?)
        }
    };
    interrupt::watch();
    let mut run = SnapshotsRun { arguments, choice, points, sink, rows: Vec::new(), broken: 0 };
    let progress = Progress::new(snapshots.len(), common.quiet);
    for (epoch, path) in &snapshots {
        if interrupt::asked() {
            break;
        }
        progress.say(path.display().to_string());
        if let Err(error) = run.snapshot(*epoch, path) {
            let error = error.context(path.display().to_string());
            // Without a finished one nothing is there to be kept.
            if run.rows.is_empty() {
                return Err(error);
            }
            progress.note(&format!("error: {}", exit::chain(&error)));
            break;
        }
        progress.step();
    }
    drop(progress);
    let whole = run.rows.len() == snapshots.len() && run.broken == 0;
    if interrupt::asked() && run.rows.len() < snapshots.len() {
        let (done, all) = (run.rows.len(), snapshots.len());
        terminal::note(&format!("interrupted: {done} of {all} snapshots were finished"));
    }
    if run.rows.is_empty() {
        terminal::note("interrupted before the first snapshot was finished; nothing was written");
        return Ok(Exit::Partly);
    }
    run.finish(common, sheet)?;
    Ok(if whole { Exit::Done } else { Exit::Partly })
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

struct SnapshotsRun<'a> {
    arguments: &'a SnapshotsArguments,
    choice: MethodChoice,
    points: Option<PointSet>,
    sink: Option<ResultFile>,
    rows: Vec<SnapshotRow>,
    /// Snapshots whose parts break a claim.
    broken: usize,
}

impl SnapshotsRun<'_> {
    fn snapshot(&mut self, epoch: usize, path: &Path) -> Result<()> {
        let source = format!("autoencoder:{}", path.display());
        match input::open(&source, &self.arguments.grid, &FileArguments::default())? {
            AnySeries::Plane(series) => self.decompose(epoch, path, &*series),
            AnySeries::Space(series) => self.decompose(epoch, path, &*series),
        }
    }

    fn decompose<const D: usize>(
        &mut self,
        epoch: usize,
        path: &Path,
        series: &dyn Series<D>,
    ) -> Result<()> {
        memory::check_snapshot(series, &self.choice)?;
        let mut item =
            series.item(0, self.choice.method.map(Method::layout), Way::default(), None)?;
        item.name = format!("epoch {epoch}");
        let method = self.choice.method_for(&item.domain, item.faces.is_some());
        let plan = self.choice.plan(method, &item.domain, item.boundary)?;
        let field = item.field();
        let parts = plan.decompose(field)?;
        let report = measure(&*plan, field, &item.points, &parts);
        for warning in &report.warnings {
            terminal::note(&format!("warning: epoch {epoch}: {warning}"));
        }
        self.broken += usize::from(!report.claims_hold());
        if let Some(sink) = &mut self.sink {
            let mut group = FieldGroup::on_grid(&item.name, item.domain.grid(), [""; D]);
            group.attributes.insert("epoch".into(), epoch.into());
            let record = Record {
                domain: &item.domain,
                samples: &item.points,
                staggered: item.faces.as_ref(),
                parts: &parts,
                units: "",
                vector_potential: None,
                friedrichs: None,
                by_convention: None,
                content: Content { input: true, faces: false, spectra: false },
            };
            sink.write_group_and(&record.fill(group), || report_attributes(&report))?;
        }
        let Conservativeness { curl_rms, sym, sym_sqrt, .. } = self.symmetry(path, &item)?;
        let Report { method, boundary, fraction, .. } = report;
        let name = path.display().to_string();
        self.rows.push(SnapshotRow {
            epoch,
            name,
            method,
            boundary,
            fraction,
            curl_rms,
            sym,
            sym_sqrt,
        });
        Ok(())
    }

    /// The scores at the points, or at the cells of the grid where none are given.
    fn symmetry<const D: usize>(&self, path: &Path, item: &Sample<D>) -> Result<Conservativeness> {
        let network = super::autoencoder::read(path)?;
        if let Some(points) = &self.points {
            network.check_dimension(points.dimension(), "points")?;
            return Ok(symmetry(&network, points.values()));
        }
        ensure!(
            network.dimension() == D,
            "the network has {} dimensions, the slice {D}: give --points to measure symmetry at",
            network.dimension()
        );
        let grid = item.domain.grid();
        let at = |cell| grid.position(Location::CELL, unravel(grid.shape(), cell));
        Ok(symmetry(&network, &(0..grid.cells()).flat_map(at).collect::<Vec<_>>()))
    }

    /// Prints the table and adds it to the file and the picture.
    fn finish(self, common: &Common, sheet: Sheet) -> Result<()> {
        let SnapshotsRun { arguments, sink, rows, .. } = self;
        match common.format {
            OutputFormat::Json => rows.iter().try_for_each(|row| {
                terminal::print_json(&serde_json::to_string(row)?);
                anyhow::Ok(())
            })?,
            OutputFormat::Table => terminal::print(&table(&rows)),
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
            // The parts are kept where the table finds no room.
            let table = sink.write_table(&group);
            let path = sink.finish()?;
            table?;
            terminal::wrote(&path, common.quiet);
        }
        if let Some(path) = &arguments.plot {
            let chart = |title: &str, logarithmic, range: std::ops::Range<usize>| Chart {
                title: title.into(),
                x_label: "epoch".into(),
                x: epochs.clone(),
                logarithmic,
                curves: COLUMNS[range].iter().map(|c| (c.0.into(), column(c))).collect(),
            };
            let charts = [
                chart("share of the energy", false, 0..3),
                chart("curl", true, 4..5),
                chart("symmetry of the Jacobian", false, 5..7),
            ];
            let path = Chart::draw(&charts, sheet, path, arguments.overwrite)?;
            terminal::wrote(&path, common.quiet);
        }
        Ok(())
    }
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
