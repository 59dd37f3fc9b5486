//! Cells that are very unlike, and walls that are close.

use super::*;
use crate::grid::Thickness;

/// A domain with about a tenth of its cells made land, in blocks.
fn with_land<const D: usize>(domain: Domain<D>) -> Domain<D> {
    let shape = domain.grid().shape();
    let active = |cell: usize| {
        let index = unravel(shape, cell);
        let block = (0..D).fold(1, |sum, k| sum * 31 + index[k] * 12 / shape[k].max(12));
        !block.is_multiple_of(9)
    };
    let mask = (0..domain.grid().cells()).map(active).collect();
    let masked = Domain::masked(*domain.grid(), mask).unwrap();
    match domain.metric() {
        Some(metric) => masked.with_metric(metric.clone()).unwrap(),
        None => masked,
    }
}

fn globe(n: usize) -> Domain<2> {
    let x = Axis::over(0.0, 360.0, 2 * n, Periodic);
    let grid = Grid::new([x, Axis::over(-90.0, 90.0, n, Bounded)]).unwrap();
    Domain::full(grid).with_metric(Metric::sphere(&grid, 6.4e6).unwrap()).unwrap()
}

/// Widths that grow by so much from one end to the other.
fn growing(cells: usize, by: f64) -> Axis {
    let width = |i: usize| by.powf(i as f64 / (cells - 1) as f64);
    let faces = (0..=cells).scan(0.0, |sum, i| Some(std::mem::replace(sum, *sum + width(i))));
    Axis::from_faces(&faces.collect::<Vec<_>>(), Bounded).unwrap()
}

fn shell(scale: f64) -> Domain<3> {
    let depth = [0.0, 10.0, 25.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 4000.0];
    let depth: Vec<f64> = depth.iter().map(|d| d * scale).collect();
    let axes = [
        Axis::over(0.0, 360.0, 96, Periodic),
        Axis::over(-90.0, 90.0, 48, Bounded),
        Axis::from_faces(&depth, Bounded).unwrap(),
    ];
    let grid = Grid::new(axes).unwrap();
    let metric = Metric::shell(&grid, 6.4e6, Thickness::Thin).unwrap();
    Domain::full(grid).with_metric(metric).unwrap()
}

/// The iterations on both conditions; where there are few cells, the solution is that of the factored matrix.
fn count<const D: usize>(name: &str, domain: &Domain<D>) -> usize {
    let counts = CONDITIONS.map(|condition| {
        let problem = of_domain(domain.clone(), condition);
        let (solution, count) = problem.solve();
        if problem.domain.active_cells() <= 20_000 {
            let solver = Cholesky::new(&problem.domain, condition).unwrap();
            let expected = solver.solve(&problem.rhs, problem.scale).unwrap().0;
            let off = largest_difference(solution, &expected);
            assert!(off <= 1e-8 * expected.max_abs(), "{name} {condition:?}: {off:e}");
        }
        count
    });
    counts[0].max(counts[1])
}

fn largest_difference<const D: usize>(mut a: ScalarField<D>, b: &ScalarField<D>) -> f64 {
    a.add_scaled(-1.0, b);
    a.max_abs()
}

fn equal<const D: usize>(cells: [usize; D], spacing: [f64; D]) -> Domain<D> {
    let axes =
        std::array::from_fn(|k| Axis::over(0.0, spacing[k] * cells[k] as f64, cells[k], Bounded));
    Domain::full(Grid::new(axes).unwrap())
}

/// Corridors one cell wide that meet again nowhere: a tree over the odd cells, dug in a random order.
fn maze(n: usize) -> Domain<2> {
    let mut random = Random::new(7);
    let mut open = vec![false; n * n];
    let (mut path, mut seen) = (vec![n + 1], vec![false; n * n]);
    (open[n + 1], seen[n + 1]) = (true, true);
    while let Some(&here) = path.last() {
        let inside = |way: isize| {
            let (x, y) = (here % n, here / n);
            let there = here.checked_add_signed(2 * way)?;
            let within = match way {
                1 => x + 2 < n,
                -1 => x > 1,
                _ if way > 0 => y + 2 < n,
                _ => y > 1,
            };
            (within && !seen[there]).then_some((here.checked_add_signed(way)?, there))
        };
        let n = n as isize;
        let ways: Vec<(usize, usize)> = [1, -1, n, -n].into_iter().filter_map(inside).collect();
        let Some(&(between, there)) = ways.get((random.unit() * ways.len() as f64) as usize) else {
            path.pop();
            continue;
        };
        (open[between], open[there], seen[there]) = (true, true, true);
        path.push(there);
    }
    Domain::masked(*equal([n, n], [1.0; 2]).grid(), open).unwrap()
}

