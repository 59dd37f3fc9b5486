//! What can be typed about pictures.

use crate::grid::AXIS_NAMES;
use crate::output::picture::{Colours, Sheet, is_svg};
use anyhow::{Result, ensure};
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::path::{Path, PathBuf};

/// A plane to draw of a field in 3D.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PictureSlice {
    /// The axis it is normal to: 0, 1, 2 for x, y, z.
    pub axis: usize,
    pub coordinate: f64,
}

impl std::fmt::Display for PictureSlice {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}={}", AXIS_NAMES[self.axis], self.coordinate)
    }
}

impl std::str::FromStr for PictureSlice {
    type Err = String;

    fn from_str(text: &str) -> Result<PictureSlice, String> {
        let expected = || "expected an axis and a coordinate, such as z=0.3".to_string();
        let (name, value) = text.split_once('=').ok_or_else(expected)?;
        let axis = AXIS_NAMES.iter().position(|axis| *axis == name.trim());
        let axis = axis.ok_or_else(|| format!("there is no axis {name}; expected x, y or z"))?;
        let coordinate: f64 = value.trim().parse().map_err(|_| expected())?;
        coordinate.is_finite().then_some(PictureSlice { axis, coordinate }).ok_or_else(expected)
    }
}

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Picture")]
pub struct PictureArguments {
    /// Picture of the parts, SVG (.svg) or PNG: magnitude in colour, streamlines over it.
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,
    /// The plane to draw in 3D, such as `z=0.3`: the nearest plane of points; without it the middle
    /// plane of z.
    #[arg(long, value_name = "AXIS=COORDINATE", requires = "picture")]
    pub picture_slice: Option<PictureSlice>,
    /// Draw every field of a series, into numbered files, instead of the first only.
    #[arg(long, requires = "picture")]
    pub picture_all: bool,
    /// Colours of the magnitude.
    #[arg(long, value_name = "NAME", requires = "picture", default_value = "viridis",
        value_parser = PossibleValuesParser::new(Colours::ALL.map(Colours::name)))]
    pub colours: String,
    #[command(flatten)]
    pub sheet: SheetArguments,
}

/// Pictures of scores on a grid.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Picture")]
pub struct MapPictureArguments {
    /// Picture of |curl| and divergence on the grid, SVG (.svg) or PNG; of a series of fields the first, of snapshots the
    /// first, the middle and the last.
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,
    /// The plane to draw in 3D, such as `z=0.3`: the nearest plane of points; without it the middle
    /// plane of z.
    #[arg(long, value_name = "AXIS=COORDINATE", requires = "picture")]
    pub picture_slice: Option<PictureSlice>,
}

/// What pictures of all kinds have.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Picture")]
pub struct SheetArguments {
    /// Width in pixels; letters and lines grow with it. If not given, 1600 for a picture of parts and 560
    /// for each chart of a plot.
    #[arg(long, value_name = "WIDTH", allow_negative_numbers = true,
        value_parser = clap::value_parser!(u32).range(200..=12000))]
    pub size: Option<u32>,
    /// Pixels per inch, noted in the PNG file for programs that print it.
    #[arg(long, value_name = "DPI", allow_negative_numbers = true,
        value_parser = clap::value_parser!(u32).range(1..=10000))]
    pub dpi: Option<u32>,
}

impl SheetArguments {
    /// Width and resolution for the file that `option` names; refuses what cannot apply.
    pub fn sheet(&self, option: &str, path: Option<&Path>) -> Result<Sheet> {
        for (given, name) in [(self.size.is_some(), "--size"), (self.dpi.is_some(), "--dpi")] {
            ensure!(
                !given || path.is_some(),
                "{name} applies to a picture, and none is drawn: add {option} FILE"
            );
        }
        ensure!(
            self.dpi.is_none() || !path.is_some_and(is_svg),
            "--dpi cannot apply: an SVG file has no pixels per inch; leave it out, or name a .png file"
        );
        Ok(Sheet { width: self.size, dpi: self.dpi.map(f64::from) })
    }
}
