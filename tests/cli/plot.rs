//! `hodge plot` from outside: the numbers behind pictures and where they are drawn.

use crate::{files, folder, hodge, json_lines, smooth, write_npz};
use base64::Engine;
use ndarray::{Array1, Array2, Array3, Array4, Axis, stack};
use ndarray_npy::{NpzWriter, write_npy};
use serde_json::Value;
use std::f64::consts::TAU;
use std::path::Path;

fn plotted(path: &Path, line: &[&str]) -> Value {
    let outcome = hodge(path, &[&["plot", "--format", "json", "--quiet"], line].concat());
    assert_eq!(outcome.code, 0, "{line:?}: {}", outcome.err);
    json_lines(&outcome.out).remove(0)
}

fn decomposed(path: &Path, line: &[&str]) {
    let outcome = hodge(path, &[&["decompose", "--quiet"], line].concat());
    assert_eq!(outcome.code, 0, "{line:?}: {}", outcome.err);
}

fn panel<'a>(found: &'a Value, title: &str) -> &'a Value {
    let panels = found["panels"].as_array().unwrap();
    panels.iter().find(|p| p["panel"] == title).unwrap_or_else(|| panic!("no {title}: {found}"))
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

fn is_near(found: &Value, expected: f64, what: &str) {
    let found = number(found);
    assert!((found - expected).abs() < 1e-11 * expected.abs().max(1e-7), "{what}: {found}");
}

/// Two components and the coordinates of both axes.
fn write_field(path: &Path, [x, y]: [(&str, &[f64]); 2], flow: impl Fn(f64, f64) -> [f64; 2]) {
    let mut npz = NpzWriter::new(std::fs::File::create(path).unwrap());
    for (name, values) in [x, y] {
        npz.add_array(name, &Array1::from(values.to_vec())).unwrap();
    }
    for (k, name) in ["u", "v"].into_iter().enumerate() {
        let shape = (y.1.len(), x.1.len());
        let values = Array2::from_shape_fn(shape, |(j, i)| flow(x.1[i], y.1[j])[k]);
        npz.add_array(name, &values).unwrap();
    }
    npz.finish().unwrap();
}

fn steps(first: f64, last: f64, count: usize) -> Vec<f64> {
    let step = (last - first) / (count - 1) as f64;
    (0..count).map(|i| first + i as f64 * step).collect()
}

