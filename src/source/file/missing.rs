//! Refuses fields with missing values where none are allowed, without any value, or with what is likely a fill value.

use super::FileError;
use super::array::NumberType;
use super::field::{FieldArray, FileField};
use super::likely_fill::likely_fill;
use super::packing::{Packing, Seen};
use crate::grid::AXIS_NAMES;

impl FileField {
    /// Refuses a component without any value, and numbers that are likely to stand for missing values but are not
    /// declared.
    pub(super) fn refuse_unlikely(
        &self,
        seen: Seen,
        parts: &[FieldArray],
        components: &[&mut [f64]],
        mask: impl Fn() -> Result<Option<Vec<bool>>, FileError>,
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
        if !seen.huge {
            return Ok(());
        }
        let active = self.active(mask()?);
        let takes_part = |k: usize, i: usize| active.as_ref().is_none_or(|active| active[k][i]);
        if let Some((value, k, count)) = likely_fill(components, takes_part) {
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

    /// For each component the values of cells that take part, or of their faces; `None` for all.
    fn active(&self, mask: Option<Vec<bool>>) -> Option<Vec<Vec<bool>>> {
        let mask = mask?;
        let of = |k| match self.faces {
            None => mask.clone(),
            Some(_) => self.active_faces(k, &mask),
        };
        Some((0..self.dims()).map(of).collect())
    }

    /// Refuses missing values in cells that take part, those of a mask or all, or on their faces.
    pub(in crate::source) fn refuse_missing(
        &self,
        components: &[&mut [f64]],
        mask: Option<&[bool]>,
    ) -> Result<(), FileError> {
        let active = self.active(mask.map(<[bool]>::to_vec));
        for (k, values) in components.iter().enumerate() {
            let takes_part = |i: usize| active.as_ref().is_none_or(|active| active[k][i]);
            let missing = values.iter().enumerate().filter(|(i, v)| v.is_nan() && takes_part(*i));
            let missing: Vec<usize> = missing.map(|(i, _)| i).collect();
            let Some(first) = missing.first() else { continue };
            return Err(FileError::Missing {
                component: AXIS_NAMES[k],
                count: missing.len(),
                of: values.len(),
                index: self.index_of(k, *first),
            });
        }
        Ok(())
    }

    /// The index of a value of component k, slowest axis first.
    fn index_of(&self, k: usize, mut flat: usize) -> Vec<usize> {
        let shape = match self.faces {
            None => self.shape().iter().rev().copied().collect(),
            Some(_) => self.face_shape(k),
        };
        let mut index = shape.clone();
        for (at, n) in index.iter_mut().zip(&shape).rev() {
            (*at, flat) = (flat % n, flat / n);
        }
        index
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
        // Scale and offset may be rounded to single precision.
        let rounded = |packing: &Packing| {
            let off = 2.0 * f64::from(f32::EPSILON) * packing.offset.abs().max(number.abs());
            off.clamp(1e-6 * packing.scale.abs(), 0.25 * packing.scale.abs())
        };
        let off = packed.map(rounded).fold(0.0, f64::max);
        number - off..=number + off
    }
}
