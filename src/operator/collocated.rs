//! Central differences of values at points, as a calculus.

use super::spectral::{flux_and_circulation_sizes, largest_spacing};
use super::{Calculus, Extent, axis_pairs};
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Domain, Grid, Location, ravel, unravel};
use rayon::prelude::*;

/// Vectors and potentials at the points, ∇ by central differences of both neighbours.
///
/// At a wall a value stands for the one beyond it, so that ∇φ there is half a one-sided difference, as for ∂φ/∂n = 0
/// half a spacing outside; ∇· is minus the adjoint. A difference does not see the point itself: where an axis is
/// periodic with an even number of points, those of even and of odd number have nothing to do with each other.
/// Every operator costs a sweep for each component.
pub struct Collocated<const D: usize> {
    domain: Domain<D>,
    /// What a method differentiates by instead, which is not known of its parts alone.
    instead: Option<&'static str>,
}

impl<const D: usize> Collocated<D> {
    /// The calculus of a whole grid of equal cells.
    pub fn new(grid: Grid<D>) -> Collocated<D> {
        Collocated { domain: Domain::full(grid), instead: None }
    }

    /// The same for a method with another derivative, given in words, of something larger than the grid: net fluxes and
    /// circulations of its parts are then not known.
    pub fn instead_of(derivative: &'static str, grid: Grid<D>) -> Collocated<D> {
        Collocated { domain: Domain::full(grid), instead: Some(derivative) }
    }

    /// The same on a domain of that grid.
    pub fn within(self, domain: &Domain<D>) -> Collocated<D> {
        Collocated { domain: domain.clone(), ..self }
    }

    /// Net fluxes or circulations, where they are those of the method.
    fn extent(&self, values: impl IntoIterator<Item = f64>) -> Extent {
        match self.instead {
            None => Extent::of(values),
            Some(_) => Extent { largest: f64::NAN, squares: f64::NAN, count: 1 },
        }
    }

    /// out += scale · ∂_k φ, or minus its adjoint.
    fn add(&self, (k, adjoint): (usize, bool), scale: f64, values: &[f64], out: &mut [f64]) {
        let grid = self.domain.grid();
        let (axis, shape) = (&grid.axes()[k], grid.shape());
        let step = 0.5 * scale / axis.spacing;
        out.par_iter_mut().enumerate().with_min_len(1 << 12).for_each(|(flat, out)| {
            let index = unravel(shape, flat);
            let at = |i: usize| {
                let mut beside = index;
                beside[k] = i;
                values[ravel(shape, beside)]
            };
            let [below, above] = axis.neighbours(index[k]);
            // The mirror image of the point itself, with the other sign where the adjoint is taken.
            let image = if adjoint { -values[flat] } else { values[flat] };
            *out += step * (above.map_or(image, at) - below.map_or(image, at));
        });
    }

    fn scalar(&self, values: Vec<f64>) -> ScalarField<D> {
        ScalarField::from_values(*self.domain.grid(), Location::CELL, values)
            .expect("a value at each point")
    }

    fn empty(&self) -> Vec<f64> {
        vec![0.0; self.domain.grid().cells()]
    }
}

impl<const D: usize> Calculus<D> for Collocated<D> {
    fn derivative(&self) -> &'static str {
        self.instead.unwrap_or("central differences at the points")
    }

    fn inner_product(&self) -> &'static str {
        "sum over the points times the cell volume"
    }

    fn domain(&self) -> &Domain<D> {
        &self.domain
    }

    fn layout(&self) -> Layout {
        Layout::Points
    }

    fn divergence(&self, v: &VectorField<D>) -> ScalarField<D> {
        let mut sum = self.empty();
        (0..D).for_each(|k| self.add((k, true), 1.0, v.component(k).values(), &mut sum));
        self.scalar(sum)
    }

    fn curl(&self, v: &VectorField<D>) -> Vec<ScalarField<D>> {
        let of_pair = |(a, b)| {
            let mut curl = self.empty();
            self.add((a, false), 1.0, v.component(b).values(), &mut curl);
            self.add((b, false), -1.0, v.component(a).values(), &mut curl);
            self.scalar(curl)
        };
        axis_pairs::<D>().into_iter().map(of_pair).collect()
    }

    fn net_fluxes(&self, v: &VectorField<D>) -> Extent {
        let least = self.domain.grid().least_spacing();
        self.extent(self.divergence(v).values().iter().map(|value| least * value))
    }

    fn circulations(&self, v: &VectorField<D>) -> Extent {
        let spacing = self.domain.grid().axes().map(|axis| axis.spacing);
        let longest = largest_spacing(self.domain.grid());
        let curls = self.curl(v).into_iter().zip(axis_pairs::<D>());
        let of_pair = |(curl, (a, b)): (ScalarField<D>, (usize, usize))| {
            let area = spacing[a] / longest * spacing[b];
            self.extent(curl.values().iter().map(|value| area * value))
        };
        curls.map(of_pair).fold(Extent::default(), Extent::plus)
    }

    fn largest_flux(&self, v: &VectorField<D>) -> f64 {
        self.sizes_at_points(v.components().each_ref().map(|c| c.values())).expect("points")[0]
    }

    fn largest_circulation(&self, v: &VectorField<D>) -> f64 {
        self.sizes_at_points(v.components().each_ref().map(|c| c.values())).expect("points")[1]
    }

    fn sizes_at_points(&self, v: [&[f64]; D]) -> Option<[f64; 2]> {
        Some(flux_and_circulation_sizes(self.domain.grid(), v))
    }

    fn gradient(&self, potential: &ScalarField<D>) -> VectorField<D> {
        let component = |k: usize| {
            let mut slope = self.empty();
            self.add((k, false), 1.0, potential.values(), &mut slope);
            self.scalar(slope)
        };
        VectorField::from_components(Layout::Points, std::array::from_fn(component))
    }

    fn codifferential(&self, potential: &[ScalarField<D>]) -> VectorField<D> {
        let mut sums: [Vec<f64>; D] = std::array::from_fn(|_| self.empty());
        for ((a, b), potential) in axis_pairs::<D>().into_iter().zip(potential) {
            self.add((b, true), 1.0, potential.values(), &mut sums[a]);
            self.add((a, true), -1.0, potential.values(), &mut sums[b]);
        }
        VectorField::from_components(Layout::Points, sums.map(|sum| self.scalar(sum)))
    }
}

