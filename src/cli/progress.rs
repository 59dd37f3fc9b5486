//! Progress on a terminal, for work of more than a second.

use super::terminal;
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

    /// Counts one item as finished.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// Writes a line to standard error without disturbing the display.
    pub fn note(&self, line: &str) {
        self.bar.suspend(|| terminal::note(line));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        self.bar.finish_and_clear();
    }
}
