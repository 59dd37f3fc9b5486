//! Progress on a terminal, for work of more than a second; of fields elsewhere too, for work of more than ten.

use super::{interrupt, terminal};
use crate::boundary::Condition;
use crate::decomposition::{HarmonicCost, Watch};
use crate::machine::{size_in_words, traffic_bytes};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often a line is written where there is no terminal.
const LINES: Duration = Duration::from_secs(10);

/// A counter of finished items with the name of the current one. It appears after a second, and
/// only on a terminal.
pub struct Progress {
    bar: ProgressBar,
    done: Arc<AtomicBool>,
}

impl Progress {
    pub fn new(total: usize, quiet: bool) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::hidden());
        bar.set_style(style());
        let done = Arc::new(AtomicBool::new(false));
        if !quiet && std::io::stderr().is_terminal() {
            let (bar, done) = (bar.clone(), done.clone());
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_secs(1));
                if !done.load(Ordering::Relaxed) {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    bar.enable_steady_tick(Duration::from_millis(120));
                }
            });
        }
        Progress { bar, done }
    }

    /// The same for fields, with a line now and then where standard error is no terminal.
    pub fn of_fields(quiet: bool) -> Progress {
        let progress = Progress::new(0, quiet);
        if !quiet && !std::io::stderr().is_terminal() {
            let (bar, done) = (progress.bar.clone(), progress.done.clone());
            std::thread::spawn(move || write_lines(&bar, &done));
        }
        progress
    }

    /// Takes items away that need not be done.
    pub fn shorten(&self, fewer: usize) {
        self.bar.dec_length(fewer as u64);
    }

    /// Names what is being done.
    pub fn say(&self, what: impl Into<String>) {
        self.bar.set_message(terminal::escape(&what.into()).into_owned());
    }

    /// Adds items that were not known at the start.
    pub fn extend(&self, more: usize) {
        self.bar.inc_length(more as u64);
    }

    /// What the harmonic fields of a mask cost is said here, and how many of them are done.
    pub fn watch(&self, field: &str, basis: bool, quiet: bool) -> HarmonicWatch {
        let field = terminal::escape(field).into_owned();
        HarmonicWatch { bar: self.bar.clone(), field, basis, quiet }
    }

    /// Counts one item as finished.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// Writes a line to standard error without disturbing the display.
    pub fn note(&self, line: &str) {
        self.bar.suspend(|| terminal::note(line));
    }
}

/// Items, items a second, bytes a second, time left.
fn style() -> ProgressStyle {
    let template = "{spinner} {pos}/{len} [{elapsed}{rates}] {msg}";
    let style = ProgressStyle::with_template(template).expect("the template is sound");
    let begun = (Instant::now(), traffic_bytes());
    style.with_key("rates", move |state: &ProgressState, out: &mut dyn Write| {
        let counts = (state.pos(), state.len().unwrap_or(0));
        for words in rates(counts, begun.0.elapsed().as_secs_f64(), traffic_since(begun.1)) {
            let _ = write!(out, ", {words}");
        }
    })
}

fn traffic_since(before: Option<u64>) -> Option<u64> {
    Some(traffic_bytes()?.saturating_sub(before?))
}

/// A line every ten seconds until all is done.
fn write_lines(bar: &ProgressBar, done: &AtomicBool) {
    let (begun, before) = (Instant::now(), traffic_bytes());
    let mut next = LINES;
    while !done.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(100));
        if begun.elapsed() < next || done.load(Ordering::Relaxed) {
            continue;
        }
        next += LINES;
        let counts = (bar.position(), bar.length().unwrap_or(0));
        if counts.1 > 0 {
            let words = rates(counts, begun.elapsed().as_secs_f64(), traffic_since(before));
            let all = [vec![format!("{} of {} fields", counts.0, counts.1)], words].concat();
            terminal::note(&all.join(", "));
        }
    }
}

/// How fast it goes, and how long the rest takes at that pace; nothing before the first item is done.
fn rates((position, length): (u64, u64), seconds: f64, bytes: Option<u64>) -> Vec<String> {
    if position == 0 || seconds <= 0.0 {
        return Vec::new();
    }
    let pace = position as f64 / seconds;
    let items = match pace {
        pace if pace >= 10.0 => format!("{pace:.0}/s"),
        pace if pace >= 0.1 => format!("{pace:.1}/s"),
        pace => format!("{:.0} s each", 1.0 / pace),
    };
    let bytes = bytes.map(|bytes| format!("{}/s", size_in_words(bytes as f64 / seconds)));
    let left = length.saturating_sub(position) as f64 / pace;
    let left = match left {
        left if left < 90.0 => format!("{left:.0} s left"),
        left if left < 5400.0 => format!("{:.0} min left", left / 60.0),
        left => format!("{:.0} h left", left / 3600.0),
    };
    [Some(items), bytes, Some(left)].into_iter().flatten().collect()
}

/// Harmonic fields of a mask from which on their cost is said.
const MANY: usize = 9;

/// Says what the harmonic fields of a mask cost, shows how many are done, and ends that on Ctrl-C.
pub struct HarmonicWatch {
    bar: ProgressBar,
    field: String,
    /// A basis was asked for.
    basis: bool,
    quiet: bool,
}

impl Watch for HarmonicWatch {
    fn begins(&self, cost: HarmonicCost) {
        if self.quiet || (cost.fields < MANY && !self.basis) {
            return;
        }
        let why = match self.basis {
            true => "for --harmonic-basis",
            false => "before its parts are known; --no-harmonic does without",
        };
        let what = match cost.condition {
            Condition::Neumann => "independent loop",
            Condition::Dirichlet => "independent normal harmonic field",
        };
        let plural = if cost.fields == 1 { "" } else { "s" };
        let (fields, solves) = (cost.fields, cost.solves);
        let size = cost.bytes / f64::from(1 << 20);
        let line = format!(
            "{}: the mask has {fields} {what}{plural}: {solves} Poisson solves and {size:.0} MiB {why}",
            self.field
        );
        self.bar.suspend(|| terminal::note(&line));
    }

    fn goes_on(&self, solves: usize, of: usize) -> bool {
        let message = format!("{}: harmonic fields, solve {} of {of}", self.field, solves + 1);
        self.bar.set_message(message);
        !interrupt::asked()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pace_and_time_left_are_said() {
        let words = |counts, seconds, bytes| rates(counts, seconds, bytes).join(", ");
        assert_eq!(words((120, 1000), 10.0, None), "12/s, 73 s left");
        assert_eq!(words((120, 1000), 60.0, Some(120 << 20)), "2.0/s, 2.0 MiB/s, 7 min left");
        assert_eq!(words((3, 1000), 60.0, None), "20 s each, 6 h left");
        assert_eq!(words((0, 1000), 60.0, None), "");
    }
}
