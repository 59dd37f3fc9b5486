//! `autoencoder:WEIGHTS`, and any other map R^D → R^D, as a field on a grid.

use super::args::GridArguments;
use super::input::Input;
use super::source_series::SourceSeries;
use crate::autoencoder::MapField;
use crate::autoencoder::{Network, PointSet, Slice};
use crate::grid::Topology::Bounded;
use crate::source::MapOnGrid;
use anyhow::{Context, Result, bail};
use std::path::Path;

/// The network on a grid.
pub fn input(path: &Path, grid: &GridArguments) -> Result<Input> {
    map_input(path, read(path)?, grid)
}

/// The network of a file; errors name the file.
pub fn read(path: &Path) -> Result<Network> {
    Network::read(path).with_context(|| path.display().to_string())
}

/// The map of a file on a grid: in its own two or three dimensions, or on a slice.
pub fn map_input(path: &Path, map: impl MapField + 'static, grid: &GridArguments) -> Result<Input> {
    let name = path.file_stem().map_or("map".into(), |s| s.to_string_lossy().into_owned());
    let sliced = grid.slice.is_some() || grid.principal.is_some();
    let wanted = grid.n.len().max(grid.domain.len() / 2);
    match (map.dimension(), sliced) {
        (2, false) => Ok(Input::Plane(Box::new(series::<2>(name, map, grid)?))),
        (3, false) => Ok(Input::Space(Box::new(series::<3>(name, map, grid)?))),
        (d, false) => bail!(
            "the network has {d} dimensions and a grid 2 or 3: give a slice with --slice or --principal"
        ),
        _ if wanted == 3 => Ok(Input::Space(Box::new(series::<3>(name, map, grid)?))),
        _ => Ok(Input::Plane(Box::new(series::<2>(name, map, grid)?))),
    }
}

fn series<const D: usize>(
    name: String,
    map: impl MapField + 'static,
    grid: &GridArguments,
) -> Result<SourceSeries<D>> {
    let field = match slice::<D>(grid)? {
        None => MapOnGrid::new(map)?,
        Some(slice) => MapOnGrid::on_slice(map, slice)?,
    };
    SourceSeries::anywhere(name, Box::new(field), [(-1.0, 1.0, Bounded); D], grid)
}

fn slice<const D: usize>(grid: &GridArguments) -> Result<Option<Slice<D>>> {
    Ok(match (&grid.slice, &grid.principal) {
        (Some(path), _) => Some(Slice::through(&PointSet::read(path)?)?),
        (None, Some(path)) => Some(Slice::principal(&PointSet::read(path)?)?),
        (None, None) => None,
    })
}
