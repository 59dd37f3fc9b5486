//! The authors' Hodge experiment: what an auto-encoder extracts from F = (−x, −y) + (y, −x) on
//! [−1, 1]², beside what the decomposition says.

use crate::support::{Options, Settled, write_json};
use anyhow::Result;
use faer::prelude::SolveLstsq;
use faer::{Mat, linalg::solvers::Qr};
use hodge::autoencoder::train::{Corruption, Initial, Optimizer, Settings, Trainer, WeightLength};
use hodge::autoencoder::{Activation, Layer, Network, PointSet};
use hodge::boundary::Boundary;
use hodge::decomposition::Method;
use hodge::diagnostic;
use hodge::field::{Layout, VectorField, Way};
use hodge::grid::{Axis, Domain, Grid, Topology};
use hodge::output::picture::{Panel, Picture};
use hodge::source::analytic::find_2d;
use serde_json::{Value, json};

/// Points along each axis, as in the authors' script.
const N: usize = 100;

fn field([x, y]: [f64; 2]) -> [f64; 2] {
    [y - x, -x - y]
}

fn domain(n: usize) -> Result<Domain<2>> {
    let axis = Axis::over(-1.0, 1.0, n, Topology::Bounded);
    Ok(Domain::full(Grid::new([axis, axis])?))
}

/// The points of the grid, and the field there.
fn pairs() -> Result<(PointSet, Vec<f64>)> {
    let at = |i: usize| -1.0 + (i as f64 + 0.5) * 2.0 / N as f64;
    let points: Vec<f64> = (0..N * N).flat_map(|c| [at(c % N), at(c / N)]).collect();
    let values = points.chunks(2).flat_map(|p| field([p[0], p[1]])).collect();
    Ok((PointSet::new(2, points)?, values))
}

pub fn run(options: &Options) -> Result<()> {
    let (points, values) = pairs()?;
    let exact = exact_split(N)?;
    let decompositions: Vec<Value> = [N, 256]
        .into_iter()
        .flat_map(|n| [Boundary::NoFlux, Boundary::NormalParallel].map(|b| decomposed(n, b)))
        .collect::<Result<_>>()?;
    let fits = networks(options, &points, &values)?;
    let numbers: Vec<Value> = fits.iter().map(|fit| compare(fit, &points, &exact)).collect();
    write_json(
        &options.results.join("hodge_experiment.json"),
        &json!({
            "field": "(−x, −y) + (y, −x) on [−1, 1]²",
            "points": N * N,
            "exact": exact_energies(),
            "decompositions": decompositions,
            "auto_encoders": numbers,
        }),
    )?;
    draw(options, &points, &values, &exact, &fits)
}

/// The field is case S1 of the library, which knows the energies of its parts in closed form.
fn exact_energies() -> Value {
    let case = find_2d("S1").expect("S1 is built in");
    let known = |boundary| case.known_energies(boundary).expect("S1 knows its energies");
    let [gradient, rest, _] = known(Boundary::NoFlux);
    let [g, s, h] = known(Boundary::NormalParallel);
    json!({
        "energy": gradient + rest,
        "no_flux": { "gradient": gradient, "solenoidal": rest },
        "normal_parallel": { "gradient": g, "solenoidal": s, "harmonic": h },
        "distance_of_no_flux_gradient_from_minus_x": (8.0 / 3.0 - rest).sqrt(),
    })
}

/// A network that learned something of the field.
struct Fit {
    name: String,
    network: Network,
    settings: Option<Settings>,
}

fn networks(options: &Options, points: &PointSet, values: &[f64]) -> Result<Vec<Fit>> {
    let network = least_squares(points, values)?;
    let name = "least squares over random features, R = W E".to_string();
    let mut fits = vec![Fit { name, network, settings: None }];
    let (network, settings) = regression(options, points, values)?;
    let name = "tied network trained on the pairs x → F(x) + x".to_string();
    fits.push(Fit { name, network, settings: Some(settings) });
    let samples = PointSet::new(2, values.to_vec())?;
    for tied in [true, false] {
        for contractive in [true, false] {
            let (network, settings) = on_samples(options, &samples, tied, contractive)?;
            let weights = if tied { "tied" } else { "untied" };
            let kind = if contractive { "contractive" } else { "plain" };
            let name = format!("{weights} {kind} ReLU network trained on the samples F(x)");
            fits.push(Fit { name, network, settings: Some(settings) });
        }
    }
    Ok(fits)
}

