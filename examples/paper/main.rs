//! The experiments of the paper and its supplement, one command each; see `validation/README.md`.

mod support;
mod table1;

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
    /// Symmetry after training on MNIST: AE and CAE, ReLU and sigmoid, with and without weight lengths
    Table1,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    match arguments.experiment {
        Experiment::Table1 => table1::run(&arguments.options),
    }
}
