//! The methods and what they take.

use crate::boundary::Boundary;
use crate::field::Layout;
use crate::grid::Domain;
use serde::Serialize;
use std::fmt;

/// The methods of decomposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Leray projection in Fourier space; periodic axes only.
    Spectral,
    /// Exact projections of staggered components; any mix of axes, any mask.
    Staggered,
    /// Exact projections at the sample points; no mask, one convention.
    Central,
    /// Free space, by integrated Green functions; bounded axes.
    Natural,
    /// Free space, by Fourier derivatives and a truncated Green function; fields that vanish at the edge.
    NaturalSpectral,
    /// Baseline: central differences at the points and the compact Laplacian.
    Chorin,
    /// Baseline: central differences at the points and their own wide Laplacian.
    ChorinWide,
    /// Baseline: the Fourier projection of what a linear trend leaves.
    FourierDetrended,
    /// Baseline: the Fourier projection of the field beside its mirror images.
    FourierMirrored,
    /// The closest conservative network, fitted by least squares; bounded axes, any mask.
    Learned,
    /// The same without negative e_l, as with tied weights.
    LearnedTied,
}

impl Method {
    /// Every method.
    pub const ALL: [Method; 11] = [
        Method::Spectral,
        Method::Staggered,
        Method::Central,
        Method::Natural,
        Method::NaturalSpectral,
        Method::Chorin,
        Method::ChorinWide,
        Method::FourierDetrended,
        Method::FourierMirrored,
        Method::Learned,
        Method::LearnedTied,
    ];

    /// The name used on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Method::Spectral => "spectral",
            Method::Staggered => "staggered",
            Method::Central => "central",
            Method::Natural => "natural",
            Method::NaturalSpectral => "natural-spectral",
            Method::Chorin => "chorin",
            Method::ChorinWide => "chorin-wide",
            Method::FourierDetrended => "fourier-detrended",
            Method::FourierMirrored => "fourier-mirrored",
            Method::Learned => "learned",
            Method::LearnedTied => "learned-tied",
        }
    }

    /// What it takes and what it is exact for, in a line.
    pub fn in_words(self) -> &'static str {
        match self {
            Method::Spectral => "every axis periodic; exact for the Fourier derivative",
            Method::Staggered => "any mix of periodic and bounded axes, masks; exact on the faces",
            Method::Central => {
                "bounded and periodic axes, no mask; exact at the points by numpy.gradient"
            }
            Method::Natural => {
                "free space around a box; not orthogonal; exact potentials of sources constant in each cell"
            }
            Method::NaturalSpectral => {
                "the same for fields that vanish at the edge, to rounding where they are resolved"
            }
            Method::Chorin => "baseline: central differences, compact Laplacian; leaves divergence",
            Method::ChorinWide => "baseline: central differences, wide Laplacian; points decouple",
            Method::FourierDetrended => {
                "baseline: Fourier on walls after taking off a linear trend; error at the seam"
            }
            Method::FourierMirrored => {
                "baseline: Fourier on walls after mirroring; error at the seam"
            }
            Method::Learned => {
                "the closest conservative network R = WE by least squares; masks; tends to no-flux"
            }
            Method::LearnedTied => {
                "the same with E >= 0, as with tied weights: a cone with a limit of its own"
            }
        }
    }

    /// The method with that name.
    pub fn from_name(name: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|m| m.name() == name)
    }

    /// Whether it stands for what is commonly done, with known defects that must show: never chosen by default.
    pub fn is_baseline(self) -> bool {
        matches!(
            self,
            Method::Chorin
                | Method::ChorinWide
                | Method::FourierDetrended
                | Method::FourierMirrored
        )
    }

    /// Whether it fits a network, for which the room `autoencoder` plans it.
    pub fn is_learned(self) -> bool {
        matches!(self, Method::Learned | Method::LearnedTied)
    }

    /// Whether it solves Poisson equations by a back end that can be chosen.
    pub fn solves(self) -> bool {
        self == Method::Staggered
    }

    /// The layout in which the method takes fields; a source that can be evaluated anywhere is
    /// sampled in it.
    pub fn layout(self) -> Layout {
        match self {
            Method::Staggered | Method::Natural => Layout::Faces,
            _ => Layout::Points,
        }
    }

    /// The only convention of the method on a domain with walls or without; `None` where the domain decides.
    pub fn convention(self, walls: bool) -> Option<Boundary> {
        match self {
            Method::Spectral | Method::Staggered => None,
            Method::Natural | Method::NaturalSpectral => Some(Boundary::FreeSpace),
            Method::Learned | Method::LearnedTied => Some(Boundary::NoFlux),
            Method::Central | Method::Chorin | Method::ChorinWide if walls => {
                Some(Boundary::NoFlux)
            }
            _ => Some(Boundary::Periodic),
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
