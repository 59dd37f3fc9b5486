//! Tables of points as PIV programs and spreadsheets write them, against the same field as arrays.

use crate::needs::data;
use crate::uneven::{report, write};
use crate::{folder, hodge, refused};
use ndarray::{Array1, Array3};
use ndarray_npy::NpzWriter;
use serde_json::Value;
use std::fs::File;
use std::path::Path;

pub type Row = [f64; 4];

/// Rows x, y, u, v, by rows of the grid from the top as images have them; the steps along x are uneven if asked for.
pub fn rows(uneven: bool) -> Vec<Row> {
    let x = |i: usize| 0.5 + 0.25 * i as f64 + if uneven { 0.02 * (i * i) as f64 } else { 0.0 };
    let all = (0..63).map(|k| (x(k % 9), 2.0 - 0.5 * (k / 9) as f64));
    all.map(|(x, y)| [x, y, field([x, y])[0], field([x, y])[1]]).collect()
}

/// Without any symmetry, so that no exchange of rows, columns or components leaves its parts the same.
fn field([x, y]: [f64; 2]) -> [f64; 2] {
    [x.sin() * y + x, (x * y).cos() - 0.5 * y]
}

/// What hodge says of arrays of the same field, NaN where a row is left out.
pub fn expected(path: &Path, rows: &[Row], arguments: &[&str]) -> Value {
    let levels = |k: usize| {
        let mut all: Vec<f64> = rows.iter().map(|row| row[k]).collect();
        all.sort_by(f64::total_cmp);
        all.dedup();
        all
    };
    let (x, y) = (levels(0), levels(1));
    let found = |[x, y]: [f64; 2]| {
        let row = rows.iter().find(|row| row[0] == x && row[1] == y);
        row.map_or([f64::NAN; 2], |row| [row[2], row[3]])
    };
    write(&path.join("expected.npz"), ["x", "y"], &x, &y, &found);
    report(path, &[&["decompose", "expected.npz"], arguments].concat())
}

/// Rows in another order: every 13th of 63, which passes all.
pub fn mixed(rows: &[Row]) -> Vec<Row> {
    (0..rows.len()).map(|i| rows[(13 * i + 5) % rows.len()]).collect()
}

pub fn lines(rows: &[Row], separator: &str, decimal: &str) -> String {
    let cell = |v: &f64| format!("{v}").replace('.', decimal);
    let line = |row: &Row| row.iter().map(cell).collect::<Vec<_>>().join(separator) + "\n";
    rows.iter().map(line).collect()
}

/// With one more cell in each row.
pub fn with_last(rows: &[Row], separator: &str, last: impl Fn(&Row) -> f64) -> String {
    let line = |row: &Row| {
        let text = lines(&[*row], separator, ".");
        format!("{}{separator}{}\n", text.trim_end(), last(row))
    };
    rows.iter().map(line).collect()
}

pub fn same(path: &Path, name: &str, text: &str, expected: &Value, arguments: &[&str]) {
    std::fs::write(path.join(name), text).unwrap();
    let found = report(path, &[&["decompose", name], arguments].concat());
    for number in ["cells", "active_cells", "energy", "fraction", "share_of_input"] {
        assert_eq!(found[number], expected[number], "{number} of {name}");
    }
}

