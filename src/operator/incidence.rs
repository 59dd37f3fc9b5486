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
/// wall faces hold ±√2/h under [`Condition::Zero`] and nothing under [`Condition::Natural`].
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
            (_, Condition::Zero) => std::f64::consts::SQRT_2 * scale,
            (_, Condition::Natural) => continue,
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

/// −∇·∇ over the active cells, symmetric and positive semidefinite: Σ_k G_kᵀ G_k of
/// [`gradient_matrix`].
pub fn laplacian_matrix<const D: usize>(domain: &Domain<D>, condition: Condition) -> CsMat<f64> {
    sum_of_squares((0..D).map(|k| gradient_matrix(domain, k, condition)))
}

/// −∇·p∇ over the active cells under [`Condition::Natural`], for one positive weight p a face.
pub fn weighted_laplacian_matrix<const D: usize>(
    domain: &Domain<D>,
    weights: &[Vec<f64>; D],
) -> CsMat<f64> {
    sum_of_squares((0..D).map(|k| {
        let mut gradient = gradient_matrix(domain, k, Condition::Natural);
        for (mut row, weight) in gradient.outer_iterator_mut().zip(&weights[k]) {
            row.iter_mut().for_each(|(_, value)| *value *= weight.sqrt());
        }
        gradient
    }))
}

/// Σ GᵀG.
fn sum_of_squares(gradients: impl Iterator<Item = CsMat<f64>>) -> CsMat<f64> {
    let mut terms = gradients.map(|g| &g.transpose_view().to_csr() * &g);
    let first = terms.next().expect("at least one axis");
    terms.fold(first, |sum, term| &sum + &term)
}
