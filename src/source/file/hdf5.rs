//! HDF5, and with it NetCDF-4: datasets, dimension scales, CF attributes.

use super::angle_words::{holds_angles, is_angle_unit};
use super::array::{
    AngleArray, ArrayInfo, ArraySource, Coordinates, NumberType, Packing, Store, beside,
    group_and_leaf, leaf,
};
use super::hdf5_array::{Hdf5Array, damaged};
use super::hdf5_compound;
use super::hdf5_elsewhere::check_sources;
use super::hdf5_fill::unwritten;
use super::hdf5_filters::missing;
use super::hdf5_info::{
    attribute, coordinates, data_packing, dimensions, is_placeholder, number_type, numbers, text,
};
use super::hdf5_walk::{DEPTH, identity, list_fields, visit};
use super::matlab::{Reversed, is_matlab};
use super::openpmd::{mesh_dimensions, vector_meshes};
use super::written::Written;
use super::{FileError, Listing};
use crate::grid::AXIS_NAMES;
use ::hdf5::{Dataset, File, Location};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// An open HDF5 file.
pub(super) struct Hdf5Store {
    file: File,
    /// The same file, for numbers that the library need not convert.
    raw: Option<Arc<std::fs::File>>,
    path: PathBuf,
    /// Lists of numbers that are compressed in a way that is not known here, with the filter.
    lists: OnceLock<Vec<(String, String)>>,
    /// All arrays, once they were asked for.
    members: OnceLock<Vec<Member>>,
    /// Written by NetCDF.
    netcdf: bool,
}

/// An array of the file.
struct Member {
    name: String,
    shape: Vec<usize>,
    /// Coordinates along a dimension.
    is_scale: bool,
    /// A dimension of NetCDF without coordinates.
    is_placeholder: bool,
}

impl Hdf5Store {
    pub fn open(path: &Path) -> Result<Hdf5Store, FileError> {
        let file = File::open(path).map_err(|e| damaged(path, &e))?;
        let raw = std::fs::File::open(path).ok().map(Arc::new);
        let netcdf = attribute(&file, "_NCProperties").is_some();
        Ok(Hdf5Store {
            file,
            raw,
            path: path.into(),
            netcdf,
            lists: OnceLock::new(),
            members: OnceLock::new(),
        })
    }

    /// All arrays, read through once.
    fn members(&self) -> Result<&[Member], FileError> {
        if let Some(known) = self.members.get() {
            return Ok(known);
        }
        let mut found = Vec::new();
        let mut add = |dataset: &Dataset| {
            let is_scale = text(dataset, "CLASS").as_deref() == Some("DIMENSION_SCALE");
            let is_placeholder = is_scale && is_placeholder(dataset);
            let mut all = Vec::new();
            list_fields(dataset, &mut all);
            let member = |(name, shape)| Member { name, shape, is_scale, is_placeholder };
            found.extend(all.into_iter().map(member));
        };
        self.visit(&mut add).map_err(|e| self.damaged(&e))?;
        Ok(self.members.get_or_init(|| found))
    }

    fn listing(&self, wanted: impl Fn(&&Member) -> bool) -> Result<Listing, FileError> {
        let members = self.members()?.iter().filter(wanted);
        Ok(Listing(members.map(|member| (member.name.clone(), member.shape.clone())).collect()))
    }

    fn damaged(&self, error: &::hdf5::Error) -> FileError {
        damaged(&self.path, error)
    }

    /// Refuses coordinates that cannot be read: they would be passed over.
    fn check_lists(&self, sibling: &str) -> Result<(), FileError> {
        let lists = self.lists.get_or_init(|| {
            let mut found = Vec::new();
            let mut add = |dataset: &Dataset| {
                if dataset.ndim() == 1
                    && let Some(filter) = missing(dataset)
                    && dataset.read_raw::<f64>().is_err()
                {
                    found.push((dataset.name().trim_start_matches('/').to_string(), filter));
                }
            };
            // What is damaged is found when it is read.
            let _ = self.visit(&mut add);
            found
        });
        let beside = |name: &str| {
            let group = group_and_leaf(name).0;
            group.is_empty() || group == group_and_leaf(sibling).0
        };
        match lists.iter().find(|(name, _)| beside(name)) {
            Some((name, filter)) => {
                let (path, name, filter) = (self.path.clone(), name.clone(), filter.clone());
                Err(FileError::Filter { path, name, filter })
            }
            None => Ok(()),
        }
    }

    /// The dataset of a name. The library takes long to say that one is missing, so its link is looked for first.
    fn there(&self, name: &str) -> Option<Dataset> {
        let linked = name.contains('/') || self.file.link_exists(name);
        if linked { self.file.dataset(name).ok() } else { None }
    }

