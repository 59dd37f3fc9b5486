//! What cannot be written.

use super::OutputError;
use super::dataset::Dataset;
use super::group::{COMPONENT, FieldGroup};
use super::options::Options;

/// Refuses fields outside the range of single precision.
pub(super) fn check_range(group: &FieldGroup<'_>, options: Options) -> Result<(), OutputError> {
    /// Seven digits above the least number.
    const LEAST: f64 = 1e7 * f32::MIN_POSITIVE as f64;
    if !options.single_precision {
        return Ok(());
    }
    let mut buffer = Vec::new();
    let all: Vec<_> = group.datasets.iter().map(|d| (d, d.largest(&mut buffer))).collect();
    let (dataset, top) = all.iter().fold((None, 0.0), |(at, top), (d, largest)| {
        if *largest > top { (Some(d.name.clone()), *largest) } else { (at, top) }
    });
    let fits = top == 0.0 || (LEAST..=f64::from(f32::MAX)).contains(&top);
    match dataset {
        Some(dataset) if !fits => Err(OutputError::SinglePrecision { dataset, largest: top }),
        _ => Ok(()),
    }
}

/// Compares the shape of a dataset with the scales of its axes.
pub(super) fn check_shape(
    group: &FieldGroup<'_>,
    dataset: &Dataset<'_>,
) -> Result<(), OutputError> {
    let found = dataset.shape();
    let length = |(axis, name): (usize, &String)| {
        if name == COMPONENT {
            // All component axes of a group share one scale, so the first sets the length.
            let first = group.datasets.iter().find_map(|d| {
                let position = d.axes.iter().position(|n| n == COMPONENT)?;
                d.shape().get(position).copied()
            });
            return Ok(first.or(found.get(axis).copied()).unwrap_or(0));
        }
        match group.scales.iter().find(|s| s.name == *name) {
            Some(scale) => Ok(scale.values.len()),
            None => {
                let (dataset, axis) = (dataset.name.clone(), name.clone());
                Err(OutputError::UnknownAxis { dataset, axis })
            }
        }
    };
    let expected = dataset.axes.iter().enumerate().map(length).collect::<Result<Vec<_>, _>>()?;
    if expected != found {
        return Err(OutputError::Shape {
            dataset: dataset.name.clone(),
            axes: dataset.axes.clone(),
            expected,
            found: found.to_vec(),
        });
    }
    Ok(())
}
