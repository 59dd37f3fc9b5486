//! Analytic test fields, one per file, each with its exact parts.
//!
//! Convention: ∇φ for the gradient part; in 2D rot ψ = (∂ψ/∂y, −∂ψ/∂x) for the solenoidal part,
//! in 3D ∇∧A. `r` and `h` name the solenoidal and the harmonic part.
//!
//! | cases | where |
//! |---|---|
//! | P1 P2 P3, P4 P5 | torus |
//! | B1 … B5, B6 … B9, S1 | box with walls |
//! | U2, U3 | box, the same parts under every convention |
//! | W1 | unequal box, divergence from ∂w/∂z alone |
//! | S1d H1 H2, C1 C2 C3 | part of a box: disc, annulus, square with a hole, ball, between cylinders, between spheres |
//! | F1 F2, C4 | free space, vanishing at the edge of the window |
//! | F3, F4, F5 | a part of free space |
//! | SP1 SP2, SP3, SP4, SP5 | globe, a window and a band of it, between two spheres |
//! | CV1, RL1 | conformal image of a square, a stretched square |
//! | G1 | under a density |
//! | C5 | the flow of Lorenz |
//! | E1 E2 (2D and 3D) | auto-encoders in closed form |
//!
//! ```
//! use hodge::{boundary::Boundary, field::Layout, source::{Source, analytic::find_2d}};
//! let case = find_2d("b4").unwrap();
//! let field = case.sample(case.grid([32, 32])?, Layout::Points);
//! let energy = field.rms().powi(2); // the area is 1
//! let [gradient, solenoidal, harmonic] = case.known_energies(Boundary::NormalParallel).unwrap();
//! assert!((energy / (gradient + solenoidal + harmonic) - 1.0).abs() < 1e-2);
//! # Ok::<(), hodge::grid::GridError>(())
//! ```

mod b1;
mod b2;
mod b3;
mod b4;
mod b5;
mod b6;
mod b7;
mod b8;
mod b9;
mod c1;
mod c2;
mod c3;
mod c4;
mod c5;
mod cv1;
#[cfg(feature = "autoencoder")]
mod e1;
mod e2;
mod f1;
mod f2;
mod f3;
mod f4;
mod f5;
mod g1;
mod h1;
mod h2;
mod p1;
mod p2;
mod p3;
mod p4;
mod p5;
mod registry;
mod rl1;
mod s1;
mod s1d;
mod sp1;
mod sp2;
mod sp3;
mod sp4;
mod sp5;
mod space;
mod u2;
mod u3;
mod w1;

#[cfg(test)]
mod tests;

pub use h1::H1;
pub use registry::{CASES_2D, CASES_3D, find_2d, find_3d, names};
pub use space::CaseSpace;

use super::{Source, SourceError};
use crate::boundary::Boundary;
use crate::field::{Layout, VectorField};
use crate::grid::{Axis, Domain, Grid, GridError, Location, Topology, unravel};

/// The three parts of a field at one position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExactParts<const D: usize> {
    /// ∇φ.
    pub gradient: [f64; D],
    /// The divergence-free part.
    pub solenoidal: [f64; D],
    /// The part that is both.
    pub harmonic: [f64; D],
}

/// The window of a case: along each axis its start, its end and how it ends.
pub type CaseWindow<const D: usize> = [(f64, f64, Topology); D];

/// A field known in closed form.
pub trait Case<const D: usize>: Send + Sync {
    /// Short name, as on the command line (`P1`).
    fn name(&self) -> &'static str;

    /// The field in one line.
    fn title(&self) -> &'static str;

    /// The box it is sampled in.
    fn window(&self) -> CaseWindow<D>;

    /// What lengths follow from. Components are along the axes, in units of length: on a sphere to the east and to
    /// the north. Faces of unlike cells are sampled where [`Grid::position`] has them, which is their middle on the
    /// grids of cases, none of which has points at a pole.
    fn space(&self) -> CaseSpace {
        CaseSpace::Flat
    }

