//! Evenly spaced streamlines: each new line starts beside an earlier one, is traced both ways, and
//! ends where a line is near, itself included (B. Jobard and W. Lefer 1997).

use super::ink::{Point, Polyline};
use super::panel::Panel;
use super::spacing::{LinePoint, Occupied};

/// Lines end where the speed is below this share of the largest.
const SLOWEST: f64 = 1e-3;
/// Lines keep this much away from the rim, so that their ink stays inside.
pub(super) const MARGIN: f64 = 1.5;
/// Length of a step.
const STEP: f64 = 1.5;
/// A line ends where another is this near, in distances between lines.
const CROWDED: f64 = 0.55;
/// Lines shorter than this are left out, in distances between lines.
const SHORTEST: f64 = 3.0;

/// Traces lines in the direction of the flow through a panel drawn `size` wide and high, about
/// `separation` apart. `fastest` is the largest speed.
pub(super) fn streamlines(
    panel: &Panel,
    size: Point,
    separation: f64,
    fastest: f64,
) -> Vec<Polyline> {
    let mut tracer = Tracer {
        flow: Flow { panel, size, slowest: SLOWEST * fastest },
        separation,
        taken: Occupied::new(size, separation),
        lines: Vec::new(),
    };
    let mut beside = 0;
    for seed in scattered(size, separation) {
        tracer.try_seed(seed);
        while beside < tracer.lines.len() {
            for candidate in tracer.beside(beside) {
                tracer.try_seed(candidate);
            }
            beside += 1;
        }
    }
    tracer.lines
}

/// Places all over a panel in an order that favours no corner; the stride is a prime.
fn scattered(size: Point, separation: f64) -> impl Iterator<Item = Point> {
    let columns = (size.0 / separation).ceil() as usize;
    let count = columns * (size.1 / separation).ceil() as usize;
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by_key(|place| (place * 7919 + count / 2) % count.max(1));
    places.into_iter().map(move |place| {
        let (i, j) = (place % columns, place / columns);
        ((i as f64 + 0.5) * separation, (j as f64 + 0.5) * separation)
    })
}

struct Tracer<'a> {
    flow: Flow<'a>,
    separation: f64,
    taken: Occupied,
    lines: Vec<Polyline>,
}

impl Tracer<'_> {
    /// Adds the line through a seed, if there is room and it becomes long enough to be seen.
    fn try_seed(&mut self, seed: Point) {
        let free =
            self.flow.inside(seed) && !self.taken.near(seed, 0.98 * self.separation, |_| true);
        if !free {
            return;
        }
        let number = self.lines.len();
        self.taken.add(LinePoint { at: seed, line: number, along: 0.0 });
        let (mut line, closed) = self.trace(seed, 1.0);
        if !closed {
            let (back, _) = self.trace(seed, -1.0);
            line = back.into_iter().skip(1).rev().chain(line).collect();
        }
        if STEP * line.len() as f64 >= SHORTEST * self.separation {
            self.lines.push(line);
        } else {
            self.taken.forget(number);
        }
    }

    /// Seeds at both sides of a line, a separation away.
    fn beside(&self, number: usize) -> Vec<Point> {
        let line = &self.lines[number];
        let every = (0.5 * self.separation / STEP) as usize;
        let pairs = line.windows(2).step_by(every.max(1));
        let both = pairs.flat_map(|pair| {
            let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let reach = self.separation / dx.hypot(dy).max(f64::MIN_POSITIVE);
            let at = |side: f64| (pair[0].0 - side * reach * dy, pair[0].1 + side * reach * dx);
            [at(1.0), at(-1.0)]
        });
        both.collect()
    }

    /// Follows the flow (or goes against it) from the seed until it ends; whether it closes.
    fn trace(&mut self, seed: Point, sign: f64) -> (Polyline, bool) {
        let number = self.lines.len();
        let mut line = vec![seed];
        let longest = (4.0 * (self.flow.size.0 + self.flow.size.1) / STEP) as usize;
        let mut at = seed;
        for count in 1..=longest {
            let Some(next) = self.flow.step(at, sign * STEP) else { break };
            if !self.flow.inside(next) {
                let end = self.flow.rim(at, next);
                line.extend((end != at).then_some(end));
                break;
            }
            let along = sign * STEP * count as f64;
            if self.crowded(next, number) {
                break;
            }
            if self.returns(next, number, along) {
                let rest = self.closing(next, seed, sign);
                let closed = rest.is_some();
                line.extend(rest.into_iter().flatten());
                return (line, closed);
            }
            self.taken.add(LinePoint { at: next, line: number, along });
            line.push(next);
            at = next;
        }
        (line, false)
    }

    /// Whether another line is too near.
    fn crowded(&self, at: Point, number: usize) -> bool {
        self.taken.near(at, CROWDED * self.separation, |entry| entry.line != number)
    }

    /// Whether the line comes back to itself: half a circle of this width does not count.
    fn returns(&self, at: Point, number: usize, along: f64) -> bool {
        let width = CROWDED * self.separation;
        let older = |entry: &LinePoint| {
            entry.line == number
                && (entry.along - along).abs() > 0.55 * std::f64::consts::PI * width
        };
        self.taken.near(at, width, older)
    }

    /// The rest of a line that meets its seed within half a step; a spiral passes beside it.
    fn closing(&self, from: Point, seed: Point, sign: f64) -> Option<Polyline> {
        let mut line = vec![from];
        let mut at = from;
        for _ in 0..(2.0 * self.separation / STEP) as usize {
            if (at.0 - seed.0).hypot(at.1 - seed.1) <= 0.75 * STEP {
                line.pop();
                line.push(seed);
                return Some(line);
            }
            at = self.flow.step(at, sign * STEP)?;
            line.push(at);
        }
        None
    }
}

