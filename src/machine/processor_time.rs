//! A limit to the processor time of this process.

/// Ends the process by SIGXCPU after so many seconds of processor time.
#[cfg(unix)]
pub(crate) fn limit_processor_time(seconds: u64) {
    let limit = libc::rlimit { rlim_cur: seconds as libc::rlim_t, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: the limit is read and not kept; a call that fails changes nothing.
    unsafe { libc::setrlimit(libc::RLIMIT_CPU, &limit) };
}

#[cfg(not(unix))]
pub(crate) fn limit_processor_time(_seconds: u64) {}
