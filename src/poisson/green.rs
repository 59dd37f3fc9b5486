//! ∇·∇φ = f in free space, for f constant in each cell of a box.

mod integrals;

use crate::grid::{Grid, ravel, unravel};
use crate::transform::Convolution;
use integrals::cell_integral;
use rayon::prelude::*;

/// φ = ∫ G f over a box of equal cells, with G = ln r/2π (2D) or −1/4πr (3D), the Green function of free space.
///
/// The integral of G over each cell is known in closed form, so that φ is exact to rounding where f is constant in
/// each cell ("integrated Green function"). Along an axis φ is found in the middle of the cells, and one beyond either end,
/// or at their faces. Costs two transforms of an array of twice as many cells along each axis.
///
/// ```
/// use hodge::grid::{Axis, Grid, Topology};
/// use hodge::poisson::IntegratedGreen;
/// // The unit cell with f = 1 around its middle: ∫ ln r/2π = (ln 2 − 3 + π/2)/4π − (ln 2)/2π.
/// let axis = Axis::over(-0.5, 0.5, 1, Topology::Bounded);
/// let potential = IntegratedGreen::new(&Grid::new([axis, axis])?, [false; 2]).potential(&[1.0]);
/// let expected = (2f64.ln() - 3.0 + std::f64::consts::FRAC_PI_2) / (4.0 * std::f64::consts::PI)
///     - 2f64.ln() / (2.0 * std::f64::consts::PI);
/// assert!((potential[4] - expected).abs() < 1e-15, "{}", potential[4]);
/// # Ok::<(), hodge::grid::GridError>(())
/// ```
pub struct IntegratedGreen<const D: usize> {
    convolution: Convolution<D>,
}

impl<const D: usize> IntegratedGreen<D> {
    /// Plans the potential of sources in the cells of a grid, at the faces of those axes for which `on_faces` says so.
    pub fn new(grid: &Grid<D>, on_faces: [bool; D]) -> IntegratedGreen<D> {
        let spacing = grid.axes().map(|axis| axis.spacing);
        let table = Table::new(grid.shape(), spacing, on_faces);
        let (source, output) = sizes(grid, on_faces);
        let kernel = |offset| table.at(offset);
        IntegratedGreen { convolution: Convolution::new(source, output, kernel) }
    }

    /// φ for a value of f in each cell: along axes on faces at every face, along others in every cell and one beyond
    /// either end; x fastest.
    ///
    /// # Panics
    /// If there is not one value a cell.
    pub fn potential(&self, source: &[f64]) -> Vec<f64> {
        self.convolution.apply(source)
    }

    /// Bytes that a plan for a grid keeps and works with.
    pub fn bytes(grid: &Grid<D>, on_faces: [bool; D]) -> f64 {
        let (source, output) = sizes(grid, on_faces);
        Convolution::bytes(source, output)
    }
}

/// Cells, and the places where φ is found.
fn sizes<const D: usize>(grid: &Grid<D>, on_faces: [bool; D]) -> ([usize; D], [usize; D]) {
    let cells = grid.shape();
    (cells, std::array::from_fn(|k| cells[k] + if on_faces[k] { 1 } else { 2 }))
}

/// The integrals of G over a cell, by the distance along each axis.
struct Table<const D: usize> {
    on_faces: [bool; D],
    shape: [usize; D],
    values: Vec<f64>,
}

impl<const D: usize> Table<D> {
    fn new(cells: [usize; D], spacing: [f64; D], on_faces: [bool; D]) -> Table<D> {
        let shape: [usize; D] =
            std::array::from_fn(|k| if on_faces[k] { cells[k] } else { cells[k] + 1 });
        let at = |flat: usize| {
            let steps = unravel(shape, flat);
            let half = |k: usize| if on_faces[k] { 0.5 } else { 0.0 };
            let centre = std::array::from_fn(|k| (steps[k] as f64 + half(k)) * spacing[k]);
            cell_integral(centre, spacing)
        };
        let values = (0..shape.iter().product()).into_par_iter().with_min_len(64).map(at).collect();
        Table { on_faces, shape, values }
    }

    /// For the index of a place minus that of a cell.
    fn at(&self, offset: [isize; D]) -> f64 {
        let steps = |k: usize| match self.on_faces[k] {
            // Face i is half a cell before cell i.
            true if offset[k] >= 1 => offset[k] as usize - 1,
            true => offset[k].unsigned_abs(),
            // The first place is one before the first cell.
            false => (offset[k] - 1).unsigned_abs(),
        };
        self.values[ravel(self.shape, std::array::from_fn(steps))]
    }
}
