//! What is written about one decomposition.

use super::dataset::is_zero;
use super::{FieldGroup, Piece};
use crate::decomposition::{ByConvention, Decomposition, Friedrichs};
use crate::diagnostic::{Report, spectra};
use crate::field::{
    Layout, Parities, ScalarField, VectorField, component_to_faces, component_to_points, to_points,
};
use crate::grid::{AXIS_NAMES, Domain, FaceClass, Grid, Location};
use serde_json::{Map, Value};
use std::borrow::{Borrow, Cow};

/// What goes into a record besides the parts at the points, the potential and the diagnostics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The input at the points.
    pub input: bool,
    /// The staggered arrays on which the parts are exact.
    pub faces: bool,
    /// Spectra of the parts at the points, where the grid is periodic.
    pub spectra: bool,
}

/// Whether the mask and the filled cells of a field are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MaskContent {
    /// If it has one.
    #[default]
    OfField,
    /// The same for every field of the series.
    OfSeries,
    /// Every field of the series may have its own.
    Varying,
}

/// One decomposed field with what is to be written about it.
pub struct Record<'a, const D: usize> {
    /// The grid and its mask.
    pub domain: &'a Domain<D>,
    /// The input at the points.
    pub samples: &'a VectorField<D>,
    /// Cells whose input was interpolated.
    pub filled: &'a [usize],
    /// Whether there is a mask, or may be one for other fields of the series, and whether they may have another.
    pub mask: MaskContent,
    /// The input on the faces, where it was given there.
    pub staggered: Option<&'a VectorField<D>>,
    /// The parts.
    pub parts: &'a Decomposition<D>,
    /// Units of the input; empty where not known.
    pub units: &'a str,
    /// Units of potentials; empty where not known.
    pub potential_units: &'a str,
    /// A with ⋆A = the solenoidal part, if it is to be written.
    pub vector_potential: Option<&'a [ScalarField<D>]>,
    /// The harmonic part in three, if it is to be written.
    pub friedrichs: Option<&'a Friedrichs<D>>,
    /// An orthonormal basis of the harmonic fields on the faces; empty if it is not to be written.
    pub harmonic_basis: &'a [VectorField<D>],
    /// The parts under every convention, if they are to be written.
    pub by_convention: Option<&'a ByConvention<'a, D>>,
    /// What else is written.
    pub content: Content,
}

/// A report as the attributes of the group of a field.
pub fn report_attributes(report: &Report) -> Map<String, Value> {
    match serde_json::to_value(report) {
        Ok(Value::Object(entries)) => entries,
        _ => unreachable!("a report is an object"),
    }
}

/// What a file says of the grid of a field that has no report: `periodic_axes`, `metric`, `radius`, `thickness`.
pub fn domain_attributes<const D: usize>(domain: &Domain<D>) -> Map<String, Value> {
    let geometry = domain.geometry();
    let mut entries = Map::new();
    entries.insert("periodic_axes".into(), periodic_axes(domain.grid()).into());
    entries.insert("metric".into(), geometry.name().into());
    entries.extend(geometry.radius().map(|radius| ("radius".into(), radius.into())));
    let thickness = geometry.thickness().map(|thickness| thickness.name());
    entries.extend(thickness.map(|name| ("thickness".into(), name.into())));
    entries
}

