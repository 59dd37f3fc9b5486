//! Fields that stand in datasets of their own whose names number them, such as `t0/u`, `t1/u` or `u_0001`, `u_0002`.

use super::array::leaf;
use super::component_names::known_partners;
use crate::source::SampleAxis;

/// Words that say what the number after them counts; in other names it counts fields.
const COUNTED: [&str; 16] = [
    "t",
    "time",
    "timestep",
    "step",
    "iteration",
    "iter",
    "it",
    "frame",
    "snapshot",
    "cycle",
    "level",
    "epoch",
    "sample",
    "case",
    "run",
    "realization",
];

/// The datasets of every field in the order of the numbers in their names, and these numbers.
pub(super) struct Numbered {
    pub sets: Vec<Vec<String>>,
    pub axis: SampleAxis,
}

/// Sets of datasets whose names differ in one number only, which is the same in all names of a set; `None` where they differ
/// otherwise. The numbers of `u10` and `u100` alone are heights.
pub(super) fn numbered(sets: &[Vec<String>]) -> Option<Numbered> {
    let first = sets.first().filter(|_| sets.len() > 1)?;
    let mut all = Vec::new();
    for set in sets {
        let pieces: Vec<_> = set.iter().map(|name| pieces(name)).collect();
        all.push(pieces);
    }
    if sets.iter().any(|set| set.len() != first.len()) {
        return None;
    }
    let mut order: Vec<(u64, &Vec<String>)> = Vec::new();
    for (set, own) in sets.iter().zip(&all) {
        order.push((number(own, &all)?, set));
    }
    order.sort_by_key(|(number, _)| *number);
    let distinct = order.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let is_height = |set: &Vec<String>| known_partners(leaf(&set[0])).is_some();
    let leaves_differ = sets.iter().any(|set| leaf(&set[0]) != leaf(&first[0]));
    if !distinct || leaves_differ && sets.iter().all(is_height) {
        return None;
    }
    let values = order.iter().map(|(number, _)| *number as f64).collect();
    let axis = SampleAxis { values, ..SampleAxis::numbered(&counted(&all), 0) };
    Some(Numbered { sets: order.into_iter().map(|(_, set)| set.clone()).collect(), axis })
}

/// The one number of a set that is not the same in all sets.
fn number(own: &[Vec<&str>], all: &[Vec<Vec<&str>>]) -> Option<u64> {
    let mut found = None;
    for (k, pieces) in own.iter().enumerate() {
        let mut varies = false;
        if all.iter().any(|other| other[k].len() != pieces.len()) {
            return None;
        }
        for (at, piece) in pieces.iter().enumerate() {
            if all.iter().all(|other| other[k][at] == *piece) {
                continue;
            }
            let number = piece.parse::<u64>().ok()?;
            if *found.get_or_insert(number) != number {
                return None;
            }
            varies = true;
        }
        if !varies {
            return None;
        }
    }
    found
}

/// What stands before the number, where that is known to be counted.
fn counted(all: &[Vec<Vec<&str>>]) -> String {
    let pieces = &all[0][0];
    let differs = |at: &usize| all.iter().any(|other| other[0][*at] != pieces[*at]);
    let at = (0..pieces.len()).find(differs).unwrap_or(0);
    let before = at.checked_sub(1).map_or("", |before| pieces[before]);
    let word = before.rsplit('/').next().unwrap_or_default();
    let word = word.trim_end_matches(['_', '-', '=', ' ', '.']).to_lowercase();
    if COUNTED.contains(&word.as_str()) { word } else { "field".into() }
}

/// Texts and numbers of a name in turn, a text first.
fn pieces(name: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let of_digits = found.len() % 2 == 1;
        let end = rest.find(|c: char| c.is_ascii_digit() != of_digits).unwrap_or(rest.len());
        found.push(&rest[..end]);
        rest = &rest[end..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sets: &[&str]) -> Option<(String, Vec<f64>, String)> {
        let sets: Vec<Vec<String>> =
            sets.iter().map(|set| set.split(',').map(String::from).collect()).collect();
        let found = numbered(&sets)?;
        let order = found.sets.iter().map(|set| set[0].clone()).collect::<Vec<_>>().join(" ");
        Some((found.axis.name, found.axis.values, order))
    }

    #[test]
    fn numbers_make_a_series() {
        let found = of(&["t0/u,t0/v", "t10/u,t10/v", "t9/u,t9/v"]).unwrap();
        assert_eq!(found, ("t".into(), vec![0.0, 9.0, 10.0], "t0/u t9/u t10/u".into()));
        let found = of(&["run/step_2/u,run/step_2/v", "run/step_1/u,run/step_1/v"]).unwrap();
        assert_eq!((found.0.as_str(), &found.1[..]), ("step", &[1.0, 2.0][..]));
        let found = of(&["u_0002,v_0002", "u_0001,v_0001"]).unwrap();
        assert_eq!((found.0.as_str(), &found.1[..]), ("field", &[1.0, 2.0][..]));
        assert!(of(&["velocity_8", "velocity_10"]).is_some());
        // Two numbers that vary, another word, a number twice, heights, components that are numbered.
        for sets in [
            &["t0/l0/u,t0/l0/v", "t0/l1/u,t0/l1/v", "t1/l0/u,t1/l0/v"][..],
            &["t0/u,t0/v", "t1/u,t1/v", "mean/u,mean/v"],
            &["t0/u,t0/v", "t1/u,t1/v", "s2/u,s2/v"],
            &["t1/u,t1/v", "t01/u,t01/v"],
            &["u10,v10", "u100,v100"],
            &["u1,u2", "v1,v2"],
            &["t0/u,t1/v", "t1/u,t0/v"],
            &["t0/u,t0/v"],
        ] {
            assert!(of(sets).is_none(), "{sets:?}");
        }
    }
}
