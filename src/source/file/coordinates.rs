//! From coordinates in a file to origin and spacing.

use super::array::Coordinates;
use super::{CoordinateError, Disorder};

/// Largest share of the mean spacing by which a spacing may differ from it: files hold
/// coordinates with few digits.
const TOLERANCE: f64 = 1e-4;

/// Equally spaced coordinates, turned so that they ascend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Uniform {
    /// The first point.
    pub first: f64,
    pub spacing: f64,
    /// The file runs from high to low.
    pub descending: bool,
}

/// Checks that the coordinates are equally spaced and gives the mean spacing. `None` for fewer
/// than two.
pub(super) fn uniform(
    axis: &'static str,
    c: &Coordinates,
) -> Result<Option<Uniform>, CoordinateError> {
    let values = c.listed();
    let [first, .., last] = values[..] else {
        return check_order(axis, c).map(|()| None);
    };
    let mean = (last - first) / (values.len() - 1) as f64;
    let largest = values.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    let precision = if c.single { f64::from(f32::EPSILON) } else { f64::EPSILON };
    let tolerance = TOLERANCE * mean.abs() + 2.0 * precision * largest;
    let off = |found: f64| mean == 0.0 || (found - mean).abs() > tolerance || !found.is_finite();
    let wrong = values.windows(2).position(|pair| off(pair[1] - pair[0]));
    // Between edges there may be points that are not midway.
    let moved = |(edges, point): (&[f64], &f64)| (edges[0] + 0.5 * mean - point).abs() > tolerance;
    let moved = c.edges.as_ref().and_then(|e| e.windows(2).zip(&c.values).position(moved));
    if let Some(index) = wrong.or(moved) {
        check_order(axis, c)?;
        let (found, source_name) = (values[index + 1] - values[index], c.origin.clone());
        return Err(CoordinateError::NonUniform { axis, index, found, mean, source_name });
    }
    let descending = mean < 0.0;
    let first = if descending { last } else { first };
    let to_point = if c.edges.is_some() { 0.5 * mean.abs() } else { 0.0 };
    Ok(Some(Uniform { first: first + to_point, spacing: mean.abs(), descending }))
}

/// Coordinates that rise or fall all along, turned so that they ascend.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rising {
    pub points: Vec<f64>,
    /// The edges of cells, where the file has those.
    pub edges: Option<Vec<f64>>,
    /// The file runs from high to low.
    pub descending: bool,
}

/// All coordinates in ascending order. Fails where they are in none.
pub(super) fn rising(axis: &'static str, c: &Coordinates) -> Result<Rising, CoordinateError> {
    check_order(axis, c)?;
    let (mut points, mut edges) = (c.values.clone(), c.edges.clone());
    let descending = c.listed().first() > c.listed().last();
    if descending {
        points.reverse();
        edges.iter_mut().for_each(|edges| edges.reverse());
    }
    Ok(Rising { points, edges, descending })
}

fn check_order(axis: &'static str, c: &Coordinates) -> Result<(), CoordinateError> {
    let source_name = c.origin.clone();
    match disorder(c.listed()) {
        Some(problem) => Err(CoordinateError::Order { axis, source_name, problem }),
        None => Ok(()),
    }
}

/// The first place where numbers do not go on in the direction of their first two.
pub(super) fn disorder(values: &[f64]) -> Option<Disorder> {
    if let Some(index) = values.iter().position(|value| !value.is_finite()) {
        return Some(Disorder::NotFinite { index, value: values[index] });
    }
    let falls = values.len() > 1 && values[1] < values[0];
    let goes_on = |pair: &[f64]| if falls { pair[1] < pair[0] } else { pair[1] > pair[0] };
    let index = 1 + values.windows(2).position(|pair| !goes_on(pair))?;
    let (before, value) = (values[index - 1], values[index]);
    Some(match before == value {
        true => Disorder::Repeats { index, value },
        false => Disorder::TurnsBack { index, value, before },
    })
}

