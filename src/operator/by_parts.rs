//! Differences at the sample points that obey the laws of vector calculus up to the walls.

mod axis;
mod calculus;
mod term;

use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Axis, Domain, Geometry, Location};
use crate::machine::zeros;
use axis::AxisRule;
use std::array::from_fn;
use term::{Kind, Term, fill};
use thiserror::Error;

/// Why there are no such differences on a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ByPartsError {
    /// Cells that are left out: the differences of axes whose ends vary do not commute at corners.
    #[error("it takes no mask")]
    Masked,
    /// A density on the faces.
    #[error("it takes no density")]
    Weighted,
    /// Lengths that are no products of one factor for each axis.
    #[error("it takes no metric of the kind {0}, only planes, uneven axes and, in 2D, spheres")]
    Metric(&'static str),
    /// A pole, which is no wall.
    #[error("the latitudes reach a pole; it takes windows and bands between poles")]
    Pole,
    /// An axis with too few points between its walls.
    #[error("axis {axis} has walls and too few points; it takes {least} at least")]
    FewPoints {
        /// The axis.
        axis: &'static str,
        /// Two in 2D; three in 3D, where one must be on no wall.
        least: usize,
    },
}

/// Vectors and potentials at the points; walls go through the outermost points. With u₊ and u₋ the values at the next and the
/// last point, one of them the point itself at a wall, D u = (u₊ − u₋)/(x₊ − x₋) and H = (x₊ − x₋)/2 for each axis: for
/// equal spacings D is `numpy.gradient` and H the trapezoid rule.
///
/// H D + (H D)ᵀ holds nothing but the two walls (summation by parts), and D along different axes commute. So ∇·⋆A and
/// ∇∧∇φ are 0 at every point, and ∇φ ⟂ ⋆A where the tangential A is 0 on walls, as no other differences at points do it.
///
/// On a sphere, with longitude λ, latitude φ and c = cos φ, ∇ψ = (D_λ ψ/c, D_φ ψ), ∇·v = (D_λ v_λ + D_φ(c v_φ))/c and
/// ∇∧v = (D_λ v_φ − D_φ(c v_λ))/c.
pub struct ByParts<const D: usize> {
    domain: Domain<D>,
    /// In units of `unit`.
    axes: [AxisRule; D],
    /// The cosine of the latitude by the index along y.
    cosine: Option<Vec<f64>>,
    /// The largest mean spacing.
    unit: f64,
    /// Of every point in the inner product, and what they are counted in.
    weights: Vec<f64>,
    volume: f64,
}

impl<const D: usize> ByParts<D> {
    /// The differences on a domain.
    ///
    /// # Errors
    /// Where there are none: see [`ByPartsError`].
    pub fn new(domain: Domain<D>) -> Result<ByParts<D>, ByPartsError> {
        let radius = radius_of(&domain)?;
        let grid = *domain.grid();
        let scale = radius.map_or(1.0, |radius| radius.to_radians());
        let unit = scale * grid.axes().iter().map(|axis| axis.spacing).fold(0.0, f64::max);
        let axes = from_fn(|k| AxisRule::new(&grid.axes()[k], scale / unit));
        let latitude = |axis: &Axis, j| axis.point(j).to_radians().cos();
        let cosine = radius.map(|_| (0..grid.shape()[1]).map(|j| latitude(&grid.axes()[1], j)));
        let cosine: Option<Vec<f64>> = cosine.map(Iterator::collect);
        let volume = axes.iter().map(|axis: &AxisRule| axis.mean()).product::<f64>();
        let mut made = ByParts { domain, axes, cosine, unit, weights: Vec::new(), volume };
        let along = from_fn(|k| Some(made.axes[k].sizes.as_slice()));
        let mut weights = vec![1.0 / volume; grid.cells()];
        term::scale(grid.shape(), &mut weights, along, made.cosine.as_deref());
        made.weights = weights;
        Ok(made)
    }

