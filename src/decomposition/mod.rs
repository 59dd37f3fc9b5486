//! v = ∇φ + ⋆A + h by any method, planned once for a grid and used for many fields.

mod baseline;
#[cfg(feature = "sparse")]
mod central;
mod conventions;
mod deflation;
mod error;
mod extension;
mod fit;
mod fluxes;
mod friedrichs;
mod fused;
mod gauge;
mod harmonic;
mod in_dimension;
mod law;
mod lent;
#[cfg(feature = "sparse")]
mod memory;
mod method;
mod natural;
mod natural_spectral;
mod parts;
mod plan;
mod planning;
mod potential;
mod refine;
mod rotation;
mod side;
mod spectral;
mod staggered;
mod walls;
mod winding;
#[cfg(feature = "sparse")]
mod working;

#[cfg(feature = "sparse")]
pub use baseline::ChorinMethod;
pub use baseline::{Continuation, FourierMethod};
#[cfg(feature = "sparse")]
pub use central::CentralMethod;
pub(crate) use conventions::Listed;
pub use conventions::{ByConvention, EveryConvention};
pub use error::DecomposeError;
pub use fit::Fit;
pub use friedrichs::{Dimensions, Friedrichs};
pub use harmonic::{WithoutGradient, harmonic_basis};
pub use in_dimension::InDimension;
pub use law::Law;
pub use lent::Lent;
#[cfg(all(feature = "sparse", feature = "files"))]
pub(crate) use memory::RUN_BYTES;
#[cfg(feature = "sparse")]
pub use memory::{Active, Extra, Prospect};
pub use method::Method;
pub use natural::NaturalMethod;
pub use natural_spectral::NaturalSpectralMethod;
pub use parts::Decomposition;
pub use planning::{HarmonicCost, Planning, Watch};
#[cfg(feature = "files")]
pub(crate) use potential::check_potential;
pub use spectral::SpectralMethod;
pub use staggered::StaggeredMethod;
#[cfg(feature = "cli")]
pub(crate) use walls::settle_boundary;
#[cfg(feature = "files")]
pub(crate) use walls::{boundary_of, check_domain};

use crate::boundary::Boundary;
use crate::field::{Layout, ScalarField, VectorField};
use crate::grid::Domain;
use crate::operator::{Calculus, Loop};
use crate::poisson::Backend;
use refine::refine;

/// A method planned for one domain.
pub trait Decompose<const D: usize>: Send + Sync {
    /// The plan with its dimension as a value. A type generic in it says
    /// `InDimension::of::<Itself<2>, Itself<3>>(self)`.
    fn in_dimension(&self) -> InDimension<'_>;

    /// The method.
    fn method(&self) -> Method;

    /// The boundary convention.
    fn boundary(&self) -> Boundary;

    /// The back end of the Poisson solves, where there are any.
    fn backend(&self) -> Option<Backend>;

    /// The operators the parts are exact for.
    fn calculus(&self) -> &dyn Calculus<D>;

    /// The loops of the fluid whose circulations determine the tangential harmonic field
    /// ([`around_holes`](crate::operator::around_holes)), if the method keeps them.
    fn loops(&self) -> &[Loop] {
        &[]
    }

    /// The orthonormal basis of the harmonic fields, where they are tangential or normal to the walls: tangential
    /// under `no-flux` and `normal-parallel`, normal under `zero-potential` and where `normal-parallel` is undivided. The first call costs two Poisson solves
    /// and the memory of a field for each, where splits do without them: masks in 2D with more than eight, and
    /// [undivided](Planning::undivided) plans. The spectral method keeps none.
    ///
    /// # Errors
    /// If a solve fails, or the fields do not fit into the memory at hand.
    fn harmonic_basis(&self) -> Result<&[VectorField<D>], DecomposeError> {
        Ok(&[])
    }

    /// The field in the layout of the method: point samples are interpolated to the faces if it
    /// computes there, and values outside the mask are 0.
    fn where_computed<'a>(&'a self, field: &'a VectorField<D>) -> Lent<'a, D> {
        lent::where_computed(self.calculus(), field, None)
    }

    /// Splits a field on the domain of the plan. Every method takes point samples; only methods
    /// that compute on faces take staggered components. Outside the mask values are ignored and the
    /// parts are 0.
    ///
    /// A field whose numbers are near the limits of double precision is multiplied by a power of
    /// two first and its parts by the inverse, so that nothing overflows or underflows. On long or
    /// flat grids, where the differences of a potential lose too many digits, a solenoidal part
    /// whose divergence exceeds rounding is split again, as long as its divergence falls.
    ///
    /// # Errors
    /// If the field is on another grid, has values in the domain that are NaN or infinite, or a
    /// solve fails.
    fn decompose(&self, field: &VectorField<D>) -> Result<Decomposition<D>, DecomposeError> {
        let calculus = self.calculus();
        let mut parts = Decomposition::zeros(*calculus.domain().grid(), calculus.layout());
        self.decompose_into(field, &mut parts)?;
        Ok(parts)
    }

    /// [`decompose`](Decompose::decompose) into existing arrays, for many fields on one domain: the
    /// spectral method and boxes then allocate no arrays after the first field, since their working
    /// space stays in the plan.
    ///
    /// # Errors
    /// Those of [`decompose`](Decompose::decompose); the contents of `parts` are then unspecified.
    fn decompose_into(
        &self,
        field: &VectorField<D>,
        parts: &mut Decomposition<D>,
    ) -> Result<(), DecomposeError> {
        let calculus = self.calculus();
        let domain = calculus.domain();
        check_grid(domain, field)?;
        let (field, exponent) = field.ordinary(domain)?;
        if (calculus.layout(), field.layout()) == (Layout::Points, Layout::Faces) {
            return Err(DecomposeError::Staggered { method: self.method() });
        }
        if exponent != 0 && !self.is_homogeneous() {
            return Err(DecomposeError::Extraordinary { method: self.method() });
        }
        parts.fit(*domain.grid(), calculus.layout());
        self.split_into(&field, parts)?;
        refine(self, &field, parts)?;
        if exponent != 0 {
            parts.scale_by_power(exponent);
        }
        Ok(())
    }

