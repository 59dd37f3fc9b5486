//! Cells that take part or are walls, in the ways that owners of files say it, against a mask of zeros and ones in an
//! `.npz` file.

use crate::folder;
use crate::missing::{
    SHAPE, component, is_out, mask, reference, refused, reports, run, same, with,
};
use crate::variants::{Array, Kind, write};
use ndarray::{Array2, Array3, Array4, Axis, s};
use serde_json::Value;

/// Codes, fractions and inverses, each refused as they are with the condition that mends it.
#[test]
fn masks_are_0_and_1_or_have_a_condition() {
    let folder = folder();
    let path = folder.path();
    let wanted = reference(path, &mask());
    let field = |dims: &[&str; 2]| -> Vec<Array> {
        let part = |name, k| Array::new(name, dims, with(&component(k), 0.0));
        vec![part("u", 0), part("v", 1)]
    };
    let codes = |i: usize| if i.is_multiple_of(2) { -1.0 } else { -3.0 };
    let chc = Array2::from_shape_fn(SHAPE, |(j, i)| if is_out((j, i)) { codes(i) } else { 1.0 });
    let dust = with(&(0.5 + 0.4 * mask()), 3.8e-18);
    let per_mille = (&dust * 1000.0).mapv(f64::round);
    let land = 1.0 - mask();
    for (name, array, condition, says) in [
        ("a.npz", Array::new("chc", &["y", "x"], chc.clone()).kind(Kind::I32), "chc>0", "chc>0"),
        ("b.nc", Array::new("CHC", &["y", "x"], chc.clone()).kind(Kind::I8), "CHC >= 1", "CHC>0"),
        (
            "c.h5",
            Array::new("piv/chc", &["y", "x"], chc.clone()).kind(Kind::F32),
            "piv/chc==1",
            "chc==1",
        ),
        ("d.npz", Array::new("mask", &["y", "x"], dust.clone()), "mask>0.5", "mask>0.5"),
        (
            "e.h5",
            Array::new("fluid", &["y", "x"], dust.clone()).kind(Kind::F32),
            "fluid>1e-9",
            "fluid>0.5",
        ),
        (
            "f.nc",
            Array::new("part", &["y", "x"], per_mille)
                .kind(Kind::I16)
                .numbers("scale_factor", &[1e-3]),
            "part!=0",
            "part>0.5",
        ),
        ("g.nc", Array::new("lsm", &["y", "x"], land.clone()).kind(Kind::I8), "!lsm", "\"!lsm\""),
        (
            "h.h5",
            Array::new("land", &["y", "x"], land.clone()).kind(Kind::F32),
            "!land",
            "\"!land\"",
        ),
        ("i.npz", Array::new("wall", &["y", "x"], land), "wall<0.5", "\"!wall\""),
    ] {
        let bare = array.name.clone();
        write(&path.join(name), &[field(&["y", "x"]), vec![array]].concat());
        let start = [name, "--datasets", "u,v", "--mask"];
        refused(path, &[&start[..], &[bare.as_str()]].concat(), &["--mask", says]);
        let arguments = [&start[..], &[condition]].concat();
        same(&reports(path, &arguments)[0], &wanted, name);
        let table = run(path, &arguments);
        assert!(table.out.contains("216 of 221 cells take part"), "{}", table.out);
    }
    for wrong in ["chc>", "chc=1", "!chc>0", "chc>nan"] {
        refused(path, &["a.npz", "--datasets", "u,v", "--mask", wrong], &["is no condition"]);
    }
    refused(path, &["a.npz", "--datasets", "u,v", "--mask", "chc>-9"], &["masks nothing"]);
    let other = ["a.npz", "--datasets", "u,v", "--mask", "no>0"];
    refused(path, &other, &["has no dataset \"no\""]);
}

