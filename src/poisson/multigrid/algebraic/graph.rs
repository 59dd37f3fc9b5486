//! A Laplacian on the vertices of a graph, and its smoother.

use super::{Matrix, row};
use crate::operator::Stencil;
use crate::poisson::shape::Shape;
use rayon::prelude::*;

/// Rows with fewer values than this are swept by one thread.
const PARALLEL: usize = 1 << 13;

/// Rows a thread takes at a time.
const PORTION: usize = 1 << 11;

/// Σ c (x − x′) + w x.
pub struct Graph {
    /// c between vertices.
    pub couplings: Matrix,
    /// w.
    pub walls: Vec<f64>,
    /// 1/(Σ c + w), 0 where a vertex is by itself.
    pub inverse_diagonal: Vec<f64>,
}

impl Graph {
    /// That of couplings and walls.
    pub fn new(couplings: Matrix, walls: Vec<f64>) -> Graph {
        let inverse = |(i, wall): (usize, &f64)| {
            let (_, values) = row(&couplings, i);
            let sum = values.iter().sum::<f64>() + wall;
            if sum > 0.0 { 1.0 / sum } else { 0.0 }
        };
        let inverse_diagonal = walls.par_iter().enumerate().map(inverse).collect();
        Graph { couplings, walls, inverse_diagonal }
    }

    /// That of the active cells of a domain, divided by a coupling, and where their values are stored.
    pub fn of_cells<const D: usize>(
        stencil: &Stencil<D>,
        shape: &Shape<D>,
        unit: f64,
    ) -> (Graph, Vec<u32>) {
        let domain = stencil.domain();
        let cells: Vec<usize> =
            (0..domain.grid().cells()).filter(|cell| domain.is_active(*cell)).collect();
        let mut vertex = vec![u32::MAX; domain.grid().cells()];
        cells.iter().enumerate().for_each(|(i, cell)| vertex[*cell] = i as u32);
        let (mut starts, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
        let mut walls = vec![0.0; cells.len()];
        let mut sides: Vec<(u32, f64)> = Vec::with_capacity(2 * D);
        for (wall, cell) in walls.iter_mut().zip(&cells) {
            sides.clear();
            for face in stencil.sides(*cell).filter(|face| face.conductance > 0.0) {
                match face.beside {
                    None => *wall += face.conductance / unit,
                    Some(beside) => sides.push((vertex[beside], face.conductance / unit)),
                }
            }
            sides.sort_by_key(|(column, _)| *column);
            // On a ring of two cells both sides lead to the same.
            sides.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                kept.1 += if same { next.1 } else { 0.0 };
                same
            });
            columns.extend(sides.iter().map(|(column, _)| *column));
            values.extend(sides.iter().map(|(_, value)| *value));
            starts.push(columns.len());
        }
        let square = (cells.len(), cells.len());
        let (n, stride) = (shape.cells[0], shape.stride());
        let places = cells.iter().map(|cell| (cell / n * stride + cell % n + 1) as u32).collect();
        (Graph::new(Matrix::new(square, starts, columns, values), walls), places)
    }

    /// The number of vertices.
    pub fn len(&self) -> usize {
        self.inverse_diagonal.len()
    }

    /// x = ω D⁻¹ b: the first step from zero.
    pub fn relax_from_zero(&self, weight: f64, b: &[f64], x: &mut [f64]) {
        by_portions(x, |first, x| {
            let known = b[first..].iter().zip(&self.inverse_diagonal[first..]);
            x.iter_mut().zip(known).for_each(|(x, (b, d))| *x = weight * d * b);
        });
    }

    /// out = x + ω D⁻¹ (b − A x).
    pub fn relax(&self, weight: f64, b: &[f64], x: &[f64], out: &mut [f64]) {
        self.sweep(x, out, |i, ax| x[i] + weight * self.inverse_diagonal[i] * (b[i] - ax));
    }

    /// out = b − A x.
    pub fn residual(&self, b: &[f64], x: &[f64], out: &mut [f64]) {
        let takes_part = |i: usize| self.inverse_diagonal[i] > 0.0;
        self.sweep(x, out, |i, ax| if takes_part(i) { b[i] - ax } else { 0.0 });
    }

    /// The largest eigenvalue that D⁻¹A may have, by its rows.
    pub fn most(&self) -> f64 {
        let of = |i: usize| {
            let (_, values) = row(&self.couplings, i);
            1.0 + self.inverse_diagonal[i] * values.iter().map(|c| c.abs()).sum::<f64>()
        };
        (0..self.len()).into_par_iter().map(of).reduce(|| 1.0, f64::max)
    }

    /// Makes `out` of A x at every vertex, from differences of x, which stay small where couplings are large.
    fn sweep(&self, x: &[f64], out: &mut [f64], f: impl Fn(usize, f64) -> f64 + Sync) {
        by_portions(out, |first, out| {
            for (out, i) in out.iter_mut().zip(first..) {
                let ((columns, values), here) = (row(&self.couplings, i), x[i]);
                let beside = columns.iter().zip(values);
                let flow: f64 = beside.map(|(j, c)| c * (here - x[*j as usize])).sum();
                *out = f(i, flow + self.walls[i] * here);
            }
        });
    }
}

/// Calls `f` with Σ m_ij x_j of every row of a matrix and its place in `out`.
pub fn sweep(matrix: &Matrix, x: &[f64], out: &mut [f64], f: impl Fn(usize, f64, &mut f64) + Sync) {
    by_portions(out, |first, out| {
        for (i, out) in out.iter_mut().enumerate() {
            let (columns, values) = row(matrix, first + i);
            let sum = columns.iter().zip(values).map(|(j, value)| value * x[*j as usize]).sum();
            f(first + i, sum, out);
        }
    });
}

/// Calls `f` with every portion of some values and the number of its first.
fn by_portions(values: &mut [f64], f: impl Fn(usize, &mut [f64]) + Sync) {
    if values.len() < PARALLEL {
        return f(0, values);
    }
    let portions = values.par_chunks_mut(PORTION).enumerate();
    portions.for_each(|(portion, values)| f(portion * PORTION, values));
}