/// The field and its parts above, what three conservative networks made of it below.
fn draw(
    options: &Options,
    points: &PointSet,
    values: &[f64],
    exact: &[f64],
    fits: &[Fit],
) -> Result<()> {
    let rest: Vec<f64> = values.iter().zip(exact).map(|(f, g)| f - g).collect();
    let mut panels = vec![
        panel("F = (−x, −y) + (y, −x)", values),
        panel("no-flux gradient part of F", exact),
        panel("no-flux solenoidal part of F", &rest),
    ];
    let titles = [
        "least-squares conservative fit",
        "tied, trained on the pairs",
        "tied contractive, on samples F(x)",
    ];
    for (title, fit) in titles.into_iter().zip(fits) {
        panels.push(panel(title, &fit.network.field(points.values())));
    }
    let picture = Picture {
        headline: "Parts of F, and what auto-encoders extract from it".into(),
        axis_labels: ["x".into(), "y".into()],
        value_label: "speed".into(),
        panels,
        ..Picture::default()
    };
    std::fs::create_dir_all(&options.figures)?;
    picture.draw(&options.figures.join("hodge_experiment.png"), true)?;
    Ok(())
}

/// The vectors at the points of the grid.
fn panel(title: &str, vectors: &[f64]) -> Panel {
    Panel {
        title: title.into(),
        shape: [N, N],
        x_range: [-1.0, 1.0],
        y_range: [-1.0, 1.0],
        u: vectors.iter().copied().step_by(2).collect(),
        v: vectors.iter().copied().skip(1).step_by(2).collect(),
        mask: None,
        on_sphere: false,
        units: [1.0; 2],
        heights: None,
    }
}

/// The no-flux gradient part at the points of the n × n grid.
fn exact_split(n: usize) -> Result<Vec<f64>> {
    let domain = domain(n)?;
    let faces = VectorField::sample(*domain.grid(), Layout::Faces, field);
    let parts = Method::Staggered.plan(&domain, Some(Boundary::NoFlux), None)?.decompose(&faces)?;
    let gradient = hodge::field::to_points(&parts.gradient, &domain, Way::Mean);
    let [x, y] = gradient.components();
    Ok(x.values().iter().zip(y.values()).flat_map(|(x, y)| [*x, *y]).collect())
}

fn decomposed(n: usize, boundary: Boundary) -> Result<Value> {
    let domain = domain(n)?;
    let plan = Method::Staggered.plan(&domain, Some(boundary), None)?;
    let faces = VectorField::sample(*domain.grid(), Layout::Faces, field);
    let samples = VectorField::sample(*domain.grid(), Layout::Points, field);
    let parts = plan.decompose(&faces)?;
    let report = diagnostic::measure(&*plan, &faces, &samples, &parts);
    Ok(
        json!({ "n": n, "boundary": boundary, "energy": report.energy, "orthogonality": report.orthogonality }),
    )
}

/// Conservative by construction: random w_l, b_l, and e_l, c by least squares for the field.
fn least_squares(points: &PointSet, values: &[f64]) -> Result<Network> {
    const UNITS: usize = 300;
    let scale = Initial::Uniform { limit: 4.0 };
    let draw = Network::random(2, &[UNITS], &[Activation::Tanh], false, scale, 7)?;
    let mut encoder = draw.layers()[0].clone();
    // The random decoder serves as random biases.
    encoder.bias.copy_from_slice(&draw.layers()[1].weight[..UNITS]);
    let zero = Layer { weight: vec![0.0; 2 * UNITS], bias: vec![0.0; 2], inputs: UNITS };
    let bare = Network::new(vec![encoder.clone(), zero], vec![Activation::Tanh], false)?;
    let hidden: Vec<Vec<f64>> = (0..points.len()).map(|p| bare.hidden(points.point(p)).0).collect();
    let matrix = Mat::from_fn(2 * points.len(), UNITS + 2, |row, l| match l.checked_sub(UNITS) {
        None => encoder.weight[2 * l + row % 2] * hidden[row / 2][l],
        Some(i) => f64::from(u8::from(i == row % 2)),
    });
    let right = Mat::from_fn(2 * points.len(), 1, |row, _| values[row] + points.values()[row]);
    let solution = Qr::new(matrix.as_ref()).solve_lstsq(&right);
    let weight = (0..2 * UNITS)
        .map(|at| encoder.weight[at % UNITS * 2 + at / UNITS] * solution[(at % UNITS, 0)])
        .collect();
    let bias = vec![solution[(UNITS, 0)], solution[(UNITS + 1, 0)]];
    let decoder = Layer { weight, bias, inputs: UNITS };
    Ok(Network::new(vec![encoder, decoder], vec![Activation::Tanh], false)?)
}

