//! A comparison as a page of HTML.

use super::table::{self, all, doubts};
use super::{Found, words};
use crate::field::VectorField;
use crate::machine::Temporary;
use crate::output::page::Page;
use crate::output::picture::{Chart, Panel, Picture, Plane, Sheet};
use crate::validation::comparison::Entry;
use anyhow::{Context, Result};
use std::path::Path;

/// Curves that one chart can tell apart.
const CURVES: usize = 4;

pub fn write<const D: usize>(found: &Found<D>, path: &Path, overwrite: bool) -> Result<()> {
    let temporary = Temporary::create(path, overwrite)?;
    let html = page(found)?.into_html();
    std::fs::write(temporary.path(), html).with_context(|| path.display().to_string())?;
    temporary.commit()?;
    Ok(())
}

fn page<const D: usize>(found: &Found<D>) -> Result<Page> {
    let sample = &found.sample;
    let points = words::points(&sample.domain.grid().shape());
    let mut page = Page::new(&format!("Methods on {}", sample.name));
    page.paragraph(&format!(
        "{points} points, metric {}. Every method is given the samples at the points and is judged there.",
        sample.domain.geometry().name()
    ));
    page.paragraph(&words::summary(found));
    let mut tables = all(found).into_iter();
    let shares = tables.next().expect("shares come first");
    add_table(&mut page, &shares);
    page.heading("What differs, and why");
    let lines: Vec<String> = found.comparison.differences.iter().map(words::difference).collect();
    page.list(&lines);
    tables.for_each(|table| add_table(&mut page, &table));
    page.list(&[words::warnings(found), doubts(found)].concat());
    charts(&mut page, found)?;
    page.heading("Parts");
    for (k, entry) in found.comparison.entries.iter().enumerate() {
        page.subheading(&entry.name());
        page.paragraph(entry.report.method.in_words());
        let png = parts(found, entry, k)?.to_png()?;
        page.picture(&png, &format!("input and parts by {}", entry.name()));
    }
    let left_out: Vec<String> = found.comparison.left_out.iter().map(words::left_out).collect();
    if !left_out.is_empty() {
        page.heading("Left out");
        page.list(&left_out);
    }
    Ok(page)
}

fn add_table(page: &mut Page, (title, cells): &(&'static str, table::Cells)) {
    page.heading(title);
    page.table(&cells.head, &cells.rows);
}

/// Input and parts, and how far the gradient part is from the exact one or from that of the first method.
fn parts<const D: usize>(found: &Found<D>, entry: &Entry<D>, k: usize) -> Result<Picture> {
    let domain = &found.sample.domain;
    let panel = |title: &str, field: &VectorField<D>| Panel::of_field(title, field, domain);
    let mut panels = vec![panel("input", &found.sample.points)];
    let shares = words::shares(&entry.report).map(words::percent);
    for (k, (name, part)) in entry.names.iter().zip(&entry.parts).enumerate() {
        let title = match entry.report.undivided && k > 0 {
            true => name.replace('_', "-"),
            false => format!("{name}: {}", shares[k]),
        };
        panels.push(panel(&title, part));
    }
    if k > 0 {
        let first = &found.comparison.entries[0];
        let difference = entry.parts[0].minus(&first.parts[0]);
        panels.push(panel(&format!("gradient minus that of\n{}", first.name()), &difference));
    }
    let label = |k: usize| match found.sample.axis_units[k].as_str() {
        "" => found.sample.axis_names[k].clone(),
        units => format!("{} ({units})", found.sample.axis_names[k]),
    };
    let axes = Plane::middle(domain.grid()).map_or([0, 1], |plane| plane.axes());
    Ok(Picture {
        headline: entry.name(),
        axis_labels: axes.map(label),
        value_label: "magnitude".into(),
        panels,
        sheet: Sheet { width: Some(1100), dpi: None },
        ..Picture::default()
    })
}

/// Errors and seconds against the size.
fn charts<const D: usize>(page: &mut Page, found: &Found<D>) -> Result<()> {
    if found.sizes.len() < 2 {
        return Ok(());
    }
    let names: Vec<String> = found.comparison.entries.iter().map(Entry::name).collect();
    let x: Vec<f64> = found.sizes.iter().map(|size| size.n as f64).collect();
    page.heading("Convergence");
    for names in names.chunks(CURVES) {
        let curves = |of: &dyn Fn(&super::sizes::Row) -> Option<f64>| {
            let values = |name: &String| {
                let rows = found.sizes.iter().map(|size| size.row(name).and_then(of));
                rows.map(|value| value.unwrap_or(f64::NAN)).collect()
            };
            names.iter().map(|name| (name.clone(), values(name))).collect::<Vec<_>>()
        };
        let chart = |title: &str, curves| Chart {
            title: title.into(),
            x_label: "points along an axis".into(),
            x: x.clone(),
            logarithmic: true,
            curves,
        };
        let charts = [
            chart("error of the gradient part", curves(&|row| row.errors.map(|e| e[0]))),
            chart("error of the solenoidal part", curves(&|row| row.errors.map(|e| e[1]))),
            chart("seconds", curves(&|row| Some(row.seconds))),
        ];
        for chart in charts {
            let known = chart.curves.iter().any(|(_, values)| values.iter().any(|v| v.is_finite()));
            if known {
                let png = Chart::to_png(
                    std::slice::from_ref(&chart),
                    Sheet { width: Some(1120), dpi: None },
                )?;
                page.picture(&png, &format!("{}: {}", chart.title, names.join(", ")));
            }
        }
    }
    Ok(())
}
