//! Working space that is returned by one thread and reused by the next.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Spaces not in use. Allocated for every task instead, they would be returned to the system, which
/// would have to clear them again.
pub(crate) struct Pool<S> {
    spare: Mutex<Vec<S>>,
}

/// A space that returns to its pool when dropped.
pub(crate) struct Borrowed<'a, S> {
    pool: &'a Pool<S>,
    space: Option<S>,
}

impl<S> Pool<S> {
    pub(crate) fn new() -> Pool<S> {
        Pool { spare: Mutex::default() }
    }

    /// A spare space, or a new one by `make`.
    pub(crate) fn take(&self, make: impl FnOnce() -> S) -> Borrowed<'_, S> {
        let spare = self.spare().pop();
        Borrowed { pool: self, space: Some(spare.unwrap_or_else(make)) }
    }

    /// A panic elsewhere leaves the list intact.
    fn spare(&self) -> MutexGuard<'_, Vec<S>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Deref for Borrowed<'_, S> {
    type Target = S;

    fn deref(&self) -> &S {
        self.space.as_ref().expect("held until dropped")
    }
}

impl<S> DerefMut for Borrowed<'_, S> {
    fn deref_mut(&mut self) -> &mut S {
        self.space.as_mut().expect("held until dropped")
    }
}

impl<S> Drop for Borrowed<'_, S> {
    fn drop(&mut self) {
        self.pool.spare().extend(self.space.take());
    }
}
