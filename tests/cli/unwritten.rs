//! Numbers that were never written, and packing as files have it against the letter of the conventions, against a mask of
//! zeros and ones in an `.npz` file.

use crate::folder;
use crate::missing::{
    SHAPE, component, is_out, mask, reference, refused, reports, run, same, with,
};
use crate::variants::{Array, Kind, made, write};
use ndarray::{Array2, s};
use std::path::Path;

/// Chunks of three rows, of which the last two are never written.
const ROWS: usize = 9;

fn written_part(path: &Path, (kind, fill, deflate): (Kind, f64, bool), rows: usize) {
    made(path, |file| {
        for (k, name) in ["u", "v"].into_iter().enumerate() {
            let builder = file.new_dataset_builder();
            let builder = if deflate { builder.deflate(4) } else { builder };
            let builder = builder.chunk((3, SHAPE.1));
            let values = component(k);
            let part = values.slice(s![..rows, ..]);
            match kind {
                Kind::F32 => {
                    let data =
                        builder.empty::<f32>().fill_value(fill as f32).shape(SHAPE).create(name);
                    data.unwrap().write_slice(&part.mapv(|v| v as f32), (..rows, ..)).unwrap();
                }
                Kind::I16 => {
                    let data =
                        builder.empty::<i16>().fill_value(fill as i16).shape(SHAPE).create(name);
                    let data = data.unwrap();
                    data.new_attr::<f64>()
                        .create("scale_factor")
                        .unwrap()
                        .write_scalar(&(1.0 / 64.0))
                        .unwrap();
                    data.write_slice(&part.mapv(|v| (64.0 * v) as i16), (..rows, ..)).unwrap();
                }
                _ => {
                    let data = builder.empty::<f64>().fill_value(fill).shape(SHAPE).create(name);
                    data.unwrap().write_slice(&part, (..rows, ..)).unwrap();
                }
            }
        }
    });
}

#[test]
fn chunks_that_were_never_written_are_missing() {
    let folder = folder();
    let path = folder.path();
    let written = Array2::from_shape_fn(SHAPE, |(j, _)| f64::from(u8::from(j < ROWS)));
    let wanted = reference(path, &written);
    for (name, kind, fill, deflate) in [
        ("a.h5", Kind::F64, -999.0, false),
        ("b.h5", Kind::F32, -999.9, true),
        ("c.h5", Kind::I16, -32768.0, true),
        ("d.h5", Kind::F64, f64::NAN, false),
    ] {
        written_part(&path.join(name), (kind, fill, deflate), ROWS);
        same(&reports(path, &[name, "--mask", "nan"])[0], &wanted, name);
        refused(path, &[name], &["component x has 68 of 221", "--mask nan"]);
    }
    // Of whole numbers all of which were written any may be that of the file.
    let any = 64.0 * component(0)[[2, 2]];
    written_part(&path.join("whole.h5"), (Kind::I16, any, true), SHAPE.0);
    assert_eq!(reports(path, &["whole.h5"])[0]["active_cells"], 221);
    // Contiguous storage has the fill value in all that was not written.
    made(&path.join("flat.h5"), |file| {
        for (k, name) in ["u", "v"].into_iter().enumerate() {
            let builder = file.new_dataset_builder().empty::<f64>().fill_value(-999.0);
            let data = builder.shape(SHAPE).create(name).unwrap();
            data.write_slice(&component(k).slice(s![..ROWS, ..]), (..ROWS, ..)).unwrap();
        }
    });
    same(&reports(path, &["flat.h5", "--mask", "nan"])[0], &wanted, "flat.h5");
    refused(path, &["flat.h5"], &["component x has 68 of 221"]);
    for chunked in [false, true] {
        made(&path.join("never.h5"), |file| {
            file.new_dataset_builder().with_data(&component(0)).create("u").unwrap();
            let builder = file.new_dataset_builder();
            let builder = if chunked { builder.chunk((3, 5)) } else { builder };
            builder.empty::<f64>().shape(SHAPE).create("v").unwrap();
        });
        for options in [&[][..], &["--mask", "nan"]] {
            let arguments = [&["never.h5"][..], options].concat();
            refused(path, &arguments, &["every value of \"v\" is missing", "never written"]);
        }
    }
}

