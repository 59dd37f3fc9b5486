//! A square with holes of one cell, by their number.

use super::Prepared;
use super::cases::{field, planned, random};
use hodge::decomposition::{Decompose, EveryConvention};
use hodge::field::Layout;
use hodge::grid::{Domain, Topology};
use std::hint::black_box;

/// Cells between the places where a hole may be, so that none touch.
const APART: usize = 3;

/// Cells along each axis and holes: the plan of every convention, and the parts under each.
pub fn holes([cells, holes]: [usize; 2]) -> Result<Prepared, String> {
    let places = (cells - 1) / APART;
    let most = places * places;
    if holes == 0 || holes > most {
        return Err(format!("{cells}x{cells} cells take 1 to {most} holes, not {holes}"));
    }
    let input = field([cells; 2], Topology::Bounded, Layout::Faces);
    let mut order: Vec<usize> = (0..most).collect();
    let lots = random(most, 7);
    order.sort_by(|a, b| lots[*a].total_cmp(&lots[*b]));
    let mut mask = vec![true; cells * cells];
    for place in &order[..holes] {
        let [x, y] = [place % places, place / places].map(|i| APART * i + 1);
        mask[y * cells + x] = false;
    }
    let domain = Domain::masked(*input.grid(), mask).map_err(|e| e.to_string())?;
    let (every, plan_seconds) = planned(|| EveryConvention::new(&domain, None, None));
    let every = every.map_err(|e| e.to_string())?;
    let run = move || {
        let parts = every.own().decompose(&input).expect("parts");
        black_box(every.split(&input, Some(&parts)).expect("parts under every convention"));
    };
    Ok(Prepared { plan_seconds, run: Box::new(run) })
}
