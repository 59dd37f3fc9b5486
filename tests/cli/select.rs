//! Parts of axes give what a file with that part alone gives; rings of points around cells are left out.

use crate::uneven::report;
use crate::variants::{Array, Kind, write};
use crate::{folder, hodge, json_lines, refused};
use ndarray::{Array1, Array2, Array4, s};
use serde_json::Value;
use std::path::Path;

fn noise(n: usize) -> f64 {
    let x = (n as f64 * 12.9898).sin() * 43758.5453;
    x - x.floor() - 0.5
}

/// Three times, two levels, latitudes and longitudes round the globe.
fn globe(c: usize) -> Array4<f64> {
    Array4::from_shape_fn((3, 2, 9, 12), |(t, k, j, i)| {
        noise(1 + c + 2 * (i + 12 * (j + 9 * (k + 2 * t))))
    })
}

fn latitudes() -> Array1<f64> {
    Array1::from_shape_fn(9, |j| 40.0 - 10.0 * j as f64)
}

fn write_globe(path: &Path, [time, level, lat, lon]: [&str; 4], kind: Kind) {
    let dims = [time, level, lat, lon];
    write(
        path,
        &[
            Array::new("u", &dims, globe(0)).kind(kind),
            Array::new("v", &dims, globe(1)).kind(kind),
            Array::new(time, &[time], Array1::from(vec![6.0, 12.0, 18.0]))
                .text("units", "hours since 2000-01-01"),
            Array::new(level, &[level], Array1::from(vec![200.0, 500.0])).text("units", "hPa"),
            Array::new(lat, &[lat], latitudes()).text("units", "degrees_north"),
            Array::new(lon, &[lon], Array1::from_shape_fn(12, |i| 30.0 * i as f64))
                .text("units", "degrees_east"),
        ],
    );
}

/// One plane of the globe on these rows and columns, in a file of its own.
fn part(folder: &Path, [t, k]: [usize; 2], rows: &[usize], columns: &[(usize, f64)]) -> Value {
    let of = |c: usize| {
        Array2::from_shape_fn((rows.len(), columns.len()), |(j, i)| {
            globe(c)[[t, k, rows[j], columns[i].0]]
        })
    };
    write(
        &folder.join("part.nc"),
        &[
            Array::new("u", &["lat", "lon"], of(0)),
            Array::new("v", &["lat", "lon"], of(1)),
            Array::new("lat", &["lat"], rows.iter().map(|j| latitudes()[*j]).collect())
                .text("units", "degrees_north"),
            Array::new("lon", &["lon"], columns.iter().map(|(_, lon)| *lon).collect())
                .text("units", "degrees_east"),
        ],
    );
    report(folder, &["decompose", "part.nc", "--periodic", "none"])
}

#[test]
fn a_selection_is_the_file_of_that_part() {
    let folder = folder();
    let path = folder.path();
    let rows: Vec<usize> = (2..7).collect();
    let columns: Vec<(usize, f64)> =
        [10, 11, 0, 1, 2].iter().enumerate().map(|(n, i)| (*i, -60.0 + 30.0 * n as f64)).collect();
    let wanted = part(path, [1, 1], &rows, &columns);
    for (name, names, kind, tolerance) in [
        ("a.nc", ["time", "level", "lat", "lon"], Kind::F64, 1e-12),
        ("b.nc4", ["valid_time", "isobaricInhPa", "latitude", "longitude"], Kind::F64, 1e-12),
        ("c.nc4", ["time", "plev", "Latitude", "Longitude"], Kind::F32, 1e-5),
    ] {
        write_globe(&path.join(name), names, kind);
        for select in [
            "time=12,level=500,lat=-20:20,lon=-60:60",
            "time=[1],level=[1:],lat=[2:7],lon=-60:60",
            "time=1,level=500,lat=20:-20,lon=-60:60",
        ] {
            let select = select.replace("level", names[1]);
            let found =
                report(path, &["decompose", name, "--periodic", "none", "--select", &select]);
            for part in ["input", "gradient", "solenoidal", "harmonic"] {
                let [a, b] = [&found, &wanted].map(|r| r["energy"][part].as_f64().unwrap());
                assert!((a - b).abs() <= tolerance * b.abs(), "{name} {select} {part}: {a} {b}");
            }
        }
    }
    let outcome =
        hodge(path, &["decompose", "a.nc", "--select", "time=0:2,level=200", "--format", "json"]);
    assert_eq!(json_lines(&outcome.out).len(), 2, "{}", outcome.err);
    assert!(
        outcome.err.contains("time=0:2 read as indices") && outcome.err.contains("6 to 18"),
        "{}",
        outcome.err
    );
    for (select, says) in [
        ("level=300", "level has values from 200 to 500"),
        ("depth_of_snow=1", "\"depth_of_snow\" was selected"),
        ("time=7.5", "selects nothing"),
        ("time", "expected AXIS=VALUE"),
        ("lon=a:b", "expected AXIS=VALUE"),
        ("time=[5:9]", "selects nothing"),
    ] {
        refused(path, &["decompose", "a.nc", "--select", select], &[says, "--select"]);
    }
}

