//! Methods that are wrong on purpose, to see what catches them.

use hodge::boundary::{Boundary, Condition};
use hodge::decomposition::{Decompose, DecomposeError, Decomposition, InDimension, Method};
use hodge::field::{Layout, ScalarField, VectorField, to_faces};
use hodge::grid::{Axis, Domain, FaceClass, Grid, Location, ravel, unravel};
use hodge::operator::{Calculus, Loop};
use hodge::poisson::{Backend, NullSpace};
use std::sync::Arc;

/// What can go wrong in a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    ZeroParts,
    PartsSwapped,
    HarmonicDropped,
    GradientScaled,
    FirstOrderAtWalls,
    HalfAtWalls,
    SeamForgotten,
    MeanFlowInGradient,
    MeanFlowInSolenoidal,
    AllHarmonic,
    MaskShifted,
    SignOfPsi,
    SignOfPhi,
    PinForgotten,
    WrongSpacing,
    SinglePrecision,
    NotANumber,
}

impl Fault {
    pub const ALL: [Fault; 17] = [
        Fault::ZeroParts,
        Fault::PartsSwapped,
        Fault::HarmonicDropped,
        Fault::GradientScaled,
        Fault::FirstOrderAtWalls,
        Fault::HalfAtWalls,
        Fault::SeamForgotten,
        Fault::MeanFlowInGradient,
        Fault::MeanFlowInSolenoidal,
        Fault::AllHarmonic,
        Fault::MaskShifted,
        Fault::SignOfPsi,
        Fault::SignOfPhi,
        Fault::PinForgotten,
        Fault::WrongSpacing,
        Fault::SinglePrecision,
        Fault::NotANumber,
    ];

    pub fn in_words(self) -> &'static str {
        match self {
            Fault::ZeroParts => "three zero parts",
            Fault::PartsSwapped => "gradient and solenoidal part swapped",
            Fault::HarmonicDropped => "harmonic part dropped",
            Fault::GradientScaled => "gradient × (1 + 1e-9)",
            Fault::FirstOrderAtWalls => "first-order interpolation at walls",
            Fault::HalfAtWalls => "factor ½ at walls",
            Fault::SeamForgotten => "one periodic seam forgotten",
            Fault::MeanFlowInGradient => "mean flow in the gradient",
            Fault::MeanFlowInSolenoidal => "mean flow in the solenoidal part",
            Fault::AllHarmonic => "everything called harmonic",
            Fault::MaskShifted => "mask shifted by a cell",
            Fault::SignOfPsi => "sign of psi",
            Fault::SignOfPhi => "sign of phi",
            Fault::PinForgotten => "a pinned component forgotten",
            Fault::WrongSpacing => "wrong spacing on one axis",
            Fault::SinglePrecision => "parts rounded to single precision",
            Fault::NotANumber => "one NaN in a part",
        }
    }

    /// Whether the fault changes anything on such a domain, for a field in such a layout.
    pub fn occurs<const D: usize>(self, plan: &dyn Decompose<D>, layout: Layout) -> bool {
        let domain = plan.calculus().domain();
        let periodic = domain.grid().axes().iter().any(|axis| !axis.bounded());
        let walls = !domain.grid().fully_periodic() || domain.mask().is_some();
        let on_faces = plan.calculus().layout() == Layout::Faces;
        match self {
            // Without walls that divide it and without holes, a domain has no harmonic fields.
            Fault::HarmonicDropped => {
                let rest = plan.boundary() == Boundary::NormalParallel;
                let rest = rest || plan.method() == Method::Central;
                periodic || !plan.loops().is_empty() || rest
            }
            Fault::FirstOrderAtWalls => walls && on_faces && layout == Layout::Points,
            Fault::HalfAtWalls => walls,
            Fault::SeamForgotten => periodic,
            Fault::MeanFlowInGradient | Fault::MeanFlowInSolenoidal => {
                periodic && domain.mask().is_none()
            }
            Fault::MaskShifted => domain.mask().is_some(),
            Fault::PinForgotten => on_faces,
            _ => true,
        }
    }
}

/// A method with a fault; everything else is that of the right one.
pub struct Faulty<const D: usize> {
    pub right: Arc<dyn Decompose<D>>,
    pub fault: Fault,
}

impl<const D: usize> Faulty<D> {
    fn grid(&self) -> Grid<D> {
        *self.right.calculus().domain().grid()
    }

    /// The field that the right method splits, if the fault is in what comes before.
    fn before(&self, field: &VectorField<D>) -> VectorField<D> {
        let domain = self.right.calculus().domain();
        match (self.fault, field.layout()) {
            (Fault::FirstOrderAtWalls, Layout::Points) => first_order(field, domain),
            _ => field.clone(),
        }
    }

