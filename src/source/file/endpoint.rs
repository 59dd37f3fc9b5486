//! A periodic axis whose last plane is its first again, as `linspace` with its end point makes it.

use super::FileError;
use super::along::{arrange, space_axis};
use super::array::NumberType;
use super::axes::Role;
use super::field::{FieldArray, FileField};
use super::memory::ensure_readable;
use ndarray::{ArrayD, ArrayView, Axis, IxDyn};

/// Samples of a series that are looked at, at most.
const MOST: usize = 32;
/// Points of a plane that are looked at before all of it is read, which across x is most of the file.
const POINTS: usize = 16;
/// How much rougher than the planes beside it a seam may be, the noise of few numbers included.
const ROUGHER: f64 = 2.5;
/// How much rougher the seam has to be with a plane of zeros than without it.
const CLEARER: f64 = 4.0;

impl FileField {
    /// Those of the given axes along which the field ends as it began, to the digits that are stored: in
    /// every sample that varies there, of at most 32 that are spread over a series. None for components on
    /// faces, nor where the first point lies half a spacing from 0, as the first of cells that fill a period.
    ///
    /// A field whose mirror image at the seam is itself ends as it began on such cells as well: there the
    /// plane counts as repeated only if the field goes on smoothly without it, and less so with it.
    ///
    /// Costs four planes of each of these axes in every sample, and nine more in the last case; where a plane
    /// counts as repeated, some points of the samples that were not looked at. Planes
    /// that cannot be read say nothing.
    pub fn repeated_ends(&self, axes: &[usize]) -> Vec<usize> {
        let cells_of_a_period =
            |k: usize| (self.origin()[k] / self.spacing()[k] - 0.5).abs() < 1e-3;
        if self.as_written {
            return Vec::new();
        }
        let fits =
            |k: &usize| !self.is_staggered() && self.shape()[*k] > 3 && !cells_of_a_period(*k);
        axes.iter().copied().filter(fits).filter(|k| self.repeats(*k)).collect()
    }

    /// Whether one sample repeats its first plane, and none contradicts.
    fn repeats(&self, k: usize) -> bool {
        let mut repeats = false;
        for sample in spread(self.samples()) {
            let seam = Seam { field: self, sample, k };
            match seam.repeats() {
                Ok(Some(false)) => return false,
                Ok(Some(true)) => repeats = true,
                // The sample itself will say why it cannot be read.
                Ok(None) | Err(_) => {}
            }
        }
        repeats && !self.some_sample_differs(k)
    }

    /// Whether some points of any sample, those between the others too, tell that its last plane is not
    /// its first.
    fn some_sample_differs(&self, k: usize) -> bool {
        let differs = |sample| Seam { field: self, sample, k }.differs_at_points().unwrap_or(false);
        self.samples() > MOST && (0..self.samples()).any(differs)
    }

    /// The field without the last plane along these axes.
    pub fn without_last(mut self, axes: &[usize]) -> FileField {
        for &k in axes {
            if let Some(mask) = &mut self.mask {
                mask.narrow(&self.geometry.shape, k);
            }
            if let Some(turn) = &mut self.turn {
                turn.narrow(&self.geometry.shape, k);
            }
            self.geometry.shape[k] -= 1;
            let lists = [&mut self.geometry.uneven[k], &mut self.geometry.edges[k]];
            lists.into_iter().flatten().for_each(|list| list.truncate(list.len() - 1));
            self.without_last[k] = true;
        }
        self
    }
}

/// All of so many samples, or some from the first to the last.
fn spread(samples: usize) -> Vec<usize> {
    let count = samples.min(MOST);
    (0..count).map(|i| i * (samples - 1) / (count - 1).max(1)).collect()
}

/// The planes around the seam of axis k in one sample.
struct Seam<'a> {
    field: &'a FileField,
    sample: usize,
    k: usize,
}

