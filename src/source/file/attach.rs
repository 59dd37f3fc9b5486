//! Coordinates that a file keeps in arrays of their own: which of them belong to which axes of a field.

use super::array::{ArrayInfo, ArraySource, Dimension};
use super::axes::{DimensionKind, kind};
use super::candidates::{Candidate, Curved, OpenFile, long_axes, place};
use super::names::AxisName;
use super::steps::Steps;
use super::{CoordinateError, FileError, FileMetric, FileRequest};
use crate::grid::AXIS_NAMES;

/// Gives the axes of an array the coordinates that the file has for them elsewhere, and with them their meaning where
/// its own names do not tell it.
///
/// The array is one of so many components, by its number; on faces that axis stays as it is.
///
/// # Errors
/// Where the coordinates are those of a curvilinear grid, or fit no axis, unless the request passes them over.
pub(super) fn attach(
    file: &OpenFile,
    mut source: Box<dyn ArraySource>,
    request: &FileRequest,
    (component, datasets): (usize, usize),
) -> Result<Box<dyn ArraySource>, FileError> {
    let mut info = source.info().clone();
    let bare = info.dimensions.iter().any(Dimension::is_bare);
    if info.written.is_some() || info.shape.len() < 2 || !bare {
        return Ok(source);
    }
    let (mut found, curved) = file.candidates(request, (&info.name, &info.shape))?;
    if request.staggered {
        // On its own axis a component has faces, not points.
        found.retain(|candidate| candidate.axis != AxisName::Space(component));
    }
    let letters: Option<Vec<&str>> =
        request.axes.as_deref().map(|text| text.split(',').map(str::trim).collect());
    by_names(&mut info, &found);
    by_dimension(&mut info, &found);
    by_variation(&mut info, &found);
    if !request.staggered {
        by_length(&mut info, &found, datasets, letters.as_deref());
        name_samples(&mut info, &found, datasets);
    }
    let passed_over = request.spacing.is_some() || request.metric == Some(FileMetric::Given);
    if !passed_over {
        refuse_curved(file, request, &info, &curved)?;
    }
    *source.info_mut() = info;
    Ok(source)
}

/// Whether an axis of the array is known to be axis k of space and has coordinates.
fn is_placed(info: &ArrayInfo, k: usize) -> bool {
    let placed = |d: &Dimension| kind(d) == DimensionKind::Space(k) && !d.is_bare();
    info.dimensions.iter().any(placed)
}

/// Refuses coordinates at every point that are no product of axes, where nothing else is known of the grid.
fn refuse_curved(
    file: &OpenFile,
    request: &FileRequest,
    info: &ArrayInfo,
    curved: &[Curved],
) -> Result<(), FileError> {
    let fits = |curve: &&Curved| {
        place(&curve.shape, &info.shape).is_some() && !is_placed(info, curve.axis)
    };
    let names: Vec<String> = curved.iter().filter(fits).map(|curve| curve.name.clone()).collect();
    if names.is_empty() {
        return Ok(());
    }
    let axes: Vec<usize> = (0..2).map(|k| info.shape.len() - 1 - k).collect();
    let points = axes.iter().map(|axis| info.shape[*axis]).collect();
    let steps = Steps { request, store: file.store.as_ref(), info, points, axes };
    let one = |k| steps.along(k).ok().flatten().and_then(|step| step.one());
    let distances = (0..2).map(one).collect::<Option<_>>().unwrap_or_default();
    Err(CoordinateError::Curvilinear { names, dataset: info.name.clone(), distances }.into())
}

impl Dimension {
    fn is_bare(&self) -> bool {
        self.coordinates.is_none()
    }

    fn give(&mut self, candidate: &Candidate) {
        let leaf = candidate.coordinates.name.clone();
        if kind(self) == DimensionKind::Unknown {
            self.by_coordinates = true;
            self.axis = Some(
                match candidate.axis {
                    AxisName::Space(k) => ["X", "Y", "Z"][k],
                    _ => "T",
                }
                .into(),
            );
        }
        self.name.get_or_insert(leaf);
        self.coordinates = Some(candidate.coordinates.clone());
    }
}

