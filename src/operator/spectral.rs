//! Fourier derivatives on a periodic grid.

use super::{Calculus, Extent, axis_pairs};
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Domain, Grid, Location, unravel};
use crate::machine::{Pool, wide, zeros};
use crate::transform::{Fourier, wavenumbers};
use rayon::prelude::*;
use rustfft::num_complex::Complex64;

/// Points of a task: fixed, so that sums do not depend on the number of threads.
const TASK: usize = 1 << 13;

/// Vectors and potentials at the points; derivatives multiply by i·k.
///
/// The Nyquist wavenumber of an even axis is 0 in first derivatives, since a real field has no
/// odd derivative there. Modes whose wavenumbers all vanish (the mean, and the Nyquist modes: 2^D
/// of them on an all-even grid) therefore have neither divergence nor curl. Each operator costs
/// at most D forward and D(D + 1)/2 inverse transforms.
pub struct Spectral<const D: usize> {
    domain: Domain<D>,
    fourier: Fourier<D>,
    wavenumbers: [Vec<f64>; D],
    /// Spectra of the components of one field.
    spectra: Pool<Vec<Vec<Complex64>>>,
}

impl<const D: usize> Spectral<D> {
    /// The calculus of a grid whose axes are all periodic.
    ///
    /// # Panics
    /// If an axis is bounded.
    pub fn new(grid: Grid<D>) -> Spectral<D> {
        assert!(grid.fully_periodic(), "Fourier derivatives need a periodic grid");
        let wavenumbers =
            std::array::from_fn(|k| wavenumbers(grid.shape()[k], grid.axes()[k].spacing));
        let fourier = Fourier::new(grid.shape());
        Spectral { domain: Domain::full(grid), fourier, wavenumbers, spectra: Pool::new() }
    }

    /// φ with −∇·∇φ = f in every mode the derivatives see, and 0 in the others.
    pub fn inverse_laplacian(&self, f: &ScalarField<D>) -> ScalarField<D> {
        let mut spectrum = self.transform(f);
        let shape = self.fourier.spectrum_shape();
        for (flat, value) in spectrum.iter_mut().enumerate() {
            let index = unravel(shape, flat);
            let square: f64 = (0..D).map(|k| self.wavenumbers[k][index[k]].powi(2)).sum();
            *value = if square > 0.0 { *value / square } else { Complex64::ZERO };
        }
        self.back(spectrum)
    }

    fn transform(&self, field: &ScalarField<D>) -> Vec<Complex64> {
        self.fourier.forward(field.values())
    }

    fn back(&self, spectrum: Vec<Complex64>) -> ScalarField<D> {
        let values = self.fourier.inverse(spectrum);
        ScalarField::from_values(*self.domain.grid(), Location::CELL, values)
            .expect("the transform keeps the shape")
    }

    /// out += scale · i k_axis · spectrum.
    fn add_derivative(
        &self,
        scale: f64,
        axis: usize,
        spectrum: &[Complex64],
        out: &mut [Complex64],
    ) {
        let mut shape = self.domain.grid().shape();
        shape[0] = shape[0] / 2 + 1;
        let inner: usize = shape[..axis].iter().product();
        for (flat, (value, out)) in spectrum.iter().zip(out).enumerate() {
            let k = scale * self.wavenumbers[axis][flat / inner % shape[axis]];
            *out += Complex64::new(-k * value.im, k * value.re);
        }
    }

