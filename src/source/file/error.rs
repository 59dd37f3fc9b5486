//! What can be wrong with a file of vectors.

mod found;

pub(super) use found::whole_circle_in_words;
pub use found::{AxesProblem, FaceShape, FaceShapes, Listing};

use crate::machine::Shortage;
use std::path::PathBuf;
use thiserror::Error;

/// Why a field could not be read from a file.
#[derive(Debug, Error)]
pub enum FileError {
    /// No such file.
    #[error("{path}: no such file")]
    NotFound {
        /// The file.
        path: PathBuf,
    },
    /// A directory where a file is needed.
    #[error("{path} is a directory; give a file")]
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// A file of zero bytes.
    #[error("{path} is empty (0 bytes)")]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{path} cannot be read: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A format that is recognised but not supported.
    #[error(
        "{path} is {format}, which is not supported yet; hodge reads HDF5, NetCDF, .npy and .npz"
    )]
    NotReadYet {
        /// The file.
        path: PathBuf,
        /// Name of the format.
        format: &'static str,
    },
    /// No format known by its first bytes.
    #[error(
        "{path}: format not recognised (first bytes {start:02x?}); hodge reads HDF5, NetCDF, .npy and .npz"
    )]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// Its first bytes.
        start: Vec<u8>,
    },
    /// Fewer bytes than the header says.
    #[error("{path} is truncated: its header says {expected} bytes, but it has {found}")]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Bytes by the header.
        expected: u64,
        /// Bytes found.
        found: u64,
    },
    /// The right magic number, but damaged, truncated or of an unknown variant.
    #[error("{path} is a damaged or truncated {format} file: {reason}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Name of the format.
        format: &'static str,
        /// What the library that reads it says.
        reason: String,
    },
    /// Another program is writing it, or its file system knows no locks.
    #[error(
        "{path} is locked: another program is writing it; wait for it to finish (on a file system \
         without locks, set HDF5_USE_FILE_LOCKING=FALSE)"
    )]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file has no array of that name.
    #[error("{path} has no dataset {name:?}; it has {available}")]
    NoSuchDataset {
        /// The file.
        path: PathBuf,
        /// Name asked for.
        name: String,
        /// What is there.
        available: Listing,
    },
    /// No datasets named, and none or several could be the field.
    #[error(
        "{path}: {} could be the vector field; name the datasets, one per component (u,v or u,v,w) \
         or one with a component axis. The file has {available}",
        if .candidates.is_empty() { "no dataset found by its name that".into() }
        else { format!("several datasets ({})", .candidates.join("; ")) }
    )]
    CannotChoose {
        /// The file.
        path: PathBuf,
        /// What could be meant.
        candidates: Vec<String>,
        /// What is there.
        available: Listing,
    },
    /// More or fewer datasets than components.
    #[error(
        "{found} datasets named; give one with a component axis, two (x, y) or three (x, y, z)"
    )]
    DatasetCount {
        /// Number named.
        found: usize,
    },
    /// Numbers that are neither real nor integer.
    #[error("dataset {name:?} holds {found}; real or integer numbers are needed")]
    NotNumbers {
        /// The dataset.
        name: String,
        /// What it holds.
        found: String,
    },
    /// An array with an unsupported number of axes.
    #[error(
        "dataset {name:?} has shape {shape:?}; expected {expected}. Name its axes, e.g. {example}"
    )]
    Rank {
        /// The dataset.
        name: String,
        /// Its shape, slowest axis first.
        shape: Vec<usize>,
        /// Shapes that are understood.
        expected: &'static str,
        /// An order of axes of that rank.
        example: &'static str,
    },
    /// Two readings of one shape.
    #[error(
        "dataset {name:?} of shape {shape:?} is either one 3D field or {} 2D fields; \
         name its axes: c,z,y,x or t,c,y,x", .shape[0]
    )]
    AmbiguousShape {
        /// The dataset.
        name: String,
        /// Its shape, slowest axis first.
        shape: Vec<usize>,
    },
    /// Dimension names that do not make a grid for this number of components.
    #[error(
        "dataset {name:?} has dimensions {dimensions:?} and {components} components, \
         which do not make a {components}D grid. Name its axes, slowest first, with the letters t, c, z, y, x"
    )]
    Dimensions {
        /// The dataset.
        name: String,
        /// Names found.
        dimensions: Vec<String>,
        /// Number of components.
        components: usize,
    },
    /// Letters of axes that do not fit the dataset.
    #[error(
        "axes {axes:?} do not fit dataset {name:?} of shape {shape:?}: {problem}. Name every axis once, \
         slowest first: t (samples, may repeat), c (component), z, y, x"
    )]
    Axes {
        /// The letters given.
        axes: String,
        /// The dataset.
        name: String,
        /// Its shape, slowest axis first.
        shape: Vec<usize>,
        /// What does not fit.
        problem: AxesProblem,
    },
    /// A component axis that is neither 2 nor 3 long.
    #[error(
        "dataset {name:?} of shape {shape:?} has {found} components along axis {axis}; 2 or 3 are needed"
    )]
    Components {
        /// The dataset.
        name: String,
        /// Its shape, slowest axis first.
        shape: Vec<usize>,
        /// The component axis.
        axis: usize,
        /// Its length.
        found: usize,
    },
    /// Two arrays that must agree in shape.
    #[error("dataset {other:?} has shape {found:?}, {first:?} has {expected:?}; all must agree")]
    Shapes {
        /// The first dataset.
        first: String,
        /// Its shape.
        expected: Vec<usize>,
        /// The one that differs.
        other: String,
        /// Its shape.
        found: Vec<usize>,
    },
    /// Components that are not those of one staggered grid.
    #[error(
        "the datasets do not fit the faces of one grid: {0}. Along its own axis a component has one \
         value more than the others have there; on an axis declared periodic, as many"
    )]
    FaceShapes(FaceShapes),
    /// The number of datasets is not that of the axes.
    #[error(
        "{found} dataset{} named for a staggered field; components on faces differ in shape: give \
         one dataset for each axis, two (x, y) or three (x, y, z)", if *.found == 1 { "" } else { "s" }
    )]
    FaceDatasets {
        /// Number named.
        found: usize,
    },
    /// Faces that do not lie in the middle between points.
    #[error(
        "the faces of axis {axis} begin at {found} with spacing {spacing}, the points at {point} with \
         spacing {point_spacing}; the first face is expected half a spacing before the first point, \
         at {expected}. Give the spacing to override the coordinates"
    )]
    FaceCoordinates {
        /// Name of the axis.
        axis: &'static str,
        /// Least coordinate of a point.
        point: f64,
        /// Distance of points.
        point_spacing: f64,
        /// Coordinate expected of the first face.
        expected: f64,
        /// Least coordinate of a face.
        found: f64,
        /// Distance of faces.
        spacing: f64,
    },
    /// Components on faces opened as if at points, or the other way round.
    #[error("{path}: the components sit {found}; open the file accordingly")]
    Layout {
        /// The file.
        path: PathBuf,
        /// "on faces" or "at points".
        found: &'static str,
    },
    /// Two datasets on different coordinates.
    #[error(
        "datasets {first:?} and {other:?} lie on different coordinates along {axis}; \
         name one of them alone"
    )]
    Grids {
        /// The first dataset.
        first: String,
        /// The one that differs.
        other: String,
        /// Name of the axis.
        axis: &'static str,
    },
    /// A spacing or origin for another number of axes.
    #[error(
        "{found} values of {what} given for a {expected}D field; give 1 for all axes or {expected} (x, y[, z])"
    )]
    Count {
        /// "spacing" or "origin".
        what: &'static str,
        /// Dimensions of the field.
        expected: usize,
        /// Values given.
        found: usize,
    },
    /// A spacing given that is not positive and finite, or an origin that is not finite.
    #[error("the {what} {found} given for axis {axis} is not usable; a finite{} number is needed",
        if *.what == "spacing" { " positive" } else { "" })]
    Value {
        /// "spacing" or "origin".
        what: &'static str,
        /// Name of the axis.
        axis: &'static str,
        /// Value given.
        found: f64,
    },
    /// Coordinates that are not equally spaced.
    #[error(
        "axis {axis} is not uniform: from point {index} to the next the coordinate changes by {found}, \
         on average by {mean} (read from {source_name}); resample the field to a uniform grid, \
         or give the spacing to override the coordinates"
    )]
    NonUniform {
        /// Name of the axis.
        axis: &'static str,
        /// Index of the first point whose distance to the next is off.
        index: usize,
        /// That distance.
        found: f64,
        /// The mean distance.
        mean: f64,
        /// Where the coordinates were read.
        source_name: String,
    },
    /// Coordinates that are longitudes and latitudes, or other angles.
    #[error(
        "{path}: the coordinates are angles ({coordinates}), but not a longitude along x and a latitude along y in \
         degrees of a field at points, which would be a sphere: taken as lengths on the globe, they make the \
         gradient part wrong by 30 to 160 %. Say that it is a sphere, project the field to a plane in metres first, \
         or take the angles as lengths{}",
        whole_circle_in_words(*.whole_circle)
    )]
    Angles {
        /// The file.
        path: PathBuf,
        /// Which coordinates, in words.
        coordinates: String,
        /// The bounded axis whose longitudes go once round the globe, if one does.
        whole_circle: Option<&'static str>,
    },
    /// A sphere was requested for a field that is not on one.
    #[error(
        "{path}: a sphere takes a field at points, x the longitude and y the latitude in degrees, z the height in metres, \
         by one-dimensional coordinates of the file or by spacing and origin; this field has {dims} axes{}, or other coordinates",
        if *.staggered { " and components on faces" } else { "" }
    )]
    NotOnSphere {
        /// The file.
        path: PathBuf,
        /// Number of axes of the field.
        dims: usize,
        /// Whether its components are on faces.
        staggered: bool,
    },
    /// Three components on longitudes and latitudes whose third coordinate is no height.
    #[error(
        "{path}: x is the longitude and y the latitude, so z has to be a height or a depth in m or km on several \
         levels, and {reason}; pressures, sigma and numbers of levels are no lengths. Two of the components alone are \
         a field on a sphere for each level"
    )]
    NotHeights {
        /// The file.
        path: PathBuf,
        /// Why it is none, in words.
        reason: String,
    },
    /// A component along the height that does not point upwards.
    #[error(
        "{path}: the component along z, {name}, is {found}; along the height it has to be the velocity upwards, in the \
         units of the others: convert it first"
    )]
    NotUpwards {
        /// The file.
        path: PathBuf,
        /// The dataset.
        name: String,
        /// What it is, in words.
        found: String,
    },
    /// Results on different spheres.
    #[error(
        "{path}: the results in this file lie on spheres of different radius or thickness; name the dataset of one"
    )]
    Spheres {
        /// The file.
        path: PathBuf,
    },
    /// A full circle of longitudes whose last meridian repeats the first.
    #[error(
        "{path}: the longitudes along {axis} run from {first} to {last}, once round the globe, so that the \
         last meridian is the first again; leave one of the two out of the file"
    )]
    RepeatedMeridian {
        /// The file.
        path: PathBuf,
        /// Name of the axis.
        axis: &'static str,
        /// First longitude.
        first: f64,
        /// Last longitude.
        last: f64,
    },
    /// Letters of axes against the names of the dimensions.
    #[error(
        "axes {axes:?} call axis {index} of dataset {name:?} {letter:?}, and the file names it {dimension:?}; \
         leave the axes out, or give letters that agree"
    )]
    AxesAgainstNames {
        /// The letters given.
        axes: String,
        /// The dataset.
        name: String,
        /// The axis, slowest 0.
        index: usize,
        /// Its letter.
        letter: String,
        /// Its name in the file.
        dimension: String,
    },
    /// An axis without points.
    #[error("dataset {name:?} of shape {shape:?} has an axis of length 0: nothing to read")]
    NoPoints {
        /// The dataset.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// A mask for each sample.
    #[error(
        "mask {name:?} of shape {shape:?} changes along the series; one mask for all samples is needed"
    )]
    MaskVaries {
        /// The mask.
        name: String,
        /// Its shape, slowest axis first.
        shape: Vec<usize>,
    },
    /// A sample beyond the last.
    #[error("sample {found} asked for; the file has {count} (numbered from 0)")]
    NoSuchSample {
        /// Sample asked for.
        found: usize,
        /// Number of samples.
        count: usize,
    },
    /// An array whose numbers would not fit into memory, by its header.
    #[error("{path}: reading {name:?} of shape {shape:?}: {shortage}")]
    Memory {
        /// The file.
        path: PathBuf,
        /// The array.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
        /// What is needed and what there is.
        shortage: Shortage,
    },
    /// Missing values where none are allowed.
    #[error(
        "component {component} has {count} of {of} values missing (NaN or fill value), the first at \
         index {index:?} (slowest axis first, from 0); allow missing values to leave those cells out, \
         or give a mask"
    )]
    Missing {
        /// Name of the component.
        component: &'static str,
        /// Number missing.
        count: usize,
        /// Number of values of that component.
        of: usize,
        /// Index of the first, (z, y, x) or (y, x).
        index: Vec<usize>,
    },
}
