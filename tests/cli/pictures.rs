//! Pictures from outside: what is drawn, where it goes, how large it is.

use crate::{files, folder, hodge, json_lines, refused, smooth};
use base64::Engine;
use ndarray::{Array3, Array4, Axis, stack};
use ndarray_npy::write_npy;
use std::collections::HashSet;
use std::path::Path;

/// Ends of the colours, by the tables of their makers.
const VIRIDIS: [[u8; 3]; 2] = [[68, 1, 84], [253, 231, 37]];
const MAGMA: [[u8; 3]; 2] = [[0, 0, 4], [252, 253, 191]];

fn draws(folder: &Path, arguments: &[&str]) -> String {
    let outcome = hodge(folder, &[&["decompose"], arguments].concat());
    assert_eq!(outcome.code, 0, "{arguments:?}: {}", outcome.err);
    outcome.err
}

/// Size, pixels and pixels per metre of a PNG file.
fn read_png(bytes: &[u8]) -> ([u32; 2], Vec<[u8; 3]>, Option<u32>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    let size = reader.next_frame(&mut rgb).unwrap();
    let resolution = reader.info().pixel_dims.map(|dims| {
        assert!(dims.unit == png::Unit::Meter && dims.xppu == dims.yppu);
        dims.xppu
    });
    ([size.width, size.height], rgb.as_chunks::<3>().0.to_vec(), resolution)
}

/// The texts of an SVG file, the images in it, and its width.
struct Drawn {
    texts: Vec<String>,
    images: Vec<Vec<[u8; 3]>>,
    width: f64,
}

fn read_svg(path: &Path) -> Drawn {
    let text = std::fs::read_to_string(path).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    let named = |name: &'static str| document.descendants().filter(move |n| n.has_tag_name(name));
    let image = |node: roxmltree::Node<'_, '_>| {
        let link = node.attribute(("http://www.w3.org/1999/xlink", "href")).unwrap();
        let data = link.strip_prefix("data:image/png;base64,").unwrap();
        read_png(&base64::engine::general_purpose::STANDARD.decode(data).unwrap()).1
    };
    Drawn {
        texts: named("text").map(|n| n.text().unwrap_or_default().into()).collect(),
        images: named("image").map(image).collect(),
        width: document.root_element().attribute("width").unwrap().parse().unwrap(),
    }
}

impl Drawn {
    fn says(&self, text: &str) -> bool {
        self.texts.iter().any(|t| t == text)
    }

    fn headline(&self) -> &str {
        &self.texts[0]
    }
}

#[test]
fn parts_are_named_with_their_shares_and_zero_parts_are_left_out() {
    let folder = folder();
    let path = folder.path();
    let arguments = ["decompose", "analytic:B4", "--n", "32", "--picture", "all.svg"];
    let outcome = hodge(path, &[&arguments[..], &["--format", "json"]].concat());
    let shares = &json_lines(&outcome.out)[0]["share_of_input"];
    let all = read_svg(&path.join("all.svg"));
    let meanings = ["no curl", "no divergence", "neither curl nor divergence"];
    for (part, meaning) in ["gradient", "solenoidal", "harmonic"].into_iter().zip(meanings) {
        let share = 100.0 * shares[part].as_f64().unwrap();
        assert!(all.says(&format!("{part} part: {share:.1} %")), "{:?}", all.texts);
        assert!(all.texts.iter().any(|t| t.starts_with(meaning)), "{:?}", all.texts);
    }
    assert!(all.says("input") && !all.headline().contains("zero"));
    assert_eq!(all.images.len(), 5, "four panels and the colour bar");
    // A shear flow on a torus: nothing but a solenoidal part.
    let wave = |j: usize| (std::f64::consts::TAU * j as f64 / 12.0).sin();
    let shear = Array3::from_shape_fn((2, 12, 16), |(c, j, _)| if c == 0 { wave(j) } else { 0.0 });
    write_npy(path.join("shear.npy"), &shear).unwrap();
    draws(path, &["shear.npy", "--periodic", "x,y", "--picture", "one.svg"]);
    let one = read_svg(&path.join("one.svg"));
    assert!(one.says("solenoidal part: 100.0 %") && one.images.len() == 3, "{:?}", one.texts);
    assert!(!one.texts.iter().any(|t| t.starts_with("gradient") || t.starts_with("harmonic")));
    assert!(
        one.headline().ends_with("; gradient and harmonic parts are zero"),
        "{}",
        one.headline()
    );
    // Of a field of zeros the input is left.
    write_npy(path.join("zero.npy"), &Array3::<f64>::zeros((2, 6, 5))).unwrap();
    draws(path, &["zero.npy", "--picture", "none.svg"]);
    let none = read_svg(&path.join("none.svg"));
    assert!(none.images.len() == 2 && none.says("zero here"), "{:?}", none.texts);
    assert!(none.images[0].iter().all(|rgb| *rgb == VIRIDIS[0]));
}

