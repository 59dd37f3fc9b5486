//! Times one library call in memory on random input:
//! `cargo run --release --example speed -- CASE N`, N being cells along each axis or, as in 360x181, along x, y and z.
//!
//! | case | what is timed |
//! |---|---|
//! | `spectral2d`, `spectral3d` | [`LerayProjection::project`]: gradient and solenoidal part of a periodic field |
//! | `noflux2d`, `noflux3d` | [`MacProjection::project`]: the same on a box, staggered, with the potential |
//! | `parallel2d`, `parallel3d` | [`ParallelProjection::project`]: the same with the three parts of normal-parallel |
//! | `decompose2d`, `decompose3d` | [`Decompose::decompose_into`]: point samples of a periodic field to all parts and the potential |
//! | `decompose-walls2d`, `decompose-walls3d` | the same on a box, with the shares under every convention |
//! | `decompose-masked2d` | the same around a disc, by Cholesky |
//! | `holes` | plan and parts under every convention of a square with holes of one cell: N is cells along an axis and holes, such as 256x1000 |
//! | `measure…` | [`measure_every`]: the evidence for each of these |
//! | `whole2d`, `whole3d` | a periodic file read, decomposed, measured and written, in the folder for temporary files |
//! | `series-cholesky2d` | one more field on a plan, no-flux, whose solve is that of `cholesky2d` |
//! | `cholesky2d`, `cholesky3d` | one solve of the box's Poisson equation; the plan analyses and factors |
//! | `multigrid2d`, `multigrid3d` | the same by multigrid, to 1e-10 of the right-hand side |
//! | `solve-globe`, `solve-shell` | one solve by modes and tridiagonal systems: a globe, N being longitudes x latitudes, and its shell |
//! | `solve-box2d`, `solve-box3d`, `solve-channel2d`, `solve-channel3d` | the same on axes whose widths grow tenfold: all of them, or y between periodic ones |
//! | `autoencoder`, `autoencoder-relu` | field and Jacobian of a sigmoid or ReLU 2→1000→2 network at N² points |
//! | `training` | one epoch of a 784–500–784 network on N points, in single precision |
//!
//! After a warm-up each is repeated at least 7 times and for at least half a second. One JSON
//! object is printed: `case, n, threads, plan_seconds, min_seconds, median_seconds,
//! peak_memory_bytes`, the last for the whole process with its input and outputs.
//! `RAYON_NUM_THREADS` sets the threads. `--precision f32` is for the spectral cases; it is refused
//! where a case is not computed in it.
//!
//! With `--turns` the work is done once for each line of input and its seconds are printed, after `ready SECONDS` for the plan: so
//! `benches/peers/run.py` gives programs their turns.
//!
//! [`Decompose::decompose_into`]: hodge::decomposition::Decompose::decompose_into
//! [`measure_every`]: hodge::diagnostic::measure_every
//! [`LerayProjection::project`]: hodge::projection::LerayProjection::project
//! [`ParallelProjection::project`]: hodge::projection::ParallelProjection::project
//! [`MacProjection::project`]: hodge::projection::MacProjection::project

mod cases;
mod holes;
mod solves;
mod studies;

use std::process::ExitCode;
use std::time::Instant;

/// A case ready to be timed.
pub struct Prepared {
    pub plan_seconds: f64,
    /// Does the work once.
    pub run: Box<dyn FnMut()>,
}

/// What was asked for.
struct Request {
    case: String,
    shape: Vec<usize>,
    precision: Option<String>,
    turns: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let prepared = request(&arguments).and_then(|request| {
        let prepared = cases::prepare(&request.case, &request.shape, request.precision.as_deref())?;
        Ok((request, prepared))
    });
    match prepared {
        Ok((request, prepared)) if request.turns => turns(prepared),
        Ok((request, prepared)) => report(&request, prepared),
        Err(message) => {
            eprintln!("error: {message}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn request(arguments: &[String]) -> Result<Request, String> {
    let usage = format!(
        "speed CASE N [--precision f64|f32] [--turns], CASE being one of {}",
        cases::NAMES.join(", ")
    );
    let [case, n, options @ ..] = arguments else {
        return Err(format!("expected {usage}; found {arguments:?}"));
    };
    let shape: Vec<usize> = n.split('x').filter_map(|n| n.parse().ok()).collect();
    if shape.len() != n.split('x').count() || shape.contains(&0) {
        return Err(format!(
            "N must be a positive number or several as 360x181, found {n}; expected {usage}"
        ));
    }
    let mut request = Request { case: case.clone(), shape, precision: None, turns: false };
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match (option.as_str(), options.as_slice().first()) {
            ("--turns", _) => request.turns = true,
            ("--precision", Some(value)) => {
                request.precision = Some(value.clone());
                options.next();
            }
            _ => return Err(format!("there is no option {option}; expected {usage}")),
        }
    }
    Ok(request)
}

fn timed(run: &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64()
}

/// One call for each line of input.
fn turns(mut prepared: Prepared) {
    println!("ready {:.6}", prepared.plan_seconds);
    for _ in std::io::stdin().lines() {
        println!("{:.6}", timed(&mut prepared.run));
    }
}

fn report(request: &Request, mut prepared: Prepared) {
    (prepared.run)();
    let mut seconds = Vec::new();
    while seconds.len() < 7 || seconds.iter().sum::<f64>() < 0.5 {
        seconds.push(timed(&mut prepared.run));
    }
    seconds.sort_by(f64::total_cmp);
    let n = match request.shape[..] {
        [n] => serde_json::json!(n),
        _ => serde_json::json!(request.shape),
    };
    let object = serde_json::json!({
        "case": request.case,
        "n": n,
        "threads": rayon::current_num_threads(),
        "repeats": seconds.len(),
        "plan_seconds": prepared.plan_seconds,
        "min_seconds": seconds[0],
        "median_seconds": seconds[seconds.len() / 2],
        "peak_memory_bytes": hodge::machine::peak_memory_bytes(),
    });
    println!("{object}");
}
