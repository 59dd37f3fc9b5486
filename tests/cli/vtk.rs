//! VTK files in every encoding, against the same field as arrays.

use crate::uneven::report;
use crate::{folder, refused};
use ndarray::{Array1, Array3};
use ndarray_npy::NpzWriter;
use serde_json::Value;
use std::fs::File;
use std::path::Path;

const LENGTHS: [usize; 3] = [5, 4, 3];

/// Coordinates along x, y, z, uneven; powers of two, so that single precision has them as well.
fn at(k: usize, i: usize) -> f64 {
    (i * (k + 1)) as f64 - 0.5 * k as f64 + 0.125 * (i * i) as f64
}

/// Single precision has the values exactly.
fn value(c: usize, [x, y, z]: [f64; 3]) -> f64 {
    f64::from((((1.0 + c as f64) * x - y).sin() + z * (x + c as f64)) as f32)
}

fn points() -> impl Iterator<Item = [f64; 3]> {
    let [nx, ny, nz] = LENGTHS;
    (0..nx * ny * nz).map(move |n| [at(0, n % nx), at(1, n / nx % ny), at(2, n / nx / ny)])
}

fn vectors() -> Vec<f64> {
    points().flat_map(|p| [0, 1, 2].map(|c| value(c, p))).collect()
}

fn list(k: usize) -> Vec<f64> {
    (0..LENGTHS[k]).map(|i| at(k, i)).collect()
}

fn expected(path: &Path) -> Value {
    let mut npz = NpzWriter::new(File::create(path.join("expected.npz")).unwrap());
    for (c, name) in ["u", "v", "w"].into_iter().enumerate() {
        let values =
            Array3::from_shape_fn((3, 4, 5), |(k, j, i)| value(c, [at(0, i), at(1, j), at(2, k)]));
        npz.add_array(name, &values).unwrap();
        npz.add_array(["x", "y", "z"][c], &Array1::from(list(c))).unwrap();
    }
    npz.finish().unwrap();
    report(path, &["decompose", "expected.npz"])
}

fn same(path: &Path, name: &str, bytes: &[u8], expected: &Value) {
    std::fs::write(path.join(name), bytes).unwrap();
    let found = report(path, &["decompose", name]);
    for number in ["cells", "energy", "fraction", "share_of_input"] {
        assert_eq!(found[number], expected[number], "{number} of {name}");
    }
}

/// Numbers in a legacy file: text, or big-endian of a type.
fn block(values: &[f64], kind: &str) -> Vec<u8> {
    let mut bytes: Vec<u8> = match kind {
        "text" => values.iter().flat_map(|v| format!("{v} ").into_bytes()).collect(),
        "float" => values.iter().flat_map(|v| (*v as f32).to_be_bytes()).collect(),
        _ => values.iter().flat_map(|v| v.to_be_bytes()).collect(),
    };
    bytes.push(b'\n');
    bytes
}

fn legacy(kind: &str, parts: &[(&str, &[f64])]) -> Vec<u8> {
    let word = if kind == "text" { "ASCII" } else { "BINARY" };
    let mut file = format!("# vtk DataFile Version 3.0\ntitle\n{word}\nDATASET ").into_bytes();
    for (line, values) in parts {
        let named = if kind == "text" { "double" } else { kind };
        file.extend(line.replace("TYPE", named).as_bytes());
        if !values.is_empty() {
            file.extend(block(values, kind));
        }
    }
    file
}

