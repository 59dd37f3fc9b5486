//! What stands in the cells and heads of tables: missing values, marks of vectors, names and numbers as programs write
//! them, against the same field as arrays.

use crate::tables::{Row, expected, lines, mixed, rows, same, with_last};
use crate::{folder, refused};
use std::path::Path;

/// The components of these points are missing: the first row of all, one within, the last.
const GONE: [[f64; 2]; 3] = [[0.5, 2.0], [1.25, 0.5], [2.5, -1.0]];

fn is_gone(row: &Row) -> bool {
    GONE.contains(&[row[0], row[1]])
}

/// With a word in place of missing components.
fn words(rows: &[Row], separator: &str, word: &str) -> String {
    let line = |row: &Row| match is_gone(row) {
        true => format!("{}{separator}{}{separator}{word}{separator}{word}\n", row[0], row[1]),
        false => lines(&[*row], separator, "."),
    };
    rows.iter().map(line).collect()
}

#[test]
fn empty_cells_are_missing_values_wherever_they_stand() {
    let folder = folder();
    let path = folder.path();
    let rows = rows(false);
    let good: Vec<Row> = rows.iter().filter(|row| !is_gone(row)).copied().collect();
    let walls = ["--mask", "nan"];
    let expected = expected(path, &good, &walls);
    assert_eq!(expected["active_cells"], 60);
    for (k, word) in ["", "nan", "NA", "-", "NaN", "null", "\"\"", "#N/A"].into_iter().enumerate() {
        let is = |name: &str, text: String| same(path, name, &text, &expected, &walls);
        is(&format!("{k}.csv"), "x,y,u,v\n".to_string() + &words(&rows, ",", word));
        is(&format!("{k}s.csv"), "x;y;u;v\nm;m;-;-\n".to_string() + &words(&rows, ";", word));
        is(&format!("{k}t.txt"), words(&rows, "\t", word));
        is(&format!("{k}m.txt"), "# x\ty\tu\tv\n".to_string() + &words(&mixed(&rows), "\t", word));
        if !word.is_empty() {
            is(&format!("{k}b.txt"), words(&rows, " ", word));
        }
        // Separators at the ends of rows are no column.
        let ended = words(&rows, ",", word).replace('\n', ",\n");
        is(&format!("{k}e.csv"), "x,y,u,v,\n".to_string() + &ended + ",,,,\n");
        refused(
            path,
            &["decompose", &format!("{k}.csv")],
            &["3 of 63 values missing", "--mask nan"],
        );
    }
    for (text, says) in [
        ("x,y,u,v\n,0,1,2\n1,0,1,2\n", &["line 2", "coordinate of x is missing"][..]),
        ("x,y,u,v\n0,,,\n1,0,1,2\n", &["line 2", "coordinate of y is missing"]),
        ("x;y;u;v\n0;0;1;2\n1;-;1;2\n", &["line 3", "coordinate of y is missing"]),
        ("x,y,u,v\n1,0,1,2\nnull,null,null,null\n", &["line 3", "coordinate of x is missing"]),
        ("x,y,u,v\n0,0,1,,,\n1,0,1,2\n", &["line 3: 4 cells", "has 5"]),
    ] {
        std::fs::write(path.join("a.csv"), text).unwrap();
        refused(path, &["decompose", "a.csv"], says);
    }
}

/// A row with its marks behind it.
fn marked(rows: &[Row], separator: &str, marks: impl Fn(bool) -> String) -> String {
    let line = |row: &Row| {
        let text = lines(&[*row], separator, ".");
        format!("{}{separator}{}\n", text.trim_end(), marks(is_gone(row)))
    };
    rows.iter().map(line).collect()
}

