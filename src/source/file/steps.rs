//! Distances of points that a file states without coordinates: `dx`, `pm`, `e1t`, attributes such as WRF's `DX`.

use super::along::space_axis;
use super::angle_words::is_angle_unit;
use super::array::{ArrayInfo, Coordinates, NumberType, Store, group_and_leaf, leaf};
use super::axes::Roles;
use super::candidates::{is_of_grid, long_axes, place, whole};
use super::coordinates::uniform;
use super::tensor::{Variation, variation};
use super::units::metres;
use super::{CoordinateError, FileError, FileMetric, FileRequest};
use crate::grid::{AXIS_NAMES, short};
use ndarray::ArrayD;

/// Names of the distance along x, y and z, the most likely first.
const EACH: [&str; 3] = [
    "dx delta_x deltax x_spacing spacing_x xspacing x_step xstep step_x hx x_resolution resolution_x cell_size_x dxt dxf dxc dxg \
     dxu dxv e1t e1u e1v e1f dlon delta_lon",
    "dy delta_y deltay y_spacing spacing_y yspacing y_step ystep step_y hy y_resolution resolution_y cell_size_y dyt dyf dyc dyg \
     dyu dyv e2t e2u e2v e2f dlat delta_lat",
    "dz delta_z deltaz z_spacing spacing_z zspacing z_step zstep step_z hz z_resolution resolution_z cell_size_z dzt drf",
];

/// Names of one over the distance along x and y.
const INVERSE: [&str; 3] = ["pm", "pn", ""];

/// Names of the distances along all axes in one.
const ALL: &str =
    "spacing resolution grid_spacing gridspacing voxel_size voxelsize cell_size cellsize grid_step";

/// Spacings may differ by this share and still be one.
const TOLERANCE: f64 = 1e-4;

/// What a file says of the distances along an axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    /// Where it was read.
    pub origin: String,
    pub units: String,
    pub distances: Distances,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Distances {
    /// From every point to the next.
    Even(f64),
    /// The widths of all cells.
    Widths(Vec<f64>),
}

impl Step {
    /// The one distance, if there is one.
    pub fn one(&self) -> Option<f64> {
        match self.distances {
            Distances::Even(distance) => Some(distance),
            Distances::Widths(_) => None,
        }
    }

    /// Points as far apart, or midway between the edges of such cells, from 0.
    pub fn coordinates(&self, points: usize) -> Coordinates {
        let found = Coordinates {
            origin: self.origin.clone(),
            units: self.units.clone(),
            is_step: true,
            ..Coordinates::default()
        };
        let widths = match &self.distances {
            Distances::Even(distance) => {
                let values = (0..points).map(|i| i as f64 * distance).collect();
                return Coordinates { values, ..found };
            }
            Distances::Widths(widths) => widths,
        };
        let mut edges = vec![0.0];
        edges.extend(widths.iter().scan(0.0, |at, width| {
            *at += width;
            Some(*at)
        }));
        Coordinates {
            values: edges.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect(),
            edges: Some(edges),
            reading: Some(format!("widths of cells in {}, added up from 0", self.origin)),
            ..found
        }
    }
}

/// What a name says.
enum Meaning {
    Distance,
    Inverse,
    /// Of all axes, or one for all.
    Distances,
    /// Of x, and of all axes where there are as many numbers as axes.
    PerhapsAll,
}

/// How likely a name is that of distances along axis k, the least first; `None` if it is none.
fn meaning(name: &str, k: usize) -> Option<(usize, Meaning)> {
    let lower = name.to_lowercase();
    let at = |list: &str| {
        let within = list.contains(&lower);
        within.then(|| list.split_whitespace().position(|known| known == lower)).flatten()
    };
    at(EACH[k])
        .map(|rank| (rank, Meaning::Distance))
        .or_else(|| at(INVERSE[k]).map(|rank| (100 + rank, Meaning::Inverse)))
        .or_else(|| at(ALL).map(|rank| (200 + rank, Meaning::Distances)))
        .or_else(|| (lower == "dx").then_some((300, Meaning::PerhapsAll)))
}

/// Whether a name is that of distances along an axis.
pub(super) fn is_step_name(name: &str) -> bool {
    (0..3).any(|k| meaning(name, k).is_some())
}

/// The distances along the axes of a field that its file states.
pub(super) struct Steps<'a> {
    pub request: &'a FileRequest,
    pub store: &'a dyn Store,
    pub info: &'a ArrayInfo,
    /// Points along x, y[, z].
    pub points: Vec<usize>,
    /// The axis of the array that is x, y[, z].
    pub axes: Vec<usize>,
}

impl<'a> Steps<'a> {
    /// Of the axes of space of an array.
    pub fn of(
        request: &'a FileRequest,
        store: &'a dyn Store,
        (info, roles): (&'a ArrayInfo, &Roles),
    ) -> Steps<'a> {
        let axes: Vec<usize> = (0..roles.dims).map(|k| space_axis(&roles.roles, k)).collect();
        let points = axes.iter().map(|axis| info.shape[*axis]).collect();
        Steps { request, store, info, points, axes }
    }

