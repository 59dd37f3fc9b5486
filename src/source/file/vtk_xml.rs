//! XML files of VTK: `.vti`, `.vtr`, `.vts`.

use super::FileError;
use super::raw::number;
use super::vtk::{NO_GRID, PIECES, VtkFile, VtkGrid, check_size, damaged, decode, not_read};
use super::vtk_array::{VtkArray, cells};
use super::vtk_blocks::{Appended, Blocks, Encoding};
use crate::machine::Element;
use roxmltree::{Document, Node};
use std::path::Path;

/// Reads a whole file.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<VtkFile, FileError> {
    let (text, appended) = split(path, bytes)?;
    let document = Document::parse(&text).map_err(|e| damaged(path, e.to_string()))?;
    let root = document.root_element();
    let kind = root.attribute("type").unwrap_or_default();
    let kind = known(path, kind)?;
    let grid = child(path, root, kind)?;
    let pieces: Vec<Node> = children(grid, "Piece").collect();
    let [piece] = pieces[..] else {
        return Err(not_read(path, "a VTK file", PIECES));
    };
    let file = Xml { path, blocks: blocks(path, root, &appended)? };
    let [first, last] = extent(path, piece.attribute("Extent").or(grid.attribute("WholeExtent")))?;
    let dims: [usize; 3] =
        std::array::from_fn(|k| usize::try_from(last[k] - first[k] + 1).unwrap_or(0));
    check_size(path, dims)?;
    let mut arrays = Vec::new();
    for (name, in_cells) in [("PointData", false), ("CellData", true)] {
        let count = if in_cells { cells(dims) } else { dims }.iter().product();
        for part in children(piece, name) {
            for node in
                children(part, "DataArray").filter(|node| node.attribute("type") != Some("String"))
            {
                arrays.push(file.array(node, in_cells, count)?);
            }
        }
    }
    if arrays.is_empty() {
        return Err(damaged(path, "it holds no arrays"));
    }
    Ok(VtkFile { grid: file.grid(kind, (grid, piece), first, dims)?, arrays })
}

/// The XML without the numbers behind it, and those, still encoded.
fn split<'a>(path: &Path, bytes: &'a [u8]) -> Result<(String, Appended<'a>), FileError> {
    const BEGIN: &[u8] = b"<AppendedData";
    let text = |bytes: &[u8]| {
        String::from_utf8(bytes.to_vec()).map_err(|_| damaged(path, "its XML is not UTF-8"))
    };
    let Some(at) = bytes.windows(BEGIN.len()).position(|window| window == BEGIN) else {
        return Ok((text(bytes)?, None));
    };
    let tag = &bytes[at..];
    let end = tag.iter().position(|byte| *byte == b'>').unwrap_or(tag.len() - 1);
    let encoding = match String::from_utf8_lossy(&tag[..end]).contains("base64") {
        true => Encoding::Base64,
        false => Encoding::Raw,
    };
    let mark = tag[end..].iter().position(|byte| *byte == b'_');
    let Some(mark) = mark else {
        return Err(damaged(path, "its appended data do not begin with _"));
    };
    let header = text(&bytes[..at])? + "</VTKFile>";
    Ok((header, Some((encoding, &tag[end + mark + 1..]))))
}

fn known(path: &Path, kind: &str) -> Result<&'static str, FileError> {
    match kind {
        "ImageData" => Ok("ImageData"),
        "RectilinearGrid" => Ok("RectilinearGrid"),
        "StructuredGrid" => Ok("StructuredGrid"),
        "UnstructuredGrid" => Err(not_read(path, "a VTK file with an unstructured grid", NO_GRID)),
        "PolyData" => Err(not_read(path, "a VTK file with polygons", NO_GRID)),
        "Collection" => Err(not_read(
            path,
            "a list of VTK files (.pvd)",
            "name one of the files in it, or a series of them",
        )),
        _ if kind.starts_with('P') => Err(not_read(path, "a list of pieces of a VTK grid", PIECES)),
        _ => Err(not_read(path, "a VTK file of another kind than grids", NO_GRID)),
    }
}

fn children<'a, 'b: 'a>(
    node: Node<'a, 'b>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'b>> {
    node.children().filter(move |child| child.has_tag_name(name))
}

fn child<'a, 'b: 'a>(
    path: &Path,
    node: Node<'a, 'b>,
    name: &'static str,
) -> Result<Node<'a, 'b>, FileError> {
    let found = children(node, name).next();
    found.ok_or_else(|| damaged(path, format!("its XML has no element {name}")))
}

fn numbers<T: std::str::FromStr>(path: &Path, text: &str) -> Result<Vec<T>, FileError> {
    let number = |word: &str| {
        let short: String = word.chars().take(40).collect();
        word.parse()
            .map_err(|_| damaged(path, format!("{short:?} stands where a number is needed")))
    };
    text.split_whitespace().map(number).collect()
}

/// First and last index along x, y, z.
fn extent(path: &Path, text: Option<&str>) -> Result<[[i64; 3]; 2], FileError> {
    let found: Vec<i32> = numbers(path, text.unwrap_or_default())?;
    let [a, b, c, d, e, f] = found[..] else {
        return Err(damaged(path, "its extent is not six numbers"));
    };
    Ok([[a, c, e].map(i64::from), [b, d, f].map(i64::from)])
}

