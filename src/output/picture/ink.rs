//! What pictures are drawn with: pixels or SVG, in the units of the layout.

use super::layout::Frame;
use super::pixels::Pixels;
use super::svg::Svg;
use std::path::Path;

/// A place in units of the layout, y downwards.
pub(super) type Point = (f64, f64);
/// A curve through points.
pub(super) type Polyline = Vec<Point>;
/// Red, green, blue.
pub(super) type Rgb = [u8; 3];

/// A colour that may let through what lies beneath.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Paint {
    pub rgb: Rgb,
    pub opacity: f64,
}

impl Paint {
    pub const fn solid(rgb: Rgb) -> Paint {
        Paint { rgb, opacity: 1.0 }
    }
}

/// Which end of a text its place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text; `at` is on its baseline. Upright text runs upwards.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    pub text: &'a str,
    pub at: Point,
    pub size: f64,
    pub anchor: Anchor,
    pub upright: bool,
    pub rgb: Rgb,
}

/// Colours of a rectangle, row by row from the top.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Raster {
    pub size: (u32, u32),
    pub rgb: Vec<u8>,
}

impl Raster {
    /// Asks for the colour at the centre of every pixel, in shares of width and height.
    pub fn new(size: (u32, u32), colour: impl Fn(f64, f64) -> Rgb) -> Raster {
        let share = |at: u32, of: u32| (f64::from(at) + 0.5) / f64::from(of);
        let row = |y: u32| (0..size.0).map(move |x| (share(x, size.0), share(y, size.1)));
        let rgb = (0..size.1).flat_map(row).flat_map(|(x, y)| colour(x, y)).collect();
        Raster { size, rgb }
    }
}

/// Something to draw with.
pub(super) trait Ink {
    /// The frame nearest to this one that can be filled exactly.
    fn fit(&self, frame: &Frame) -> Frame;
    /// Pixels that a raster in this frame should have.
    fn resolution(&self, frame: &Frame) -> (u32, u32);
    fn image(&mut self, frame: &Frame, raster: &Raster);
    /// Rectangles along the axes, such as ticks.
    fn bars(&mut self, bars: &[Frame], paint: Paint);
    /// Curves with round ends and corners.
    fn lines(&mut self, lines: &[Polyline], width: f64, paint: Paint);
    /// Filled polygons.
    fn shapes(&mut self, shapes: &[Polyline], paint: Paint);
    fn text(&mut self, text: &Text<'_>);
    /// The bytes of the file.
    fn finish(self: Box<Self>) -> Result<Vec<u8>, String>;
}

/// Width and resolution of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Width in pixels: letters and lines grow with it. 1600 for a picture, 560 for each chart if not
    /// given.
    pub width: Option<u32>,
    /// Pixels per inch, written into a PNG file for programs that print.
    pub dpi: Option<f64>,
}

impl Sheet {
    /// What to draw with for a file of that name: SVG if it ends in `.svg`, else pixels.
    pub(super) fn ink(
        &self,
        path: &Path,
        units: Point,
        title: &str,
        usual: f64,
    ) -> Result<Box<dyn Ink>, String> {
        let width = self.width.map_or(usual, f64::from);
        let scale = width / units.0;
        let size = (width.round() as u32, (units.1 * scale).round().max(1.0) as u32);
        if is_svg(path) {
            return Ok(Box::new(Svg::new(units, size, title)));
        }
        Ok(Box::new(Pixels::new(size, scale, self.dpi)?))
    }
}

/// Whether the file name asks for SVG.
pub fn is_svg(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("svg"))
}
