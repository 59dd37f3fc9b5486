//! `hodge list`.

use super::args::{Common, OutputFormat};
use super::exit::Exit;
use super::terminal;
use crate::boundary::Boundary;
use crate::decomposition::Method;
use crate::poisson::Backend;
use crate::source::analytic::{CASES_2D, CASES_3D, Case};
use anyhow::Result;
use serde_json::json;

pub fn run(common: &Common) -> Result<Exit> {
    let cases: Vec<_> =
        CASES_2D.iter().map(|c| entry(*c)).chain(CASES_3D.iter().map(|c| entry(*c))).collect();
    match common.format {
        OutputFormat::Json => {
            let names = |list: Vec<&str>| json!(list);
            let all = json!({
                "cases": cases,
                "methods": names(Method::ALL.map(|m| m.name()).to_vec()),
                "boundaries": names(Boundary::ALL.map(|b| b.name()).to_vec()),
                "backends": names(Backend::ALL.map(|b| b.name()).to_vec()),
            });
            terminal::print_json(&all.to_string());
        }
        OutputFormat::Table | OutputFormat::Csv => terminal::print(&table(&cases)),
    }
    Ok(Exit::Done)
}

fn table(cases: &[serde_json::Value]) -> String {
    let mut out = String::from(
        "analytic cases (analytic:NAME), with the conventions that split them exactly:\n",
    );
    for case in cases {
        let exact = match case["exact_under"].as_array().map_or(0, Vec::len) {
            0 => "–".to_string(),
            _ => case["exact_under"].to_string().replace(['[', ']', '"'], "").replace(',', ", "),
        };
        let text = |key: &str| case[key].as_str().unwrap_or_default().to_string();
        let (name, title) = (text("name"), text("title"));
        out += &format!("  {name:4} {}D  {title:52} {exact}\n", case["dims"]);
    }
    out += "methods:\n";
    for method in Method::ALL {
        out += &format!("  {:17}  {}\n", method.name(), method.in_words());
    }
    out += "boundaries:\n";
    for boundary in Boundary::ALL {
        out += &format!("  {}\n", boundary.in_words());
    }
    out + &format!("back ends: {}\n", Backend::ALL.map(|b| b.name()).join(", "))
}

fn entry<const D: usize>(case: &dyn Case<D>) -> serde_json::Value {
    let exact: Vec<_> = case.exact_under().iter().map(|b| b.name()).collect();
    json!({ "name": case.name(), "dims": D, "title": case.title(), "exact_under": exact })
}
