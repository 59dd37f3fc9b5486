//! Small drawings: fields, curves, histograms, filters.

use crate::sheet::{Area, wrap};
use anyhow::Result;
use plotters::prelude::*;

/// Colours of curves.
pub const COLOURS: [RGBColor; 4] =
    [RGBColor(31, 98, 175), RGBColor(200, 72, 40), RGBColor(40, 140, 80), RGBColor(120, 80, 160)];

/// From dark blue over green to yellow for 0 … 1, in steps of a fortieth.
pub fn heat(t: f64) -> RGBColor {
    let colour = colorous::VIRIDIS.eval_continuous((t.clamp(0.0, 1.0) * 40.0).round() / 40.0);
    RGBColor(colour.r, colour.g, colour.b)
}

/// A square map over `window`² of n × n cells (x fastest) with colours from `range`, and what is
/// drawn over it: arrows with their heads, points.
pub struct Map<'a> {
    pub title: String,
    pub window: (f64, f64),
    pub cells: usize,
    pub values: &'a [f64],
    pub range: (f64, f64),
    pub arrows: Vec<[f64; 4]>,
    pub points: &'a [f64],
}

impl Map<'_> {
    pub fn draw(&self, area: &Area<'_>) -> Result<()> {
        let (low, high) = self.window;
        let area = area.titled(&self.title, ("sans-serif", 14)).map_err(wrap)?;
        let (labels, margin) = ((24, 36), 8);
        let (width, height) = area.dim_in_pixel();
        let room = (width as i32 - 2 * margin - labels.1, height as i32 - 2 * margin - labels.0);
        // Square, so that a circle looks like one.
        let side = room.0.min(room.1);
        let mut chart = ChartBuilder::on(&area)
            .margin(margin)
            .margin_right(margin + room.0 - side)
            .margin_bottom(margin + room.1 - side)
            .x_label_area_size(labels.0)
            .y_label_area_size(labels.1)
            .build_cartesian_2d(low..high, low..high)
            .map_err(wrap)?;
        chart.configure_mesh().disable_mesh().x_labels(5).y_labels(5).draw().map_err(wrap)?;
        let h = (high - low) / self.cells as f64;
        let span = self.range.1 - self.range.0;
        let cells = self.values.iter().enumerate().map(|(at, value)| {
            let x = low + (at % self.cells) as f64 * h;
            let y = low + (at / self.cells) as f64 * h;
            let colour = heat((value - self.range.0) / span);
            Rectangle::new([(x, y), (x + h, y + h)], colour.filled())
        });
        chart.draw_series(cells).map_err(wrap)?;
        for [x, y, u, v] in &self.arrows {
            let (a, b) = ((*x, *y), (x + u, y + v));
            let head = |turn: f64| {
                let (c, s) = (turn.cos(), turn.sin());
                (b.0 - 0.35 * (c * u - s * v), b.1 - 0.35 * (s * u + c * v))
            };
            let path = vec![a, b, head(0.5), b, head(-0.5)];
            chart.draw_series([PathElement::new(path, WHITE.mix(0.85))]).map_err(wrap)?;
        }
        let dots = self.points.chunks(2).map(|p| Pixel::new((p[0], p[1]), RED));
        chart.draw_series(dots).map_err(wrap)?;
        Ok(())
    }
}

/// Curves over a common x, y logarithmic; what is not positive is left out. One without a name has the colour of the one before.
pub struct Curves {
    pub title: String,
    pub x_label: String,
    pub curves: Vec<(String, Vec<(f64, f64)>)>,
}

impl Curves {
    pub fn draw(&self, area: &Area<'_>) -> Result<()> {
        let all = || self.curves.iter().flat_map(|c| &c.1).filter(|p| p.1 > 0.0);
        let end = all().map(|p| p.0).fold(f64::MIN, f64::max);
        let start = all().map(|p| p.0).fold(f64::MAX, f64::min);
        let low = 0.8 * all().map(|p| p.1).fold(f64::MAX, f64::min);
        let high = 1.25 * all().map(|p| p.1).fold(f64::MIN, f64::max);
        let y = (low..high).log_scale().with_key_points(decades(low, high));
        let area = area.titled(&self.title, ("sans-serif", 14)).map_err(wrap)?;
        let mut chart = ChartBuilder::on(&area)
            .margin(8)
            // Room for half of the last number of the x axis.
            .margin_right(22)
            .x_label_area_size(34)
            .y_label_area_size(58)
            .build_cartesian_2d(start..end, y)
            .map_err(wrap)?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .x_desc(&self.x_label)
            .x_labels(6)
            .x_label_formatter(&|v| label(*v))
            .y_label_formatter(&|v| label(*v))
            .draw()
            .map_err(wrap)?;
        let mut names = 0;
        for (name, points) in &self.curves {
            names += usize::from(!name.is_empty());
            let colour = COLOURS[names.saturating_sub(1) % COLOURS.len()];
            let kept: Vec<_> = points.iter().filter(|p| p.1 > 0.0).copied().collect();
            let line = PathElement::new(kept, colour.stroke_width(2));
            let series = chart.draw_series([line]).map_err(wrap)?;
            if !name.is_empty() {
                series.label(name);
                series.legend(move |(x, y)| PathElement::new([(x, y), (x + 14, y)], colour));
            }
        }
        name_series(&mut chart)
    }
}