    /// The dataset of a name, or the one with it as a field, and then the field.
    fn find(&self, name: &str) -> Option<(Dataset, Option<String>)> {
        if let Some(dataset) = self.there(name) {
            return Some((dataset, None));
        }
        let (path, field) = name.rsplit_once('/')?;
        let dataset = self.file.dataset(path).ok()?;
        let known = hdf5_compound::fields(&dataset).iter().any(|(known, _)| known == field);
        known.then(|| (dataset, Some(field.to_string())))
    }

    /// Refuses a file of which the library can open nothing, by what it says of the first member.
    fn refuse_unopened(&self) -> Result<(), FileError> {
        for name in self.file.member_names().map_err(|e| self.damaged(&e))? {
            if let Err(error) = self.file.dataset(&name)
                && self.file.group(&name).is_err()
            {
                let (path, (a, b, c)) = (self.path.clone(), ::hdf5::library_version());
                let (version, reason) = (format!("{a}.{b}.{c}"), error.to_string());
                return Err(FileError::Unopened { path, name, version, reason });
            }
        }
        Ok(())
    }

    /// What the group `fields/NAME` above a dataset says, or the file if it has no such groups.
    fn written(&self, dataset: &str) -> Option<Written> {
        attribute(&self.file, "hodge_layout")?;
        let mut names = dataset.trim_start_matches('/').split('/');
        let name = names.next().filter(|first| *first == "fields").and_then(|_| names.next());
        let path = name.map(|name| format!("fields/{name}"));
        let group =
            path.as_ref().map_or(self.file.as_group(), |path| self.file.group(path)).ok()?;
        let radius =
            attribute(&group, "radius").and_then(|radius| radius.read_scalar::<f64>().ok());
        let path = path.unwrap_or_else(|| "the file".into());
        Written::of(&path, |attribute| text(&group, attribute), radius)
    }

    /// Calls `seen` for every dataset of the file, in a result of this program but for those that show others to ParaView.
    fn visit(&self, seen: &mut impl FnMut(&Dataset)) -> ::hdf5::Result<()> {
        let own = attribute(&self.file, "hodge_layout");
        let shown = own.and_then(|_| self.file.group("VTKHDF").ok());
        let mut known = shown.and_then(|group| identity(&group).ok()).into_iter().collect();
        visit(&self.file, DEPTH, &mut known, seen)
    }

    /// The file is a result of this program whose fields have no groups of their own.
    fn is_own_without_groups(&self) -> bool {
        attribute(&self.file, "hodge_layout").is_some()
            && attribute(&self.file, "periodic_axes").is_some()
    }
}

impl Store for Hdf5Store {
    fn path(&self) -> &Path {
        &self.path
    }

    fn list(&self) -> Result<Listing, FileError> {
        let found = self.listing(|member| !member.is_scale)?;
        if found.0.is_empty() {
            self.refuse_unopened()?;
        }
        Ok(found)
    }

    fn attribute(&self, array: &str, name: &str) -> String {
        let dataset = self.file.dataset(array).ok();
        dataset.and_then(|dataset| text(&dataset, name)).unwrap_or_default()
    }

    fn texts_of_file(&self) -> Vec<(String, String)> {
        let names = self.file.attr_names().unwrap_or_default().into_iter();
        let texts = names.map(|name| (text(&self.file, &name).unwrap_or_default(), name));
        texts.map(|(text, name)| (name, text)).collect()
    }

    fn numbers(&self, place: &str, wanted: &dyn Fn(&str) -> bool) -> Vec<(String, Vec<f64>)> {
        let of = |location: &Location| {
            let names = location.attr_names().unwrap_or_default();
            let named = names.into_iter().filter(|name| wanted(name));
            named.filter_map(|name| Some((name.clone(), numbers(location, &name)?))).collect()
        };
        if place.is_empty() {
            return of(&self.file);
        }
        match (self.file.dataset(place), self.file.group(place)) {
            (Ok(dataset), _) => of(&dataset),
            (_, Ok(group)) => of(&group),
            _ => Vec::new(),
        }
    }

    fn arrays(&self) -> Result<Listing, FileError> {
        self.listing(|member| !member.is_placeholder)
    }

