//! The parts of a field.

use super::Fit;
use crate::field::{Layout, ScalarField, VectorField, Way, component_to_points};
use crate::grid::{Domain, Grid, Location};
use crate::poisson::SolveReport;
use rayon::prelude::*;

/// The parts of one field.
///
/// The three parts sit where the method computes ([`Layout::Points`] or [`Layout::Faces`]) and add
/// up to the field there. They are interpolated to the sample points by `way`; what their sum
/// misses of the input there is the [sampling remainder](Decomposition::sampling_remainder).
#[derive(Clone, Debug)]
pub struct Decomposition<const D: usize> {
    /// ∇φ, free of curl.
    pub gradient: VectorField<D>,
    /// ⋆A, free of divergence; if undivided with the harmonic part.
    pub solenoidal: VectorField<D>,
    /// What has neither divergence nor curl.
    pub harmonic: VectorField<D>,
    /// Whether the solenoidal part holds the harmonic one as well, whose own field is then 0.
    pub undivided: bool,
    /// φ at the cells, of mean 0 where a constant is free.
    pub potential: ScalarField<D>,
    /// How the parts come to the points.
    pub way: Way,
    /// One report for each Poisson equation solved.
    pub solves: Vec<SolveReport>,
    /// How a network was fitted, by the methods that do.
    pub fit: Option<Fit>,
}

impl<const D: usize> Decomposition<D> {
    /// The three parts with their names.
    pub fn parts(&self) -> [(&'static str, &VectorField<D>); 3] {
        [
            ("gradient", &self.gradient),
            ("solenoidal", &self.solenoidal),
            ("harmonic", &self.harmonic),
        ]
    }

    /// The parts that are told apart, with the names of what they are.
    pub fn divided(&self) -> Vec<(&'static str, &VectorField<D>)> {
        match self.undivided {
            false => self.parts().to_vec(),
            // What a fit leaves has no divergence only in the limit.
            true if self.fit.is_some() => {
                vec![("gradient", &self.gradient), ("rest", &self.solenoidal)]
            }
            true => vec![("gradient", &self.gradient), ("divergence_free", &self.solenoidal)],
        }
    }

    /// gradient + solenoidal + harmonic, where the method computes.
    pub fn sum(&self) -> VectorField<D> {
        let mut sum = self.gradient.clone();
        sum.add_scaled(1.0, &self.solenoidal);
        sum.add_scaled(1.0, &self.harmonic);
        sum
    }

    /// All zero: what [`Decompose::decompose_into`](super::Decompose::decompose_into) writes to.
    pub fn zeros(grid: Grid<D>, layout: Layout) -> Decomposition<D> {
        let [gradient, solenoidal, harmonic] = [(); 3].map(|()| VectorField::zeros(grid, layout));
        let potential = ScalarField::zeros(grid, Location::CELL);
        let (undivided, way, solves, fit) = (false, Way::default(), Vec::new(), None);
        Decomposition { gradient, solenoidal, harmonic, undivided, potential, way, solves, fit }
    }

    /// Makes the arrays fit a grid and a layout, keeping them if they do.
    pub(super) fn fit(&mut self, grid: Grid<D>, layout: Layout) {
        if *self.gradient.grid() != grid || self.gradient.layout() != layout {
            *self = Decomposition::zeros(grid, layout);
        }
        self.way = Way::default();
        self.undivided = false;
        self.solves.clear();
        self.fit = None;
    }

    /// Multiplies everything by 2^e.
    pub(crate) fn scale_by_power(&mut self, exponent: i32) {
        let [gradient, solenoidal] = [&mut self.gradient, &mut self.solenoidal];
        for part in [gradient, solenoidal, &mut self.harmonic] {
            part.scale_by_power(exponent);
        }
        self.potential.scale_by_power(exponent);
    }

    /// The difference between samples at the points and the sum of the parts there: the samples
    /// minus the field on the faces interpolated back to the points, 0 outside the domain; zero for
    /// methods that compute at the points.
    pub fn sampling_remainder(
        &self,
        samples: &VectorField<D>,
        domain: &Domain<D>,
    ) -> VectorField<D> {
        let mut remainder = VectorField::zeros(*domain.grid(), Layout::Points);
        for (k, component) in remainder.components_mut().iter_mut().enumerate() {
            if self.gradient.layout() == Layout::Faces {
                self.write_remainder(k, samples, domain, component.overwrite());
            }
        }
        remainder
    }

    /// Writes component k of the [sampling remainder](Decomposition::sampling_remainder) of parts on faces.
    pub(crate) fn write_remainder(
        &self,
        k: usize,
        samples: &VectorField<D>,
        domain: &Domain<D>,
        out: &mut [f64],
    ) {
        let mut sum = self.gradient.component(k).clone();
        sum.add_scaled(1.0, self.solenoidal.component(k));
        sum.add_scaled(1.0, self.harmonic.component(k));
        component_to_points(&sum, k, domain, self.way, out);
        let values = out.par_iter_mut().zip(samples.component(k).values());
        values.with_min_len(1 << 14).for_each(|(out, v)| *out = v - *out);
        if let Some(mask) = domain.mask() {
            let outside = out.iter_mut().zip(mask).filter(|(_, on)| !**on);
            outside.for_each(|(v, _)| *v = 0.0);
        }
    }
}