    /// What a method implements: [`decompose_into`](Decompose::decompose_into) for a field of
    /// ordinary magnitude on the grid of the plan, whose values are all finite if there is no mask.
    ///
    /// # Errors
    /// If the method cannot take the layout of the field, a value is not finite, or a solve fails.
    fn split_into(
        &self,
        field: &VectorField<D>,
        parts: &mut Decomposition<D>,
    ) -> Result<(), DecomposeError>;

    /// Splits off the gradient that rounding left in a harmonic part of `normal-parallel`, by a solve of its own: what
    /// another pass makes of a flow through the walls is no more exact than that was. `None` under other conventions,
    /// whose harmonic parts on boxes are made of known fields.
    ///
    /// # Errors
    /// If the solve fails.
    fn split_harmonic(
        &self,
        harmonic: &VectorField<D>,
    ) -> Result<Option<Decomposition<D>>, DecomposeError> {
        let _ = harmonic;
        Ok(None)
    }

    /// The bound of what the method claims for any data: that the parts add up, are orthogonal, and
    /// have no divergence and no curl. 1e-12 up to 2048 cells along an axis; beyond that, in
    /// proportion to the longest axis, as rounding grows. `None` for a method that claims nothing; which of these laws a
    /// method claims says [`claims`](Decompose::claims).
    fn claimed_bound(&self) -> Option<f64> {
        let longest = self.calculus().domain().grid().shape().into_iter().max().unwrap_or(1);
        Some(1e-12 * (longest as f64 / 2048.0).max(1.0))
    }

    /// Whether the [bound](Decompose::claimed_bound) is claimed of a law; all are by default.
    fn claims(&self, law: Law) -> bool {
        let _ = law;
        true
    }

    /// Whether a field times a number has the parts times that number.
    fn is_homogeneous(&self) -> bool {
        true
    }

    /// What a reader of the parts of a field should know of the method, in words, with numbers measured on them.
    fn remarks(&self, parts: &Decomposition<D>) -> Vec<String> {
        let _ = parts;
        Vec::new()
    }

    /// A with ⋆A = the solenoidal part: one field for each pair of axes, in the order of
    /// [`axis_pairs`](crate::operator::axis_pairs). In 2D it is ψ = A_xy, in 3D the vector potential is
    /// (A_yz, −A_xz, A_xy).
    ///
    /// On boxes and by the spectral method it is in the Coulomb gauge (∇·A = 0 in 3D), zero (in 3D
    /// its tangential components) at walls where the solenoidal part is tangential, free there
    /// under `zero-potential`; one transform solve a pair. On masked 2D domains ψ is the sum of
    /// fluxes from vertex to vertex. Constants are fixed by mean 0.
    ///
    /// On masked 3D domains A is that of the whole box, by the operators of its calculus without the mask: the
    /// solenoidal part goes on into the obstacles without divergence, as 0 where it is tangential and else as the
    /// gradient of a harmonic function. The gauge and the conditions at walls are those of the box: on the walls
    /// of obstacles and inside them A is not 0.
    ///
    /// # Errors
    /// [`DecomposeError::PotentialUnavailable`] in 3D on spheres and under given lengths and areas,
    /// [`DecomposeError::NoPotential`] by methods that have none, and if the solve in the obstacles fails.
    fn vector_potential(
        &self,
        parts: &Decomposition<D>,
    ) -> Result<Vec<ScalarField<D>>, DecomposeError> {
        let _ = parts;
        Err(DecomposeError::NoPotential { method: self.method() })
    }

    /// The harmonic part of `normal-parallel` split in three. The first call costs two Poisson
    /// solves for each normal harmonic field of a mask.
    ///
    /// # Errors
    /// If the plan has another method or convention, or a solve fails.
    fn friedrichs(&self, parts: &Decomposition<D>) -> Result<Friedrichs<D>, DecomposeError> {
        let _ = parts;
        let (method, boundary) = (self.method(), self.boundary());
        Err(DecomposeError::NotNormalParallel { method, boundary })
    }
}

/// Decomposes one field on its whole grid, with a plan for it alone.
///
/// ```
/// use hodge::{decomposition::{Method, decompose}, field::{Layout, VectorField}};
/// use hodge::grid::{Axis, Grid, Topology};
/// let axis = Axis::over(-1.0, 1.0, 32, Topology::Bounded);
/// let field = VectorField::sample(Grid::new([axis, axis])?, Layout::Faces, |[x, y]| [y - x, -x - y]);
/// let parts = decompose(&field, Method::Staggered)?;
/// assert!(field.minus(&parts.sum()).max_abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Those of [`Method::plan`] and [`Decompose::decompose`].
pub fn decompose<const D: usize>(
    field: &VectorField<D>,
    method: Method,
) -> Result<Decomposition<D>, DecomposeError> {
    method.plan(&Domain::full(*field.grid()), None, None)?.decompose(field)
}

/// Refuses a field on another grid.
fn check_grid<const D: usize>(
    domain: &Domain<D>,
    field: &VectorField<D>,
) -> Result<(), DecomposeError> {
    if field.grid() == domain.grid() {
        return Ok(());
    }
    Err(DecomposeError::OtherGrid {
        expected: domain.grid().shape().to_vec(),
        found: field.grid().shape().to_vec(),
    })
}
