//! The pieces of pictures: panels, frames with numbers, colour bars, titles.

use super::arrows::arrow_heads;
use super::colour::{Colours, OUTSIDE};
use super::font::{self, CAPITALS};
use super::ink::{Anchor, Ink, Paint, Point, Polyline, Raster, Rgb, Text};
use super::layout::Frame;
use super::look::{Ground, Look};
use super::panel::Panel;
use super::quiver::quiver;
use super::streamlines::streamlines;
use super::ticks::Ticks;

/// Distance of streamlines.
const SEPARATION: f64 = 15.0;
/// Lines are light with a dark rim, to be seen on dark and on light colours.
const LINE: f64 = 1.2;
const RIM: f64 = 2.6;
const LIGHT: Paint = Paint { rgb: [255; 3], opacity: 0.95 };
const DARK: Paint = Paint { rgb: [0; 3], opacity: 0.4 };
/// Contour lines of negative, of no and of positive height on dark and on light colours.
const CONTOUR: f64 = 1.5;
const ON_DARK: [Rgb; 3] = [[130, 215, 255], [255; 3], [255, 150, 90]];
const ON_LIGHT: [Rgb; 3] = [[20, 80, 190], [90; 3], [190, 50, 20]];
/// Sizes of letters: above all, above a panel, elsewhere.
const HEADLINE: f64 = 20.0;
const TITLE: f64 = 17.0;
const SMALL: f64 = 13.5;

pub(super) const TEXT: Rgb = [40; 3];

/// Something to draw with, and what is drawn.
pub(super) struct Canvas {
    pub ink: Box<dyn Ink>,
}

impl Canvas {
    /// A line of text around a point, made smaller where it would be wider than `room`.
    pub fn centred(&mut self, text: &str, at: Point, size: f64, room: f64) {
        let size = size * (room / font::width(text, size).max(1.0)).min(1.0);
        let anchor = Anchor::Middle;
        self.ink.text(&Text { text, at, size, anchor, upright: false, rgb: TEXT });
    }

    /// The line above all panels.
    pub fn headline(&mut self, text: &str, width: f64) {
        self.centred(text, (0.5 * width, 30.0), HEADLINE, width - 20.0);
    }

    /// The title of a frame: a large first line and a small second one.
    pub fn title(&mut self, text: &str, frame: &Frame) {
        let middle = frame.left + 0.5 * frame.width;
        let room = frame.width + 60.0;
        let (first, second) = text.split_once('\n').unwrap_or((text, ""));
        self.centred(first, (middle, frame.top - 27.0), TITLE, room);
        self.centred(second, (middle, frame.top - 9.0), SMALL, room);
    }

    /// Fills a frame with the colours of a panel, `full` being the largest magnitude.
    pub fn ground(&mut self, panel: &Panel, frame: &Frame, full: f64, look: (Look, Colours)) {
        let [nx, ny] = panel.shape.map(|n| n as f64);
        let raster = Raster::new(self.ink.resolution(frame), |x, y| {
            let vector = panel.at(x * nx, (1.0 - y) * ny);
            vector.map_or(OUTSIDE, |vector| look.0.colour(vector, full, look.1))
        });
        self.ink.image(frame, &raster);
    }

    /// Draws streamlines with heads.
    pub fn streamlines(&mut self, panel: &Panel, frame: &Frame, fastest: f64, ground: Ground) {
        let size = (frame.width, frame.height);
        let lines = streamlines(panel, size, SEPARATION, fastest);
        let heads = arrow_heads(&lines, size);
        self.strokes([lines, heads], frame, ground);
    }

    /// Draws arrows as long as the vectors.
    pub fn arrows(&mut self, panel: &Panel, frame: &Frame, full: f64, ground: Ground) {
        let strokes = quiver(panel, (frame.width, frame.height), full);
        self.strokes(strokes, frame, ground);
    }

    /// Draws lines and heads that were made for a frame at the origin.
    fn strokes(&mut self, strokes: [Vec<Polyline>; 2], frame: &Frame, ground: Ground) {
        let shift = |p: &Point| (p.0 + frame.left, p.1 + frame.top);
        let shift = |line: &Polyline| line.iter().map(shift).collect::<Polyline>();
        let [lines, heads] =
            strokes.map(|lines| lines.iter().map(shift).collect::<Vec<Polyline>>());
        let paint = match ground {
            Ground::Magnitude => LIGHT,
            Ground::Signed | Ground::Blank => Paint { rgb: TEXT, opacity: 0.8 },
        };
        if ground == Ground::Magnitude {
            self.ink.lines(&lines, RIM, DARK);
        }
        self.ink.lines(&lines, LINE, paint);
        self.ink.shapes(&heads, paint);
    }

