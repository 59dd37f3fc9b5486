//! v = ∇φ + ⋆A + h by any method, planned once for a grid and used for many fields.

mod conventions;
mod friedrichs;
mod fused;
mod harmonic;
mod lent;
#[cfg(feature = "sparse")]
mod memory;
mod potential;
mod side;
mod spectral;
mod staggered;

pub(crate) use conventions::Listed;
pub use conventions::{ByConvention, EveryConvention};
pub use friedrichs::{Dimensions, Friedrichs};
pub use harmonic::{WithoutGradient, harmonic_basis};
pub use lent::Lent;
#[cfg(all(feature = "sparse", feature = "files"))]
pub(crate) use memory::RUN_BYTES;
#[cfg(feature = "sparse")]
pub use memory::{Active, Extra, Prospect};
pub use spectral::SpectralMethod;
pub use staggered::StaggeredMethod;

use crate::boundary::Boundary;
use crate::field::{FieldError, Layout, ScalarField, VectorField, Way, component_to_points};
use crate::grid::{AXIS_NAMES, Axis, Domain, Grid, Location, in_two_or_three};
use crate::machine::Shortage;
use crate::operator::{Calculus, Loop, WeightError};
use crate::poisson::{Backend, SolveError, SolveReport};
use rayon::prelude::*;
use serde::Serialize;
use std::any::Any;
use std::fmt;
use thiserror::Error;

/// A plan, or why there is none.
type Planned<const D: usize> = Result<Box<dyn Decompose<D>>, DecomposeError>;

/// The methods of decomposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Leray projection in Fourier space; periodic axes only.
    Spectral,
    /// Exact projections of staggered components; any mix of axes, any mask.
    Staggered,
}

impl Method {
    /// Every method.
    pub const ALL: [Method; 2] = [Method::Spectral, Method::Staggered];

    /// The name used on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Method::Spectral => "spectral",
            Method::Staggered => "staggered",
        }
    }

    /// The method with that name.
    pub fn from_name(name: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|m| m.name() == name)
    }

    /// The layout in which the method takes fields; a source that can be evaluated anywhere is
    /// sampled in it.
    pub fn layout(self) -> Layout {
        match self {
            Method::Spectral => Layout::Points,
            Method::Staggered => Layout::Faces,
        }
    }

    /// The method a domain calls for: `spectral` where it is periodic and unmasked, else
    /// `staggered`.
    pub fn for_domain<const D: usize>(domain: &Domain<D>) -> Method {
        if domain.grid().fully_periodic() && domain.mask().is_none() && domain.metric().is_none() {
            Method::Spectral
        } else {
            Method::Staggered
        }
    }

    /// Plans the method for a domain: what can be computed before a field is known. `boundary` and
    /// `backend` are chosen where they are `None`: on domains with walls
    /// [`Boundary::NormalParallel`], which assigns what is both a gradient and a curl to neither
    /// part.
    ///
    /// # Errors
    /// If the method or the convention does not fit the domain (the error names the axis), or the
    /// back end cannot be set up for it.
    pub fn plan<const D: usize>(
        self,
        domain: &Domain<D>,
        boundary: Option<Boundary>,
        backend: Option<Backend>,
    ) -> Result<Box<dyn Decompose<D>>, DecomposeError> {
        in_two_or_three(
            domain,
            |domain| plan_2d(self, domain, boundary, backend),
            |domain| plan_3d(self, domain, boundary, backend),
        )
    }
}

fn plan_2d(
    method: Method,
    domain: &Domain<2>,
    boundary: Option<Boundary>,
    backend: Option<Backend>,
) -> Planned<2> {
    plan(method, domain, boundary, backend)
}

fn plan_3d(
    method: Method,
    domain: &Domain<3>,
    boundary: Option<Boundary>,
    backend: Option<Backend>,
) -> Planned<3> {
    plan(method, domain, boundary, backend)
}

