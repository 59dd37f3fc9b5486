//! Curves over a common axis, such as numbers against the epochs of a training.

use super::canvas::{Canvas, TEXT};
use super::font::{self, CAPITALS};
use super::ink::{Anchor, Paint, Point, Polyline, Rgb, Text};
use super::layout::Frame;
use super::sheet::Sheet;
use super::ticks::Ticks;
use crate::machine::Temporary;
use crate::output::OutputError;
use std::path::{Path, PathBuf};

/// Distinguishable by the colour blind (M. Okabe and K. Ito 2008).
const COLOURS: [Rgb; 4] = [[0, 114, 178], [213, 94, 0], [0, 158, 115], [204, 121, 167]];
/// Width and height of a chart.
pub(super) const SIZE: Point = (560.0, 400.0);
const LEGEND: f64 = 13.5;

/// Curves in one frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    /// What stands above the frame.
    pub title: String,
    /// Name of the common axis.
    pub x_label: String,
    /// The common axis, ascending.
    pub x: Vec<f64>,
    /// A logarithmic axis of values; those that are not positive are then left out.
    pub logarithmic: bool,
    /// The curves by name, one value for each of `x`.
    pub curves: Vec<(String, Vec<f64>)>,
}

impl Chart {
    /// Draws charts in a row as SVG or PNG, by the ending of the name, under a temporary name until
    /// the file is complete. Returns its path.
    ///
    /// ```
    /// use hodge::output::picture::{Chart, Sheet};
    /// # let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("loss.png");
    /// let chart = Chart {
    ///     title: "loss".into(),
    ///     x_label: "epoch".into(),
    ///     x: vec![0.0, 1.0, 2.0],
    ///     logarithmic: true,
    ///     curves: vec![("training".into(), vec![1.0, 0.1, 0.01])],
    /// };
    /// Chart::draw(&[chart], Sheet::default(), &path, false)?;
    /// assert!(path.exists());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the file exists (without `overwrite`), the place is not writable, or there is no chart.
    pub fn draw(
        charts: &[Chart],
        sheet: Sheet,
        path: &Path,
        overwrite: bool,
    ) -> Result<PathBuf, OutputError> {
        if charts.is_empty() {
            return Err(OutputError::NoPanels);
        }
        let temporary = Temporary::create(path, overwrite)?;
        super::save(temporary, path, Chart::drawn(charts, sheet, path))
    }

    /// The bytes of the charts in a row as PNG, for a page that holds them.
    ///
    /// # Errors
    /// If there is no chart.
    pub fn to_png(charts: &[Chart], sheet: Sheet) -> Result<Vec<u8>, OutputError> {
        let path = Path::new("charts.png");
        let drawn = Chart::drawn(charts, sheet, path);
        drawn.map_err(|reason| OutputError::Drawing { path: path.into(), reason })
    }

    fn drawn(charts: &[Chart], sheet: Sheet, path: &Path) -> Result<Vec<u8>, String> {
        let title = charts.first().map_or("", |chart| &chart.title);
        let width = SIZE.0 * charts.len() as f64;
        let mut canvas = Canvas { ink: sheet.ink(path, (width, SIZE.1), title, width)? };
        for (k, chart) in charts.iter().enumerate() {
            chart.on(&mut canvas, (SIZE.0 * k as f64, 0.0), false);
        }
        canvas.ink.finish()
    }

