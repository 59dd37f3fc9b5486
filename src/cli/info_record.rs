//! What `hodge info` says about a file, as it is printed in JSON.

use serde::Serialize;

/// What is said about a file.
#[derive(Debug, Serialize)]
pub struct FileInfo {
    pub file: String,
    pub arrays: Vec<ArrayEntry>,
    pub candidates: Vec<CandidateEntry>,
    /// The field that the command decomposes.
    pub field: Option<FieldInfo>,
    /// Why `hodge decompose FILE` refuses the file, if it does.
    pub refusal: Option<String>,
    pub command: Option<String>,
    pub other_commands: Vec<OtherCommand>,
}

#[derive(Debug, Serialize)]
pub struct ArrayEntry {
    pub name: String,
    pub shape: Vec<usize>,
    pub dimensions: Vec<Option<String>>,
    #[serde(rename = "type")]
    pub holds: String,
    pub units: String,
    pub standard_name: String,
    pub long_name: String,
}

#[derive(Debug, Serialize)]
pub struct CandidateEntry {
    pub datasets: Vec<String>,
    pub on_faces: bool,
}

#[derive(Debug, Serialize)]
pub struct OtherCommand {
    pub command: String,
    /// What it does otherwise; empty where it decomposes something else, or reads it in another way.
    pub difference: String,
}

#[derive(Debug, Serialize)]
pub struct FieldInfo {
    pub datasets: Vec<String>,
    pub on_faces: bool,
    /// Letters, slowest first.
    pub axes: String,
    pub dimensions: usize,
    pub units: String,
    #[serde(rename = "type")]
    pub holds: &'static str,
    pub fields: usize,
    pub first_label: String,
    pub last_label: String,
    /// x, y[, z].
    pub coordinates: Vec<AxisInfo>,
    pub metric: &'static str,
    pub radius: Option<f64>,
    pub cells: usize,
    /// Cells of the first field without a finite number in every component.
    pub missing_cells: usize,
    pub masks: Vec<MaskEntry>,
    pub expected_memory_bytes: f64,
    pub notes: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct AxisInfo {
    pub axis: &'static str,
    pub points: usize,
    pub first: f64,
    pub last: f64,
    pub least_spacing: f64,
    pub greatest_spacing: f64,
    pub units: String,
    pub periodic: bool,
    /// What is at its ends, and why.
    pub ends: String,
}

#[derive(Debug, Serialize)]
pub struct MaskEntry {
    pub name: String,
    pub nonzero_cells: usize,
    pub only_0_and_1: bool,
}
