//! The option that settles what an error of the library leaves open.

use crate::autoencoder::AutoencoderError;
use crate::batch::{BatchError, Chosen, RequestError};
use crate::boundary::Boundary;
use crate::decomposition::DecomposeError;
use crate::machine::{Limit, PlaceError, Shortage};
use crate::output::OutputError;
use crate::poisson::SolveError;
use crate::source::file::{
    AxesProblem, CoordinateError, FileError, Likeness, Listing, MaskError, Unused,
};
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
        DecomposeError::NotNormalParallel { .. } => Some("--boundary normal-parallel"),
        DecomposeError::HarmonicMemory { .. } => {
            Some("--no-harmonic, which leaves solenoidal and harmonic part one")
        }
        DecomposeError::PotentialUnavailable { .. } => Some("leave --potentials out"),
        DecomposeError::UnevenWalls => Some("leave --boundary out"),
        DecomposeError::Uneven => Some("--method staggered"),
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
        _ => None,
    }
}

fn of_shortage(shortage: &Shortage) -> Option<&'static str> {
    matches!(shortage.at_hand.limit, Limit::Asked(_)).then_some("--memory sets the limit")
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
        RequestError::NoSolve { backend } => {
            format!("--backend {backend} cannot apply; {STAGGERED}")
        }
        RequestError::Spectra => {
            "--spectra cannot apply; leave it out, or on a plane name all axes with --periodic"
                .into()
        }
        RequestError::Faces => format!("--faces cannot apply; {STAGGERED}"),
        RequestError::Undivided => format!("--no-harmonic cannot apply; {STAGGERED}"),
        RequestError::Basis => format!("--harmonic-basis cannot apply; {STAGGERED}"),
        RequestError::Way => format!("--points cannot apply; {STAGGERED}"),
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
        SourceError::Cells { .. } => "--n",
        SourceError::Window { .. } => "--domain",
        SourceError::PeriodicAxis { .. } => "--periodic",
        SourceError::UnevenPeriod { .. } => "leave --periodic out, or --spacing",
        SourceError::WideGap { .. } => "leave --periodic out",
        SourceError::PerhapsRound { .. } => "--periodic x, or --periodic none",
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
        Note::Window { .. } => " (--domain)".into(),
        Note::Unused(Unused { name, likeness: Likeness::Mask }) => format!(" (--mask {name})"),
        Note::Unused(Unused { likeness: Likeness::Component, .. }) => " (--datasets)".into(),
        Note::Unused(_) => String::new(),
        Note::NothingMissing => " (--mask nan)".into(),
        Note::Land { .. } => " (--land)".into(),
        Note::SmallHoles { most, .. } => format!(" (--fill-gaps {most} fills them)"),
        Note::Filled { .. } | Note::InvalidWalls { .. } => " (--fill-gaps)".into(),
        Note::Angles { whole_circle: Some(axis), .. } => format!(": --periodic {axis}"),
        Note::Metric { .. } => " (--metric-datasets)".into(),
        Note::Sphere { thickness: Some(_), .. } => {
            " (--metric, --radius, --thickness, --periodic)".into()
        }
        Note::Sphere { .. } => " (--metric, --radius, --periodic)".into(),
        Note::Angles { .. } | Note::File(_) | Note::AllTakePart { .. } => String::new(),
    };
    format!("{note}{option}")
}

/// How a sphere is said to be one where the file does not say it.
const SPHERE: &str = "--metric sphere with --spacing and --origin in degrees";

fn of_file(error: &FileError) -> Option<String> {
    let text = match error {
        FileError::Missing { .. } => {
            "--mask nan leaves them out as land, --mask DATASET names the cells that take part, --fill-gaps 2 fills small \
             holes"
                .into()
        }
        FileError::NothingThere { others, .. } if others.len() == 2 => {
            format!("without it --datasets {}", others.join(","))
        }
        FileError::LikelyFill { number, .. } => {
            format!("--fill-value {number}, with --mask nan where it stands for land")
        }
        FileError::Mask(MaskError::NotBinary { name, least, found, .. }) => match *least < 0.0 || *found > 1.0 {
            true => format!("for instance --mask \"{name}>0\", or \"{name}==1\""),
            false => format!("for instance --mask \"{name}>0.5\""),
        },
        FileError::Mask(MaskError::Condition { .. }) => "for instance --mask \"mask>0.5\"".into(),
        FileError::Rank { example, .. } => format!("--axes {example}"),
        FileError::AmbiguousShape { .. } => "--axes c,z,y,x or --axes t,c,y,x".into(),
        FileError::Dimensions { components: 3, .. } => "for instance --axes z,y,x".into(),
        FileError::Dimensions { .. } => "for instance --axes y,x, or --axes t,y,x".into(),
        FileError::Axes { problem: AxesProblem::AgainstName { .. }, .. } => {
            "leave --axes out, or give letters that agree".into()
        }
        FileError::Axes { .. } => "for instance --axes t,c,y,x".into(),
        FileError::CannotChoose { available, .. } | FileError::NoSuchDataset { available, .. } => {
            datasets(available)
        }
        FileError::Shapes { first, expected, other, found } if first != "the field" => {
            near(expected, found).then(|| on_faces(first, other))?
        }
        FileError::Coordinates(error) => return of_coordinates(error),
        FileError::Memory { shortage, .. } => of_shortage(shortage)?.into(),
        _ => return None,
    };
    Some(text)
}

