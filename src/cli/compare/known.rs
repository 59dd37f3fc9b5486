//! Exact parts of analytic fields.

use crate::boundary::Boundary;
use crate::field::{Layout, VectorField};
use crate::grid::Grid;
use crate::source::Sample;
use crate::source::analytic::{Case, find_2d, find_3d};
use crate::validation::exact_parts;

/// The analytic cases of a dimension.
pub trait Cases<const D: usize> {
    /// The case of a name.
    fn case(name: &str) -> Option<&'static dyn Case<D>>;
}

impl Cases<2> for () {
    fn case(name: &str) -> Option<&'static dyn Case<2>> {
        find_2d(name)
    }
}

impl Cases<3> for () {
    fn case(name: &str) -> Option<&'static dyn Case<3>> {
        find_3d(name)
    }
}

/// Whether a source can be evaluated on any grid.
pub fn is_evaluated(field: &str) -> bool {
    ["analytic:", "autoencoder:", "onnx:", "onnx-autoencoder:"].iter().any(|p| field.starts_with(p))
}

/// The exact parts at the points of a field under a convention.
pub type ExactParts<const D: usize> = Box<dyn Fn(Boundary) -> Option<[VectorField<D>; 3]> + Sync>;

/// The exact parts of a field, if it is an analytic case in the window for which they are known.
pub fn exact<const D: usize>(field: &str, sample: &Sample<D>) -> Option<ExactParts<D>>
where
    (): Cases<D>,
{
    let case = <() as Cases<D>>::case(field.strip_prefix("analytic:")?)?;
    let grid = *sample.domain.grid();
    let same_window = |boundary: Boundary| is_window(case, &grid, boundary);
    if ![Boundary::NoFlux, Boundary::Periodic].into_iter().any(same_window) {
        return None;
    }
    Some(Box::new(move |boundary| exact_parts(case, grid, Layout::Points, boundary)))
}

/// Whether a grid fills the window of a case, with the ends that a convention has there.
fn is_window<const D: usize>(case: &dyn Case<D>, grid: &Grid<D>, boundary: Boundary) -> bool {
    let own = case.grid_under(grid.shape(), boundary);
    own.is_ok_and(|own| {
        let pairs = own.axes().iter().zip(grid.axes());
        pairs.into_iter().all(|(own, axis)| {
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * own.length();
            own.topology == axis.topology
                && near(own.start, axis.start)
                && near(own.length(), axis.length())
        })
    })
}
