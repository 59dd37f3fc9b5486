//! One number at every position of one location.

use super::{FieldError, Parities};
use crate::grid::{Grid, Location, unravel};
use crate::machine::zeros;
use ndarray::{ArrayViewD, IxDyn};
use rayon::prelude::*;
use std::sync::OnceLock;

/// Values at one [`Location`] of a grid, x running fastest.
///
/// A field that depends only on whether the indices are even or odd, such as a constant or zero, is
/// kept as its [`Parities`] until its values are needed.
#[derive(Clone, Debug)]
pub struct ScalarField<const D: usize> {
    grid: Grid<D>,
    location: Location,
    values: Values,
}

#[derive(Clone, Debug)]
enum Values {
    Dense(Vec<f64>),
    /// The values are computed when they are needed.
    Parities(Parities, OnceLock<Vec<f64>>),
}

impl<const D: usize> ScalarField<D> {
    /// All zero. Costs no memory until its values are needed.
    pub fn zeros(grid: Grid<D>, location: Location) -> ScalarField<D> {
        ScalarField::from_parities(grid, location, Parities::constant(0.0))
    }

    /// Values that depend only on whether the indices are even or odd. Costs no memory until they
    /// are needed.
    pub fn from_parities(grid: Grid<D>, location: Location, parities: Parities) -> ScalarField<D> {
        ScalarField { grid, location, values: Values::Parities(parities, OnceLock::new()) }
    }

    /// From values in storage order.
    ///
    /// # Errors
    /// If there are more or fewer values than positions.
    pub fn from_values(
        grid: Grid<D>,
        location: Location,
        values: Vec<f64>,
    ) -> Result<ScalarField<D>, FieldError> {
        if values.len() != grid.len_at(location) {
            let mut expected = grid.shape_at(location).to_vec();
            expected.reverse();
            return Err(FieldError::Shape {
                expected,
                found: vec![values.len()],
                order: "(z, y, x), flattened",
            });
        }
        Ok(ScalarField { grid, location, values: Values::Dense(values) })
    }

    /// Evaluates a function of position.
    pub fn sample(
        grid: Grid<D>,
        location: Location,
        f: impl Fn([f64; D]) -> f64,
    ) -> ScalarField<D> {
        let shape = grid.shape_at(location);
        let values = (0..grid.len_at(location))
            .map(|flat| f(grid.position(location, unravel(shape, flat))))
            .collect();
        ScalarField { grid, location, values: Values::Dense(values) }
    }

    /// The grid.
    pub fn grid(&self) -> &Grid<D> {
        &self.grid
    }

    /// Where the values sit.
    pub fn location(&self) -> Location {
        self.location
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.grid.len_at(self.location)
    }

    /// Never: a grid has cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The parities that the field is kept as; `None` if it is kept as values.
    pub fn parities(&self) -> Option<&Parities> {
        match &self.values {
            Values::Dense(_) => None,
            Values::Parities(parities, _) => Some(parities),
        }
    }

    /// The values, x fastest. The first call on a field that is kept as [`Parities`] makes them.
    pub fn values(&self) -> &[f64] {
        match &self.values {
            Values::Dense(values) => values,
            Values::Parities(parities, made) => made.get_or_init(|| self.made(parities)),
        }
    }

    /// The values for writing.
    pub fn values_mut(&mut self) -> &mut [f64] {
        if let Values::Parities(parities, made) = &mut self.values {
            let made = made.take();
            let parities = *parities;
            self.values = Values::Dense(made.unwrap_or_else(|| self.made(&parities)));
        }
        match &mut self.values {
            Values::Dense(values) => values,
            Values::Parities(..) => unreachable!("made above"),
        }
    }

    /// The values, given away.
    pub fn into_values(mut self) -> Vec<f64> {
        self.values_mut();
        match self.values {
            Values::Dense(values) => values,
            Values::Parities(..) => unreachable!("made above"),
        }
    }

    /// The values, to be overwritten: what they hold before is unspecified. Existing storage is
    /// reused.
    pub(crate) fn overwrite(&mut self) -> &mut [f64] {
        if let Values::Parities(_, made) = &mut self.values {
            let count = self.grid.len_at(self.location);
            let made = made.take();
            self.values = Values::Dense(made.unwrap_or_else(|| zeros(count)));
        }
        self.values_mut()
    }

