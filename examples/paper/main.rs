//! The experiments of the paper and its supplement, one command each; see `validation/README.md`.

mod check;
mod deep;
mod deformation;
mod deformation_figure;
mod filters;
mod hodge_experiment;
#[allow(dead_code)]
#[path = "../../tests/needs/mod.rs"]
mod needs;
mod plot;
mod seeds;
mod sheet;
mod spectra;
mod support;
mod sweep;
mod table1;
mod training;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "The experiments of the paper, one command each")]
struct Arguments {
    #[command(subcommand)]
    experiment: Experiment,
    #[command(flatten)]
    options: support::Options,
}

#[derive(Subcommand)]
enum Experiment {
    /// Table 1 at full size with the settings of `sweep` that came nearest to its numbers
    Best,
    /// All of them again, at reduced size, compared with stored numbers
    Check(check::Arguments),
    /// Filters of encoder and decoder with and without weight lengths (after table1)
    Figure1,
    /// Symmetry during training with one and two hidden layers
    Figure2,
    /// Histograms of hidden activations with and without weight lengths (after table1)
    Figure3,
    /// The field around a line
    Figure4,
    /// The field around a circle
    Figure5,
    /// The field around a spiral
    Figure6,
    /// What auto-encoders extract from (−x, −y) + (y, −x)
    Hodge,
    /// Figures 4–6 over start seeds: medians, ranges, and the runs that say otherwise
    Seeds,
    /// Table 1 on fewer digits with other settings, where the supplement names none
    Sweep,
    /// Symmetry after training on MNIST: AE and CAE, ReLU and sigmoid, with and without weight lengths
    Table1,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let options = &arguments.options;
    match arguments.experiment {
        Experiment::Best => sweep::best(options),
        Experiment::Check(arguments) => check::run(options, &arguments),
        Experiment::Figure1 => filters::figure1(options),
        Experiment::Figure2 => deep::run(options),
        Experiment::Figure3 => filters::figure3(options),
        Experiment::Figure4 => deformation::run(options, 4, "line"),
        Experiment::Figure5 => deformation::run(options, 5, "circle"),
        Experiment::Figure6 => deformation::run(options, 6, "spiral"),
        Experiment::Hodge => hodge_experiment::run(options),
        Experiment::Seeds => seeds::run(options),
        Experiment::Sweep => sweep::run(options),
        Experiment::Table1 => table1::run(options),
    }
}
