//! Which axis of an array is which: from letters given, from the names of its dimensions, or by
//! position.

use super::array::{ArrayInfo, Coordinates, Dimension};
use super::names::{AxisName, axis_of_name};
use super::{AxesProblem, FileError};
use crate::grid::AXIS_NAMES;

/// What an axis of an array counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Fields of a series: time, level, …
    Sample,
    /// Components of the vector.
    Component,
    /// Points along x (0), y (1), z (2).
    Space(usize),
}

/// How the roles were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Given,
    Named,
    /// By coordinates that fit them.
    ByCoordinates,
    ByPosition,
}

/// The role of every axis, slowest first, and the number of dimensions of the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Roles {
    pub roles: Vec<Role>,
    pub dims: usize,
    pub found: Found,
}

/// Settles the roles of the axes of a dataset that is one of `datasets` components, or the whole
/// field if it is the only one.
pub(super) fn assign(
    info: &ArrayInfo,
    datasets: usize,
    letters: Option<&str>,
) -> Result<Roles, FileError> {
    if !(1..=3).contains(&datasets) {
        return Err(FileError::DatasetCount { found: datasets });
    }
    if info.shape.contains(&0) {
        return Err(FileError::NoPoints { name: info.name.clone(), shape: info.shape.clone() });
    }
    if let Some(text) = letters {
        return from_letters(info, datasets, text);
    }
    match from_names(info, datasets)? {
        Some(roles) => Ok(roles),
        None => by_position(info, datasets),
    }
}

fn from_letters(info: &ArrayInfo, datasets: usize, text: &str) -> Result<Roles, FileError> {
    let fail = |problem| FileError::Axes {
        axes: text.into(),
        name: info.name.clone(),
        shape: info.shape.clone(),
        problem,
    };
    let letters: Vec<&str> = text.split(',').map(str::trim).collect();
    if let Some(unknown) = letters.iter().find(|l| !matches!(**l, "t" | "c" | "z" | "y" | "x")) {
        return Err(fail(AxesProblem::Unknown(unknown.to_string())));
    }
    if letters.len() != info.shape.len() {
        let (letters, axes) = (letters.len(), info.shape.len());
        return Err(fail(AxesProblem::Number { letters, axes }));
    }
    let position = |letter: &str| letters.iter().position(|l| *l == letter);
    for letter in ['x', 'y', 'z', 'c'] {
        if letters.iter().filter(|l| l.chars().eq([letter])).count() > 1 {
            return Err(fail(AxesProblem::Twice(letter)));
        }
    }
    let dims = match (position("c"), datasets) {
        (Some(axis), 1) => component_count(info, axis)?,
        (None, 1) => return Err(fail(AxesProblem::Needed('c'))),
        (Some(_), _) => return Err(fail(AxesProblem::NoComponentAxis)),
        (None, n) => n,
    };
    for letter in ["x", "y", "z"].iter().take(dims) {
        if position(letter).is_none() {
            return Err(fail(AxesProblem::Needed(letter.chars().next().unwrap_or('x'))));
        }
    }
    let role = |letter: &&str| match *letter {
        "c" => Role::Component,
        "x" => Role::Space(0),
        "y" => Role::Space(1),
        "z" if dims == 3 => Role::Space(2),
        _ => Role::Sample,
    };
    agree_with_names(info, text, &letters, dims)?;
    Ok(Roles { roles: letters.iter().map(role).collect(), dims, found: Found::Given })
}

/// Refuses letters that contradict the names of the dimensions. A level may count samples, and in a
/// vertical section, a plane through z, it is x or y.
fn agree_with_names(
    info: &ArrayInfo,
    text: &str,
    letters: &[&str],
    dims: usize,
) -> Result<(), FileError> {
    for (index, (letter, dimension)) in letters.iter().zip(&info.dimensions).enumerate() {
        let agrees = match kind(dimension) {
            DimensionKind::Space(2) => dims == 2 || matches!(*letter, "z" | "t"),
            DimensionKind::Space(k) => *letter == AXIS_NAMES[k] || (dims == 2 && is_section(info)),
            DimensionKind::Time => *letter == "t",
            DimensionKind::Component => *letter == "c",
            DimensionKind::Unknown => true,
        };
        if !agrees {
            let dimension = dimension.name.clone().unwrap_or_default();
            let letter = letter.chars().next().unwrap_or('x');
            return Err(FileError::Axes {
                axes: text.into(),
                name: info.name.clone(),
                shape: info.shape.clone(),
                problem: AxesProblem::AgainstName { index, letter, dimension },
            });
        }
    }
    Ok(())
}

fn component_count(info: &ArrayInfo, axis: usize) -> Result<usize, FileError> {
    match info.shape[axis] {
        n @ 2..=3 => Ok(n),
        found => Err(FileError::Components {
            name: info.name.clone(),
            shape: info.shape.clone(),
            axis,
            found,
        }),
    }
}

