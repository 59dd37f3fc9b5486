//! Whether levels of paired cells serve a domain.

use super::Levels;
use super::conjugate::Iteration;
use super::couplings::Scalar;
use super::finest::Operator;
use super::norm;
use super::preconditioner::Preconditioner;
use crate::grid::Domain;
use crate::poisson::NullSpace;

/// Iterations of the trial.
const TRIAL: usize = 6;

/// By how much they have to reduce the residual.
const REDUCTION: f64 = 1e-3;

/// Whether a few iterations reduce the residual of random numbers as far as they do on open domains.
pub fn converges<const D: usize>(
    domain: &Domain<D>,
    null_space: &NullSpace,
    operator: &Operator<D>,
    levels: &Levels,
) -> bool {
    let value = |cell| if domain.is_active(cell) { noise(cell) } else { 0.0 };
    let mut rhs: Vec<f64> = (0..domain.grid().cells()).map(value).collect();
    null_space.remove(&mut rhs);
    match levels {
        Levels::Single(levels) => reduces(operator, &**levels, &rhs),
        Levels::Double(levels) => reduces(operator, &**levels, &rhs),
    }
}

fn reduces<T: Scalar, const D: usize>(
    operator: &Operator<D>,
    levels: &dyn Preconditioner<T>,
    rhs: &[f64],
) -> bool {
    let norm = norm(rhs);
    if norm == 0.0 {
        return true;
    }
    let mut iteration = Iteration::new(operator, levels);
    iteration.refresh(1.0 / norm, rhs);
    iteration.run(REDUCTION, TRIAL);
    iteration.refresh(1.0 / norm, rhs) <= REDUCTION
}

/// The same numbers between −½ and ½ every time: the mixing function of SplitMix64.
fn noise(i: usize) -> f64 {
    let mut bits = (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((bits ^ (bits >> 31)) >> 11) as f64 / (1u64 << 53) as f64 - 0.5
}
