//! Coordinates in arrays of several axes: whether they vary along one of them only.

use ndarray::{ArrayD, Axis};

/// What coordinates at every point of a grid are.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Variation {
    /// The same along all axes but one, with the values along that one.
    Along { axis: usize, values: Vec<f64> },
    /// The same everywhere.
    Constant(f64),
    /// They vary along several axes: the grid is curvilinear.
    Curvilinear,
}

/// Finds the axis along which coordinates vary. Elsewhere they may differ by a thousandth of the mean step, and by what
/// single precision rounds.
pub(super) fn variation(values: &ArrayD<f64>, single: bool) -> Variation {
    let Some(first) = values.first() else { return Variation::Constant(f64::NAN) };
    let largest = values.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    let digits = if single { 4.0 * f64::from(f32::EPSILON) } else { 4.0 * f64::EPSILON };
    let lines = |axis: usize| -> Vec<f64> {
        values.lanes(Axis(axis)).into_iter().next().map_or(Vec::new(), |lane| lane.to_vec())
    };
    let span = |line: &[f64]| (line[line.len() - 1] - line[0]).abs();
    // The axis along which the first line goes farthest.
    let axes = (0..values.ndim()).filter(|axis| values.shape()[*axis] > 1);
    let axis = axes.max_by(|a, b| span(&lines(*a)).total_cmp(&span(&lines(*b))));
    let Some(axis) = axis else { return Variation::Constant(*first) };
    let line = lines(axis);
    let step = span(&line) / (line.len() - 1) as f64;
    let tolerance = 1e-3 * step + digits * largest;
    let off = |(a, b): (&f64, &f64)| (a - b).abs() > tolerance || !b.is_finite() || !a.is_finite();
    if values.lanes(Axis(axis)).into_iter().any(|lane| lane.iter().zip(&line).any(off)) {
        return Variation::Curvilinear;
    }
    match span(&line) > digits * largest {
        true => Variation::Along { axis, values: line },
        false => Variation::Constant(*first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    #[test]
    fn products_and_curves_are_told_apart() {
        let of = |f: &dyn Fn(f64, f64) -> f64| {
            let array = Array2::from_shape_fn((4, 5), |(j, i)| f(i as f64, j as f64));
            variation(&array.into_dyn(), false)
        };
        let along = |axis, values: &[f64]| Variation::Along { axis, values: values.into() };
        assert_eq!(of(&|x, _| 2.0 * x), along(1, &[0.0, 2.0, 4.0, 6.0, 8.0]));
        assert_eq!(of(&|_, y| 9.0 - y), along(0, &[9.0, 8.0, 7.0, 6.0]));
        assert_eq!(of(&|_, _| 3.0), Variation::Constant(3.0));
        for curve in [
            &(|x: f64, y: f64| x + 0.1 * y) as &dyn Fn(f64, f64) -> f64,
            &|x, y| x * (1.0 + 0.01 * y),
            &|_, _| f64::NAN,
        ] {
            assert_eq!(of(curve), Variation::Curvilinear);
        }
    }
}
