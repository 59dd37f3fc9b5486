//! Arrays of the caller in the place of a file.

use super::angle_words::holds_angles;
use super::array::{
    AngleArray, ArrayInfo, ArraySource, Bounds, Coordinates, Dimension, NumberType, Packing, Store,
};
use super::given::{GivenArray, GivenArrays, GivenValues};
use super::packing::{Numbers, Seen, Unpacking};
use super::stored::Stored;
use super::{FileError, Listing};
use crate::machine::zeros;
use ndarray::{ArrayD, IxDyn};
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl GivenArray {
    fn text(&self, name: &str) -> String {
        let found = self.texts.iter().find(|(own, _)| own == name);
        found.map(|(_, text)| text.trim().to_string()).unwrap_or_default()
    }

    fn number(&self) -> NumberType {
        match self.stored {
            ('f', 8) => NumberType::F64,
            ('f', _) => NumberType::F32,
            _ => NumberType::Integer,
        }
    }

    fn numbers(&self, name: &str) -> Option<Numbers> {
        let found = self.numbers.iter().find(|(own, _)| own == name);
        let said = || Some((vec![self.text(name).parse().ok()?], true));
        found.map(|(_, numbers)| numbers.clone()).or_else(said)
    }

    fn stored(&self) -> Stored {
        let (kind, bytes) = self.stored;
        Stored { kind, bytes, declared_unsigned: self.text("_Unsigned") == "true" }
    }

    /// All values, unpacked.
    fn all(&self) -> Vec<f64> {
        let packing = Packing::of_coordinates(self.stored(), |name| self.numbers(name));
        let mut values = zeros(self.shape.iter().product());
        self.values.write(&vec![None; self.shape.len()], &mut values);
        values.iter_mut().for_each(|value| *value = packing.value(*value));
        values
    }

    fn is_coordinate(&self) -> bool {
        matches!(&self.dimensions[..], [only] if *only == self.name)
    }
}

/// [`GivenArrays`] in the place of a file.
pub(super) struct GivenStore {
    /// What messages call them.
    pub path: PathBuf,
    pub given: Arc<GivenArrays>,
}

impl GivenStore {
    fn array(&self, name: &str) -> Option<&GivenArray> {
        self.given.arrays.iter().find(|array| array.name == name)
    }

    fn listing(&self, which: impl Fn(&GivenArray) -> bool) -> Listing {
        let listed = self.given.arrays.iter().filter(|array| which(array));
        Listing(listed.map(|array| (array.name.clone(), array.shape.clone())).collect())
    }

    fn coordinates_of(&self, name: &str) -> Option<Coordinates> {
        let array = self.array(name).filter(|array| array.shape.len() == 1)?;
        let bounds = self.array(&array.text("bounds")).map(|bounds| Bounds {
            name: bounds.name.clone(),
            shape: bounds.shape.clone(),
            values: bounds.all(),
        });
        Some(Coordinates {
            origin: format!("variable `{name}`"),
            name: name.into(),
            standard_name: array.text("standard_name"),
            long_name: array.text("long_name"),
            calendar: array.text("calendar"),
            positive: array.text("positive"),
            values: array.all(),
            units: array.text("units"),
            single: array.number() == NumberType::F32,
            bounds,
            ..Coordinates::default()
        })
    }

    fn dimension(&self, name: &str) -> Dimension {
        let axis = self.array(name).map(|array| array.text("axis").to_uppercase());
        Dimension {
            name: (!name.is_empty()).then(|| name.into()),
            axis: axis.filter(|axis| !axis.is_empty()),
            coordinates: self.coordinates_of(name),
            ..Dimension::default()
        }
    }
}

impl Store for GivenStore {
    fn path(&self) -> &Path {
        &self.path
    }

    fn list(&self) -> Result<Listing, FileError> {
        Ok(self.listing(|array| !array.is_coordinate()))
    }

    fn arrays(&self) -> Result<Listing, FileError> {
        Ok(self.listing(|_| true))
    }

    fn attribute(&self, array: &str, name: &str) -> String {
        self.array(array).map(|array| array.text(name)).unwrap_or_default()
    }

    fn texts_of_file(&self) -> Vec<(String, String)> {
        self.given.texts.clone()
    }

    fn open(&self, name: &str) -> Result<Box<dyn ArraySource>, FileError> {
        let Some(array) = self.array(name) else {
            let (path, available) = (self.path().into(), self.list()?);
            return Err(FileError::NoSuchDataset { path, name: name.into(), available });
        };
        let info = ArrayInfo {
            name: name.into(),
            shape: array.shape.clone(),
            number: array.number(),
            dimensions: array.dimensions.iter().map(|name| self.dimension(name)).collect(),
            standard_name: array.text("standard_name"),
            units: array.text("units"),
            packing: Packing::of_data(array.stored(), true, |name| array.numbers(name)),
            written: None,
        };
        Ok(Box::new(GivenSource { info, values: Arc::clone(&array.values) }))
    }

    fn coordinates(&self, _sibling: &str, name: &str) -> Option<Coordinates> {
        self.coordinates_of(name)
    }

    fn angle_arrays(&self) -> Result<Vec<AngleArray>, FileError> {
        let angles = |array: &GivenArray| {
            holds_angles(&array.name, &array.text("standard_name"), &array.text("units"))
        };
        let found = self.listing(angles).0.into_iter();
        Ok(found.map(|(name, shape)| AngleArray { name, shape }).collect())
    }
}

struct GivenSource {
    info: ArrayInfo,
    values: Arc<dyn GivenValues>,
}

impl ArraySource for GivenSource {
    fn info(&self) -> &ArrayInfo {
        &self.info
    }

    fn info_mut(&mut self) -> &mut ArrayInfo {
        &mut self.info
    }

    fn read(&self, at: &[Option<usize>]) -> Result<ArrayD<f64>, FileError> {
        let lengths = self.info.shape.iter().zip(at).filter(|(_, fixed)| fixed.is_none());
        let shape: Vec<usize> = lengths.map(|(n, _)| *n).collect();
        let mut values = zeros(shape.iter().product());
        self.values.write(at, &mut values);
        Ok(ArrayD::from_shape_vec(IxDyn(&shape), values).expect("one value for each place"))
    }

    fn read_directly(
        &self,
        at: &[Option<usize>],
        out: &mut [f64],
        unpacking: &Unpacking<'_>,
    ) -> Result<Option<Seen>, FileError> {
        self.values.write(at, out);
        Ok(Some(unpacking.unpack_all(out)))
    }
}
