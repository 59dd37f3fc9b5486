//! Fields on longitude, latitude and height, through the program.

use crate::sphere::{report, shares, steps};
use crate::{folder, hodge, refused};
use ndarray::{Array1, Array3};
use ndarray_npy::NpzWriter;
use std::fs::File;
use std::path::Path;

/// r ∇z = (0, cos φ, sin φ) and the rotation (cos φ, 0, 0) about the axis, at depths below a sphere.
fn write(path: &Path, level: &str, depths: &Array1<f64>) {
    write_levels(path, level, depths.len(), depths);
}

/// The same on so many levels.
fn write_levels(path: &Path, level: &str, count: usize, depths: &Array1<f64>) {
    let (longitudes, latitudes) = (steps(0.0, 15.0, 24), steps(-82.5, 15.0, 12));
    let mut npz = NpzWriter::new(File::create(path).unwrap());
    for (k, name) in ["u", "v", "w"].into_iter().enumerate() {
        let value = |(_, j, _): (usize, usize, usize)| {
            let (s, c) = latitudes[j].to_radians().sin_cos();
            [c, c, s][k]
        };
        let values = Array3::from_shape_fn((count, 12, 24), value);
        npz.add_array(name, &values).unwrap();
    }
    npz.add_array("lon", &longitudes).unwrap();
    npz.add_array("lat", &latitudes).unwrap();
    npz.add_array(level, depths).unwrap();
    npz.finish().unwrap();
}

/// A constant vector has the energy 1 a volume, the rotation with cos φ two thirds of it.
#[test]
fn a_shell_is_split_as_the_integrals_say_and_read_again_as_it_was() {
    let folder = folder();
    let path = folder.path();
    write(&path.join("shell.npz"), "depth", &steps(50.0, 100.0, 5));
    let (first, notes) = report(
        path,
        &["decompose", "shell.npz", "--radius", "1000", "--boundary", "no-flux", "-o", "out.h5"],
    );
    for words in
        ["minus array `depth`", "thick shell of radius 1000", "y reaches from pole to pole"]
    {
        assert!(notes.contains(words), "{words}: {notes}");
    }
    assert_eq!((&first["metric"], &first["thickness"]), (&"shell".into(), &"thick".into()));
    let [gradient, solenoidal, harmonic] = shares(&first);
    assert!((gradient - 0.6).abs() < 5e-3 && (solenoidal - 0.4).abs() < 5e-3, "{first}");
    assert!(harmonic < 1e-20, "{harmonic}");
    let file = hdf5::File::open(path.join("out.h5")).unwrap();
    let group = file.group("/").unwrap();
    assert_eq!(group.attr("radius").unwrap().read_scalar::<f64>().unwrap(), 1000.0);
    let z = group.dataset("z").unwrap().read_1d::<f64>().unwrap();
    assert_eq!(z.to_vec(), [-450.0, -350.0, -250.0, -150.0, -50.0]);
    group.dataset("potential").unwrap();
    drop((group, file));
    let (again, _) = report(path, &["decompose", "out.h5", "--boundary", "no-flux"]);
    assert_eq!((&again["radius"], shares(&again)), (&1000.0.into(), shares(&first)));
    let thin = ["decompose", "shell.npz", "--radius", "1000", "--thickness", "thin", "-o", "t.h5"];
    let (thin, _) = report(path, &thin);
    assert!(shares(&thin) != shares(&first) && thin["thickness"] == "thin", "{thin}");
    let (again, _) = report(path, &["decompose", "t.h5"]);
    assert_eq!((&again["thickness"], shares(&again)), (&"thin".into(), shares(&thin)));
    let (other, _) =
        report(path, &["decompose", "t.h5", "--radius", "2000", "--thickness", "thick"]);
    assert_eq!((&other["radius"], &other["thickness"]), (&2000.0.into(), &"thick".into()));
    let table = hodge(path, &["decompose", "t.h5"]).out;
    assert!(table.contains("metric thin shell of radius 1000"), "{table}");
}