#[test]
fn points_in_any_layout_and_order_are_the_field_of_the_arrays() {
    let folder = folder();
    let path = folder.path();
    for uneven in [false, true] {
        let rows = rows(uneven);
        let is =
            |name: &str, text: String| same(path, name, &text, &expected(path, &rows, &[]), &[]);
        is("a.csv", "x,y,u,v\n".to_string() + &lines(&mixed(&rows), ",", "."));
        let comma = "\u{feff}\"X [mm]\";\"Y [mm]\";\"Vx [m/s]\";\"Vy [m/s]\"\n".to_string()
            + &lines(&rows, ";", ",");
        is("b.csv", comma.replace('\n', "\r\n"));
        is("c.txt", "# x\ty\tu\tv\n".to_string() + &lines(&rows, "\t", "."));
        is("d.txt", lines(&mixed(&rows), "  ", "."));
        is("e.txt", lines(&rows, "\t", ","));
        let turned: Vec<Row> = rows.iter().map(|[x, y, u, v]| [*v, *u, *y, *x]).collect();
        is("f.csv", "v_y, u_x, y_pos, x_pos\n".to_string() + &lines(&turned, ", ", "."));
        let title = "TITLE=\"E:\\a 5%G\" VARIABLES=\"X mm\", \"Y mm\", \"U m/s\", \"V m/s\", \"CHC\", DATASETAUXDATA A=\"1\" ";
        is("g.vec", format!("{title}ZONE I=9, J=7, F=POINT\n") + &with_last(&rows, ", ", |_| 1.0));
        let title = "TITLE = \"B1\"\nVARIABLES = \"x [mm]\", \"y [mm]\"\n\"Velocity u [m/s]\"\n\"Velocity v [m/s]\" \"isValid\"\n";
        is(
            "h.dat",
            format!("{title}ZONE T=\"Frame 0\", I=9, J=7, K=1, F=POINT\n")
                + &with_last(&mixed(&rows), " ", |_| 1.0),
        );
        let title = "#DaVis 8.1.2 2D-vector 16 7 9 \"Position\" \"mm\" \"Position\" \"mm\" \"Velocity\" \"m/s\"\n";
        is("i.txt", title.to_string() + &lines(&rows, "\t", ","));
        let title = "PIVlab, ASCII chart output\nFRAME: 1, factor (px -> m): 1\nx [px],y [px],u [px/frame],v [px/frame],vector type [-]\n";
        is("j.txt", title.to_string() + &with_last(&rows, ",", |_| 2.0));
        is(
            "k.txt",
            "x y u v s2n\nmm mm m/s m/s -\n".to_string() + &with_last(&mixed(&rows), " ", |_| 3.3),
        );
        let fortran: Vec<String> = rows
            .iter()
            .map(|row| row.map(|v| format!("{v:e}").replace('e', "D")).join(" "))
            .collect();
        is("l.txt", "% x y u v\n".to_string() + &fortran.join("\n"));
    }
}

#[test]
fn invalid_and_absent_vectors_are_missing_values() {
    let folder = folder();
    let path = folder.path();
    let rows = rows(false);
    let is_bad = |row: &Row| row[0] == 1.25 && row[1] == 1.0 || row[0] == 1.5 && row[1] == -0.5;
    let good: Vec<Row> = mixed(&rows).into_iter().filter(|row| !is_bad(row)).collect();
    // Not filled, to tell which they are.
    let walls = ["--mask", "nan", "--fill-gaps", "0"];
    let expected = expected(path, &good, &walls);
    assert_eq!(expected["active_cells"], 61);
    let is = |name: &str, text: String| same(path, name, &text, &expected, &walls);
    is("a.csv", "x,y,u,v\n".to_string() + &lines(&good, ",", "."));
    let mark = |bad: f64, good: f64| move |row: &Row| if is_bad(row) { bad } else { good };
    let title =
        "VARIABLES=\"X mm\", \"Y mm\", \"U m/s\", \"V m/s\", \"CHC\" ZONE I=9, J=7, F=POINT\n";
    is("b.vec", title.to_string() + &with_last(&rows, ", ", mark(-2.0, 1.0)));
    is("c.vec", title.to_string() + &with_last(&rows, ", ", mark(0.0, 3.0)));
    is("d.txt", "# x y u v flags\n".to_string() + &with_last(&rows, "\t", mark(1.0, 0.0)));
    is("e.txt", with_last(&rows, " ", mark(1.0, 0.0)));
    let title = "VARIABLES = \"x\", \"y\", \"Vx\", \"Vy\", \"isValid\"\nZONE I=9, J=7, F=POINT\n";
    is("f.dat", title.to_string() + &with_last(&rows, " ", mark(0.0, 1.0)));
    let zeros: Vec<Row> = rows
        .iter()
        .map(|row| if is_bad(row) { [row[0], row[1], 0.0, 0.0] } else { *row })
        .collect();
    let title = "#DaVis 7.2 2D-vector 16 7 9 \"x\" \"mm\" \"y\" \"mm\" \"velocity\" \"m/s\"\n";
    is("g.txt", title.to_string() + &lines(&zeros, ";", ","));
    let nan = |row: &Row| if is_bad(row) { [row[0], row[1], f64::NAN, f64::NAN] } else { *row };
    let nans: Vec<Row> = mixed(&rows).iter().map(nan).collect();
    is("h.csv", "x,y,u,v\n".to_string() + &lines(&nans, ",", "."));
    let said = hodge(path, &["decompose", "b.vec", "--mask", "nan"]).err;
    assert!(said.contains("2 of 63 vectors are marked invalid (CHC is 0 or less)"), "{said}");
}

