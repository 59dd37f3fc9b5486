//! What is written about one decomposition.

use super::FieldGroup;
use crate::decomposition::{ByConvention, Decomposition, Friedrichs};
use crate::diagnostic::{Report, energy_spectrum};
use crate::field::{Layout, ScalarField, VectorField, to_faces, to_points};
use crate::grid::{Domain, FaceClass};
use ndarray::ArrayD;
use serde_json::Value;

/// What goes into a record besides the parts at the points, the potential and the diagnostics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The input at the points.
    pub input: bool,
    /// The staggered arrays on which the parts are exact.
    pub faces: bool,
    /// Energy spectra of the parts at the points, where the grid is periodic.
    pub spectra: bool,
}

/// One decomposed field with what is to be written about it.
pub struct Record<'a, const D: usize> {
    /// The grid and its mask.
    pub domain: &'a Domain<D>,
    /// The input at the points.
    pub samples: &'a VectorField<D>,
    /// The input on the faces, where it was given there.
    pub staggered: Option<&'a VectorField<D>>,
    /// The parts.
    pub parts: &'a Decomposition<D>,
    /// The diagnostics.
    pub report: &'a Report,
    /// Units of the input; empty where not known.
    pub units: &'a str,
    /// A with ⋆A = the solenoidal part, if it is to be written.
    pub rotation_potential: Option<&'a [ScalarField<D>]>,
    /// The harmonic part in three, if it is to be written.
    pub friedrichs: Option<&'a Friedrichs<D>>,
    /// The parts under every convention, if they are to be written.
    pub by_convention: Option<&'a ByConvention<'a, D>>,
    /// What else is written.
    pub content: Content,
}

