//! What stands in the file of a study, with the lines in which it stands.

use super::nearest::nearest;
use anyhow::{Result, anyhow, bail};
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The keys of a study.
const KEYS: [&str; 7] =
    ["output", "fields", "methods", "boundaries", "backends", "inapplicable", "options"];
/// What to do with combinations that cannot apply.
const INAPPLICABLE: [&str; 2] = ["refuse", "skip"];

/// A text and the line in which it stands.
#[derive(Clone, Debug)]
pub struct Typed {
    pub text: String,
    pub line: usize,
}

/// The value of an option.
#[derive(Clone, Debug)]
pub enum Setting {
    /// Of an option without a value.
    Switch(bool),
    Value(String),
    /// Of an option that takes several.
    List(Vec<String>),
}

/// The file of a study.
#[derive(Debug, Default)]
pub struct StudyFile {
    pub path: PathBuf,
    pub output: Option<String>,
    pub fields: Vec<Typed>,
    pub methods: Vec<Typed>,
    pub boundaries: Vec<Typed>,
    pub backends: Vec<Typed>,
    /// Combinations that cannot apply are left out rather than refused.
    pub skips: bool,
    pub options: Vec<(Typed, Setting)>,
}

impl StudyFile {
    /// Reads a study; everything in it is known by its name, nothing is looked at yet.
    pub fn read(path: &Path) -> Result<StudyFile> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                let near = super::missing_file::meant(path).filter(|_| !path.exists());
                let near = near.map_or(String::new(), |near| format!(" ({near})"));
                bail!("{} cannot be read: {error}{near}", path.display())
            }
        };
        let mut study = StudyFile { path: path.into(), ..StudyFile::default() };
        let lines = Lines { path, text: &text };
        let table = DeTable::parse(&text).map_err(|error| {
            let what = error.message().to_string();
            match error.span() {
                Some(at) => lines.error(&at, what),
                None => anyhow!("{}: {what}", path.display()),
            }
        })?;
        for (key, value) in table.get_ref() {
            study.take(&lines, key.get_ref(), &key.span(), value)?;
        }
        if study.fields.is_empty() {
            bail!("{} names no fields: add fields = [\"FILE\", \"analytic:CASE\"]", path.display());
        }
        Ok(study)
    }

    fn take(
        &mut self,
        lines: &Lines<'_>,
        key: &str,
        at: &Range<usize>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<()> {
        match key {
            "output" => self.output = Some(lines.text(key, value)?.text),
            "fields" => self.fields = lines.list(key, value)?,
            "methods" => self.methods = lines.list(key, value)?,
            "boundaries" => self.boundaries = lines.list(key, value)?,
            "backends" => self.backends = lines.list(key, value)?,
            "inapplicable" => {
                let word = lines.text(key, value)?;
                self.error_unless_known("inapplicable", &word, &INAPPLICABLE)?;
                self.skips = word.text == "skip";
            }
            "options" => {
                let DeValue::Table(table) = value.get_ref() else {
                    return Err(lines.error(&value.span(), "expected a table, [options]"));
                };
                for (key, value) in table {
                    let typed =
                        Typed { text: key.get_ref().to_string(), line: lines.line(&key.span()) };
                    self.options.push((typed, lines.setting(key.get_ref(), value)?));
                }
                self.options.sort_by_key(|(typed, _)| typed.line);
            }
            _ => {
                let typed = Typed { text: key.into(), line: lines.line(at) };
                self.error_unless_known("key", &typed, &KEYS)?;
            }
        }
        Ok(())
    }

    /// Refuses a word that is none of those, with the nearest.
    pub fn error_unless_known(&self, what: &str, typed: &Typed, known: &[&str]) -> Result<()> {
        if known.contains(&typed.text.as_str()) {
            return Ok(());
        }
        let near = nearest(&typed.text, known.iter().copied());
        let near = near.map_or(String::new(), |near| format!("the nearest is {near}; "));
        Err(self.error(
            typed,
            format!("unknown {what} {:?} ({near}known are {})", typed.text, known.join(", ")),
        ))
    }

    /// An error about a line.
    pub fn error(&self, typed: &Typed, what: impl std::fmt::Display) -> anyhow::Error {
        anyhow!("{}, line {}: {what}", self.path.display(), typed.line)
    }

    /// A file of the study, which stands beside it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(name)
    }
}

/// The text of a file, to find lines in.
struct Lines<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Lines<'_> {
    fn line(&self, at: &Range<usize>) -> usize {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        1 + before.bytes().filter(|byte| *byte == b'\n').count()
    }

    fn error(&self, at: &Range<usize>, what: impl std::fmt::Display) -> anyhow::Error {
        anyhow!("{}, line {}: {what}", self.path.display(), self.line(at))
    }

    fn text(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Typed> {
        match value.get_ref() {
            DeValue::String(text) => {
                Ok(Typed { text: text.to_string(), line: self.line(&value.span()) })
            }
            other => Err(self.error(
                &value.span(),
                format!("{key} has {} here; expected a text in quotes", article(other)),
            )),
        }
    }

    fn list(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<Typed>> {
        let DeValue::Array(items) = value.get_ref() else {
            let found = article(value.get_ref());
            let what = format!("{key} is {found}; expected a list of texts, such as [\"…\"]");
            return Err(self.error(&value.span(), what));
        };
        let mut list: Vec<Typed> = Vec::new();
        for item in items {
            let typed = self.text(key, item)?;
            if list.iter().any(|other| other.text == typed.text) {
                return Err(self.error(&item.span(), format!("{key} has {:?} twice", typed.text)));
            }
            list.push(typed);
        }
        Ok(list)
    }

    fn setting(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Setting> {
        if let DeValue::Boolean(on) = value.get_ref() {
            return Ok(Setting::Switch(*on));
        }
        let one = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            DeValue::Integer(number) if number.radix() == 10 => Ok(number.as_str().to_string()),
            DeValue::Float(number) => Ok(number.as_str().to_string()),
            DeValue::Datetime(date) => Ok(date.to_string()),
            other => {
                let what =
                    format!("{key} has {} here; expected a text or a number", article(other));
                Err(self.error(&value.span(), what))
            }
        };
        match value.get_ref() {
            DeValue::Array(items) => {
                Ok(Setting::List(items.iter().map(one).collect::<Result<_>>()?))
            }
            _ => Ok(Setting::Value(one(value)?)),
        }
    }
}

fn article(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
