//! Shared by the test binaries: random numbers and the domains every method is tried on.

pub mod gauss;
pub mod gradient;
pub mod llt;
#[allow(dead_code)]
pub mod masks;
pub mod promises;
mod random;
pub mod residuals;
pub mod smooth;

use hodge::boundary::Boundary;
use hodge::decomposition::{Decompose, DecomposeError, Method};
use hodge::field::{Layout, VectorField};
use hodge::grid::{Axis, Domain, Grid, Topology};
use hodge::poisson::Backend;
use ndarray::ArrayD;
pub use random::Random;
use std::fmt;

/// The components of an array in standard layout, (component, z, y, x).
pub fn components(values: &ArrayD<f64>) -> impl Iterator<Item = &[f64]> {
    let (all, count) = (values.as_slice().expect("standard layout"), values.shape()[0]);
    all.chunks_exact(all.len() / count)
}

/// Random numbers in every value of a field, those outside the mask included.
pub fn random_field<const D: usize>(
    domain: &Domain<D>,
    layout: Layout,
    seed: u64,
) -> VectorField<D> {
    let mut random = Random::new(seed);
    let mut field = VectorField::zeros(*domain.grid(), layout);
    for k in 0..D {
        field.component_mut(k).values_mut().iter_mut().for_each(|v| *v = random.next());
    }
    field
}

/// The root of the sum of squares over several slices.
pub fn sum_of_squares<'a>(slices: impl Iterator<Item = &'a [f64]>) -> f64 {
    slices.flatten().map(|v| v * v).sum::<f64>().sqrt()
}

/// Boxes, channels and tori of odd, even, prime and unequal sizes with unequal spacings.
pub fn domains<const D: usize>() -> Vec<(String, Domain<D>)> {
    let sizes: &[[usize; 3]] = if D == 2 {
        &[[8, 8, 0], [7, 12, 0], [13, 5, 0], [1, 6, 0], [2, 3, 0], [24, 17, 0], [31, 16, 0]]
    } else {
        &[[4, 4, 4], [5, 8, 3], [7, 6, 11], [1, 5, 4], [9, 7, 8]]
    };
    let mut domains = Vec::new();
    for size in sizes {
        for walls in 0..1usize << D {
            let axes = std::array::from_fn(|k| {
                let bounded = walls >> k & 1 == 1;
                let topology = if bounded { Topology::Bounded } else { Topology::Periodic };
                let length = [1.0, 0.7, 1.9][k];
                Axis::over(-0.3, -0.3 + length, size[k], topology)
            });
            let label = format!("{:?} with walls {walls:03b}", &size[..D]);
            domains.push((label, Domain::full(Grid::new(axes).unwrap())));
        }
    }
    domains
}

/// A method with a convention and a back end.
pub struct Choice {
    pub method: Method,
    pub boundary: Boundary,
    pub backend: Option<Backend>,
}

impl Choice {
    pub fn plan<const D: usize>(
        &self,
        domain: &Domain<D>,
    ) -> Result<Box<dyn Decompose<D>>, DecomposeError> {
        self.method.plan(domain, Some(self.boundary), self.backend)
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let backend = self.backend.map_or("", Backend::name);
        write!(f, "{} {} {backend}", self.method, self.boundary)
    }
}

/// Everything that fits a domain.
pub fn choices<const D: usize>(domain: &Domain<D>) -> Vec<Choice> {
    let walls = !domain.grid().fully_periodic() || domain.mask().is_some();
    let boundaries: &[Boundary] = if walls { &Boundary::ALL[1..4] } else { &[Boundary::Periodic] };
    let mut choices = Vec::new();
    for &boundary in boundaries {
        let backends = Backend::ALL.into_iter().filter(|backend| backend.fits(domain));
        let method = Method::Staggered;
        choices.extend(backends.map(|b| Choice { method, boundary, backend: Some(b) }));
    }
    if gradient::Ruler::new(domain).is_some() {
        let boundary = if walls { Boundary::NoFlux } else { Boundary::Periodic };
        choices.push(Choice { method: Method::Central, boundary, backend: None });
    }
    if !walls {
        let (method, boundary) = (Method::Spectral, Boundary::Periodic);
        choices.push(Choice { method, boundary, backend: None });
    }
    choices
}
