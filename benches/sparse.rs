//! Set-up and solve of the Poisson back ends on a bounded box or a masked one, in memory:
//! `cargo bench --bench sparse -- BACKEND NX NY [NZ] [--mask | --globe] [--dirichlet] [--digits 10]`; with `--globe`
//! a sphere with continents and islands.
//!
//! Prints one JSON object: plan and solve in seconds (best of 5), each of 16 solved together (best of
//! 5), iterations, residual, peak memory in bytes beyond what the process had before planning, and
//! the nonzeros and the operations of a factor. With `--dirichlet` the potential has Dirichlet walls instead of Neumann ones. With `--digits d`
//! the residual asked for is 10⁻ᵈ of the right-hand side, otherwise what a decomposition asks for.
//! BACKEND may also be `faer`, whose own sparse LLᵀ of the same matrix is the reference of `cholesky`.

#[path = "../tests/library/common/llt.rs"]
mod llt;

use hodge::boundary::Condition;
use hodge::field::ScalarField;
use hodge::grid::{Axis, Domain, Grid, Location, Metric, Topology, unravel};
use hodge::machine::peak_memory_bytes;
use hodge::operator::laplacian_matrix;
use hodge::poisson::{Backend, Cholesky, Poisson, plan};
use llt::Reference;
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let digits = arguments
        .iter()
        .position(|a| a == "--digits")
        .map(|i| arguments[i + 1].parse::<i32>().expect("a number of digits"));
    let has = |option: &str| arguments.iter().any(|a| a == option);
    let shape = match (has("--mask"), has("--globe")) {
        (_, true) => Shape::Globe,
        (true, _) => Shape::Shell,
        _ => Shape::Box,
    };
    let condition = if has("--dirichlet") { Condition::Dirichlet } else { Condition::Neumann };
    let name = arguments.first().expect("the name of a back end first");
    let sizes = arguments[1..].iter().take_while(|a| !a.starts_with("--"));
    let sizes: Vec<usize> = sizes.map(|n| n.parse().expect("a number of cells")).collect();
    if name == "faer" {
        return match sizes[..] {
            [x, y] => measure_reference([x, y], condition, shape),
            [x, y, z] => measure_reference([x, y, z], condition, shape),
            _ => panic!("two or three numbers of cells"),
        };
    }
    let backend = Backend::from_name(name).expect("the name of a back end first");
    match sizes[..] {
        [x, y] => measure(backend, [x, y], condition, shape, digits),
        [x, y, z] => measure(backend, [x, y, z], condition, shape, digits),
        _ => panic!("two or three numbers of cells"),
    }
}

fn measure<const D: usize>(
    backend: Backend,
    cells: [usize; D],
    condition: Condition,
    shape: Shape,
    digits: Option<i32>,
) {
    let domain = domain(cells, shape);
    let rhs = right_hand_side(&domain);
    let size = rhs.values().iter().map(|v| v * v).sum::<f64>().sqrt();
    let scale = digits.map_or(size, |d| size * 1e13 / 10f64.powi(d));
    let before = peak_memory_bytes().unwrap_or(0);
    let start = Instant::now();
    let (solver, (nonzeros, operations)): (Box<dyn Poisson<D>>, (usize, f64)) =
        if backend == Backend::Cholesky {
            let solver = Cholesky::new(&domain, condition).expect("a factor");
            let size = (solver.nonzeros(), solver.operations());
            (Box::new(solver), size)
        } else {
            (plan(&domain, condition, backend).expect("a plan"), (0, 0.0))
        };
    let planned = start.elapsed().as_secs_f64();
    let mut best = f64::INFINITY;
    let mut last = None;
    for _ in 0..5 {
        let start = Instant::now();
        last = Some(solver.solve(&rhs, scale).expect("a solution").1);
        best = best.min(start.elapsed().as_secs_f64());
    }
    // Before the fields of the next measurement are made.
    let memory = peak_memory_bytes().unwrap_or(0) - before;
    let several = vec![rhs.clone(); 16];
    let mut each = f64::INFINITY;
    for _ in 0..5 {
        let start = Instant::now();
        assert!(solver.solve_many(&several, &[scale; 16]).iter().all(Result::is_ok));
        each = each.min(start.elapsed().as_secs_f64() / 16.0);
    }
    let report = last.expect("five solves");
    println!(
        "{{\"backend\": \"{backend}\", \"n\": {cells:?}, \"unknowns\": {}, \"threads\": {}, \"plan\": {planned:.4}, \"solve\": {best:.4}, \"solve_each_of_16\": {each:.4}, \"iterations\": {}, \"residual\": {:.1e}, \"memory\": {memory}, \"nonzeros\": {nonzeros}, \"operations\": {operations}}}",
        report.unknowns,
        rayon::current_num_threads(),
        report.iterations,
        report.residual * scale / size,
    );
}

