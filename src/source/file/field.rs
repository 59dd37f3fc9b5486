//! A field in a file, read a sample at a time.

use super::FileError;
use super::along::{arrange, space_axis};
use super::angles::{Angles, Longitudes};
use super::array::{ArraySource, NumberType, Unpacking};
use super::axes::{Role, Roles};
use super::geometry::Geometry;
use super::mask::Mask;
use super::packing::Seen;
use super::series::SeriesAxes;
use super::turn::Turn;
use super::unused::Unused;
use super::written::StatedSphere;
use crate::grid::AXIS_NAMES;
use crate::machine::zeros;
use crate::source::{SampleAxis, StoredAxis};
use ndarray::{ArrayD, Axis, IxDyn, Slice};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The datasets of one field (or series of fields): one per component, or one with all.
pub(super) struct Set {
    /// What the set is called where there are several.
    pub label: Option<String>,
    pub parts: Vec<FieldArray>,
}

/// A dataset and what its axes mean.
pub(super) struct FieldArray {
    pub source: Box<dyn ArraySource>,
    pub roles: Roles,
    /// Numbers that mean "missing" by request.
    pub fill: Option<f64>,
}

impl FieldArray {
    pub fn unpacking(&self) -> Unpacking<'_> {
        Unpacking { packing: &self.source.info().packing, fill: self.fill }
    }
}

/// How the faces in the file are numbered.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FaceArrays {
    /// Periodic axes on which face i of the (ascending) file lies behind point i.
    pub behind: Vec<bool>,
}

/// Names in files of results that no axis can have.
const TAKEN: [&str; 19] = [
    "input",
    "gradient",
    "solenoidal",
    "harmonic",
    "divergence_free",
    "rest",
    "potential",
    "stream_function",
    "sampling_remainder",
    "component",
    "mask",
    "filled",
    "name",
    "field",
    "faces",
    "evidence",
    "spectrum",
    "time",
    "t",
];

/// A vector field, or a series of them on one grid, in an open file.
///
/// Nothing but headers, coordinates and the mask has been read; [`read`](FileField::read) reads
/// one sample.
pub struct FileField {
    pub(super) path: PathBuf,
    pub(super) sets: Vec<Set>,
    pub(super) series: SeriesAxes,
    /// What numbers the sets, where their names do.
    pub(super) numbers: Option<SampleAxis>,
    pub(super) geometry: Geometry,
    /// Where the components sit on faces.
    pub(super) faces: Option<FaceArrays>,
    pub(super) names: Vec<String>,
    pub(super) units: String,
    pub(super) number: NumberType,
    pub(super) notes: Vec<String>,
    pub(super) unused: Vec<Unused>,
    /// Until it is closed.
    pub(super) about: Mutex<Vec<(String, String)>>,
    pub(super) angles: Option<Angles>,
    pub(super) stated: Option<StatedSphere>,
    pub(super) mask: Option<Mask>,
    /// The file marks samples that were not measured apart from walls.
    pub(super) marks_invalid: bool,
    /// A result of this program, in which NaN is what took no part.
    pub(super) is_result: bool,
    pub(super) allow_missing: bool,
    /// Periodic axes, as requested or as a result file says.
    pub(super) periodic: Option<Vec<usize>>,
    /// The periodic axes are those of a result file.
    pub(super) as_written: bool,
    /// From east and north to x and y.
    pub(super) turn: Option<Turn>,
    /// Axes whose last plane is left out, x first.
    pub(super) without_last: Vec<bool>,
}

impl std::fmt::Debug for FileField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileField")
            .field("path", &self.path)
            .field("datasets", &self.names)
            .field("shape", &self.geometry.shape)
            .field("samples", &self.samples())
            .finish_non_exhaustive()
    }
}

impl FileField {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Dimensions of the field, 2 or 3.
    pub fn dims(&self) -> usize {
        self.geometry.shape.len()
    }

    /// Number of points (cells) along x, y[, z].
    pub fn shape(&self) -> &[usize] {
        &self.geometry.shape
    }

    /// Distance of neighbouring points along x, y[, z], in [`axis_units`](Self::axis_units), on uneven axes the mean.
    pub fn spacing(&self) -> &[f64] {
        &self.geometry.spacing
    }

    /// The coordinates along axis k where they are uneven.
    pub fn uneven(&self, k: usize) -> Option<&[f64]> {
        self.geometry.uneven[k].as_deref()
    }