/// A tied, hence conservative, network that learns the field by gradient descent.
fn regression(options: &Options, points: &PointSet, values: &[f64]) -> Result<(Network, Settings)> {
    let targets = values.iter().zip(points.values()).map(|(f, x)| f + x).collect();
    let targets = PointSet::new(2, targets)?;
    let settings = Settings {
        batch: 100,
        rate: 2e-3,
        decay: 5.0,
        optimizer: Optimizer::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        ..Settings::default()
    };
    let glorot = Initial::Glorot { gain: 4.0 };
    let start = Network::random(2, &[200], &[Activation::Sigmoid], true, glorot, 1)?;
    let mut trainer = Trainer::<f64>::new(&start, settings)?;
    for _ in 0..options.epochs.unwrap_or(100) {
        trainer.epoch(points, Some(&targets))?;
    }
    Ok((trainer.network()?, settings))
}

/// What the released script does: an auto-encoder of the values F(x) themselves.
fn on_samples(
    options: &Options,
    samples: &PointSet,
    tied: bool,
    contractive: bool,
) -> Result<(Network, Settings)> {
    let settings = Settings {
        corruption: Corruption::Gaussian { sigma: if tied { 0.01 } else { 0.1 } },
        contraction: if contractive { 2.0 } else { 0.0 },
        batch: 1000,
        rate: 5e-4,
        decay: f64::INFINITY,
        optimizer: Optimizer::Sgd { momentum: 0.0 },
        weight_length: WeightLength::Free,
        seed: 1,
    };
    let glorot = Initial::Glorot { gain: 4.0 };
    let units = options.units.unwrap_or(1000);
    let start = Network::random(2, &[units], &[Activation::Relu], tied, glorot, 1)?;
    let mut trainer = Trainer::<f64>::new(&start, settings)?;
    for _ in 0..options.epochs.unwrap_or(500) {
        trainer.epoch(samples, None)?;
    }
    Ok((trainer.network()?, settings))
}

/// A network's field beside (−x, −y), F and the no-flux gradient part, in the L2 norm of the square.
fn compare(fit: &Fit, points: &PointSet, exact: &[f64]) -> Value {
    let learned = fit.network.field(points.values());
    let cell = 4.0 / points.len() as f64;
    let distance = |other: &dyn Fn(usize) -> f64| -> f64 {
        let sum: f64 = learned.iter().enumerate().map(|(i, v)| (v - other(i)).powi(2)).sum();
        (sum * cell).sqrt()
    };
    let x = points.values();
    let full = |i: usize| field([x[i - i % 2], x[i - i % 2 + 1]])[i % 2];
    let (matrix, r2) = linear_fit(x, &learned);
    let mut numbers = json!({
        "network": fit.name,
        "energy": distance(&|_| 0.0).powi(2),
        "distance_from_no_flux_gradient": distance(&|i| exact[i]),
        "distance_from_minus_x": distance(&|i| -x[i]),
        "distance_from_field": distance(&full),
        "linear_map": matrix,
        "linear_r2": r2,
        "curl_rms": hodge::autoencoder::conservativeness::measure(&fit.network, x).curl_rms,
    });
    if let Some(settings) = fit.settings {
        numbers["settings"] = Settled(settings).value();
    }
    numbers
}

/// The best M in v ≈ M x (rows), and its coefficient of determination.
fn linear_fit(x: &[f64], v: &[f64]) -> ([[f64; 2]; 2], f64) {
    let sum = |f: &dyn Fn(usize) -> f64| (0..x.len() / 2).map(f).sum::<f64>();
    let [xx, xy, yy] = [
        sum(&|p| x[2 * p] * x[2 * p]),
        sum(&|p| x[2 * p] * x[2 * p + 1]),
        sum(&|p| x[2 * p + 1] * x[2 * p + 1]),
    ];
    let determinant = xx * yy - xy * xy;
    let row = |k: usize| {
        let (a, b) = (sum(&|p| v[2 * p + k] * x[2 * p]), sum(&|p| v[2 * p + k] * x[2 * p + 1]));
        [(a * yy - b * xy) / determinant, (b * xx - a * xy) / determinant]
    };
    let m = [row(0), row(1)];
    let miss = sum(&|p| {
        (0..2).map(|k| (v[2 * p + k] - m[k][0] * x[2 * p] - m[k][1] * x[2 * p + 1]).powi(2)).sum()
    });
    (m, 1.0 - miss / v.iter().map(|v| v * v).sum::<f64>())
}
