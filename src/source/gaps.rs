//! Small pieces of cells without a value, and what is put there.
//!
//! The values of a piece make the sum of the squares of all second differences least, those along each axis through
//! three neighbouring points of which at least one is in the piece; points that are walls, or missing elsewhere, are in
//! none. In the interior this is the equation δ⁴v = 0 summed over the axes, at the end of an axis linear extrapolation, so
//! that linear fields are filled exactly and smooth ones with an error of second order at least. On uneven axes the
//! differences are divided ones, in units of the local spacing. Where these leave a value open, first differences with a
//! weight of 1e-6 settle it.

use crate::field::VectorField;
use crate::grid::{Axis, Grid, neighbours, unravel};
use std::collections::VecDeque;

/// Weight of first differences.
const FIRST: f64 = 1e-6;

/// Cells below and above a cell along axis k.
fn beside<const D: usize>(grid: &Grid<D>, cell: usize, k: usize) -> [Option<usize>; 2] {
    let shape = grid.shape();
    let (i, step) = (unravel(shape, cell)[k], shape[..k].iter().product::<usize>());
    let found = neighbours(shape[k], !grid.axes()[k].bounded(), i);
    found.map(|other| other.map(|other| cell + other * step - i * step))
}

/// The connected pieces (by faces) of at most `most` cells among those where `out` is true, and the number of all others.
pub(super) fn pieces<const D: usize>(
    grid: &Grid<D>,
    mut out: Vec<bool>,
    most: usize,
) -> (Vec<Vec<usize>>, usize) {
    let (mut found, mut others) = (Vec::new(), 0);
    let mut queue = VecDeque::new();
    for start in 0..out.len() {
        if !out[start] {
            continue;
        }
        out[start] = false;
        queue.push_back(start);
        let (mut piece, mut count) = (Vec::new(), 0);
        while let Some(cell) = queue.pop_front() {
            count += 1;
            if count <= most {
                piece.push(cell);
            }
            for next in (0..D).flat_map(|k| beside(grid, cell, k)).flatten() {
                if std::mem::take(&mut out[next]) {
                    queue.push_back(next);
                }
            }
        }
        match count <= most {
            true => found.push(piece),
            false => others += count,
        }
    }
    (found, others)
}

/// Fills a piece in every component where it has no value, from cells where `usable` is true. Returns whether that was
/// possible; if not, the field is as before.
pub(super) fn fill<const D: usize>(
    field: &mut VectorField<D>,
    piece: &[usize],
    usable: impl Fn(usize) -> bool,
) -> bool {
    let grid = *field.grid();
    let mut made = Vec::new();
    for component in field.components() {
        let values = component.values();
        let mut unknown: Vec<usize> =
            piece.iter().copied().filter(|cell| !values[*cell].is_finite()).collect();
        unknown.sort_unstable();
        let known = &|cell: usize| usable(cell) && values[cell].is_finite();
        let attempt = |first| solve(system((&grid, &unknown, values), known, first), unknown.len());
        match attempt(0.0).or_else(|| attempt(FIRST)) {
            Some(found) => made.push((unknown, found)),
            None => return false,
        }
    }
    for (component, (cells, found)) in field.components_mut().iter_mut().zip(made) {
        let values = component.values_mut();
        cells.iter().zip(found).for_each(|(cell, value)| values[*cell] = value);
    }
    true
}

