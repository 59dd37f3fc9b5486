//! Figures 4–6: how the field of an auto-encoder forms around a line, a circle and a spiral.

use crate::deformation_figure::{draw, draw_energies};
use crate::support::{Options, Settled, data, write_json};
use anyhow::Result;
use hodge::autoencoder::conservativeness::measure;
use hodge::autoencoder::train::{Corruption, Initial, Settings, Trainer};
use hodge::autoencoder::{Activation, Network, PointSet};
use hodge::boundary::Boundary;
use hodge::decomposition::{Decompose, Method};
use hodge::diagnostic;
use hodge::field::Layout;
use hodge::grid::{Axis, Domain, Grid, Topology};
use hodge::output::{
    self, Content, FieldGroup, MaskContent, Record, ResultFile, report_attributes,
};
use hodge::source::{AutoencoderField, Source};
use serde_json::{Value, json};

/// The window of the authors' pictures.
pub const WINDOW: (f64, f64) = (-0.6, 0.6);
/// Cells of the grid the field is decomposed on.
pub const CELLS: usize = 128;
/// Hidden units, unless told otherwise.
pub const UNITS: usize = 1000;
/// Epochs that are measured.
const MEASURED: [usize; 14] = [0, 1, 2, 5, 10, 20, 35, 50, 75, 100, 200, 300, 400, 500];
/// Epochs that are drawn: initial, intermediate, final.
const PICTURED: [usize; 2] = [0, 20];

/// The authors' settings for denoising auto-encoders.
pub fn settings(activation: Activation) -> Settings {
    let (rate, sigma) = match activation {
        Activation::Relu => (0.01, 0.08),
        _ => (8e-4, 0.05),
    };
    Settings { corruption: Corruption::Gaussian { sigma }, rate, ..Settings::default() }
}

/// What one run leaves behind.
pub struct Trained {
    pub activation: Activation,
    settings: Settings,
    pub rows: Vec<Value>,
    pub pictured: Vec<Snapshot>,
}

/// A network that is drawn.
pub struct Snapshot {
    pub epoch: usize,
    pub network: Network,
    /// φ of the no-flux gradient part at the cells of the window.
    pub potential: Vec<f64>,
}

/// One of figures 4 (`line`), 5 (`circle`) and 6 (`spiral`).
pub fn run(options: &Options, figure: usize, set: &str) -> Result<()> {
    let points = PointSet::read(data(&format!("paper2d/{set}_train.csv"))?)?;
    let name = format!("figure{figure}");
    let path = options.kept(&format!("{name}.h5"))?;
    let mut file = ResultFile::create(&path, true, output::Options::default())?;
    let (domain, plan) = window_plan()?;
    let mut runs = Vec::new();
    for activation in [Activation::Sigmoid, Activation::Relu] {
        runs.push(train(options, activation, &points, &*plan, &domain, &mut file)?);
    }
    file.finish()?;
    write_json(
        &options.results.join(format!("{name}.json")),
        &summary(options, set, &points, &runs),
    )?;
    table(options, &name, &runs)?;
    draw(options, &name, set, &points, &runs)?;
    draw_energies(options, &name, set, &points, &runs)
}

/// The window, and what splits fields on it.
pub fn window_plan() -> Result<(Domain<2>, Box<dyn Decompose<2>>)> {
    let axis = Axis::over(WINDOW.0, WINDOW.1, CELLS, Topology::Bounded);
    let domain = Domain::full(Grid::new([axis, axis])?);
    let plan = Method::Staggered.plan(&domain, Some(Boundary::NoFlux), None)?;
    Ok((domain, plan))
}

fn train(
    options: &Options,
    activation: Activation,
    points: &PointSet,
    plan: &dyn Decompose<2>,
    domain: &Domain<2>,
    file: &mut ResultFile,
) -> Result<Trained> {
    let epochs = options.epochs.unwrap_or(500);
    let units = options.units.unwrap_or(UNITS);
    let initial = Initial::Uniform { limit: 1.0 };
    let settings = settings(activation);
    let start = Network::random(2, &[units], &[activation], false, initial, settings.seed)?;
    let mut trainer = Trainer::<f64>::new(&start, settings)?;
    let (mut rows, mut pictured) = (Vec::new(), Vec::new());
    loop {
        let epoch = trainer.epochs();
        let last = epoch >= epochs;
        if MEASURED.contains(&epoch) || last {
            let network = trainer.network()?;
            let (row, potential) = row(epoch, activation, &network, points, plan, domain, file)?;
            rows.push(row);
            if PICTURED.contains(&epoch) || last {
                pictured.push(Snapshot { epoch, network, potential });
            }
        }
        if last {
            return Ok(Trained { activation, settings, rows, pictured });
        }
        trainer.epoch(points, None)?;
    }
}

