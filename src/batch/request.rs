//! What is asked for of every field.

use super::{MethodChoice, RequestError, Shard};
use crate::decomposition::Method;
use crate::field::{Layout, Way};
use crate::grid::Domain;
use crate::output::Content;

/// What is to be found of every field of a batch, and what of it is written.
#[derive(Clone, Debug, Default)]
pub struct BatchRequest {
    /// How it is split.
    pub choice: MethodChoice,
    /// Whether the shares under every convention are measured where the domain has walls, for two solves more.
    pub every_convention: bool,
    /// How parts on the faces come to the points; the default where it is left out.
    pub way: Option<Way>,
    /// What is written besides the parts.
    pub content: Content,
    /// Whether the vector potential is written.
    pub potentials: bool,
    /// Whether the harmonic part is written in three.
    pub five_parts: bool,
    /// Whether an orthonormal basis of the harmonic fields is written.
    pub harmonic_basis: bool,
    /// The fields of every series that are done; all by default.
    pub shard: Option<Shard>,
    /// Added to the names of series, so that one that is split in several ways is told apart.
    pub label: String,
}

impl BatchRequest {
    /// Refuses content that a method cannot give on a domain.
    pub(super) fn check<const D: usize>(
        &self,
        method: Method,
        domain: &Domain<D>,
    ) -> Result<(), RequestError> {
        let at_points = method.layout() == Layout::Points;
        let divides = method == Method::Staggered;
        match () {
            () if self.content.spectra && (domain.has_walls() || domain.metric().is_some()) => {
                Err(RequestError::Spectra)
            }
            () if self.content.faces && at_points => Err(RequestError::Faces { method }),
            () if self.choice.undivided && !divides => Err(RequestError::Undivided { method }),
            () if self.harmonic_basis && !divides => Err(RequestError::Basis { method }),
            () if self.way.is_some() && at_points => Err(RequestError::Way { method }),
            () => Ok(()),
        }
    }
}