#[test]
fn marks_are_read_as_their_program_means_them_or_refused() {
    let folder = folder();
    let path = folder.path();
    let rows = rows(false);
    let good: Vec<Row> = rows.iter().filter(|row| !is_gone(row)).copied().collect();
    let walls = ["--mask", "nan", "--fill-gaps", "0"];
    let all = expected(path, &rows, &[]);
    let without = expected(path, &good, &walls);
    let is =
        |name: &str, text: &str, arguments: &[&str]| same(path, name, text, &without, arguments);
    let flag = |bad: &str, good: &str| {
        let marks = [good.to_string(), bad.to_string()];
        move |gone: bool| marks[usize::from(gone)].clone()
    };
    // OpenPIV: a fault is missing, a masked region a wall.
    let head = "# x\ty\tu\tv\tflags\tmask\n".to_string();
    for (k, marks) in [flag("0\t1", "0\t0"), flag("1\t1", "0\t0")].into_iter().enumerate() {
        let text = marked(&mixed(&rows), "\t", marks);
        is(&format!("{k}h.txt"), &(head.clone() + &text), &["--fill-gaps", "0"]);
        is(&format!("{k}n.txt"), &text, &["--fill-gaps", "0"]);
        let commas = text.replace('\t', ",");
        is(
            &format!("{k}c.csv"),
            &("x,y,u,v,flags,mask\n".to_string() + &commas),
            &["--fill-gaps", "0"],
        );
    }
    // What is used is not said to be not used.
    let said = crate::hodge(path, &["decompose", "0c.csv"]).err;
    assert!(said.contains("mask !mask of the file") && !said.contains("not used"), "{said}");
    let old = "# x y u v mask\n".to_string() + &marked(&rows, " ", flag("1.0", "0.0"));
    is("old.txt", &old, &walls);
    for (k, name) in ["isValid", "valid", "vtkValidPointMask"].into_iter().enumerate() {
        let text = format!("x,y,u,v,{name}\n") + &marked(&rows, ",", flag("False", "True"));
        is(&format!("{k}v.csv"), &text, &walls);
    }
    // Whether 1 is good is not known.
    for (name, bad, good, takes) in [
        ("mask", "1", "0", "!mask"),
        ("mask", "0", "1", "mask"),
        ("Mask", "False", "True", "Mask"),
        ("flag", "1", "0", "!flag"),
        ("flags", "0", "1", "flags"),
        ("flags", "4", "0", "flags==0"),
        ("mask", "0", "255", "mask!=0"),
    ] {
        let text = format!("x,y,u,v,{name}\n") + &marked(&rows, ",", flag(bad, good));
        std::fs::write(path.join("a.csv"), &text).unwrap();
        let says = [&format!("column {name} is 0 in")[..], &format!("--mask \"{takes}\"")];
        refused(path, &["decompose", "a.csv"], &says);
        is("a.csv", &text, &["--mask", takes]);
    }
    let text = marked(&rows, " ", flag("0", "1"));
    std::fs::write(path.join("nameless.txt"), &text).unwrap();
    refused(path, &["decompose", "nameless.txt"], &["column_5 is 0 in 3 of 63", "\"column_5\""]);
    // More faults than vectors are none of OpenPIV.
    let text = "# x y u v mask\n".to_string() + &marked(&rows, " ", flag("0", "1"));
    std::fs::write(path.join("saved.txt"), &text).unwrap();
    refused(path, &["decompose", "saved.txt"], &["column mask is 0 in 3 of 63", "--mask \"mask\""]);
    // The same mark everywhere leaves no doubt.
    for mark in [0.0, 1.0] {
        let text = "x,y,u,v,mask\n".to_string() + &with_last(&rows, ",", |_| mark);
        same(path, "b.csv", &text, &all, &[]);
    }
}

