//! What is left of the laws of the parts, and what it is measured against.

use super::sums::Sums;
use super::sweep::Sweep;
use super::tile::Tile;
use crate::field::VectorField;
use crate::grid::Location;
use crate::operator::{Extent, RowNorms, RowSpace, axis_pairs, is_zero};

impl<const D: usize> Sweep<'_, D> {
    /// Net fluxes of the solenoidal part, circulations of the gradient part and both of the harmonic part.
    pub(super) fn laws(&self, sums: &Sums<D>) -> [Extent; 4] {
        if self.calculus.row_norms().is_some() {
            return sums.laws;
        }
        let [gradient, solenoidal, harmonic] = [self.parts[0], self.parts[1], self.parts[2]];
        [
            self.calculus.net_fluxes(solenoidal),
            self.calculus.circulations(gradient),
            self.calculus.net_fluxes_of_rest(harmonic),
            self.calculus.circulations_of_rest(harmonic),
        ]
    }

    /// The largest Σ S|v| of a cell and Σ d|v| around an edge, of the field.
    pub(super) fn sizes(&self, sums: &Sums<D>) -> [f64; 2] {
        let at_points = || self.calculus.sizes_at_points([&[]; D]).is_some();
        if self.calculus.row_norms().is_some() || at_points() {
            return sums.sizes;
        }
        [self.calculus.largest_flux(self.field), self.calculus.largest_circulation(self.field)]
    }

    /// Adds them up in the rows of a plane of a tile, the parts in the order of [`Sweep::laws`].
    pub(super) fn add_law_rows(
        &self,
        norms: &RowNorms<D>,
        (tile, plane): (&Tile, usize),
        space: &mut RowSpace,
        sums: &mut Sums<D>,
    ) {
        let grid = self.domain().grid();
        let [gradient, solenoidal, harmonic] = [0, 1, 2].map(|i| self.parts[i]);
        let field = Some(self.field).filter(|field| !is_zero(field));
        for rows in tile.rows_at(grid.shape(), plane) {
            for (law, part) in nonzero([(0, solenoidal), (2, harmonic)]) {
                let found = norms.net_fluxes(part, rows.clone(), space);
                sums.laws[law] = sums.laws[law].plus(found);
            }
            let size = field.map_or(0.0, |field| norms.largest_flux(field, rows, space));
            sums.sizes[0] = sums.sizes[0].max(size);
        }
        for (pair, (a, b)) in axis_pairs::<D>().into_iter().enumerate() {
            for rows in tile.rows_at(grid.shape_at(Location::edge(a, b)), plane) {
                for (law, part) in nonzero([(1, gradient), (3, harmonic)]) {
                    let found = norms.circulations(part, pair, rows.clone(), space);
                    sums.laws[law] = sums.laws[law].plus(found);
                }
                let size =
                    field.map_or(0.0, |field| norms.largest_circulation(field, pair, rows, space));
                sums.sizes[1] = sums.sizes[1].max(size);
            }
        }
    }
}

/// The parts that are not known to be zero, with the places of their laws.
fn nonzero<const D: usize>(
    parts: [(usize, &VectorField<D>); 2],
) -> impl Iterator<Item = (usize, &VectorField<D>)> {
    parts.into_iter().filter(|(_, part)| !is_zero(part))
}
