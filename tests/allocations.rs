//! What is allocated for the second field of a series. A counting allocator applies to a whole
//! program, so this program has a single test.

use hodge::boundary::Boundary;
use hodge::decomposition::{Decomposition, Method};
use hodge::field::{Layout, VectorField};
use hodge::grid::{Axis, Domain, Grid, Topology};
use std::alloc::{GlobalAlloc, Layout as Memory, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// A little less than an array of the smallest field below: anything smaller is not an array.
const ARRAY: usize = 60 << 10;

struct Counting;

static ARRAYS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is handed on to the allocator of the system.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, memory: Memory) -> *mut u8 {
        ARRAYS.fetch_add(usize::from(memory.size() >= ARRAY), Relaxed);
        // SAFETY: the caller keeps the promises of this method, which are those of the system's.
        unsafe { System.alloc(memory) }
    }

    unsafe fn alloc_zeroed(&self, memory: Memory) -> *mut u8 {
        ARRAYS.fetch_add(usize::from(memory.size() >= ARRAY), Relaxed);
        // SAFETY: the caller keeps the promises of this method, which are those of the system's.
        unsafe { System.alloc_zeroed(memory) }
    }

    unsafe fn dealloc(&self, at: *mut u8, memory: Memory) {
        // SAFETY: the caller keeps the promises of this method, which are those of the system's.
        unsafe { System.dealloc(at, memory) }
    }

    unsafe fn realloc(&self, at: *mut u8, memory: Memory, size: usize) -> *mut u8 {
        ARRAYS.fetch_add(usize::from(size >= ARRAY), Relaxed);
        // SAFETY: the caller keeps the promises of this method, which are those of the system's.
        unsafe { System.realloc(at, memory, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn second_field<const D: usize>(
    shape: [usize; D],
    topology: Topology,
    (method, boundary): (Method, Option<Boundary>),
) -> usize {
    let axes = shape.map(|n| Axis::over(0.0, 1.0, n, topology));
    let domain = Domain::full(Grid::new(axes).unwrap());
    let plan = method.plan(&domain, boundary, None).unwrap();
    let field = |phase: f64| {
        VectorField::sample(*domain.grid(), Layout::Points, |x| {
            std::array::from_fn(|k| (7.0 * x[k] + 3.0 * x[(k + 1) % D] + phase).sin())
        })
    };
    let (first, second) = (field(0.0), field(1.0));
    let mut parts = Decomposition::zeros(*domain.grid(), plan.calculus().layout());
    plan.decompose_into(&first, &mut parts).unwrap();
    let before = ARRAYS.load(Relaxed);
    plan.decompose_into(&second, &mut parts).unwrap();
    ARRAYS.load(Relaxed) - before
}

#[test]
fn the_second_field_of_a_series_needs_no_new_arrays() {
    let spectral = (Method::Spectral, None);
    let walls = [Boundary::NormalParallel, Boundary::NoFlux]
        .map(|boundary| (Method::Staggered, Some(boundary)));
    assert_eq!(second_field([96, 90], Topology::Periodic, spectral), 0);
    assert_eq!(second_field([24, 20, 18], Topology::Periodic, spectral), 0);
    for method in walls {
        assert_eq!(second_field([96, 90], Topology::Bounded, method), 0, "{method:?}");
        assert_eq!(second_field([24, 20, 18], Topology::Bounded, method), 0, "{method:?}");
    }
    // The count works: a plan needs arrays.
    assert!(ARRAYS.load(Relaxed) > 20);
}
