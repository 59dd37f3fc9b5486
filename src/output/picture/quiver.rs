//! Arrows on a lattice, as long as the vectors.

use super::ink::{Point, Polyline};
use super::panel::Panel;
use super::streamlines::{Flow, MARGIN};

/// Distance of arrows, and how long the longest is.
const APART: f64 = 24.0;
const LONGEST: f64 = 32.0;
/// Arrows shorter than this cannot be seen.
const SHORTEST: f64 = 1.5;
/// Length of a head and half its width, in shares of a long arrow.
const HEAD: [f64; 2] = [8.0, 3.2];

/// The shafts and the heads of arrows within a frame of that size, around the points of a lattice. A vector of magnitude `full`
/// has the longest arrow.
pub(super) fn quiver(panel: &Panel, size: Point, full: f64) -> [Vec<Polyline>; 2] {
    let flow = Flow { panel, size, slowest: 0.0 };
    let [columns, rows] = [size.0, size.1].map(|length| (length / APART).floor().max(1.0));
    let [mut shafts, mut heads] = [Vec::new(), Vec::new()];
    for (i, j) in (0..rows as usize).flat_map(|j| (0..columns as usize).map(move |i| (i, j))) {
        let at = ((i as f64 + 0.5) * size.0 / columns, (j as f64 + 0.5) * size.1 / rows);
        let Some((direction, speed)) = flow.direction(at.0, at.1).zip(flow.speed(at)) else {
            continue;
        };
        let length = LONGEST * (speed / full).min(1.0);
        let [shaft, head] = arrow(at, direction, length);
        let within = |p: &Point| {
            (MARGIN..=size.0 - MARGIN).contains(&p.0) && (MARGIN..=size.1 - MARGIN).contains(&p.1)
        };
        if length >= SHORTEST && shaft.iter().chain(&head).all(within) {
            shafts.push(shaft);
            heads.push(head);
        }
    }
    [shafts, heads]
}

/// An arrow with its middle at a point.
fn arrow((x, y): Point, (dx, dy): Point, length: f64) -> [Polyline; 2] {
    let along = |s: f64, across: f64| (x + s * dx - across * dy, y + s * dy + across * dx);
    let tip = 0.5 * length;
    let [long, half] = HEAD.map(|size| size * (2.0 * length / LONGEST).min(1.0));
    let back = tip - long;
    let head = vec![along(tip, 0.0), along(back, half), along(back, -half)];
    [vec![along(-tip, 0.0), along(back, 0.0)], head]
}
