//! `hodge validate`.

use super::args::{Common, OutputFormat, ValidateArguments};
use super::exit::Exit;
use super::memory;
use super::nearest::unknown;
use super::outputs::Places;
use super::progress::Progress;
use super::terminal;
use crate::decomposition::Method;
use crate::machine::Temporary;
use crate::source::analytic;
use crate::validation::{
    MASKED, Outcome, Outside, Study, run_masked, run_study, studies_2d, studies_3d,
};
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub fn run(arguments: &ValidateArguments, common: &Common) -> Result<Exit> {
    let mut known = analytic::names(analytic::CASES_2D);
    for name in analytic::names(analytic::CASES_3D).into_iter().chain(MASKED) {
        if !known.contains(&name) {
            known.push(name);
        }
    }
    for case in &arguments.case {
        anyhow::ensure!(
            known.iter().any(|k| k.eq_ignore_ascii_case(case)),
            unknown("analytic case", case, &known)
        );
    }
    let (plane, space) = (chosen(studies_2d(), arguments), chosen(studies_3d(), arguments));
    let masked = chosen_masked(arguments);
    let total = plane.len() + space.len() + masked.len();
    anyhow::ensure!(total > 0, "no study is left to run: --case and --method exclude each other");
    let mut cases: BTreeSet<(usize, &str)> = plane.iter().map(|s| (2, s.case.name())).collect();
    cases.extend(space.iter().map(|s| (3, s.case.name())));
    cases.extend(masked.iter().flat_map(|name| [(2, *name), (3, *name)]));
    check_places(&cases, arguments)?;
    plane.iter().try_for_each(memory::check_study)?;
    space.iter().try_for_each(memory::check_study)?;
    let progress = Progress::new(total, common.quiet);
    let mut outcomes = Vec::new();
    let outside = Outside::stored();
    if common.format == OutputFormat::Table {
        terminal::print(&format!("{HEADING}\n"));
    }
    run_all(&plane, &outside, common, &progress, &mut outcomes)?;
    run_all(&space, &outside, common, &progress, &mut outcomes)?;
    for name in masked {
        progress.say(name);
        let mut found = run_masked(name).with_context(|| format!("case {name}"))?;
        found.iter_mut().for_each(|outcome| outside.compare(outcome));
        print(&found, common)?;
        outcomes.extend(found);
        progress.step();
    }
    drop(progress);
    if let Some(folder) = &arguments.save {
        save(&outcomes, folder, arguments.overwrite)?;
    }
    let failed = outcomes.iter().filter(|o| !o.passed).count();
    if common.format == OutputFormat::Table {
        let (passed, all) = (outcomes.len() - failed, outcomes.len());
        let cases: BTreeSet<_> = outcomes.iter().map(|o| (o.case, o.dims)).collect();
        let methods: BTreeSet<_> = outcomes.iter().map(|o| o.method.name()).collect();
        let (cases, methods) = (cases.len(), methods.len());
        terminal::print(&format!(
            "{passed} of {all} rows pass, {cases} cases, {methods} methods\n"
        ));
    }
    Ok(if failed == 0 { Exit::Done } else { Exit::Partly })
}

fn chosen<const D: usize>(studies: Vec<Study<D>>, arguments: &ValidateArguments) -> Vec<Study<D>> {
    let wanted = |study: &Study<D>| {
        let case = arguments.case.iter().any(|c| c.eq_ignore_ascii_case(study.case.name()));
        let method = arguments.method.as_ref().is_none_or(|m| m == study.method.name());
        (case || arguments.case.is_empty()) && method
    };
    studies.into_iter().filter(wanted).collect()
}

fn run_all<const D: usize>(
    studies: &[Study<D>],
    outside: &Outside,
    common: &Common,
    progress: &Progress,
    outcomes: &mut Vec<Outcome>,
) -> Result<()> {
    for study in studies {
        progress.say(format!("{} {} {}", study.case.name(), study.method, study.boundary));
        let mut found = run_study(study).with_context(|| format!("case {}", study.case.name()))?;
        found.iter_mut().for_each(|outcome| outside.compare(outcome));
        print(&found, common)?;
        outcomes.extend(found);
        progress.step();
    }
    Ok(())
}

fn print(outcomes: &[Outcome], common: &Common) -> Result<()> {
    for outcome in outcomes {
        match common.format {
            OutputFormat::Json => terminal::print_json(&serde_json::to_string(outcome)?),
            OutputFormat::Table | OutputFormat::Csv => {
                terminal::print(&format!("{}\n", row(outcome)))
            }
        }
    }
    Ok(())
}

/// The requested masked studies, all of which use the staggered method.
fn chosen_masked(arguments: &ValidateArguments) -> Vec<&'static str> {
    let staggered = arguments.method.as_ref().is_none_or(|m| m == Method::Staggered.name());
    let wanted = |name: &&str| {
        arguments.case.is_empty() || arguments.case.iter().any(|c| c.eq_ignore_ascii_case(name))
    };
    MASKED.into_iter().filter(|_| staggered).filter(wanted).collect()
}

const HEADING: &str = "case method            boundary        backend      n  gradient  solenoid. harmonic  order   orthog.  div      curl     outside  claim";

fn row(o: &Outcome) -> String {
    let number = |v: Option<f64>| v.map_or("       –".into(), |v| format!("{v:8.1e}"));
    let measured = |v: f64| number(Some(v).filter(|v| !v.is_nan()));
    format!(
        "{:4} {:17} {:15} {:10} {:3}  {} {}  {} {:>6}  {:8.1e} {} {} {} {} {}",
        o.case,
        o.method.name(),
        o.boundary.name(),
        o.backend.map_or("–", |b| b.name()),
        o.n,
        number(o.error_gradient),
        number(o.error_solenoidal.or(o.error_energy)),
        number(o.error_harmonic),
        o.order.map_or("–".into(), |order| format!("{order:.2}")),
        o.orthogonality,
        measured(o.divergence),
        measured(o.curl),
        number(o.outside),
        if o.passed { "pass" } else { "FAIL" },
        o.claim,
    )
}

/// The file of a case.
fn file(folder: &Path, (dims, case): (usize, &str)) -> PathBuf {
    folder.join(format!("{case}-{dims}d.json"))
}

/// Makes the folder, and refuses to replace files in it unless asked.
fn check_places(cases: &BTreeSet<(usize, &str)>, arguments: &ValidateArguments) -> Result<()> {
    let Some(folder) = &arguments.save else { return Ok(()) };
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let paths = cases.iter().map(|case| file(folder, *case));
    paths.fold(Places::new(arguments.overwrite), Places::json).check()
}

/// One JSON array a case.
fn save(outcomes: &[Outcome], folder: &Path, overwrite: bool) -> Result<()> {
    let mut cases: BTreeMap<(usize, &str), Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        cases.entry((outcome.dims, outcome.case)).or_default().push(outcome);
    }
    for (case, rows) in cases {
        let path = file(folder, case);
        let temporary = Temporary::create(&path, overwrite)?;
        std::fs::write(temporary.path(), serde_json::to_string_pretty(&rows)? + "\n")
            .with_context(|| path.display().to_string())?;
        temporary.commit()?;
    }
    Ok(())
}
