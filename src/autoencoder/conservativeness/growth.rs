//! The largest eigenvalue of the symmetric part of a Jacobian.

use faer::{Mat, Side};

/// The largest eigenvalue of (J + Jᵀ)/2, J of shape (D, D): in closed form for D ≤ 3, else by faer's
/// symmetric eigenvalues, O(D³). NaN where an entry is not finite.
pub(super) fn largest_eigenvalue(dimension: usize, jacobian: &[f64]) -> f64 {
    let at = |i: usize, j: usize| 0.5 * (jacobian[i * dimension + j] + jacobian[j * dimension + i]);
    if jacobian.iter().any(|entry| !entry.is_finite()) {
        return f64::NAN;
    }
    match dimension {
        0 => f64::NAN,
        1 => at(0, 0),
        2 => 0.5 * (at(0, 0) + at(1, 1)) + (0.5 * (at(0, 0) - at(1, 1))).hypot(at(0, 1)),
        3 => of_three(at),
        _ => {
            let matrix = Mat::from_fn(dimension, dimension, at);
            let values = matrix.self_adjoint_eigenvalues(Side::Lower);
            values.map_or(f64::NAN, |values| values[dimension - 1])
        }
    }
}

/// Of a symmetric 3 × 3 matrix A = q I + p B with tr B = 0 and tr B² = 6: the eigenvalues of B are 2 cos of angles of which three
/// times the cosine is ½ det B. Where the two largest are nearly equal, good to the root of the precision.
fn of_three(at: impl Fn(usize, usize) -> f64) -> f64 {
    let q = (at(0, 0) + at(1, 1) + at(2, 2)) / 3.0;
    let [a, b, c] = [0, 1, 2].map(|i| at(i, i) - q);
    let [d, e, f] = [at(0, 1), at(0, 2), at(1, 2)];
    let p = ((a * a + b * b + c * c + 2.0 * (d * d + e * e + f * f)) / 6.0).sqrt();
    if p == 0.0 {
        return q;
    }
    let [a, b, c, d, e, f] = [a, b, c, d, e, f].map(|entry| entry / p);
    let determinant = a * (b * c - f * f) - d * (d * c - f * e) + e * (d * f - b * e);
    q + 2.0 * p * ((0.5 * determinant).clamp(-1.0, 1.0).acos() / 3.0).cos()
}

#[cfg(test)]
mod tests {
    use super::largest_eigenvalue;

    /// By hand: ((2, 1), (0, 3)) has the symmetric part ((2, ½), (½, 3)) with 5/2 ± √½; v vᵀ of v = (1, 2, 2)
    /// has 9, 0, 0 and minus it 0, 0, −9; a rotation about an axis changes nothing.
    #[test]
    fn eigenvalues_known_by_hand() {
        let outer = [1.0, 2.0, 2.0, 2.0, 4.0, 4.0, 2.0, 4.0, 4.0];
        let mut turned = outer;
        (turned[1], turned[3]) = (turned[1] + 7.0, turned[3] - 7.0);
        let wide = |d: usize| -> Vec<f64> {
            (0..d * d).map(|i| ((1 + i / d) * (1 + i % d)) as f64).collect()
        };
        let cases = [
            (1, vec![-3.0], -3.0),
            (2, vec![2.0, 1.0, 0.0, 3.0], 2.5 + 0.5f64.sqrt()),
            (2, vec![0.0, -1.0, 1.0, 0.0], 0.0),
            (3, outer.to_vec(), 9.0),
            (3, turned.to_vec(), 9.0),
            (3, outer.map(|v| -v).to_vec(), 0.0),
            (3, vec![0.0; 9], 0.0),
            (5, wide(5), 55.0),
        ];
        for (d, jacobian, expected) in cases {
            let found = largest_eigenvalue(d, &jacobian);
            assert!((found - expected).abs() < 1e-7, "{d}: {found}, expected {expected}");
        }
        assert!(largest_eigenvalue(3, &[f64::NAN; 9]).is_nan());
        assert!(largest_eigenvalue(4, &[f64::INFINITY; 16]).is_nan());
    }
}