/// Whether the named dimensions are those of a plane through z.
fn is_section(info: &ArrayInfo) -> bool {
    let kinds: Vec<DimensionKind> = info.dimensions.iter().map(kind).collect();
    let has = |k| kinds.contains(&DimensionKind::Space(k));
    has(2) && !(has(0) && has(1))
}

/// What the name of a dimension says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DimensionKind {
    Space(usize),
    Time,
    Component,
    Unknown,
}

/// Reads the kind of a dimension from its CF axis, the units of its coordinates, its name, or else their standard name.
pub(super) fn kind(dimension: &Dimension) -> DimensionKind {
    let units = dimension.coordinates.as_ref().map_or("", |c| c.units.as_str());
    match (dimension.axis.as_deref(), units) {
        (Some("X"), _) | (_, "degrees_east" | "degree_east") => return DimensionKind::Space(0),
        (Some("Y"), _) | (_, "degrees_north" | "degree_north") => return DimensionKind::Space(1),
        (Some("Z"), _) => return DimensionKind::Space(2),
        (Some("T"), _) => return DimensionKind::Time,
        _ if units.contains(" since ") => return DimensionKind::Time,
        _ => {}
    }
    match axis_of_name(dimension.name.as_deref().unwrap_or("")) {
        Some(AxisName::Space(k)) => DimensionKind::Space(k),
        Some(AxisName::Time) => DimensionKind::Time,
        Some(AxisName::Component) => DimensionKind::Component,
        None => {
            dimension.coordinates.as_ref().map_or(DimensionKind::Unknown, kind_by_standard_name)
        }
    }
}

/// A vertical coordinate is also known by saying which way is up.
fn kind_by_standard_name(found: &Coordinates) -> DimensionKind {
    match found.standard_name.as_str() {
        "longitude" | "grid_longitude" | "projection_x_coordinate" => DimensionKind::Space(0),
        "latitude" | "grid_latitude" | "projection_y_coordinate" => DimensionKind::Space(1),
        "depth" | "height" | "altitude" | "air_pressure" => DimensionKind::Space(2),
        "time" => DimensionKind::Time,
        _ if !found.positive.is_empty() => DimensionKind::Space(2),
        _ => DimensionKind::Unknown,
    }
}

/// Roles from dimension names, when both x and y are among them.
fn from_names(info: &ArrayInfo, datasets: usize) -> Result<Option<Roles>, FileError> {
    let kinds: Vec<DimensionKind> = info.dimensions.iter().map(kind).collect();
    let has = |k| kinds.iter().filter(|found| **found == DimensionKind::Space(k)).count();
    if has(0) != 1 || has(1) != 1 || has(2) > 1 {
        return Ok(None);
    }
    let component = (datasets == 1).then(|| named_component(info, &kinds)).flatten();
    let dims = match component {
        Some(axis) => component_count(info, axis)?,
        None => datasets,
    };
    if dims == 1 || (dims == 3 && has(2) == 0) {
        return Err(dimensions_error(info, datasets.max(dims)));
    }
    let role = |(axis, kind): (usize, &DimensionKind)| match kind {
        _ if Some(axis) == component => Role::Component,
        DimensionKind::Space(k) if *k < dims => Role::Space(*k),
        _ => Role::Sample,
    };
    let roles = kinds.iter().enumerate().map(role).collect();
    let found = match info.dimensions.iter().any(|dimension| dimension.by_coordinates) {
        true => Found::ByCoordinates,
        false => Found::Named,
    };
    Ok(Some(Roles { roles, dims, found }))
}

/// The axis named component; or of nameless ones with two or three values the only one, or the one right before the axes
/// of space. A name that says something else, such as of members of an ensemble, is believed.
fn named_component(info: &ArrayInfo, kinds: &[DimensionKind]) -> Option<usize> {
    let of = |kind| (0..kinds.len()).filter(move |&axis| kinds[axis] == kind);
    if let Some(axis) = of(DimensionKind::Component).next() {
        return Some(axis);
    }
    let nameless = |axis: &usize| info.dimensions[*axis].name.is_none();
    let likely: Vec<usize> = of(DimensionKind::Unknown)
        .filter(|&axis| matches!(info.shape[axis], 2 | 3))
        .filter(nameless)
        .collect();
    let space = kinds.iter().position(|kind| matches!(kind, DimensionKind::Space(_)));
    match likely[..] {
        [only] => Some(only),
        _ => likely.into_iter().find(|axis| Some(axis + 1) == space),
    }
}

