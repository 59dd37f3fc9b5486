//! Ctrl-C ends a run after the field at hand, so that what is finished is kept.

use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Listens from now on. A second Ctrl-C ends the program at once.
pub fn watch() {
    // Without a handler the signal ends the program as before, which loses no finished file.
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
}

/// Whether the user wants to stop.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
