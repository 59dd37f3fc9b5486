//! Points and cells that a VTK file marks as hidden, or as copies of those of another piece.

use super::vtk_array::{VtkArray, cells};

/// The array of marks, and that of older files: how far from the piece that it belongs to.
const NAMES: [&str; 2] = ["vtkGhostType", "vtkGhostLevels"];

/// The bits of copies and hidden points, and those of copies, refined and hidden cells. The others only say how a cell is
/// connected.
const POINTS: u8 = 1 | 2;
const CELLS: u8 = 1 | 8 | 32;

/// Makes the values of marked points and cells missing, those of cells that have a marked point, and of points all cells of
/// which are marked; said in words.
pub(super) fn hide(dims: [usize; 3], arrays: &mut [VtkArray]) -> Vec<String> {
    let marks = |in_cells: bool| {
        let named = |a: &&VtkArray| a.in_cells == in_cells && NAMES.contains(&&a.name[..]);
        let array = arrays.iter().find(|a| named(a) && a.components == 1)?;
        let bits = if in_cells { CELLS } else { POINTS };
        let marked = |v: &f64| match array.name == NAMES[0] {
            true => *v as u8 & bits != 0,
            false => *v != 0.0,
        };
        Some(array.values.iter().map(marked).collect::<Vec<bool>>())
    };
    let (points, in_cells) = (marks(false), marks(true));
    let mut notes = Vec::new();
    for (kind, what) in [(false, "points"), (true, "cells")] {
        let own = if kind { &in_cells } else { &points };
        let other = if kind { &points } else { &in_cells };
        let n = if kind { cells(dims) } else { dims };
        let mut hidden = own.clone().unwrap_or_else(|| vec![false; n.iter().product()]);
        if let Some(other) = other {
            hidden
                .iter_mut()
                .zip(carried(dims, other, kind))
                .for_each(|(own, other)| *own |= other);
        }
        let count = hidden.iter().filter(|hidden| **hidden).count();
        let mut data =
            arrays.iter_mut().filter(|a| a.in_cells == kind && !NAMES.contains(&&a.name[..]));
        let Some(first) = data.next().filter(|_| count > 0) else { continue };
        for array in [first].into_iter().chain(data) {
            let values = array.values.chunks_exact_mut(array.components).zip(&hidden);
            values.filter(|(_, hidden)| **hidden).for_each(|(values, _)| values.fill(f64::NAN));
        }
        let all = hidden.len();
        notes.push(format!(
            "{count} of {all} {what} are hidden or copies of those of another piece (vtkGhostType): missing values"
        ));
    }
    notes
}

/// Marks of points for cells, any of whose points is marked, or of cells for points, all of whose cells are.
fn carried(dims: [usize; 3], marks: &[bool], to_cells: bool) -> Vec<bool> {
    let (from, to) = if to_cells { (dims, cells(dims)) } else { (cells(dims), dims) };
    let near = |index: usize, k: usize| match (dims[k], to_cells) {
        (1, _) => 0..1,
        (_, true) => index..index + 2,
        (_, false) => index.saturating_sub(1)..(index + 1).min(from[k]),
    };
    let mark = |flat: usize| {
        let at = [flat % to[0], flat / to[0] % to[1], flat / to[0] / to[1]];
        let [x, y, z] = [0, 1, 2].map(|k| near(at[k], k));
        let line = |j: usize, k: usize| {
            let first = from[0] * (j + from[1] * k);
            let mut line = marks[first + x.start..first + x.end].iter();
            if to_cells { line.any(|marked| *marked) } else { line.all(|marked| *marked) }
        };
        let mut lines = z.flat_map(|k| y.clone().map(move |j| (j, k)));
        let line = |(j, k)| line(j, k);
        if to_cells { lines.any(line) } else { lines.all(line) }
    };
    (0..to.iter().product()).map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_over_to_cells_and_points() {
        let marked = |n: usize, hit: &[usize]| (0..n).map(|i| hit.contains(&i)).collect::<Vec<_>>();
        let dims = [4, 3, 1];
        let places = |found: Vec<bool>| (0..found.len()).filter(|i| found[*i]).collect::<Vec<_>>();
        assert_eq!(places(carried(dims, &marked(12, &[5]), true)), [0, 1, 3, 4]);
        assert_eq!(places(carried(dims, &marked(6, &[0, 1, 5]), false)), [0, 1, 11]);
    }
}
