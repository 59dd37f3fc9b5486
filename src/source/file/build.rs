//! From a request to an open field: find the datasets, settle the axes, check that all agree.

use super::along::{check_lengths, space_axis, space_coordinates};
use super::angles::{self, Angles};
use super::array::{ArraySource, NumberType, Store};
use super::axes::{self, Found, Role, Roles};
use super::coordinates::check_alike;
use super::field::{FieldArray, FileField, Set};
use super::find::choose;
use super::format::{FileFormat, sniff};
use super::geometry::geometry;
use super::hdf5::Hdf5Store;
use super::height::not_upwards;
use super::mask::read_mask;
use super::netcdf3::Netcdf3Store;
use super::npy::NpyStore;
use super::npz::NpzStore;
use super::series::SeriesAxes;
use super::staggered;
use super::table;
use super::units::same_unit;
use super::written::{self, Settled};
use super::{CoordinateError, FileError, FileRequest};
use super::{vtk, vtk_legacy, vtk_xml};
use crate::grid::AXIS_NAMES;
use std::path::{Path, PathBuf};

/// Opens a file and finds the field in it, without reading the field.
///
/// # Errors
/// If the file cannot be read, the datasets cannot be found or do not agree, or the coordinates are
/// not uniform; every error says what was found instead.
pub fn open(request: &FileRequest) -> Result<FileField, FileError> {
    let stores = Stores::open(&request.path)?;
    let store = stores.main.as_ref();
    let mut notes = store.notes();
    let names = if request.datasets.is_empty() {
        let choice = choose(store, request)?;
        notes.push(choice.note);
        choice.sets
    } else {
        vec![request.datasets.clone()]
    };
    let mut sets = Vec::new();
    for set in &names {
        let label = (names.len() > 1).then(|| set_label(&set[0]));
        let parts = open_parts(request, &stores, set)?;
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
    if let Some(angles) = &angles {
        // So that the result file says what its coordinates are.
        let nameless = geometry.units.iter_mut().zip(angles.units());
        let nameless = nameless.filter(|(units, _)| units.is_empty());
        nameless.for_each(|(units, words)| *units = words.into());
    }
    let series = SeriesAxes::of(info, &roles.roles);
    let mask = match &request.mask {
        Some(name) => {
            let mask = stores.array(name)?;
            Some(read_mask(&request.path, mask.as_ref(), &roles.roles, &geometry)?)
        }
        None => None,
    };
    notes.push(axes_note(roles));
    notes.extend(written.notes);
    notes.extend(geometry.notes.iter().cloned());
    Ok(FileField {
        path: request.path.clone(),
        units: info.units.clone(),
        number: widest(&sets),
        names: names.into_iter().next().unwrap_or_default(),
        sets,
        series,
        geometry,
        faces,
        notes,
        angles,
        mask,
        allow_missing: request.allow_missing,
        periodic: written.request.periodic.clone(),
        stated: written.sphere,
        as_written: written.as_written,
        without_last: vec![false; dims],
    })
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
) -> Result<Vec<FieldArray>, FileError> {
    if request.staggered && !(2..=3).contains(&names.len()) {
        return Err(FileError::FaceDatasets { found: names.len() });
    }
    let mut parts = Vec::new();
    for name in names {
        let source = stores.array(name)?;
        let roles = axes::assign(source.info(), names.len(), request.axes.as_deref())?;
        let fill = request.fill_value.map(|fill| match source.info().number {
            NumberType::F32 => f64::from(fill as f32),
            _ => fill,
        });
        parts.push(FieldArray { source, roles, fill });
    }
    Ok(parts)
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

fn axes_note(roles: &Roles) -> String {
    let letter = |role: &Role| match role {
        Role::Sample => "t",
        Role::Component => "c",
        Role::Space(k) => AXIS_NAMES[*k],
    };
    let letters: Vec<&str> = roles.roles.iter().map(letter).collect();
    let how = match roles.found {
        Found::Given => "given",
        Found::Named => "read from the names of the dimensions",
        Found::ByPosition => "assumed from their positions",
    };
    format!("axes {}, slowest first ({how})", letters.join(","))
}

/// The file of the request, and others named by `FILE::DATASET`.
struct Stores {
    main: Box<dyn Store>,
}

impl Stores {
    fn open(path: &Path) -> Result<Stores, FileError> {
        Ok(Stores { main: open_store(path)? })
    }

    /// The other files that hold a component.
    fn others(&self, request: &FileRequest) -> Result<Vec<Box<dyn Store>>, FileError> {
        let files = request.datasets.iter().filter_map(|name| Some(name.split_once("::")?.0));
        files.map(|file| open_store(&self.beside(file))).collect()
    }

    fn beside(&self, file: &str) -> PathBuf {
        let directory = self.main.path().parent().map_or(PathBuf::new(), Path::to_path_buf);
        directory.join(file)
    }

    /// Opens a dataset of this file, or of another one beside it.
    fn array(&self, name: &str) -> Result<Box<dyn ArraySource>, FileError> {
        match name.split_once("::") {
            None => self.main.open(name),
            Some((file, inner)) => open_store(&self.beside(file))?.open(inner),
        }
    }
}

fn open_store(path: &Path) -> Result<Box<dyn Store>, FileError> {
    Ok(match sniff(path)? {
        FileFormat::Hdf5 => Box::new(Hdf5Store::open(path)?),
        FileFormat::Netcdf3 => Box::new(Netcdf3Store::open(path)?),
        FileFormat::Npy => Box::new(NpyStore::open(path)?),
        FileFormat::Npz => Box::new(NpzStore::open(path)?),
        FileFormat::Table => Box::new(table::open(path)?),
        FileFormat::VtkLegacy => Box::new(vtk::open(path, vtk_legacy::read)?),
        FileFormat::VtkXml => Box::new(vtk::open(path, vtk_xml::read)?),
    })
}
