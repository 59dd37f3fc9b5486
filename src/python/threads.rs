//! Pools of threads that belong to the module, and Ctrl-C while they compute.

use super::error::value_error;
use crate::decomposition::Watch;
use pyo3::{PyResult, Python};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The pools by their number of threads, and the process they were made in: another one, forked from it, has none of their
/// threads and makes its own.
#[derive(Default)]
struct Pools {
    process: u32,
    by_threads: HashMap<usize, Arc<ThreadPool>>,
}

static POOLS: Mutex<Option<Pools>> = Mutex::new(None);

/// The pool of so many threads; 0 for all processors.
pub(super) fn pool(threads: usize) -> PyResult<Arc<ThreadPool>> {
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    let pools = pools.get_or_insert_default();
    if pools.process != std::process::id() {
        // Dropping them would wait for threads that are not there.
        std::mem::forget(std::mem::take(&mut pools.by_threads));
        pools.process = std::process::id();
    }
    if let Some(known) = pools.by_threads.get(&threads) {
        return Ok(Arc::clone(known));
    }
    let made = ThreadPoolBuilder::new().num_threads(threads).build().map_err(value_error)?;
    let made = Arc::new(made);
    pools.by_threads.insert(threads, Arc::clone(&made));
    Ok(made)
}

/// Whether whoever waits has had enough.
#[derive(Default)]
pub(super) struct Stop(AtomicBool);

impl Stop {
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Watch for Stop {
    fn goes_on(&self, _solves: usize, _of: usize) -> bool {
        !self.is_asked()
    }
}

/// Computes in a pool without the interpreter's lock, and looks for signals meanwhile: one that raises is raised when
/// the work has ended, which is asked to stop.
pub(super) fn run<T: Send>(
    py: Python<'_>,
    pool: &ThreadPool,
    stop: &Stop,
    work: impl FnOnce() -> T + Send,
) -> PyResult<T> {
    stop.0.store(false, Ordering::Relaxed);
    let mut raised = None;
    let done = py.detach(|| {
        let (sender, receiver) = channel();
        pool.in_place_scope(|scope| {
            scope.spawn(move |_| {
                // Nobody listens any more only if this thread has panicked.
                let _ = sender.send(work());
            });
            loop {
                match receiver.recv_timeout(Duration::from_millis(50)) {
                    Ok(done) => return Some(done),
                    Err(RecvTimeoutError::Disconnected) => return None,
                    Err(RecvTimeoutError::Timeout) if raised.is_none() => {
                        raised = Python::attach(|py| py.check_signals()).err();
                        stop.0.store(raised.is_some(), Ordering::Relaxed);
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                }
            }
        })
    });
    match raised {
        Some(raised) => Err(raised),
        None => Ok(done.expect("a panic of the work is passed on by the scope")),
    }
}
