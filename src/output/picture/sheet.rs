//! What a picture is drawn on: its size, and pixels or SVG.

use super::ink::{Ink, Point};
use super::pixels::Pixels;
use super::svg::Svg;
use std::path::Path;

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
