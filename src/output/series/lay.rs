//! The HDF5 file of a series before any field is in it.

use super::schema::{ArraySchema, Schema};
use super::{CHECKSUM, FLAGS, MESSAGE, WARNINGS};
use crate::output::attributes;
use crate::output::group::DimensionScale;
use crate::output::image::{Number, Shown, write_image};
use crate::output::scales::{Scales, components};
use crate::output::slab::slab;
use crate::output::write::{chunk_shape, describe, missing_is};
use ::hdf5::plist::dataset_create::{AllocTime, FillTime};
use ::hdf5::types::{FixedAscii, FixedUnicode, VarLenUnicode};
use ::hdf5::{Dataset, DatasetBuilder, Group, H5Type, Result};

/// Names that are written at once.
const NAMES: usize = 512;

/// Where the numbers of arrays are to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Storage {
    /// At once, at a place in the file that does not change.
    Placed,
    /// Once they are written, compressed by this level if there is one.
    Written(Option<u8>),
}

/// The empty arrays of a series.
pub(super) struct Arrays {
    /// In the order of the schema.
    pub arrays: Vec<Dataset>,
    pub columns: Vec<Dataset>,
    pub flags: Dataset,
    pub warnings: Dataset,
    pub messages: Dataset,
    /// Of the inputs, where there are any.
    pub checksums: Option<Dataset>,
}

/// Makes everything a group holds of a series: coordinates, attributes, empty arrays.
pub(super) fn lay(group: &Group, schema: &Schema, storage: Storage) -> Result<Arrays> {
    attributes::write_all(group, "", &schema.attributes)?;
    let scales = schema.leading.axes.iter().chain(&schema.scales);
    let shapes = schema.arrays.iter().map(|array| (&array.axes[..], &array.shape[..]));
    let mut scales = Scales::write(group, scales, components(shapes))?;
    scales.fix(&schema.fixed)?;
    let mut laid = Laying { group, schema, storage, scales };
    laid.names()?;
    let arrays = schema.arrays.iter().map(|array| laid.array(array)).collect::<Result<_>>()?;
    let column = |name: &String| laid.evidence::<f64>(name, "");
    let columns = schema.columns.iter().map(column).collect::<Result<_>>()?;
    Ok(Arrays {
        arrays,
        columns,
        flags: laid.evidence::<u8>(FLAGS, "1 where the field was decomposed, else 0")?,
        warnings: laid.evidence::<FixedUnicode<WARNINGS>>("warnings", "")?,
        messages: laid.evidence::<FixedUnicode<MESSAGE>>("error", "why a field has no parts")?,
        checksums: laid.inputs()?,
    })
}

/// Shows the arrays of the only series of a file to ParaView.
pub(super) fn show(root: &Group, schema: &Schema) -> Result<()> {
    let Some(lattice) = &schema.lattice else { return Ok(()) };
    let shown = schema.arrays.iter().map(|array| Shown {
        name: &array.name,
        axes: &array.axes,
        shape: &array.shape,
        varies: array.varies,
        number: Number::of(array.flag, schema.single_precision),
    });
    write_image(root, (lattice, &schema.points), &schema.leading.axes, shown)
}

struct Laying<'a> {
    group: &'a Group,
    schema: &'a Schema,
    storage: Storage,
    scales: Scales<'a>,
}

impl<'a> Laying<'a> {
    fn leading(&self) -> &'a [DimensionScale] {
        &self.schema.leading.axes
    }

    fn array(&mut self, array: &ArraySchema) -> Result<Dataset> {
        match (array.flag, self.schema.single_precision) {
            (true, _) => self.array_of::<u8>(array),
            (false, true) => self.numbers(array, f32::NAN),
            (false, false) => self.numbers(array, f64::NAN),
        }
    }

    fn numbers<T: H5Type>(&mut self, array: &ArraySchema, missing: T) -> Result<Dataset> {
        missing_is(self.array_of::<T>(array)?, missing)
    }

    fn array_of<T: H5Type>(&mut self, array: &ArraySchema) -> Result<Dataset> {
        let leading = if array.varies { self.leading() } else { &[] };
        let lengths = leading.iter().map(|axis| axis.values.len());
        let shape: Vec<usize> = lengths.chain(array.shape.iter().copied()).collect();
        let axes = leading.iter().map(|axis| &axis.name).chain(&array.axes);
        let mut builder = self.builder();
        if let Storage::Written(Some(level)) = self.storage {
            let mut chunk = vec![1; leading.len()];
            chunk.extend(chunk_shape(&array.shape, &array.axes));
            builder = builder.chunk(chunk).shuffle().deflate(level.min(9));
        }
        let dataset = builder.empty::<T>().shape(shape).create(array.name.as_str())?;
        describe(&dataset, &array.units, &array.long_name)?;
        self.scales.attach(&dataset, &array.name, axes)?;
        Ok(dataset)
    }

    /// An array with one value a field, in the table of evidence.
    fn evidence<T: H5Type>(&mut self, name: &str, words: &str) -> Result<Dataset> {
        let shape = self.schema.leading.lengths();
        let name = format!("evidence/{name}");
        let dataset = self.builder().empty::<T>().shape(shape).create(name.as_str())?;
        describe(&dataset, "", words)?;
        let axes = self.leading().iter().map(|axis| &axis.name);
        self.scales.attach(&dataset, &name, axes)?;
        Ok(dataset)
    }

    /// Names of the inputs, and room for their checksums.
    fn inputs(&self) -> Result<Option<Dataset>> {
        let inputs = &self.schema.inputs;
        if inputs.is_empty() {
            return Ok(None);
        }
        let texts = texts(inputs);
        let names = self.group.new_dataset_builder().create_intermediate_group(true);
        describe(&names.with_data(&texts[..]).create("inputs/path")?, "", "input of the run")?;
        let sums = self.builder().empty::<FixedAscii<CHECKSUM>>().shape(inputs.len());
        let sums = sums.create("inputs/sha256")?;
        describe(&sums, "", "SHA-256 of its bytes")?;
        Ok(Some(sums))
    }

    /// What each field is called.
    fn names(&mut self) -> Result<()> {
        let leading = &self.schema.leading;
        if leading.axes.is_empty() || leading.names.is_empty() {
            return Ok(());
        }
        let lengths = leading.lengths();
        let (last, slower) = lengths.split_last().expect("an axis");
        let builder = self.group.new_dataset_builder().empty::<VarLenUnicode>();
        let dataset = builder.shape(lengths.clone()).create("name")?;
        for (row, names) in leading.names.chunks(*last).enumerate() {
            // A copy of all of them would be the most that a long series holds.
            for (block, names) in names.chunks(NAMES).enumerate() {
                let first = block * NAMES;
                let place = slab(slower, vec![(first..first + names.len()).into()], row);
                dataset.write_slice(&texts(names), place)?;
            }
        }
        describe(&dataset, "", "name of the field")?;
        self.scales.attach(&dataset, "name", leading.axes.iter().map(|axis| &axis.name))?;
        Ok(())
    }

    fn builder(&self) -> DatasetBuilder {
        let builder = self.group.new_dataset_builder().create_intermediate_group(true);
        match self.storage {
            Storage::Placed => {
                builder.alloc_time(Some(AllocTime::Early)).fill_time(FillTime::Never)
            }
            Storage::Written(_) => builder,
        }
    }
}

/// HDF5 text ends at the first NUL.
fn texts(words: &[String]) -> Vec<VarLenUnicode> {
    let text =
        |word: &String| word.replace('\0', "").parse().expect("text without NUL is a string");
    words.iter().map(text).collect()
}
