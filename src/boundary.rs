//! Which condition each potential takes at the walls, and which transform follows from it: tables,
//! no arithmetic.
//!
//! v = ∇φ + ⋆A + h is unique only once the conditions at walls are fixed:
//!
//! | boundary | φ at a wall | ⋆A at a wall | h on a box |
//! |---|---|---|---|
//! | `periodic` (no walls) | – | – | the mean flow |
//! | `no-flux` | free, ∂φ/∂n = v·n | tangential | 0 |
//! | `zero-potential` | 0 | free | 0 |
//! | `normal-parallel` | 0 | tangential | the rest, with zero divergence and curl |
//! | `free-space` (no walls either) | ∫ G ∇·v | ⋆∫ G ∇∧v, up to sign | the rest; not orthogonal |

use crate::grid::Topology;
use serde::Serialize;
use std::fmt;

/// The boundary conventions of the decomposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Boundary {
    /// No wall on any axis.
    Periodic,
    /// The projection-method convention: the solenoidal part is tangential to the walls.
    NoFlux,
    /// The potential vanishes on the walls: the gradient part is normal to them.
    ZeroPotential,
    /// Both conditions (Hodge–Morrey): what neither part can represent is harmonic.
    NormalParallel,
    /// No condition: both potentials are integrals over the box with the Green function of free space, and what is
    /// left comes from outside.
    FreeSpace,
}

impl Boundary {
    /// Every convention.
    pub const ALL: [Boundary; 5] = [
        Boundary::Periodic,
        Boundary::NoFlux,
        Boundary::ZeroPotential,
        Boundary::NormalParallel,
        Boundary::FreeSpace,
    ];

    /// The name used on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Boundary::Periodic => "periodic",
            Boundary::NoFlux => "no-flux",
            Boundary::ZeroPotential => "zero-potential",
            Boundary::NormalParallel => "normal-parallel",
            Boundary::FreeSpace => "free-space",
        }
    }

    /// The convention with that name.
    pub fn from_name(name: &str) -> Option<Boundary> {
        Boundary::ALL.into_iter().find(|b| b.name() == name)
    }

    /// The convention in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Boundary::Periodic => "periodic on every axis: the mean flow is harmonic",
            Boundary::NoFlux => {
                "no-flux: the solenoidal part is tangential to the walls, the potential is free there"
            }
            Boundary::ZeroPotential => {
                "zero-potential: the potential is 0 on the walls, the solenoidal part is free there"
            }
            Boundary::NormalParallel => {
                "normal-parallel: the potential is 0 on the walls and the solenoidal part tangential; the rest is harmonic"
            }
            Boundary::FreeSpace => {
                "free-space: no walls, both potentials from the sources in the box alone; the rest comes from outside, \
                 and the parts are not orthogonal"
            }
        }
    }

    /// How a convention groups the five orthogonal parts ∇φ (φ = 0 at walls), ⋆A (tangential), h_T, h_N
    /// and ∇χ = ⋆B, numbered from 0, into gradient, solenoidal and harmonic part.
    ///
    /// # Panics
    /// On [`Boundary::Periodic`] and [`Boundary::FreeSpace`]: without walls the five parts cannot be told apart.
    pub fn groups(self) -> [&'static [usize]; 3] {
        match self {
            Boundary::NoFlux => [&[0, 3, 4], &[1], &[2]],
            Boundary::ZeroPotential => [&[0], &[1, 2, 4], &[3]],
            Boundary::NormalParallel => [&[0], &[1], &[2, 3, 4]],
            Boundary::Periodic | Boundary::FreeSpace => {
                panic!("without walls there is one convention")
            }
        }
    }

    /// Conditions of the scalar potentials to solve for: the one that gives the solenoidal part,
    /// then the one that gives the gradient part if it differs. In free space nothing is solved for.
    pub fn potentials(self) -> &'static [Condition] {
        match self {
            Boundary::Periodic | Boundary::NoFlux => &[Condition::Neumann],
            Boundary::ZeroPotential => &[Condition::Dirichlet],
            Boundary::NormalParallel => &[Condition::Neumann, Condition::Dirichlet],
            Boundary::FreeSpace => &[],
        }
    }
}

impl fmt::Display for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a scalar potential does at a wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Condition {
    /// ∂φ/∂n = 0 for the homogeneous problem.
    Neumann,
    /// φ = 0 on the wall.
    Dirichlet,
}

impl Condition {
    /// How much more a unit of φ drives across a wall than across a face between two cells: with φ = 0 on the wall,
    /// half a distance off, twice as much.
    pub(crate) fn across_wall(self) -> f64 {
        match self {
            Condition::Neumann => 0.0,
            Condition::Dirichlet => 2.0,
        }
    }
}

/// The transform that diagonalises the second difference of one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// Periodic: the discrete Fourier transform.
    Fourier,
    /// Values at cell centres, Neumann ends: DCT-II, inverse DCT-III.
    CosineCells,
    /// Values at cell centres, Dirichlet ends: DST-II, inverse DST-III.
    SineCells,
    /// Values on the interior faces, Dirichlet ends: DST-I.
    SineFaces,
    /// Values on all faces, Neumann ends: DCT-I with half weights at the walls.
    CosineFaces,
}

/// The basis for values at cell centres (`on_face` false) or on faces (true) of an axis.
pub fn basis(topology: Topology, condition: Condition, on_face: bool) -> Basis {
    match (topology, condition, on_face) {
        (Topology::Periodic, _, _) => Basis::Fourier,
        (Topology::Bounded, Condition::Neumann, false) => Basis::CosineCells,
        (Topology::Bounded, Condition::Dirichlet, false) => Basis::SineCells,
        (Topology::Bounded, Condition::Dirichlet, true) => Basis::SineFaces,
        (Topology::Bounded, Condition::Neumann, true) => Basis::CosineFaces,
    }
}
