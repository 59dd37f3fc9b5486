//! What the numbers of a metric have to be.

use super::{Metric, MetricError};
use crate::grid::{AXIS_NAMES, Grid, Location, unravel};

impl<const D: usize> Metric<D> {
    /// Checks sizes and numbers, and finds the poles.
    pub(super) fn checked(mut self, grid: &Grid<D>) -> Result<Metric<D>, MetricError> {
        self.check_length(grid, "volumes".into(), Location::CELL, self.volumes.len())?;
        check(grid, "volume".into(), Location::CELL, &self.volumes, |_| false)?;
        for k in 0..D {
            let (name, place) = (AXIS_NAMES[k], Location::face(k));
            let [area, distance] =
                ["area", "distance"].map(|what| format!("{what} of faces of {name}"));
            self.check_length(grid, area.clone(), place, self.areas[k].len())?;
            self.check_length(grid, distance.clone(), place, self.distances[k].len())?;
            let last = grid.axes()[k].cells;
            let ring = k == 1 && grid.axes()[1].bounded() && !grid.axes()[0].bounded();
            let end = |index: [usize; D]| ring && [0, last].contains(&index[1]);
            check(grid, area, place, &self.areas[k], end)?;
            check(grid, distance, place, &self.distances[k], |_| false)?;
        }
        self.poles = self.find_poles(grid)?;
        Ok(self)
    }

    /// Ends of y that have no area, all along.
    fn find_poles(&self, grid: &Grid<D>) -> Result<[bool; 2], MetricError> {
        let [x, y] = [grid.axes()[0], grid.axes()[1]];
        if x.bounded() || !y.bounded() {
            return Ok([false; 2]);
        }
        let shape = grid.shape_at(Location::face(1));
        let mut poles = [false; 2];
        for (pole, end) in poles.iter_mut().zip([0, y.cells]) {
            let faces = self.areas[1].iter().enumerate();
            let at_end = faces.filter(|(face, _)| unravel(shape, *face)[1] == end);
            let (none, some): (Vec<_>, Vec<_>) = at_end.partition(|(_, area)| **area == 0.0);
            *pole = some.is_empty();
            if let (Some((face, _)), false) = (none.first(), *pole) {
                return Err(MetricError::Value {
                    what: "area of faces of y".into(),
                    index: unravel(shape, *face).to_vec(),
                    value: 0.0,
                    expected: "it is 0 all along an end of y or nowhere",
                });
            }
        }
        Ok(poles)
    }

    fn check_length(
        &self,
        grid: &Grid<D>,
        what: String,
        place: Location,
        found: usize,
    ) -> Result<(), MetricError> {
        let expected = grid.len_at(place);
        if found == expected { Ok(()) } else { Err(MetricError::Length { what, expected, found }) }
    }
}

/// Refuses numbers that are not positive and finite, but for zeros where they may be.
fn check<const D: usize>(
    grid: &Grid<D>,
    what: String,
    place: Location,
    values: &[f64],
    may_vanish: impl Fn([usize; D]) -> bool,
) -> Result<(), MetricError> {
    let shape = grid.shape_at(place);
    let bad = values.iter().position(|value| !(*value > 0.0 && value.is_finite()));
    let Some(first) = bad else { return Ok(()) };
    for (at, &value) in values.iter().enumerate().skip(first) {
        let index = unravel(shape, at);
        let usable = (value > 0.0 && value.is_finite()) || (value == 0.0 && may_vanish(index));
        if !usable {
            let expected =
                "it must be positive and finite, or 0 all along an end of y around a periodic x";
            return Err(MetricError::Value { what, index: index.to_vec(), value, expected });
        }
    }
    Ok(())
}
