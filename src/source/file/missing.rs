//! Refuses fields with missing values where none are allowed, without any value, or with what is likely a fill value.

use super::FileError;
use super::array::NumberType;
use super::field::{FieldArray, FileField};
use super::packing::{Seen, likely_fill};
use crate::grid::AXIS_NAMES;

impl FileField {
    /// Refuses a component without any value, and numbers that are likely to stand for missing values but are not
    /// declared.
    pub(super) fn refuse_unlikely(
        &self,
        seen: Seen,
        parts: &[FieldArray],
        components: &[&mut [f64]],
    ) -> Result<(), FileError> {
        let part = |k: usize| &parts[k.min(parts.len() - 1)];
        let name = |k: usize| match parts.len() {
            1 => format!("component {} of {:?}", AXIS_NAMES[k], part(k).source.info().name),
            _ => format!("{:?}", part(k).source.info().name),
        };
        if !seen.finite {
            let empty = |values: &&mut [f64]| values.iter().all(|v| v.is_nan());
            if let Some(k) = components.iter().position(empty) {
                let others = parts.iter().enumerate().filter(|(other, _)| *other != k);
                let others = others.map(|(_, part)| part.source.info().name.clone()).collect();
                return Err(FileError::NothingThere { name: name(k), others });
            }
        }
        if seen.huge
            && let Some((value, k, count)) = likely_fill(components)
        {
            let info = part(k).source.info();
            let stored = (value - info.packing.offset) / info.packing.scale;
            let number = match info.number {
                NumberType::F32 => format!("{:e}", stored as f32),
                _ => format!("{stored:e}"),
            };
            return Err(FileError::LikelyFill { name: name(k), count, number });
        }
        Ok(())
    }

    /// Refuses missing values in cells that take part: those of a mask, or all.
    pub(in crate::source) fn refuse_missing(
        &self,
        components: &[&mut [f64]],
        mask: Option<&[bool]>,
    ) -> Result<(), FileError> {
        for (k, component) in components.iter().enumerate() {
            match self.faces {
                None => self.refuse_missing_cells(k, component, mask)?,
                Some(_) => self.refuse_missing_faces(k, component, mask)?,
            }
        }
        Ok(())
    }

    fn refuse_missing_cells(
        &self,
        k: usize,
        values: &[f64],
        mask: Option<&[bool]>,
    ) -> Result<(), FileError> {
        let takes_part = |cell: usize| mask.is_none_or(|mask| mask[cell]);
        let missing = values.iter().enumerate();
        let mut missing = missing.filter(|(cell, v)| v.is_nan() && takes_part(*cell));
        let Some((first, _)) = missing.next() else { return Ok(()) };
        let mut index: Vec<usize> = Vec::new();
        let mut rest = first;
        for n in self.shape() {
            index.push(rest % n);
            rest /= n;
        }
        index.reverse();
        let count = 1 + missing.count();
        Err(FileError::Missing { component: AXIS_NAMES[k], count, of: values.len(), index })
    }

    /// The values that equal a number, up to the rounding of numbers that are stored in another form.
    pub(in crate::source) fn equal_to(&self, number: f64) -> std::ops::RangeInclusive<f64> {
        let parts = self.sets.iter().flat_map(|set| &set.parts).map(|part| part.source.info());
        let number = match self.number {
            NumberType::F32 => f64::from(number as f32),
            _ => number,
        };
        // A step of packed numbers is their scale.
        let packed = parts.map(|info| &info.packing).filter(|packing| packing.is_packed());
        let off = packed.map(|packing| 1e-6 * packing.scale.abs()).fold(0.0, f64::max);
        number - off..=number + off
    }
}