/// Normal equations for the values of some cells, with this weight of first differences: the matrix, row after row, and
/// the right side.
fn system<const D: usize>(
    (grid, unknown, values): (&Grid<D>, &[usize], &[f64]),
    known: impl Fn(usize) -> bool,
    weight: f64,
) -> (Vec<f64>, Vec<f64>) {
    let n = unknown.len();
    let (mut matrix, mut right) = (vec![0.0; n * n], vec![0.0; n]);
    let place = |cell: usize| unknown.binary_search(&cell).ok();
    // A difference counts once, with the first of its unknown cells.
    let mut add = |first: usize, cells: &[usize], weights: &[f64], weight: f64| {
        let places: Vec<Option<usize>> = cells.iter().map(|cell| place(*cell)).collect();
        let complete = cells.iter().zip(&places).all(|(cell, at)| at.is_some() || known(*cell));
        if !complete || places.iter().flatten().next() != Some(&first) {
            return;
        }
        for (a, row) in places.iter().enumerate().filter_map(|(a, at)| Some((a, (*at)?))) {
            for (b, at) in places.iter().enumerate() {
                let product = weight * weights[a] * weights[b];
                match at {
                    Some(column) => matrix[row * n + column] += product,
                    None => right[row] -= product * values[cells[b]],
                }
            }
        }
    };
    for (first, cell) in unknown.iter().enumerate() {
        for k in 0..D {
            let [below, above] = beside(grid, *cell, k);
            let axis = &grid.axes()[k];
            for centre in [below, Some(*cell), above].into_iter().flatten() {
                let [Some(left), Some(right)] = beside(grid, centre, k) else { continue };
                if axis.cells > 2 {
                    let i = unravel(grid.shape(), centre)[k];
                    add(first, &[left, centre, right], &second_difference(axis, i), 1.0);
                }
            }
            for pair in [[below, Some(*cell)], [Some(*cell), above]] {
                let [Some(left), Some(right)] = pair else { continue };
                if left != right && weight > 0.0 {
                    add(first, &[left, right], &[-1.0, 1.0], weight);
                }
            }
        }
    }
    (matrix, right)
}

/// Weights of a second difference around point i, which has neighbours: 1, -2, 1 where they are equally far.
fn second_difference(axis: &Axis, i: usize) -> [f64; 3] {
    if !axis.is_uneven() || i == 0 || i + 1 == axis.cells {
        return [1.0, -2.0, 1.0];
    }
    let (left, right) = (axis.point(i) - axis.point(i - 1), axis.point(i + 1) - axis.point(i));
    [2.0 * right / (left + right), -2.0, 2.0 * left / (left + right)]
}

