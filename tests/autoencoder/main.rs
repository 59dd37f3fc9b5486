//! Auto-encoders: closed forms, Jacobians, conditions; weight files, training, checkpoints.

mod commands;
mod files;
mod mathematics;