#[test]
fn tables_of_three_axes_are_read_in_any_order() {
    let folder = folder();
    let path = folder.path();
    let lengths = [5, 4, 3];
    let at = |k: usize, i: usize| (i * (k + 1)) as f64 + 0.1 * (i * i) as f64;
    let value =
        |c: usize, [x, y, z]: [f64; 3]| ((1.0 + c as f64) * x - y).sin() + z * (x + c as f64);
    let mut npz = NpzWriter::new(File::create(path.join("a.npz")).unwrap());
    let point = |[i, j, k]: [usize; 3]| [at(0, i), at(1, j), at(2, k)];
    for (c, name) in ["u", "v", "w"].into_iter().enumerate() {
        let array = Array3::from_shape_fn((3, 4, 5), |(k, j, i)| value(c, point([i, j, k])));
        npz.add_array(name, &array).unwrap();
        let list: Array1<f64> = (0..lengths[c]).map(|i| at(c, i)).collect();
        npz.add_array(["x", "y", "z"][c], &list).unwrap();
    }
    npz.finish().unwrap();
    let expected = report(path, &["decompose", "a.npz"]);
    let row = |n: usize| {
        let n = (7 * n + 2) % 60;
        let point = point([n % 5, n / 5 % 4, n / 20]);
        [0, 1, 2].map(|k| point[k].to_string()).join(",")
            + ","
            + &[0, 1, 2].map(|c| value(c, point).to_string()).join(",")
    };
    let rows: String = (0..60).map(|n| row(n) + "\n").collect();
    same(path, "b.csv", &("x,y,z,u,v,w\n".to_string() + &rows), &expected, &[]);
    same(
        path,
        "c.csv",
        &("\"Points:0\",\"Points:1\",\"Points:2\",\"U:0\",\"U:1\",\"U:2\"\n".to_string() + &rows),
        &expected,
        &[],
    );
    same(
        path,
        "d.dat",
        &("VARIABLES = X Y Z Vx Vy Vz\nZONE I=5 J=4 K=3 DATAPACKING=POINT\n".to_string()
            + &rows.replace(',', " ")),
        &expected,
        &[],
    );
    std::fs::write(path.join("e.csv"), rows).unwrap();
    refused(path, &["decompose", "e.csv"], &["e.csv, line", "x, y, z, u, v, w"]);
}

#[test]
fn few_printed_digits_of_an_even_grid_are_no_uneven_one() {
    let folder = folder();
    let path = folder.path();
    let rounded: Vec<String> = (0..40)
        .map(|k| {
            let (x, y) = ((k % 8) as f64 / 3.0, (k / 8) as f64 / 3.0);
            format!("{x:.2} {y:.2} {} {}\n", field([x, y])[0], field([x, y])[1])
        })
        .collect();
    std::fs::write(path.join("a.txt"), format!("x y u v\n{}", rounded.concat())).unwrap();
    let outcome = hodge(path, &["decompose", "a.txt", "--format", "json"]);
    assert!(
        outcome.err.contains("7 equal steps to within their printed digits"),
        "{}",
        outcome.err
    );
    assert!(outcome.out.contains("\"metric\":\"plane\""), "{}", outcome.out);
}

