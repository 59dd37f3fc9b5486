//! `autoencoder:WEIGHTS`, and any other map R^D → R^D, as a field on a grid.

use super::args_field::{FileArguments, GridArguments};
use super::input::grid_request;
use super::map_domain::{density_points, typed};
use crate::autoencoder::{MapField, Network, PointSet};
use crate::source::{AnySeries, MapSlice};
use anyhow::{Context, Result};
use std::path::Path;

/// The network on a grid.
pub fn open(path: &Path, grid: &GridArguments, file: &FileArguments) -> Result<AnySeries> {
    open_map(path, read(path, grid.activation.as_deref())?, grid, file)
}

/// The network of a file, with the activation of `--activation` where the file has none; errors name the file.
pub fn read(path: &Path, activation: Option<&str>) -> Result<Network> {
    Network::read_with(path, activation).with_context(|| path.display().to_string())
}

/// The map of a file on a grid: in its own two or three dimensions, or on a slice.
pub fn open_map(
    path: &Path,
    map: impl MapField + Send + 'static,
    grid: &GridArguments,
    file: &FileArguments,
) -> Result<AnySeries> {
    let name = path.file_stem().map_or("map".into(), |s| s.to_string_lossy().into_owned());
    let points = grid.slice.as_ref().or(grid.principal.as_ref());
    let points = points.map(PointSet::read).transpose()?;
    let slice = points.as_ref().map(|points| match grid.slice {
        Some(_) => MapSlice::Through(points),
        None => MapSlice::Principal(points),
    });
    let cloud = density_points(grid)?;
    let domain = typed(grid, file, cloud.as_ref())?;
    Ok(AnySeries::of_map_within(name, map, slice, &grid_request(grid)?, &domain)?)
}