fn of_coordinates(error: &CoordinateError) -> Option<String> {
    const SPACING: &str = "--spacing DX,DY[,DZ]";
    Some(match error {
        CoordinateError::Order { .. }
        | CoordinateError::NonUniform { .. }
        | CoordinateError::Faces { .. }
        | CoordinateError::Units { .. } => SPACING.into(),
        CoordinateError::Length { .. } => {
            format!("--axes where the axes of the array are others; {SPACING} in the place of coordinates")
        }
        CoordinateError::Curvilinear { .. } => {
            format!("--metric-datasets SX,SY[,SZ],DX,DY[,DZ][,V]; or {SPACING}")
        }
        CoordinateError::Geometry { .. } => "--metric-datasets SX,SY[,SZ],DX,DY[,DZ][,V]".into(),
        CoordinateError::NoSuchAxis { .. }
        | CoordinateError::NothingSelected { .. }
        | CoordinateError::SelectedFaces { .. } => "--select".into(),
        CoordinateError::NotDown { .. } => "leave --y out".into(),
        CoordinateError::UnevenOrigin { .. } => format!("leave --origin out, or {SPACING} as well"),
        CoordinateError::GivenMetric { .. } => {
            "--metric-datasets SX,SY[,SZ],DX,DY[,DZ][,V], each as FILE::NAME where another file has it; \
             or --metric plane"
                .into()
        }
        CoordinateError::FlatDegrees { .. } => "--metric sphere, or --metric plane".into(),
        CoordinateError::Results { .. } => "--periodic, --metric or --radius; or --datasets".into(),
        CoordinateError::Differ { first, other, half: true, .. } => on_faces(first, other),
        CoordinateError::Angles { whole_circle: Some(axis), .. } => {
            format!("{SPHERE}, or --metric plane --periodic {axis}")
        }
        CoordinateError::Angles { .. } => format!("{SPHERE}, or --metric plane"),
        CoordinateError::NotOnSphere { .. } => {
            format!("{SPHERE}, or --axes to tell which axis is which, for instance t,y,x")
        }
        CoordinateError::FacesOnSphere { .. } => {
            "--metric-datasets SX,SY[,SZ],DX,DY[,DZ][,V] for the faces; without --staggered for components at the points; \
             or --metric plane"
                .into()
        }
        CoordinateError::OneAngle { .. } => {
            format!("{SPHERE}; or --metric plane for a section along the other axis")
        }
        CoordinateError::NotHeights { .. } => {
            "--datasets U,V for each level on the sphere, --metric sphere with --spacing and --origin in degrees and \
             metres, or --metric plane --spacing DX,DY,DZ"
                .into()
        }
        _ => return None,
    })
}

/// Whether two shapes are those of components on the faces of one grid.
fn near(a: &[usize], b: &[usize]) -> bool {
    a.len() == b.len() && a != b && a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 1)
}

/// The first two arrays that could be components, by their shapes.
fn datasets(available: &Listing) -> String {
    let fields: Vec<_> = available.0.iter().filter(|(_, shape)| shape.len() > 1).collect();
    let pairs = || fields.windows(2).map(|pair| (pair[0], pair[1]));
    if let Some((a, b)) = pairs().find(|(a, b)| a.1 == b.1) {
        return format!("for instance --datasets {},{}", a.0, b.0);
    }
    match pairs().find(|(a, b)| near(&a.1, &b.1)) {
        Some((a, b)) => on_faces(&a.0, &b.0),
        None => "for instance --datasets u,v".into(),
    }
}

fn on_faces(first: &str, other: &str) -> String {
    format!(
        "if they are the components on the faces of an Arakawa C grid, --staggered --datasets {first},{other}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_that_differ_by_one_look_like_faces() {
        let of = |found: &[usize]| {
            hint(&FileError::Shapes {
                first: "u".into(),
                expected: vec![8, 11],
                other: "v".into(),
                found: found.into(),
            })
        };
        assert!(of(&[9, 10]).is_some_and(|text| text.ends_with("--staggered --datasets u,v")));
        assert_eq!((of(&[8, 20]), of(&[8])), (None, None));
    }
}