#[test]
fn legacy_grids_are_the_field_of_the_arrays() {
    let folder = folder();
    let path = folder.path();
    let expected = expected(path);
    let (vectors, all): (_, Vec<f64>) = (vectors(), points().flatten().collect());
    let scalars = vec![1.5; 60];
    let lists = [list(0), list(1), list(2)];
    let rectilinear = [
        ("RECTILINEAR_GRID\nDIMENSIONS 5 4 3\nX_COORDINATES 5 TYPE\n", &lists[0][..]),
        ("Y_COORDINATES 4 TYPE\n", &lists[1]),
        ("Z_COORDINATES 3 TYPE\n", &lists[2]),
    ];
    let structured = [("STRUCTURED_GRID\nDIMENSIONS 5 4 3\nPOINTS 60 TYPE\n", &all[..])];
    // The same points with z as the fastest index and x as the second.
    let order = |n: usize| n % 3 * 20 + n / 3 % 5 + n / 15 * 5;
    let by = |values: &[f64]| -> Vec<f64> {
        (0..60).flat_map(|n| values[3 * order(n)..][..3].to_vec()).collect()
    };
    let (turned_points, turned) = (by(&all), by(&vectors));
    for kind in ["text", "float", "double"] {
        let plain: [(&str, &[f64]); 2] = [
            ("POINT_DATA 60\nSCALARS p TYPE 1\nLOOKUP_TABLE default\n", &scalars),
            ("METADATA\nINFORMATION 0\n\nVECTORS flow TYPE\n", &vectors),
        ];
        let field: [(&str, &[f64]); 2] = [
            ("POINT_DATA 60\nFIELD FieldData 2\np%20q 1 60 TYPE\n", &scalars),
            ("flow 3 60 TYPE\n", &vectors),
        ];
        same(path, "a.vtk", &legacy(kind, &[&rectilinear[..], &plain].concat()), &expected);
        same(path, "b.vtk", &legacy(kind, &[&rectilinear[..], &field].concat()), &expected);
        same(path, "c.vtk", &legacy(kind, &[&structured[..], &plain].concat()), &expected);
        let turned: [(&str, &[f64]); 2] = [
            ("STRUCTURED_GRID\nDIMENSIONS 3 5 4\nPOINTS 60 TYPE\n", &turned_points),
            ("POINT_DATA 60\nVECTORS flow TYPE\n", &turned),
        ];
        same(path, "d.vtk", &legacy(kind, &turned), &expected);
    }
}

/// Three bytes in four letters.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let four = |three: &[u8]| -> String {
        let bits = (0..3).fold(0u32, |bits, i| bits << 8 | u32::from(*three.get(i).unwrap_or(&0)));
        let letter = |i: usize| match i <= three.len() {
            true => LETTERS[(bits >> (18 - 6 * i) & 63) as usize] as char,
            false => '=',
        };
        (0..4).map(letter).collect()
    };
    bytes.chunks(3).map(four).collect()
}

/// A block of zlib that is stored as it is, with its checksum.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len() as u16;
    let mut all = vec![0x78, 0x01, 0x01];
    all.extend(length.to_le_bytes());
    all.extend((!length).to_le_bytes());
    all.extend(bytes);
    let (mut a, mut b) = (1u32, 0u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65521;
        b = (b + a) % 65521;
    }
    all.extend((b << 16 | a).to_be_bytes());
    all
}

/// How the numbers of an XML file are written.
#[derive(Clone, Copy)]
struct Writer {
    format: &'static str,
    zlib: bool,
    big: bool,
    wide: bool,
}

impl Writer {
    fn bytes(self, values: &[f64]) -> Vec<u8> {
        values
            .iter()
            .flat_map(|v| if self.big { v.to_be_bytes() } else { v.to_le_bytes() })
            .collect()
    }

    fn lengths(self, lengths: &[usize]) -> Vec<u8> {
        let one = |n: &usize| match (self.wide, self.big) {
            (true, true) => (*n as u64).to_be_bytes().to_vec(),
            (true, false) => (*n as u64).to_le_bytes().to_vec(),
            (false, true) => (*n as u32).to_be_bytes().to_vec(),
            (false, false) => (*n as u32).to_le_bytes().to_vec(),
        };
        lengths.iter().flat_map(one).collect()
    }

    /// Lengths, and what they count.
    fn blocks(self, values: &[f64]) -> [Vec<u8>; 2] {
        let bytes = self.bytes(values);
        if !self.zlib {
            return [self.lengths(&[bytes.len()]), bytes];
        }
        let blocks: Vec<Vec<u8>> = bytes.chunks(500).map(stored).collect();
        let mut lengths = vec![blocks.len(), 500, bytes.len() % 500];
        lengths.extend(blocks.iter().map(Vec::len));
        [self.lengths(&lengths), blocks.concat()]
    }

