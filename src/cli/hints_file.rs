//! The option that settles what an error of a file leaves open.

use super::info_commands::{near, quoted};
use super::missing_file;
use super::nearest::nearest;
use crate::machine::{Limit, Shortage};
use crate::source::file::{
    AxesProblem, CoordinateError, FileError, Listing, MaskError, TableError, are_partners,
    describes_grid,
};
use std::path::Path;

/// How a sphere is said to be one where the file does not say it.
const SPHERE: &str = "--metric sphere with --spacing and --origin in degrees";

/// Lengths and areas of faces.
const SIZES: &str = "--metric-datasets SX,SY[,SZ],DX,DY[,DZ][,V]";

/// Spacings in the place of coordinates.
const SPACING: &str = "--spacing DX,DY[,DZ]";

/// The option to add after an error of a file.
pub fn of_file(error: &FileError) -> Option<String> {
    let text = match error {
        FileError::NotFound { path } => missing_file::meant(path)?,
        FileError::Missing { .. } => {
            "--mask nan leaves those cells out as land, --mask DATASET names the cells that take part, --fill-gaps 2 \
             fills small holes"
                .into()
        }
        FileError::NothingThere { others, .. } if others.len() == 2 => {
            format!("without it --datasets {}", others.join(","))
        }
        FileError::LikelyFill { number, .. } => {
            format!("--fill-value {number}, with --mask nan where it stands for land")
        }
        FileError::Mask(error) => of_mask(error),
        FileError::Rank { example, .. } => format!("for instance --axes {example}"),
        FileError::AmbiguousShape { .. } => "--axes c,z,y,x or --axes t,c,y,x".into(),
        FileError::Dimensions { components: 3, dimensions, .. } if dimensions.iter().all(|d| d == "?") => {
            "--axes y,x,z for arrays on a grid of meshgrid, --axes x,y,z on one of ndgrid".into()
        }
        FileError::Dimensions { components: 3, .. } => "for instance --axes z,y,x".into(),
        FileError::Dimensions { .. } => "for instance --axes y,x, or --axes t,y,x".into(),
        FileError::Axes { problem: AxesProblem::AgainstName { .. }, .. } => {
            "leave --axes out, or give letters that agree".into()
        }
        FileError::Axes { .. } => "for instance --axes t,c,y,x".into(),
        FileError::CannotChoose { path, candidates, available } => {
            format!("{}; {}", datasets(candidates, available), see(path))
        }
        FileError::NoSuchDataset { path, name, available } => {
            let names = available.0.iter().map(|(name, _)| name.as_str());
            match nearest(name, names) {
                Some(near) => format!("the nearest name is {near}; {}", see(path)),
                None => see(path),
            }
        }
        FileError::DatasetCount { .. } | FileError::FaceDatasets { .. } => {
            "--datasets U,V for a field in 2D, --datasets U,V,W in 3D".into()
        }
        FileError::FaceShapes(_) => "--periodic AXES declares them, for instance --periodic x".into(),
        FileError::Shapes { first, expected, other, found } if first != "the field" => {
            near(expected, found).then(|| on_faces((first, expected), (other, found)))?
        }
        FileError::Shapes { expected, found, .. } => of_mask_shape(expected, found),
        FileError::Table(error) => return of_table(error),
        FileError::Coordinates(error) => return of_coordinates(error),
        FileError::Memory { shortage, .. } => of_shortage(shortage)?.into(),
        _ => return None,
    };
    Some(text)
}

/// The way out for a mask of another shape: where its axes are only in another order, that order.
fn of_mask_shape(expected: &[usize], found: &[usize]) -> String {
    let turned = found.iter().rev().eq(expected);
    let way = "its axes are in the opposite order of the field's: save it turned, as with numpy.save(\"mask.npy\", mask.T), and give --mask mask.npy";
    let plain = "--mask DATASET takes one of the shape of the field";
    if turned { format!("{plain}; {way}") } else { plain.into() }
}

fn of_mask(error: &MaskError) -> String {
    match error {
        MaskError::NotBinary { name, least, found, .. } if *least < 0.0 || *found > 1.0 => {
            format!("for instance --mask \"{name}>0\", or \"{name}==1\"")
        }
        MaskError::NotBinary { name, .. } => format!("for instance --mask \"{name}>0.5\""),
        MaskError::Condition { .. } => "for instance --mask \"mask>0.5\"".into(),
        MaskError::Varies { .. } => {
            "--mask DATASET takes one of the shape of the field; of one with more axes save a level by itself, as with \
             numpy.save(\"mask.npy\", mask[0]), and give --mask mask.npy"
                .into()
        }
        MaskError::WhichArray { file, .. } => format!("--mask {}:NAME", file.display()),
    }
}

