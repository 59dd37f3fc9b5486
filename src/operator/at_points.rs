//! Divergence and curl at every point by central differences, for maps.

use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::{Domain, Geometry, Location, Thickness, ravel, unravel};

/// The divergence of point values at every point, by second-order central differences with the lengths of the metric; NaN
/// where a neighbour takes no part or is beyond a wall, and at poles. `None` for a [given](Geometry::Given) metric, which
/// knows no lengths at points.
///
/// With the lengths h of a unit of each coordinate it is ∇·v = ∑ₖ ∂ₖ(vₖ H/hₖ)/H with H = ∏ h.
///
/// # Panics
/// On a staggered field.
pub fn divergence_at_points<const D: usize>(
    v: &VectorField<D>,
    domain: &Domain<D>,
) -> Option<ScalarField<D>> {
    let lengths = Lengths::of(domain)?;
    let whole = |cell: usize| lengths.at(cell).iter().product::<f64>();
    let flux = |k: usize, cell: usize| {
        let h = lengths.at(cell);
        v.component(k).values()[cell] * (0..D).filter(|a| *a != k).map(|a| h[a]).product::<f64>()
    };
    Some(map(v, domain, |cell| {
        let terms = (0..D).map(|k| difference(domain, cell, k, |cell| flux(k, cell)));
        terms.sum::<f64>() / whole(cell)
    }))
}

/// The curl of point values in the plane of axes a and b, ∂ₐ v_b − ∂_b vₐ, likewise: (∂ₐ(h_b v_b) − ∂_b(hₐ vₐ))/(hₐ h_b).
///
/// # Panics
/// On a staggered field, and on axes that there are not.
pub fn curl_at_points<const D: usize>(
    v: &VectorField<D>,
    domain: &Domain<D>,
    [a, b]: [usize; 2],
) -> Option<ScalarField<D>> {
    let lengths = Lengths::of(domain)?;
    let along = |k: usize, cell: usize| v.component(k).values()[cell] * lengths.at(cell)[k];
    Some(map(v, domain, |cell| {
        let h = lengths.at(cell);
        let first = difference(domain, cell, a, |cell| along(b, cell));
        (first - difference(domain, cell, b, |cell| along(a, cell))) / (h[a] * h[b])
    }))
}

/// The Jacobians ∂ₖ vᵢ of point values in flat space by the same differences, cell by cell: D × D numbers, row i, column k, NaN where a
/// neighbour is missing. `None` where the coordinates are not lengths.
///
/// ```
/// use hodge::field::{Layout, VectorField};
/// use hodge::grid::{Axis, Domain, Grid, Topology};
/// use hodge::operator::jacobians_at_points;
/// let axis = Axis::over(0.0, 3.0, 3, Topology::Bounded);
/// let grid = Grid::new([axis, axis])?;
/// let field = VectorField::sample(grid, Layout::Points, |[x, y]| [2.0 * x - y, x]);
/// let found = jacobians_at_points(&field, &Domain::full(grid)).unwrap();
/// // The only cell with neighbours on every side.
/// assert_eq!(found[16..20], [2.0, -1.0, 1.0, 0.0]);
/// assert!(found[0].is_nan());
/// # Ok::<(), hodge::grid::GridError>(())
/// ```
///
/// # Panics
/// On a staggered field.
pub fn jacobians_at_points<const D: usize>(
    v: &VectorField<D>,
    domain: &Domain<D>,
) -> Option<Vec<f64>> {
    assert_eq!(v.layout(), Layout::Points, "central differences need values at the points");
    let flat = matches!(domain.geometry(), Geometry::Plane | Geometry::Rectilinear);
    let entry = |at: usize| {
        let (cell, i, k) = (at / (D * D), at / D % D, at % D);
        if !domain.is_active(cell) {
            return f64::NAN;
        }
        difference(domain, cell, k, |cell| v.component(i).values()[cell])
    };
    flat.then(|| (0..domain.grid().cells() * D * D).map(entry).collect())
}

fn map<const D: usize>(
    v: &VectorField<D>,
    domain: &Domain<D>,
    at: impl Fn(usize) -> f64,
) -> ScalarField<D> {
    assert_eq!(v.layout(), Layout::Points, "central differences need values at the points");
    let mut found = ScalarField::zeros(*domain.grid(), Location::CELL);
    for (cell, value) in found.values_mut().iter_mut().enumerate() {
        let number = if domain.is_active(cell) { at(cell) } else { f64::NAN };
        *value = if number.is_finite() { number } else { f64::NAN };
    }
    found
}

/// The central difference along an axis by its coordinate; NaN without a neighbour on either side.
fn difference<const D: usize>(
    domain: &Domain<D>,
    cell: usize,
    k: usize,
    of: impl Fn(usize) -> f64,
) -> f64 {
    let (shape, axis) = (domain.grid().shape(), domain.grid().axes()[k]);
    let index = unravel(shape, cell);
    let [Some(below), Some(above)] = axis.neighbours(index[k]) else { return f64::NAN };
    let beside = |i: usize| {
        let mut index = index;
        index[k] = i;
        ravel(shape, index)
    };
    let (lower, upper) = (beside(below), beside(above));
    if !domain.is_active(lower) || !domain.is_active(upper) {
        return f64::NAN;
    }
    let turns = f64::from(u8::from(below >= index[k])) + f64::from(u8::from(above <= index[k]));
    (of(upper) - of(lower)) / (axis.point(above) - axis.point(below) + turns * axis.length())
}

/// Lengths of a unit of every coordinate.
struct Lengths<'a, const D: usize> {
    domain: &'a Domain<D>,
    radius: Option<f64>,
    thick: bool,
}

impl<'a, const D: usize> Lengths<'a, D> {
    fn of(domain: &'a Domain<D>) -> Option<Lengths<'a, D>> {
        let geometry = domain.geometry();
        let thick = geometry.thickness() == Some(Thickness::Thick);
        (geometry != Geometry::Given).then(|| Lengths { domain, radius: geometry.radius(), thick })
    }

    fn at(&self, cell: usize) -> [f64; D] {
        let mut h = [1.0; D];
        let Some(radius) = self.radius else { return h };
        let (grid, index) = (self.domain.grid(), unravel(self.domain.grid().shape(), cell));
        let height = if self.thick { grid.axes()[D - 1].point(index[D - 1]) } else { 0.0 };
        let latitude = grid.axes()[1].point(index[1]);
        h[1] = (radius + height).to_radians();
        h[0] = match latitude.abs() < 90.0 {
            true => h[1] * latitude.to_radians().cos(),
            false => 0.0,
        };
        h
    }
}
