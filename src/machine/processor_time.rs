//! A limit to the processor time of this process.

/// Ends the process by SIGXCPU after so many seconds of processor time.
#[cfg(unix)]
pub(crate) fn limit_processor_time(seconds: u64) {
    let limit = libc::rlimit { rlim_cur: seconds as libc::rlim_t, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: the limit is read and not kept; a call that fails changes nothing.
    unsafe { libc::setrlimit(libc::RLIMIT_CPU, &limit) };
}

/// Whole seconds of processor time that this process took; a tenth and more counts as one.
#[cfg(unix)]
pub(crate) fn processor_seconds() -> u64 {
    // SAFETY: a structure of numbers may be zero, and the call fills it.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + 1e-6 * time.tv_usec as f64;
    (seconds(usage.ru_utime) + seconds(usage.ru_stime) + 0.9) as u64
}

#[cfg(not(unix))]
pub(crate) fn processor_seconds() -> u64 {
    0
}

#[cfg(not(unix))]
pub(crate) fn limit_processor_time(_seconds: u64) {}
