//! From a request to an open field: find the datasets, settle the axes, check that all agree.

use super::about::about;
use super::along::{check_lengths, space_axis, space_coordinates};
use super::angles::{self, Angles};
use super::array::{ArrayInfo, NumberType, Store};
use super::axes::{self, Found, Role, Roles};
use super::coordinates::check_alike;
use super::directions;
use super::field::{FieldArray, FileField, Set, letters};
use super::find::choose;
use super::geometry::{Geometry, geometry};
use super::height::not_upwards;
use super::likely::Unplaced;
use super::mask::Mask;
use super::mask_file::open_mask;
use super::ring::without_ring;
use super::select::{Narrowed, select};
use super::series::SeriesAxes;
use super::staggered;
use super::stores::Stores;
use super::turn;
use super::units::same_unit;
use super::unused::{Likeness, Unused, is_used, unused};
use super::written::{self, Settled};
use super::{CoordinateError, FileError, FileMetric, FileRequest};
use crate::grid::AXIS_NAMES;

/// Opens a file and finds the field in it, without reading the field.
///
/// # Errors
/// If the file cannot be read, the datasets cannot be found or do not agree, or the coordinates are
/// not uniform; every error says what was found instead.
pub fn open(request: &FileRequest) -> Result<FileField, FileError> {
    let stores = Stores::open(request)?;
    let store = stores.main();
    let mut notes = store.notes();
    let (names, numbers) = if request.datasets.is_empty() {
        let choice = choose(stores.main_file(), request)?;
        notes.push(choice.note);
        (choice.sets, choice.numbers)
    } else {
        (vec![request.datasets.clone()], None)
    };
    let mut sets = Vec::new();
    for (number, set) in names.iter().enumerate() {
        let label = match &numbers {
            Some(axis) => Some(axis.label(number)),
            None => (names.len() > 1).then(|| set_label(&set[0])),
        };
        let parts = open_parts(request, &stores, set, &mut notes)?;
        same_unit(parts.iter().map(|part| part.source.info()))?;
        sets.push(Set { label, parts });
    }
    let infos = sets.iter().flat_map(|set| &set.parts).map(|part| part.source.info());
    let written = written::settle(request, infos.filter_map(|info| info.written.as_ref()))?;
    let request = &written.request;
    let first = &sets[0].parts[0];
    let (info, roles) = (first.source.info(), &first.roles);
    let dims = roles.dims;
    let parts = sets.iter().flat_map(|set| &set.parts);
    let parts: Vec<_> = parts.map(|part| (part.source.info(), &part.roles)).collect();
    if !request.staggered {
        check_lengths(request, store, info, roles)?;
    }
    let angles = angles::check(request, (store, &stores.others(request)?), &parts)?;
    let height = match &angles {
        Some(Angles::OnSphere { height, .. }) => {
            check_sphere(&written, &sets, height.is_some())?;
            height.as_ref()
        }
        _ => None,
    };
    let (geometry, faces) = if request.staggered {
        let (geometry, faces) = staggered::settle(request, store, &sets)?;
        (geometry, Some(faces))
    } else {
        sets.iter().flat_map(|set| &set.parts).try_for_each(|part| agree(store, first, part))?;
        (geometry(request, store, (info, roles), height)?, None)
    };
    let mut geometry = geometry;
    let earth = directions::to_the_east(&parts);
    let turn = turn::find(
        request,
        &stores,
        &(first.source.as_ref(), &first.roles.roles),
        (&geometry, earth),
    )?;
    directions::check(store, &parts, turn.is_some())?;
    if let Some(turn) = &turn {
        if matches!(angles, Some(Angles::OnSphere { .. })) && !turn.is_idle() {
            let reason =
                "longitudes and latitudes along the axes run to the east and north already";
            let reason = reason.to_string();
            return Err(CoordinateError::Angle { path: request.path.clone(), reason }.into());
        }
        notes.push(turn.note.clone());
    }
    if let Some(angles) = &angles {
        // So that the result file says what its coordinates are.
        let nameless = geometry.units.iter_mut().zip(angles.units());
        let nameless = nameless.filter(|(units, _)| units.is_empty());
        nameless.for_each(|(units, words)| *units = words.into());
    }
    let is_result = info.written.is_some();
    let series = SeriesAxes::of(info, &roles.roles);
    // What was asked for takes the place of what the file says by itself.
    let asked = request.allow_missing || request.mask.is_some();
    let own = if asked { None } else { store.own_mask()? };
    let words = request.mask.as_ref().or(own.as_ref());
    let mask = match words {
        Some(words) => Some(open_mask(words, &stores, first, &geometry)?),
        None => None,
    };
    if let (None, Some(own)) = (&request.mask, &own) {
        notes.push(format!("mask {own} of the file"));
    }
    notes.extend(mask.as_ref().and_then(Mask::note));
    notes.push(axes_note(info, roles));
    notes.extend(written.notes);
    notes.extend(geometry.notes.iter().cloned());
    let mask_words = words.map(|words| &words[..]);
    let mut unused = unused(store, mask_words, &parts)?;
    for name in unplaced(request, mask_words, &stores, &parts, &geometry)? {
        if !unused.iter().any(|known| known.name == name) {
            unused.push(Unused { name, likeness: Likeness::Coordinates });
        }
    }
    Ok(FileField {
        unused,
        about: about(store, is_result).into(),
        path: request.path.clone(),
        units: info.units.clone(),
        number: widest(&sets),
        names: names.into_iter().next().unwrap_or_default(),
        sets,
        series,
        numbers,
        geometry,
        faces,
        notes,
        angles,
        mask,
        marks_invalid: store.marks_invalid(),
        is_result,
        allow_missing: request.allow_missing || is_result,
        periodic: written.request.periodic.clone(),
        stated: written.sphere,
        as_written: written.as_written,
        turn: turn.filter(|turn| !turn.is_idle()),
        without_last: vec![false; dims],
    })
}