    /// Those along axis k, if the file has some and they are needed.
    pub fn along(&self, k: usize) -> Result<Option<Step>, FileError> {
        match self.is_passed_over() {
            true => Ok(None),
            false => Ok(self.found(k, true)?.map(|(_, step)| step)),
        }
    }

    fn is_passed_over(&self) -> bool {
        let given = self.request.metric == Some(FileMetric::Given);
        given || self.request.spacing.is_some() || self.info.written.is_some()
    }

    /// Refuses coordinates that contradict the distances that the file states, where both are lengths in one unit or in
    /// none.
    pub fn check(&self, k: usize, found: &Coordinates) -> Result<(), FileError> {
        if self.is_passed_over() || is_angle_unit(&found.units) {
            return Ok(());
        }
        let Ok(Some(even)) = uniform(AXIS_NAMES[k], found) else { return Ok(()) };
        let Some((rank, step)) = self.found(k, false)? else { return Ok(()) };
        let Distances::Even(distance) = step.distances else { return Ok(()) };
        let one = |unit: &str| metres(unit).map(|[a, b]| a / b);
        let factors = match (one(&step.units), one(&found.units)) {
            (Some(a), Some(b)) => vec![a / b],
            (None, None) if step.units == found.units => vec![1.0],
            _ => vec![1.0, 1e3, 1e-3, 1e2, 1e-2],
        };
        let same = |factor: &f64| (distance * factor - even.spacing).abs() <= 1e-3 * even.spacing;
        if rank >= 200 || factors.iter().any(same) {
            return Ok(());
        }
        let reason = format!(
            "is {}, and the points of {} are {} apart",
            short(distance),
            found.origin,
            short(even.spacing)
        );
        Err(refusal(&step.origin, k, reason))
    }

    /// The most likely statement: of arrays beside the field or at the top, then of attributes. Fails where it is no
    /// distance along the axis, if it is needed.
    fn found(&self, k: usize, needed: bool) -> Result<Option<(usize, Step)>, FileError> {
        let mut best: Option<(usize, Step)> = None;
        let mut better = |rank: usize, step: Step| {
            if best.as_ref().is_none_or(|(known, _)| rank < *known) {
                best = Some((rank, step));
            }
        };
        for (name, shape) in self.store.arrays()?.0 {
            let Some((rank, meaning)) = meaning(leaf(&name), k) else { continue };
            let full = long_axes(&shape) > 1;
            // Displacements are called so as well.
            let displacement = full && !needed && leaf(&name).len() == 2 && rank < 100;
            if self.is_near(&name) && !displacement {
                match self.of_array(&name, k, &meaning) {
                    Err(error) if needed => return Err(error),
                    Ok(Some(step)) => better(rank, step),
                    _ => {}
                }
            }
        }
        for place in [self.info.name.as_str(), group_and_leaf(&self.info.name).0, ""] {
            for (name, values) in self.store.numbers(place, &is_step_name) {
                let Some((rank, meaning)) = meaning(&name, k) else { continue };
                let of = if place.is_empty() { "the file".into() } else { format!("`{place}`") };
                let origin = format!("attribute `{name}` of {of}");
                match self.of_list(&origin, "", &values, (k, &meaning)) {
                    Err(error) if needed => return Err(error),
                    Ok(Some(step)) => better(1000 + rank, step),
                    _ => {}
                }
            }
        }
        Ok(best.map(|(rank, step)| (rank % 1000, step)))
    }

    fn is_near(&self, name: &str) -> bool {
        let (group, own) = (group_and_leaf(name).0, group_and_leaf(&self.info.name).0);
        let above = group.is_empty() || own == group || own.starts_with(&format!("{group}/"));
        let component = name == self.info.name || self.request.datasets.iter().any(|d| d == name);
        (above || is_of_grid(name)) && !component
    }

    fn of_array(&self, name: &str, k: usize, meaning: &Meaning) -> Result<Option<Step>, FileError> {
        let Ok(array) = self.store.open(name) else { return Ok(None) };
        let info = array.info();
        let origin = format!("array `{name}`");
        let fits = |shape: &[usize]| {
            let own = &self.info.shape;
            let near = shape.len() <= own.len()
                && shape.iter().rev().zip(own.iter().rev()).all(|(a, b)| a.abs_diff(*b) <= 1);
            near || place(shape, own).is_some()
        };
        let single = info.number == NumberType::F32;
        if long_axes(&info.shape) <= 1 {
            let Some(values) = whole(array.as_ref()) else { return Ok(None) };
            let values: Vec<f64> = values.into_iter().collect();
            return self.of_list(&origin, &info.units, &values, (k, meaning));
        }
        if !fits(&info.shape) || matches!(meaning, Meaning::Distances | Meaning::PerhapsAll) {
            return Ok(None);
        }
        let Some(values) = whole(array.as_ref()) else { return Ok(None) };
        // A displacement, not a distance.
        if values.iter().any(|v| *v <= 0.0) && !matches!(meaning, Meaning::Inverse) {
            return Ok(None);
        }
        self.of_points(&values, single, (&origin, &info.shape), (k, meaning))
            .map(|distances| Some(Step { origin, units: info.units.clone(), distances }))
    }