fn of_table(error: &TableError) -> Option<String> {
    match error {
        TableError::Marks { name, binary: true, .. } => Some(format!(
            "--mask \"{name}\" where 1 marks vectors that count, or --mask \"!{name}\" where 0 does"
        )),
        TableError::Marks { name, .. } => Some(format!(
            "--mask \"{name}==0\" where 0 marks vectors that count, or --mask \"{name}!=0\" where the others do"
        )),
        _ => None,
    }
}

/// The option that sets the limit of memory, where one was set.
pub fn of_shortage(shortage: &Shortage) -> Option<&'static str> {
    matches!(shortage.at_hand.limit, Limit::Asked(_)).then_some("--memory sets the limit")
}

fn of_coordinates(error: &CoordinateError) -> Option<String> {
    Some(match error {
        CoordinateError::Order { .. }
        | CoordinateError::NonUniform { .. }
        | CoordinateError::Faces { .. } => format!("{SPACING} in the place of coordinates"),
        CoordinateError::Units { .. } => format!("{SPACING} in one unit in their place"),
        CoordinateError::Length { .. } => {
            format!("--axes where the axes of the array are others; {SPACING} in the place of coordinates")
        }
        CoordinateError::Curvilinear { distances, .. } => {
            let numbers: Vec<String> = distances.iter().map(f64::to_string).collect();
            let spacing = match &numbers[..] {
                [] => SPACING.into(),
                numbers => format!("--spacing {}, as the file states,", numbers.join(",")),
            };
            format!("{SIZES}; {spacing} takes it as a plane of equal cells all the same")
        }
        CoordinateError::LikelyCoordinates { names, .. } => {
            let sphere = names.iter().any(|name| is_spherical(name));
            let globe = if sphere { "; for angles on a sphere --metric sphere with --spacing and --origin in degrees" } else { "" };
            format!(
                "{SPACING}, or rename them x, y[, z]; --spacing 1 where they are something else{globe}"
            )
        }
        CoordinateError::Step { reason, .. } if reason.contains("angle") => {
            "--metric sphere with --spacing and --origin in degrees".into()
        }
        CoordinateError::Step { .. } => format!("{SPACING}; {SIZES} where cells are unlike"),
        CoordinateError::HalfPlaced { .. } => format!("{SPACING} for all axes"),
        CoordinateError::Geometry { .. } => SIZES.into(),
        CoordinateError::NoSuchAxis { axis, names, .. } => {
            let near = nearest(axis, names.iter().map(String::as_str));
            near.map_or("--select".into(), |near| format!("--select {near}=FROM:TO"))
        }
        CoordinateError::NothingSelected { .. } | CoordinateError::SelectedFaces { .. } => {
            "--select".into()
        }
        CoordinateError::TurnedAxes { .. } => {
            "--angle DATASET or --angle DEGREES, the angle of x from the east, counterclockwise".into()
        }
        CoordinateError::Angle { .. } => {
            "--angle DATASET, radians or with units of degrees on the points of a level, or --angle DEGREES; --angle 0 leaves them as they are"
                .into()
        }
        CoordinateError::NotDown { .. } => "leave --y out".into(),
        CoordinateError::Count { what, .. } | CoordinateError::Value { what, .. } => format!("--{what}"),
        CoordinateError::UnevenOrigin { .. } => format!("leave --origin out, or {SPACING} as well"),
        CoordinateError::GivenMetric { .. } => {
            "--metric-datasets SX,SY[,SZ],DX,DY[,DZ][,V], each as FILE::NAME where another file has it; \
             or --metric plane"
                .into()
        }
        CoordinateError::FlatDegrees { .. } => "--metric sphere, or --metric plane".into(),
        CoordinateError::Results { .. } => {
            "--periodic, --metric or --radius for both; or --datasets for one of them".into()
        }
        CoordinateError::Differ { first, other, half: true, .. } => {
            on_faces((first, &[]), (other, &[]))
        }
        _ => return of_angles(error),
    })
}

