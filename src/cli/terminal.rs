//! What the program prints. A reader that went away is not a failure, and text from files cannot
//! control the terminal.

use std::borrow::Cow;
use std::io::{Error, ErrorKind, Write};
use std::path::Path;
use std::sync::OnceLock;

/// Why standard output accepts no more.
static ENDED: OnceLock<Error> = OnceLock::new();

/// Writes text of whole lines to standard output. After a failure nothing more is written there.
pub fn print(text: &str) {
    if ENDED.get().is_some() {
        return;
    }
    let mut out = std::io::stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        let _ = ENDED.set(error);
    }
}

/// Writes JSON as one line to standard output.
pub fn print_json(json: &str) {
    print(&format!("{}\n", escape_json(json)));
}

/// Writes a line to standard error, control characters escaped; failures are ignored.
pub fn note(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", escape(line));
}

/// Says that a file was written.
pub fn wrote(path: &Path, quiet: bool) {
    if !quiet {
        note(&format!("wrote {}", path.display()));
    }
}

/// Whether standard output accepts no more, so that work for it alone is pointless.
pub fn ended() -> bool {
    ENDED.get().is_some()
}

/// Why the result could not be printed; `None` where its reader only went away.
pub fn failure() -> Option<&'static Error> {
    ENDED.get().filter(|error| error.kind() != ErrorKind::BrokenPipe)
}

/// A line of text in which characters that control a terminal, or hide in it, are escaped as
/// `\u{1b}`.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(steers) {
        return text.into();
    }
    let shown = |c: char| match steers(c) {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    text.chars().map(shown).collect::<String>().into()
}

/// JSON with the same characters escaped in its way: serde leaves those above the ASCII ones.
fn escape_json(json: &str) -> Cow<'_, str> {
    if !json.chars().any(steers) {
        return json.into();
    }
    let shown = |c: char| match steers(c) {
        true => format!("\\u{:04x}", c as u32),
        false => c.to_string(),
    };
    json.chars().map(shown).collect::<String>().into()
}

/// Control characters, and those that reorder, join or hide the text around them.
fn steers(c: char) -> bool {
    let hidden = matches!(
        c,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    c.is_control() || hidden
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        assert_eq!(escape("a\u{1b}[31mb\nc\u{7}"), "a\\u{1b}[31mb\\nc\\u{7}");
        assert_eq!(escape("\u{9b}2J \u{202e}gpj.exe"), "\\u{9b}2J \\u{202e}gpj.exe");
        assert_eq!(escape("Größe in m s⁻¹"), "Größe in m s⁻¹");
        let json = serde_json::to_string("\u{1b}\u{9b}\u{202e}ü").unwrap();
        let safe = escape_json(&json);
        assert_eq!(safe, "\"\\u001b\\u009b\\u202eü\"");
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), "\u{1b}\u{9b}\u{202e}ü");
    }
}
