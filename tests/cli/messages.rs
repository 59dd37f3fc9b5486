//! Messages name the option that helps as it is typed, and the name that was probably meant.

use super::variants::{self, Array};
use super::*;
use ndarray::Array4;

/// Advice that only a caller of the library can follow.
const FOR_CALLERS: [&str; 8] = [
    "allow missing",
    "or give a mask",
    "name the datasets",
    "name its axes",
    "give a spacing",
    "give the spacing",
    "say that it is",
    "take a plane",
];

fn files_of_all_kinds(path: &Path) {
    let at =
        |k: usize, ny: usize, nx: usize| smooth(ny, nx).index_axis(ndarray::Axis(0), k).to_owned();
    let pair = |name: &str, a: (usize, usize), b: (usize, usize), more: &[(&str, Array2<f64>)]| {
        let mut arrays = vec![("u", at(0, a.0, a.1)), ("v", at(1, b.0, b.1))];
        arrays.extend(more.iter().cloned());
        write_npz(&path.join(name), &arrays);
    };
    pair("plain.npz", (8, 9), (8, 9), &[("few", Array2::ones((3, 4)))]);
    pair("faces.npz", (8, 10), (9, 9), &[]);
    pair("sizes.npz", (8, 9), (5, 4), &[]);
    let mut holes = smooth(8, 9);
    holes[[0, 2, 3]] = f64::NAN;
    write_npy(path.join("holes.npy"), &holes).unwrap();
    write_npy(path.join("either.npy"), &Array4::<f64>::ones((3, 2, 5, 7))).unwrap();
    write_npy(path.join("last.npy"), &Array3::<f64>::ones((8, 9, 2))).unwrap();
    let scale = |n: usize, f: &dyn Fn(f64) -> f64| {
        (0..n).map(|i| f(i as f64)).collect::<ndarray::Array1<f64>>()
    };
    let with = |name: &str, axes: [(&str, ndarray::Array1<f64>); 2]| {
        let mut npz = NpzWriter::new(std::fs::File::create(path.join(name)).unwrap());
        axes.iter().for_each(|(name, values)| npz.add_array(*name, values).unwrap());
        npz.add_array("u", &at(0, 8, 9)).unwrap();
        npz.add_array("v", &at(1, 8, 9)).unwrap();
        npz.finish().unwrap();
    };
    with("back.npz", [("x", scale(9, &|i| (i - 3.0).abs())), ("y", scale(8, &|i| i))]);
    with("long.npz", [("x", scale(12, &|i| i)), ("y", scale(8, &|i| i))]);
    with("uneven.npz", [("x", scale(9, &|i| i * i)), ("y", scale(8, &|i| i))]);
    with(
        "globe.npz",
        [("lon", scale(9, &|i| 20.0 + 2.0 * i)), ("lat", scale(8, &|i| 30.0 + 2.0 * i))],
    );
    let along = |name: &str, n, units| {
        Array::new(name, &[name], scale(n, &|i| 20.0 + i)).text("units", units)
    };
    let component = |name: &str, k| Array::new(name, &["y", "x"], at(k, 8, 9));
    let axes = [along("x", 9, "degrees_east"), along("y", 8, "km")];
    let all: Vec<Array> = axes.into_iter().chain([component("u", 0), component("v", 1)]).collect();
    variants::write(&path.join("angles.nc"), &all);
    with("nearly.npz", [("lon", scale(9, &|i| 43.0 * i)), ("lat", scale(8, &|i| 4.0 * i))]);
}

