//! Masks with fewer or more axes than the field, in files of one array, of types with two names, and over land that is a
//! huge number: against a mask of zeros and ones of the shape of the field.

use crate::folder;
use crate::missing::{SHAPE, component, mask, reference, refused, reports, run, same, with};
use crate::variants::{Array, Kind, made, write};
use hdf5::types::{EnumMember, EnumType, IntSize, TypeDescriptor};
use ndarray::{Array3, Axis, s};
use serde_json::Value;
use std::path::Path;

const LEVELS: usize = 3;

fn space(k: usize) -> Array3<f64> {
    Array3::from_shape_fn((LEVELS, SHAPE.0, SHAPE.1), |(l, j, i)| {
        component(k % 2)[[j, i]] * (1.0 + 0.5 * (l + k) as f64)
    })
}

fn part(name: &str, k: usize) -> Array {
    Array::new(name, &["z", "y", "x"], space(k))
}

/// The same mask in all levels, with all axes.
fn everywhere() -> Array3<f64> {
    Array3::from_shape_fn((LEVELS, SHAPE.0, SHAPE.1), |(_, j, i)| mask()[[j, i]])
}

#[test]
fn a_mask_without_levels_is_that_of_every_level() {
    let folder = folder();
    let path = folder.path();
    let field = [part("u", 0), part("v", 1), part("w", 2)];
    let options = |name| [name, "--datasets", "u,v,w", "--mask", "m"];
    let full = Array::new("m", &["z", "y", "x"], everywhere()).kind(Kind::I8);
    write(&path.join("full.npz"), &[&field[..], &[full]].concat());
    let wanted: Value = reports(path, &options("full.npz")).remove(0);
    assert_eq!(wanted["active_cells"], 216 * LEVELS);
    let turned = mask().reversed_axes().as_standard_layout().to_owned();
    for (name, flat) in [
        ("a.npz", Array::new("m", &["y", "x"], mask())),
        ("b.h5", Array::new("m", &["", ""], mask()).kind(Kind::I8)),
        ("c.nc", Array::new("m", &["y", "x"], mask()).kind(Kind::F32)),
        ("d.nc", Array::new("m", &["x", "y"], turned.clone()).kind(Kind::I16)),
        ("e.nc4", Array::new("m", &["x", "y"], turned.clone())),
        ("h.npz", Array::new("m", &["", "", ""], mask().insert_axis(Axis(0)))),
        ("i.nc", Array::new("m", &["t", "y", "x"], mask().insert_axis(Axis(0))).kind(Kind::I8)),
    ] {
        write(&path.join(name), &[&field[..], &[flat]].concat());
        let found = reports(path, &options(name)).remove(0);
        same(&found, &wanted, name);
        let notes = found["notes"].to_string();
        assert!(notes.contains("mask m has no axis z: the same in every level"), "{notes}");
    }
    // The other way round, and one with levels for a field without.
    for (name, flat) in [
        ("f.npz", Array::new("m", &["x", "y"], turned.clone())),
        ("g.h5", Array::new("m", &["", ""], turned)),
    ] {
        write(&path.join(name), &[&field[..], &[flat]].concat());
        refused(path, &options(name), &["shape [17, 13]", "[3, 13, 17]", "--mask"]);
    }
}

