//! The options of a study, which are those of `hodge decompose`.

use super::args::{Arguments, BatchArguments, Command, DecomposeArguments};
use super::study_file::{Setting, StudyFile, Typed};
use anyhow::{Result, anyhow};
use clap::error::{ContextKind, ErrorKind};
use clap::{Arg, ArgAction, CommandFactory, Parser};
use std::error::Error;

/// Options that a study has elsewhere, or that belong to one run of it.
const ELSEWHERE: [(&str, &str); 9] = [
    ("method", "methods = [\"…\"] above the tables"),
    ("boundary", "boundaries = [\"…\"] above the tables"),
    ("backend", "backends = [\"…\"] above the tables"),
    ("output", "output = \"…\" above the tables"),
    ("overwrite", "give it to hodge batch"),
    ("shard", "give it to hodge batch"),
    ("dry-run", "give it to hodge batch"),
    ("picture", "hodge batch draws none"),
    ("help", "give it to hodge batch"),
];

/// Options whose values are files, which stand beside the study.
const FILES: [&str; 2] = ["slice", "principal"];

/// The command that decomposes the fields in each of the ways, in the order of the lists: the last list runs fastest.
pub fn commands(
    study: &StudyFile,
    fields: &[String],
    arguments: &BatchArguments,
) -> Result<Vec<(String, DecomposeArguments)>> {
    let command = Arguments::command();
    let command = command.find_subcommand("decompose").expect("there is one").clone();
    let options = study.options.iter().map(|(key, setting)| words(study, &command, key, setting));
    let mut common = options.collect::<Result<Vec<_>>>()?.concat();
    let output = match (&arguments.output, &study.output) {
        (Some(path), _) => Some(path.clone()),
        (None, name) => name.as_ref().map(|name| study.beside(name)),
    };
    common.extend(arguments.overwrite.then(|| "--overwrite".to_string()));
    common.extend(arguments.dry_run.then(|| "--dry-run".to_string()));
    let lists =
        [("method", &study.methods), ("boundary", &study.boundaries), ("backend", &study.backends)];
    let mut ways: Vec<(String, Vec<String>)> = vec![(String::new(), Vec::new())];
    for (option, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        for typed in list {
            check_known(study, option, typed, find(&command, option).expect("it is one"))?;
        }
        let with = |(label, words): &(String, Vec<String>), typed: &Typed| {
            let label = match list.len() {
                1 => label.clone(),
                _ => format!("{label}-{}", typed.text),
            };
            (label, [&words[..], &[format!("--{option}={}", typed.text)]].concat())
        };
        ways = ways.iter().flat_map(|way| list.iter().map(move |typed| with(way, typed))).collect();
    }
    let parsed = ways.into_iter().map(|(label, words)| {
        let mut arguments_of_way = parse(study, fields, &[&common[..], &words].concat())?;
        (arguments_of_way.output, arguments_of_way.shard) = (output.clone(), arguments.shard);
        Ok((label, arguments_of_way))
    });
    parsed.collect()
}

fn find<'a>(command: &'a clap::Command, name: &str) -> Option<&'a Arg> {
    command.get_arguments().find(|arg| arg.get_long() == Some(name))
}

/// An option as it is typed after `hodge decompose`.
fn words(
    study: &StudyFile,
    command: &clap::Command,
    key: &Typed,
    setting: &Setting,
) -> Result<Vec<String>> {
    let name = key.text.as_str();
    let of_pictures = name.starts_with("picture");
    let elsewhere =
        ELSEWHERE.iter().find(|(option, _)| *option == name || of_pictures && *option == "picture");
    if let Some((_, where_to)) = elsewhere {
        return Err(study.error(key, format!("{name} is no option of a study: {where_to}")));
    }
    let Some(arg) = find(command, name) else {
        let known: Vec<&str> = command.get_arguments().filter_map(Arg::get_long).collect();
        let known: Vec<&str> = known
            .into_iter()
            .filter(|long| {
                !long.starts_with("picture") && ELSEWHERE.iter().all(|(own, _)| own != long)
            })
            .collect();
        return Err(study
            .error_unless_known("option", key, &known)
            .err()
            .unwrap_or_else(|| anyhow!("{name} is unknown")));
    };
    let takes_value = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
    let values = match (setting, takes_value) {
        (Setting::Switch(true), false) => return Ok(vec![format!("--{name}")]),
        (Setting::Switch(false), false) => return Ok(Vec::new()),
        (_, false) => return Err(study.error(key, format!("{name} is true or false"))),
        (Setting::Switch(_), true) => {
            return Err(study.error(key, format!("{name} takes a value, not true or false")));
        }
        (Setting::Value(value), true) => vec![value.clone()],
        (Setting::List(values), true) if arg.get_value_delimiter().is_some() => values.clone(),
        (Setting::List(_), true) => {
            return Err(study.error(key, format!("{name} takes one value, not a list")));
        }
    };
    let placed = |value: &String| match FILES.contains(&name) {
        true => study.beside(value).display().to_string(),
        false => value.clone(),
    };
    for value in &values {
        check_known(study, name, &Typed { text: value.clone(), line: key.line }, arg)?;
    }
    let word = format!("--{name}={}", values.iter().map(placed).collect::<Vec<_>>().join(","));
    check_value(study, command, key, &word)?;
    Ok(vec![word])
}

/// Refuses a word where an option takes others only.
fn check_known(study: &StudyFile, name: &str, typed: &Typed, arg: &Arg) -> Result<()> {
    let known: Vec<String> =
        arg.get_possible_values().iter().map(|value| value.get_name().to_string()).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    if known.is_empty() { Ok(()) } else { study.error_unless_known(name, typed, &known) }
}

/// Refuses a value that an option does not take, whatever else is given.
fn check_value(study: &StudyFile, command: &clap::Command, key: &Typed, word: &str) -> Result<()> {
    let parsed = command.clone().try_get_matches_from(["decompose", word, "--", "field"]);
    match parsed {
        Err(error)
            if matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue) =>
        {
            let value = error.get(ContextKind::InvalidValue).map(|value| value.to_string());
            let value = value.unwrap_or_default();
            let why = error.source().map_or(String::new(), |source| format!(": {source}"));
            Err(study.error(key, format!("{} cannot be {value:?}{why}", key.text)))
        }
        _ => Ok(()),
    }
}

fn parse(study: &StudyFile, fields: &[String], words: &[String]) -> Result<DecomposeArguments> {
    let start = ["hodge", "decompose"].map(String::from);
    let all = [&start[..], words, &["--".to_string()], fields].concat();
    match Arguments::try_parse_from(all) {
        Ok(Arguments { command: Command::Decompose(arguments), .. }) => Ok(*arguments),
        Ok(_) => unreachable!("the command is decompose"),
        Err(error) => {
            let text = error.to_string();
            let line = text.lines().next().unwrap_or_default();
            Err(anyhow!("{}: {}", study.path.display(), line.trim_start_matches("error: ")))
        }
    }
}
