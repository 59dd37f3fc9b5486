//! The Fourier projection of data that are not periodic.

use super::super::walls::check_domain;
use super::super::{Decompose, DecomposeError, Decomposition, InDimension, Law, Method};
use crate::boundary::Boundary;
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Domain, Grid, Location, ravel, unravel};
use crate::operator::{Calculus, Collocated};
use crate::poisson::Backend;
use crate::projection::LerayProjection;

/// How a field with ends is made periodic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Continuation {
    /// A linear function of the position is fitted to each component by least squares and taken off
    /// (`fourier-detrended`).
    Detrended,
    /// Beside the field stands its mirror image, each component with its own sign (`fourier-mirrored`).
    Mirrored,
}

const DERIVATIVE: &str = "Fourier derivative of the field made periodic";

/// Leray's projection of a field that was made periodic along its bounded axes.
///
/// What does not fit at the seam, a jump of the field or of its slope, rings through both parts. With
/// [`Continuation::Detrended`] the trend is in the harmonic part, though it may have divergence and curl.
pub struct FourierMethod<const D: usize> {
    continuation: Continuation,
    calculus: Collocated<D>,
    /// The shape that is transformed.
    shape: [usize; D],
    leray: LerayProjection<D>,
}

impl<const D: usize> FourierMethod<D> {
    /// Plans the transforms.
    ///
    /// # Errors
    /// If no axis is bounded, cells are masked, or cells are not all alike.
    pub fn new(
        domain: &Domain<D>,
        continuation: Continuation,
    ) -> Result<FourierMethod<D>, DecomposeError> {
        let method = method_of(continuation);
        check_domain(method, domain)?;
        let grid = *domain.grid();
        let shape = transformed(&grid, continuation);
        let leray = LerayProjection::new(shape, grid.axes().map(|axis| axis.spacing));
        Ok(FourierMethod {
            continuation,
            calculus: Collocated::instead_of(DERIVATIVE, grid),
            shape,
            leray,
        })
    }

    /// Numbers of a component that are transformed for each of the field.
    #[cfg(feature = "sparse")]
    pub(in super::super) fn copies(grid: &Grid<D>, continuation: Continuation) -> f64 {
        let larger = transformed(grid, continuation).iter().product::<usize>();
        larger as f64 / grid.cells() as f64
    }

    fn grid(&self) -> Grid<D> {
        *self.calculus.domain().grid()
    }

    /// The trend of a component, and what is transformed of it.
    fn continued(&self, component: &ScalarField<D>) -> (Vec<f64>, Vec<f64>) {
        let (grid, values) = (self.grid(), component.values());
        if self.continuation == Continuation::Detrended {
            let trend = trend(&grid, values);
            let rest = values.iter().zip(&trend).map(|(value, trend)| value - trend).collect();
            return (trend, rest);
        }
        let mirrored = |flat: usize| {
            let index = unravel(self.shape, flat);
            let folded = |k: usize| match index[k] < grid.shape()[k] {
                true => index[k],
                false => self.shape[k] - 1 - index[k],
            };
            values[ravel(grid.shape(), std::array::from_fn(folded))]
        };
        (vec![0.0; values.len()], (0..self.shape.iter().product()).map(mirrored).collect())
    }

    /// What stands in the place of the field.
    fn original(&self, values: &[f64]) -> ScalarField<D> {
        let grid = self.grid();
        let at = |flat| values[ravel(self.shape, unravel(grid.shape(), flat))];
        ScalarField::from_values(grid, Location::CELL, (0..grid.cells()).map(at).collect())
            .expect("a value at each point")
    }
}

fn method_of(continuation: Continuation) -> Method {
    match continuation {
        Continuation::Detrended => Method::FourierDetrended,
        Continuation::Mirrored => Method::FourierMirrored,
    }
}

fn transformed<const D: usize>(grid: &Grid<D>, continuation: Continuation) -> [usize; D] {
    std::array::from_fn(|k| {
        let axis = &grid.axes()[k];
        let mirrored = continuation == Continuation::Mirrored && axis.bounded();
        if mirrored { 2 * axis.cells } else { axis.cells }
    })
}