    /// The sum over the points of |what `of` makes of the wavenumbers and coefficients of each
    /// mode|², by Parseval from transforms made afresh. Fields of null modes have only wavenumbers 0.
    fn squares(
        &self,
        v: &VectorField<D>,
        of: impl Fn([f64; D], [Complex64; D]) -> f64 + Sync,
    ) -> Extent {
        if v.components().iter().all(|c| c.parities().is_some()) {
            return Extent::default();
        }
        let mut spectra = self.spectra.take(|| vec![self.empty_spectrum(); D]);
        let components = v.components().iter().zip(&mut **spectra);
        components.for_each(|(c, spectrum)| self.fourier.forward_into(c.values(), spectrum));
        let (shape, spectra) = (self.fourier.spectrum_shape(), &**spectra);
        let (nx, half) = (self.domain.grid().shape()[0], shape[0]);
        let rows: usize = shape[1..].iter().product();
        let row = |row: usize| {
            let index = unravel(shape, row * half);
            let values: [&[Complex64]; D] =
                std::array::from_fn(|k| &spectra[k][row * half..][..half]);
            let mut k: [f64; D] = std::array::from_fn(|a| self.wavenumbers[a][index[a]]);
            let mut sum = 0.0;
            for i in 0..half {
                k[0] = self.wavenumbers[0][i];
                // Each mode but the first and, on an even axis, the last represents its conjugate
                // too.
                let share = if i == 0 || 2 * i == nx { 1.0 } else { 2.0 };
                sum += share * of(k, values.map(|v| v[i]));
            }
            sum
        };
        let rows: Vec<f64> = (0..rows).into_par_iter().with_min_len(64).map(row).collect();
        let count = self.domain.grid().cells();
        Extent { largest: f64::NAN, squares: rows.iter().sum::<f64>() / count as f64, count }
    }

    /// What [`sizes_at_points`](Calculus::sizes_at_points) finds of all points.
    fn sizes(&self, v: &VectorField<D>) -> [f64; 2] {
        let cells = self.domain.grid().cells();
        let task = |space: &mut [Vec<f64>; D], task: usize| -> [f64; 2] {
            let (first, count) = (task * TASK, TASK.min(cells - task * TASK));
            let mut spaces = space.iter_mut();
            let runs = v.components().each_ref().map(|component| {
                component.run(first, count, spaces.next().expect("one for each component"))
            });
            self.sizes_at_points(runs).expect("vectors at points")
        };
        let tasks = (0..cells.div_ceil(TASK)).into_par_iter();
        let space = || std::array::from_fn(|_| Vec::new());
        let tasks: Vec<[f64; 2]> = tasks.map_init(space, task).collect();
        tasks.into_iter().fold([0.0; 2], |[a, b], [c, d]| [a.max(c), b.max(d)])
    }

    fn empty_spectrum(&self) -> Vec<Complex64> {
        let shape = self.domain.grid().shape();
        let rest: usize = shape[1..].iter().product();
        zeros((shape[0] / 2 + 1) * rest)
    }
}