    fn angle_arrays(&self) -> Result<Vec<AngleArray>, FileError> {
        // What CF calls the coordinates of any array, and arrays that are angles if they are among them.
        let (mut coordinates, mut found) = (Vec::new(), Vec::new());
        let mut add = |dataset: &Dataset| {
            let attribute = |name: &str| text(dataset, name).unwrap_or_default();
            let named = attribute("coordinates");
            coordinates.extend(named.split_whitespace().map(|name| leaf(name).to_string()));
            let (path, units) = (dataset.name(), attribute("units"));
            let certain = holds_angles(&path, &attribute("standard_name"), &units);
            if certain || is_angle_unit(&units) {
                let name: String = path.trim_start_matches('/').into();
                found.push((AngleArray { name, shape: dataset.shape() }, certain));
            }
        };
        self.visit(&mut add).map_err(|e| self.damaged(&e))?;
        found.retain(|(array, certain)| {
            *certain || coordinates.iter().any(|name| name == leaf(&array.name))
        });
        Ok(found.into_iter().map(|(array, _)| array).collect())
    }

    fn open(&self, name: &str) -> Result<Box<dyn ArraySource>, FileError> {
        let Some((dataset, field)) = self.find(name) else {
            let available = self.list()?;
            return Err(FileError::NoSuchDataset {
                path: self.path.clone(),
                name: name.into(),
                available,
            });
        };
        check_sources(&self.path, &dataset)?;
        self.check_lists(name)?;
        let of_field = |field: &String| {
            let all = hdf5_compound::fields(&dataset);
            all.into_iter().find(|(name, _)| name == field).map(|(_, number)| number)
        };
        let number = match field.as_ref().and_then(of_field) {
            Some(number) => number,
            None => number_type(&dataset)
                .map_err(|found| FileError::NotNumbers { name: name.into(), found })?,
        };
        let written = self.written(name);
        let dimensions = match mesh_dimensions(&self.file, &dataset) {
            Some(found) => found?,
            None => dimensions(&dataset).map_err(|e| self.damaged(&e))?,
        };
        let info = ArrayInfo {
            name: name.trim_start_matches('/').into(),
            shape: dataset.shape(),
            number,
            dimensions,
            standard_name: text(&dataset, "standard_name").unwrap_or_default(),
            units: text(&dataset, "units").unwrap_or_default(),
            packing: match &written {
                // Its missing values are NaN.
                Some(_) => Packing::default(),
                None => {
                    let real = number != NumberType::Integer;
                    unwritten(&dataset, real, data_packing(&dataset, self.netcdf))
                }
            },
            written,
        };
        let matlab = is_matlab(&dataset);
        let file = self.raw.clone();
        let array = Box::new(Hdf5Array::new((dataset, field), info, &self.path, file));
        Ok(if matlab { Box::new(Reversed::new(array)) } else { array })
    }

    fn vector_groups(&self) -> Result<Vec<Vec<String>>, FileError> {
        let names: Vec<String> = self.arrays()?.0.into_iter().map(|(name, _)| name).collect();
        Ok(vector_meshes(&self.file, &names))
    }

    fn coordinates(&self, sibling: &str, name: &str) -> Option<Coordinates> {
        coordinates(&self.there(&beside(sibling, name))?)
    }

    fn edges(&self, sibling: &str, axis: &str) -> Option<Coordinates> {
        self.written(sibling)?;
        coordinates(&self.there(&beside(sibling, &format!("{axis}_edges")))?)
    }

    fn own_inputs(&self) -> Result<Vec<String>, FileError> {
        if self.is_own_without_groups() {
            let input = self.file.dataset("input").is_ok().then(|| "input".to_string());
            return Ok(Vec::from_iter(input));
        }
        let Ok(fields) = self.file.group("fields") else {
            return Ok(Vec::new());
        };
        let mut names = fields.member_names().map_err(|e| self.damaged(&e))?;
        names.sort();
        names.retain(|name| fields.group(name).is_ok_and(|group| group.dataset("input").is_ok()));
        Ok(names.iter().map(|name| format!("fields/{name}/input")).collect())
    }

    fn own_faces(&self) -> Result<Vec<Vec<String>>, FileError> {
        if self.is_own_without_groups() {
            let all = AXIS_NAMES.iter().map(|axis| format!("faces/input_{axis}"));
            let found = all.filter(|path| self.file.dataset(path).is_ok()).collect::<Vec<_>>();
            return Ok(Vec::from_iter((found.len() > 1).then_some(found)));
        }
        let Ok(fields) = self.file.group("fields") else {
            return Ok(Vec::new());
        };
        let mut names = fields.member_names().map_err(|e| self.damaged(&e))?;
        names.sort();
        let components = |name: String| -> Vec<String> {
            let all = AXIS_NAMES.iter().map(|axis| format!("fields/{name}/faces/input_{axis}"));
            all.filter(|path| self.file.dataset(path).is_ok()).collect()
        };
        Ok(names.into_iter().map(components).filter(|set| set.len() > 1).collect())
    }
}
