//! Pictures of the parts of a field (magnitude in colour with streamlines over it), and curves.

mod canvas;
mod chart;
mod colour;
mod layout;
mod panel;
mod streamlines;

pub use chart::Chart;
pub use panel::Panel;

use super::OutputError;
use crate::machine::Temporary;
use canvas::Canvas;
use std::path::{Path, PathBuf};

/// A part weaker than this share of the strongest is drawn with its own colours, and its title
/// says by how much they are stretched.
const WEAK: f64 = 0.25;
/// A part weaker than this is rounding and drawn without lines.
const NOTHING: f64 = 1e-9;

/// A picture of several panels with one colour scale.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// What stands above all panels.
    pub headline: String,
    /// Names of the axes, such as `x (m)`.
    pub axis_labels: [String; 2],
    /// What the colours show, such as `speed (m/s)`.
    pub value_label: String,
    /// The panels: in a row, or two by two when there are four wide ones.
    pub panels: Vec<Panel>,
}

impl Picture {
    /// Draws the picture as PNG, about 1600 pixels wide, under a temporary name that is changed
    /// when the file is whole. Returns its path.
    ///
    /// The colours run from 0 to the strongest part's 99.8th percentile. A part below a quarter of
    /// it has its colours stretched by the factor in its title. Cells left out are grey.
    ///
    /// Fails when the file exists (without `overwrite`), the place is not writable, or a panel has
    /// a wrong number of values.
    pub fn draw(&self, path: &Path, overwrite: bool) -> Result<PathBuf, OutputError> {
        if self.panels.is_empty() {
            return Err(OutputError::NoPanels);
        }
        self.panels.iter().try_for_each(Panel::check)?;
        let temporary = Temporary::with_extension(path, overwrite, "png")?;
        let strengths: Vec<f64> = self.panels.iter().map(strength).collect();
        let strongest = strengths.iter().copied().fold(0.0, f64::max);
        let plan = layout::plan(self.panels.len(), self.panels[0].aspect());
        let fail = |reason| OutputError::Drawing { path: path.into(), reason };
        let mut canvas = Canvas::new(plan.size).map_err(fail)?;
        canvas.headline(&self.headline).map_err(fail)?;
        for ((panel, frame), own) in self.panels.iter().zip(&plan.panels).zip(&strengths) {
            let (factor, note) = stretch(*own, strongest);
            let full = strongest / factor;
            let lines = *own > NOTHING * strongest;
            canvas.magnitude(panel, frame, full).map_err(fail)?;
            if lines {
                canvas.streamlines(panel, frame, *own).map_err(fail)?;
            }
            canvas.axes(panel, frame, &self.axis_labels).map_err(fail)?;
            canvas.title(&format!("{}{note}", panel.title), frame).map_err(fail)?;
        }
        canvas.colour_bar(&plan.bar, strongest, &self.value_label).map_err(fail)?;
        canvas.save(temporary.path()).map_err(fail)?;
        Ok(temporary.commit()?)
    }
}

/// The 99.8th percentile of the magnitudes: single outliers do not darken the rest.
fn strength(panel: &Panel) -> f64 {
    let mut magnitudes = panel.magnitudes();
    magnitudes.sort_by(f64::total_cmp);
    let place = (magnitudes.len() as f64 * 0.998) as usize;
    magnitudes.get(place.min(magnitudes.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

/// The factor that stretches the colours of a weak part, and what its title says about it.
fn stretch(own: f64, strongest: f64) -> (f64, String) {
    if own <= NOTHING * strongest {
        return (1.0, if own == 0.0 { " (zero)".into() } else { format!(" (≤ {own:.0e})") });
    }
    if own >= WEAK * strongest {
        return (1.0, String::new());
    }
    let room = strongest / own;
    let power = 10f64.powf(room.log10().floor());
    let factor = [5.0, 2.0, 1.0].map(|f| f * power).into_iter().find(|f| *f <= room);
    let factor = factor.unwrap_or(power);
    (factor, format!(" (colours ×{factor})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_parts_are_stretched_by_a_round_factor() {
        assert_eq!(stretch(0.5, 1.0), (1.0, String::new()));
        assert_eq!(stretch(0.04, 1.0), (20.0, " (colours ×20)".into()));
        assert_eq!(stretch(0.0, 1.0), (1.0, " (zero)".into()));
        assert_eq!(stretch(3e-15, 1.0), (1.0, " (≤ 3e-15)".into()));
    }
}
