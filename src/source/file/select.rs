//! Parts of arrays: the indices along each axis that are taken.

use super::angle_words::{Angle, angle_of, in_degrees};
use super::array::{ArrayInfo, ArraySource, Bounds, Coordinates, Dimension, Unpacking};
use super::axes::{DimensionKind, kind};
use super::calendar;
use super::names::{AxisName, axis_of_name};
use super::packing::Seen;
use super::request::Selection;
use super::{CoordinateError, FileError};
use crate::grid::short;
use ndarray::{ArrayD, Axis};

/// The indices that are taken along each axis; `None` for all.
pub(super) type Picks = Vec<Option<Vec<usize>>>;

/// An array of which some indices are taken along some axes.
pub(super) struct Narrowed {
    source: Box<dyn ArraySource>,
    info: ArrayInfo,
    picks: Picks,
}

impl Narrowed {
    /// Takes the indices of each axis, all where there is `None`.
    pub fn new(source: Box<dyn ArraySource>, picks: Picks) -> Narrowed {
        let mut info = source.info().clone();
        for (axis, picks) in picks.iter().enumerate() {
            let Some(picks) = picks else { continue };
            let before = info.shape[axis];
            info.shape[axis] = picks.len();
            let dimension = &mut info.dimensions[axis];
            dimension.coordinates =
                dimension.coordinates.take().and_then(|found| narrow(found, before, picks));
        }
        Narrowed { source, info, picks }
    }
}

/// Coordinates at some of the points, or the edges of their cells where these are neighbours.
fn narrow(found: Coordinates, points: usize, picks: &[usize]) -> Option<Coordinates> {
    let reversed = picks.iter().copied().eq((0..points).rev());
    if reversed && found.values.len() == points + 1 {
        let values = found.values.into_iter().rev().collect();
        return Some(Coordinates { values, ..found });
    }
    let neighbours = picks.windows(2).all(|pair| pair[1] == pair[0] + 1);
    let values = if found.values.len() == points {
        picks.iter().map(|i| found.values[*i]).collect()
    } else if found.values.len() == points + 1 && neighbours && !picks.is_empty() {
        found.values[picks[0]..=picks[picks.len() - 1] + 1].to_vec()
    } else {
        return None;
    };
    let bounds = found.bounds.and_then(|bounds| {
        let whole = bounds.shape == [points, 2];
        let rows = picks.iter().flat_map(|i| [bounds.values[2 * i], bounds.values[2 * i + 1]]);
        whole.then(|| Bounds {
            shape: vec![picks.len(), 2],
            values: rows.collect(),
            ..bounds.clone()
        })
    });
    Some(Coordinates { values, bounds, ..found })
}

impl ArraySource for Narrowed {
    fn info(&self) -> &ArrayInfo {
        &self.info
    }

    fn info_mut(&mut self) -> &mut ArrayInfo {
        &mut self.info
    }

    fn whole(&self) -> Option<(&ArrayInfo, &[Option<Vec<usize>>])> {
        Some((self.source.info(), &self.picks))
    }

    fn close(&self) -> bool {
        self.source.close()
    }

    fn read_bytes(&self, at: &[Option<usize>]) -> f64 {
        self.source.read_bytes(&self.shifted(at)) + 8.0 * self.values(at)
    }

    fn read(&self, at: &[Option<usize>]) -> Result<ArrayD<f64>, FileError> {
        let mut found = self.source.read(&self.shifted(at))?;
        let rest = self.picks.iter().zip(at).filter(|(_, fixed)| fixed.is_none());
        for (axis, (picks, _)) in rest.enumerate() {
            if let Some(picks) = picks {
                found = found.select(Axis(axis), picks);
            }
        }
        Ok(found)
    }

    fn read_directly(
        &self,
        at: &[Option<usize>],
        out: &mut [f64],
        unpacking: &Unpacking<'_>,
    ) -> Result<Option<Seen>, FileError> {
        let whole = self.picks.iter().zip(at).all(|(picks, at)| picks.is_none() || at.is_some());
        match whole {
            true => self.source.read_directly(&self.shifted(at), out, unpacking),
            false => Ok(None),
        }
    }
}

