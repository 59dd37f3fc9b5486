//! Heights: the third coordinate of a field whose first two are longitude and latitude.

use super::array::{ArrayInfo, Bounds, Coordinates};
use crate::grid::short;

/// How coordinates along z become heights above a sphere, in metres and upwards.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Height {
    /// Metres of height for one unit of the coordinates.
    factor: f64,
    /// The edges of the layers, as they are in the file.
    edges: Option<Vec<f64>>,
    /// What was found, in words.
    pub note: String,
}

/// Which way coordinates increase.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Up,
    Down,
}

impl Height {
    /// Those of the coordinates of an axis, or in words why they are none.
    pub fn of(found: Option<&Coordinates>) -> Result<Height, String> {
        let found = found.ok_or("it has no coordinates")?;
        let origin = match found.units.trim() {
            "" => found.origin.clone(),
            units => format!("{} in {units}", found.origin),
        };
        let (metres, assumed) = match metres(found) {
            Some(metres) => (metres, false),
            None if found.units.trim().is_empty() && is_named(found) => (1.0, true),
            None if found.units.trim().is_empty() => {
                return Err(format!("nothing says that {origin} is a length"));
            }
            None => return Err(format!("{origin} is no length in m or km")),
        };
        let way = way(found).map_err(|problem| format!("{origin}: {problem}"))?;
        let sign = if way == Way::Up { "" } else { "minus " };
        let assumed = if assumed { ", whose unit is taken as the metre" } else { "" };
        let note = format!(
            "z is the height above the sphere in m, {sign}{origin}{assumed}; the component along z is taken as \
             the one upwards"
        );
        Ok(Height { factor: if way == Way::Up { metres } else { -metres }, edges: None, note })
    }

    /// Those that were given.
    pub fn given() -> Height {
        let note =
            "z is the height above the sphere in m; the component along z is the one upwards";
        Height { factor: 1.0, edges: None, note: note.into() }
    }

    /// With the edges of layers where the coordinates have bounds and no other edges, or in words why they are none.
    pub fn with_layers(mut self, found: &Coordinates) -> Result<Height, String> {
        if let (Some(bounds), None) = (&found.bounds, &found.edges) {
            self.edges = Some(layer_edges(bounds, &found.values)?);
            self.note = format!("{}; its layers end at the bounds `{}`", self.note, bounds.name);
        }
        Ok(self)
    }

    /// The coordinates as heights.
    pub fn convert(&self, mut found: Coordinates) -> Coordinates {
        found.edges = found.edges.or(self.edges.clone());
        let all = found.values.iter_mut().chain(found.edges.iter_mut().flatten());
        all.for_each(|value| *value *= self.factor);
        found.units = "m".into();
        found
    }
}

/// The edges of layers whose two ends are given with the point in them, in the order of the points.
fn layer_edges(bounds: &Bounds, points: &[f64]) -> Result<Vec<f64>, String> {
    let (name, shape) = (&bounds.name, &bounds.shape);
    if *shape != [points.len(), 2] {
        return Err(format!("{name:?} has shape {shape:?}, expected {:?}", [points.len(), 2]));
    }
    let rising = points.first() <= points.last();
    let ends = |pair: &[f64]| match (pair[0] > pair[1]) == rising {
        true => [pair[1], pair[0]],
        false => [pair[0], pair[1]],
    };
    let layers: Vec<[f64; 2]> = bounds.values.chunks_exact(2).map(ends).collect();
    for (l, ([a, b], point)) in layers.iter().zip(points).enumerate() {
        let inside = (point - a) * (b - point) > 0.0;
        if !inside {
            let [a, b, point] = [*a, *b, *point].map(short);
            return Err(format!(
                "{name:?} has layer {l} (from 0) from {a} to {b}, and its point is at {point}, not within"
            ));
        }
    }
    for (l, pair) in layers.windows(2).enumerate() {
        let [[a, b], [c, d]] = [pair[0], pair[1]];
        if (b - c).abs() > 1e-3 * (b - a).abs().min((d - c).abs()) {
            let (b, c) = (short(b), short(c));
            return Err(format!(
                "in {name:?} layer {l} (from 0) ends at {b}, and the next begins at {c}"
            ));
        }
    }
    let first = layers.first().map(|layer| layer[0]);
    Ok(first.into_iter().chain(layers.iter().map(|layer| layer[1])).collect())
}

/// Metres in a unit of the coordinates.
fn metres(found: &Coordinates) -> Option<f64> {
    match found.units.trim().to_lowercase().as_str() {
        "m" | "meter" | "meters" | "metre" | "metres" => Some(1.0),
        "km" | "kilometer" | "kilometers" | "kilometre" | "kilometres" => Some(1e3),
        _ => None,
    }
}

/// What a standard name, or without one the name of an array, says about the way up.
fn way_by_name(found: &Coordinates) -> Option<Way> {
    let name = match found.standard_name.trim() {
        "" => found.name.to_lowercase(),
        name => name.to_lowercase(),
    };
    let starts = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
    if starts(&["depth"]) {
        return Some(Way::Down);
    }
    let up =
        starts(&["height", "altitude", "elevation"]) || name == "z" || name.ends_with("_height");
    up.then_some(Way::Up)
}

/// Whether coordinates without units are lengths by their name.
fn is_named(found: &Coordinates) -> bool {
    way_by_name(found).is_some()
}

