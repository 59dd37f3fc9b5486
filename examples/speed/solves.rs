//! One solve of the Poisson equation in memory; the plan factors or finds modes.

use super::Prepared;
use super::cases::{planned, random};
use hodge::boundary::Condition;
use hodge::field::ScalarField;
use hodge::grid::{Axis, Domain, Grid, Location, Metric, Thickness, Topology};
use hodge::poisson::{self, Backend};

/// A box of equal cells.
pub fn even<const D: usize>(cells: [usize; D], backend: Backend) -> Result<Prepared, String> {
    let axes = cells.map(|n| Axis::over(0.0, 1.0, n, Topology::Bounded));
    solve(&Domain::full(Grid::new(axes).expect("N cells of size 1/N")), backend)
}

/// A globe, x the longitude; its shell, with levels that grow downwards to 5 km, in 3D.
pub fn globe<const D: usize>(cells: [usize; D]) -> Result<Prepared, String> {
    let axes: [Axis; D] = std::array::from_fn(|k| match k {
        0 => Axis::over(0.0, 360.0, cells[0], Topology::Periodic),
        1 => Axis::over(-90.0, 90.0, cells[1], Topology::Bounded),
        _ => growing(cells[2], -5000.0, 0.0),
    });
    let grid = Grid::new(axes).map_err(|e| e.to_string())?;
    let (radius, thickness) = (6_371_200.0, Thickness::Thick);
    let metric = match D {
        2 => Metric::sphere(&grid, radius),
        _ => Metric::shell(&grid, radius, thickness),
    };
    on_metric(grid, metric.map_err(|e| e.to_string())?)
}

/// A box whose widths grow tenfold along every axis.
pub fn stretched<const D: usize>(cells: [usize; D]) -> Result<Prepared, String> {
    let grid = Grid::new(cells.map(|n| growing(n, 0.0, 1.0))).map_err(|e| e.to_string())?;
    on_metric(grid, Metric::rectilinear(&grid))
}

/// A channel, y stretched between two walls and the other axes periodic.
pub fn channel<const D: usize>(cells: [usize; D]) -> Result<Prepared, String> {
    let axes: [Axis; D] = std::array::from_fn(|k| match k {
        1 => growing(cells[1], 0.0, 1.0),
        _ => Axis::over(0.0, 4.0, cells[k], Topology::Periodic),
    });
    let grid = Grid::new(axes).map_err(|e| e.to_string())?;
    on_metric(grid, Metric::rectilinear(&grid))
}

/// Cells whose widths shrink tenfold from one end of an axis to the other.
fn growing(cells: usize, from: f64, to: f64) -> Axis {
    let place = |i: usize| (1.0 - 0.1f64.powf(i as f64 / cells as f64)) / 0.9;
    let faces: Vec<f64> = (0..=cells).map(|i| from + (to - from) * place(i)).collect();
    Axis::from_faces(&faces, Topology::Bounded).expect("rising faces")
}

fn on_metric<const D: usize>(grid: Grid<D>, metric: Metric<D>) -> Result<Prepared, String> {
    let domain = Domain::full(grid).with_metric(metric).map_err(|e| e.to_string())?;
    solve(&domain, Backend::Separable)
}

fn solve<const D: usize>(domain: &Domain<D>, backend: Backend) -> Result<Prepared, String> {
    let mut values = random(domain.grid().cells(), 0);
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter_mut().for_each(|v| *v -= mean);
    let norm = values.iter().map(|v| v * v).sum::<f64>().sqrt();
    let rhs =
        ScalarField::from_values(*domain.grid(), Location::CELL, values).expect("one value a cell");
    // The scale for which multigrid stops at 1e-10 of the right-hand side.
    let scale = if backend == Backend::Multigrid { norm * 1e3 } else { norm };
    let (solver, plan_seconds) = planned(|| poisson::plan(domain, Condition::Neumann, backend));
    let solver = solver.map_err(|e| e.to_string())?;
    let run = move || {
        let (_, report) = solver.solve(&rhs, scale).expect("a solution");
        assert!(report.residual * scale <= 1e-10 * norm, "residual {}", report.residual);
    };
    Ok(Prepared { plan_seconds, run: Box::new(run) })
}
