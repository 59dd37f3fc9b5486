//! Inner products of several fields, a run of values at a time.

use crate::machine::wide;

/// Most fields whose products are taken: the input, three parts, two of which the harmonic one is made, and
/// the remainder.
pub(super) const FIELDS: usize = 7;
/// The place of the input among the products, the field where the method computes or its samples.
pub(super) const INPUT: usize = 0;
/// The place of what is lost between points and faces, among the products at the points.
pub(super) const REMAINDER: usize = FIELDS - 1;

/// ⟨a, b⟩ of fields, a ≤ b.
pub(super) type Products = [[f64; FIELDS]; FIELDS];

/// Values whose products are added up apart from each other.
const LANES: usize = 8;

/// [`Products`] that are being added up, in lanes.
pub(super) struct Lanes(All);

type All = [[[f64; LANES]; FIELDS]; FIELDS];

impl Lanes {
    pub(super) fn new() -> Lanes {
        Lanes([[[0.0; LANES]; FIELDS]; FIELDS])
    }

    pub(super) fn sums(&self) -> Products {
        self.0.map(|row| row.map(|lanes| lanes.iter().sum()))
    }

    /// Adds the products of all pairs of runs but those of the input with others, with weights where they are
    /// not all 1; empty runs are zero.
    pub(super) fn add(&mut self, runs: &[&[f64]; FIELDS], weights: Option<&[f64]>) {
        self.add_pairs(runs, &[INPUT], weights);
        let mut places = [0; FIELDS];
        let mut count = 0;
        for place in (INPUT + 1..FIELDS).filter(|place| !runs[*place].is_empty()) {
            places[count] = place;
            count += 1;
        }
        self.add_pairs(runs, &places[..count], weights);
    }

    fn add_pairs(&mut self, runs: &[&[f64]; FIELDS], places: &[usize], weights: Option<&[f64]>) {
        let all = &mut self.0;
        match *places {
            [] => {}
            [a] => one(all, [a], runs, weights),
            [a, b] => two(all, [a, b], runs, weights),
            [a, b, c] => three(all, [a, b, c], runs, weights),
            [a, b, c, d] => four(all, [a, b, c, d], runs, weights),
            [a, b, c, d, e] => five(all, [a, b, c, d, e], runs, weights),
            [a, b, c, d, e, f] => six(all, [a, b, c, d, e, f], runs, weights),
            _ => unreachable!("the input and six others"),
        }
    }
}

/// `product` of places in any order.
pub(super) fn product(products: &Products, a: usize, b: usize) -> f64 {
    products[a.min(b)][a.max(b)]
}

/// Every value is loaded once for all its products.
#[inline(always)]
fn pairs<const N: usize>(
    all: &mut All,
    places: [usize; N],
    runs: &[&[f64]; FIELDS],
    weights: Option<&[f64]>,
) {
    let runs = places.map(|place| runs[place]);
    let mut sums = [[[0.0; LANES]; N]; N];
    for i in 0..N {
        (i..N).for_each(|j| sums[i][j] = all[places[i]][places[j]]);
    }
    let count = runs.iter().fold(weights.map_or(usize::MAX, <[f64]>::len), |n, r| n.min(r.len()));
    let runs = runs.map(|run| &run[..count]);
    let whole = count / LANES * LANES;
    for at in (0..whole).step_by(LANES) {
        let values = runs
            .map(|run| -> [f64; LANES] { run[at..at + LANES].try_into().expect("as many values") });
        let mut left = values;
        if let Some(weights) = weights {
            let weights = &weights[at..at + LANES];
            left.iter_mut().for_each(|a| a.iter_mut().zip(weights).for_each(|(a, w)| *a *= w));
        }
        for i in 0..N {
            for j in i..N {
                for lane in 0..LANES {
                    sums[i][j][lane] += left[i][lane] * values[j][lane];
                }
            }
        }
    }
    for at in whole..count {
        let weight = weights.map_or(1.0, |weights| weights[at]);
        for i in 0..N {
            (i..N).for_each(|j| sums[i][j][at - whole] += weight * runs[i][at] * runs[j][at]);
        }
    }
    for i in 0..N {
        (i..N).for_each(|j| all[places[i]][places[j]] = sums[i][j]);
    }
}

macro_rules! pairs_of {
    ($($name:ident $count:literal),*) => {$(
        wide! {
            fn $name<'a>(
                all: &'a mut All,
                places: [usize; $count],
                runs: &'a [&'a [f64]; FIELDS],
                weights: Option<&'a [f64]>,
            ) -> () {
                pairs(all, places, runs, weights)
            }
        }
    )*};
}

pairs_of!(one 1, two 2, three 3, four 4, five 5, six 6);

#[cfg(test)]
mod tests {
    use super::*;

    /// Against sums of one product after the other.
    #[test]
    fn products_are_those_of_the_definition() {
        let run = |seed: usize, count: usize| -> Vec<f64> {
            (0..count).map(|i| ((i * (seed + 3) + 7 * seed) % 13) as f64 - 6.0).collect()
        };
        for (count, used) in [(1, 3), (8, 7), (29, 1), (64, 5), (77, 6), (512, 4), (5, 2)] {
            let values: Vec<_> = (0..FIELDS).map(|seed| run(seed, count)).collect();
            let weights = run(9, count);
            let runs: [&[f64]; FIELDS] =
                std::array::from_fn(|i| if i < used { &values[i][..] } else { &[] });
            for weights in [None, Some(&weights[..])] {
                let mut lanes = Lanes::new();
                lanes.add(&runs, weights);
                let sums = lanes.sums();
                for (a, b) in (0..FIELDS).flat_map(|a| (a..FIELDS).map(move |b| (a, b))) {
                    let wanted = (a > 0 || b == 0) && b < used;
                    let weight = |i: usize| weights.map_or(1.0, |w| w[i]);
                    let term = |i: usize| weight(i) * values[a][i] * values[b][i];
                    let exact: f64 = (0..count).map(term).sum();
                    assert_eq!(sums[a][b], if wanted { exact } else { 0.0 }, "{count} {a} {b}");
                }
            }
        }
    }
}
