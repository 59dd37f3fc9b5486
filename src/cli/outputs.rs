//! What a run writes and reads, checked against each other before any work.

use super::args::{Common, ContentArguments};
use super::args_field::{FileArguments, GridArguments};
use crate::machine::{Output, check_outputs};
use crate::output::{Options, ResultFile};
use crate::source::AnySeries;
use crate::source::file::other_file;
use anyhow::Result;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Endings of result files; a name without one is taken as it is.
const HDF5: &[&str] = &["h5", "hdf5", "hdf", "he5", "nc", "nc4", ""];
/// Endings of pictures.
const PICTURE: &[&str] = &["png", "svg", ""];
/// Endings of files of weights.
const WEIGHTS: &[&str] = &["safetensors", "h5", "hdf5"];

/// The files of one run.
#[derive(Clone, Debug)]
pub struct Places {
    overwrite: bool,
    outputs: Vec<OutputPlace>,
    inputs: Vec<PathBuf>,
}

#[derive(Clone, Debug)]
struct OutputPlace {
    what: &'static str,
    path: PathBuf,
    endings: &'static [&'static str],
    overwrite: bool,
}

impl Places {
    /// No files yet; outputs replace existing files if `overwrite`.
    pub fn new(overwrite: bool) -> Places {
        Places { overwrite, outputs: Vec::new(), inputs: Vec::new() }
    }

    /// The same for the outputs that follow.
    pub fn overwriting(self, overwrite: bool) -> Places {
        Places { overwrite, ..self }
    }

    fn output(
        mut self,
        what: &'static str,
        path: Option<&Path>,
        endings: &'static [&'static str],
    ) -> Places {
        let overwrite = self.overwrite;
        let place = path.map(|path| OutputPlace { what, path: path.into(), endings, overwrite });
        self.outputs.extend(place);
        self
    }

    pub fn result(self, what: &'static str, path: Option<&Path>) -> Places {
        self.output(what, path, HDF5)
    }

    pub fn picture(self, what: &'static str, path: Option<&Path>) -> Places {
        self.output(what, path, PICTURE)
    }

    pub fn weights(self, what: &'static str, path: &Path) -> Places {
        self.output(what, Some(path), WEIGHTS)
    }

    /// A page of HTML.
    pub fn page(self, what: &'static str, path: Option<&Path>) -> Places {
        self.output(what, path, &["html", "htm"])
    }

    /// One number a point.
    pub fn numbers(self, what: &'static str, path: Option<&Path>) -> Places {
        self.output(what, path, &["csv", "npy"])
    }

    /// A file of HDF5 alone.
    pub fn hdf5(self, what: &'static str, path: Option<&Path>) -> Places {
        self.output(what, path, &["h5", "hdf5", "hdf", ""])
    }

    /// An archive of matrices.
    pub fn matrices(self, what: &'static str, path: &Path) -> Places {
        self.output(what, Some(path), &["npz"])
    }

    /// The state of a training, in a format of its own.
    pub fn checkpoint(self, path: Option<&Path>) -> Places {
        self.output("--checkpoint", path, &[])
    }

    /// A file of `validate --save`.
    pub fn json(self, path: PathBuf) -> Places {
        self.output("--save", Some(&path), &["json"])
    }

    pub fn input(self, path: impl AsRef<Path>) -> Places {
        self.inputs([path])
    }

    pub fn inputs<P: AsRef<Path>>(mut self, paths: impl IntoIterator<Item = P>) -> Places {
        self.inputs.extend(paths.into_iter().map(|path| path.as_ref().into()));
        self
    }

    /// The files behind a FIELD argument and the options that name more of them.
    pub fn field(self, field: &str, grid: &GridArguments, file: &FileArguments) -> Places {
        let path = ["autoencoder:", "onnx:", "onnx-autoencoder:"]
            .iter()
            .find_map(|prefix| field.strip_prefix(prefix))
            .unwrap_or(field);
        let named = file
            .datasets
            .iter()
            .chain(&file.mask)
            .chain(&file.density)
            .chain(&file.times_root)
            .chain(&file.angle);
        let others = named.filter_map(|name| other_file(Path::new(path), name));
        let others: Vec<PathBuf> = others.collect();
        self.input(path)
            .inputs(others)
            .inputs(grid.slice.iter().chain(&grid.principal).chain(&grid.density_points))
    }

    /// The files that are read.
    pub fn read(&self) -> &[PathBuf] {
        &self.inputs
    }

    /// Fails before any work if an output cannot be written where it should go, or would destroy an
    /// input.
    pub fn check(&self) -> Result<()> {
        let outputs: Vec<Output<'_>> = self
            .outputs
            .iter()
            .map(|OutputPlace { what, path, endings, overwrite }| Output {
                what,
                path,
                endings,
                overwrite: *overwrite,
            })
            .collect();
        let inputs: Vec<&Path> = self.inputs.iter().map(PathBuf::as_path).collect();
        Ok(check_outputs(&outputs, &inputs)?)
    }
}

/// The output file with what is known before any field.
pub fn create(
    path: &Path,
    overwrite: bool,
    content: &ContentArguments,
    attributes: &[(String, Value)],
) -> Result<ResultFile> {
    let file = ResultFile::create(path, overwrite, options(content))?;
    file.set_attributes(attributes)?;
    Ok(file)
}

/// What all inputs say of themselves, each in the same words.
pub fn about(series: &[(String, AnySeries)]) -> Vec<(String, String)> {
    let mut all = series.iter().map(|(_, series)| series.about());
    let first = all.next().unwrap_or_default();
    all.fold(first, |mut common, other| {
        common.retain(|words| other.contains(words));
        common
    })
}

/// How numbers are stored.
pub fn options(content: &ContentArguments) -> Options {
    Options { deflate: content.deflate, single_precision: content.precision == "f32" }
}

/// What is known of a run before any field, after what its inputs say of themselves.
pub fn attributes(common: &Common, about: Vec<(String, String)>) -> Vec<(String, Value)> {
    let words = std::env::args_os().map(|word| word.to_string_lossy().into_owned());
    let command = words.collect::<Vec<_>>().join(" ");
    let (created, (major, minor, patch)) = (super::clock::utc_now(), crate::output::hdf5_version());
    let before = about.iter().find(|(name, _)| name == "history");
    let before = before.map_or(String::new(), |(_, history)| format!("\n{history}"));
    let own = [
        ("Conventions".into(), "CF-1.10".into()),
        ("history".into(), format!("{created}: {command}{before}").into()),
        ("hdf5_version".into(), format!("{major}.{minor}.{patch}").into()),
        ("threads".into(), rayon::current_num_threads().into()),
        ("hodge_version".into(), env!("CARGO_PKG_VERSION").into()),
        ("git_commit".into(), common.commit.unwrap_or("unknown").into()),
        ("command".into(), command.into()),
        ("created".into(), created.into()),
    ];
    let about = about.into_iter().map(|(name, words)| (name, Value::from(words)));
    about.chain(own).collect()
}
