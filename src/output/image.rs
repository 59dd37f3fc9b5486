//! Arrays on uniform points as ParaView and VTK open them: the group `VTKHDF`, whose arrays have no numbers of their own but
//! show those of the file in another order.

use super::group::{COMPONENT, DimensionScale};
use super::lattice::Lattice;
use super::slab::whole;
use ::hdf5::types::FixedAscii;
use ::hdf5::{Group, H5Type, Hyperslab, Result};

/// The group, in the root of the file.
pub(crate) const VTKHDF: &str = "VTKHDF";
/// Of the format; the first that knows steps.
const VERSION: [i64; 2] = [2, 0];
/// Axes of points in VTK, and components of its vectors.
const DIMENSIONS: usize = 3;

/// What numbers an array has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Flag,
    Single,
    Double,
}

impl Number {
    /// Of an array of flags or not, in single precision or not.
    pub fn of(flag: bool, single: bool) -> Number {
        match (flag, single) {
            (true, _) => Number::Flag,
            (false, true) => Number::Single,
            (false, false) => Number::Double,
        }
    }
}

/// An array of the file.
pub(super) struct Shown<'a> {
    pub name: &'a str,
    pub axes: &'a [String],
    /// Without the axes that count fields.
    pub shape: &'a [usize],
    /// It has those axes.
    pub varies: bool,
    pub number: Number,
}

/// Shows those arrays of the root of a file that are on the points, `points` being their axes, slowest first.
pub(super) fn write_image<'a>(
    root: &Group,
    (lattice, points): (&Lattice, &[String]),
    leading: &[DimensionScale],
    arrays: impl IntoIterator<Item = Shown<'a>>,
) -> Result<()> {
    let group = root.create_group(VTKHDF)?;
    write_frame(&group, lattice)?;
    let data = group.create_group("PointData")?;
    let view = View { lattice, leading, data: &data };
    let steps = view.steps();
    let offsets = steps.map(|steps| write_steps(&group, leading, steps)).transpose()?;
    for array in arrays {
        let scalar = array.axes == points;
        let vector =
            array.axes.split_first().is_some_and(|(c, rest)| c == COMPONENT && rest == points);
        if !scalar && !vector {
            continue;
        }
        let name = array.name.replace('/', "_");
        match array.number {
            Number::Flag => view.write::<u8>(&name, &array, vector)?,
            Number::Single => view.write::<f32>(&name, &array, vector)?,
            Number::Double => view.write::<f64>(&name, &array, vector)?,
        }
        if let (Some(offsets), Some(steps)) = (&offsets, steps) {
            let at: Vec<i64> =
                (0..steps as i64).map(|k| if array.varies { k } else { 0 }).collect();
            offsets.new_dataset_builder().with_data(&at).create(name.as_str())?;
        }
    }
    Ok(())
}

/// Where the points are.
fn write_frame(group: &Group, lattice: &Lattice) -> Result<()> {
    let padded = |values: &[f64], other: f64| {
        let mut all = values.to_vec();
        all.resize(DIMENSIONS, other);
        all
    };
    let mut extent = vec![0_i64; 2 * DIMENSIONS];
    for (k, cells) in lattice.cells.iter().enumerate() {
        extent[2 * k + 1] = *cells as i64 - 1;
    }
    let direction = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
    let kind = FixedAscii::<9>::from_ascii(b"ImageData").map_err(|e| e.to_string())?;
    group.new_attr::<FixedAscii<9>>().create("Type")?.write_scalar(&kind)?;
    list(group, "Version", &VERSION)?;
    list(group, "WholeExtent", &extent)?;
    list(group, "Origin", &padded(&lattice.origin, 0.0))?;
    list(group, "Spacing", &padded(&lattice.spacing, 1.0))?;
    list(group, "Direction", &direction)
}

fn list<T: H5Type>(group: &Group, name: &str, values: &[T]) -> Result<()> {
    group.new_attr::<T>().shape(values.len()).create(name)?.write_raw(values)
}

/// The times of the fields, or their numbers where those do not ascend; the group of the places of their arrays.
fn write_steps(group: &Group, leading: &[DimensionScale], count: usize) -> Result<Group> {
    let steps = group.create_group("Steps")?;
    steps.new_attr::<i64>().create("NSteps")?.write_scalar(&(count as i64))?;
    let ascends =
        |values: &&[f64]| values.is_sorted_by(|a, b| a < b) && values.iter().all(|v| v.is_finite());
    let only = match leading {
        [axis] => Some(&axis.values[..]).filter(ascends),
        _ => None,
    };
    let values = only.map_or_else(|| (0..count).map(|k| k as f64).collect(), <[f64]>::to_vec);
    steps.new_dataset_builder().with_data(&values).create("Values")?;
    steps.create_group("PointDataOffsets")
}

/// Makes the arrays of the group.
struct View<'a> {
    lattice: &'a Lattice,
    leading: &'a [DimensionScale],
    data: &'a Group,
}

impl View<'_> {
    /// Number of fields; `None` for a single one.
    fn steps(&self) -> Option<usize> {
        let lengths = || self.leading.iter().map(|axis| axis.values.len());
        (!self.leading.is_empty()).then(|| lengths().product())
    }

    /// (step, z, y, x), of a vector with its three components at the end. Those that the file has not are zero.
    fn write<T: H5Type>(&self, name: &str, array: &Shown<'_>, vector: bool) -> Result<()> {
        let leading = self.leading.iter().filter(|_| array.varies).map(|axis| axis.values.len());
        let source: Vec<usize> = leading.clone().chain(array.shape.iter().copied()).collect();
        let component = leading.clone().count();
        let steps = self.steps().map(|steps| if array.varies { steps } else { 1 });
        let points = self.lattice.shape();
        let mut target: Vec<usize> = steps.into_iter().chain(points).collect();
        let components = if vector { array.shape[0] } else { 1 };
        target.extend(vector.then_some(DIMENSIONS));
        let mut builder = self.data.new_dataset_builder().empty::<T>().shape(target.clone());
        for k in 0..components {
            let (mut from, mut to) = (whole(&source), whole(&target));
            if vector {
                (from[component], to[target.len() - 1]) = (k.into(), k.into());
            }
            let (from, to) = (Hyperslab::from(from), Hyperslab::from(to));
            let name = format!("/{}", array.name);
            builder = builder.virtual_map(".", name, source.clone(), from, target.clone(), to);
        }
        builder.create(name)?;
        Ok(())
    }
}
