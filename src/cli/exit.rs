//! How a run ends.

use super::hints::hint;
use super::merged::Merged;

/// The three ends of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything was done.
    Done,
    /// A claim failed, or some of several items.
    Partly,
    /// The run could not be done.
    Failed,
}

impl Exit {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Partly => 1,
            Exit::Failed => 2,
        }
    }
}

/// The error and its causes in one line, each once, and the option that helps.
pub fn chain(error: &anyhow::Error) -> String {
    let causes: Vec<String> = error.chain().map(|c| c.to_string()).collect();
    let said_elsewhere = |i: usize| {
        let (before, later) = (&causes[..i], &causes[i + 1..]);
        later.iter().any(|other| other.contains(&causes[i]))
            || before.iter().any(|other| other != &causes[i] && other.contains(&causes[i]))
    };
    let kept: Vec<_> = (0..causes.len()).filter(|&i| !said_elsewhere(i)).collect();
    let text = kept.into_iter().map(|i| causes[i].as_str()).collect::<Vec<_>>().join(": ");
    match error.chain().find_map(hint) {
        Some(hint) => format!("{text} ({hint})"),
        None => text,
    }
}

/// Errors in one line each; of those that differ only in their numbers, the first.
pub fn merged(errors: &[anyhow::Error]) -> Vec<String> {
    let mut merged = Merged::default();
    errors.iter().for_each(|error| merged.add(&chain(error)));
    let more = |(first, count): (&str, usize)| match count {
        1 => first.to_string(),
        _ => format!("{first} ({count} fields fail in this way)"),
    };
    merged.firsts().map(more).collect()
}
