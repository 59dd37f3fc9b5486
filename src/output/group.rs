//! What is written about one field: scales, datasets, attributes.

use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{AXIS_NAMES, Axis, Grid};
use ndarray::ArrayD;
use serde_json::{Map, Value};

/// The name of the axis that counts components. Its scale (0, 1[, 2], with the names of the
/// components in the attribute `names`) is made where a dataset has it.
pub const COMPONENT: &str = "component";

/// Coordinates along one axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// Name of the axis in its group, such as `x`, or `faces/x_face` in a group below.
    pub name: String,
    /// Coordinates, ascending.
    pub values: Vec<f64>,
    /// Units of the coordinates; empty where not known.
    pub units: String,
    /// What the axis is, in words.
    pub long_name: String,
}

impl Scale {
    /// The sample points of an axis.
    pub fn points(name: &str, axis: &Axis, units: &str) -> Scale {
        Scale {
            name: name.into(),
            values: (0..axis.cells).map(|i| axis.point(i)).collect(),
            units: units.into(),
            long_name: format!("{name} of the sample points"),
        }
    }

    /// The faces of an axis, under `faces/NAME_face`.
    pub fn faces(name: &str, axis: &Axis, units: &str) -> Scale {
        Scale {
            name: face_axis(name),
            values: (0..axis.faces()).map(|i| axis.face(i)).collect(),
            units: units.into(),
            long_name: format!("{name} of the faces normal to {name}"),
        }
    }
}

fn face_axis(name: &str) -> String {
    format!("faces/{name}_face")
}

/// One array.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Name in the group; `faces/gradient_x` puts it into a group below.
    pub name: String,
    /// The numbers.
    pub values: ArrayD<f64>,
    /// Names of the scales of its axes, slowest first.
    pub axes: Vec<String>,
    /// Units; empty where not known.
    pub units: String,
    /// What it is, in words.
    pub long_name: String,
}

/// Everything about one field: becomes the group `/fields/NAME`.
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
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldGroup {
    /// Name of the group.
    pub name: String,
    /// Scales that datasets may use, without [`COMPONENT`].
    pub scales: Vec<Scale>,
    /// The arrays.
    pub datasets: Vec<Dataset>,
    /// Attributes of the group; nested objects become dotted names.
    pub attributes: Map<String, Value>,
}

impl FieldGroup {
    /// An empty group with the sample points of a grid as scales x, y[, z].
    pub fn on_grid<const D: usize>(
        name: &str,
        grid: &Grid<D>,
        axis_units: [&str; D],
    ) -> FieldGroup {
        let scales = (0..D).map(|k| Scale::points(AXIS_NAMES[k], &grid.axes()[k], axis_units[k]));
        FieldGroup { name: name.into(), scales: scales.collect(), ..FieldGroup::default() }
    }

    /// An empty table whose rows are counted by the scale `rows`, such as the epochs of a training.
    pub fn table(name: &str, rows: &str, values: Vec<f64>) -> FieldGroup {
        let scale =
            Scale { name: rows.into(), values, units: String::new(), long_name: rows.into() };
        FieldGroup { name: name.into(), scales: vec![scale], ..FieldGroup::default() }
    }

    /// Adds a column to a [table](FieldGroup::table), one value a row. Panics without a scale.
    pub fn add_column(&mut self, name: &str, values: Vec<f64>, long_name: &str) {
        let axes = vec![self.scales[0].name.clone()];
        self.push(
            name.into(),
            ArrayD::from_shape_fn(vec![values.len()], |i| values[i[0]]),
            axes,
            ["", long_name],
        );
    }

    /// Adds an array on the sample points: (z, y, x), or (component, z, y, x) with one axis more
    /// than the grid has.
    pub fn add_array(&mut self, name: &str, values: ArrayD<f64>, units: &str, long_name: &str) {
        let mut axes: Vec<String> = AXIS_NAMES
            .iter()
            .filter(|axis| self.scales.iter().any(|s| s.name == **axis))
            .map(|axis| axis.to_string())
            .collect();
        if values.ndim() > axes.len() {
            axes.push(COMPONENT.into());
        }
        axes.reverse();
        self.push(name.into(), values, axes, [units, long_name]);
    }

    /// Adds a vector field as it is: at points as one array `NAME`, on faces as `faces/NAME_x`, …
    /// with the scales of the faces.
    pub fn add_vector<const D: usize>(
        &mut self,
        name: &str,
        field: &VectorField<D>,
        units: &str,
        long_name: &str,
    ) {
        if field.layout() == Layout::Points {
            return self.add_array(name, field.to_array(), units, long_name);
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
        field: &ScalarField<D>,
        units: &str,
        long_name: &str,
    ) {
        let mut axes = Vec::new();
        for (k, axis) in AXIS_NAMES.into_iter().enumerate().take(D) {
            if !field.location().on_face(k) {
                axes.push(axis.to_string());
                continue;
            }
            axes.push(face_axis(axis));
            if !self.scales.iter().any(|s| s.name == face_axis(axis)) {
                let points = self.scales.iter().find(|s| s.name == axis);
                let units = points.map_or(String::new(), |s| s.units.clone());
                self.scales.push(Scale::faces(axis, &field.grid().axes()[k], &units));
            }
        }
        axes.reverse();
        self.push(name.into(), field.array().to_owned(), axes, [units, long_name]);
    }

    /// Adds `spectrum/NAME` (component, wavenumber); the wavenumbers become the scale of all spectra.
    pub fn add_spectrum(&mut self, name: &str, wavenumber: Vec<f64>, values: ArrayD<f64>) {
        const SCALE: &str = "spectrum/wavenumber";
        if !self.scales.iter().any(|s| s.name == SCALE) {
            self.scales.push(Scale {
                name: SCALE.into(),
                values: wavenumber,
                units: String::new(),
                long_name: "wavenumber at the middle of each shell".into(),
            });
        }
        let axes = vec![COMPONENT.into(), SCALE.into()];
        let words = ["", "sum of |v|^2 over the modes of each shell; adds up to the mean of |v|^2"];
        self.push(format!("spectrum/{name}"), values, axes, words);
    }

    fn push(&mut self, name: String, values: ArrayD<f64>, axes: Vec<String>, words: [&str; 2]) {
        let [units, long_name] = words.map(String::from);
        self.datasets.push(Dataset { name, values, axes, units, long_name });
    }
}
