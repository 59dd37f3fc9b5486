//! Arrays in the memory of the caller, described as those of a NetCDF file are.

use ndarray::{ArrayD, Axis};
use std::fmt;
use std::sync::Arc;

/// Numbers that are copied when they are needed.
pub trait GivenValues: Send + Sync {
    /// Writes the numbers whose index is `i` along every axis with `Some(i)`, in the order of the other axes.
    fn write(&self, at: &[Option<usize>], out: &mut [f64]);
}

impl GivenValues for ArrayD<f64> {
    fn write(&self, at: &[Option<usize>], out: &mut [f64]) {
        let mut view = self.view();
        for (axis, pick) in at.iter().enumerate().rev() {
            if let Some(i) = pick {
                view = view.index_axis_move(Axis(axis), *i);
            }
        }
        out.iter_mut().zip(&view).for_each(|(place, value)| *place = *value);
    }
}

/// An array with the names of its axes and its attributes.
#[derive(Clone)]
pub struct GivenArray {
    /// What it is called.
    pub name: String,
    /// Its axes, slowest first.
    pub dimensions: Vec<String>,
    /// Their lengths.
    pub shape: Vec<usize>,
    /// The type of the numbers: f, i or u, and the bytes of each.
    pub stored: (char, usize),
    /// Attributes that are text, such as `units` and `standard_name`.
    pub texts: Vec<(String, String)>,
    /// Attributes that are numbers, such as `_FillValue`, and whether they are real.
    pub numbers: Vec<(String, (Vec<f64>, bool))>,
    /// What it holds.
    pub values: Arc<dyn GivenValues>,
}

/// Arrays that are read as those of a file are, by the same names and attributes.
///
/// ```
/// use hodge::source::{AnySeries, FileSeriesRequest};
/// use hodge::source::file::{FileRequest, GivenArray, GivenArrays};
/// use ndarray::ArrayD;
/// use std::sync::Arc;
///
/// let array = |name: &str, dimensions: &[&str], values: ArrayD<f64>| GivenArray {
///     name: name.into(),
///     dimensions: dimensions.iter().map(|name| name.to_string()).collect(),
///     shape: values.shape().to_vec(),
///     stored: ('f', 8),
///     texts: Vec::new(),
///     numbers: Vec::new(),
///     values: Arc::new(values),
/// };
/// let x = ArrayD::from_shape_fn(vec![12], |at| 0.5 * at[0] as f64);
/// let arrays = vec![
///     array("u", &["y", "x"], ArrayD::ones(vec![9, 12])),
///     array("v", &["y", "x"], ArrayD::zeros(vec![9, 12])),
///     array("x", &["x"], x),
///     array("y", &["y"], ArrayD::from_shape_fn(vec![9], |at| at[0] as f64)),
/// ];
/// let given = Arc::new(GivenArrays { arrays, texts: Vec::new() });
/// let fields = FileRequest { given: Some(given), ..FileRequest::new("the arrays") };
/// let request = FileSeriesRequest { fields, ..FileSeriesRequest::default() };
/// let AnySeries::Plane(series) = AnySeries::of_file(&request)? else { unreachable!() };
/// assert_eq!(series.extent()?.grid.axes()[0].spacing, 0.5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct GivenArrays {
    /// The components, coordinates and what else belongs to them.
    pub arrays: Vec<GivenArray>,
    /// Attributes of the whole that are text.
    pub texts: Vec<(String, String)>,
}

impl fmt::Debug for GivenArrays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.arrays.iter().map(|array| (&array.name, &array.shape)).collect();
        f.debug_struct("GivenArrays").field("arrays", &names).finish()
    }
}

/// The same arrays, not equal ones: values are not compared.
impl PartialEq for GivenArrays {
    fn eq(&self, other: &GivenArrays) -> bool {
        let same = |a: &GivenArray, b: &GivenArray| {
            a.name == b.name && Arc::ptr_eq(&a.values, &b.values) && a.shape == b.shape
        };
        self.arrays.len() == other.arrays.len()
            && self.arrays.iter().zip(&other.arrays).all(|(a, b)| same(a, b))
    }
}
