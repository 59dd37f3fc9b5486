//! The five-part decomposition.

use crate::boundary::Condition;
use crate::field::VectorField;
use crate::grid::{Domain, FaceClass};
use crate::poisson::NullSpace;
use serde::Serialize;

/// The harmonic part of `normal-parallel` split into three orthogonal parts, so that
/// v = ∇φ + ⋆A + h_T + h_N + ∇χ (Hodge–Morrey–Friedrichs).
#[derive(Clone, Debug)]
pub struct Friedrichs<const D: usize> {
    /// h_T: tangential to the walls, fixed by its circulations around the loops of the fluid.
    pub tangential: VectorField<D>,
    /// h_N: normal to the walls, fixed by its fluxes through the closed components of the walls.
    pub normal: VectorField<D>,
    /// The rest, which is both a gradient and a curl: it carries the flux through the walls that
    /// varies along them.
    pub curly_gradient: VectorField<D>,
    /// The number of independent fields in each part.
    pub dimensions: Dimensions,
}

/// Dimensions of the five parts. They add up to the number of faces of active cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Dimensions {
    /// Of ∇φ.
    pub gradient: usize,
    /// Of ⋆A.
    pub solenoidal: usize,
    /// Of h_T: the independent loops of the fluid.
    pub tangential: usize,
    /// Of h_N.
    pub normal: usize,
    /// Of the gradients that are curls.
    pub curly_gradient: usize,
}

impl<const D: usize> Friedrichs<D> {
    /// The harmonic part less its tangential and its normal fields, of which there are so many independent ones.
    pub(super) fn new(
        [tangential, normal]: [VectorField<D>; 2],
        harmonic: &VectorField<D>,
        domain: &Domain<D>,
        independent: [usize; 2],
    ) -> Friedrichs<D> {
        let mut curly_gradient = harmonic.minus(&tangential);
        curly_gradient.add_scaled(-1.0, &normal);
        let dimensions = dimensions(domain, independent);
        Friedrichs { tangential, normal, curly_gradient, dimensions }
    }
}

fn dimensions<const D: usize>(domain: &Domain<D>, [tangential, normal]: [usize; 2]) -> Dimensions {
    let count = |class| -> usize {
        let classes = (0..D).flat_map(|k| domain.face_classes(k));
        classes.filter(|c| *c == class).count()
    };
    let (interior, walls) = (count(FaceClass::Interior), count(FaceClass::Wall));
    let rank = |condition| {
        let floating = NullSpace::new(domain, condition).pins().len();
        domain.active_cells() - floating
    };
    let gradient = rank(Condition::Dirichlet);
    // The interior faces split under `no-flux`.
    let solenoidal = interior - rank(Condition::Neumann) - tangential;
    let curly_gradient = interior + walls - gradient - solenoidal - tangential - normal;
    Dimensions { gradient, solenoidal, tangential, normal, curly_gradient }
}