/// Shares on the faces and at the points differ where the field is rough.
#[test]
fn titles_are_the_shares_of_the_table_and_tiny_parts_are_left_out() {
    let folder = folder();
    let path = folder.path();
    let rough = Array3::from_shape_fn((2, 16, 18), |(c, j, i)| {
        let zigzag = 1.0 - 2.0 * ((i + j) % 2) as f64;
        (0.4 * i as f64 + 0.3 * j as f64 + c as f64).sin() + 0.6 * zigzag
    });
    write_npy(path.join("rough.npy"), &rough).unwrap();
    let run = ["decompose", "rough.npy", "--boundary", "no-flux", "--picture", "p.svg"];
    let report = &json_lines(&hodge(path, &[&run[..], &["--format", "json"]].concat()).out)[0];
    let drawn = read_svg(&path.join("p.svg"));
    for part in ["gradient", "solenoidal"] {
        let of = |key: &str| format!("{:.1} %", 100.0 * report[key][part].as_f64().unwrap());
        assert_ne!(of("share_of_input"), of("fraction"), "{report}");
        let title = format!("{part} part: {}", of("share_of_input"));
        assert!(drawn.says(&title), "{title}: {:?}", drawn.texts);
    }
    // One wave along a gradient and a thousandth of it across, or a hundredth of that.
    let wave = |i: usize| (std::f64::consts::TAU * i as f64 / 12.0).cos();
    for (across, says) in
        [(0.03, "solenoidal part: 0.090 %"), (0.003, "solenoidal part is below 0.01 %")]
    {
        let flow = Array3::from_shape_fn((2, 12, 12), |(c, _, i)| wave(i) * [1.0, across][c]);
        write_npy(path.join("flow.npy"), &flow).unwrap();
        draws(path, &["flow.npy", "--periodic", "x,y", "--picture", "q.svg", "--overwrite"]);
        let drawn = read_svg(&path.join("q.svg"));
        assert!(drawn.texts.iter().any(|t| t.contains(says)), "{:?}", drawn.texts);
        let magnified = drawn.texts.iter().any(|t| t.contains("colours × 20: brightest at 0.0500"));
        assert_eq!(magnified, across == 0.03, "{:?}", drawn.texts);
    }
}

