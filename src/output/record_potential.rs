//! The vector potential in a record.

use super::dataset::is_zero;
use super::{FieldGroup, Piece, Record};
use crate::field::ScalarField;
use crate::grid::Geometry;

impl<'a, const D: usize> Record<'a, D> {
    /// `stream_function` in 2D, `vector_potential_x`, `_y`, `_z` in 3D, where they sit.
    pub(super) fn add_rotation_potential(&self, group: &mut FieldGroup<'a>) {
        let Some(potential) = self.vector_potential else { return };
        if let [psi] = potential {
            return self.add_stream_function(group, psi);
        }
        for (pair, (axis, negative)) in
            potential.iter().zip([("z", false), ("y", true), ("x", false)])
        {
            let values = pair.values();
            let piece = match negative && !is_zero(values) {
                true => Piece::made(move |out| {
                    out.iter_mut().zip(values).for_each(|(o, v)| *o = -v);
                }),
                false => Piece::borrowed(values),
            };
            let words = format!("{axis} component of A with solenoidal = curl A");
            let place = (pair.grid(), pair.location());
            group.add_located(
                &format!("vector_potential_{axis}"),
                place,
                piece,
                [self.potential_units, &words],
            );
        }
    }

    /// ψ, NaN where no active cell touches, and on a sphere also with the sign of meteorology.
    fn add_stream_function(&self, group: &mut FieldGroup<'a>, psi: &'a ScalarField<D>) {
        let domain = self.domain;
        let signed = |sign: f64| {
            Piece::made(move |out| {
                out.iter_mut().zip(psi.values()).for_each(|(o, v)| *o = sign * v);
                if domain.mask().is_some() {
                    let touching = domain.touching(psi.location());
                    let outside = out.iter_mut().zip(touching).filter(|(_, t)| *t == 0);
                    outside.for_each(|(v, _)| *v = f64::NAN);
                }
            })
        };
        let (place, units) = ((psi.grid(), psi.location()), self.potential_units);
        let words = "psi with solenoidal = (d psi/dy, -d psi/dx)";
        group.add_located("stream_function", place, signed(1.0), [units, words]);
        if matches!(domain.geometry(), Geometry::Sphere { .. }) {
            let words =
                "psi as in meteorology, with solenoidal = (-d psi/dy, d psi/dx): -stream_function";
            let name = "stream_function_meteorology";
            group.add_located(name, place, signed(-1.0), [units, words]);
        }
    }
}