/// Round numbers on a logarithmic axis, the more to a decade the fewer decades there are.
fn decades(low: f64, high: f64) -> Vec<f64> {
    let steps: &[f64] = match (high / low).log10() {
        ..1.5 => &[1.0, 2.0, 3.0, 5.0, 7.0],
        ..2.5 => &[1.0, 2.0, 5.0],
        _ => &[1.0],
    };
    let powers = low.log10().floor() as i32..=high.log10().floor() as i32;
    let all = powers.flat_map(|power| steps.iter().map(move |step| step * 10f64.powi(power)));
    all.filter(|tick| (low..high).contains(tick)).collect()
}

/// Short numbers for an axis.
fn label(value: f64) -> String {
    if value == 0.0 || (1e-3..1e4).contains(&value.abs()) {
        return format!("{}", (value * 1e6).round() / 1e6);
    }
    format!("{value:.0e}")
}

/// Shares of values in equal bins.
pub fn histogram(values: &[f64], range: (f64, f64), bins: usize) -> Vec<f64> {
    let mut counts = vec![0.0; bins];
    for v in values {
        let at = (v - range.0) / (range.1 - range.0) * bins as f64;
        counts[(at.max(0.0) as usize).min(bins - 1)] += 1.0 / values.len() as f64;
    }
    counts
}

/// Two histograms over each other.
pub fn bars(
    area: &Area<'_>,
    title: &str,
    range: (f64, f64),
    sets: &[(&str, Vec<f64>)],
) -> Result<()> {
    let high = sets.iter().flat_map(|s| &s.1).fold(0.0f64, |m, v| m.max(*v));
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 14))
        .margin(8)
        .x_label_area_size(24)
        .y_label_area_size(48)
        .build_cartesian_2d(range.0..range.1, 0.0..1.05 * high)
        .map_err(wrap)?;
    chart.configure_mesh().light_line_style(TRANSPARENT).draw().map_err(wrap)?;
    for (index, (name, counts)) in sets.iter().enumerate() {
        let colour = COLOURS[index];
        let width = (range.1 - range.0) / counts.len() as f64;
        let boxes = counts.iter().enumerate().map(|(k, share)| {
            let x = range.0 + k as f64 * width;
            Rectangle::new([(x, 0.0), (x + width, *share)], colour.mix(0.45).filled())
        });
        chart.draw_series(boxes).map_err(wrap)?.label(*name).legend(move |(x, y)| {
            Rectangle::new([(x, y - 4), (x + 12, y + 4)], colour.mix(0.45).filled())
        });
    }
    name_series(&mut chart)
}

/// Writes the names of the series into the upper right corner.
fn name_series<'a, C: CoordTranslate>(
    chart: &mut ChartContext<'a, BitMapBackend<'a>, C>,
) -> Result<()> {
    chart
        .configure_series_labels()
        .background_style(WHITE.mix(0.8))
        .position(SeriesLabelPosition::UpperRight)
        .draw()
        .map_err(wrap)
}

/// Square filters side by side, each with its own symmetric grey scale.
pub fn filters(area: &Area<'_>, title: &str, columns: usize, tiles: &[Vec<f64>]) -> Result<()> {
    let area = area.titled(title, ("sans-serif", 14)).map_err(wrap)?;
    let side = (tiles[0].len() as f64).sqrt() as i32;
    let (width, _) = area.dim_in_pixel();
    let zoom = ((width as i32 / columns as i32) / (side + 2)).max(1);
    for (index, tile) in tiles.iter().enumerate() {
        let largest = tile.iter().fold(1e-300f64, |m, v| m.max(v.abs()));
        let corner = (
            (index % columns) as i32 * (side + 2) * zoom + 4,
            (index / columns) as i32 * (side + 2) * zoom,
        );
        for (at, value) in tile.iter().enumerate() {
            let grey = (127.5 * (1.0 + value / largest)) as u8;
            let (x, y) = (at as i32 % side * zoom + corner.0, at as i32 / side * zoom + corner.1);
            let cell =
                Rectangle::new([(x, y), (x + zoom, y + zoom)], RGBColor(grey, grey, grey).filled());
            area.draw(&cell).map_err(wrap)?;
        }
    }
    Ok(())
}
