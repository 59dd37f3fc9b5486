//! Ctrl-C, and the signals of a batch system or a closing terminal, end a run after the current
//! field, so that what is finished is kept.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

fn asked_flag() -> &'static Arc<AtomicBool> {
    static ASKED: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    ASKED.get_or_init(Arc::default)
}

/// Listens from now on to SIGINT, SIGTERM and SIGHUP. A second one ends the program at once. One
/// that the program was started to ignore, as under `nohup`, stays ignored.
#[cfg(unix)]
pub fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag::{register, register_conditional_shutdown};
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        if is_ignored(signal) {
            continue;
        }
        // In this order the first signal finds the flag unset. Without a handler the signal ends
        // the program as before, which loses no finished file.
        let flag = asked_flag();
        let _ = register_conditional_shutdown(signal, 128 + signal, flag.clone());
        let _ = register(signal, flag.clone());
    }
}

#[cfg(not(unix))]
pub fn watch() {
    use signal_hook::consts::SIGINT;
    let _ = signal_hook::flag::register(SIGINT, asked_flag().clone());
}

/// Makes exceeding the file size limit a write error instead of the end of the program, which would
/// lose what is finished.
#[cfg(unix)]
pub fn take_write_errors() {
    // With a handler in its place the signal does nothing else.
    let unused = Arc::new(AtomicBool::new(false));
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, unused);
}

#[cfg(not(unix))]
pub fn take_write_errors() {}

/// Whether the program was told to ignore a signal when it was started: Linux lists those.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|text| u64::from_str_radix(text.trim(), 16).ok()).unwrap_or(0);
    mask >> (signal - 1) & 1 == 1
}

/// Whether the user wants to stop.
pub fn asked() -> bool {
    asked_flag().load(Ordering::Relaxed)
}