#[test]
fn the_plane_that_was_asked_for_is_drawn() {
    let folder = folder();
    let path = folder.path();
    // (1, 0, 0) on the plane z = 0.3 only, points at 0, 0.1, ….
    let flow =
        Array4::from_shape_fn((3, 9, 6, 7), |(c, k, _, _)| f64::from(u8::from(c == 0 && k == 3)));
    write_npy(path.join("flow.npy"), &flow).unwrap();
    let of = |slice: &str| {
        let run = ["flow.npy", "--spacing", "0.1", "--picture", "p.svg", "--overwrite"];
        let slice = if slice.is_empty() { vec![] } else { vec!["--picture-slice", slice] };
        draws(path, &[&run[..], &slice].concat());
        read_svg(&path.join("p.svg"))
    };
    for (slice, plane, filled) in [
        ("z=0.3", "plane z = 0.3", Some(true)),
        ("z=0.26", "plane z = 0.3", Some(true)),
        ("z=0.2", "plane z = 0.2", Some(false)),
        ("", "plane z = 0.4", Some(false)),
        ("y=0.1", "plane y = 0.1", None),
    ] {
        let drawn = of(slice);
        assert!(drawn.headline().contains(plane), "{slice}: {}", drawn.headline());
        assert!(drawn.says("magnitude in the plane"), "{:?}", drawn.texts);
        let names: Vec<_> = ["x", "y", "z"].into_iter().filter(|name| drawn.says(name)).collect();
        assert_eq!(names, if slice.starts_with('y') { ["x", "z"] } else { ["x", "y"] });
        // The input has one colour over a plane normal to z, and both ends of them over the other.
        let input = &drawn.images[0];
        let full = input.iter().filter(|rgb| **rgb == VIRIDIS[1]).count();
        let empty = input.iter().filter(|rgb| **rgb == VIRIDIS[0]).count();
        match filled {
            Some(true) => assert_eq!(full, input.len(), "{slice}"),
            Some(false) => assert_eq!(empty, input.len(), "{slice}"),
            None => {
                // z runs upwards from -0.05 to 0.85.
                let brightest = input.iter().map(|rgb| rgb[1]).max().unwrap();
                let middle = input.iter().position(|rgb| rgb[1] == brightest).unwrap();
                let from_above = middle as f64 / input.len() as f64;
                assert!((from_above - 0.55 / 0.9).abs() < 0.02, "{from_above}");
                assert!(empty > full, "{slice}: {full} and {empty}");
            }
        }
    }
}

#[test]
fn names_of_axes_stand_clear_of_long_numbers() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("wide.npy"), &smooth(12, 14)).unwrap();
    let origin = ["--origin", "0,-60000"];
    let run = ["wide.npy", "--spacing", "5000", "--picture", "p.svg"];
    draws(path, &[&run[..], &origin].concat());
    let text = std::fs::read_to_string(path.join("p.svg")).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    let texts = document.descendants().filter(|n| n.has_tag_name("text"));
    let place = |node: &roxmltree::Node<'_, '_>| -> (f64, f64) {
        let of = |name| node.attribute(name).unwrap().parse().unwrap();
        (of("x"), of("font-size"))
    };
    let texts: Vec<_> = texts.collect();
    // Of the leftmost panel. Numbers end where they are placed, and a digit is half as wide as high at least.
    let least = |wanted: &str| {
        let found = texts.iter().filter(|n| n.text() == Some(wanted)).map(&place);
        found.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_else(|| panic!("no {wanted}: {text}"))
    };
    let ((number, size), (label, height)) = (least("-40000"), least("y"));
    assert!(label + 0.2 * height < number - 6.0 * 0.5 * size, "{label} on {number}");
    assert!(label - 0.75 * height > 0.0, "{label} is cut off");
}

#[test]
fn planes_that_are_not_there_are_refused() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("plane.npy"), &smooth(6, 7)).unwrap();
    write_npy(path.join("space.npy"), &Array4::<f64>::ones((3, 4, 5, 6))).unwrap();
    let of = |file, slice| ["decompose", file, "--picture-slice", slice];
    refused(path, &of("plane.npy", "z=1"), &["--picture-slice z=1", "two axes, x and y"]);
    refused(path, &of("space.npy", "z=3.6"), &["outside of the field", "z from 0 to 3"]);
    refused(path, &of("space.npy", "x=-0.6"), &["outside of the field", "x from 0 to 5"]);
    refused(path, &of("space.npy", "t=1"), &["no axis t", "x, y or z"]);
    for wrong in ["z", "z=", "z=a", "z=NaN", "0.3"] {
        refused(path, &of("space.npy", wrong), &["such as z=0.3"]);
    }
    let outcome = hodge(path, &of("space.npy", "z=1"));
    assert!(outcome.code == 2 && outcome.err.contains("--picture"), "{}", outcome.err);
}

