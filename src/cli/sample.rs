//! `hodge sample`.

use super::args::{Common, ContentArguments, SampleArguments};
use super::args_field::FileArguments;
use super::exit::Exit;
use super::input;
use super::memory;
use super::outputs::{Places, attributes, create};
use super::terminal;
use crate::field::{Layout, Way};
use crate::output::{FieldGroup, ResultFile, domain_attributes};
use crate::source::{AnySeries, Series};
use anyhow::{Result, ensure};

pub fn run(arguments: &SampleArguments, common: &Common) -> Result<Exit> {
    ensure!(
        arguments.source.contains(':'),
        "{} is not a source that can be evaluated anywhere; expected analytic:CASE, autoencoder:FILE or onnx:FILE",
        arguments.source
    );
    let nothing = FileArguments::default();
    Places::new(arguments.overwrite)
        .result("-o", Some(&arguments.output))
        .field(&arguments.source, &arguments.grid, &nothing)
        .check()?;
    let content = ContentArguments { precision: "f64".into(), ..Default::default() };
    let mut file =
        create(&arguments.output, arguments.overwrite, &content, &attributes(common, Vec::new()))?;
    match input::open(&arguments.source, &arguments.grid, &nothing)? {
        AnySeries::Plane(series) => write(&*series, &mut file)?,
        AnySeries::Space(series) => write(&*series, &mut file)?,
    }
    let path = file.finish()?;
    terminal::wrote(&path, common.quiet);
    Ok(Exit::Done)
}

/// The field at the points as `input`, and on the faces.
fn write<const D: usize>(series: &dyn Series<D>, file: &mut ResultFile) -> Result<()> {
    memory::check_sample(series)?;
    let item = series.item(0, Some(Layout::Faces), Way::default(), None)?;
    let axis_units = std::array::from_fn(|k| item.axis_units[k].as_str());
    let group = FieldGroup::on_grid(&item.name, item.domain.grid(), axis_units);
    let mut group = group.with_axes(&item.axis_names);
    group.attributes = domain_attributes(&item.domain);
    group.add_vector("input", &item.points, &item.units, "field");
    if let Some(faces) = &item.faces {
        group.add_vector("input", faces, &item.units, "field");
    }
    item.provenance.frame.iter().for_each(|frame| group.add_frame(frame));
    if item.domain.geometry().radius().is_some() {
        group.end_at_poles(item.domain.grid());
    }
    file.write_only_and(&group, serde_json::Map::new)?;
    Ok(())
}
