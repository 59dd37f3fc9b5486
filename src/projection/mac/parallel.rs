//! The normal-parallel projection of a staggered field on a box: a second potential, and a third part.

use super::MacProjection;
use super::walls::{Spectra, Walls};
use super::work::LastSweep;
use crate::grid::Topology;
use crate::machine::{Pool, zeros};

/// The projection of staggered components on a box onto gradients that are normal to the walls, and onto what
/// has no divergence and is tangential to them; planned once.
///
/// Components are as for [`MacProjection`]. With φ_N, ∇φ_N and the means along periodic axes as there,
///
/// −∇·∇φ_D = −∇·v at the cells, with φ_D = 0 on the walls, so that its difference there is ±2φ/h;
/// gradient = ∇φ_D; solenoidal = v − ∇φ_N − mean; harmonic = ∇φ_N − ∇φ_D + mean.
///
/// # How
///
/// φ_N − φ_D = χ is the harmonic function that has the values of φ_N on the walls: its right-hand
/// side comes from those values alone, so that the second potential costs half of the first.
///
/// 1. the first three sweeps of the no-flux projection leave φ_N;
/// 2. the right-hand side of χ on the walls, and its transforms along them;
/// 3. per lane of the last axis: the coefficients of χ, an outer product with those of the walls divided by
///    the eigenvalues, and their inverse transform;
/// 4. per plane: the other inverse transforms, and φ_D = φ_N − χ;
/// 5. per plane: all three parts, and the residuals of both equations.
///
/// φ_N lives in an array that the plan keeps. On N cells some 8 D + 13 passes over one real array of N, and
/// three real transforms of each axis: three halves of the no-flux projection.
///
/// ```
/// use hodge::{grid::Topology, projection::ParallelProjection};
/// // a uniform flow through the walls of 3 × 2 cells is neither a gradient nor solenoidal
/// let (u, v) = ([1.0; 8], [0.0; 9]);
/// let zeros = || ([0.0; 8], [0.0; 9]);
/// let ((mut gx, mut gy), (mut sx, mut sy), (mut hx, mut hy)) = (zeros(), zeros(), zeros());
/// let box_ = ParallelProjection::new([3, 2], [1.0, 1.0], [Topology::Bounded; 2]);
/// let parts = [[&mut gx[..], &mut gy], [&mut sx, &mut sy], [&mut hx, &mut hy]];
/// let done = box_.project([&u, &v], parts, &mut [0.0; 6]);
/// assert!(gx.iter().chain(&sx).all(|value| value.abs() < 1e-14));
/// assert!(hx.iter().all(|h| (h - 1.0).abs() < 1e-14));
/// assert!(done.residuals.iter().all(|r| *r < 1e-14));
/// ```
pub struct ParallelProjection<const D: usize> {
    walled: MacProjection<D>,
    walls: Walls<D>,
    spare: Pool<ParallelBuffers<D>>,
}

/// The first potential, and the transforms of the walls.
struct ParallelBuffers<const D: usize> {
    neumann: Vec<f64>,
    spectra: Spectra<D>,
}

/// What a [`ParallelProjection`] tells beside the parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProjectedParallel<const D: usize> {
    /// The mean of each component along a periodic axis, 0 for the others; it is in the harmonic part.
    pub means: [f64; D],
    /// Square root of the sum of squares of all components; NaN or infinite where a value is.
    pub norm: f64,
    /// Square roots of the sums of squares of the divergence of the solenoidal part and of that of v − gradient: what
    /// the equations of φ_N and φ_D leave.
    pub residuals: [f64; 2],
}

impl<const D: usize> ParallelProjection<D> {
    /// Plans the projection for `shape` cells with the given spacings, both x first.
    ///
    /// # Panics
    /// If D is not 2 or 3 or an axis has no cells.
    pub fn new(
        shape: [usize; D],
        spacing: [f64; D],
        topology: [Topology; D],
    ) -> ParallelProjection<D> {
        ParallelProjection {
            walled: MacProjection::new(shape, spacing, topology),
            walls: Walls::new(shape, spacing, topology),
            spare: Pool::new(),
        }
    }

    /// Writes the components of the gradient, the solenoidal and the harmonic part of `input`, and φ_D.
    ///
    /// # Panics
    /// If an array has another number of values than its faces or, for the potential, cells.
    pub fn project(
        &self,
        input: [&[f64]; D],
        parts: [[&mut [f64]; D]; 3],
        potential: &mut [f64],
    ) -> ProjectedParallel<D> {
        let (walled, parts) = (&self.walled, Vec::from(parts));
        walled.check_lens(input, &parts);
        let cells = walled.shape.iter().product();
        let spectra = || std::array::from_fn(|_| Vec::new());
        let mut space =
            self.spare.take(|| ParallelBuffers { neumann: zeros(cells), spectra: spectra() });
        let ParallelBuffers { neumann, spectra } = &mut *space;
        let (means, norm) = walled.solve(input, neumann);
        self.walls.solve(walled, input, neumann, spectra, potential);
        let work =
            LastSweep { projection: walled, input, neumann, dirichlet: Some(potential), means };
        ProjectedParallel { means, norm, residuals: walled.sweep(&work, parts) }
    }
}
