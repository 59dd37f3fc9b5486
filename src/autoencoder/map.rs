//! Maps of many dimensions with their Jacobians.

/// A map r: R^D → R^D, in any dimension, with its Jacobian.
pub trait Differentiable: Sync {
    /// D.
    fn dimension(&self) -> usize;

    /// The Jacobians at points of shape (points, D): shape (points, D, D), row i, column j holding
    /// ∂r_i/∂x_j.
    fn jacobians(&self, points: &[f64]) -> Vec<f64>;

    /// J v and Jᵀ v at one point, without J where the map knows how.
    fn jacobian_products(&self, point: &[f64], v: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let d = self.dimension();
        let j = self.jacobians(point);
        let dot = |row: &[f64]| row.iter().zip(v).map(|(a, b)| a * b).sum();
        let right = j.chunks(d).map(dot).collect();
        let left = (0..d).map(|i| (0..d).map(|k| j[k * d + i] * v[k]).sum()).collect();
        (right, left)
    }

    /// [‖J‖², ½‖J − Jᵀ‖², tr J] at points of shape (points, D) by a way that needs no J, where the map knows one.
    fn squared_norms(&self, _points: &[f64]) -> Option<Vec<[f64; 3]>> {
        None
    }

    /// Whether the field of the map is r(x) − x, as of auto-encoders and denoisers, rather than r(x).
    fn is_reconstruction(&self) -> bool {
        true
    }

    /// The machine epsilon of the numbers it computes with.
    fn precision(&self) -> f64 {
        f64::EPSILON
    }
}

/// The vector field of a map, evaluated at many points together.
pub trait MapField: Differentiable {
    /// r(x) − x or r(x), by [`Differentiable::is_reconstruction`], at points of shape (points, D),
    /// in the same shape.
    fn field(&self, points: &[f64]) -> Vec<f64>;
}
