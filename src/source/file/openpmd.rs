//! openPMD: what the group of a mesh says of the axes of its components.

use super::array::{Coordinates, Dimension, group_and_leaf};
use super::hdf5_info::{attribute, numbers, text, texts_of};
use super::{CoordinateError, FileError};
use ::hdf5::{Dataset, File, Location};

/// The axes of a component of a mesh, or of a scalar mesh; `None` for any other dataset.
pub(super) fn mesh_dimensions(
    file: &File,
    dataset: &Dataset,
) -> Option<Result<Vec<Dimension>, FileError>> {
    let path = dataset.name();
    let group = file.group(group_and_leaf(&path).0).ok();
    let mesh = [Some(&**dataset as &Location), group.as_ref().map(|group| group as &Location)];
    let mesh = mesh.into_iter().flatten().find(|mesh| attribute(mesh, "axisLabels").is_some())?;
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
    let along_plane = in_plane(&labels);
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
            axis: along_plane.iter().position(|label| *label == labels[axis]).map(letter),
            ..Dimension::default()
        }
    };
    Some(Ok((0..n).map(along).collect()))
}

/// The two axes of a plane in alphabetical order, which is that of x and y of the field; none of other meshes.
fn in_plane(labels: &[String]) -> Vec<&str> {
    let mut plane: Vec<&str> = labels.iter().map(String::as_str).collect();
    plane.sort_unstable();
    let known = plane.len() == 2 && plane.iter().all(|label| matches!(*label, "x" | "y" | "z"));
    if known { plane } else { Vec::new() }
}

fn letter(k: usize) -> String {
    ["X", "Y"][k].into()
}

/// Names of the components of every vector mesh of an openPMD file, x first: of one mesh one set for each iteration. Of
/// meshes in a plane those within it.
pub(super) fn vector_meshes(file: &File, datasets: &[String]) -> Vec<Vec<String>> {
    if attribute(file, "openPMD").is_none() {
        return Vec::new();
    }
    let mut meshes: Vec<Vec<String>> = Vec::new();
    for name in datasets {
        let (group, component) = group_and_leaf(name);
        // A plane through y and z may have no component x.
        let first = |other: &str| !datasets.contains(&format!("{group}/{other}"));
        let starts = matches!(component, "x" | "r") || component == "y" && first("x") && first("r");
        if group.is_empty() || !starts {
            continue;
        }
        let Some(mesh) =
            file.group(group).ok().filter(|mesh| attribute(mesh, "axisLabels").is_some())
        else {
            continue;
        };
        let labels = texts_of(&mesh, "axisLabels");
        let mut set: Vec<String> = match (component, &in_plane(&labels)[..]) {
            ("r", _) => ["r", "t", "z"].map(String::from).into(),
            (_, []) => ["x", "y", "z"].map(String::from).into(),
            (_, plane) => plane.iter().map(|label| label.to_string()).collect(),
        };
        set.iter_mut().for_each(|other| *other = format!("{group}/{other}"));
        set.retain(|other| datasets.contains(other));
        meshes.push(set);
    }
    meshes.retain(|set| set.len() > 1);
    meshes
}
