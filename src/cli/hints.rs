//! The option that settles what a file leaves open.

use crate::source::file::{FileError, Listing};

/// What to type after an error of a file; `None` where no option helps.
pub fn hint(error: &FileError) -> Option<String> {
    let text = match error {
        FileError::Missing { .. } => {
            "--mask nan leaves them out as land, --mask DATASET names the cells that take part"
                .into()
        }
        FileError::Rank { example, .. } => format!("--axes {example}"),
        FileError::AmbiguousShape { .. } => "--axes c,z,y,x or --axes t,c,y,x".into(),
        FileError::Dimensions { components: 3, .. } => "for instance --axes z,y,x".into(),
        FileError::Dimensions { .. } => "for instance --axes y,x, or --axes t,y,x".into(),
        FileError::Axes { .. } => "for instance --axes t,c,y,x".into(),
        FileError::CannotChoose { available, .. } | FileError::NoSuchDataset { available, .. } => {
            datasets(available)
        }
        FileError::NonUniform { .. } | FileError::FaceCoordinates { .. } => {
            "--spacing DX,DY[,DZ]".into()
        }
        FileError::Shapes { first, expected, other, found } if first != "the field" => {
            near(expected, found).then(|| on_faces(first, other))?
        }
        FileError::Grids { first, other, .. } => on_faces(first, other),
        _ => return None,
    };
    Some(text)
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
