//! Circulations around the holes and loops of the fluid.

use crate::decomposition::Decomposition;
use crate::field::VectorField;
use crate::grid::{Domain, Location};
use crate::operator::Loop;
use serde::Serialize;

/// ∮ v·dx for the field and each of its parts: in the plane counterclockwise along the shore of a hole
/// ([`Loop::along_shore`]), else around a loop of the fluid in the direction of [`around_holes`](crate::operator::around_holes). The parts add up to the field either way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Circulation {
    /// The centroid of the hole, or the mean position of the faces the loop crosses, in the order x, y, z.
    pub centre: Vec<f64>,
    /// Whether the numbers belong to the shore of a hole.
    pub along_shore: bool,
    /// Number of faces the loop crosses.
    pub faces: usize,
    /// Of the field that was decomposed.
    pub field: f64,
    /// Of the gradient part: rounding.
    pub gradient: f64,
    /// Of the solenoidal part; NaN where it is not told from the harmonic one.
    pub solenoidal: f64,
    /// Of the harmonic part; likewise.
    pub harmonic: f64,
    /// Of the field along the cells of the loop itself, which around a hole are the first of the
    /// fluid; nothing is extrapolated.
    pub through_cells: f64,
    /// Units of the numbers; empty where those of the field or of lengths are not known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub units: String,
}

impl Circulation {
    /// Of `field` on the faces and of its parts.
    fn around<const D: usize>(
        path: &Loop,
        domain: &Domain<D>,
        field: &VectorField<D>,
        parts: &Decomposition<D>,
    ) -> Circulation {
        let of = |v| path.along_shore(domain, v).unwrap_or_else(|| path.circulation(domain, v));
        Circulation {
            centre: match path.hole() {
                Some(hole) => hole.centre().to_vec(),
                None => mean_position(path, field),
            },
            along_shore: path.hole().is_some(),
            faces: path.faces().len(),
            field: of(field),
            gradient: of(&parts.gradient),
            solenoidal: of(&parts.solenoidal),
            harmonic: of(&parts.harmonic),
            through_cells: path.circulation(domain, field),
            units: String::new(),
        }
    }

    /// Sets the units: those of the field times the length, if both are known and every axis has
    /// the same.
    pub fn set_units(&mut self, field: &str, axes: &[String]) {
        self.units = times_length(field, axes);
    }
}

/// The units of a field times those of the axes, which are those of circulations and potentials; empty where one is
/// not known or the axes differ.
pub fn times_length(field: &str, axes: &[String]) -> String {
    let Some((length, others)) = axes.split_first() else { return String::new() };
    let known = !field.is_empty() && !length.is_empty() && others.iter().all(|a| a == length);
    match field.strip_prefix(length.as_str()) {
        _ if !known => String::new(),
        Some(rest) if rest.starts_with(['/', ' ', '.']) => format!("{length}2{rest}"),
        _ => format!("{field} {length}"),
    }
}

fn mean_position<const D: usize>(path: &Loop, field: &VectorField<D>) -> Vec<f64> {
    let mut mean = vec![0.0; D];
    for &(k, face, _) in path.faces() {
        let index = crate::grid::unravel(field.grid().shape_at(Location::face(k)), face);
        let position = field.grid().position(Location::face(k), index);
        let share = 1.0 / path.faces().len() as f64;
        mean.iter_mut().zip(position).for_each(|(m, x)| *m += share * x);
    }
    mean
}

/// The circulations along the shores of the holes and around the other loops of the fluid
/// ([`Decompose::loops`](crate::decomposition::Decompose::loops)), of `field` on the faces and of its parts. Costs
/// the lengths of the loops.
pub fn circulations<const D: usize>(
    loops: &[Loop],
    domain: &Domain<D>,
    field: &VectorField<D>,
    parts: &Decomposition<D>,
) -> Vec<Circulation> {
    loops.iter().map(|path| Circulation::around(path, domain, field, parts)).collect()
}
