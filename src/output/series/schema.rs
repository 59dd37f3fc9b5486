//! What a file of a series holds, known from its first field.

use super::Leading;
use crate::output::OutputError;
use crate::output::dataset::Dataset;
use crate::output::group::{DimensionScale, FieldGroup};
use crate::output::lattice::Lattice;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The arrays of every field of a series, with what is said of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Schema {
    /// The group, where there is more than one series in the file.
    pub name: String,
    pub leading: Leading,
    pub scales: Vec<DimensionScale>,
    /// Coordinates that every field has.
    #[serde(default)]
    pub fixed: Vec<DimensionScale>,
    /// The axes of the points, slowest first, and where those are if at equal distances.
    pub points: Vec<String>,
    pub lattice: Option<Lattice>,
    pub arrays: Vec<ArraySchema>,
    /// Of the group.
    pub attributes: Map<String, Value>,
    /// Of the table of evidence, in its order.
    pub columns: Vec<String>,
    /// Names of the inputs of the run.
    pub inputs: Vec<String>,
    pub single_precision: bool,
}

/// One array, without the axes that count fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ArraySchema {
    pub name: String,
    pub axes: Vec<String>,
    pub units: String,
    pub long_name: String,
    /// Of one field.
    pub shape: Vec<usize>,
    /// Bytes that are 0 or 1, instead of numbers.
    pub flag: bool,
    /// Every field has its own.
    pub varies: bool,
}

impl ArraySchema {
    fn of(dataset: &Dataset<'_>) -> ArraySchema {
        ArraySchema {
            name: dataset.name.clone(),
            axes: dataset.axes.clone(),
            units: dataset.units.clone(),
            long_name: dataset.long_name.clone(),
            shape: dataset.shape().to_vec(),
            flag: dataset.flag,
            varies: dataset.varies,
        }
    }

    /// Numbers of one field.
    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// Bytes of one number.
    pub fn width(&self, single_precision: bool) -> usize {
        match (self.flag, single_precision) {
            (true, _) => 1,
            (false, true) => 4,
            (false, false) => 8,
        }
    }
}

impl Schema {
    /// Of a series whose first field is this one; what its report says in words and in whole lists stands for all, numbers
    /// become columns.
    pub fn of(
        group: &FieldGroup<'_>,
        leading: Leading,
        report: &Map<String, Value>,
        single_precision: bool,
    ) -> Schema {
        let mut attributes = group.attributes.clone();
        let mut columns = Vec::new();
        match leading.axes.is_empty() {
            true => attributes.extend(report.clone()),
            false => divide(report, "", &mut columns, &mut attributes),
        }
        Schema {
            name: group.name.clone(),
            leading,
            scales: group.scales.clone(),
            fixed: group.fixed.clone(),
            points: group.point_axes(),
            lattice: group.lattice.clone(),
            arrays: group.datasets.iter().map(ArraySchema::of).collect(),
            attributes,
            columns,
            inputs: Vec::new(),
            single_precision,
        }
    }

    /// Refuses a field whose arrays are others than those of the first.
    pub fn check(&self, group: &FieldGroup<'_>) -> Result<(), OutputError> {
        let differs = |what: String| Err(OutputError::Differs { what });
        if (&group.scales, &group.fixed) != (&self.scales, &self.fixed) {
            return differs("coordinates".into());
        }
        for array in &self.arrays {
            match group.datasets.iter().find(|dataset| dataset.name == array.name) {
                None => return differs(format!("{} is missing", array.name)),
                Some(dataset) if ArraySchema::of(dataset) != *array => {
                    return differs(format!("shape or units of {}", array.name));
                }
                Some(_) => {}
            }
        }
        let known = |name: &str| self.arrays.iter().any(|array| array.name == name);
        match group.datasets.iter().find(|dataset| !known(&dataset.name)) {
            Some(dataset) => differs(format!("{} is new", dataset.name)),
            None => Ok(()),
        }
    }

    /// The numbers of a report by column, NaN where it has none.
    pub fn row(&self, report: &Map<String, Value>) -> Vec<f64> {
        let number = |name: &String| leaf(report, name).and_then(as_number).unwrap_or(f64::NAN);
        self.columns.iter().map(number).collect()
    }
}

/// Numbers by dotted name; the rest of a report.
fn divide(
    report: &Map<String, Value>,
    prefix: &str,
    columns: &mut Vec<String>,
    rest: &mut Map<String, Value>,
) {
    // Of every field anew; the table has a column for the warnings.
    const EACH: [&str; 3] = ["warnings", "claims", "circulations"];
    const SAME: &str = "cells";
    for (name, value) in report {
        let path = format!("{prefix}{name}");
        match value {
            _ if EACH.contains(&path.as_str()) => {}
            Value::Object(inner) => divide(inner, &format!("{path}."), columns, rest),
            Value::Array(list) if !list.is_empty() && list.iter().any(|v| v.is_object()) => {
                for (k, inner) in
                    list.iter().enumerate().filter_map(|(k, v)| Some((k, v.as_object()?)))
                {
                    divide(inner, &format!("{path}.{}.", k + 1), columns, rest);
                }
            }
            Value::Array(list)
                if path != SAME && !list.is_empty() && list.iter().all(Value::is_number) =>
            {
                columns.extend((1..=list.len()).map(|k| format!("{path}.{k}")));
            }
            Value::Number(_) | Value::Null => columns.push(path),
            Value::Bool(_) | Value::String(_) | Value::Array(_) => {
                rest.insert(path, value.clone());
            }
        }
    }
}

/// What stands under a dotted name.
fn leaf<'a>(report: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let (first, rest) = match name.split_once('.') {
        Some((first, rest)) => (first, rest),
        None => return report.get(name),
    };
    match report.get(first)? {
        Value::Object(inner) => leaf(inner, rest),
        Value::Array(list) => {
            let (number, rest) = rest.split_once('.').unwrap_or((rest, ""));
            let value = list.get(number.parse::<usize>().ok()?.checked_sub(1)?)?;
            value.as_object().map_or(Some(value), |inner| leaf(inner, rest))
        }
        _ => None,
    }
}

fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        value => value.as_f64(),
    }
}
