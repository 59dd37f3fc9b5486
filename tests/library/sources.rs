//! Whatever fields come from, they are opened, read and decomposed in one way.

use hodge::autoencoder::{Activation, Network, train::Initial};
use hodge::boundary::Boundary;
use hodge::decomposition::Method;
use hodge::field::Way;
use hodge::grid::Domain;
use hodge::source::file::FileRequest;
use hodge::source::{AnySeries, FileSeriesRequest, GridRequest, Note, Sample, Series, SourceError};
use ndarray::Array4;
use std::path::Path;

fn cells(cells: &[usize]) -> GridRequest {
    GridRequest { cells: cells.into(), ..GridRequest::default() }
}

fn network(dimension: usize) -> Network {
    let glorot = Initial::Glorot { gain: 1.0 };
    Network::random(dimension, &[12], &[Activation::Sigmoid], false, glorot, 7).unwrap()
}

/// Two samples of 2D noise with land in the corner.
fn file(path: &Path) -> FileSeriesRequest {
    let mut values = Array4::from_shape_fn((2, 2, 9, 11), |(t, c, y, x)| {
        ((t + 3 * c + 7 * y + 5 * x * x) as f64).sin()
    });
    values.slice_mut(ndarray::s![.., .., ..3, ..2]).fill(f64::NAN);
    ndarray_npy::write_npy(path, &values).unwrap();
    let fields =
        FileRequest { axes: Some("t,c,y,x".into()), allow_missing: true, ..FileRequest::new(path) };
    FileSeriesRequest { fields, ..FileSeriesRequest::default() }
}

/// Every field of a series with its parts, which must add up; gives the names and origins.
fn decompose_all<const D: usize>(series: &dyn Series<D>) -> Vec<(String, String)> {
    let mut last: Option<Sample<D>> = None;
    let mut seen = Vec::new();
    for index in 0..series.count() {
        let sample = series.item(index, None, Way::default(), last.take()).unwrap();
        let method = Method::for_domain(&sample.domain);
        let preferred = sample.boundary.filter(|b| *b != Boundary::Periodic);
        let plan = method.plan(&sample.domain, preferred, None).unwrap();
        let parts = plan.decompose(sample.field()).unwrap();
        let field = plan.where_computed(sample.field()).clone();
        assert!(field.minus(&parts.sum()).max_abs() < 1e-12, "{}", sample.name);
        assert!(field.rms() > 0.0, "{}", sample.name);
        assert_eq!(sample.provenance.notes, series.notes());
        seen.push((sample.name.clone(), sample.provenance.origin.clone()));
        last = Some(sample);
    }
    seen
}

#[test]
fn a_case_a_file_and_a_network_go_through_one_loop() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("noise.npy");
    let opened = [
        AnySeries::of_case("B4", &cells(&[12, 10])),
        AnySeries::of_case("e2", &cells(&[6, 6, 6])),
        AnySeries::of_file(&file(&path)),
        AnySeries::of_map("network", network(2), None, &cells(&[8])),
        AnySeries::of_map("network", network(3), None, &cells(&[6])),
    ];
    let mut seen = Vec::new();
    for series in opened {
        seen.extend(match series.unwrap() {
            AnySeries::Plane(series) => decompose_all(&*series),
            AnySeries::Space(series) => decompose_all(&*series),
        });
    }
    let names: Vec<&str> = seen.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["B4", "E2", "noise t=0", "noise t=1", "network", "network"]);
    assert_eq!(seen[2].1, path.display().to_string());
}

#[test]
fn what_was_assumed_is_noted() {
    let AnySeries::Plane(series) =
        AnySeries::of_map("network", network(2), None, &GridRequest::default()).unwrap()
    else {
        panic!("2D")
    };
    assert_eq!(series.notes(), [Note::Cells(128), Note::Window(vec![[-1.0, 1.0]; 2])]);
    assert_eq!(series.extent().unwrap().boundary, Some(Boundary::NoFlux));

    let folder = tempfile::tempdir().unwrap();
    let request = file(&folder.path().join("noise.npy"));
    let AnySeries::Plane(series) = AnySeries::of_file(&request).unwrap() else { panic!("2D") };
    assert!(series.notes().contains(&Note::Bounded));
    let extent = series.extent().unwrap();
    assert!(extent.masked && extent.active_cells.is_none() && !extent.evaluated);
    let sample = series.item(1, None, Way::default(), None).unwrap();
    assert_eq!(sample.domain.active_cells(), 9 * 11 - 6);
    let full = Domain::full(*sample.domain.grid());
    assert!(!sample.domain.same_as(&full) && sample.provenance.warnings.is_empty());
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused = |opened: Result<AnySeries, SourceError>| opened.err().unwrap();
    let known = refused(AnySeries::of_case("B40", &GridRequest::default()));
    assert!(matches!(&known, SourceError::NoCase { known, .. } if known.contains(&"B4")));
    assert!(matches!(
        refused(AnySeries::of_case("B4", &cells(&[2, 3, 4]))),
        SourceError::Cells { found: 3, axes: 2 }
    ));
    let third = GridRequest { periodic: Some(vec![2]), ..GridRequest::default() };
    let error = refused(AnySeries::of_case("B4", &third));
    assert_eq!(error.to_string(), "axis z is to be periodic, and this field has 2 axes: x, y");
    assert!(matches!(
        refused(AnySeries::of_map("network", network(5), None, &GridRequest::default())),
        SourceError::NeedsSlice { dimensions: 5 }
    ));
    let folder = tempfile::tempdir().unwrap();
    let request = file(&folder.path().join("noise.npy"));
    let keeping = FileSeriesRequest { keep_ends: true, ..request };
    assert!(matches!(refused(AnySeries::of_file(&keeping)), SourceError::NoEnds));
}
