//! Whether there is memory for the fields of a series, before any of it is made.

use super::{BatchError, BatchRequest};
#[cfg(feature = "autoencoder")]
use crate::autoencoder::Learning;
use crate::boundary::Boundary;
use crate::decomposition::{Active, Extra, Method, Prospect, RUN_BYTES};
use crate::machine::{AtHand, Limit, at_hand, ensure_memory};
use crate::poisson::Backend;
use crate::source::Extent;

/// What a field of a series is going to be split by, and the bytes that it takes to be decomposed, measured and written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// The method.
    pub method: Method,
    /// The convention; `None` for all, and where it depends on a mask or a metric.
    pub boundary: Option<Boundary>,
    /// The back end, where Poisson equations are solved.
    pub backend: Option<Backend>,
    /// At the peak.
    pub bytes: f64,
}

/// What is expected of every field of a series.
///
/// # Errors
/// [`BatchError::Memory`] where there are fewer bytes.
pub fn expected<const D: usize>(
    extent: &Extent<D>,
    request: &BatchRequest,
) -> Result<Expected, BatchError> {
    let bytes = check(extent, request, 0.0)?;
    let prospect = prospect(extent, request);
    let preferred = prospect.boundary.filter(|boundary| *boundary != Boundary::Periodic);
    let settled = !extent.masked && !extent.uneven;
    let walls = extent.grid.axes().iter().any(|axis| axis.bounded());
    let own = prospect.method.convention(walls);
    let boundary = match request.choice.all {
        true => None,
        false if own.is_some() => own,
        false if settled && !walls => Some(Boundary::Periodic),
        false if walls => preferred.or(Some(Boundary::NormalParallel)),
        false => preferred,
    };
    Ok(Expected { method: prospect.method, boundary, backend: prospect.backend(), bytes })
}

/// Refuses fields that could not be decomposed, measured and written, with so many bytes `besides`; otherwise
/// returns the bytes.
pub(super) fn check<const D: usize>(
    extent: &Extent<D>,
    request: &BatchRequest,
    besides: f64,
) -> Result<f64, BatchError> {
    let prospect = prospect(extent, request);
    let needed = prospect.bytes().max(RUN_BYTES + extent.reading) + besides;
    let needed = needed + fit_bytes(extent, request);
    let factored = prospect.backend().is_some_and(|backend| backend.name() == "cholesky");
    let needed = needed + if factored { dense_kernels() } else { 0.0 };
    let (evaluated, extras) = (extent.evaluated, !prospect.extras.is_empty());
    let cells = extent.grid.shape().to_vec();
    ensure_memory(needed).map_err(|shortage| BatchError::Memory {
        cells,
        shortage,
        evaluated,
        factored,
        extras,
    })?;
    Ok(needed)
}

fn prospect<const D: usize>(extent: &Extent<D>, request: &BatchRequest) -> Prospect<D> {
    let (choice, content) = (&request.choice, &request.content);
    let periodic =
        extent.grid.fully_periodic() && !extent.masked && !extent.on_faces && !extent.uneven;
    let by_domain = if periodic { Method::Spectral } else { Method::Staggered };
    // A density is no product of factors for each axis.
    let separable = extent.uneven && !extent.masked && !extent.density;
    let given = [
        (request.potentials, Extra::Potentials),
        (request.five_parts, Extra::FiveParts),
        (choice.all, Extra::EveryConvention),
        (content.faces, Extra::Faces),
        (content.spectra, Extra::Spectra),
        (extent.density, Extra::Density),
    ];
    Prospect {
        grid: extent.grid,
        masked: (extent.masked || extent.uneven).then(|| match extent.active_cells {
            Some(cells) => Active::Exactly(cells),
            None => Active::AtMost(extent.grid.cells()),
        }),
        uneven: extent.uneven,
        method: choice.method.unwrap_or(by_domain),
        boundary: choice.boundary.or(extent.boundary),
        backend: choice.backend.or(separable.then_some(Backend::Separable)),
        harmonic_fields: 0,
        extras: given.into_iter().filter_map(|(asked, extra)| asked.then_some(extra)).collect(),
    }
}

/// What fitting a network takes.
fn fit_bytes<const D: usize>(extent: &Extent<D>, request: &BatchRequest) -> f64 {
    let choice = &request.choice;
    #[cfg(feature = "autoencoder")]
    if let Some(learning) = choice.method.and_then(|m| Learning::of(m, choice.units, choice.seed)) {
        return learning.bytes(D, extent.active_cells.unwrap_or(extent.grid.cells()));
    }
    let _ = (extent, choice);
    0.0
}

/// Bytes of address space that the dense kernels of a factor reserve for every thread, which count
/// where it is limited.
fn dense_kernels() -> f64 {
    const THREAD: f64 = 64.0 * 1024.0 * 1024.0;
    let limited = matches!(at_hand(), Some(AtHand { limit: Limit::AddressSpace(_), .. }));
    if limited { THREAD * rayon::current_num_threads() as f64 } else { 0.0 }
}
