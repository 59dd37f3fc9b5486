//! A comparison as tables: the same cells for people and for the page.

use super::Found;
use super::sizes::order;
use super::words::{self, percent, shares};
use crate::cli::terminal::escape;
use crate::decomposition::DecomposeError;
use crate::validation::comparison::{Entry, Estimate, Estimated, NoEstimate, Spread};
use std::fmt::Write;

/// A table: names of columns, and rows of which the first cell is the name.
pub struct Cells {
    pub head: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
}

impl Cells {
    /// In columns, the first to the left, the others to the right.
    fn in_columns(&self) -> String {
        let width = |k: usize| {
            let cells = self.rows.iter().map(|row| row[k].chars().count());
            cells.chain([self.head[k].chars().count()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let padded = cells.zip(&widths).enumerate().map(|(k, (cell, width))| match k {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            padded.collect::<Vec<_>>().join("  ").trim_end().to_string() + "\n"
        };
        let mut text = line(&mut self.head.iter().copied());
        for row in &self.rows {
            text += &line(&mut row.iter().map(String::as_str));
        }
        text
    }
}

/// Everything that was found.
pub fn table<const D: usize>(found: &Found<D>) -> String {
    let mut text = String::new();
    let sample = &found.sample;
    let points = words::points(&sample.domain.grid().shape());
    let _ = writeln!(
        text,
        "{}: {points} points, metric {}; every method is given the samples at the points and judged there\n",
        escape(&sample.name),
        sample.domain.geometry().name(),
    );
    for cells in all(found) {
        text += &cells.1.in_columns();
        text += "\n";
    }
    for one in &found.comparison.left_out {
        let _ = writeln!(text, "left out: {}", words::left_out(one));
    }
    let _ = writeln!(text, "{}", words::summary(found));
    for difference in &found.comparison.differences {
        let _ = writeln!(text, "{}", words::difference(difference));
    }
    for line in words::warnings(found).into_iter().chain(doubts(found)) {
        let _ = writeln!(text, "{line}");
    }
    text
}

/// The tables of a comparison, with what they show.
pub fn all<const D: usize>(found: &Found<D>) -> Vec<(&'static str, Cells)> {
    let mut tables = vec![
        ("Shares of the energy of the input", shares_of(found)),
        ("Residuals, relative to the field", residuals(found)),
        ("Cost", cost(found)),
        ("Distance of the gradient parts, in percent of the field", apart(found)),
    ];
    let sizes = !found.sizes.is_empty();
    let given = [
        (
            found.comparison.entries.iter().any(|e| e.errors.is_some()),
            "Errors against the exact parts",
            errors(found),
        ),
        (sizes, "Against the size", against_size(found)),
        (
            !found.estimates.is_empty(),
            "How far each method is from its own limit (half and a quarter of the points)",
            estimates(found),
        ),
        (!found.spreads.is_empty(), "Shares with noise", spreads(found)),
    ];
    tables.extend(given.into_iter().filter(|one| one.0).map(|(_, title, cells)| (title, cells)));
    tables
}

fn rows<const D: usize>(
    found: &Found<D>,
    of: impl Fn(&Entry<D>) -> Vec<String>,
) -> Vec<Vec<String>> {
    let row = |entry: &Entry<D>| [vec![entry.name()], of(entry)].concat();
    found.comparison.entries.iter().map(row).collect()
}

fn small(value: f64) -> String {
    if value.is_finite() { format!("{value:.1e}") } else { "–".into() }
}

/// A share and how far it may be off, in percent.
fn within(share: f64, off: f64) -> String {
    match share.is_nan() {
        true => "–".into(),
        false => format!("{} ± {}", percent(share), small(100.0 * off)),
    }
}

fn shares_of<const D: usize>(found: &Found<D>) -> Cells {
    let of = |entry: &Entry<D>| shares(&entry.report).map(percent).to_vec();
    let head = vec!["method", "gradient", "solenoidal", "harmonic", "lost on faces"];
    Cells { head, rows: rows(found, of) }
}

fn residuals<const D: usize>(found: &Found<D>) -> Cells {
    let of = |entry: &Entry<D>| {
        let (report, central) = (&entry.report, &entry.report.by_central_differences);
        let numbers = [
            report.orthogonality,
            report.divergence,
            central.divergence_of_solenoidal,
            report.curl,
            central.curl_of_gradient,
            report.sum_residual,
        ];
        numbers.map(small).to_vec()
    };
    let head =
        vec!["method", "|<a,b>|/|v|²", "own div", "central div", "own curl", "central curl", "sum"];
    Cells { head, rows: rows(found, of) }
}

fn cost<const D: usize>(found: &Found<D>) -> Cells {
    let of = |entry: &Entry<D>| {
        let mebibytes = entry.bytes.map(|bytes| format!("{:.0}", bytes as f64 / 1048576.0));
        vec![
            format!("{:.4}", entry.plan_seconds),
            format!("{:.4}", entry.seconds),
            mebibytes.unwrap_or("–".into()),
            entry.report.backend.map_or("–".into(), |backend| backend.to_string()),
        ]
    };
    let head = vec!["method", "plan, s", "field, s", "memory, MiB", "back end"];
    Cells { head, rows: rows(found, of) }
}

fn apart<const D: usize>(found: &Found<D>) -> Cells {
    let entries = &found.comparison.entries;
    // Columns by number: names are too long for as many columns.
    const NUMBERS: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];
    let count = entries.len().min(NUMBERS.len());
    let head = [&["method"], &NUMBERS[..count]].concat();
    let row = |i: usize| {
        let name = format!("{} {}", i + 1, entries[i].name());
        let cells = found.comparison.gradients[i].iter().take(count);
        let cells = cells.enumerate().map(|(j, apart)| match i == j {
            true => "·".into(),
            false if apart.is_nan() => "–".into(),
            false => format!("{:.2}", 100.0 * apart),
        });
        [name].into_iter().chain(cells).collect()
    };
    Cells { head, rows: (0..entries.len()).map(row).collect() }
}

fn errors<const D: usize>(found: &Found<D>) -> Cells {
    let of = |entry: &Entry<D>| match entry.errors {
        Some(errors) => [errors.gradient, errors.solenoidal, errors.harmonic].map(small).to_vec(),
        None => vec!["–".to_string(); 3],
    };
    Cells { head: vec!["method", "gradient", "solenoidal", "harmonic"], rows: rows(found, of) }
}

fn against_size<const D: usize>(found: &Found<D>) -> Cells {
    let mut rows = Vec::new();
    for entry in &found.comparison.entries {
        let name = entry.name();
        let known = found.sizes.iter().filter_map(|size| Some((size.n, size.row(&name)?)));
        let known: Vec<_> = known.collect();
        for (k, (n, row)) in known.iter().enumerate() {
            let before = k.checked_sub(1).map(|k| &known[k]);
            let errors = row.errors;
            let mut cells = vec![format!("{name}, n = {n}")];
            for part in 0..2 {
                cells.push(errors.map_or("–".into(), |e| small(e[part])));
                let fell = before
                    .and_then(|(m, coarse)| order((*m, coarse.errors?[part]), (*n, errors?[part])));
                cells.push(fell.map_or("–".into(), |order| format!("{order:.2}")));
            }
            cells.push(format!("{:.4}", row.seconds));
            let grew = before.map(|(m, coarse)| {
                (row.seconds / coarse.seconds).ln() / (*n as f64 / *m as f64).ln()
            });
            cells.push(grew.map_or("–".into(), |power| format!("{power:.1}")));
            let mebibytes = row.bytes.map(|bytes| format!("{:.0}", bytes as f64 / 1048576.0));
            cells.push(mebibytes.unwrap_or("–".into()));
            rows.push(cells);
        }
    }
    let head = vec![
        "method and size",
        "gradient",
        "order",
        "solenoidal",
        "order",
        "seconds",
        "power of n",
        "MiB",
    ];
    Cells { head, rows }
}

fn estimates<const D: usize>(found: &Found<D>) -> Cells {
    let entries = found.comparison.entries.iter().zip(&found.estimates);
    let row = |(entry, estimate): (&Entry<D>, &Result<Estimate, NoEstimate>)| {
        let mut cells = vec![entry.name()];
        match estimate {
            Err(_) => cells.extend(vec!["–".to_string(); 7]),
            Ok(estimate) => {
                for part in 0..2 {
                    cells.push(small(estimate.errors[part]));
                    let order = estimate.orders[part];
                    let known = order.is_finite();
                    cells.push(if known { format!("{order:.2}") } else { "–".into() });
                }
                let share = |s: &Estimated| within(s.value, s.error);
                cells.extend(estimate.shares.iter().map(share));
            }
        }
        cells
    };
    let head = vec![
        "method",
        "gradient",
        "order",
        "solenoidal",
        "order",
        "share gradient",
        "solenoidal",
        "harmonic",
    ];
    Cells { head, rows: entries.map(row).collect() }
}

fn spreads<const D: usize>(found: &Found<D>) -> Cells {
    let entries = found.comparison.entries.iter().zip(&found.spreads);
    let row = |(entry, spread): (&Entry<D>, &Result<Spread, DecomposeError>)| {
        let cells = match spread {
            Err(_) => vec!["–".to_string(); 5],
            Ok(spread) => {
                let shares = (0..3).map(|i| within(spread.means[i], spread.deviations[i]));
                shares.chain(spread.moved.map(percent)).collect()
            }
        };
        [vec![entry.name()], cells].concat()
    };
    let head =
        vec!["method", "gradient", "solenoidal", "harmonic", "gradient moves", "solenoidal moves"];
    Cells { head, rows: entries.map(row).collect() }
}

/// Why estimates are missing or not to be trusted, and how strong noise is.
pub fn doubts<const D: usize>(found: &Found<D>) -> Vec<String> {
    let mut lines = Vec::new();
    for (entry, estimate) in found.comparison.entries.iter().zip(&found.estimates) {
        match estimate {
            Err(reason) => lines.push(format!("{}: no estimate: {reason}", entry.name())),
            Ok(estimate) => {
                let doubt = estimate.doubt.iter();
                lines.extend(doubt.map(|doubt| format!("{}: {doubt}", entry.name())));
            }
        }
    }
    for (entry, spread) in found.comparison.entries.iter().zip(&found.spreads) {
        if let Err(reason) = spread {
            lines.push(format!("{}: not with noise: {reason}", entry.name()));
        }
    }
    let noise = found.spreads.iter().flatten().next().map(|spread| {
        format!(
            "noise: standard deviation {:.4e} in every component, {} fields, seed {}",
            spread.sigma, spread.fields, spread.seed
        )
    });
    lines.extend(noise);
    lines
}
