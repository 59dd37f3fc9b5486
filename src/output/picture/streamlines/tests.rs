//! Lines of flows that are known.

use super::super::arrows::arrow_heads;
use super::super::tests::panel;
use super::*;

const SIZE: Point = (300.0, 300.0);
const SEPARATION: f64 = 15.0;

fn trace(panel: &Panel) -> Vec<Polyline> {
    let fastest = panel.magnitudes().into_iter().fold(0.0, f64::max);
    streamlines(panel, SIZE, SEPARATION, fastest)
}

fn apart(a: Point, b: Point) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// Every point of every line is as far from all other lines as promised, and from its own line
/// beyond half a circle of that width; the seams of closed lines are left out.
fn keep_their_distance(lines: &[Polyline]) {
    let least = 0.95 * CROWDED * SEPARATION;
    for (k, line) in lines.iter().enumerate() {
        let closed = line.first() == line.last();
        for (i, p) in line.iter().enumerate() {
            let others = lines.iter().enumerate().filter(|(other, _)| *other != k);
            let nearest = others.flat_map(|(_, other)| other).map(|q| apart(*p, *q));
            let nearest = nearest.fold(f64::INFINITY, f64::min);
            assert!(nearest > least, "line {k} comes within {nearest} of another");
            for (j, q) in line.iter().enumerate().take(i) {
                let along = if closed { (i - j).min(line.len() - (i - j)) } else { i - j };
                let far = along as f64 * STEP > 2.0 * CROWDED * SEPARATION;
                assert!(!far || apart(*p, *q) > least, "line {k} comes within itself: {p:?} {q:?}");
            }
        }
    }
}

#[test]
fn uniform_flow_gives_straight_lines_up_at_even_distances() {
    let lines = trace(&panel(40, |_, _| [0.0, 1.0]));
    for line in &lines {
        assert!(line.windows(2).all(|w| w[1].1 < w[0].1), "up is towards smaller numbers");
        assert!(line.iter().all(|p| (p.0 - line[0].0).abs() < 1e-9));
        assert_eq!((line[0].1, line[line.len() - 1].1), (300.0 - MARGIN, MARGIN));
    }
    let mut places: Vec<f64> = lines.iter().map(|line| line[0].0).collect();
    places.sort_by(f64::total_cmp);
    let gaps: Vec<f64> = places.windows(2).map(|w| w[1] - w[0]).collect();
    assert!(lines.len() >= 18 && gaps.iter().all(|gap| (14.0..30.0).contains(gap)), "{gaps:?}");
}

#[test]
fn axes_stretched_differently_stretch_directions() {
    let mut wide = panel(40, |_, _| [1.0, 1.0]);
    wide.x_range = [0.0, 2.0];
    wide.y_range = [0.0, 1.0];
    for line in trace(&wide) {
        let (a, b) = (line[0], line[line.len() - 1]);
        assert!(((b.1 - a.1) / (b.0 - a.0) + 2.0).abs() < 1e-9, "{a:?} {b:?}");
    }
}

#[test]
fn vortex_lines_close_and_keep_their_radius() {
    let lines = trace(&panel(40, |x, y| [-y, x]));
    let radius = |p: &Point| apart(*p, (150.0, 150.0));
    let whole = lines.iter().filter(|line| line.first() == line.last());
    assert!(whole.count() >= 6);
    for line in &lines {
        let first = radius(&line[0]);
        assert!(line.iter().all(|p| (radius(p) - first).abs() < 0.4), "{first}");
        // Those inside the frame are whole circles, run through once.
        if first < 146.0 {
            let length: f64 = line.windows(2).map(|w| apart(w[0], w[1])).sum();
            let circle = std::f64::consts::TAU * first;
            assert!(line.first() == line.last() && (length / circle - 1.0).abs() < 0.02);
        }
    }
    keep_their_distance(&lines);
}

#[test]
fn spirals_do_not_blot() {
    for turns in [2.0, 6.0, 30.0] {
        let lines = trace(&panel(40, |x, y| [-x - turns * y, turns * x - y]));
        keep_their_distance(&lines);
        let length: f64 = lines.iter().flat_map(|l| l.windows(2)).map(|w| apart(w[0], w[1])).sum();
        // Between sparse and what lines at the least distance could fill the panel with.
        let fill = length * SEPARATION / (SIZE.0 * SIZE.1);
        assert!((0.5..1.0 / CROWDED).contains(&fill), "{turns} turns: {fill}");
    }
}

