//! What was asked of `hodge decompose`, and whether it can apply.

use super::args::{Common, ContentArguments, DecomposeArguments, OutputFormat};
use super::choice::{MethodChoice, has_walls};
use super::picture::Drawing;
use crate::decomposition::Method;
use crate::field::Way;
use crate::grid::Domain;
use crate::output::Content;
use anyhow::{Result, bail, ensure};

/// What the arguments mean.
pub struct Job {
    pub choice: MethodChoice,
    /// How parts on the faces come to the points, where it was asked for.
    pub way: Option<Way>,
    pub content: Content,
    pub potentials: bool,
    pub five_parts: bool,
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
        Ok(Job {
            choice: MethodChoice::new(&arguments.method),
            way: arguments.points.as_deref().and_then(Way::from_name),
            content: Content {
                input: !arguments.content.no_input,
                faces: arguments.content.faces,
                spectra: arguments.content.spectra,
            },
            potentials: arguments.content.potentials,
            five_parts: arguments.content.five_parts,
            format: common.format,
            quiet: common.quiet,
            verbose: common.verbose,
            picture: Drawing::new(&arguments.picture)?,
            overwrite: arguments.overwrite,
        })
    }

    /// Refuses content that a method cannot give on a domain.
    pub fn check_content<const D: usize>(&self, method: Method, domain: &Domain<D>) -> Result<()> {
        ensure!(
            !self.content.spectra || !has_walls(domain),
            "--spectra cannot apply: energy spectra need every axis periodic and no mask; leave it out, \
             or name all axes with --periodic"
        );
        ensure!(
            !self.content.faces || method == Method::Staggered,
            "--faces cannot apply: the spectral method computes at the points; leave it out, or ask for \
             --method staggered"
        );
        ensure!(
            self.way.is_none() || method == Method::Staggered,
            "--points cannot apply: the spectral method computes at the points; leave it out, or ask for \
             --method staggered"
        );
        Ok(())
    }
}

/// Refuses what is written under one convention where all are asked for.
fn check_all(arguments: &DecomposeArguments) -> Result<()> {
    let content = &arguments.content;
    let given = [
        (content.faces, "--faces"),
        (content.potentials, "--potentials"),
        (content.spectra, "--spectra"),
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
    ];
    let idle = given.iter().find(|(given, _)| *given && !written);
    if let Some((_, option)) = idle {
        bail!("{option} says what the output file holds, and none is written: name one with -o");
    }
    Ok(())
}
