//! Why a source gives no field.

#[cfg(feature = "autoencoder")]
use crate::autoencoder::AutoencoderError;
use crate::field::FieldError;
use crate::grid::{AXIS_NAMES, GridError, MetricError, short};
#[cfg(feature = "files")]
use crate::source::file::{FaceShapes, FileError};
use thiserror::Error;

/// Why there is no series of fields, or no field of one.
#[derive(Debug, Error)]
pub enum SourceError {
    /// An input holds something else than when it was looked at first.
    #[error("{name} changed while it was read")]
    Changed {
        /// What it is called.
        name: String,
    },
    /// What was asked for makes no grid.
    #[error(transparent)]
    Grid(#[from] GridError),
    /// Coordinates that are not those of a sphere.
    #[error(transparent)]
    Metric(#[from] MetricError),
    /// A radius for a field that is not on a sphere.
    #[error("a radius was given, and the field is not on longitudes and latitudes of a sphere")]
    NoSphere,
    /// A thickness for a field that is not in a shell.
    #[error(
        "a thickness was given, and the field is not one of three components on longitude, latitude and height"
    )]
    NoShell,
    /// A height that is to be periodic.
    #[error("z is the height above a sphere and is to be periodic; it ends at walls")]
    PeriodicHeight,
    /// Numbers that are no field.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The file gives no field.
    #[cfg(feature = "files")]
    #[error(transparent)]
    File(#[from] FileError),
    /// The map gives no field on a grid.
    #[cfg(feature = "autoencoder")]
    #[error(transparent)]
    Map(#[from] AutoencoderError),
    /// There is no such case.
    #[error("there is no analytic case {name}; the cases are {}", .known.join(", "))]
    NoCase {
        /// The name that was given.
        name: String,
        /// Those that exist.
        known: Vec<&'static str>,
    },
    /// Another number of numbers than of axes.
    #[error("{found} numbers of cells were given; this field has {axes} axes: give 1 or {axes}")]
    Cells {
        /// How many were given.
        found: usize,
        /// Axes of the field.
        axes: usize,
    },
    /// A window with another number of ends than two for each axis.
    #[error(
        "the window has {found} numbers; {} are needed: x0,x1,y0,y1{}", 2 * .axes,
        if *.axes == 3 { ",z0,z1" } else { "" }
    )]
    Window {
        /// How many were given.
        found: usize,
        /// Axes of the field.
        axes: usize,
    },
    /// Another number of datasets than lengths and areas need.
    #[error(
        "{found} datasets are to be lengths and areas; expected {dims} with the areas of the faces normal to each axis, {dims} with the distances across them, and perhaps one with the volumes of the cells"
    )]
    MetricDatasets {
        /// Dimensions of the field.
        dims: usize,
        /// Number of datasets named.
        found: usize,
    },
    /// Lengths and areas that are not on the faces of the field.
    #[cfg(feature = "files")]
    #[error(
        "lengths and areas have one value for each face of the field's cells normal to their axis, one more than cells \
         along it, on a periodic axis as many: {0}"
    )]
    MetricFaces(FaceShapes),
    /// Lengths and areas of another grid.
    #[error(
        "{datasets} are lengths or areas on {found:?} cells; the field has {expected:?} (x, y, z order)"
    )]
    MetricShape {
        /// The datasets.
        datasets: String,
        /// Cells of the field.
        expected: Vec<usize>,
        /// Cells found.
        found: Vec<usize>,
    },
    /// An axis of uneven coordinates that is to be periodic.
    #[error(
        "axis {axis} has uneven coordinates and is to be periodic, but where it begins again is not known"
    )]
    UnevenPeriod {
        /// Name of the axis.
        axis: &'static str,
    },
    /// Longitudes that are to go round, but for too wide a gap.
    #[error(
        "the longitudes are to go round, and from the last to the first are {} degrees, where the widest other step has \
         {}: a gap is positive and at most twice as wide", short(*.gap), short(*.widest)
    )]
    WideGap {
        /// From the last to the first.
        gap: f64,
        /// The widest other step.
        widest: f64,
    },
    /// Longitudes that end about a step before they begin again.
    #[error(
        "from the last longitude round to the first are {} degrees, where the widest other step has {}: the field may \
         go round the globe, or have walls there", short(*.gap), short(*.widest)
    )]
    PerhapsRound {
        /// From the last to the first.
        gap: f64,
        /// The widest other step.
        widest: f64,
    },
    /// A periodic axis that the field does not have.
    #[error(
        "axis {} is to be periodic, and this field has {axes} axes: {}",
        AXIS_NAMES.get(*.axis).map_or(.axis.to_string(), |name| name.to_string()),
        AXIS_NAMES[..*.axes].join(", ")
    )]
    PeriodicAxis {
        /// The axis, 0 for x.
        axis: usize,
        /// Axes of the field.
        axes: usize,
    },
    /// A mask or a density of another grid.
    #[error("the {what} has the shape {found:?} and the grid {expected:?}, slowest axis first")]
    MapShape {
        /// Mask or density.
        what: &'static str,
        /// Cells of the grid.
        expected: Vec<usize>,
        /// The shape found.
        found: Vec<usize>,
    },
    /// The centre of a disc in another number of dimensions.
    #[error("the centre has {found} coordinates, and the grid {axes} axes")]
    Centre {
        /// Coordinates.
        found: usize,
        /// Axes of the grid.
        axes: usize,
    },
    /// A map of more dimensions than a grid, without a slice.
    #[error("the network has {dimensions} dimensions and a grid 2 or 3: give a slice")]
    NeedsSlice {
        /// Dimensions of the map.
        dimensions: usize,
    },
    /// Repeated ends were to be kept where nothing can be repeated.
    #[error("only points on periodic axes can repeat their first plane, and there are none")]
    NoEnds,
    /// A mask of a file without a cell that it leaves out.
    #[error("the mask {name} masks nothing: all {cells} cells take part")]
    IdleMask {
        /// The dataset.
        name: String,
        /// Cells of the field.
        cells: usize,
    },
    /// A mask under which nothing but zeros is left.
    #[error(
        "the mask leaves nothing of the field: it is 0 in all {active} cells that take part, and not 0 in {lost} \
         values outside; a mask is not 0 where the field is (is its inverse meant?)"
    )]
    NothingLeft {
        /// Cells that take part.
        active: usize,
        /// Values outside them that are not 0.
        lost: usize,
        /// The mask of the file and its inverse, if there is one.
        mask: Option<[String; 2]>,
    },
    /// Missing values were to be left out, and likely stand as zeros.
    #[error(
        "leaving out missing values masks nothing: every value is a finite number, and {zeros} cells are 0 in \
         every component"
    )]
    NothingMissing {
        /// Cells that are 0 in every component.
        zeros: usize,
    },
    /// A number that is to stand for land, and stands nowhere.
    #[error("land is to be where every component is {number}, and it is so in no cell")]
    NoLand {
        /// The number.
        number: f64,
    },
    /// Land by numbers for components on faces.
    #[error(
        "land cannot be found by numbers where the components sit on faces, on which walls lie too"
    )]
    FacesLand,
    /// Holes that are to be filled among components on faces.
    #[error("gaps are filled at points only, and these components sit on faces")]
    FacesUnfilled,
    /// Holes that are too large to be filled.
    #[error(
        "holes of at most {most} cells are to be filled; interpolation is for gaps of at most {largest}"
    )]
    Gap {
        /// Cells of a hole.
        most: usize,
        /// The most there can be.
        largest: usize,
    },
    /// Densities that are neither one for all fields nor one for each.
    #[error(
        "`{name}` has {found} densities for {expected} fields; it takes one for all, or one for each"
    )]
    DensitySamples {
        /// The dataset.
        name: String,
        /// How many there are.
        found: usize,
        /// How many fields.
        expected: usize,
    },
    /// A density that has no square root.
    #[error("the density `{name}` must be a finite number that is not negative; {found} was found")]
    RootDensity {
        /// The dataset.
        name: String,
        /// The first that is not.
        found: f64,
    },
    /// A density at the points for components on faces.
    #[error("the square root of a density is taken at points, and these components sit on faces")]
    FacesRoot,
    /// A density that is not positive everywhere.
    #[error("the logarithm of the density, which must be positive: {0}")]
    Density(FieldError),
}
