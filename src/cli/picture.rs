//! The parts of one decomposition as a picture.

use super::args_picture::{MapPictureArguments, PictureArguments, PictureSlice};
use crate::decomposition::Decomposition;
use crate::diagnostic::Report;
use crate::field::{VectorField, to_points};
use crate::grid::{AXIS_NAMES, Grid};
use crate::output::picture::{Colours, Look, Panel, Picture, Plane, Sheet};
use crate::source::Sample;
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};

/// A part with less than this share of the energy is rounding: 1e-9 of the field.
const NOTHING: f64 = 1e-18;
/// One with less than this share of the input is not drawn: its colours would show the error of the
/// differences.
const LEAST: f64 = 1e-4;

/// What is to be drawn, and where.
pub struct Drawing {
    pub path: PathBuf,
    slice: Option<PictureSlice>,
    /// Every field of a series instead of the first.
    pub all: bool,
    pub colours: Colours,
    pub sheet: Sheet,
}

impl Drawing {
    /// What the arguments mean; refuses what cannot apply.
    pub fn new(arguments: &PictureArguments) -> Result<Option<Drawing>> {
        let sheet = arguments.sheet.sheet("--picture", arguments.picture.as_deref())?;
        Ok(arguments.picture.as_ref().map(|path| Drawing {
            path: path.clone(),
            slice: arguments.picture_slice,
            all: arguments.picture_all,
            colours: Colours::from_name(&arguments.colours).unwrap_or_default(),
            sheet,
        }))
    }

    /// The same for maps of scores, on a sheet that is known.
    pub fn of_maps(arguments: &MapPictureArguments, sheet: Sheet) -> Option<Drawing> {
        let path = arguments.picture.clone()?;
        let (slice, colours) = (arguments.picture_slice, Colours::default());
        Some(Drawing { path, slice, all: false, colours, sheet })
    }

    /// Pixels of a picture, at most: panels in two rows are no taller than a picture of the usual size is wide.
    pub fn most_pixels(&self) -> f64 {
        let width = f64::from(self.sheet.width.unwrap_or(1600));
        width * width
    }

    /// Whether the field with that number is drawn.
    pub fn is_due(&self, index: usize) -> bool {
        self.all || index == 0
    }

    /// The file for the field with that number: the name as it is for the first, then with a number.
    pub fn place(&self, index: usize) -> PathBuf {
        if index == 0 {
            return self.path.clone();
        }
        let mut name = self.path.file_stem().unwrap_or_default().to_os_string();
        name.push(format!("-{index}"));
        if let Some(ending) = self.path.extension() {
            name.push(".");
            name.push(ending);
        }
        self.path.with_file_name(name)
    }

    /// Refuses a plane of a field that has none.
    pub fn check_dimension(&self, dims: usize) -> Result<()> {
        check_dimension(self.slice, dims)
    }

    /// The plane to draw, `None` in 2D; refuses one outside of the field.
    pub fn plane<const D: usize>(&self, grid: &Grid<D>) -> Result<Option<Plane>> {
        plane_of(self.slice, grid)
    }

    /// Draws the input and the parts that are not zero; in 3D their components within a plane.
    pub fn draw<const D: usize>(
        &self,
        path: &Path,
        overwrite: bool,
        item: &Sample<D>,
        parts: &Decomposition<D>,
        report: &Report,
    ) -> Result<PathBuf> {
        let plane = self.plane(item.domain.grid())?;
        let panel =
            |title: &str, field: &VectorField<D>| Panel::within(title, field, &item.domain, plane);
        let mut panels = vec![panel("input", &item.points)];
        let [mut zero, mut small] = [Vec::new(), Vec::new()];
        for ((name, part), [fraction, share]) in parts.divided().into_iter().zip(shares(report)) {
            if fraction.is_nan() || fraction <= NOTHING {
                zero.push(name);
                continue;
            }
            if share < LEAST {
                small.push(name);
                continue;
            }
            let words = name.replace('_', "-");
            let title = format!("{words} part: {}\n{}", percent(share), meaning(name, item));
            panels.push(panel(&title, &to_points(part, &item.domain, parts.way)));
        }
        let picture = Picture {
            headline: headline(item, report, plane) + &left_out(&zero, &small),
            axis_labels: plane.map_or([0, 1], |plane| plane.axes()).map(|k| label(item, k)),
            value_label: value_label(item, plane.is_some()),
            panels,
            colours: self.colours,
            sheet: self.sheet,
            look: Look::default(),
        };
        Ok(picture.draw(path, overwrite)?)
    }
}

