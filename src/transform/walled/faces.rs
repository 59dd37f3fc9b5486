//! Both parts on runs of faces, and their divergence.

use crate::transform::wide::wide;

/// Faces one after another, and with what their parts are made.
pub(super) struct Faces<'a> {
    pub(super) v: &'a [f64],
    /// The potential below and above; `None` at a wall.
    pub(super) potential: Option<[&'a [f64]; 2]>,
    pub(super) scale: f64,
    pub(super) mean: f64,
}

impl Faces<'_> {
    pub(super) fn split(&self, gradient: &mut [f64], solenoidal: &mut [f64]) {
        let Some([below, above]) = self.potential else {
            gradient.copy_from_slice(self.v);
            return solenoidal.fill(0.0);
        };
        split_faces(self.v, below, above, self.scale, self.mean, gradient, solenoidal);
    }
}

wide! {
    /// gradient = scale (above − below), solenoidal = v − gradient − mean.
    fn split_faces<'a>(
        v: &'a [f64],
        below: &'a [f64],
        above: &'a [f64],
        scale: f64,
        mean: f64,
        gradient: &'a mut [f64],
        solenoidal: &'a mut [f64],
    ) {
        let parts = gradient.iter_mut().zip(solenoidal);
        for (((g, s), v), (a, b)) in parts.zip(v).zip(below.iter().zip(above)) {
            *g = scale * (b - a);
            *s = v - *g - mean;
        }
    }
}

/// A row of faces along it.
pub(super) struct AlongRow<'a> {
    pub(super) v: &'a [f64],
    pub(super) phi: &'a [f64],
    pub(super) scale: f64,
    pub(super) mean: f64,
    pub(super) bounded: bool,
}

wide! {
    /// Both parts of a row of faces along it, and the differences of the solenoidal one.
    pub(super) fn split_row<'a>(
        row: AlongRow<'a>,
        g: &'a mut [f64],
        s: &'a mut [f64],
        d: &'a mut [f64],
    ) {
        let AlongRow { v, phi, scale, mean, bounded } = row;
        let nx = phi.len();
        let neighbours = phi.iter().zip(&phi[1..]);
        g[1..].iter_mut().zip(neighbours).for_each(|(g, (a, b))| *g = scale * (b - a));
        if bounded {
            (g[0], g[nx]) = (v[0], v[nx]);
        } else {
            g[0] = scale * (phi[0] - phi[nx - 1]);
        }
        s.iter_mut().zip(v.iter().zip(&*g)).for_each(|(s, (v, g))| *s = v - g - mean);
        let pairs = s.iter().zip(&s[1..]);
        d.iter_mut().zip(pairs).for_each(|(d, (a, b))| *d = scale * (b - a));
        if !bounded {
            d[nx - 1] = scale * (s[0] - s[nx - 1]);
        }
    }
}

wide! {
    pub(super) fn add_difference<'a>(out: &'a mut [f64], lower: &'a [f64], upper: &'a [f64], scale: f64) {
        let pairs = lower.iter().zip(upper);
        out.iter_mut().zip(pairs).for_each(|(o, (a, b))| *o += scale * (b - a));
    }
}

wide! {
    pub(super) fn sum_of_squares<'a>(row: &'a [f64]) -> f64 {
        let mut sums = [0.0; 16];
        let (blocks, rest) = row.as_chunks::<16>();
        for values in blocks {
            sums.iter_mut().zip(values).for_each(|(s, v)| *s += v * v);
        }
        sums.iter().sum::<f64>() + rest.iter().map(|v| v * v).sum::<f64>()
    }
}