impl Narrowed {
    /// Indices in the whole array.
    fn shifted(&self, at: &[Option<usize>]) -> Vec<Option<usize>> {
        let shift = |(index, picks): (&Option<usize>, &Option<Vec<usize>>)| {
            index.map(|i| picks.as_ref().map_or(i, |picks| picks[i]))
        };
        at.iter().zip(&self.picks).map(shift).collect()
    }
}

/// Takes what was selected of an array, and says where numbers were read as indices.
///
/// # Errors
/// A selection of an axis that the array does not have, or of nothing along it.
pub(super) fn select(
    source: Box<dyn ArraySource>,
    selections: &[Selection],
    notes: &mut Vec<String>,
) -> Result<Box<dyn ArraySource>, FileError> {
    if selections.is_empty() {
        return Ok(source);
    }
    let info = source.info();
    let mut picks = vec![None; info.shape.len()];
    for selection in selections {
        let Some(axis) = (0..info.shape.len()).find(|a| is_called(&info.dimensions[*a], selection))
        else {
            let names = info.dimensions.iter().filter_map(|d| d.name.clone()).collect();
            let (axis, dataset) = (selection.axis.clone(), info.name.clone());
            return Err(CoordinateError::NoSuchAxis { axis, dataset, names }.into());
        };
        let (found, note) = indices(selection, &info.dimensions[axis], info.shape[axis])?;
        notes.extend(note.filter(|note| !notes.contains(note)));
        picks[axis] = Some(found);
    }
    Ok(Box::new(Narrowed::new(source, picks)))
}

/// Whether an axis is meant: by its name, or by one of the same meaning such as `lon` for `longitude`.
fn is_called(dimension: &Dimension, selection: &Selection) -> bool {
    let name = dimension.name.as_deref().unwrap_or_default();
    name.eq_ignore_ascii_case(&selection.axis)
        || match axis_of_name(&selection.axis) {
            Some(AxisName::Space(k)) => kind(dimension) == DimensionKind::Space(k),
            Some(AxisName::Time) => kind(dimension) == DimensionKind::Time,
            _ => false,
        }
}

/// The indices that a selection takes: by coordinates, else by number.
fn indices(
    selection: &Selection,
    dimension: &Dimension,
    length: usize,
) -> Result<(Vec<usize>, Option<String>), FileError> {
    let coordinates = dimension.coordinates.as_ref().filter(|c| c.values.len() == length);
    if selection.dates.is_some() {
        return by_date(selection, coordinates, length).map(|picks| (picks, None));
    }
    if let Some(found) = coordinates.filter(|_| !selection.by_index) {
        let picks = by_value(selection, found);
        if !picks.is_empty() {
            return Ok((picks, None));
        }
    }
    let picks = by_number(selection, length);
    let said = coordinates.map_or("no coordinates".into(), |c| {
        let bounds = c
            .values
            .iter()
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[a, b], v| [a.min(*v), b.max(*v)]);
        format!("values from {} to {}", short(bounds[0]), short(bounds[1]))
    });
    let axis = &selection.axis;
    if picks.is_empty() {
        let (selection, axis) = (selection.to_string(), axis.clone());
        return Err(CoordinateError::NothingSelected { selection, axis, length, said }.into());
    }
    let note = (!selection.by_index)
        .then(|| format!("{selection} read as indices from 0: {axis} has {said}"));
    Ok((picks, note))
}

/// By dates, in the unit and the calendar of the axis.
fn by_date(
    selection: &Selection,
    found: Option<&Coordinates>,
    length: usize,
) -> Result<Vec<usize>, FileError> {
    let fail = |said: String| -> FileError {
        let (selection, axis) = (selection.to_string(), selection.axis.clone());
        CoordinateError::NothingSelected { selection, axis, length, said }.into()
    };
    let Some(found) = found else { return Err(fail("no coordinates".into())) };
    let dates = selection.dates.as_deref().unwrap_or_default();
    let Some([from, to]) = calendar::range(dates, &found.units, &found.calendar) else {
        let calendar = if found.calendar.is_empty() { "standard" } else { &found.calendar };
        return Err(fail(format!(
            "the units {:?} and the calendar {calendar:?}, in which this is no date,",
            found.units
        )));
    };
    let inside = |i: &usize| (from..=to).contains(&found.values[*i]);
    let picks: Vec<usize> = (0..length).filter(inside).collect();
    match (picks.is_empty(), &found.values[..]) {
        (true, [first, .., last]) => {
            let (first, last, units) = (short(*first), short(*last), &found.units);
            Err(fail(format!("values from {first} to {last} {units}")))
        }
        (true, _) => Err(fail(format!("other values in {}", found.units))),
        _ => Ok(picks),
    }
}