impl<'a, const D: usize> Record<'a, D> {
    /// Fills a group of the result file: `gradient`, `solenoidal`, `harmonic` (or `divergence_free`, after a fit `rest`, for the last two
    /// if they are one), `sampling_remainder` at the points, `potential` at the cells, NaN outside the mask, the
    /// staggered arrays under `faces/`, the parts under other conventions as `no-flux/gradient`, …. The
    /// diagnostics are attributes, see [`report_attributes`].
    ///
    /// The group borrows existing arrays; what has to be computed, such as parts interpolated from
    /// the faces to the points, is computed when it is written, a component at a time.
    pub fn fill(&self, mut group: FieldGroup<'a>) -> FieldGroup<'a> {
        if self.content.input {
            self.add_points(&mut group, "input", self.samples, "input field");
        }
        self.add_mask(&mut group);
        self.add_filled(&mut group);
        if self.content.input && self.content.faces {
            self.add_faces_of_input(&mut group);
        }
        for (name, part) in self.parts.divided() {
            self.add_part(&mut group, name, part);
        }
        self.add_basis(&mut group);
        if let Some(five) = self.friedrichs {
            self.add_part(&mut group, "harmonic_tangential", &five.tangential);
            self.add_part(&mut group, "harmonic_normal", &five.normal);
            self.add_part(&mut group, "curly_gradient", &five.curly_gradient);
        }
        self.add_conventions(&mut group);
        self.add_remainder(&mut group);
        let potential = vec![at_cells(self.domain, Cow::Borrowed(&self.parts.potential))];
        let words = "potential of the gradient part";
        group.add_pieces("potential", potential, self.potential_units, words);
        self.add_rotation_potential(&mut group);
        if self.domain.geometry().radius().is_some() {
            group.end_at_poles(self.domain.grid());
            // Angles are no place in space.
            group.lattice = None;
        }
        group.attributes.insert("periodic_axes".into(), periodic_axes(self.domain.grid()).into());
        group
    }

    /// `mask`, 1 in the cells that take part.
    fn add_mask(&self, group: &mut FieldGroup<'a>) {
        let domain = self.domain;
        if domain.mask().is_none() && self.mask != MaskContent::Varying {
            return;
        }
        let numbers = Piece::made(move |out| match domain.mask() {
            None => out.fill(1.0),
            Some(mask) => {
                let number = |(v, on): (&mut f64, &bool)| *v = f64::from(u8::from(*on));
                out.iter_mut().zip(mask).for_each(number);
            }
        });
        let varies = self.mask == MaskContent::Varying;
        group.add_flags("mask", numbers, "1 in the cells that take part, else 0", varies);
    }

    /// `filled`, if any cell is, or may be in other fields of the series.
    fn add_filled(&self, group: &mut FieldGroup<'a>) {
        let filled = self.filled;
        if filled.is_empty() && self.mask != MaskContent::Varying {
            return;
        }
        let numbers = Piece::made(move |out| {
            out.fill(0.0);
            filled.iter().for_each(|cell| out[*cell] = 1.0);
        });
        let words = "1 in the cells whose input was not measured but interpolated, else 0";
        group.add_flags("filled", numbers, words, true);
    }

    /// `faces/harmonic_basis_1_x`, ….
    fn add_basis(&self, group: &mut FieldGroup<'a>) {
        for (number, field) in self.harmonic_basis.iter().enumerate() {
            let (number, count) = (number + 1, self.harmonic_basis.len());
            let words = format!("harmonic field {number} of {count}, of norm 1");
            group.add_vector(&format!("harmonic_basis_{number}"), field, "", &words);
        }
    }

    fn add_remainder(&self, group: &mut FieldGroup<'a>) {
        let (parts, samples, domain) = (self.parts, self.samples, self.domain);
        let nothing = parts.gradient.layout() == Layout::Points;
        let remainder = |k| {
            Piece::made(move |out| {
                parts.write_remainder(k, samples, domain, out);
                blank(out, domain);
            })
        };
        let pieces = (0..D).map(|k| if nothing { Piece::Zero } else { remainder(k) }).collect();
        let words = "input minus the parts at the points";
        group.add_pieces("sampling_remainder", pieces, self.units, words);
    }

    fn add_conventions(&self, group: &mut FieldGroup<'a>) {
        let Some(by) = self.by_convention else { return };
        for boundary in ByConvention::<'_, D>::CONVENTIONS {
            let names = ["gradient", "solenoidal", "harmonic"];
            for (name, part) in names.into_iter().zip(by.parts(boundary)) {
                let components = part.into_components().into_iter().enumerate();
                let pieces = components.map(|(k, c)| self.at_points(k, Cow::Owned(c))).collect();
                let words = format!("{name} part under {boundary}");
                group.add_pieces(&format!("{boundary}/{name}"), pieces, self.units, &words);
            }
        }
    }

