//! The diagnostics of a decomposition for people.

use super::record::Timed;
use super::table_circulations::circulations;
use super::table_questions::{conventions, parts, questions};
use super::table_words::{line, percent, power};
use super::terminal::escape;
use crate::diagnostic::Report;
use crate::grid::short;
use std::fmt::Write;

/// The report as a table: the answers first, then the parts and the residuals; with `verbose`
/// everything that was measured.
pub fn render(timed: &Timed, verbose: bool) -> String {
    let report = &timed.report;
    let mut out = String::new();
    headline(&mut out, timed, verbose);
    questions(&mut out, report);
    parts(&mut out, report);
    conventions(&mut out, report);
    if verbose {
        energies(&mut out, report);
    }
    residuals(&mut out, report, verbose);
    circulations(&mut out, report, verbose);
    claims(&mut out, report, verbose);
    if let Some(fit) = &report.fit {
        line(&mut out, format_args!("\n{}", fit.in_words()));
    }
    if verbose {
        solves(&mut out, timed);
    }
    for warning in &report.warnings {
        line(&mut out, format_args!("WARNING  {}", escape(warning)));
    }
    out
}

fn headline(out: &mut String, timed: &Timed, verbose: bool) {
    let report = &timed.report;
    let cells: Vec<_> = report.cells.iter().map(usize::to_string).collect();
    let backend = report.backend.map_or(String::new(), |b| format!(", {b}"));
    let (name, cells) = (escape(&timed.name), cells.join(" x "));
    let radius =
        report.radius.map_or(String::new(), |radius| format!(" of radius {}", short(radius)));
    let thickness = report.thickness.map_or(String::new(), |thickness| format!("{thickness} "));
    let metric = format!("{thickness}{}", report.metric);
    line(
        out,
        format_args!("{name}: {cells} cells, {}{backend}, metric {metric}{radius}", report.method),
    );
    let all: usize = report.cells.iter().product();
    if report.active_cells < all {
        let mut text = format!("{} of {all} cells take part", report.active_cells);
        if let Some(betti) = &report.betti {
            let [b0, b1, b2] = betti.fluid;
            let count = |n: usize, one: &str, many: &str| match n {
                1 => format!("1 {one}"),
                n => format!("{n} {many}"),
            };
            text += &format!(": {}", count(b0, "piece of fluid", "pieces of fluid"));
            text += &format!(", {}", count(b1, "independent loop", "independent loops"));
            if report.cells.len() == 3 {
                text += &format!(", {}", count(b2, "cavity", "cavities"));
            }
        }
        line(out, format_args!("{text}"));
    }
    for note in &timed.cells {
        line(out, format_args!("{}", escape(note)));
    }
    if verbose {
        let words = &report.conventions;
        line(out, format_args!("boundary    {}", words.boundary));
        line(out, format_args!("derivative  {}", words.derivative));
        line(out, format_args!("potentials  {}", words.potentials));
        line(out, format_args!("at points   {}", words.points));
    }
}

/// Energies and exactly additive shares where the method computes.
fn energies(out: &mut String, report: &Report) {
    let (energy, fraction) = (&report.energy, &report.fraction);
    line(
        out,
        format_args!("\n{:28} {:>13} {:>13}", "where the method computes", "energy", "share"),
    );
    for (part, energy, fraction) in [
        ("input", energy.input, fraction.input),
        ("gradient part", energy.gradient, fraction.gradient),
        ("solenoidal part", energy.solenoidal, fraction.solenoidal),
        ("harmonic part", energy.harmonic, fraction.harmonic),
        ("both, without divergence", energy.divergence_free, fraction.divergence_free),
        ("sampling remainder", energy.sampling_remainder, fraction.sampling_remainder),
    ] {
        let energy = if energy.is_nan() { "–".into() } else { format!("{energy:.6e}") };
        line(out, format_args!("{part:28} {energy:>13} {:>13}", percent(fraction)));
    }
    let cosines = &report.cosines;
    for (pair, cosine) in [
        ("gradient · solenoidal", cosines.gradient_solenoidal),
        ("gradient · harmonic", cosines.gradient_harmonic),
        ("solenoidal · harmonic", cosines.solenoidal_harmonic),
    ] {
        line(out, format_args!("cosine of {pair:22} {:>9}", power(cosine)));
    }
}

fn residuals(out: &mut String, report: &Report, verbose: bool) {
    let more = if verbose { "  and of the harmonic part" } else { "" };
    let [divergence, curl, what] = ["divergence of", "curl of", "residual, relative to the field,"];
    line(out, format_args!("\n{what:34} {divergence:>14} {curl:>14}{more}"));
    line(out, format_args!("{:34} {:>14} {:>14}", "", "solenoidal", "gradient"));
    let central = &report.by_central_differences;
    let central = [
        central.divergence_of_solenoidal,
        central.curl_of_gradient,
        central.divergence_of_harmonic,
        central.curl_of_harmonic,
    ];
    for (how, residuals) in [
        ("by the method's own differences", report.by_own_differences.in_claims()),
        ("by central differences", central),
    ] {
        let [d, c, of_harmonic @ ..] = residuals.map(power);
        let more = match verbose {
            true => format!("  {} {}", of_harmonic[0], of_harmonic[1]),
            false => String::new(),
        };
        line(out, format_args!("{how:34} {d:>14} {c:>14}{more}"));
    }
}

/// The claims: in one line if all hold, else each.
fn claims(out: &mut String, report: &Report, verbose: bool) {
    let value = |v: Option<f64>| v.map_or("–".to_string(), power);
    if report.claims_hold() && !verbose {
        let count = report.claims.iter().filter(|claim| claim.bound.is_some()).count();
        let claimed = report.claims.iter().filter(|claim| claim.bound.is_some());
        let values = claimed.filter_map(|claim| claim.value);
        let Some(largest) = values.reduce(f64::max).map(power) else { return };
        let bound = report.claims.iter().find_map(|claim| claim.bound).map_or("–".into(), power);
        line(
            out,
            format_args!(
                "\narithmetic: the {count} laws of the parts hold to {largest}, {bound} is claimed; this says \
                 nothing about the data"
            ),
        );
        return;
    }
    line(out, format_args!("\n{:34} {:>9} {:>9}", "claimed to be rounding", "found", "at most"));
    for claim in &report.claims {
        let bound = claim.bound.map_or("no claim".into(), power);
        let mark = if claim.holds { "" } else { "  BROKEN" };
        line(out, format_args!("{:34} {:>9} {bound:>9}{mark}", claim.what, value(claim.value)));
    }
}

fn solves(out: &mut String, timed: &Timed) {
    for solve in &timed.report.solves {
        line(
            out,
            format_args!(
                "Poisson     {:?} condition, {} unknowns, {} iterations, residual {:.1e}",
                solve.condition, solve.unknowns, solve.iterations, solve.residual
            ),
        );
    }
    let mut text = String::from("seconds    ");
    for (stage, seconds) in timed.seconds.stages() {
        write!(text, " {stage} {seconds:.3} ").expect("text");
    }
    if let Some(bytes) = timed.peak_memory_bytes {
        write!(text, " (peak memory {:.0} MiB)", bytes as f64 / f64::from(1 << 20)).expect("text");
    }
    line(out, format_args!("{text}"));
}
