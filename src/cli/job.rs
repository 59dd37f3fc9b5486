//! The arguments of `hodge decompose`, and whether they can apply.

use super::args::{Common, ContentArguments, DecomposeArguments, OutputFormat};
use super::args_field::MethodArguments;
use super::picture::Drawing;
use crate::batch::{BatchRequest, MethodChoice};
use crate::boundary::Boundary;
use crate::decomposition::Method;
use crate::field::Way;
use crate::output::Content;
use crate::poisson::Backend;
use anyhow::{Result, bail};

/// What the arguments mean.
pub struct Job {
    pub request: BatchRequest,
    pub format: OutputFormat,
    pub quiet: bool,
    pub verbose: bool,
    pub picture: Option<Drawing>,
    pub overwrite: bool,
}

impl Job {
    pub fn new(arguments: &DecomposeArguments, common: &Common) -> Result<Job> {
        check_given(&arguments.content, arguments.output.is_some())?;
        check_all(arguments)?;
        check_undivided(arguments)?;
        check_fit(&arguments.method)?;
        check_shard(arguments)?;
        let content = &arguments.content;
        let request = BatchRequest {
            choice: method_choice(&arguments.method),
            every_convention: true,
            way: arguments.points.as_deref().and_then(Way::from_name),
            content: Content {
                input: !content.no_input,
                faces: content.faces,
                spectra: content.spectra,
            },
            potentials: content.potentials,
            five_parts: content.five_parts,
            harmonic_basis: content.harmonic_basis,
            shard: arguments.shard,
            label: String::new(),
        };
        Ok(Job {
            request,
            format: common.format,
            quiet: common.quiet,
            verbose: common.verbose,
            picture: Drawing::new(&arguments.picture)?,
            overwrite: arguments.overwrite,
        })
    }
}

/// What the method options mean.
pub fn method_choice(arguments: &MethodArguments) -> MethodChoice {
    MethodChoice {
        method: arguments.method.as_deref().and_then(Method::from_name),
        boundary: arguments.boundary.as_deref().and_then(Boundary::from_name),
        all: arguments.boundary.as_deref() == Some("all"),
        backend: arguments.backend.as_deref().and_then(Backend::from_name),
        undivided: arguments.no_harmonic,
        units: arguments.units,
        seed: arguments.seed,
    }
}

/// Refuses options about a network that no method fits.
fn check_fit(arguments: &MethodArguments) -> Result<()> {
    let method = arguments.method.as_deref().and_then(Method::from_name);
    let given = [(arguments.units.is_some(), "--units"), (arguments.seed.is_some(), "--seed")];
    match given.iter().find(|(given, _)| *given && !method.is_some_and(Method::is_learned)) {
        Some((_, option)) => bail!(
            "{option} is about the network of --method learned or learned-tied; leave it out, or ask for one of them"
        ),
        None => Ok(()),
    }
}

/// Refuses content that is written under one convention only if all are requested.
fn check_all(arguments: &DecomposeArguments) -> Result<()> {
    let content = &arguments.content;
    let given = [
        (content.faces, "--faces"),
        (content.potentials, "--potentials"),
        (content.spectra, "--spectra"),
        (content.harmonic_basis, "--harmonic-basis"),
        (arguments.method.no_harmonic, "--no-harmonic"),
    ];
    let idle = given.iter().find(|(given, _)| *given);
    match (arguments.method.boundary.as_deref(), idle) {
        (Some("all"), Some((_, option))) => bail!(
            "{option} cannot apply with --boundary all, which writes the parts at the points; leave it out, \
             or name one convention"
        ),
        _ => Ok(()),
    }
}

/// Refuses what needs a solenoidal or a harmonic part of its own.
fn check_undivided(arguments: &DecomposeArguments) -> Result<()> {
    let content = &arguments.content;
    let given = [
        (content.potentials, "--potentials"),
        (content.five_parts, "--five-parts"),
        (content.harmonic_basis, "--harmonic-basis"),
    ];
    match given.iter().find(|(given, _)| *given && arguments.method.no_harmonic) {
        Some((_, option)) => bail!(
            "{option} cannot apply with --no-harmonic, which leaves solenoidal and harmonic part one; leave out \
             one of them"
        ),
        None => Ok(()),
    }
}

/// Refuses what a part of a study cannot have.
fn check_shard(arguments: &DecomposeArguments) -> Result<()> {
    let given = [
        (arguments.output.is_none(), "without -o"),
        (
            arguments.content.deflate.is_some(),
            "with --deflate; compress the merged file, as by h5repack",
        ),
        (arguments.picture.picture.is_some(), "with --picture"),
    ];
    match given.iter().find(|(given, _)| *given && arguments.shard.is_some()) {
        Some((_, how)) => bail!("--shard cannot apply {how}"),
        None => Ok(()),
    }
}

/// Refuses options about the content of a file that is not written.
fn check_given(content: &ContentArguments, written: bool) -> Result<()> {
    let given = [
        (content.deflate.is_some(), "--deflate"),
        (content.precision == "f32", "--precision"),
        (content.no_input, "--no-input"),
        (content.faces, "--faces"),
        (content.potentials, "--potentials"),
        (content.five_parts, "--five-parts"),
        (content.spectra, "--spectra"),
        (content.harmonic_basis, "--harmonic-basis"),
    ];
    let idle = given.iter().find(|(given, _)| *given && !written);
    if let Some((_, option)) = idle {
        bail!("{option} applies to the output file, and none is written: add -o FILE");
    }
    Ok(())
}
