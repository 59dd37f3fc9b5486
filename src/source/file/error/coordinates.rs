//! What can be wrong with the places of the points.

use super::found::{Disorder, whole_circle_in_words};
use crate::grid::short;
use std::path::PathBuf;
use thiserror::Error;

/// Why the coordinates of a file, or what was given in their place, make no grid.
#[derive(Debug, Error)]
pub enum CoordinateError {
    /// Coordinates that do not rise or fall all along.
    #[error(
        "the coordinates of axis {axis} do not rise or fall all along: {source_name} {problem}; mend them in the file"
    )]
    Order {
        /// Name of the axis.
        axis: &'static str,
        /// Where the coordinates were read.
        source_name: String,
        /// The first place where they do not.
        problem: Disorder,
    },
    /// Coordinates that are neither as many as the points nor one more, as the edges of cells.
    #[error(
        "{source_name} has {found} values, and axis {axis} of {dataset} has {expected} points: coordinates of points are \
         {expected} values, of the edges of cells {}",
        .expected + 1
    )]
    Length {
        /// Where the coordinates were read.
        source_name: String,
        /// How many there are.
        found: usize,
        /// Name of the axis.
        axis: &'static str,
        /// The dataset and its shape, slowest axis first, in words.
        dataset: String,
        /// Points along the axis.
        expected: usize,
    },
    /// One component along the grid, the other to the east or north.
    #[error(
        "{:?} and {:?} do not point along the same axes: one is along the grid, the other to the east or north; name the other \
         component of the same kind",
        .names[0], .names[1]
    )]
    MixedDirections {
        /// The datasets.
        names: [String; 2],
    },
    /// Components to the east and north on axes that run elsewhere.
    #[error(
        "{:?} and {:?} point to the east and north, and the grid does not: {coordinates} is a {axis}; turn the components to \
         the axes of the grid, or bring the field to longitudes and latitudes",
        .names[0], .names[1]
    )]
    TurnedAxes {
        /// The components.
        names: [String; 2],
        /// The coordinates of an axis.
        coordinates: String,
        /// Their standard name.
        axis: String,
    },
    /// An angle by which components cannot be turned.
    #[error(
        "{path}: components to the east and north cannot be turned to the axes of the grid: {reason}"
    )]
    Angle {
        /// The file.
        path: PathBuf,
        /// Why, in words.
        reason: String,
    },
    /// A selection of an axis that there is not.
    #[error(
        "{axis:?} was selected, and {dataset:?} has {}", if .names.is_empty() { "axes without names".into() }
        else { format!("the axes {}", .names.join(", ")) }
    )]
    NoSuchAxis {
        /// The axis.
        axis: String,
        /// A component.
        dataset: String,
        /// What axes it has.
        names: Vec<String>,
    },
    /// A selection of nothing.
    #[error(
        "{selection} selects nothing: {axis} has {said} and {length} points, which are numbered from 0"
    )]
    NothingSelected {
        /// As it was given.
        selection: String,
        /// The axis.
        axis: String,
        /// Its points.
        length: usize,
        /// Its coordinates, in words.
        said: String,
    },
    /// Parts of axes of space of a field on faces, or with given lengths and areas.
    #[error(
        "a part of an axis of space was selected, of which the faces of {dataset:?} would have to be cut as well: select \
         samples only"
    )]
    SelectedFaces {
        /// A component.
        dataset: String,
    },
    /// Rows that were said to run downwards, and do not.
    #[error(
        "y was said to run downwards, and {source_name} rises along the rows: leave one of them out"
    )]
    NotDown {
        /// Where the coordinates were read.
        source_name: String,
    },
    /// A mesh that is not one of Cartesian coordinates.
    #[error(
        "{dataset:?} is on a mesh of geometry {geometry:?}, whose axes are not lengths along x, y and z: bring the field to a \
         Cartesian grid, or write its components with the lengths and areas of the faces"
    )]
    Geometry {
        /// The dataset.
        dataset: String,
        /// As the file calls it.
        geometry: String,
    },
    /// Coordinates at every point that vary along several axes.
    #[error(
        "the coordinates {} of {dataset:?} vary along more than one axis each: the grid is curvilinear, of which lengths and \
         areas of faces do not follow; bring the field to a grid whose coordinates are products of axes",
        .names.join(", ")
    )]
    Curvilinear {
        /// The arrays.
        names: Vec<String>,
        /// A component.
        dataset: String,
        /// Distances along x, y[, z] that the file states, if it does.
        distances: Vec<f64>,
    },
    /// Arrays that may be the coordinates of axes for which the file has none that are known.
    #[error(
        "{} look{} like coordinates and {} not known to be those of {dataset:?}: without {} the spacing of {} would be 1",
        .names.join(", "), if .names.len() == 1 { "s" } else { "" }, if .names.len() == 1 { "is" } else { "are" },
        if .names.len() == 1 { "it" } else { "them" }, .axes.join(", ")
    )]
    LikelyCoordinates {
        /// The arrays.
        names: Vec<String>,
        /// Names of the axes.
        axes: Vec<&'static str>,
        /// A component.
        dataset: String,
    },
    /// Numbers without units that cover a globe in degrees.
    #[error(
        "{path}: {} goes once round in 360 and {} stays within ±90, both without units: most likely longitudes and latitudes in \
         degrees",
        .names[0], .names[1]
    )]
    PerhapsGlobe {
        /// The file.
        path: PathBuf,
        /// Where the coordinates of x and y were read.
        names: [String; 2],
    },
    /// A distance that is none along an axis.
    #[error("the distance of points along {axis}, {origin}, {reason}")]
    Step {
        /// Where it was read.
        origin: String,
        /// Name of the axis.
        axis: &'static str,
        /// What is wrong, in words.
        reason: String,
    },
    /// Coordinates of some axes only.
    #[error(
        "the file has the spacing of {known} and not that of {axis} of {dataset:?}, so that the spacing of {axis} would be 1 in \
         whatever unit"
    )]
    HalfPlaced {
        /// An axis whose spacing is known.
        known: &'static str,
        /// One whose spacing is not.
        axis: &'static str,
        /// A component.
        dataset: String,
    },
    /// Units of which no lengths in one unit follow.
    #[error(
        "the coordinates of axis {first_axis} are in {first:?} and those of axis {axis} in {found:?}: their differences \
         cannot be added as lengths in one unit; convert one of them in the file"
    )]
    Units {
        /// An axis.
        first_axis: &'static str,
        /// Its units.
        first: String,
        /// The one that differs.
        axis: &'static str,
        /// Its units.
        found: String,
    },
    /// An origin for uneven coordinates.
    #[error(
        "an origin was given, and axis {axis} has uneven coordinates ({source_name}), which say where every point is"
    )]
    UnevenOrigin {
        /// Name of the axis.
        axis: &'static str,
        /// Where the coordinates were read.
        source_name: String,
    },
    /// A result under lengths and areas that its file does not have.
    #[error(
        "{path}: {name} was decomposed with lengths and areas that were given, which the file does not have"
    )]
    GivenMetric {
        /// The file.
        path: PathBuf,
        /// The dataset.
        name: String,
    },
    /// A result that took degrees as lengths.
    #[error(
        "{path}: {name} was decomposed with degrees taken as lengths, and they are those of a sphere"
    )]
    FlatDegrees {
        /// The file.
        path: PathBuf,
        /// The dataset.
        name: String,
    },
    /// Fields of a result file whose axes end differently, or on spheres of different radii.
    #[error("{path}: {first} and {other} differ in {what}, and one grid is needed for both")]
    Results {
        /// The file.
        path: PathBuf,
        /// One dataset.
        first: String,
        /// Another one.
        other: String,
        /// In what they differ.
        what: &'static str,
    },
    /// Faces that do not lie in the middle between points.
    #[error(
        "the faces of axis {axis} begin at {} with spacing {}, the points at {} with spacing {}; the first face is \
         expected half a spacing before the first point, at {}",
        short(*.found), short(*.spacing), short(*.point), short(*.point_spacing), short(*.expected)
    )]
    Faces {
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
    /// Two datasets on different coordinates.
    #[error(
        "datasets {first:?} and {other:?} lie on different coordinates along axis {axis}: at point {index} (from 0) {:?} \
         and {:?}; components of one field have the same points",
        .values[0], .values[1]
    )]
    Differ {
        /// The first dataset.
        first: String,
        /// The one that differs.
        other: String,
        /// Name of the axis.
        axis: &'static str,
        /// The first point that differs.
        index: usize,
        /// Its coordinates.
        values: [f64; 2],
        /// They are half a step apart.
        half: bool,
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
    #[error("the {what} {} given for axis {axis} is not usable; a finite{} number is needed",
        short(*.found), if *.what == "spacing" { " positive" } else { "" })]
    Value {
        /// "spacing" or "origin".
        what: &'static str,
        /// Name of the axis.
        axis: &'static str,
        /// Value given.
        found: f64,
    },
    /// Coordinates that are not equally spaced, of components on faces.
    #[error(
        "axis {axis} is not uniform: from point {index} to the next the coordinate changes by {}, \
         on average by {} (read from {source_name}); components on faces are read on uniform axes: resample the field",
        short(*.found), short(*.mean)
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
         gradient part wrong by 30 to 160 %; project the field to a plane in metres first{}{}",
        if *.given { "; the spacing or origin given takes the place of coordinates of the file" } else { "" },
        whole_circle_in_words(*.whole_circle)
    )]
    Angles {
        /// The file.
        path: PathBuf,
        /// Which coordinates, in words.
        coordinates: String,
        /// A spacing or an origin was given in their place.
        given: bool,
        /// The bounded axis whose longitudes go once round the globe, if one does.
        whole_circle: Option<&'static str>,
    },
    /// A sphere was requested for a field that is not on one.
    #[error(
        "{path}: a sphere takes a field at points, x the longitude and y the latitude in degrees, z the height in metres, \
         by one-dimensional coordinates of the file or by spacing and origin; this field has {dims} axes or other coordinates"
    )]
    NotOnSphere {
        /// The file.
        path: PathBuf,
        /// Number of axes of the field.
        dims: usize,
    },
    /// A single longitude or latitude on a sphere.
    #[error(
        "{path}: axis {axis} has one {angle}, whose cells are of unknown width; its coordinates may be the two edges of the \
         cells, and two points suffice"
    )]
    OneAngle {
        /// The file.
        path: PathBuf,
        /// Name of the axis.
        axis: &'static str,
        /// What it is.
        angle: &'static str,
    },
    /// Components on faces between longitudes and latitudes.
    #[error(
        "{path}: the components are on the faces of longitudes and latitudes, and a sphere is taken from coordinates for \
         components at points alone: give the lengths and areas of the faces, or give the components at the points"
    )]
    FacesOnSphere {
        /// The file.
        path: PathBuf,
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
    /// Layers between bounds that do not follow one another.
    #[error(
        "{path}: the attribute `bounds` of {source_name} names the ends of the layers, and {reason}; mend the bounds, or remove \
         the attribute, so that layers end midway between their points"
    )]
    Bounds {
        /// The file.
        path: PathBuf,
        /// Where the coordinates were read.
        source_name: String,
        /// What is wrong with them, in words.
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
    /// A full circle of longitudes whose last meridian repeats the first.
    #[error(
        "{path}: the longitudes along {axis} run from {} to {}, once round the globe, so that the \
         last meridian is the first again; leave one of the two out of the file", short(*.first), short(*.last)
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
}
