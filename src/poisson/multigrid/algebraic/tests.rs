//! Levels against what they stand for.

use super::*;
use crate::boundary::Condition;
use crate::grid::{Axis, Domain, Grid, Topology};
use crate::random::Random;

/// A mask with couplings that differ along the axes.
fn graph(condition: Condition) -> Graph {
    let axes =
        [(23, 1.0), (19, 0.6)].map(|(n, h)| Axis::over(0.0, h * n as f64, n, Topology::Bounded));
    let grid = Grid::new(axes).unwrap();
    let mut random = Random::new(2);
    let mask = (0..grid.cells()).map(|_| random.unit() < 0.8).collect();
    let domain = Domain::masked(grid, mask).unwrap();
    let stencil = Stencil::new(&domain, condition);
    Graph::of_cells(&stencil, &Shape::of(&grid), 1.0).0
}

/// Σ over couplings of c (x − x′)², and over walls of w x².
fn energy(graph: &Graph, walls: &[f64], x: &[f64]) -> f64 {
    let of = |i: usize| {
        let (columns, values) = row(&graph.couplings, i);
        let pairs = columns.iter().zip(values);
        let sum: f64 = pairs.map(|(j, c)| 0.5 * c * (x[i] - x[*j as usize]).powi(2)).sum();
        sum + walls[i] * x[i] * x[i]
    };
    (0..x.len()).map(of).sum()
}

#[test]
fn a_level_has_the_energy_of_what_it_interpolates() {
    let mut graph = graph(Condition::Neumann);
    for _ in 0..3 {
        let strength = Strength::of(&graph);
        let prolongation = interpolation(&graph, &strength, &split(&strength));
        let (next, _) = galerkin(&graph, &prolongation);
        let mut random = Random::new(3);
        let y: Vec<f64> = (0..next.len()).map(|_| random.next()).collect();
        let mut x = vec![0.0; graph.len()];
        sweep(&prolongation, &y, &mut x, |_, sum, x| *x = sum);
        let (fine, coarse) = (energy(&graph, &graph.walls, &x), energy(&next, &next.walls, &y));
        // Rows of P add up to 1, so that the couplings are all there is.
        assert!((fine - coarse).abs() <= 1e-12 * fine, "{fine} {coarse}");
        assert!(next.len() < graph.len() * 2 / 3);
        graph = next;
    }
}

#[test]
fn every_other_vertex_depends_on_one_that_is_kept() {
    for condition in [Condition::Neumann, Condition::Dirichlet] {
        let graph = graph(condition);
        let coarse = split(&Strength::of(&graph));
        for i in 0..graph.len() {
            let (columns, values) = row(&graph.couplings, i);
            let largest = values.iter().copied().fold(0.0, f64::max);
            let strong = columns.iter().zip(values).filter(|(_, c)| **c >= 0.25 * largest);
            let kept = strong.map(|(j, _)| coarse[*j as usize]).collect::<Vec<_>>();
            assert_eq!(kept.contains(&true), !coarse[i] && !kept.is_empty(), "{condition:?} {i}");
        }
    }
}

#[test]
fn interpolation_takes_weights_by_coupling_and_nothing_from_walls() {
    // A row of three with a wall at the middle: x₁ = (2 x₀ + 3 x₂)/(2 + 3 + 5).
    let couplings =
        Matrix::new((3, 3), vec![0, 1, 3, 4], vec![1, 0, 2, 1], vec![2.0, 2.0, 3.0, 3.0]);
    let graph = Graph::new(couplings, vec![0.0, 5.0, 0.0]);
    let found = interpolation(&graph, &Strength::of(&graph), &[true, false, true]);
    assert_eq!(row(&found, 1), (&[0, 1][..], &[0.2, 0.3][..]));
    // By hand, PᵀAP = (1.6, −0.6; −0.6, 2.1).
    let (next, _) = galerkin(&graph, &found);
    let (columns, values) = row(&next.couplings, 0);
    assert_eq!(columns, [1]);
    assert!((values[0] - 0.6).abs() < 1e-15);
    assert!((next.walls[0] - 1.0).abs() < 1e-15 && (next.walls[1] - 1.5).abs() < 1e-15);
}