/// Axes with a meaning and a name take the coordinates along a dimension of the same name, else of the same length.
fn by_names(info: &mut ArrayInfo, found: &[Candidate]) {
    let fits = |candidate: &Candidate, dimension: &Dimension| match kind(dimension) {
        DimensionKind::Space(k) => candidate.axis == AxisName::Space(k),
        DimensionKind::Time => candidate.axis == AxisName::Time,
        _ => false,
    };
    for (dimension, length) in info.dimensions.iter_mut().zip(&info.shape) {
        if !dimension.is_bare() || dimension.name.is_none() {
            continue;
        }
        let long = |c: &&Candidate| c.coordinates.values.len() == *length && fits(c, dimension);
        let same = |c: &&Candidate| long(c) && c.dimension == dimension.name;
        let chosen = found.iter().find(same).or_else(|| found.iter().find(long));
        if let Some(candidate) = chosen {
            dimension.give(candidate);
        }
    }
}

/// Axes with a name that means nothing take lists along a dimension of that name, if those are of one axis only.
fn by_dimension(info: &mut ArrayInfo, found: &[Candidate]) {
    let placed: Vec<bool> = (0..3).map(|k| is_placed(info, k)).collect();
    for (dimension, length) in info.dimensions.iter_mut().zip(&info.shape) {
        let nameless = dimension.name.is_none() || kind(dimension) != DimensionKind::Unknown;
        if nameless || !dimension.is_bare() {
            continue;
        }
        let along = |c: &&Candidate| {
            let list = long_axes(&c.shape) <= 1 && c.coordinates.values.len() == *length;
            let free = !matches!(c.axis, AxisName::Space(k) if placed[k]);
            list && free && c.dimension == dimension.name
        };
        let lists: Vec<&Candidate> = found.iter().filter(along).collect();
        if let Some(first) = lists.first()
            && lists.iter().all(|other| other.axis == first.axis)
        {
            dimension.give(first);
        }
    }
}

/// Axes along which coordinates at every point vary.
fn by_variation(info: &mut ArrayInfo, found: &[Candidate]) {
    for k in 0..3 {
        if is_placed(info, k) {
            continue;
        }
        let at = |candidate: &Candidate| {
            let all = long_axes(&candidate.shape) > 1;
            let start = place(&candidate.shape, &info.shape)?;
            let axis = start + candidate.along;
            (all && candidate.axis == AxisName::Space(k) && info.dimensions[axis].is_bare())
                .then_some(axis)
        };
        let chosen = found.iter().find_map(|candidate| Some((at(candidate)?, candidate)));
        if let Some((axis, candidate)) = chosen {
            info.dimensions[axis].give(candidate);
        }
    }
}

/// Nameless axes as long as lists of coordinates: in the order z, y, x if that fits, else in the only order that does.
fn by_length(info: &mut ArrayInfo, found: &[Candidate], datasets: usize, letters: Option<&[&str]>) {
    let of = |axis: AxisName| found.iter().filter(move |candidate| candidate.axis == axis);
    let missing = |k: usize| {
        let known = |d: &Dimension| kind(d) == DimensionKind::Space(k);
        !info.dimensions.iter().any(known)
    };
    // Two components lie in a plane, whatever levels there are.
    let dims = if datasets == 2 { 2 } else { 3 };
    let wanted: Vec<usize> =
        (0..dims).filter(|k| missing(*k) && of(AxisName::Space(*k)).next().is_some()).collect();
    let free: Vec<usize> =
        (0..info.shape.len()).filter(|axis| is_free(&info.dimensions[*axis])).collect();
    let long = |k: usize, axis: usize| {
        let lettered = letters.is_none_or(|l| l.get(axis) == Some(&AXIS_NAMES[k]));
        let n = info.shape[axis];
        let fits = |c: &&Candidate| [n, n + 1].contains(&c.coordinates.values.len());
        let exact = |c: &&Candidate| c.coordinates.values.len() == n;
        let lists = || of(AxisName::Space(k));
        lists().find(exact).or_else(|| lists().find(fits)).filter(|_| lettered)
    };
    let unique =
        wanted.len() == 3 && info.dimensions.iter().any(|dimension| dimension.either_order);
    let Some(axes) = order(&wanted, &free, unique, &|k, axis| long(k, axis).is_some()) else {
        return;
    };
    let given: Vec<_> =
        wanted.iter().zip(&axes).map(|(k, axis)| (*axis, long(*k, *axis))).collect();
    for (axis, candidate) in given {
        info.dimensions[axis].give(candidate.expect("fits"));
    }
}

