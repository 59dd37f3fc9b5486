//! How values of the next level are carried up.

use super::graph::Graph;
use super::splitting::Strength;
use super::{Matrix, row};
use rayon::prelude::*;

/// Classical interpolation: a vertex that is not on the next level takes the mean of the strong ones that are, weighted
/// by its couplings to them; the coupling to another strong one goes to those of them that one is coupled to too.
///
/// The weights at a vertex without a wall add up to 1.
pub fn interpolation(graph: &Graph, strength: &Strength, coarse: &[bool]) -> Matrix {
    let mut numbers = vec![0; coarse.len()];
    let mut count = 0;
    for (number, _) in numbers.iter_mut().zip(coarse).filter(|(_, coarse)| **coarse) {
        (*number, count) = (count as u32, count + 1);
    }
    let weights = |i: usize| match coarse[i] {
        true => vec![(numbers[i], 1.0)],
        false => weights(graph, strength, coarse, i)
            .into_iter()
            .map(|(j, weight)| (numbers[j as usize], weight))
            .collect(),
    };
    let rows: Vec<Vec<(u32, f64)>> =
        (0..coarse.len()).into_par_iter().with_min_len(1 << 10).map(weights).collect();
    let mut starts = Vec::with_capacity(rows.len() + 1);
    starts.push(0);
    starts.extend(rows.iter().scan(0, |end, row| {
        *end += row.len();
        Some(*end)
    }));
    let columns = rows.iter().flatten().map(|(column, _)| *column).collect();
    let values = rows.iter().flatten().map(|(_, value)| *value).collect();
    Matrix::new((coarse.len(), count), starts, columns, values)
}

fn weights(graph: &Graph, strength: &Strength, coarse: &[bool], i: usize) -> Vec<(u32, f64)> {
    let is_coarse = |j: u32| coarse[j as usize];
    let mut weights: Vec<(u32, f64)> =
        strength.of_vertex(i).filter(|(j, _)| is_coarse(*j)).collect();
    for (k, coupling) in strength.of_vertex(i).filter(|(k, _)| !is_coarse(*k)) {
        let (columns, values) = row(&graph.couplings, k as usize);
        let shared = |weights: &[(u32, f64)]| {
            let there = columns.iter().zip(values).filter(|(_, c)| **c > 0.0);
            let place = |m: &u32| weights.binary_search_by_key(m, |(j, _)| *j).ok();
            there.filter_map(|(m, c)| Some((place(m)?, *c))).collect::<Vec<_>>()
        };
        let shared = shared(&weights);
        let sum: f64 = shared.iter().map(|(_, c)| c).sum();
        shared.iter().for_each(|(place, c)| weights[*place].1 += coupling * c / sum);
    }
    let total = weights.iter().map(|(_, weight)| weight).sum::<f64>() + graph.walls[i];
    weights.iter_mut().for_each(|(_, weight)| *weight /= total);
    weights
}