/// ROMS keeps a ring of points around the cells: u has a column less than the points, v a row less.
#[test]
fn a_ring_of_points_is_left_out() {
    let folder = folder();
    let path = folder.path();
    let (ny, nx) = (9, 12);
    let u = Array2::from_shape_fn((ny + 2, nx + 1), |(j, i)| noise(3 + i + 40 * j));
    let v = Array2::from_shape_fn((ny + 1, nx + 2), |(j, i)| noise(5000 + i + 40 * j));
    let y = |j: usize| 0.5 * j as f64;
    write(
        &path.join("inner.npz"),
        &[
            Array::new("u", &["", ""], u.slice(s![1..ny + 1, ..]).to_owned()),
            Array::new("v", &["", ""], v.slice(s![.., 1..nx + 1]).to_owned()),
        ],
    );
    let wanted = report(
        path,
        &["decompose", "inner.npz", "--datasets", "u,v", "--staggered", "--spacing", "1,0.5"],
    );
    let points = |k: usize| {
        Array2::from_shape_fn((ny + 2, nx + 2), |(j, i)| if k == 0 { i as f64 } else { y(j) })
    };
    for (name, [a, b]) in
        [("roms.nc", ["u", "v"]), ("roms.nc4", ["u", "v"]), ("named.nc", ["ua", "va"])]
    {
        write(
            &path.join(name),
            &[
                Array::new("zeta", &["eta_rho", "xi_rho"], points(1)),
                Array::new(a, &["eta_u", "xi_u"], u.clone()),
                Array::new(b, &["eta_v", "xi_v"], v.clone()),
                Array::new("x_rho", &["eta_rho", "xi_rho"], points(0)),
                Array::new("y_rho", &["eta_rho", "xi_rho"], points(1)),
            ],
        );
        let names = format!("{a},{b}");
        let found = report(path, &["decompose", name, "--datasets", &names, "--staggered"]);
        for part in ["gradient", "solenoidal", "harmonic"] {
            let [a, b] = [&found, &wanted].map(|r| r["energy"][part].as_f64().unwrap());
            assert!((a - b).abs() <= 1e-12 * (1.0 + b.abs()), "{name} {part}: {a} {b}");
        }
        let says = hodge(path, &["decompose", name, "--datasets", &names, "--staggered"]).err;
        assert!(says.contains("12 x 9 cells"), "{says}");
    }
}

/// Three days, in the numbers that each calendar has for them.
#[test]
fn dates_are_taken_in_the_calendar_of_the_file() {
    let folder = folder();
    let path = folder.path();
    // 2001-02-27, 2001-02-28 and 2001-03-01, by Python's cftime.
    for (name, units, calendar, days) in [
        ("a.nc", "days since 2000-01-01", "", [423.0, 424.0, 425.0]),
        ("b.nc4", "hours since 2001-01-01 00:00:00", "noleap", [1368.0, 1392.0, 1416.0]),
        ("c.nc", "days since 2001-01-01", "360_day", [56.0, 57.0, 60.0]),
        ("d.h5", "days since 1900-01-01", "standard", [36947.0, 36948.0, 36949.0]),
    ] {
        let dims = ["time", "y", "x"];
        let values = |c: usize| globe(c).index_axis_move(ndarray::Axis(1), 0);
        let time = Array::new("time", &["time"], Array1::from(days.to_vec())).text("units", units);
        write(
            &path.join(name),
            &[
                Array::new("u", &dims, values(0)),
                Array::new("v", &dims, values(1)),
                if calendar.is_empty() { time } else { time.text("calendar", calendar) },
            ],
        );
        let all = |select: &str| {
            let words = ["decompose", name, "--format", "json", "--select", select];
            let outcome = hodge(path, &words);
            assert_eq!(outcome.code, 0, "{name} {select}: {}", outcome.err);
            json_lines(&outcome.out).iter().map(|line| line["energy"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(all("time=2001-02-28"), all("time=[1:2]"));
        assert_eq!(all("time=2001-02-28:2001-03-01"), all("time=[1:3]"));
        assert_eq!(all("time=2001-02"), all("time=[0:2]"));
        assert_eq!(all("time=2001-03-01:"), all("time=[2:]"));
        refused(
            path,
            &["decompose", name, "--select", "time=2002-01-01"],
            &["2002-01-01 selects nothing"],
        );
        refused(path, &["decompose", name, "--select", "time=2001-02-31"], &["no date"]);
        refused(path, &["decompose", name, "--select", "x=2001-02-01"], &["2001-02-01"]);
    }
}
