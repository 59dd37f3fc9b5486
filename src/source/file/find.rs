//! Which datasets of a file are the vector field, if none are named.

use super::array::{ArrayInfo, NumberType, group_and_leaf, leaf};
use super::attach::attach;
use super::axes::{self, DimensionKind};
use super::candidates::OpenFile;
use super::component_names::{
    is_vector_name, known_partners, numbered_partners, standard_partners, word_partners,
};
use super::numbered::{Numbered, numbered};
use super::two_files::in_two_files;
use super::{FileError, FileRequest, Listing};
use crate::source::SampleAxis;

/// Datasets found: for every field one dataset per component, or one with a component axis.
pub(super) struct FoundArrays {
    pub sets: Vec<Vec<String>>,
    pub note: String,
    /// Where the names of several sets number them.
    pub numbers: Option<SampleAxis>,
}

impl FoundArrays {
    /// In the order of the numbers in their names, where there are any.
    fn of_sets(sets: Vec<Vec<String>>, note: String) -> FoundArrays {
        match numbered(&sets) {
            Some(Numbered { sets, axis }) => FoundArrays { sets, note, numbers: Some(axis) },
            None => FoundArrays { sets, note, numbers: None },
        }
    }
}

/// Looks for the inputs of a result file of this program, then for components by name, then for the
/// one array with a component axis. Fails when none or several are found.
pub(super) fn choose(file: &OpenFile, request: &FileRequest) -> Result<FoundArrays, FileError> {
    let store = file.store.as_ref();
    let inputs = match request.staggered {
        true => store.own_faces()?,
        false => store.own_inputs()?.into_iter().map(|name| vec![name]).collect(),
    };
    if !inputs.is_empty() {
        let note = format!("inputs of a hodge result file: {}", inputs.concat().join(", "));
        return Ok(FoundArrays { sets: inputs, note, numbers: None });
    }
    let available = store.list()?;
    let groups = store.vector_groups()?;
    if let Some(first) = groups.first()
        && groups.iter().all(|set| same_record(&set[0], &first[0]))
    {
        let mut note = format!("components of openPMD found: {}", groups.concat().join(", "));
        let group = group_and_leaf(&first[0]).0;
        let known =
            |name: &str| group_and_leaf(name).0 == group && !first.iter().any(|n| n == name);
        for (other, _) in available.0.iter().filter(|(name, _)| known(name)) {
            note += &format!("; {other} points out of the plane and is not used");
        }
        return Ok(FoundArrays::of_sets(groups, note));
    }
    let mut candidates = groups;
    for partners in [known_partners, word_partners] {
        if candidates.is_empty() {
            candidates = by_name(file, &available, request, partners)?;
        }
    }
    if candidates.is_empty() {
        candidates = by_standard_name(file, &available, request)?;
    }
    let more = by_name(file, &available, request, numbered_partners)?;
    if candidates.iter().all(|set| more.contains(set)) && numbered(&more).is_some() {
        candidates = more;
    }
    if candidates.is_empty()
        && let Some(set) = in_two_files(store, &available)
    {
        let note = format!("the other component found in a file beside: {}", set.join(", "));
        return Ok(FoundArrays::of_sets(vec![set], note));
    }
    if candidates.is_empty() && !request.staggered {
        candidates = with_component_axis(file, &available, request)?;
    }
    match (candidates.len(), numbered(&candidates)) {
        (1, _) => {
            let note = format!("datasets found in the file: {}", candidates[0].join(", "));
            Ok(FoundArrays::of_sets(candidates, note))
        }
        (count, Some(found)) => {
            let [first, last] = [&found.sets[0], &found.sets[count - 1]].map(|set| set.join(", "));
            let note = format!("{count} fields numbered by their datasets: {first} to {last}");
            Ok(FoundArrays { sets: found.sets, note, numbers: Some(found.axis) })
        }
        _ => Err(FileError::CannotChoose {
            path: store.path().into(),
            candidates: candidates.iter().map(|set| set.join(",")).collect(),
            available,
        }),
    }
}

/// Whether two components of openPMD are those of one mesh at two iterations.
fn same_record(a: &str, b: &str) -> bool {
    let record = |name| leaf(group_and_leaf(name).0);
    record(a) == record(b)
}

