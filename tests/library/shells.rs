//! Files with three components on longitude, latitude and height or depth are shells.

use crate::common::Random;
use crate::files::writing;
use crate::levels::{Levels, levels, middles, request, sample, write};
use hodge::boundary::Boundary;
use hodge::decomposition::Method;
use hodge::diagnostic::{measure, observed_order};
use hodge::field::{Way, to_points};
use hodge::grid::{Geometry, Thickness};
use hodge::source::analytic::find_3d;
use hodge::source::file::FileRequest;
use hodge::source::{AnySeries, FileSeriesRequest, SourceError};
use std::path::Path;

/// SP5 in an ocean that is half as deep as the radius of its planet, 1 km: the error of the gradient part at points.
fn error_on_a_small_planet(path: &Path, n: usize) -> f64 {
    let case = find_3d("SP5").unwrap();
    let (longitudes, latitudes) = (middles(0.0, 360.0, 2 * n), middles(90.0, -90.0, n));
    let depths = Levels { values: middles(0.0, 500.0, n / 3), ..levels("depth", "m", "down") };
    let at = |[i, j, l]: [usize; 3]| [longitudes[i], latitudes[j], 1.0 - 1e-3 * depths.values[l]];
    write(path, [&longitudes, &latitudes], &depths, |k, index| {
        let parts = case.parts(at(index));
        parts.gradient[k] + parts.solenoidal[k]
    });
    let item = sample(&FileSeriesRequest { radius: Some(1e3), ..request(path) });
    let metric = item.domain.metric().unwrap();
    assert_eq!(metric.geometry(), Geometry::Shell { radius: 1e3, thickness: Thickness::Thick });
    let plan = Method::Staggered.plan(&item.domain, Some(Boundary::NoFlux), None).unwrap();
    let parts = plan.decompose(&item.points).unwrap();
    let report = measure(&*plan, &item.points, &item.points, &parts);
    assert!(report.claims.iter().all(|claim| claim.holds), "{:?}", report.warnings);
    let found = to_points(&parts.gradient, &item.domain, Way::FourPoints);
    let [mut off, mut all] = [0.0; 2];
    for (cell, volume) in metric.volumes().iter().enumerate() {
        // South and depth first, as they are read.
        let (i, row) = (cell % (2 * n), cell / (2 * n));
        let exact = case.parts(at([i, n - 1 - row % n, n / 3 - 1 - row / n])).gradient;
        for (k, exact) in exact.into_iter().enumerate() {
            let error = found.component(k).values()[cell] - exact;
            (off, all) = (off + volume * error * error, all + volume * exact * exact);
        }
    }
    // The root of the integral for radius 1.
    assert!(((all / 1e9).sqrt() / 5.24613988011 - 1.0).abs() < 0.02, "{all}");
    (off / all).sqrt()
}

#[test]
fn the_parts_of_a_deep_ocean_are_the_exact_ones() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ocean.nc");
    let [coarse, fine] = [24, 48].map(|n| error_on_a_small_planet(&path, n));
    let order = observed_order((24, coarse), (48, fine));
    assert!(fine < 0.02 && order >= 1.9, "{coarse} {fine}: order {order}");
}

#[test]
fn shells_have_their_thickness_and_walls_above_and_below() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("shell.nc");
    let (longitudes, latitudes) = (middles(0.0, 360.0, 12), middles(-90.0, 90.0, 6));
    let depths = Levels { values: vec![5.0, 15.0, 25.0], ..levels("depth", "m", "down") };
    write(&path, [&longitudes, &latitudes], &depths, |k, [i, j, l]| (i + j * j + k * l) as f64);
    let thin = FileSeriesRequest { thickness: Some(Thickness::Thin), ..request(&path) };
    let item = sample(&thin);
    let geometry = item.domain.metric().unwrap().geometry();
    assert_eq!(geometry, Geometry::Shell { radius: 6_371_200.0, thickness: Thickness::Thin });
    assert_eq!((item.length_units(), item.axis_units[2].as_str()), (vec!["m".to_string(); 3], "m"));
    let z = item.domain.grid().axes()[2];
    assert_eq!([z.face(0), z.face(3)], [-30.0, 0.0]);
    assert!(item.domain.metric().unwrap().poles() == [true; 2] && item.domain.has_walls());
    let periodic = FileRequest { periodic: Some(vec![0, 2]), ..FileRequest::new(&path) };
    let found = AnySeries::of_file(&FileSeriesRequest { fields: periodic, ..thin.clone() });
    assert!(matches!(found, Err(SourceError::PeriodicHeight)));
    let deep = FileSeriesRequest { radius: Some(20.0), ..request(&path) };
    let AnySeries::Space(series) = AnySeries::of_file(&deep).unwrap() else { panic!("3D") };
    assert!(series.item(0, None, Way::default(), None).is_err(), "below the centre");
}

/// Levels of an ocean from 5 to 500 m on points of a quarter of a degree and on those of one degree, with land.
#[test]
fn claims_hold_in_oceans_in_metres() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ocean.nc");
    let depths = vec![5.0, 15.0, 30.0, 50.0, 75.0, 110.0, 160.0, 230.0, 330.0, 500.0];
    let depths = Levels { values: depths, ..levels("depth", "m", "down") };
    for (step, land) in [(0.25, true), (0.25, false), (1.0, true), (1.0, false)] {
        let longitudes: Vec<f64> = (0..40).map(|i| -60.0 + step * i as f64).collect();
        let latitudes: Vec<f64> = (0..30).map(|j| 30.0 + step * j as f64).collect();
        let floor = |i: usize, j: usize| 3 + (i * i + 3 * j) % 8;
        write(&path, [&longitudes, &latitudes], &depths, |k, [i, j, l]| {
            let scale = if k == 2 { 1e-4 } else { 1.0 };
            let random = Random::new((1 + k + 3 * (i + 40 * (j + 30 * l))) as u64).next();
            let island = (12..17).contains(&i) && (8..15).contains(&j);
            if land && (l >= floor(i, j) || island) { f64::NAN } else { scale * random }
        });
        let fields = FileRequest { allow_missing: land, ..FileRequest::new(&path) };
        let item = sample(&FileSeriesRequest { fields, ..FileSeriesRequest::default() });
        assert_eq!(item.domain.mask().is_some(), land);
        for boundary in [Boundary::NoFlux, Boundary::NormalParallel] {
            let plan = Method::Staggered.plan(&item.domain, Some(boundary), None).unwrap();
            let parts = plan.decompose(&item.points).unwrap();
            let report = measure(&*plan, &item.points, &item.points, &parts);
            assert!(report.claims.iter().all(|claim| claim.holds), "{:?}", report.warnings);
            let worst = report.orthogonality.max(report.divergence).max(report.curl);
            assert!(worst < 1e-12, "{step} {land} {boundary}: {worst}");
        }
    }
}
