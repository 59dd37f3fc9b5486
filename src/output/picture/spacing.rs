//! Which points of lines are near a place.

use super::ink::Point;

/// A point of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct LinePoint {
    pub at: Point,
    pub line: usize,
    /// Distance from the seed along the line, negative against the flow.
    pub along: f64,
}

/// All points of all lines, in square cells.
pub(super) struct Occupied {
    cell: f64,
    columns: usize,
    rows: usize,
    entries: Vec<Vec<LinePoint>>,
    /// Cells of the points that were added last, for as long as they are of the same line.
    recent: (usize, Vec<usize>),
}

impl Occupied {
    /// Nothing yet, on a panel of that size; distances up to `cell` can be asked for.
    pub fn new(size: Point, cell: f64) -> Occupied {
        let count = |length: f64| ((length / cell).ceil() as usize).max(1);
        let (columns, rows) = (count(size.0), count(size.1));
        let entries = vec![Vec::new(); columns * rows];
        Occupied { cell, columns, rows, entries, recent: (0, Vec::new()) }
    }

    fn cell(&self, at: Point) -> (usize, usize) {
        let index = |v: f64, n: usize| ((v / self.cell).max(0.0) as usize).min(n - 1);
        (index(at.0, self.columns), index(at.1, self.rows))
    }

    pub fn add(&mut self, entry: LinePoint) {
        let (i, j) = self.cell(entry.at);
        let cell = j * self.columns + i;
        self.entries[cell].push(entry);
        if self.recent.0 != entry.line {
            self.recent = (entry.line, Vec::new());
        }
        self.recent.1.push(cell);
    }

    /// Takes the points of a line out again; it must be the one that was added to last.
    pub fn forget(&mut self, line: usize) {
        debug_assert_eq!(self.recent.0, line);
        for cell in self.recent.1.drain(..) {
            self.entries[cell].retain(|entry| entry.line != line);
        }
    }

    /// Whether a point for which `counts` holds is nearer than `distance`.
    pub fn near(&self, at: Point, distance: f64, counts: impl Fn(&LinePoint) -> bool) -> bool {
        let (i, j) = self.cell(at);
        let around = |k: usize, n: usize| k.saturating_sub(1)..(k + 2).min(n);
        around(j, self.rows).flat_map(|j| around(i, self.columns).map(move |i| (i, j))).any(
            |(i, j)| {
                self.entries[j * self.columns + i].iter().any(|entry| {
                    let apart = (entry.at.0 - at.0).hypot(entry.at.1 - at.1);
                    apart < distance && counts(entry)
                })
            },
        )
    }
}
