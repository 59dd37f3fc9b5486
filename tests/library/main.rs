//! The library from outside, in one program, so that fewer programs are linked.

mod backends;
mod bounded;
mod central;
mod circulations;
mod common;
mod contract;
mod conventions;
mod convergence;
mod exterior;
mod faulty;
mod files;
mod globe;
mod interpolation;
mod metric;
mod metric_cases;
#[path = "../needs/mod.rs"]
mod needs;
mod netcdf3;
mod norms;
mod parallel;
mod pieces;
mod properties;
mod real_files;
mod sampling;
mod shores;
mod sources;
mod spectral;
mod spectrum;
mod sphere;
mod staggered;
mod threads;
mod topology;
mod walled;
mod ways;
mod weighted;
mod wrong_methods;
