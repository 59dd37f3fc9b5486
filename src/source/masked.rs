//! Values under a mask: what becomes of those outside, and whether anything is left.

use super::{Note, SourceError};
use crate::field::{Layout, VectorField};
use crate::grid::{Domain, Grid};

/// The arrays of an earlier field, whatever their contents, if they are on the same grid; otherwise
/// new ones.
pub(super) fn arrays<const D: usize>(
    grid: Grid<D>,
    layout: Layout,
    last: Option<VectorField<D>>,
) -> VectorField<D> {
    let fits = |last: &VectorField<D>| *last.grid() == grid && last.layout() == layout;
    last.filter(fits).unwrap_or_else(|| VectorField::zeros(grid, layout))
}

/// Sets values outside the mask to 0 and counts those that were other numbers.
pub(super) fn clear<'a>(values: impl Iterator<Item = (&'a mut f64, bool)>) -> usize {
    let mut lost = 0;
    for (value, _) in values.filter(|(_, outside)| *outside) {
        lost += usize::from(value.is_finite() && *value != 0.0);
        *value = 0.0;
    }
    lost
}

/// Refuses a mask that leaves out every value of the field that is not 0.
pub(super) fn refuse_nothing_left<const D: usize>(
    lost: usize,
    left: &VectorField<D>,
    domain: &Domain<D>,
    mask: Option<[String; 2]>,
) -> Result<(), SourceError> {
    match lost == 0 || left.components().iter().flat_map(|c| c.values()).any(|v| *v != 0.0) {
        true => Ok(()),
        false => Err(SourceError::NothingLeft { active: domain.active_cells(), lost, mask }),
    }
}

/// The warning for a field without missing values that were to be left out. Many cells that are 0 in
/// every component are refused: they are probably land that would count as fluid.
pub(super) fn nothing_missing<const D: usize>(
    points: &VectorField<D>,
    of_series: bool,
) -> Result<Note, SourceError> {
    let still = |cell: &usize| points.components().iter().all(|c| c.values()[*cell] == 0.0);
    let zeros = (0..points.grid().cells()).filter(still).count();
    // A field may well be 0 at a few points.
    match 100 * zeros <= points.grid().cells() || of_series {
        true => Ok(Note::NothingMissing),
        false => Err(SourceError::NothingMissing { zeros }),
    }
}