#[test]
fn pictures_have_the_size_and_the_colours_that_were_asked_for() {
    let folder = folder();
    let path = folder.path();
    let read = |name: &str| read_png(&std::fs::read(path.join(name)).unwrap());
    let field = ["analytic:B4", "--n", "24"];
    draws(path, &[&field[..], &["--picture", "usual.png"]].concat());
    draws(path, &[&field[..], &["--picture", "small", "--size", "700", "--dpi", "300"]].concat());
    let ((usual, pixels, none), (small, _, dense)) = (read("usual.png"), read("small"));
    assert_eq!((usual[0], small[0], none, dense), (1600, 700, None, Some(11811)));
    assert!((f64::from(usual[1]) * 700.0 / 1600.0 - f64::from(small[1])).abs() <= 1.0);
    assert!(pixels.iter().take(1600).all(|rgb| *rgb == [255; 3]), "a white rim");
    for (name, [dark, bright]) in [("viridis", VIRIDIS), ("magma", MAGMA)] {
        let picture = ["--picture", "p.svg", "--overwrite", "--size", "900", "--colours", name];
        draws(path, &[&field[..], &picture].concat());
        let drawn = read_svg(&path.join("p.svg"));
        assert_eq!(drawn.width, 900.0);
        // The colour bar runs from the bottom up.
        let bar = drawn.images.last().unwrap();
        assert_eq!((bar[0], bar[bar.len() - 1]), (bright, dark), "{name}");
    }
}

#[test]
fn options_of_pictures_that_cannot_apply_are_refused() {
    let folder = folder();
    let path = folder.path();
    write_npy(path.join("f.npy"), &smooth(6, 7)).unwrap();
    let with = |options: &[&'static str]| [&["decompose", "f.npy"], options].concat();
    refused(path, &with(&["--colours", "rainbow"]), &["rainbow", "viridis, cividis, magma"]);
    for size in ["0", "199", "1000000", "wide"] {
        refused(path, &with(&["--size", size]), &["--size"]);
    }
    let alone: [&[&'static str]; 4] =
        [&["--size", "800"], &["--dpi", "300"], &["--colours", "magma"], &["--picture-all"]];
    for options in alone {
        let outcome = hodge(path, &with(options));
        assert_eq!(outcome.code, 2, "{options:?}");
        assert!(outcome.err.contains("--picture"), "{options:?}: {}", outcome.err);
    }
    let outcome = hodge(path, &with(&["--picture", "p.svg", "--dpi", "300"]));
    assert!(outcome.code == 2 && outcome.err.contains("--dpi"), "{}", outcome.err);
    assert_eq!(files(path), ["f.npy"]);
}

#[test]
fn a_series_has_one_picture_unless_all_are_asked_for() {
    let folder = folder();
    let path = folder.path();
    let one = smooth(8, 10);
    let fields = [one.view(), one.view(), one.view(), one.view()];
    write_npy(path.join("series.npy"), &stack(Axis(0), &fields).unwrap()).unwrap();
    write_npy(path.join("one.npy"), &one).unwrap();
    let said = draws(path, &["series.npy", "one.npy", "--picture", "p.png"]);
    assert_eq!(said.matches("first field only; --picture-all").count(), 1, "{said}");
    assert_eq!(files(path), ["one.npy", "p.png", "series.npy"]);
    let all = ["decompose", "series.npy", "--picture-all"];
    let said = draws(path, &[&all[1..], &["--picture", "q.svg"]].concat());
    assert!(!said.contains("first field"), "{said}");
    let drawn = ["one.npy", "p.png", "q-1.svg", "q-2.svg", "q-3.svg", "q.svg", "series.npy"];
    assert_eq!(files(path), drawn);
    let headlines: HashSet<String> = ["q.svg", "q-1.svg", "q-2.svg", "q-3.svg"]
        .map(|name| read_svg(&path.join(name)).texts[0].clone())
        .into();
    assert_eq!(headlines.len(), 4, "each names its field: {headlines:?}");
    assert!(headlines.iter().any(|line| line.starts_with("series, t=1: ")), "{headlines:?}");
    // A numbered picture that is there stops a run that would replace it, and no other.
    std::fs::remove_file(path.join("q.svg")).unwrap();
    let outcome = hodge(path, &[&all[..], &["--picture", "q.svg"]].concat());
    assert!(outcome.code == 2 && outcome.err.contains("q-1.svg"), "{}", outcome.err);
    draws(path, &["series.npy", "--picture", "q.svg"]);
}
