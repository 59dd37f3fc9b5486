//! Energy fractions of real fields against those that `validation/reference/real_files.py` finds on its own.

use crate::common::components;
use crate::needs::data;
use hodge::boundary::Boundary;
use hodge::decomposition::Method;
use hodge::field::{VectorField, Way, to_faces};
use hodge::grid::{Axis, Domain, Grid, Topology};
use hodge::operator::Calculus;
use hodge::poisson::Backend;
use hodge::source::file::{FileMetric, FileRequest, finite_cells, open};
use hodge::source::{AnySeries, FileSeriesRequest, Sample};
use serde_json::{Value, json};
use std::path::Path;

const TOLERANCE: f64 = 1e-9;

/// Which field of a file, on which domain.
#[derive(Default)]
struct Wanted {
    request: FileRequest,
    sample: usize,
    /// Cells with NaN do not take part.
    nan: bool,
}

impl Wanted {
    fn axis(&self, k: usize, first: f64, spacing: f64, cells: usize) -> Axis {
        let periodic = self.request.periodic.iter().flatten().any(|axis| *axis == k);
        let topology = if periodic { Topology::Periodic } else { Topology::Bounded };
        Axis::from_points(first, spacing, cells, topology)
    }

    /// The domain, and the field on its faces.
    fn read<const D: usize>(&self) -> (Domain<D>, VectorField<D>) {
        let file = open(&self.request).unwrap();
        let (first, spacing, cells) = (file.origin(), file.spacing(), file.shape());
        let axes = std::array::from_fn(|k| self.axis(k, first[k], spacing[k], cells[k]));
        let grid = Grid::new(axes).unwrap();
        let mut values = file.read(self.sample).unwrap();
        let mask = if self.nan {
            Some(finite_cells(components(&values)))
        } else {
            file.mask(0).unwrap().map(|mask| mask.into_owned())
        };
        let domain =
            mask.map_or(Domain::full(grid), |active| Domain::masked(grid, active).unwrap());
        for mut component in values.outer_iter_mut() {
            let cells = component.iter_mut().enumerate();
            cells.filter(|(cell, _)| !domain.is_active(*cell)).for_each(|(_, v)| *v = 0.0);
        }
        let points = VectorField::from_array(grid, values.view()).unwrap();
        let faces = to_faces(&points, &domain);
        (domain, faces)
    }
}

/// Compares by every back end that fits.
fn compare<const D: usize>(name: &str, wanted: &Wanted) {
    compare_field(name, wanted.read::<D>());
}

fn compare_field<const D: usize>(name: &str, (domain, field): (Domain<D>, VectorField<D>)) {
    let text = include_str!("../../validation/reference/real_files.json");
    let expected = &serde_json::from_str::<Value>(text).unwrap()[name];
    assert_eq!(json!(domain.grid().shape().to_vec()), expected["shape"], "{name}");
    assert_eq!(json!(domain.active_cells()), expected["active_cells"], "{name}");
    for backend in Backend::ALL.into_iter().filter(|backend| backend.fits(&domain)) {
        let plan = Method::Staggered.plan(&domain, Some(Boundary::NoFlux), Some(backend)).unwrap();
        let calculus: &dyn Calculus<D> = plan.calculus();
        let energy = calculus.inner(&field, &field);
        let off = (energy / expected["energy"].as_f64().unwrap() - 1.0).abs();
        assert!(off < TOLERANCE, "{name}: the energy is {energy:e}, expected {expected}");
        for (part, found) in plan.decompose(&field).unwrap().parts() {
            let fraction = calculus.inner(found, found) / energy;
            let off = (fraction - expected[part].as_f64().unwrap()).abs();
            assert!(
                off < TOLERANCE,
                "{name}, {backend}: {part} is {fraction}, expected {expected}"
            );
        }
    }
}

fn named(path: &Path, datasets: &[&str]) -> FileRequest {
    let datasets = datasets.iter().map(|name| name.to_string()).collect();
    FileRequest { datasets, ..FileRequest::new(path) }
}

#[test]
fn wind_on_a_tangent_plane() {
    let Some([path]) = data(["wind/north_atlantic_500hpa.h5"]) else { return };
    compare::<2>(
        "north_atlantic",
        &Wanted { request: FileRequest::new(path), ..Wanted::default() },
    );
}

#[test]
fn currents_between_coasts_and_islands() {
    for name in ["caribbean", "black_sea", "gulf_stream"] {
        let Some([path]) = data([&format!("ocean/{name}.nc")]) else { return };
        let request = FileRequest {
            metric: Some(FileMetric::Plane),
            allow_missing: true,
            ..FileRequest::new(path)
        };
        compare::<2>(name, &Wanted { request, nan: true, ..Wanted::default() });
    }
}

#[test]
fn currents_on_the_sphere() {
    for name in ["caribbean", "black_sea", "gulf_stream"] {
        let Some([path]) = data([&format!("ocean/{name}.nc")]) else { return };
        let fields = FileRequest { allow_missing: true, ..FileRequest::new(path) };
        let request = FileSeriesRequest { fields, ..FileSeriesRequest::default() };
        let AnySeries::Plane(series) = AnySeries::of_file(&request).unwrap() else {
            panic!("{name} has two axes")
        };
        let Sample { domain, points, .. } = series.item(0, None, Way::default(), None).unwrap();
        let faces = to_faces(&points, &domain);
        compare_field(&format!("{name}_sphere"), (domain, faces));
    }
}

#[test]
fn winds_round_the_globe_in_two_files() {
    let Some([path]) = data(["wind/uwnd_mean.nc"]) else { return };
    let request = FileRequest {
        metric: Some(FileMetric::Plane),
        periodic: Some(vec![0]),
        ..named(&path, &["uwnd", "vwnd_mean.nc::vwnd"])
    };
    compare::<2>("july_winds", &Wanted { request, sample: 6, ..Wanted::default() });
}

#[test]
fn flow_in_an_aorta_with_and_without_its_mask() {
    let Some([path]) = data(["mri/aorta.h5"]) else { return };
    for (name, mask) in [("aorta", None), ("aorta_masked", Some("mask>0".to_string()))] {
        let request = FileRequest {
            axes: Some("t,x,y,z".into()),
            spacing: Some(vec![1.188]),
            mask,
            ..named(&path, &["u", "v", "w"])
        };
        compare::<3>(name, &Wanted { request, ..Wanted::default() });
    }
}

#[test]
fn vectors_of_piv_programs_as_text() {
    for (name, file, nan) in [
        ("vortex", "PIVchallengeCaseBvelField.txt", false),
        ("soap_film", "Run000001.T000.D000.P000.H001.L.vec", true),
        ("karman", "karman_16Hz_000_A.jpg.txt", true),
    ] {
        let Some([path]) = data([&format!("piv/{file}")]) else { return };
        let request = FileRequest { allow_missing: nan, ..FileRequest::new(path) };
        compare::<2>(name, &Wanted { request, nan, ..Wanted::default() });
    }
}

#[test]
fn flow_in_a_carotid_artery_as_vtk() {
    let Some([path]) = data(["mri/carotid.vtk"]) else { return };
    compare::<3>("carotid", &Wanted { request: FileRequest::new(path), ..Wanted::default() });
}