fn dimensions_error(info: &ArrayInfo, components: usize) -> FileError {
    let name = |d: &Dimension| d.name.clone().unwrap_or_else(|| "?".into());
    FileError::Dimensions {
        name: info.name.clone(),
        dimensions: info.dimensions.iter().map(name).collect(),
        components,
    }
}

/// The rule where nothing is named: (component, z, y, x) or (component, y, x), without the
/// component axis where each dataset is one component; one axis of samples may precede them, and
/// further ones of length 1.
fn by_position(info: &ArrayInfo, datasets: usize) -> Result<Roles, FileError> {
    let dims = if datasets == 1 { dims_of_one(info)? } else { datasets };
    let wanted = dims + usize::from(datasets == 1);
    let rank = info.shape.len();
    let leading = rank.checked_sub(wanted);
    let series = |n: usize| info.shape[..n].iter().filter(|&&length| length > 1).count();
    let Some(leading) = leading.filter(|&n| series(n) <= 1) else {
        return Err(rank_error(info, datasets, dims));
    };
    if dims == 3 && info.dimensions.iter().any(|dimension| dimension.either_order) {
        return Err(dimensions_error(info, dims));
    }
    let mut roles = vec![Role::Sample; leading];
    if datasets == 1 {
        roles.push(Role::Component);
    }
    roles.extend((0..dims).rev().map(Role::Space));
    let against_names = roles.iter().zip(&info.dimensions).any(|(role, dimension)| {
        matches!((role, kind(dimension)), (Role::Space(k), DimensionKind::Space(named)) if *k != named)
    });
    if against_names {
        return Err(dimensions_error(info, dims));
    }
    Ok(Roles { roles, dims, found: Found::ByPosition })
}

/// Dimensions of a single array with a component axis and nameless axes.
fn dims_of_one(info: &ArrayInfo) -> Result<usize, FileError> {
    let shape = &info.shape[..];
    let rank = shape.len();
    let is = |from_end: usize, n: usize| rank >= from_end && shape[rank - from_end] == n;
    match (is(3, 2), is(4, 3)) {
        (true, true) => {
            Err(FileError::AmbiguousShape { name: info.name.clone(), shape: shape.into() })
        }
        (true, false) => Ok(2),
        (false, true) => Ok(3),
        (false, false) => Err(rank_error(info, 1, if rank <= 3 { 2 } else { 3 })),
    }
}

fn rank_error(info: &ArrayInfo, datasets: usize, dims: usize) -> FileError {
    let (expected, example) = match (datasets, dims) {
        (1, 2) => ("(2, y, x), or (sample, 2, y, x)", "y,x,c"),
        (1, _) => {
            ("(3, z, y, x) or (2, y, x), perhaps with one axis of samples before", "t,z,y,x,c")
        }
        (_, 2) => ("(y, x), or (sample, y, x)", "t,t,y,x"),
        _ => ("(z, y, x), or (sample, z, y, x)", "t,t,z,y,x"),
    };
    FileError::Rank { name: info.name.clone(), shape: info.shape.clone(), expected, example }
}

#[cfg(test)]
mod tests {
    use super::super::array::{NumberType, Packing};
    use super::*;

    fn info(shape: &[usize], names: &[&str]) -> ArrayInfo {
        let dimension = |i: usize| Dimension {
            name: names.get(i).map(|n| n.to_string()),
            ..Dimension::default()
        };
        ArrayInfo {
            name: "u".into(),
            shape: shape.into(),
            number: NumberType::F64,
            dimensions: (0..shape.len()).map(dimension).collect(),
            standard_name: String::new(),
            units: String::new(),
            packing: Packing::default(),
            written: None,
        }
    }

    const S: Role = Role::Sample;
    const C: Role = Role::Component;
    const X: Role = Role::Space(0);
    const Y: Role = Role::Space(1);
    const Z: Role = Role::Space(2);

    #[test]
    fn positions_decide_where_nothing_is_named() {
        let roles = |shape: &[usize], n| assign(&info(shape, &[]), n, None).map(|r| r.roles);
        assert_eq!(roles(&[2, 5, 7], 1).unwrap(), [C, Y, X]);
        assert_eq!(roles(&[9, 2, 5, 7], 1).unwrap(), [S, C, Y, X]);
        assert_eq!(roles(&[3, 5, 7, 9], 1).unwrap(), [C, Z, Y, X]);
        assert_eq!(roles(&[6, 3, 5, 7, 9], 1).unwrap(), [S, C, Z, Y, X]);
        assert_eq!(roles(&[5, 7], 2).unwrap(), [Y, X]);
        assert_eq!(roles(&[1, 4, 5, 7], 2).unwrap(), [S, S, Y, X]);
        assert_eq!(roles(&[4, 5, 7], 3).unwrap(), [Z, Y, X]);
        assert!(matches!(roles(&[3, 2, 7, 9], 1), Err(FileError::AmbiguousShape { .. })));
        assert!(matches!(roles(&[5, 7, 2], 1), Err(FileError::Rank { .. })));
        assert!(matches!(roles(&[4, 5, 6, 7], 2), Err(FileError::Rank { .. })));
        assert!(matches!(roles(&[7], 2), Err(FileError::Rank { .. })));
        assert!(matches!(roles(&[0, 7], 2), Err(FileError::NoPoints { .. })));
        assert!(matches!(roles(&[4, 7], 4), Err(FileError::DatasetCount { found: 4 })));
    }

