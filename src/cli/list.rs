//! `hodge list`.

use super::args::{Common, Format};
use super::exit::Exit;
use crate::boundary::Boundary;
use crate::decomposition::Method;
use crate::poisson::Backend;
use crate::source::analytic::{CASES_2D, CASES_3D, Case};
use anyhow::Result;
use serde_json::json;

pub fn run(common: &Common) -> Result<Exit> {
    let cases: Vec<_> =
        CASES_2D.iter().map(|c| entry(*c)).chain(CASES_3D.iter().map(|c| entry(*c))).collect();
    if common.format == Format::Json {
        let names = |list: Vec<&str>| json!(list);
        println!(
            "{}",
            json!({
                "cases": cases,
                "methods": names(Method::ALL.map(|m| m.name()).to_vec()),
                "boundaries": names(Boundary::ALL.map(|b| b.name()).to_vec()),
                "backends": names(Backend::ALL.map(|b| b.name()).to_vec()),
            })
        );
        return Ok(Exit::Done);
    }
    println!("analytic cases (analytic:NAME), with the conventions that split them exactly:");
    for case in &cases {
        let exact = case["exact_under"].as_array().map_or(0, Vec::len);
        let exact = match exact {
            0 => "–".to_string(),
            _ => case["exact_under"].to_string().replace(['[', ']', '"'], "").replace(',', ", "),
        };
        let text = |key: &str| case[key].as_str().unwrap_or_default().to_string();
        println!("  {:4} {}D  {:52} {exact}", text("name"), case["dims"], text("title"));
    }
    println!("methods:");
    println!("  spectral   every axis periodic; exact for the Fourier derivative");
    println!("  staggered  any mix of periodic and bounded axes, masks; exact on the faces");
    println!("boundaries:");
    for boundary in Boundary::ALL {
        println!("  {}", boundary.in_words());
    }
    println!("back ends: {}", Backend::ALL.map(|b| b.name()).join(", "));
    Ok(Exit::Done)
}

fn entry<const D: usize>(case: &dyn Case<D>) -> serde_json::Value {
    let exact: Vec<_> = case.exact_under().iter().map(|b| b.name()).collect();
    json!({ "name": case.name(), "dims": D, "title": case.title(), "exact_under": exact })
}
