//! Where a slice lies in a space of more dimensions.

use super::group::COMPONENT;
use super::{DimensionScale, FieldGroup, Piece};
use crate::source::Frame;

/// The axis that counts dimensions of the space.
const DIMENSION: &str = "slice/dimension";

impl FieldGroup<'_> {
    /// Adds `slice/origin` (dimension) and `slice/directions` (component, dimension): the points of the grid are at
    /// origin + Σ s_k direction_k, with its coordinates s.
    pub fn add_frame(&mut self, frame: &Frame) {
        let dimensions = frame.origin.len();
        self.scales.push(DimensionScale {
            name: DIMENSION.into(),
            values: (0..dimensions).map(|i| i as f64).collect(),
            units: String::new(),
            long_name: "dimension of the space that the slice lies in, from 0".into(),
            ..DimensionScale::default()
        });
        let mut add = |name: &str, shape: Vec<usize>, values: Vec<f64>, words: &str| {
            let axes = [COMPONENT.to_string(), DIMENSION.to_string()];
            let axes = axes[2 - shape.len()..].to_vec();
            let numbers = (shape, vec![Piece::Values(values.into())]);
            self.push(name.into(), numbers, axes, ["", words]);
        };
        add(
            "slice/origin",
            vec![dimensions],
            frame.origin.clone(),
            "where the coordinates of the slice are 0",
        );
        add(
            "slice/directions",
            vec![frame.directions.len(), dimensions],
            frame.directions.concat(),
            "orthonormal directions of the axes of the slice",
        );
    }
}
