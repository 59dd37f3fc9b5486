//! The places of the values of an axis in a lane.

use crate::machine::wide;
use num_complex::Complex64;

/// The place in a lane of each value along an axis.
pub(crate) struct Slots {
    places: Vec<usize>,
    order: Order,
}

/// Orders that are copied without looking the places up.
enum Order {
    Rising,
    Falling,
    Alternating,
    Other,
}

impl Slots {
    /// Value j at place j.
    pub(crate) fn rising(n: usize) -> Slots {
        Slots { places: (0..n).collect(), order: Order::Rising }
    }

    /// The same backwards.
    pub(crate) fn falling(n: usize) -> Slots {
        Slots { places: (0..n).rev().collect(), order: Order::Falling }
    }

    /// Even values ascending, then odd ones descending.
    pub(crate) fn alternating(n: usize) -> Slots {
        let slot = |j: usize| if j.is_multiple_of(2) { j / 2 } else { n - 1 - j / 2 };
        Slots { places: (0..n).map(slot).collect(), order: Order::Alternating }
    }

    /// Any places.
    pub(crate) fn of(places: Vec<usize>) -> Slots {
        Slots { places, order: Order::Other }
    }

    /// The place of each value.
    pub(crate) fn places(&self) -> &[usize] {
        &self.places
    }

    /// Two rows into one lane; the second may be empty.
    pub(crate) fn load_rows(&self, pair: &[f64], lane: &mut [Complex64]) {
        let (a, b) = pair.split_at(self.places.len());
        match self.order {
            _ if b.is_empty() => {
                let values = self.places.iter().zip(a);
                values.for_each(|(&slot, &a)| lane[slot] = Complex64::new(a, 0.0));
            }
            Order::Rising => interleave(a, b, lane),
            Order::Falling => interleave_falling(a, b, &mut lane[..a.len()]),
            Order::Alternating => interleave_alternating(a, b, &mut lane[..a.len()]),
            Order::Other => {
                let values = self.places.iter().zip(a.iter().zip(b));
                values.for_each(|(&slot, (&a, &b))| lane[slot] = Complex64::new(a, b));
            }
        }
    }

    /// One lane into two rows; the second may be empty.
    pub(crate) fn store_rows(&self, pair: &mut [f64], lane: &[Complex64]) {
        let (a, b) = pair.split_at_mut(self.places.len());
        match self.order {
            Order::Rising if !b.is_empty() => divide(a, b, lane),
            Order::Alternating if !b.is_empty() => divide_alternating(a, b, &lane[..a.len()]),
            _ => {
                self.places.iter().zip(a).for_each(|(&slot, a)| *a = lane[slot].re);
                self.places.iter().zip(b).for_each(|(&slot, b)| *b = lane[slot].im);
            }
        }
    }

    /// Multiplies the first of two paired lanes by `even` and the second by `odd`.
    pub(crate) fn multiply(&self, lane: &mut [Complex64], even: &[f64], odd: &[f64]) {
        let weights = even.iter().zip(odd);
        if matches!(self.order, Order::Rising) {
            return multiply_rising(lane, even, odd);
        }
        for (&slot, (a, b)) in self.places.iter().zip(weights) {
            lane[slot] = Complex64::new(lane[slot].re * a, lane[slot].im * b);
        }
    }
}

wide! {
    fn interleave<'a>(a: &'a [f64], b: &'a [f64], lane: &'a mut [Complex64]) {
        lane.iter_mut().zip(a.iter().zip(b)).for_each(|(z, (a, b))| *z = Complex64::new(*a, *b));
    }
}

wide! {
    fn interleave_falling<'a>(a: &'a [f64], b: &'a [f64], lane: &'a mut [Complex64]) {
        let lane = lane.iter_mut().rev();
        lane.zip(a.iter().zip(b)).for_each(|(z, (a, b))| *z = Complex64::new(*a, *b));
    }
}

wide! {
    fn interleave_alternating<'a>(a: &'a [f64], b: &'a [f64], lane: &'a mut [Complex64]) {
        let (even, odd) = lane.split_at_mut(a.len().div_ceil(2));
        let ((pairs_a, last_a), (pairs_b, last_b)) = (a.as_chunks::<2>(), b.as_chunks::<2>());
        let slots = even.iter_mut().zip(odd.iter_mut().rev());
        for ((even, odd), (a, b)) in slots.zip(pairs_a.iter().zip(pairs_b)) {
            (*even, *odd) = (Complex64::new(a[0], b[0]), Complex64::new(a[1], b[1]));
        }
        if let ([a], [b], Some(last)) = (last_a, last_b, even.last_mut()) {
            *last = Complex64::new(*a, *b);
        }
    }
}

wide! {
    fn divide<'a>(a: &'a mut [f64], b: &'a mut [f64], lane: &'a [Complex64]) {
        lane.iter().zip(a.iter_mut().zip(b)).for_each(|(z, (a, b))| (*a, *b) = (z.re, z.im));
    }
}

wide! {
    fn divide_alternating<'a>(a: &'a mut [f64], b: &'a mut [f64], lane: &'a [Complex64]) {
        let (even, odd) = lane.split_at(a.len().div_ceil(2));
        let (pairs_a, last_a) = a.as_chunks_mut::<2>();
        let (pairs_b, last_b) = b.as_chunks_mut::<2>();
        let slots = even.iter().zip(odd.iter().rev());
        for ((even, odd), (a, b)) in slots.zip(pairs_a.iter_mut().zip(pairs_b)) {
            (*a, *b) = ([even.re, odd.re], [even.im, odd.im]);
        }
        if let ([a], [b], Some(last)) = (last_a, last_b, even.last()) {
            (*a, *b) = (last.re, last.im);
        }
    }
}

wide! {
    fn multiply_rising<'a>(lane: &'a mut [Complex64], even: &'a [f64], odd: &'a [f64]) {
        for (z, (a, b)) in lane.iter_mut().zip(even.iter().zip(odd)) {
            *z = Complex64::new(z.re * a, z.im * b);
        }
    }
}
