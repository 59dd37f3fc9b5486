//! What is drawn, from the arrays.

use super::contents::Contents;
use super::read::{Opened, Reader};
use crate::cli::args_plot::{Part, PlotArguments, Show};
use crate::cli::picture::{label, of_plane, plane_of, title, value_label};
use crate::diagnostic::spectra;
use crate::field::ScalarField;
use crate::grid::AXIS_NAMES;
use crate::operator::{curl_at_points, divergence_at_points};
use crate::output::picture::{
    Block, Chart, Colours, Figure, Ground, Heights, Look, Panel, Picture, Plane, Sheet,
};
use crate::source::Sample;
use anyhow::{Context, Result, ensure};

/// A part weaker than this share of the strongest is rounding.
const NOTHING: f64 = 1e-9;
/// Energies below this share of the largest are rounding.
const ROUNDING: f64 = 1e-18;

/// Panels of one kind, one for each part.
pub struct Row {
    pub what: &'static str,
    pub look: Look,
    pub value_label: String,
    pub panels: Vec<Panel>,
}

/// Everything that is drawn.
pub struct Drawn {
    pub headline: String,
    axis_labels: [String; 2],
    pub rows: Vec<Row>,
    pub spectrum: Option<Chart>,
}

impl Drawn {
    pub fn figure(&self, sheet: Sheet, colours: Colours) -> Figure {
        let picture = |row: &Row| Picture {
            axis_labels: self.axis_labels.clone(),
            value_label: row.value_label.clone(),
            panels: row.panels.clone(),
            colours,
            look: row.look,
            ..Picture::default()
        };
        let panels = self.rows.iter().map(|row| Block::Panels(picture(row)));
        let blocks = panels.chain(self.spectrum.clone().map(Block::Spectrum)).collect();
        Figure { headline: self.headline.clone(), sheet, blocks }
    }
}

/// A part and its array.
type Read<const D: usize> = (Part, Sample<D>);

