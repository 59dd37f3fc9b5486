//! Whether points that are evaluated together are independent of each other.

use super::{OnnxError, OnnxModel};

/// Spread and centre of the points that are tried: some models have values on one side of zero alone, and some couple
/// what is near together alone.
const PLACES: [[f64; 2]; 4] = [[0.5, 0.0], [0.5, 1.0], [2.0, 0.0], [20.0, 0.0]];

/// Differences by rounding, in machine epsilons of the largest value: none where a point keeps its place, and sums in
/// another order where it moves.
const KEPT: f64 = 16.0;
const MOVED: f64 = 1000.0;

impl OnnxModel {
    /// What shows that the first axis does not count points, if anything does. Where no value is finite nothing does.
    pub(super) fn coupling(&self) -> Result<Option<&'static str>, OnnxError> {
        let count = self.input.points;
        if count < 2 {
            return Ok(None);
        }
        for place in PLACES {
            let d = self.dimension();
            let points = scattered(count * d, place, 0);
            let values = self.evaluate(&points)?;
            // Every second point keeps its values while those between get others.
            let others = scattered(count * d, place, 1);
            let mixed =
                rows(d, count, |row| if row % 2 == 0 { &points } else { &others }, |row| row);
            let kept = self.evaluate(&mixed)?;
            let even = (0..count).step_by(2).map(|row| (row, row));
            if self.differ(&values, &kept, even, KEPT) {
                return Ok(Some("the output at one row changes with the values of others"));
            }
            let turned = |row: usize| (row + 1) % count;
            let moved = self.evaluate(&rows(d, count, |_| &points, turned))?;
            if self.differ(&values, &moved, (0..count).map(|row| (turned(row), row)), MOVED) {
                return Ok(Some("the same values have another output in another row"));
            }
        }
        Ok(None)
    }

    /// Whether pairs of rows of two outputs differ by more than so many epsilons of the largest value.
    fn differ(
        &self,
        a: &[f64],
        b: &[f64],
        mut pairs: impl Iterator<Item = (usize, usize)>,
        epsilons: f64,
    ) -> bool {
        let d = self.dimension();
        let finite = a.iter().chain(b).filter(|value| value.is_finite());
        let largest = finite.fold(0.0, |largest: f64, value| largest.max(value.abs()));
        let precision = if self.input.double { f64::EPSILON } else { f64::from(f32::EPSILON) };
        let allowed = epsilons * precision * largest;
        let apart = |(x, y): (&f64, &f64)| match (x.is_finite(), y.is_finite()) {
            (true, true) => (x - y).abs() > allowed,
            (one, other) => one != other,
        };
        pairs.any(|(i, j)| a[i * d..][..d].iter().zip(&b[j * d..][..d]).any(apart))
    }
}

/// Rows of points, each from a list and a place there.
fn rows<'a>(
    d: usize,
    count: usize,
    of: impl Fn(usize) -> &'a Vec<f64>,
    place: impl Fn(usize) -> usize,
) -> Vec<f64> {
    (0..count).flat_map(|row| of(row)[place(row) * d..][..d].iter().copied()).collect()
}

/// Numbers that fill an interval evenly, without order.
fn scattered(count: usize, [spread, centre]: [f64; 2], seed: usize) -> Vec<f64> {
    let golden = 0.5 * (5f64.sqrt() - 1.0);
    let at = |i: usize| (golden * (i + 1 + 7919 * seed) as f64).fract();
    (0..count).map(|i| centre + spread * (2.0 * at(i) - 1.0)).collect()
}