/// x, y, u, v with another column before, and one behind, as a program orders and calls them.
fn exported(path: &Path, name: &str, head: &str, order: &str) {
    let all = rows(true);
    let cell = |row: &Row, letter: char| match letter {
        'x' => row[0].to_string(),
        'y' => row[1].to_string(),
        'u' => row[2].to_string(),
        'v' => row[3].to_string(),
        '0' => "0".into(),
        _ => (3.0 * row[2] - row[3]).to_string(),
    };
    let line = |row: &Row| {
        let cells: Vec<String> = order.chars().map(|letter| cell(row, letter)).collect();
        cells.join(",") + "\n"
    };
    let text: String = mixed(&all).iter().map(line).collect();
    same(path, name, &format!("{head}\n{text}"), &expected(path, &all, &[]), &[]);
}

#[test]
fn heads_of_flow_solvers_are_known() {
    let folder = folder();
    let path = folder.path();
    for (k, (head, order)) in [
        ("nodenumber,    x-coordinate,    y-coordinate,      pressure,    x-velocity,    y-velocity", "pxypuv"),
        ("cellnumber, x-coordinate, y-coordinate, velocity-magnitude, y-velocity, x-velocity", "pxypvu"),
        ("\"Velocity[i] (m/s)\",\"Velocity[j] (m/s)\",\"Velocity[k] (m/s)\",\"X (m)\",\"Y (m)\",\"Z (m)\"", "uv0xy0"),
        ("\"Pressure (Pa)\",\"Velocity[j] (m/s)\",\"Velocity[i] (m/s)\",\"X (m)\",\"Y (m)\"", "pvuxy"),
        ("\"U:0\",\"U:1\",\"U:2\",\"p\",\"Points:0\",\"Points:1\",\"Points:2\"", "uv0pxy0"),
        ("\"Point ID\",\"U_0\",\"U_1\",\"U_2\",\"Points_0\",\"Points_1\",\"Points_2\",\"Points_Magnitude\"", "puv0xy0p"),
        ("\"Points:0\",\"Points:1\",\"Points:2\",\"Velocity:0\",\"Velocity:1\",\"Velocity:2\",\"Velocity_Magnitude\"", "xy0uv0p"),
        ("\"X [ m ]\",\"Y [ m ]\",\"Velocity u [ m s^-1 ]\",\"Velocity v [ m s^-1 ]\",\"Pressure [ Pa ]\"", "xyuvp"),
        ("\"CoordinateX\",\"CoordinateY\",\"VelocityX\",\"VelocityY\",\"Density\"", "xyuvp"),
    ]
    .into_iter()
    .enumerate()
    {
        exported(path, &format!("{k}.csv"), head, order);
    }
}

#[test]
fn decimal_commas_in_quotes_and_wide_characters_are_read() {
    let folder = folder();
    let path = folder.path();
    let rows = rows(false);
    let expected = expected(path, &rows, &[]);
    let quoted = |row: &Row| row.map(|v| format!("\"{v}\"").replace('.', ",")).join(",") + "\n";
    let text: String = rows.iter().map(quoted).collect();
    same(path, "a.csv", &("\"x\",\"y\",\"u\",\"v\"\n".to_string() + &text), &expected, &[]);
    let text = "x\ty\tu\tv\n".to_string() + &lines(&rows, "\t", ",");
    for (name, mark, bytes) in [
        ("l.txt", [0xff, 0xfe], u16::to_le_bytes as fn(u16) -> [u8; 2]),
        ("b.txt", [0xfe, 0xff], u16::to_be_bytes),
    ] {
        let wide = text.replace('\n', "\r\n");
        let bytes: Vec<u8> = mark.into_iter().chain(wide.encode_utf16().flat_map(bytes)).collect();
        std::fs::write(path.join(name), bytes).unwrap();
        let found = crate::uneven::report(path, &["decompose", name]);
        assert_eq!(found["energy"], expected["energy"], "{name}");
    }
    // 1,250 is 1250 or 1.25.
    let text = "x,y,u,v\n0,0,\"1,250\",2\n1,0,1,2\n0,1,\"2,500\",2\n1,1,1,2\n";
    std::fs::write(path.join("t.csv"), text).unwrap();
    refused(path, &["decompose", "t.csv"], &["line 2, column 3", "1,250", "decimal point"]);
}