/// Fails if an error tells a user what only a program can do, or does not name the option that helps.
#[test]
fn errors_of_files_name_options_as_they_are_typed() {
    let folder = folder();
    let path = folder.path();
    files_of_all_kinds(path);
    for (arguments, says) in [
        ("plain.npz --datasets u,q", "hodge info plain.npz"),
        ("plain.npz --datasets U,V", "the nearest name is u"),
        ("plain.npz --datasets u,v,u,v", "--datasets U,V,W"),
        ("plain.npz --mask few", "--mask DATASET"),
        ("plain.npz --origin 1,2,3", "--origin"),
        ("plain.npz --axes y,z", "--axes"),
        ("faces.npz", "--staggered --datasets u,v"),
        ("faces.npz --datasets u,v", "--staggered --datasets u,v"),
        ("faces.npz --datasets v,u", "--staggered --datasets u,v"),
        ("faces.npz --datasets u --staggered", "--datasets U,V"),
        ("plain.npz --datasets u,v --staggered", "--periodic"),
        ("sizes.npz", "hodge info sizes.npz"),
        ("holes.npy", "--mask nan leaves those cells out"),
        ("either.npy", "--axes c,z,y,x or --axes t,c,y,x"),
        ("last.npy", "--axes y,x,c"),
        ("back.npz", "--spacing DX,DY"),
        ("long.npz", "--spacing DX,DY"),
        ("uneven.npz --origin 0", "leave --origin out"),
        ("uneven.npz --periodic x", "leave --periodic out"),
        ("globe.npz --spacing 1000", "leave --spacing and --origin out"),
        ("angles.nc", "--metric plane"),
        ("nearly.npz", "--periodic x if it goes round, --periodic none"),
    ] {
        let words: Vec<&str> = std::iter::once("decompose").chain(arguments.split(' ')).collect();
        let outcome = hodge(path, &words);
        assert_eq!(outcome.code, 2, "{arguments}: {}", outcome.err);
        let error = outcome.err.lines().find(|line| line.starts_with("error: ")).unwrap();
        assert!(error.contains(says), "{arguments} says {says:?}: {error}");
        let error = error.to_lowercase();
        for advice in FOR_CALLERS {
            assert!(!error.contains(advice), "{arguments}: {advice}: {error}");
        }
    }
}

#[test]
fn misspelt_names_have_a_nearest_one() {
    let folder = folder();
    let path = folder.path();
    files_of_all_kinds(path);
    for (arguments, says) in [
        ("decompose b4", "analytic:B4"),
        ("decompose Sp1", "analytic:SP1"),
        ("decompose analytic:B44", "the nearest is analytic:B4"),
        ("decompose plane.npz", "the nearest name there is plain.npz"),
        ("info ./plain.nqz", "./plain.npz"),
        ("decompose plain.npz --datasets uu,v", "the nearest name is u"),
        ("decompose plain.npz --datasets u,v --mask fex", "the nearest name is few"),
        ("decompose analytic:B4 --backend choleski", "'cholesky'"),
        ("decompose analytic:B4 --boundary noflux", "'no-flux'"),
        ("decompose plain.npz --metric spere", "'sphere'"),
        ("decompos plain.npz", "'decompose'"),
        ("validate --case SP11", "the nearest is SP1"),
    ] {
        let outcome = hodge(path, &arguments.split(' ').collect::<Vec<_>>());
        assert_eq!(outcome.code, 2, "{arguments}");
        assert!(outcome.err.contains(says), "{arguments} says {says:?}: {}", outcome.err);
    }
    let far = hodge(path, &["decompose", "nowhere.dat"]);
    assert!(far.code == 2 && !far.err.contains("nearest"), "{}", far.err);
}

/// Fails where a negative number is taken for an option.
#[test]
fn numbers_out_of_range_are_refused_in_words() {
    let folder = folder();
    let path = folder.path();
    files_of_all_kinds(path);
    let train = "train plain.npz -o w.safetensors";
    for (arguments, says) in [
        ("decompose plain.npz --spacing -1", "must be a positive number"),
        ("decompose plain.npz --spacing -1,2", "runs downwards"),
        ("decompose plain.npz --spacing 1,0", "must be a positive number"),
        ("decompose plain.npz --spacing inf", "must be a positive number"),
        ("decompose globe.npz --radius -3", "must be a positive number"),
        ("decompose analytic:B4 --n -4", "at least 1"),
        ("decompose analytic:B4 --n 0", "at least 1"),
        ("decompose plain.npz --deflate -1", "1..=9"),
        ("decompose plain.npz --threads -2", "at least 1"),
        ("demo --n -2", "at least 1"),
        (&format!("{train} --epochs -3"), "must not be negative"),
        (&format!("{train} --batch 0"), "at least 1"),
        (&format!("{train} --units -3,2"), "at least 1"),
    ] {
        let outcome = hodge(path, &arguments.split(' ').collect::<Vec<_>>());
        assert_eq!(outcome.code, 2, "{arguments}");
        assert!(outcome.err.contains(says), "{arguments} says {says:?}: {}", outcome.err);
        assert!(!outcome.err.contains("unexpected argument"), "{arguments}: {}", outcome.err);
    }
    let origin = hodge(path, &["decompose", "plain.npz", "--datasets", "u,v", "--origin", "-1,-2"]);
    assert_eq!(origin.code, 0, "{}", origin.err);
}
