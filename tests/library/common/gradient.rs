//! Divergence, curl and trapezoid weights as a user of numpy takes them at the points: numpy.gradient(f)/numpy.gradient(x)
//! along every axis, of the values wrapped around on periodic ones; on a sphere with the cosine of the latitude.

use hodge::field::VectorField;
use hodge::grid::{Axis, Domain, Geometry, ravel, unravel};
use hodge::operator::axis_pairs;

pub struct Ruler<const D: usize> {
    shape: [usize; D],
    /// Coordinates with one more at both ends of periodic axes.
    points: [Vec<f64>; D],
    ring: [bool; D],
    cosine: Option<Vec<f64>>,
}

impl<const D: usize> Ruler<D> {
    /// `None` where there is no such ruler.
    pub fn new(domain: &Domain<D>) -> Option<Ruler<D>> {
        let poles = domain.metric().is_some_and(|metric| metric.poles() != [false; 2]);
        let weighted = domain.metric().is_some_and(|metric| metric.is_weighted());
        let axes = domain.grid().axes();
        let short = axes.iter().any(|axis| axis.bounded() && axis.cells < D);
        if poles || weighted || short || domain.mask().is_some() {
            return None;
        }
        let radius = match domain.geometry() {
            Geometry::Plane | Geometry::Rectilinear => None,
            Geometry::Sphere { radius } if D == 2 => Some(radius),
            _ => return None,
        };
        let unit = radius.map_or(1.0, f64::to_radians);
        let coordinates = |axis: &Axis| {
            let last = axis.cells - 1;
            let mut points: Vec<f64> = (0..=last).map(|i| axis.point(i)).collect();
            if !axis.bounded() {
                points.insert(0, axis.point(last) - axis.length());
                points.push(axis.point(0) + axis.length());
            }
            points.iter().map(|x| unit * x).collect()
        };
        let latitudes = 0..domain.grid().shape()[1];
        Some(Ruler {
            shape: domain.grid().shape(),
            points: axes.each_ref().map(coordinates),
            ring: axes.each_ref().map(|axis| !axis.bounded()),
            cosine: radius
                .map(|_| latitudes.map(|j| axes[1].point(j).to_radians().cos()).collect()),
        })
    }

    fn len(&self) -> usize {
        self.shape.iter().product()
    }

    fn at_latitude(&self, flat: usize) -> f64 {
        self.cosine.as_ref().map_or(1.0, |cosine| cosine[unravel(self.shape, flat)[1]])
    }

    /// numpy.gradient of a list at place i.
    fn gradient(list: &[f64], i: usize) -> f64 {
        match i {
            0 => list[1] - list[0],
            i if i + 1 == list.len() => list[i] - list[i - 1],
            i => 0.5 * (list[i + 1] - list[i - 1]),
        }
    }

    /// Along axis k; with `gross` of values that add up.
    fn derivative(&self, k: usize, values: &[f64], gross: bool) -> Vec<f64> {
        let n = self.shape[k];
        let one = |flat: usize| {
            let at = unravel(self.shape, flat);
            let value = |i: usize| {
                let mut there = at;
                there[k] = i;
                values[ravel(self.shape, there)]
            };
            let mut list: Vec<f64> = (0..n).map(value).collect();
            if self.ring[k] {
                list.insert(0, list[n - 1]);
                list.push(list[1]);
            }
            let place = at[k] + usize::from(self.ring[k]);
            let width = Self::gradient(&self.points[k], place);
            if gross {
                let (below, above) = (place.saturating_sub(1), (place + 1).min(list.len() - 1));
                let share = if above - below == 2 { 0.5 } else { 1.0 };
                return share * (list[below].abs() + list[above].abs()) / width;
            }
            Self::gradient(&list, place) / width
        };
        (0..self.len()).map(one).collect()
    }

    /// Half the distance of the neighbours, at walls of the point and its neighbour.
    fn half(&self, k: usize, i: usize) -> f64 {
        let place = i + usize::from(self.ring[k]);
        let points = &self.points[k];
        let below = points[place] - points[place.saturating_sub(1)];
        0.5 * (below + points[(place + 1).min(points.len() - 1)] - points[place])
    }