/// Cells with one number in every component are land, also where packing rounds the number, and not where only one
/// component has it.
#[test]
fn land_is_where_every_component_is_its_number() {
    let folder = folder();
    let path = folder.path();
    let wanted = reference(path, &mask());
    // 3 · 0.1 − 0.3 is no zero in floating point.
    let tenths = |k: usize| (component(k) * 64.0).mapv(|v| if v == 3.0 { 4.0 } else { v });
    let packed = |name, k| {
        let array = Array::new(name, &["y", "x"], with(&tenths(k), 3.0)).kind(Kind::I16);
        array.numbers("scale_factor", &[0.1]).numbers("add_offset", &[-0.3])
    };
    let unpacked =
        |name, k| Array::new(name, &["y", "x"], (with(&tenths(k), 3.0) * 0.1 - 0.3) * mask());
    let flags = Array::new("mask", &["y", "x"], mask());
    write(&path.join("unpacked.npz"), &[unpacked("u", 0), unpacked("v", 1), flags]);
    let of_packed = ["unpacked.npz", "--datasets", "u,v", "--mask", "mask"];
    let of_packed = reports(path, &of_packed).remove(0);
    write(&path.join("a.nc"), &[packed("u", 0), packed("v", 1)]);
    for (name, kind, number, land, wanted) in [
        ("a.nc", Kind::I16, 0.0, "0", &of_packed),
        ("b.h5", Kind::F32, -999.9, "-999.9", &wanted),
        ("c.npz", Kind::F64, 0.0, "0", &wanted),
        ("d.nc", Kind::F64, 1e20, "1e20", &wanted),
    ] {
        if kind != Kind::I16 {
            let part = |name, k| {
                let mut values = with(&component(k), number);
                // Still in one component only is no land.
                if k == 1 && number == 0.0 {
                    values[[6, 6]] = 0.0;
                }
                Array::new(name, &["y", "x"], values).kind(kind)
            };
            write(&path.join(name), &[part("u", 0), part("v", 1)]);
        }
        let found = reports(path, &[name, "--land", land, "--datasets", "u,v"]).remove(0);
        assert_eq!(found["active_cells"], 216, "{name}");
        if number != 0.0 || kind == Kind::I16 {
            same(&found, wanted, name);
        }
        let notes = found["notes"].to_string();
        assert!(notes.contains("5 cells, where every component is"), "{notes}");
        refused(path, &[name, "--land", "77", "--datasets", "u,v"], &["in no cell", "--land"]);
    }
    refused(path, &["c.npz", "--datasets", "u,v", "--mask", "nan"], &["masks nothing"]);
}

/// Masks of more axes than the field, in another order, in other files, turned, and one for each sample.
#[test]
fn masks_of_other_shapes_and_files_are_laid_over_the_field() {
    let folder = folder();
    let path = folder.path();
    let wanted = reference(path, &mask());
    let scale =
        |name: &str, values: Vec<f64>| Array::new(name, &[name], ndarray::Array1::from(values));
    let up = |n: usize| (0..n).map(|i| 3.0 + i as f64).collect::<Vec<f64>>();
    let (x, y) = (scale("x", up(SHAPE.1)), scale("y", up(SHAPE.0)));
    let down = scale("y", up(SHAPE.0).into_iter().rev().collect());
    let part = |name, k| Array::new(name, &["y", "x"], component(k));
    let more = mask().insert_axis(Axis(0)).insert_axis(Axis(0));
    let turned = mask().reversed_axes().as_standard_layout().to_owned();
    let upside_down = mask().slice(s![..;-1, ..]).to_owned();
    let inner = |name: &str, array: Array, scales: &[Array]| {
        write(
            &path.join(name),
            &[vec![part("u", 0), part("v", 1), array], scales.to_vec()].concat(),
        );
        name.to_string()
    };
    let both = [x.clone(), y.clone()];
    let files = [
        inner(
            "a.nc",
            Array::new("tmask", &["t", "z", "y", "x"], more.clone()).kind(Kind::I8),
            &both,
        ),
        inner("b.npz", Array::new("tmask", &["t", "z", "y", "x"], more.clone()), &[]),
        inner("c.nc", Array::new("tmask", &["x", "y"], turned.clone()).kind(Kind::F32), &both),
        inner("d.h5", Array::new("tmask", &["x", "y"], turned).kind(Kind::I16), &both),
    ];
    for name in &files {
        let found = reports(path, &[name, "--datasets", "u,v", "--mask", "tmask"]);
        same(&found[0], &wanted, name);
    }
    std::fs::create_dir(path.join("sub")).unwrap();
    let tmask = |values: Array2<f64>| Array::new("tmask", &["y", "x"], values).kind(Kind::I8);
    write(&path.join("mesh_mask.nc"), &[tmask(mask()), x.clone(), y.clone()]);
    write(&path.join("sub/turned.nc"), &[tmask(upside_down.clone()), x.clone(), down.clone()]);
    write(&path.join("plain.npz"), &[Array::new("tmask", &["y", "x"], mask())]);
    for other in
        ["mesh_mask.nc:tmask", "mesh_mask.nc::tmask", "sub/turned.nc:tmask", "plain.npz:tmask>0.5"]
    {
        same(&reports(path, &["a.nc", "--datasets", "u,v", "--mask", other])[0], &wanted, other);
    }
    let shifted = scale("y", up(SHAPE.0).iter().map(|y| y + 1.0).collect());
    write(&path.join("shifted.nc"), &[tmask(mask()), x, shifted]);
    let arguments = ["a.nc", "--datasets", "u,v", "--mask", "shifted.nc:tmask"];
    refused(path, &arguments, &["shifted.nc:tmask", "axis y"]);
    refused(path, &["a.nc", "--datasets", "u,v", "--mask", "none.nc:tmask"], &["none.nc:tmask"]);
    let long = Array3::from_elem((4, SHAPE.0, SHAPE.1), 1.0);
    write(&path.join("long.npz"), &[Array::new("tmask", &["t", "y", "x"], long)]);
    let arguments = ["a.nc", "--datasets", "u,v", "--mask", "long.npz:tmask"];
    refused(path, &arguments, &["[4, 13, 17]", "not those of the series"]);
}

