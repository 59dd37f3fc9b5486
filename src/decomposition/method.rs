//! The methods and what they take.

use crate::field::Layout;
use crate::grid::Domain;
use serde::Serialize;
use std::fmt;

/// The methods of decomposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Leray projection in Fourier space; periodic axes only.
    Spectral,
    /// Exact projections of staggered components; any mix of axes, any mask.
    Staggered,
    /// Exact projections at the sample points; no mask, one convention.
    Central,
}

impl Method {
    /// Every method.
    pub const ALL: [Method; 3] = [Method::Spectral, Method::Staggered, Method::Central];

    /// The name used on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Method::Spectral => "spectral",
            Method::Staggered => "staggered",
            Method::Central => "central",
        }
    }

    /// The method with that name.
    pub fn from_name(name: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|m| m.name() == name)
    }

    /// The layout in which the method takes fields; a source that can be evaluated anywhere is
    /// sampled in it.
    pub fn layout(self) -> Layout {
        match self {
            Method::Spectral | Method::Central => Layout::Points,
            Method::Staggered => Layout::Faces,
        }
    }

    /// The method a domain calls for: `spectral` where it is periodic and unmasked, else
    /// `staggered`.
    pub fn for_domain<const D: usize>(domain: &Domain<D>) -> Method {
        if domain.grid().fully_periodic() && domain.mask().is_none() && domain.metric().is_none() {
            Method::Spectral
        } else {
            Method::Staggered
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
