//! Harmonic parts from closed fields on cuts, without a basis.

use super::DecomposeError;
use super::harmonic::WithoutGradient;
use crate::field::{Layout, VectorField};
use crate::grid::FaceClass;
use crate::operator::{Calculus, Cocycle};

/// The norm of what is harmonic in what is left, relative to the field, that is rounding.
const LEFT: f64 = 1e-14;

/// Passes after the first.
const PASSES: usize = 3;

/// The harmonic fields h_i of a mask as the closed fields c_i on cuts through it without their gradient parts.
///
/// For v without gradient part ⟨v, h_i⟩ = ⟨v, c_i⟩, which takes the faces of the cut only. With G_ij = ⟨h_i, h_j⟩ =
/// ⟨c_i, h_j⟩ and G α = ⟨v, c⟩ the harmonic part of v is Σ α_i h_i: the field Σ α_i c_i without its gradient part. So
/// a field costs some solves whatever the number of loops, and what is kept is the cuts and G; G costs one solve for
/// each.
pub(super) struct Deflation {
    cuts: Vec<Vec<CutFace>>,
    /// L of G = LLᵀ by rows, for fields c_i/|h_i|.
    factor: Vec<Vec<f64>>,
}

/// A face of a cut.
struct CutFace {
    axis: usize,
    face: usize,
    value: f64,
    /// The value times the weight in the inner product.
    weighted: f64,
}

impl Deflation {
    /// Projects every closed field once. `None` where they are too near to depending on each other.
    pub(super) fn new<const D: usize>(
        calculus: &dyn Calculus<D>,
        cocycles: &[Cocycle<D>],
        without_gradient: &WithoutGradient<D>,
    ) -> Result<Option<Deflation>, DecomposeError> {
        let classes: [Vec<FaceClass>; D] =
            std::array::from_fn(|k| calculus.domain().face_classes(k));
        let weight = |k: usize, face: usize| {
            calculus.weights(k, face, &mut [1.0]).map_or(1.0, |weights| weights[0])
        };
        let cut = |cocycle: &Cocycle<D>| {
            let values = cocycle.values(&classes);
            let face = |(axis, face, value): (usize, usize, f64)| CutFace {
                axis,
                face,
                value,
                weighted: value * weight(axis, face),
            };
            values.map(face).collect()
        };
        let mut cuts: Vec<Vec<CutFace>> = cocycles.iter().map(cut).collect();
        let mut gram = vec![Vec::new(); cuts.len()];
        for (j, cocycle) in cocycles.iter().enumerate() {
            let field = without_gradient(&cocycle.field())?;
            for (row, cut) in gram.iter_mut().zip(&cuts).skip(j) {
                row.push(product(cut, &field));
            }
        }
        let norms: Vec<f64> = gram.iter().enumerate().map(|(i, row)| row[i].sqrt()).collect();
        for (i, cut) in cuts.iter_mut().enumerate() {
            gram[i].iter_mut().zip(&norms).for_each(|(g, norm)| *g /= norms[i] * norm);
            for face in cut {
                face.value /= norms[i];
                face.weighted /= norms[i];
            }
        }
        Ok(cholesky(gram).map(|factor| Deflation { cuts, factor }))
    }

    /// A field without gradient part, without and with what is harmonic in it.
    pub(super) fn split<const D: usize>(
        &self,
        calculus: &dyn Calculus<D>,
        mut rest: VectorField<D>,
        without_gradient: &WithoutGradient<D>,
    ) -> Result<[VectorField<D>; 2], DecomposeError> {
        // In units of volume, as products with cuts are.
        let size = calculus.inner(&rest, &rest) / calculus.volume_unit();
        let mut harmonic = VectorField::zeros(*rest.grid(), Layout::Faces);
        let mut before = f64::INFINITY;
        for _ in 0..=PASSES {
            let products: Vec<f64> = self.cuts.iter().map(|cut| product(cut, &rest)).collect();
            let factors = self.solve(products.clone());
            let energy: f64 = products.iter().zip(&factors).map(|(p, f)| p * f).sum();
            if energy <= LEFT * LEFT * size || energy >= before {
                break;
            }
            before = energy;
            // The second time removes what rounding left of long cuts.
            let closed = self.combination(&factors, &harmonic);
            let more = without_gradient(&without_gradient(&closed)?)?;
            harmonic.add_scaled(1.0, &more);
            rest.add_scaled(-1.0, &more);
        }
        Ok([rest, harmonic])
    }

    /// Σ α_i c_i, on the grid of another field.
    fn combination<const D: usize>(
        &self,
        factors: &[f64],
        like: &VectorField<D>,
    ) -> VectorField<D> {
        let mut sum = VectorField::zeros(*like.grid(), Layout::Faces);
        for (cut, factor) in self.cuts.iter().zip(factors) {
            for face in cut {
                sum.component_mut(face.axis).values_mut()[face.face] += factor * face.value;
            }
        }
        sum
    }

    /// α of G α = b.
    fn solve(&self, mut b: Vec<f64>) -> Vec<f64> {
        for (i, row) in self.factor.iter().enumerate() {
            let known: f64 = row[..i].iter().zip(&b).map(|(l, x)| l * x).sum();
            b[i] = (b[i] - known) / row[i];
        }
        for (i, row) in self.factor.iter().enumerate().rev() {
            b[i] /= row[i];
            let x = b[i];
            b[..i].iter_mut().zip(row).for_each(|(b, l)| *b -= l * x);
        }
        b
    }
}

/// ⟨c, v⟩ in units of volume.
fn product<const D: usize>(cut: &[CutFace], v: &VectorField<D>) -> f64 {
    cut.iter().map(|face| face.weighted * v.component(face.axis).values()[face.face]).sum()
}

