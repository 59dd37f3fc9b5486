//! Drawing on pixels: three times as fine as the picture, averaged at the end, so that edges are smooth.

use super::colour::{OUTSIDE, colour, tick_labels, ticks};
use super::layout::Frame;
use super::panel::Panel;
use super::streamlines::{Line, place, streamlines};
use plotters::element::{BitMapElement, PathElement, Polygon, Rectangle};
use plotters::prelude::{BLACK, BitMapBackend, Color, DrawingArea, IntoDrawingArea, Text, WHITE};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, FontTransform, IntoFont, RGBColor, ShapeStyle, register_font};
use std::path::Path;
use std::sync::Once;

/// Pixels drawn per pixel of the picture, along each axis.
const FINE: usize = 3;
/// Distance of streamlines in pixels.
const SEPARATION: f64 = 15.0;
const INK: RGBColor = RGBColor(40, 40, 40);

type Outcome = Result<(), String>;

/// Pixels, and how to draw on them in units of the picture.
pub(super) struct Canvas {
    pixels: Vec<u8>,
    size: (u32, u32),
}

impl Canvas {
    /// A white canvas.
    pub fn new(size: (u32, u32)) -> Result<Canvas, String> {
        register();
        let count = size.0 as usize * size.1 as usize * FINE * FINE * 3;
        Ok(Canvas { pixels: vec![255; count], size })
    }

    /// Runs a drawing on the fine pixels.
    fn draw(
        &mut self,
        drawing: impl FnOnce(&DrawingArea<BitMapBackend<'_>, plotters::coord::Shift>) -> Outcome,
    ) -> Outcome {
        let fine = (self.size.0 * FINE as u32, self.size.1 * FINE as u32);
        let area = BitMapBackend::with_buffer(&mut self.pixels, fine).into_drawing_area();
        drawing(&area)?;
        area.present().map_err(|e| e.to_string())
    }

    fn text(&mut self, text: &str, at: (f64, f64), style: Lettering) -> Outcome {
        let font = ("sans-serif", style.size * FINE as f64).into_font();
        let font = if style.upright { font.transform(FontTransform::Rotate270) } else { font };
        let style = font.color(&INK).pos(Pos::new(style.horizontal, style.vertical));
        self.draw(|area| {
            area.draw(&Text::new(text.to_string(), fine(at), style)).map_err(|e| e.to_string())
        })
    }

    fn lines(&mut self, lines: &[Vec<(f64, f64)>], colour: impl Color, width: f64) -> Outcome {
        let style = ShapeStyle {
            color: colour.to_rgba(),
            filled: false,
            stroke_width: (width * FINE as f64).round() as u32,
        };
        self.draw(|area| {
            for line in lines {
                let points: Vec<_> = line.iter().map(|p| fine(*p)).collect();
                area.draw(&PathElement::new(points, style)).map_err(|e| e.to_string())?;
            }
            Ok(())
        })
    }

    /// The line above all panels.
    pub fn headline(&mut self, text: &str) -> Outcome {
        let middle = (f64::from(self.size.0) / 2.0, 14.0);
        self.text(text, middle, Lettering { size: 21.0, ..Lettering::above() })
    }

    /// The title of a panel.
    pub fn title(&mut self, text: &str, frame: &Frame) -> Outcome {
        let middle = (frame.left + frame.width / 2.0, frame.top - 25.0);
        self.text(text, middle, Lettering { size: 17.0, ..Lettering::above() })
    }

    /// Fills a panel with the colours of its magnitude, `full` being the brightest.
    pub fn magnitude(&mut self, panel: &Panel, frame: &Frame, full: f64) -> Outcome {
        let size = ((frame.width * FINE as f64) as u32, (frame.height * FINE as f64) as u32);
        let extent = (f64::from(size.0), f64::from(size.1));
        let mut bytes = Vec::with_capacity(size.0 as usize * size.1 as usize * 3);
        for y in 0..size.1 {
            for x in 0..size.0 {
                let centre = (f64::from(x) + 0.5, f64::from(y) + 0.5);
                let (i, j) = place(panel, extent, centre);
                let RGBColor(r, g, b) = match panel.at(i, j) {
                    Some([u, v]) if full > 0.0 => colour(u.hypot(v) / full),
                    Some(_) => colour(0.0),
                    None => OUTSIDE,
                };
                bytes.extend([r, g, b]);
            }
        }
        let corner = fine((frame.left, frame.top));
        self.draw(|area| {
            let image = BitMapElement::with_owned_buffer(corner, size, bytes)
                .ok_or("the panel does not fit its frame")?;
            area.draw(&image).map_err(|e| e.to_string())
        })
    }

    /// Draws streamlines with a head in the middle of each.
    pub fn streamlines(&mut self, panel: &Panel, frame: &Frame, fastest: f64) -> Outcome {
        let lines = streamlines(panel, (frame.width, frame.height), SEPARATION, fastest);
        let shift = |line: &Line| -> Line {
            line.iter().map(|p| (p.0 + frame.left, p.1 + frame.top)).collect()
        };
        let lines: Vec<Line> = lines.iter().map(shift).collect();
        self.lines(&lines, BLACK.mix(0.35), 2.0)?;
        self.lines(&lines, WHITE.mix(0.9), 1.0)?;
        self.draw(|area| {
            for head in lines.iter().filter_map(arrow_head) {
                let points: Vec<_> = head.into_iter().map(fine).collect();
                area.draw(&Polygon::new(points, WHITE.filled())).map_err(|e| e.to_string())?;
            }
            Ok(())
        })
    }

    /// The rim of a panel with ticks, numbers and names of the axes.
    pub fn axes(&mut self, panel: &Panel, frame: &Frame, labels: &[String; 2]) -> Outcome {
        let Frame { left, top, width, height } = *frame;
        let (right, bottom) = (left + width, top + height);
        let rim = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        self.lines(&[rim.to_vec()], INK, 1.0)?;
        let [x0, x1] = panel.x_range;
        let values = ticks(x0, x1, (width / 70.0).ceil() as usize);
        for (value, label) in values.iter().zip(tick_labels(&values)) {
            let x = left + (value - x0) / (x1 - x0) * width;
            self.lines(&[vec![(x, bottom), (x, bottom + 5.0)]], INK, 1.0)?;
            self.text(&label, (x, bottom + 8.0), Lettering::above())?;
        }
        let [y0, y1] = panel.y_range;
        let values = ticks(y0, y1, (height / 60.0).ceil() as usize);
        for (value, label) in values.iter().zip(tick_labels(&values)) {
            let y = bottom - (value - y0) / (y1 - y0) * height;
            self.lines(&[vec![(left - 5.0, y), (left, y)]], INK, 1.0)?;
            self.text(&label, (left - 8.0, y), Lettering::beside(HPos::Right))?;
        }
        self.text(&labels[0], (left + width / 2.0, bottom + 26.0), Lettering::above())?;
        let at = (left - 58.0, top + height / 2.0);
        self.text(&labels[1], at, Lettering { upright: true, ..Lettering::above() })
    }

    /// The colour bar from 0 to `full`.
    pub fn colour_bar(&mut self, frame: &Frame, full: f64, label: &str) -> Outcome {
        let Frame { left, top, width, height } = *frame;
        let (right, bottom) = (left + width, top + height);
        self.draw(|area| {
            let steps = height as i32 * FINE as i32;
            for step in 0..steps {
                let share = 1.0 - (f64::from(step) + 0.5) / f64::from(steps);
                let y = fine((left, top)).1 + step;
                let strip = [(fine((left, top)).0, y), (fine((right, top)).0, y + 1)];
                let bar = Rectangle::new(strip, colour(share).filled());
                area.draw(&bar).map_err(|e| e.to_string())?;
            }
            Ok(())
        })?;
        let rim = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        self.lines(&[rim.to_vec()], INK, 1.0)?;
        let values = if full > 0.0 { ticks(0.0, full, 5) } else { vec![0.0] };
        for (value, text) in values.iter().zip(tick_labels(&values)) {
            let y = if full > 0.0 { bottom - value / full * height } else { bottom };
            self.lines(&[vec![(right, y), (right + 5.0, y)]], INK, 1.0)?;
            self.text(&text, (right + 8.0, y), Lettering::beside(HPos::Left))?;
        }
        let at = (right + 52.0, top + height / 2.0);
        self.text(label, at, Lettering { upright: true, ..Lettering::above() })
    }

    /// Averages the fine pixels and writes them as PNG.
    pub fn save(&self, path: &Path) -> Outcome {
        let [width, height] = [self.size.0 as usize, self.size.1 as usize];
        let mut picture = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                for channel in 0..3 {
                    let fine = (0..FINE * FINE).map(|part| {
                        let row = y * FINE + part / FINE;
                        let column = x * FINE + part % FINE;
                        u32::from(self.pixels[(row * width * FINE + column) * 3 + channel])
                    });
                    picture.push((fine.sum::<u32>() / (FINE * FINE) as u32) as u8);
                }
            }
        }
        let area = BitMapBackend::new(path, self.size).into_drawing_area();
        let image = BitMapElement::with_owned_buffer((0, 0), self.size, picture)
            .ok_or("the picture does not fit its size")?;
        area.draw(&image).map_err(|e| e.to_string())?;
        area.present().map_err(|e| e.to_string())
    }
}

