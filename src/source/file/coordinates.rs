//! From coordinates in a file to origin and spacing.

use super::FileError;
use super::array::Coordinates;

/// Largest share of the mean spacing by which a spacing may differ from it: files hold
/// coordinates with few digits.
const TOLERANCE: f64 = 1e-4;

/// Equally spaced coordinates, turned so that they ascend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Uniform {
    pub first: f64,
    pub spacing: f64,
    /// The file runs from high to low.
    pub descending: bool,
}

/// Checks that the coordinates are equally spaced and gives the mean spacing. `None` for fewer
/// than two points.
pub(super) fn uniform(axis: &'static str, c: &Coordinates) -> Result<Option<Uniform>, FileError> {
    let values = &c.values;
    let [first, .., last] = values[..] else {
        return Ok(None);
    };
    let mean = (last - first) / (values.len() - 1) as f64;
    let largest = values.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    let precision = if c.single { f64::from(f32::EPSILON) } else { f64::EPSILON };
    let tolerance = TOLERANCE * mean.abs() + 2.0 * precision * largest;
    let off = |found: f64| mean == 0.0 || (found - mean).abs() > tolerance || !found.is_finite();
    let wrong = values.windows(2).position(|pair| off(pair[1] - pair[0]));
    if let Some(index) = wrong {
        return Err(FileError::NonUniform {
            axis,
            index,
            found: values[index + 1] - values[index],
            mean,
            source_name: c.origin.clone(),
        });
    }
    let descending = mean < 0.0;
    let first = if descending { last } else { first };
    Ok(Some(Uniform { first, spacing: mean.abs(), descending }))
}

/// Coordinates that rise or fall all along, turned so that they ascend; `None` for others.
pub(super) fn rising(c: &Coordinates) -> Option<Vec<f64>> {
    let mut values = c.values.clone();
    if let [first, .., last] = values[..]
        && first > last
    {
        values.reverse();
    }
    let rises = values.len() > 1 && values.windows(2).all(|pair| pair[0] < pair[1]);
    (rises && values.iter().all(|value| value.is_finite())).then_some(values)
}

/// Whether two lists of coordinates differ by more than a thousandth of the least spacing.
pub(super) fn differ(a: &Coordinates, b: &Coordinates) -> bool {
    let steps = a.values.iter().zip(a.values.iter().skip(1));
    let least = steps.map(|(l, r)| (r - l).abs()).fold(f64::INFINITY, f64::min);
    a.values.iter().zip(&b.values).any(|(l, r)| (l - r).abs() > 1e-3 * least)
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
        assert!(uniform("x", &coordinates(vec![0.0, f64::NAN, 2.0], false)).is_err());
        assert!(uniform("x", &coordinates(vec![3.0, 3.0, 3.0], false)).is_err());
    }
}
