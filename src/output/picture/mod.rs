//! Pictures of the parts of a field (magnitude in colour with streamlines over it), and curves.
//!
//! Files whose names end in `.svg` are SVG with the colours as embedded images, all others PNG.

mod arrows;
mod canvas;
mod chart;
mod colour;
mod contours;
mod figure;
mod font;
mod ink;
mod layout;
mod look;
mod panel;
mod pixels;
mod plane;
mod quiver;
mod sheet;
mod spacing;
mod streamlines;
mod svg;
mod ticks;

pub use chart::Chart;
pub use colour::Colours;
pub use contours::Heights;
pub use figure::{Block, Figure};
pub use look::{Ground, Look};
pub use panel::Panel;
pub use plane::Plane;
pub use sheet::{Sheet, is_svg};

use super::{OutputError, significant};
use crate::machine::Temporary;
use canvas::Canvas;
use layout::{Frame, PageLayout, WIDTH};
use std::io::Write;
use std::path::{Path, PathBuf};
use ticks::Ticks;

/// A part weaker than this share of the strongest is drawn with its own colours, and its title
/// says by how much they are stretched.
const WEAK: f64 = 0.25;
/// A part weaker than this is rounding and drawn without lines.
const NOTHING: f64 = 1e-9;
/// Colours end at the 99.8th percentile where the largest value is beyond this many times that.
const OUTLIER: f64 = 1.25;

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
    /// The colours.
    pub colours: Colours,
    /// Width and resolution.
    pub sheet: Sheet,
    /// What is drawn of every panel.
    pub look: Look,
}

impl Picture {
    /// Draws the picture as SVG or PNG, by the ending of the name, under a temporary name until the
    /// file is complete. Returns its path.
    ///
    /// The colours run from 0 to the largest magnitude, or to the strongest part's 99.8th percentile
    /// where single values are far beyond it; the colour bar then has a tip. A part below a quarter
    /// of it has its colours stretched by the factor in its title, which says the magnitude that is
    /// brightest there. Cells left out are grey.
    ///
    /// # Errors
    /// If the file exists (without `overwrite`), the place is not writable, a panel has a wrong
    /// number of values, or there is no panel.
    pub fn draw(&self, path: &Path, overwrite: bool) -> Result<PathBuf, OutputError> {
        self.check()?;
        let temporary = Temporary::create(path, overwrite)?;
        save(temporary, path, self.drawn(path))
    }

    /// The bytes of the picture as PNG, for a page that holds it.
    ///
    /// # Errors
    /// If a panel has a wrong number of values, or there is no panel.
    pub fn to_png(&self) -> Result<Vec<u8>, OutputError> {
        self.check()?;
        let path = Path::new("picture.png");
        self.drawn(path).map_err(|reason| OutputError::Drawing { path: path.into(), reason })
    }

    fn check(&self) -> Result<(), OutputError> {
        match self.panels.is_empty() {
            true => Err(OutputError::NoPanels),
            false => self.panels.iter().try_for_each(Panel::check),
        }
    }

    fn drawn(&self, path: &Path) -> Result<Vec<u8>, String> {
        let plan = self.plan(WIDTH);
        let mut canvas = Canvas { ink: self.sheet.ink(path, plan.size, &self.headline, WIDTH)? };
        canvas.headline(&self.headline, plan.size.0);
        self.on(&mut canvas, &plan);
        canvas.ink.finish()
    }

    fn plan(&self, width: f64) -> PageLayout {
        layout::plan(self.panels.len(), self.panels[0].aspect(), width)
    }

    fn on(&self, canvas: &mut Canvas, plan: &PageLayout) {
        let strengths: Vec<Strength> = self.panels.iter().map(Strength::of).collect();
        let strongest = strengths.iter().map(|s| s.full).fold(0.0, f64::max);
        let mut more = false;
        for ((panel, frame), own) in self.panels.iter().zip(&plan.panels).zip(&strengths) {
            let (factor, note) = stretch(own.full, strongest);
            let (full, frame) = (strongest / factor, &canvas.ink.fit(frame));
            more |= own.largest > 1.001 * full;
            let note = self.note(note, full, (own.full > NOTHING * strongest).then_some(own.full));
            self.panel_on(canvas, panel, frame, (full, own.full, strongest));
            self.axes(canvas, panel, frame);
            canvas.title(&titled(&panel.title, &note), frame);
        }
        if self.look.ground != Ground::Blank {
            let bar = canvas.ink.fit(&plan.bar);
            let look = (self.look, self.colours, self.value_label.as_str());
            canvas.colour_bar(&bar, strongest, more, look);
        }
    }

