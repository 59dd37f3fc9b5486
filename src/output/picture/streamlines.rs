//! Evenly spaced streamlines: lines are traced both ways from seeds, and end where another line
//! is near (B. Jobard and W. Lefer 1997, with a grid of occupied cells for the distance test).

use super::panel::Panel;

/// Lines end where the speed is below this share of the largest.
const SLOWEST: f64 = 1e-3;

/// A streamline in pixels of its panel, y downwards, in the direction of the flow.
pub(super) type Line = Vec<(f64, f64)>;

/// Traces lines through a panel drawn `width` by `height` pixels wide, about `separation` pixels
/// apart. `fastest` is the largest speed.
pub(super) fn streamlines(
    panel: &Panel,
    (width, height): (f64, f64),
    separation: f64,
    fastest: f64,
) -> Vec<Line> {
    let mut tracer = Tracer {
        panel,
        size: (width, height),
        slowest: SLOWEST * fastest,
        step: separation / 8.0,
        separation,
        columns: (width / separation).ceil() as usize,
        rows: (height / separation).ceil() as usize,
        taken: Vec::new(),
    };
    tracer.taken = vec![0; tracer.columns * tracer.rows];
    let mut seeds: Vec<usize> = (0..tracer.taken.len()).collect();
    // Seeds in a scattered order, so that no corner is favoured; the stride is a prime.
    let count = seeds.len();
    seeds.sort_by_key(|seed| (seed * 7919 + 13) % count.max(1));
    let mut lines = Vec::new();
    for (number, seed) in seeds.into_iter().enumerate() {
        if tracer.taken[seed] == 0 {
            let x = (seed % tracer.columns) as f64 + 0.5;
            let y = (seed / tracer.columns) as f64 + 0.5;
            let start = (x * separation, y * separation);
            lines.extend(tracer.line(start, number as u32 + 1));
        }
    }
    lines
}

struct Tracer<'a> {
    panel: &'a Panel,
    size: (f64, f64),
    slowest: f64,
    step: f64,
    separation: f64,
    columns: usize,
    rows: usize,
    /// Number of the line that owns a cell, 0 for none.
    taken: Vec<u32>,
}

impl Tracer<'_> {
    /// A line through a seed, if it becomes long enough to be seen.
    fn line(&mut self, seed: (f64, f64), number: u32) -> Option<Line> {
        let mut owned = Vec::new();
        let mut line = self.trace(seed, -1.0, number, &mut owned);
        line.reverse();
        line.extend(self.trace(seed, 1.0, number, &mut owned).into_iter().skip(1));
        let length = line.len() as f64 * self.step;
        if length < 3.0 * self.separation {
            owned.into_iter().for_each(|cell| self.taken[cell] = 0);
            return None;
        }
        Some(line)
    }

    /// Follows the flow (or goes against it) by the midpoint rule until it ends.
    fn trace(&mut self, seed: (f64, f64), sign: f64, number: u32, owned: &mut Vec<usize>) -> Line {
        let mut line = vec![seed];
        let (mut x, mut y) = seed;
        let longest = (2.0 * (self.size.0 + self.size.1) / self.step) as usize;
        let (mut here, mut since) = (usize::MAX, 0usize);
        for _ in 0..longest {
            let Some(cell) = self.cell(x, y) else { break };
            if cell != here {
                let again = self.taken[cell] == number && since > 0 && here != usize::MAX;
                // A line that comes back to its own cell is closed or a tight spiral.
                if self.taken[cell] != 0 && !(again && since < 8 && owned.len() < 4) {
                    break;
                }
                self.taken[cell] = number;
                owned.push(cell);
                (here, since) = (cell, 0);
            }
            since += 1;
            let Some((a, b)) = self.direction(x, y) else { break };
            let half = 0.5 * sign * self.step;
            let Some((a, b)) = self.direction(x + half * a, y + half * b) else { break };
            (x, y) = (x + sign * self.step * a, y + sign * self.step * b);
            if self.cell(x, y).is_none() {
                break;
            }
            line.push((x, y));
        }
        // The seed's cell must be free for the other direction.
        if sign < 0.0
            && let Some(cell) = self.cell(seed.0, seed.1)
        {
            self.taken[cell] = 0;
        }
        line
    }

    fn cell(&self, x: f64, y: f64) -> Option<usize> {
        let inside = x >= 0.0 && y >= 0.0 && x < self.size.0 && y < self.size.1;
        inside.then(|| {
            let column = ((x / self.separation) as usize).min(self.columns - 1);
            let row = ((y / self.separation) as usize).min(self.rows - 1);
            row * self.columns + column
        })
    }

    /// Unit vector of the flow on the picture.
    fn direction(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let (i, j) = place(self.panel, self.size, (x, y));
        let [u, v] = self.panel.at(i, j)?;
        if u.hypot(v) <= self.slowest {
            return None;
        }
        // The picture may stretch the axes differently.
        let scale = |range: [f64; 2], pixels: f64| pixels / (range[1] - range[0]);
        let a = u * scale(self.panel.x_range, self.size.0);
        let b = -v * scale(self.panel.y_range, self.size.1);
        let length = a.hypot(b);
        (length > 0.0).then(|| (a / length, b / length))
    }
}