    /// The edges of the cells along axis k where it is uneven and the file has them.
    pub fn edges(&self, k: usize) -> Option<&[f64]> {
        self.geometry.edges[k].as_deref()
    }

    /// The periodic axes (0 for x), as requested or as a result file of this program says.
    pub fn periodic(&self) -> Option<&[usize]> {
        self.periodic.as_deref()
    }

    /// Coordinate of the first point along x, y[, z]; coordinates ascend from there.
    pub fn origin(&self) -> &[f64] {
        &self.geometry.origin
    }

    /// Units of the coordinates along x, y[, z]; empty where the file names none.
    pub fn axis_units(&self) -> &[String] {
        &self.geometry.units
    }

    /// What the axes x, y[, z] are called in the file; x, y, z where their names cannot stand in a file of results.
    pub(in crate::source) fn axis_names(&self) -> Vec<String> {
        let first = &self.sets[0].parts[0];
        let (info, roles) = (first.source.info(), &first.roles.roles);
        let name = |k| info.dimensions[space_axis(roles, k)].name.clone();
        let names: Vec<String> = (0..self.dims()).filter_map(name).collect();
        let word = |name: &String| {
            let mut letters = name.chars();
            letters.next().is_some_and(|c| c.is_ascii_alphabetic())
                && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
                && !TAKEN.contains(&name.as_str())
        };
        let apart = (1..names.len()).all(|k| !names[..k].contains(&names[k]));
        // Depths have become heights.
        let shell = self.dims() == 3 && self.is_on_sphere();
        match self.faces.is_none()
            && !shell
            && apart
            && names.len() == self.dims()
            && names.iter().all(word)
        {
            true => names,
            false => AXIS_NAMES[..self.dims()].iter().map(|axis| axis.to_string()).collect(),
        }
    }

    /// The axes x, y[, z] as they are in the file.
    pub(in crate::source) fn stored_axes(&self) -> Vec<StoredAxis> {
        let first = &self.sets[0].parts[0];
        let (info, roles) = (first.source.info(), &first.roles.roles);
        let axis = |k: usize| StoredAxis {
            name: info.dimensions[space_axis(roles, k)].name.clone(),
            turned: self.geometry.flipped[k],
            without_last: self.without_last[k],
        };
        (0..self.dims()).map(axis).collect()
    }

    /// Number of fields: the product of all axes of samples, slowest first; 1 without.
    pub fn samples(&self) -> usize {
        self.sets.len() * self.series.count()
    }

    /// Closes what is open until it is read again, forgets what the file is [about](Self::about), and says whether all can be.
    pub(in crate::source) fn close(&self) -> bool {
        *self.about.lock().unwrap_or_else(PoisonError::into_inner) = Vec::new();
        let parts = self.sets.iter().flat_map(|set| &set.parts);
        let parts = parts.map(|part| part.source.close());
        let mask = self.mask.iter().map(|mask| mask.close());
        parts.chain(mask).filter(|closed| !closed).count() == 0
    }

    /// The axes of samples, slowest first; one that numbers fields where they stand in datasets of their own.
    pub(in crate::source) fn sample_axes(&self) -> Vec<SampleAxis> {
        match (self.samples(), self.sets.len()) {
            (1, _) => Vec::new(),
            (_, 1) => self.series.sample_axes(),
            _ if self.numbers.is_some() => {
                let within = self.series.sample_axes();
                self.numbers.clone().into_iter().chain(within).collect()
            }
            (count, _) => vec![SampleAxis::numbered("field", count)],
        }
    }

