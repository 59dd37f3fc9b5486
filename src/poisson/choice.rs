//! Which back end a domain calls for. It does not depend on the memory at hand: a field is solved in the same way on
//! every machine.

use super::Backend;
use crate::grid::{Domain, Grid};

/// Active cells up to which a mask of equal cells is factored, in 2D and in 3D. Beyond, setting up the factor takes
/// longer than a few multigrid solves and a multiple of their memory; for very many fields in 2D it can still be the
/// faster choice.
const FACTORED: [usize; 2] = [300_000, 30_000];

/// Numbers up to which a factor is made with a metric, where multigrid takes more time and memory: 1 GiB.
const FACTORED_UNEVEN: f64 = 134_217_728.0;

/// The back end a domain calls for: transforms on boxes of equal cells; on masks a factor, which serves many
/// fields, while it is small, else multigrid; with a metric [`Separable`](super::Separable) where it fits.
pub fn backend_for<const D: usize>(domain: &Domain<D>) -> Backend {
    match (domain.mask(), domain.metric()) {
        (None, None) => Backend::Transform,
        _ if Backend::Separable.fits(domain) => Backend::Separable,
        (_, metric) => backend_for_cells(domain.grid(), domain.active_cells(), metric.is_some()),
    }
}

/// The same by the number of active cells, where neither transforms nor [`Separable`](super::Separable) fit.
pub(crate) fn backend_for_cells<const D: usize>(
    grid: &Grid<D>,
    active: usize,
    uneven: bool,
) -> Backend {
    let is_small = match uneven {
        true => factor_numbers(grid, active as f64) <= FACTORED_UNEVEN,
        false => active <= FACTORED[D - 2],
    };
    if is_small { Backend::Cholesky } else { Backend::Multigrid }
}

/// The most active cells of a grid that are factored by default.
#[cfg(feature = "sparse")]
pub(crate) fn most_factored<const D: usize>(grid: &Grid<D>, uneven: bool) -> usize {
    let factored = |cells: usize| backend_for_cells(grid, cells, uneven) == Backend::Cholesky;
    let (mut least, mut most) = (0, grid.cells() + 1);
    while most - least > 1 {
        let middle = least + (most - least) / 2;
        if factored(middle) { least = middle } else { most = middle }
    }
    least
}

/// The numbers that a factor of so many cells of a grid is expected to hold, for a shape without narrow places:
/// 1.5 n log₂ n for a square; for a box 4.5 n^{4/3}, or where few layers make it flat what m² squares of its n/m
/// columns would.
pub(super) fn factor_numbers<const D: usize>(grid: &Grid<D>, cells: f64) -> f64 {
    let square = |n: f64| 1.5 * n * n.max(2.0).log2();
    if D == 2 {
        return square(cells);
    }
    let layers = grid.shape().into_iter().min().map_or(1.0, |layers| layers as f64);
    f64::min(4.5 * cells.powf(4.0 / 3.0), layers * layers * square(cells / layers))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{Axis, Topology};

    fn grid<const D: usize>(shape: [usize; D]) -> Grid<D> {
        Grid::new(shape.map(|n| Axis::over(0.0, 1.0, n, Topology::Bounded))).unwrap()
    }

    #[test]
    fn large_domains_are_not_factored() {
        for (active, uneven, expected) in [
            (300_000, false, Backend::Cholesky),
            (300_001, false, Backend::Multigrid),
            (690_000, true, Backend::Cholesky),
            (9_000_000, true, Backend::Multigrid),
        ] {
            let found = backend_for_cells(&grid([4000, 4000]), active, uneven);
            assert_eq!(found, expected, "{active} {uneven}");
        }
        // Ten layers count as a hundred squares, as many cells in a cube as a cube.
        let shell = backend_for_cells(&grid([360, 180, 10]), 410_000, true);
        let cube = backend_for_cells(&grid([86, 86, 86]), 636_056, true);
        assert_eq!([shell, cube], [Backend::Cholesky, Backend::Multigrid]);
    }

    #[test]
    fn the_most_that_is_factored_is_the_last_that_is() {
        for (grid, uneven) in [(grid([900, 900]), false), (grid([3000, 3000]), true)] {
            let most = most_factored(&grid, uneven);
            let of = |cells| backend_for_cells(&grid, cells, uneven);
            assert_eq!([of(most), of(most + 1)], [Backend::Cholesky, Backend::Multigrid]);
        }
        assert_eq!(most_factored(&grid([10, 10]), false), 100);
    }
}
