//! Large arrays on huge pages.

use bytemuck::Zeroable;

/// Arrays of at least so many bytes ask for huge pages.
const HUGE: usize = 4 << 20;

/// `count` zeros. Large arrays ask the system for huge pages, where it gives them on request, which
/// saves page faults and entries of the translation caches.
pub(crate) fn zeros<T: Zeroable>(count: usize) -> Vec<T> {
    let values = bytemuck::allocation::zeroed_vec(count);
    if size_of_val(&values[..]) >= HUGE {
        ask_for_huge_pages(&values);
    }
    values
}

#[cfg(target_os = "linux")]
fn ask_for_huge_pages<T>(values: &[T]) {
    const PAGE: usize = 4096;
    let start = values.as_ptr() as usize;
    let (from, to) = (start.next_multiple_of(PAGE), (start + size_of_val(values)) / PAGE * PAGE);
    // SAFETY: the range is whole pages inside a live allocation of ours, and the advice changes
    // neither contents nor protection. It may be refused, which does no harm.
    unsafe { libc::madvise(from as *mut libc::c_void, to - from, libc::MADV_HUGEPAGE) };
}

#[cfg(not(target_os = "linux"))]
fn ask_for_huge_pages<T>(_: &[T]) {}
