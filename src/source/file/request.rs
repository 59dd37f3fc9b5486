//! What is asked of a file.

use std::path::PathBuf;

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
    /// Names of the datasets: one per component in the order x, y[, z], or one with a component
    /// axis. `OTHER::NAME` reads `NAME` from the file `OTHER` beside this one.
    /// Empty: found by their names.
    pub datasets: Vec<String>,
    /// The axes of each dataset, slowest first, as letters: t (samples; may repeat), c
    /// (component), z, y, x; for instance `t,c,z,y,x`.
    pub axes: Option<String>,
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
