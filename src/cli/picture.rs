//! The parts of one decomposition as a picture.

use super::input::Item;
use crate::decomposition::Decomposition;
use crate::diagnostic::Report;
use crate::field::to_points;
use crate::output::picture::{Panel, Picture};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// The file for the field with that number: the name as it is for the first, then with a number.
pub fn numbered(path: &Path, index: usize) -> PathBuf {
    if index == 0 {
        return path.into();
    }
    let mut name = path.file_stem().unwrap_or_default().to_os_string();
    name.push(format!("-{index}.png"));
    path.with_file_name(name)
}

/// Draws input, gradient, solenoidal and harmonic part; in 3D their x and y components on the
/// middle plane of z.
pub fn draw<const D: usize>(
    path: &Path,
    overwrite: bool,
    item: &Item<D>,
    parts: &Decomposition<D>,
    report: &Report,
) -> Result<PathBuf> {
    let mut panels = vec![Panel::of_field("input", &item.samples, &item.domain)];
    let fraction = &report.fraction;
    let shares = [fraction.gradient, fraction.solenoidal, fraction.harmonic];
    for ((name, part), share) in parts.parts().into_iter().zip(shares) {
        let title = format!("{name}, {:.1} %", 100.0 * share);
        let points = to_points(part, &item.domain, parts.way);
        panels.push(Panel::of_field(&title, &points, &item.domain));
    }
    let plane = if D == 3 { ", middle plane of z" } else { "" };
    let label = |k: usize| match item.axis_units[k].as_str() {
        "" => crate::grid::AXIS_NAMES[k].to_string(),
        units => format!("{} ({units})", crate::grid::AXIS_NAMES[k]),
    };
    let picture = Picture {
        headline: format!("{}: {}, {}{plane}", item.name, report.method, report.boundary),
        axis_labels: [label(0), label(1)],
        value_label: match item.units.as_str() {
            "" => "magnitude".into(),
            units => format!("magnitude ({units})"),
        },
        panels,
    };
    Ok(picture.draw(path, overwrite)?)
}
