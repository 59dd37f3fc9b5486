//! The constants a Laplacian cannot see.

use crate::boundary::Condition;
use crate::grid::{Domain, FaceClass, Location, unravel};

/// The connected components on which the Laplacian of a wall condition has a constant null vector.
pub struct NullSpace {
    component: Vec<u32>,
    sizes: Vec<usize>,
    floating: Vec<bool>,
}

impl NullSpace {
    /// Finds the components: all of them under [`Condition::Natural`], those without a wall under
    /// [`Condition::Zero`].
    pub fn new<const D: usize>(domain: &Domain<D>, condition: Condition) -> NullSpace {
        let (component, count) = domain.components();
        let mut sizes = vec![0; count];
        for &c in component.iter().filter(|&&c| c != u32::MAX) {
            sizes[c as usize] += 1;
        }
        let mut floating = vec![true; count];
        if condition == Condition::Zero {
            for k in 0..D {
                let shape = domain.grid().shape_at(Location::face(k));
                let classes = domain.face_classes(k);
                for (face, _) in classes.iter().enumerate().filter(|(_, c)| **c == FaceClass::Wall)
                {
                    let sides = domain.neighbours(k, unravel(shape, face));
                    for cell in sides.into_iter().flatten() {
                        floating[component[cell] as usize] = false;
                    }
                }
            }
        }
        NullSpace { component, sizes, floating }
    }

    /// Removes the mean over every floating component.
    pub fn remove(&self, values: &mut [f64]) {
        let mut sums = vec![0.0; self.sizes.len()];
        for (v, &c) in values.iter().zip(&self.component) {
            if c != u32::MAX {
                sums[c as usize] += v;
            }
        }
        let means: Vec<f64> = sums
            .iter()
            .zip(&self.sizes)
            .zip(&self.floating)
            .map(|((sum, &size), &floating)| if floating { sum / size as f64 } else { 0.0 })
            .collect();
        for (v, &c) in values.iter_mut().zip(&self.component) {
            if c != u32::MAX {
                *v -= means[c as usize];
            }
        }
    }

    /// One cell of every floating component: its first.
    pub fn pins(&self) -> Vec<usize> {
        let mut seen = vec![false; self.sizes.len()];
        let mut pins = Vec::new();
        for (cell, &c) in self.component.iter().enumerate().filter(|(_, c)| **c != u32::MAX) {
            let c = c as usize;
            if self.floating[c] && !seen[c] {
                seen[c] = true;
                pins.push(cell);
            }
        }
        pins
    }
}
