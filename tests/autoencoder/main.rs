//! Auto-encoders: closed forms, Jacobians, conditions; weight files, ONNX models, training, checkpoints, interruption.

mod commands;
mod density;
mod files;
mod helix;
mod kinds;
mod learned;
mod mathematics;
#[allow(dead_code)]
#[path = "../needs/mod.rs"]
mod needs;
mod onnx;
#[cfg(feature = "onnx")]
mod onnx_points;
mod point_files;
#[path = "../library/common/random.rs"]
mod random;
mod readings;
mod sampled;
mod score_maps;
mod scores;
mod slices;
mod split;
mod training;

/// Locked while a program runs and while a test has an HDF5 file open: the program would inherit
/// the lock of the file.
static HDF5_OR_PROGRAM: std::sync::Mutex<()> = std::sync::Mutex::new(());

fn alone() -> std::sync::MutexGuard<'static, ()> {
    HDF5_OR_PROGRAM.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
