//! How a method is planned, and who is told what that costs.

use super::DecomposeError;
use crate::boundary::{Boundary, Condition};
use crate::poisson::Backend;
use std::fmt;
use std::sync::Arc;

/// What a plan is made by beyond its domain. The default leaves everything to the domain.
///
/// ```
/// use hodge::decomposition::{Decompose, Method, Planning};
/// use hodge::field::{Layout, VectorField};
/// use hodge::grid::{Axis, Domain, Grid, Topology};
/// let axis = Axis::over(-1.0, 1.0, 9, Topology::Bounded);
/// let grid = Grid::new([axis, axis])?;
/// let ring = Domain::masked(grid, (0..81).map(|cell| cell != 40).collect())?;
/// let planning = Planning { undivided: true, ..Planning::default() };
/// let plan = Method::Staggered.plan_with(&ring, &planning)?;
/// let field = VectorField::sample(grid, Layout::Faces, |[x, y]| [x - y, x * y]);
/// let parts = plan.decompose(&field)?;
/// // One solve: what is left without the gradient part is free of divergence.
/// assert!(parts.undivided && parts.solves.len() == 1 && parts.harmonic.max_abs() == 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Planning {
    /// The convention.
    pub boundary: Option<Boundary>,
    /// The back end.
    pub backend: Option<Backend>,
    /// Whether solenoidal and harmonic part stay one, for a single solve and without harmonic fields.
    pub undivided: bool,
    /// Who hears of harmonic fields that are computed one by one.
    pub watch: Option<Arc<dyn Watch>>,
}

impl fmt::Debug for Planning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Planning { boundary, backend, undivided, watch } = self;
        let told = watch.is_some();
        write!(
            f,
            "Planning {{ {boundary:?}, {backend:?}, undivided: {undivided}, watched: {told} }}"
        )
    }
}

/// What a basis of the harmonic fields of a mask costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HarmonicCost {
    /// With [`Condition::Neumann`] the fields are tangential, one for each independent loop of the fluid; with
    /// [`Condition::Dirichlet`] normal.
    pub condition: Condition,
    /// How many there are.
    pub fields: usize,
    /// Poisson solves that it takes.
    pub solves: usize,
    /// Bytes that it takes.
    pub bytes: f64,
}

/// Hears of harmonic fields that are computed one by one.
pub trait Watch: Send + Sync {
    /// Before the first.
    fn begins(&self, cost: HarmonicCost) {
        let _ = cost;
    }

    /// After some of all solves; `false` ends the plan with [`DecomposeError::Stopped`].
    fn goes_on(&self, solves: usize, of: usize) -> bool {
        let _ = (solves, of);
        true
    }
}

/// Tells who watches, if anyone does.
pub(super) fn tell(
    watch: Option<&Arc<dyn Watch>>,
    solves: usize,
    of: usize,
) -> Result<(), DecomposeError> {
    match watch.is_none_or(|watch| watch.goes_on(solves, of)) {
        true => Ok(()),
        false => Err(DecomposeError::Stopped { solves, of }),
    }
}
