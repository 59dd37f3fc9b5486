//! What was found, in sentences.

use super::Found;
use crate::diagnostic::Report;
use crate::validation::comparison::{Difference, Entry, LeftOut};

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
    let Difference { from, to, energy, energy_solenoidal, from_ends, ends_differ, assumptions } =
        found;
    if energy.max(*energy_solenoidal) < ROUNDING {
        return format!("{to} gives what {from} gives, to rounding.");
    }
    let mut text = format!(
        "{to} differs from {from} by {} of the energy in the gradient part and {} in the solenoidal part.",
        percent(*energy),
        percent(*energy_solenoidal)
    );
    if let Some(share) = from_ends {
        let rest = rest(*ends_differ);
        text += &match share {
            s if *s > MOSTLY => " The difference of the gradient parts has neither divergence nor curl: it comes from what is \
                                 assumed at the ends of the box alone."
                .to_string(),
            s if *s < 1.0 - MOSTLY => format!(" The difference of the gradient parts comes from {rest}."),
            s => format!(
                " Of the difference of the gradient parts, {} has neither divergence nor curl and comes from what is assumed \
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
fn rest(ends_differ: bool) -> &'static str {
    match ends_differ {
        true => {
            "sources that one of them puts where the field ends, or takes off, and from how derivatives are taken"
        }
        false => "how derivatives are taken, and falls with the spacing",
    }
}

/// What a reader should take from all of it.
pub fn summary<const D: usize>(found: &Found<D>) -> String {
    let entries = &found.comparison.entries;
    let Some((first, _)) = entries.split_first() else { return String::new() };
    let most = found.comparison.differences.iter().max_by(|a, b| a.energy.total_cmp(&b.energy));
    let mut text = match most {
        None => format!("{} is the only method that fits.", first.name()),
        Some(most) if most.energy < 1e-6 => format!(
            "All methods agree to {} of the energy: the answer does not hang on the method.",
            percent(most.energy)
        ),
        Some(most) => {
            let by_derivatives =
                most.from_ends.is_some_and(|share| share < 0.5) && !most.ends_differ;
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
                "The methods differ by up to {} of the energy ({}): {why}.",
                percent(most.energy),
                most.to
            )
        }
    };
    if let Some(best) = best(entries) {
        let (name, errors) = (best.name(), best.errors.expect("one with errors"));
        text += &format!(
            " Closest to the exact parts is {name}, with an error of {:.1e}.",
            errors.largest()
        );
    }
    text
}

/// The entry whose largest error is the least.
fn best<const D: usize>(entries: &[Entry<D>]) -> Option<&Entry<D>> {
    let known = entries.iter().filter(|entry| entry.errors.is_some());
    let error = |entry: &&Entry<D>| entry.errors.map_or(f64::INFINITY, |errors| errors.largest());
    known.min_by(|a, b| error(a).total_cmp(&error(b)))
}

/// Points along the axes.
pub fn points(cells: &[usize]) -> String {
    cells.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}
