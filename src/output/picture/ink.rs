//! What pictures are drawn with: pixels or SVG, in the units of the layout.

use super::layout::Frame;

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