/// L of LLᵀ for a matrix with ones on its diagonal, given and returned by the rows of the lower triangle; `None` where
/// a row depends on those before it to many digits.
fn cholesky(mut rows: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    const INDEPENDENT: f64 = 1e-10;
    for i in 0..rows.len() {
        let (done, rest) = rows.split_at_mut(i);
        let row = &mut rest[0];
        for (j, other) in done.iter().enumerate() {
            let known: f64 = row[..j].iter().zip(other).map(|(a, b)| a * b).sum();
            row[j] = (row[j] - known) / other[j];
        }
        let left = row[i] - row[..i].iter().map(|l| l * l).sum::<f64>();
        // Not a number fails too.
        if left.is_nan() || left <= INDEPENDENT {
            return None;
        }
        row[i] = left.sqrt();
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::super::harmonic::{harmonic_basis, project};
    use super::super::side::Side;
    use super::*;
    use crate::boundary::{Boundary, Condition};
    use crate::grid::{Axis, Domain, Grid, Metric, Thickness, Topology};
    use crate::operator::{Staggered, cohomology, with_density};
    use crate::poisson::Backend;
    use crate::random::Random;

    /// The harmonic part by a basis of all harmonic fields; returns how many there are.
    fn check<const D: usize>(label: &str, domain: &Domain<D>, seed: u64) -> usize {
        let mut random = Random::new(seed);
        let mut most = 0;
        for condition in [Condition::Neumann, Condition::Dirichlet] {
            let boundary = match condition {
                Condition::Neumann => Boundary::NoFlux,
                Condition::Dirichlet => Boundary::ZeroPotential,
            };
            let calculus = Staggered::new(domain.clone(), boundary);
            let mut v = VectorField::zeros(*domain.grid(), Layout::Faces);
            for component in v.components_mut() {
                component.values_mut().iter_mut().for_each(|value| *value = random.next());
            }
            v.clear_outside(domain);
            let side = Side::new(domain, condition, Backend::Cholesky, None).unwrap();
            let rest = |v: &VectorField<D>| Ok(side.gradient_part(&calculus, v)?.rest);
            let cocycles = cohomology(domain, condition);
            let basis = harmonic_basis(&calculus, &cocycles, &rest).unwrap();
            let v = rest(&v).unwrap();
            let expected = project(&calculus, &basis, &v);
            let deflation = Deflation::new(&calculus, &cocycles, &rest).unwrap().unwrap();
            let [part, harmonic] = deflation.split(&calculus, v.clone(), &rest).unwrap();
            let off = harmonic.minus(&expected).max_abs();
            let size = v.max_abs();
            assert!(off <= 1e-11 * size, "{label} {condition:?} {} fields: {off:e}", basis.len());
            assert!(v.minus(&part).minus(&harmonic).max_abs() <= 1e-13 * size, "{label}");
            most = most.max(basis.len());
        }
        most
    }

    fn masked<const D: usize>(grid: Grid<D>, share: f64, random: &mut Random) -> Domain<D> {
        let cells = 0..grid.cells();
        Domain::masked(grid, cells.map(|_| random.unit() < share).collect()).unwrap()
    }

    #[test]
    fn agrees_with_a_basis_on_random_masks() {
        use Topology::{Bounded, Periodic};
        let mut random = Random::new(5);
        let mut most = 0;
        for (seed, topology) in [
            [Bounded, Bounded, Bounded],
            [Periodic, Bounded, Bounded],
            [Bounded, Periodic, Periodic],
            [Periodic, Periodic, Periodic],
        ]
        .into_iter()
        .enumerate()
        {
            let cells = [(9, 1.0), (8, 2.5), (7, 1.5)];
            let axes =
                std::array::from_fn(|k| Axis::over(0.0, cells[k].1, cells[k].0, topology[k]));
            let grid = Grid::new(axes).unwrap();
            for share in [0.97, 0.8, 0.55] {
                let domain = masked(grid, share, &mut random);
                most = most.max(check("plane", &domain, seed as u64));
                let density = VectorField::sample(grid, Layout::Faces, |[x, y, z]| {
                    [(3.0 * x - y).exp(), (x + 2.0 * y).exp(), (z - x).exp()]
                });
                check("density", &with_density(&domain, &density).unwrap(), seed as u64);
            }
        }
        assert!(most > 40, "{most} fields at most");
    }

    #[test]
    fn agrees_with_a_basis_on_shells_and_in_2d() {
        let mut random = Random::new(6);
        let axes = [
            Axis::over(0.0, 360.0, 12, Topology::Periodic),
            Axis::over(-60.0, 60.0, 8, Topology::Bounded),
            Axis::over(0.0, 3e5, 5, Topology::Bounded),
        ];
        let grid = Grid::new(axes).unwrap();
        let metric = Metric::shell(&grid, 6.4e6, Thickness::Thick).unwrap();
        let domain = masked(grid, 0.8, &mut random).with_metric(metric).unwrap();
        assert!(check("shell", &domain, 1) > 5);
        let axis = Axis::over(0.0, 1.0, 20, Topology::Bounded);
        let domain = masked(Grid::new([axis, axis]).unwrap(), 0.9, &mut random);
        assert!(check("plane", &domain, 2) > 10);
    }

    #[test]
    fn fields_that_depend_on_each_other_are_refused() {
        assert!(cholesky(vec![vec![1.0], vec![0.5, 1.0]]).is_some());
        assert!(cholesky(vec![vec![1.0], vec![1.0, 1.0]]).is_none());
        assert!(cholesky(vec![vec![f64::NAN]]).is_none());
    }
}