/// A mask that changes along time or level leaves out other cells in every field, and one without that axis the same.
#[test]
fn a_mask_along_the_series_is_that_of_each_field() {
    let folder = folder();
    let path = folder.path();
    let masks: Vec<Array2<f64>> = (0..3)
        .map(|t| {
            Array2::from_shape_fn(SHAPE, |(j, i)| f64::from(u8::from((j, i) != (5, 4 + 2 * t))))
        })
        .collect();
    let wanted: Vec<Value> = masks.iter().map(|mask| reference(path, mask)).collect();
    let along = Array3::from_shape_fn((3, SHAPE.0, SHAPE.1), |(t, j, i)| masks[t][[j, i]]);
    let series =
        |k: usize| Array3::from_shape_fn((3, SHAPE.0, SHAPE.1), |(_, j, i)| component(k)[[j, i]]);
    let dims = ["time", "y", "x"];
    let three = |name, k| Array::new(name, &dims, series(k));
    let levels =
        |name, k| Array::new(name, &["time", "depth", "y", "x"], series(k).insert_axis(Axis(0)));
    let last = along.clone().permuted_axes([1, 2, 0]).as_standard_layout().to_owned();
    let wide: Array4<f64> = along.clone().insert_axis(Axis(0));
    for (name, arrays) in [
        ("a.npz", vec![three("u", 0), three("v", 1), Array::new("m", &dims, along.clone())]),
        (
            "b.nc",
            vec![
                levels("u", 0),
                levels("v", 1),
                Array::new("m", &["depth", "y", "x"], along.clone()).kind(Kind::I8),
            ],
        ),
        (
            "c.h5",
            vec![
                three("u", 0),
                three("v", 1),
                Array::new("m", &["y", "x", "time"], last).kind(Kind::F32),
            ],
        ),
        (
            "d.nc",
            vec![
                three("u", 0),
                three("v", 1),
                Array::new("m", &["level", "time", "y", "x"], wide).kind(Kind::I16),
            ],
        ),
    ] {
        write(&path.join(name), &arrays);
        let found = reports(path, &[name, "--datasets", "u,v", "--mask", "m"]);
        assert_eq!(found.len(), 3, "{name}");
        found.iter().zip(&wanted).for_each(|(found, wanted)| same(found, wanted, name));
        let table = run(path, &[name, "--datasets", "u,v", "--mask", "m"]);
        assert!(
            table.out.contains("220 of 221 cells take part (in 3 of 3 fields)"),
            "{}",
            table.out
        );
    }
}

