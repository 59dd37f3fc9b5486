//! The diagnostics of a decomposition for people.

use super::record::Timed;
use super::terminal::escape;
use crate::diagnostic::{Report, Ruler};
use std::fmt::Write;

/// The report as a table.
pub fn render(timed: &Timed) -> String {
    let report = &timed.report;
    let mut out = String::new();
    headline(&mut out, timed);
    energies(&mut out, report);
    quality(&mut out, report);
    let mut line = String::from("seconds      ");
    for (stage, seconds) in timed.seconds.stages() {
        write!(line, " {stage} {seconds:.3} ").expect("text");
    }
    if let Some(bytes) = timed.peak_memory_bytes {
        write!(line, " (peak memory {:.0} MiB)", bytes as f64 / f64::from(1 << 20)).expect("text");
    }
    out += line.trim_end();
    out.push('\n');
    for warning in &report.warnings {
        writeln!(out, "WARNING       {}", escape(warning)).expect("text");
    }
    out
}

fn headline(out: &mut String, timed: &Timed) {
    let report = &timed.report;
    let cells: Vec<_> = report.cells.iter().map(usize::to_string).collect();
    let backend = report.backend.map_or(String::new(), |b| format!(", {b}"));
    let name = escape(&timed.name);
    writeln!(out, "{name}: {} cells, {}{backend}", cells.join(" x "), report.method).expect("text");
    let all: usize = report.cells.iter().product();
    if report.active_cells < all {
        writeln!(out, "mask          {} of {all} cells take part", report.active_cells)
            .expect("text");
    }
    if let Some(betti) = &report.betti {
        let [b0, b1, b2] = betti.fluid;
        writeln!(out, "topology      {b0} components, {b1} independent loops, {b2} cavities")
            .expect("text");
    }
    let words = &report.conventions;
    for (what, text) in [
        ("metric", report.metric),
        ("boundary", words.boundary),
        ("derivative", words.derivative),
        ("potentials", words.potentials),
    ] {
        writeln!(out, "{what:13} {text}").expect("text");
    }
}

fn energies(out: &mut String, report: &Report) {
    let (energy, fraction) = (&report.energy, &report.fraction);
    writeln!(out, "\npart                energy      fraction").expect("text");
    for (part, energy, fraction) in [
        ("input", energy.input, fraction.input),
        ("gradient", energy.gradient, fraction.gradient),
        ("solenoidal", energy.solenoidal, fraction.solenoidal),
        ("harmonic", energy.harmonic, fraction.harmonic),
        ("sampling rem.", energy.sampling_remainder, fraction.sampling_remainder),
    ] {
        let energy = match energy.is_nan() {
            true => "–".to_string(),
            false => format!("{energy:.6e}"),
        };
        writeln!(out, "{part:13} {energy:>14}  {fraction:10.6}").expect("text");
    }
}

fn quality(out: &mut String, report: &Report) {
    let cosines = &report.cosines;
    writeln!(out, "\nclaimed to be rounding            found  at most").expect("text");
    for claim in &report.claims {
        let bound = claim.bound.map_or("nothing claimed".into(), |b| format!("{b:.1e}"));
        let mark = if claim.holds { "" } else { "  BROKEN" };
        writeln!(out, "  {:34}{:9.1e}  {bound}{mark}", claim.what, claim.value).expect("text");
    }
    writeln!(
        out,
        "cosines       {:9.1e} gradient·solenoidal {:9.1e} gradient·harmonic {:9.1e} solenoidal·harmonic",
        cosines.gradient_solenoidal, cosines.gradient_harmonic, cosines.solenoidal_harmonic
    )
    .expect("text");
    writeln!(out, "times h/|v|   div solen.  curl grad.  div harm.  curl harm.").expect("text");
    for ruler in [&report.own_ruler, &report.common_ruler] {
        ruler_row(out, ruler);
    }
    for around in &report.circulations {
        let centre: Vec<_> = around.centre.iter().map(|x| format!("{x:.4}")).collect();
        writeln!(
            out,
            "circulation   {:13.6e} = {:.3e} gradient + {:.6e} solenoidal + {:.6e} harmonic, around ({})",
            around.field,
            around.gradient,
            around.solenoidal,
            around.harmonic,
            centre.join(", ")
        )
        .expect("text");
    }
    for solve in &report.solves {
        writeln!(
            out,
            "Poisson       {:?} condition, {} unknowns, {} iterations, residual {:.1e}",
            solve.condition, solve.unknowns, solve.iterations, solve.residual
        )
        .expect("text");
    }
}

fn ruler_row(out: &mut String, ruler: &Ruler) {
    writeln!(
        out,
        "             {:10.1e}  {:10.1e} {:10.1e}  {:10.1e}   {}",
        ruler.divergence_of_solenoidal,
        ruler.curl_of_gradient,
        ruler.divergence_of_harmonic,
        ruler.curl_of_harmonic,
        ruler.derivative
    )
    .expect("text");
}