/// Both components as whole numbers of a scale and an offset, with a number where they are out.
fn packed(
    path: &Path,
    kind: Kind,
    [scale, offset]: [f64; 2],
    out: f64,
    more: &dyn Fn(Array) -> Array,
) {
    let part = |name: &str, k| {
        let stored = component(k).mapv(|v| ((v - offset) / scale).round());
        let array = Array::new(name, &["y", "x"], with(&stored, out)).kind(kind);
        more(array.numbers("scale_factor", &[scale]).numbers("add_offset", &[offset]))
    };
    write(path, &[part("u", 0), part("v", 1)]);
}

#[test]
fn fill_values_in_the_units_of_the_values_are_found() {
    let folder = folder();
    let path = folder.path();
    let wanted = reference(path, &mask());
    let packing = [1.0 / 64.0, 8.0];
    // -2000 as it is stored is -23.25.
    for (name, stored, attribute, said) in [
        ("a.nc", -2000.0, "missing_value", -23.25),
        ("b.h5", -2000.0, "_FillValue", -23.25),
        ("c.nc4", -2000.0, "missing_value", -2000.0),
        ("d.nc", 31000.0, "missing_value", 492.375),
    ] {
        let more = |array: Array| array.double(attribute, said);
        packed(&path.join(name), Kind::I16, packing, stored, &more);
        same(&reports(path, &[name, "--mask", "nan"])[0], &wanted, name);
        refused(path, &[name], &["component x has 5 of 221"]);
    }
}

#[test]
fn signed_numbers_that_are_declared_unsigned_are_read_so() {
    let folder = folder();
    let path = folder.path();
    let signed = |number: f64, all: f64| if number >= 0.5 * all { number - all } else { number };
    for (name, kind, all, scale) in [
        ("a.nc", Kind::I8, 256.0, 1.0 / 8.0),
        ("b.nc", Kind::I16, 65536.0, 1.0 / 4096.0),
        ("c.h5", Kind::I8, 256.0, 1.0 / 8.0),
        ("d.nc4", Kind::I16, 65536.0, 1.0 / 4096.0),
    ] {
        // From 0 to all - 2, so that half of them are negative as they are stored.
        let stored =
            |k: usize| component(k).mapv(|v| ((v + 8.0) / scale).clamp(0.0, all - 2.0).round());
        let part = |name: &str, k: usize| {
            let stored = with(&stored(k), all - 1.0).mapv(|v| signed(v, all));
            let array = Array::new(name, &["y", "x"], stored).kind(kind).text("_Unsigned", "true");
            let array = array.numbers("scale_factor", &[scale]).numbers("add_offset", &[-8.0]);
            array.numbers("_FillValue", &[-1.0])
        };
        write(&path.join(name), &[part("u", 0), part("v", 1)]);
        let plain = |name: &str, k: usize| {
            Array::new(name, &["y", "x"], (stored(k) * scale - 8.0) * mask())
        };
        let flags = Array::new("m", &["y", "x"], mask());
        write(&path.join("plain.npz"), &[plain("u", 0), plain("v", 1), flags]);
        let wanted = reports(path, &["plain.npz", "--datasets", "u,v", "--mask", "m"]).remove(0);
        same(&reports(path, &[name, "--mask", "nan"])[0], &wanted, name);
        refused(path, &[name], &["component x has 5 of 221"]);
    }
}

#[test]
fn land_of_0_is_met_within_the_rounding_of_the_packing() {
    let folder = folder();
    let path = folder.path();
    for (name, scale, offset) in [
        ("a.nc", f64::from(0.001f32), f64::from(-12.767f32)),
        ("b.h5", f64::from(0.0007f32), f64::from(8.4f32)),
        ("c.nc4", f64::from(0.001f32), f64::from(20.1f32)),
    ] {
        let zero = (-offset / scale).round();
        assert!((zero * scale + offset).abs() > 1e-6 * scale, "{name}: rounding has no effect");
        packed(&path.join(name), Kind::I16, [scale, offset], zero, &|array| array);
        let outcome = run(path, &[name, "--land", "0"]);
        assert!(
            outcome.out.contains("216 of 221 cells take part"),
            "{name} {} {}",
            outcome.out,
            outcome.err
        );
        // The next number is no 0.
        packed(&path.join("next.nc"), Kind::I16, [scale, offset], zero + 1.0, &|array| array);
        refused(path, &["next.nc", "--land", "0"], &["in no cell"]);
    }
    assert!(is_out((0, 16)));
}
