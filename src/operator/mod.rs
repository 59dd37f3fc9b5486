//! Discrete ∇, ∇·, ∇∧ and ⋆, each set with the laws that make its projections exact.
//!
//! The curl is the antisymmetric tensor C_ab = ∂_a v_b − ∂_b v_a with a < b, which has
//! D(D − 1)/2 components listed as xy (2D) and xy, xz, yz (3D). A vector potential A has the
//! same components and (⋆A)_a = Σ_b ∂_b A_ab, so that in 2D ⋆A = (∂ψ/∂y, −∂ψ/∂x) with ψ = A_xy,
//! and in 3D ⋆A = ∇∧(A_yz, −A_xz, A_xy).
//!
//! The laws, for the inner product of each set: ⟨∇φ, v⟩ = −⟨φ, ∇·v⟩, ⟨⋆A, v⟩ = ⟨A, ∇∧v⟩,
//! ∇·⋆A = 0 and ∇∧∇φ = 0.

mod at_points;
mod by_parts;
mod central;
mod collocated;
mod density;
mod difference;
mod extent;
#[cfg(feature = "sparse")]
mod exterior;
#[cfg(feature = "sparse")]
mod laplacian;
mod line;
mod norms;
mod row;
mod spectral;
mod staggered;
mod stencil;
mod topology;

pub use at_points::{curl_at_points, divergence_at_points, jacobians_at_points};
pub use by_parts::{ByParts, ByPartsError};
pub use central::Central;
pub(crate) use central::{PointRows, Squares};
pub use collocated::Collocated;
#[cfg(feature = "sparse")]
pub use collocated::collocated_matrices;
pub use density::{WeightError, with_density};
pub use extent::Extent;
#[cfg(feature = "sparse")]
pub use exterior::Exterior;
#[cfg(feature = "sparse")]
pub use laplacian::laplacian_matrix;
#[cfg(feature = "sparse")]
pub(crate) use laplacian::number_cells;
pub(crate) use norms::is_zero;
pub use norms::{RowNorms, RowSpace};
pub use spectral::Spectral;
pub use staggered::Staggered;
pub(crate) use stencil::Stencil;
pub use topology::{Betti, Cocycle, Hole, Loop, around_holes, box_axes, cohomology};

use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::Domain;
use std::ops::Range;

/// A sparse matrix by rows.
#[cfg(feature = "sparse")]
pub type Matrix = sprs::CsMat<f64>;

/// Working space of [`Calculus::gradient_gap`]: rows of values.
#[derive(Default)]
pub struct GapSpace {
    run: Vec<f64>,
    gap: Vec<f64>,
    weights: Vec<f64>,
}

/// One discretisation of vector calculus on a domain.
pub trait Calculus<const D: usize>: Send + Sync {
    /// The derivative in words, for reports.
    fn derivative(&self) -> &'static str;

    /// The inner product in words, for reports.
    fn inner_product(&self) -> &'static str;

    /// Whether the inner product has a density that lives on the faces alone.
    fn is_weighted(&self) -> bool {
        false
    }

    /// The grid and its mask.
    fn domain(&self) -> &Domain<D>;

    /// Where vectors sit.
    fn layout(&self) -> Layout;

    /// ⟨v, w⟩: the integral of v·w over the domain.
    fn inner(&self, v: &VectorField<D>, w: &VectorField<D>) -> f64 {
        let weights =
            |k: usize, start: usize, out: &mut [f64]| self.weights(k, start, out).is_some();
        norms::inner(v, w, weights) * self.volume_unit()
    }

    /// What the weights of the inner product are counted in: the volume of a cell where all are alike.
    fn volume_unit(&self) -> f64 {
        self.domain().grid().cell_volume()
    }

    /// The volumes of the cells where they are not all alike.
    fn point_weights(&self) -> Option<&[f64]> {
        None
    }

    /// ∇·v at the cells.
    fn divergence(&self, v: &VectorField<D>) -> ScalarField<D>;

    /// ∇∧v, one field for each pair of axes, in the order of [`axis_pairs`].
    fn curl(&self, v: &VectorField<D>) -> Vec<ScalarField<D>>;

    /// The net fluxes Σ ± S v of the cells, in any unit. What is not read here is not kept: one read of v, or its
    /// transforms.
    fn net_fluxes(&self, v: &VectorField<D>) -> Extent;

    /// The circulations Σ ± d v around the edges (vertices in 2D) that take part, in any unit.
    fn circulations(&self, v: &VectorField<D>) -> Extent;

    /// The [`net_fluxes`](Calculus::net_fluxes) where a method promises that its harmonic part has none.
    fn net_fluxes_of_rest(&self, v: &VectorField<D>) -> Extent {
        self.net_fluxes(v)
    }

    /// The [`circulations`](Calculus::circulations) where a method promises that its harmonic part has none.
    fn circulations_of_rest(&self, v: &VectorField<D>) -> Extent {
        self.circulations(v)
    }

    /// The largest Σ S|v| of a cell in the unit of [`net_fluxes`](Calculus::net_fluxes), which those of parts of v
    /// are measured against.
    fn largest_flux(&self, v: &VectorField<D>) -> f64;

    /// The largest Σ d|v| around an edge that takes part, in the unit of
    /// [`circulations`](Calculus::circulations).
    fn largest_circulation(&self, v: &VectorField<D>) -> f64;

    /// [`largest_flux`](Calculus::largest_flux) and [`largest_circulation`](Calculus::largest_circulation) of a run of
    /// points, the components of v there being given; `None` where they take more than the point.
    fn sizes_at_points(&self, v: [&[f64]; D]) -> Option<[f64; 2]> {
        let _ = v;
        None
    }

    /// Σ w (g − ∇φ)² over some rows along x of the faces normal to axis k that ∇ gives a value, with the weights of
    /// the inner product; `None` where it takes more than neighbouring rows.
    fn gradient_gap(
        &self,
        k: usize,
        rows: Range<usize>,
        of: (&VectorField<D>, &ScalarField<D>),
        space: &mut GapSpace,
    ) -> Option<f64> {
        let _ = (k, rows, of, space);
        None
    }

    /// Net fluxes and circulations row by row; `None` where they take more than neighbouring rows.
    fn row_norms(&self) -> Option<RowNorms<'_, D>> {
        None
    }

    /// The weights of a run of values of component k in the inner product, from the value `start` on and
    /// in units of [`volume_unit`](Calculus::volume_unit), written to `out`; `None` where all are 1.
    fn weights<'a>(&self, k: usize, start: usize, out: &'a mut [f64]) -> Option<&'a [f64]> {
        let _ = (k, start, out);
        None
    }

    /// The Betti numbers of a masked domain, counted once; `None` without a mask.
    fn betti(&self) -> Option<Betti> {
        None
    }

    /// ∇φ.
    fn gradient(&self, potential: &ScalarField<D>) -> VectorField<D>;

    /// ⋆A, the codifferential (adjoint curl), for one field for each pair of axes, in the order of [`axis_pairs`].
    fn codifferential(&self, potential: &[ScalarField<D>]) -> VectorField<D>;
}

/// The pairs a < b of axes, in the order in which curls and vector potentials are listed.
pub fn axis_pairs<const D: usize>() -> Vec<(usize, usize)> {
    (0..D).flat_map(|a| (a + 1..D).map(move |b| (a, b))).collect()
}