    /// Whether there are such differences on a domain.
    ///
    /// # Errors
    /// Where there are none.
    pub fn check(domain: &Domain<D>) -> Result<(), ByPartsError> {
        radius_of(domain).map(|_| ())
    }

    /// The rule of an axis.
    #[cfg(feature = "sparse")]
    pub(crate) fn axis(&self, k: usize) -> &AxisRule {
        &self.axes[k]
    }

    /// The cosine of the latitude by the index along y, on a sphere.
    #[cfg(feature = "sparse")]
    pub(crate) fn cosine(&self) -> Option<&[f64]> {
        self.cosine.as_deref()
    }

    /// The length that potentials and distances are counted in.
    #[cfg(feature = "sparse")]
    pub(crate) fn unit(&self) -> f64 {
        self.unit
    }

    /// What lengths along axis k are multiplied by, apart from differences of its coordinates.
    fn stretch(&self, k: usize) -> Option<&[f64]> {
        self.cosine.as_deref().filter(|_| k == 0)
    }

    /// The product of those of the other axes.
    fn stretch_across(&self, k: usize) -> Option<&[f64]> {
        self.cosine.as_deref().filter(|_| k == 1)
    }

    /// H of all axes but k.
    fn across(&self, k: usize) -> [Option<&[f64]>; D] {
        from_fn(|a| (a != k).then_some(self.axes[a].sizes.as_slice()))
    }

    /// Σ of v·w with the weights of the points, in units.
    #[cfg(feature = "sparse")]
    pub(crate) fn product(&self, v: &VectorField<D>, w: &VectorField<D>) -> f64 {
        let weights = |_: usize, start: usize, out: &mut [f64]| {
            let count = out.len();
            out.copy_from_slice(&self.weights[start..start + count]);
            true
        };
        super::norms::inner(v, w, weights) * self.volume
    }

