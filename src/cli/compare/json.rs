//! A comparison as one JSON object.

use super::Found;
use super::sizes::{OnSize, order};
use crate::cli::args_compare::CompareArguments;
use crate::validation::comparison::Entry;
use anyhow::Result;
use serde_json::{Value, json};

pub fn record<const D: usize>(found: &Found<D>, arguments: &CompareArguments) -> Result<String> {
    let comparison = &found.comparison;
    let entries: Vec<Value> = (0..comparison.entries.len()).map(|i| entry(found, i)).collect();
    let left_out: Vec<Value> = comparison
        .left_out
        .iter()
        .map(|one| json!({"method": one.candidate.name(), "reason": one.reason}))
        .collect();
    let record = json!({
        "field": found.sample.name,
        "source": arguments.field,
        "cells": found.sample.domain.grid().shape().to_vec(),
        "metric": found.sample.domain.geometry().name(),
        "methods": entries,
        "left_out": left_out,
        "differences": comparison.differences,
        "distance_of_gradients": comparison.gradients,
        "distance_of_solenoidals": comparison.solenoidals,
        "sizes": sizes(&found.sizes),
    });
    Ok(serde_json::to_string(&record)?)
}

fn entry<const D: usize>(found: &Found<D>, i: usize) -> Value {
    let entry = &found.comparison.entries[i];
    let Entry { report, errors, .. } = entry;
    let estimate = found.estimates.get(i).map(|estimate| match estimate {
        Ok(estimate) => json!(estimate),
        Err(reason) => json!({ "none": reason.to_string() }),
    });
    let noise = found.spreads.get(i).map(|spread| match spread {
        Ok(spread) => json!(spread),
        Err(reason) => json!({ "none": reason.to_string() }),
    });
    json!({
        "method": report.method,
        "boundary": report.boundary,
        "backend": report.backend,
        "baseline": report.method.is_baseline(),
        "errors": errors,
        "plan_seconds": entry.plan_seconds,
        "seconds": entry.seconds,
        "memory_bytes": entry.bytes,
        "estimate": estimate,
        "noise": noise,
        "report": report,
    })
}

fn sizes(sizes: &[OnSize]) -> Vec<Value> {
    let mut rows = Vec::new();
    for (k, size) in sizes.iter().enumerate() {
        for row in &size.rows {
            let before =
                k.checked_sub(1).and_then(|k| Some((sizes[k].n, sizes[k].row(&row.name)?)));
            let orders = before.and_then(|(n, coarse)| {
                let (coarse, fine) = (coarse.errors?, row.errors?);
                Some([0, 1, 2].map(|part| order((n, coarse[part]), (size.n, fine[part]))))
            });
            rows.push(json!({
                "n": size.n, "method": row.name, "errors": row.errors, "orders": orders,
                "seconds": row.seconds, "memory_bytes": row.bytes,
            }));
        }
    }
    rows
}