/// What is selected of a field is selected of its mask: a window, in a file that runs the other way too, times, and
/// longitudes in another turn.
#[test]
fn masks_are_selected_with_the_field() {
    let folder = folder();
    let path = folder.path();
    let scale =
        |name: &str, values: Vec<f64>| Array::new(name, &[name], ndarray::Array1::from(values));
    let up = |n: usize| (0..n).map(|i| 3.0 + i as f64).collect::<Vec<f64>>();
    let (x, y) = (scale("x", up(SHAPE.1)), scale("y", up(SHAPE.0)));
    let part = |name, k| Array::new(name, &["y", "x"], component(k));
    let flags = |values| Array::new("tmask", &["y", "x"], values).kind(Kind::I8);
    write(&path.join("a.nc"), &[part("u", 0), part("v", 1), flags(mask()), x.clone(), y]);
    let down = scale("y", up(SHAPE.0).into_iter().rev().collect());
    let turned = mask().slice(s![..;-1, ..]).to_owned();
    write(&path.join("turned.nc"), &[flags(turned), x, down]);
    let cut = |values: Array2<f64>, rows: &[usize], columns: &[usize]| {
        values.select(Axis(0), rows).select(Axis(1), columns)
    };
    let wanted = |rows: &[usize], columns: &[usize]| {
        let part =
            |name, k| Array::new(name, &["y", "x"], cut(component(k) * mask(), rows, columns));
        let arrays = [
            part("u", 0),
            part("v", 1),
            Array::new("mask", &["y", "x"], cut(mask(), rows, columns)),
        ];
        write(&path.join("cut.npz"), &arrays);
        reports(path, &["cut.npz", "--datasets", "u,v", "--mask", "mask"]).remove(0)
    };
    let found = |name: &str, mask: &str, select: &str| {
        let options =
            ["--datasets", "u,v", "--mask", mask, "--select", select, "--metric", "plane"];
        reports(path, &[&[name][..], &options].concat()).remove(0)
    };
    let window = wanted(&[2, 3, 4, 5, 6, 7, 8], &[2, 3, 4, 5, 6, 7, 8]);
    for other in ["tmask", "turned.nc:tmask"] {
        same(&found("a.nc", other, "x=5:11,y=5:11"), &window, other);
    }
    let lon = scale("lon", (0..SHAPE.1).map(|i| 20.0 * i as f64).collect());
    let lat = scale("lat", (0..SHAPE.0).map(|j| 5.0 * j as f64 - 30.0).collect());
    let part = |name, k| Array::new(name, &["lat", "lon"], component(k));
    let flags = Array::new("wet", &["lat", "lon"], mask()).kind(Kind::F32);
    let degrees = |array: Array, units: &str| array.text("units", units);
    let arrays = [
        part("u", 0),
        part("v", 1),
        flags,
        degrees(lon, "degrees_east"),
        degrees(lat, "degrees_north"),
    ];
    write(&path.join("b.nc"), &arrays);
    let rows: Vec<usize> = (0..SHAPE.0).collect();
    let columns: Vec<usize> = (13..17).chain(0..9).collect();
    let turned = found("b.nc", "wet", "lon=-100:160");
    assert_eq!(turned["cells"], serde_json::json!([13, 13]));
    assert_eq!(turned["active_cells"], wanted(&rows, &columns)["active_cells"]);
    let series = |name, k: usize| {
        let values = Array3::from_shape_fn((3, SHAPE.0, SHAPE.1), |(_, j, i)| component(k)[[j, i]]);
        Array::new(name, &["time", "y", "x"], values)
    };
    let last =
        Array3::from_shape_fn(
            (3, SHAPE.0, SHAPE.1),
            |(t, j, i)| {
                if t == 2 { mask()[[j, i]] } else { 1.0 }
            },
        );
    let flags = Array::new("wet", &["time", "y", "x"], last).kind(Kind::I8);
    write(&path.join("c.nc"), &[series("u", 0), series("v", 1), flags]);
    same(&found("c.nc", "wet", "time=[2]"), &reference(path, &mask()), "time");
}
