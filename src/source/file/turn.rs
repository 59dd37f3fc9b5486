//! Components to the east and north, turned to the axes of the grid by the angle between them.

use super::along::space_axis;
use super::array::{ArrayInfo, ArraySource, Store, beside, leaf};
use super::axes::Role;
use super::candidates::whole;
use super::geometry::Geometry;
use super::stores::Stores;
use super::{CoordinateError, FileError, FileRequest};
use crate::grid::short;
use ndarray::{Array2, ArrayD, Axis, Ix2};

/// Names of arrays with the angle from the first axis of the grid to the east, at its points.
const ANGLES: [&str; 4] = ["angle", "angler", "grid_angle", "rotang"];

/// A component, and what its axes are.
type Component<'a> = (&'a dyn ArraySource, &'a [Role]);

/// Cosine and sine of the angle, counterclockwise from the east to x.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Turn {
    /// Along the rows, x fastest; one value for all points, or one for each of a plane of levels.
    points: Vec<[f64; 2]>,
    pub note: String,
}

impl Turn {
    fn by(degrees: f64) -> Turn {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let note = format!("components turned by {} degrees from the east to x", short(degrees));
        Turn { points: vec![[cos, sin]], note }
    }

    /// Whether it leaves the components as they are.
    pub fn is_idle(&self) -> bool {
        self.points.iter().all(|[cos, sin]| (cos - 1.0).abs() < 1e-12 && sin.abs() < 1e-12)
    }

    /// Turns components, x first, at the points of one or several levels.
    pub fn apply(&self, components: &mut [&mut [f64]]) {
        let [u, v, ..] = components else { return };
        for (i, (u, v)) in u.iter_mut().zip(v.iter_mut()).enumerate() {
            let [cos, sin] = self.points[i % self.points.len()];
            (*u, *v) = (*u * cos + *v * sin, *v * cos - *u * sin);
        }
    }

    /// Leaves out the last points along axis k of a plane of this shape, x first.
    pub fn narrow(&mut self, shape: &[usize], k: usize) {
        if self.points.len() > 1 && k < 2 {
            let (nx, axis) = (shape[0], k);
            let last = shape[k] - 1;
            let mut i = 0;
            self.points.retain(|_| {
                let at = [i % nx, i / nx][axis];
                i += 1;
                at != last
            });
        }
    }
}

/// The angle that was asked for, or with components to the east and north the one that the file has.
pub(super) fn find(
    request: &FileRequest,
    stores: &Stores,
    first: &Component<'_>,
    (geometry, earth): (&Geometry, bool),
) -> Result<Option<Turn>, FileError> {
    let store = stores.main();
    let refuse = |reason: &str| -> FileError {
        CoordinateError::Angle { path: request.path.clone(), reason: reason.into() }.into()
    };
    let turn = match &request.angle {
        Some(words) => match words.parse::<f64>() {
            Ok(degrees) if degrees.is_finite() => Turn::by(degrees),
            _ => {
                let (other, name) = stores.find(words)?;
                let store = other.as_ref().map_or(store, |other| other.store.as_ref());
                of_array(store, &name, first, geometry).map_err(|reason| refuse(&reason))?
            }
        },
        None if earth => match of_file(store, first, geometry) {
            Some(found) => found.map_err(|reason| refuse(&reason))?,
            None => return Ok(None),
        },
        None => return Ok(None),
    };
    if request.staggered {
        return Err(refuse("components on faces are not at the same points and cannot be turned"));
    }
    if geometry.flipped[..2].contains(&true) && !turn.is_idle() {
        return Err(refuse(
            "an axis runs downwards in the file, and to which way of it the angle belongs is not known",
        ));
    }
    Ok(Some(turn))
}