/// One corridor, one cell wide, that winds to the middle: rings two cells apart, joined one to the next.
fn spiral(n: usize) -> Domain<2> {
    let ring = |x: usize, y: usize| x.min(y).min(n - 1 - x).min(n - 1 - y);
    let open = |cell: usize| {
        let (x, y) = (cell % n, cell / n);
        let r = ring(x, y);
        // A wall across each ring, and the way on before or behind it in turns.
        let (on_ring, crossing) = (r.is_multiple_of(2), x == n / 2 && y < n / 2);
        let way = if (r / 2).is_multiple_of(2) { n / 2 - 1 } else { n / 2 + 1 };
        (on_ring && !crossing) || (!on_ring && x == way && y < n / 2)
    };
    let grid = *equal([n, n], [1.0; 2]).grid();
    Domain::masked(grid, (0..n * n).map(open).collect()).unwrap()
}

fn random_mask<const D: usize>(domain: &Domain<D>, share: f64) -> Domain<D> {
    let mut random = Random::new(3);
    let mask = (0..domain.grid().cells()).map(|_| random.unit() < share).collect();
    Domain::masked(*domain.grid(), mask).unwrap()
}

#[test]
fn iterations_hardly_grow_on_globes_and_stretched_axes() {
    let stretched = |n| Domain::full(Grid::new([growing(n, 100.0), growing(n, 100.0)]).unwrap());
    for land in [false, true] {
        let with = |domain| if land { with_land(domain) } else { domain };
        let globes = [64, 128, 256].map(|n| count("globe", &with(globe(n))));
        let boxes = [64, 128, 256].map(|n| count("100 : 1", &with(stretched(n))));
        for (name, counts) in [("globe", globes), ("100 : 1", boxes)] {
            let grows = |pair: &[usize]| pair[1] as f64 > 1.25 * pair[0] as f64 + 1.0;
            let too_fast = counts.windows(2).any(grows);
            assert!(counts[2] <= 20 && !too_fast, "{name}, land {land}: {counts:?}");
        }
    }
}

#[test]
fn iterations_stay_few_on_flat_masks_and_long_boxes() {
    for flat in [0.1, 0.03, 0.01] {
        let holes = random_mask(&equal([160, 160], [1.0, flat]), 0.9);
        let found = count("holes", &holes);
        assert!(found <= 30, "holes at 1 : {flat}: {found}");
    }
    for (cells, spacing) in
        [([17, 17, 600], [1.0; 3]), ([17, 9, 500], [1.0; 3]), ([3, 3, 4000], [20.0, 1.0, 1.0])]
    {
        let found = count("long", &equal(cells, spacing));
        assert!(found <= 20, "{cells:?} {spacing:?}: {found}");
    }
}

/// A shelf of cells some hundred times as wide as high, where a cycle in f32 leaves rounding.
#[test]
fn what_pairs_of_cells_leave_is_taken_up() {
    let shelf = |[x, y, z]: [f64; 3]| z < 0.5 + 0.5 * (8.0 * x).sin() * (5.0 * y).cos();
    for flat in [100.0, 300.0, 500.0, 1000.0, 10_000.0] {
        for condition in CONDITIONS {
            let spacing = [flat, flat, 1.0];
            let problem = problem([26, 24, 8], spacing, [Bounded; 3], condition, shelf);
            let solver = Multigrid::new(&problem.domain, condition).unwrap();
            let (_, report) = solver.solve(&problem.rhs, problem.scale).unwrap();
            assert!(report.residual <= 1e-12, "{flat} {condition:?}: {:e}", report.residual);
        }
    }
}

#[test]
fn iterations_stay_few_in_mazes() {
    for (name, domain) in [("maze", maze(129)), ("spiral", spiral(128))] {
        let found = count(name, &domain);
        assert!(found <= 25, "{name}: {found}");
    }
    let found = count("narrow", &random_mask(&equal([160, 160], [1.0; 2]), 0.62));
    assert!(found <= 35, "narrow: {found}");
    let found = count("porous", &random_mask(&equal([40; 3], [1.0; 3]), 0.4));
    assert!(found <= 35, "porous: {found}");
}

/// Layers of metres over cells of a hundred kilometres: what a solve leaves, the next one takes.
#[test]
fn thin_shells_are_solved_in_passes() {
    for domain in [shell(1.0), with_land(shell(1.0)), shell(1000.0)] {
        let problem = of_domain(domain, Condition::Neumann);
        let solver = Multigrid::new(&problem.domain, problem.condition).unwrap();
        let residual = Residual::new(&Stencil::new(&problem.domain, problem.condition));
        let mut right = problem.rhs.clone();
        let mut left = f64::INFINITY;
        for _ in 0..5 {
            let (solution, report) = solver.solve(&right, problem.scale).unwrap();
            assert!(report.iterations <= 60, "{} iterations", report.iterations);
            let shifted = Shifted { values: right.values(), shift: 0.0 };
            let rest = residual.values(shifted, solution.values());
            right = ScalarField::from_values(*right.grid(), Location::CELL, rest).unwrap();
            left = right.values().iter().map(|r| r * r).sum::<f64>().sqrt() / problem.scale;
        }
        assert!(left <= 1e-12, "{left:e}");
    }
}
