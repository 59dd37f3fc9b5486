//! Circulations around the loops of the fluid.

use crate::decomposition::{Decompose, Decomposition};
use crate::field::VectorField;
use crate::grid::Location;
use serde::Serialize;

/// ∮ v·dx around one loop of the fluid, for the field and each of its parts. On a domain in
/// the plane the loop goes counterclockwise around one hole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Circulation {
    /// Mean position of the faces the loop crosses, in the order x, y, z.
    pub centre: Vec<f64>,
    /// Number of faces the loop crosses.
    pub faces: usize,
    /// Of the field that was decomposed.
    pub field: f64,
    /// Of the gradient part: rounding.
    pub gradient: f64,
    /// Of the solenoidal part.
    pub solenoidal: f64,
    /// Of the harmonic part.
    pub harmonic: f64,
}

/// The circulations around every independent loop of the fluid, where the method keeps those
/// ([`Decompose::loops`]), of `field` on the faces and of its parts. Costs the lengths of the loops.
pub fn circulations<const D: usize>(
    plan: &dyn Decompose<D>,
    field: &VectorField<D>,
    parts: &Decomposition<D>,
) -> Vec<Circulation> {
    let around = plan.loops().iter().map(|path| {
        let of = |v: &VectorField<D>| path.circulation(v);
        let mut centre = vec![0.0; D];
        for &(k, face, _) in path.faces() {
            let shape = field.grid().shape_at(Location::face(k));
            let index = crate::grid::unravel(shape, face);
            let position = field.grid().position(Location::face(k), index);
            centre.iter_mut().zip(position).for_each(|(c, x)| *c += x);
        }
        centre.iter_mut().for_each(|c| *c /= path.faces().len() as f64);
        Circulation {
            centre,
            faces: path.faces().len(),
            field: of(field),
            gradient: of(&parts.gradient),
            solenoidal: of(&parts.solenoidal),
            harmonic: of(&parts.harmonic),
        }
    });
    around.collect()
}