    fn made(&self, parities: &Parities) -> Vec<f64> {
        let mut values = zeros(self.len());
        if !parities.is_zero() {
            parities.fill(self.grid.shape_at(self.location), 0, &mut values);
        }
        values
    }

    /// `count` values from `start` on, all in one row along x: as they are, or written to `space`.
    pub(crate) fn run<'a>(
        &'a self,
        start: usize,
        count: usize,
        space: &'a mut Vec<f64>,
    ) -> &'a [f64] {
        match &self.values {
            Values::Dense(values) => &values[start..start + count],
            Values::Parities(parities, _) => {
                let shape = self.grid.shape_at(self.location);
                let [even, odd] = parities.row(shape, start / shape[0]);
                let at =
                    |i: usize| if (start % shape[0] + i).is_multiple_of(2) { even } else { odd };
                space.clear();
                space.extend((0..count).map(at));
                space
            }
        }
    }

    /// The values as an array (z, y, x) or (y, x).
    #[expect(clippy::missing_panics_doc, reason = "a field has one value for each position")]
    pub fn array(&self) -> ArrayViewD<'_, f64> {
        let mut shape = self.grid.shape_at(self.location).to_vec();
        shape.reverse();
        ArrayViewD::from_shape(IxDyn(&shape), self.values()).expect("one value per position")
    }

    /// self += a · other.
    ///
    /// # Panics
    /// If the fields sit at different locations.
    pub fn add_scaled(&mut self, a: f64, other: &ScalarField<D>) {
        assert_eq!(self.location, other.location, "fields at different locations");
        if let Some(theirs) = other.parities() {
            if theirs.is_zero() {
                return;
            }
            if let Values::Parities(mine, _) = &self.values {
                let sum = mine.plus(a, theirs);
                self.values = Values::Parities(sum, OnceLock::new());
                return;
            }
        }
        add_scaled(self.values_mut(), a, other.values());
    }

    /// self − other, in one sweep.
    ///
    /// # Panics
    /// If the fields sit at different locations.
    pub fn minus(&self, other: &ScalarField<D>) -> ScalarField<D> {
        assert_eq!(self.location, other.location, "fields at different locations");
        if self.parities().is_some() || other.parities().is_some() {
            let mut difference = self.clone();
            difference.add_scaled(-1.0, other);
            return difference;
        }
        let pairs = self.values().par_iter().zip(other.values()).with_min_len(1 << 14);
        let values = Values::Dense(pairs.map(|(mine, theirs)| mine - theirs).collect());
        ScalarField { grid: self.grid, location: self.location, values }
    }

    /// self = other − self.
    pub(crate) fn take_from(&mut self, other: &ScalarField<D>) {
        assert_eq!(self.location, other.location, "fields at different locations");
        let values = self.values_mut().par_iter_mut().zip(other.values());
        values.with_min_len(1 << 14).for_each(|(mine, v)| *mine = v - *mine);
    }

    /// The root of the mean square of the values, without weights.
    pub fn rms(&self) -> f64 {
        let sum: f64 = self.values().iter().map(|v| v * v).sum();
        (sum / self.len() as f64).sqrt()
    }

    /// The largest magnitude.
    pub fn max_abs(&self) -> f64 {
        self.values().iter().fold(0.0, |m, v| m.max(v.abs()))
    }
}

/// Two fields are equal if their values are, however they are kept.
impl<const D: usize> PartialEq for ScalarField<D> {
    fn eq(&self, other: &ScalarField<D>) -> bool {
        let places = self.grid == other.grid && self.location == other.location;
        places && self.values() == other.values()
    }
}

fn add_scaled(to: &mut [f64], a: f64, from: &[f64]) {
    const BLOCK: usize = 1 << 14;
    let blocks = to.par_chunks_mut(BLOCK).zip(from.par_chunks(BLOCK));
    blocks.for_each(|(to, from)| to.iter_mut().zip(from).for_each(|(x, y)| *x += a * y));
}
