//! The cells of a field from a file that take part: its mask, land, and what is missing or filled.

use super::file::finite_cells;
use super::file_series::FileSeries;
use super::gaps::{fill, pieces};
use super::{Note, SourceError};
use crate::field::VectorField;
use crate::grid::Grid;

/// Holes of at most so many cells are mentioned where they are walls, and filled in files that mark them as not
/// measured.
const SMALL: usize = 2;
/// The most cells of a hole that may be filled.
const LARGEST: usize = 1000;

/// The cells of one field.
#[derive(Default)]
pub(super) struct Cells {
    /// Those that take part; `None` for all.
    pub active: Option<Vec<bool>>,
    /// Those whose values were interpolated, ascending.
    pub filled: Vec<usize>,
    pub notes: Vec<Note>,
}

impl FileSeries {
    /// Refuses holes that cannot be filled.
    pub(super) fn check_fill(&self) -> Result<(), SourceError> {
        match self.fill_gaps {
            Some(1..) if self.file.is_staggered() => Err(SourceError::FacesUnfilled),
            Some(most) if most > LARGEST => Err(SourceError::Gap { most, largest: LARGEST }),
            _ if self.land.is_some() && self.file.is_staggered() => Err(SourceError::FacesLand),
            _ => Ok(()),
        }
    }

    /// The most cells of a hole that is filled.
    fn most(&self) -> usize {
        let marked = self.file.marks_invalid() && !self.file.is_staggered();
        self.fill_gaps.unwrap_or(if marked { SMALL } else { 0 })
    }

    /// Which cells of a field at the points take part. Fills small holes, and refuses other missing values unless they
    /// are walls.
    pub(super) fn cells<const D: usize>(
        &self,
        index: usize,
        field: &mut VectorField<D>,
        finite: bool,
    ) -> Result<Cells, SourceError> {
        let active = self.file.mask(index)?.map(|mask| mask.into_owned());
        let mut cells = Cells { active, ..Cells::default() };
        self.leave_land(field, &mut cells)?;
        if finite {
            return Ok(cells);
        }
        let grid = *field.grid();
        let components = || field.components().iter().map(|c| c.values());
        let mut out = finite_cells(components());
        let takes_part = |cell: usize| cells.active.as_ref().is_none_or(|active| active[cell]);
        out.iter_mut().enumerate().for_each(|(cell, out)| *out = !*out && takes_part(cell));
        if out.contains(&true) {
            self.fill_holes(&grid, field, out, &mut cells);
        }
        let mut components: Vec<&mut [f64]> =
            field.components_mut().iter_mut().map(|c| c.values_mut()).collect();
        if !self.leave_missing {
            self.file.refuse_missing(&components, cells.active.as_deref())?;
            return Ok(cells);
        }
        let finite = finite_cells(components.iter_mut().map(|c| &c[..]));
        cells.active = Some(match cells.active.take() {
            None => finite,
            Some(active) => {
                active.iter().zip(finite).map(|(active, finite)| *active && finite).collect()
            }
        });
        Ok(cells)
    }

    /// Takes out the cells in which every component is the number that stands for land.
    fn leave_land<const D: usize>(
        &self,
        field: &VectorField<D>,
        cells: &mut Cells,
    ) -> Result<(), SourceError> {
        let Some(number) = self.land else { return Ok(()) };
        let land = self.file.equal_to(number);
        let mut active = cells.active.take().unwrap_or_else(|| vec![true; field.grid().cells()]);
        let mut count = 0;
        for (cell, active) in active.iter_mut().enumerate() {
            let is_land = field.components().iter().all(|c| land.contains(&c.values()[cell]));
            count += usize::from(is_land);
            *active &= !is_land;
        }
        if count == 0 {
            return Err(SourceError::NoLand { number });
        }
        cells.notes.push(Note::Land { number, cells: count });
        cells.active = Some(active);
        Ok(())
    }

    /// Fills holes that are small enough, and says what is left.
    fn fill_holes<const D: usize>(
        &self,
        grid: &Grid<D>,
        field: &mut VectorField<D>,
        out: Vec<bool>,
        cells: &mut Cells,
    ) {
        let most = self.most();
        let (found, mut walls) = pieces(grid, out, most.max(SMALL));
        let usable = |cell: usize| cells.active.as_ref().is_none_or(|active| active[cell]);
        let (mut holes, mut largest, mut small) = (0, 0, [0; 2]);
        // Values that were made are not used for others.
        let mut filled: Vec<usize> = Vec::new();
        for piece in found {
            let own = |cell: usize| usable(cell) && filled.binary_search(&cell).is_err();
            if piece.len() <= most && fill(field, &piece, own) {
                (holes, largest) = (holes + 1, largest.max(piece.len()));
                for cell in piece {
                    let place = filled.binary_search(&cell).unwrap_or_else(|place| place);
                    filled.insert(place, cell);
                }
            } else {
                walls += piece.len();
                small = [small[0] + 1, small[1] + piece.len()];
            }
        }
        if holes > 0 {
            cells.notes.push(Note::Filled { holes, cells: filled.len(), largest });
        }
        if most < SMALL && small[0] > 0 {
            cells.notes.push(Note::SmallHoles { holes: small[0], cells: small[1], most: SMALL });
        }
        if self.file.marks_invalid() && walls > 0 {
            cells.notes.push(Note::InvalidWalls { cells: walls, most });
        }
        cells.filled = filled;
    }
}
