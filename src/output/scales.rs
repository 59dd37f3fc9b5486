//! Dimension scales: the coordinates that HDF5 attaches to the axes of a dataset.

use super::attributes;
use super::group::{COMPONENT, DimensionScale};
use super::write::describe;
use crate::grid::AXIS_NAMES;
use hdf5::types::VarLenUnicode;
use hdf5::{Dataset, Error, Group, Result};
use std::collections::HashMap;
use std::ffi::CString;
use std::os::raw::{c_char, c_int, c_uint};

// Declared here because hdf5-sys links the high-level library without declaring it. Writing the
// scales' attributes directly is not an option: the library accepts only null-terminated fixed
// strings in CLASS, which the safe interface cannot write.
unsafe extern "C" {
    fn H5DSset_scale(dsid: hdf5_sys::h5i::hid_t, dimname: *const c_char) -> c_int;
    fn H5DSattach_scale(
        did: hdf5_sys::h5i::hid_t,
        dsid: hdf5_sys::h5i::hid_t,
        idx: c_uint,
    ) -> c_int;
}

/// The scales of a group and of the groups in it, where those are written again that their arrays have: readers look for
/// the coordinates of an array beside it.
pub(super) struct Scales<'a> {
    group: &'a Group,
    known: Vec<&'a DimensionScale>,
    components: usize,
    written: HashMap<String, Dataset>,
    /// Names of the coordinates that the whole group has.
    fixed: String,
}

impl<'a> Scales<'a> {
    /// Writes the scales of a group; `components` are those of its vectors, 0 if it has none.
    pub fn write(
        group: &'a Group,
        known: impl Iterator<Item = &'a DimensionScale>,
        components: usize,
    ) -> Result<Scales<'a>> {
        let known: Vec<_> = known.collect();
        let (written, fixed) = (HashMap::new(), String::new());
        let mut scales = Scales { group, known: known.clone(), components, written, fixed };
        for scale in known {
            scales.at(&scale.name, &scale.name)?;
        }
        if components > 0 {
            scales.at(COMPONENT, COMPONENT)?;
        }
        Ok(scales)
    }

    /// Writes coordinates of one value, which arrays of the group have from now on as an attribute of CF.
    pub fn fix(&mut self, fixed: &[DimensionScale]) -> Result<()> {
        for scale in fixed {
            let is_free = !self.group.link_exists(&scale.name) && !scale.name.contains([' ', '/']);
            if let (true, [value]) = (is_free, &scale.values[..]) {
                let dataset = self.group.new_dataset::<f64>().create(scale.name.as_str())?;
                dataset.write_scalar(value)?;
                say(&dataset, scale)?;
                let space = if self.fixed.is_empty() { "" } else { " " };
                self.fixed.extend([space, &scale.name]);
            }
        }
        Ok(())
    }

    /// Attaches the scales of these names to the axes, slowest first, of the array of a name.
    pub fn attach<'n>(
        &mut self,
        dataset: &Dataset,
        array: &str,
        names: impl Iterator<Item = &'n String>,
    ) -> Result<()> {
        let folder = array.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (axis, name) in names.enumerate() {
            let beside = match name.contains('/') || folder.is_empty() {
                true => name.clone(),
                false => format!("{folder}/{name}"),
            };
            attach_scale(dataset, self.at(&beside, name)?, axis)?;
        }
        if folder.is_empty() && !self.fixed.is_empty() {
            attributes::text(dataset, "coordinates", &self.fixed)?;
        }
        Ok(())
    }

    /// The scale of this name at a place, written if it is not there.
    fn at(&mut self, place: &str, name: &str) -> Result<&Dataset> {
        if !self.written.contains_key(place) {
            let made = match self.known.iter().find(|scale| scale.name == name) {
                Some(scale) => write_scale(self.group, place, scale)?,
                None => write_components(self.group, place, self.components)?,
            };
            self.written.insert(place.into(), made);
        }
        Ok(&self.written[place])
    }
}

/// How many components the vectors among arrays have, given by their axes and shapes; 0 if there are none.
pub(super) fn components<'a>(
    mut arrays: impl Iterator<Item = (&'a [String], &'a [usize])>,
) -> usize {
    let count = |(axes, shape): (&[String], &[usize])| {
        let axis = axes.iter().position(|name| name == COMPONENT)?;
        Some(shape[axis])
    };
    arrays.find_map(count).unwrap_or(0)
}

/// Writes the coordinates of an axis as a scale at a place.
fn write_scale(group: &Group, place: &str, scale: &DimensionScale) -> Result<Dataset> {
    let dataset = group
        .new_dataset_builder()
        .create_intermediate_group(true)
        .with_data(&scale.values[..])
        .create(place)?;
    make_scale(&dataset, leaf(place))?;
    say(&dataset, scale)?;
    Ok(dataset)
}

fn say(dataset: &Dataset, scale: &DimensionScale) -> Result<()> {
    describe(dataset, &scale.units, &scale.long_name)?;
    attributes::write_all(dataset, "", &scale.attributes)
}

/// The scale of the component axis: the letters x, y[, z].
fn write_components(group: &Group, place: &str, count: usize) -> Result<Dataset> {
    let letters = AXIS_NAMES[..count.min(AXIS_NAMES.len())].iter().map(|axis| axis.parse());
    let letters: Vec<VarLenUnicode> = letters.map(|l| l.expect("no letter is NUL")).collect();
    let builder = group.new_dataset_builder().create_intermediate_group(true);
    let dataset = builder.with_data(&letters[..]).create(place)?;
    make_scale(&dataset, leaf(place))?;
    attributes::text(&dataset, "long_name", "component of the vector")?;
    Ok(dataset)
}

fn leaf(place: &str) -> &str {
    place.rsplit('/').next().unwrap_or(place)
}

/// Makes a dataset a dimension scale called `name`.
fn make_scale(dataset: &Dataset, name: &str) -> Result<()> {
    let text = CString::new(name).map_err(|_| Error::from("the name of a scale holds a NUL"))?;
    // SAFETY: the identifier belongs to a dataset that is open as long as the borrow, the text
    // ends in NUL and outlives the call, and the library's global lock is held.
    let status = hdf5::sync::sync(|| unsafe { H5DSset_scale(dataset.id(), text.as_ptr()) });
    check(status, "H5DSset_scale failed")
}

/// Attaches a scale to axis `axis` (slowest first) of a dataset.
fn attach_scale(dataset: &Dataset, scale: &Dataset, axis: usize) -> Result<()> {
    // SAFETY: as above; both datasets are open, and a wrong axis is reported by the status.
    let status =
        hdf5::sync::sync(|| unsafe { H5DSattach_scale(dataset.id(), scale.id(), axis as c_uint) });
    check(status, "H5DSattach_scale failed")
}

fn check(status: c_int, failure: &str) -> Result<()> {
    if status < 0 { Err(Error::from(failure)) } else { Ok(()) }
}