    /// Of numbers at every point: one distance, or the widths of cells if they vary along their own axis only.
    fn of_points(
        &self,
        values: &ArrayD<f64>,
        single: bool,
        (origin, shape): (&str, &[usize]),
        (k, meaning): (usize, &Meaning),
    ) -> Result<Distances, FileError> {
        if let Some(even) = even(values.iter().copied()) {
            return distance(origin, k, meaning, even).map(Distances::Even);
        }
        let range = values
            .iter()
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[a, b], v| [a.min(*v), b.max(*v)]);
        let start = place(shape, &self.info.shape);
        match (variation(values, single), start) {
            (Variation::Along { axis, values }, Some(start)) if start + axis == self.axes[k] => {
                self.widths(origin, &values, (k, meaning))
            }
            _ => {
                let [a, b] = range.map(short);
                let reason = format!("goes from {a} to {b}, not along {} alone", AXIS_NAMES[k]);
                Err(refusal(origin, k, reason))
            }
        }
    }

    /// Of one number, one for each axis, or one for each cell.
    fn of_list(
        &self,
        origin: &str,
        units: &str,
        values: &[f64],
        (k, meaning): (usize, &Meaning),
    ) -> Result<Option<Step>, FileError> {
        let step = |distances| {
            let (origin, units) = (origin.into(), units.into());
            Some(Step { origin, units, distances })
        };
        let dims = self.points.len();
        let several = values.len() == dims && !self.points.contains(&dims);
        if matches!(meaning, Meaning::PerhapsAll) && !several {
            return Ok(None);
        }
        let counts =
            values.len() == dims && values.iter().zip(&self.points).all(|(v, n)| *v == *n as f64);
        let n = self.points[k];
        match (meaning, even(values.iter().copied())) {
            (Meaning::Distances, _) if values.len() != 1 && values.len() != dims || counts => {
                Ok(None)
            }
            (_, Some(even)) => {
                if is_angle_unit(units)
                    || leaf(origin).contains("lon")
                    || leaf(origin).contains("lat`")
                {
                    return Err(refusal(origin, k, "is an angle, which is no length".into()));
                }
                distance(origin, k, meaning, even).map(Distances::Even).map(step)
            }
            (Meaning::Distances | Meaning::PerhapsAll, None) => {
                let reason = "has one number for each axis, and which is that of x is not said";
                Err(refusal(origin, k, reason.into()))
            }
            (_, None) if values.len() == n => self.widths(origin, values, (k, meaning)).map(step),
            _ if values.is_empty() => Ok(None),
            _ => {
                let reason = format!("has {} numbers that differ, for {n} points", values.len());
                Err(refusal(origin, k, reason))
            }
        }
    }

    /// Widths of cells, where the name says that they are those.
    fn widths(
        &self,
        origin: &str,
        values: &[f64],
        (k, meaning): (usize, &Meaning),
    ) -> Result<Distances, FileError> {
        let name = origin.trim_end_matches('`').rsplit(['`', '/']).next().unwrap_or_default();
        let between = ["dxc", "dyc", "dxg", "dyg", "dxu", "dxv", "dyu", "dyv", "e1u", "e2v"];
        if self.request.staggered || between.contains(&name.to_lowercase().as_str()) {
            let reason = "varies, and may be that from point to point or from face to face";
            return Err(refusal(origin, k, reason.into()));
        }
        let all = values.iter().map(|value| distance(origin, k, meaning, *value));
        all.collect::<Result<_, _>>().map(Distances::Widths)
    }
}

/// The one value of all, but for rounding.
fn even(mut values: impl Iterator<Item = f64>) -> Option<f64> {
    let first = values.next()?;
    values.all(|v| (v - first).abs() <= TOLERANCE * first.abs()).then_some(first)
}

fn distance(origin: &str, k: usize, meaning: &Meaning, value: f64) -> Result<f64, FileError> {
    let distance = if matches!(meaning, Meaning::Inverse) { 1.0 / value } else { value };
    match distance > 0.0 && distance.is_finite() {
        true => Ok(distance),
        false => Err(refusal(
            origin,
            k,
            format!("is {}, where a positive number is needed", short(value)),
        )),
    }
}

fn refusal(origin: &str, k: usize, reason: String) -> FileError {
    let (origin, axis) = (origin.to_string(), AXIS_NAMES[k]);
    CoordinateError::Step { origin, axis, reason }.into()
}