/// Refuses two lists of coordinates that differ by more than a thousandth of the least spacing and what single
/// precision rounds, if one of them is stored in it. They are those of two datasets.
pub(super) fn check_alike(
    axis: &'static str,
    names: [&str; 2],
    [a, b]: [&Coordinates; 2],
) -> Result<(), CoordinateError> {
    let steps = a.values.iter().zip(a.values.iter().skip(1));
    let least = steps.map(|(l, r)| (r - l).abs()).fold(f64::INFINITY, f64::min);
    let digits = if a.single || b.single { f64::from(f32::EPSILON) } else { 0.0 };
    // Faces differ from points by half a spacing.
    let tolerance = |value: f64| (1e-3 * least + digits * value.abs()).min(0.25 * least);
    let mut pairs = a.values.iter().zip(&b.values).map(|(l, r)| [*l, *r]);
    let off = |[l, r]: &[f64; 2]| (l - r).abs() > tolerance(*l);
    let Some((index, values)) = pairs.by_ref().enumerate().find(|(_, pair)| off(pair)) else {
        return Ok(());
    };
    let [first, other] = names.map(String::from);
    let half = ((values[0] - values[1]).abs() / least - 0.5).abs() < 0.1;
    Err(CoordinateError::Differ { first, other, axis, index, values, half })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coordinates(values: Vec<f64>, single: bool) -> Coordinates {
        Coordinates {
            origin: "`lon`".into(),
            name: "lon".into(),
            values,
            single,
            ..Coordinates::default()
        }
    }

    #[test]
    fn single_precision_near_360_degrees_is_uniform() {
        let rounded: Vec<f64> = (0..20).map(|i| f64::from(358.0f32 + 0.1 * i as f32)).collect();
        let found = uniform("x", &coordinates(rounded.clone(), true)).unwrap().unwrap();
        assert!((found.spacing - 0.1).abs() < 1e-5 && !found.descending);
        assert!(
            uniform("x", &coordinates(rounded, false)).is_err(),
            "too rough for double precision"
        );
    }

    #[test]
    fn descending_coordinates_start_at_their_end() {
        let found = uniform("y", &coordinates(vec![90.0, 87.5, 85.0], false)).unwrap().unwrap();
        assert_eq!(found, Uniform { first: 85.0, spacing: 2.5, descending: true });
    }

    #[test]
    fn the_first_wrong_spacing_is_named() {
        let text = uniform("y", &coordinates(vec![0.0, 1.0, 2.0, 3.5, 4.0], false))
            .unwrap_err()
            .to_string();
        assert!(text.contains("axis y") && text.contains("point 2"), "{text}");
        assert!(text.contains("by 1.5, on average by 1 "), "{text}");
    }

    #[test]
    fn disorder_is_found_at_its_place() {
        let says = |values: &[f64]| {
            let found = uniform("x", &coordinates(values.into(), false));
            found.unwrap_err().to_string()
        };
        for (values, words) in [
            (&[0.0, f64::NAN, 2.0][..], "NaN at index 1"),
            (&[f64::INFINITY][..], "inf at index 0"),
            (&[3.0, 3.0, 3.0][..], "repeats 3 at index 1"),
            (&[0.0, 1.0, 2.0, 1.5, 4.0][..], "index 3 (from 0), from 2 to 1.5"),
            (&[5.0, 4.0, 3.0, 6.0][..], "index 3 (from 0), from 3 to 6"),
        ] {
            assert!(says(values).contains(words), "{}", says(values));
        }
        let tolerated = vec![358.0, 358.0, 358.0 + 3.1e-5];
        assert!(uniform("x", &coordinates(tolerated, true)).is_ok(), "finer than its digits");
    }

    #[test]
    fn edges_have_points_between_them() {
        let mut edges = coordinates(vec![3.5, 2.5, 1.5], false);
        edges.edges = Some(vec![4.0, 3.0, 2.0, 1.0]);
        let found = uniform("y", &edges).unwrap().unwrap();
        assert_eq!(found, Uniform { first: 1.5, spacing: 1.0, descending: true });
        assert_eq!(rising("y", &edges).unwrap().edges.unwrap(), [1.0, 2.0, 3.0, 4.0]);
    }

    #[test]
    fn rounding_is_no_difference_and_half_a_cell_is() {
        let exact: Vec<f64> = (0..9).map(|i| 1e5 + f64::from(i) / 3.0).collect();
        let rounded = exact.iter().map(|v| f64::from(*v as f32)).collect();
        let rounded = coordinates(rounded, true);
        let alike = |a: &Coordinates, b: &Coordinates| check_alike("x", ["u", "v"], [a, b]);
        assert!(alike(&coordinates(exact.clone(), false), &rounded).is_ok());
        let mut other = exact.clone();
        other[4] += 1.0 / 6.0;
        let other = coordinates(other, true);
        let found = alike(&coordinates(exact, false), &other);
        assert!(matches!(found, Err(CoordinateError::Differ { index: 4, half: true, .. })));
    }
}
