//! The Green function of free space within reach of a box, as the transform of a padded array.

use crate::boundary::Basis;
use crate::grid::{ravel, unravel};
use crate::transform::{RealTransform, padded_length};
use rayon::prelude::*;
use std::f64::consts::PI;

/// Points of the period along each axis in which the cut-off Green function of a box does not meet its images there.
pub(super) fn periods<const D: usize>(
    shape: [usize; D],
    padded: [usize; D],
    spacing: [f64; D],
) -> [usize; D] {
    let reach = diameter(shape, spacing);
    std::array::from_fn(|k| {
        let least = (reach / spacing[k]).ceil() as usize + shape[k] + 1;
        // Twice as many keep what the jump at the reach rings with, where a field is not resolved, from the box.
        padded_length(least.max(2 * padded[k]))
    })
}

fn diameter<const D: usize>(shape: [usize; D], spacing: [f64; D]) -> f64 {
    (0..D).map(|k| (shape[k] as f64 * spacing[k]).powi(2)).sum::<f64>().sqrt()
}

/// The transform of the Green function of −∇² between the points of a box, on the padded array: for the wavenumbers
/// from 0 to the largest along each axis.
///
/// Its transform in all space is known once it is 0 beyond the diameter. In a period that holds it without overlap that gives
/// its values at the points by cosine transforms, which the padded array takes over.
pub(super) fn kernel_values<const D: usize>(
    shape: [usize; D],
    padded: [usize; D],
    spacing: [f64; D],
) -> Vec<f64> {
    let reach = diameter(shape, spacing);
    let period = periods(shape, padded, spacing);
    let octant = period.map(|n| n / 2 + 1);
    let unit: [f64; D] = std::array::from_fn(|k| 2.0 * PI / (period[k] as f64 * spacing[k]));
    let of_mode = |flat: usize| {
        let index = unravel(octant, flat);
        let square: f64 = (0..D).map(|k| (unit[k] * index[k] as f64).powi(2)).sum();
        cut_off::<D>(square.sqrt(), reach)
    };
    let count: usize = octant.iter().product();
    let mut values: Vec<f64> =
        (0..count).into_par_iter().with_min_len(1 << 10).map(of_mode).collect();
    // Twice the sum along each axis is that over all modes of a period.
    RealTransform::new(octant, [Basis::CosineFaces; D]).forward(&mut values);
    let kept = padded.map(|n| n / 2 + 1);
    let scale: f64 = period.iter().map(|n| 4.0 / *n as f64).product();
    let mut kernel: Vec<f64> = (0..kept.iter().product())
        .map(|flat| scale * values[ravel(octant, unravel(kept, flat))])
        .collect();
    RealTransform::new(kept, [Basis::CosineFaces; D]).forward(&mut kernel);
    kernel
}

/// The transform at the wavenumber s of the Green function of −∇², 0 beyond the distance `reach`.
fn cut_off<const D: usize>(s: f64, reach: f64) -> f64 {
    let x = reach * s;
    match (D, s == 0.0) {
        (2, true) => reach * reach * (0.25 - 0.5 * reach.ln()),
        (2, false) => {
            let ring = reach * reach.ln() / s * libm::j1(x);
            (1.0 - libm::j0(x)) / (s * s) - ring
        }
        (_, true) => 0.5 * reach * reach,
        (_, false) => 2.0 * ((0.5 * x).sin() / s).powi(2),
    }
}