    /// The field that was decomposed where the method works on faces: `faces/input_x`, …, NaN where
    /// no active cell has the face.
    fn add_faces_of_input(&self, group: &mut FieldGroup<'a>) {
        if self.parts.gradient.layout() == Layout::Points {
            return;
        }
        let (input, domain) = (self.staggered.unwrap_or(self.samples), self.domain);
        for k in 0..D {
            let component = input.component(k);
            let zero = domain.mask().is_none() && is_zero(component.values());
            let make = move |out: &mut [f64]| {
                component_to_faces(component, k, domain, out);
                if domain.mask().is_some() {
                    let classes = out.iter_mut().zip(domain.face_classes(k));
                    let outside = classes.filter(|(_, class)| *class == FaceClass::Outside);
                    outside.for_each(|(v, _)| *v = f64::NAN);
                }
            };
            let piece = if zero { Piece::Zero } else { Piece::made(make) };
            let axis = AXIS_NAMES[k];
            let words = format!("input field, {axis} component on the faces normal to {axis}");
            let place = (domain.grid(), Location::face(k));
            group.add_located(&format!("faces/input_{axis}"), place, piece, [self.units, &words]);
        }
    }

    /// One part at the points and, if requested, on the faces and as a spectrum.
    fn add_part(&self, group: &mut FieldGroup<'a>, name: &str, part: &'a VectorField<D>) {
        let long_name = format!("{} part", name.replace('_', " "));
        self.add_points(group, name, part, &long_name);
        if self.content.faces && part.layout() == Layout::Faces {
            group.add_vector(name, part, self.units, &long_name);
        }
        if self.content.spectra && self.domain.grid().fully_periodic() {
            let found = match part.layout() {
                Layout::Points => spectra(part),
                Layout::Faces => spectra(&to_points(part, self.domain, self.parts.way)),
            };
            group.add_spectra(name, found);
        }
    }

    fn add_points(
        &self,
        group: &mut FieldGroup<'a>,
        name: &str,
        v: &'a VectorField<D>,
        words: &str,
    ) {
        let components = v.components().iter().enumerate();
        let pieces = components.map(|(k, c)| self.at_points(k, Cow::Borrowed(c))).collect();
        group.add_pieces(name, pieces, self.units, words);
    }

    /// Component k at the points.
    fn at_points(&self, k: usize, component: Cow<'a, ScalarField<D>>) -> Piece<'a> {
        let (domain, way) = (self.domain, self.parts.way);
        if component.location() == Location::CELL {
            return at_cells(domain, component);
        }
        if domain.mask().is_none()
            && let Some(parities) = component.parities().copied().filter(Parities::is_constant)
        {
            return alike(parities, domain);
        }
        if domain.mask().is_none() && is_zero(component.values()) {
            return Piece::Zero;
        }
        Piece::made(move |out| {
            component_to_points(component.borrow(), k, domain, way, out);
            blank(out, domain);
        })
    }
}

fn periodic_axes<const D: usize>(grid: &Grid<D>) -> String {
    let periodic = (0..D).filter(|&k| !grid.axes()[k].bounded());
    periodic.map(|k| AXIS_NAMES[k]).collect::<Vec<_>>().join(",")
}

/// Values at the cells that only depend on the parity of their indices.
fn alike<const D: usize>(parities: Parities, domain: &Domain<D>) -> Piece<'_> {
    match parities.is_zero() {
        true => Piece::Zero,
        false => {
            let shape = domain.grid().shape();
            Piece::Rows(Box::new(move |from, out| parities.fill(shape, from / shape[0], out)))
        }
    }
}

/// Values at the cells, NaN outside the mask.
fn at_cells<'a, const D: usize>(
    domain: &'a Domain<D>,
    field: Cow<'a, ScalarField<D>>,
) -> Piece<'a> {
    match (domain.mask(), field) {
        (None, field) if field.parities().is_some() => {
            alike(*field.parities().expect("just seen"), domain)
        }
        (None, Cow::Borrowed(field)) => Piece::borrowed(field.values()),
        (None, Cow::Owned(field)) => Piece::Values(field.into_values().into()),
        (Some(_), field) => Piece::made(move |out| {
            out.copy_from_slice(field.values());
            blank(out, domain);
        }),
    }
}

/// NaN in the cells outside the mask.
fn blank<const D: usize>(values: &mut [f64], domain: &Domain<D>) {
    let Some(mask) = domain.mask() else { return };
    values.iter_mut().zip(mask).filter(|(_, on)| !**on).for_each(|(v, _)| *v = f64::NAN);
}