/// An axis without a name and without coordinates.
fn is_free(dimension: &Dimension) -> bool {
    kind(dimension) == DimensionKind::Unknown && dimension.is_bare() && dimension.name.is_none()
}

/// The axis of each wanted coordinate: where z, y and x follow each other in that order as late as possible, else the
/// only possible choice; `None` if there is none, or several, also in that order if it is to be unique.
fn order(
    wanted: &[usize],
    free: &[usize],
    unique: bool,
    fits: &dyn Fn(usize, usize) -> bool,
) -> Option<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for k in wanted {
        let longer = |chosen: &Vec<usize>| -> Vec<Vec<usize>> {
            let open = free.iter().filter(|axis| !chosen.contains(axis) && fits(*k, **axis));
            open.map(|axis| [&chosen[..], &[*axis]].concat()).collect()
        };
        all = all.iter().flat_map(longer).collect();
    }
    if wanted.is_empty() {
        return None;
    }
    let falls = |axes: &&Vec<usize>| axes.windows(2).all(|pair| pair[0] > pair[1]);
    let usual = all.iter().filter(falls).max_by_key(|axes| axes.to_vec());
    match (usual, &all[..]) {
        (Some(axes), _) if !unique => Some(axes.clone()),
        (_, [only]) => Some(only.clone()),
        _ => None,
    }
}

/// Levels and times of the only other axes of their length.
fn name_samples(info: &mut ArrayInfo, found: &[Candidate], datasets: usize) {
    // The last axes are those of space.
    let leading = info.shape.len().saturating_sub(datasets.max(2));
    for candidate in found {
        let level = candidate.axis == AxisName::Space(2) && datasets == 2;
        let n = candidate.coordinates.values.len();
        if !(level || candidate.axis == AxisName::Time) {
            continue;
        }
        let mut open =
            (0..leading).filter(|axis| info.shape[*axis] == n && is_free(&info.dimensions[*axis]));
        if let (Some(axis), None) = (open.next(), open.next()) {
            info.dimensions[axis].give(candidate);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_lie_in_the_usual_order_or_in_the_only_one() {
        let of = |shape: &[usize], lengths: &[usize]| {
            let (wanted, free): (Vec<_>, Vec<_>) =
                ((0..lengths.len()).collect(), (0..shape.len()).collect());
            order(&wanted, &free, false, &|k, axis| shape[axis] == lengths[k])
        };
        assert_eq!(of(&[21, 33], &[33, 21]), Some(vec![1, 0]));
        assert_eq!(of(&[33, 21], &[33, 21]), Some(vec![0, 1]));
        assert_eq!(of(&[9, 9], &[9, 9]), Some(vec![1, 0]));
        assert_eq!(of(&[6, 16, 10, 3], &[10, 16, 6]), Some(vec![2, 1, 0]));
        assert_eq!(of(&[8, 8, 8, 3], &[8, 8, 8]), Some(vec![2, 1, 0]));
        assert_eq!(of(&[8, 5, 8], &[5, 8, 8]), None, "y and z could change places");
        assert_eq!(of(&[21, 33], &[33, 20]), None);
    }
}
