//! The scores of Jacobians that are given, and of fields that are sampled.

use super::super::args::Common;
use super::super::args_autoencoder::ConservativenessArguments;
use super::super::exit::Exit;
use super::super::{hints, input, terminal};
use super::output::Output;
use crate::autoencoder::conservativeness::{Conservativeness, Symmetry};
use crate::boundary::Condition;
use crate::field::{Layout, VectorField, Way, to_faces};
use crate::grid::{Domain, Location, ravel, unravel};
use crate::operator::{Betti, Loop, around_holes, cohomology, jacobians_at_points};
use crate::source::{AnySeries, Sample, Series};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

/// A circulation above this share of speed times length is none of sampling.
const CIRCULATES: f64 = 0.01;

/// The scores of an array of Jacobians.
pub fn of_jacobians(
    name: &str,
    reconstruction: bool,
    arguments: &ConservativenessArguments,
    common: &Common,
) -> Result<Exit> {
    refuse(arguments, "an array of Jacobians")?;
    ensure!(
        arguments.maps.picture.is_none() && arguments.grid.domain.is_empty(),
        "--picture and --domain are about a grid, and an array of Jacobians has none: leave them out"
    );
    let array = crate::source::file::array(name)?;
    let [points, d, columns] = array.shape()[..] else {
        bail!(
            "{name} has the shape {:?}; expected (points, D, D), the Jacobian of each point",
            array.shape()
        );
    };
    ensure!(
        d == columns && d > 0 && points > 0,
        "{name} has the shape {:?}; expected (points, D, D), the Jacobian of each point",
        array.shape()
    );
    let values = array.as_standard_layout();
    let values = values.as_slice().expect("in standard layout");
    if let Some(at) = values.iter().position(|v| !v.is_finite()) {
        let (point, row, column) = (at / (d * d), at / d % d, at % d);
        bail!("{name}: entry ({row}, {column}) of Jacobian {point} is {} (all from 0)", values[at]);
    }
    let of = if reconstruction { Symmetry::of } else { Symmetry::of_output };
    let scores: Vec<Symmetry> = values.chunks(d * d).map(|j| of(d, j)).collect();
    let mut output = Output::of(arguments, common)?;
    output.points(&[], d, &scores)?;
    let mut result = json!(Conservativeness::of(d, &scores, None));
    result["source"] = json!(arguments.source);
    result["dimension"] = json!(d);
    super::print(&result, common);
    output.finish(common)?;
    Ok(Exit::Done)
}

fn refuse(arguments: &ConservativenessArguments, what: &str) -> Result<()> {
    let given = [
        (arguments.points.is_some(), "--points"),
        (arguments.probes.is_some(), "--probes"),
        (arguments.no_eigenvalues, "--no-eigenvalues"),
    ];
    let idle = given.iter().find(|(given, _)| *given);
    idle.map_or(Ok(()), |(_, option)| {
        bail!("{option} is for networks, and {what} has its own points and Jacobians: leave it out")
    })
}

fn are_jacobians(source: &str) -> bool {
    let shape = crate::source::file::array(source).map(|array| array.shape().to_vec());
    matches!(shape.as_deref(), Ok([_, rows, columns]) if rows == columns)
}

/// The scores of every field of a file or of a case.
pub fn of_fields(arguments: &ConservativenessArguments, common: &Common) -> Result<Exit> {
    refuse(arguments, "a sampled field")?;
    let opened = input::open(&arguments.source, &arguments.grid, &arguments.file);
    let series = opened.map_err(|error| match are_jacobians(&arguments.source) {
        true => error.context("Jacobians of shape (points, D, D) are given as jacobians:FILE or jacobians-autoencoder:FILE"),
        false => error,
    })?;
    if !common.quiet {
        let notes = match &series {
            AnySeries::Plane(series) => series.notes(),
            AnySeries::Space(series) => series.notes(),
        };
        notes.iter().for_each(|note| terminal::note(&hints::note(note)));
    }
    let mut output = Output::of(arguments, common)?;
    match &series {
        AnySeries::Plane(series) => each(&**series, &mut output, common)?,
        AnySeries::Space(series) => each(&**series, &mut output, common)?,
    }
    output.finish(common)?;
    Ok(Exit::Done)
}

fn each<const D: usize>(
    series: &dyn Series<D>,
    output: &mut Output,
    common: &Common,
) -> Result<()> {
    for index in 0..series.count() {
        let sample = series.item(index, Some(Layout::Faces), Way::default(), None)?;
        let result = field(&sample, output).with_context(|| sample.name.clone())?;
        super::print(&result, common);
    }
    Ok(())
}

