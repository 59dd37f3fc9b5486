//! The numbers a projection is computed in.

use bytemuck::Pod;
use rustfft::FftNum;
use std::ops::AddAssign;

/// `f32` or `f64`.
pub trait Precision: FftNum + Pod + Default + AddAssign + sealed::Sealed {
    /// Rounded from double precision.
    fn of(value: f64) -> Self;
    /// As double precision.
    fn wide(self) -> f64;
}

mod sealed {
    /// Keeps [`super::Precision`] to the types with vectorised transforms.
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

impl Precision for f64 {
    #[inline(always)]
    fn of(value: f64) -> f64 {
        value
    }

    #[inline(always)]
    fn wide(self) -> f64 {
        self
    }
}

impl Precision for f32 {
    #[inline(always)]
    fn of(value: f64) -> f32 {
        value as f32
    }

    #[inline(always)]
    fn wide(self) -> f64 {
        f64::from(self)
    }
}
