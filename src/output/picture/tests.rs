//! Whole pictures: colours, ink, titles.

use super::ink::Raster;
use super::pixels::Pixels;
use super::*;

/// A panel of n × n cells over [-1, 1]².
pub(super) fn panel(n: usize, flow: impl Fn(f64, f64) -> [f64; 2]) -> Panel {
    let at = |k: usize| (2 * k + 1) as f64 / n as f64 - 1.0;
    let cells: Vec<[f64; 2]> = (0..n * n).map(|k| flow(at(k % n), at(k / n))).collect();
    Panel {
        title: "part: 3.0 %\nwithout much".into(),
        shape: [n, n],
        x_range: [-1.0, 1.0],
        y_range: [-1.0, 1.0],
        u: cells.iter().map(|c| c[0]).collect(),
        v: cells.iter().map(|c| c[1]).collect(),
        mask: None,
        on_sphere: false,
        units: [1.0; 2],
        heights: None,
    }
}

#[test]
fn weak_parts_are_stretched_by_a_round_factor() {
    assert_eq!(stretch(0.5, 1.0), (1.0, String::new()));
    assert_eq!(stretch(0.04, 1.0), (20.0, "colours × 20".into()));
    assert_eq!(stretch(0.0, 1.0), (1.0, "zero here".into()));
    assert_eq!(stretch(3e-15, 1.0), (1.0, "zero here".into()));
    assert_eq!(titled("a\nb", "c"), "a\nb, c");
    assert_eq!(titled("a", "c"), "a\nc");
}

#[test]
fn colours_end_at_the_largest_value_unless_it_is_an_outlier() {
    let smooth = Strength::of(&panel(40, |x, _| [1.0 + x, 0.0]));
    assert_eq!(smooth.full, smooth.largest);
    let mut spiked = panel(40, |_, _| [1.0, 0.0]);
    spiked.u[7] = 50.0;
    let spiked = Strength::of(&spiked);
    assert_eq!((spiked.full, spiked.largest), (1.0, 50.0));
}

/// Streamlines and heads change pixels inside the frames only, down to the last one: flows that run
/// out of the frame, along it, and in noise with sharp turns.
#[test]
fn streamlines_leave_no_ink_outside_their_frame() {
    let noise = |x: f64, y: f64| {
        let hash = |k: f64| ((x * 91.7 + y * 47.3 + k).sin() * 43758.5).fract();
        [hash(0.0), hash(1.3)]
    };
    let flows: [&dyn Fn(f64, f64) -> [f64; 2]; 4] = [
        &|_, _| [1.0, 0.3],
        &|x, y| [-x, -y],
        &|x, y| [y * (1.0 - x * x), x * (y * y - 1.0)],
        &noise,
    ];
    for flow in flows {
        for scale in [0.4, 1.0, 1.7] {
            let panel = panel(33, flow);
            let frame = Frame { left: 31.0, top: 22.0, width: 250.0, height: 205.0 };
            let size = ((320.0 * scale) as u32, (260.0 * scale) as u32);
            let picture = |lines: bool| {
                let ink = Box::new(Pixels::new(size, scale, None).unwrap());
                let mut canvas = Canvas { ink };
                let frame = canvas.ink.fit(&frame);
                canvas.ground(&panel, &frame, 1.5, (Look::default(), Colours::Viridis));
                if lines {
                    canvas.streamlines(&panel, &frame, 1.0, Ground::Magnitude);
                    canvas.arrows(&panel, &frame, 1.0, Ground::Magnitude);
                }
                pixels(&canvas.ink.finish().unwrap())
            };
            let (with, without) = (picture(true), picture(false));
            let changed = (0..with.rgb.len() / 3)
                .filter(|k| with.rgb[3 * k..3 * k + 3] != without.rgb[3 * k..3 * k + 3]);
            let inside = |k: &usize| {
                let (x, y) = ((k % size.0 as usize) as f64, (k / size.0 as usize) as f64);
                let within = |v: f64, start: f64, length: f64| {
                    v >= (start * scale).round() && v < ((start + length) * scale).round()
                };
                within(x, frame.left, frame.width) && within(y, frame.top, frame.height)
            };
            let (inner, outer): (Vec<usize>, Vec<usize>) = changed.partition(inside);
            assert!(inner.len() > 200, "{} pixels of lines", inner.len());
            assert!(outer.is_empty(), "at scale {scale}: {outer:?}");
        }
    }
}

/// The pixels of a PNG file.
fn pixels(bytes: &[u8]) -> Raster {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut rgb).unwrap();
    Raster { size: (info.width, info.height), rgb }
}
