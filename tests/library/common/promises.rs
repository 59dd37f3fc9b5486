//! What is promised of parts under any metric. Inner products are summed here from the numbers of the metric.

use super::Random;
pub use super::residuals::Sums;
use hodge::boundary::Boundary;
use hodge::decomposition::{Decomposition, Method};
use hodge::field::{Layout, VectorField};
use hodge::grid::{Domain, FaceClass, Metric};
use hodge::poisson::Backend;

const EXACT: f64 = 1e-12;

impl<const D: usize> Sums<'_, D> {
    fn faces(&self, k: usize, of: impl Fn(usize) -> f64) -> f64 {
        (0..self.classes[k].len())
            .filter(|face| self.classes[k][*face] != FaceClass::Outside)
            .map(of)
            .sum()
    }

    /// Σ S d v w, wall faces half.
    pub fn inner(&self, v: &VectorField<D>, w: &VectorField<D>) -> f64 {
        let of = |k: usize| {
            self.faces(k, |f| {
                let share = if self.classes[k][f] == FaceClass::Wall { 0.5 } else { 1.0 };
                let size = share * self.area(k, f) * self.distance(k, f);
                size * v.component(k).values()[f] * w.component(k).values()[f]
            })
        };
        (0..D).map(of).sum()
    }

    /// The largest value on a wall.
    fn through_walls(&self, v: &VectorField<D>) -> f64 {
        let of = |k: usize| {
            let values = v.component(k).values().iter().zip(&self.classes[k]);
            let walls = values.filter(|(_, class)| **class == FaceClass::Wall);
            walls.fold(0.0, |most: f64, (v, _)| most.max(v.abs()))
        };
        (0..D).map(of).fold(0.0, f64::max)
    }

    /// The largest circulation around a pole with active cells all around, over Σ d |w|.
    fn around_poles(&self, v: &VectorField<D>, whole: &VectorField<D>) -> f64 {
        let grid = self.domain.grid();
        let [nx, ny] = [grid.shape()[0], grid.shape()[1]];
        let poles = self.domain.metric().map_or([false; 2], Metric::poles);
        let rows = [0, ny - 1].into_iter().zip(poles).filter(|(_, pole)| *pole);
        let of_row = |row: usize| {
            let cells = row * nx..(row + 1) * nx;
            if !cells.clone().all(|cell| self.domain.is_active(cell)) {
                return 0.0;
            }
            let along =
                |v: &VectorField<D>, f: usize| self.distance(0, f) * v.component(0).values()[f];
            let sum: f64 = cells.clone().map(|face| along(v, face)).sum();
            sum.abs() / cells.map(|face| along(whole, face).abs()).sum::<f64>()
        };
        rows.map(|(row, _)| of_row(row)).fold(0.0, f64::max)
    }
}

/// Random numbers on the faces that take part.
pub fn random_field<const D: usize>(domain: &Domain<D>, seed: u64) -> VectorField<D> {
    let mut random = Random::new(seed);
    let mut field = VectorField::zeros(*domain.grid(), Layout::Faces);
    for k in 0..D {
        let classes = domain.face_classes(k);
        for (value, class) in field.component_mut(k).values_mut().iter_mut().zip(classes) {
            *value = if class == FaceClass::Outside { 0.0 } else { random.next() };
        }
    }
    field
}

/// The conventions that fit a domain.
pub fn boundaries<const D: usize>(domain: &Domain<D>) -> &'static [Boundary] {
    if domain.has_walls() { &Boundary::ALL[1..4] } else { &Boundary::ALL[..1] }
}

/// What is promised for a decomposition of a field, with its numbers.
fn promises<const D: usize>(
    domain: &Domain<D>,
    field: &VectorField<D>,
    parts: &Decomposition<D>,
    boundary: Boundary,
) -> Vec<(&'static str, f64)> {
    let (sums, free) = (Sums::new(domain), boundary == Boundary::ZeroPotential);
    let Decomposition { gradient: g, solenoidal: s, harmonic: h, .. } = parts;
    let energy = sums.inner(field, field);
    let mut all = vec![
        ("sum", field.minus(&parts.sum()).max_abs()),
        ("divergence of solenoidal", sums.divergence(s, field)[0]),
        ("divergence of harmonic", sums.divergence(h, field)[0]),
        ("curl of gradient", sums.curl(g, field, free)[0]),
        ("curl of harmonic", sums.curl(h, field, free)[0]),
        ("g s", sums.inner(g, s).abs() / energy),
        ("g h", sums.inner(g, h).abs() / energy),
        ("s h", sums.inner(s, h).abs() / energy),
    ];
    if D == 2 {
        all.push(("around poles, gradient", sums.around_poles(g, field)));
        all.push(("around poles, harmonic", sums.around_poles(h, field)));
    }
    if boundary != Boundary::ZeroPotential {
        all.push(("flux of the solenoidal part through walls", sums.through_walls(s)));
    }
    all
}

/// The promises that do not hold for random data, in words.
pub fn broken<const D: usize>(
    domain: &Domain<D>,
    field: &VectorField<D>,
    parts: &Decomposition<D>,
    boundary: Boundary,
) -> Vec<String> {
    let all = promises(domain, field, parts, boundary).into_iter();
    let broken = all.filter(|(_, value)| value.is_nan() || *value > EXACT);
    broken.map(|(what, value)| format!("{what} is {value:.2e}")).collect()
}

/// Everything that is promised, for random data under every convention by every back end that fits; those.
pub fn check<const D: usize>(label: &str, domain: &Domain<D>, seed: u64) -> Vec<Backend> {
    let field = random_field(domain, seed);
    let fitting: Vec<Backend> = Backend::ALL.into_iter().filter(|b| b.fits(domain)).collect();
    for &boundary in boundaries(domain) {
        for &backend in &fitting {
            let plan = Method::Staggered.plan(domain, Some(boundary), Some(backend)).unwrap();
            let parts = plan.decompose(&field);
            let parts = parts.unwrap_or_else(|e| panic!("{label} {boundary} {backend}: {e}"));
            let broken = broken(domain, &field, &parts, boundary);
            assert!(broken.is_empty(), "{label} {boundary} {backend}: {broken:?}");
        }
    }
    fitting
}
