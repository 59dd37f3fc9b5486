//! Points read from text, IDX and `.npy` files.

use crate::commands::json;
use hodge::autoencoder::conservativeness::measure;
use hodge::autoencoder::{Network, PointSet};
use std::path::Path;
use tempfile::TempDir;

#[test]
fn point_files_are_read_and_errors_name_the_line() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("points.csv");
    let write = |text: &str| std::fs::write(&path, text).unwrap();
    write("x,y\n1, 2\n-3e-1,4\n");
    assert_eq!(PointSet::read(&path).unwrap().values(), [1.0, 2.0, -0.3, 4.0]);
    for text in ["x y\n1 2\n -3e-1\t4\n", "# a b\n1;2\n-0.3; 4\n", " 1.0e0  2\r\n-.3 4"] {
        write(text);
        assert_eq!(PointSet::read(&path).unwrap().values(), [1.0, 2.0, -0.3, 4.0], "{text}");
    }
    for (text, expected) in [
        ("x,y\n1,2\n3\n", "offset 3"),
        ("x,y\n1,2\n3,oops\n", "oops"),
        ("x,y\n1,NaN\n", "column 2 is NaN"),
        ("x,y\n", "no points"),
        // A slip in the first line is no header.
        ("1,2x\n3,4\n", "2x"),
    ] {
        write(text);
        let message = PointSet::read(&path).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
    let images = folder.path().join("images-idx3-ubyte");
    let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 102];
    std::fs::write(&images, &bytes).unwrap();
    let set = PointSet::read(&images).unwrap();
    assert_eq!((set.dimension(), set.values()), (2, &[0.0, 1.0, 0.2, 0.4][..]));
    bytes.pop();
    std::fs::write(&images, &bytes).unwrap();
    let message = PointSet::read(&images).unwrap_err().to_string();
    assert!(message.contains("[2, 1, 2]") && message.contains("3 bytes"), "{message}");
}

/// A `.npy` file: the header as NumPy's format has it, and bytes.
fn npy(header: &str, numbers: &[u8]) -> Vec<u8> {
    let mut text = header.to_string();
    text.extend(std::iter::repeat_n(' ', 127 - 10 - text.len()));
    text.push('\n');
    [b"\x93NUMPY\x01\x00", &(text.len() as u16).to_le_bytes()[..], text.as_bytes(), numbers]
        .concat()
}

/// The points (1, 2), (−3, 4), (5, 6.5) as every type and order of an array.
#[test]
fn arrays_of_points_are_read_in_every_precision_and_order() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("points.npy");
    let (rows, columns) = ([1.0, 2.0, -3.0, 4.0, 5.0, 6.5], [1.0, -3.0, 5.0, 2.0, 4.0, 6.5]);
    let double = |list: &[f64]| list.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let single = |list: &[f64]| list.iter().flat_map(|v| (*v as f32).to_le_bytes()).collect();
    let turned = |list: &[f64]| list.iter().flat_map(|v| v.to_be_bytes()).collect();
    // 1, 2, −3, 4, 5, 6.5 in half precision.
    let halves = [0x3c00u16, 0x4000, 0xc200, 0x4400, 0x4500, 0x4680];
    let half = halves.iter().flat_map(|bits| bits.to_le_bytes()).collect();
    let cases: [(&str, bool, &str, Vec<u8>); 7] = [
        ("<f8", false, "(3, 2)", double(&rows)),
        ("<f8", true, "(3, 2)", double(&columns)),
        ("<f4", false, "(3, 2)", single(&rows)),
        ("<f4", true, "(3, 2)", single(&columns)),
        (">f8", false, "(3, 2)", turned(&rows)),
        ("<f2", false, "(3, 2)", half),
        ("<f8", false, "(3, 1, 2)", double(&rows)),
    ];
    for (kind, fortran, shape, bytes) in cases {
        let order = if fortran { "True" } else { "False" };
        let header = format!("{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}");
        std::fs::write(&path, npy(&header, &bytes)).unwrap();
        let set = PointSet::read(&path).unwrap();
        assert_eq!((set.dimension(), set.values()), (2, &rows[..]), "{header}");
        // Told by its first bytes where its name says nothing.
        let other = folder.path().join("points.dat");
        std::fs::write(&other, npy(&header, &bytes)).unwrap();
        assert_eq!(PointSet::read(&other).unwrap(), set, "{header}");
    }
    let axes = "{'descr': '<f8', 'fortran_order': True, 'shape': (1, 2, 3), }";
    std::fs::write(&path, npy(axes, &double(&rows))).unwrap();
    let set = PointSet::read(&path).unwrap();
    // Entry (0, j, k) is number j + 2k.
    assert_eq!((set.dimension(), set.values()), (6, &[1.0, -3.0, 5.0, 2.0, 4.0, 6.5][..]));
    let whole = "{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }";
    std::fs::write(&path, npy(whole, &[7, 255])).unwrap();
    let set = PointSet::read(&path).unwrap();
    assert_eq!((set.dimension(), set.values()), (1, &[7.0, -1.0][..]));
}