    fn made(&self, terms: &[Term<'_, D>]) -> Vec<f64> {
        let mut out = zeros(self.domain.grid().cells());
        fill(self.domain.grid().shape(), terms, &mut out);
        out
    }

    fn scalar(&self, values: Vec<f64>) -> ScalarField<D> {
        let grid = *self.domain.grid();
        ScalarField::from_values(grid, Location::CELL, values).expect("one value a point")
    }

    /// ∇φ in units of 1/`unit`.
    pub(crate) fn gradient_in_units(&self, potential: &[f64]) -> VectorField<D> {
        let component = |k| {
            let (axis, kind): (&AxisRule, _) = (&self.axes[k], Kind::Difference);
            let outside = from_fn(|a| (a == k).then_some(axis.inverse.as_slice()));
            let (sign, inside) = (1.0, None);
            let mut values =
                self.made(&[Term { sign, kind, axis, k, values: potential, inside, outside }]);
            term::divide(self.domain.grid().shape(), &mut values, self.stretch(k));
            self.scalar(values)
        };
        VectorField::from_components(Layout::Points, from_fn(component))
    }

    /// ⋆A in the same units.
    pub(crate) fn rotation_in_units(&self, potential: &[Vec<f64>]) -> VectorField<D> {
        let component = |a: usize| {
            let mut values = zeros(self.domain.grid().cells());
            for b in (0..D).filter(|b| *b != a) {
                let (axis, kind, inside): (&AxisRule, _, _) =
                    (&self.axes[b], Kind::Difference, None);
                let outside = from_fn(|c| (c == b).then_some(axis.inverse.as_slice()));
                let (of, sign) = (&potential[pair::<D>(a, b)], if a < b { 1.0 } else { -1.0 });
                let mut one =
                    self.made(&[Term { sign, kind, axis, k: b, values: of, inside, outside }]);
                term::divide(self.domain.grid().shape(), &mut one, self.stretch(b));
                values.iter_mut().zip(one).for_each(|(sum, v)| *sum += v);
            }
            self.scalar(values)
        };
        VectorField::from_components(Layout::Points, from_fn(component))
    }

    /// What ∇ is the adjoint of: ⟨∇φ, v⟩ = Σ φ · this, for every φ.
    pub(crate) fn adjoint_gradient(&self, v: &VectorField<D>) -> Vec<f64> {
        let terms: [_; D] = from_fn(|k| self.term(1.0, Kind::Transposed, k, v, k));
        self.made(&terms)
    }

    /// The same of ⋆, for each pair of axes, for every A that is 0 on the walls of both of its axes: 0 there.
    pub(crate) fn adjoint_rotation(&self, v: &VectorField<D>) -> Vec<Vec<f64>> {
        let of_pair = |(a, b): (usize, usize)| {
            let kind = Kind::Transposed;
            let mut values =
                self.made(&[self.term(1.0, kind, b, v, a), self.term(-1.0, kind, a, v, b)]);
            let shape = self.domain.grid().shape();
            let inside = |k: usize, i: usize| !(k == a || k == b) || self.axes[k].is_inside(i);
            term::keep(shape, &mut values, inside);
            values
        };
        super::axis_pairs::<D>().into_iter().map(of_pair).collect()
    }

    /// A term of a net flux where `k` is `component`; else of what ⋆ is the adjoint of.
    fn term<'a>(
        &'a self,
        sign: f64,
        kind: Kind,
        k: usize,
        v: &'a VectorField<D>,
        component: usize,
    ) -> Term<'a, D> {
        let (axis, values) = (&self.axes[k], v.component(component).values());
        let (inside, outside) = (self.stretch_across(k), self.across(k));
        Term { sign, kind, axis, k, values, inside, outside }
    }

    /// The net flux of the volume around every point, or Σ S|v|.
    fn net_flux(&self, v: &VectorField<D>, kind: Kind) -> Vec<f64> {
        let terms: [_; D] = from_fn(|k| self.term(1.0, kind, k, v, k));
        self.made(&terms)
    }

    /// The circulation around every point, or Σ d|v|.
    fn circulation(&self, (a, b): (usize, usize), v: &VectorField<D>, kind: Kind) -> Vec<f64> {
        let sign = if kind == Kind::Size { 1.0 } else { -1.0 };
        let term = |sign, k: usize, component: usize| Term {
            sign,
            kind,
            axis: &self.axes[k],
            k,
            values: v.component(component).values(),
            inside: self.stretch(component),
            outside: from_fn(|c| (c == component).then_some(self.axes[c].sizes.as_slice())),
        };
        self.made(&[term(1.0, a, b), term(sign, b, a)])
    }
}

/// The place of a pair of axes in the list of pairs.
fn pair<const D: usize>(a: usize, b: usize) -> usize {
    let wanted = (a.min(b), a.max(b));
    super::axis_pairs::<D>().iter().position(|pair| *pair == wanted).expect("two axes")
}

/// Refuses what has no such differences; gives the radius of a sphere.
fn radius_of<const D: usize>(domain: &Domain<D>) -> Result<Option<f64>, ByPartsError> {
    if domain.mask().is_some() {
        return Err(ByPartsError::Masked);
    }
    let radius = match (domain.metric(), domain.geometry()) {
        (Some(metric), _) if metric.is_weighted() => return Err(ByPartsError::Weighted),
        (Some(metric), _) if metric.poles() != [false; 2] => return Err(ByPartsError::Pole),
        (_, Geometry::Plane | Geometry::Rectilinear) => None,
        (_, Geometry::Sphere { radius }) if D == 2 => Some(radius),
        (_, other) => return Err(ByPartsError::Metric(other.name())),
    };
    let axes = domain.grid().axes().iter().zip(crate::grid::AXIS_NAMES);
    match axes.into_iter().find(|(axis, _)| axis.bounded() && axis.cells < D) {
        Some((_, axis)) => Err(ByPartsError::FewPoints { axis, least: D }),
        None => Ok(radius),
    }
}