    /// The same method for another domain.
    fn on(&self, domain: &Domain<D>) -> Box<dyn Decompose<D>> {
        let right = &self.right;
        right.method().plan(domain, Some(right.boundary()), right.backend()).unwrap()
    }

    fn elsewhere(&self, field: &VectorField<D>) -> Result<Decomposition<D>, DecomposeError> {
        let domain = self.right.calculus().domain();
        let other = match self.fault {
            Fault::MaskShifted => shifted(domain),
            _ => stretched(domain),
        };
        let parts = self.on(&other).decompose(&moved(field, *other.grid()))?;
        let grid = self.grid();
        let values = parts.potential.values().to_vec();
        Ok(Decomposition {
            gradient: moved(&parts.gradient, grid),
            solenoidal: moved(&parts.solenoidal, grid),
            harmonic: moved(&parts.harmonic, grid),
            potential: ScalarField::from_values(grid, Location::CELL, values).unwrap(),
            undivided: parts.undivided,
            way: parts.way,
            solves: parts.solves,
            fit: parts.fit,
        })
    }

    /// Puts the gradient of another potential in place, and what changes into the solenoidal part.
    fn with_potential(&self, parts: &mut Decomposition<D>, potential: ScalarField<D>) {
        let calculus = self.right.calculus();
        let mut change = calculus.gradient(&potential);
        change.add_scaled(-1.0, &calculus.gradient(&parts.potential));
        parts.gradient.add_scaled(1.0, &change);
        parts.solenoidal.add_scaled(-1.0, &change);
        parts.potential = potential;
    }

    /// Scales the gradient on some places, and gives the rest to the solenoidal part.
    fn keep_of_gradient(
        &self,
        parts: &mut Decomposition<D>,
        share: impl Fn(usize, [usize; D]) -> f64,
    ) {
        for k in 0..D {
            let location = parts.gradient.component(k).location();
            let shape = self.grid().shape_at(location);
            let solenoidal = parts.solenoidal.component_mut(k).values_mut();
            let gradient = parts.gradient.component_mut(k).values_mut();
            for (flat, (g, s)) in gradient.iter_mut().zip(solenoidal).enumerate() {
                let lost = (1.0 - share(k, unravel(shape, flat))) * *g;
                *g -= lost;
                *s += lost;
            }
        }
    }

    fn after(&self, parts: &mut Decomposition<D>) {
        let domain = self.right.calculus().domain();
        match self.fault {
            Fault::ZeroParts => {
                let zero = || VectorField::zeros(*parts.gradient.grid(), parts.gradient.layout());
                let (gradient, solenoidal, harmonic) = (zero(), zero(), zero());
                *parts = Decomposition { gradient, solenoidal, harmonic, ..parts.clone() };
            }
            Fault::PartsSwapped => std::mem::swap(&mut parts.gradient, &mut parts.solenoidal),
            Fault::HarmonicDropped => scale(&mut parts.harmonic, 0.0),
            Fault::GradientScaled => scale(&mut parts.gradient, 1.0 + 1e-9),
            Fault::HalfAtWalls => {
                let classes: Vec<Vec<FaceClass>> = (0..D).map(|k| domain.face_classes(k)).collect();
                let grid = self.grid();
                self.keep_of_gradient(parts, |k, index| {
                    let face = ravel(grid.shape_at(Location::face(k)), index);
                    if classes[k][face] == FaceClass::Wall { 0.5 } else { 1.0 }
                });
            }
            Fault::SeamForgotten => {
                let axes = domain.grid().axes();
                let seam = (0..D).find(|&k| !axes[k].bounded()).expect("a periodic axis");
                self.keep_of_gradient(
                    parts,
                    |k, index| {
                        if k == seam && index[k] == 0 { 0.0 } else { 1.0 }
                    },
                );
            }
            Fault::MeanFlowInGradient => {
                parts.gradient.add_scaled(1.0, &parts.harmonic);
                scale(&mut parts.harmonic, 0.0);
            }
            Fault::MeanFlowInSolenoidal => {
                parts.solenoidal.add_scaled(1.0, &parts.harmonic);
                scale(&mut parts.harmonic, 0.0);
            }
            Fault::AllHarmonic => {
                parts.harmonic = parts.sum();
                scale(&mut parts.gradient, 0.0);
                scale(&mut parts.solenoidal, 0.0);
            }
            Fault::SignOfPsi => scale(&mut parts.solenoidal, -1.0),
            Fault::SignOfPhi => parts.potential.values_mut().iter_mut().for_each(|v| *v = -*v),
            Fault::PinForgotten => {
                let pins = NullSpace::new(domain, Condition::Neumann).pins();
                let pin = pins.last().copied().unwrap_or(0);
                let mut potential = parts.potential.clone();
                potential.values_mut()[pin] = 0.0;
                self.with_potential(parts, potential);
            }
            Fault::SinglePrecision => {
                for part in [&mut parts.gradient, &mut parts.solenoidal, &mut parts.harmonic] {
                    let components = part.components_mut().iter_mut();
                    components.flat_map(|c| c.values_mut()).for_each(|v| *v = f64::from(*v as f32));
                }
            }
            Fault::NotANumber => {
                let values = parts.solenoidal.component_mut(0).values_mut();
                let place = values.len() / 2;
                let first = values.iter().position(|v| *v != 0.0).unwrap_or(place);
                values[first] = f64::NAN;
            }
            Fault::FirstOrderAtWalls | Fault::MaskShifted | Fault::WrongSpacing => {}
        }
    }
}

