//! Several pictures and charts on one sheet.

use super::canvas::Canvas;
use super::chart::{Chart, SIZE};
use super::layout::{HEADLINE, WIDTH};
use super::sheet::Sheet;
use super::{Picture, save};
use crate::machine::Temporary;
use crate::output::OutputError;
use std::path::{Path, PathBuf};

/// Blocks side by side, at most.
const ACROSS: usize = 3;

/// A piece of a figure.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Panels with one colour scale; their headline and sheet are those of the figure.
    Panels(Picture),
    /// Curves over logarithms.
    Spectrum(Chart),
}

/// Pictures and charts on one sheet: below each other, or side by side where each has one frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// What stands above all.
    pub headline: String,
    /// Width and resolution.
    pub sheet: Sheet,
    /// What is on it.
    pub blocks: Vec<Block>,
}

impl Figure {
    /// Draws the figure as SVG or PNG, by the ending of the name, under a temporary name until the file is complete.
    /// Returns its path. Panels are drawn as by [`Picture::draw`].
    ///
    /// ```
    /// use hodge::output::picture::{Block, Chart, Figure};
    /// # let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("spectrum.svg");
    /// let chart = Chart {
    ///     title: "spectrum".into(),
    ///     x_label: "wavenumber".into(),
    ///     x: vec![1.0, 10.0, 100.0],
    ///     logarithmic: true,
    ///     curves: vec![("input".into(), vec![1.0, 0.02, 0.0004])],
    /// };
    /// Figure { blocks: vec![Block::Spectrum(chart)], ..Figure::default() }.draw(&path, false)?;
    /// assert!(path.exists());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the file exists (without `overwrite`), the place is not writable, a panel has a wrong number of values, or there is
    /// nothing to draw.
    pub fn draw(&self, path: &Path, overwrite: bool) -> Result<PathBuf, OutputError> {
        if self.blocks.is_empty() {
            return Err(OutputError::NoPanels);
        }
        for block in &self.blocks {
            if let Block::Panels(picture) = block {
                picture.check()?;
            }
        }
        let temporary = Temporary::create(path, overwrite)?;
        save(temporary, path, self.drawn(path))
    }

    fn drawn(&self, path: &Path) -> Result<Vec<u8>, String> {
        let single = self.blocks.iter().all(Block::is_single);
        let across = if single { self.blocks.len().min(ACROSS) } else { 1 };
        let column = if across == 1 { WIDTH } else { (WIDTH / across as f64).max(SIZE.0) };
        let rows: Vec<&[Block]> = self.blocks.chunks(across).collect();
        let sizes = |row: &&[Block]| row.iter().map(|block| block.size(column)).collect::<Vec<_>>();
        let sizes: Vec<Vec<(f64, f64)>> = rows.iter().map(sizes).collect();
        let tallest = |row: &Vec<(f64, f64)>| row.iter().map(|size| size.1).fold(0.0, f64::max);
        let widest = sizes.iter().map(|row| row.iter().map(|size| size.0).sum::<f64>());
        let width = widest.fold(0.0, f64::max);
        let height = HEADLINE + sizes.iter().map(tallest).sum::<f64>();
        let ink = self.sheet.ink(path, (width, height), &self.headline, width.min(WIDTH))?;
        let mut canvas = Canvas { ink };
        canvas.headline(&self.headline, width);
        let mut top = HEADLINE;
        for (row, sizes) in rows.iter().zip(&sizes) {
            let mut left = 0.5 * (width - sizes.iter().map(|size| size.0).sum::<f64>());
            for (block, size) in row.iter().zip(sizes) {
                block.on(&mut canvas, (left, top), column);
                left += size.0;
            }
            top += tallest(sizes);
        }
        canvas.ink.finish()
    }
}

impl Block {
    fn is_single(&self) -> bool {
        match self {
            Block::Panels(picture) => picture.panels.len() == 1,
            Block::Spectrum(_) => true,
        }
    }

    /// Width and height, without a headline.
    fn size(&self, column: f64) -> (f64, f64) {
        match self {
            Block::Spectrum(_) => SIZE,
            Block::Panels(picture) => {
                let (width, height) = picture.plan(column).size;
                (width, height - HEADLINE)
            }
        }
    }

    fn on(&self, canvas: &mut Canvas, (left, top): (f64, f64), column: f64) {
        match self {
            Block::Spectrum(chart) => chart.on(canvas, (left, top), true),
            Block::Panels(picture) => {
                picture.on(canvas, &picture.plan(column).moved((left, top - HEADLINE)));
            }
        }
    }
}