fn attribute(node: &roxmltree::Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

/// Left, top, width and height of the first image, and what it shows.
fn first_image(document: &roxmltree::Document<'_>) -> ([f64; 4], [usize; 2], Vec<[u8; 3]>) {
    let node = document.descendants().find(|n| n.has_tag_name("image")).unwrap();
    let frame = ["x", "y", "width", "height"].map(|name| attribute(&node, name));
    let link = node.attribute(("http://www.w3.org/1999/xlink", "href")).unwrap();
    let data = link.strip_prefix("data:image/png;base64,").unwrap();
    let bytes = base64::engine::general_purpose::STANDARD.decode(data).unwrap();
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    let size = reader.next_frame(&mut rgb).unwrap();
    let pixels = rgb.as_chunks::<3>().0.to_vec();
    (frame, [size.width as usize, size.height as usize], pixels)
}

/// The potential of (a − x, 3(b − y)) is c − ((x − a)² + 3(y − b)²)/2 under `no-flux`, which leaves nothing to the other parts:
/// its contours are ellipses around (a, b) whose squares differ as the levels do. Fails with contours of another array or level,
/// with rows upside down, and with coordinates half a cell off.
#[test]
fn contours_lie_where_a_known_potential_has_their_level() {
    let folder = folder();
    let path = folder.path();
    let (a, b) = (0.3, -0.2);
    let x = steps(-1.0, 1.0, 41);
    write_field(&path.join("bowl.npz"), [("x", &x), ("y", &x)], |x, y| [a - x, 3.0 * (b - y)]);
    decomposed(path, &["bowl.npz", "--boundary", "no-flux", "-o", "parts.h5"]);
    let found = plotted(
        path,
        &["parts.h5", "-o", "p.svg", "--part", "gradient", "--show", "potential", "--size", "1600"],
    );
    let levels = panel(&found, "gradient part")["contours"]["levels"].as_array().unwrap();
    let text = std::fs::read_to_string(path.join("p.svg")).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    let ([left, top, width, height], ..) = first_image(&document);
    let lines = document.descendants().filter(|n| n.attribute("stroke-width") == Some("1.5"));
    let lines: Vec<&str> = lines.map(|n| n.attribute("d").unwrap()).collect();
    assert_eq!(lines.len(), levels.len());
    assert!(levels.len() >= 6, "{levels:?}");
    // What is added to the level of every point is the constant c.
    let mut constants = Vec::new();
    for (line, level) in lines.iter().zip(levels) {
        for point in line.split(['M', 'L']).filter(|point| !point.is_empty()) {
            let mut numbers = point.trim_end_matches('Z').split(' ');
            let mut next = || numbers.next().unwrap().parse::<f64>().unwrap();
            let (x, y) = ((next() - left) / width, 1.0 - (next() - top) / height);
            let [x, y] = [x, y].map(|share| 1.025 * (2.0 * share - 1.0));
            constants.push(number(level) + 0.5 * ((x - a).powi(2) + 3.0 * (y - b).powi(2)));
        }
    }
    let mean = constants.iter().sum::<f64>() / constants.len() as f64;
    let largest = constants.iter().map(|c| (c - mean).abs()).fold(0.0, f64::max);
    assert!(constants.len() > 300 && largest < 2e-3, "{} points, {largest}", constants.len());
}

/// Central differences of sines are sines, times sin(kh)/(kh): divergence and curl of all points are known to rounding, and where
/// they are positive the map is red. Fails for other differences, a wrong spacing or sign, u and v exchanged, rows upside down.
#[test]
fn maps_show_known_divergence_and_curl() {
    let folder = folder();
    let path = folder.path();
    let [x, y] = [32, 24].map(|n| steps(0.0, TAU * (n - 1) as f64 / n as f64, n));
    let flow = |x: f64, y: f64| [x.sin() + 3.0 * y.cos(), 2.0 * y.sin()];
    write_field(&path.join("waves.npz"), [("x", &x), ("y", &y)], flow);
    let line = ["waves.npz", "--periodic", "x,y", "--show", "divergence,curl", "-o", "m.svg"];
    let found = plotted(path, &line);
    let damped = |n: f64| (TAU / n).sin() / (TAU / n);
    let divergence = damped(32.0) + 2.0 * damped(24.0);
    let (map, curl) = (panel(&found, "divergence, input"), panel(&found, "curl, input"));
    is_near(&map["largest"], divergence, "largest");
    is_near(&map["least"], -divergence, "least");
    let squares = 0.5 * (damped(32.0).powi(2) + 4.0 * damped(24.0).powi(2));
    is_near(&map["root_mean_square"], squares.sqrt(), "rms");
    is_near(&curl["largest"], 3.0 * damped(24.0), "largest curl");
    // Positive around the lower left corner, negative in the middle.
    let text = std::fs::read_to_string(path.join("m.svg")).unwrap();
    let (_, [nx, ny], pixels) = first_image(&roxmltree::Document::parse(&text).unwrap());
    for (x, y) in [(0.1, 0.3), (0.3, 1.2), (3.0, 3.2), (2.2, 3.9), (0.2, 2.6), (3.3, 0.4)] {
        let sum = f64::cos(x) + 2.0 * f64::cos(y);
        let place = |at: f64, n: usize| ((at / TAU + 0.02) * n as f64) as usize;
        let [r, _, b] = pixels[(ny - 1 - place(y, ny)) * nx + place(x, nx)];
        assert_eq!(r > b, sum > 0.0, "at {x}, {y}: {r} {b}");
    }
}

/// On a sphere solid rotation cos φ has the curl 2 sin φ/R, by differences times sin 2h/2h; on uneven coordinates x² has the
/// difference x₊ + x₋. Fails where lengths are those of degrees or of even spacing.
#[test]
fn maps_use_the_metric() {
    let folder = folder();
    let path = folder.path();
    let (longitudes, latitudes) = (steps(-60.0, 0.0, 13), steps(20.0, 60.0, 9));
    let axes = [("lon", &longitudes[..]), ("lat", &latitudes[..])];
    write_field(&path.join("turn.npz"), axes, |_, y| [y.to_radians().cos(), 0.0]);
    let found = plotted(path, &["turn.npz", "--show", "curl,divergence", "-o", "turn.svg"]);
    let twice = 10f64.to_radians();
    let of = |latitude: f64| 2.0 * latitude.to_radians().sin() * twice.sin() / twice / 6371200.0;
    let (curl, divergence) = (panel(&found, "curl, input"), panel(&found, "divergence, input"));
    for (which, latitude) in [("largest", 55.0), ("least", 25.0)] {
        let ratio = number(&curl[which]) / of(latitude);
        assert!((ratio - 1.0).abs() < 1e-12, "{which}: {ratio}");
        assert!(number(&divergence[which]).abs() < 1e-20, "{divergence}");
    }
    let axes = [("x", &[0.0, 1.0, 3.0, 6.0][..]), ("y", &[0.0, 1.0, 2.0][..])];
    write_field(&path.join("uneven.npz"), axes, |x, _| [x * x, 0.0]);
    let found = plotted(path, &["uneven.npz", "--show", "divergence", "-o", "uneven.svg"]);
    let divergence = panel(&found, "divergence, input");
    is_near(&divergence["least"], 3.0, "x = 1");
    is_near(&divergence["largest"], 7.0, "x = 3");
}

/// One wave has its energy in one shell: ½ of the square of its amplitude. Fails for shells that are off by one, and without squares.
#[test]
fn spectra_have_the_energy_of_a_wave_in_its_shell() {
    let folder = folder();
    let path = folder.path();
    let h = TAU / 32.0;
    let wave = Array3::from_shape_fn((2, 32, 32), |(c, _, i)| match c {
        0 => 0.0,
        _ => 2.0 * (3.0 * i as f64 * h).sin() + (5.0 * i as f64 * h).cos(),
    });
    write_npy(path.join("wave.npy"), &wave).unwrap();
    let spacing = h.to_string();
    let line = ["wave.npy", "--periodic", "x,y", "--spacing", &spacing, "-o", "s.png"];
    let found = plotted(path, &[&line[..], &["--show", "spectrum"]].concat());
    let spectrum = &found["spectrum"];
    let energies = spectrum["energy"][0][1].as_array().unwrap();
    for (k, energy) in spectrum["wavenumber"].as_array().unwrap().iter().zip(energies) {
        let expected = match number(k).round() as i64 {
            3 => 2.0,
            5 => 0.5,
            _ => 0.0,
        };
        assert!((number(energy) - expected).abs() < 1e-12, "{k}: {energy}");
    }
}

/// A rotation around each axis has the curl 2 around it, seen in the plane normal to it. Fails for left-handed planes and for
/// components of other planes.
#[test]
fn the_curl_of_a_plane_is_right_handed() {
    let folder = folder();
    let path = folder.path();
    for (axis, pair) in [("x", (1, 2)), ("y", (2, 0)), ("z", (0, 1))] {
        let turn = Array4::from_shape_fn((3, 7, 8, 9), |(c, k, j, i)| {
            let at = [i as f64, j as f64, k as f64];
            let (a, b) = pair;
            if c == a {
                -at[b]
            } else if c == b {
                at[a]
            } else {
                5.0 * at[c]
            }
        });
        write_npy(path.join("turn.npy"), &turn).unwrap();
        let slice = format!("{axis}=3");
        let line = ["turn.npy", "--show", "curl,divergence", "-o", "t.svg", "--overwrite"];
        let found = plotted(path, &[&line[..], &["--picture-slice", &slice]].concat());
        assert!(found["field"].as_str().unwrap().ends_with(&format!("plane {axis} = 3")));
        for which in ["least", "largest"] {
            is_near(&panel(&found, "curl, input")[which], 2.0, axis);
            is_near(&panel(&found, "divergence, input")[which], 5.0, axis);
        }
    }
}

/// Parts of a masked series are drawn as they are in the file: fields by their number, land in grey. Fails where the first is taken
/// for every field, where NaN or the zeros of land are counted, and where another part is read.
#[test]
fn fields_of_a_masked_series_are_drawn_by_their_number() {
    let folder = folder();
    let path = folder.path();
    let both = [3.0, 7.0].map(|more| smooth(14, 16) + more);
    let mut fields = stack(Axis(0), &both.each_ref().map(|field| field.view())).unwrap();
    fields.slice_mut(ndarray::s![.., .., 4..8, 5..9]).fill(f64::NAN);
    write_npy(path.join("fields.npy"), &fields).unwrap();
    let line = ["fields.npy", "--axes", "t,c,y,x", "--mask", "nan", "--potentials", "-o", "r.h5"];
    decomposed(path, &line);
    let everything = "magnitude,quiver,streamlines,potential,stream-function,curl";
    for (step, field) in fields.outer_iter().enumerate() {
        let step = step.to_string();
        let line = ["r.h5", "-o", "p.svg", "--overwrite", "--step", &step, "--show", everything];
        let found = plotted(path, &line);
        let (u, v) = (field.index_axis(Axis(0), 0), field.index_axis(Axis(0), 1));
        let speeds = u.iter().zip(&v).map(|(u, v)| u.hypot(*v)).filter(|v| v.is_finite());
        let [least, largest] =
            speeds.fold([f64::INFINITY, 0.0], |[a, b], v| [f64::min(a, v), f64::max(b, v)]);
        is_near(&panel(&found, "input")["least"], least, "least");
        is_near(&panel(&found, "input")["largest"], largest, "largest");
        assert!(panel(&found, "solenoidal part")["contours"]["levels"][2].is_number());
        // Cell (6, 5) is land, cell (2, 12) is not.
        let text = std::fs::read_to_string(path.join("p.svg")).unwrap();
        let (_, [nx, ny], pixels) = first_image(&roxmltree::Document::parse(&text).unwrap());
        let at = |i: usize, j: usize| {
            let (x, y) = ((2 * i + 1) * nx / 32, ny - 1 - (2 * j + 1) * ny / 28);
            pixels[y * nx + x]
        };
        assert_eq!(at(6, 5), [205; 3]);
        assert_ne!(at(2, 12), [205; 3]);
    }
    let beyond = hodge(path, &["plot", "r.h5", "--step", "2", "-o", "never.png"]);
    assert_eq!(beyond.code, 2);
    assert!(beyond.err.contains("2 fields, counted from 0 to 1"), "{}", beyond.err);
}

/// What cannot be drawn is refused with what there is; no file is replaced or left.
#[test]
fn what_cannot_be_drawn_is_refused() {
    let folder = folder();
    let path = folder.path();
    let zeros = Array2::<f64>::ones((6, 8));
    write_npz(&path.join("one.npz"), &[("u", zeros.clone()), ("v", zeros)]);
    decomposed(path, &["one.npz", "-o", "one.h5"]);
    decomposed(path, &["analytic:P1", "analytic:B4", "--n", "8", "-o", "two.h5"]);
    std::fs::write(path.join("kept.png"), "mine").unwrap();
    let before = files(path);
    for (line, says) in [
        (&["one.npz", "--show", "potential"][..], "hodge decompose one.npz --potentials"),
        (&["one.h5", "--show", "stream-function"], "has no stream-function"),
        (&["one.h5", "--part", "gradient", "--show", "nothing"], "possible values"),
        (&["one.npz", "--part", "gradient"], "has no gradient part; there is input"),
        (&["two.h5"], "has 2 fields"),
        (&["two.h5", "--group", "b4"], "near it B4"),
        (&["one.h5", "--group", "B4"], "without groups"),
        (&["one.npz", "--group", "B4"], "--group is for result files"),
        (&["one.h5", "--picture-slice", "z=1"], "has two axes"),
        (&["one.h5", "--part", "input", "--show", "potential"], "add it to --part"),
        (&["analytic:B6", "--n", "6", "--show", "stream-function"], "vector potential"),
        (&["one.h5", "--show", "spectrum"], "--periodic"),
        (&["missing.h5"], "missing.h5"),
    ] {
        let outcome = hodge(path, &[&["plot", "-o", "never.png"], line].concat());
        assert_eq!(outcome.code, 2, "{line:?}: {}", outcome.err);
        assert!(outcome.err.contains(says), "{line:?}: {}", outcome.err);
        assert_eq!(files(path), before, "{line:?}");
    }
    let kept = hodge(path, &["plot", "one.h5", "-o", "kept.png"]);
    assert_eq!(kept.code, 2, "{}", kept.err);
    assert_eq!(std::fs::read(path.join("kept.png")).unwrap(), b"mine");
    assert_eq!(hodge(path, &["plot", "one.h5", "-o", "one.gif"]).code, 2);
}

/// The root mean square is a number of the unit of the field, energies are squares of it. Fails where squares leave double precision.
#[test]
fn tiny_and_huge_fields_have_their_root_mean_square() {
    let folder = folder();
    let path = folder.path();
    let one = smooth(10, 12);
    let of = |unit: f64| {
        write_npy(path.join("f.npy"), &(unit * &one)).unwrap();
        let found = plotted(path, &["f.npy", "-o", "p.svg", "--overwrite"]);
        number(&panel(&found, "input")["root_mean_square"]) / unit
    };
    let wanted = of(1.0);
    for unit in [1e-300, 1e300] {
        assert!((of(unit) / wanted - 1.0).abs() < 1e-12, "{unit:e}");
        let line = ["plot", "f.npy", "--periodic", "x,y", "--show", "spectrum", "-o", "never.svg"];
        let outcome = hodge(path, &line);
        assert_eq!(outcome.code, 2);
        assert!(outcome.err.contains("double precision"), "{}", outcome.err);
    }
    let line = ["plot", "f.npy", "--show", "curl", "--colours", "magma", "-o", "never.svg"];
    assert!(hodge(path, &line).err.contains("--colours"));
}
