//! The list of cases and how to find one by name.

use super::*;

/// The 2D cases.
pub const CASES_2D: &[&dyn Case<2>] = &[
    &p1::P1,
    &p2::P2,
    &p3::P3,
    &b1::B1,
    &b2::B2,
    &b3::B3,
    &b4::B4,
    &b5::B5,
    &s1::S1,
    &s1d::S1d,
    &h1::H1,
    &h2::H2,
    &f1::F1,
    &f2::F2,
    &f3::F3,
    &f4::F4,
    &g1::G1,
    &u2::U2,
    &sp1::SP1,
    &sp2::SP2,
    &sp3::SP3,
    &sp4::SP4,
    &cv1::CV1,
    &rl1::RL1,
    #[cfg(feature = "autoencoder")]
    &e1::E1,
    &e2::E2,
];

/// The 3D cases.
pub const CASES_3D: &[&dyn Case<3>] = &[
    &p4::P4,
    &p5::P5,
    &b6::B6,
    &b7::B7,
    &b8::B8,
    &b9::B9,
    &u3::U3,
    &w1::W1,
    &sp5::SP5,
    &c1::C1,
    &c2::C2,
    &c3::C3,
    &c4::C4,
    &c5::C5,
    &f5::F5,
    #[cfg(feature = "autoencoder")]
    &e1::E1,
    &e2::E2,
];

/// The 2D case of that name, in capitals or not.
pub fn find_2d(name: &str) -> Option<&'static dyn Case<2>> {
    find(CASES_2D, name)
}

/// The 3D case of that name, in capitals or not.
pub fn find_3d(name: &str) -> Option<&'static dyn Case<3>> {
    find(CASES_3D, name)
}

/// The names of the cases, for messages and lists.
pub fn names<const D: usize>(cases: &[&dyn Case<D>]) -> Vec<&'static str> {
    cases.iter().map(|case| case.name()).collect()
}

fn find<const D: usize>(
    cases: &[&'static dyn Case<D>],
    name: &str,
) -> Option<&'static dyn Case<D>> {
    cases.iter().copied().find(|case| case.name().eq_ignore_ascii_case(name))
}
