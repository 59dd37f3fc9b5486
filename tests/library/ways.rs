//! What the two ways from faces to points are worth, and what is lost of real fields.

use crate::common::{components, domains, random_field};
use crate::needs;
use hodge::boundary::Boundary;
use hodge::decomposition::Method;
use hodge::field::{Layout, VectorField, Way, to_faces, to_points};
use hodge::grid::{Axis, Domain, Grid, Topology};
use hodge::operator::Central;
use hodge::source::file::{FileMetric, FileRequest, finite_cells, open};
use ndarray::ArrayD;
use std::f64::consts::{PI, TAU};
use std::path::Path;

/// What the mean is for: it commutes with the differences.
#[test]
fn the_mean_of_a_gradient_has_no_curl_by_central_differences() {
    for (label, domain) in
        domains::<2>().into_iter().filter(|(_, d)| d.grid().shape().iter().all(|n| *n > 4))
    {
        let plan = Method::Staggered.plan(&domain, None, None).unwrap();
        let gradient = plan.decompose(&random_field(&domain, Layout::Faces, 3)).unwrap().gradient;
        let curl = |way| {
            let points = to_points(&gradient, &domain, way);
            Central::new(domain.clone()).curl_norm(&points) * domain.grid().least_spacing()
        };
        let (mean, four) = (curl(Way::Mean), curl(Way::FourPoints));
        assert!(mean < 1e-12, "{label}: {mean:e}");
        assert!(four > 1e-3, "{label}: {four:e}");
    }
}

/// φ = cos(2x + 3y) and ψ = sin πx sin 2πy on the unit square: with no flux through the walls ∇φ is the
/// gradient part.
fn exact_gradient([x, y]: [f64; 2]) -> [f64; 2] {
    let s = -(2.0 * x + 3.0 * y).sin();
    [2.0 * s, 3.0 * s]
}

fn with_rotation([x, y]: [f64; 2]) -> [f64; 2] {
    let ([sx, cx], [s, c]) = ([(PI * x).sin(), (PI * x).cos()], [(TAU * y).sin(), (TAU * y).cos()]);
    let [u, v] = exact_gradient([x, y]);
    [u + TAU * sx * c, v - PI * cx * s]
}

/// The relative errors of the gradient part at the points by each way, of point samples with noise of that
/// size in each.
fn errors_of_parts(n: usize, noise: f64) -> [f64; 2] {
    let axis = Axis::over(0.0, 1.0, n, Topology::Bounded);
    let domain = Domain::full(Grid::new([axis; 2]).unwrap());
    let mut samples = VectorField::sample(*domain.grid(), Layout::Points, with_rotation);
    let size = noise * samples.rms();
    samples.add_scaled(size, &random_field(&domain, Layout::Points, 17));
    let exact = VectorField::sample(*domain.grid(), Layout::Points, exact_gradient);
    let plan = Method::Staggered.plan(&domain, Some(Boundary::NoFlux), None).unwrap();
    let parts = plan.decompose(&samples).unwrap();
    Way::ALL.map(|way| to_points(&parts.gradient, &domain, way).minus(&exact).rms() / exact.rms())
}

#[test]
fn four_points_are_more_accurate_and_the_mean_takes_less_noise() {
    for n in [32, 64, 128] {
        let [four, mean] = errors_of_parts(n, 0.0);
        assert!(four < mean / 1.45, "{n} points: {four:e} and {mean:e}");
        let [four, mean] = errors_of_parts(n, 0.1);
        assert!((0.85..0.97).contains(&(mean / four)), "{n} points, noise: {four:e} and {mean:e}");
    }
}

/// ‖u − P I u‖/‖u‖ over the points that have numbers.
fn remainder(grid: Grid<2>, values: &ArrayD<f64>, way: Way) -> f64 {
    let domain = Domain::masked(grid, finite_cells(components(values))).unwrap();
    let values = values.mapv(|v| if v.is_finite() { v } else { 0.0 });
    let mut samples = VectorField::from_array(grid, values.view()).unwrap();
    samples.clear_outside(&domain);
    let rest = samples.minus(&to_points(&to_faces(&samples, &domain), &domain, way));
    rest.rms() / samples.rms()
}

/// Of the first field of a file in degrees, whose differences enter no interpolation.
fn of_file(path: &Path, datasets: &[&str], periodic: bool) -> f64 {
    let request = FileRequest {
        datasets: datasets.iter().map(|d| d.to_string()).collect(),
        metric: Some(FileMetric::Plane),
        allow_missing: true,
        ..FileRequest::new(path)
    };
    let file = open(&request).unwrap();
    let axes = std::array::from_fn(|k| {
        let topology = if periodic && k == 0 { Topology::Periodic } else { Topology::Bounded };
        Axis::from_points(file.origin()[k], file.spacing()[k], file.shape()[k], topology)
    });
    remainder(Grid::new(axes).unwrap(), &file.read(0).unwrap(), Way::FourPoints)
}

#[test]
fn of_ocean_and_wind_little_is_lost() {
    let names =
        ["ocean/gulf_stream.nc", "ocean/black_sea.nc", "ocean/caribbean.nc", "wind/uwnd_mean.nc"];
    let Some([gulf_stream, black_sea, caribbean, wind]) = needs::data(names) else { return };
    let currents = ["ugos", "vgos"];
    for (path, datasets, periodic, at_most) in [
        (gulf_stream, currents, false, 0.017),
        (black_sea, currents, false, 0.035),
        (caribbean, currents, false, 0.011),
        (wind, ["uwnd", "vwnd_mean.nc::vwnd"], true, 0.0005),
    ] {
        let found = of_file(&path, &datasets, periodic);
        println!("{}: {found:.5}", path.display());
        assert!(found <= at_most, "{}: {found:.5}, at most {at_most}", path.display());
    }
}

/// Columns x, y, u, v, flags, mask of 31 × 31 vectors.
#[test]
fn of_noisy_vectors_no_more_than_their_noise_is_lost() {
    let Some([path]) = needs::data(["piv/PIVchallengeCaseBvelField.txt"]) else { return };
    let text = std::fs::read_to_string(&path).unwrap();
    let rows: Vec<Vec<f64>> = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split_whitespace().map(|word| word.parse().unwrap()).collect())
        .collect();
    assert_eq!(rows.len(), 31 * 31);
    let mut values = ArrayD::from_elem(vec![2, 31, 31], f64::NAN);
    for row in &rows {
        let [i, j] = [0, 1].map(|k| (row[k] / 16.0).round() as usize - 1);
        (values[[0, j, i]], values[[1, j, i]]) = (row[2], row[3]);
    }
    assert_eq!(finite_cells(components(&values)), [true; 31 * 31]);
    let axis = Axis::from_points(16.0, 16.0, 31, Topology::Bounded);
    let grid = Grid::new([axis; 2]).unwrap();
    let found = remainder(grid, &values, Way::FourPoints);
    println!("{}: {found:.5}", path.display());
    assert!(found <= 0.15, "{found:.5}");
}
