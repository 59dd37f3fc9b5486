//! What a model takes.

use super::{OnnxError, model_error};
use std::path::Path;
use tract_onnx::prelude::*;
use tract_onnx::tract_hir::internal::{DimFact, DimLike, Factoid};

/// Points evaluated together where the model leaves the number open.
const BATCH: usize = 256;

/// Points evaluated together, likewise, to see whether they are independent: this takes several evaluations.
const TRIED: usize = 4;

/// The input of a model, and what its axes are.
#[derive(Clone, Debug)]
pub(super) struct Signature {
    /// Of what is evaluated at once.
    pub shape: Vec<usize>,
    /// How many points that is.
    pub points: usize,
    pub double: bool,
    /// As the file has it.
    pub stated: Vec<Option<usize>>,
    pub words: String,
}

impl Signature {
    /// With fewer points where their number is open.
    pub fn to_try(&self) -> Signature {
        let mut tried = self.clone();
        if self.points > TRIED && self.stated.first() == Some(&None) {
            (tried.points, tried.shape[0]) = (TRIED, TRIED);
        }
        tried
    }
}

/// The model, with the advice of the system where the file cannot be opened.
pub(super) fn load(path: &Path) -> Result<InferenceModel, OnnxError> {
    let open = |source| OnnxError::Open { path: path.into(), source };
    let file = std::fs::metadata(path).map_err(open)?;
    if !file.is_file() {
        return Err(open(std::io::Error::other("expected a file")));
    }
    std::fs::File::open(path).map_err(open)?;
    // Exporters write names for the number of points, which is fixed here, in the shapes of every value.
    let reader = tract_onnx::onnx().with_ignore_output_shapes(true).with_ignore_value_info(true);
    reader.model_for_path(path).map_err(|error| model_error(path, &error, false))
}

/// The input of a model, with points of that shape if one is given.
pub(super) fn signature(
    path: &Path,
    model: &InferenceModel,
    point: Option<&[usize]>,
) -> Result<Signature, OnnxError> {
    let found = |found| OnnxError::Signature { path: path.into(), found };
    let fact = fact(model).map_err(|error| model_error(path, &error, false))?.map_err(found)?;
    let words = format!("an input {}", fact.format_dt_shape());
    let double = match fact.datum_type.concretize() {
        Some(DatumType::F64) => true,
        Some(DatumType::F32) => false,
        _ => return Err(found(words)),
    };
    let size = |dim: &DimFact| dim.concretize().and_then(|dim| dim.to_usize().ok());
    let stated: Vec<Option<usize>> = fact.shape.dims().map(size).collect();
    let fitted = match point {
        None => batch(&stated).ok_or_else(|| found(words.clone())),
        Some(point) => of_points(&stated, point).ok_or_else(|| OnnxError::PointShape {
            path: path.into(),
            found: words.clone(),
            point: point.into(),
        }),
    };
    match fitted {
        Ok((shape, points)) if !fact.shape.is_open() && !shape.contains(&0) => {
            Ok(Signature { shape, points, double, stated, words })
        }
        Ok(_) => Err(found(words)),
        Err(error) => Err(error),
    }
}

/// That of the only input of a model with one output; else what was found instead.
fn fact(model: &InferenceModel) -> TractResult<Result<&InferenceFact, String>> {
    let (inputs, outputs) = (model.input_outlets()?.len(), model.output_outlets()?.len());
    Ok(match (inputs, outputs) {
        (1, 1) => Ok(model.input_fact(0)?),
        _ => Err(format!("{inputs} inputs and {outputs} outputs")),
    })
}

/// Shape and points of an input whose first axis counts these and alone may be of any length.
fn batch(stated: &[Option<usize>]) -> Option<(Vec<usize>, usize)> {
    let [points, point @ ..] = stated else { return None };
    let points = points.unwrap_or(BATCH);
    let point: Option<Vec<usize>> = point.iter().copied().collect();
    let point = point.filter(|point| !point.is_empty())?;
    Some(([&[points], &point[..]].concat(), points))
}

/// The same of points of that shape, alone or behind an axis that counts them.
fn of_points(stated: &[Option<usize>], point: &[usize]) -> Option<(Vec<usize>, usize)> {
    let before = stated.len().checked_sub(point.len()).filter(|axes| *axes <= 1)?;
    let fits =
        stated[before..].iter().zip(point).all(|(axis, n)| axis.is_none_or(|axis| axis == *n));
    let points = stated[..before].iter().map(|axis| axis.unwrap_or(BATCH)).collect::<Vec<usize>>();
    fits.then(|| ([&points[..], point].concat(), points.first().copied().unwrap_or(1)))
}