/// Layers by their edges, which do not follow from the points between them.
#[test]
fn results_of_shells_keep_their_layers_or_are_refused() {
    let folder = folder();
    let path = folder.path();
    let edges = Array1::from(vec![0.0, 10.0, 30.0, 45.0, 100.0]);
    let middles = Array1::from_shape_fn(4, |l| 0.5 * (edges[l] + edges[l + 1]));
    write_levels(&path.join("layers.npz"), "depth", 4, &edges);
    write(&path.join("points.npz"), "depth", &middles);
    let of = |field: &str| {
        report(path, &["decompose", field, "--radius", "500", "-o", "r.h5", "--overwrite"])
    };
    let points = shares(&of("points.npz").0);
    let (first, notes) = of("layers.npz");
    assert!(notes.contains("read as the edges of cells"), "{notes}");
    let (again, notes) = report(path, &["decompose", "r.h5"]);
    let off = |a: [f64; 3], b: [f64; 3]| (0..3).fold(0.0, |m: f64, k| m.max((a[k] - b[k]).abs()));
    let [first, again] = [first, again].map(|report| shares(&report));
    assert!(
        off(first, again) < 1e-12 && off(first, points) > 1e-6,
        "{first:?} {again:?} {points:?}"
    );
    assert!(notes.contains("radius 500 (read from the result file)"), "{notes}");
    let (_, notes) = report(path, &["decompose", "r.h5", "--radius", "600", "--thickness", "thin"]);
    assert!(notes.contains("radius 600 (given; 500 in the file)"), "{notes}");
    assert!(notes.contains("thickness thin (given; thick in the file)"), "{notes}");
    // Two fields in one file have one sphere.
    let both = ["decompose", "layers.npz", "points.npz", "--radius", "500", "-o", "two.h5"];
    assert_eq!(hodge(path, &both).code, 0);
    let file = hdf5::File::open_rw(path.join("two.h5")).unwrap();
    let radius = file.group("fields/points").unwrap().attr("radius").unwrap();
    radius.write_scalar(&7.0).unwrap();
    drop(radius);
    file.close().unwrap();
    refused(path, &["decompose", "two.h5"], &["differ in the radius of the sphere"]);
    report(path, &["decompose", "r.h5", "--metric", "plane", "-o", "p.h5"]);
    refused(path, &["decompose", "p.h5"], &["degrees", "--metric sphere, or --metric plane"]);
}

/// What is on a sphere alone is read with its radius as well.
#[test]
fn results_on_a_sphere_keep_their_radius() {
    let folder = folder();
    let path = folder.path();
    let sample = ["decompose", "analytic:SP1", "--n", "24,12", "-o", "sp1.h5"];
    assert_eq!(hodge(path, &sample).code, 0);
    let (again, notes) = report(path, &["decompose", "sp1.h5"]);
    assert!(again["radius"] == 1.0 && again["thickness"].is_null(), "{notes}");
}

#[test]
fn pictures_of_shells_are_levels_or_sections() {
    let folder = folder();
    let path = folder.path();
    write(&path.join("shell.npz"), "depth", &steps(5.0, 10.0, 5));
    for slice in ["z=-25", "x=90", "y=7.5"] {
        let name = format!("{}.png", &slice[..1]);
        report(path, &["decompose", "shell.npz", "--picture", &name, "--picture-slice", slice]);
        assert!(path.join(name).exists(), "{slice}");
    }
}

#[test]
fn what_is_no_shell_is_refused_with_what_settles_it() {
    let folder = folder();
    let path = folder.path();
    write(&path.join("shell.npz"), "depth", &steps(5.0, 10.0, 5));
    write(&path.join("bare.npz"), "sigma", &steps(0.1, 0.2, 5));
    let bare = ["--datasets U,V", "--metric plane", "array `sigma` is a length"];
    refused(path, &["decompose", "bare.npz"], &bare);
    let placed = ["decompose", "bare.npz", "--metric", "sphere", "--spacing", "15,15,10"];
    let placed = [&placed[..], &["--origin", "0,-82.5,-45"]].concat();
    assert_eq!(
        shares(&report(path, &placed).0),
        shares(&report(path, &["decompose", "shell.npz"]).0)
    );
    let each = hodge(path, &["decompose", "bare.npz", "--datasets", "u,v", "--axes", "t,y,x"]);
    assert!(each.code == 0 && each.out.lines().count() > 5, "{}", each.err);
    let plane = hodge(path, &["decompose", "bare.npz", "--metric", "plane"]);
    assert!(plane.code == 0 && plane.out.contains("wrong by 30"), "{}", plane.err);
    refused(path, &["decompose", "shell.npz", "--periodic", "x,z"], &["height", "--periodic x"]);
    refused(path, &["decompose", "shell.npz", "--spectra"], &["--spectra"]);
    refused(path, &["decompose", "shell.npz", "--potentials"], &["no vector potential"]);
    let flat = ["decompose", "shell.npz", "--metric", "plane", "--thickness", "thin"];
    refused(path, &flat, &["leave --thickness out"]);
    let case = ["decompose", "analytic:SP5", "--thickness", "thin"];
    refused(path, &case, &["--thickness is for files"]);
    refused(path, &["decompose", "shell.npz", "--radius", "30"], &["above the centre"]);
    let matrices = hodge(path, &["operators", "shell.npz", "-o", "m.npz"]);
    assert!(matrices.code == 2 && matrices.err.contains("pole"), "{}", matrices.err);
}