    fn array(
        self,
        name: &str,
        components: usize,
        values: &[f64],
        appended: &mut Vec<u8>,
    ) -> String {
        let encoded = |blocks: [Vec<u8>; 2]| blocks.map(|bytes| base64(&bytes)).concat();
        let head = format!(
            "<DataArray type=\"Float64\" Name=\"{name}\" NumberOfComponents=\"{components}\" format="
        );
        match self.format {
            "ascii" => {
                let text: String = values.iter().map(|v| format!("{v} ")).collect();
                format!("{head}\"ascii\">{text}</DataArray>")
            }
            "binary" => {
                format!("{head}\"binary\">\n  {}\n</DataArray>", encoded(self.blocks(values)))
            }
            _ => {
                let offset = appended.len();
                let blocks = self.blocks(values);
                appended.extend(if self.format == "raw" {
                    blocks.concat()
                } else {
                    encoded(blocks).into_bytes()
                });
                format!("{head}\"appended\" offset=\"{offset}\"/>")
            }
        }
    }

    fn file(self, kind: &str) -> Vec<u8> {
        let mut appended = Vec::new();
        let mut array =
            |name: &str, n: usize, values: &[f64]| self.array(name, n, values, &mut appended);
        let data = array("p", 1, &[1.0; 60]) + &array("flow", 3, &vectors());
        let grid = match kind {
            "RectilinearGrid" => {
                let lists: String = (0..3).map(|k| array("x", 1, &list(k))).collect();
                format!("<Coordinates>{lists}</Coordinates>")
            }
            _ => format!(
                "<Points>{}</Points>",
                array("Points", 3, &points().flatten().collect::<Vec<_>>())
            ),
        };
        let order = if self.big { "BigEndian" } else { "LittleEndian" };
        let header = if self.wide { "UInt64" } else { "UInt32" };
        let zlib = if self.zlib { " compressor=\"vtkZLibDataCompressor\"" } else { "" };
        let extent = "\"3 7 0 3 -1 1\"";
        let mut file = format!(
            "<?xml version=\"1.0\"?>\n<VTKFile type=\"{kind}\" version=\"1.0\" byte_order=\"{order}\" header_type=\"{header}\"{zlib}>\n\
             <{kind} WholeExtent={extent}><Piece Extent={extent}><PointData>{data}</PointData>{grid}</Piece></{kind}>\n"
        )
        .into_bytes();
        if !appended.is_empty() {
            let encoding = if self.format == "raw" { "raw" } else { "base64" };
            file.extend(format!("<AppendedData encoding=\"{encoding}\">\n _").into_bytes());
            file.extend(appended);
            file.extend(b"\n</AppendedData>");
        }
        file.extend(b"</VTKFile>\n");
        file
    }
}

#[test]
fn xml_grids_are_the_field_of_the_arrays_in_every_encoding() {
    let folder = folder();
    let path = folder.path();
    let expected = expected(path);
    for format in ["ascii", "binary", "raw", "base64"] {
        for (zlib, big, wide) in
            [(false, false, false), (true, false, true), (true, true, false), (false, true, true)]
        {
            let writer = Writer { format, zlib, big, wide };
            same(path, "a.vtr", &writer.file("RectilinearGrid"), &expected);
            same(path, "b.vts", &writer.file("StructuredGrid"), &expected);
        }
    }
}

fn image(extent: &str, origin: &str, part: &str, third: f64) -> String {
    let point = |n: usize| [(n % 9) as f64 * 0.25 + 0.5, (n / 9) as f64 * 0.5 - 1.0];
    let vector = |n: usize| {
        let [x, y] = point(n);
        format!("{} {} {third} ", x.sin() * y + x, (x * y).cos() - 0.5 * y)
    };
    let values: String = (0..63).map(vector).collect();
    format!(
        "<VTKFile type=\"ImageData\" version=\"0.1\"><ImageData WholeExtent=\"{extent}\" Origin=\"{origin}\" \
         Spacing=\"0.25 0.5 1\"><Piece Extent=\"{extent}\"><{part}><DataArray type=\"Float64\" Name=\"v\" \
         NumberOfComponents=\"3\">{values}</DataArray></{part}></Piece></ImageData></VTKFile>"
    )
}

