//! What is written about one field: scales, datasets, attributes.

use super::dataset::{Dataset, Piece};
use super::lattice::Lattice;
use crate::diagnostic::Spectra;
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{AXIS_NAMES, Axis, Grid, Location, face_latitude};
use ndarray::ArrayD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The name of the axis that counts components. Its scale (the letters x, y[, z]) is written if a dataset has that axis.
pub const COMPONENT: &str = "component";

/// Coordinates along one axis.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DimensionScale {
    /// Name of the axis in its group, such as `x` or `x_face`.
    pub name: String,
    /// Coordinates, ascending.
    pub values: Vec<f64>,
    /// Units of the coordinates; empty where not known.
    pub units: String,
    /// What the axis is, in words.
    pub long_name: String,
    /// What else is said of it, such as a `calendar`.
    pub attributes: Map<String, Value>,
}

impl DimensionScale {
    /// The sample points of an axis.
    pub fn points(name: &str, axis: &Axis, units: &str) -> DimensionScale {
        DimensionScale {
            name: name.into(),
            values: (0..axis.cells).map(|i| axis.point(i)).collect(),
            units: units.into(),
            long_name: format!("{name} of the sample points"),
            attributes: axis_attributes(name, units),
        }
    }

    /// The edges of the cells of an axis, as `NAME_edges`.
    fn edges(name: &str, axis: &Axis, units: &str) -> DimensionScale {
        DimensionScale {
            name: format!("{name}_edges"),
            values: (0..=axis.cells).map(|i| axis.face(i)).collect(),
            units: units.into(),
            long_name: format!("{name} of the edges of the cells"),
            attributes: axis_attributes(name, units),
        }
    }

    /// The faces of an axis, as `NAME_face`.
    pub fn faces(name: &str, axis: &Axis, units: &str) -> DimensionScale {
        DimensionScale {
            name: face_axis(name),
            values: (0..axis.faces()).map(|i| axis.face(i)).collect(),
            units: units.into(),
            long_name: format!("{name} of the faces normal to {name}"),
            attributes: axis_attributes(name, units),
        }
    }
}

/// CF attributes of coordinates along x, y or z.
fn axis_attributes(axis: &str, units: &str) -> Map<String, Value> {
    let mut attributes = Map::new();
    if AXIS_NAMES.contains(&axis) {
        attributes.insert("axis".into(), axis.to_uppercase().into());
    }
    match units {
        "degrees_east" => attributes.insert("standard_name".into(), "longitude".into()),
        "degrees_north" => attributes.insert("standard_name".into(), "latitude".into()),
        _ => None,
    };
    attributes
}

fn face_axis(name: &str) -> String {
    format!("{name}_face")
}

/// Everything about one field: becomes the group `/fields/NAME`. It borrows the arrays it is given where
/// it can, so that nothing is copied before it is written.
///
/// ```
/// use hodge::grid::{Axis, Grid, Topology};
/// use hodge::output::FieldGroup;
/// use ndarray::ArrayD;
/// let axis = |n| Axis::over(0.0, 1.0, n, Topology::Bounded);
/// let grid = Grid::new([axis(8), axis(6)])?;
/// let mut group = FieldGroup::on_grid("wind", &grid, ["m", "m"]);
/// group.add_array("gradient", ArrayD::zeros(vec![2, 6, 8]), "m/s", "gradient part");
/// group.attributes.insert("method".into(), "staggered".into());
/// assert_eq!(group.datasets[0].axes, ["component", "y", "x"]);
/// # Ok::<(), hodge::grid::GridError>(())
/// ```
#[derive(Debug, Default)]
pub struct FieldGroup<'a> {
    /// Name of the group.
    pub name: String,
    /// What the axes are called, x first.
    axes: Vec<String>,
    /// Scales that datasets may use, without [`COMPONENT`].
    pub scales: Vec<DimensionScale>,
    /// Coordinates of one value that belong to every array, such as the time of the field.
    pub fixed: Vec<DimensionScale>,
    /// The arrays.
    pub datasets: Vec<Dataset<'a>>,
    /// Attributes of the group; nested objects become dotted names.
    pub attributes: Map<String, Value>,
    /// The points, where they make a picture as they are.
    pub(super) lattice: Option<Lattice>,
}

