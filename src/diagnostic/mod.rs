//! Numbers about a field or a decomposition.

mod checks;
mod circulation;
mod claimed;
mod claims;
mod exact;
mod laws;
mod mean;
mod measure;
mod products;
mod report;
mod residuals;
mod shares;
mod spectrum;
mod sums;
mod sweep;
mod tile;
mod window;
mod words;

#[cfg(feature = "sparse")]
pub use circulation::{Circulation, circulations, times_length};
pub use claimed::Claimed;
pub use exact::{PartErrors, errors, observed_order};
pub use mean::WithoutMean;
pub use measure::{measure, measure_every};
pub use report::{Conventions, Cosines, Energies, Report};
pub use residuals::{OwnResiduals, Residuals};
pub use shares::{Answers, ConventionShares, InputShares, answers, shares_by_convention};
pub use spectrum::{Spectra, spectra};
