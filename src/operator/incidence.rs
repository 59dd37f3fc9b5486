//! The staggered operators as sparse matrices over the active cells.

use crate::boundary::Condition;
use crate::grid::{Domain, Location, unravel};
use sprs::CsMat;

/// The numbers of the active cells in storage order, `usize::MAX` elsewhere, and how many.
pub fn number_cells<const D: usize>(domain: &Domain<D>) -> (Vec<usize>, usize) {
    let mut count = 0;
    let numbers = (0..domain.grid().cells())
        .map(|cell| {
            if !domain.is_active(cell) {
                return usize::MAX;
            }
            count += 1;
            count - 1
        })
        .collect();
    (numbers, count)
}

/// √W·∇ for one axis as a matrix (faces × active cells): rows of interior faces hold ±1/h; rows of
/// wall faces hold ±√2/h under [`Condition::Dirichlet`] and nothing under [`Condition::Neumann`].
///
/// √W, the root of the face weight, is multiplied in so that the Laplacian is GᵀG.
pub fn gradient_matrix<const D: usize>(
    domain: &Domain<D>,
    k: usize,
    condition: Condition,
) -> CsMat<f64> {
    let (numbers, count) = number_cells(domain);
    let shape = domain.grid().shape_at(Location::face(k));
    let faces = domain.grid().len_at(Location::face(k));
    let scale = 1.0 / domain.grid().axes()[k].spacing;
    // Rows in order with their columns in order: no sorting through triplets.
    let mut starts = Vec::with_capacity(faces + 1);
    let (mut columns, mut values) = (Vec::with_capacity(2 * faces), Vec::with_capacity(2 * faces));
    for face in 0..faces {
        starts.push(columns.len());
        let sides = domain.neighbours(k, unravel(shape, face));
        let value = match (sides, condition) {
            ([Some(a), Some(b)], _) if a == b => continue,
            ([Some(_), Some(_)], _) => scale,
            (_, Condition::Dirichlet) => std::f64::consts::SQRT_2 * scale,
            (_, Condition::Neumann) => continue,
        };
        let mut row: Vec<(usize, f64)> = sides
            .into_iter()
            .zip([-value, value])
            .filter_map(|(side, value)| Some((numbers[side?], value)))
            .collect();
        row.sort_unstable_by_key(|(column, _)| *column);
        columns.extend(row.iter().map(|(column, _)| *column));
        values.extend(row.iter().map(|(_, value)| *value));
    }
    starts.push(columns.len());
    CsMat::new((faces, count), starts, columns, values)
}