pub fn of<const D: usize>(reader: &Reader<'_>) -> Result<Drawn>
where
    (): Opened<D>,
{
    let arguments = reader.arguments;
    let asked = reader.contents.parts(arguments)?;
    check(reader, &asked, D)?;
    let read = |part: Part| reader.part::<D>(part).map(|sample| (part, sample));
    let parts: Vec<Read<D>> = asked.into_iter().map(read).collect::<Result<_>>()?;
    let (parts, zero) = without_zeros(parts, arguments);
    let first = &parts[0].1;
    let plane = plane_of(arguments.picture_slice, first.domain.grid())?;
    let mut rows = Vec::new();
    let over =
        [Show::Magnitude, Show::Streamlines, Show::Quiver, Show::Potential, Show::StreamFunction];
    if over.iter().any(|show| arguments.show.contains(show)) {
        rows.push(vectors(reader, &parts, plane)?);
    }
    for show in [Show::Divergence, Show::Curl] {
        if arguments.show.contains(&show) {
            rows.push(map(show, &parts, plane)?);
        }
    }
    let spectrum = arguments.show.contains(&Show::Spectrum).then(|| spectrum(&parts));
    let axes = plane.map_or([0, 1], |plane| plane.axes());
    let headline = format!("{}{}{zero}", title(&first.name), of_plane(first, plane));
    let axis_labels = axes.map(|k| label(first, k));
    Ok(Drawn { headline, axis_labels, rows, spectrum: spectrum.transpose()? })
}

/// Refuses contours of what is not there.
fn check(reader: &Reader<'_>, parts: &[Part], dims: usize) -> Result<()> {
    let (show, file) = (&reader.arguments.show, &reader.arguments.field);
    for (asked, array, part) in [
        (Show::Potential, "potential", Part::Gradient),
        (Show::StreamFunction, "stream_function", Part::Solenoidal),
    ] {
        if !show.contains(&asked) {
            continue;
        }
        let name = array.replace('_', "-");
        ensure!(
            asked != Show::StreamFunction || dims == 2,
            "--show {name} cannot apply: a field in 3D has a vector potential, which has no contours; leave it out"
        );
        ensure!(
            reader.contents.has(array),
            "{file} has no {name} to draw contours of; {} writes one, hodge plot parts.h5 draws it",
            match reader.contents {
                Contents::Field => format!("hodge decompose {file} --potentials -o parts.h5"),
                Contents::Result(_) => "hodge decompose FIELD --potentials -o parts.h5".into(),
            }
        );
        ensure!(
            parts.contains(&part),
            "--show {name} draws in the {}, which is not drawn: add it to --part",
            part.title()
        );
    }
    Ok(())
}

/// The parts without those that are zero, unless they were named, and words on which are.
fn without_zeros<const D: usize>(
    parts: Vec<Read<D>>,
    arguments: &PlotArguments,
) -> (Vec<Read<D>>, String) {
    let largest = parts.iter().map(|(_, sample)| sample.points.max_abs()).fold(0.0, f64::max);
    if !arguments.part.contains(&Part::All) || largest == 0.0 {
        return (parts, String::new());
    }
    let is_zero = |read: &Read<D>| read.1.points.max_abs() <= NOTHING * largest;
    let (zero, drawn): (Vec<_>, Vec<_>) = parts.into_iter().partition(is_zero);
    let words = zero.iter().map(|(part, _)| format!("; {} is zero", part.title())).collect();
    (drawn, words)
}

/// Magnitude, streamlines, arrows and contours over each other.
fn vectors<const D: usize>(
    reader: &Reader<'_>,
    parts: &[Read<D>],
    plane: Option<Plane>,
) -> Result<Row>
where
    (): Opened<D>,
{
    let show = &reader.arguments.show;
    let has = |one| show.contains(&one);
    let mut panels = Vec::new();
    for (part, sample) in parts {
        let mut panel = Panel::within(part.title(), &sample.points, &sample.domain, plane);
        let array = match part {
            Part::Gradient if has(Show::Potential) => Some("potential"),
            Part::Solenoidal if has(Show::StreamFunction) => Some("stream_function"),
            _ => None,
        };
        if let Some(array) = array {
            let read = reader.scalar::<D>(array)?;
            let name = array.replace('_', " ");
            let heights = read.points.component(0);
            panel.heights = Some(Heights::of_field(&name, heights, &read.domain, plane));
            panel.title += &format!("\ncontours of the {name}");
        }
        panels.push(panel);
    }
    let ground = if has(Show::Magnitude) { Ground::Magnitude } else { Ground::Blank };
    let look = Look { ground, streamlines: has(Show::Streamlines), arrows: has(Show::Quiver) };
    let value_label = value_label(&parts[0].1, plane.is_some());
    Ok(Row { what: "magnitude", look, value_label, panels })
}

/// A map of the divergence or the curl of every part.
fn map<const D: usize>(show: Show, parts: &[Read<D>], plane: Option<Plane>) -> Result<Row> {
    // Right-handed around the normal of the plane.
    let pair = plane.map_or([0, 1], |plane| [[1, 2], [2, 0], [0, 1]][plane.axis()]);
    let of = |sample: &Sample<D>| -> Option<ScalarField<D>> {
        match show {
            Show::Divergence => divergence_at_points(&sample.points, &sample.domain),
            _ => curl_at_points(&sample.points, &sample.domain, pair),
        }
    };
    let what = if show == Show::Divergence { "divergence" } else { "curl" };
    let panel = |(part, sample): &Read<D>| {
        let values = of(sample).with_context(|| {
            format!(
                "--show {what} needs lengths at the points, and this metric has those of faces alone; leave it out"
            )
        })?;
        Ok(Panel::of_scalar(&format!("{what}, {}", part.title()), &values, &sample.domain, plane))
    };
    let first = &parts[0].1;
    let units = match (first.units.as_str(), first.length_units()[0].as_str()) {
        ("", _) | (_, "") => String::new(),
        ("m/s" | "m s-1" | "m s**-1", "m") => " (1/s)".into(),
        (units, length) => format!(" ({units} / {length})"),
    };
    let around = plane.map_or("", |plane| AXIS_NAMES[plane.axis()]);
    let around = match (show, plane) {
        (Show::Curl, Some(_)) => format!(" around {around}"),
        _ => String::new(),
    };
    let look = Look { ground: Ground::Signed, streamlines: false, arrows: false };
    let value_label = format!("{what}{around} by central differences{units}");
    let panels = parts.iter().map(panel).collect::<Result<_>>()?;
    Ok(Row { what, look, value_label, panels })
}

/// Energy against the wavenumber.
fn spectrum<const D: usize>(parts: &[Read<D>]) -> Result<Chart> {
    let domain = &parts[0].1.domain;
    ensure!(
        domain.grid().fully_periodic() && domain.mask().is_none() && domain.metric().is_none(),
        "--show spectrum is for boxes with every axis periodic and evenly spaced, without a mask; leave it out, or say with \
         --periodic which axes are"
    );
    let largest = parts.iter().map(|(_, sample)| sample.points.max_abs()).fold(0.0, f64::max);
    ensure!(
        largest == 0.0 || (1e-150..1e150).contains(&largest),
        "--show spectrum is of squares, and those of {largest:e} leave double precision; take other units, or leave it out"
    );
    let (mut x, mut curves) = (Vec::new(), Vec::new());
    for (part, sample) in parts {
        let found = spectra(&sample.points);
        // The mean has no place among logarithms.
        x = found.wavenumber[1..].to_vec();
        let of_shell = |m: usize| found.energy.iter().map(|component| component[m]).sum::<f64>();
        curves.push((part.title().to_string(), (1..=x.len()).map(of_shell).collect::<Vec<f64>>()));
    }
    let largest = curves.iter().flat_map(|curve| &curve.1).copied().fold(0.0, f64::max);
    for energy in curves.iter_mut().flat_map(|curve| &mut curve.1) {
        *energy = if *energy > ROUNDING * largest { *energy } else { 0.0 };
    }
    let x_label = match parts[0].1.axis_units[0].as_str() {
        "" => "wavenumber".into(),
        units => format!("wavenumber (rad/{units})"),
    };
    let title = "energy in shells of wavenumbers; all add up to the mean of |v|²".into();
    Ok(Chart { title, x_label, x, logarithmic: true, curves })
}