#[test]
fn noise_stays_inside_and_apart() {
    let hash = |x: f64, y: f64, k: f64| ((x * 91.7 + y * 47.3 + k).sin() * 43758.5).fract();
    let lines = trace(&panel(30, |x, y| [hash(x, y, 0.0), hash(x, y, 1.3)]));
    let within = |v: f64| (MARGIN..=300.0 - MARGIN).contains(&v);
    assert!(lines.len() > 30 && lines.iter().flatten().all(|p| within(p.0) && within(p.1)));
    keep_their_distance(&lines);
    let heads = arrow_heads(&lines, SIZE);
    assert!(heads.len() > lines.len() / 2);
    assert!(heads.iter().flatten().all(|p| p.0.min(p.1) >= 1.0 && p.0.max(p.1) <= 299.0));
}

#[test]
fn heads_point_along_and_fit_into_the_frame() {
    let along = |y: f64| (20..200).map(|k| (STEP * f64::from(k), y)).collect::<Polyline>();
    let heads = arrow_heads(&[along(150.0)], SIZE);
    assert_eq!(heads.len(), 1);
    let (tip, rest) = heads[0].split_first().unwrap();
    assert!(tip.1 == 150.0 && rest.iter().all(|p| p.0 < tip.0), "{heads:?}");
    for y in [MARGIN, 300.0 - MARGIN] {
        assert!(arrow_heads(&[along(y)], SIZE).is_empty(), "no room beside the rim at {y}");
    }
}

#[test]
fn nothing_is_drawn_where_nothing_flows() {
    assert!(trace(&panel(40, |_, _| [0.0, 0.0])).is_empty());
    let mut masked = panel(40, |_, _| [1.0, 0.0]);
    masked.mask = Some((0..1600).map(|at| at % 40 < 20).collect());
    let lines = trace(&masked);
    assert!(!lines.is_empty() && lines.iter().flatten().all(|p| p.0 <= 150.0 + STEP));
}

/// A section through a shell has degrees along x and metres along y: a flow that rises by 1 km on 100 km.
#[test]
fn lines_in_a_section_rise_as_the_flow_does_in_metres() {
    let mut section = panel(40, |_, _| [1.0, 0.01]);
    (section.x_range, section.y_range) = ([0.0, 10.0], [-4000.0, 0.0]);
    let degree = 1e5;
    section.units = [degree, 1.0];
    for line in trace(&section) {
        let (a, b) = (line[0], line[line.len() - 1]);
        let rise = -(b.1 - a.1) / SIZE.1 * 4000.0;
        let run = (b.0 - a.0) / SIZE.0 * 10.0 * degree;
        assert!((rise / run - 0.01).abs() < 1e-9, "{a:?} {b:?}");
    }
}

/// On a sphere a rotation about the axis through the equator at 0 degrees runs along cos φ cos λ = constant.
#[test]
fn lines_on_a_sphere_follow_the_flow_and_not_the_map() {
    let place = |s: f64, t: f64| ((60.0 * s).to_radians(), (40.0 + 40.0 * t).to_radians());
    let mut globe = panel(120, |s, t| {
        let (longitude, latitude) = place(s, t);
        [-latitude.sin() * longitude.cos(), longitude.sin()]
    });
    (globe.x_range, globe.y_range) = ([-60.0, 60.0], [0.0, 80.0]);
    let spread = |globe: &Panel| {
        let of_line = |line: Polyline| {
            let values = line.into_iter().map(|(x, y)| {
                let (s, t) = (2.0 * x / SIZE.0 - 1.0, 1.0 - 2.0 * y / SIZE.1);
                let (longitude, latitude) = place(s, t);
                latitude.cos() * longitude.cos()
            });
            let (low, high) = values.fold((2.0f64, -2.0f64), |(l, h), v| (l.min(v), h.max(v)));
            high - low
        };
        trace(globe).into_iter().map(of_line).fold(0.0, f64::max)
    };
    assert!(spread(&globe) > 0.1, "on a plane they are others");
    globe.on_sphere = true;
    assert!(spread(&globe) < 0.01, "{}", spread(&globe));
}