/// The numbers of one snapshot and the potential of its gradient part; its decomposition goes to the HDF5 file.
fn row(
    epoch: usize,
    activation: Activation,
    network: &Network,
    points: &PointSet,
    plan: &dyn Decompose<2>,
    domain: &Domain<2>,
    file: &mut ResultFile,
) -> Result<(Value, Vec<f64>)> {
    let source = AutoencoderField::<2>::new(network.clone())?;
    let faces = source.sample(*domain.grid(), Layout::Faces);
    let samples = source.sample(*domain.grid(), Layout::Points);
    let parts = plan.decompose(&faces)?;
    let report = diagnostic::measure(plan, &faces, &samples, &parts);
    let group =
        FieldGroup::on_grid(&format!("{activation} epoch {epoch:03}"), domain.grid(), ["", ""]);
    let content = Content { input: true, faces: false, spectra: false };
    let record = Record {
        mask: MaskContent::OfField,
        filled: &[],
        domain,
        samples: &samples,
        staggered: None,
        parts: &parts,
        units: "",
        potential_units: "",
        vector_potential: None,
        harmonic_basis: &[],
        friedrichs: None,
        by_convention: None,
        content,
    };
    file.write_group_and(&record.fill(group), || report_attributes(&report))?;
    let data = measure(network, points.values());
    let grid = measure(network, &grid_points(CELLS));
    let error = squared_error(network, points.values());
    let row = json!({
        "epoch": epoch,
        "sym_map": data.sym_map, "sym_field": data.sym_field, "rho": data.rho, "sym_sqrt": data.sym_sqrt,
        "curl_rms": data.curl_rms, "curl_relative": data.curl_relative,
        "curl_mean_square": data.curl_rms.powi(2),
        "reconstruction": error.iter().sum::<f64>() / error.len() as f64,
        "grid_sym_map": grid.sym_map, "grid_sym_field": grid.sym_field, "grid_curl_rms": grid.curl_rms,
        "gradient_fraction": report.fraction.gradient,
        "solenoidal_fraction": report.fraction.solenoidal,
        "solenoidal_fraction_without_mean": report.without_mean.map(|rest| rest.solenoidal),
        "field_norm": report.energy.input.sqrt(),
    });
    Ok((row, parts.potential.into_values()))
}

/// Cell centres of an n × n grid over the window.
pub fn grid_points(n: usize) -> Vec<f64> {
    let h = (WINDOW.1 - WINDOW.0) / n as f64;
    let at = |i: usize| WINDOW.0 + (i as f64 + 0.5) * h;
    (0..n * n).flat_map(|cell| [at(cell % n), at(cell / n)]).collect()
}

/// |r(x) − x|² at every point.
pub fn squared_error(network: &Network, points: &[f64]) -> Vec<f64> {
    network.field(points).chunks(2).map(|v| v[0] * v[0] + v[1] * v[1]).collect()
}

fn summary(options: &Options, set: &str, points: &PointSet, runs: &[Trained]) -> Value {
    let runs: Vec<Value> = runs
        .iter()
        .map(|run| {
            let (first, last) = (&run.rows[0], &run.rows[run.rows.len() - 1]);
            let curl = |row: &Value| row["curl_mean_square"].as_f64().unwrap_or(f64::NAN);
            json!({
                "activation": run.activation,
                "settings": Settled(run.settings).value(),
                "curl_mean_square": { "initial": curl(first), "final": curl(last), "ratio": curl(first) / curl(last) },
                "sym_map": { "initial": first["sym_map"], "final": last["sym_map"] },
                "sym_field": { "initial": first["sym_field"], "final": last["sym_field"] },
                "epochs": run.rows,
            })
        })
        .collect();
    json!({
        "set": set,
        "points": points.len(),
        "window": [WINDOW.0, WINDOW.1],
        "grid": CELLS,
        "units": options.units.unwrap_or(UNITS),
        "initial": "W, R uniform in ±1, biases 0",
        "decomposition": "staggered, no-flux",
        "runs": runs,
    })
}

/// The same rows as text.
fn table(options: &Options, name: &str, runs: &[Trained]) -> Result<()> {
    let columns = [
        "epoch",
        "sym_map",
        "sym_field",
        "rho",
        "sym_sqrt",
        "curl_mean_square",
        "reconstruction",
        "grid_sym_map",
        "grid_sym_field",
        "grid_curl_rms",
        "gradient_fraction",
        "solenoidal_fraction",
        "solenoidal_fraction_without_mean",
    ];
    let mut text = format!("activation,{}\n", columns.join(","));
    for run in runs {
        for row in &run.rows {
            let cells: Vec<String> = columns.iter().map(|c| row[*c].to_string()).collect();
            text += &format!("{},{}\n", run.activation, cells.join(","));
        }
    }
    std::fs::write(options.results.join(format!("{name}.csv")), text)?;
    Ok(())
}