    /// Words of the file on its data as a whole.
    pub(in crate::source) fn about(&self) -> Vec<(String, String)> {
        self.about.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Axes of a single step that have a coordinate.
    pub(in crate::source) fn single_steps(&self) -> Vec<SampleAxis> {
        self.series.single_steps()
    }

    /// The label of a sample, such as `t=3` or `month=2,level=500`; empty where there is only one
    /// without a name. Labels differ from each other.
    ///
    /// # Panics
    /// If there is no such sample.
    pub fn label(&self, sample: usize) -> String {
        assert!(sample < self.samples(), "sample {sample} of {}", self.samples());
        let count = self.series.count();
        let within = self.series.label(sample % count);
        match &self.sets[sample / count].label {
            Some(name) if within.is_empty() => name.clone(),
            Some(name) => format!("{name},{within}"),
            None => within,
        }
    }

    /// Names of the datasets, one per component in the order x, y[, z], or one with all.
    pub fn datasets(&self) -> &[String] {
        &self.names
    }

    /// The axes of the first dataset, slowest first, as letters: t (samples), c (component), z, y, x.
    pub fn axes(&self) -> String {
        letters(&self.sets[0].parts[0].roles.roles)
    }

    /// Units of the components; empty where the file names none.
    pub fn units(&self) -> &str {
        &self.units
    }

    /// What numbers the file stores; they are read as `f64`.
    pub fn number_type(&self) -> NumberType {
        self.number
    }

    /// What was read, found or assumed, in words, for the user to see.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Arrays beside the components that look like a mask, a component or coordinates, and were not used.
    pub fn unused(&self) -> &[Unused] {
        &self.unused
    }

    /// What a user has to know before trusting a result, in words; `None` where there is nothing.
    pub fn warning(&self) -> Option<&str> {
        match &self.angles {
            Some(Angles::AsLengths { warning, .. }) => Some(warning),
            _ => None,
        }
    }

    /// The bounded axis whose longitudes go once round the globe, so that it should be periodic, if there
    /// is one.
    pub fn whole_circle(&self) -> Option<&'static str> {
        match self.angles {
            Some(Angles::AsLengths { whole_circle, .. }) => whole_circle,
            _ => None,
        }
    }

    /// Whether x is the longitude and y the latitude of points on a sphere, in 3D in a shell.
    pub fn is_on_sphere(&self) -> bool {
        matches!(self.angles, Some(Angles::OnSphere { .. }))
    }

    /// The sphere that a file of results states.
    pub(in crate::source) fn stated_sphere(&self) -> Option<StatedSphere> {
        self.stated
    }

    /// Whether the longitudes go once round, the last meridian being the first again included.
    pub(in crate::source) fn goes_round(&self) -> bool {
        let round = (self.geometry.spacing[0] * self.geometry.shape[0] as f64 - 360.0).abs()
            < 0.1 * self.geometry.spacing[0];
        match &self.angles {
            Some(Angles::OnSphere { longitudes, .. }) => round || *longitudes != Longitudes::Part,
            _ => false,
        }
    }

    /// The first and the last longitude, if they are the same meridian.
    pub(in crate::source) fn repeated_meridian(&self) -> Option<(f64, f64)> {
        match self.angles {
            Some(Angles::OnSphere { longitudes: Longitudes::Repeated { first, last }, .. }) => {
                Some((first, last))
            }
            _ => None,
        }
    }

    /// Reads one sample as (component, z, y, x) or (component, y, x), with ascending coordinates,
    /// unpacked (CF `scale_factor`, `add_offset`), missing values as NaN.
    ///
    /// # Errors
    /// If there is no such sample, a value is missing in a cell that takes part (unless missing
    /// values were allowed), the components sit on faces (which [`read_faces`](Self::read_faces)
    /// reads), or the file cannot be read.
    #[expect(clippy::missing_panics_doc, reason = "there is one value for each component and cell")]
    pub fn read(&self, sample: usize) -> Result<ArrayD<f64>, FileError> {
        if self.faces.is_some() {
            return Err(FileError::Layout { path: self.path.clone(), found: "on faces" });
        }
        let mut shape = vec![self.dims()];
        shape.extend(self.geometry.shape.iter().rev());
        let mut values = zeros(shape.iter().product());
        let cells = values.len() / self.dims();
        self.read_into(sample, &mut values.chunks_exact_mut(cells).collect::<Vec<_>>())?;
        Ok(ArrayD::from_shape_vec(IxDyn(&shape), values).expect("one value per component and cell"))
    }

    /// Reads the components of one sample, x first, each (z, y, x) or (y, x), into arrays of the
    /// caller: at the points as [`read`](Self::read) gives them, or on the faces as
    /// [`read_faces`](Self::read_faces) does, and returns whether all values are finite.
    ///
    /// Numbers stored contiguously with axes in this order are read straight from the file, by
    /// several threads; otherwise it costs the memory of a component, or of the sample where one
    /// dataset holds all.
    ///
    /// # Errors
    /// Those of [`read`](Self::read) or [`read_faces`](Self::read_faces).
    ///
    /// # Panics
    /// If there are not D arrays, or one has another length than its component.
    pub fn read_into(
        &self,
        sample: usize,
        components: &mut [&mut [f64]],
    ) -> Result<bool, FileError> {
        let finite = self.read_with_missing(sample, components)?;
        if !finite && !self.allow_missing {
            self.refuse_missing(components, self.mask(sample)?.as_deref())?;
        }
        Ok(finite)
    }

