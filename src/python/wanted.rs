//! Where the results of one field go.

use super::arrays::Place;
use crate::batch::BatchError;
use crate::decomposition::Decomposition;
use crate::field::{Layout, Way, component_to_points};
use crate::grid::Domain;

/// What is made beside the three parts.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    /// The stream function or the vector potential.
    pub rotation: bool,
    /// The report.
    pub evidence: bool,
}

/// The places of the parts of one field, each with one for every component.
pub(super) struct Places<'a> {
    pub parts: [Vec<Place<'a>>; 3],
    pub potential: Option<Place<'a>>,
}

/// What was made for one field beside its parts.
#[derive(Default)]
pub(super) struct Made {
    /// ψ, the components x, y, z of a vector potential or a curl, or a divergence: each with its shape, slowest axis
    /// first.
    pub arrays: Vec<(Vec<usize>, Vec<f64>)>,
    /// A report in JSON.
    pub evidence: Option<String>,
}

/// How the axes of results run, and which cells are told.
pub(super) struct Frame<'a, const D: usize> {
    pub domain: &'a Domain<D>,
    /// Axes (x first) that run the other way in Python.
    pub turned: &'a [bool],
    /// Parts stay on the faces.
    pub on_faces: bool,
}

impl Places<'_> {
    /// Writes the parts: on the faces, or at the points, where cells that take no part are NaN.
    pub fn fill<const D: usize>(
        &mut self,
        frame: &Frame<'_, D>,
        parts: &Decomposition<D>,
        space: &mut Vec<f64>,
    ) {
        let Frame { domain, turned, on_faces } = *frame;
        let mask = domain.mask();
        for (places, (_, part)) in self.parts.iter_mut().zip(parts.parts()) {
            for (k, place) in places.iter_mut().enumerate() {
                let component = part.component(k);
                if on_faces || part.layout() == Layout::Points {
                    let mask = mask.filter(|_| !on_faces);
                    place.fill(turned, component.values(), mask);
                    continue;
                }
                match place.slice().filter(|_| mask.is_none() && !turned.contains(&true)) {
                    Some(out) => component_to_points(component, k, domain, parts.way, out),
                    None => {
                        space.resize(domain.grid().cells(), 0.0);
                        component_to_points(component, k, domain, parts.way, space);
                        place.fill(turned, space, mask);
                    }
                }
            }
        }
        if let Some(place) = &mut self.potential {
            place.fill(turned, parts.potential.values(), mask);
        }
    }
}

/// The way in which parts come to the points, as requested.
pub(super) fn go<const D: usize>(parts: &mut Decomposition<D>, way: Option<Way>) {
    parts.way = way.unwrap_or(parts.way);
}

/// A result, or why there is none.
pub(super) type Outcome<T> = Result<T, BatchError>;