impl<'a> FieldGroup<'a> {
    /// An empty group with the sample points of a grid as scales x, y[, z], and where they do not tell how wide their cells
    /// are, being uneven or a single one between walls, the edges as `x_edges`, ….
    pub fn on_grid<const D: usize>(
        name: &str,
        grid: &Grid<D>,
        axis_units: [&str; D],
    ) -> FieldGroup<'a> {
        let along = || (0..D).map(|k| (AXIS_NAMES[k], &grid.axes()[k], axis_units[k]));
        let points = along().map(|(name, axis, units)| DimensionScale::points(name, axis, units));
        let silent = |axis: &Axis| axis.is_uneven() || (axis.bounded() && axis.cells == 1);
        let silent = along().filter(|(_, axis, _)| silent(axis));
        let edges = silent.map(|(name, axis, units)| DimensionScale::edges(name, axis, units));
        // A point at a pole has no edge beyond it.
        let on_globe = |scale: &DimensionScale| {
            scale.units != "degrees_north" || scale.values.iter().all(|edge| edge.abs() <= 90.0)
        };
        let scales = points.chain(edges.filter(on_globe)).collect();
        let axes = AXIS_NAMES[..D].iter().map(|axis| axis.to_string()).collect();
        let lattice = Lattice::of(grid);
        FieldGroup { name: name.into(), axes, scales, lattice, ..FieldGroup::default() }
    }

    /// The same with other names for the axes, x first, before anything is added.
    pub fn with_axes(mut self, names: &[String]) -> FieldGroup<'a> {
        for scale in &mut self.scales {
            for (axis, name) in self.axes.iter().zip(names) {
                let ending = scale.name.strip_prefix(axis.as_str());
                if let Some(ending) = ending.filter(|e| ["", "_edges"].contains(e)) {
                    scale.name = format!("{name}{ending}");
                    let words = scale.long_name.split_once(' ').map_or("", |(_, words)| words);
                    scale.long_name = format!("{name} {words}");
                    break;
                }
            }
        }
        self.axes = names.to_vec();
        self
    }

    /// Sets the latitudes of faces at poles to ±90, for a grid whose y is the latitude.
    pub fn end_at_poles<const D: usize>(&mut self, grid: &Grid<D>) {
        let (y, name) = (&grid.axes()[1], face_axis(&self.axes[1]));
        let faces = self.scales.iter_mut().filter(|scale| scale.name == name);
        for (j, latitude) in faces.flat_map(|scale| scale.values.iter_mut().enumerate()) {
            *latitude = face_latitude(y, j);
        }
    }

    /// An empty table whose rows are counted by the scale `rows`, such as the epochs of a training.
    pub fn table(name: &str, rows: &str, values: Vec<f64>) -> FieldGroup<'a> {
        let scale = DimensionScale {
            name: rows.into(),
            values,
            units: String::new(),
            long_name: rows.into(),
            ..DimensionScale::default()
        };
        FieldGroup { name: name.into(), scales: vec![scale], ..FieldGroup::default() }
    }

    /// Adds a column to a [table](FieldGroup::table), one value a row.
    ///
    /// # Panics
    /// If the group has no scale.
    pub fn add_column(&mut self, name: &str, values: Vec<f64>, long_name: &str) {
        let axes = vec![self.scales[0].name.clone()];
        let shape = vec![values.len()];
        self.push(name.into(), (shape, vec![Piece::Values(values.into())]), axes, ["", long_name]);
    }

    /// Adds an array on the sample points: (z, y, x), or (component, z, y, x) with one axis more
    /// than the grid has. Copies it where it is not in standard layout.
    pub fn add_array(&mut self, name: &str, values: ArrayD<f64>, units: &str, long_name: &str) {
        let mut axes = self.point_axes();
        if values.ndim() > axes.len() {
            axes.insert(0, COMPONENT.into());
        }
        let shape = values.shape().to_vec();
        let values = match values.is_standard_layout() {
            true => values.into_raw_vec_and_offset().0,
            false => values.iter().copied().collect(),
        };
        let pieces = vec![Piece::Values(values.into())];
        self.push(name.into(), (shape, pieces), axes, [units, long_name]);
    }

    /// Adds an array on the sample points from pieces in storage order: a scalar (z, y, x) from one, a
    /// vector (component, z, y, x) from one for each component.
    ///
    /// # Panics
    /// If a piece has another number of values than there are points.
    pub fn add_pieces(&mut self, name: &str, pieces: Vec<Piece<'a>>, units: &str, long_name: &str) {
        let mut axes = self.point_axes();
        let length = |axis: &String| self.scales.iter().find(|s| s.name == *axis);
        let mut shape: Vec<usize> =
            axes.iter().filter_map(length).map(|s| s.values.len()).collect();
        if pieces.len() > 1 {
            axes.insert(0, COMPONENT.into());
            shape.insert(0, pieces.len());
        }
        self.push(name.into(), (shape, pieces), axes, [units, long_name]);
    }

    /// Adds a scalar of zeros and ones at the sample points, stored as bytes; `varies` says whether every field of a series has
    /// its own.
    pub fn add_flags(&mut self, name: &str, flags: Piece<'a>, long_name: &str, varies: bool) {
        self.add_pieces(name, vec![flags], "", long_name);
        if let Some(dataset) = self.datasets.last_mut() {
            (dataset.flag, dataset.varies) = (true, varies);
        }
    }

    /// The axes of the sample points, slowest first.
    pub(super) fn point_axes(&self) -> Vec<String> {
        self.axes.iter().rev().cloned().collect()
    }

    /// Adds a vector field as it is: at points as one array `NAME`, on faces as `faces/NAME_x`, …
    /// with the scales of the faces.
    pub fn add_vector<const D: usize>(
        &mut self,
        name: &str,
        field: &'a VectorField<D>,
        units: &str,
        long_name: &str,
    ) {
        if field.layout() == Layout::Points {
            let components = field.components().iter();
            let pieces = components.map(|component| Piece::borrowed(component.values())).collect();
            return self.add_pieces(name, pieces, units, long_name);
        }
        for (k, component) in field.components().iter().enumerate() {
            let axis = AXIS_NAMES[k];
            let long_name = format!("{long_name}, {axis} component on the faces normal to {axis}");
            self.add_scalar(&format!("faces/{name}_{axis}"), component, units, &long_name);
        }
    }

    /// Adds a scalar field wherever it sits; off the cell centres with the scales of the faces.
    pub fn add_scalar<const D: usize>(
        &mut self,
        name: &str,
        field: &'a ScalarField<D>,
        units: &str,
        long_name: &str,
    ) {
        let piece = Piece::borrowed(field.values());
        self.add_located(name, (field.grid(), field.location()), piece, [units, long_name]);
    }

    /// Adds the values at a location of a grid as one piece. `words` are their units and what they are.
    ///
    /// # Panics
    /// If the piece has another number of values than the location.
    pub fn add_located<const D: usize>(
        &mut self,
        name: &str,
        (grid, location): (&Grid<D>, Location),
        piece: Piece<'a>,
        words: [&str; 2],
    ) {
        let mut axes = Vec::new();
        for (k, axis) in self.axes.iter().enumerate().take(D) {
            if !location.on_face(k) {
                axes.push(axis.clone());
                continue;
            }
            axes.push(face_axis(axis));
            if !self.scales.iter().any(|s| s.name == face_axis(axis)) {
                let points = self.scales.iter().find(|s| s.name == *axis);
                let units = points.map_or(String::new(), |s| s.units.clone());
                let mut faces = DimensionScale::faces(axis, &grid.axes()[k], &units);
                faces.attributes = axis_attributes(AXIS_NAMES[k], &units);
                self.scales.push(faces);
            }
        }
        axes.reverse();
        let shape = grid.shape_at(location).iter().rev().copied().collect();
        self.push(name.into(), (shape, vec![piece]), axes, words);
    }

    /// Adds `spectrum/NAME` (component, wavenumber), one list a component, `spectrum/NAME_enstrophy` and in 3D
    /// `spectrum/NAME_helicity` (wavenumber); the wavenumbers become the scale of all spectra.
    pub fn add_spectra(&mut self, name: &str, spectra: Spectra) {
        const SCALE: &str = "spectrum/wavenumber";
        let shells = spectra.wavenumber.len();
        if !self.scales.iter().any(|s| s.name == SCALE) {
            self.scales.push(DimensionScale {
                name: SCALE.into(),
                values: spectra.wavenumber,
                units: String::new(),
                long_name: "wavenumber at the middle of each shell".into(),
                ..DimensionScale::default()
            });
        }
        let over = "over the modes of each shell; adds up to the mean of";
        let mut add = |name: String, shape: Vec<usize>, values: Vec<f64>, words: String| {
            let components = [COMPONENT.to_string()].into_iter().take(shape.len() - 1);
            let axes = components.chain([SCALE.to_string()]).collect();
            self.push(name, (shape, vec![Piece::Values(values.into())]), axes, ["", &words]);
        };
        let energy = (vec![spectra.energy.len(), shells], spectra.energy.concat());
        add(format!("spectrum/{name}"), energy.0, energy.1, format!("sum of |v|^2 {over} |v|^2"));
        let words = format!("sum of |curl v|^2 {over} |curl v|^2");
        add(format!("spectrum/{name}_enstrophy"), vec![shells], spectra.enstrophy, words);
        if let Some(helicity) = spectra.helicity {
            let words = format!("sum of v . curl v {over} v . curl v");
            add(format!("spectrum/{name}_helicity"), vec![shells], helicity, words);
        }
    }

    pub(super) fn push(
        &mut self,
        name: String,
        numbers: (Vec<usize>, Vec<Piece<'a>>),
        axes: Vec<String>,
        words: [&str; 2],
    ) {
        self.datasets.push(Dataset::new(name, numbers, axes, words));
    }
}
