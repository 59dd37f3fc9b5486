//! Largest magnitudes and sums of runs of values.

use crate::field::{largest_of, magnitude};
use crate::machine::wide;

wide! {
    /// out = a − b. Gives the largest |a|, NaN if there is one.
    pub(super) fn difference<'a>(a: &'a [f64], b: &'a [f64], out: &'a mut [f64]) -> f64 {
        let mut largest = 0;
        for (out, (a, b)) in out.iter_mut().zip(a.iter().zip(b)) {
            *out = a - b;
            largest = largest.max(magnitude(*a));
        }
        largest_of([largest])
    }
}

/// Values that are looked at apart from each other.
const LANES: usize = 8;

wide! {
    /// The largest |v| and |v − (a + b + c)|, NaN if there is one, Σ v² and Σ a.
    pub(super) fn checks<'a>(v: &'a [f64], parts: [&'a [f64]; 3]) -> [f64; 4] {
        let count = v.len();
        let [a, b, c] = parts.map(|part| &part[..count]);
        let (mut largest, mut missed) = ([0; LANES], [0; LANES]);
        let (mut squares, mut sums) = ([0.0; LANES], [0.0; LANES]);
        let whole = count / LANES * LANES;
        for at in (0..whole).step_by(LANES) {
            for lane in 0..LANES {
                let (v, a) = (v[at + lane], a[at + lane]);
                let rest = v - (a + b[at + lane] + c[at + lane]);
                (largest[lane], missed[lane]) =
                    (largest[lane].max(magnitude(v)), missed[lane].max(magnitude(rest)));
                (squares[lane], sums[lane]) = (squares[lane] + v * v, sums[lane] + a);
            }
        }
        for i in whole..count {
            let rest = v[i] - (a[i] + b[i] + c[i]);
            (largest[0], missed[0]) =
                (largest[0].max(magnitude(v[i])), missed[0].max(magnitude(rest)));
            (squares[0], sums[0]) = (squares[0] + v[i] * v[i], sums[0] + a[i]);
        }
        [largest_of(largest), largest_of(missed), squares.iter().sum(), sums.iter().sum()]
    }
}