#[test]
fn masks_that_do_not_fit_come_with_the_way_out() {
    let folder = folder();
    let path = folder.path();
    let plane = |name, k| Array::new(name, &["", ""], component(k));
    let field = [plane("u", 0), plane("v", 1)];
    let turned = mask().reversed_axes().as_standard_layout().to_owned();
    for (name, says, flags) in [
        ("a.npz", "mask.T", Array::new("m", &["", ""], turned.clone())),
        ("b.h5", "mask.T", Array::new("m", &["", ""], turned).kind(Kind::I8)),
        ("c.npz", "mask[0]", Array::new("m", &["", "", ""], everywhere())),
        ("d.h5", "mask[0]", Array::new("m", &["", "", ""], everywhere()).kind(Kind::F32)),
    ] {
        write(&path.join(name), &[&field[..], &[flags]].concat());
        refused(path, &[name, "--datasets", "u,v", "--mask", "m"], &[says, "--mask mask.npy"]);
    }
    write(&path.join("e.npz"), &field);
    let wanted = reference(path, &mask());
    ndarray_npy::write_npy(path.join("mask.npy"), &everywhere().slice(s![1, .., ..])).unwrap();
    let found = reports(path, &["e.npz", "--datasets", "u,v", "--mask", "mask.npy"]);
    same(&found[0], &wanted, "as it says");
}

#[test]
fn a_file_of_one_array_is_the_mask_by_its_name() {
    let folder = folder();
    let path = folder.path();
    let wanted = reference(path, &mask());
    let plane = |name: &str, k| Array::new(name, &["y", "x"], component(k));
    write(&path.join("a.npz"), &[plane("u", 0), plane("v", 1)]);
    let of = |name: &str, flags: &str| {
        same(&reports(path, &[name, "--datasets", "u,v", "--mask", flags])[0], &wanted, flags);
    };
    let flags = |name: &str| Array::new(name, &["y", "x"], mask()).kind(Kind::I8);
    let line = |name: &str, n: usize| {
        Array::new(name, &[name], ndarray::Array1::from_iter((0..n).map(|i| i as f64)))
    };
    ndarray_npy::write_npy(path.join("m.npy"), &mask().mapv(|v| v != 0.0)).unwrap();
    write(&path.join("m.npz"), &[flags("land_or_sea")]);
    write(&path.join("m.nc"), &[flags("tmask"), line("x", SHAPE.1), line("y", SHAPE.0)]);
    write(&path.join("m.h5"), &[flags("deep/tmask"), line("other", 5)]);
    let land = Array::new("land", &["y", "x"], 1.0 - mask()).kind(Kind::F32);
    write(&path.join("land.nc"), &[land]);
    std::fs::create_dir(path.join("sub")).unwrap();
    std::fs::copy(path.join("m.npy"), path.join("sub/m.npy")).unwrap();
    for name in ["m.npy", "m.npz", "m.nc", "m.h5", "!land.nc", "land.nc<0.5", "sub/m.npy>0"] {
        of("a.npz", name);
    }
    write(&path.join("two.npz"), &[flags("a"), flags("b")]);
    let arguments = ["a.npz", "--datasets", "u,v", "--mask", "two.npz"];
    refused(path, &arguments, &["one of several arrays", "--mask two.npz:NAME"]);
    of("a.npz", "two.npz:b");
    let arguments = ["a.npz", "--datasets", "u,v", "--mask", "none.npz"];
    refused(path, &arguments, &["no dataset \"none.npz\""]);
}

/// Of two names, stored as HDF5's enumeration; as h5py writes booleans if the names are so.
fn enumerated(path: &Path, names: [&str; 2], size: IntSize, signed: bool) {
    let member =
        |(value, name): (usize, &str)| EnumMember { name: name.into(), value: value as u64 };
    let members = names.into_iter().enumerate().map(member).collect();
    let ty = TypeDescriptor::Enum(EnumType { size, signed, members });
    made(path, |file| {
        for (k, name) in ["u", "v"].into_iter().enumerate() {
            file.new_dataset_builder().with_data(&component(k)).create(name).unwrap();
        }
        let flags = file.new_dataset_builder().empty_as(&ty).shape(SHAPE).create("m").unwrap();
        let (bytes, wide) = (mask().mapv(|v| v as i8), mask().mapv(|v| v as i32));
        let bytes: Vec<i8> = bytes.iter().copied().collect();
        let wide: Vec<i32> = wide.iter().copied().collect();
        let (memory, data): (_, *const std::ffi::c_void) = match size {
            IntSize::U1 => (hdf5::Datatype::from_descriptor(&ty), bytes.as_ptr().cast()),
            _ => (hdf5::Datatype::from_descriptor(&ty), wide.as_ptr().cast()),
        };
        // SAFETY: an open dataset, and as many numbers of its type.
        let done =
            unsafe { hdf5_sys::h5d::H5Dwrite(flags.id(), memory.unwrap().id(), 0, 0, 0, data) };
        assert!(done >= 0);
    });
}

