//! The option that settles what an error of the library leaves open.

use super::hints_file::{of_file, of_shortage};
use super::nearest::nearest;
use crate::autoencoder::AutoencoderError;
use crate::batch::{BatchError, Chosen, RequestError};
use crate::boundary::Boundary;
use crate::decomposition::{DecomposeError, Method};
use crate::machine::PlaceError;
use crate::output::OutputError;
use crate::poisson::SolveError;
use crate::source::file::{Likeness, Unused};
use crate::source::{Note, SourceError};
use std::error::Error;

/// The option to add after an error; `None` where none helps.
pub fn hint(error: &(dyn Error + 'static)) -> Option<String> {
    let text = if let Some(error) = error.downcast_ref() {
        return of_batch(error);
    } else if let Some(error) = error.downcast_ref() {
        return of_request(error);
    } else if let Some(error) = error.downcast_ref() {
        return of_source(error);
    } else if let Some(error) = error.downcast_ref() {
        return of_file(error);
    } else if let Some(error) = error.downcast_ref() {
        of_decompose(error)
    } else if let Some(error) = error.downcast_ref() {
        of_solve(error)
    } else if let Some(error) = error.downcast_ref() {
        of_output(error)
    } else if let Some(error) = error.downcast_ref() {
        of_place(error)
    } else {
        of_autoencoder(error.downcast_ref()?)
    };
    text.map(str::to_string)
}

fn of_decompose(error: &DecomposeError) -> Option<&'static str> {
    match error {
        DecomposeError::Solve(error) => of_solve(error),
        DecomposeError::NotNormalParallel { boundary: Boundary::Periodic, .. } => {
            Some("leave --five-parts out")
        }
        DecomposeError::NotNormalParallel { method: Method::Staggered, .. } => {
            Some("--boundary normal-parallel")
        }
        DecomposeError::NotNormalParallel { .. } => {
            Some("leave --five-parts out, or ask for --method staggered")
        }
        DecomposeError::Central(_) | DecomposeError::LongAxis { .. } => Some("--method staggered"),
        DecomposeError::HarmonicMemory { .. } => {
            Some("--no-harmonic, which leaves solenoidal and harmonic part one")
        }
        DecomposeError::PotentialUnavailable { .. } => Some("leave --potentials out"),
        DecomposeError::UnevenWalls => Some("leave --boundary out"),
        DecomposeError::Uneven { .. } | DecomposeError::Masked { .. } => Some("--method staggered"),
        DecomposeError::NotFree { .. } => Some("--periodic none, or --method staggered"),
        DecomposeError::NoPeriod { .. } => Some("--periodic none, or --method staggered"),
        DecomposeError::FewPoints { .. } => Some("--method staggered"),
        DecomposeError::Units { .. } => Some("--units, or --method staggered"),
        DecomposeError::Unfitted { .. } => Some("--units or --seed"),
        DecomposeError::NotVanishing { .. } => Some("--method natural"),
        DecomposeError::NoSeam { .. } => Some("--method spectral"),
        DecomposeError::OtherConvention { .. } => Some("leave --boundary out"),
        DecomposeError::FreeSpace => Some("--method natural"),
        DecomposeError::NoPotential { .. } => Some("leave --potentials out"),
        DecomposeError::Staggered { .. } => Some("--method staggered"),
        _ => None,
    }
}

fn of_solve(error: &SolveError) -> Option<&'static str> {
    match error {
        SolveError::Mask { .. } => Some("--backend cholesky or --backend multigrid"),
        SolveError::Memory { .. } => Some("--backend multigrid"),
        SolveError::Coarsest { .. } => Some("--backend cholesky"),
        _ => None,
    }
}

fn of_output(error: &OutputError) -> Option<&'static str> {
    match error {
        OutputError::Place(error) => of_place(error),
        OutputError::NoRoom { .. } => Some("--no-input, --precision f32"),
        OutputError::SinglePrecision { .. } => Some("--precision f64"),
        _ => None,
    }
}

fn of_place(error: &PlaceError) -> Option<&'static str> {
    matches!(error, PlaceError::Exists { .. }).then_some("--overwrite")
}

fn of_autoencoder(error: &AutoencoderError) -> Option<&'static str> {
    match error {
        AutoencoderError::Place(error) => of_place(error),
        AutoencoderError::Memory { shortage, .. } => of_shortage(shortage),
        AutoencoderError::Metadata { key: "activation", .. } => Some("--activation NAMES"),
        _ => None,
    }
}

fn of_batch(error: &BatchError) -> Option<String> {
    match error {
        BatchError::Source(error) => of_source(error),
        BatchError::Request(error) => of_request(error),
        BatchError::Decompose(error) => of_decompose(error).map(str::to_string),
        BatchError::Output(error) => of_output(error).map(str::to_string),
        BatchError::Observer(_) | BatchError::Memory { .. } => None,
    }
}

