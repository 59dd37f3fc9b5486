//! A plan for fields whose cells depend on their values, such as those with a missing value.

use super::arrays::View;
use super::parts::{Space, Spaces, space, split};
use super::wanted::{Made, Outcome, Places, Wanted};
use crate::batch::{BatchRequest, Planned};
use crate::decomposition::Watch;
use crate::grid::Grid;
use crate::machine::Pool;
use crate::source::file::{GivenArrays, GivenValues};
use crate::source::{AnySeries, Extent, FileSeriesRequest, Series};
use ndarray::{ArrayD, IxDyn};
use std::sync::{Arc, Mutex, PoisonError};

/// What every field is read by, and the last plan.
pub(super) struct Varying<const D: usize> {
    pub turned: Vec<bool>,
    pub grid: Grid<D>,
    /// Dimensions of a field, slowest first.
    dimensions: Vec<String>,
    series: FileSeriesRequest,
    request: BatchRequest,
    watch: Arc<dyn Watch>,
    last: Mutex<Option<Arc<Planned<D>>>>,
    spaces: Spaces<D>,
}

impl<const D: usize> Varying<D> {
    pub fn new(
        series: &dyn Series<D>,
        given: FileSeriesRequest,
        request: BatchRequest,
        watch: Arc<dyn Watch>,
    ) -> Outcome<Varying<D>> {
        let Extent { stored, grid, .. } = series.extent()?;
        let turned = stored.iter().map(|axis| axis.turned).collect();
        let names = stored.into_iter().rev().map(|axis| axis.name.unwrap_or_default());
        let (dimensions, last, spaces) = (names.collect(), Mutex::new(None), Pool::new());
        Ok(Varying { turned, grid, dimensions, series: given, request, watch, last, spaces })
    }

    pub fn split(
        &self,
        field: &[View<'_>],
        wanted: Wanted,
        places: &mut Places<'_>,
        open: impl Fn(&FileSeriesRequest) -> Outcome<Box<dyn Series<D>>>,
    ) -> Outcome<Made> {
        let series = open(&self.with_values(field))?;
        let way = self.request.way;
        let mut space = space(&self.spaces);
        let Space { sample, parts, cells } = &mut *space;
        let read = series.item(0, None, way.unwrap_or_default(), sample.take())?;
        let planned = self.plan(&read)?;
        let how = (wanted, way);
        let made = split(&planned, &read, (parts, cells), how, (places, &self.turned));
        *sample = Some(read);
        made
    }

    /// The last plan if it serves, else a new one.
    fn plan(&self, sample: &crate::source::Sample<D>) -> Outcome<Arc<Planned<D>>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = last.as_ref().filter(|known| known.serves(sample)) {
            return Ok(Arc::clone(known));
        }
        let made = Planned::new(&self.request, sample, Some(Arc::clone(&self.watch)))?;
        Ok(Arc::clone(last.insert(Arc::new(made))))
    }

    /// The request with the values of a field in the place of those that come later.
    fn with_values(&self, field: &[View<'_>]) -> FileSeriesRequest {
        let mut request = self.series.clone();
        let fields = &mut request.fields;
        let given = fields.given.as_ref().expect("arrays of the caller");
        let mut arrays = given.arrays.clone();
        let none = vec![false; D];
        for (name, view) in fields.datasets.iter().zip(field) {
            let array = arrays.iter_mut().find(|array| array.name == *name);
            let array = array.expect("the components are among the arrays");
            let shape = view.shape().to_vec();
            let mut values = vec![0.0; shape.iter().product()];
            view.copy_to(&none, &mut values);
            let values = ArrayD::from_shape_vec(IxDyn(&shape), values).expect("one value each");
            array.dimensions.clone_from(&self.dimensions);
            array.shape = shape;
            array.values = Arc::new(values) as Arc<dyn GivenValues>;
        }
        fields.given = Some(Arc::new(GivenArrays { arrays, texts: given.texts.clone() }));
        request
    }
}

/// Fields in the plane.
pub(super) fn plane(request: &FileSeriesRequest) -> Outcome<Box<dyn Series<2>>> {
    match AnySeries::of_file(request)? {
        AnySeries::Plane(series) => Ok(series),
        AnySeries::Space(_) => unreachable!("axes are named"),
    }
}

/// Fields in space.
pub(super) fn space_fields(request: &FileSeriesRequest) -> Outcome<Box<dyn Series<3>>> {
    match AnySeries::of_file(request)? {
        AnySeries::Space(series) => Ok(series),
        AnySeries::Plane(_) => unreachable!("axes are named"),
    }
}
