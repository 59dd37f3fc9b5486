//! Cases above the kernel: a decomposition from points to parts, its evidence, and a whole run.

use super::Prepared;
use super::cases::{field, planned};
use hodge::boundary::Boundary;
use hodge::decomposition::{Decompose, Decomposition, EveryConvention, Method};
use hodge::diagnostic::measure_every;
use hodge::field::{Layout, VectorField};
use hodge::grid::{Domain, Topology};
use hodge::output::{
    Content, FieldGroup, MaskContent, Options, Record, ResultFile, report_attributes,
};
use hodge::poisson::Backend;
use hodge::source::file::{FileRequest, open};
use std::hint::black_box;
use std::path::Path;

/// `decompose` or `measure`, with `-walls` or `-masked` behind it.
pub fn library_call<const D: usize>(name: &str, shape: [usize; D]) -> Result<Prepared, String> {
    let (work, place) = name.split_once('-').unwrap_or((name, ""));
    let measures = work == "measure";
    let (topology, backend) = match place {
        "" => (Topology::Periodic, None),
        "walls" => (Topology::Bounded, Some(Backend::Transform)),
        _ => (Topology::Bounded, Some(Backend::Cholesky)),
    };
    let samples = field(shape, topology, Layout::Points);
    let domain = match place {
        "masked" => around_disc(&samples)?,
        _ => Domain::full(*samples.grid()),
    };
    if place.is_empty() {
        let (plan, seconds) = planned(|| Method::Spectral.plan(&domain, None, None));
        let plan = plan.map_err(|e| e.to_string())?;
        return periodic(plan, seconds, samples, measures);
    }
    let (every, plan_seconds) = planned(|| EveryConvention::new(&domain, None, backend));
    let every = every.map_err(|e| e.to_string())?;
    let plan = every.own();
    let mut parts = plan.decompose(&samples).map_err(|e| e.to_string())?;
    let run: Box<dyn FnMut()> = match measures {
        false => Box::new(move || {
            every.own().decompose_into(&samples, &mut parts).expect("its parts");
            black_box(every.split(&samples, Some(&parts)).expect("the finer parts"));
        }),
        true => Box::new(move || {
            // Two dot products and what they scale: small beside the evidence.
            let by = every.split(&samples, Some(&parts)).expect("the finer parts");
            let plan = every.own();
            black_box(measure_every(plan, &samples, &samples, &parts, Some(&by)));
        }),
    };
    Ok(Prepared { plan_seconds, run })
}

fn periodic<const D: usize>(
    plan: Box<dyn Decompose<D>>,
    plan_seconds: f64,
    samples: VectorField<D>,
    measures: bool,
) -> Result<Prepared, String> {
    let mut parts = plan.decompose(&samples).map_err(|e| e.to_string())?;
    let run: Box<dyn FnMut()> = match measures {
        false => Box::new(move || plan.decompose_into(&samples, &mut parts).expect("its parts")),
        true => Box::new(move || {
            black_box(measure_every(&*plan, &samples, &samples, &parts, None));
        }),
    };
    Ok(Prepared { plan_seconds, run })
}

/// A further field under no-flux on the plan of a box, whose only solve is by a Cholesky factor; beside `cholesky2d`, that solve alone.
pub fn on_one_factor<const D: usize>(shape: [usize; D]) -> Result<Prepared, String> {
    let samples = field(shape, Topology::Bounded, Layout::Points);
    let domain = Domain::full(*samples.grid());
    let plan = || Method::Staggered.plan(&domain, Some(Boundary::NoFlux), Some(Backend::Cholesky));
    let (plan, plan_seconds) = planned(plan);
    let plan = plan.map_err(|e| e.to_string())?;
    let mut parts = plan.decompose(&samples).map_err(|e| e.to_string())?;
    let run = move || plan.decompose_into(&samples, &mut parts).expect("its parts");
    Ok(Prepared { plan_seconds, run: Box::new(run) })
}

/// All but the disc, or ball, in the middle whose diameter is a third of the shortest axis.
fn around_disc<const D: usize>(field: &VectorField<D>) -> Result<Domain<D>, String> {
    let grid = *field.grid();
    let shape = grid.shape();
    let radius = shape.into_iter().min().unwrap_or(0) as f64 / 6.0;
    let outside = |flat: usize| {
        let mut rest = flat;
        let squares = shape.map(|n| {
            let i = rest % n;
            rest /= n;
            (i as f64 + 0.5 - n as f64 / 2.0).powi(2)
        });
        squares.iter().sum::<f64>() > radius * radius
    };
    Domain::masked(grid, (0..grid.cells()).map(outside).collect()).map_err(|e| e.to_string())
}

/// Reads, splits, measures and writes one periodic field, as `hodge decompose` does.
pub fn whole<const D: usize>(shape: [usize; D]) -> Result<Prepared, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let (input, output) = (folder.path().join("input.h5"), folder.path().join("output.h5"));
    let mut samples = field(shape, Topology::Periodic, Layout::Points);
    write_input(&samples, &input).map_err(|e| e.to_string())?;
    let domain = Domain::full(*samples.grid());
    let (plan, plan_seconds) = planned(|| Method::Spectral.plan(&domain, None, None));
    let plan = plan.map_err(|e| e.to_string())?;
    let mut parts = Decomposition::zeros(*samples.grid(), Layout::Points);
    let request = FileRequest {
        datasets: ["u", "v", "w"][..D].iter().map(|name| name.to_string()).collect(),
        spacing: Some(vec![1.0]),
        ..FileRequest::new(input)
    };
    let run = move || {
        let _kept = &folder;
        let file = open(&request).expect("the input");
        let mut components = samples.components_mut().each_mut().map(|c| c.values_mut());
        assert!(file.read_into(0, &mut components).expect("its numbers"));
        plan.decompose_into(&samples, &mut parts).expect("its parts");
        let report = measure_every(&*plan, &samples, &samples, &parts, None);
        let mut sink = ResultFile::create(&output, true, Options::default()).expect("a file");
        let group = FieldGroup::on_grid("field", samples.grid(), [""; D]);
        let record = Record {
            mask: MaskContent::OfField,
            domain: &domain,
            samples: &samples,
            filled: &[],
            staggered: None,
            parts: &parts,
            units: "",
            potential_units: "",
            vector_potential: None,
            harmonic_basis: &[],
            friedrichs: None,
            by_convention: None,
            content: Content { input: true, ..Content::default() },
        };
        let written = sink.write_group_and(&record.fill(group), || report_attributes(&report));
        written.expect("the parts in the file");
        sink.finish().expect("the file under its name");
    };
    Ok(Prepared { plan_seconds, run: Box::new(run) })
}

fn write_input<const D: usize>(samples: &VectorField<D>, path: &Path) -> hdf5::Result<()> {
    let file = hdf5::File::create(path)?;
    for (name, component) in ["u", "v", "w"].into_iter().zip(samples.components()) {
        file.new_dataset_builder().with_data(&component.array()).create(name)?;
    }
    file.close()
}
