//! What `hodge info` prints for people.

use super::info_record::{ArrayEntry, AxisInfo, CandidateEntry, FieldInfo, FileInfo};
use super::terminal::escape;
use crate::grid::short;
use crate::machine::size_in_words;

/// Arrays and candidates that are listed.
const LISTED: usize = 24;

/// Characters of a name that others are lined up with.
const WIDEST: usize = 28;

/// The text, of whole lines.
pub fn render(info: &FileInfo, whole: bool) -> String {
    let mut lines = vec![info.file.clone(), String::new()];
    lines.push("arrays (slowest axis first)".into());
    lines.extend(listed(info.arrays.iter().map(|array| array_line(array, info)), whole));
    if info.arrays.is_empty() {
        lines.push("  none".into());
    }
    lines.push(String::new());
    if info.candidates.is_empty() {
        lines.push("could be the field: nothing by its name or shape".into());
    } else {
        lines.push("could be the field".into());
        let entry = |candidate: &CandidateEntry| {
            let faces = if candidate.on_faces { " (on faces, by their shapes)" } else { "" };
            format!("  {}{faces}", candidate.datasets.join(", "))
        };
        lines.extend(listed(info.candidates.iter().map(entry), whole));
    }
    if let Some(refusal) = &info.refusal {
        lines.push(String::new());
        lines.push("hodge decompose without options refuses this file".into());
        lines.push(format!("  {refusal}"));
    }
    if let Some(field) = &info.field {
        lines.push(String::new());
        lines.push("the field of the command below".into());
        lines.extend(field_lines(field));
    }
    lines.push(String::new());
    lines.extend(command_lines(info));
    lines.iter().map(|line| format!("{}\n", escape(line))).collect()
}

/// At most so many of a list, and how many more there are.
fn listed(all: impl ExactSizeIterator<Item = String>, whole: bool) -> Vec<String> {
    let more = if whole { 0 } else { all.len().saturating_sub(LISTED) };
    let kept = all.len() - more;
    let mut lines: Vec<String> = all.take(kept).collect();
    if more > 0 {
        lines.push(format!("  … and {more} more (--verbose)"));
    }
    lines
}

fn array_line(array: &ArrayEntry, info: &FileInfo) -> String {
    let widest = info.arrays.iter().map(|array| array.name.chars().count()).max().unwrap_or(0);
    let axis = |(i, n): (usize, &usize)| match array.dimensions.get(i) {
        Some(Some(name)) => format!("{name} {n}"),
        _ => n.to_string(),
    };
    let shape: Vec<String> = array.shape.iter().enumerate().map(axis).collect();
    let shape = if shape.is_empty() { String::new() } else { format!("({})", shape.join(", ")) };
    let words = [&array.standard_name, &array.long_name].into_iter().find(|name| !name.is_empty());
    let units = if array.units.is_empty() { String::new() } else { format!("[{}]", array.units) };
    let words = words.cloned().unwrap_or_default();
    let rest = [shape, array.holds.clone(), units, words];
    let rest: Vec<String> = rest.into_iter().filter(|text| !text.is_empty()).collect();
    format!("  {:width$}  {}", array.name, rest.join("  "), width = widest.min(WIDEST))
}

fn field_lines(field: &FieldInfo) -> Vec<String> {
    let mut lines = Vec::new();
    let mut add = |key: &str, value: String| lines.push(format!("  {key:10}{value}"));
    let place = if field.on_faces { "on the faces of the cells" } else { "at the points" };
    let units = if field.units.is_empty() { "no units" } else { &field.units };
    add("datasets", format!("{} ({}, {units}), {place}", field.datasets.join(", "), field.holds));
    add("axes", format!("{}, slowest first", field.axes));
    field.coordinates.iter().for_each(|axis| add(axis.axis, axis_words(axis)));
    let radius = field.radius.map_or(String::new(), |r| format!(" of radius {}", short(r)));
    add("metric", format!("{}{radius}", field.metric));
    let labels = match field.fields {
        1 if field.first_label.is_empty() => "1".into(),
        1 => format!("1: {}", field.first_label),
        n => format!("{n}: {} … {}", field.first_label, field.last_label),
    };
    add("fields", labels);
    let (missing, cells) = (field.missing_cells, field.cells);
    add(
        "missing",
        match missing {
            0 => "no values in the first field".into(),
            _ => format!("values in {missing} of {cells} cells of the first field"),
        },
    );
    for mask in &field.masks {
        let kind =
            if mask.only_0_and_1 { ", else 0" } else { "; it holds other numbers than 0 and 1" };
        let nonzero = mask.nonzero_cells;
        let name = &mask.name;
        add(
            "mask",
            format!(
                "perhaps {name}: {}{kind}",
                match mask.only_0_and_1 {
                    true => format!("1 in {nonzero} of {cells} cells"),
                    false => format!("not 0 in {nonzero} of {cells} cells"),
                }
            ),
        );
    }
    add(
        "memory",
        format!("about {} to decompose a field", size_in_words(field.expected_memory_bytes)),
    );
    field.notes.iter().for_each(|note| add("note", note.clone()));
    lines
}

fn axis_words(axis: &AxisInfo) -> String {
    let AxisInfo { points, first, last, least_spacing, greatest_spacing, units, ends, .. } = axis;
    let spacing = match least_spacing == greatest_spacing {
        true => short(*least_spacing),
        false => format!("{} to {}", short(*least_spacing), short(*greatest_spacing)),
    };
    let units = if units.is_empty() { String::new() } else { format!(" {units}") };
    let points = if *points == 1 { "1 point".into() } else { format!("{points} points") };
    format!("{points}, {} to {} by {spacing}{units}; {ends}", short(*first), short(*last))
}

fn command_lines(info: &FileInfo) -> Vec<String> {
    let Some(command) = &info.command else {
        return vec!["no command that decomposes this file was found".into()];
    };
    let mut lines = vec!["to decompose it".into(), format!("  {command}")];
    if !info.other_commands.is_empty() {
        lines.push("or".into());
    }
    for other in &info.other_commands {
        let difference = match other.difference.as_str() {
            "" => String::new(),
            words => format!("   # {words}"),
        };
        lines.push(format!("  {}{difference}", other.command));
    }
    lines
}
