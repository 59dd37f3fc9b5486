//! `hodge split`: the conservative network closest to one.

use super::args::{Common, OutputFormat};
use super::args_split::SplitArguments;
use super::exit::Exit;
use super::outputs::Places;
use super::split_words::in_words;
use super::{memory, terminal};
use crate::autoencoder::{
    AutoencoderError, Closest, Network, PointSet, RidgeSplit, read_point_numbers,
    write_point_numbers,
};
use crate::boundary::Boundary;
use crate::decomposition::Method;
use crate::diagnostic;
use crate::field::Layout;
use crate::grid::{Domain, Grid, Location, Topology, unravel};
use crate::source::{AutoencoderField, GridRequest, Source, window_around};
use anyhow::{Context, Result, ensure};
use rayon::prelude::*;
use serde_json::{Value, json};

/// From how many times the size of the field the parts of a split are warned of.
const LARGE: f64 = 2.0;

/// The cells of a window, and what the best of all conservative fields leaves there.
struct Window {
    domain: Vec<f64>,
    cells: Vec<usize>,
    points: Vec<f64>,
    no_flux_share: f64,
}

pub fn run(arguments: &SplitArguments, common: &Common) -> Result<Exit> {
    let path = arguments.source.strip_prefix("autoencoder:").unwrap_or(&arguments.source);
    check_places(path, arguments)?;
    ensure!(
        super::onnx::named(&arguments.source).is_none(),
        "{} has no weights that are known; split takes autoencoder:WEIGHTS",
        arguments.source
    );
    ensure!(
        arguments.points.is_some() || !arguments.domain.is_empty(),
        "nothing to fit at: give --points FILE, --domain x0,x1,y0,y1 or both"
    );
    let network = super::autoencoder::read(path.as_ref(), arguments.activation.as_deref())?;
    let (points, density) = points(&network, arguments)?;
    let window = window(&network, arguments, points.as_ref())?;
    let at = match (&points, &window) {
        (Some(points), _) => points.values(),
        (None, Some(window)) => &window.points,
        (None, None) => unreachable!("--domain was given, and refused where it cannot apply"),
    };
    let place = (at, density.as_deref());
    let (conservative, mut result) = match arguments.exact {
        true => exact(&network, place, common)?,
        false => closest(&network, place, common)?,
    };
    result["source"] = json!(arguments.source);
    result["dimension"] = json!(network.dimension());
    result["units"] = json!(network.widths()[0]);
    result["fitted_at"] = json!(if points.is_some() { "points" } else { "window" });
    result["points"] = json!(at.len() / network.dimension());
    result["weighted"] = json!(density.is_some());
    if let Some(window) = &window {
        result["window"] = on_window(&network, &conservative, window, arguments.exact)?;
        warn_of_wild(&result, common);
    }
    write(arguments, (&network, &conservative), at, common)?;
    match common.format {
        OutputFormat::Json => terminal::print_json(&result.to_string()),
        OutputFormat::Table | OutputFormat::Csv => terminal::print(&in_words(&result)),
    }
    Ok(Exit::Done)
}

fn check_places(path: &str, arguments: &SplitArguments) -> Result<()> {
    let SplitArguments { output, points, density, energy, conditions, .. } = arguments;
    let places = Places::new(arguments.overwrite)
        .numbers("--energy", energy.as_deref())
        .hdf5("--conditions", conditions.as_deref())
        .input(path)
        .inputs(points.iter().chain(density));
    output.iter().fold(places, |places, output| places.weights("-o", output)).check()
}

/// The points and their weights.
fn points(
    network: &Network,
    arguments: &SplitArguments,
) -> Result<(Option<PointSet>, Option<Vec<f64>>)> {
    let Some(path) = &arguments.points else { return Ok((None, None)) };
    let all = PointSet::read(path)?;
    network.check_dimension(all.dimension(), "points")?;
    let points = all.first(arguments.first.unwrap_or(usize::MAX));
    let mut density = arguments.density.as_ref().map(read_point_numbers).transpose()?;
    if let Some(density) = &mut density {
        let (expected, found) = (all.len(), density.len());
        ensure!(
            found == expected,
            "--density has {found} numbers, --points {expected} points; expected as many"
        );
        density.truncate(points.len());
    }
    Ok((Some(points), density))
}

/// The window of a network of two or three dimensions.
fn window(
    network: &Network,
    arguments: &SplitArguments,
    points: Option<&PointSet>,
) -> Result<Option<Window>> {
    match network.dimension() {
        2 => of_dimension::<2>(network, arguments, points).map(Some),
        3 => of_dimension::<3>(network, arguments, points).map(Some),
        dimensions => {
            ensure!(
                arguments.domain.is_empty() && arguments.n.is_empty(),
                "--domain and --n are for networks of two or three dimensions; this one has {dimensions}: give --points"
            );
            Ok(None)
        }
    }
}