/// Whether two components may have these shapes: those on faces differ in length.
fn fits(request: &FileRequest, a: &[usize], b: &[usize]) -> bool {
    a == b || request.staggered && a.len() == b.len()
}

/// Components by their names, together in one group.
fn by_name(
    file: &OpenFile,
    available: &Listing,
    request: &FileRequest,
    partners: fn(&str) -> Option<[String; 2]>,
) -> Result<Vec<Vec<String>>, FileError> {
    let mut candidates = Vec::new();
    for (name, shape) in &available.0 {
        let (group, x) = group_and_leaf(name);
        let Some(partners) = partners(x) else { continue };
        let partner = |wanted: &str| {
            available.0.iter().find(|(other, other_shape)| {
                let (g, l) = group_and_leaf(other);
                g == group && l.to_lowercase() == wanted && fits(request, other_shape, shape)
            })
        };
        candidates.extend(complete(file, request, name, partners.each_ref().map(|p| partner(p)))?);
    }
    Ok(candidates)
}

/// Components by their CF standard names.
fn by_standard_name(
    file: &OpenFile,
    available: &Listing,
    request: &FileRequest,
) -> Result<Vec<Vec<String>>, FileError> {
    let named: Vec<String> =
        available.0.iter().map(|(name, _)| file.store.standard_name(name)).collect();
    let mut candidates = Vec::new();
    for ((name, shape), standard_name) in available.0.iter().zip(&named) {
        let Some(partners) = standard_partners(standard_name) else { continue };
        let partner = |wanted: &str| {
            let others = available.0.iter().zip(&named);
            let mut others = others
                .filter(|((_, other), found)| *found == wanted && fits(request, other, shape));
            others.next().map(|(other, _)| other)
        };
        candidates.extend(complete(file, request, name, partners.each_ref().map(|p| partner(p)))?);
    }
    Ok(candidates)
}

/// A set from an x component and what was found of the others; `None` without a second.
fn complete(
    file: &OpenFile,
    request: &FileRequest,
    name: &str,
    [second, third]: [Option<&(String, Vec<usize>)>; 2],
) -> Result<Option<Vec<String>>, FileError> {
    let Some((second, _)) = second else { return Ok(None) };
    let mut set = vec![name.to_string(), second.clone()];
    if let Some((third, _)) = third {
        let array = attach(file, file.store.open(name)?, request, (0, 3))?;
        if has_third_axis(array.info(), request.axes.as_deref()) {
            set.push(third.clone());
        }
    }
    Ok(Some(set))
}

/// Whether an array of one component can be three-dimensional in space.
fn has_third_axis(info: &ArrayInfo, letters: Option<&str>) -> bool {
    if let Some(letters) = letters {
        return letters.contains('z');
    }
    let kinds: Vec<DimensionKind> = info.dimensions.iter().map(axes::kind).collect();
    let named =
        kinds.contains(&DimensionKind::Space(0)) && kinds.contains(&DimensionKind::Space(1));
    info.shape.len() >= 3 && (!named || kinds.contains(&DimensionKind::Space(2)))
}

/// Arrays of real numbers with an axis of components, which is called so, or is in an array that is called a vector.
fn with_component_axis(
    file: &OpenFile,
    available: &Listing,
    request: &FileRequest,
) -> Result<Vec<Vec<String>>, FileError> {
    if let [(only, _)] = &available.0[..]
        && file.store.is_one_array()
    {
        return Ok(vec![vec![only.clone()]]);
    }
    let mut candidates = Vec::new();
    for (name, shape) in &available.0 {
        let only = available.0.len() == 1;
        if !only && !shape.iter().any(|n| matches!(n, 2 | 3)) {
            continue;
        }
        let array = match file.store.open(name) {
            Ok(array) => array,
            Err(FileError::NotNumbers { .. }) if !only => continue,
            Err(e) => return Err(e),
        };
        if array.info().number == NumberType::Integer {
            continue;
        }
        let array = attach(file, array, request, (0, 1))?;
        let mut kinds = array.info().dimensions.iter().map(axes::kind);
        let called = kinds.any(|kind| kind == DimensionKind::Component)
            || request.axes.is_some()
            || is_vector_name(leaf(name));
        if called && axes::assign(array.info(), 1, request.axes.as_deref()).is_ok() {
            candidates.push(vec![name.clone()]);
        }
    }
    Ok(candidates)
}
