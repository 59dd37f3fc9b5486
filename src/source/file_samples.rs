//! The samples of a file: its fields at points or on faces, under their mask, with what is to be said of them.

use super::file::{StatedSphere, cells_with_finite_faces};
use super::file_cells::Cells;
use super::file_series::FileSeries;
use super::masked::{arrays, clear, nothing_missing, refuse_nothing_left};
use super::{Extent, Note, Provenance, Sample, SampleAxis, Series, SourceError};
use crate::field::{Layout, VectorField, Way, component_to_points};
use crate::grid::{Domain, FaceClass, Grid, short};
use std::borrow::Cow;
use std::path::Path;

impl FileSeries {
    /// A field at the points, 0 outside the mask, in the arrays of `last` if they fit.
    fn points<const D: usize>(
        &self,
        grid: Grid<D>,
        index: usize,
        last: Option<VectorField<D>>,
    ) -> Result<(Domain<D>, VectorField<D>, Cells), SourceError> {
        let mut field = arrays(grid, Layout::Points, last);
        let finite = self.read(index, &mut field)?;
        let mut cells = self.cells(index, &mut field, finite)?;
        let domain = self.domain(grid, &mut cells)?;
        if let Some(mask) = domain.mask() {
            let outside = mask.iter().map(|active| !active);
            let components = field.components_mut().iter_mut();
            let lost =
                components.map(|c| clear(c.values_mut().iter_mut().zip(outside.clone()))).sum();
            refuse_nothing_left(lost, &field, &domain, self.file.mask_words())?;
        }
        self.times_root(index, &domain, &mut field)?;
        if !finite {
            field.check_finite()?;
        }
        Ok((domain, field, cells))
    }

    /// A field on the faces, 0 on those that no active cell has, in the arrays of `last` if they fit.
    fn faces<const D: usize>(
        &self,
        grid: Grid<D>,
        index: usize,
        last: Option<VectorField<D>>,
    ) -> Result<(Domain<D>, VectorField<D>, Cells), SourceError> {
        let mut field = arrays(grid, Layout::Faces, last);
        let finite = self.read(index, &mut field)?;
        let mut active = self.file.mask(index)?.map(Cow::into_owned);
        if !finite && self.leave_missing {
            let faces: Vec<_> = field.components().iter().map(|c| c.array()).collect();
            active = Some(cells_with_finite_faces(&faces, self.file.shape()));
        } else if !finite {
            let components = field.components_mut().iter_mut();
            let components: Vec<&mut [f64]> = components.map(|c| c.values_mut()).collect();
            self.file.refuse_missing(&components, active.as_deref())?;
        }
        let mut cells = Cells { active, ..Cells::default() };
        let domain = self.domain(grid, &mut cells)?;
        if domain.mask().is_some() {
            let mut lost = 0;
            for (k, component) in field.components_mut().iter_mut().enumerate() {
                let classes = domain.face_classes(k).into_iter();
                let outside = classes.map(|class| class == FaceClass::Outside);
                lost += clear(component.values_mut().iter_mut().zip(outside));
            }
            refuse_nothing_left(lost, &field, &domain, self.file.mask_words())?;
        }
        if !finite {
            field.check_finite()?;
        }
        Ok((domain, field, cells))
    }

    fn read<const D: usize>(
        &self,
        index: usize,
        field: &mut VectorField<D>,
    ) -> Result<bool, SourceError> {
        let components = field.components_mut().iter_mut();
        let mut components: Vec<&mut [f64]> = components.map(|c| c.values_mut()).collect();
        Ok(self.file.read_with_missing(index, &mut components)?)
    }

    /// Where the radius and the thickness come from, for a file that states them.
    fn sphere_notes(&self, used: StatedSphere) -> Vec<Note> {
        let Some(stated) = self.file.stated_sphere() else { return Vec::new() };
        let radius = short(used.radius);
        let mut notes = vec![match used.radius == stated.radius {
            true => format!("radius {radius} (read from the result file)"),
            false => format!("radius {radius} (given; {} in the file)", short(stated.radius)),
        }];
        if let (Some(thickness), Some(other)) = (used.thickness, stated.thickness)
            && thickness != other
        {
            let (thickness, other) = (thickness.name(), other.name());
            notes.push(format!("thickness {thickness} (given; {other} in the file)"));
        }
        notes.into_iter().map(Note::File).collect()
    }

    fn warnings<const D: usize>(
        &self,
        domain: &Domain<D>,
        (points, cells): (&VectorField<D>, &Cells),
    ) -> Result<Vec<Note>, SourceError> {
        let whole_circle = self.file.whole_circle();
        let angles = self.file.warning();
        let angles = angles.map(|words| Note::Angles { words: words.into(), whole_circle });
        let mut warnings = Vec::from_iter(angles);
        let idle = domain.mask().is_none() && cells.filled.is_empty();
        let by_itself = self.file.marks_invalid() || self.file.is_result();
        if self.leave_missing && !by_itself && idle {
            warnings.push(nothing_missing(points, self.file.samples() > 1)?);
        }
        Ok(warnings)
    }
}