    /// The same, whatever values are missing, as long as no component is without any.
    pub(in crate::source) fn read_with_missing(
        &self,
        sample: usize,
        components: &mut [&mut [f64]],
    ) -> Result<bool, FileError> {
        assert_eq!(components.len(), self.dims(), "an array for each component");
        let (parts, at) = self.parts(sample)?;
        self.ensure_readable()?;
        let mut seen = Seen::NOTHING;
        if let [part] = parts {
            seen = self.read_part(part, &at, components)?;
        } else {
            for (k, part) in parts.iter().enumerate() {
                seen = seen.and(self.read_part(part, &at, &mut components[k..=k])?);
                self.turn_faces(k, components[k]);
            }
        }
        let mask = || Ok(self.mask(sample)?.map(Cow::into_owned));
        self.refuse_unlikely(seen, parts, components, mask)?;
        if let Some(turn) = &self.turn {
            turn.apply(components);
        }
        Ok(seen.finite)
    }

    /// The datasets of a sample and its index along their axes of samples.
    pub(super) fn parts(&self, sample: usize) -> Result<(&[FieldArray], Vec<usize>), FileError> {
        if sample >= self.samples() {
            return Err(FileError::NoSuchSample { found: sample, count: self.samples() });
        }
        let at = self.series.index(sample % self.series.count());
        Ok((&self.sets[sample / self.series.count()].parts, at))
    }

    /// Reads one component, or all of a dataset that holds all.
    fn read_part(
        &self,
        part: &FieldArray,
        at: &[usize],
        components: &mut [&mut [f64]],
    ) -> Result<Seen, FileError> {
        let (unpacking, mut seen) = (part.unpacking(), Seen::NOTHING);
        if self.is_in_order(&part.roles.roles) {
            for (k, component) in components.iter_mut().enumerate() {
                let fixed = fixed(&part.roles.roles, at, Some(k));
                seen = seen.and(part.source.read_into(&fixed, component, &unpacking)?);
            }
            return Ok(seen);
        }
        let raw = part.source.read(&fixed(&part.roles.roles, at, None))?;
        let mut array = arrange(raw, &part.roles.roles, &self.geometry.flipped);
        let last = array.ndim() - 1;
        for (k, _) in self.without_last.iter().enumerate().filter(|(_, out)| **out) {
            array.slice_axis_inplace(Axis(last - k), Slice::from(..self.geometry.shape[k]));
        }
        let array = array.as_standard_layout();
        let values = array.as_slice().expect("standard layout");
        let length = values.len() / components.len();
        for (component, values) in components.iter_mut().zip(values.chunks_exact(length)) {
            component.copy_from_slice(values);
            seen = seen.and(unpacking.unpack_all(component));
        }
        Ok(seen)
    }

    /// Whether a dataset has its axes of space, behind or between those of components and samples,
    /// as they are read.
    fn is_in_order(&self, roles: &[Role]) -> bool {
        let space: Vec<usize> = roles
            .iter()
            .filter_map(|role| if let Role::Space(k) = role { Some(*k) } else { None })
            .collect();
        let component = roles.iter().position(|role| *role == Role::Component);
        let first = roles.iter().position(|role| matches!(role, Role::Space(_)));
        // Interleaved components would be read through as a whole, once for each.
        let apart = component < first;
        let whole = !self.geometry.flipped.iter().chain(&self.without_last).any(|turned| *turned);
        apart && whole && space.iter().copied().eq((0..self.dims()).rev())
    }
}

/// The axes of an array in letters.
pub(super) fn letters(roles: &[Role]) -> String {
    let letter = |role: &Role| match role {
        Role::Sample => "t",
        Role::Component => "c",
        Role::Space(k) => AXIS_NAMES[*k],
    };
    roles.iter().map(letter).collect::<Vec<_>>().join(",")
}

/// The axes that are fixed to read one sample, and one component of it if given.
fn fixed(roles: &[Role], at: &[usize], component: Option<usize>) -> Vec<Option<usize>> {
    let mut samples = at.iter().copied();
    let index = |role: &Role| match role {
        Role::Sample => samples.next(),
        Role::Component => component,
        Role::Space(_) => None,
    };
    roles.iter().map(index).collect()
}