/// The linear function of the coordinates along bounded axes nearest to some values, by least squares: on a box of equal cells
/// the coordinates from the middle are orthogonal.
fn trend<const D: usize>(grid: &Grid<D>, values: &[f64]) -> Vec<f64> {
    let shape = grid.shape();
    let from_middle =
        |flat: usize, k: usize| unravel(shape, flat)[k] as f64 - 0.5 * (shape[k] as f64 - 1.0);
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let slopes: [f64; D] = std::array::from_fn(|k| {
        if !grid.axes()[k].bounded() || shape[k] == 1 {
            return 0.0;
        }
        let (mut product, mut square) = (0.0, 0.0);
        for (flat, value) in values.iter().enumerate() {
            let at = from_middle(flat, k);
            (product, square) = (product + at * value, square + at * at);
        }
        product / square
    });
    let at = |flat| (0..D).fold(mean, |sum, k| sum + slopes[k] * from_middle(flat, k));
    (0..values.len()).map(at).collect()
}

impl<const D: usize> Decompose<D> for FourierMethod<D> {
    fn in_dimension(&self) -> InDimension<'_> {
        InDimension::of::<FourierMethod<2>, FourierMethod<3>>(self)
    }

    fn method(&self) -> Method {
        method_of(self.continuation)
    }

    fn boundary(&self) -> Boundary {
        Boundary::Periodic
    }

    fn backend(&self) -> Option<Backend> {
        None
    }

    fn calculus(&self) -> &dyn Calculus<D> {
        &self.calculus
    }

    fn claims(&self, law: Law) -> bool {
        law == Law::Sum
    }

    fn remarks(&self, parts: &Decomposition<D>) -> Vec<String> {
        let method = self.method();
        let [seam, inside] = self.seam(&parts.solenoidal);
        let ratio = seam / inside;
        let defect = match ratio.is_finite() {
            true => format!(
                ": the divergence of its solenoidal part is {ratio:.1e} times as large within three points of the ends as elsewhere"
            ),
            false => String::new(),
        };
        vec![format!(
            "{method} is a baseline that takes a field with ends for a periodic one{defect}"
        )]
    }

    fn split_into(
        &self,
        field: &VectorField<D>,
        parts: &mut Decomposition<D>,
    ) -> Result<(), DecomposeError> {
        let continued = field.components().each_ref().map(|c| self.continued(c));
        let count = self.shape.iter().product::<usize>();
        let [mut gradient, mut solenoidal]: [[Vec<f64>; D]; 2] =
            [(); 2].map(|()| std::array::from_fn(|_| vec![0.0; count]));
        let mut potential = vec![0.0; count];
        self.leray.project_with_potential(
            continued.each_ref().map(|(_, values)| &values[..]),
            gradient.each_mut().map(|values| &mut values[..]),
            solenoidal.each_mut().map(|values| &mut values[..]),
            &mut potential,
        );
        let original = |components: [Vec<f64>; D]| {
            VectorField::from_components(
                Layout::Points,
                components.map(|values| self.original(&values)),
            )
        };
        (parts.gradient, parts.solenoidal) = (original(gradient), original(solenoidal));
        parts.potential = self.original(&potential);
        // The trend, the mean and what the derivatives do not see.
        parts.harmonic = field.minus(&parts.gradient);
        parts.harmonic.add_scaled(-1.0, &parts.solenoidal);
        Ok(())
    }
}

impl<const D: usize> FourierMethod<D> {
    /// The root mean square divergence, by central differences where both neighbours are there, within three points of
    /// an end and elsewhere.
    fn seam(&self, v: &VectorField<D>) -> [f64; 2] {
        let grid = self.grid();
        let divergence = self.calculus.divergence(v);
        let mut sums = [(0.0, 0usize); 2];
        for (flat, value) in divergence.values().iter().enumerate() {
            let index = unravel(grid.shape(), flat);
            let from_end = |k: usize| match grid.axes()[k].bounded() {
                true => index[k].min(grid.shape()[k] - 1 - index[k]),
                false => usize::MAX,
            };
            let nearest = (0..D).map(from_end).min().unwrap_or(usize::MAX);
            if nearest > 0 {
                let (sum, count) = &mut sums[usize::from(nearest > 3)];
                (*sum, *count) = (*sum + value * value, *count + 1);
            }
        }
        sums.map(|(sum, count)| (sum / count as f64).sqrt())
    }
}