/// Arrays that may be the coordinates of axes for which none are known. Fails where a spacing of 1 would be taken beside them.
fn unplaced(
    request: &FileRequest,
    mask: Option<&str>,
    stores: &Stores,
    parts: &[(&ArrayInfo, &Roles)],
    geometry: &Geometry,
) -> Result<Vec<String>, FileError> {
    let (info, roles) = parts[0];
    let axes = geometry.shape.iter().copied().enumerate();
    let axes: Vec<_> = axes.filter(|(k, n)| geometry.unplaced[*k] && *n > 1).collect();
    if axes.is_empty() || info.written.is_some() || request.metric == Some(FileMetric::Given) {
        return Ok(Vec::new());
    }
    let all = roles.roles.iter().zip(&info.shape);
    let samples = all.filter(|(role, _)| **role == Role::Sample).map(|(_, n)| *n).collect();
    let used = |name: &str| is_used(name, mask, parts);
    let places = Unplaced { name: &info.name, shape: &info.shape, axes, samples, used: &used };
    let mut names = places.likely(stores.main())?;
    for other in stores.others(request)? {
        names.extend(places.likely(&*other.store)?);
    }
    if request.spacing.is_none() {
        places.refuse(names.clone())?;
        let known = geometry.unplaced.iter().position(|unplaced| !unplaced);
        if let (Some(known), Some((other, _))) = (known, places.axes.first()) {
            let (known, axis) = (AXIS_NAMES[known], AXIS_NAMES[*other]);
            return Err(
                CoordinateError::HalfPlaced { known, axis, dataset: info.name.clone() }.into()
            );
        }
    }
    Ok(names)
}

/// NAME of `fields/NAME/input` and of `fields/NAME/faces/input_x`.
fn set_label(name: &str) -> String {
    name.split('/').nth(1).unwrap_or(name).to_string()
}

/// Refuses a result that took degrees as lengths, and components along a height that are known not to point upwards.
fn check_sphere(written: &Settled, sets: &[Set], height: bool) -> Result<(), FileError> {
    let path = || written.request.path.clone();
    if let Some(name) = &written.flat {
        return Err(CoordinateError::FlatDegrees { path: path(), name: name.clone() }.into());
    }
    for set in sets.iter().filter(|_| height) {
        let last = set.parts.last().expect("a set has parts").source.info();
        if let Some(found) = not_upwards(last) {
            let name = last.name.clone();
            return Err(CoordinateError::NotUpwards { path: path(), name, found }.into());
        }
    }
    Ok(())
}

