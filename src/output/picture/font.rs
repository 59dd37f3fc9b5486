//! Letters as shapes.

use std::sync::OnceLock;
use tiny_skia::{Path, PathBuilder, Transform};
use ttf_parser::{Face, OutlineBuilder};

/// Fonts for an SVG viewer, in order of preference.
pub(super) const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";

/// Height of capitals and digits, in sizes of the font.
pub(super) const CAPITALS: f64 = 0.729;

fn face() -> &'static Face<'static> {
    static FACE: OnceLock<Face<'static>> = OnceLock::new();
    FACE.get_or_init(|| {
        Face::parse(dejavu::sans::regular(), 0).expect("the embedded font is valid")
    })
}

/// Width of a text.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let face = face();
    let advance = |c: char| {
        let glyph = face.glyph_index(c).unwrap_or_default();
        f64::from(face.glyph_hor_advance(glyph).unwrap_or(0))
    };
    text.chars().map(advance).sum::<f64>() * size / f64::from(face.units_per_em())
}

/// The shapes of a text that starts at the origin of its baseline, y downwards.
pub(super) fn outline(text: &str, size: f64) -> Option<Path> {
    let face = face();
    let mut outline = Outline { path: PathBuilder::new(), at: 0.0 };
    for c in text.chars() {
        // Characters that the font lacks become its box.
        let glyph = face.glyph_index(c).unwrap_or_default();
        face.outline_glyph(glyph, &mut outline);
        outline.at += f32::from(face.glyph_hor_advance(glyph).unwrap_or(0));
    }
    let scale = (size / f64::from(face.units_per_em())) as f32;
    outline.path.finish()?.transform(Transform::from_scale(scale, -scale))
}

struct Outline {
    path: PathBuilder,
    at: f32,
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.at + x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.at + x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.path.quad_to(self.at + x1, y1, self.at + x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.path.cubic_to(self.at + x1, y1, self.at + x2, y2, self.at + x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