/// Solves by Cholesky's method; `None` if the matrix is singular.
fn solve((mut matrix, mut right): (Vec<f64>, Vec<f64>), n: usize) -> Option<Vec<f64>> {
    let largest = (0..n).map(|i| matrix[i * n + i]).fold(0.0, f64::max);
    for j in 0..n {
        for i in j..n {
            let (a, b) = (&matrix[i * n..i * n + j], &matrix[j * n..j * n + j]);
            let product: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
            matrix[i * n + j] -= product;
            if i > j {
                matrix[i * n + j] /= matrix[j * n + j];
            }
        }
        let pivot = matrix[j * n + j];
        if pivot <= 1e-14 * largest {
            return None;
        }
        let root = pivot.sqrt();
        matrix[j * n + j] = root;
        for i in j + 1..n {
            matrix[i * n + j] *= pivot / root;
        }
    }
    for i in 0..n {
        let done: f64 = (0..i).map(|j| matrix[i * n + j] * right[j]).sum();
        right[i] = (right[i] - done) / matrix[i * n + i];
    }
    for i in (0..n).rev() {
        let done: f64 = (i + 1..n).map(|j| matrix[j * n + i] * right[j]).sum();
        right[i] = (right[i] - done) / matrix[i * n + i];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Layout;
    use crate::grid::Topology;

    fn plane(n: usize, topology: Topology) -> Grid<2> {
        let axis = || Axis::over(0.0, 1.0, n, topology);
        Grid::new([axis(), axis()]).unwrap()
    }

    /// The largest error in cells that are taken out and filled, of a field given by its components.
    fn error<const D: usize>(
        grid: Grid<D>,
        holes: &[usize],
        exact: impl Fn([f64; D]) -> [f64; D] + Sync + Copy + Send,
    ) -> f64 {
        let whole = VectorField::sample(grid, Layout::Points, exact);
        let mut field = whole.clone();
        let mut out = vec![false; grid.cells()];
        for cell in holes {
            out[*cell] = true;
            field.components_mut().iter_mut().for_each(|c| c.values_mut()[*cell] = f64::NAN);
        }
        let (found, others) = pieces(&grid, out, holes.len());
        assert_eq!(others, 0);
        assert!(found.iter().all(|piece| fill(&mut field, piece, |_| true)));
        field.minus(&whole).max_abs()
    }

    #[test]
    fn pieces_are_joined_by_faces_and_round_periodic_axes() {
        let out = |cells: &[usize]| (0..16).map(|cell| cells.contains(&cell)).collect::<Vec<_>>();
        let sizes = |topology, cells: &[usize], most| {
            let (found, others) = pieces(&plane(4, topology), out(cells), most);
            (found.iter().map(Vec::len).collect::<Vec<_>>(), others)
        };
        // Two at a corner of each other, a row of three, one at each end of a row.
        let cells = [1, 6, 8, 9, 10, 12, 15];
        assert_eq!(sizes(Topology::Bounded, &cells, 2), (vec![1, 1], 5));
        assert_eq!(sizes(Topology::Bounded, &[0, 3, 12], 2), (vec![1, 1, 1], 0));
        assert_eq!(sizes(Topology::Periodic, &[0, 3, 12], 2), (vec![], 3));
        assert_eq!(sizes(Topology::Periodic, &[0, 3, 12], 3), (vec![3], 0));
    }

    #[test]
    fn linear_fields_are_filled_exactly_everywhere_and_on_uneven_axes() {
        let points: Vec<f64> = (0..9).map(|i| 0.1 * f64::from(i * i) + f64::from(i)).collect();
        let uneven = Axis::through_points(&points).unwrap();
        let grid = Grid::new([uneven, Axis::over(0.0, 2.0, 7, Topology::Bounded)]).unwrap();
        let linear = |[x, y]: [f64; 2]| [3.0 * x - y, 0.5 - 2.0 * y];
        for holes in [&[0][..], &[8, 17], &[30, 31, 40], &[62], &[3, 4, 5, 12, 13, 14]] {
            assert!(error(grid, holes, linear) < 1e-10, "{holes:?}");
        }
    }

    #[test]
    fn smooth_fields_are_filled_with_an_error_of_second_order_at_ends_and_fourth_inside() {
        let smooth = |[x, y]: [f64; 2]| [(2.0 * x + y).sin(), (x - 3.0 * y).cos()];
        let at = |n: usize, place: [f64; 2]| {
            let cell = |t: f64| (t * (n - 1) as f64).round() as usize;
            let first = cell(place[0]) + n * cell(place[1]);
            error(plane(n, Topology::Bounded), &[first, first + n], smooth)
        };
        for (place, order) in [([0.5, 0.4], 3.5), ([0.0, 0.5], 1.8), ([1.0, 0.0], 1.8)] {
            let found = (at(21, place) / at(41, place)).log2();
            assert!(found > order, "{place:?}: order {found}");
        }
    }

    #[test]
    fn cells_without_any_neighbour_stay_as_they_are() {
        let grid = plane(5, Topology::Bounded);
        let mut field = VectorField::sample(grid, Layout::Points, |_: [f64; 2]| [1.0, 2.0]);
        for component in field.components_mut() {
            component.values_mut()[12] = f64::NAN;
        }
        assert!(!fill(&mut field, &[12], |cell| ![7, 11, 13, 17].contains(&cell)));
        assert!(field.component(0).values()[12].is_nan());
        // One neighbour, and nothing that a second difference could go through.
        assert!(fill(&mut field, &[12], |cell| cell == 7));
        assert!((field.component(1).values()[12] - 2.0).abs() < 1e-9);
    }
}
