//! The scores of one Jacobian.

use super::growth::largest_eigenvalue;
use serde::Serialize;

/// The scores of one Jacobian J of r, shape (D, D), and of J′, that of the field. With J_a = (J − Jᵀ)/2, which both
/// have, and Frobenius norms. What is 0/0, of a Jacobian that is zero, counts as symmetric.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Symmetry {
    /// Of r: 1 − ‖J_a‖²/‖J‖², which is ‖(J + Jᵀ)/2‖²/‖J‖².
    pub sym_map: f64,
    /// 1 − sym_map, from ‖J_a‖ itself: ‖J − Jᵀ‖²/(4‖J‖²).
    pub nasym: f64,
    /// √sym_map, the form of the authors' code.
    pub sym_sqrt: f64,
    /// Of the field: 1 − ‖J_a‖²/‖J′‖².
    pub sym_field: f64,
    /// ‖J_a‖²/((D − 1)/(2D) ‖J‖²), which of a random J is 1 in the mean: (1 − sym_map)·2D/(D − 1).
    pub rho: f64,
    /// ‖J_a‖/‖J‖.
    pub lambda: f64,
    /// ‖J‖.
    pub jacobian: f64,
    /// ‖J′‖: ‖J − I‖ where the field is r(x) − x.
    pub field_jacobian: f64,
    /// `sym_field` to expect where J is random: 1 − (D − 1)/(2D)·‖J‖²/(‖J‖² + D).
    pub field_baseline: f64,
    /// The squared length of the curl 2-form, ½‖J − Jᵀ‖² = 2‖J_a‖² = Σ_{i<j} (∂r_j/∂x_i − ∂r_i/∂x_j)².
    pub curl_squared: f64,
    /// The trace of J.
    pub trace: f64,
    /// The trace of J′: the divergence of the field.
    pub divergence: f64,
    /// The largest eigenvalue of (J′ + J′ᵀ)/2, λ_max((J + Jᵀ)/2) − 1 where the field is r(x) − x: the rate at which nearby
    /// points of dx/dt = field part at most. Below 0 all of them approach. In closed form up to three dimensions, O(D³) beyond.
    pub growth: f64,
    /// ‖J′‖² to expect where J is random, ‖J‖² + D.
    #[serde(skip)]
    pub(super) random_field: f64,
}

impl Symmetry {
    /// Of the Jacobian of r where the field is r(x) − x.
    ///
    /// ```
    /// use hodge::autoencoder::conservativeness::Symmetry;
    /// // r = x + 0.1 (−y, x): the field only turns.
    /// let turn = Symmetry::of(2, &[1.0, -0.1, 0.1, 1.0]);
    /// assert!((turn.sym_map - 1.0 / 1.01).abs() < 1e-15);
    /// assert_eq!(turn.sym_field, 0.0);
    /// assert!((turn.rho - 0.04 / 1.01).abs() < 1e-15);
    /// ```
    ///
    /// # Panics
    /// If the length of `jacobian` is not D².
    pub fn of(dimension: usize, jacobian: &[f64]) -> Symmetry {
        Symmetry::shifted(dimension, jacobian, 1.0)
    }

    /// Of the Jacobian of r where that is the field itself.
    ///
    /// # Panics
    /// If the length of `jacobian` is not D².
    pub fn of_output(dimension: usize, jacobian: &[f64]) -> Symmetry {
        Symmetry::shifted(dimension, jacobian, 0.0)
    }

    /// `sym_map` and `sym_field` to expect of a random J of a squared norm ‖J‖².
    pub fn random(dimension: usize, squared_norm: f64, reconstruction: bool) -> [f64; 2] {
        let shift = if reconstruction { 1.0 } else { 0.0 };
        let random_field = random_field(dimension, squared_norm, shift);
        let of_field = field_baseline(dimension, squared_norm, random_field);
        [1.0 - random_share(dimension), of_field]
    }

    /// With J′ = J − s I.
    pub(super) fn shifted(dimension: usize, jacobian: &[f64], shift: f64) -> Symmetry {
        let growth = largest_eigenvalue(dimension, jacobian) - shift;
        Symmetry { growth, ..Symmetry::without_growth(dimension, jacobian, shift) }
    }

    /// With a growth of NaN.
    pub(super) fn without_growth(dimension: usize, jacobian: &[f64], shift: f64) -> Symmetry {
        assert_eq!(jacobian.len(), dimension * dimension, "a square matrix");
        let (mut across, mut asym) = (0.0, 0.0);
        let (mut map, mut field, mut trace, mut divergence) = (0.0, 0.0, 0.0, 0.0);
        for i in 0..dimension {
            let entry = jacobian[i * dimension + i];
            map += entry.powi(2);
            field += (entry - shift).powi(2);
            trace += entry;
            divergence += entry - shift;
            for j in 0..i {
                let (a, b) = (jacobian[i * dimension + j], jacobian[j * dimension + i]);
                across += a * a + b * b;
                asym += 0.5 * (a - b).powi(2);
            }
        }
        let norms = [map + across, field + across, asym];
        Symmetry::of_norms(dimension, shift, norms, [trace, divergence])
    }

