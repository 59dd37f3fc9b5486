//! `hodge conservativeness`.

mod cells;
mod map;
mod output;
mod sampled;
mod table;

use super::args::{Common, OutputFormat};
use super::args_autoencoder::ConservativenessArguments;
use super::exit::Exit;
use super::outputs::Places;
use super::{input, terminal};
use crate::source::file::array;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::io::Read;
use std::path::Path;

pub fn run(arguments: &ConservativenessArguments, common: &Common) -> Result<Exit> {
    let (grid, file) = (&arguments.grid, &arguments.file);
    let source = arguments.source.as_str();
    Places::new(arguments.overwrite)
        .result("-o", arguments.output.as_deref())
        .picture("--picture", arguments.maps.picture.as_deref())
        .field(jacobians(source).map_or(source, |(name, _)| name), grid, file)
        .inputs(&arguments.points)
        .check()?;
    ensure!(
        !arguments.overwrite || arguments.output.is_some() || arguments.maps.picture.is_some(),
        "--overwrite is about files, and none is written: add -o FILE or --picture FILE, or leave it out"
    );
    if let Some((name, reconstruction)) = jacobians(source) {
        return sampled::of_jacobians(name, reconstruction, arguments, common);
    }
    let bare = !source.contains(':') && is_weights(source);
    if !bare && !input::is_map(source) {
        return sampled::of_fields(arguments, common);
    }
    let field = if bare { format!("autoencoder:{source}") } else { source.into() };
    input::check_options(&field, grid, file).with_context(|| source.to_string())?;
    refuse_idle(arguments)?;
    if let Some((path, reconstruction)) = super::onnx::named(source) {
        input::refuse_activation(grid)?;
        let model = super::onnx::read(path, reconstruction, &grid.point_shape)?;
        return map::report(&model, None, arguments, common);
    }
    input::refuse_point_shape(grid, "weights have their own dimensions")?;
    let path = source.strip_prefix("autoencoder:").unwrap_or(source);
    let network = super::autoencoder::read(path.as_ref(), grid.activation.as_deref())?;
    map::report(&network, Some(&network), arguments, common)
}

/// The file of Jacobians, and whether they are those of r where the field is r(x) − x.
fn jacobians(source: &str) -> Option<(&str, bool)> {
    let own = source.strip_prefix("jacobians:").map(|name| (name, false));
    own.or_else(|| source.strip_prefix("jacobians-autoencoder:").map(|name| (name, true)))
}

/// Whether a file without a prefix holds the weights of a network, or would if it were there.
fn is_weights(source: &str) -> bool {
    let Ok(mut file) = std::fs::File::open(source) else { return true };
    let mut start = [0; 9];
    // A safetensors file begins with the length of a header in JSON.
    let safetensors = file.read_exact(&mut start).is_err() || start[8] == b'{';
    safetensors
        || Path::new(source).extension().is_some_and(|ending| ending == "safetensors")
        || array(&format!("{source}::layers.0.weight")).is_ok()
}

/// Refuses options that say nothing about the scores of a map.
fn refuse_idle(arguments: &ConservativenessArguments) -> Result<()> {
    let ConservativenessArguments { grid, file, .. } = arguments;
    let on_grid = [
        (!grid.n.is_empty(), "--n"),
        (file.mask.is_some(), "--mask"),
        (file.density.is_some(), "--density"),
        (grid.density_points.is_some(), "--density-points"),
        (arguments.maps.picture.is_some(), "--picture"),
    ];
    let idle = on_grid.iter().find(|(given, _)| *given && grid.domain.is_empty());
    if let Some((_, option)) = idle {
        bail!("{option} is about a grid: give --domain as well");
    }
    let never = [
        (grid.slice.is_some(), "--slice"),
        (grid.principal.is_some(), "--principal"),
        (!grid.periodic.is_empty(), "--periodic"),
    ];
    let idle = never.iter().find(|(given, _)| *given);
    idle.map_or(Ok(()), |(_, option)| {
        bail!("{option} does not apply to the scores of a network, which has its own dimensions: leave it out")
    })
}

/// Prints what was found.
fn print(result: &Value, common: &Common) {
    match common.format {
        OutputFormat::Json => terminal::print_json(&result.to_string()),
        OutputFormat::Table | OutputFormat::Csv => terminal::print(&table::table(result)),
    }
}
