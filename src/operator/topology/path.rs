//! Closed paths through the fluid.

use super::cohomology::Coefficient;
use crate::field::{Layout, VectorField};
use crate::grid::{Domain, Grid, Location, unravel};
use std::collections::BTreeMap;

/// A closed path through the fluid, from cell to cell across faces.
#[derive(Clone, Debug, PartialEq)]
pub struct Loop {
    pub(super) faces: Vec<Coefficient>,
    pub(super) hole: Option<Hole>,
}

/// The hole that a loop goes around, counterclockwise, through the first cells of the fluid.
#[derive(Clone, Debug, PartialEq)]
pub struct Hole {
    pub(super) centre: Vec<f64>,
    pub(super) strip: Vec<Coefficient>,
}

impl Hole {
    /// The centroid of its cells, in the order x, y[, z].
    pub fn centre(&self) -> &[f64] {
        &self.centre
    }
}

impl Loop {
    /// A path around nothing that is known.
    pub(super) fn new(faces: Vec<Coefficient>) -> Loop {
        Loop { faces, hole: None }
    }

    /// The same path the other way round.
    pub(super) fn reversed(mut self) -> Loop {
        self.faces.iter_mut().for_each(|(_, _, share)| *share = -*share);
        if let Some(hole) = &mut self.hole {
            hole.strip.iter_mut().for_each(|(_, _, share)| *share = -*share);
        }
        self
    }

    /// The faces crossed, as (axis, place in storage, +1 upwards or −1 downwards), in no order.
    pub fn faces(&self) -> &[(usize, usize, f64)] {
        &self.faces
    }

    /// The hole it goes around, if it is one of those of [`around_holes`](super::around_holes).
    pub fn hole(&self) -> Option<&Hole> {
        self.hole.as_ref()
    }

    /// ∮ v·dx along the path, for a staggered field on its domain.
    ///
    /// # Panics
    /// On a point field.
    pub fn circulation<const D: usize>(&self, domain: &Domain<D>, v: &VectorField<D>) -> f64 {
        sum(&self.faces, domain, v)
    }

    /// ∮ v·dx along the shore of the hole: that along the path, half a cell away, without the curl of the
    /// strip between them. `None` for a loop around no hole.
    ///
    /// The curl of the strip is extrapolated from the vertices inside the fluid, linearly along the
    /// diagonal of each cell, which on a straight shore is the tangential component continued to the wall by
    /// a quadratic, (15, −10, 3)/8. Where a second vertex is missing the nearest one gives the curl; where the fluid
    /// has none, there is none. A field without curl at the vertices has the same circulation along
    /// path and shore, to rounding: a gradient has none, and a harmonic field keeps its own.
    ///
    /// Panics on a point field.
    pub fn along_shore<const D: usize>(
        &self,
        domain: &Domain<D>,
        v: &VectorField<D>,
    ) -> Option<f64> {
        self.hole.as_ref().map(|hole| self.circulation(domain, v) - sum(&hole.strip, domain, v))
    }
}

fn sum<const D: usize>(terms: &[Coefficient], domain: &Domain<D>, v: &VectorField<D>) -> f64 {
    assert_eq!(v.layout(), Layout::Faces, "a circulation needs a staggered field");
    let along = |k: usize, face: usize| domain.distance(k, face) * v.component(k).values()[face];
    terms.iter().map(|&(k, face, share)| share * along(k, face)).sum()
}

/// Each face once, without those that cancel.
pub(super) fn merged(terms: impl Iterator<Item = Coefficient>) -> Vec<Coefficient> {
    let mut sums: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    terms.for_each(|(k, face, share)| *sums.entry((k, face)).or_default() += share);
    let left = sums.into_iter().filter(|(_, share)| *share != 0.0);
    left.map(|((k, face), share)| (k, face, share)).collect()
}

/// How often a path goes around each axis: what it crosses of the first faces of a periodic one.
pub(super) fn turns<const D: usize>(grid: &Grid<D>, path: &Loop) -> [f64; D] {
    let mut turns = [0.0; D];
    for &(k, face, sign) in &path.faces {
        let seam = unravel(grid.shape_at(Location::face(k)), face)[k] == 0;
        turns[k] += if seam && !grid.axes()[k].bounded() { sign } else { 0.0 };
    }
    turns
}
