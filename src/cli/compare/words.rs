//! What was found, in sentences.

use super::Found;
use crate::diagnostic::{PartErrors, Report};
use crate::validation::comparison::{Comparison, Difference, Entry, LeftOut};

/// Differences below this share of the energy are rounding.
const ROUNDING: f64 = 1e-20;
/// A share above this stands for all.
const MOSTLY: f64 = 0.995;

/// A share as percent with three digits, or a power of ten where it is small.
pub fn percent(share: f64) -> String {
    match 100.0 * share {
        p if !p.is_finite() => "–".into(),
        p if p == 0.0 || p.abs() >= 0.01 => format!("{p:.4} %"),
        p => format!("{p:.1e} %"),
    }
}

/// A method that cannot be applied, and why.
pub fn left_out(one: &LeftOut) -> String {
    format!("{}: {}", one.candidate.name(), one.reason)
}

/// Shares of gradient, solenoidal and harmonic part and what is lost between points and faces.
pub fn shares(report: &Report) -> [f64; 4] {
    let shares = &report.share_of_input;
    [shares.gradient, shares.solenoidal, shares.harmonic, shares.lost]
}

/// What a method differs from the first by, and on what that hangs.
pub fn difference(found: &Difference) -> String {
    let Difference { from, to, energy, energy_solenoidal, from_ends, assumptions, .. } = found;
    let part = found.decomposed;
    if energy.max(*energy_solenoidal) < ROUNDING {
        return format!("{to} gives what {from} gives, to rounding.");
    }
    let mut text = format!(
        "{to} differs from {from} by {} of the energy in the gradient part and {} in the solenoidal part.",
        percent(*energy),
        percent(*energy_solenoidal)
    );
    if let Some(share) = from_ends {
        let rest = rest(found);
        text += &match share {
            s if *s > MOSTLY => format!(
                " The difference of the {part} parts has neither divergence nor curl: it comes from what is assumed at the \
                 ends of the box alone."
            ),
            s if *s < 1.0 - MOSTLY => {
                format!(" The difference of the {part} parts comes from {rest}.")
            }
            s => format!(
                " Of the difference of the {part} parts, {} has neither divergence nor curl and comes from what is assumed \
                 at the ends of the box; the rest comes from {rest}.",
                percent(*s)
            ),
        };
    }
    if !assumptions.is_empty() {
        text += &format!(" They assume ({from} | {to}) {}.", assumptions.join("; "));
    }
    text
}

/// Where a difference with divergence or curl comes from.
fn rest(found: &Difference) -> &'static str {
    match (found.ends_differ, found.same_derivatives) {
        (true, false) => {
            "sources that one of them puts where the field ends, or takes off, and from how derivatives are taken"
        }
        (true, true) => {
            "sources that one of them puts where the field ends, and from interpolation between points and faces"
        }
        (false, false) => "how derivatives are taken, and falls with the spacing",
        (false, true) => "interpolation between points and faces, and falls with the spacing",
    }
}

/// What is to be known of the parts, each once, with the methods it is about.
pub fn warnings<const D: usize>(found: &Found<D>) -> Vec<String> {
    let mut all: Vec<(&str, Vec<String>)> = Vec::new();
    for entry in &found.comparison.entries {
        for warning in &entry.report.warnings {
            match all.iter_mut().find(|(known, _)| known == warning) {
                Some((_, names)) => names.push(entry.name()),
                None => all.push((warning, vec![entry.name()])),
            }
        }
    }
    let broken = found.comparison.entries.iter().filter(|entry| !entry.report.claims_hold());
    let broken =
        broken.map(|entry| format!("{}: what it claims for any data does not hold", entry.name()));
    let line = |(warning, names): (&str, Vec<String>)| format!("{}: {warning}", names.join(", "));
    all.into_iter().map(line).chain(broken).collect()
}

/// What a reader should take from all of it.
pub fn summary<const D: usize>(found: &Found<D>) -> String {
    let entries = &found.comparison.entries;
    let Some((first, _)) = entries.split_first() else { return String::new() };
    let mut text = match farthest(found) {
        None if entries.len() == 1 => format!("{} is the only method.", first.name()),
        None => "The field is zero: there is nothing to compare.".into(),
        Some((energy, _)) if energy < 1e-6 => format!(
            "All methods agree to {} of the energy: the answer does not hang on the method.",
            percent(energy)
        ),
        Some((energy, [a, b])) => {
            let by_derivatives = [a, b].into_iter().filter(|i| *i > 0).all(|i| {
                let one = &found.comparison.differences[i - 1];
                one.from_ends.is_some_and(|share| share < 0.5) && !one.ends_differ
            });
            let why = match by_derivatives {
                true => {
                    "mostly because derivatives are taken otherwise; more points would tell (--estimate, --sizes)"
                }
                false => {
                    "which of them is right is a question about the field: what is beyond the ends of the box, and where what is a \
                     gradient and a curl at once belongs"
                }
            };
            format!(
                "The methods differ by up to {} of the energy ({} and {}): {why}.",
                percent(energy),
                entries[a].name(),
                entries[b].name()
            )
        }
    };
    if let Some(best) = best(entries) {
        let (name, errors) = (best.name(), best.errors.expect("one with errors"));
        text += &format!(
            " Closest to the exact parts is {name}, with an error of {:.1e}.",
            largest(&errors)
        );
    }
    text
}

/// The entry whose largest error is the least.
fn best<const D: usize>(entries: &[Entry<D>]) -> Option<&Entry<D>> {
    let known = entries.iter().filter(|entry| entry.errors.is_some());
    let error = |entry: &&Entry<D>| entry.errors.map_or(f64::INFINITY, |errors| largest(&errors));
    known.min_by(|a, b| error(a).total_cmp(&error(b)))
}

/// The largest error of the parts that are told apart.
fn largest(errors: &PartErrors) -> f64 {
    errors.gradient.max(errors.solenoidal).max(errors.harmonic)
}

/// The energy that the gradient or the solenoidal parts of any two entries differ by at the most, and which they are; `None` where
/// there is no pair or no energy.
fn farthest<const D: usize>(found: &Found<D>) -> Option<(f64, [usize; 2])> {
    let Comparison { gradients, solenoidals, .. } = &found.comparison;
    let pairs = (0..gradients.len()).flat_map(|b| (0..b).map(move |a| [a, b]));
    let apart = pairs.map(|[a, b]| (gradients[a][b].max(solenoidals[a][b]).powi(2), [a, b]));
    apart.filter(|pair| pair.0.is_finite()).max_by(|a, b| a.0.total_cmp(&b.0))
}

/// Points along the axes.
pub fn points(cells: &[usize]) -> String {
    cells.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}
