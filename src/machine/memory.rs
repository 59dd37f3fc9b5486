//! Memory: what this process has used, and how much more of it a run may take.

mod size;
mod system;

pub use size::{SizeError, parse_size, size_in_words};

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use thiserror::Error;

/// The limit of [`limit_memory`]; 0 where none was set.
static LIMIT: AtomicU64 = AtomicU64::new(0);

/// What limits the memory of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Bytes that [`limit_memory`] allows the process.
    Asked(u64),
    /// The memory of the machine: `MemAvailable`.
    Machine,
    /// A control group, such as that of a container or of a batch job.
    Group(PathBuf),
    /// The address space of the process, as `ulimit -v` sets it.
    AddressSpace(u64),
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Asked(bytes) => write!(f, "a limit of {}", size_in_words(*bytes as f64)),
            Limit::Machine => f.write_str("the memory of the machine (MemAvailable)"),
            Limit::Group(path) => write!(f, "the control group {}", path.display()),
            Limit::AddressSpace(bytes) => {
                let all = size_in_words(*bytes as f64);
                write!(f, "an address space of {all} (ulimit -v)")
            }
        }
    }
}

/// How many more bytes the process can take, and which limit is the tightest.
#[derive(Clone, Debug, PartialEq)]
pub struct AtHand {
    /// Bytes left.
    pub bytes: u64,
    /// The limit that leaves the least.
    pub limit: Limit,
}

/// More memory is needed than there is.
#[derive(Clone, Debug, PartialEq, Error)]
#[error(
    "about {} of memory are needed, and {} are left of {}",
    size_in_words(*.needed),
    size_in_words(.at_hand.bytes as f64),
    .at_hand.limit
)]
pub struct Shortage {
    /// Bytes needed.
    pub needed: f64,
    /// What there is.
    pub at_hand: AtHand,
}

/// Limits this process to so many bytes in all, for every later estimate, instead of to what the
/// machine and its control groups have left; 0 removes the limit. Work that is estimated to need
/// more is refused; nothing that runs is stopped. The limit of the address space still applies.
///
/// ```standalone_crate
/// use hodge::machine::{Limit, at_hand, ensure_memory, limit_memory};
/// limit_memory(1 << 30);
/// assert!(ensure_memory(2e9).is_err());
/// assert!(at_hand().is_some_and(|found| found.bytes < 1 << 30));
/// limit_memory(0);
/// ```
pub fn limit_memory(bytes: u64) {
    LIMIT.store(bytes, Ordering::Relaxed);
}

/// The memory that this process can still take: the least that [`limit_memory`], or without it the
/// machine and the control groups, and the address space leave. `None` where the system does not
/// tell. Reads a few small files of /proc and /sys.
pub fn at_hand() -> Option<AtHand> {
    let found = match LIMIT.load(Ordering::Relaxed) {
        0 => system::machine().into_iter().chain(system::groups()).collect(),
        limit => {
            let bytes = limit.saturating_sub(system::resident().unwrap_or(0));
            vec![AtHand { bytes, limit: Limit::Asked(limit) }]
        }
    };
    found.into_iter().chain(system::address_space()).min_by_key(|found| found.bytes)
}

/// Checks that so many more bytes are [`at_hand`]; where the system does not tell, they are.
///
/// # Errors
/// If they are not.
pub fn ensure_memory(needed: f64) -> Result<(), Shortage> {
    match at_hand() {
        Some(at_hand) if needed > at_hand.bytes as f64 => Err(Shortage { needed, at_hand }),
        _ => Ok(()),
    }
}

/// The largest resident size this process has had, in bytes; `None` where the system does not
/// tell.
pub fn peak_memory_bytes() -> Option<u64> {
    system::status("VmHWM:")
}

/// What this process has in memory.
#[cfg(feature = "sparse")]
pub(super) fn resident_bytes() -> Option<u64> {
    system::resident()
}

/// Where the address space is limited, keeps the allocator from reserving large pieces of it for
/// every thread. To be called before threads are started.
pub(crate) fn spare_address_space() {
    if system::address_space().is_some() {
        system::share_one_heap();
    }
}

/// Bytes of address space left, where it has a limit.
pub(crate) fn address_space_left() -> Option<AtHand> {
    system::address_space()
}
