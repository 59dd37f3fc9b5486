//! Mask and density of a network, as they are typed.

use super::args_field::{FileArguments, GridArguments};
use crate::autoencoder::PointSet;
use crate::source::file::{array, mask_cells};
use crate::source::{MapDensity, MapDomain, Region};
use anyhow::{Context, Result, bail, ensure};
use std::path::Path;

/// The points of `--density-points`.
pub fn density_points(grid: &GridArguments) -> Result<Option<PointSet>> {
    Ok(grid.density_points.as_deref().map(PointSet::read).transpose()?)
}

/// What the options say of where a network is decomposed; `points` are those of `--density-points`.
pub fn typed<'a>(
    grid: &GridArguments,
    file: &FileArguments,
    points: Option<&'a PointSet>,
) -> Result<MapDomain<'a>> {
    let region = file.mask.as_deref().map(region).transpose()?;
    let kernel = points.zip(grid.bandwidth);
    let density = match (&file.density, kernel) {
        (None, None) => None,
        (Some(_), Some(_)) => bail!("--density and --density-points are two densities: give one"),
        (Some(name), None) => Some(MapDensity::Cells(from_file(name)?)),
        (None, Some((points, bandwidth))) => Some(MapDensity::Kernel { points, bandwidth }),
    };
    Ok(MapDomain { region, density })
}

fn region(words: &str) -> Result<Region> {
    let Some(numbers) = words.strip_prefix("disc:") else {
        ensure!(
            words != "nan",
            "--mask nan leaves out missing values, and a network has none: expected FILE:DATASET, a condition on one, or disc:R"
        );
        let (cells, shape) = mask_cells(words).with_context(|| {
            format!("--mask {words}: expected disc:R, disc:X,Y[,Z],R, or a condition on FILE:DATASET with a value for each cell")
        })?;
        return Ok(Region::Cells(cells, shape));
    };
    let numbers: Option<Vec<f64>> = numbers.split(',').map(|n| n.trim().parse().ok()).collect();
    let numbers = numbers.filter(|all| all.iter().all(|n: &f64| n.is_finite()));
    match numbers.as_deref() {
        Some([centre @ .., radius]) if [0, 2, 3].contains(&centre.len()) && *radius > 0.0 => {
            Ok(Region::Ball { centre: centre.to_vec(), radius: *radius })
        }
        _ => bail!("--mask {words}: expected disc:R or disc:X,Y[,Z],R with numbers and R > 0"),
    }
}

fn from_file(name: &str) -> Result<ndarray::ArrayD<f64>> {
    let known = Path::new(name).is_file() || name.contains(':');
    ensure!(
        known,
        "--density {name}: a network has no datasets: expected FILE:DATASET with a value for each cell, or --density-points POINTS --bandwidth S"
    );
    array(name).with_context(|| format!("--density {name}"))
}