    fn times_cosine(&self, values: &[f64]) -> Vec<f64> {
        values.iter().enumerate().map(|(flat, v)| v * self.at_latitude(flat)).collect()
    }

    /// Of a rest without what flows through walls, which the differences there see.
    fn divergence(&self, v: &VectorField<D>, gross: bool, rest: bool) -> Vec<f64> {
        let mut sum = vec![0.0; self.len()];
        for k in 0..D {
            let own = v.component(k).values();
            let along = if k == 1 { self.times_cosine(own) } else { own.to_vec() };
            let mut terms = self.derivative(k, &along, gross);
            for (flat, term) in terms.iter_mut().enumerate().filter(|_| rest && !self.ring[k]) {
                let (i, through) = (unravel(self.shape, flat)[k], along[flat]);
                *term += match i {
                    0 => through / self.half(k, 0),
                    i if i + 1 == self.shape[k] => -through / self.half(k, i),
                    _ => 0.0,
                };
            }
            sum.iter_mut().zip(terms).enumerate().for_each(|(flat, (sum, term))| {
                *sum += term / self.at_latitude(flat);
            });
        }
        sum
    }

    fn curl(&self, v: &VectorField<D>, (a, b): (usize, usize), gross: bool) -> Vec<f64> {
        let own = |k: usize| v.component(k).values();
        let along = |k: usize| if k == 0 { self.times_cosine(own(0)) } else { own(k).to_vec() };
        let (first, second) =
            (self.derivative(a, &along(b), gross), self.derivative(b, &along(a), gross));
        let sign = if gross { 1.0 } else { -1.0 };
        let both = first.iter().zip(&second).enumerate();
        both.map(|(flat, (one, other))| (one + sign * other) / self.at_latitude(flat)).collect()
    }

    /// The largest at points on no wall of some axes, or at all.
    fn largest(&self, values: &[f64], inside: &[usize]) -> f64 {
        let kept = values.iter().enumerate().filter(|(flat, _)| {
            let at = unravel(self.shape, *flat);
            inside.iter().all(|k| self.ring[*k] || (at[*k] > 0 && at[*k] + 1 < self.shape[*k]))
        });
        kept.fold(0.0, |most: f64, (_, v)| if v.abs() <= most { most } else { v.abs() })
    }

    /// The largest divergence and curl of a part over what those of the field are made of, at every point. Of the rest, which
    /// is no gradient and no rotation: without what flows through walls, and the curl at points on no wall of its axes.
    pub fn residuals(&self, v: &VectorField<D>, field: &VectorField<D>, rest: bool) -> [f64; 2] {
        let divergence = self.largest(&self.divergence(v, false, rest), &[])
            / self.largest(&self.divergence(field, true, false), &[]);
        let curls = axis_pairs::<D>().into_iter().map(|pair| {
            let inside = [pair.0, pair.1];
            let found = self.curl(v, pair, false);
            let kept = self.largest(&found, if rest { &inside } else { &[] });
            [kept, self.largest(&self.curl(field, pair, true), &[])]
        });
        let worse = |a: f64, b: f64| if a >= b || a.is_nan() { a } else { b };
        let [curl, gross] =
            curls.fold([0.0; 2], |[a, b], [curl, gross]| [worse(a, curl), worse(b, gross)]);
        [divergence, curl / gross]
    }

    /// By the trapezoid rule.
    pub fn inner(&self, v: &VectorField<D>, w: &VectorField<D>) -> f64 {
        let weight = |flat: usize| {
            let at = unravel(self.shape, flat);
            (0..D).map(|k| self.half(k, at[k])).product::<f64>() * self.at_latitude(flat)
        };
        let product = |flat: usize| {
            let of = |k: usize| v.component(k).values()[flat] * w.component(k).values()[flat];
            weight(flat) * (0..D).map(of).sum::<f64>()
        };
        (0..self.len()).map(product).sum()
    }
}
