//! A vector at every point, or its normal components on the faces.

use super::{FieldError, ScalarField, check_finite};
use crate::grid::{Domain, FaceClass, Grid, Location};
use ndarray::{ArrayD, ArrayViewD, Axis, IxDyn};
use std::borrow::Cow;

/// Where the components of a vector field sit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// All components at the sample points (cell centres).
    Points,
    /// Component k on the faces normal to axis k (marker-and-cell, Arakawa C).
    Faces,
}

impl Layout {
    /// The location of component k.
    pub fn location(self, k: usize) -> Location {
        match self {
            Layout::Points => Location::CELL,
            Layout::Faces => Location::face(k),
        }
    }
}

const FACES: [&str; 3] =
    ["(z, y, x) on the faces of x", "(z, y, x) on the faces of y", "(z, y, x) on the faces of z"];

/// D components on one grid, in the order x, y, z.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorField<const D: usize> {
    layout: Layout,
    components: [ScalarField<D>; D],
}

impl<const D: usize> VectorField<D> {
    /// All zero.
    pub fn zeros(grid: Grid<D>, layout: Layout) -> VectorField<D> {
        let components = std::array::from_fn(|k| ScalarField::zeros(grid, layout.location(k)));
        VectorField { layout, components }
    }

    /// Evaluates a function of position at the points, or each component on its faces.
    pub fn sample(
        grid: Grid<D>,
        layout: Layout,
        f: impl Fn([f64; D]) -> [f64; D],
    ) -> VectorField<D> {
        let components = std::array::from_fn(|k| {
            ScalarField::sample(grid, layout.location(k), |position| f(position)[k])
        });
        VectorField { layout, components }
    }