    /// Cells along the axes of a grid of size n in a study.
    fn cells(&self, n: usize) -> [usize; D] {
        [n; D]
    }

    /// Whether a position of the window belongs to the domain of the case.
    fn inside(&self, position: [f64; D]) -> bool {
        let _ = position;
        true
    }

    /// Whether the domain is only a part of the window: see [`Case::inside`].
    fn masked(&self) -> bool {
        false
    }

    /// The density p > 0 of the inner product ⟨v, w⟩ = ∫ p v·w in which the parts are those of the case; `None` for 1.
    fn density(&self, position: [f64; D]) -> Option<f64> {
        let _ = position;
        None
    }

    /// The boundary conventions on the domain under which [`Case::parts`] are the exact parts.
    /// Empty where none gives them. [`Boundary::Periodic`] is meant with every axis of the window
    /// periodic, the others with every axis bounded, whatever the topology of the window. In a space other than
    /// [`CaseSpace::Flat`] the topology is that of the window, and [`Boundary::Periodic`] means that there is no wall.
    fn exact_under(&self) -> &'static [Boundary];

    /// Whether [`Case::parts`] are also the exact parts under [`Boundary::FreeSpace`], with both potentials integrals over
    /// the window with the Green function of free space, up to what sources have left at its edge.
    fn free_space(&self) -> bool {
        false
    }

    /// The convention used when none is asked for.
    fn boundary(&self) -> Boundary {
        self.exact_under().first().copied().unwrap_or(Boundary::NoFlux)
    }

    /// The parts at a position.
    fn parts(&self, position: [f64; D]) -> ExactParts<D>;

    /// The exact parts at a position under a convention, where they are known. They are
    /// [`Case::parts`], or those with the harmonic part of `normal-parallel` on a box, which is
    /// both a gradient and a curl there, joined to the gradient part (`no-flux`) or to the
    /// solenoidal part (`zero-potential`).
    fn parts_under(&self, boundary: Boundary, position: [f64; D]) -> Option<ExactParts<D>> {
        let ExactParts { gradient, solenoidal, harmonic } = self.parts(position);
        let with_harmonic = |part: [f64; D]| std::array::from_fn(|k| part[k] + harmonic[k]);
        Some(match harmonic_under(self, boundary)? {
            HarmonicPlace::Stays => ExactParts { gradient, solenoidal, harmonic },
            HarmonicPlace::JoinsGradient => {
                ExactParts { gradient: with_harmonic(gradient), solenoidal, harmonic: [0.0; D] }
            }
            HarmonicPlace::JoinsSolenoidal => {
                ExactParts { gradient, solenoidal: with_harmonic(solenoidal), harmonic: [0.0; D] }
            }
        })
    }

    /// The exact potential φ of the gradient part of [`Case::parts`], up to a constant.
    fn potential(&self, position: [f64; D]) -> Option<f64> {
        let _ = position;
        None
    }

    /// L2 norms of the gradient, solenoidal and harmonic [`Case::parts`] over the domain, where
    /// known; over all space for a field that is only given in free space.
    fn norms(&self) -> Option<[f64; 3]> {
        None
    }

    /// ‖·‖² of the exact gradient, solenoidal and harmonic part over the domain under a
    /// convention, where known. They can be known where the parts themselves are not.
    fn known_energies(&self, boundary: Boundary) -> Option<[f64; 3]> {
        let grouping = harmonic_under(self, boundary)?;
        let [gradient, solenoidal, harmonic] = self.norms()?.map(|norm| norm * norm);
        Some(match grouping {
            HarmonicPlace::Stays => [gradient, solenoidal, harmonic],
            HarmonicPlace::JoinsGradient => [gradient + harmonic, solenoidal, 0.0],
            HarmonicPlace::JoinsSolenoidal => [gradient, solenoidal + harmonic, 0.0],
        })
    }
}

