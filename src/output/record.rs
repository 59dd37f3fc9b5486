//! What is written about one decomposition.

use super::FieldGroup;
use crate::decomposition::Decomposition;
use crate::diagnostic::{Report, energy_spectrum};
use crate::field::{Layout, ScalarField, VectorField, to_points};
use crate::grid::{Domain, Topology};
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

/// The record of a decomposition as a group of the result file: `gradient`, `solenoidal`,
/// `harmonic`, `sampling_remainder` at the points, `potential` at the cells, NaN outside the mask,
/// and the report as attributes.
pub fn record<const D: usize>(
    mut group: FieldGroup,
    domain: &Domain<D>,
    samples: &VectorField<D>,
    parts: &Decomposition<D>,
    report: &Report,
    units: &str,
    content: Content,
) -> FieldGroup {
    if content.input {
        add_points(&mut group, "input", samples, domain, units, "input field");
    }
    for (name, part) in parts.parts() {
        let points = to_points(part, domain);
        add_points(&mut group, name, &points, domain, units, &format!("{name} part"));
        if content.faces && part.layout() == Layout::Faces {
            group.add_vector(name, part, units, &format!("{name} part"));
        }
        if content.spectra && domain.grid().fully_periodic() {
            add_spectrum(&mut group, name, &points);
        }
    }
    let remainder = &parts.sampling_remainder;
    let long_name = "input minus the parts at the points";
    add_points(&mut group, "sampling_remainder", remainder, domain, units, long_name);
    let potential = with_nan(&parts.potential, domain);
    group.add_array("potential", potential, "", "potential of the gradient part");
    if let Ok(Value::Object(entries)) = serde_json::to_value(report) {
        group.attributes.extend(entries);
    }
    let periodic = |t: Topology| t == Topology::Periodic;
    let axes = domain.grid().axes();
    let names = (0..D).filter(|&k| periodic(axes[k].topology)).map(|k| crate::grid::AXIS_NAMES[k]);
    let names: Vec<_> = names.collect();
    group.attributes.insert("periodic_axes".into(), names.join(",").into());
    group
}

fn add_points<const D: usize>(
    group: &mut FieldGroup,
    name: &str,
    field: &VectorField<D>,
    domain: &Domain<D>,
    units: &str,
    long_name: &str,
) {
    let mut values = field.to_array();
    for mut component in values.outer_iter_mut() {
        blank(component.as_slice_mut().expect("standard layout"), domain);
    }
    group.add_array(name, values, units, long_name);
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