/// From pixels of a panel (y downwards) to cells from its lower left corner.
pub(super) fn place(panel: &Panel, size: (f64, f64), (x, y): (f64, f64)) -> (f64, f64) {
    let [nx, ny] = panel.shape.map(|n| n as f64);
    (x / size.0 * nx, (1.0 - y / size.1) * ny)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(flow: impl Fn(f64, f64) -> [f64; 2]) -> Panel {
        let n = 40;
        let cells: Vec<[f64; 2]> =
            (0..n * n).map(|at| flow((at % n) as f64 - 19.5, (at / n) as f64 - 19.5)).collect();
        Panel {
            title: String::new(),
            shape: [n, n],
            x_range: [-1.0, 1.0],
            y_range: [-1.0, 1.0],
            u: cells.iter().map(|c| c[0]).collect(),
            v: cells.iter().map(|c| c[1]).collect(),
            mask: None,
        }
    }

    #[test]
    fn uniform_flow_gives_straight_lines_up() {
        let lines = streamlines(&panel(|_, _| [0.0, 1.0]), (300.0, 300.0), 20.0, 1.0);
        assert!(lines.len() >= 12, "{} lines", lines.len());
        for line in &lines {
            assert!(line.windows(2).all(|w| w[1].1 < w[0].1), "up is towards smaller pixels");
            assert!(line.iter().all(|p| (p.0 - line[0].0).abs() < 1e-9));
        }
    }

    #[test]
    fn rotation_keeps_its_distance_from_the_centre() {
        let lines = streamlines(&panel(|x, y| [-y, x]), (300.0, 300.0), 20.0, 28.0);
        assert!(lines.len() > 3);
        for line in &lines {
            let radius = |p: &(f64, f64)| (p.0 - 150.0).hypot(p.1 - 150.0);
            let first = radius(&line[0]);
            assert!(line.iter().all(|p| (radius(p) - first).abs() < 3.0), "{first}");
        }
    }

    #[test]
    fn nothing_is_drawn_where_nothing_flows() {
        assert!(streamlines(&panel(|_, _| [0.0, 0.0]), (300.0, 300.0), 20.0, 0.0).is_empty());
        let mut masked = panel(|_, _| [1.0, 0.0]);
        masked.mask = Some((0..1600).map(|at| at % 40 < 20).collect());
        let lines = streamlines(&masked, (300.0, 300.0), 20.0, 1.0);
        assert!(!lines.is_empty() && lines.iter().flatten().all(|p| p.0 <= 153.0));
    }
}