/// The directions of a panel.
pub(super) struct Flow<'a> {
    pub panel: &'a Panel,
    pub size: Point,
    pub slowest: f64,
}

impl Flow<'_> {
    fn inside(&self, (x, y): Point) -> bool {
        let within = |v: f64, end: f64| (MARGIN..=end - MARGIN).contains(&v);
        within(x, self.size.0) && within(y, self.size.1)
    }

    /// Where the way from a point inside to one outside ends.
    fn rim(&self, from: Point, to: Point) -> Point {
        let share = |a: f64, b: f64, end: f64| {
            let wall = if b > a { end - MARGIN } else { MARGIN };
            if b == a { 1.0 } else { ((wall - a) / (b - a)).clamp(0.0, 1.0) }
        };
        let t = share(from.0, to.0, self.size.0).min(share(from.1, to.1, self.size.1));
        (from.0 + t * (to.0 - from.0), from.1 + t * (to.1 - from.1))
    }

    /// A step along the directions by the classical method of Runge and Kutta.
    fn step(&self, (x, y): Point, length: f64) -> Option<Point> {
        let a = self.direction(x, y)?;
        let b = self.direction(x + 0.5 * length * a.0, y + 0.5 * length * a.1)?;
        let c = self.direction(x + 0.5 * length * b.0, y + 0.5 * length * b.1)?;
        let d = self.direction(x + length * c.0, y + length * c.1)?;
        let mean = |a: f64, b: f64, c: f64, d: f64| (a + 2.0 * b + 2.0 * c + d) / 6.0;
        let (dx, dy) = (mean(a.0, b.0, c.0, d.0), mean(a.1, b.1, c.1, d.1));
        // Where directions oppose each other, the line ends.
        (dx.hypot(dy) > 0.3).then_some((x + length * dx, y + length * dy))
    }

    /// Length of a circle of latitude over that of the equator, where the picture is one of a sphere; else 1.
    fn parallel(&self, y: f64) -> f64 {
        if !self.panel.on_sphere {
            return 1.0;
        }
        let [south, north] = self.panel.y_range;
        let latitude = south + (1.0 - y / self.size.1) * (north - south);
        latitude.to_radians().cos().max(1e-3)
    }

    fn vector(&self, (x, y): Point) -> Option<[f64; 2]> {
        let [nx, ny] = self.panel.shape.map(|n| n as f64);
        self.panel.at(x / self.size.0 * nx, (1.0 - y / self.size.1) * ny)
    }

    /// Magnitude of the vector at a place.
    pub fn speed(&self, at: Point) -> Option<f64> {
        self.vector(at).map(|[u, v]| u.hypot(v))
    }

    /// Unit vector of the flow on the picture.
    pub fn direction(&self, x: f64, y: f64) -> Option<Point> {
        let [u, v] = self.vector((x, y))?;
        if u.hypot(v) <= self.slowest {
            return None;
        }
        // The picture may stretch the axes differently.
        let scale = |range: [f64; 2], length: f64| length / (range[1] - range[0]);
        let units = self.panel.units;
        let a = u / (units[0] * self.parallel(y)) * scale(self.panel.x_range, self.size.0);
        let b = -v / units[1] * scale(self.panel.y_range, self.size.1);
        let length = a.hypot(b);
        (length > 0.0).then(|| (a / length, b / length))
    }
}

#[cfg(test)]
mod tests;
