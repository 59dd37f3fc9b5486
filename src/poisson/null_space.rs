//! The constants a Laplacian cannot see.

use crate::boundary::Condition;
use crate::grid::{Domain, FaceClass, Location, unravel};
use rayon::prelude::*;

/// The connected components on which the Laplacian of a wall condition has a constant null vector.
pub struct NullSpace {
    /// The component of every cell; `None` where a box is one.
    component: Option<Vec<u32>>,
    sizes: Vec<usize>,
    floating: Vec<bool>,
}

/// The number of cells outside every component.
const OUTSIDE: u32 = u32::MAX;

impl NullSpace {
    /// Finds the components: all of them under [`Condition::Natural`], those without a wall under
    /// [`Condition::Zero`]. O(n), at once on a box.
    pub fn new<const D: usize>(domain: &Domain<D>, condition: Condition) -> NullSpace {
        if domain.mask().is_none() {
            let floating = condition == Condition::Natural || domain.grid().fully_periodic();
            let sizes = vec![domain.grid().cells()];
            return NullSpace { component: None, sizes, floating: vec![floating] };
        }
        let (component, count) = domain.components();
        let mut sizes = vec![0; count];
        for &c in component.iter().filter(|&&c| c != OUTSIDE) {
            sizes[c as usize] += 1;
        }
        let mut floating = vec![true; count];
        if condition == Condition::Zero {
            hold_at_walls(domain, &component, &mut floating);
        }
        NullSpace { component: Some(component), sizes, floating }
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
        let mut sums = vec![0.0; self.sizes.len()];
        for (v, &c) in values.iter().zip(component) {
            if c != OUTSIDE {
                sums[c as usize] += v;
            }
        }
        let means: Vec<f64> = sums
            .iter()
            .zip(&self.sizes)
            .zip(&self.floating)
            .map(|((sum, &size), &floating)| if floating { sum / size as f64 } else { 0.0 })
            .collect();
        for (v, &c) in values.iter_mut().zip(component) {
            if c != OUTSIDE {
                *v -= means[c as usize];
            }
        }
    }

    /// One cell of every floating component: its first.
    pub fn pins(&self) -> Vec<usize> {
        let Some(component) = &self.component else {
            return if self.floating[0] { vec![0] } else { Vec::new() };
        };
        let mut seen = vec![false; self.sizes.len()];
        let mut pins = Vec::new();
        for (cell, &c) in component.iter().enumerate().filter(|(_, c)| **c != OUTSIDE) {
            let c = c as usize;
            if self.floating[c] && !seen[c] {
                seen[c] = true;
                pins.push(cell);
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
fn hold_at_walls<const D: usize>(domain: &Domain<D>, component: &[u32], floating: &mut [bool]) {
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

/// The sum in fixed blocks, so that it does not depend on the number of threads.
fn block_sum(values: &[f64]) -> f64 {
    let sums: Vec<f64> = values.par_chunks(BLOCK).map(|block| block.iter().sum()).collect();
    sums.into_iter().sum()
}
