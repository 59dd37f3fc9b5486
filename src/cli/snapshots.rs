//! `hodge snapshots`: what the field of a network is made of while it is trained.

use super::args::{Common, ContentArguments, FileArguments, Format};
use super::args_autoencoder::SnapshotsArguments;
use super::exit::Exit;
use super::input::{Input, Item, Series};
use super::interrupt;
use super::progress::Progress;
use crate::boundary::Boundary;
use crate::decomposition::{Decompose, Method};
use crate::diagnostic::conservativeness::{Conservativeness, measure as symmetry};
use crate::diagnostic::{Energies, measure};
use crate::grid::{Domain, Location, unravel};
use crate::output::picture::Chart;
use crate::output::{Content, FieldGroup, Record, ResultFile};
use crate::poisson::Backend;
use crate::source::autoencoder::{Network, PointSet};
use anyhow::{Context, Result, bail, ensure};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// One line of the table.
#[derive(Debug, Serialize)]
struct Row {
    epoch: usize,
    name: String,
    fraction: Energies,
    curl_rms: f64,
    sym: f64,
    sym_sqrt: f64,
}

/// A column of the table: its name, its meaning and how to read it.
type Column = (&'static str, &'static str, fn(&Row) -> f64);

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
    if let Some(path) = &arguments.plot {
        let free = arguments.overwrite || !path.exists();
        ensure!(free, "{} exists; --overwrite replaces it", path.display());
    }
    let points = arguments.points.as_ref().map(PointSet::read).transpose()?;
    let sink = match &arguments.output {
        None => None,
        Some(path) => {
            let content = ContentArguments { precision: "f64".into(), ..Default::default() };
            Some(super::decompose::create(path, arguments.overwrite, &content)?)
        }
    };
    interrupt::watch();
    let mut run = Run { arguments, points, sink, rows: Vec::new() };
    let progress = Progress::new(snapshots.len(), common.quiet);
    for (epoch, path) in &snapshots {
        if interrupt::asked() {
            break;
        }
        progress.say(path.display().to_string());
        run.snapshot(*epoch, path).with_context(|| path.display().to_string())?;
        progress.step();
    }
    drop(progress);
    let whole = run.rows.len() == snapshots.len();
    run.finish(common.format)?;
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

struct Run<'a> {
    arguments: &'a SnapshotsArguments,
    points: Option<PointSet>,
    sink: Option<ResultFile>,
    rows: Vec<Row>,
}

impl Run<'_> {
    fn snapshot(&mut self, epoch: usize, path: &Path) -> Result<()> {
        let source = format!("autoencoder:{}", path.display());
        match Input::open(&source, &self.arguments.grid, &FileArguments::default())? {
            Input::Plane(series) => self.decompose(epoch, path, &*series),
            Input::Space(series) => self.decompose(epoch, path, &*series),
        }
    }

    fn decompose<const D: usize>(
        &mut self,
        epoch: usize,
        path: &Path,
        series: &dyn Series<D>,
    ) -> Result<()> {
        let method = self.arguments.method.method.as_deref().and_then(Method::from_name);
        let mut item = series.item(0, method.map(Method::layout))?;
        item.name = format!("epoch {epoch}");
        let plan = self.plan(&item.domain, method)?;
        let field = item.staggered.as_ref().unwrap_or(&item.samples);
        let parts = plan.decompose(field)?;
        let parts = match item.staggered {
            Some(_) => parts.with_samples(&item.samples, &item.domain),
            None => parts,
        };
        let report = measure(&*plan, field, &item.samples, &parts);
        if let Some(sink) = &mut self.sink {
            let mut group = FieldGroup::on_grid(&item.name, item.domain.grid(), [""; D]);
            group.attributes.insert("epoch".into(), epoch.into());
            let record = Record {
                domain: &item.domain,
                samples: &item.samples,
                staggered: item.staggered.as_ref(),
                parts: &parts,
                report: &report,
                units: "",
                rotation_potential: None,
                friedrichs: None,
                content: Content { input: true, faces: false, spectra: false },
            };
            sink.write_group(&record.fill(group))?;
        }
        let Conservativeness { curl_rms, sym, sym_sqrt, .. } = self.symmetry(path, &item)?;
        let (name, fraction) = (path.display().to_string(), report.fraction);
        self.rows.push(Row { epoch, name, fraction, curl_rms, sym, sym_sqrt });
        Ok(())
    }

    fn plan<const D: usize>(
        &self,
        domain: &Domain<D>,
        method: Option<Method>,
    ) -> Result<Box<dyn Decompose<D>>> {
        let choice = &self.arguments.method;
        let backend = choice.backend.as_deref().map(|name| {
            let known = Backend::ALL.map(|b| b.name()).join(", ");
            Backend::from_name(name)
                .with_context(|| format!("no back end is called {name}; there are {known}"))
        });
        let boundary = choice.boundary.as_deref().and_then(Boundary::from_name);
        let method = method.unwrap_or(Method::for_domain(domain));
        Ok(method.plan(domain, boundary, backend.transpose()?)?)
    }

    /// The scores at the points, or at the cells of the grid where none are given.
    fn symmetry<const D: usize>(&self, path: &Path, item: &Item<D>) -> Result<Conservativeness> {
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
    fn finish(self, format: Format) -> Result<()> {
        let Run { arguments, sink, rows, .. } = self;
        match format {
            Format::Json => rows.iter().try_for_each(|row| {
                println!("{}", serde_json::to_string(row)?);
                anyhow::Ok(())
            })?,
            Format::Table => print!("{}", table(&rows)),
        }
        let epochs: Vec<f64> = rows.iter().map(|row| row.epoch as f64).collect();
        let column = |c: &Column| rows.iter().map(c.2).collect::<Vec<f64>>();
        if let Some(mut sink) = sink {
            let mut group = FieldGroup::table("training", "epoch", epochs.clone());
            COLUMNS.iter().for_each(|c| group.add_column(c.0, column(c), c.1));
            sink.write_table(&group)?;
            sink.finish()?;
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
            Chart::draw(&charts, path, arguments.overwrite)?;
        }
        Ok(())
    }
}

fn table(rows: &[Row]) -> String {
    let mut out = format!("{:>7}", "epoch");
    COLUMNS.iter().for_each(|c| out += &format!("  {:>12}", c.0));
    for row in rows {
        out += &format!("\n{:>7}", row.epoch);
        for (name, _, read) in COLUMNS {
            out += &format!("  {:>width$.6}", read(row), width = name.len().max(12));
        }
    }
    out + "\n"
}
