//! How much memory a piece of work takes at the most.

use super::memory::{peak_memory_bytes, resident_bytes};
use std::fs;

/// Memory from a moment on.
pub(crate) struct Peak {
    /// What the process had; `None` where the system does not tell, or does not forget the peak before.
    before: Option<u64>,
}

impl Peak {
    /// From now on.
    pub fn begin() -> Peak {
        // The system then counts its largest resident size anew.
        let forgotten = fs::write("/proc/self/clear_refs", "5").is_ok();
        Peak { before: resident_bytes().filter(|_| forgotten) }
    }

    /// The most so far, beyond what the process had before.
    pub fn bytes(&self) -> Option<u64> {
        Some(peak_memory_bytes()?.saturating_sub(self.before?))
    }
}
