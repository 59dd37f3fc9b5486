//! The Laplacian of the next level.

use super::graph::{Graph, sweep};
use super::{Matrix, row};

/// PᵀAP as a graph, and Pᵀ. Its couplings are made symmetric and its diagonal anew from them and from the walls, so
/// that constants stay null vectors to rounding.
pub fn galerkin(graph: &Graph, prolongation: &Matrix) -> (Graph, Matrix) {
    let restriction = prolongation.transpose_view().to_csr();
    let product = &restriction * &(&operator(graph) * prolongation);
    let mut walls = vec![0.0; restriction.rows()];
    sweep(&restriction, &graph.walls, &mut walls, |_, sum, wall| *wall = sum);
    (Graph::new(couplings(&product), walls), restriction)
}

/// A with its diagonal.
fn operator(graph: &Graph) -> Matrix {
    let vertices = graph.len();
    let entries = graph.couplings.nnz() + vertices;
    let mut starts = Vec::with_capacity(vertices + 1);
    let (mut columns, mut values) = (Vec::with_capacity(entries), Vec::with_capacity(entries));
    starts.push(0);
    for i in 0..vertices {
        let (beside, couplings) = row(&graph.couplings, i);
        let lower = beside.partition_point(|j| (*j as usize) < i);
        let diagonal = couplings.iter().sum::<f64>() + graph.walls[i];
        columns.extend(&beside[..lower]);
        values.extend(couplings[..lower].iter().map(|c| -c));
        columns.push(i as u32);
        values.push(diagonal);
        columns.extend(&beside[lower..]);
        values.extend(couplings[lower..].iter().map(|c| -c));
        starts.push(columns.len());
    }
    Matrix::new((vertices, vertices), starts, columns, values)
}

/// The couplings of a symmetric matrix, the mean of both ways.
fn couplings(matrix: &Matrix) -> Matrix {
    let transposed = matrix.transpose_view().to_csr();
    let (mut starts, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
    for i in 0..matrix.rows() {
        let ((beside, there), (_, back)) = (row(matrix, i), row(&transposed, i));
        let others = beside.iter().zip(there.iter().zip(back));
        for (j, (a, b)) in others.filter(|(j, _)| **j as usize != i) {
            columns.push(*j);
            values.push(-0.5 * (a + b));
        }
        starts.push(columns.len());
    }
    Matrix::new(matrix.shape(), starts, columns, values)
}
