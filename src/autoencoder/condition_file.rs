//! The matrices of the sufficient conditions as an HDF5 file.

use super::conditions::Matrices;
use super::{AutoencoderError, Network};
use crate::machine::{Temporary, ensure_memory};
use faer::Mat;
use std::path::Path;

/// What is kept of one point.
struct AtPoint {
    c: Vec<f64>,
    eigenvalues: Vec<f64>,
    lambda: Vec<f64>,
    off_diagonal: f64,
    e: Option<Vec<f64>>,
    rank: f64,
}

impl Network {
    /// Writes the matrices of the sufficient conditions at n points (shape (n, D)):
    ///
    /// | dataset | shape | meaning |
    /// |---|---|---|
    /// | `e` | (H) | e_l = (r_l·w_l)/\|w_l\|² of R = W diag(e), eq. 9 of the supplement |
    /// | `points` | (n, D) | where the others hold |
    /// | `rank` | (n) | of Ŵ = W diag(h′) |
    /// | `C` | (n, D, D) | Ŵ Rᵀ (ŴŴᵀ)⁻¹, with the pseudo-inverse where the rank is below D |
    /// | `eigenvalues` | (n, D) | of ŴŴᵀ, descending |
    /// | `Lambda` | (n, D) | diagonal of QᵀCQ, Q its eigenvectors: Λ of eq. 8; 0 beyond the rank |
    /// | `Lambda_off_diagonal` | (n) | share of ‖QᵀCQ‖² off the diagonal |
    /// | `E` | (n, H, H) | Ŵ⁺R, the supplement's E transposed; only if Ŵ has rank H at every point |
    ///
    /// # Errors
    /// With more than one hidden layer, with other numbers than make points, if the matrices do not fit into memory or the
    /// file cannot be written.
    pub fn write_conditions(
        &self,
        path: impl AsRef<Path>,
        points: &[f64],
        overwrite: bool,
    ) -> Result<(), AutoencoderError> {
        let (path, d) = (path.as_ref(), self.dimension());
        let found = self.layers().len() - 1;
        let Some(e) = self.diagonal() else { return Err(AutoencoderError::HiddenLayers { found }) };
        if points.is_empty() || !points.len().is_multiple_of(d) {
            return Err(AutoencoderError::PointCount { dimension: d, found: points.len() });
        }
        let (count, units) = (points.len() / d, e.len());
        let squares = (2 * d * d + if units <= d { 2 * units * units } else { 0 }) as f64;
        ensure_memory(8.0 * squares * count as f64).map_err(|shortage| {
            AutoencoderError::Memory { what: format!("C at {count} points"), shortage }
        })?;
        let all: Vec<AtPoint> =
            points.chunks(d).filter_map(|x| self.matrices(x)).map(AtPoint::of).collect();
        let temporary = Temporary::create(path, overwrite)?;
        save(temporary.path(), (&e, points, d), &all)
            .map_err(|source| AutoencoderError::Hdf5 { path: path.to_path_buf(), source })?;
        temporary.commit()?;
        Ok(())
    }
}

impl AtPoint {
    fn of(matrices: Matrices) -> AtPoint {
        let Matrices { hat, c, basis, e, rank } = matrices;
        let d = hat.nrows();
        let turned = basis.transpose() * &c * &basis;
        let along = hat.transpose() * &basis;
        let square = |k: usize| if k < rank { along.col(k).squared_norm_l2() } else { 0.0 };
        AtPoint {
            c: row_major(&c),
            eigenvalues: (0..d).map(square).collect(),
            lambda: (0..d).map(|k| if k < rank { turned[(k, k)] } else { 0.0 }).collect(),
            off_diagonal: super::conditions::off_diagonal(&turned),
            e: e.as_ref().map(row_major),
            rank: rank as f64,
        }
    }
}

fn row_major(matrix: &Mat<f64>) -> Vec<f64> {
    let columns = matrix.ncols();
    (0..matrix.nrows() * columns).map(|at| matrix[(at / columns, at % columns)]).collect()
}

fn save(path: &Path, (e, points, d): (&[f64], &[f64], usize), all: &[AtPoint]) -> hdf5::Result<()> {
    let file = hdf5::File::create(path)?;
    let write = |name: &str, shape: &[usize], values: &[f64]| {
        file.new_dataset::<f64>().shape(shape.to_vec()).create(name)?.write_raw(values)
    };
    let joined = |of: fn(&AtPoint) -> &[f64]| all.iter().flat_map(of).copied().collect::<Vec<_>>();
    let each = |of: fn(&AtPoint) -> f64| all.iter().map(of).collect::<Vec<_>>();
    let (n, units) = (all.len(), e.len());
    write("e", &[units], e)?;
    write("points", &[n, d], points)?;
    write("rank", &[n], &each(|at| at.rank))?;
    write("C", &[n, d, d], &joined(|at| &at.c))?;
    write("eigenvalues", &[n, d], &joined(|at| &at.eigenvalues))?;
    write("Lambda", &[n, d], &joined(|at| &at.lambda))?;
    write("Lambda_off_diagonal", &[n], &each(|at| at.off_diagonal))?;
    if all.iter().all(|at| at.e.is_some()) {
        write("E", &[n, units, units], &joined(|at| at.e.as_deref().unwrap_or_default()))?;
    }
    file.close()
}
