//! How files tell the levels of shells, and what is read from them.

use crate::common::Random;
use crate::files::writing;
use crate::globe::{make_scale, text};
use hodge::field::Way;
use hodge::source::file::{CoordinateError, FileError, FileMetric, FileRequest, open};
use hodge::source::{AnySeries, FileSeriesRequest, Sample};
use ndarray::{Array1, Array2, Array3, Ix4};
use std::path::Path;

/// How a file describes its levels, slowest axis of the data.
pub struct Levels {
    pub name: &'static str,
    pub units: &'static str,
    pub positive: &'static str,
    pub standard_name: &'static str,
    /// In the order of the file.
    pub values: Vec<f64>,
    /// The ends of their layers, in any order; none without.
    pub bounds: Vec<[f64; 2]>,
    /// What the standard name of the third component is.
    pub upwards: &'static str,
}

pub fn levels(name: &'static str, units: &'static str, positive: &'static str) -> Levels {
    let (values, bounds) = (Vec::new(), Vec::new());
    Levels { name, units, positive, standard_name: "", values, bounds, upwards: "" }
}

/// Components at the longitudes, latitudes and levels of a file, by their indices.
pub fn write(
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
        if axis == 0 && !levels.bounds.is_empty() {
            let ends =
                Array2::from_shape_fn((levels.bounds.len(), 2), |(l, e)| levels.bounds[l][e]);
            file.new_dataset_builder().with_data(&ends).create("level_bnds").unwrap();
            text(&scale, "bounds", "level_bnds");
        }
        make_scale(&scale, name, &fields, axis);
    }
    file.close().unwrap();
}

/// Middles of so many steps from one end to another.
pub fn middles(from: f64, to: f64, count: usize) -> Vec<f64> {
    (0..count).map(|i| from + (to - from) * (i as f64 + 0.5) / count as f64).collect()
}

pub fn sample(request: &FileSeriesRequest) -> Sample<3> {
    let AnySeries::Space(series) = AnySeries::of_file(request).unwrap() else { panic!("3D") };
    series.item(0, None, Way::default(), None).unwrap()
}

pub fn request(path: &Path) -> FileSeriesRequest {
    FileSeriesRequest { fields: FileRequest::new(path), ..FileSeriesRequest::default() }
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

/// Layers end where the bounds of the levels say, however the two ends are ordered, and a single one is a shell too.
#[test]
fn layers_end_at_the_bounds_of_the_levels() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("layers.nc");
    let (longitudes, latitudes) = (middles(0.0, 30.0, 6), middles(10.0, 20.0, 4));
    let one = |_: usize, _: [usize; 3]| 1.0;
    let of = |units, values: &[f64], bounds: &[[f64; 2]]| Levels {
        values: values.into(),
        bounds: bounds.into(),
        ..levels("depth", units, "down")
    };
    for (levels, edges, points) in [
        (
            of("m", &[5.0, 14.0, 40.0], &[[0.0, 10.0], [10.0, 20.0], [20.0, 60.0]]),
            vec![-60.0, -20.0, -10.0, 0.0],
            vec![-40.0, -14.0, -5.0],
        ),
        (
            of("km", &[0.04, 0.014, 0.005], &[[0.06, 0.02], [0.02, 0.01], [0.01, 0.0]]),
            vec![-60.0, -20.0, -10.0, 0.0],
            vec![-40.0, -14.0, -5.0],
        ),
        // Equal steps between points that are not midway.
        (
            of("m", &[1.0, 11.0, 21.0], &[[0.0, 10.0], [10.0, 20.0], [20.0, 30.0]]),
            vec![-30.0, -20.0, -10.0, 0.0],
            vec![-21.0, -11.0, -1.0],
        ),
        (of("m", &[3.0], &[[0.0, 10.0]]), vec![-10.0, 0.0], vec![-3.0]),
    ] {
        write(&path, [&longitudes, &latitudes], &levels, one);
        let item = sample(&request(&path));
        let z = item.domain.grid().axes()[2];
        let close = |found: f64, wanted: f64| (found - wanted).abs() < 1e-9;
        assert_eq!(z.cells(), points.len());
        assert!((0..=z.cells()).all(|l| close(z.face(l), edges[l])), "{z:?}");
        assert!((0..z.cells()).all(|l| close(z.point(l), points[l])), "{z:?}");
        let said = open(&FileRequest::new(&path)).unwrap().notes().join("; ");
        assert!(said.contains("its layers end at the bounds `level_bnds`"), "{said}");
    }
    let gap = of("m", &[5.0, 14.0], &[[0.0, 10.0], [12.0, 20.0]]);
    write(&path, [&longitudes, &latitudes], &gap, one);
    let found = open(&FileRequest::new(&path));
    let wrong = matches!(found, Err(FileError::Coordinates(CoordinateError::Bounds { .. })));
    assert!(wrong, "{found:?}");
}
