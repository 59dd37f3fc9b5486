//! Files with three components on longitude, latitude and height or depth are shells.

use crate::common::Random;
use crate::files::writing;
use crate::globe::{make_scale, text};
use hodge::boundary::Boundary;
use hodge::decomposition::Method;
use hodge::diagnostic::{measure, observed_order};
use hodge::field::{Way, to_points};
use hodge::grid::{Geometry, Thickness};
use hodge::source::analytic::find_3d;
use hodge::source::file::{CoordinateError, FileError, FileMetric, FileRequest, open};
use hodge::source::{AnySeries, FileSeriesRequest, Sample, SourceError};
use ndarray::{Array1, Array3, Ix4};
use std::path::Path;

/// How a file describes its levels, slowest axis of the data.
struct Levels {
    name: &'static str,
    units: &'static str,
    positive: &'static str,
    standard_name: &'static str,
    /// In the order of the file.
    values: Vec<f64>,
    /// What the standard name of the third component is.
    upwards: &'static str,
}

fn levels(name: &'static str, units: &'static str, positive: &'static str) -> Levels {
    Levels { name, units, positive, standard_name: "", values: Vec::new(), upwards: "" }
}

/// Components at the longitudes, latitudes and levels of a file, by their indices.
fn write(
    path: &Path,
    [longitudes, latitudes]: [&[f64]; 2],
    levels: &Levels,
    value: impl Fn(usize, [usize; 3]) -> f64,
) {
    let file = hdf5::File::create(path).unwrap();
    let shape = (levels.values.len(), latitudes.len(), longitudes.len());
    let fields: Vec<_> = ["u", "v", "w"]
        .into_iter()
        .enumerate()
        .map(|(k, name)| {
            let data = Array3::from_shape_fn(shape, |(l, j, i)| value(k, [i, j, l]));
            file.new_dataset_builder().with_data(&data).create(name).unwrap()
        })
        .collect();
    if !levels.upwards.is_empty() {
        text(&fields[2], "standard_name", levels.upwards);
    }
    let axes = [
        (levels.name, &levels.values[..], levels.units),
        ("lat", latitudes, "degrees_north"),
        ("lon", longitudes, "degrees_east"),
    ];
    for (axis, (name, values, units)) in axes.into_iter().enumerate() {
        let values = Array1::from_iter(values.iter().copied());
        let scale = file.new_dataset_builder().with_data(&values).create(name).unwrap();
        let words = [("units", units), ("positive", levels.positive)];
        let words = words.into_iter().chain([("standard_name", levels.standard_name)]);
        for (key, value) in words.filter(|(key, v)| !v.is_empty() && (axis == 0 || *key == "units"))
        {
            text(&scale, key, value);
        }
        make_scale(&scale, name, &fields, axis);
    }
    file.close().unwrap();
}

/// Middles of so many steps from one end to another.
fn middles(from: f64, to: f64, count: usize) -> Vec<f64> {
    (0..count).map(|i| from + (to - from) * (i as f64 + 0.5) / count as f64).collect()
}

fn sample(request: &FileSeriesRequest) -> Sample<3> {
    let AnySeries::Space(series) = AnySeries::of_file(request).unwrap() else { panic!("3D") };
    series.item(0, None, Way::default(), None).unwrap()
}

fn request(path: &Path) -> FileSeriesRequest {
    FileSeriesRequest { fields: FileRequest::new(path), ..FileSeriesRequest::default() }
}

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

