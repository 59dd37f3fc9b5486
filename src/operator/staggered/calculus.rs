//! The staggered operators under their boundary convention, and their inner product.

use super::Staggered;
use crate::boundary::{Boundary, Condition};
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Domain, Location, Metric};
use crate::operator::difference::add_difference;
use crate::operator::norms::{RowNorms, is_zero};
use crate::operator::{Betti, Calculus, Extent, GapSpace, axis_pairs};
use std::ops::Range;

impl<const D: usize> Calculus<D> for Staggered<D> {
    fn derivative(&self) -> &'static str {
        "staggered second-order differences"
    }

    fn inner_product(&self) -> &'static str {
        match (self.is_weighted(), self.metric().is_some()) {
            (true, _) => {
                "sum over the faces times density, area and distance across, wall faces half"
            }
            (_, true) => "sum over the faces times area and distance across, wall faces half",
            _ => "sum over the faces times the cell volume, wall faces half",
        }
    }

    fn domain(&self) -> &Domain<D> {
        &self.domain
    }

    fn layout(&self) -> Layout {
        Layout::Faces
    }

    fn divergence(&self, v: &VectorField<D>) -> ScalarField<D> {
        self.divergence_with(v, Condition::Dirichlet)
    }

    fn curl(&self, v: &VectorField<D>) -> Vec<ScalarField<D>> {
        (0..self.edges.len()).map(|pair| self.curl_of_pair(v, pair)).collect()
    }

    fn volume_unit(&self) -> f64 {
        self.metric().map_or(self.domain.grid().cell_volume(), Metric::unit)
    }

    fn point_weights(&self) -> Option<&[f64]> {
        self.metric().map(Metric::volumes)
    }

    fn is_weighted(&self) -> bool {
        self.metric().is_some_and(Metric::is_weighted)
    }

    fn net_fluxes(&self, v: &VectorField<D>) -> Extent {
        match self.metric() {
            Some(_) => self.net_flux_extent(v, Condition::Dirichlet),
            None => RowNorms::new(&self.domain, Vec::new(), false).all_net_fluxes(v),
        }
    }

    fn circulations(&self, v: &VectorField<D>) -> Extent {
        match self.row_norms() {
            _ if is_zero(v) => Extent::default(),
            Some(norms) => norms.all_circulations(v),
            None => self.circulation_extent(v),
        }
    }

    fn largest_flux(&self, v: &VectorField<D>) -> f64 {
        match self.metric() {
            _ if is_zero(v) => 0.0,
            Some(_) => self.largest_flux_by_rows(v),
            None => RowNorms::new(&self.domain, Vec::new(), false).largest_flux_of_all(v),
        }
    }

    fn largest_circulation(&self, v: &VectorField<D>) -> f64 {
        match self.row_norms() {
            _ if is_zero(v) => 0.0,
            Some(norms) => norms.largest_circulation_of_all(v),
            None => self.largest_circulation_by_fields(v),
        }
    }

    fn gradient_gap(
        &self,
        k: usize,
        rows: Range<usize>,
        of: (&VectorField<D>, &ScalarField<D>),
        space: &mut GapSpace,
    ) -> Option<f64> {
        Some(self.gap_of_rows((k, rows), of, space))
    }

    fn row_norms(&self) -> Option<RowNorms<'_, D>> {
        let (free, masked) =
            (self.boundary == Boundary::ZeroPotential, self.domain.mask().is_some());
        let pairs = if masked { 0..self.edges.len() } else { 0..0 };
        // With a metric they are taken of fields as a whole.
        let by_rows = self.metric().is_none() && (!free || !masked);
        by_rows.then(|| {
            RowNorms::new(
                &self.domain,
                pairs.map(|pair| self.edges(pair).touching()).collect(),
                free,
            )
        })
    }

    fn weights<'a>(&self, k: usize, start: usize, out: &'a mut [f64]) -> Option<&'a [f64]> {
        if let Some(metric) = self.metric() {
            let sizes = metric.areas(k)[start..].iter().zip(&metric.distances(k)[start..]);
            let faces = self.face_classes(k)[start..].iter().zip(sizes);
            for (out, (class, (area, distance))) in out.iter_mut().zip(faces) {
                *out = class.weight() * area * distance;
            }
            return Some(out);
        }
        if self.domain.mask().is_some() {
            let classes = &self.face_classes(k)[start..];
            out.iter_mut().zip(classes).for_each(|(w, class)| *w = class.weight());
            return Some(out);
        }
        let (_, n, inner) = self.domain.grid().lanes(Location::face(k), k);
        if !self.domain.grid().axes()[k].bounded() {
            return None;
        }
        let half = |face: usize| match face / inner % n {
            i if i == 0 || i + 1 == n => 0.5,
            _ => 1.0,
        };
        if k > 0 {
            // A row is a wall as a whole or not at all.
            out.fill(half(start));
            return (out.first() == Some(&0.5)).then_some(out);
        }
        out.fill(1.0);
        for i in [0, out.len() - 1] {
            out[i] = half(start + i);
        }
        Some(out)
    }

    fn betti(&self) -> Option<Betti> {
        self.domain.mask().map(|_| *self.betti.get_or_init(|| Betti::of(&self.domain)))
    }

    fn gradient(&self, potential: &ScalarField<D>) -> VectorField<D> {
        let condition = *self.boundary.potentials().last().expect("at least one potential");
        self.gradient_with(potential, condition)
    }

    fn codifferential(&self, potential: &[ScalarField<D>]) -> VectorField<D> {
        let grid = self.domain.grid();
        let mut codifferential = VectorField::zeros(*grid, Layout::Faces);
        let pairs = axis_pairs::<D>().into_iter().zip(potential).enumerate();
        for (pair, ((a, b), potential)) in pairs {
            let edges = self.edges(pair);
            let mut held = potential.values().to_vec();
            edges.join(&mut held, |ring| ring.iter().sum::<f64>() / ring.len() as f64);
            held.iter_mut().enumerate().for_each(|(at, value)| *value *= edges.length(at));
            for (to, along, sign) in [(a, b, 1.0), (b, a, -1.0)] {
                let scale = sign * self.scale(along);
                let out = codifferential.component_mut(to).values_mut();
                add_difference(grid, Location::edge(a, b), along, scale, &held, out);
            }
        }
        if let Some(metric) = self.metric() {
            for k in 0..D {
                let values = codifferential.component_mut(k).values_mut().iter_mut();
                values
                    .zip(metric.areas(k))
                    .for_each(|(value, area)| *value /= area * metric.unit());
            }
        }
        codifferential.clear_outside(&self.domain);
        codifferential
    }
}
