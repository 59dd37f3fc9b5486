//! Models in ONNX files as fields: score and velocity networks, auto-encoders of any architecture.

mod batch;
mod error;
mod signature;

pub use error::OnnxError;

use crate::autoencoder::{Differentiable, MapField};
use rayon::prelude::*;
use signature::{Signature, load, signature};
use std::path::{Path, PathBuf};
use tract_onnx::prelude::*;

/// How the output r(x) of a model becomes a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnnxField {
    /// r(x) itself: score and velocity networks.
    Output,
    /// r(x) − x: auto-encoders and denoisers.
    Reconstruction,
}

/// A model R^D → R^D in an ONNX file: one input and one output of the same shape (points, …) in f32 or f64, the
/// product of the other axes being D; images are points. That the first axis counts points is checked: a point's output
/// must depend on that point alone, and on its values alone. A model of which all of the input is one point, such as the
/// forces on the atoms of a molecule, is read by [`OnnxModel::read_with`].
///
/// tract evaluates weights and operators, on all threads. The Jacobian is by central differences
/// with the step h = ∛ε max(1, |x_k|), ε being the machine epsilon of the model's numbers: the
/// error is of the order of h² times the third derivative plus ε/h times the output. Cost: one
/// evaluation a point for the field, 2 D for a Jacobian, also where only its products with vectors
/// are needed.
///
/// ```no_run
/// use hodge::{decomposition::{Method, decompose}, field::Layout, grid::{Axis, Grid, Topology}};
/// use hodge::source::{MapOnGrid, Source, onnx::{OnnxField, OnnxModel}};
/// let model = OnnxModel::read("score.onnx", OnnxField::Output)?;
/// let source = MapOnGrid::<2, _>::new(model)?;
/// let axis = Axis::over(-1.0, 1.0, 128, Topology::Bounded);
/// let field = source.sample(Grid::new([axis, axis])?, Layout::Faces);
/// let parts = decompose(&field, Method::Staggered)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct OnnxModel {
    plan: Arc<TypedRunnableModel>,
    path: PathBuf,
    input: Signature,
    kind: OnnxField,
}

impl OnnxModel {
    /// Reads a model whose first axis counts points, and evaluates it a few times to see that it does.
    ///
    /// # Errors
    /// If the file is not a model R^D → R^D, or has operators that tract does not have: in f64 it lacks
    /// Gemm (torch's `nn.Linear`), Sigmoid and Softplus among others.
    pub fn read(path: impl AsRef<Path>, kind: OnnxField) -> Result<OnnxModel, OnnxError> {
        OnnxModel::read_with(path, kind, None)
    }

    /// As [`OnnxModel::read`], with the shape of a point where it is given: all of the input, or all of it behind a first
    /// axis that counts points. It also settles axes whose length the file leaves open. D is the product of the shape.
    ///
    /// # Errors
    /// As there, and if the input has another shape.
    pub fn read_with(
        path: impl AsRef<Path>,
        kind: OnnxField,
        point: Option<&[usize]>,
    ) -> Result<OnnxModel, OnnxError> {
        let path = path.as_ref();
        let model = load(path)?;
        let input = signature(path, &model, point)?;
        let planned = |input: Signature| OnnxModel::planned(path, model.clone(), input, kind);
        let tried = planned(input.to_try())?;
        if let Some(why) = tried.coupling()? {
            let (path, input, shape) = (path.into(), input.words, input.stated);
            return Err(OnnxError::NoBatch { path, input, why, shape });
        }
        if tried.input.points == input.points { Ok(tried) } else { planned(input) }
    }

    /// The model for an input, evaluated once.
    fn planned(
        path: &Path,
        model: InferenceModel,
        input: Signature,
        kind: OnnxField,
    ) -> Result<OnnxModel, OnnxError> {
        let failed = |error: TractError| model_error(path, &error, input.double);
        let datum = if input.double { DatumType::F64 } else { DatumType::F32 };
        let plan = model
            .with_input_fact(0, InferenceFact::dt_shape(datum, &input.shape))
            .and_then(|model| model.into_optimized())
            .and_then(|model| model.into_runnable())
            .map_err(failed)?;
        let model = OnnxModel { plan, path: path.into(), input: input.clone(), kind };
        let found = model.run(&vec![0.0; model.dimension()]).map_err(failed)?;
        if found.shape() != input.shape || found.datum_type() != datum {
            let (shape, kind) = (found.shape(), found.datum_type());
            let found = format!(
                "{datum:?} of shape {:?} mapped to {kind:?} of shape {shape:?}",
                input.shape
            );
            return Err(OnnxError::Signature { path: path.into(), found });
        }
        Ok(model)
    }

