//! The null space of a Laplacian: constants on connected components.

use crate::boundary::Condition;
use crate::grid::{Domain, FaceClass, Location, ravel, unravel};
use rayon::prelude::*;

/// The connected components on which the Laplacian of a wall condition has a constant null vector.
pub struct NullSpace {
    /// The component of every cell; `None` where a box is one.
    component: Option<Vec<u32>>,
    sizes: Vec<usize>,
    floating: Vec<bool>,
    /// The cell in the middle of a box.
    middle: usize,
}

/// The number of cells outside every component.
const OUTSIDE: u32 = u32::MAX;

impl NullSpace {
    /// Finds the components: all of them under [`Condition::Neumann`], those without a wall under
    /// [`Condition::Dirichlet`]. O(n), at once on a box.
    pub fn new<const D: usize>(domain: &Domain<D>, condition: Condition) -> NullSpace {
        let shape = domain.grid().shape();
        let middle = ravel(shape, shape.map(|n| n / 2));
        if domain.mask().is_none() {
            let floating = condition == Condition::Neumann || !domain.has_walls();
            let sizes = vec![domain.grid().cells()];
            return NullSpace { component: None, sizes, floating: vec![floating], middle };
        }
        let (component, count) = domain.components();
        let mut sizes = vec![0; count];
        for &c in component.iter().filter(|&&c| c != OUTSIDE) {
            sizes[c as usize] += 1;
        }
        let mut floating = vec![true; count];
        if condition == Condition::Dirichlet {
            unfloat_at_walls(domain, &component, &mut floating);
        }
        NullSpace { component: Some(component), sizes, floating, middle }
    }

    /// Removes the mean over every floating component.
    pub fn remove(&self, values: &mut [f64]) {
        if !self.floating.contains(&true) {
            return;
        }
        let Some(component) = &self.component else {
            let mean = block_sum(values) / values.len() as f64;
            return values.par_iter_mut().with_min_len(BLOCK).for_each(|v| *v -= mean);
        };
        let sums = self.sums(values, component);
        let means: Vec<f64> = sums
            .iter()
            .zip(&self.sizes)
            .zip(&self.floating)
            .map(|((sum, &size), &floating)| if floating { sum / size as f64 } else { 0.0 })
            .collect();
        let blocks = values.par_chunks_mut(BLOCK).zip(component.par_chunks(BLOCK));
        blocks.for_each(|(values, component)| {
            for (v, &c) in values.iter_mut().zip(component) {
                if c != OUTSIDE {
                    *v -= means[c as usize];
                }
            }
        });
    }

    /// The sum over every component, in fixed blocks while there are few of them.
    fn sums(&self, values: &[f64], component: &[u32]) -> Vec<f64> {
        let block = if self.sizes.len() <= FEW { BLOCK } else { values.len().max(1) };
        let sum = |(values, component): (&[f64], &[u32])| {
            let mut sums = vec![0.0; self.sizes.len()];
            for (v, &c) in values.iter().zip(component) {
                if c != OUTSIDE {
                    sums[c as usize] += v;
                }
            }
            sums
        };
        let blocks = values.par_chunks(block).zip(component.par_chunks(block));
        let blocks: Vec<Vec<f64>> = blocks.map(sum).collect();
        let mut sums = vec![0.0; self.sizes.len()];
        for block in blocks {
            sums.iter_mut().zip(block).for_each(|(sum, part)| *sum += part);
        }
        sums
    }

    /// The mean that [`remove`](Self::remove) takes out of a box; `None` with a mask.
    pub(super) fn mean_of_box(&self, values: &[f64]) -> Option<f64> {
        if self.component.is_some() {
            return None;
        }
        Some(if self.floating[0] { block_sum(values) / values.len() as f64 } else { 0.0 })
    }

    /// The same for K fields with their values side by side; 0 with a mask.
    pub(super) fn mean_of_box_rows<const K: usize>(&self, values: &[[f64; K]]) -> [f64; K] {
        if self.component.is_some() || !self.floating[0] {
            return [0.0; K];
        }
        let sum = |block: &[[f64; K]]| {
            let mut sum = [0.0; K];
            block.iter().for_each(|v| sum.iter_mut().zip(v).for_each(|(s, v)| *s += v));
            sum
        };
        let sums: Vec<[f64; K]> = values.par_chunks(BLOCK).map(sum).collect();
        sum(&sums).map(|sum| sum / values.len() as f64)
    }

    /// The number of components.
    pub(super) fn components(&self) -> usize {
        self.sizes.len()
    }

    /// The component of an active cell.
    pub(super) fn component(&self, cell: usize) -> usize {
        self.component.as_ref().map_or(0, |component| component[cell] as usize)
    }

    /// One cell of every floating component, in its middle: φ of a smooth field is far from its mean
    /// in corners, and the difference costs digits.
    pub fn pins(&self) -> Vec<usize> {
        let Some(component) = &self.component else {
            return if self.floating[0] { vec![self.middle] } else { Vec::new() };
        };
        let mut before: Vec<usize> = self.sizes.iter().map(|size| size / 2).collect();
        let mut pins = Vec::new();
        for (cell, &c) in component.iter().enumerate().filter(|(_, c)| **c != OUTSIDE) {
            match before[c as usize].checked_sub(1) {
                Some(left) => before[c as usize] = left,
                None => {
                    pins.extend(self.floating[c as usize].then_some(cell));
                    // Never again.
                    before[c as usize] = usize::MAX;
                }
            }
        }
        pins
    }

    /// The cell of every floating component with the largest value.
    pub fn heaviest(&self, values: &[f64]) -> Vec<usize> {
        let mut best: Vec<Option<usize>> = vec![None; self.sizes.len()];
        for (cell, value) in values.iter().enumerate() {
            let component = self.component.as_ref().map_or(0, |component| component[cell]);
            let Some(best) = best.get_mut(component as usize) else { continue };
            if best.is_none_or(|b| *value > values[b]) {
                *best = Some(cell);
            }
        }
        let floating = best.into_iter().zip(&self.floating).filter(|(_, floating)| **floating);
        floating.filter_map(|(cell, _)| cell).collect()
    }
}

/// Marks the components that touch a wall as not floating.
fn unfloat_at_walls<const D: usize>(domain: &Domain<D>, component: &[u32], floating: &mut [bool]) {
    for k in 0..D {
        let shape = domain.grid().shape_at(Location::face(k));
        let classes = domain.face_classes(k);
        for (face, _) in classes.iter().enumerate().filter(|(_, c)| **c == FaceClass::Wall) {
            let sides = domain.neighbours(k, unravel(shape, face));
            for cell in sides.into_iter().flatten() {
                floating[component[cell] as usize] = false;
            }
        }
    }
}

const BLOCK: usize = 1 << 14;

/// Components up to which every block has sums of its own.
const FEW: usize = 64;

/// The sum in fixed blocks, so that it does not depend on the number of threads.
fn block_sum(values: &[f64]) -> f64 {
    let sums: Vec<f64> = values.par_chunks(BLOCK).map(|block| block.iter().sum()).collect();
    sums.into_iter().sum()
}
