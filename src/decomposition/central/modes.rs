//! The eigenvectors of DᵀHD along each axis, and the solve by them.

use crate::operator::ByParts;
use crate::poisson::Eigenvectors;
use rayon::prelude::*;

/// Those of one axis: over all its points, and over those on no wall.
pub(super) struct AxisModes {
    free: Modes,
    /// `None` on a ring, where all are inside.
    tied: Option<Modes>,
}

struct Modes {
    vectors: Option<Eigenvectors>,
    eigenvalues: Vec<f64>,
}

impl AxisModes {
    /// Of K = Dᵀ m H D and the mass H/m, m being the cosine of the latitude along y on a sphere; `None` where they are not
    /// found.
    pub(super) fn new<const D: usize>(calculus: &ByParts<D>, k: usize) -> Option<AxisModes> {
        let axis = calculus.axis(k);
        let (n, cosine) = (axis.sizes.len(), calculus.cosine().filter(|_| k == 1));
        let factor = |i: usize| cosine.map_or(1.0, |cosine| cosine[i]);
        let mut stiffness = vec![0.0; n * n];
        let entries: Vec<_> = axis.entries().collect();
        for pair in entries.chunks_exact(2) {
            let weight = 0.25 * factor(pair[0].0) * axis.inverse[pair[0].0];
            for (a, b) in [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(a, b)| (pair[a], pair[b])) {
                stiffness[a.1 * n + b.1] += weight * a.2 * b.2;
            }
        }
        let mass: Vec<f64> = (0..n).map(|i| axis.sizes[i] / factor(i)).collect();
        let free = Modes::new(|i, j| stiffness[i * n + j], &mass, &null(&mass, axis.nullity()))?;
        let inside = || {
            let mass = &mass[1..n - 1];
            Modes::new(|i, j| stiffness[(i + 1) * n + j + 1], mass, &[])
        };
        let tied = if axis.ring { None } else { Some(inside()?) };
        Some(AxisModes { free, tied })
    }

    fn of(&self, tied: bool) -> &Modes {
        self.tied.as_ref().filter(|_| tied).unwrap_or(&self.free)
    }

    fn walls(&self) -> bool {
        self.tied.is_some()
    }
}

impl Modes {
    fn new(matrix: impl Fn(usize, usize) -> f64, mass: &[f64], null: &[Vec<f64>]) -> Option<Modes> {
        if mass.is_empty() {
            return Some(Modes { vectors: None, eigenvalues: Vec::new() });
        }
        let (vectors, eigenvalues) = Eigenvectors::new(matrix, mass, null)?;
        Some(Modes { vectors: Some(vectors), eigenvalues })
    }
}

/// Constants, and what alternates without its mean.
fn null(mass: &[f64], nullity: usize) -> Vec<Vec<f64>> {
    let sign = |i: usize| if i.is_multiple_of(2) { 1.0 } else { -1.0 };
    let mean = mass.iter().enumerate().map(|(i, m)| sign(i) * m).sum::<f64>();
    let mean = mean / mass.iter().sum::<f64>();
    let alternating = (0..mass.len()).map(|i| sign(i) - mean).collect();
    [vec![1.0; mass.len()], alternating].into_iter().take(nullity).collect()
}

/// x with ∑ₖ Kₖ ⊗ (masses of the other axes) x = f in all modes that have an eigenvalue, and 0 in the others; over the points
/// that are inside along the tied axes, and 0 at the others.
pub(super) fn solve<const D: usize>(
    modes: &[AxisModes; D],
    tied: [bool; D],
    f: &[f64],
) -> Vec<f64> {
    let of: [&Modes; D] = std::array::from_fn(|k| modes[k].of(tied[k]));
    let all = modes.each_ref().map(|axis| axis.free.eigenvalues.len());
    let shape = of.map(|modes| modes.eigenvalues.len());
    if shape.contains(&0) {
        return vec![0.0; f.len()];
    }
    let first: [usize; D] = std::array::from_fn(|k| usize::from(tied[k] && modes[k].walls()));
    let mut values = inside(f, all, shape, first);
    let inner = |k: usize| shape[..k].iter().product::<usize>();
    let vectors = |k: usize| of[k].vectors.as_ref().expect("an axis with points");
    (0..D).for_each(|k| vectors(k).transposed(&mut values, inner(k)));
    values.par_chunks_mut(shape[0]).enumerate().with_min_len(16).for_each(|(row, values)| {
        let at = crate::grid::unravel(shape, row * shape[0]);
        let across: f64 = (1..D).map(|k| of[k].eigenvalues[at[k]]).sum();
        for (value, along) in values.iter_mut().zip(&of[0].eigenvalues) {
            let sum = across + along;
            *value = if sum > 0.0 { *value / sum } else { 0.0 };
        }
    });
    (0..D).for_each(|k| vectors(k).apply(&mut values, inner(k)));
    outside(&values, all, shape, first)
}

/// A box of an array.
fn inside<const D: usize>(
    values: &[f64],
    all: [usize; D],
    shape: [usize; D],
    first: [usize; D],
) -> Vec<f64> {
    if all == shape {
        return values.to_vec();
    }
    let mut out = crate::machine::zeros(shape.iter().product());
    out.par_chunks_mut(shape[0]).enumerate().with_min_len(16).for_each(|(row, out)| {
        let at = crate::grid::unravel(shape, row * shape[0]);
        let from = crate::grid::ravel(all, std::array::from_fn(|k| at[k] + first[k]));
        out.copy_from_slice(&values[from..from + out.len()]);
    });
    out
}

/// An array with these values in a box, and 0 around.
fn outside<const D: usize>(
    values: &[f64],
    all: [usize; D],
    shape: [usize; D],
    first: [usize; D],
) -> Vec<f64> {
    if all == shape {
        return values.to_vec();
    }
    let mut out = crate::machine::zeros(all.iter().product());
    for (row, values) in values.chunks_exact(shape[0]).enumerate() {
        let at = crate::grid::unravel(shape, row * shape[0]);
        let to = crate::grid::ravel(all, std::array::from_fn(|k| at[k] + first[k]));
        out[to..to + values.len()].copy_from_slice(values);
    }
    out
}
