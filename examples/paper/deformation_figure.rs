//! The drawings of figures 4–6.

use crate::deformation::{CELLS, Snapshot, Trained, WINDOW, grid_points, squared_error};
use crate::plot::{Curves, Map};
use crate::sheet::{Area, sheet};
use crate::support::Options;
use anyhow::Result;
use hodge::autoencoder::conservativeness::scores;
use hodge::autoencoder::{Activation, Network, PointSet};
use serde_json::Value;

/// Cells of the drawn maps.
const DRAWN: usize = 56;
/// The share of the cells whose curl the colours tell apart: ReLU fields have a few cells, crossed by
/// many kinks, with many times the curl of all others.
const SHOWN: f64 = 0.98;

pub fn draw(
    options: &Options,
    name: &str,
    set: &str,
    points: &PointSet,
    runs: &[Trained],
) -> Result<()> {
    let path = options.figures.join(format!("{name}.png"));
    let headline = format!(
        "{set}: r(x) − x during training; colours: log10 of |r(x) − x|² (left three), |curl| (fourth)"
    );
    sheet(&path, (1400, 614), &headline, (2, 5), |areas| {
        for (run, areas) in runs.iter().zip(areas.chunks(5)) {
            for (shown, area) in run.pictured.iter().zip(areas) {
                let title = format!("{}, epoch {}", run.activation, shown.epoch);
                field_map(&title, &shown.network, points).draw(area)?;
            }
            let last = run.pictured.last().expect("the final epoch");
            curl_map(run.activation, last, points, &areas[3])?;
            curves(run).draw(&areas[4])?;
        }
        Ok(())
    })
}

/// φ of the closest conservative field, and |curl| of the field, of the first, the middle and the last snapshot.
pub fn draw_energies(
    options: &Options,
    name: &str,
    set: &str,
    points: &PointSet,
    runs: &[Trained],
) -> Result<()> {
    let path = options.figures.join(format!("{name}_energy.png"));
    let headline = format!(
        "{set}: potential φ of the no-flux gradient part of r(x) − x, whose maxima attract (left three), and |curl|"
    );
    sheet(&path, (1680, 614), &headline, (2, 6), |areas| {
        for (run, areas) in runs.iter().zip(areas.chunks(6)) {
            for (k, shown) in run.pictured.iter().enumerate() {
                let (low, high) = ends(&shown.potential);
                Map {
                    title: format!(
                        "{}, epoch {}: φ [{low:.2}, {high:.2}]",
                        run.activation, shown.epoch
                    ),
                    window: WINDOW,
                    cells: CELLS,
                    values: &shown.potential,
                    range: (low, high),
                    arrows: Vec::new(),
                    points: points.values(),
                }
                .draw(&areas[k])?;
                curl_map(run.activation, shown, points, &areas[3 + k])?;
            }
        }
        Ok(())
    })
}

fn ends(values: &[f64]) -> (f64, f64) {
    let low = values.iter().copied().fold(f64::MAX, f64::min);
    let high = values.iter().copied().fold(f64::MIN, f64::max);
    (low, high.max(low + 1e-300))
}

fn curves(run: &Trained) -> Curves {
    let curve = |key: &str| -> Vec<(f64, f64)> {
        let number = |row: &Value, key: &str| row[key].as_f64().unwrap_or(f64::NAN);
        run.rows.iter().map(|row| (number(row, "epoch"), number(row, key))).collect()
    };
    Curves {
        title: format!("{} against epoch", run.activation),
        x_label: "epoch".to_string(),
        curves: vec![
            ("mean curl² at the data".to_string(), curve("curl_mean_square")),
            ("solenoidal fraction, no-flux".to_string(), curve("solenoidal_fraction")),
        ],
    }
}

/// What is needed to draw one field.
struct FieldMap<'a> {
    title: String,
    colours: Vec<f64>,
    arrows: Vec<[f64; 4]>,
    points: &'a PointSet,
}

fn field_map<'a>(title: &str, network: &Network, points: &'a PointSet) -> FieldMap<'a> {
    let colours = squared_error(network, &grid_points(DRAWN)).iter().map(|e| e.log10()).collect();
    let at = grid_points(16);
    let arrows = network.field(&at);
    let length = |v: &[f64]| (v[0] * v[0] + v[1] * v[1]).sqrt();
    let longest = arrows.chunks(2).map(length).fold(1e-300, f64::max);
    let reach = 0.07;
    let arrows = (at.chunks(2).zip(arrows.chunks(2)))
        .map(|(x, v)| {
            // Lengths grow with the square root, so that weak arrows near the data are seen.
            let scale = reach * (length(v) / longest).sqrt() / length(v).max(1e-300);
            [x[0], x[1], scale * v[0], scale * v[1]]
        })
        .collect();
    FieldMap { title: title.to_string(), colours, arrows, points }
}

impl FieldMap<'_> {
    fn draw(self, area: &Area<'_>) -> Result<()> {
        let low = self.colours.iter().copied().fold(f64::MAX, f64::min).max(-6.0);
        let high = self.colours.iter().copied().fold(f64::MIN, f64::max);
        Map {
            title: format!("{} [{low:.1}, {high:.1}]", self.title),
            window: WINDOW,
            cells: DRAWN,
            values: &self.colours,
            range: (low, high),
            arrows: self.arrows,
            points: self.points.values(),
        }
        .draw(area)
    }
}

fn curl_map(
    activation: Activation,
    shown: &Snapshot,
    points: &PointSet,
    area: &Area<'_>,
) -> Result<()> {
    let curl: Vec<f64> =
        scores(&shown.network, &grid_points(DRAWN)).iter().map(|s| s.curl_squared.sqrt()).collect();
    let mut sorted = curl.clone();
    sorted.sort_by(f64::total_cmp);
    let high = sorted[(SHOWN * (sorted.len() - 1) as f64) as usize].max(1e-300);
    let percent = 100.0 * SHOWN;
    Map {
        title: format!(
            "{activation}, {}: |curl| [0, {high:.2} ({percent}th percentile)]",
            shown.epoch
        ),
        window: WINDOW,
        cells: DRAWN,
        values: &curl,
        range: (0.0, high),
        arrows: Vec::new(),
        points: points.values(),
    }
    .draw(area)
}