/// Where the harmonic part of [`Case::parts`] goes under another convention.
enum HarmonicPlace {
    Stays,
    JoinsGradient,
    JoinsSolenoidal,
}

fn harmonic_under<const D: usize>(
    case: &(impl Case<D> + ?Sized),
    boundary: Boundary,
) -> Option<HarmonicPlace> {
    let exact = case.exact_under();
    let on_a_box = exact.contains(&Boundary::NormalParallel) && !case.masked();
    match boundary {
        _ if exact.contains(&boundary) => Some(HarmonicPlace::Stays),
        Boundary::FreeSpace if case.free_space() => Some(HarmonicPlace::Stays),
        Boundary::NoFlux if on_a_box => Some(HarmonicPlace::JoinsGradient),
        Boundary::ZeroPotential if on_a_box => Some(HarmonicPlace::JoinsSolenoidal),
        _ => None,
    }
}

impl<const D: usize> dyn Case<D> + '_ {
    /// The grid over the window of the case with n cells along each axis.
    ///
    /// # Errors
    /// If an axis has no cells, or the cells are too many.
    pub fn grid(&self, cells: [usize; D]) -> Result<Grid<D>, GridError> {
        let topology = self.window().map(|(_, _, topology)| topology);
        self.grid_with(cells, topology)
    }

    /// The same with the topology that a convention needs: every axis periodic, or every axis
    /// bounded.
    ///
    /// # Errors
    /// If an axis has no cells, or the cells are too many.
    pub fn grid_under(&self, cells: [usize; D], boundary: Boundary) -> Result<Grid<D>, GridError> {
        let topology = match boundary {
            _ if self.space().has_metric() => self.window().map(|(_, _, topology)| topology),
            Boundary::Periodic => [Topology::Periodic; D],
            _ => [Topology::Bounded; D],
        };
        self.grid_with(cells, topology)
    }

    fn grid_with(&self, cells: [usize; D], topology: [Topology; D]) -> Result<Grid<D>, GridError> {
        let window = self.window();
        self.space().grid(Grid::new(std::array::from_fn(|k| {
            Axis::over(window[k].0, window[k].1, cells[k], topology[k])
        }))?)
    }

    /// The [`density`](Case::density) on the faces of a grid, if the case has one.
    pub fn density_on(&self, grid: Grid<D>) -> Option<VectorField<D>> {
        self.density(self.window().map(|(start, end, _)| 0.5 * (start + end)))?;
        let density = |position| [self.density(position).unwrap_or(1.0); D];
        Some(VectorField::sample(grid, Layout::Faces, density))
    }

    /// The cells of the grid over the window whose centres lie inside the domain of the case.
    /// Curved walls become stairs: the parts are then exact up to O(h) only.
    ///
    /// # Errors
    /// If an axis has no cells, the cells are too many, or none lies inside the domain.
    pub fn domain(&self, cells: [usize; D]) -> Result<Domain<D>, SourceError> {
        self.domain_on(self.grid(cells)?)
    }

    /// The same on a grid, with the metric of the [`space`](Case::space).
    ///
    /// # Errors
    /// If none of its cells lies inside the domain, or it does not fit the space.
    pub fn domain_on(&self, grid: Grid<D>) -> Result<Domain<D>, SourceError> {
        let shape = grid.shape();
        let centre = |flat| grid.position(Location::CELL, unravel(shape, flat));
        let domain = match self.masked() {
            false => Domain::full(grid),
            true => {
                let inside = (0..grid.cells()).map(|flat| self.inside(centre(flat)));
                Domain::masked(grid, inside.collect())?
            }
        };
        Ok(match self.space().metric(&grid)? {
            Some(metric) => domain.with_metric(metric)?,
            None => domain,
        })
    }
}

impl<const D: usize> Source<D> for dyn Case<D> + '_ {
    fn value(&self, position: [f64; D]) -> [f64; D] {
        let parts = self.parts(position);
        std::array::from_fn(|k| parts.gradient[k] + parts.solenoidal[k] + parts.harmonic[k])
    }
}
