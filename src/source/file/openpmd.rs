//! openPMD: what the group of a mesh says of the axes of its components.

use super::array::{Coordinates, Dimension, group_and_leaf};
use super::hdf5_info::{numbers, text, texts_of};
use super::{CoordinateError, FileError};
use ::hdf5::{Dataset, File, Group, Location};

/// The axes of a component of a mesh, or of a scalar mesh; `None` for any other dataset.
pub(super) fn mesh_dimensions(
    file: &File,
    dataset: &Dataset,
) -> Option<Result<Vec<Dimension>, FileError>> {
    let path = dataset.name();
    let group = file.group(group_and_leaf(&path).0).ok();
    let mesh = [Some(&**dataset as &Location), group.as_ref().map(|group| group as &Location)];
    let mesh = mesh.into_iter().flatten().find(|mesh| mesh.attr("axisLabels").is_ok())?;
    let mut labels = texts_of(mesh, "axisLabels");
    let mut spacing = numbers(mesh, "gridSpacing")?;
    let mut offset = numbers(mesh, "gridGlobalOffset").unwrap_or_else(|| vec![0.0; spacing.len()]);
    let mut position = numbers(dataset, "position").unwrap_or_else(|| vec![0.0; spacing.len()]);
    let geometry = text(mesh, "geometry").unwrap_or_else(|| "cartesian".into());
    if geometry != "cartesian" {
        let dataset = path.trim_start_matches('/').to_string();
        return Some(Err(CoordinateError::Geometry { dataset, geometry }.into()));
    }
    let n = dataset.ndim();
    if [labels.len(), spacing.len(), offset.len(), position.len()].iter().any(|found| *found != n) {
        return None;
    }
    if text(mesh, "dataOrder").as_deref() == Some("F") {
        labels.reverse();
        [&mut spacing, &mut offset, &mut position].into_iter().for_each(|list| list.reverse());
    }
    // One for all axes, or one for each.
    let mut unit = numbers(mesh, "gridUnitSI").filter(|unit| !unit.is_empty());
    if let Some(units) = &mut unit {
        if units.len() < n {
            *units = vec![units[0]; n];
        } else if text(mesh, "dataOrder").as_deref() == Some("F") {
            units.reverse();
        }
    }
    let along = |axis: usize| {
        let scale = unit.as_ref().map_or(1.0, |unit| unit[axis]);
        let at = |i: usize| offset[axis] + (i as f64 + position[axis]) * spacing[axis];
        Dimension {
            name: Some(labels[axis].clone()),
            coordinates: Some(Coordinates {
                origin: "gridSpacing and gridGlobalOffset of openPMD".into(),
                name: labels[axis].clone(),
                values: (0..dataset.shape()[axis]).map(|i| scale * at(i)).collect(),
                units: unit.as_ref().map_or(String::new(), |_| "m".into()),
                ..Coordinates::default()
            }),
            ..Dimension::default()
        }
    };
    Some(Ok((0..n).map(along).collect()))
}

/// Names of the components of every vector mesh of an openPMD file, x first: of one mesh one set for each iteration.
pub(super) fn vector_meshes(file: &File, datasets: &[String]) -> Vec<Vec<String>> {
    if file.attr("openPMD").is_err() {
        return Vec::new();
    }
    let mut meshes: Vec<Vec<String>> = Vec::new();
    for name in datasets {
        let (group, component) = group_and_leaf(name);
        if group.is_empty() || !matches!(component, "x" | "r") {
            continue;
        }
        let is_mesh = |group: Group| group.attr("axisLabels").is_ok();
        if !file.group(group).is_ok_and(is_mesh) {
            continue;
        }
        let others = if component == "x" { ["y", "z"] } else { ["t", "z"] };
        let mut set = vec![name.clone()];
        let all = others.iter().map(|other| format!("{group}/{other}"));
        set.extend(all.filter(|other| datasets.contains(other)));
        meshes.push(set);
    }
    meshes.retain(|set| set.len() > 1);
    meshes
}