    /// From [‖J‖², ½‖J − Jᵀ‖², tr J], with a growth of NaN. Where J is near the identity, ‖J′‖² has lost digits.
    pub(super) fn of_squares(dimension: usize, squares: [f64; 3], shift: f64) -> Symmetry {
        let ([map, curl, trace], d) = (squares, dimension as f64);
        let field = (map - 2.0 * shift * trace + shift * shift * d).max(0.0);
        Symmetry::of_norms(dimension, shift, [map, field, 0.5 * curl], [trace, trace - shift * d])
    }

    /// From ‖J‖², ‖J′‖², ‖J_a‖² and the traces of J and J′.
    fn of_norms(
        dimension: usize,
        shift: f64,
        [map, field, asym]: [f64; 3],
        [trace, divergence]: [f64; 2],
    ) -> Symmetry {
        let random_field = random_field(dimension, map, shift);
        let [of_map, of_field] = [map, field].map(|whole| share(asym, whole));
        Symmetry {
            sym_map: 1.0 - of_map,
            nasym: of_map,
            sym_sqrt: (1.0 - of_map).sqrt(),
            sym_field: 1.0 - of_field,
            rho: rho(dimension, of_map),
            lambda: of_map.sqrt(),
            jacobian: map.sqrt(),
            field_jacobian: field.sqrt(),
            field_baseline: field_baseline(dimension, map, random_field),
            curl_squared: 2.0 * asym,
            trace,
            divergence,
            growth: f64::NAN,
            random_field,
        }
    }
}

/// A part of a sum of squares; of nothing 0, of NaN NaN.
pub(super) fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

/// The share of ‖J‖² that the antisymmetric part of a random J of that dimension has in the mean, (D − 1)/(2D).
pub(super) fn random_share(dimension: usize) -> f64 {
    (dimension as f64 - 1.0) / (2.0 * dimension as f64)
}

/// The share of the antisymmetric part relative to that of a random J; in one dimension there is none.
pub(super) fn rho(dimension: usize, of_map: f64) -> f64 {
    share(of_map, random_share(dimension))
}

/// ‖J − s I‖² to expect of a random J of the squared norm ‖J‖², whose diagonal has the mean 0.
pub(super) fn random_field(dimension: usize, map: f64, shift: f64) -> f64 {
    map + shift * shift * dimension as f64
}

/// What a random J scores for the field in the mean.
pub(super) fn field_baseline(dimension: usize, map: f64, random_field: f64) -> f64 {
    1.0 - random_share(dimension) * share(map, random_field)
}

#[cfg(test)]
mod tests {
    use super::Symmetry;

    /// By hand: J = ((2, 1), (0, 3)), ‖J‖² = 14, ‖J_a‖² = 1/2, ‖J − I‖² = 6.
    #[test]
    fn the_three_numbers_of_a_matrix() {
        let found = Symmetry::of(2, &[2.0, 1.0, 0.0, 3.0]);
        let expected = [
            (found.sym_map, 1.0 - 0.5 / 14.0),
            (found.sym_field, 1.0 - 0.5 / 6.0),
            (found.rho, 4.0 * 0.5 / 14.0),
            (found.lambda, (0.5f64 / 14.0).sqrt()),
            (found.jacobian, 14f64.sqrt()),
            (found.field_jacobian, 6f64.sqrt()),
            (found.field_baseline, 1.0 - 0.25 * 14.0 / 16.0),
            (found.curl_squared, 1.0),
            (found.divergence, 3.0),
            (found.growth, 1.5 + 0.5f64.sqrt()),
        ];
        for (at, (found, expected)) in expected.into_iter().enumerate() {
            assert!((found - expected).abs() < 1e-15, "{at}: {found}, expected {expected}");
        }
        let output = Symmetry::of_output(2, &[2.0, 1.0, 0.0, 3.0]);
        assert_eq!((output.sym_field, output.divergence), (found.sym_map, 5.0));
        assert_eq!(output.field_baseline, 0.75);
    }

    #[test]
    fn nothing_is_symmetric_and_a_line_has_no_antisymmetry() {
        let zero = Symmetry::of(3, &[0.0; 9]);
        assert_eq!((zero.sym_map, zero.sym_field, zero.rho, zero.jacobian), (1.0, 1.0, 0.0, 0.0));
        let line = Symmetry::of(1, &[4.0]);
        assert_eq!((line.sym_map, line.rho, line.field_baseline), (1.0, 0.0, 1.0));
        assert!(Symmetry::of(2, &[f64::NAN, 0.0, 0.0, 1.0]).sym_map.is_nan());
    }
}
