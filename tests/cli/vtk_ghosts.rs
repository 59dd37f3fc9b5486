//! Points and cells that VTK files mark as hidden or as copies, against the same field as arrays without them.

use crate::folder;
use crate::missing::{SHAPE, component, reference, refused, reports, same};
use ndarray::Array2;

const HIDDEN: [(usize, usize); 3] = [(0, 0), (4, 5), (4, 6)];

fn numbers(values: impl Iterator<Item = f64>) -> String {
    values.map(|v| format!("{v} ")).collect()
}

/// A plane of points or of cells, with marks of its points and cells.
fn image(in_cells: bool, points: Option<Array2<f64>>, cells: Option<Array2<f64>>) -> String {
    let more = usize::from(in_cells);
    let ends = format!("0 {} 0 {} 0 0", SHAPE.1 - 1 + more, SHAPE.0 - 1 + more);
    let (u, v) = (component(0), component(1));
    let vectors = numbers(u.iter().zip(&v).flat_map(|(u, v)| [*u, *v, 0.0]));
    let vectors = format!(
        "<DataArray type=\"Float64\" Name=\"flow\" NumberOfComponents=\"3\" format=\"ascii\">{vectors}</DataArray>"
    );
    let marks = |marks: Option<Array2<f64>>| {
        let text = |m: Array2<f64>| {
            format!(
                "<DataArray type=\"UInt8\" Name=\"vtkGhostType\" format=\"ascii\">{}</DataArray>",
                numbers(m.into_iter())
            )
        };
        marks.map_or(String::new(), text)
    };
    let (at_points, inside) = if in_cells { ("", &vectors[..]) } else { (&vectors[..], "") };
    format!(
        "<?xml version=\"1.0\"?>\n<VTKFile type=\"ImageData\" version=\"1.0\">\n<ImageData WholeExtent=\"{ends}\" \
         Origin=\"0 0 0\" Spacing=\"1 1 1\">\n<Piece Extent=\"{ends}\">\n<PointData>{at_points}{}</PointData>\n\
         <CellData>{inside}{}</CellData>\n</Piece>\n</ImageData>\n</VTKFile>\n",
        marks(points),
        marks(cells)
    )
}

#[test]
fn hidden_points_and_cells_and_copies_are_missing() {
    let folder = folder();
    let path = folder.path();
    let hit = |shape: (usize, usize), bits: f64, others: f64, hit: &[(usize, usize)]| {
        Array2::from_shape_fn(shape, |cell| if hit.contains(&cell) { bits } else { others })
    };
    let without = |cells: &[(usize, usize)]| reference(path, &hit(SHAPE, 0.0, 1.0, cells));
    let wanted = without(&HIDDEN);
    let (fewer, more) = ((SHAPE.0 - 1, SHAPE.1 - 1), (SHAPE.0 + 1, SHAPE.1 + 1));
    for (name, text) in [
        ("a.vti", image(false, Some(hit(SHAPE, 2.0, 0.0, &HIDDEN)), None)),
        ("b.vti", image(false, Some(hit(SHAPE, 1.0, 0.0, &HIDDEN)), None)),
        ("c.vti", image(true, None, Some(hit(SHAPE, 32.0, 0.0, &HIDDEN)))),
        // The other bits say how cells are connected.
        ("d.vti", image(true, None, Some(hit(SHAPE, 33.0, 20.0, &HIDDEN)))),
    ] {
        std::fs::write(path.join(name), text).unwrap();
        same(&reports(path, &[name, "--mask", "nan"])[0], &wanted, name);
        refused(path, &[name], &["3 of 221 values missing", "--mask nan"]);
    }
    // A cell with a hidden point is hidden, and a point with no other cell.
    let around = [(4, 5), (4, 6), (5, 5), (5, 6)];
    for (name, wanted, text) in [
        ("e.vti", &around[..], image(true, Some(hit(more, 2.0, 0.0, &[(5, 6)])), None)),
        ("f.vti", &[(0, 0)], image(false, None, Some(hit(fewer, 32.0, 0.0, &[(0, 0), (7, 7)])))),
    ] {
        std::fs::write(path.join(name), text).unwrap();
        same(&reports(path, &[name, "--mask", "nan"])[0], &without(wanted), name);
    }
    std::fs::write(path.join("g.vti"), image(true, None, Some(hit(SHAPE, 4.0, 0.0, &HIDDEN))))
        .unwrap();
    assert_eq!(reports(path, &["g.vti"])[0]["active_cells"], 221);
}
