//! `hodge operators`: the staggered calculus of a field's domain as sparse matrices.

use super::args::{Common, OperatorsArguments, OutputFormat};
use super::args_field::{FileArguments, GridArguments};
use super::exit::Exit;
use super::outputs::Places;
use super::{hints, input, memory, terminal};
use crate::batch::MethodChoice;
use crate::boundary::Boundary;
use crate::decomposition::{Method, settle_boundary};
use crate::field::{Layout, Way};
use crate::operator::{Exterior, Matrix};
use crate::output::write_matrices;
use crate::source::{AnySeries, Series};
use anyhow::{Result, ensure};
use serde::Serialize;

/// One matrix in words.
#[derive(Serialize)]
struct MatrixRow {
    name: String,
    rows: usize,
    columns: usize,
    entries: usize,
}

#[derive(Serialize)]
struct Table {
    cells: Vec<usize>,
    boundary: Boundary,
    matrices: Vec<MatrixRow>,
}

pub fn run(arguments: &OperatorsArguments, common: &Common) -> Result<Exit> {
    let (field, grid, file): (_, &GridArguments, &FileArguments) =
        (&arguments.field, &arguments.grid, &arguments.file);
    ensure!(
        file.density.is_none(),
        "--density cannot apply: the matrices do not contain a density; leave it out, and multiply star1 by it"
    );
    ensure!(
        file.times_root.is_none(),
        "--times-root cannot apply: the matrices do not depend on the field; leave it out"
    );
    Places::new(arguments.overwrite)
        .matrices("-o", &arguments.output)
        .field(field, grid, file)
        .check()?;
    let input = input::open(field, grid, file)?;
    if !common.quiet {
        let note = |note| terminal::note(&format!("{field}: {}", hints::note(note)));
        input.notes().iter().for_each(note);
        if input.count() > 1 {
            let first = "the domain is that of the first of its fields";
            terminal::note(&format!("{field}: {first} ({} in all)", input.count()));
        }
    }
    let table = match input {
        AnySeries::Plane(series) => write(&*series, arguments, common.quiet)?,
        AnySeries::Space(series) => write(&*series, arguments, common.quiet)?,
    };
    match common.format {
        OutputFormat::Json => terminal::print_json(&serde_json::to_string(&table)?),
        OutputFormat::Table | OutputFormat::Csv => terminal::print(&table.in_words()),
    }
    terminal::wrote(&arguments.output, common.quiet);
    Ok(Exit::Done)
}

fn write<const D: usize>(
    series: &dyn Series<D>,
    arguments: &OperatorsArguments,
    quiet: bool,
) -> Result<Table> {
    memory::check_operators(series)?;
    let item = series.item(0, Some(Layout::Points), Way::default(), None)?;
    if !quiet {
        let warn = |note| terminal::note(&format!("warning: {}", hints::note(note)));
        item.provenance.cells.iter().for_each(|note| terminal::note(&hints::note(note)));
        item.provenance.warnings.iter().for_each(warn);
    }
    let (domain, preferred) = (item.domain, item.boundary);
    let asked = arguments.boundary.as_deref().and_then(Boundary::from_name);
    MethodChoice { boundary: asked, ..MethodChoice::default() }
        .check(Method::Staggered, &domain)?;
    let boundary = settle_boundary(&domain, asked.or(preferred))?;
    let mut table = Table { cells: domain.grid().shape().into(), boundary, matrices: Vec::new() };
    ensure!(
        domain.metric().is_none_or(|metric| metric.poles() == [false; 2]),
        "on a globe the vertices of a pole are one, which these matrices do not say: take a window of latitudes, or \
         --metric plane"
    );
    let matrices = Exterior::new(&domain, boundary);
    let matrices = matrices.matrices().inspect(|(name, matrix)| table.add(name, matrix));
    write_matrices(&arguments.output, arguments.overwrite, matrices)?;
    Ok(table)
}

impl Table {
    fn add(&mut self, name: &str, matrix: &Matrix) {
        let [rows, columns, entries] = [matrix.rows(), matrix.cols(), matrix.nnz()];
        self.matrices.push(MatrixRow { name: name.into(), rows, columns, entries });
    }

    fn in_words(&self) -> String {
        let cells: Vec<String> = self.cells.iter().map(usize::to_string).collect();
        let mut out = format!("{} cells, {}\n", cells.join(" × "), self.boundary.in_words());
        out += &format!("{:8}{:>12}{:>12}{:>12}\n", "matrix", "rows", "columns", "entries");
        for MatrixRow { name, rows, columns, entries } in &self.matrices {
            out += &format!("{name:8}{rows:>12}{columns:>12}{entries:>12}\n");
        }
        out
    }
}
