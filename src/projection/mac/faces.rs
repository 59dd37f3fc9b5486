//! The parts on runs of faces, and their divergence.

use crate::machine::wide;

/// Faces one after another, and from what their parts are made.
pub(super) struct FaceRun<'a> {
    pub(super) v: &'a [f64],
    pub(super) beside: Beside<'a>,
    /// One over the spacing.
    pub(super) scale: f64,
    /// What of v along a periodic axis is neither a gradient nor solenoidal.
    pub(super) mean: f64,
}

/// What lies on both sides of faces; `neumann` is the potential that is free at the walls, `dirichlet` the one that is 0 there, if there is one.
pub(super) enum Beside<'a> {
    /// Cells below and above.
    Between { neumann: [&'a [f64]; 2], dirichlet: Option<[&'a [f64]; 2]> },
    /// A wall and cells; `sign` is 1 where they lie above it and −1 where they lie below.
    Wall { dirichlet: Option<&'a [f64]>, sign: f64 },
}

impl FaceRun<'_> {
    /// Writes the parts (gradient, solenoidal and, with a second potential, harmonic) from value `at` of
    /// `runs` on.
    pub(super) fn split(&self, runs: &mut [Vec<f64>], at: usize) {
        let mut runs = runs.iter_mut().map(|run| &mut run[at..][..self.v.len()]);
        let (gradient, solenoidal) = (runs.next().expect("two"), runs.next().expect("or more"));
        let (v, scale, mean) = (self.v, self.scale, self.mean);
        match (&self.beside, runs.next()) {
            (Beside::Wall { dirichlet: Some(phi), sign }, Some(harmonic)) => {
                solenoidal.fill(0.0);
                split_wall(v, phi, 2.0 * sign * scale, gradient, harmonic);
            }
            (Beside::Wall { .. }, _) => {
                solenoidal.fill(0.0);
                gradient.copy_from_slice(v);
            }
            (Beside::Between { neumann, dirichlet: Some(dirichlet) }, Some(harmonic)) => {
                split_three(v, *neumann, *dirichlet, scale, mean, [gradient, solenoidal, harmonic]);
            }
            (Beside::Between { neumann, .. }, _) => {
                split_two(v, *neumann, scale, mean, [gradient, solenoidal]);
            }
        }
    }
}

wide! {
    /// gradient = scale (above − below), solenoidal = v − gradient − mean.
    fn split_two<'a>(
        v: &'a [f64],
        sides: [&'a [f64]; 2],
        scale: f64,
        mean: f64,
        parts: [&'a mut [f64]; 2],
    ) {
        let ([below, above], [gradient, solenoidal]) = (sides, parts);
        let parts = gradient.iter_mut().zip(solenoidal);
        for (((g, s), v), (a, b)) in parts.zip(v).zip(below.iter().zip(above)) {
            *g = scale * (b - a);
            *s = v - *g - mean;
        }
    }
}

wide! {
    /// The gradient from one potential, the solenoidal part from the other, and what is left.
    fn split_three<'a>(
        v: &'a [f64],
        neumann: [&'a [f64]; 2],
        dirichlet: [&'a [f64]; 2],
        scale: f64,
        mean: f64,
        parts: [&'a mut [f64]; 3],
    ) {
        let [gradient, solenoidal, harmonic] = parts;
        let parts = gradient.iter_mut().zip(solenoidal).zip(harmonic);
        let neumann = neumann[0].iter().zip(neumann[1]);
        let sides = neumann.zip(dirichlet[0].iter().zip(dirichlet[1]));
        for ((((g, s), h), v), ((a, b), (c, d))) in parts.zip(v).zip(sides) {
            let free = scale * (b - a);
            *g = scale * (d - c);
            *s = v - free - mean;
            *h = free - *g + mean;
        }
    }
}

wide! {
    /// gradient = scale phi, harmonic = v − gradient.
    fn split_wall<'a>(
        v: &'a [f64],
        phi: &'a [f64],
        scale: f64,
        gradient: &'a mut [f64],
        harmonic: &'a mut [f64],
    ) {
        let parts = gradient.iter_mut().zip(harmonic);
        for ((g, h), (v, phi)) in parts.zip(v.iter().zip(phi)) {
            *g = scale * phi;
            *h = v - *g;
        }
    }
}

wide! {
    /// The share of a row of faces along it in the divergence.
    pub(super) fn difference_along<'a>(faces: &'a [f64], scale: f64, out: &'a mut [f64]) {
        let n = out.len();
        let pairs = faces.iter().zip(&faces[1..]);
        out.iter_mut().zip(pairs).for_each(|(o, (a, b))| *o = scale * (b - a));
        if faces.len() == n {
            out[n - 1] = scale * (faces[0] - faces[n - 1]);
        }
    }
}

wide! {
    /// Adds the share of faces across, those above the cells following those below.
    pub(super) fn add_difference<'a>(faces: &'a [f64], scale: f64, out: &'a mut [f64]) {
        let pairs = faces.iter().zip(&faces[faces.len() - out.len()..]);
        out.iter_mut().zip(pairs).for_each(|(o, (a, b))| *o += scale * (b - a));
    }
}

wide! {
    /// The same where they stand apart; those above are the ones below of the next cells.
    pub(super) fn climb<'a>(below: &'a mut [f64], above: &'a [f64], scale: f64, out: &'a mut [f64]) {
        for ((a, b), o) in below.iter_mut().zip(above).zip(out) {
            *o += scale * (b - *a);
            *a = *b;
        }
    }
}

wide! {
    pub(super) fn add<'a>(out: &'a mut [f64], values: &'a [f64]) {
        out.iter_mut().zip(values).for_each(|(o, v)| *o += v);
    }
}