#[test]
fn masks_of_two_names_are_0_and_1() {
    let folder = folder();
    let path = folder.path();
    let wanted = reference(path, &mask());
    for (k, (names, size, signed)) in [
        (["FALSE", "TRUE"], IntSize::U1, true),
        (["False", "True"], IntSize::U1, false),
        (["LAND", "SEA"], IntSize::U4, true),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("{k}.h5");
        enumerated(&path.join(&name), names, size, signed);
        for flags in ["m", "m==1", "m>0"] {
            let found = reports(path, &[&name, "--datasets", "u,v", "--mask", flags]);
            same(&found[0], &wanted, &format!("{names:?} {flags}"));
        }
    }
}

#[test]
fn huge_numbers_under_a_mask_are_no_fill_values_that_are_in_doubt() {
    let folder = folder();
    let path = folder.path();
    let wanted = reference(path, &mask());
    let flags = Array::new("m", &["y", "x"], mask()).kind(Kind::I8);
    for (name, kind, number) in
        [("a.nc", Kind::F32, 1e35), ("b.h5", Kind::F64, -1e300), ("c.nc4", Kind::F32, 2e33)]
    {
        let plane = |name, k| Array::new(name, &["y", "x"], with(&component(k), number)).kind(kind);
        write(&path.join(name), &[plane("u", 0), plane("v", 1), flags.clone()]);
        refused(path, &[name], &["5 values beyond 1e30"]);
        same(&reports(path, &[name, "--mask", "m"])[0], &wanted, name);
        // Where one of them takes part it is refused still.
        let mut wider = mask();
        wider[[9, 0]] = 1.0;
        write(&path.join("wider.npz"), &[Array::new("m", &["y", "x"], wider)]);
        let outcome = run(path, &[name, "--mask", "wider.npz"]);
        assert_eq!(outcome.code, 2, "{name}");
        assert!(outcome.err.contains("has 1 values beyond 1e30"), "{}", outcome.err);
    }
    // On faces, those of cells that take part.
    let faces = |axis: usize| {
        let mut values = component(axis).insert_axis(Axis(0)).index_axis_move(Axis(0), 0);
        let last = values.index_axis(Axis(1 - axis), 0).insert_axis(Axis(1 - axis)).to_owned();
        values.append(Axis(1 - axis), last.view()).unwrap();
        values
    };
    let mut u = faces(0);
    let whole = |u: &ndarray::Array2<f64>| {
        [
            Array::new("u", &["y", "xf"], u.clone()),
            Array::new("v", &["yf", "x"], faces(1)),
            Array::new("m", &["y", "x"], mask()),
        ]
    };
    // Both cells of that face are out.
    u[[3, 5]] = 0.0;
    write(&path.join("wanted.h5"), &whole(&u));
    let options = ["--staggered", "--datasets", "u,v", "--mask", "m"];
    let wanted = reports(path, &[&["wanted.h5"][..], &options].concat()).remove(0);
    u[[3, 5]] = 1e35;
    write(&path.join("faces.h5"), &whole(&u));
    same(&reports(path, &[&["faces.h5"][..], &options].concat())[0], &wanted, "faces");
    u[[3, 3]] = 1e35;
    write(&path.join("refused.h5"), &whole(&u));
    refused(path, &[&["refused.h5"][..], &options].concat(), &["1 values beyond 1e30"]);
}
