//! The numbers behind a picture.

use super::figure::{Drawn, Row};
use crate::output::picture::{Ground, Panel};
use anyhow::Result;
use serde::Serialize;

#[derive(Serialize)]
struct Shown {
    panel: String,
    shows: &'static str,
    least: f64,
    largest: f64,
    root_mean_square: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    contours: Option<Contours>,
}

#[derive(Serialize)]
struct Contours {
    of: String,
    levels: Vec<f64>,
}

#[derive(Serialize)]
struct Spectrum<'a> {
    wavenumber: &'a [f64],
    energy: &'a [(String, Vec<f64>)],
}

#[derive(Serialize)]
struct Record<'a> {
    field: &'a str,
    panels: Vec<Shown>,
    spectrum: Option<Spectrum<'a>>,
}

pub fn json(drawn: &Drawn) -> Result<String> {
    let spectrum = drawn
        .spectrum
        .as_ref()
        .map(|chart| Spectrum { wavenumber: &chart.x, energy: &chart.curves });
    let record = Record { field: &drawn.headline, panels: all(drawn), spectrum };
    Ok(serde_json::to_string(&record)?)
}

pub fn table(drawn: &Drawn) -> String {
    let mut out = format!("{}\n", drawn.headline);
    let panels = all(drawn);
    if !panels.is_empty() {
        let head = ["panel", "shows", "least", "largest", "rms"];
        let [panel, shows, least, largest, rms] = head;
        out += &format!("{panel:42}{shows:12}{least:>12}{largest:>12}{rms:>12}\n");
    }
    for Shown { panel, shows, least, largest, root_mean_square, .. } in &panels {
        let numbers = [least, largest, root_mean_square].map(|number| match number.is_nan() {
            true => "–".into(),
            false => format!("{number:.4e}"),
        });
        let [least, largest, rms] = numbers;
        out += &format!("{panel:42}{shows:12}{least:>12}{largest:>12}{rms:>12}\n");
    }
    for (panel, Contours { of, levels }) in
        panels.iter().filter_map(|shown| Some((&shown.panel, shown.contours.as_ref()?)))
    {
        let levels: Vec<String> = levels.iter().map(|level| format!("{level:.4}")).collect();
        out += &format!("{panel}: contours of the {of} at {}\n", levels.join(", "));
    }
    for (part, energy) in drawn.spectrum.iter().flat_map(|chart| &chart.curves) {
        out += &format!(
            "spectrum, {part}: {:.4e} beside the mean\n",
            energy.iter().fold(0.0, |sum, e| sum + e)
        );
    }
    out
}

fn all(drawn: &Drawn) -> Vec<Shown> {
    let of_row = |row: &Row| {
        let shown = |panel: &Panel| shown(panel, row);
        row.panels.iter().map(shown).collect::<Vec<_>>()
    };
    drawn.rows.iter().flat_map(of_row).collect()
}

fn shown(panel: &Panel, row: &Row) -> Shown {
    let pairs = panel.u.iter().zip(&panel.v).enumerate();
    let active = |at: usize| panel.mask.as_ref().is_none_or(|mask| mask[at]);
    let number = |u: f64, v: f64| if row.look.ground == Ground::Signed { u } else { u.hypot(v) };
    let numbers = pairs.filter(|(at, _)| active(*at)).map(|(_, (u, v))| number(*u, *v));
    let numbers: Vec<f64> = numbers.filter(|number| number.is_finite()).collect();
    // Over the largest, so that no square leaves double precision.
    let most = numbers.iter().fold(0.0, |most: f64, number| most.max(number.abs()));
    let scale = if most > 0.0 { most } else { 1.0 };
    let squares: f64 = numbers.iter().map(|number| (number / scale).powi(2)).sum();
    let contours = panel.heights.as_ref();
    let contours =
        contours.map(|heights| Contours { of: heights.name.clone(), levels: heights.levels() });
    Shown {
        panel: panel.title.split('\n').next().unwrap_or_default().into(),
        shows: row.what,
        least: numbers.iter().copied().fold(f64::NAN, f64::min),
        largest: numbers.iter().copied().fold(f64::NAN, f64::max),
        root_mean_square: scale * (squares / numbers.len() as f64).sqrt(),
        contours,
    }
}
