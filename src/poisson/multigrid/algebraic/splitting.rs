//! Which vertices make up the next level.

use super::graph::Graph;
use super::row;

/// Couplings of at least this part of the largest of a vertex are strong.
const STRONG: f64 = 0.25;

/// What a vertex is strongly coupled to.
pub struct Strength<'a> {
    graph: &'a Graph,
    /// The least coupling by which each vertex depends strongly on another.
    least: Vec<f64>,
}

impl Strength<'_> {
    /// That of the couplings of a graph.
    pub fn of(graph: &Graph) -> Strength<'_> {
        let least = |i| {
            let largest = row(&graph.couplings, i).1.iter().copied().fold(0.0, f64::max);
            if largest > 0.0 { STRONG * largest } else { f64::INFINITY }
        };
        Strength { graph, least: (0..graph.len()).map(least).collect() }
    }

    /// The vertices that vertex i depends on strongly, with their couplings.
    pub fn of_vertex(&self, i: usize) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.couplings(i).filter(move |(_, coupling)| *coupling >= self.least[i])
    }

    /// The vertices that depend strongly on vertex i.
    fn on_vertex(&self, i: usize) -> impl Iterator<Item = u32> + '_ {
        let depends = |(j, coupling): &(u32, f64)| *coupling >= self.least[*j as usize];
        self.couplings(i).filter(depends).map(|(j, _)| j)
    }

    fn couplings(&self, i: usize) -> impl Iterator<Item = (u32, f64)> + '_ {
        let (columns, values) = row(&self.graph.couplings, i);
        columns.iter().copied().zip(values.iter().copied())
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Undecided,
    Coarse,
    Fine,
}

/// Whether each vertex belongs to the next level: a maximal set of vertices none of which depends strongly on
/// another, found by taking first those on which most others depend, so that every other vertex with a strong
/// coupling depends on one of the set.
///
/// The first pass of the coarsening of J. Ruge and K. Stüben, *Algebraic multigrid*, in: Multigrid methods (1987).
pub fn split(strength: &Strength) -> Vec<bool> {
    let vertices = strength.least.len();
    let mut state = vec![State::Undecided; vertices];
    let mut queue = Queue::new((0..vertices).map(|i| strength.on_vertex(i).count()).collect());
    while let Some(i) = queue.pop() {
        state[i] = State::Coarse;
        for j in strength.on_vertex(i).map(|j| j as usize) {
            if state[j] != State::Undecided {
                continue;
            }
            state[j] = State::Fine;
            queue.remove(j);
            // What a fine vertex depends on is wanted the more.
            let others = strength.of_vertex(j).map(|(k, _)| k as usize);
            others.filter(|k| state[*k] == State::Undecided).for_each(|k| queue.shift(k, true));
        }
        let others = strength.of_vertex(i).map(|(k, _)| k as usize);
        others.filter(|k| state[*k] == State::Undecided).for_each(|k| queue.shift(k, false));
    }
    let mut coarse: Vec<bool> = state.iter().map(|state| *state == State::Coarse).collect();
    for i in 0..vertices {
        let mut strong = strength.of_vertex(i).map(|(j, _)| coarse[j as usize]).peekable();
        if !coarse[i] && strong.peek().is_some() && !strong.any(|coarse| coarse) {
            coarse[i] = true;
        }
    }
    coarse
}

/// Vertices by how many depend on them, the last that came first.
struct Queue {
    counts: Vec<u32>,
    /// The last that came with each count.
    heads: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    top: usize,
}

const NONE: u32 = u32::MAX;

impl Queue {
    fn new(counts: Vec<usize>) -> Queue {
        let vertices = counts.len();
        let most = counts.iter().copied().max().unwrap_or(0);
        let mut queue = Queue {
            counts: counts.into_iter().map(|count| count as u32).collect(),
            heads: vec![NONE; most + 1],
            next: vec![NONE; vertices],
            previous: vec![NONE; vertices],
            top: 0,
        };
        (0..vertices).for_each(|i| queue.insert(i));
        queue
    }

    /// Takes one on which most depend, as long as any do.
    fn pop(&mut self) -> Option<usize> {
        while self.heads[self.top] == NONE {
            self.top = self.top.checked_sub(1)?;
        }
        let i = self.heads[self.top] as usize;
        self.remove(i);
        (self.top > 0).then_some(i)
    }

    fn remove(&mut self, i: usize) {
        let (next, previous) = (self.next[i], self.previous[i]);
        match previous {
            NONE => self.heads[self.counts[i] as usize] = next,
            _ => self.next[previous as usize] = next,
        }
        if next != NONE {
            self.previous[next as usize] = previous;
        }
    }

    fn insert(&mut self, i: usize) {
        let count = self.counts[i] as usize;
        if count >= self.heads.len() {
            self.heads.resize(count + 1, NONE);
        }
        let next = std::mem::replace(&mut self.heads[count], i as u32);
        (self.next[i], self.previous[i]) = (next, NONE);
        if next != NONE {
            self.previous[next as usize] = i as u32;
        }
        self.top = self.top.max(count);
    }

    /// One more or one less depends on vertex i.
    fn shift(&mut self, i: usize, more: bool) {
        self.remove(i);
        let count = &mut self.counts[i];
        *count = if more { *count + 1 } else { count.saturating_sub(1) };
        self.insert(i);
    }
}