impl<const D: usize> Series<D> for FileSeries {
    fn count(&self) -> usize {
        self.file.samples()
    }

    fn axes(&self) -> Vec<SampleAxis> {
        self.file.sample_axes()
    }

    fn close(&self) -> bool {
        let densities = self.density.is_some() || self.root_density.is_some();
        !densities && self.sphere.is_none() && self.sizes.is_none() && self.file.close()
    }

    fn single_steps(&self) -> Vec<SampleAxis> {
        self.file.single_steps()
    }

    fn about(&self) -> Vec<(String, String)> {
        self.file.about()
    }

    fn name(&self, index: usize) -> String {
        group_name(self.file.path(), &self.file.label(index))
    }

    fn extent(&self) -> Result<Extent<D>, SourceError> {
        let mask = self.file.fixed_mask();
        let by_values = self.leave_missing || self.land.is_some();
        let masked = self.file.mask_words().is_some() || by_values;
        Ok(Extent {
            grid: self.grid::<D>()?,
            masked,
            mask_varies: masked && (by_values || mask.is_none()),
            active_cells: mask.map(|mask| mask.iter().filter(|active| **active).count()),
            on_faces: self.file.is_staggered(),
            density: self.density.is_some(),
            uneven: self.sphere.is_some()
                || self.sizes.is_some()
                || (0..D).any(|k| self.file.uneven(k).is_some()),
            boundary: None,
            reading: self.file.read_bytes(),
            evaluated: false,
            units: [&[self.field_units()], self.file.axis_units()].concat(),
            stored: self.file.stored_axes(),
        })
    }

    fn fixed_domain(&self) -> Result<Option<Domain<D>>, SourceError> {
        let by_values = self.leave_missing || self.land.is_some() || self.fill_gaps.is_some();
        let active = self.file.fixed_mask().map(<[bool]>::to_vec);
        if by_values || (active.is_none() && self.file.mask_words().is_some()) {
            return Ok(None);
        }
        let mut cells = Cells { active, ..Cells::default() };
        self.domain(self.grid()?, &mut cells).map(Some)
    }

    fn item(
        &self,
        index: usize,
        _layout: Option<Layout>,
        way: Way,
        last: Option<Sample<D>>,
    ) -> Result<Sample<D>, SourceError> {
        let grid = self.grid()?;
        let (domain, points, faces, cells) = match self.file.is_staggered() {
            false => {
                let last = last.map(|last| last.points);
                let (domain, points, cells) = self.points(grid, index, last)?;
                (domain, points, None, cells)
            }
            true => {
                let (points, faces) = last.map(|last| (last.points, last.faces)).unzip();
                let (domain, faces, cells) = self.faces(grid, index, faces.flatten())?;
                let mut points = arrays(grid, Layout::Points, points);
                for (k, component) in points.components_mut().iter_mut().enumerate() {
                    let values = component.values_mut();
                    component_to_points(faces.component(k), k, &domain, way, values);
                }
                (domain, points, Some(faces), cells)
            }
        };
        Ok(Sample {
            name: Series::<D>::name(self, index),
            density: self.density(index, &domain)?,
            provenance: Provenance {
                origin: self.file.path().display().to_string(),
                notes: Series::<D>::notes(self),
                warnings: self.warnings(&domain, (&points, &cells))?,
                cells: cells.notes,
                frame: None,
            },
            filled: cells.filled,
            domain,
            points,
            faces,
            boundary: None,
            units: self.field_units(),
            axis_units: self.file.axis_units().to_vec(),
            axis_names: self.file.axis_names(),
        })
    }

    fn notes(&self) -> Vec<Note> {
        let mut notes: Vec<Note> = self.file.notes().iter().cloned().map(Note::File).collect();
        notes.extend(self.file.unused().iter().cloned().map(Note::Unused));
        let root = |(name, _): &(String, _)| Note::RootDensity { name: name.clone() };
        notes.extend(self.root_density.as_ref().map(root));
        notes.extend(self.repeated.iter().copied().map(Note::RepeatedEnd));
        if let Some(sphere) = self.sphere {
            let (round, poles) = (self.is_periodic(0), self.poles().unwrap_or_default());
            let StatedSphere { radius, thickness } = sphere;
            notes.push(Note::Sphere { radius, thickness, round, poles });
            notes.extend(self.sphere_notes(sphere));
        } else if let Some(sizes) = &self.sizes {
            notes.push(Note::Metric { datasets: sizes.names().to_vec() });
        }
        if self.sphere.is_none() && self.periodic.is_none() {
            notes.push(Note::Bounded);
        }
        notes.extend((0..self.file.dims()).filter(|&k| self.is_thin(k)).map(Note::OneCell));
        notes
    }
}

/// The stem of the file and the label of the sample, without characters that divide paths.
fn group_name(path: &Path, label: &str) -> String {
    let stem = path.file_stem().map_or("field".into(), |s| s.to_string_lossy());
    let name = if label.is_empty() { stem.into_owned() } else { format!("{stem} {label}") };
    name.replace('/', "_")
}
