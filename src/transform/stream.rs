//! Stores that go past the caches.

/// Arrays from this size on are written past the caches.
pub(super) const STREAMED_BYTES: usize = 1 << 26;

/// Copies `from` into `to` without first reading the lines of `to` into the caches, for arrays that
/// are written once and larger than those.
///
/// A plain store of a line that is not in a cache reads it from memory first. Writing the arrays of a
/// projection past the caches saves a sixth of its traffic. A thread calls [`finish`]
/// before others may read what it wrote.
#[cfg(target_arch = "x86_64")]
pub(super) fn stream(to: &mut [f64], from: &[f64]) {
    use std::arch::x86_64::{_mm_loadu_pd, _mm_stream_pd};
    assert_eq!(to.len(), from.len());
    let lead = to.as_ptr().align_offset(16).min(to.len());
    let (to_lead, to) = to.split_at_mut(lead);
    let (from_lead, from) = from.split_at(lead);
    to_lead.copy_from_slice(from_lead);
    let mut pairs = to.chunks_exact_mut(2);
    for (to, from) in (&mut pairs).zip(from.chunks_exact(2)) {
        // SAFETY: both are two values long, and `to` starts at a multiple of 16 bytes because `lead`
        // values were skipped; SSE2 is part of x86_64.
        unsafe { _mm_stream_pd(to.as_mut_ptr(), _mm_loadu_pd(from.as_ptr())) };
    }
    let rest = pairs.into_remainder();
    rest.copy_from_slice(&from[from.len() - rest.len()..]);
}

/// Orders streamed stores before later ones.
#[cfg(target_arch = "x86_64")]
pub(super) fn finish() {
    // SAFETY: SSE is part of x86_64.
    #[allow(unused_unsafe)]
    unsafe {
        std::arch::x86_64::_mm_sfence()
    };
}

/// A plain copy, where such stores are not known.
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn stream(to: &mut [f64], from: &[f64]) {
    to.copy_from_slice(from);
}

/// Nothing to order.
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn finish() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_and_alignment_is_copied() {
        let from: Vec<f64> = (0..20).map(f64::from).collect();
        for start in 0..4 {
            for len in 0..16 {
                let mut to = [-1.0; 20];
                stream(&mut to[start..start + len], &from[start..start + len]);
                finish();
                let expected = |i: usize| {
                    if (start..start + len).contains(&i) { i as f64 } else { -1.0 }
                };
                assert!((0..20).all(|i| to[i] == expected(i)), "{start} {len}");
            }
        }
    }
}