    /// What is drawn within a frame whose colours end at `full`.
    fn panel_on(
        &self,
        canvas: &mut Canvas,
        panel: &Panel,
        frame: &Frame,
        (full, own, strongest): (f64, f64, f64),
    ) {
        let ground = self.look.ground;
        canvas.ground(panel, frame, full, (self.look, self.colours));
        let drawn = own > NOTHING * strongest;
        if drawn && self.look.streamlines {
            canvas.streamlines(panel, frame, own, ground);
        }
        if drawn && self.look.arrows {
            canvas.arrows(panel, frame, own, ground);
        }
        canvas.contours(panel, frame, ground);
    }

    /// What a title says about colours that are stretched to end at `full`, and about arrows, the longest of which is `own`.
    fn note(&self, stretched: String, full: f64, own: Option<f64>) -> String {
        let ends = match (self.look.ground, own) {
            (_, None) => stretched,
            (Ground::Blank, _) => String::new(),
            _ if stretched.is_empty() => stretched,
            (Ground::Magnitude, _) => format!("{stretched}: brightest at {}", significant(full, 3)),
            (Ground::Signed, _) => format!("{stretched}: darkest at ±{}", significant(full, 3)),
        };
        let arrow = own.filter(|_| self.look.arrows);
        let arrow = arrow.map(|own| format!("longest arrow {}", significant(own, 3)));
        let words = [Some(ends).filter(|ends| !ends.is_empty()), arrow];
        words.into_iter().flatten().collect::<Vec<String>>().join(", ")
    }

    fn axes(&self, canvas: &mut Canvas, panel: &Panel, frame: &Frame) {
        let [x, y] = &self.axis_labels;
        let x = Ticks::linear(panel.x_range, frame.width / 70.0, x);
        canvas.axes(frame, &x, &Ticks::linear(panel.y_range, frame.height / 60.0, y));
    }
}

/// Writes the bytes, if there are any, and renames the file.
fn save(
    temporary: Temporary,
    path: &Path,
    bytes: Result<Vec<u8>, String>,
) -> Result<PathBuf, OutputError> {
    let written = bytes.and_then(|bytes| {
        let file = std::fs::OpenOptions::new().write(true).open(temporary.path());
        file.and_then(|mut file| file.write_all(&bytes)).map_err(|e| e.to_string())
    });
    written.map_err(|reason| OutputError::Drawing { path: path.into(), reason })?;
    Ok(temporary.commit()?)
}

/// The magnitudes of a panel in two numbers.
struct Strength {
    /// Where the colours end: single outliers do not darken the rest.
    full: f64,
    largest: f64,
}

impl Strength {
    fn of(panel: &Panel) -> Strength {
        let mut magnitudes = panel.magnitudes();
        magnitudes.sort_by(f64::total_cmp);
        let largest = magnitudes.last().copied().unwrap_or(0.0);
        let place = (magnitudes.len() as f64 * 0.998) as usize;
        let usual = magnitudes.get(place).copied().unwrap_or(largest);
        Strength { full: if largest > OUTLIER * usual { usual } else { largest }, largest }
    }
}

/// The factor that stretches the colours of a weak part, and what its title says about it.
fn stretch(own: f64, strongest: f64) -> (f64, String) {
    if own <= NOTHING * strongest {
        return (1.0, "zero here".into());
    }
    if own >= WEAK * strongest {
        return (1.0, String::new());
    }
    let room = strongest / own;
    let power = 10f64.powf(room.log10().floor());
    let factor = [5.0, 2.0, 1.0].map(|f| f * power).into_iter().find(|f| *f <= room);
    let factor = factor.unwrap_or(power);
    (factor, format!("colours × {factor}"))
}

/// A title with a note behind its second line.
fn titled(title: &str, note: &str) -> String {
    match (title.contains('\n'), note.is_empty()) {
        (_, true) => title.into(),
        (true, false) => format!("{title}, {note}"),
        (false, false) => format!("{title}\n{note}"),
    }
}

#[cfg(test)]
mod tests;