/// Likewise where coordinates are angles.
fn of_angles(error: &CoordinateError) -> Option<String> {
    Some(match error {
        CoordinateError::Angles { given: true, .. } => {
            "leave --spacing and --origin out to take the coordinates of the file, longitude and latitude as a sphere; \
             --metric plane takes the spacing as that of a plane"
                .into()
        }
        CoordinateError::Angles { coordinates, .. } if coordinates.contains("enough for radians") => {
            "--metric sphere takes them as degrees, --metric plane as lengths; for radians write the units `radians` into the file"
                .into()
        }
        CoordinateError::Angles { coordinates, .. }
            if ["colat", "theta"].iter().any(|word| coordinates.to_lowercase().contains(word)) =>
        {
            format!(
                "where theta is a colatitude, store latitudes, 90 less theta, and the component to the north, the opposite of \
                 that along theta; {SPHERE}; --metric plane takes the angles as lengths all the same"
            )
        }
        CoordinateError::Angles { whole_circle: Some(axis), .. } => {
            format!("{SPHERE}; --metric plane --periodic {axis} takes the angles as lengths all the same")
        }
        CoordinateError::Angles { .. } => {
            format!("{SPHERE}; --metric plane takes the angles as lengths all the same")
        }
        CoordinateError::PerhapsGlobe { .. } => {
            "--metric sphere if they are, --metric plane if they are lengths".into()
        }
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

/// Names of angles on a sphere, without a unit.
fn is_spherical(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    ["theta", "phi", "lam", "colat", "azimuth", "lon", "lat"].iter().any(|word| name.contains(word))
}

/// What lists all that a file has.
fn see(path: &Path) -> String {
    format!("`hodge info {}` tells what the file has", quoted(&path.display().to_string()))
}

/// The first of several candidates, or arrays that could be components by their names or else their shapes.
fn datasets(candidates: &[String], available: &Listing) -> String {
    let fields = available.0.iter().filter(|(_, shape)| shape.len() > 1);
    let fields: Vec<_> = fields.filter(|(name, _)| !describes_grid(name)).collect();
    let called = || {
        let first =
            |a: &(String, Vec<usize>)| fields.iter().find(|b| are_partners(&a.0, &b.0)).copied();
        fields.iter().find_map(|a| Some((*a, first(a)?)))
    };
    let pairs = || called().into_iter().chain(fields.windows(2).map(|pair| (pair[0], pair[1])));
    let alike = || pairs().find(|(a, b)| a.1 == b.1).map(|(a, b)| format!("{},{}", a.0, b.0));
    let named = candidates.iter().find(|set| set.contains(',')).cloned();
    let faces = pairs().find(|(a, b)| near(&a.1, &b.1));
    let called_faces = called().is_some_and(|(a, b)| near(&a.1, &b.1));
    let named = named.or_else(|| alike().filter(|_| candidates.is_empty() && !called_faces));
    match (named, faces) {
        (None, Some((a, b))) => on_faces((&a.0, &a.1), (&b.0, &b.1)),
        (named, _) => {
            let any = named.or_else(|| candidates.first().cloned()).or_else(alike);
            match any {
                Some(names) => format!("for instance --datasets {names}"),
                None => {
                    "--datasets U,V, each as FILE::NAME where another file beside it has it".into()
                }
            }
        }
    }
}

fn on_faces((first, shape): (&str, &[usize]), (other, other_shape): (&str, &[usize])) -> String {
    // Component x has more values along the last axis, unless the first axis is x.
    let called = are_partners(first, other) || are_partners(other, first);
    let x_first =
        if called { are_partners(first, other) } else { shape.last() >= other_shape.last() };
    let ([first, other], [a, b]) = match x_first {
        true => ([first, other], [shape, other_shape]),
        false => ([other, first], [other_shape, shape]),
    };
    let axes = match (a.len(), a.last() < b.last()) {
        (2, true) => " --axes x,y",
        (3, true) => " --axes x,y,z",
        _ => "",
    };
    format!(
        "if they are the components on the faces of an Arakawa C grid, --staggered --datasets {first},{other}{axes}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_that_differ_by_one_look_like_faces() {
        let of = |expected: &[usize], found: &[usize]| {
            of_file(&FileError::Shapes {
                first: "a".into(),
                expected: expected.into(),
                other: "b".into(),
                found: found.into(),
            })
        };
        let ends = |text: Option<String>, end: &str| text.is_some_and(|text| text.ends_with(end));
        assert!(ends(of(&[8, 11], &[9, 10]), "--staggered --datasets a,b"));
        assert!(ends(of(&[9, 10], &[8, 11]), "--staggered --datasets b,a"));
        assert_eq!((of(&[8, 11], &[8, 20]), of(&[8, 11], &[8])), (None, None));
    }
}
