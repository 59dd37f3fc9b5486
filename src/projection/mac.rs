//! Projections of a staggered field on a box, in a few sweeps over memory: no-flux, and in [`parallel`]
//! normal-parallel, which takes a second potential beside it.

mod faces;
mod lines;
mod parallel;
mod parts;
mod row;
mod walls;
mod work;

pub use parallel::{ParallelProjection, ProjectedParallel};

use crate::boundary::{Basis, Condition, basis};
use crate::grid::Topology;
use crate::machine::Pool;
use crate::transform::{RealTransform, eigenvalues};
use lines::BandBuffers;
use parts::OutputParts;
use rayon::prelude::*;
use work::LastSweep;

/// The projection of staggered components on a box onto gradients with no flux through the walls,
/// planned once.
///
/// Component k sits on the faces normal to axis k: n + 1 values on a bounded axis of n cells, n on a
/// periodic one, where face i lies below cell i. With differences δ between neighbours, over the spacing h,
///
/// −∇·∇φ = −∇·v° at the cells, v° being v with zero at the walls;
/// gradient = δφ/h inside and v at the walls; solenoidal = v − gradient − mean,
///
/// where the mean of a component along a periodic axis belongs to neither part and is returned.
///
/// # How
///
/// 1. per plane of cells, in cache: −∇·v°, and the transforms of the plane along all axes but the last;
/// 2. per tile along the last axis: transform, division by the eigenvalues, inverse transform;
/// 3. per plane: the inverse transforms, which leave φ;
/// 4. per plane: both parts, and the residual of the equation, which is the divergence of the
///    solenoidal part.
///
/// The equation is solved in the array of the potential; only buffers of the threads are allocated
/// besides. On N cells some 6 D + 7 passes over one real array of N, and two real transforms of
/// each axis.
///
/// ```
/// use hodge::{grid::Topology, projection::MacProjection};
/// // a gradient on 3 × 2 cells of size 1: φ = x² at the cells 0, 1, 2
/// let u = [0.0, 1.0, 3.0, 0.0, 0.0, 1.0, 3.0, 0.0];
/// let v = [0.0; 9];
/// let (mut gx, mut gy, mut sx, mut sy) = ([0.0; 8], [0.0; 9], [0.0; 8], [0.0; 9]);
/// let mut phi = [0.0; 6];
/// let box_ = MacProjection::new([3, 2], [1.0, 1.0], [Topology::Bounded; 2]);
/// let done = box_.project([&u, &v], [&mut gx, &mut gy], [&mut sx, &mut sy], &mut phi);
/// assert!((gx[1] - 1.0).abs() < 1e-14 && sx.iter().all(|s| s.abs() < 1e-14));
/// assert!((phi[2] - phi[0] - 4.0).abs() < 1e-14 && done.residual < 1e-14);
/// ```
pub struct MacProjection<const D: usize> {
    shape: [usize; D],
    spacing: [f64; D],
    bounded: [bool; D],
    transform: RealTransform<D>,
    eigenvalues: [Vec<f64>; D],
    spare: Pool<BandBuffers>,
}

/// What a [`MacProjection`] tells beside the parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projected<const D: usize> {
    /// The mean of each component along a periodic axis, 0 for the others: the harmonic part.
    pub means: [f64; D],
    /// Square root of the sum of squares of all components; NaN or infinite where a value is.
    pub norm: f64,
    /// Square root of the sum of squares of the divergence of the solenoidal part.
    pub residual: f64,
}

impl<const D: usize> MacProjection<D> {
    /// Plans the projection for `shape` cells with the given spacings, both x first.
    ///
    /// # Panics
    /// If D is not 2 or 3 or an axis has no cells.
    pub fn new(shape: [usize; D], spacing: [f64; D], topology: [Topology; D]) -> MacProjection<D> {
        assert!(D == 2 || D == 3, "the projection is for 2 or 3 dimensions, not {D}");
        let bases: [Basis; D] = topology.map(|t| basis(t, Condition::Neumann, false));
        MacProjection {
            shape,
            spacing,
            bounded: topology.map(|t| t == Topology::Bounded),
            transform: RealTransform::new(shape, bases),
            eigenvalues: std::array::from_fn(|k| eigenvalues(bases[k], shape[k], spacing[k])),
            spare: Pool::new(),
        }
    }

    /// Writes the gradient and the solenoidal part of `input` and the potential, whose mean is 0.
    ///
    /// # Panics
    /// If an array has another number of values than its faces or, for the potential, cells.
    pub fn project(
        &self,
        input: [&[f64]; D],
        gradient: [&mut [f64]; D],
        solenoidal: [&mut [f64]; D],
        potential: &mut [f64],
    ) -> Projected<D> {
        let parts = vec![gradient, solenoidal];
        self.check_lens(input, &parts);
        let (means, norm) = self.solve(input, potential);
        let work =
            LastSweep { projection: self, input, neumann: potential, dirichlet: None, means };
        let [residual, _] = self.sweep(&work, parts);
        Projected { means, norm, residual }
    }

    /// The last sweep: writes the parts and returns the residuals of the equations of both
    /// potentials.
    fn sweep(&self, work: &LastSweep<D>, parts: OutputParts<D>) -> [f64; 2] {
        let count = parts.len();
        let squares: Vec<[f64; 2]> = self
            .tasks(parts)
            .into_par_iter()
            .map_init(
                || self.spare.take(|| BandBuffers::new(self, count)),
                |lines, task| task.run(work, lines),
            )
            .collect();
        [0, 1].map(|i| squares.iter().map(|s| s[i]).sum::<f64>().sqrt())
    }

    /// Writes the potential with Neumann walls; returns the mean of each component along a periodic axis, 0 for
    /// the others, and the norm of all.
    fn solve(&self, input: [&[f64]; D], potential: &mut [f64]) -> ([f64; D], f64) {
        let eigenvalues = self.eigenvalues.each_ref().map(|s| &s[..]);
        let sums = self.transform.solve_filled(potential, eigenvalues, |first, values| {
            self.right_hand_side(input, first, values)
        });
        let total = |i: usize| sums.iter().map(|s| s[i]).sum::<f64>();
        let cells = potential.len() as f64;
        let mean = |k| if self.bounded[k] { 0.0 } else { total(k) / cells };
        (std::array::from_fn(mean), total(3).sqrt())
    }

    fn check_lens(&self, input: [&[f64]; D], parts: &OutputParts<D>) {
        for k in 0..D {
            self.check_len(k, input[k]);
            parts.iter().for_each(|part| self.check_len(k, part[k]));
        }
    }

    fn check_len(&self, k: usize, array: &[f64]) {
        let (found, expected) = (array.len(), self.faces(k).iter().product::<usize>());
        assert_eq!(found, expected, "component {k} needs {expected} values, {found} were given");
    }

    /// Shape of component k.
    fn faces(&self, k: usize) -> [usize; D] {
        let mut shape = self.shape;
        shape[k] += usize::from(self.bounded[k]);
        shape
    }

    /// Rows of cells in a plane; 1 in two dimensions, where a plane is a row.
    fn rows(&self) -> usize {
        self.shape[1..D - 1].iter().product()
    }
}