    #[test]
    fn letters_agree_with_names_and_name_vertical_sections() {
        let letters =
            |names: &[&str], text| assign(&info(&[5, 7], names), 2, Some(text)).map(|r| r.roles);
        assert_eq!(letters(&["z", "x"], "y,x").unwrap(), [Y, X]);
        assert_eq!(letters(&["depth", "lat"], "y,x").unwrap(), [Y, X]);
        assert_eq!(letters(&["lat", "lon"], "y,x").unwrap(), [Y, X]);
        let against = letters(&["lat", "lon"], "x,y").unwrap_err().to_string();
        assert!(against.contains("\"lat\"") && against.contains("axis 0"), "{against}");
        assert!(letters(&["time", "x"], "y,x").is_err());
    }

    #[test]
    fn names_decide_where_x_and_y_are_among_them() {
        let roles = |shape: &[usize], names: &[&str], n| {
            assign(&info(shape, names), n, None).map(|r| r.roles)
        };
        assert_eq!(
            roles(&[12, 3, 5, 7], &["month", "level", "lat", "lon"], 2).unwrap(),
            [S, S, Y, X]
        );
        assert_eq!(roles(&[4, 5, 7], &["depth", "lat", "lon"], 3).unwrap(), [Z, Y, X]);
        assert_eq!(roles(&[5, 7, 2], &["x", "y", "component"], 1).unwrap(), [X, Y, C]);
        assert_eq!(roles(&[5, 7, 2], &["x", "y", "dir"], 1).unwrap(), [X, Y, C]);
        assert!(matches!(
            roles(&[4, 5, 7], &["time", "lat", "lon"], 3),
            Err(FileError::Dimensions { .. })
        ));
        assert!(matches!(roles(&[5, 7], &["x", "row"], 2), Err(FileError::Dimensions { .. })));
        assert!(matches!(roles(&[5, 7], &["y", "x"], 1), Err(FileError::Dimensions { .. })));
    }

    #[test]
    fn standard_names_decide_where_names_do_not() {
        let of = |standard_name: &str, positive: &str| {
            let coordinates = Some(Coordinates {
                standard_name: standard_name.into(),
                positive: positive.into(),
                ..Coordinates::default()
            });
            kind(&Dimension { name: Some("k".into()), coordinates, ..Dimension::default() })
        };
        assert_eq!(of("depth", ""), DimensionKind::Space(2));
        assert_eq!(of("ocean_sigma_coordinate", "up"), DimensionKind::Space(2));
        assert_eq!(of("grid_latitude", ""), DimensionKind::Space(1));
        assert_eq!(of("longitude", ""), DimensionKind::Space(0));
        assert_eq!(of("time", ""), DimensionKind::Time);
        assert_eq!(of("realization", ""), DimensionKind::Unknown);
    }

    #[test]
    fn letters_override_and_are_checked() {
        let roles = |shape: &[usize], n, text| {
            assign(&info(shape, &[]), n, Some(text)).map(|r| r.roles).map_err(|e| e.to_string())
        };
        assert_eq!(roles(&[1, 4, 5, 6], 3, "t,x,y,z").unwrap(), [S, X, Y, Z]);
        assert_eq!(roles(&[3, 2, 5, 6], 1, "t,c,y,x").unwrap(), [S, C, Y, X]);
        assert_eq!(roles(&[8, 4, 5, 6], 2, "t,z,y,x").unwrap(), [S, S, Y, X]);
        assert!(roles(&[4, 5], 2, "t,y,x").unwrap_err().contains("3 letters for 2 axes"));
        assert!(roles(&[4, 5], 2, "q,x").unwrap_err().contains("\"q\" is unknown"));
        assert!(roles(&[4, 5], 2, "x,x").unwrap_err().contains("'x' appears twice"));
        assert!(roles(&[4, 5], 2, "t,x").unwrap_err().contains("'y' is missing"));
        assert!(roles(&[4, 5], 1, "y,x").unwrap_err().contains("'c' is missing"));
        assert!(roles(&[2, 4, 5], 2, "c,y,x").unwrap_err().contains("one dataset per component"));
        assert!(roles(&[4, 4, 5], 1, "c,y,x").unwrap_err().contains("4 components along axis 0"));
    }
}
