//! The laws that the parts of a field may obey.

/// What a method may claim of the parts of any field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// They add up to the field.
    Sum,
    /// They are orthogonal.
    Orthogonality,
    /// ∇· of the solenoidal part is 0.
    DivergenceOfSolenoidal,
    /// ∇∧ of the gradient part is 0.
    CurlOfGradient,
    /// Integrals of the gradient part around loops are 0.
    CirculationOfGradient,
    /// ∇· of the harmonic part is 0.
    DivergenceOfHarmonic,
    /// ∇∧ of the harmonic part is 0.
    CurlOfHarmonic,
}
