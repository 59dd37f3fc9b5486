//! Training in single or double precision.

use crate::autoencoder::Activation;
use faer::traits::RealField;
use safetensors::Dtype;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Sub, SubAssign};

/// `f32` or `f64`. Single precision trains faster; double precision matches that of the evaluation.
pub trait Real:
    RealField
    + Copy
    + Default
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + Sum
    + sealed::Sealed
{
    /// The type's name in safetensors files.
    const DTYPE: Dtype;
    /// Rounded from double precision.
    fn of(value: f64) -> Self;
    /// As double precision.
    fn wide(self) -> f64;
    /// √.
    fn root(self) -> Self;
    /// Little-endian bytes.
    fn bytes(self) -> Vec<u8>;
    /// From little-endian bytes; panics on another number of them.
    fn from_bytes(bytes: &[u8]) -> Self;
    /// h and h′; see [`Activation::apply`].
    fn activate(activation: Activation, z: &[Self], value: &mut [Self], slope: &mut [Self]);
}

mod sealed {
    /// Keeps [`super::Real`] to the two types of faer's fast kernels.
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

impl Real for f64 {
    const DTYPE: Dtype = Dtype::F64;

    #[inline]
    fn of(value: f64) -> f64 {
        value
    }

    #[inline]
    fn wide(self) -> f64 {
        self
    }

    #[inline]
    fn root(self) -> f64 {
        self.sqrt()
    }

    fn bytes(self) -> Vec<u8> {
        self.to_le_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> f64 {
        f64::from_le_bytes(bytes.try_into().expect("the bytes of one number"))
    }

    fn activate(activation: Activation, z: &[f64], value: &mut [f64], slope: &mut [f64]) {
        activation.apply(z, value, slope);
    }
}

impl Real for f32 {
    const DTYPE: Dtype = Dtype::F32;

    #[inline]
    fn of(value: f64) -> f32 {
        value as f32
    }

    #[inline]
    fn wide(self) -> f64 {
        f64::from(self)
    }

    #[inline]
    fn root(self) -> f32 {
        self.sqrt()
    }

    fn bytes(self) -> Vec<u8> {
        self.to_le_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> f32 {
        f32::from_le_bytes(bytes.try_into().expect("the bytes of one number"))
    }

    fn activate(activation: Activation, z: &[f32], value: &mut [f32], slope: &mut [f32]) {
        const CHUNK: usize = 256;
        let (mut z64, mut h64, mut s64) = ([0.0; CHUNK], [0.0; CHUNK], [0.0; CHUNK]);
        let outputs = value.chunks_mut(CHUNK).zip(slope.chunks_mut(CHUNK));
        for (z, (value, slope)) in z.chunks(CHUNK).zip(outputs) {
            let n = z.len();
            z64[..n].iter_mut().zip(z).for_each(|(wide, z)| *wide = f64::from(*z));
            activation.apply(&z64[..n], &mut h64[..n], &mut s64[..n]);
            value.iter_mut().zip(&h64).for_each(|(v, wide)| *v = *wide as f32);
            slope.iter_mut().zip(&s64).for_each(|(s, wide)| *s = *wide as f32);
        }
    }
}