    /// Draws it at a place, with logarithms along x if `decades`; all of `x` is positive then.
    pub(super) fn on(&self, canvas: &mut Canvas, (left, top): Point, decades: bool) {
        let frame = Frame { left: left + 72.0, top: top + 58.0, width: 466.0, height: 290.0 };
        let middle = frame.left + 0.5 * frame.width;
        canvas.centred(&self.title, (middle, top + 24.0), 17.0, frame.width);
        self.legend(canvas, (middle, top + 45.0));
        let ([x0, x1], [y0, y1]) = self.ranges(decades);
        let x = match decades {
            true => Ticks::logarithmic([x0, x1], &self.x_label),
            false => Ticks::linear([x0, x1], 6.0, &self.x_label),
        };
        let y = match self.logarithmic {
            true => Ticks::logarithmic([y0, y1], ""),
            false => Ticks::linear([y0, y1], 6.0, ""),
        };
        let share = |v: f64| match self.logarithmic {
            true => (v / y0).log10() / (y1 / y0).log10(),
            false => (v - y0) / (y1 - y0),
        };
        for ((_, values), rgb) in self.curves.iter().zip(COLOURS.into_iter().cycle()) {
            let pairs = self.x.iter().zip(values).filter(|pair| self.shows(*pair.1));
            let place = |(x, y): (&f64, &f64)| {
                let across = match decades {
                    true => (x / x0).log10() / (x1 / x0).log10(),
                    false => (x - x0) / (x1 - x0),
                };
                (frame.left + across * frame.width, frame.bottom() - share(*y) * frame.height)
            };
            let line: Polyline = pairs.map(place).collect();
            let dots: Vec<Polyline> = line.iter().map(|at| dot(*at)).collect();
            canvas.ink.lines(&[line], 2.0, Paint::solid(rgb));
            canvas.ink.shapes(&dots, Paint::solid(rgb));
        }
        canvas.axes(&frame, &x, &y);
    }

    /// The names of the curves in a row.
    fn legend(&self, canvas: &mut Canvas, (middle, baseline): Point) {
        let needed = |size: f64| -> f64 {
            self.curves.iter().map(|curve| 46.0 + font::width(&curve.0, size)).sum()
        };
        // Long names are written smaller, so that the row fits.
        let marks = 46.0 * self.curves.len() as f64;
        let room = (SIZE.0 - marks) / (needed(LEGEND) - marks);
        let size = LEGEND * room.min(1.0);
        let wide = |name: &str| 46.0 + font::width(name, size);
        let mut left = middle - 0.5 * (needed(size) - 22.0);
        for ((name, _), rgb) in self.curves.iter().zip(COLOURS.into_iter().cycle()) {
            let height = baseline - 0.5 * CAPITALS * size;
            let sample = vec![(left, height), (left + 18.0, height)];
            canvas.ink.lines(&[sample], 2.0, Paint::solid(rgb));
            canvas.ink.shapes(&[dot((left + 9.0, height))], Paint::solid(rgb));
            let at = (left + 24.0, baseline);
            let anchor = Anchor::Start;
            let name_text = Text { text: name, at, size, anchor, upright: false, rgb: TEXT };
            canvas.ink.text(&name_text);
            left += wide(name);
        }
    }

    fn shows(&self, value: f64) -> bool {
        value.is_finite() && (!self.logarithmic || value > 0.0)
    }

    /// What the axes span: the values and some room.
    fn ranges(&self, decades: bool) -> ([f64; 2], [f64; 2]) {
        let span = |range: [f64; 2], v: f64| [range[0].min(v), range[1].max(v)];
        let none = [f64::INFINITY, f64::NEG_INFINITY];
        let x = self.x.iter().copied().fold(none, span);
        let x = if x[0] < x[1] { x } else { self.x.first().map_or([0.0, 1.0], |x| [*x, x + 1.0]) };
        let values = self.curves.iter().flat_map(|curve| &curve.1).copied();
        let [low, high] = values.filter(|v| self.shows(*v)).fold(none, span);
        let y = match (low <= high, self.logarithmic) {
            (false, _) => [0.1, 1.0],
            (true, true) => [low / 1.5, high * 1.5],
            (true, false) => {
                let gap = 0.05 * (high - low).max(1e-6 * high.abs().max(1.0));
                [low - gap, high + gap]
            }
        };
        if decades {
            return ([x[0] / 1.1, x[1] * 1.1], y);
        }
        let gap = 0.02 * (x[1] - x[0]);
        ([x[0] - gap, x[1] + gap], y)
    }
}

/// A round spot.
fn dot((x, y): Point) -> Polyline {
    let angle = |k: usize| std::f64::consts::TAU * k as f64 / 16.0;
    (0..16).map(|k| (x + 3.5 * angle(k).cos(), y + 3.5 * angle(k).sin())).collect()
}