fn of_dimension<const D: usize>(
    network: &Network,
    arguments: &SplitArguments,
    points: Option<&PointSet>,
) -> Result<Window> {
    let around = points.map_or([(-1.0, 1.0); D], |points| {
        window_around(points.values().chunks_exact(D).map(|x| std::array::from_fn(|k| x[k])))
    });
    let request = GridRequest {
        cells: arguments.n.clone(),
        window: arguments.domain.clone(),
        periodic: None,
    };
    let (grid, _) = request.grid(around.map(|(start, end)| (start, end, Topology::Bounded)))?;
    memory::check_window(&grid)?;
    let ends = |k: usize| [grid.axes()[k].face(0), grid.axes()[k].face(grid.shape()[k])];
    let at = |cell| grid.position(Location::CELL, unravel(grid.shape(), cell));
    Ok(Window {
        domain: (0..D).flat_map(ends).collect(),
        cells: grid.shape().into(),
        points: (0..grid.cells()).flat_map(at).collect(),
        no_flux_share: no_flux_share(network, grid)?,
    })
}

/// The solenoidal share under no-flux: what the closest conservative field of any kind leaves.
fn no_flux_share<const D: usize>(network: &Network, grid: Grid<D>) -> Result<f64> {
    let source = AutoencoderField::<D>::new(network.clone())?;
    let plan = Method::Staggered.plan(&Domain::full(grid), Some(Boundary::NoFlux), None)?;
    let [faces, points] = [Layout::Faces, Layout::Points].map(|layout| source.sample(grid, layout));
    let parts = plan.decompose(&faces)?;
    Ok(diagnostic::measure(&*plan, &faces, &points, &parts).fraction.solenoidal)
}

/// The closest conservative network at weighted points.
fn closest(
    network: &Network,
    (at, density): (&[f64], Option<&[f64]>),
    common: &Common,
) -> Result<(Network, Value)> {
    let found = network.closest_conservative(at, density)?;
    if found.rank + network.dimension() >= at.len() && !common.quiet {
        terminal::note(&format!(
            "warning: {} units can meet any {} numbers of r at the points, so nothing follows for other points; give more points",
            found.factors.len(),
            at.len()
        ));
    }
    let result = json!({
        "exact": false,
        "field_rms": found.miss.field,
        "residual_rms": found.miss.residual,
        "share_left": found.miss.share_left(),
        "rank": found.rank,
        "rank_cut": Closest::RANK_CUT,
        "largest_factor": found.largest_factor(),
    });
    Ok((found.network, result))
}

/// The gradient part of the exact split, with a warning where its parts cancel.
fn exact(
    network: &Network,
    (at, density): (&[f64], Option<&[f64]>),
    common: &Common,
) -> Result<(Network, Value)> {
    let found = network.layers().len() - 1;
    let split = RidgeSplit::new(network).ok_or(AutoencoderError::HiddenLayers { found })?;
    let gradient = split.gradient_network().clone();
    let of_rest = network.miss(&gradient, at, density)?;
    let of_gradient = gradient.miss(&gradient, at, density)?;
    let over = |part: f64| if of_rest.field > 0.0 { part / of_rest.field } else { 0.0 };
    let (along, across) = (over(of_gradient.field), over(of_rest.residual));
    if along.max(across) > LARGE && !common.quiet {
        terminal::note(&format!(
            "warning: the parts of the exact split are up to {:.3} times as large as the field and cancel: its gradient \
             part is far from the conservative part, which hodge split finds without --exact",
            along.max(across)
        ));
    }
    let result = json!({
        "exact": true,
        "field_rms": of_rest.field,
        "gradient_over_field": along,
        "solenoidal_over_field": across,
    });
    Ok((gradient, result))
}

/// The window, and how the network does there beside no-flux.
fn on_window(
    network: &Network,
    conservative: &Network,
    window: &Window,
    exact: bool,
) -> Result<Value> {
    let mut result = json!({
        "domain": window.domain,
        "cells": window.cells,
        "no_flux_share": window.no_flux_share,
    });
    if !exact {
        let miss = network.miss(conservative, &window.points, None)?;
        result["share_left"] = json!(miss.share_left());
        let own = conservative.miss(conservative, &window.points, None)?;
        result["conservative_over_field"] =
            json!(if miss.field > 0.0 { own.field / miss.field } else { 0.0 });
    }
    Ok(result)
}

/// A network fitted at points may be anything between and beyond them.
fn warn_of_wild(result: &Value, common: &Common) {
    let ratio = result["window"]["conservative_over_field"].as_f64().unwrap_or(0.0);
    if ratio > LARGE && result["fitted_at"] == "points" && !common.quiet {
        terminal::note(&format!(
            "warning: on the window the conservative network is {ratio:.3} times as large as the field (root mean squares): \
             it fits at the points alone, and says nothing about the field between and beyond them; fit it on the window, \
             without --points, or give more points"
        ));
    }
}

/// Writes weights, energies and matrices.
fn write(
    arguments: &SplitArguments,
    (network, conservative): (&Network, &Network),
    at: &[f64],
    common: &Common,
) -> Result<()> {
    if let Some(path) = &arguments.output {
        conservative.write(path)?;
        terminal::wrote(path, common.quiet);
    }
    if let Some(path) = &arguments.energy {
        let energy = conservative.energy(1e-9).context("the decoder is not W diag(e)")?;
        let energies: Vec<f64> = at.par_chunks(network.dimension()).map(|x| energy.at(x)).collect();
        write_point_numbers(path, arguments.overwrite, "energy", &energies)?;
        terminal::wrote(path, common.quiet);
    }
    if let Some(path) = &arguments.conditions {
        let numbers = at.len().min(arguments.condition_points * network.dimension());
        network.write_conditions(path, &at[..numbers], arguments.overwrite)?;
        terminal::wrote(path, common.quiet);
    }
    Ok(())
}