impl<const D: usize> Calculus<D> for Spectral<D> {
    fn derivative(&self) -> &'static str {
        "Fourier derivative, Nyquist wavenumber taken as 0"
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
        let mut sum = self.empty_spectrum();
        for k in 0..D {
            self.add_derivative(1.0, k, &self.transform(v.component(k)), &mut sum);
        }
        self.back(sum)
    }

    fn curl(&self, v: &VectorField<D>) -> Vec<ScalarField<D>> {
        let spectra: Vec<_> = v.components().iter().map(|c| self.transform(c)).collect();
        let pairs = axis_pairs::<D>().into_iter();
        pairs
            .map(|(a, b)| {
                let mut curl = self.empty_spectrum();
                self.add_derivative(1.0, a, &spectra[b], &mut curl);
                self.add_derivative(-1.0, b, &spectra[a], &mut curl);
                self.back(curl)
            })
            .collect()
    }

    /// By Parseval, so that the largest of them is not known; areas and distances are in units of the largest.
    fn net_fluxes(&self, v: &VectorField<D>) -> Extent {
        let least = self.domain.grid().least_spacing();
        self.squares(v, |k, v| {
            let sum = (0..D).fold(Complex64::ZERO, |sum, a| sum + k[a] * v[a]);
            (least * sum).norm_sqr()
        })
    }

    fn circulations(&self, v: &VectorField<D>) -> Extent {
        let spacing = self.domain.grid().axes().map(|axis| axis.spacing);
        let longest = spacing.into_iter().fold(0.0, f64::max);
        let found = self.squares(v, |k, v| {
            let pairs = (0..D).flat_map(|a| (a + 1..D).map(move |b| (a, b)));
            let of_pair = |(a, b): (usize, usize)| {
                let area = spacing[a] / longest * spacing[b];
                (area * (k[a] * v[b] - k[b] * v[a])).norm_sqr()
            };
            pairs.map(of_pair).sum()
        });
        Extent { count: found.count * D * (D - 1) / 2, ..found }
    }

    fn largest_flux(&self, v: &VectorField<D>) -> f64 {
        self.sizes(v)[0]
    }

    fn largest_circulation(&self, v: &VectorField<D>) -> f64 {
        self.sizes(v)[1]
    }

    fn sizes_at_points(&self, v: [&[f64]; D]) -> Option<[f64; 2]> {
        Some(flux_and_circulation_sizes(self.domain.grid(), v))
    }

    fn gradient(&self, potential: &ScalarField<D>) -> VectorField<D> {
        let spectrum = self.transform(potential);
        let components = std::array::from_fn(|k| {
            let mut g = self.empty_spectrum();
            self.add_derivative(1.0, k, &spectrum, &mut g);
            self.back(g)
        });
        VectorField::from_components(Layout::Points, components)
    }

    fn codifferential(&self, potential: &[ScalarField<D>]) -> VectorField<D> {
        let mut spectra: [_; D] = std::array::from_fn(|_| self.empty_spectrum());
        for ((a, b), potential) in axis_pairs::<D>().into_iter().zip(potential) {
            let spectrum = self.transform(potential);
            self.add_derivative(1.0, b, &spectrum, &mut spectra[a]);
            self.add_derivative(-1.0, a, &spectrum, &mut spectra[b]);
        }
        VectorField::from_components(Layout::Points, spectra.map(|s| self.back(s)))
    }
}

/// The largest Σ S|v| of a cell and Σ d|v| around an edge, as if both faces of a cell, and both sides of an edge, had
/// the value of the point; areas and distances in units of the largest.
pub(super) fn flux_and_circulation_sizes<const D: usize>(
    grid: &Grid<D>,
    v: [&[f64]; D],
) -> [f64; 2] {
    let spacing = grid.axes().map(|axis| axis.spacing);
    let (least, longest) = (grid.least_spacing(), largest_spacing(grid));
    let [areas, distances] = [spacing.map(|h| 2.0 * least / h), spacing.map(|h| 2.0 * h / longest)];
    let around = axis_pairs::<D>()
        .into_iter()
        .map(|(a, b)| largest_sum(&[v[a], v[b]], &[distances[a], distances[b]]));
    [largest_sum(&v, &areas), around.fold(0.0, f64::max)]
}

pub(super) fn largest_spacing<const D: usize>(grid: &Grid<D>) -> f64 {
    grid.axes().iter().map(|axis| axis.spacing).fold(0.0, f64::max)
}

wide! {
    /// The largest Σ scale |v| of some runs; NaN is passed over.
    fn largest_sum<'a>(runs: &'a [&'a [f64]], scales: &'a [f64]) -> f64 {
        const LANES: usize = 8;
        let larger = |a: f64, b: f64| if a > b { a } else { b };
        let count = runs[0].len();
        let whole = count / LANES * LANES;
        let mut largest = [0.0; LANES];
        for at in (0..whole).step_by(LANES) {
            let mut sums = [0.0; LANES];
            for (run, scale) in runs.iter().zip(scales) {
                let run: &[f64; LANES] = run[at..at + LANES].try_into().expect("as many values");
                sums.iter_mut().zip(run).for_each(|(sum, v)| *sum += scale * v.abs());
            }
            largest.iter_mut().zip(sums).for_each(|(most, sum)| *most = larger(sum, *most));
        }
        let sum = |i: usize| runs.iter().zip(scales).map(|(run, scale)| scale * run[i].abs()).sum();
        (whole..count).map(sum).chain(largest).fold(0.0, |most, sum| larger(sum, most))
    }
}
