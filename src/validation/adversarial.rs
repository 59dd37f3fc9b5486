//! Z1: fields without any smoothness on boxes and tori, for which only exact statements can hold.
//!
//! Every component is (−1)^(i + j [+ k]) on 6 cells along each axis, (−1)^i on 8, and random on 7: alternating signs are the
//! waves that central differences do not see, and of which a Fourier derivative has none.

use super::exact_row::{Random, row};
use super::{Claim, Outcome};
use crate::boundary::Boundary;
use crate::decomposition::{DecomposeError, Method};
use crate::field::VectorField;
use crate::grid::{Axis, Domain, Grid, Topology, unravel};
use crate::poisson::Backend;

/// Every field in 2D and 3D by every method that is exact for it.
pub(super) fn adversarial() -> Result<Vec<Outcome>, DecomposeError> {
    let mut outcomes = Vec::new();
    for n in [6, 8, 7] {
        outcomes.extend(on_cells::<2>(n)?);
        outcomes.extend(on_cells::<3>(n)?);
    }
    Ok(outcomes)
}

fn on_cells<const D: usize>(n: usize) -> Result<Vec<Outcome>, DecomposeError> {
    let of = |topology| {
        let grid = Grid::new([Axis::over(0.0, 1.0, n, topology); D]).expect("a sound grid");
        Domain::full(grid)
    };
    let (walls, torus) = (of(Topology::Bounded), of(Topology::Periodic));
    let mut outcomes = vec![study(&torus, Method::Spectral, Boundary::Periodic, None)?];
    for boundary in Boundary::ALL.into_iter().filter(|b| *b != Boundary::FreeSpace) {
        let domain = if boundary == Boundary::Periodic { &torus } else { &walls };
        for backend in Backend::ALL.into_iter().filter(|b| b.fits(domain)) {
            outcomes.push(study(domain, Method::Staggered, boundary, Some(backend))?);
        }
    }
    Ok(outcomes)
}

fn study<const D: usize>(
    domain: &Domain<D>,
    method: Method,
    boundary: Boundary,
    backend: Option<Backend>,
) -> Result<Outcome, DecomposeError> {
    let plan = method.plan(domain, Some(boundary), backend)?;
    let field = field(domain, method);
    let parts = plan.decompose(&field)?;
    Ok(row("Z1", &*plan, &field, &parts, Claim::Exact))
}

fn field<const D: usize>(domain: &Domain<D>, method: Method) -> VectorField<D> {
    let grid = *domain.grid();
    let n = grid.shape()[0];
    let mut random = Random(9);
    let mut field = VectorField::zeros(grid, method.layout());
    for component in field.components_mut() {
        let shape = grid.shape_at(component.location());
        for (flat, value) in component.values_mut().iter_mut().enumerate() {
            let index = unravel(shape, flat);
            let sign = |places: usize| if places.is_multiple_of(2) { 1.0 } else { -1.0 };
            *value = match n {
                6 => sign(index.iter().sum()),
                8 => sign(index[0]),
                _ => random.next(),
            };
        }
    }
    field
}