fn blocks<'a>(
    path: &Path,
    root: Node<'_, '_>,
    appended: &Appended<'a>,
) -> Result<Blocks<'a>, FileError> {
    let zlib = match root.attribute("compressor") {
        None => false,
        Some("vtkZLibDataCompressor") => true,
        Some(_) => {
            let advice = "save it with the compressor zlib or without (ParaView: Save Data, Compressor Type)";
            return Err(not_read(path, "a VTK file compressed by LZ4 or LZMA", advice));
        }
    };
    let big_endian = root.attribute("byte_order") == Some("BigEndian");
    let wide = root.attribute("header_type") == Some("UInt64");
    Ok(Blocks { zlib, big_endian, wide, appended: *appended })
}

struct Xml<'a> {
    path: &'a Path,
    blocks: Blocks<'a>,
}

impl Xml<'_> {
    fn array(
        &self,
        node: Node<'_, '_>,
        in_cells: bool,
        count: usize,
    ) -> Result<VtkArray, FileError> {
        let components = node.attribute("NumberOfComponents").unwrap_or("1");
        let components: usize = numbers(self.path, components)?.first().copied().unwrap_or(1);
        let name = node.attribute("Name").unwrap_or("array").replace([',', ' '], "_");
        let (values, element) = self.values(node, count.saturating_mul(components))?;
        Ok(VtkArray { name, components, in_cells, values, number: number(element) })
    }

    fn values(&self, node: Node<'_, '_>, count: usize) -> Result<(Vec<f64>, Element), FileError> {
        let element = self.element(node)?;
        let text = node.text().unwrap_or_default();
        let fail = |reason: String| {
            damaged(
                self.path,
                format!("array {:?}: {reason}", node.attribute("Name").unwrap_or_default()),
            )
        };
        let bytes = count.saturating_mul(element.size());
        let values = match node.attribute("format").unwrap_or("ascii") {
            "ascii" => numbers(self.path, text)?,
            "binary" => decode(&self.blocks.inline(text, bytes).map_err(fail)?, element),
            "appended" => {
                let offset = node.attribute("offset").and_then(|text| text.trim().parse().ok());
                let offset = offset.ok_or_else(|| fail("it has no offset".into()))?;
                decode(&self.blocks.appended(offset, bytes).map_err(fail)?, element)
            }
            other => return Err(fail(format!("its format {other:?} is not known"))),
        };
        match values.len() == count {
            true => Ok((values, element)),
            false => Err(fail(format!("it has {} numbers, and {count} are needed", values.len()))),
        }
    }

    fn element(&self, node: Node<'_, '_>) -> Result<Element, FileError> {
        let kind = node.attribute("type").unwrap_or_default();
        let code = match kind {
            "Int8" => "i1",
            "UInt8" => "u1",
            "Int16" => "i2",
            "UInt16" => "u2",
            "Int32" => "i4",
            "UInt32" => "u4",
            "Int64" => "i8",
            "UInt64" => "u8",
            "Float32" => "f4",
            "Float64" => "f8",
            _ => return Err(damaged(self.path, format!("{kind:?} is no type of numbers"))),
        };
        let order = if self.blocks.big_endian { '>' } else { '<' };
        Ok(Element::parse(&format!("{order}{code}")).expect("a type in the table"))
    }

    fn grid(
        &self,
        kind: &str,
        (grid, piece): (Node<'_, '_>, Node<'_, '_>),
        first: [i64; 3],
        dims: [usize; 3],
    ) -> Result<VtkGrid, FileError> {
        match kind {
            "ImageData" => self.image(grid, first, dims),
            "RectilinearGrid" => {
                let part = child(self.path, piece, "Coordinates")?;
                let nodes: Vec<Node> = children(part, "DataArray").collect();
                let [x, y, z] = nodes[..] else {
                    return Err(damaged(
                        self.path,
                        format!("it has {} lists of coordinates", nodes.len()),
                    ));
                };
                let (x, element) = self.values(x, dims[0])?;
                let lists = [x, self.values(y, dims[1])?.0, self.values(z, dims[2])?.0];
                Ok(VtkGrid::Axes(lists, element.size() == 4))
            }
            _ => {
                let node = child(self.path, child(self.path, piece, "Points")?, "DataArray")?;
                let (points, element) =
                    self.values(node, dims.iter().product::<usize>().saturating_mul(3))?;
                Ok(VtkGrid::Points(dims, points, element.size() == 4))
            }
        }
    }

    fn image(
        &self,
        grid: Node<'_, '_>,
        first: [i64; 3],
        dims: [usize; 3],
    ) -> Result<VtkGrid, FileError> {
        let three =
            |name: &str, or: &str| numbers::<f64>(self.path, grid.attribute(name).unwrap_or(or));
        let (origin, spacing) = (three("Origin", "0 0 0")?, three("Spacing", "1 1 1")?);
        let direction = three("Direction", "1 0 0 0 1 0 0 0 1")?;
        if direction != [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0] {
            let advice = "its Direction turns the axes; resample it on upright axes and save it without Direction";
            return Err(not_read(self.path, "a turned VTK image", advice));
        }
        if origin.len() != 3 || spacing.len() != 3 {
            return Err(damaged(self.path, "Origin and Spacing are not three numbers each"));
        }
        let at = |k: usize, i: usize| origin[k] + spacing[k] * (first[k] + i as i64) as f64;
        let list = |k: usize| (0..dims[k]).map(|i| at(k, i)).collect();
        Ok(VtkGrid::Axes([list(0), list(1), list(2)], false))
    }
}
