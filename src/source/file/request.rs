//! What is asked of a file.

use super::calendar;
use super::given::GivenArrays;
use std::path::PathBuf;
use std::sync::Arc;

/// What the distances between the points of a file are taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileMetric {
    /// The differences of the coordinates, also of degrees, which on the globe is wrong by 30 to 160 % in the gradient
    /// part.
    Plane,
    /// x is the longitude and y the latitude, in degrees, in 3D z the height in metres.
    Sphere,
    /// Lengths and areas from elsewhere: coordinates are labels.
    Given,
}

/// A part of an axis that is to be read.
///
/// ```
/// use hodge::source::file::Selection;
/// let level = Selection::parse("level=500").unwrap();
/// assert!(level.single && level.from == Some(500.0));
/// let window = Selection::parse("lon=-60:0").unwrap();
/// assert_eq!((window.from, window.to), (Some(-60.0), Some(0.0)));
/// assert!(Selection::parse("time=[0:24]").unwrap().by_index);
/// let month = Selection::parse("time=2001-01-01:2001-01-31").unwrap();
/// assert_eq!(month.dates.as_deref(), Some("2001-01-01:2001-01-31"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// Name of the axis, or one of the same meaning, such as `lon` for `longitude`.
    pub axis: String,
    /// The first coordinate; `None` from the start.
    pub from: Option<f64>,
    /// The last coordinate, which is taken too; `None` to the end.
    pub to: Option<f64>,
    /// One value, not a range.
    pub single: bool,
    /// The numbers are indices from 0, the last not taken. Otherwise they are coordinates, and indices only where
    /// the axis has no coordinate among them.
    pub by_index: bool,
    /// A date or two, such as `2001-01-03`, of an axis in a unit of time since another; the last day, or month, is taken
    /// whole. There are no numbers then.
    pub dates: Option<String>,
}

impl Selection {
    /// From `AXIS=VALUE`, `AXIS=FROM:TO`, or with brackets around the numbers for indices; `None` for anything else.
    pub fn parse(text: &str) -> Option<Selection> {
        let (axis, range) = text.split_once('=')?;
        let inner = range.strip_prefix('[').and_then(|range| range.strip_suffix(']'));
        let by_index = inner.is_some();
        let range = inner.unwrap_or(range).trim();
        let number = |text: &str| match text.trim() {
            "" => Some(None),
            text => text.parse::<f64>().ok().filter(|v| v.is_finite()).map(Some),
        };
        let axis = axis.trim().to_string();
        if !by_index && calendar::ends(range).is_some() {
            let dates = Some(range.to_string());
            let (from, to, single) = (None, None, false);
            return Some(Selection { axis, from, to, single, by_index, dates });
        }
        let selection = match range.split_once(':') {
            Some((from, to)) => {
                let (from, to) = (number(from)?, number(to)?);
                Selection { axis, from, to, single: false, by_index, dates: None }
            }
            None => {
                let value = Some(number(range)??);
                Selection { axis, from: value, to: value, single: true, by_index, dates: None }
            }
        };
        (!selection.axis.is_empty()).then_some(selection)
    }
}

impl std::fmt::Display for Selection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let number = |value: Option<f64>| value.map_or(String::new(), |v| v.to_string());
        let range = match self.single {
            true => number(self.from),
            false => format!("{}:{}", number(self.from), number(self.to)),
        };
        if let Some(dates) = &self.dates {
            return write!(f, "{}={dates}", self.axis);
        }
        match self.by_index {
            true => write!(f, "{}=[{range}]", self.axis),
            false => write!(f, "{}={range}", self.axis),
        }
    }
}

/// What to read from a file; what is left out is read from it or assumed, and said so.
///
/// ```
/// use hodge::source::file::FileRequest;
/// let request = FileRequest {
///     datasets: vec!["u".into(), "v".into()],
///     spacing: Some(vec![0.5, 0.5]),
///     ..FileRequest::new("flow.h5")
/// };
/// assert!(request.axes.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileRequest {
    /// The file: HDF5, NetCDF, `.npy` or `.npz`, told apart by content.
    pub path: PathBuf,
    /// Arrays in memory that are read in the place of a file; `path` is then what messages call them.
    pub given: Option<Arc<GivenArrays>>,
    /// Names of the datasets: one per component in the order x, y[, z], or one with a component
    /// axis. `OTHER:NAME` reads `NAME` from the file `OTHER`, beside this one or from the working directory.
    /// Empty: found by their names.
    pub datasets: Vec<String>,
    /// The axes of each dataset, slowest first, as letters: t (samples; may repeat), c
    /// (component), z, y, x; for instance `t,c,z,y,x`.
    pub axes: Option<String>,
    /// Parts of axes that are read; of others all is.
    pub select: Vec<Selection>,
    /// Rows run from the top to the bottom: y is turned. Coordinates say so by themselves.
    pub y_down: bool,
    /// The datasets are the normal components on the faces of the cells, one for each axis; see the
    /// [module](super).
    pub staggered: bool,
    /// Axes (0 for x) that are periodic, which tells how many faces to expect if `staggered`; `None` where
    /// nothing is known of it, and they are taken as bounded.
    pub periodic: Option<Vec<usize>>,
    /// Distance of points along x, y[, z], or one for all; overrides coordinates in the file.
    pub spacing: Option<Vec<f64>>,
    /// Coordinate of the first point along x, y[, z], or one for all; overrides coordinates in the file.
    pub origin: Option<Vec<f64>>,
    /// What distances are taken from; `None`: longitudes and latitudes in degrees along x and y are those of a sphere, in
    /// 3D with a height along z of a shell; all other angles are refused.
    pub metric: Option<FileMetric>,
    /// Components point to the east and north, and x this many degrees counterclockwise from the east: a number, or a
    /// dataset with the angle at the points, in radians unless its units say degrees.
    pub angle: Option<String>,
    /// Dataset whose cells take part where it is neither zero nor missing.
    pub mask: Option<String>,
    /// A stored number that means "missing", besides NaN and the file's own fill values.
    pub fill_value: Option<f64>,
    /// Keep missing values as NaN; otherwise reading a sample with one in a cell that takes part
    /// fails.
    pub allow_missing: bool,
}

impl FileRequest {
    /// Everything from the file itself.
    pub fn new(path: impl Into<PathBuf>) -> FileRequest {
        FileRequest { path: path.into(), ..FileRequest::default() }
    }

    /// Whether an axis is said to be periodic.
    pub(super) fn is_periodic(&self, k: usize) -> bool {
        self.periodic.as_ref().is_some_and(|axes| axes.contains(&k))
    }
}
