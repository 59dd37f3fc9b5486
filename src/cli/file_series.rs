//! The fields of a file as a series, under their mask.

use super::input::{Extent, Item, Series};
use crate::decomposition::Active;
use crate::field::{Layout, VectorField, Way, component_to_points, to_faces};
use crate::grid::{AXIS_NAMES, Axis, Domain, FaceClass, Grid, Topology};
use crate::source::file::{FileField, cells_with_finite_faces, finite_cells};
use anyhow::{Context, Result, ensure};
use std::path::Path;

/// The fields of a file.
pub struct FileSeries {
    pub file: FileField,
    pub density: Option<FileField>,
    pub periodic: Option<Vec<usize>>,
    pub nan_mask: bool,
}

impl FileSeries {
    fn is_periodic(&self, k: usize) -> bool {
        self.is_thin(k) || self.periodic.as_ref().is_some_and(|list| list.contains(&k))
    }

    /// Whether an axis has one cell and walls were not asked for: between walls so close all of its
    /// component would be the gradient of a linear potential.
    fn is_thin(&self, k: usize) -> bool {
        let walls = self.periodic.as_ref().is_some_and(|list| list.is_empty());
        self.file.shape()[k] == 1 && !walls && !self.file.is_staggered()
    }

    fn grid<const D: usize>(&self) -> Result<Grid<D>> {
        let axes = std::array::from_fn(|k| {
            let periodic = self.is_periodic(k);
            let topology = if periodic { Topology::Periodic } else { Topology::Bounded };
            let file = &self.file;
            Axis::from_points(file.origin()[k], file.spacing()[k], file.shape()[k], topology)
        });
        Ok(Grid::new(axes)?)
    }

    /// The density of a sample on the faces; one for all samples if it has no sample axis.
    fn density<const D: usize>(
        &self,
        index: usize,
        domain: &Domain<D>,
    ) -> Result<Option<VectorField<D>>> {
        let Some(file) = &self.density else { return Ok(None) };
        let mut values = file.read(index.min(file.samples() - 1))?;
        if let Some(mask) = domain.mask() {
            for mut component in values.outer_iter_mut() {
                let outside = component.iter_mut().zip(mask).filter(|(_, on)| !**on);
                outside.for_each(|(v, _)| *v = 1.0);
            }
        }
        // Interpolated as a logarithm, a density stays positive when it falls off towards a wall.
        values.mapv_inplace(f64::ln);
        let logarithm = VectorField::from_array(*domain.grid(), values.view());
        let logarithm = logarithm.context("the logarithm of --density, which must be positive")?;
        let mut density = to_faces(&logarithm, domain);
        for component in density.components_mut() {
            component.values_mut().iter_mut().for_each(|v| *v = v.exp());
        }
        Ok(Some(density))
    }

    /// A field at the points, 0 outside the mask, in the arrays of `last` if they fit.
    fn points<const D: usize>(
        &self,
        grid: Grid<D>,
        index: usize,
        last: Option<VectorField<D>>,
    ) -> Result<(Domain<D>, VectorField<D>)> {
        let mut field = arrays(grid, Layout::Points, last);
        let finite = self.read(index, &mut field)?;
        let domain = self.domain(grid, || match finite {
            true => vec![true; grid.cells()],
            false => finite_cells(field.components().iter().map(|c| c.values())),
        })?;
        if let Some(mask) = domain.mask() {
            let outside = mask.iter().map(|active| !active);
            let components = field.components_mut().iter_mut();
            let lost =
                components.map(|c| clear(c.values_mut().iter_mut().zip(outside.clone()))).sum();
            refuse_nothing_left(lost, &field, &domain)?;
        }
        if !finite {
            field.check_finite()?;
        }
        Ok((domain, field))
    }

    /// A field on the faces, 0 on those that no active cell has, in the arrays of `last` if they fit.
    fn faces<const D: usize>(
        &self,
        grid: Grid<D>,
        index: usize,
        last: Option<VectorField<D>>,
    ) -> Result<(Domain<D>, VectorField<D>)> {
        let mut field = arrays(grid, Layout::Faces, last);
        let finite = self.read(index, &mut field)?;
        let domain = self.domain(grid, || match finite {
            true => vec![true; grid.cells()],
            false => {
                let faces: Vec<_> = field.components().iter().map(|c| c.array()).collect();
                cells_with_finite_faces(&faces, self.file.shape())
            }
        })?;
        if domain.mask().is_some() {
            let mut lost = 0;
            for (k, component) in field.components_mut().iter_mut().enumerate() {
                let classes = domain.face_classes(k).into_iter();
                let outside = classes.map(|class| class == FaceClass::Outside);
                lost += clear(component.values_mut().iter_mut().zip(outside));
            }
            refuse_nothing_left(lost, &field, &domain)?;
        }
        if !finite {
            field.check_finite()?;
        }
        Ok((domain, field))
    }

    fn read<const D: usize>(&self, index: usize, field: &mut VectorField<D>) -> Result<bool> {
        let components = field.components_mut().iter_mut();
        let mut components: Vec<&mut [f64]> = components.map(|c| c.values_mut()).collect();
        Ok(self.file.read_into(index, &mut components)?)
    }

    /// The cells that take part: by their numbers, by the mask of the file, or all.
    fn domain<const D: usize>(
        &self,
        grid: Grid<D>,
        finite: impl FnOnce() -> Vec<bool>,
    ) -> Result<Domain<D>> {
        Ok(match (self.nan_mask, self.file.mask()) {
            (true, _) => Domain::masked(grid, finite())?,
            (false, Some(mask)) => Domain::masked(grid, mask.to_vec())?,
            (false, None) => Domain::full(grid),
        })
    }
}

