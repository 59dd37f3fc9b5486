//! Pictures of |curl| and divergence.

use crate::commands::{hodge, refused};
use hodge::autoencoder::{Activation, Layer, Network};
use std::path::Path;
use tempfile::TempDir;

/// Weights of the linear map r(x) = A x.
fn linear(path: &Path, matrix: [f64; 4]) {
    let layer = |w: &[f64]| Layer { weight: w.to_vec(), bias: vec![0.0; 2], inputs: 2 };
    let layers = vec![layer(&[1.0, 0.0, 0.0, 1.0]), layer(&matrix)];
    Network::new(layers, vec![Activation::Linear], false).unwrap().write(path).unwrap();
}

/// The share of the pixels of a PNG file that are nearly of that colour.
fn share(path: &Path, colour: [u8; 3]) -> f64 {
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let mut decoder = png::Decoder::new(file);
    // Colours of a palette as such.
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let samples = info.color_type.samples();
    let near = |pixel: &&[u8]| pixel.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 8);
    let pixels = (info.width * info.height) as f64;
    bytes.chunks_exact(samples).filter(near).count() as f64 / pixels
}

/// The brightest colour of the magnitude, the darkest of positive and that of no divergence.
const BRIGHTEST: [u8; 3] = [253, 231, 37];
const DARK_RED: [u8; 3] = [103, 0, 31];

/// r(x) − x = 0.1 (−y, x) has the curl 0.2 and no divergence, 0.1 (x, y) the divergence 0.2 and no curl: both the same
/// everywhere, so that one of two maps is filled by one colour.
#[test]
fn maps_of_curl_and_divergence_have_the_colours_of_the_field() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let draw = |matrix: [f64; 4], more: &[&str]| {
        let (weights, picture) = (at("net.safetensors"), at("maps.png"));
        std::fs::remove_file(&weights).ok();
        linear(&weights, matrix);
        let words = [
            "conservativeness",
            weights.to_str().unwrap(),
            "--domain=-1,1,-1,1",
            "--n",
            "12",
            "--overwrite",
            "--size",
            "300",
            "--picture",
            picture.to_str().unwrap(),
        ];
        hodge(&[&words[..], more].concat()).success();
        [BRIGHTEST, DARK_RED].map(|colour| share(&picture, colour))
    };
    let [curl, divergence] = draw([1.0, -0.1, 0.1, 1.0], &[]);
    assert!(curl > 0.1 && divergence < 0.01, "{curl} {divergence}");
    let [curl_on_disc, _] = draw([1.0, -0.1, 0.1, 1.0], &["--mask", "disc:0.6"]);
    // A disc has 0.28 of the window.
    assert!((0.2 * curl..0.45 * curl).contains(&curl_on_disc), "{curl} {curl_on_disc}");
    let [curl, divergence] = draw([1.1, 0.0, 0.0, 1.1], &[]);
    assert!(curl < 0.01 && divergence > 0.1, "{curl} {divergence}");
}

#[test]
fn maps_of_snapshots_are_those_of_the_first_the_middle_and_the_last() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let line = |i: usize| format!("{:?},{:?}\n", (0.3 * i as f64).cos(), (0.3 * i as f64).sin());
    std::fs::write(at("p.csv"), (0..20).map(line).collect::<String>()).unwrap();
    let (points, net) = (at("p.csv"), at("s.safetensors"));
    let train = ["train", &points, "-o", &net, "--units", "8", "--epochs", "4"];
    hodge(&[&train[..], &["--snapshots", "0,1,2,3,4"]].concat()).success();
    let weights: Vec<String> = (0..5).map(|epoch| at(&format!("s-{epoch}.safetensors"))).collect();
    let weights: Vec<&str> = weights.iter().map(String::as_str).collect();
    let picture = at("maps.svg");
    let options = ["--domain=-1,1,-1,1", "--n", "8", "--size", "300", "--picture", &picture];
    hodge(&[&["snapshots"], &weights[..], &options[..]].concat()).success();
    let text = std::fs::read_to_string(&picture).unwrap();
    for epoch in 0..5 {
        let times = text.matches(&format!("epoch {epoch}<")).count();
        assert_eq!(times, if epoch % 2 == 0 { 2 } else { 0 }, "epoch {epoch}");
    }
    assert!(text.contains("|curl|") && text.contains("divergence"));
    refused(&[&["snapshots"], &weights[..], &options[..]].concat(), "--overwrite");
}

#[test]
fn pictures_of_what_has_no_grid_are_refused() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    linear(Path::new(&at("net.safetensors")), [1.0, 0.0, 0.0, 1.0]);
    std::fs::write(at("p.csv"), "0,1\n2,3\n").unwrap();
    let (net, points, picture) = (at("net.safetensors"), at("p.csv"), at("maps.png"));
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/jacobians-2.npy");
    let jacobians = format!("jacobians:{}", data.display());
    let drawn = ["--picture", &picture];
    let grid = ["--domain=-1,1,-1,1", "--n", "4"];
    for (words, expected) in [
        ([&["conservativeness", &net, "--points", &points], &drawn[..]].concat(), "--domain"),
        ([&["conservativeness", &jacobians], &drawn[..]].concat(), "has none"),
        (
            [&["conservativeness", &net, "--probes", "3"], &grid[..], &drawn[..]].concat(),
            "--probes estimates means alone",
        ),
        (
            [&["conservativeness", &net, "--picture-slice", "z=0"], &grid[..], &drawn[..]].concat(),
            "--picture-slice z=0 cannot apply",
        ),
        ([&["conservativeness", &net, "--overwrite"], &grid[..]].concat(), "none is written"),
        ([&["conservativeness", &net, "--size", "500"], &grid[..]].concat(), "add --picture"),
    ] {
        refused(&words, expected);
    }
    assert!(!Path::new(&picture).exists());
}