impl Seam<'_> {
    /// `None` where the sample does not vary enough to tell.
    fn repeats(&self) -> Result<Option<bool>, FileError> {
        let n = self.field.shape()[self.k];
        if self.differs_at_points()? {
            return Ok(Some(false));
        }
        let [first, second] = [self.plane(0)?, self.plane(1)?];
        let [before, last] = [self.plane(n - 2)?, self.plane(n - 1)?];
        let digits = if self.field.number_type() == NumberType::F32 { 1e-5 } else { 1e-6 };
        let size =
            [&first, &second, &last].map(|plane| largest(plane)).into_iter().fold(0.0, f64::max);
        let to_last = apart(&first, &last);
        if to_last > digits * size {
            return Ok(Some(false));
        }
        let to_second = apart(&first, &second);
        let rounding = 1e-6 * digits * size;
        if to_second <= (10.0 * to_last).max(rounding) {
            return Ok(None);
        }
        // Planes of zeros are alike whatever they are.
        let mirrored = apart(&second, &before) <= 0.5 * to_second;
        let clearer = if largest(&first) == 0.0 { CLEARER } else { 1.0 };
        if (mirrored || clearer > 1.0) && !self.is_smooth_without(clearer)? {
            return Ok(None);
        }
        Ok(Some(true))
    }

    /// Whether some points tell that the last plane is not the first, beyond any doubt of digits.
    fn differs_at_points(&self) -> Result<bool, FileError> {
        let n = self.field.shape()[self.k];
        let (parts, at) = self.field.parts(self.sample)?;
        let (mut size, mut difference): (f64, f64) = (0.0, 0.0);
        for part in parts {
            for point in 0..POINTS {
                let values = [0, 1, n - 1].map(|index| self.values_at(part, &at, point, index));
                let [first, second, last] = values;
                // Against the second as well: of a node only rounding may be there.
                size =
                    second?.into_iter().filter(|v| v.is_finite()).fold(size, |m, v| m.max(v.abs()));
                for (a, b) in first?.into_iter().zip(last?) {
                    if a.is_finite() && b.is_finite() {
                        size = size.max(a.abs()).max(b.abs());
                        difference = difference.max((a - b).abs());
                    }
                }
            }
        }
        Ok(difference > 0.01 * size)
    }

    /// The numbers of a part at one of some points that are spread over a plane, NaN where the mask is off.
    fn values_at(
        &self,
        part: &FieldArray,
        at: &[usize],
        point: usize,
        index: usize,
    ) -> Result<Vec<f64>, FileError> {
        let (geometry, mask) = (&self.field.geometry, self.field.mask(self.sample)?);
        let cell: Vec<usize> = (0..geometry.shape.len())
            .map(|k| match k == self.k {
                true => index,
                // Places that share no period with a regular pattern.
                false => (point * 7919 + 3571 * k) % geometry.shape[k],
            })
            .collect();
        let flat = cell.iter().zip(&geometry.shape).rev().fold(0, |flat, (i, n)| flat * n + i);
        if mask.as_ref().is_some_and(|mask| !mask[flat]) {
            return Ok(vec![f64::NAN]);
        }
        let unpacking = part.unpacking();
        let roles = &part.roles.roles;
        let components = if roles.contains(&Role::Component) { geometry.shape.len() } else { 1 };
        let mut values = Vec::new();
        for component in 0..components {
            let mut samples = at.iter().copied();
            let fixed = roles.iter().map(|role| match role {
                Role::Sample => samples.next(),
                Role::Component => Some(component),
                Role::Space(k) if geometry.flipped[*k] => Some(geometry.shape[*k] - 1 - cell[*k]),
                Role::Space(k) => Some(cell[*k]),
            });
            let fixed: Vec<Option<usize>> = fixed.collect();
            values.extend(part.source.read(&fixed)?.iter().map(|stored| unpacking.value(*stored)));
        }
        Ok(values)
    }

    /// Whether the ring without the last plane is as smooth at the seam as beside it, and smoother than the
    /// whole one by so many times, by fourth differences.
    fn is_smooth_without(&self, clearer: f64) -> Result<bool, FileError> {
        let n = self.field.shape()[self.k];
        let without = self.roughness(n - 1, -2..2)?;
        let beside = self.roughness(n - 1, -4..-2)?.max(self.roughness(n - 1, 2..4)?);
        Ok(without <= ROUGHER * beside && clearer * without < self.roughness(n, -2..2)?)
    }

    /// The largest of the fourth differences around some planes of a ring of the first `n`, each by its
    /// root mean square.
    fn roughness(&self, n: usize, around: std::ops::Range<i64>) -> Result<f64, FileError> {
        let mut largest: f64 = 0.0;
        for centre in around {
            let mut planes = Vec::new();
            for i in centre - 2..=centre + 2 {
                planes.push(self.plane(i.rem_euclid(n as i64) as usize)?);
            }
            let at = |i: usize| {
                let weights = [1.0, -4.0, 6.0, -4.0, 1.0];
                weights.iter().zip(&planes).map(|(w, plane)| w * plane[i]).sum::<f64>()
            };
            let all: Vec<f64> = (0..planes[0].len()).map(at).filter(|d| d.is_finite()).collect();
            let scale = all.iter().fold(0.0, |m: f64, d| m.max(d.abs()));
            if scale > 0.0 {
                let squares: f64 = all.iter().map(|d| (d / scale) * (d / scale)).sum();
                largest = largest.max(scale * (squares / all.len() as f64).sqrt());
            }
        }
        Ok(largest)
    }

    /// All components on one plane across the axis, NaN where the mask is off or a value is missing.
    fn plane(&self, index: usize) -> Result<Vec<f64>, FileError> {
        let (geometry, mask) = (&self.field.geometry, self.field.mask(self.sample)?);
        let (parts, at) = self.field.parts(self.sample)?;
        let shape: Vec<usize> = geometry.shape.iter().rev().copied().collect();
        let across = Axis(shape.len() - 1 - self.k);
        let active = mask.as_ref().map(|mask| {
            let view = ArrayView::from_shape(IxDyn(&shape), &mask[..]).expect("one value per cell");
            view.index_axis(across, index).iter().copied().collect::<Vec<bool>>()
        });
        let mut plane = Vec::new();
        for part in parts {
            plane.extend(self.plane_of(part, &at, index)?.iter());
        }
        if let Some(active) = active {
            let outside = plane.iter_mut().zip(active.iter().cycle()).filter(|(_, on)| !**on);
            outside.for_each(|(v, _)| *v = f64::NAN);
        }
        Ok(plane)
    }

    /// One plane of a part, in the order of the field.
    fn plane_of(
        &self,
        part: &FieldArray,
        at: &[usize],
        index: usize,
    ) -> Result<ArrayD<f64>, FileError> {
        let (roles, flipped) = (&part.roles.roles, &self.field.geometry.flipped);
        let stored = if flipped[self.k] { self.field.shape()[self.k] - 1 - index } else { index };
        let mut samples = at.iter().copied();
        let mut fixed: Vec<Option<usize>> = roles
            .iter()
            .map(|role| if *role == Role::Sample { samples.next() } else { None })
            .collect();
        let across = space_axis(roles, self.k);
        fixed[across] = Some(stored);
        let kept = roles[..across].iter().filter(|role| **role != Role::Sample).count();
        ensure_readable(self.field.path(), part.source.as_ref(), &fixed)?;
        let raw = part.source.read(&fixed)?.insert_axis(Axis(kept));
        let unpacking = part.unpacking();
        Ok(arrange(raw, roles, flipped).mapv(|stored| unpacking.value(stored)))
    }
}

/// The largest magnitude of the numbers.
fn largest(plane: &[f64]) -> f64 {
    plane.iter().filter(|v| v.is_finite()).fold(0.0, |m: f64, v| m.max(v.abs()))
}

/// The largest distance of two planes; infinite where only one of them has a number.
fn apart(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |m: f64, (a, b)| match (a.is_finite(), b.is_finite()) {
        (true, true) => m.max((a - b).abs()),
        (false, false) => m,
        _ => f64::INFINITY,
    })
}
