//! What is asked of a plan.

use super::error::refused;
use super::given::Variable;
use crate::batch::{BatchRequest, MethodChoice};
use crate::boundary::Boundary;
use crate::decomposition::Method;
use crate::field::Way;
use crate::grid::{AXIS_NAMES, Thickness};
use crate::poisson::Backend;
use crate::source::FileSeriesRequest;
use crate::source::file::{FileMetric, FileRequest, GivenArrays};
use pyo3::prelude::*;
use std::sync::Arc;

/// The keywords of `hodge.Plan`, each under its name.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(super) struct Options {
    variables: Vec<Variable>,
    texts: Vec<(String, String)>,
    components: Vec<String>,
    origin_name: String,
    axes: Option<String>,
    spacing: Option<Vec<f64>>,
    origin: Option<Vec<f64>>,
    periodic: Option<Vec<String>>,
    metric: Option<String>,
    radius: Option<f64>,
    thickness: Option<String>,
    mask: Option<String>,
    mask_missing: bool,
    fill_gaps: Option<usize>,
    staggered: bool,
    boundary: Option<String>,
    method: Option<String>,
    backend: Option<String>,
    undivided: bool,
    to_points: Option<String>,
    units: Option<usize>,
    seed: Option<u64>,
}

/// The same as the rooms below take it.
pub(super) struct Settings {
    pub series: FileSeriesRequest,
    pub batch: BatchRequest,
}

impl Options {
    pub fn settings(self, py: Python<'_>) -> PyResult<Settings> {
        let arrays: Vec<_> =
            self.variables.into_iter().map(|variable| variable.given(py)).collect();
        let given = GivenArrays { arrays, texts: self.texts };
        let given = (!given.arrays.is_empty()).then(|| Arc::new(given));
        let periodic = self.periodic.as_deref().map(axes).transpose()?;
        let fields = FileRequest {
            given,
            datasets: self.components,
            axes: self.axes,
            spacing: self.spacing,
            origin: self.origin,
            periodic,
            metric: self.metric.as_deref().map(metric).transpose()?,
            mask: self.mask,
            allow_missing: self.mask_missing,
            staggered: self.staggered,
            ..FileRequest::new(self.origin_name)
        };
        let thickness =
            |name: &str| named(name, "thickness", Thickness::from_name, &["thin", "thick"]);
        let series = FileSeriesRequest {
            fields,
            radius: self.radius,
            thickness: self.thickness.as_deref().map(thickness).transpose()?,
            fill_gaps: self.fill_gaps,
            ..FileSeriesRequest::default()
        };
        let boundaries = Boundary::ALL.map(Boundary::name);
        let boundary = |name: &str| named(name, "boundary", Boundary::from_name, &boundaries);
        let methods = Method::ALL.map(Method::name);
        let method = |name: &str| named(name, "method", Method::from_name, &methods);
        let backends = Backend::ALL.map(Backend::name);
        let backend = |name: &str| named(name, "backend", Backend::from_name, &backends);
        let ways = Way::ALL.map(Way::name);
        let way = |name: &str| named(name, "to_points", Way::from_name, &ways);
        let choice = MethodChoice {
            method: self.method.as_deref().map(method).transpose()?,
            boundary: self.boundary.as_deref().map(boundary).transpose()?,
            backend: self.backend.as_deref().map(backend).transpose()?,
            undivided: self.undivided,
            units: self.units,
            seed: self.seed,
            all: false,
        };
        let way = self.to_points.as_deref().map(way).transpose()?;
        Ok(Settings { series, batch: BatchRequest { choice, way, ..BatchRequest::default() } })
    }
}

/// A choice by its name.
fn named<T>(
    name: &str,
    what: &str,
    from_name: impl Fn(&str) -> Option<T>,
    all: &[&str],
) -> PyResult<T> {
    from_name(name).ok_or_else(|| {
        refused(format!("{what} {name:?} is not known; there are {}", all.join(", ")))
    })
}

/// Axes by their letters, as their numbers.
fn axes(names: &[String]) -> PyResult<Vec<usize>> {
    let one = |name: &String| {
        let found = AXIS_NAMES.iter().position(|axis| axis == name);
        found.ok_or_else(|| refused(format!("periodic axes are named x, y and z, not {name:?}")))
    };
    names.iter().map(one).collect()
}

fn metric(name: &str) -> PyResult<FileMetric> {
    match name {
        "plane" => Ok(FileMetric::Plane),
        "sphere" => Ok(FileMetric::Sphere),
        _ => Err(refused(format!("metric {name:?} is not known; there are plane and sphere"))),
    }
}
