//! Auto-encoders: closed forms, Jacobians, conditions; weight files, training, checkpoints.

mod files;
mod mathematics;