    /// Takes a point array of shape (component, z, y, x), or (component, y, x) in 2D.
    ///
    /// ```
    /// use hodge::{field::VectorField, grid::{Axis, Grid, Topology}};
    /// use ndarray::ArrayD;
    /// let axis = |n| Axis::over(0.0, 1.0, n, Topology::Periodic);
    /// let grid = Grid::new([axis(8), axis(6)])?;
    /// let array = ArrayD::zeros(vec![2, 6, 8]);
    /// let field = VectorField::from_array(grid, array.view())?;
    /// assert_eq!(field.component(0).values().len(), 48);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the array has another shape or a value that is not finite.
    #[expect(clippy::missing_panics_doc, reason = "a field has D components")]
    pub fn from_array(
        grid: Grid<D>,
        array: ArrayViewD<'_, f64>,
    ) -> Result<VectorField<D>, FieldError> {
        let mut expected = vec![D];
        expected.extend(grid.shape().iter().rev());
        if array.shape() != expected {
            return Err(FieldError::Shape {
                expected,
                found: array.shape().to_vec(),
                order: "(component, z, y, x)",
            });
        }
        let components = (0..D)
            .map(|k| {
                let values: Vec<f64> = array.index_axis(Axis(0), k).iter().copied().collect();
                check_finite(k, &grid.shape(), &values)?;
                ScalarField::from_values(grid, Location::CELL, values)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let components = components.try_into().expect("D components");
        Ok(VectorField { layout: Layout::Points, components })
    }

    /// Takes the normal components on the faces as they are, x first: component k of shape
    /// (z, y, x), or (y, x) in 2D, with one value for each face along axis k, that is n + 1 on a
    /// bounded axis of n cells and n on a periodic one.
    ///
    /// ```
    /// use hodge::{field::{Layout, VectorField}, grid::{Axis, Grid, Topology}};
    /// use ndarray::ArrayD;
    /// let axis = |n, topology| Axis::over(0.0, 1.0, n, topology);
    /// let grid = Grid::new([axis(8, Topology::Bounded), axis(6, Topology::Periodic)])?;
    /// let (u, v) = (ArrayD::zeros(vec![6, 9]), ArrayD::zeros(vec![6, 8]));
    /// let field = VectorField::from_faces(grid, [u.view(), v.view()])?;
    /// assert_eq!(field.layout(), Layout::Faces);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If an array has another shape or a value that is not finite.
    #[expect(clippy::missing_panics_doc, reason = "a field has D components")]
    pub fn from_faces(
        grid: Grid<D>,
        arrays: [ArrayViewD<'_, f64>; D],
    ) -> Result<VectorField<D>, FieldError> {
        let mut components = Vec::with_capacity(D);
        for (k, array) in arrays.iter().enumerate() {
            let location = Location::face(k);
            let shape = grid.shape_at(location);
            let expected: Vec<usize> = shape.iter().rev().copied().collect();
            if array.shape() != expected {
                return Err(FieldError::Shape {
                    expected,
                    found: array.shape().to_vec(),
                    order: FACES[k],
                });
            }
            let values: Vec<f64> = array.iter().copied().collect();
            check_finite(k, &shape, &values)?;
            components.push(ScalarField::from_values(grid, location, values)?);
        }
        let components = components.try_into().expect("D components");
        Ok(VectorField { layout: Layout::Faces, components })
    }

    /// From D scalar fields.
    ///
    /// # Panics
    /// If a component does not sit where `layout` says, or the components are on different grids.
    pub fn from_components(layout: Layout, components: [ScalarField<D>; D]) -> VectorField<D> {
        for (k, c) in components.iter().enumerate() {
            assert_eq!(c.location(), layout.location(k), "component {k} sits elsewhere");
            assert_eq!(c.grid(), components[0].grid(), "components on different grids");
        }
        VectorField { layout, components }
    }

    /// The grid.
    pub fn grid(&self) -> &Grid<D> {
        self.components[0].grid()
    }

    /// Where the components sit.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Component k.
    pub fn component(&self, k: usize) -> &ScalarField<D> {
        &self.components[k]
    }

    /// Component k for writing.
    pub fn component_mut(&mut self, k: usize) -> &mut ScalarField<D> {
        &mut self.components[k]
    }

    /// All components, x first.
    pub fn components(&self) -> &[ScalarField<D>; D] {
        &self.components
    }

    /// All components for writing, x first.
    pub fn components_mut(&mut self) -> &mut [ScalarField<D>; D] {
        &mut self.components
    }

    /// All components, given away, x first.
    pub fn into_components(self) -> [ScalarField<D>; D] {
        self.components
    }

    /// A copy as one array (component, z, y, x).
    ///
    /// # Panics
    /// On a staggered field, whose components differ in shape; convert it with
    /// [`to_points`](super::to_points) first.
    pub fn to_array(&self) -> ArrayD<f64> {
        assert_eq!(self.layout, Layout::Points, "a staggered field is not one array");
        let mut shape = vec![D];
        shape.extend(self.grid().shape().iter().rev());
        let values = self.components.iter().flat_map(|c| c.values()).copied().collect();
        ArrayD::from_shape_vec(IxDyn(&shape), values).expect("one value per component and point")
    }

    /// self += a · other.
    ///
    /// # Panics
    /// If the fields have different layouts.
    pub fn add_scaled(&mut self, a: f64, other: &VectorField<D>) {
        for (mine, theirs) in self.components.iter_mut().zip(&other.components) {
            mine.add_scaled(a, theirs);
        }
    }

    /// Sets values that touch no active cell of the domain to zero.
    pub fn clear_outside(&mut self, domain: &Domain<D>) {
        if domain.mask().is_none() && domain.metric().is_none() {
            return;
        }
        for (k, component) in self.components.iter_mut().enumerate() {
            if component.location() == Location::face(k) {
                let values = component.values_mut().iter_mut().zip(domain.face_classes(k));
                let outside = values.filter(|(_, class)| *class == FaceClass::Outside);
                outside.for_each(|(v, _)| *v = 0.0);
            } else if let Some(mask) = domain.mask() {
                let values = component.values_mut().iter_mut().zip(mask);
                values.filter(|(_, active)| !**active).for_each(|(v, _)| *v = 0.0);
            }
        }
    }

    /// The field with 0 where it touches no active cell of the domain.
    pub(crate) fn inside(&self, domain: &Domain<D>) -> Cow<'_, VectorField<D>> {
        if domain.mask().is_none() && domain.metric().is_none() {
            return Cow::Borrowed(self);
        }
        let mut inside = self.clone();
        inside.clear_outside(domain);
        Cow::Owned(inside)
    }

    /// self − other.
    ///
    /// # Panics
    /// If the fields have different layouts.
    pub fn minus(&self, other: &VectorField<D>) -> VectorField<D> {
        let difference = |k: usize| self.components[k].minus(&other.components[k]);
        VectorField::from_components(self.layout, std::array::from_fn(difference))
    }

    /// other − self, in the arrays of self.
    pub(crate) fn taken_from(mut self, other: &VectorField<D>) -> VectorField<D> {
        for (mine, theirs) in self.components.iter_mut().zip(&other.components) {
            mine.take_from(theirs);
        }
        self
    }

    /// The root of the mean squared length, without weights.
    pub fn rms(&self) -> f64 {
        self.components.iter().map(|c| c.rms().powi(2)).sum::<f64>().sqrt()
    }

    /// The largest magnitude of a component.
    pub fn max_abs(&self) -> f64 {
        self.components.iter().map(|c| c.max_abs()).fold(0.0, f64::max)
    }

    /// Refuses NaN and infinite values, naming the component and the first place.
    ///
    /// # Errors
    /// If a value is NaN or infinite; the error names the component and the first place.
    pub fn check_finite(&self) -> Result<(), FieldError> {
        for (k, c) in self.components.iter().enumerate() {
            check_finite(k, &self.grid().shape_at(c.location()), c.values())?;
        }
        Ok(())
    }
}
