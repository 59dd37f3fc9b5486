//! `autoencoder:WEIGHTS` as a field on a grid.

use super::args::GridArguments;
use super::input::{Input, SourceSeries};
use crate::grid::Topology::Bounded;
use crate::source::autoencoder::{AutoencoderField, Network, PointSet, Slice};
use anyhow::{Result, bail};
use std::path::Path;

/// The network on a grid: in its own two or three dimensions, or on a slice.
pub fn input(path: &Path, grid: &GridArguments) -> Result<Input> {
    let network = Network::read(path)?;
    let name = path.file_stem().map_or("autoencoder".into(), |s| s.to_string_lossy().into_owned());
    let sliced = grid.slice.is_some() || grid.principal.is_some();
    let wanted = grid.n.len().max(grid.domain.len() / 2);
    match (network.dimension(), sliced) {
        (2, false) => Ok(Input::Plane(Box::new(series::<2>(name, network, grid)?))),
        (3, false) => Ok(Input::Space(Box::new(series::<3>(name, network, grid)?))),
        (d, false) => bail!(
            "the network has {d} dimensions, a grid 2 or 3: give a slice with --slice or --principal"
        ),
        _ if wanted == 3 => Ok(Input::Space(Box::new(series::<3>(name, network, grid)?))),
        _ => Ok(Input::Plane(Box::new(series::<2>(name, network, grid)?))),
    }
}

fn series<const D: usize>(
    name: String,
    network: Network,
    grid: &GridArguments,
) -> Result<SourceSeries<D>> {
    let field = match slice::<D>(grid)? {
        None => AutoencoderField::new(network)?,
        Some(slice) => AutoencoderField::on_slice(network, slice)?,
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
