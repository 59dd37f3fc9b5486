//! The eigenvectors of the differences along one axis.

use super::factors::Factors;
use crate::boundary::{Condition, basis};
use crate::grid::Axis;
use crate::transform::{AxisTransform, eigenvalues};

#[cfg(feature = "sparse")]
use super::dense::Eigenvectors;

/// A change to the vectors x of Σ c (x − x′) = λ m x along an axis, c the couplings across its faces and m the
/// factors of its cells.
pub(super) struct Modes {
    eigenvalues: Vec<f64>,
    by: Change,
    /// Values of the axis, and values between two neighbours.
    pub(super) n: usize,
    pub(super) inner: usize,
}

enum Change {
    Fast(AxisTransform),
    #[cfg(feature = "sparse")]
    Dense(Eigenvectors),
}

impl Modes {
    /// Those of axis a, along which the factors of the couplings of axis `other` are m.
    pub(super) fn new<const D: usize>(
        axes: &[Axis; D],
        condition: Condition,
        factors: &Factors<D>,
        (a, other): (usize, usize),
    ) -> Option<Modes> {
        let (axis, n) = (axes[a], axes[a].cells);
        let inner = axes[..a].iter().map(|axis| axis.cells).product();
        if factors.uniform(a) {
            let basis = basis(axis.topology, condition, false);
            let (coupling, mass) = (factors.get(a, a)[0], factors.get(other, a)[0]);
            let values = eigenvalues(basis, n, 1.0).into_iter();
            let eigenvalues = values.map(|value| value * coupling / mass).collect();
            let by = Change::Fast(AxisTransform::new(basis, n));
            return Some(Modes { eigenvalues, by, n, inner });
        }
        #[cfg(feature = "sparse")]
        {
            let line = super::tridiagonal::Line {
                faces: factors.get(a, a),
                ring: !axis.bounded(),
                condition,
            };
            // Constants, to the last digit.
            let constants = if line.floats() { vec![vec![1.0; n]] } else { Vec::new() };
            let mass = factors.get(other, a);
            let (vectors, eigenvalues) = Eigenvectors::new(line.matrix(n), mass, &constants)?;
            Some(Modes { eigenvalues, by: Change::Dense(vectors), n, inner })
        }
        #[cfg(not(feature = "sparse"))]
        None
    }

    /// λ of the mode at a place of an array.
    pub(super) fn eigenvalue(&self, place: usize) -> f64 {
        self.eigenvalues[place / self.inner % self.n]
    }

    /// From a right-hand side to one for the coefficients of the modes.
    pub(super) fn forward(&self, values: &mut Vec<f64>) {
        match &self.by {
            Change::Fast(transform) => transform.forward(values, self.n, self.inner),
            #[cfg(feature = "sparse")]
            Change::Dense(vectors) => vectors.transposed(values, self.inner),
        }
    }

    /// From coefficients of the modes to values.
    pub(super) fn inverse(&self, values: &mut Vec<f64>) {
        match &self.by {
            Change::Fast(transform) => transform.inverse(values, self.n, self.inner),
            #[cfg(feature = "sparse")]
            Change::Dense(vectors) => vectors.apply(values, self.inner),
        }
    }
}