/// Which way coordinates increase, or in words why that is not clear.
fn way(found: &Coordinates) -> Result<Way, &'static str> {
    let named = way_by_name(found);
    let stated = match found.positive.trim().to_lowercase().as_str() {
        "" => None,
        "up" => Some(Way::Up),
        "down" => Some(Way::Down),
        _ => return Err("its attribute `positive` is neither `up` nor `down`"),
    };
    let below = found.values.iter().all(|v| *v <= 0.0) && found.values.iter().any(|v| *v < 0.0);
    match (stated, named) {
        (None, None) => Err("neither its name nor an attribute `positive` says which way is up"),
        (Some(Way::Up), Some(Way::Down)) if !below => {
            Err("its name says depth, its attribute `positive` up")
        }
        (Some(Way::Down), Some(Way::Up)) => {
            Err("its name says height, its attribute `positive` down")
        }
        (Some(Way::Down), _) | (None, Some(Way::Down)) if below => Err(
            "depths below 0 are above the surface; if they are heights, its attribute `positive` is up",
        ),
        (stated, named) => Ok(stated.or(named).unwrap_or(Way::Up)),
    }
}

/// What a component along z is if it is not a velocity upwards, in words.
pub(super) fn not_upwards(info: &ArrayInfo) -> Option<String> {
    let name = info.standard_name.to_lowercase();
    if name.contains("downward") || name.contains("tendency_of_air_pressure") || name == "omega" {
        return Some(format!("`{}`", info.standard_name));
    }
    let units = info.units.trim();
    let pressure = ["pa", "hpa", "mbar", "mb", "dbar"];
    let first = units.to_lowercase();
    let first = first.split([' ', '/', '*', '.']).next().unwrap_or_default();
    pressure.contains(&first).then(|| format!("in {units}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(
        [name, standard_name, units, positive]: [&str; 4],
        values: [f64; 2],
    ) -> Result<f64, String> {
        let found = Coordinates {
            origin: format!("`{name}`"),
            name: name.into(),
            standard_name: standard_name.into(),
            units: units.into(),
            positive: positive.into(),
            values: values.into(),
            ..Coordinates::default()
        };
        Height::of(Some(&found)).map(|height| height.convert(found).values[1])
    }

    #[test]
    fn depths_and_heights_become_metres_upwards() {
        for (words, values, last) in [
            (["depth", "", "m", "down"], [5.0, 30.0], -30.0),
            (["deptht", "", "meters", ""], [5.0, 30.0], -30.0),
            (["lev", "depth", "m", ""], [0.0, 30.0], -30.0),
            (["lev", "", "km", "down"], [0.0, 3.0], -3000.0),
            (["depth", "depth", "m", "up"], [-5.0, -30.0], -30.0),
            (["height", "", "km", ""], [1.0, 3.0], 3000.0),
            (["z", "", "", ""], [-7.0, 3.0], 3.0),
            (["k", "altitude", "m", "up"], [0.0, 3.0], 3.0),
            (["k", "geopotential_height", "m", ""], [0.0, 3.0], 3.0),
        ] {
            assert_eq!(of(words, values), Ok(last), "{words:?}");
        }
    }

    #[test]
    fn layers_end_at_bounds_that_leave_no_gap() {
        let of = |values: &[f64], points: &[f64]| {
            let shape = vec![values.len() / 2, 2];
            let bounds = Bounds { name: "b".into(), shape, values: values.into() };
            layer_edges(&bounds, points)
        };
        let rising = Ok(vec![0.0, 10.0, 15.0]);
        assert_eq!(of(&[0.0, 10.0, 10.0, 15.0], &[5.0, 14.0]), rising);
        assert_eq!(of(&[10.0, 0.0, 15.0, 10.0], &[5.0, 14.0]), rising);
        assert_eq!(of(&[10.0, 15.0, 0.0, 10.0], &[14.0, 5.0]), Ok(vec![15.0, 10.0, 0.0]));
        for (values, points, said) in [
            (
                &[0.0, 10.0, 11.0, 15.0][..],
                &[5.0, 14.0][..],
                "ends at 10, and the next begins at 11",
            ),
            (&[0.0, 10.0, 9.0, 15.0], &[5.0, 14.0], "ends at 10, and the next begins at 9"),
            (&[0.0, 10.0, 10.0, 15.0], &[0.0, 14.0], "layer 0 (from 0) from 0 to 10"),
            (&[0.0, 10.0, 10.0, f64::NAN], &[5.0, 14.0], "layer 1 (from 0) from 10 to NaN"),
            (&[0.0, 10.0], &[5.0, 14.0], "has shape [1, 2], expected [2, 2]"),
        ] {
            let found = of(values, points).unwrap_err();
            assert!(found.contains(said), "{found}");
        }
    }

    #[test]
    fn what_is_no_length_or_has_no_clear_way_up_is_none() {
        for (words, values, said) in [
            (["plev", "air_pressure", "hPa", "down"], [1000.0, 500.0], "no length"),
            (["lev", "ocean_sigma_coordinate", "1", "up"], [-1.0, 0.0], "no length"),
            (["lev", "", "level", ""], [1.0, 2.0], "no length"),
            (["level", "", "", "down"], [1.0, 2.0], "nothing says"),
            (["depth", "model_level_number", "", "down"], [1.0, 2.0], "nothing says"),
            (["lev", "", "m", ""], [1.0, 2.0], "which way is up"),
            (["depth", "", "m", "down"], [-5.0, -30.0], "below 0"),
            (["depth", "", "m", ""], [-30.0, 0.0], "below 0"),
            (["depth", "", "m", "up"], [5.0, 30.0], "says depth"),
            (["height", "", "m", "down"], [5.0, 30.0], "says height"),
            (["depth", "", "m", "left"], [5.0, 30.0], "neither `up` nor `down`"),
        ] {
            let found = of(words, values).unwrap_err();
            assert!(found.contains(said), "{words:?}: {found}");
        }
        assert!(Height::of(None).is_err());
    }
}