    /// D.
    pub fn dimension(&self) -> usize {
        self.input.shape.iter().product::<usize>() / self.input.points
    }

    /// r at points of shape (points, D).
    ///
    /// # Errors
    /// If tract cannot evaluate the model.
    ///
    /// # Panics
    /// If the number of values is not a multiple of D.
    pub fn evaluate(&self, points: &[f64]) -> Result<Vec<f64>, OnnxError> {
        let d = self.dimension();
        assert_eq!(points.len() % d, 0, "points of {d} numbers each");
        let mut values = vec![0.0; points.len()];
        let size = self.input.points * d;
        (points.par_chunks(size).zip(values.par_chunks_mut(size)))
            .try_for_each(|(points, values)| {
                let found = self.run(points)?.cast_to::<f64>()?.into_owned();
                let found = found.to_plain_array_view::<f64>()?;
                values.iter_mut().zip(&found).for_each(|(value, &r)| *value = r);
                Ok(())
            })
            .map_err(|error| model_error(&self.path, &error, self.input.double))?;
        Ok(values)
    }

    /// As [`OnnxModel::evaluate`]; NaN where that fails.
    fn values(&self, points: &[f64]) -> Vec<f64> {
        self.evaluate(points).unwrap_or_else(|_| vec![f64::NAN; points.len()])
    }

    /// One evaluation; the batch is filled up with zeros.
    fn run(&self, points: &[f64]) -> TractResult<Tensor> {
        let mut filled = points.to_vec();
        filled.resize(self.input.shape.iter().product(), 0.0);
        let input = if self.input.double {
            Tensor::from_shape(&self.input.shape, &filled)?
        } else {
            let single: Vec<f32> = filled.iter().map(|&x| x as f32).collect();
            Tensor::from_shape(&self.input.shape, &single)?
        };
        let mut outputs = self.plan.run(tvec!(input.into()))?;
        Ok(outputs.remove(0).into_tensor())
    }

    /// The points x ± h e_k for the Jacobian at one point: k by k, first x + h e_k and then x − h e_k.
    fn stencil(&self, point: &[f64]) -> impl Iterator<Item = f64> {
        let step = self.precision().cbrt();
        // The position as the model sees it, so that the difference is divided by the true step.
        let seen = |x: f64| if self.input.double { x } else { f64::from(x as f32) };
        let moved = move |k: usize, sign: f64| {
            let at = move |(i, &x): (usize, &f64)| {
                seen(if i == k { x + sign * step * x.abs().max(1.0) } else { x })
            };
            point.iter().enumerate().map(at)
        };
        (0..point.len()).flat_map(move |k| moved(k, 1.0).chain(moved(k, -1.0)))
    }
}

fn model_error(path: &Path, error: &TractError, double: bool) -> OnnxError {
    let advice = if double { ". Models in f64 have few operators: export it in f32" } else { "" };
    OnnxError::Model { path: path.into(), reason: format!("{error:#}{advice}") }
}

impl Differentiable for OnnxModel {
    fn dimension(&self) -> usize {
        OnnxModel::dimension(self)
    }

    /// NaN where the model cannot be evaluated.
    fn jacobians(&self, points: &[f64]) -> Vec<f64> {
        let d = self.dimension();
        let mut jacobians = Vec::with_capacity(points.len() * d);
        // As many points at a time as fill some batches: bounds the memory.
        for points in points.chunks(d * (16 * self.input.points).div_ceil(2 * d)) {
            let moved: Vec<f64> = points.chunks(d).flat_map(|x| self.stencil(x)).collect();
            let values = self.values(&moved);
            for (moved, values) in moved.chunks(2 * d * d).zip(values.chunks(2 * d * d)) {
                let entry = |i: usize, k: usize| {
                    let (up, down) = (2 * k * d, (2 * k + 1) * d);
                    (values[up + i] - values[down + i]) / (moved[up + k] - moved[down + k])
                };
                jacobians.extend((0..d * d).map(|at| entry(at / d, at % d)));
            }
        }
        jacobians
    }

    fn is_reconstruction(&self) -> bool {
        self.kind == OnnxField::Reconstruction
    }

    fn precision(&self) -> f64 {
        if self.input.double { f64::EPSILON } else { f64::from(f32::EPSILON) }
    }
}

impl MapField for OnnxModel {
    /// NaN where the model cannot be evaluated.
    fn field(&self, points: &[f64]) -> Vec<f64> {
        let mut values = self.values(points);
        if self.is_reconstruction() {
            values.iter_mut().zip(points).for_each(|(r, x)| *r -= x);
        }
        values
    }
}
