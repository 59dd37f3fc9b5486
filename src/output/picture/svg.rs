//! Drawing as SVG: curves and letters as such, colours of a plane as an embedded image.

use super::font::FAMILY;
use super::ink::{Anchor, Ink, Paint, Point, Polyline, Raster, Rgb, Text};
use super::layout::Frame;
use super::pixels::png;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

/// Pixels of an embedded image per pixel of the picture.
const FINE: f64 = 2.0;

/// An SVG document.
pub(super) struct Svg {
    text: String,
    /// Pixels per unit of the layout.
    scale: f64,
    failure: Option<String>,
}

impl Svg {
    /// A white page of `units`, to be shown `size` pixels wide and high.
    pub fn new(units: Point, size: (u32, u32), title: &str) -> Svg {
        let mut svg =
            Svg { text: String::new(), scale: f64::from(size.0) / units.0, failure: None };
        svg.add(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" \
             xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
             width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" font-family=\"{FAMILY}\" \
             stroke-linecap=\"round\" stroke-linejoin=\"round\">\n<title>{}</title>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
            size.0,
            size.1,
            short(units.0),
            short(units.1),
            escaped(title)
        ));
        svg
    }

    fn add(&mut self, piece: std::fmt::Arguments<'_>) {
        self.text.write_fmt(piece).expect("a string takes everything");
    }
}

impl Ink for Svg {
    fn fit(&self, frame: &Frame) -> Frame {
        *frame
    }

    fn resolution(&self, frame: &Frame) -> (u32, u32) {
        let pixels = |length: f64| (length * self.scale * FINE).round().max(1.0) as u32;
        (pixels(frame.width), pixels(frame.height))
    }

    fn image(&mut self, frame: &Frame, raster: &Raster) {
        match png(raster, None) {
            Ok(bytes) => self.add(format_args!(
                "<image {} preserveAspectRatio=\"none\" \
                 xlink:href=\"data:image/png;base64,{}\"/>\n",
                place(frame),
                STANDARD.encode(bytes)
            )),
            Err(reason) => self.failure = Some(reason),
        }
    }

    fn bars(&mut self, bars: &[Frame], paint: Paint) {
        for bar in bars {
            self.add(format_args!("<rect {} {}/>\n", place(bar), colour("fill", paint)));
        }
    }

    fn lines(&mut self, lines: &[Polyline], width: f64, paint: Paint) {
        if !lines.is_empty() {
            self.add(format_args!(
                "<path fill=\"none\" stroke-width=\"{}\" {} d=\"{}\"/>\n",
                short(width),
                colour("stroke", paint),
                path(lines, false)
            ));
        }
    }

    fn shapes(&mut self, shapes: &[Polyline], paint: Paint) {
        if !shapes.is_empty() {
            let path = path(shapes, true);
            self.add(format_args!("<path {} d=\"{path}\"/>\n", colour("fill", paint)));
        }
    }

    fn text(&mut self, text: &Text<'_>) {
        let anchor = match text.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (x, y) = (short(text.at.0), short(text.at.1));
        let turn = match text.upright {
            true => format!(" transform=\"rotate(-90 {x} {y})\""),
            false => String::new(),
        };
        self.add(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" text-anchor=\"{anchor}\" {}{turn}>{}</text>\n",
            short(text.size),
            colour("fill", Paint::solid(text.rgb)),
            escaped(text.text)
        ));
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<u8>, String> {
        self.add(format_args!("</svg>\n"));
        self.failure.map_or(Ok(self.text.into_bytes()), Err)
    }
}

/// Two digits after the point, without trailing zeros.
fn short(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn place(frame: &Frame) -> String {
    let [x, y, width, height] = [frame.left, frame.top, frame.width, frame.height].map(short);
    format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"")
}

fn colour(what: &str, paint: Paint) -> String {
    let [r, g, b]: Rgb = paint.rgb;
    let opacity = match paint.opacity {
        1.0 => String::new(),
        opacity => format!(" {what}-opacity=\"{}\"", short(opacity)),
    };
    format!("{what}=\"#{r:02x}{g:02x}{b:02x}\"{opacity}")
}

fn path(lines: &[Polyline], closed: bool) -> String {
    let mut path = String::new();
    for line in lines {
        for (k, (x, y)) in line.iter().enumerate() {
            let verb = if k == 0 { 'M' } else { 'L' };
            write!(path, "{verb}{} {}", short(*x), short(*y)).expect("a string takes everything");
        }
        if closed || (line.len() > 2 && line.first() == line.last()) {
            path.push('Z');
        }
    }
    path
}

/// Text as XML takes it; control characters, which it does not, become blanks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
