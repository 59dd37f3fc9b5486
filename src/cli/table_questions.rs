//! The questions that a split answers, the parts, and the shares under every convention.

use super::table_words::{line, percent};
use crate::boundary::Boundary;
use crate::decomposition::Method;
use crate::diagnostic::{Claimed, Report};

/// A question, its answer as a share of the input, and where it comes from.
type Question = (&'static str, f64, String);

const CONSERVATIVE: &str = "how much is the closest conservative field?";
const DIVERGENCE_FREE: &str = "how much is the nearest divergence-free field?";
const CROSSING: &str = "how much crosses windows and coasts or circles islands";
const CROSSING_MORE: &str = "  (gradient and curl at once)?";
const CIRCLING: &str = "  of it, circling islands";
const UNDIVIDED: &str = "solenoidal and harmonic part as one: no divergence";
const REST: &str = "the rest: solenoidal and harmonic, up to the fit";
const LOST: &str = "lost between points and faces";
const CROSS: &str = "cross terms at the points";
/// The least share of a constant field that is worth a line.
const MEAN: f64 = 1e-3;
const LOOPS: &str = "  of it, around islands and other loops";

/// The three questions with their answers, a dash where the method has none. Parts that are not projections answer none.
pub fn questions(out: &mut String, report: &Report) {
    let closest = report.boundary != Boundary::FreeSpace && report.method != Method::LearnedTied;
    if !closest || report.method.is_baseline() {
        return;
    }
    line(out, format_args!("\n{:54} {:>13}", "question", "of the input"));
    let rows = asked(report);
    let last = rows.len() - 1;
    for (k, (question, share, from)) in rows.into_iter().enumerate() {
        let text = format!("{question:54} {:>13}  {from}", percent(share));
        line(out, format_args!("{}", text.trim_end()));
        if k == 0 {
            without_mean(out, report);
        }
        if k == last {
            line(out, format_args!("{CROSSING_MORE}"));
        }
    }
    if let Some(share) = circling(report) {
        let shores = report.circulations.iter().all(|around| around.along_shore);
        let words = if shores { CIRCLING } else { LOOPS };
        line(out, format_args!("{words:54} {:>13}  harmonic part of no-flux", percent(share)));
    }
}

fn asked(report: &Report) -> [Question; 3] {
    if let Some(answers) = &report.answers {
        let from = [
            "gradient part of no-flux",
            "solenoidal and harmonic part of zero-potential",
            "harmonic part of normal-parallel",
        ];
        let known = [
            (CONSERVATIVE, answers.closest_conservative),
            (DIVERGENCE_FREE, answers.nearest_divergence_free),
            (CROSSING, answers.crossing_or_circling),
        ];
        // Without a harmonic part one convention answers only some.
        let source = |share: f64, from: &str| {
            if report.undivided && share.is_nan() { String::new() } else { from.into() }
        };
        let row = |i: usize| (known[i].0, known[i].1, source(known[i].1, from[i]));
        return [row(0), row(1), row(2)];
    }
    let (shares, none) = (&report.share_of_input, f64::NAN);
    let nothing = |question| (question, none, String::new());
    if report.boundary == Boundary::Periodic {
        // The mean flow is orthogonal to the solenoidal part at the points as well.
        let free = shares.solenoidal + shares.harmonic;
        let from = |parts: &str| format!("{parts} part; without walls there is one convention");
        return [
            (CONSERVATIVE, shares.gradient, from("gradient")),
            (DIVERGENCE_FREE, free, from("solenoidal and harmonic")),
            nothing(CROSSING),
        ];
    }
    // Under a density and by a method of its own there is one convention, which answers one of the questions.
    let only = match report.method {
        Method::Staggered => "under the density",
        _ => "the one convention of the method",
    };
    let from = |parts: &str| format!("{parts} part of {}, {only}", report.boundary);
    let mut rows = [nothing(CONSERVATIVE), nothing(DIVERGENCE_FREE), nothing(CROSSING)];
    match report.boundary {
        Boundary::NoFlux => rows[0] = (CONSERVATIVE, shares.gradient, from("gradient")),
        Boundary::ZeroPotential => {
            let free = shares.solenoidal + shares.harmonic;
            rows[1] = (DIVERGENCE_FREE, free, from("solenoidal and harmonic"));
        }
        _ => rows[2] = (CROSSING, shares.harmonic, from("harmonic")),
    }
    rows
}

/// Beside the closest conservative field, that of what a strong constant field hides.
fn without_mean(out: &mut String, report: &Report) {
    let Some(rest) = report.without_mean.filter(|_| report.boundary == Boundary::NoFlux) else {
        return;
    };
    if rest.mean_share >= MEAN {
        let what =
            format!("  without the constant field, {} of the input", percent(rest.mean_share));
        line(out, format_args!("{what:54} {:>13}", percent(rest.gradient)));
    }
}

/// What circles the islands of a domain that has some.
fn circling(report: &Report) -> Option<f64> {
    let loops = report.betti.is_some_and(|betti| betti.fluid[1] > 0);
    let row = report.by_convention.iter().find(|row| row.boundary == Boundary::NoFlux)?;
    loops.then_some(row.harmonic)
}

/// The parts under the convention of the run, closed to the whole.
pub fn parts(out: &mut String, report: &Report) {
    let shares = &report.share_of_input;
    let under = match report.method {
        Method::LearnedTied => "part, in the cone of tied weights".into(),
        _ => format!("part under {}", report.boundary),
    };
    line(out, format_args!("\n{under:54} {:>13}", "of the input"));
    let orthogonal = |claim: &Claimed| claim.what == "orthogonality" && claim.bound.is_some();
    let lost = match report.claims.iter().any(orthogonal) {
        true => [LOST, CROSS],
        false => [LOST, "cross terms: the parts are not orthogonal"],
    };
    let lost = lost.into_iter().zip([shares.lost, shares.cross_terms]);
    let mut of_parts = vec![("gradient part: no curl", shares.gradient)];
    match report.undivided {
        true if report.fit.is_some() => of_parts.push((REST, shares.divergence_free)),
        true => of_parts.push((UNDIVIDED, shares.divergence_free)),
        false => of_parts.extend([
            ("solenoidal part: no divergence", shares.solenoidal),
            ("harmonic part: neither", shares.harmonic),
        ]),
    }
    // If parts and input sit at the same places, nothing is lost between them.
    let on_the_way = lost.clone().any(|(_, share)| share.abs() > 1e-12);
    let rows = of_parts.into_iter().chain(lost.filter(|_| on_the_way));
    let mut together = 0.0;
    for (what, share) in rows {
        together += share;
        line(out, format_args!("{what:54} {:>13}", percent(share)));
    }
    line(out, format_args!("{:54} {:>13}", "together", percent(together)));
}

/// The shares under every convention, a dash where the method knows one.
pub fn conventions(out: &mut String, report: &Report) {
    if report.method == Method::LearnedTied {
        return;
    }
    let [columns @ .., last] = ["gradient", "solenoidal", "harmonic"];
    let [first, second] = columns;
    line(out, format_args!("\n{:28} {first:>13} {second:>13} {last:>13}", "of the input, under"));
    if report.by_convention.is_empty() {
        let shares = &report.share_of_input;
        let [g, s, h] = [shares.gradient, shares.solenoidal, shares.harmonic].map(percent);
        line(out, format_args!("{:28} {g:>13} {s:>13} {h:>13}", report.boundary.name()));
        line(
            out,
            format_args!("{:28} {:>13} {:>13} {:>13}", "any other convention", "–", "–", "–"),
        );
    }
    for row in &report.by_convention {
        let [g, s, h] = [row.gradient, row.solenoidal, row.harmonic].map(percent);
        line(out, format_args!("{:28} {g:>13} {s:>13} {h:>13}", row.boundary.name()));
    }
}