fn by_value(selection: &Selection, found: &Coordinates) -> Vec<usize> {
    let around = angle_of(found) == Some(Angle::Longitude) && in_degrees(found);
    let steps = found.values.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    let step = steps.fold(f64::INFINITY, f64::min);
    let tolerance = if step.is_finite() { 1e-3 * step } else { 0.0 };
    let (from, to) = match (selection.from, selection.to, selection.single) {
        (Some(value), _, true) => (value, value),
        (from, to, _) => (from.unwrap_or(f64::NEG_INFINITY), to.unwrap_or(f64::INFINITY)),
    };
    let ends = [from.min(to) - tolerance, from.max(to) + tolerance];
    if !(around && from.is_finite() && to.is_finite()) {
        let inside = |i: &usize| ends[0] <= found.values[*i] && found.values[*i] <= ends[1];
        return (0..found.values.len()).filter(inside).collect();
    }
    // East of the first longitude, in whatever turn the file counts.
    let east = |i: usize| (found.values[i] - ends[0]).rem_euclid(360.0);
    let mut picks: Vec<usize> =
        (0..found.values.len()).filter(|i| east(*i) <= ends[1] - ends[0]).collect();
    if found.values.first() <= found.values.last() {
        picks.sort_by(|a, b| east(*a).total_cmp(&east(*b)));
    } else {
        picks.sort_by(|a, b| east(*b).total_cmp(&east(*a)));
    }
    picks
}

/// Indices from the first up to, without it, the last, as Python counts.
fn by_number(selection: &Selection, length: usize) -> Vec<usize> {
    let whole = |value: f64| (value.fract() == 0.0).then_some(value as i64);
    let at = |value: Option<f64>, default: i64| match value {
        None => Some(default),
        Some(value) => whole(value).map(|i| if i < 0 { i + length as i64 } else { i }),
    };
    let n = length as i64;
    let (Some(from), Some(to)) = (at(selection.from, 0), at(selection.to, n)) else {
        return Vec::new();
    };
    let to = if selection.single { from + 1 } else { to };
    if from < 0 || to > n || (selection.single && from >= n) {
        return Vec::new();
    }
    (from as usize..to.max(from) as usize).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(text: &str) -> Selection {
        Selection::parse(text).unwrap()
    }

    fn axis(name: &str, units: &str, values: &[f64]) -> Dimension {
        let coordinates = Some(Coordinates {
            name: name.into(),
            units: units.into(),
            values: values.into(),
            ..Coordinates::default()
        });
        Dimension { name: Some(name.into()), coordinates, ..Dimension::default() }
    }

    #[test]
    fn values_decide_and_then_numbers() {
        let level = axis("level", "hPa", &[200.0, 500.0, 850.0]);
        let of = |text: &str| {
            indices(&selection(text), &level, 3).map(|(picks, note)| (picks, note.is_some()))
        };
        assert_eq!(of("level=500").unwrap(), (vec![1], false));
        assert_eq!(of("level=500:1000").unwrap(), (vec![1, 2], false));
        assert_eq!(of("level=850:500").unwrap(), (vec![1, 2], false));
        assert_eq!(of("level=0:2").unwrap(), (vec![0, 1], true));
        assert_eq!(of("level=[1:]").unwrap(), (vec![1, 2], false));
        assert_eq!(of("level=-1").unwrap(), (vec![2], true));
        assert!(of("level=501").is_err() && of("level=0.5").is_err() && of("level=[3]").is_err());
    }

    #[test]
    fn longitudes_are_taken_across_the_seam_of_the_file() {
        let lon = axis("lon", "degrees_east", &[0.0, 90.0, 180.0, 270.0]);
        let of = |text: &str| indices(&selection(text), &lon, 4).unwrap().0;
        assert_eq!(of("lon=-90:0"), [3, 0]);
        assert_eq!(of("lon=-100:100"), [3, 0, 1]);
        assert_eq!(of("lon=80:190"), [1, 2]);
        assert!(is_called(&axis("longitude", "", &[]), &selection("lon=1")));
    }
}
