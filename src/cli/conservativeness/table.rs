//! The scores of `hodge conservativeness` for people.

use super::super::terminal;
use serde_json::Value;

/// The three numbers: name, pooled ratio of the same name, random baseline, meaning.
const SCORES: [(&str, &str, &str); 3] = [
    ("sym_map", "map_baseline", "1 - |Ja|²/|J|² of r, Ja = (J - J')/2: 1 where J is symmetric"),
    ("sym_field", "field_baseline", "the same of the Jacobian of the field"),
    ("rho", "", "|Ja|² over that of a random J: 0 where J is symmetric"),
];

const OTHERS: [(&str, &str); 8] = [
    ("sym_sqrt", "root of sym_map, as in the authors' code"),
    ("nasym", "1 - sym_map"),
    ("lambda", "mean |Ja|/|J|"),
    ("jacobian_rms", "|J|, root mean square"),
    ("field_jacobian_rms", "the same of the field"),
    ("curl_rms", "root mean square of the curl"),
    ("curl_relative", "curl_rms over jacobian_rms"),
    ("curl_max", "largest curl"),
];

/// When the field draws points together, from the weakest condition to the strongest.
const CONTRACTION: [(&str, &str); 3] = [
    (
        "sink_fraction",
        "eq. 10, the sum of h'(z)|w|² < D: where weights are tied the next line; necessary, not sufficient",
    ),
    ("contracting_fraction", "the divergence of the field < 0 (tr J < D of r): volumes shrink"),
    (
        "attracting_fraction",
        "the symmetric part of its Jacobian < 0 (largest eigenvalue of (J + J')/2 < 1): distances shrink",
    ),
];

fn number(value: &Value) -> String {
    value.as_f64().map_or("–".to_string(), |v| format!("{v:.6}"))
}

/// The scores at one set of points.
fn scores(out: &mut String, title: &str, of: &Value) {
    *out += &format!("{title} ({} points)\n", of["points"]);
    *out += &format!("  {:18} {:>12} {:>12} {:>12}\n", "", "mean", "pooled", "if random");
    for (key, baseline, meaning) in SCORES {
        let random = if baseline.is_empty() { "1.000000".into() } else { number(&of[baseline]) };
        // What probes estimate is pooled.
        let (mean, pooled) = match of["estimate"].is_null() {
            true => (number(&of[key]), number(&of["pooled"][key])),
            false => ("–".into(), number(&of[key])),
        };
        *out += &format!("  {key:18} {mean:>12} {pooled:>12} {random:>12}   {meaning}\n");
    }
    for (key, meaning) in OTHERS {
        if !of[key].is_null() {
            *out += &format!("  {key:18} {:>12}   {meaning}\n", number(&of[key]));
        }
    }
    *out += "  share of points that draw what is near together\n";
    for (key, meaning) in CONTRACTION {
        *out += &format!("  {key:20} {:>10}   {meaning}\n", number(&of[key]));
    }
    for (key, what) in [("zero_jacobians", "r"), ("zero_field_jacobians", "the field")] {
        if of[key].as_u64().is_some_and(|count| count > 0) {
            let count = &of[key];
            *out += &format!(
                "  the Jacobian of {what} is zero at {count} points, which count as symmetric\n"
            );
        }
    }
    if let Value::Object(estimate) = &of["estimate"] {
        let error = |key: &str| estimate[key]["standard_error"].as_f64().unwrap_or(f64::NAN);
        let [curl, map, field, rho] = ["curl_squared", "sym_map", "sym_field", "rho"].map(error);
        *out += &format!(
            "  estimated; standard errors: squared curl {curl:.1e}, sym_map {map:.1e}, sym_field {field:.1e}, rho {rho:.1e}\n"
        );
    }
}

/// What symmetry at every point leaves open where there are loops.
fn topology(out: &mut String, result: &Value) {
    let Some(betti) = result["betti"].as_array() else { return };
    let betti: Vec<String> = betti.iter().map(Value::to_string).collect();
    *out += &format!("  Betti numbers      {}\n", betti.join(", "));
    let Some(around) = result["circulations"].as_array() else { return };
    for value in around.iter().take(10) {
        let centre: Vec<String> =
            value["centre"].as_array().into_iter().flatten().map(number).collect();
        let place = if centre.is_empty() {
            "along a periodic axis or a loop".into()
        } else {
            format!("around ({})", centre.join(", "))
        };
        *out += &format!("  circulation        {:>12}   {place}\n", number(&value["circulation"]));
    }
    if around.len() > 10 {
        *out += &format!("  and around {} more loops (--format json)\n", around.len() - 10);
    }
    *out += &format!("{}\n", result["topology_in_words"].as_str().unwrap_or_default());
}

/// What `hodge conservativeness` found.
pub fn table(result: &Value) -> String {
    let mut out = String::new();
    let source = result["source"].as_str().unwrap_or_default();
    scores(&mut out, &terminal::escape(source), result);
    if !result["grid"].is_null() {
        scores(&mut out, "on the grid", &result["grid"]);
    }
    topology(&mut out, result);
    out += "no one of the three decides: sym_map is high wherever r is near the identity, sym_field wherever r has fewer\n\
            units than dimensions\n";
    if let Value::Object(conditions) = &result["conditions"] {
        out += "sufficient conditions (means over points; 0 where a condition holds)\n";
        for (key, meaning) in [
            ("c_residual", "R = C What, C from the weights"),
            ("c_asymmetry", "C symmetric"),
            ("c_commutator", "C commutes with What What'"),
            ("e_residual", "R = W E with E diagonal: the global condition"),
        ] {
            out += &format!("  {key:18} {:>12}   {meaning}\n", number(&conditions[key]));
        }
        out += &format!("verdict: {}\n", result["verdict_in_words"].as_str().unwrap_or_default());
    }
    out
}