fn field<const D: usize>(sample: &Sample<D>, output: &mut Output) -> Result<Value> {
    let domain = &sample.domain;
    let jacobians = jacobians_at_points(&sample.points, domain).with_context(|| {
        format!(
            "the Jacobian is measured in flat space alone, and the metric is {}",
            domain.geometry().name()
        )
    })?;
    let of = |cell: usize| &jacobians[cell * D * D..][..D * D];
    let measured = |cell: usize| of(cell).iter().all(|entry| entry.is_finite());
    let cells: Vec<usize> = (0..domain.grid().cells()).filter(|cell| measured(*cell)).collect();
    ensure!(
        !cells.is_empty(),
        "no point has a neighbour on every side, so that no Jacobian is known"
    );
    let scores: Vec<Symmetry> =
        cells.iter().map(|cell| Symmetry::of_output(D, of(*cell))).collect();
    let weights = sample.density.as_ref().map(|density| at_points(density, &cells));
    output.grid(&sample.name, domain, &scores, measured)?;
    let mut result = json!(Conservativeness::of(D, &scores, weights.as_deref()));
    result["source"] = json!(sample.name);
    result["dimension"] = json!(D);
    result["derivative"] = json!("central differences between neighbouring points");
    if weights.is_some() {
        result["weights"] = json!("density");
    }
    add_topology(&mut result, sample);
    Ok(result)
}

/// The density at cells, the geometric mean of those on the faces around each.
fn at_points<const D: usize>(density: &VectorField<D>, cells: &[usize]) -> Vec<f64> {
    let grid = density.grid();
    let logarithm = |cell: usize| {
        let index = unravel(grid.shape(), cell);
        let along = |k: usize| {
            let (values, shape) = (density.component(k).values(), grid.shape_at(Location::face(k)));
            let faces = grid.axes()[k].faces_beside(index[k]);
            let of = |face: usize| {
                let mut at = index;
                at[k] = face;
                values[ravel(shape, at)].ln()
            };
            0.5 * (of(faces[0]) + of(faces[1]))
        };
        (0..D).map(along).sum::<f64>() / D as f64
    };
    let all: Vec<f64> = cells.iter().map(|cell| logarithm(*cell)).collect();
    let largest = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    all.into_iter().map(|v| (v - largest).exp()).collect()
}

/// Betti numbers and circulations: where there are loops, symmetry at every point is not enough.
fn add_topology<const D: usize>(result: &mut Value, sample: &Sample<D>) {
    let domain = &sample.domain;
    let loops = cohomology(domain, Condition::Neumann).into_iter().map(|cocycle| cocycle.path);
    let loops = around_holes(domain, loops.collect());
    result["betti"] = json!(Betti::of(domain).fluid);
    if loops.is_empty() {
        return;
    }
    let made;
    let faces = match &sample.faces {
        Some(faces) => faces,
        None => {
            made = to_faces(&sample.points, domain);
            &made
        }
    };
    let speed = rms(&sample.points, domain);
    let found: Vec<Value> =
        loops.iter().map(|path| circulation(path, domain, faces, speed)).collect();
    let relative = |value: &Value| value["relative"].as_f64().unwrap_or(0.0).abs();
    let around = found.iter().filter(|value| relative(value) > CIRCULATES).count();
    result["circulates"] = json!(around > 0);
    result["topology_in_words"] = json!(match around {
        0 => format!(
            "the field circulates around none of {} loops, to sampling: where it has no curl it is conservative",
            found.len()
        ),
        _ => format!(
            "symmetric is not conservative here: around {around} of {} loops the field circulates, so it has no potential",
            found.len()
        ),
    });
    result["circulations"] = json!(found);
}

fn circulation<const D: usize>(
    path: &Loop,
    domain: &Domain<D>,
    faces: &VectorField<D>,
    speed: f64,
) -> Value {
    let through = path.circulation(domain, faces);
    let along = path.along_shore(domain, faces);
    let value = along.unwrap_or(through);
    let length = path.faces().len() as f64 * domain.grid().least_spacing();
    json!({
        "centre": path.hole().map(|hole| hole.centre().to_vec()),
        "along_shore": along.is_some(),
        "circulation": value,
        "through_cells": through,
        "relative": if speed > 0.0 { value / (speed * length) } else { 0.0 },
    })
}

/// Root mean square of the length of the field.
fn rms<const D: usize>(points: &VectorField<D>, domain: &Domain<D>) -> f64 {
    let active = |component: &crate::field::ScalarField<D>| -> f64 {
        let values = component.values().iter().enumerate();
        values.filter(|(cell, _)| domain.is_active(*cell)).map(|(_, v)| v * v).sum()
    };
    let squares: f64 = points.components().iter().map(active).sum();
    (squares / domain.active_cells() as f64).sqrt()
}
