//! HDF5, and with it NetCDF-4: datasets, dimension scales, CF attributes.

use super::angle_words::{holds_angles, is_angle_unit};
use super::array::{
    AngleArray, ArrayInfo, ArraySource, Coordinates, Packing, Store, Unpacking, beside,
};
use super::hdf5_info::{coordinates, data_packing, dimensions, is_placeholder, number_type, text};
use super::openpmd::{mesh_dimensions, vector_meshes};
use super::packing::Seen;
use super::raw::{Element, Raw, first_of};
use super::written::Written;
use super::{FileError, Listing};
use crate::grid::AXIS_NAMES;
use ::hdf5::{Dataset, File, Group, Hyperslab, SliceOrIndex};
use ndarray::{ArrayD, IxDyn};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Groups nested deeper are not searched (a hard link may make a ring).
const DEPTH: usize = 16;

/// An open HDF5 file.
pub(super) struct Hdf5Store {
    file: File,
    /// The same file, for numbers that the library need not convert.
    raw: Option<Arc<std::fs::File>>,
    path: PathBuf,
    /// Written by NetCDF.
    netcdf: bool,
}

impl Hdf5Store {
    pub fn open(path: &Path) -> Result<Hdf5Store, FileError> {
        let file = File::open(path).map_err(|e| damaged(path, &e))?;
        let raw = std::fs::File::open(path).ok().map(Arc::new);
        let netcdf = file.attr("_NCProperties").is_ok();
        Ok(Hdf5Store { file, raw, path: path.into(), netcdf })
    }

    fn damaged(&self, error: &::hdf5::Error) -> FileError {
        damaged(&self.path, error)
    }

    /// What the group `fields/NAME` above a dataset says.
    fn written(&self, dataset: &str) -> Option<Written> {
        let mut names = dataset.trim_start_matches('/').split('/');
        let name = names.next().filter(|first| *first == "fields").and_then(|_| names.next())?;
        let path = format!("fields/{name}");
        let group = self.file.group(&path).ok()?;
        self.file.attr("hodge_layout").ok()?;
        let radius = group.attr("radius").and_then(|radius| radius.read_scalar::<f64>()).ok();
        Written::of(&path, |attribute| text(&group, attribute), radius)
    }
}

fn damaged(path: &Path, error: &::hdf5::Error) -> FileError {
    // The library has no error code for this.
    if error.to_string().contains("unable to lock file") {
        return FileError::Locked { path: path.into() };
    }
    FileError::Damaged { path: path.into(), format: "HDF5", reason: error.to_string() }
}

impl Store for Hdf5Store {
    fn path(&self) -> &Path {
        &self.path
    }

    fn list(&self) -> Result<Listing, FileError> {
        let mut found = Vec::new();
        let mut add = |dataset: &Dataset| {
            if text(dataset, "CLASS").as_deref() != Some("DIMENSION_SCALE") {
                let path = dataset.name();
                found.push((path.trim_start_matches('/').into(), shape(dataset)));
            }
        };
        visit(&self.file, DEPTH, &mut add).map_err(|e| self.damaged(&e))?;
        Ok(Listing(found))
    }

    fn attribute(&self, array: &str, name: &str) -> String {
        let dataset = self.file.dataset(array).ok();
        dataset.and_then(|dataset| text(&dataset, name)).unwrap_or_default()
    }

    fn arrays(&self) -> Result<Listing, FileError> {
        let mut found = Vec::new();
        let mut add = |dataset: &Dataset| {
            if is_placeholder(dataset) {
                return;
            }
            found.push((dataset.name().trim_start_matches('/').into(), shape(dataset)));
        };
        visit(&self.file, DEPTH, &mut add).map_err(|e| self.damaged(&e))?;
        Ok(Listing(found))
    }

    fn angle_arrays(&self) -> Result<Vec<AngleArray>, FileError> {
        // What CF calls the coordinates of any array, and arrays that are angles if they are among them.
        let (mut coordinates, mut found) = (Vec::new(), Vec::new());
        let mut add = |dataset: &Dataset| {
            let attribute = |name: &str| text(dataset, name).unwrap_or_default();
            let named = attribute("coordinates");
            let leaves =
                named.split_whitespace().map(|name| name.rsplit('/').next().unwrap_or(name));
            coordinates.extend(leaves.map(String::from));
            let (path, units) = (dataset.name(), attribute("units"));
            let certain = holds_angles(&path, &attribute("standard_name"), &units);
            if certain || is_angle_unit(&units) {
                let name: String = path.trim_start_matches('/').into();
                found.push((AngleArray { name, shape: dataset.shape() }, certain));
            }
        };
        visit(&self.file, DEPTH, &mut add).map_err(|e| self.damaged(&e))?;
        found.retain(|(array, certain)| {
            let leaf = array.name.rsplit('/').next().unwrap_or_default();
            *certain || coordinates.iter().any(|name| name == leaf)
        });
        Ok(found.into_iter().map(|(array, _)| array).collect())
    }