impl<const D: usize> Series<D> for FileSeries {
    fn count(&self) -> usize {
        self.file.samples()
    }

    fn extent(&self) -> Result<Extent<D>> {
        let grid = self.grid::<D>()?;
        let active = self.file.mask().map(|mask| mask.iter().filter(|active| **active).count());
        Ok(Extent {
            grid,
            masked: active
                .map(Active::Exactly)
                .or(self.nan_mask.then(|| Active::AtMost(grid.cells()))),
            on_faces: self.file.is_staggered(),
            density: self.density.is_some(),
            boundary: None,
            reading: self.file.read_bytes(),
            fewer: "a coarser field or a part of it",
        })
    }

    fn item(
        &self,
        index: usize,
        _layout: Option<Layout>,
        way: Way,
        last: Option<Item<D>>,
    ) -> Result<Item<D>> {
        let grid = self.grid()?;
        let option = self.file.whole_circle().map(|axis| format!(": --periodic {axis}"));
        let warning = self.file.warning().map(|w| w.to_string() + &option.unwrap_or_default());
        let mut warnings = Vec::from_iter(warning);
        let (domain, samples, staggered) = match self.file.is_staggered() {
            false => {
                let (domain, samples) = self.points(grid, index, last.map(|last| last.samples))?;
                (domain, samples, None)
            }
            true => {
                let (samples, faces) = last.map(|last| (last.samples, last.staggered)).unzip();
                let (domain, staggered) = self.faces(grid, index, faces.flatten())?;
                let mut samples = arrays(grid, Layout::Points, samples);
                for (k, component) in samples.components_mut().iter_mut().enumerate() {
                    let values = component.values_mut();
                    component_to_points(staggered.component(k), k, &domain, way, values);
                }
                (domain, samples, Some(staggered))
            }
        };
        if self.nan_mask && domain.mask().is_none() {
            warnings.push(idle_nan_mask(&samples, self.file.samples() > 1)?);
        }
        Ok(Item {
            name: group_name(self.file.path(), &self.file.label(index)),
            density: self.density(index, &domain)?,
            domain,
            samples,
            staggered,
            boundary: None,
            units: self.file.units().into(),
            axis_units: self.file.axis_units().to_vec(),
            warnings,
        })
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = self.file.notes().to_vec();
        if self.periodic.is_none() {
            notes.push("every axis taken as bounded (--periodic)".into());
        }
        for k in (0..self.file.dims()).filter(|&k| self.is_thin(k)) {
            let axis = AXIS_NAMES[k];
            notes.push(format!(
                "{axis} has one cell: taken as periodic, so that its component is harmonic (--periodic none \
                 for walls)"
            ));
        }
        notes
    }
}

/// The arrays of an earlier field, whatever is in them, if they are on the same grid, or new ones.
fn arrays<const D: usize>(
    grid: Grid<D>,
    layout: Layout,
    last: Option<VectorField<D>>,
) -> VectorField<D> {
    let fits = |last: &VectorField<D>| *last.grid() == grid && last.layout() == layout;
    last.filter(fits).unwrap_or_else(|| VectorField::zeros(grid, layout))
}

/// Sets values outside the mask to 0 and counts those that were other numbers.
fn clear<'a>(values: impl Iterator<Item = (&'a mut f64, bool)>) -> usize {
    let mut lost = 0;
    for (value, _) in values.filter(|(_, outside)| *outside) {
        lost += usize::from(value.is_finite() && *value != 0.0);
        *value = 0.0;
    }
    lost
}

/// Refuses a mask under which the field is 0 everywhere, if it was not outside.
fn refuse_nothing_left<const D: usize>(
    lost: usize,
    left: &VectorField<D>,
    domain: &Domain<D>,
) -> Result<()> {
    ensure!(
        lost == 0 || left.components().iter().flat_map(|c| c.values()).any(|v| *v != 0.0),
        "the mask leaves nothing of the field: it is 0 in all {} cells that take part, and not 0 in {lost} \
         values outside; a mask is not 0 where the field is (is its inverse meant?)",
        domain.active_cells()
    );
    Ok(())
}

/// What is said of `--mask nan` for a field without a missing value. Where cells are 0 in every
/// component, they are likely to be what should have been left out, and taken for fluid.
fn idle_nan_mask<const D: usize>(samples: &VectorField<D>, of_series: bool) -> Result<String> {
    let still = |cell: &usize| samples.components().iter().all(|c| c.values()[*cell] == 0.0);
    let zeros = (0..samples.grid().cells()).filter(still).count();
    let nothing = "--mask nan masks nothing: every value is a finite number";
    // A field may well stand still in a few points.
    ensure!(
        100 * zeros <= samples.grid().cells() || of_series,
        "{nothing}, and {zeros} cells are 0 in every component; if those are to be left out, name the \
         dataset of a mask, or the number that stands for missing values: --fill-value 0"
    );
    Ok(nothing.into())
}

/// The stem of the file and the label of the sample, without characters that divide paths.
fn group_name(path: &Path, label: &str) -> String {
    let stem = path.file_stem().map_or("field".into(), |s| s.to_string_lossy());
    let name = if label.is_empty() { stem.into_owned() } else { format!("{stem} {label}") };
    name.replace('/', "_")
}
