//! Opening a mask (its file, its axes, what is selected of it, which way it runs), and that of a field.

use super::FileError;
use super::along::{space_axis, space_coordinates};
use super::array::{ArraySource, Coordinates, Store};
use super::axes::Role;
use super::condition::Condition;
use super::coordinates::check_alike;
use super::field::{FieldArray, FileField};
use super::geometry::Geometry;
use super::mask::{Mask, Place, place};
use super::select::{Narrowed, Picks};
use super::stores::Stores;
use crate::grid::AXIS_NAMES;
use std::borrow::Cow;

/// Opens the dataset of a mask for a field of which `first` is a component. It is turned as its own coordinates say, else
/// as the field, and what was selected of the field is selected of it unless it has just that shape.
pub(super) fn open_mask(
    words: &str,
    stores: &Stores,
    first: &FieldArray,
    geometry: &Geometry,
) -> Result<Mask, FileError> {
    let condition = Condition::parse(words)?;
    let (other, name) = stores.mask(&condition.name, &geometry.shape)?;
    let store = other.as_ref().map_or(stores.main(), |other| other.store.as_ref());
    let source = selected(store.open(&name)?, (store, stores.main()), first);
    let (info, field) = (source.info(), first.source.info());
    let place = place(info, (field, &first.roles.roles), &geometry.shape)?;
    let mut flipped = geometry.flipped.clone();
    let has = |k: usize| place.roles.contains(&Role::Space(k));
    for (k, flipped) in flipped.iter_mut().enumerate().filter(|(k, _)| has(*k)) {
        let of_field = space_coordinates(stores.main(), field, &first.roles.roles, k);
        let own = space_coordinates(store, info, &place.roles, k);
        let (Some(of_field), Some(mut own)) = (of_field, own) else { continue };
        if descends(&own) != descends(&of_field) {
            own.values.reverse();
            *flipped = !*flipped;
        }
        // Numbers of rows and degrees are not compared.
        let same =
            own.name == of_field.name || (own.units == of_field.units && !own.units.is_empty());
        if same && own.values.len() == of_field.values.len() {
            check_alike(AXIS_NAMES[k], [&field.name, &condition.name], [&of_field, &own])?;
        }
    }
    let path = store.path().to_path_buf();
    Mask::open(path, source, condition, place, flipped, &geometry.shape)
}

impl FileField {
    /// The cells that take part in a sample by the mask dataset, x fastest; `None` without one.
    ///
    /// # Errors
    /// If there is no such sample, or a mask that changes along the series cannot be read or is none.
    pub fn mask(&self, sample: usize) -> Result<Option<Cow<'_, [bool]>>, FileError> {
        let Some(mask) = &self.mask else { return Ok(None) };
        let (_, at) = self.parts(sample)?;
        mask.cells(&at, &self.geometry.shape).map(Some)
    }

    /// The condition of the mask that was asked for or that the file has by itself, and its inverse.
    pub(in crate::source) fn mask_words(&self) -> Option<[String; 2]> {
        let condition = self.mask.as_ref()?.condition();
        Some([condition.to_string(), condition.inverse()])
    }

    /// The cells that take part by the mask dataset, if they are the same in every sample.
    pub(in crate::source) fn fixed_mask(&self) -> Option<&[bool]> {
        self.mask.as_ref()?.fixed()
    }

    /// Whether this program wrote the file, so that NaN in it is what took no part.
    pub fn is_result(&self) -> bool {
        self.is_result
    }

    /// Whether the file marks samples that were not measured, which are read as missing, apart from walls.
    pub fn marks_invalid(&self) -> bool {
        self.marks_invalid
    }
}

fn descends(coordinates: &Coordinates) -> bool {
    coordinates.values.first() > coordinates.values.last()
}

/// What was selected of the field, if the mask fits the whole of it.
fn selected(
    mask: Box<dyn ArraySource>,
    (store, main): (&dyn Store, &dyn Store),
    first: &FieldArray,
) -> Box<dyn ArraySource> {
    let roles = &first.roles.roles;
    let Some((whole, picks)) = first.source.whole() else { return mask };
    let shape: Vec<usize> =
        (0..first.roles.dims).map(|k| whole.shape[space_axis(roles, k)]).collect();
    let Ok(Place { roles: own, follows }) = place(mask.info(), (whole, roles), &shape) else {
        return mask;
    };
    let series: Vec<usize> = (0..roles.len()).filter(|axis| roles[*axis] == Role::Sample).collect();
    let mut follows = follows.into_iter();
    let mut own_picks: Picks = Vec::new();
    for role in &own {
        let Role::Space(k) = role else {
            own_picks.push(follows.next().flatten().and_then(|axis| picks[series[axis]].clone()));
            continue;
        };
        let found = picks[space_axis(roles, *k)].clone();
        let of_field = space_coordinates(main, whole, roles, *k);
        let of_mask = space_coordinates(store, mask.info(), &own, *k);
        let opposite = of_field.zip(of_mask).is_some_and(|(a, b)| descends(&a) != descends(&b));
        own_picks.push(match opposite {
            true => found.map(|found| found.iter().map(|i| shape[*k] - 1 - i).collect()),
            false => found,
        });
    }
    Box::new(Narrowed::new(mask, own_picks))
}