    /// Draws the contour lines of a panel: those of negative, of no and of positive height in colours of their own.
    pub fn contours(&mut self, panel: &Panel, frame: &Frame, ground: Ground) {
        let Some(heights) = &panel.heights else { return };
        let share = |[low, high]: [f64; 2], at: f64| (at - low) / (high - low);
        let place = |[x, y]: [f64; 2]| {
            let across = frame.left + share(panel.x_range, x) * frame.width;
            (across, frame.bottom() - share(panel.y_range, y) * frame.height)
        };
        let colours = if ground == Ground::Magnitude { ON_DARK } else { ON_LIGHT };
        for level in heights.levels() {
            let lines = heights.lines(level);
            let lines = lines.into_iter().map(|line| line.into_iter().map(place).collect());
            let lines: Vec<Polyline> = lines.collect();
            let sign = if level == 0.0 { 1 } else { 1 + (level.signum() as isize) };
            if ground == Ground::Magnitude {
                self.ink.lines(&lines, RIM, DARK);
            }
            self.ink.lines(&lines, CONTOUR, Paint::solid(colours[sign as usize]));
        }
    }

    /// The rim of a frame, just outside of it.
    fn rim(&mut self, frame: &Frame) {
        let Frame { left, top, width, height } = *frame;
        let bars = [
            Frame { left: left - 1.0, top: top - 1.0, width: width + 2.0, height: 1.0 },
            Frame { left: left - 1.0, top: top + height, width: width + 2.0, height: 1.0 },
            Frame { left: left - 1.0, top, width: 1.0, height },
            Frame { left: left + width, top, width: 1.0, height },
        ];
        self.ink.bars(&bars, Paint::solid(TEXT));
    }

    fn number(&mut self, text: &str, at: Point, anchor: Anchor) {
        self.ink.text(&Text { text, at, size: SMALL, anchor, upright: false, rgb: TEXT });
    }

    fn upright(&mut self, text: &str, at: Point, room: f64) {
        let size = SMALL * (room / font::width(text, SMALL).max(1.0)).min(1.0);
        let anchor = Anchor::Middle;
        self.ink.text(&Text { text, at, size, anchor, upright: true, rgb: TEXT });
    }

    /// The rim of a frame with ticks, numbers and names of its axes.
    pub fn axes(&mut self, frame: &Frame, x: &Ticks, y: &Ticks) {
        self.rim(frame);
        let (bottom, middle) = (frame.bottom(), 0.5 * CAPITALS * SMALL);
        for (share, text) in &x.ticks {
            let at = frame.left + share * frame.width;
            let tick = Frame { left: at - 0.5, top: bottom + 1.0, width: 1.0, height: 5.0 };
            self.ink.bars(&[tick], Paint::solid(TEXT));
            self.number(text, (at, bottom + 19.0), Anchor::Middle);
        }
        for (share, text) in &y.ticks {
            let at = bottom - share * frame.height;
            let tick = Frame { left: frame.left - 6.0, top: at - 0.5, width: 5.0, height: 1.0 };
            self.ink.bars(&[tick], Paint::solid(TEXT));
            self.number(text, (frame.left - 9.0, at + middle), Anchor::End);
        }
        let centre = (frame.left + 0.5 * frame.width, bottom + 38.0);
        self.centred(&x.label, centre, SMALL, frame.width + 60.0);
        let widest = y.ticks.iter().map(|(_, text)| font::width(text, SMALL)).fold(0.0, f64::max);
        // Left of the numbers: what hangs below the line of the name, and a gap.
        let centre = (frame.left - (widest + 15.0).max(48.0), frame.top + 0.5 * frame.height);
        self.upright(&y.label, centre, frame.height + 60.0);
    }

    /// The colour bar up to `full`, with tips if colours represent larger values too.
    pub fn colour_bar(
        &mut self,
        frame: &Frame,
        full: f64,
        more: bool,
        (look, colours, label): (Look, Colours, &str),
    ) {
        let size = self.ink.resolution(frame);
        let least = look.least(1.0);
        let colour = |share: f64| look.colour([least + share * (1.0 - least), 0.0], 1.0, colours);
        self.ink.image(frame, &Raster::new(size, |_, y| colour(1.0 - y)));
        if more {
            let (left, right) = (frame.left - 1.0, frame.right() + 1.0);
            let mut tip = |base: f64, point: f64, share: f64| {
                let tip = vec![(left, base), (0.5 * (left + right), point), (right, base)];
                self.ink.shapes(std::slice::from_ref(&tip), Paint::solid(colour(share)));
                self.ink.lines(&[tip], 1.0, Paint::solid(TEXT));
            };
            tip(frame.top - 1.0, frame.top - 15.0, 1.0);
            if least < 0.0 {
                tip(frame.bottom() + 1.0, frame.bottom() + 15.0, 0.0);
            }
        }
        self.rim(frame);
        let scale = match full > 0.0 {
            true => Ticks::linear([look.least(full), full], 5.0, label),
            false => Ticks { ticks: vec![(0.0, "0".into())], label: label.into() },
        };
        let (right, middle) = (frame.right(), 0.5 * CAPITALS * SMALL);
        for (share, text) in &scale.ticks {
            let at = frame.bottom() - share * frame.height;
            let tick = Frame { left: right + 1.0, top: at - 0.5, width: 5.0, height: 1.0 };
            self.ink.bars(&[tick], Paint::solid(TEXT));
            self.number(text, (right + 9.0, at + middle), Anchor::Start);
        }
        let centre = (right + 66.0, frame.top + 0.5 * frame.height);
        self.upright(&scale.label, centre, frame.height + 80.0);
    }
}
