//! What derivatives become in the transformed axes.

use crate::boundary::Basis;
use std::f64::consts::PI;

/// Eigenvalues of minus the second difference, divided by `spacing`², of an axis with `n` unknowns,
/// in the order in which [`super::RealTransform`] puts the coefficients.
///
/// | basis | eigenvalue × spacing² | k |
/// |---|---|---|
/// | `Fourier` | 2 − 2 cos(2πk/n) | 0 … n − 1 |
/// | `CosineCells` | 2 − 2 cos(πk/n) | 0 … n − 1 |
/// | `SineCells` | 2 − 2 cos(π(k + 1)/n) | 0 … n − 1 |
/// | `SineFaces` | 2 − 2 cos(π(k + 1)/(n + 1)) | 0 … n − 1 |
/// | `CosineFaces` | 2 − 2 cos(πk/(n − 1)) | 0 … n − 1 |
///
/// They are computed as 4 sin², so that small ones keep their digits and the constant has exactly 0.
pub fn eigenvalues(basis: Basis, n: usize, spacing: f64) -> Vec<f64> {
    let half_angle = |k: usize| match basis {
        Basis::Fourier => PI * k.min(n - k) as f64 / n as f64,
        Basis::CosineCells => PI * k as f64 / (2 * n) as f64,
        Basis::SineCells => PI * (k + 1) as f64 / (2 * n) as f64,
        Basis::SineFaces => PI * (k + 1) as f64 / (2 * (n + 1)) as f64,
        Basis::CosineFaces => PI * k as f64 / (2 * n.saturating_sub(1).max(1)) as f64,
    };
    (0..n).map(|k| (2.0 * half_angle(k).sin() / spacing).powi(2)).collect()
}

/// Wavenumbers 2πm/(n·spacing) of the first derivative on a periodic axis, m = 0, 1, …, −1 in the
/// order of the discrete Fourier transform.
///
/// For even n the wavenumber at n/2 is 0: a real field cannot hold the derivative of
/// that mode, whose sine vanishes at every point.
pub fn wavenumbers(n: usize, spacing: f64) -> Vec<f64> {
    let unit = 2.0 * PI / (n as f64 * spacing);
    let signed = |m: usize| match (2 * m).cmp(&n) {
        std::cmp::Ordering::Less => m as f64,
        std::cmp::Ordering::Equal => 0.0,
        std::cmp::Ordering::Greater => m as f64 - n as f64,
    };
    (0..n).map(|m| unit * signed(m)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wavenumbers_are_odd_and_drop_the_nyquist_mode() {
        assert_eq!(wavenumbers(1, 0.1), [0.0]);
        assert_eq!(wavenumbers(2, 0.1), [0.0, 0.0]);
        let unit = 2.0 * PI / 5.0;
        assert_eq!(wavenumbers(5, 1.0), [0.0, unit, 2.0 * unit, -2.0 * unit, -unit]);
        let unit = 2.0 * PI / 3.0;
        assert_eq!(wavenumbers(6, 0.5), [0.0, unit, 2.0 * unit, 0.0, -2.0 * unit, -unit]);
    }
}