#[test]
fn tables_that_are_no_field_are_refused_with_line_and_advice() {
    let folder = folder();
    let path = folder.path();
    let scattered: String =
        (0..50).map(|i| format!("{},{},1,2\n", i * 37 % 101, i * 61 % 103)).collect();
    let tecplot = "VARIABLES=\"X\", \"Y\", \"U\", \"V\"\nZONE I=2, J=2, F=";
    let four = "0 0 1 2\n1 0 1 2\n0 1 1 2\n1 1 1 2\n";
    let zones = format!("{tecplot}POINT\n{four}ZONE I=2, J=2\n{four}");
    let long = format!("x,y,u,v\n{}\n", "1,".repeat(1_000_000));
    for (text, says) in [
        ("x,y,u,v\n0,0,1,2\n0,1,2\n", &["line 3: 3 cells", "has 4"][..]),
        (
            "x,y,u,v\n0,0,1,2\n0,1,abc,2\n",
            &["line 3, column 3", "\"abc\"", "NaN for a missing value"],
        ),
        ("x,y,u,v\n0,0,1,inf\n0,1,1,2\n", &["line 2, column 4", "\"inf\""]),
        ("a,b,c,d\n1,2,3,4\n2,3,4,5\n", &["coordinate of x", "\"a\", \"b\"", "velocity_x"]),
        ("x,y,u,p\n1,2,3,4\n2,3,4,5\n", &["component along y"]),
        ("x y u v\n0 0 1 2\n1 0 1 2\n0 0 1 2\n", &["line 4", "(0, 0) stands in line 2"]),
        ("x y u v\n0 0 1 2\nnan 0 1 2\n", &["line 3", "coordinate of x is missing"]),
        ("1 2 3\n1 2 3\n", &["3 columns without names", "x,y,z,u,v,w"]),
        ("1 2 0 4 5 6\n2 2 0 4 5 6\n", &["6 columns without names", "may be z or u"]),
        ("x,y,u,v\n0,0,1,2,3\n0,1,1,2,3\n", &["names 4 columns", "rows have 5"]),
        ("x,y,u,v,Vx\n1,2,3,4,5\n", &["columns 3 and 5", "component along x"]),
        ("a text with no numbers\nat all\n", &["without rows of numbers", "x, y, u, v"]),
        (&scattered, &["do not lie on a grid", "50 x 50", "griddata"]),
        (&format!("{tecplot}POINT\n0 0 1 2\n"), &["I=2, J=2", "1 rows", "truncated"]),
        (&format!("{tecplot}BLOCK\n{four}"), &["BLOCK", "F=POINT"]),
        (&zones, &["line 7", "a file of its own"]),
        (&long, &["4 columns", "1000000"]),
    ] {
        std::fs::write(path.join("a.txt"), text).unwrap();
        refused(path, &["decompose", "a.txt"], says);
    }
}

#[test]
fn files_of_piv_programs_open() {
    let masked = ["--mask", "nan"];
    for (name, more, says) in [
        ("PIVchallengeCaseBvelField.txt", &[][..], &["961 points", "spacing of x 16"][..]),
        (
            "Run000001.T000.D000.P000.H001.L.vec",
            &masked,
            &["353 of 3969", "first point of y at -19.686239"],
        ),
        (
            "karman_16Hz_000_A.jpg.txt",
            &masked,
            &["16 of 630", "spacing of x 24", "spacing of y 32"],
        ),
    ] {
        let Some([path]) = data([&format!("piv/{name}")]) else { return };
        let folder = folder();
        let outcome =
            hodge(folder.path(), &[&["decompose", path.to_str().unwrap()], more].concat());
        assert_eq!(outcome.code, 0, "{name}: {}", outcome.err);
        for words in says {
            assert!(outcome.err.contains(words), "{words}: {}", outcome.err);
        }
    }
}
