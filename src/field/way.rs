//! From the faces to the points.

use serde::Serialize;

/// How components on faces come to the points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// By four faces, see [`to_points`](super::to_points): errors of fourth order, where the mean has second. The
    /// parts of smooth fields at the points are more accurate than by the mean, and far less is
    /// lost between points and faces.
    #[default]
    FourPoints,
    /// The mean of the two faces of a cell. It commutes with differences: on a box the gradient
    /// part at the points has no curl by central differences. It also leaves somewhat less of noise
    /// that is uncorrelated from point to point in the parts.
    Mean,
}

impl Way {
    /// Every way.
    pub const ALL: [Way; 2] = [Way::FourPoints, Way::Mean];

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Way::FourPoints => "four-point",
            Way::Mean => "mean",
        }
    }

    /// The way, for a reader of results.
    pub fn in_words(self) -> &'static str {
        match self {
            Way::FourPoints => "the cubic through four faces, at walls the quadratic through three",
            Way::Mean => "the mean of the two faces of a cell",
        }
    }

    /// The way with that name.
    pub fn from_name(name: &str) -> Option<Way> {
        Way::ALL.into_iter().find(|way| way.name() == name)
    }
}
