//! The cells of a grid at which a map is measured.

use super::super::args_autoencoder::ConservativenessArguments;
use super::super::input::grid_request;
use super::super::map_domain::{density_points, typed};
use super::super::memory;
use crate::autoencoder::{AutoencoderError, MapField};
use crate::grid::{Domain, Location, Topology, unravel};
use anyhow::{Result, ensure};

/// Cells that take part, and how much each counts.
pub struct Cells<const D: usize> {
    pub domain: Domain<D>,
    positions: Vec<f64>,
    weights: Option<Vec<f64>>,
}

/// Those of a grid of either dimension, or none.
pub enum AnyCells {
    None,
    Plane(Cells<2>),
    Space(Cells<3>),
}

impl AnyCells {
    /// Of the grid over `--domain`.
    pub fn of(map: &dyn MapField, arguments: &ConservativenessArguments) -> Result<AnyCells> {
        let window = &arguments.grid.domain;
        let axes = window.len() / 2;
        if axes == 0 {
            ensure!(window.is_empty(), "--domain has one number; 4 or 6 are needed");
            return Ok(AnyCells::None);
        }
        ensure!(
            window.len() == 4 || window.len() == 6,
            "--domain has {} numbers; 4 (2D) or 6 (3D) are needed",
            window.len()
        );
        check_dimension(map, axes, "grid")?;
        Ok(match axes {
            2 => AnyCells::Plane(cells(arguments)?),
            _ => AnyCells::Space(cells(arguments)?),
        })
    }

    /// Shape (cells, D).
    pub fn positions(&self) -> &[f64] {
        match self {
            AnyCells::None => &[],
            AnyCells::Plane(cells) => &cells.positions,
            AnyCells::Space(cells) => &cells.positions,
        }
    }

    pub fn weights(&self) -> Option<&[f64]> {
        match self {
            AnyCells::None => None,
            AnyCells::Plane(cells) => cells.weights.as_deref(),
            AnyCells::Space(cells) => cells.weights.as_deref(),
        }
    }
}

fn cells<const D: usize>(arguments: &ConservativenessArguments) -> Result<Cells<D>> {
    let mut request = grid_request(&arguments.grid)?;
    if request.cells.is_empty() {
        request.cells = vec![128];
    }
    let (grid, _) = request.grid([(-1.0, 1.0, Topology::Bounded); D])?;
    memory::check_scores(&grid)?;
    let points = density_points(&arguments.grid)?;
    let typed = typed(&arguments.grid, &arguments.file, points.as_ref())?;
    let (domain, density) = (typed.domain(grid)?, typed.at_cells(&grid)?);
    let active = || (0..grid.cells()).filter(|cell| domain.is_active(*cell));
    let at = |cell| grid.position(Location::CELL, unravel(grid.shape(), cell));
    let positions = active().flat_map(at).collect();
    let weights = density.map(|density| active().map(|cell| density[cell]).collect::<Vec<f64>>());
    if let Some(weights) = &weights {
        let bad = weights.iter().find(|w| !(w.is_finite() && **w >= 0.0));
        ensure!(
            bad.is_none(),
            "the density is {} in a cell; expected numbers from 0 on",
            bad.unwrap_or(&0.0)
        );
        ensure!(weights.iter().sum::<f64>() > 0.0, "the density is 0 in every cell");
    }
    Ok(Cells { domain, positions, weights })
}

/// Refuses points or a grid of another dimension than the map.
pub fn check_dimension(map: &dyn MapField, found: usize, what: &'static str) -> Result<()> {
    let expected = map.dimension();
    ensure!(found == expected, AutoencoderError::Dimension { expected, found, what });
    Ok(())
}
