//! Pictures of |curl| and divergence.

use super::picture::Drawing;
use crate::autoencoder::conservativeness::Symmetry;
use crate::field::ScalarField;
use crate::grid::{AXIS_NAMES, Domain, Location};
use crate::output::picture::{Block, Figure, Ground, Look, Panel, Picture};
use anyhow::Result;
use std::path::PathBuf;

/// Below this share of the largest Jacobian a number is rounding.
const ROUNDING: f64 = 1e-13;

/// Curl and divergence in a plane.
pub struct ScoreMaps {
    curl: Panel,
    divergence: Panel,
    axis_labels: [String; 2],
    plane: String,
}

impl ScoreMaps {
    /// From the scores of the cells that were measured, in storage order; the others are empty.
    pub fn new<const D: usize>(
        drawing: &Drawing,
        title: &str,
        domain: &Domain<D>,
        (scores, measured): (&[Symmetry], impl Fn(usize) -> bool),
    ) -> Result<ScoreMaps> {
        drawing.check_dimension(D)?;
        let plane = drawing.plane(domain.grid())?;
        // Entries of the Jacobian that cancel leave rounding, which colours would blow up.
        let entries = scores.iter().map(|scores| scores.field_jacobian.max(scores.jacobian));
        let least = ROUNDING * entries.fold(0.0, f64::max);
        let shown = |value: f64| if value.abs() > least { value } else { value * 0.0 };
        let panel = |of: fn(&Symmetry) -> f64| -> Result<Panel> {
            let mut scores = scores.iter();
            let value = |cell: usize| match measured(cell) {
                true => scores.next().map_or(f64::NAN, |scores| shown(of(scores))),
                false => f64::NAN,
            };
            let values: Vec<f64> = (0..domain.grid().cells()).map(value).collect();
            let values = ScalarField::from_values(*domain.grid(), Location::CELL, values)?;
            Ok(Panel::of_scalar(title, &values, domain, plane))
        };
        let axes = plane.map_or([0, 1], |plane| plane.axes());
        Ok(ScoreMaps {
            curl: panel(|scores| scores.curl_squared.sqrt())?,
            divergence: panel(|scores| scores.divergence)?,
            axis_labels: axes.map(|k| AXIS_NAMES[k].to_string()),
            plane: plane.map_or(String::new(), |plane| {
                let axis = AXIS_NAMES[plane.axis()];
                format!(", plane {axis} = {}", plane.coordinate(domain.grid()))
            }),
        })
    }
}

/// Draws maps side by side: |curl| above, below it the divergence.
pub fn draw(
    drawing: &Drawing,
    headline: &str,
    maps: Vec<ScoreMaps>,
    overwrite: bool,
) -> Result<PathBuf> {
    let Some(first) = maps.first() else { unreachable!("maps are drawn of something") };
    let (axis_labels, plane) = (first.axis_labels.clone(), first.plane.clone());
    let block = |ground, value_label: &str, panels| {
        Block::Panels(Picture {
            axis_labels: axis_labels.clone(),
            value_label: value_label.into(),
            panels,
            colours: drawing.colours,
            look: Look { ground, streamlines: false, arrows: false },
            ..Picture::default()
        })
    };
    let (curl, divergence) = maps.into_iter().map(|maps| (maps.curl, maps.divergence)).unzip();
    let blocks = vec![
        block(Ground::Magnitude, "|curl|", curl),
        block(Ground::Signed, "divergence", divergence),
    ];
    let figure = Figure { headline: format!("{headline}{plane}"), sheet: drawing.sheet, blocks };
    Ok(figure.draw(&drawing.path, overwrite)?)
}