fn plan<const D: usize>(
    method: Method,
    domain: &Domain<D>,
    boundary: Option<Boundary>,
    backend: Option<Backend>,
) -> Planned<D> {
    let boundary = settle_boundary(domain, boundary)?;
    match method {
        Method::Spectral => Ok(Box::new(SpectralMethod::new(domain)?)),
        Method::Staggered => Ok(Box::new(StaggeredMethod::new(domain, boundary, backend)?)),
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Without walls every convention is the periodic one, which does not exist with walls.
pub(crate) fn settle_boundary<const D: usize>(
    domain: &Domain<D>,
    asked: Option<Boundary>,
) -> Result<Boundary, DecomposeError> {
    let walls = domain.has_walls();
    match (asked, walls) {
        (Some(Boundary::Periodic), true) => {
            Err(DecomposeError::Walls { axis: first_bounded(domain.grid()) })
        }
        (Some(boundary), true) => Ok(boundary),
        (None, true) => Ok(Boundary::NormalParallel),
        (_, false) => Ok(Boundary::Periodic),
    }
}

fn first_bounded<const D: usize>(grid: &Grid<D>) -> Option<&'static str> {
    grid.axes().iter().position(Axis::bounded).map(|k| AXIS_NAMES[k])
}

/// Why a field could not be decomposed.
#[derive(Debug, Error)]
pub enum DecomposeError {
    /// A method or convention for domains without walls was requested on one with walls.
    #[error("{}", walls_message(.axis))]
    Walls {
        /// The first bounded axis; `None` where only the mask makes walls.
        axis: Option<&'static str>,
    },
    /// A field on a grid that is not that of the plan.
    #[error(
        "the field has {found:?} cells along (x, y, z) and the plan {expected:?}, or their axes differ in start, spacing or topology"
    )]
    OtherGrid {
        /// Cells of the plan's grid.
        expected: Vec<usize>,
        /// Cells of the field's grid.
        found: Vec<usize>,
    },
    /// A vector potential was requested where none is computed.
    #[error(
        "the {method} method has no vector potential on this {dimensions}D domain: it is computed by the spectral method, on boxes and on masked 2D domains; take the solenoidal part itself, or drop the mask"
    )]
    PotentialUnavailable {
        /// The method.
        method: Method,
        /// Number of axes.
        dimensions: usize,
    },
    /// The five-part decomposition was requested under another convention.
    #[error(
        "the five-part decomposition splits the harmonic part of normal-parallel by the staggered method; this plan is {method} with {boundary}"
    )]
    NotNormalParallel {
        /// The method of the plan.
        method: Method,
        /// The convention of the plan.
        boundary: Boundary,
    },
    /// A field in a layout the method cannot take.
    #[error("the spectral method takes samples at points, this field is staggered on faces")]
    Staggered,
    /// Numbers that cannot be decomposed.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The harmonic fields of the mask would not fit into memory.
    #[error(
        "the mask has {fields} independent loops or cavities; their harmonic fields do not fit: {shortage}; fill small holes of the mask, or use a smaller window"
    )]
    HarmonicMemory {
        /// Number of harmonic fields.
        fields: usize,
        /// What is needed and what there is.
        shortage: Shortage,
    },
    /// A density that cannot be a weight.
    #[error(transparent)]
    Weight(#[from] WeightError),
    /// A Poisson equation was not solved.
    #[error(transparent)]
    Solve(#[from] SolveError),
}

fn walls_message(axis: &Option<&'static str>) -> String {
    match axis {
        Some(axis) => format!(
            "the spectral method and the periodic convention need every axis to be periodic; axis {axis} is bounded: use the staggered method, or declare the axis periodic"
        ),
        None => "the spectral method and the periodic convention cannot take a mask: use the staggered method".into(),
    }
}

/// The parts of one field.
///
/// The three parts sit where the method computes ([`Layout::Points`] or [`Layout::Faces`]) and add
/// up to the field there. They are interpolated to the sample points by `way`; what their sum
/// misses of the input there is the [sampling remainder](Decomposition::sampling_remainder).
#[derive(Clone, Debug)]
pub struct Decomposition<const D: usize> {
    /// ∇φ, free of curl.
    pub gradient: VectorField<D>,
    /// ⋆A, free of divergence.
    pub solenoidal: VectorField<D>,
    /// What has neither divergence nor curl.
    pub harmonic: VectorField<D>,
    /// φ at the cells, of mean 0 where a constant is free.
    pub potential: ScalarField<D>,
    /// How the parts come to the points.
    pub way: Way,
    /// One report for each Poisson equation solved.
    pub solves: Vec<SolveReport>,
}

impl<const D: usize> Decomposition<D> {
    /// The three parts with their names.
    pub fn parts(&self) -> [(&'static str, &VectorField<D>); 3] {
        [
            ("gradient", &self.gradient),
            ("solenoidal", &self.solenoidal),
            ("harmonic", &self.harmonic),
        ]
    }

    /// gradient + solenoidal + harmonic, where the method computes.
    pub fn sum(&self) -> VectorField<D> {
        let mut sum = self.gradient.clone();
        sum.add_scaled(1.0, &self.solenoidal);
        sum.add_scaled(1.0, &self.harmonic);
        sum
    }

    /// All zero: what [`Decompose::decompose_into`] writes to.
    pub fn zeros(grid: Grid<D>, layout: Layout) -> Decomposition<D> {
        let [gradient, solenoidal, harmonic] = [(); 3].map(|()| VectorField::zeros(grid, layout));
        let potential = ScalarField::zeros(grid, Location::CELL);
        let (way, solves) = (Way::default(), Vec::new());
        Decomposition { gradient, solenoidal, harmonic, potential, way, solves }
    }

    /// Makes the arrays fit a grid and a layout, keeping them if they do.
    fn fit(&mut self, grid: Grid<D>, layout: Layout) {
        if *self.gradient.grid() != grid || self.gradient.layout() != layout {
            *self = Decomposition::zeros(grid, layout);
        }
        self.way = Way::default();
        self.solves.clear();
    }

    /// Multiplies everything by 2^e.
    pub(crate) fn scale_by_power(&mut self, exponent: i32) {
        let [gradient, solenoidal] = [&mut self.gradient, &mut self.solenoidal];
        for part in [gradient, solenoidal, &mut self.harmonic] {
            part.scale_by_power(exponent);
        }
        self.potential.scale_by_power(exponent);
    }

    /// The difference between samples at the points and the sum of the parts there: the samples
    /// minus the field on the faces interpolated back to the points, 0 outside the domain; zero for
    /// methods that compute at the points.
    pub fn sampling_remainder(
        &self,
        samples: &VectorField<D>,
        domain: &Domain<D>,
    ) -> VectorField<D> {
        let mut remainder = VectorField::zeros(*domain.grid(), Layout::Points);
        for (k, component) in remainder.components_mut().iter_mut().enumerate() {
            if self.gradient.layout() == Layout::Faces {
                self.write_remainder(k, samples, domain, component.overwrite());
            }
        }
        remainder
    }

    /// Writes component k of the [sampling remainder](Decomposition::sampling_remainder) of parts on faces.
    pub(crate) fn write_remainder(
        &self,
        k: usize,
        samples: &VectorField<D>,
        domain: &Domain<D>,
        out: &mut [f64],
    ) {
        let mut sum = self.gradient.component(k).clone();
        sum.add_scaled(1.0, self.solenoidal.component(k));
        sum.add_scaled(1.0, self.harmonic.component(k));
        component_to_points(&sum, k, domain, self.way, out);
        let values = out.par_iter_mut().zip(samples.component(k).values());
        values.with_min_len(1 << 14).for_each(|(out, v)| *out = v - *out);
        if let Some(mask) = domain.mask() {
            let outside = out.iter_mut().zip(mask).filter(|(_, on)| !**on);
            outside.for_each(|(v, _)| *v = 0.0);
        }
    }
}

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
    /// whose divergence exceeds rounding is split once more.
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

    /// The bound of what the method claims for any data: that the parts add up, are orthogonal, and
    /// have no divergence and no curl. 1e-12 up to 2048 cells along an axis; beyond that, in
    /// proportion to the longest axis, as rounding grows. `None` for a method that claims nothing.
    fn claimed_bound(&self) -> Option<f64> {
        let longest = self.calculus().domain().grid().shape().into_iter().max().unwrap_or(1);
        Some(1e-12 * (longest as f64 / 2048.0).max(1.0))
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
    /// # Errors
    /// [`DecomposeError::PotentialUnavailable`] elsewhere, that is on masked 3D domains.
    fn vector_potential(
        &self,
        parts: &Decomposition<D>,
    ) -> Result<Vec<ScalarField<D>>, DecomposeError> {
        let _ = parts;
        Err(DecomposeError::PotentialUnavailable { method: self.method(), dimensions: D })
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

/// A plan for 2D or 3D: code behind it is compiled once and not again for every caller.
pub enum InDimension<'a> {
    /// In 2D.
    Two(&'a dyn Decompose<2>),
    /// In 3D.
    Three(&'a dyn Decompose<3>),
}

impl<'a> InDimension<'a> {
    /// That of a plan which is a `Two` or a `Three`.
    ///
    /// # Panics
    /// If it is neither.
    pub fn of<Two, Three>(plan: &'a dyn Any) -> InDimension<'a>
    where
        Two: Decompose<2> + 'static,
        Three: Decompose<3> + 'static,
    {
        match plan.downcast_ref::<Two>() {
            Some(plan) => InDimension::Two(plan),
            None => InDimension::Three(plan.downcast_ref::<Three>().expect("a plan for 2D or 3D")),
        }
    }
}

/// Cells along an axis, or ratio of spacings, from which rounding may show in the divergence.
const LONG: usize = 1000;
const FLAT: f64 = 8.0;

/// The bound on the divergence of a field on the faces without its gradient part, times the least
/// spacing over the norm of the field, on grids where the differences of the potential lose too
/// many digits: long and flat ones. `None` elsewhere, and for a method that claims nothing.
fn divergence_left<const D: usize>(grid: &Grid<D>, bound: Option<f64>) -> Option<f64> {
    let coarsest = grid.axes().iter().map(|axis| axis.spacing).fold(0.0, f64::max);
    // Along the coarser axes the potential is as much larger, and with it ⟨∇φ, ⋆A⟩ = −⟨φ, ∇·⋆A⟩.
    let flat = (coarsest / (FLAT * grid.least_spacing())).max(1.0);
    let long = grid.shape().iter().any(|n| *n >= LONG) || flat > 1.0;
    bound.filter(|_| long).map(|bound| 0.3 * bound / flat)
}

/// Removes the gradient that a first pass left in the solenoidal part. It is added to the gradient
/// part, not to the potential, which cannot resolve it. Costs a divergence, and a second pass if
/// that is too large.
fn refine<const D: usize, P: Decompose<D> + ?Sized>(
    plan: &P,
    field: &VectorField<D>,
    parts: &mut Decomposition<D>,
) -> Result<(), DecomposeError> {
    let (grid, calculus) = (field.grid(), plan.calculus());
    let uneven = calculus.domain().metric().is_some();
    let (Some(allowed), Layout::Faces, false) =
        (divergence_left(grid, plan.claimed_bound()), calculus.layout(), uneven)
    else {
        return Ok(());
    };
    let sizes = parts.parts().map(|(_, part)| calculus.residual_sizes(part)[0].powi(2));
    let left = calculus.divergence_norm(&parts.solenoidal);
    if left <= allowed * sizes.iter().sum::<f64>().sqrt() || !left.is_finite() {
        return Ok(());
    }
    let mut again = Decomposition::zeros(*grid, Layout::Faces);
    plan.split_into(&parts.solenoidal, &mut again)?;
    parts.gradient.add_scaled(1.0, &again.gradient);
    parts.harmonic.add_scaled(1.0, &again.harmonic);
    parts.potential.add_scaled(1.0, &again.potential);
    parts.solenoidal = again.solenoidal;
    parts.solves.extend(again.solves);
    Ok(())
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