impl<const D: usize> Decompose<D> for Faulty<D> {
    fn in_dimension(&self) -> InDimension<'_> {
        InDimension::of::<Faulty<2>, Faulty<3>>(self)
    }

    fn method(&self) -> Method {
        self.right.method()
    }

    fn boundary(&self) -> Boundary {
        self.right.boundary()
    }

    fn backend(&self) -> Option<Backend> {
        self.right.backend()
    }

    fn calculus(&self) -> &dyn Calculus<D> {
        self.right.calculus()
    }

    fn loops(&self) -> &[Loop] {
        self.right.loops()
    }

    fn split_into(
        &self,
        field: &VectorField<D>,
        parts: &mut Decomposition<D>,
    ) -> Result<(), DecomposeError> {
        if matches!(self.fault, Fault::MaskShifted | Fault::WrongSpacing) {
            *parts = self.elsewhere(field)?;
            return Ok(());
        }
        self.right.decompose_into(&self.before(field), parts)?;
        self.after(parts);
        Ok(())
    }

    fn vector_potential(
        &self,
        parts: &Decomposition<D>,
    ) -> Result<Vec<ScalarField<D>>, DecomposeError> {
        self.right.vector_potential(parts)
    }
}

fn scale<const D: usize>(v: &mut VectorField<D>, factor: f64) {
    let components = v.components_mut().iter_mut();
    components.flat_map(|c| c.values_mut()).for_each(|v| *v *= factor);
}

/// The same values on another grid of the same shape.
fn moved<const D: usize>(v: &VectorField<D>, grid: Grid<D>) -> VectorField<D> {
    let components = v
        .components()
        .each_ref()
        .map(|c| ScalarField::from_values(grid, c.location(), c.values().to_vec()).unwrap());
    VectorField::from_components(v.layout(), components)
}

/// The nearest point's value at the walls.
fn first_order<const D: usize>(field: &VectorField<D>, domain: &Domain<D>) -> VectorField<D> {
    let mut faces = to_faces(field, domain);
    for k in 0..D {
        let shape = domain.grid().shape_at(Location::face(k));
        let points = field.component(k).values();
        for (flat, value) in faces.component_mut(k).values_mut().iter_mut().enumerate() {
            let near = match domain.neighbours(k, unravel(shape, flat)) {
                [Some(near), None] | [None, Some(near)] => near,
                _ => continue,
            };
            *value = points[near];
        }
    }
    faces
}

/// The mask moved up by one cell along x.
fn shifted<const D: usize>(domain: &Domain<D>) -> Domain<D> {
    let grid = *domain.grid();
    let shape = grid.shape();
    let active = |cell: usize| {
        let mut index = unravel(shape, cell);
        index[0] = (index[0] + shape[0] - 1) % shape[0];
        domain.is_active(ravel(shape, index))
    };
    Domain::masked(grid, (0..grid.cells()).map(active).collect()).unwrap()
}

/// Twice the spacing along y.
fn stretched<const D: usize>(domain: &Domain<D>) -> Domain<D> {
    let mut axes = *domain.grid().axes();
    let Axis { start, spacing, cells, topology, .. } = axes[1];
    axes[1] = Axis::over(start, start + 2.0 * spacing * cells as f64, cells, topology);
    let grid = Grid::new(axes).unwrap();
    match domain.mask() {
        Some(mask) => Domain::masked(grid, mask.to_vec()).unwrap(),
        None => Domain::full(grid),
    }
}
