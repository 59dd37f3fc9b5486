//! Energies at the points.

use crate::diagnostic::PartErrors;
use crate::field::{VectorField, times_power};
use crate::grid::Domain;

/// How energies of fields like one are taken.
pub(super) struct Weighted {
    /// The volumes of the cells, 0 outside the mask; `None` where all cells are alike.
    weights: Option<Vec<f64>>,
    /// Values are multiplied by 2^−exponent, so that no square leaves double precision.
    exponent: i32,
    points: usize,
}

impl Weighted {
    pub fn new<const D: usize>(domain: &Domain<D>, like: &VectorField<D>) -> Weighted {
        let volume = |cell: usize| domain.metric().map_or(1.0, |metric| metric.volumes()[cell]);
        let weight = |cell: usize| if domain.is_active(cell) { volume(cell) } else { 0.0 };
        let alike = domain.mask().is_none() && domain.metric().is_none();
        let points = domain.grid().cells();
        let weights = (!alike).then(|| (0..points).map(weight).collect());
        // Values outside the mask may be anything.
        let exponent = like.inside(domain).extraordinary_exponent();
        Weighted { weights, exponent, points }
    }

    /// The root of the mean square of a component.
    pub fn rms<const D: usize>(&self, v: &VectorField<D>) -> f64 {
        let all = self.weights.as_ref().map_or(self.points as f64, |weights| weights.iter().sum());
        times_power((self.energy(v) / (D as f64 * all)).sqrt(), self.exponent)
    }

    /// Σ w |v|², times 2^(−2 exponent) as all energies here.
    pub fn energy<const D: usize>(&self, v: &VectorField<D>) -> f64 {
        let of = |k: usize| self.sum(v.component(k).values().iter().copied());
        (0..D).map(of).sum()
    }

    /// Σ w |a − b|².
    pub fn energy_of_difference<const D: usize>(
        &self,
        a: &VectorField<D>,
        b: &VectorField<D>,
    ) -> f64 {
        let pairs = |k: usize| a.component(k).values().iter().zip(b.component(k).values());
        (0..D).map(|k| self.sum(pairs(k).map(|(a, b)| a - b))).sum()
    }

    /// Σ w x².
    fn sum(&self, values: impl Iterator<Item = f64>) -> f64 {
        let exponent = self.exponent;
        let squares = values.map(|x| if exponent == 0 { x } else { times_power(x, -exponent) });
        let squares = squares.map(|x| x * x);
        match &self.weights {
            None => squares.sum(),
            Some(weights) => {
                let inside = squares.zip(weights).filter(|(_, weight)| **weight > 0.0);
                inside.map(|(square, weight)| square * weight).sum()
            }
        }
    }

    /// ‖part − exact‖/‖exact‖ of every part, over ‖v‖ where the exact part is 0. Where solenoidal and harmonic part are
    /// not told apart, both as one and NaN.
    pub fn errors<const D: usize>(
        &self,
        parts: &[VectorField<D>; 3],
        mut exact: [VectorField<D>; 3],
        undivided: bool,
    ) -> PartErrors {
        let mut whole = exact[0].clone();
        whole.add_scaled(1.0, &exact[1]);
        whole.add_scaled(1.0, &exact[2]);
        let whole = self.energy(&whole);
        if undivided {
            let harmonic = exact[2].clone();
            exact[1].add_scaled(1.0, &harmonic);
        }
        let error = |i: usize| {
            let size = self.energy(&exact[i]);
            let reference = if size > 1e-28 * whole { size } else { whole };
            (self.energy_of_difference(&parts[i], &exact[i]) / reference).sqrt()
        };
        let harmonic = if undivided { f64::NAN } else { error(2) };
        PartErrors { gradient: error(0), solenoidal: error(1), harmonic }
    }
}
