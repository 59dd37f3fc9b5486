//! Times one library call in memory on random input:
//! `cargo run --release --example speed -- CASE N [--precision f32]`.
//!
//! | case | what is timed on N cells along each axis |
//! |---|---|
//! | `spectral2d`, `spectral3d` | [`Leray::project`]: gradient and solenoidal part of a periodic field |
//! | `noflux2d`, `noflux3d` | [`WalledProjection::project`]: the same on a box, staggered, with the potential |
//! | `cholesky2d`, `cholesky3d` | one solve of the box's Poisson equation; the plan analyses and factors |
//! | `multigrid2d`, `multigrid3d` | the same by multigrid, to 1e-10 of the right-hand side |
//! | `autoencoder` | field and Jacobian of a sigmoid 2→1000→2 network at N² points |
//!
//! After a warm-up each is repeated at least 7 times, and on until half a second has passed. One JSON object is printed: `case, n,
//! threads, plan_seconds, min_seconds, median_seconds, peak_memory_bytes`, the last for the whole process with its
//! input and outputs. `RAYON_NUM_THREADS` sets the threads. Single precision (`f32`) is there for the spectral cases.
//!
//! [`Leray::project`]: hodge::transform::Leray::project
//! [`WalledProjection::project`]: hodge::transform::WalledProjection::project

mod cases;

use std::process::ExitCode;
use std::time::Instant;

/// A case ready to be timed.
pub struct Prepared {
    pub plan_seconds: f64,
    /// Does the work once.
    pub run: Box<dyn FnMut()>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match request(&arguments).and_then(|(case, n, precision)| {
        Ok((case, n, precision, cases::prepare(case, n, precision)?))
    }) {
        Ok((case, n, precision, prepared)) => {
            report(case, n, precision, prepared);
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn request(arguments: &[String]) -> Result<(&str, usize, &str), String> {
    let usage =
        format!("speed CASE N [--precision f32], CASE being one of {}", cases::NAMES.join(", "));
    let (case, n, precision) = match arguments {
        [case, n] => (case, n, "f64"),
        [case, n, option, precision] if option == "--precision" => (case, n, precision.as_str()),
        _ => return Err(format!("expected {usage}; found {arguments:?}")),
    };
    let n = n.parse().ok().filter(|n| *n > 0);
    let n = n.ok_or_else(|| format!("N must be a positive number; expected {usage}"))?;
    Ok((case, n, precision))
}

fn report(case: &str, n: usize, precision: &str, mut prepared: Prepared) {
    (prepared.run)();
    let mut seconds = Vec::new();
    while seconds.len() < 7 || seconds.iter().sum::<f64>() < 0.5 {
        let start = Instant::now();
        (prepared.run)();
        seconds.push(start.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    let object = serde_json::json!({
        "case": case,
        "n": n,
        "precision": precision,
        "threads": rayon::current_num_threads(),
        "repeats": seconds.len(),
        "plan_seconds": prepared.plan_seconds,
        "min_seconds": seconds[0],
        "median_seconds": seconds[seconds.len() / 2],
        "peak_memory_bytes": hodge::diagnostic::peak_memory_bytes(),
    });
    println!("{object}");
}