#[test]
fn one_layer_is_a_plane_unless_its_third_component_is_something() {
    let folder = folder();
    let path = folder.path();
    let x: Vec<f64> = (0..9).map(|i| 0.5 + 0.25 * f64::from(i)).collect();
    let y: Vec<f64> = (0..7).map(|j| 0.5 * f64::from(j) - 1.0).collect();
    crate::uneven::write(&path.join("a.npz"), ["x", "y"], &x, &y, &|[x, y]| {
        [x.sin() * y + x, (x * y).cos() - 0.5 * y]
    });
    let expected = report(path, &["decompose", "a.npz"]);
    same(path, "a.vti", image("0 8 0 6 0 0", "0.5 -1 0", "PointData", 0.0).as_bytes(), &expected);
    same(path, "b.vti", image("4 12 -2 4 7 7", "-0.5 0 0", "PointData", 0.0).as_bytes(), &expected);
    same(
        path,
        "c.vti",
        image("0 9 0 7 0 0", "0.375 -1.25 0", "CellData", 0.0).as_bytes(),
        &expected,
    );
    std::fs::write(path.join("d.vti"), image("0 8 0 6 0 0", "0 0 0", "PointData", 1.0)).unwrap();
    assert_eq!(report(path, &["decompose", "d.vti"])["cells"], serde_json::json!([9, 7, 1]));
}

#[test]
fn other_kinds_and_damage_are_refused_in_words() {
    let folder = folder();
    let path = folder.path();
    let legacy = |text: &str| format!("# vtk DataFile Version 2.0\nx\nASCII\nDATASET {text}");
    let xml = |kind: &str| format!("<VTKFile type=\"{kind}\"></VTKFile>");
    let curved = "STRUCTURED_GRID\nDIMENSIONS 2 2 1\nPOINTS 4 float\n0 0 0 1 .2 0 0 1 0 1 1.3 0\nPOINT_DATA 4\nVECTORS v float\n1 1 1 1 1 1 1 1 1 1 1 1";
    let turned = image("0 8 0 6 0 0", "0 0 0", "PointData", 0.0)
        .replace("Origin", "Direction=\"0 1 0 1 0 0 0 0 1\" Origin");
    let huge = image("0 2147483647 -2147483648 2147483647 0 1", "0 0 0", "PointData", 0.0);
    let lz4 = image("0 8 0 6 0 0", "0 0 0", "PointData", 0.0)
        .replace("version", "compressor=\"vtkLZ4DataCompressor\" version");
    for (text, says) in [
        (legacy("POLYDATA"), &["polygons", "Resample To Image"][..]),
        (legacy("UNSTRUCTURED_GRID"), &["unstructured", "Resample To Image"]),
        (xml("PolyData"), &["polygons", "Resample To Image"]),
        (xml("UnstructuredGrid"), &["unstructured", ".vti"]),
        (xml("Collection"), &[".pvd", "one of the files"]),
        (xml("PImageData"), &["pieces"]),
        (xml("vtkMultiBlockDataSet"), &["another kind"]),
        (legacy(curved), &["curvilinear", "Resample To Image"]),
        (turned, &["Direction"]),
        (lz4, &["LZ4", "zlib"]),
        (huge, &["memory"]),
        (legacy("STRUCTURED_POINTS\nDIMENSIONS 3000000 3000000 9\nPOINT_DATA 9\n"), &["memory"]),
        (
            legacy(
                "STRUCTURED_POINTS\nDIMENSIONS 3 3 1\nPOINT_DATA 900000000000\nVECTORS v float\n1",
            ),
            &["9 values", "says 900000000000"],
        ),
        (
            legacy("STRUCTURED_POINTS\nDIMENSIONS 30 30 1\nPOINT_DATA 900\nVECTORS v float\n1 2"),
            &["damaged or truncated VTK", "2700"],
        ),
        (
            legacy(
                "STRUCTURED_POINTS\nDIMENSIONS 2 2 1\nPOINT_DATA 4\nVECTORS v float\n1 2 x 4 5 6 7 8 9 1 2 3",
            ),
            &["\"x\""],
        ),
    ] {
        std::fs::write(path.join("a.vtk"), text).unwrap();
        refused(path, &["decompose", "a.vtk"], says);
    }
    let whole =
        Writer { format: "raw", zlib: true, big: false, wide: false }.file("RectilinearGrid");
    for length in (300..whole.len()).step_by(97) {
        std::fs::write(path.join("a.vtr"), &whole[..length]).unwrap();
        refused(path, &["decompose", "a.vtr"], &["a.vtr"]);
    }
}