/// The central differences of [`Collocated`] along each axis as matrices, from the differences between cells:
/// at a point the mean of those across its two faces, ½|D₀|ᵀ S₁⁻¹ D₀, with 0 across a wall.
#[cfg(feature = "sparse")]
pub fn collocated_matrices<const D: usize>(grid: &Grid<D>) -> Vec<super::Matrix> {
    let domain = Domain::full(*grid);
    let boundary = crate::boundary::Boundary::NoFlux;
    let differences = super::Exterior::new(&domain, boundary).difference(0);
    let mut first = 0;
    let of_axis = |k: usize| {
        let faces = grid.len_at(Location::face(k));
        let across = differences.slice_outer(first..first + faces).to_owned();
        first += faces;
        let step = 0.5 / grid.axes()[k].spacing;
        &across.map(|sign| step * sign.abs()).transpose_into().to_csr() * &across
    };
    (0..D).map(of_axis).collect()
}

#[cfg(all(test, feature = "sparse"))]
mod tests {
    use super::*;
    use crate::grid::{Axis, Topology};
    use crate::random::Random;

    fn grids() -> Vec<Grid<2>> {
        let [walls, around] = [Topology::Bounded, Topology::Periodic];
        let ends = [[walls, walls], [around, walls], [around, around]];
        let shapes = [[5, 4], [6, 7], [4, 6], [3, 8]];
        let grid = |cells: [usize; 2], ends: [Topology; 2]| {
            Grid::new([0, 1].map(|k| Axis::over(0.0, 1.0 + k as f64, cells[k], ends[k]))).unwrap()
        };
        ends.iter().flat_map(|ends| shapes.map(|cells| grid(cells, *ends))).collect()
    }

    fn random(grid: Grid<2>, random: &mut Random) -> ScalarField<2> {
        let values = (0..grid.cells()).map(|_| random.next()).collect();
        ScalarField::from_values(grid, Location::CELL, values).unwrap()
    }

    #[test]
    fn loops_and_matrices_are_the_same_and_adjoint() {
        let mut numbers = Random::new(3);
        for grid in grids() {
            let calculus = Collocated::new(grid);
            let phi = random(grid, &mut numbers);
            let v = VectorField::from_components(
                Layout::Points,
                [(); 2].map(|()| random(grid, &mut numbers)),
            );
            let (gradient, divergence) = (calculus.gradient(&phi), calculus.divergence(&v));
            let mut adjoint = 0.0;
            for (k, matrix) in collocated_matrices(&grid).iter().enumerate() {
                for (row, entries) in matrix.outer_iterator().enumerate() {
                    let sum: f64 = entries.iter().map(|(j, a)| a * phi.values()[j]).sum();
                    let found = gradient.component(k).values()[row];
                    assert!((sum - found).abs() < 1e-13, "{grid:?} {k} {row}");
                    adjoint -= sum * v.component(k).values()[row];
                }
            }
            let other: f64 = divergence.values().iter().zip(phi.values()).map(|(a, b)| a * b).sum();
            assert!((adjoint - other).abs() < 1e-12, "{grid:?}");
            let curl = calculus.curl(&gradient)[0].max_abs();
            assert!(curl < 1e-12 * gradient.max_abs() / grid.least_spacing(), "{grid:?}: {curl}");
            let psi = random(grid, &mut numbers);
            let left = calculus.divergence(&calculus.codifferential(&[psi])).max_abs();
            assert!(left < 1e-11, "{grid:?}: {left}");
        }
    }
}