impl<const D: usize> Record<'_, D> {
    /// Fills a group of the result file: `gradient`, `solenoidal`, `harmonic`,
    /// `sampling_remainder` at the points, `potential` at the cells, NaN outside the mask, the
    /// staggered arrays under `faces/`, the parts under other conventions as `no-flux/gradient`, …, and the
    /// report as attributes.
    pub fn fill(&self, mut group: FieldGroup) -> FieldGroup {
        if self.content.input {
            self.add_points(&mut group, "input", self.samples, "input field");
        }
        if self.content.input && self.content.faces {
            self.add_faces_of_input(&mut group);
        }
        for (name, part) in self.parts.parts() {
            self.add_part(&mut group, name, part);
        }
        if let Some(five) = self.friedrichs {
            self.add_part(&mut group, "harmonic_tangential", &five.tangential);
            self.add_part(&mut group, "harmonic_normal", &five.normal);
            self.add_part(&mut group, "curly_gradient", &five.curly_gradient);
        }
        if let Some(by) = self.by_convention {
            for boundary in ByConvention::<'_, D>::CONVENTIONS {
                let [gradient, solenoidal, harmonic] = by.parts(boundary);
                for (name, part) in
                    [("gradient", gradient), ("solenoidal", solenoidal), ("harmonic", harmonic)]
                {
                    let points = to_points(&part, self.domain, self.parts.way);
                    let words = format!("{name} part under {boundary}");
                    self.add_points(&mut group, &format!("{boundary}/{name}"), &points, &words);
                }
            }
        }
        let remainder = &self.parts.sampling_remainder(self.samples, self.domain);
        let long_name = "input minus the parts at the points";
        self.add_points(&mut group, "sampling_remainder", remainder, long_name);
        let potential = with_nan(&self.parts.potential, self.domain);
        group.add_array("potential", potential, "", "potential of the gradient part");
        self.add_rotation_potential(&mut group);
        if let Ok(Value::Object(entries)) = serde_json::to_value(self.report) {
            group.attributes.extend(entries);
        }
        group.attributes.insert("periodic_axes".into(), self.periodic_axes().into());
        group
    }

    /// The field that was decomposed where the method works on faces: `faces/input_x`, …, NaN where
    /// no active cell has the face, and the `mask` (1 in active cells) if there is one.
    fn add_faces_of_input(&self, group: &mut FieldGroup) {
        if self.parts.gradient.layout() == Layout::Points {
            return;
        }
        let mut faces = to_faces(self.staggered.unwrap_or(self.samples), self.domain);
        if let Some(mask) = self.domain.mask() {
            for (k, component) in faces.components_mut().iter_mut().enumerate() {
                let classes = self.domain.face_classes(k);
                let outside = component.values_mut().iter_mut().zip(classes);
                let outside = outside.filter(|(_, class)| *class == FaceClass::Outside);
                outside.for_each(|(v, _)| *v = f64::NAN);
            }
            let mut shape = self.domain.grid().shape().to_vec();
            shape.reverse();
            let mask = mask.iter().map(|on| f64::from(u8::from(*on))).collect();
            let mask = ArrayD::from_shape_vec(shape, mask).expect("one value per cell");
            group.add_array("mask", mask, "", "1 in the cells that take part, else 0");
        }
        group.add_vector("input", &faces, self.units, "input field");
    }

    /// One part at the points, and as far as asked for on the faces and as a spectrum.
    fn add_part(&self, group: &mut FieldGroup, name: &str, part: &VectorField<D>) {
        let points = to_points(part, self.domain, self.parts.way);
        let long_name = format!("{} part", name.replace('_', " "));
        self.add_points(group, name, &points, &long_name);
        if self.content.faces && part.layout() == Layout::Faces {
            group.add_vector(name, part, self.units, &long_name);
        }
        if self.content.spectra && self.domain.grid().fully_periodic() {
            add_spectrum(group, name, &points);
        }
    }

    fn add_points(&self, group: &mut FieldGroup, name: &str, v: &VectorField<D>, words: &str) {
        let mut values = v.to_array();
        for mut component in values.outer_iter_mut() {
            blank(component.as_slice_mut().expect("standard layout"), self.domain);
        }
        group.add_array(name, values, self.units, words);
    }

    /// `stream_function` in 2D, `vector_potential_x`, `_y`, `_z` in 3D, where they sit.
    fn add_rotation_potential(&self, group: &mut FieldGroup) {
        let Some(potential) = self.rotation_potential else { return };
        if let [psi] = potential {
            let words = "psi with solenoidal = (d psi/dy, -d psi/dx)";
            return group.add_scalar("stream_function", psi, "", words);
        }
        for (pair, (axis, sign)) in potential.iter().zip([("z", 1.0), ("y", -1.0), ("x", 1.0)]) {
            let mut component = pair.clone();
            component.values_mut().iter_mut().for_each(|v| *v *= sign);
            let words = format!("{axis} component of A with solenoidal = curl A");
            group.add_scalar(&format!("vector_potential_{axis}"), &component, "", &words);
        }
    }

    fn periodic_axes(&self) -> String {
        let axes = self.domain.grid().axes();
        let periodic = (0..D).filter(|&k| !axes[k].bounded());
        periodic.map(|k| crate::grid::AXIS_NAMES[k]).collect::<Vec<_>>().join(",")
    }
}

fn with_nan<const D: usize>(field: &ScalarField<D>, domain: &Domain<D>) -> ArrayD<f64> {
    let mut values = field.array().to_owned();
    blank(values.as_slice_mut().expect("standard layout"), domain);
    values
}

/// NaN in the cells outside the mask.
fn blank<const D: usize>(values: &mut [f64], domain: &Domain<D>) {
    let Some(mask) = domain.mask() else { return };
    values.iter_mut().zip(mask).filter(|(_, on)| !**on).for_each(|(v, _)| *v = f64::NAN);
}

/// `spectrum/NAME` (component, wavenumber).
fn add_spectrum<const D: usize>(group: &mut FieldGroup, name: &str, points: &VectorField<D>) {
    let spectrum = energy_spectrum(points);
    let shells = spectrum.wavenumber.len();
    let values: Vec<f64> = spectrum.energy.concat();
    let values = ArrayD::from_shape_vec(vec![D, shells], values).expect("D spectra");
    group.add_spectrum(name, spectrum.wavenumber, values);
}
