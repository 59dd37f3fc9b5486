//! Small drawings: fields, curves, histograms, filters.

use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::FontStyle;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Once;

/// An area to draw on.
pub type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;

/// Colours of curves.
pub const COLOURS: [RGBColor; 4] =
    [RGBColor(31, 98, 175), RGBColor(200, 72, 40), RGBColor(40, 140, 80), RGBColor(120, 80, 160)];

/// An error of the drawing library as one of ours.
pub fn wrap<E: std::fmt::Debug>(error: E) -> anyhow::Error {
    anyhow!("drawing failed: {error:?}")
}

/// Makes a white picture of `rows` × `columns` equal areas below a headline and hands them out.
pub fn sheet(
    path: &Path,
    size: (u32, u32),
    headline: &str,
    grid: (usize, usize),
    draw: impl FnOnce(&[Area<'_>]) -> Result<()>,
) -> Result<()> {
    static FONT: Once = Once::new();
    FONT.call_once(|| {
        let _ = plotters::style::register_font(
            "sans-serif",
            FontStyle::Normal,
            dejavu::sans::regular(),
        );
    });
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut pixels = vec![255; size.0 as usize * size.1 as usize * 3];
    {
        let root = BitMapBackend::with_buffer(&mut pixels, size).into_drawing_area();
        root.fill(&WHITE).map_err(wrap)?;
        let root = root.titled(headline, ("sans-serif", 20)).map_err(wrap)?;
        draw(&root.split_evenly(grid))?;
        root.present().map_err(wrap)?;
    }
    write_png(path, size, &pixels)
}

/// Writes at most 256 colours with a palette: a third of the size of a full-colour file.
fn write_png(path: &Path, size: (u32, u32), pixels: &[u8]) -> Result<()> {
    let (colours, indexed) = (0..8).find_map(|bits| palette(pixels, bits)).expect("one bit each");
    let file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let mut encoder = png::Encoder::new(file, size.0, size.1);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(colours);
    encoder.set_compression(png::Compression::Best);
    encoder.write_header()?.write_image_data(&indexed)?;
    Ok(())
}

/// The colours without their lowest bits, and every pixel's number; `None` beyond 256 colours.
fn palette(pixels: &[u8], bits: u32) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut numbers = HashMap::new();
    let mut colours = Vec::new();
    let mut indexed = Vec::with_capacity(pixels.len() / 3);
    for pixel in pixels.chunks(3) {
        // The top of each step stands for it, so that white stays white.
        let reduced = [pixel[0], pixel[1], pixel[2]].map(|c| c | ((1u16 << bits) - 1) as u8);
        let next = numbers.len();
        let number = *numbers.entry(reduced).or_insert(next);
        if number == next && colours.len() == 3 * next {
            colours.extend(reduced);
        }
        indexed.push(u8::try_from(number).ok()?);
    }
    Some((colours, indexed))
}

/// From dark blue over green to yellow for 0 … 1 (a fit of the viridis map by eye).
pub fn heat(t: f64) -> RGBColor {
    const STOPS: [[f64; 3]; 5] = [
        [68.0, 1.0, 84.0],
        [59.0, 82.0, 139.0],
        [33.0, 145.0, 140.0],
        [94.0, 201.0, 98.0],
        [253.0, 231.0, 37.0],
    ];
    let at = (t.clamp(0.0, 1.0) * 40.0).round() / 10.0;
    let k = (at as usize).min(3);
    let part = at - k as f64;
    let mix = |c: usize| (STOPS[k][c] * (1.0 - part) + STOPS[k + 1][c] * part) as u8;
    RGBColor(mix(0), mix(1), mix(2))
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
        let mut chart = ChartBuilder::on(area)
            .caption(&self.title, ("sans-serif", 14))
            .margin(8)
            .x_label_area_size(22)
            .y_label_area_size(36)
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

/// Curves over a common x; `log` for a logarithmic y.
pub struct Curves {
    pub title: String,
    pub x_label: String,
    pub log: bool,
    pub curves: Vec<(String, Vec<(f64, f64)>)>,
}

impl Curves {
    pub fn draw(&self, area: &Area<'_>) -> Result<()> {
        let all = || self.curves.iter().flat_map(|c| &c.1).filter(|p| !self.log || p.1 > 0.0);
        let end = all().map(|p| p.0).fold(f64::MIN, f64::max);
        let start = all().map(|p| p.0).fold(f64::MAX, f64::min);
        let low = all().map(|p| p.1).fold(f64::MAX, f64::min);
        let high = all().map(|p| p.1).fold(f64::MIN, f64::max);
        let mut builder = ChartBuilder::on(area);
        builder
            .caption(&self.title, ("sans-serif", 14))
            .margin(8)
            .x_label_area_size(34)
            .y_label_area_size(58);
        macro_rules! body {
            ($range:expr) => {{
                let mut chart = builder.build_cartesian_2d(start..end, $range).map_err(wrap)?;
                chart
                    .configure_mesh()
                    .light_line_style(TRANSPARENT)
                    .x_desc(&self.x_label)
                    .x_labels(6)
                    .x_label_formatter(&|v| format!("{v:.0}"))
                    .y_label_formatter(&|v| label(*v))
                    .draw()
                    .map_err(wrap)?;
                for (index, (name, points)) in self.curves.iter().enumerate() {
                    let colour = COLOURS[index % COLOURS.len()];
                    let kept = points.iter().filter(|p| !self.log || p.1 > 0.0).copied();
                    chart
                        .draw_series([PathElement::new(
                            kept.collect::<Vec<_>>(),
                            colour.stroke_width(2),
                        )])
                        .map_err(wrap)?
                        .label(name)
                        .legend(move |(x, y)| PathElement::new([(x, y), (x + 14, y)], colour));
                }
                chart
                    .configure_series_labels()
                    .background_style(WHITE.mix(0.8))
                    .position(SeriesLabelPosition::UpperRight)
                    .draw()
                    .map_err(wrap)?;
            }};
        }
        let gap = 0.05 * (high - low).max(1e-12);
        if self.log {
            body!((low * 0.8..high * 1.25).log_scale());
        } else {
            body!(low - gap..high + gap);
        }
        Ok(())
    }
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