#[test]
fn arrays_that_are_no_points_are_refused_with_what_was_found() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("points.npy");
    let number = 1f64.to_le_bytes();
    for (kind, shape, bytes, expected) in [
        ("'<f8'", "()", &number[..], "expected an array of shape (points, D)"),
        ("'<f8'", "(0, 2)", &[], "shape [0, 2]"),
        ("'<f8'", "(3, 0)", &[], "shape [3, 0]"),
        ("'<f8'", "(2, 1)", &number, "8 bytes of numbers, expected 16"),
        ("'<f8'", "(9000000000000000000, 9)", &number, "overflows"),
        ("'<f8'", "(1, 1)", &f64::NAN.to_le_bytes(), "is NaN"),
        ("'<c16'", "(1, 1)", &[0; 16], "NumPy type '<c16'"),
        ("[('x', '<f8')]", "(1,)", &number, "NumPy type [('x', '<f8')]"),
    ] {
        let header = format!("{{'descr': {kind}, 'fortran_order': False, 'shape': {shape}, }}");
        std::fs::write(&path, npy(&header, bytes)).unwrap();
        let message = PointSet::read(&path).unwrap_err().to_string();
        assert!(message.contains(expected) && message.contains("points.npy"), "{message}");
    }
    std::fs::write(&path, b"\x93NUMPY\x01\x00").unwrap();
    let message = PointSet::read(&path).unwrap_err().to_string();
    assert!(message.contains("expected a whole .npy file"), "{message}");
    let archive = folder.path().join("points.npz");
    std::fs::write(&archive, b"PK\x03\x04\x14\x00\x00\x00").unwrap();
    let message = PointSet::read(&archive).unwrap_err().to_string();
    assert!(message.contains("binary data; expected text, .npy"), "{message}");
}

/// Every way to write the points leads to the scores at them.
#[test]
fn the_commands_measure_at_the_points_of_every_format() {
    let folder = TempDir::new().unwrap();
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/weights.safetensors");
    // Numbers that single precision holds as well.
    let rows = [0.5, -0.25, 0.125, 1.0, -1.5, 0.75];
    let columns = [0.5f32, 0.125, -1.5, -0.25, 1.0, 0.75];
    let single: Vec<u8> = columns.iter().flat_map(|v| v.to_le_bytes()).collect();
    let fortran = "{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2), }";
    let expected = measure(&Network::read(&weights).unwrap(), &rows);
    for (name, bytes) in [
        ("p.npy", npy(fortran, &single)),
        ("p.txt", b"5.0e-01 -2.5e-01\n1.25e-01 1.0e+00\n-1.5e+00 7.5e-01\n".to_vec()),
        ("p.csv", b"x,y\n0.5,-0.25\n0.125,1\n-1.5,0.75\n".to_vec()),
        ("p.dat", b"# x y\n0.5;-0.25\n\n0.125;1\n-1.5;0.75".to_vec()),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let points = ["--points", path.to_str().unwrap()];
        let found = json(&[&["conservativeness", weights.to_str().unwrap()], &points[..]].concat());
        assert_eq!((&found["points"], &found["dimension"]), (&3.into(), &2.into()), "{name}");
        let sym = found["sym_map"].as_f64().unwrap();
        assert!((sym - expected.sym_map).abs() < 1e-15, "{name}: {sym}");
    }
}
