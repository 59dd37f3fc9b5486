//! The parts of every method in one HDF5 file.

use super::Found;
use crate::cli::args::Common;
use crate::cli::outputs::attributes;
use crate::cli::terminal;
use crate::field::VectorField;
use crate::output::{FieldGroup, Options, ResultFile, report_attributes};
use crate::source::Sample;
use crate::validation::comparison::Entry;
use anyhow::Result;
use std::path::Path;

pub fn write<const D: usize>(
    found: &Found<D>,
    path: &Path,
    overwrite: bool,
    common: &Common,
) -> Result<()> {
    let mut file = ResultFile::create(path, overwrite, Options::default())?;
    let sample = &found.sample;
    file.set_attributes(&attributes(common, Vec::new()))?;
    let differences = serde_json::to_string(&found.comparison.differences)?;
    file.set_attributes(&[("differences".into(), differences.into())])?;
    for entry in &found.comparison.entries {
        file.write_group(&group(sample, entry))?;
    }
    terminal::wrote(&file.finish()?, common.quiet);
    Ok(())
}

fn group<'a, const D: usize>(sample: &'a Sample<D>, entry: &'a Entry<D>) -> FieldGroup<'a> {
    let axis_units = std::array::from_fn(|k| sample.axis_units[k].as_str());
    let group = FieldGroup::on_grid(&entry.name(), sample.domain.grid(), axis_units);
    let mut group = group.with_axes(&sample.axis_names);
    let mut add = |name: &str, field: &'a VectorField<D>, words: &str| {
        group.add_vector(name, field, &sample.units, words);
    };
    add("input", &sample.points, "input field");
    for (name, part) in entry.names.iter().zip(&entry.parts) {
        let what = match *name {
            "rest" => "what the gradient part leaves at the points".into(),
            name => format!("{} part at the points", name.replace('_', "-")),
        };
        add(name, part, &what);
    }
    sample.provenance.frame.iter().for_each(|frame| group.add_frame(frame));
    group.attributes = report_attributes(&entry.report);
    group
}
