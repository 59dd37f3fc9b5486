//! Prefetch and non-temporal stores.

use bytemuck::Pod;

/// Arrays from this size on are written by non-temporal stores.
pub(crate) const NON_TEMPORAL_BYTES: usize = 1 << 23;

/// The same for arrays that are read again soon: two of this size fill the last cache.
pub(crate) const REREAD_BYTES: usize = 1 << 25;

/// Copies `from` into `to` by non-temporal stores, which do not first read the lines of `to` into the
/// caches: for arrays that are written once and larger than the caches.
///
/// A thread calls [`fence`] before others may read what it wrote.
#[cfg(target_arch = "x86_64")]
pub(crate) fn store_non_temporal<T: Pod>(to: &mut [T], from: &[T]) {
    use std::arch::x86_64::{_mm_loadu_pd, _mm_stream_pd};
    assert_eq!(to.len(), from.len());
    let lead = to.as_ptr().align_offset(16).min(to.len());
    let (to_lead, to) = to.split_at_mut(lead);
    let (from_lead, from) = from.split_at(lead);
    to_lead.copy_from_slice(from_lead);
    let group = 16 / size_of::<T>();
    let mut groups = to.chunks_exact_mut(group);
    for (to, from) in (&mut groups).zip(from.chunks_exact(group)) {
        // SAFETY: both are 16 bytes long, and `to` starts at a multiple of 16 bytes because `lead`
        // values were skipped; SSE2 is part of x86_64.
        unsafe { _mm_stream_pd(to.as_mut_ptr().cast(), _mm_loadu_pd(from.as_ptr().cast())) };
    }
    let rest = groups.into_remainder();
    rest.copy_from_slice(&from[from.len() - rest.len()..]);
}

/// Prefetches values that will be read soon.
///
/// The hardware prefetcher only recognises runs longer than a row of a plane.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(crate) fn prefetch<T>(values: &[T]) {
    use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
    const LINE: usize = 64;
    for value in values.iter().step_by(LINE / size_of::<T>()) {
        // SAFETY: a prefetch changes nothing; SSE is part of x86_64.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(std::ptr::from_ref(value).cast()) };
    }
}

/// Orders non-temporal stores before later ones.
#[cfg(target_arch = "x86_64")]
pub(crate) fn fence() {
    // SAFETY: SSE is part of x86_64.
    #[allow(unused_unsafe)]
    unsafe {
        std::arch::x86_64::_mm_sfence()
    };
}

/// A plain copy.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn store_non_temporal<T: Pod>(to: &mut [T], from: &[T]) {
    to.copy_from_slice(from);
}

/// Left to the processor.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn prefetch<T>(_: &[T]) {}

/// Nothing to order.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn fence() {}

#[cfg(test)]
mod tests {
    use super::*;

    fn copies<T: Pod + From<i8> + PartialEq>() {
        let from: Vec<T> = (0..20).map(T::from).collect();
        for start in 0..4 {
            for len in 0..16 {
                let mut to = [T::from(-1); 20];
                store_non_temporal(&mut to[start..start + len], &from[start..start + len]);
                fence();
                let expected = |i: usize| {
                    if (start..start + len).contains(&i) { from[i] } else { T::from(-1) }
                };
                assert!((0..20).all(|i| to[i] == expected(i)), "{start} {len}");
            }
        }
    }

    #[test]
    fn every_length_and_alignment_is_copied() {
        copies::<f64>();
        copies::<f32>();
    }
}
