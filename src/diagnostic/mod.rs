//! Numbers about a field or a decomposition.

mod exact;
mod memory;
mod report;
mod spectrum;

pub use exact::{PartErrors, errors, observed_order};
pub use memory::peak_memory_bytes;
pub use report::{Conventions, Cosines, Energies, Report, Ruler, measure};
pub use spectrum::{Spectrum, energy_spectrum};
