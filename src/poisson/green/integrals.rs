//! The integral of the Green function of free space over a cell.

use std::f64::consts::PI;

/// From this many of the longest spacings on quadrature is exact to rounding, and the differences of antiderivatives
/// lose digits.
const FAR: f64 = 16.0;

/// Points of Gauss and Legendre in [−½, ½], and their weights.
const GAUSS: [(f64, f64); 4] = [
    (-0.430_568_155_797_026_3, 0.173_927_422_568_726_9),
    (-0.169_990_521_792_428_13, 0.326_072_577_431_273_1),
    (0.169_990_521_792_428_13, 0.326_072_577_431_273_1),
    (0.430_568_155_797_026_3, 0.173_927_422_568_726_9),
];

/// ∫ G(|x|) dx over a cell with this centre; G = ln r/2π in 2D, −1/4πr in 3D.
pub(super) fn cell_integral<const D: usize>(centre: [f64; D], spacing: [f64; D]) -> f64 {
    let square: f64 = centre.iter().map(|c| c * c).sum();
    let longest = spacing.into_iter().fold(0.0, f64::max);
    if square > (FAR * longest).powi(2) {
        return by_quadrature(centre, spacing);
    }
    let corners = 0..1usize << D;
    let corner = |corner: usize| {
        let upper = |k: usize| corner >> k & 1 == 1;
        let at =
            std::array::from_fn(|k| centre[k] + if upper(k) { 0.5 } else { -0.5 } * spacing[k]);
        let sign = if (0..D).filter(|k| !upper(*k)).count() % 2 == 0 { 1.0 } else { -1.0 };
        sign * antiderivative::<D>(at)
    };
    corners.map(corner).sum()
}

fn by_quadrature<const D: usize>(centre: [f64; D], spacing: [f64; D]) -> f64 {
    let mut sum = 0.0;
    for point in 0..1usize << (2 * D) {
        let (mut square, mut weight) = (0.0, 1.0);
        for k in 0..D {
            let (at, share) = GAUSS[point >> (2 * k) & 3];
            square += (centre[k] + at * spacing[k]).powi(2);
            weight *= share * spacing[k];
        }
        sum += weight * if D == 2 { 0.5 * square.ln() } else { 1.0 / square.sqrt() };
    }
    sum * factor::<D>()
}

fn factor<const D: usize>() -> f64 {
    if D == 2 { 1.0 / (2.0 * PI) } else { -1.0 / (4.0 * PI) }
}

/// P with ∂P/∂x∂y[∂z] = G.
fn antiderivative<const D: usize>(at: [f64; D]) -> f64 {
    factor::<D>() * if D == 2 { of_logarithm([at[0], at[1]]) } else { of_inverse(at) }
}

fn of_logarithm([u, v]: [f64; 2]) -> f64 {
    let square = u * u + v * v;
    let cross = if u == 0.0 || v == 0.0 { 0.0 } else { u * v * (square.ln() - 3.0) };
    0.5 * (cross + u * u * angle(v, u) + v * v * angle(u, v))
}

fn of_inverse<const D: usize>(at: [f64; D]) -> f64 {
    let r = at.iter().map(|c| c * c).sum::<f64>().sqrt();
    let of_axis = |k: usize| {
        let (a, b, c) = (at[k], at[(k + 1) % 3], at[(k + 2) % 3]);
        let across = b * c;
        // a + r, without loss where a is negative.
        let sum = if a < 0.0 { (b * b + c * c) / (r - a) } else { a + r };
        let logarithm = if across == 0.0 { 0.0 } else { across * sum.ln() };
        logarithm - 0.5 * a * a * angle(across, a * r)
    };
    (0..3).map(of_axis).sum()
}

/// atan(a/b), which stands with a factor b² only.
fn angle(a: f64, b: f64) -> f64 {
    if b == 0.0 { 0.0 } else { (a / b).atan() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where both ways hold they agree; 1/r over the unit cube around 0 is 2.3800774 (Hockney and Eastwood).
    #[test]
    fn antiderivatives_agree_with_quadrature_and_known_values() {
        let cube = cell_integral([0.0; 3], [1.0; 3]) * -4.0 * PI;
        assert!((cube - 2.380_077_4).abs() < 1e-7, "{cube}");
        let plane = cell_integral([0.0; 2], [1.0; 2]) * 2.0 * PI;
        let known = -1.5 + PI / 4.0 - 0.5 * 2f64.ln();
        assert!((plane - known).abs() < 1e-14, "{plane}");
        for centre in [[9.0, 2.5, 0.0], [0.0, 11.0, 0.5], [6.5, 7.5, 8.0]] {
            let spacing = [1.0, 0.5, 0.25];
            let ways = [cell_integral(centre, spacing), by_quadrature(centre, spacing)];
            assert!((ways[0] / ways[1] - 1.0).abs() < 1e-10, "{centre:?}: {ways:?}");
            let flat = [centre[0], centre[1]];
            let ways = [cell_integral(flat, [1.0, 0.5]), by_quadrature(flat, [1.0, 0.5])];
            assert!((ways[0] / ways[1] - 1.0).abs() < 1e-11, "{flat:?}: {ways:?}");
        }
    }
}
