//! Arrow heads that show the direction of a line.

use super::ink::{Point, Polyline};

/// From the tip backwards, and half the width, in units of the layout.
const LENGTH: f64 = 9.5;
const HALF: f64 = 4.2;
/// Lines have a head about every so many units, at least one.
const EVERY: f64 = 260.0;
/// Heads are this far apart, where their lines have room for that.
const APART: f64 = 26.0;

/// Heads for lines of even steps within a frame of that size, as triangles.
pub(super) fn arrow_heads(lines: &[Polyline], size: Point) -> Vec<Polyline> {
    let mut tips: Vec<Point> = Vec::new();
    let mut heads = Vec::new();
    for line in lines {
        let length = length(line);
        let count = (length / EVERY).round().max(1.0);
        for k in 0..count as usize {
            let room = 0.35 * length / count;
            let middle = (k as f64 + 0.5) * length / count;
            let places = [0.0, 0.4, -0.4, 0.8, -0.8].map(|s| middle + s * room);
            let found = places.iter().filter_map(|place| head(line, *place, size));
            let far = |head: &Polyline| tips.iter().all(|tip| apart(*tip, head[0]) > APART);
            let found: Vec<Polyline> = found.collect();
            if let Some(head) = found.iter().find(|head| far(head)).or(found.first()) {
                tips.push(head[0]);
                heads.push(head.clone());
            }
        }
    }
    heads
}

fn apart(a: Point, b: Point) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

fn length(line: &Polyline) -> f64 {
    line.windows(2).map(|pair| apart(pair[0], pair[1])).sum()
}

/// The point of a line at a distance from its start.
fn along(line: &Polyline, distance: f64) -> Option<Point> {
    let mut rest = distance;
    for pair in line.windows(2) {
        let step = apart(pair[0], pair[1]);
        if rest <= step && step > 0.0 {
            let t = (rest / step).max(0.0);
            let between = |a: f64, b: f64| a + t * (b - a);
            return Some((between(pair[0].0, pair[1].0), between(pair[0].1, pair[1].1)));
        }
        rest -= step;
    }
    None
}

/// A head with its tip and tail on the line, if it is inside the frame and the line is straight
/// enough there.
fn head(line: &Polyline, middle: f64, size: Point) -> Option<Polyline> {
    let tail = along(line, middle - 0.5 * LENGTH)?;
    let tip = along(line, middle + 0.5 * LENGTH)?;
    let (dx, dy) = (tip.0 - tail.0, tip.1 - tail.1);
    let length = dx.hypot(dy);
    if length < 0.85 * LENGTH {
        return None;
    }
    let (dx, dy) = (dx / length, dy / length);
    let corner = |along: f64, across: f64| {
        (tip.0 + along * dx - across * dy, tip.1 + along * dy + across * dx)
    };
    let head = vec![
        corner(0.0, 0.0),
        corner(-LENGTH, HALF),
        corner(-0.8 * LENGTH, 0.0),
        corner(-LENGTH, -HALF),
    ];
    let within = |v: f64, end: f64| (1.0..=end - 1.0).contains(&v);
    head.iter().all(|p| within(p.0, size.0) && within(p.1, size.1)).then_some(head)
}