fn of_request(error: &RequestError) -> Option<String> {
    const STAGGERED: &str = "leave it out, or ask for --method staggered";
    Some(match error {
        RequestError::OneConvention => "--boundary all cannot apply; leave it out".into(),
        RequestError::NoWalls { boundary } => {
            format!("--boundary {boundary} cannot apply; leave it out")
        }
        RequestError::NoSolve { backend, .. } => {
            format!("--backend {backend} cannot apply; {STAGGERED}")
        }
        RequestError::Spectra => {
            "--spectra cannot apply; leave it out, or on a plane name all axes with --periodic"
                .into()
        }
        RequestError::Faces { .. } => format!("--faces cannot apply; {STAGGERED}"),
        RequestError::Undivided { .. } => format!("--no-harmonic cannot apply; {STAGGERED}"),
        RequestError::Basis { .. } => format!("--harmonic-basis cannot apply; {STAGGERED}"),
        RequestError::Way { .. } => format!("--points cannot apply; {STAGGERED}"),
        RequestError::Density { choice, value } => {
            let option = match choice {
                Chosen::Method => "--method",
                Chosen::Boundary => "--boundary",
                Chosen::Backend => "--backend",
            };
            format!("{option} {value} cannot apply with --density; leave {option} out")
        }
    })
}

fn of_source(error: &SourceError) -> Option<String> {
    let text = match error {
        SourceError::File(error) => return of_file(error),
        SourceError::Map(error) => of_autoencoder(error)?,
        SourceError::NoCase { name, known } => {
            let near = nearest(name, known.iter().copied())?;
            return Some(format!("the nearest is analytic:{near}; hodge list tells what they are"));
        }
        SourceError::Cells { .. } => "--n",
        SourceError::Window { .. } => "--domain",
        SourceError::PeriodicAxis { .. } => "--periodic",
        SourceError::UnevenPeriod { .. } => {
            "leave --periodic out, or --spacing in the place of its coordinates"
        }
        SourceError::WideGap { .. } => "leave --periodic out",
        SourceError::PerhapsRound { .. } => {
            "--periodic x if it goes round, --periodic none if it has walls"
        }
        SourceError::MetricFaces(_) | SourceError::MetricShape { .. } => "--metric-datasets",
        SourceError::NeedsSlice { .. } => "--slice or --principal",
        SourceError::NoSphere => "leave --radius out, or --metric sphere",
        SourceError::NoShell => "leave --thickness out, or --metric sphere",
        SourceError::PeriodicHeight => "--periodic x, or none for walls",
        SourceError::MetricDatasets { .. } => "--metric-datasets SX,SY,DX,DY[,V]",
        SourceError::NoEnds => "leave --keep-ends out",
        SourceError::IdleMask { name, .. } => {
            return Some(format!(
                "--mask {name} masks nothing: leave it out, or name a mask that is 0 where there is no field"
            ));
        }
        SourceError::NothingMissing { .. } => "--land 0, or --mask DATASET, in place of --mask nan",
        SourceError::NothingLeft { mask: Some([_, inverse]), .. } => {
            return Some(format!("--mask \"{inverse}\""));
        }
        SourceError::NoLand { .. } | SourceError::FacesLand => {
            "leave --land out; --mask names a dataset"
        }
        SourceError::FacesUnfilled => "leave --fill-gaps out",
        SourceError::Gap { .. } => "--fill-gaps",
        SourceError::Density(_) => "--density",
        SourceError::RootDensity { .. } => "--times-root",
        SourceError::FacesRoot => "leave --times-root out",
        _ => return None,
    };
    Some(text.into())
}

/// What was found or assumed, with the option that says otherwise.
pub fn note(note: &Note) -> String {
    let option = match note {
        Note::Bounded => " (--periodic)".into(),
        Note::OneCell(_) => " (--periodic none for walls)".into(),
        Note::RepeatedEnd(_) => " (--keep-ends keeps such planes)".into(),
        Note::Cells(_) => " (--n)".into(),
        Note::Window(_) => " (--domain)".into(),
        Note::Unused(Unused { name, likeness: Likeness::Mask }) => format!(" (--mask {name})"),
        Note::Unused(Unused { likeness: Likeness::Component, .. }) => " (--datasets)".into(),
        Note::Unused(_) => String::new(),
        Note::NothingMissing => " (--mask nan)".into(),
        Note::Land { .. } => " (--land)".into(),
        Note::SmallHoles { most, .. } => format!(" (--fill-gaps {most} fills them)"),
        Note::Filled { .. } | Note::InvalidWalls { .. } => " (--fill-gaps)".into(),
        Note::Angles { whole_circle: Some(axis), .. } => format!(": --periodic {axis}"),
        Note::RootDensity { .. } => " (--times-root)".into(),
        Note::Metric { .. } => " (--metric-datasets)".into(),
        Note::Sphere { thickness: Some(_), .. } => {
            " (--metric, --radius, --thickness, --periodic)".into()
        }
        Note::Sphere { .. } => " (--metric, --radius, --periodic)".into(),
        Note::Angles { .. } | Note::File(_) | Note::AllTakePart { .. } => String::new(),
    };
    format!("{note}{option}")
}
