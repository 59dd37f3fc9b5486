//! |curl| and divergence of some snapshots of a training.

use super::picture::Drawing;
use super::score_maps::{ScoreMaps, draw};
use crate::autoencoder::Network;
use crate::autoencoder::conservativeness::scores;
use crate::grid::{Domain, Location, unravel};
use anyhow::{Result, ensure};
use std::path::PathBuf;

/// The maps of the first, the middle and the last of some snapshots.
pub struct SnapshotMaps {
    drawing: Drawing,
    due: [usize; 3],
    maps: Vec<ScoreMaps>,
}

impl SnapshotMaps {
    /// Of that many.
    pub fn new(drawing: Drawing, snapshots: usize) -> SnapshotMaps {
        let last = snapshots.saturating_sub(1);
        SnapshotMaps { drawing, due: [0, last / 2, last], maps: Vec::new() }
    }

    /// Adds a snapshot if it is drawn.
    pub fn add<const D: usize>(
        &mut self,
        (number, epoch): (usize, usize),
        network: &Network,
        domain: &Domain<D>,
    ) -> Result<()> {
        if !self.due.contains(&number) {
            return Ok(());
        }
        ensure!(
            network.dimension() == D,
            "--picture draws the curl of all dimensions, and the slice has {D} of the network's {}: leave it out",
            network.dimension()
        );
        let grid = domain.grid();
        let active = |cell: usize| domain.is_active(cell);
        let at = |cell| grid.position(Location::CELL, unravel(grid.shape(), cell));
        let cells = (0..grid.cells()).filter(|cell| active(*cell));
        let scores = scores(network, &cells.flat_map(at).collect::<Vec<f64>>());
        let title = format!("epoch {epoch}");
        self.maps.push(ScoreMaps::new(&self.drawing, &title, domain, (&scores, active))?);
        Ok(())
    }

    /// Draws what was added.
    pub fn draw(self, overwrite: bool) -> Result<Option<PathBuf>> {
        if self.maps.is_empty() {
            return Ok(None);
        }
        draw(&self.drawing, "field of a network in training", self.maps, overwrite).map(Some)
    }
}