/// The angle of the grid that the file has under a known name; `None` without one.
fn of_file(
    store: &dyn Store,
    first: &Component<'_>,
    geometry: &Geometry,
) -> Option<Result<Turn, String>> {
    let names: Vec<String> = store.arrays().ok()?.0.into_iter().map(|(name, _)| name).collect();
    let own = &first.0.info().name;
    let named = |wanted: &str| {
        let called = |name: &&String| leaf(name).eq_ignore_ascii_case(wanted);
        let near = names.iter().filter(called).find(|name| **name == beside(own, leaf(name)));
        near.or_else(|| names.iter().find(called))
    };
    if let Some(name) = ANGLES.iter().find_map(|wanted| named(wanted)) {
        return Some(of_array(store, name, first, geometry));
    }
    let (cos, sin) = (named("cosalpha")?, named("sinalpha")?);
    let plane = |name| plane(store, name, first, geometry).map(|(_, values)| values);
    Some(plane(cos).and_then(|cos| {
        let sin = plane(sin)?;
        let points = cos.iter().zip(&sin).map(|(cos, sin)| [*cos, *sin]).collect();
        let note = "components turned from east and north to x and y by `COSALPHA` and `SINALPHA`";
        Ok(Turn { points, note: note.into() })
    }))
}

/// An array with the angle, in radians unless its units say degrees.
fn of_array(
    store: &dyn Store,
    name: &str,
    first: &Component<'_>,
    geometry: &Geometry,
) -> Result<Turn, String> {
    let (units, values) = plane(store, name, first, geometry)?;
    let degrees = units.to_lowercase().starts_with("deg");
    let radians = if degrees { values.mapv(f64::to_radians) } else { values };
    if let Some(far) = radians.iter().find(|angle| angle.abs() > 6.3 || !angle.is_finite()) {
        return Err(format!("`{name}` has {}, which is no angle in radians", short(*far)));
    }
    let points = radians.iter().map(|angle| [angle.cos(), angle.sin()]).collect();
    let note = format!("components turned from east and north to x and y by `{name}`");
    Ok(Turn { points, note })
}

/// Units and numbers of an array on the points of a level, as (y, x) or one for all.
fn plane(
    store: &dyn Store,
    name: &str,
    first: &Component<'_>,
    geometry: &Geometry,
) -> Result<(String, Array2<f64>), String> {
    let array = store.open(name).map_err(|error| error.to_string())?;
    let info = array.info();
    let values = whole(array.as_ref()).ok_or_else(|| format!("`{name}` cannot be read"))?;
    let units = info.units.clone();
    if let (1, Some(one)) = (values.len(), values.first()) {
        return Ok((units, Array2::from_elem((1, 1), *one)));
    }
    let fail = || {
        let [nx, ny] = [geometry.shape[0], geometry.shape[1]];
        format!("`{name}` has the shape {:?}, and a level of the field ({ny}, {nx})", info.shape)
    };
    on_level(info, values, first)
        .filter(|plane| plane.dim() == (geometry.shape[1], geometry.shape[0]))
        .map(|plane| (units, plane))
        .ok_or_else(fail)
}

/// The last two axes as (y, x), of which what was selected of the field is taken.
fn on_level(info: &ArrayInfo, values: ArrayD<f64>, first: &Component<'_>) -> Option<Array2<f64>> {
    let lead = info.shape.len().checked_sub(2)?;
    let mut values = values;
    for _ in 0..lead {
        // Moving grids have another angle for each time.
        let still = values.axis_iter(Axis(0)).all(|plane| plane == values.index_axis(Axis(0), 0));
        values = if still { values.index_axis_move(Axis(0), 0) } else { return None };
    }
    let mut plane = values.into_dimensionality::<Ix2>().ok()?;
    let roles = first.1;
    let [x, y] = [0, 1].map(|k| space_axis(roles, k));
    if x < y {
        plane = plane.reversed_axes();
    }
    if let Some((_, picks)) = first.0.whole() {
        for (axis, at) in [(1, x), (0, y)] {
            if let Some(picks) = &picks[at]
                && picks.iter().all(|i| *i < plane.shape()[axis])
            {
                plane = plane.select(Axis(axis), picks);
            }
        }
    }
    Some(plane.as_standard_layout().into_owned())
}
