//! A picture of several areas, and its PNG file.

use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::FontStyle;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Once;

/// An area to draw on.
pub type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;

/// An error of the drawing library as one of ours.
pub fn wrap<E: std::fmt::Debug>(error: E) -> anyhow::Error {
    anyhow!("drawing failed: {error:?}")
}

/// Makes a white picture of `rows` × `columns` equal areas below a headline and hands them out.
pub fn sheet(
    path: &Path,
    size: (u32, u32),
    headline: &str,
    grid: (usize, usize),
    draw: impl FnOnce(&[Area<'_>]) -> Result<()>,
) -> Result<()> {
    static FONT: Once = Once::new();
    FONT.call_once(|| {
        let _ = plotters::style::register_font(
            "sans-serif",
            FontStyle::Normal,
            dejavu::sans::regular(),
        );
    });
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut pixels = vec![255; size.0 as usize * size.1 as usize * 3];
    {
        let root = BitMapBackend::with_buffer(&mut pixels, size).into_drawing_area();
        root.fill(&WHITE).map_err(wrap)?;
        let root = root.titled(headline, ("sans-serif", 20)).map_err(wrap)?;
        draw(&root.split_evenly(grid))?;
        root.present().map_err(wrap)?;
    }
    write_png(path, size, &pixels)
}

/// Writes at most 256 colours with a palette: a third of the size of a full-colour file.
fn write_png(path: &Path, size: (u32, u32), pixels: &[u8]) -> Result<()> {
    let (colours, indexed) = (0..8).find_map(|bits| palette(pixels, bits)).expect("one bit each");
    let file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let mut encoder = png::Encoder::new(file, size.0, size.1);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(colours);
    encoder.set_compression(png::Compression::High);
    encoder.write_header()?.write_image_data(&indexed)?;
    Ok(())
}

/// The colours without their lowest bits, and every pixel's number; `None` beyond 256 colours.
fn palette(pixels: &[u8], bits: u32) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut numbers = HashMap::new();
    let mut colours = Vec::new();
    let mut indexed = Vec::with_capacity(pixels.len() / 3);
    for pixel in pixels.chunks(3) {
        // The top of each step represents it, so that white stays white.
        let reduced = [pixel[0], pixel[1], pixel[2]].map(|c| c | ((1u16 << bits) - 1) as u8);
        let next = numbers.len();
        let number = *numbers.entry(reduced).or_insert(next);
        if number == next && colours.len() == 3 * next {
            colours.extend(reduced);
        }
        indexed.push(u8::try_from(number).ok()?);
    }
    Some((colours, indexed))
}