/// Refuses a plane of a field that has none.
pub fn check_dimension(slice: Option<PictureSlice>, dims: usize) -> Result<()> {
    if let Some(slice) = slice {
        ensure!(
            dims == 3,
            "--picture-slice {slice} cannot apply: this field has two axes, x and y, and is drawn \
             whole; leave it out"
        );
    }
    Ok(())
}

/// The plane to draw, `None` in 2D; refuses one outside of the field.
pub fn plane_of<const D: usize>(
    slice: Option<PictureSlice>,
    grid: &Grid<D>,
) -> Result<Option<Plane>> {
    let Some(slice) = slice else { return Ok(Plane::middle(grid)) };
    let plane = Plane::nearest(grid, slice.axis, slice.coordinate).with_context(|| {
        let axis = grid.axes()[slice.axis];
        let (first, last) = (axis.point(0), axis.point(axis.cells - 1));
        let name = AXIS_NAMES[slice.axis];
        format!(
            "--picture-slice {slice} is outside of the field: its points have {name} from {first} to \
             {last}"
        )
    })?;
    Ok(Some(plane))
}

/// What a part lacks, in words.
fn meaning<const D: usize>(name: &str, item: &Sample<D>) -> &'static str {
    match (name, item.density.is_some()) {
        ("gradient", _) => "no curl",
        ("rest", _) => "what is left",
        ("solenoidal" | "divergence_free", false) => "no divergence",
        ("solenoidal" | "divergence_free", true) => "no divergence with the density",
        (_, false) => "neither curl nor divergence",
        (_, true) => "neither curl nor divergence with the density",
    }
}

/// Of each part that is told apart the share where the method computes, and that of the input.
fn shares(report: &Report) -> Vec<[f64; 2]> {
    let (faces, input) = (&report.fraction, &report.share_of_input);
    let gradient = [faces.gradient, input.gradient];
    match report.undivided {
        true => vec![gradient, [faces.divergence_free, input.divergence_free]],
        false => {
            vec![gradient, [faces.solenoidal, input.solenoidal], [faces.harmonic, input.harmonic]]
        }
    }
}

/// A share with one digit after the point, or with more if it is small.
fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    let digits = if percent > 0.0 { (1.0 - percent.log10().floor()).clamp(1.0, 4.0) } else { 1.0 };
    format!("{percent:.*} %", digits as usize)
}

/// The parts that are not drawn.
fn left_out(zero: &[&str], small: &[&str]) -> String {
    let said = |names: &[&str], how: &str| match names {
        [] => String::new(),
        [one] => format!("; {one} part is {how}"),
        [many @ .., last] => format!("; {} and {last} parts are {how}", many.join(", ")),
    };
    said(zero, "zero") + &said(small, "below 0.01 %")
}

/// The name of a field, and its place in a series behind a comma.
pub fn title(name: &str) -> String {
    match name.rsplit_once(' ') {
        Some((stem, place)) if place.contains('=') => format!("{stem}, {place}"),
        _ => name.into(),
    }
}

fn headline<const D: usize>(item: &Sample<D>, report: &Report, plane: Option<Plane>) -> String {
    let what = format!("{}: {}, {}", title(&item.name), report.method, report.boundary);
    what + &of_plane(item, plane)
}

/// Which plane it is, behind a comma; nothing in 2D.
pub fn of_plane<const D: usize>(item: &Sample<D>, plane: Option<Plane>) -> String {
    plane.map_or(String::new(), |plane| {
        let units = match item.axis_units[plane.axis()].as_str() {
            "" => String::new(),
            units => format!(" {units}"),
        };
        let coordinate = short(plane.coordinate(item.domain.grid()));
        format!(", plane {} = {coordinate}{units}", AXIS_NAMES[plane.axis()])
    })
}

/// Six digits, the last ones left out where they are 0.
fn short(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

pub fn label<const D: usize>(item: &Sample<D>, k: usize) -> String {
    match item.axis_units[k].as_str() {
        "" => AXIS_NAMES[k].to_string(),
        units => format!("{} ({units})", AXIS_NAMES[k]),
    }
}

pub fn value_label<const D: usize>(item: &Sample<D>, in_plane: bool) -> String {
    let what = if in_plane { "magnitude in the plane" } else { "magnitude" };
    match item.units.as_str() {
        "" => what.into(),
        units => format!("{what} ({units})"),
    }
}
