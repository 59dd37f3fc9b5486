//! The option that settles what a file leaves open.

use crate::source::file::FileError;

/// What to type after an error of a file; `None` where no option helps.
pub fn hint(error: &FileError) -> Option<String> {
    let text = match error {
        FileError::Missing { .. } => {
            "--mask nan leaves them out as land, --mask DATASET names the cells that take part"
                .into()
        }
        FileError::Rank { example, .. } => format!("for instance --axes {example}"),
        FileError::AmbiguousShape { .. } => "--axes c,z,y,x or --axes t,c,y,x".into(),
        FileError::Dimensions { components: 3, .. } => "for instance --axes z,y,x".into(),
        FileError::Dimensions { .. } => "for instance --axes y,x, or --axes t,y,x".into(),
        FileError::Axes { .. } => "for instance --axes t,c,y,x".into(),
        FileError::CannotChoose { .. } | FileError::NoSuchDataset { .. } => {
            "for instance --datasets u,v".into()
        }
        FileError::NonUniform { .. } | FileError::FaceCoordinates { .. } => {
            "--spacing DX,DY[,DZ]".into()
        }
        FileError::Shapes { first, expected, other, found } if first != "the field" => {
            let near = |(a, b): (&usize, &usize)| a.abs_diff(*b) <= 1;
            let faces = expected.len() == found.len() && expected.iter().zip(found).all(near);
            faces.then(|| on_faces(first, other))?
        }
        FileError::Grids { first, other, .. } => on_faces(first, other),
        _ => return None,
    };
    Some(text)
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