/// Opens the datasets of one set and settles their axes.
fn open_parts(
    request: &FileRequest,
    stores: &Stores,
    names: &[String],
    notes: &mut Vec<String>,
) -> Result<Vec<FieldArray>, FileError> {
    if request.staggered && !(2..=3).contains(&names.len()) {
        return Err(FileError::FaceDatasets { found: names.len() });
    }
    let mut parts = Vec::new();
    for (k, name) in names.iter().enumerate() {
        let whole = stores.component(name, request, (k, names.len()))?;
        let roles = axes::assign(whole.info(), names.len(), request.axes.as_deref())?;
        let before = whole.info().shape.clone();
        let source = select(whole, &request.select, notes)?;
        let cut = |axis: usize| before[axis] != source.info().shape[axis];
        let on_faces = request.staggered || request.metric == Some(FileMetric::Given);
        if on_faces && (0..roles.dims).any(|k| cut(space_axis(&roles.roles, k))) {
            return Err(CoordinateError::SelectedFaces { dataset: name.clone() }.into());
        }
        let fill = request.fill_value.map(|fill| match source.info().number {
            NumberType::F32 => f64::from(fill as f32),
            _ => fill,
        });
        parts.push(FieldArray { source, roles, fill });
    }
    if !request.staggered {
        return Ok(turned_alike(stores.main(), parts, notes));
    }
    let (parts, note) = without_ring(request, parts);
    notes.extend(note);
    Ok(parts)
}

/// Turns the axes of components that run the other way than those of the first, such as latitudes in two files.
fn turned_alike(
    store: &dyn Store,
    parts: Vec<FieldArray>,
    notes: &mut Vec<String>,
) -> Vec<FieldArray> {
    let descends = |part: &FieldArray, k: usize| {
        let found = space_coordinates(store, part.source.info(), &part.roles.roles, k)?;
        Some(found.listed().first() > found.listed().last())
    };
    let dims = parts[0].roles.dims;
    let first: Vec<Option<bool>> = (0..dims).map(|k| descends(&parts[0], k)).collect();
    let mut turn = |part: FieldArray| {
        let mut picks = vec![None; part.source.info().shape.len()];
        for (k, way) in first.iter().enumerate() {
            let other = descends(&part, k);
            if way.is_some() && other.is_some() && other != *way {
                let axis = space_axis(&part.roles.roles, k);
                picks[axis] = Some((0..part.source.info().shape[axis]).rev().collect());
                let (name, axis) = (&part.source.info().name, AXIS_NAMES[k]);
                notes.push(format!(
                    "{axis} of {name} runs the other way than that of the first component: turned"
                ));
            }
        }
        match picks.iter().any(Option::is_some) {
            true => FieldArray { source: Box::new(Narrowed::new(part.source, picks)), ..part },
            false => part,
        }
    };
    parts.into_iter().map(&mut turn).collect()
}

/// Checks that two datasets have the same points and the same number of samples.
fn agree(store: &dyn Store, first: &FieldArray, other: &FieldArray) -> Result<(), FileError> {
    let (a, b) = (first.source.info(), other.source.info());
    let lengths = |shape: &[usize], roles: &Roles| -> Vec<usize> {
        let space = (0..roles.dims).map(|k| shape[space_axis(&roles.roles, k)]);
        let sample = (0..shape.len()).filter(|&axis| roles.roles[axis] == Role::Sample);
        space.chain(sample.map(|axis| shape[axis])).collect()
    };
    if lengths(&a.shape, &first.roles) != lengths(&b.shape, &other.roles) {
        return Err(FileError::Shapes {
            first: a.name.clone(),
            expected: a.shape.clone(),
            other: b.name.clone(),
            found: b.shape.clone(),
        });
    }
    for (k, axis) in AXIS_NAMES.into_iter().enumerate().take(first.roles.dims) {
        let of = |info, roles: &Roles| space_coordinates(store, info, &roles.roles, k);
        let (Some(p), Some(q)) = (of(a, &first.roles), of(b, &other.roles)) else { continue };
        check_alike(axis, [&a.name, &b.name], [&p, &q])?;
    }
    Ok(())
}

fn widest(sets: &[Set]) -> NumberType {
    let numbers = || sets.iter().flat_map(|set| &set.parts).map(|p| p.source.info().number);
    [NumberType::F64, NumberType::F32]
        .into_iter()
        .find(|wanted| numbers().any(|number| number == *wanted))
        .unwrap_or(NumberType::Integer)
}

fn axes_note(info: &ArrayInfo, roles: &Roles) -> String {
    let how = match roles.found {
        Found::Given => "given",
        Found::Named => "read from the names of the dimensions",
        Found::ByCoordinates => "by the coordinates that fit them",
        Found::ByPosition => "assumed from their positions",
    };
    let order = if info.dimensions.iter().any(|d| d.either_order) {
        "as MATLAB counts them"
    } else {
        "slowest first"
    };
    format!("axes {}, {order} ({how})", letters(&roles.roles))
}