/// The same of faer's own factor, with one unknown pinned where a constant is free.
fn measure_reference<const D: usize>(cells: [usize; D], condition: Condition, shape: Shape) {
    let domain = domain(cells, shape);
    let rhs = right_hand_side(&domain);
    let active = (0..domain.grid().cells()).filter(|&cell| domain.is_active(cell));
    let rhs: Vec<f64> = active.map(|cell| rhs.values()[cell]).collect();
    let before = peak_memory_bytes().unwrap_or(0);
    let start = Instant::now();
    let matrix = laplacian_matrix(&domain, condition);
    let pinned: &[usize] = if condition == Condition::Neumann { &[0] } else { &[] };
    let factor = Reference::new(&matrix, pinned);
    let planned = start.elapsed().as_secs_f64();
    let best = |rhs: &[Vec<f64>]| {
        let once = |_| {
            let start = Instant::now();
            factor.solve(rhs);
            start.elapsed().as_secs_f64()
        };
        (0..5).map(once).fold(f64::INFINITY, f64::min)
    };
    let one = [rhs];
    let solve = best(&one);
    let memory = peak_memory_bytes().unwrap_or(0) - before;
    let each = best(&vec![one[0].clone(); 16]) / 16.0;
    let solution = factor.solve(&one).remove(0);
    let length = |values: &[f64]| values.iter().map(|v| v * v).sum::<f64>().sqrt();
    let rows = matrix.outer_iterator().zip(&one[0]);
    let left: Vec<f64> =
        rows.map(|(row, b)| b - row.iter().map(|(i, v)| v * solution[i]).sum::<f64>()).collect();
    println!(
        "{{\"backend\": \"faer\", \"n\": {cells:?}, \"unknowns\": {}, \"threads\": {}, \"plan\": {planned:.4}, \"solve\": {solve:.4}, \"solve_each_of_16\": {each:.4}, \"residual\": {:.1e}, \"memory\": {memory}}}",
        matrix.rows(),
        rayon::current_num_threads(),
        length(&left) / length(&one[0]),
    );
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// The unit cube.
    Box,
    /// What is left of it between two spheres.
    Shell,
    /// A sphere, with the land of `peers/masked_globe.py`.
    Globe,
}

fn domain<const D: usize>(cells: [usize; D], shape: Shape) -> Domain<D> {
    let axes: [Axis; D] = match shape {
        Shape::Globe => std::array::from_fn(|k| match k {
            0 => Axis::over(-180.0, 180.0, cells[0], Topology::Periodic),
            _ => Axis::over(-90.0, 90.0, cells[1], Topology::Bounded),
        }),
        _ => cells.map(|n| Axis::over(0.0, 1.0, n, Topology::Bounded)),
    };
    let grid = Grid::new(axes).expect("a grid");
    let inside = |cell| {
        let point = grid.position(Location::CELL, unravel(cells, cell));
        match shape {
            Shape::Box => true,
            Shape::Globe => !is_land(point[0].to_radians(), point[1].to_radians()),
            Shape::Shell => {
                let radius = point.iter().map(|x| (x - 0.5).powi(2)).sum::<f64>().sqrt();
                (0.1..0.48).contains(&radius)
            }
        }
    };
    let domain = match shape {
        Shape::Box => Domain::full(grid),
        _ => Domain::masked(grid, (0..grid.cells()).map(inside).collect()).expect("a mask"),
    };
    match shape {
        Shape::Globe => {
            let metric = Metric::sphere(&grid, 1.0).expect("a globe");
            domain.with_metric(metric).expect("sizes of its faces")
        }
        _ => domain,
    }
}

fn is_land(lon: f64, lat: f64) -> bool {
    let continent = (3.0 * lon + 2.0 * (4.0 * lat).sin()).sin() * (5.0 * lat).cos() > 0.6;
    continent || (20.0 * lon).sin() * (20.0 * lat).sin() > 0.9
}

/// Random numbers with mean zero on the domain.
fn right_hand_side<const D: usize>(domain: &Domain<D>) -> ScalarField<D> {
    let mut state = 1u64;
    let mut field = ScalarField::zeros(*domain.grid(), Location::CELL);
    let mut sum = 0.0;
    for (cell, value) in field.values_mut().iter_mut().enumerate() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        if domain.is_active(cell) {
            *value = (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0;
            sum += *value;
        }
    }
    let mean = sum / domain.active_cells() as f64;
    for (cell, value) in field.values_mut().iter_mut().enumerate() {
        *value -= if domain.is_active(cell) { mean } else { 0.0 };
    }
    field
}