/// However levels are told, what is read has the same heights, and the component along them stays upwards.
#[test]
fn depths_and_heights_in_any_order_are_the_same_field() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("levels.nc");
    let (longitudes, latitudes) = (middles(0.0, 30.0, 6), middles(10.0, 20.0, 4));
    // 0 at the lowest level.
    let number = |k: usize, [i, j, l]: [usize; 3]| (1000 * k + 100 * i + 10 * j + l) as f64;
    let of = |levels: Levels, values: [f64; 3]| Levels { values: values.into(), ..levels };
    let told = [
        (of(levels("depth", "m", "down"), [5.0, 25.0, 50.0]), true),
        (of(levels("depth", "m", "down"), [50.0, 25.0, 5.0]), false),
        (of(levels("depth", "km", "down"), [0.005, 0.025, 0.05]), true),
        (
            Levels {
                upwards: "upward_sea_water_velocity",
                ..of(levels("depth", "m", "up"), [-50.0, -25.0, -5.0])
            },
            false,
        ),
        (Levels { standard_name: "depth", ..of(levels("lev", "m", ""), [5.0, 25.0, 50.0]) }, true),
    ];
    for (levels, falling) in &told {
        let falling = *falling;
        write(&path, [&longitudes, &latitudes], levels, |k, [i, j, l]| {
            number(k, [i, j, if falling { 2 - l } else { l }])
        });
        let field = open(&FileRequest::new(&path)).unwrap();
        assert!(field.is_on_sphere(), "{}", levels.name);
        let found = field.uneven(2).unwrap();
        let close = found.iter().zip([-50.0, -25.0, -5.0]).all(|(z, e)| (z - e).abs() < 1e-9);
        assert!(close && field.axis_units()[2] == "m", "{found:?}");
        let values = field.read(0).unwrap().into_dimensionality::<Ix4>().unwrap();
        for ((k, l, j, i), value) in values.indexed_iter() {
            assert_eq!(*value, number(k, [i, j, l]), "{} {k} {l}", levels.name);
        }
        let said = field.notes().join("; ");
        assert!(said.contains("z is the height above the sphere in m"), "{said}");
        assert!(said.contains("component along z is taken as the one upwards"), "{said}");
        assert_eq!(said.contains("axis z runs downwards in the file"), falling, "{said}");
    }
}

#[test]
fn what_is_no_height_is_refused_and_can_be_a_plane() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("no.nc");
    let (longitudes, latitudes) = (middles(0.0, 30.0, 6), middles(10.0, 20.0, 4));
    let random =
        |_: usize, [i, j, l]: [usize; 3]| Random::new((i + 10 * j + 100 * l) as u64).next();
    let three = vec![100.0, 200.0, 300.0];
    let of = |levels: Levels| Levels { values: three.clone(), ..levels };
    for (levels, said) in [
        (of(levels("plev", "hPa", "down")), "no length"),
        (of(levels("level", "1", "")), "no length"),
        (of(levels("level", "", "")), "nothing says"),
        (of(levels("lev", "m", "")), "which way is up"),
        (Levels { values: vec![5.0], ..levels("depth", "m", "down") }, "one level"),
    ] {
        write(&path, [&longitudes, &latitudes], &levels, random);
        match open(&FileRequest::new(&path)) {
            Err(FileError::Coordinates(CoordinateError::NotHeights { reason, .. })) => {
                assert!(reason.contains(said), "{reason}")
            }
            other => panic!("{}: {other:?}", levels.name),
        }
        let sphere = FileRequest { metric: Some(FileMetric::Sphere), ..FileRequest::new(&path) };
        assert!(
            matches!(
                open(&sphere),
                Err(FileError::Coordinates(CoordinateError::NotHeights { .. }))
            ),
            "{}",
            levels.name
        );
        let spacing = Some(vec![1.0, 1.0, 5.0]);
        let plane = FileRequest { metric: Some(FileMetric::Plane), spacing, ..sphere.clone() };
        assert!(open(&plane).unwrap().warning().is_some());
        let two = vec!["u".into(), "v".into()];
        let each = open(&FileRequest { datasets: two, ..FileRequest::new(&path) }).unwrap();
        assert!(each.is_on_sphere() && each.samples() == levels.values.len() && each.dims() == 2);
    }
    for upwards in ["downward_sea_water_velocity", "lagrangian_tendency_of_air_pressure"] {
        write(
            &path,
            [&longitudes, &latitudes],
            &Levels { upwards, ..of(levels("depth", "m", "down")) },
            random,
        );
        let found = open(&FileRequest::new(&path));
        assert!(
            matches!(found, Err(FileError::Coordinates(CoordinateError::NotUpwards { .. }))),
            "{found:?}"
        );
    }
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
