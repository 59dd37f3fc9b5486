//! Drawing on pixels, and PNG.

use super::font;
use super::ink::{Anchor, Ink, Paint, Polyline, Raster, Rgb, Text};
use super::layout::Frame;
use std::collections::{BTreeMap, BTreeSet};
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Path, PathBuilder, Pixmap, Rect, Stroke, Transform,
};

/// A picture of pixels.
pub(super) struct Pixels {
    pixmap: Pixmap,
    /// Pixels per unit of the layout.
    scale: f64,
    dpi: Option<f64>,
}

impl Pixels {
    /// A white picture.
    pub fn new(size: (u32, u32), scale: f64, dpi: Option<f64>) -> Result<Pixels, String> {
        let pixmap = Pixmap::new(size.0, size.1);
        let mut pixmap =
            pixmap.ok_or_else(|| format!("{} × {} pixels cannot be allocated", size.0, size.1))?;
        pixmap.fill(Color::WHITE);
        Ok(Pixels { pixmap, scale, dpi })
    }

    /// Whole pixels: left, top, right, bottom. At least one along each axis.
    fn snap(&self, frame: &Frame) -> [u32; 4] {
        let place = |at: f64| (at * self.scale).round().max(0.0) as u32;
        let (left, top) = (place(frame.left), place(frame.top));
        let right = place(frame.left + frame.width).max(left + 1);
        let bottom = place(frame.top + frame.height).max(top + 1);
        [left, top, right, bottom]
    }

    fn unit(&self) -> Transform {
        Transform::from_scale(self.scale as f32, self.scale as f32)
    }

    fn fill(&mut self, path: Option<Path>, paint: Paint, transform: Transform) {
        if let Some(path) = path {
            let paint = colour(paint);
            self.pixmap.fill_path(&path, &paint, FillRule::Winding, transform, None);
        }
    }

    /// The pixels without opacity: everything lies on white.
    pub fn rgb(&self) -> Vec<u8> {
        self.pixmap.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect()
    }
}

impl Ink for Pixels {
    fn fit(&self, frame: &Frame) -> Frame {
        let [left, top, right, bottom] = self.snap(frame).map(|at| f64::from(at) / self.scale);
        Frame { left, top, width: right - left, height: bottom - top }
    }

    fn resolution(&self, frame: &Frame) -> (u32, u32) {
        let [left, top, right, bottom] = self.snap(frame);
        (right - left, bottom - top)
    }

    fn image(&mut self, frame: &Frame, raster: &Raster) {
        let [left, top, ..] = self.snap(frame);
        let width = self.pixmap.width();
        let pixels = self.pixmap.data_mut().as_chunks_mut::<4>().0;
        for (at, &[r, g, b]) in (0u32..).zip(raster.rgb.as_chunks::<3>().0) {
            let (x, y) = (left + at % raster.size.0, top + at / raster.size.0);
            if x < width
                && let Some(pixel) = pixels.get_mut((y * width + x) as usize)
            {
                *pixel = [r, g, b, 255];
            }
        }
    }

    fn bars(&mut self, bars: &[Frame], paint: Paint) {
        let paint = colour(paint);
        for bar in bars {
            let [left, top, right, bottom] = self.snap(bar).map(|at| at as f32);
            if let Some(bar) = Rect::from_ltrb(left, top, right, bottom) {
                self.pixmap.fill_rect(bar, &paint, Transform::identity(), None);
            }
        }
    }

    fn lines(&mut self, lines: &[Polyline], width: f64, paint: Paint) {
        let stroke = Stroke {
            width: width as f32,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        if let Some(path) = path(lines, false) {
            self.pixmap.stroke_path(&path, &colour(paint), &stroke, self.unit(), None);
        }
    }

    fn shapes(&mut self, shapes: &[Polyline], paint: Paint) {
        self.fill(path(shapes, true), paint, self.unit());
    }

    fn text(&mut self, text: &Text<'_>) {
        let width = font::width(text.text, text.size);
        let before = match text.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => 0.5 * width,
            Anchor::End => width,
        };
        let mut transform = self.unit().pre_translate(text.at.0 as f32, text.at.1 as f32);
        if text.upright {
            transform = transform.pre_rotate(-90.0);
        }
        let transform = transform.pre_translate(-before as f32, 0.0);
        self.fill(font::outline(text.text, text.size), Paint::solid(text.rgb), transform);
    }

    fn finish(self: Box<Self>) -> Result<Vec<u8>, String> {
        let size = (self.pixmap.width(), self.pixmap.height());
        png(&Raster { size, rgb: self.rgb() }, self.dpi)
    }
}

fn colour(paint: Paint) -> tiny_skia::Paint<'static> {
    let [r, g, b] = paint.rgb;
    let mut colour = tiny_skia::Paint::default();
    colour.set_color_rgba8(r, g, b, (255.0 * paint.opacity).round() as u8);
    colour
}

fn path(lines: &[Polyline], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for line in lines {
        for (k, point) in line.iter().enumerate() {
            let (x, y) = (point.0 as f32, point.1 as f32);
            if k == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
        }
        if closed || (line.len() > 2 && line.first() == line.last()) {
            path.close();
        }
    }
    path.finish()
}

/// A PNG file in memory, with a palette where 256 colours are enough: a quarter of the size.
pub(super) fn png(raster: &Raster, dpi: Option<f64>) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, raster.size.0, raster.size.1);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_pixel_dims(dpi.map(|dpi| {
        let per_metre = (dpi / 0.0254).round() as u32;
        png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }
    }));
    let indexed = palette(raster);
    let data = match &indexed {
        Some((colours, numbers)) => {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(colours.as_flattened());
            numbers
        }
        None => {
            encoder.set_color(png::ColorType::Rgb);
            &raster.rgb
        }
    };
    let written = encoder.write_header().and_then(|mut w| w.write_image_data(data));
    written.map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// The colours and each pixel's number among them, sorted so that neighbours are alike; `None`
/// beyond 256 colours.
fn palette(raster: &Raster) -> Option<(Vec<Rgb>, Vec<u8>)> {
    let pixels = raster.rgb.as_chunks::<3>().0;
    let mut colours = BTreeSet::new();
    for pixel in pixels {
        if colours.insert(brightness(pixel)) && colours.len() > 256 {
            return None;
        }
    }
    let numbers: BTreeMap<_, _> = colours.iter().zip(0..=255).collect();
    let numbers = pixels.iter().map(|pixel| numbers[&brightness(pixel)]).collect();
    Some((colours.into_iter().map(|(_, colour)| colour).collect(), numbers))
}

/// A colour behind the sum of its channels, which orders colours that run from dark to bright.
fn brightness(rgb: &Rgb) -> (u32, Rgb) {
    (rgb.iter().map(|c| u32::from(*c)).sum(), *rgb)
}