/// Makes the embedded font known.
pub(super) fn register() {
    static FONT: Once = Once::new();
    FONT.call_once(|| {
        let regular = register_font("sans-serif", FontStyle::Normal, dejavu::sans::regular());
        assert!(regular.is_ok(), "the embedded font is a font");
    });
}

/// From the picture to fine pixels.
fn fine((x, y): (f64, f64)) -> (i32, i32) {
    ((x * FINE as f64).round() as i32, (y * FINE as f64).round() as i32)
}

/// A triangle at the middle of a line, pointing along it.
fn arrow_head(line: &Line) -> Option<[(f64, f64); 3]> {
    let middle = line.len() / 2;
    let (tip, tail) = (line.get(middle + 1)?, line.get(middle.checked_sub(1)?)?);
    let (dx, dy) = (tip.0 - tail.0, tip.1 - tail.1);
    let length = dx.hypot(dy);
    let (dx, dy) = (dx / length, dy / length);
    let corner = |along: f64, across: f64| {
        (tip.0 + along * dx - across * dy, tip.1 + along * dy + across * dx)
    };
    (length > 0.0).then(|| [corner(4.0, 0.0), corner(-4.0, 3.6), corner(-4.0, -3.6)])
}

/// How a piece of text is set.
struct Lettering {
    size: f64,
    upright: bool,
    horizontal: HPos,
    vertical: VPos,
}

impl Lettering {
    /// Centred, below the point.
    fn above() -> Lettering {
        let (horizontal, vertical) = (HPos::Center, VPos::Top);
        Lettering { size: 13.5, upright: false, horizontal, vertical }
    }

    /// Beside the point, at its height.
    fn beside(horizontal: HPos) -> Lettering {
        Lettering { horizontal, vertical: VPos::Center, ..Lettering::above() }
    }
}
