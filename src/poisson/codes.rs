//! One byte a cell that encodes the diagonal of the Laplacian.

use super::shape::Shape;
use crate::grid::{Domain, unravel};

/// The code of a cell outside the mask; below it, Σ_k 3^k·(active neighbours along k).
pub const OUTSIDE: u8 = 27;

/// The diagonal that belongs to each code, from the coupling along each axis and how much more a wall couples.
pub fn diagonals<const D: usize>(couplings: [f64; D], across_wall: f64) -> [f64; 28] {
    let mut diagonals = [0.0; 28];
    for (code, diagonal) in diagonals.iter_mut().enumerate().take(3usize.pow(D as u32)) {
        let counts = unravel([3; D], code);
        let along = |k: usize| counts[k] as f64 + across_wall * (2 - counts[k]) as f64;
        *diagonal = (0..D).map(|k| couplings[k] * along(k)).sum();
    }
    diagonals
}

/// The codes of all cells, rows stored with ghosts.
pub fn codes<const D: usize>(domain: &Domain<D>, shape: &Shape<D>) -> Vec<u8> {
    let n = shape.cells[0];
    let active = |row: usize, i: usize| u8::from(domain.is_active(row * n + i));
    let mut codes = vec![OUTSIDE; shape.len()];
    shape.for_rows(&mut codes, |row, codes| {
        let index = shape.index_of(row);
        for (i, code) in codes[1..=n].iter_mut().enumerate().filter(|(i, _)| active(row, *i) == 1) {
            let along_x = shape.neighbours(0, i).into_iter().flatten();
            *code = along_x.map(|j| active(row, j)).sum();
        }
        for k in 1..D {
            for beside in (0..2).filter_map(|s| shape.row_beside(index, k, s)) {
                let inside = codes[1..=n].iter_mut().enumerate().filter(|(_, c)| **c != OUTSIDE);
                inside.for_each(|(i, code)| *code += 3u8.pow(k as u32) * active(beside, i));
            }
        }
    });
    codes
}
