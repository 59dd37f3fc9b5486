//! Curves over a common axis, such as numbers against the epochs of a training.

use crate::machine::Temporary;
use crate::output::OutputError;
use plotters::coord::Shift;
use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::prelude::*;
use std::path::{Path, PathBuf};

const COLOURS: [RGBColor; 4] =
    [RGBColor(31, 98, 175), RGBColor(200, 72, 40), RGBColor(40, 140, 80), RGBColor(120, 80, 160)];

type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;

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
    /// Draws charts in a row as PNG, 560 × 400 pixels each, under a temporary name that is changed
    /// when the file is whole. Returns its path.
    ///
    /// Fails when the file exists (without `overwrite`), the place is not writable, or there is no
    /// chart.
    ///
    /// ```
    /// use hodge::output::picture::Chart;
    /// # let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("loss.png");
    /// let chart = Chart {
    ///     title: "loss".into(),
    ///     x_label: "epoch".into(),
    ///     x: vec![0.0, 1.0, 2.0],
    ///     logarithmic: true,
    ///     curves: vec![("training".into(), vec![1.0, 0.1, 0.01])],
    /// };
    /// Chart::draw(&[chart], &path, false)?;
    /// assert!(path.exists());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn draw(charts: &[Chart], path: &Path, overwrite: bool) -> Result<PathBuf, OutputError> {
        if charts.is_empty() {
            return Err(OutputError::NoPanels);
        }
        super::canvas::register();
        let temporary = Temporary::with_extension(path, overwrite, "png")?;
        let size = (560 * charts.len() as u32, 400);
        {
            let root = BitMapBackend::new(temporary.path(), size).into_drawing_area();
            let fail = |reason| OutputError::Drawing { path: path.into(), reason };
            root.fill(&WHITE).map_err(|e| fail(e.to_string()))?;
            for (chart, area) in charts.iter().zip(root.split_evenly((1, charts.len()))) {
                chart.on(&area).map_err(fail)?;
            }
            root.present().map_err(|e| fail(e.to_string()))?;
        }
        Ok(temporary.commit()?)
    }

    fn on(&self, area: &Area<'_>) -> Result<(), String> {
        let shown = |v: &f64| v.is_finite() && (!self.logarithmic || *v > 0.0);
        let all = || self.curves.iter().flat_map(|c| &c.1).copied().filter(shown);
        let (mut low, mut high) =
            all().fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
        if low > high {
            (low, high) = (0.1, 1.0);
        }
        if self.logarithmic {
            return self.within(area, (low / 1.5..high * 1.5).log_scale(), &shown);
        }
        let gap = 0.05 * (high - low).max(1e-6);
        self.within(area, low - gap..high + gap, &shown)
    }

    fn within<Y>(&self, area: &Area<'_>, y: Y, shown: &dyn Fn(&f64) -> bool) -> Result<(), String>
    where
        Y: AsRangedCoord<Value = f64>,
        Y::CoordDescType: ValueFormatter<f64>,
    {
        let first = self.x.first().copied().unwrap_or(0.0);
        let last = self.x.last().copied().unwrap_or(0.0).max(first + 1e-9);
        let mut chart = ChartBuilder::on(area)
            .caption(&self.title, ("sans-serif", 17))
            .margin(12)
            .x_label_area_size(38)
            .y_label_area_size(64)
            .build_cartesian_2d(first..last, y)
            .map_err(|e| e.to_string())?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .x_desc(&self.x_label)
            .x_label_formatter(&|v| format!("{v:.0}"))
            .y_label_formatter(&short)
            .draw()
            .map_err(|e| e.to_string())?;
        for (index, (name, values)) in self.curves.iter().enumerate() {
            let colour = COLOURS[index % COLOURS.len()];
            let kept = self.x.iter().copied().zip(values.iter().copied()).filter(|p| shown(&p.1));
            let kept: Vec<_> = kept.collect();
            let dots = kept.iter().map(|p| Circle::new(*p, 3, colour.filled()));
            chart.draw_series(dots).map_err(|e| e.to_string())?;
            chart
                .draw_series([PathElement::new(kept, colour.stroke_width(2))])
                .map_err(|e| e.to_string())?
                .label(name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 14, y)], colour));
        }
        chart
            .configure_series_labels()
            .background_style(WHITE.mix(0.8))
            .position(SeriesLabelPosition::MiddleRight)
            .draw()
            .map_err(|e| e.to_string())
    }
}

/// A short number for an axis.
fn short(value: &f64) -> String {
    if *value == 0.0 || (1e-3..1e4).contains(&value.abs()) {
        return format!("{}", (value * 1e6).round() / 1e6);
    }
    format!("{value:.0e}")
}
