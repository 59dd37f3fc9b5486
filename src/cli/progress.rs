//! Progress on a terminal, for work of more than a second.

use super::{interrupt, terminal};
use crate::boundary::Condition;
use crate::decomposition::{HarmonicCost, Watch};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A counter of finished items with the name of the current one. It appears after a second, and
/// only on a terminal.
pub struct Progress {
    bar: ProgressBar,
    done: Arc<AtomicBool>,
}

impl Progress {
    pub fn new(total: usize, quiet: bool) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("{spinner} {pos}/{len} [{elapsed}] {msg}");
        bar.set_style(style.expect("the template is sound"));
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
