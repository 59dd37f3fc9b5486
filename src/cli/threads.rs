//! The threads of a run.

use super::args::Common;
use crate::machine::{address_space_left, size_in_words, spare_address_space};
use anyhow::{Context, Result, ensure};

/// The largest number of threads: more than any processor has, fewer than systems refuse.
const MOST: usize = 1024;

/// Bytes of address space that a thread takes: its stack and the guard page.
const STACK: f64 = (2 * 1024 * 1024 + 64 * 1024) as f64;

/// Starts the requested number of threads, by default one for each processor.
pub fn start(common: &Common) -> Result<()> {
    // The variable that the library of threads reads.
    let variable = std::env::var("RAYON_NUM_THREADS").ok().and_then(|text| text.parse().ok());
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let asked = common.threads.or(variable.filter(|threads: &usize| *threads > 0));
    let threads = asked.unwrap_or(processors.min(MOST));
    ensure!(
        threads <= MOST,
        "{threads} threads are more than the maximum of {MOST}; this machine has \
         {processors} processors: give fewer with --threads"
    );
    spare_address_space();
    if let Some(left) = address_space_left() {
        let needed = threads as f64 * STACK;
        ensure!(
            needed < left.bytes as f64,
            "{threads} threads need {} of address space, and {} are left of {}: give fewer with --threads",
            size_in_words(needed),
            size_in_words(left.bytes as f64),
            left.limit
        );
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    pool.with_context(|| format!("{threads} threads cannot be started; give fewer with --threads"))
}
