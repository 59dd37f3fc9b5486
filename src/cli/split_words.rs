//! What `hodge split` found, as text.

use super::terminal;
use serde_json::Value;

/// The result as a table.
pub fn in_words(result: &Value) -> String {
    let text = |key: &str| result[key].as_str().unwrap_or_default();
    let found = match result["exact"].as_bool() {
        Some(true) => "gradient part of the exact split",
        _ => "closest conservative network",
    };
    let units = format!("on the same {} units", result["units"]);
    let weighted = if result["weighted"] == true { ", weighted" } else { "" };
    let place = match text("fitted_at") {
        "points" => format!("{} points{weighted}", result["points"]),
        _ => format!("{} cells of the window", result["points"]),
    };
    let mut out = format!("{}: {found} {units}, at {place}\n", terminal::escape(text("source")));
    out += &row("field", rms(&result["field_rms"]), "root mean square of r(x) - x");
    match result["exact"].as_bool() {
        Some(true) => out += &of_exact(result),
        _ => out += &of_closest(result),
    }
    if !result["window"].is_null() {
        out += &of_window(&result["window"]);
    }
    out
}

fn of_closest(result: &Value) -> String {
    let cut = result["rank_cut"].as_f64().unwrap_or_default();
    let rank = format!(
        "combinations of {} units that count; singular values below {cut:e} of the largest are left out",
        result["units"]
    );
    row("residual", rms(&result["residual_rms"]), "root mean square of what no such network has")
        + &row("share left", percent(&result["share_left"]), "of the energy of r(x) - x")
        + &row("rank", result["rank"].to_string(), &rank)
        + &row("largest |e|", rms(&result["largest_factor"]), "of R = W diag(e)")
}

fn of_exact(result: &Value) -> String {
    let ratio = |key: &str| format!("{:.4}", result[key].as_f64().unwrap_or(f64::NAN));
    let words = "its root mean square over that of the field";
    row("gradient", ratio("gradient_over_field"), words)
        + &row(
            "solenoidal",
            ratio("solenoidal_over_field"),
            "that of the rest, which has no divergence",
        )
        + "the parts add up exactly, but neither is the closest of its kind\n"
}

fn of_window(window: &Value) -> String {
    let numbers = |key: &str, between: &str| {
        let list = window[key].as_array().cloned().unwrap_or_default();
        list.iter().map(Value::to_string).collect::<Vec<_>>().join(between)
    };
    let (ends, cells) = (numbers("domain", ","), numbers("cells", " x "));
    let mut out = format!("on the window {ends}, {cells} cells\n");
    if !window["share_left"].is_null() {
        out += &row("share left", percent(&window["share_left"]), "by this network");
        let ratio = window["conservative_over_field"].as_f64().unwrap_or(f64::NAN);
        let words = "root mean square of its field over that of r(x) - x";
        out += &row("size", format!("{ratio:.4}"), words);
    }
    let words = "solenoidal share: what the closest conservative field of any kind leaves";
    out + &row("no-flux", percent(&window["no_flux_share"]), words)
}

fn row(name: &str, value: String, words: &str) -> String {
    format!("  {name:12} {value:>12}   {words}\n")
}

fn rms(value: &Value) -> String {
    value.as_f64().map_or("–".into(), |v| format!("{v:.4e}"))
}

fn percent(value: &Value) -> String {
    value.as_f64().map_or("–".into(), |v| format!("{:.4} %", 100.0 * v))
}
