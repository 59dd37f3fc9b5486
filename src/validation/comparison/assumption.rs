//! What methods take for granted.

use crate::boundary::Boundary;
use crate::decomposition::Method;

/// What two methods assume otherwise, in words; the second's name is not said.
pub(super) fn assumptions(
    (first, one): (Method, Boundary),
    (second, other): (Method, Boundary),
) -> Vec<String> {
    let pairs = [
        ("beyond the ends of the box", ends(first, one), ends(second, other)),
        ("at the walls", walls(one), walls(other)),
        ("gradients", gradients(first), gradients(second)),
        ("the walls", wall_places(first, one), wall_places(second, other)),
        ("values", places(first), places(second)),
        ("derivatives", derivatives(first), derivatives(second)),
    ];
    let differ = pairs.into_iter().filter(|(_, a, b)| a != b && !a.is_empty() && !b.is_empty());
    differ.map(|(what, a, b)| format!("{what}: {a} | {b}")).collect()
}

/// What is beyond the box.
pub(super) fn ends(method: Method, boundary: Boundary) -> &'static str {
    match (method, boundary) {
        (Method::FourierMirrored, _) => "its mirror image",
        (Method::FourierDetrended, _) => "the field again, less a linear trend",
        (_, Boundary::Periodic) => "the field again (periodic)",
        (_, Boundary::FreeSpace) => "free space without sources",
        (_, Boundary::NoFlux | Boundary::ZeroPotential | Boundary::NormalParallel) => "walls",
    }
}

/// To which part what is a gradient and a curl at once goes.
fn walls(boundary: Boundary) -> &'static str {
    match boundary {
        Boundary::NoFlux => "what flows through is a gradient (no-flux)",
        Boundary::ZeroPotential => "what flows through has no divergence (zero-potential)",
        Boundary::NormalParallel => "what flows through is harmonic (normal-parallel)",
        Boundary::Periodic | Boundary::FreeSpace => "",
    }
}

/// Which gradients there are to be close to.
fn gradients(method: Method) -> &'static str {
    match method {
        Method::LearnedTied => "those of tied networks, nowhere steeper down than x itself",
        _ => "all",
    }
}

/// Where walls are.
fn wall_places(method: Method, boundary: Boundary) -> &'static str {
    match (method, ends(method, boundary)) {
        (Method::Central, "walls") => "through the outermost points",
        (_, "walls") => "half a spacing outside the outermost points",
        _ => "",
    }
}

fn places(method: Method) -> &'static str {
    match method.layout() {
        crate::field::Layout::Points => "at the points",
        crate::field::Layout::Faces => "on faces, interpolated from the points",
    }
}

/// Whether two methods take the same derivatives of the same values.
pub(super) fn same_derivatives(one: Method, other: Method) -> bool {
    (places(one), derivatives(one)) == (places(other), derivatives(other))
}

fn derivatives(method: Method) -> &'static str {
    match method {
        Method::Spectral
        | Method::NaturalSpectral
        | Method::FourierDetrended
        | Method::FourierMirrored => "of Fourier series",
        Method::Staggered | Method::Natural => "differences of neighbours",
        Method::Chorin => "central differences, with a Laplacian that is not their own",
        Method::Learned | Method::LearnedTied => "of a fitted network",
        Method::Central | Method::ChorinWide => "central differences",
    }
}