    fn open(&self, name: &str) -> Result<Box<dyn ArraySource>, FileError> {
        let Ok(dataset) = self.file.dataset(name) else {
            let available = self.list()?;
            return Err(FileError::NoSuchDataset {
                path: self.path.clone(),
                name: name.into(),
                available,
            });
        };
        let number = number_type(&dataset)
            .map_err(|found| FileError::NotNumbers { name: name.into(), found })?;
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
                None => data_packing(&dataset, self.netcdf),
            },
            written,
        };
        let logical = dataset.dtype().is_ok_and(|t| t.is::<bool>());
        let raw = self.raw.clone().and_then(|file| raw(&dataset, file));
        let matlab = is_matlab(&dataset);
        let array = Box::new(Hdf5Array { dataset, info, path: self.path.clone(), logical, raw });
        Ok(if matlab { Box::new(Reversed::new(array)) } else { array })
    }

    fn vector_groups(&self) -> Result<Vec<Vec<String>>, FileError> {
        let names: Vec<String> = self.arrays()?.0.into_iter().map(|(name, _)| name).collect();
        Ok(vector_meshes(&self.file, &names))
    }

    fn coordinates(&self, sibling: &str, name: &str) -> Option<Coordinates> {
        coordinates(&self.file.dataset(&beside(sibling, name)).ok()?)
    }

    fn edges(&self, sibling: &str, axis: &str) -> Option<Coordinates> {
        self.written(sibling)?;
        coordinates(&self.file.dataset(&beside(sibling, &format!("{axis}_edges"))).ok()?)
    }

    fn own_inputs(&self) -> Result<Vec<String>, FileError> {
        let Ok(fields) = self.file.group("fields") else {
            return Ok(Vec::new());
        };
        let mut names = fields.member_names().map_err(|e| self.damaged(&e))?;
        names.sort();
        names.retain(|name| fields.group(name).is_ok_and(|group| group.dataset("input").is_ok()));
        Ok(names.iter().map(|name| format!("fields/{name}/input")).collect())
    }

    fn own_faces(&self) -> Result<Vec<Vec<String>>, FileError> {
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

/// Whether MATLAB wrote a dataset: it names the axes of its arrays the other way round.
fn is_matlab(dataset: &Dataset) -> bool {
    dataset.attr("MATLAB_class").is_ok()
}

/// Lengths of the axes as whoever wrote them counts them.
fn shape(dataset: &Dataset) -> Vec<usize> {
    let mut shape = dataset.shape();
    if is_matlab(dataset) {
        shape.reverse();
    }
    shape
}

/// An array whose axes are named in the opposite order.
struct Reversed {
    array: Box<Hdf5Array>,
    info: ArrayInfo,
}

impl Reversed {
    fn new(array: Box<Hdf5Array>) -> Reversed {
        let mut info = array.info.clone();
        info.shape.reverse();
        info.dimensions.reverse();
        info.dimensions.iter_mut().for_each(|dimension| dimension.either_order = true);
        Reversed { array, info }
    }
}

impl ArraySource for Reversed {
    fn info(&self) -> &ArrayInfo {
        &self.info
    }

    fn read(&self, at: &[Option<usize>]) -> Result<ArrayD<f64>, FileError> {
        let at: Vec<_> = at.iter().rev().copied().collect();
        Ok(self.array.read(&at)?.reversed_axes())
    }
}

/// A dataset of an open file.
struct Hdf5Array {
    dataset: Dataset,
    info: ArrayInfo,
    path: PathBuf,
    logical: bool,
    /// Where the numbers are stored contiguously in the format of this machine.
    raw: Option<Raw>,
}

impl ArraySource for Hdf5Array {
    fn info(&self) -> &ArrayInfo {
        &self.info
    }

    fn read(&self, at: &[Option<usize>]) -> Result<ArrayD<f64>, FileError> {
        let slab: Vec<SliceOrIndex> = at
            .iter()
            .map(|index| match index {
                Some(i) => SliceOrIndex::Index(*i),
                None => SliceOrIndex::from(..),
            })
            .collect();
        let (reader, slab) = (self.dataset.as_reader(), Hyperslab::from(slab));
        // HDF5 has no conversion from its logical type to numbers.
        let values = if self.logical {
            let flags = reader.read_slice::<bool, _, IxDyn>(slab);
            flags.map(|flags| flags.mapv(|flag| f64::from(u8::from(flag))))
        } else {
            reader.read_slice::<f64, _, IxDyn>(slab)
        };
        values.map_err(|e| damaged(&self.path, &e))
    }

    /// Without the library where the numbers need no conversion: it reads with one thread.
    fn read_directly(
        &self,
        at: &[Option<usize>],
        out: &mut [f64],
        unpacking: &Unpacking<'_>,
    ) -> Result<Option<Seen>, FileError> {
        let whole = at.iter().all(Option::is_none) && !self.logical;
        if let (Some(raw), Some(first)) = (&self.raw, first_of(&self.info.shape, at))
            && let Ok(seen) = raw.read(first, out, unpacking)
        {
            return Ok(Some(seen));
        }
        if !whole {
            return Ok(None);
        }
        let read = self.dataset.as_reader().read_into_raw(out);
        read.map_err(|e| damaged(&self.path, &e))?;
        Ok(Some(unpacking.unpack_all(out)))
    }
}

/// Where the real numbers of a dataset are stored, unless they are chunked, compressed or external,
/// or have another byte order.
fn raw(dataset: &Dataset, file: Arc<std::fs::File>) -> Option<Raw> {
    let contiguous = dataset.layout() == ::hdf5::dataset::Layout::Contiguous;
    let start = dataset.offset().filter(|_| contiguous)?;
    let number = dataset.dtype().ok()?;
    let element = match (number.is::<f64>(), number.is::<f32>()) {
        (true, _) => Element::native(8),
        (_, true) => Element::native(4),
        _ => return None,
    };
    Some(Raw { file, start, element })
}

/// Calls `seen` for every dataset of a group and of those in it.
fn visit(group: &Group, depth: usize, seen: &mut impl FnMut(&Dataset)) -> ::hdf5::Result<()> {
    for name in group.member_names()? {
        if let Ok(dataset) = group.dataset(&name) {
            seen(&dataset);
        } else if depth > 0
            && let Ok(inner) = group.group(&name)
        {
            visit(&inner, depth - 1, seen)?;
        }
    }
    Ok(())
}
