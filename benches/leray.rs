//! The periodic projection as a contender of `peers/compare.py`.
//!
//! `leray THREADS NX NY [NZ]` plans, says `ready SECONDS`, does one projection for each line of input and
//! prints its seconds; at the end of input it prints the energies and the product of the parts.

use hodge::transform::Leray;
use std::io::{BufRead, stdin};
use std::time::Instant;

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    match *numbers.as_slice() {
        [threads, nx, ny] => contend(threads, [nx, ny]),
        [threads, nx, ny, nz] => contend(threads, [nx, ny, nz]),
        _ => println!("leray THREADS NX NY [NZ]: run by benches/peers/compare.py"),
    }
}

fn contend<const D: usize>(threads: usize, shape: [usize; D]) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool");
    let points = shape.iter().product();
    let mut state = 12345_u64;
    let mut random = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    let input: [Vec<f64>; D] = std::array::from_fn(|_| (0..points).map(|_| random()).collect());
    let mut parts: [[Vec<f64>; D]; 2] =
        std::array::from_fn(|_| std::array::from_fn(|_| input[0].clone()));
    let start = Instant::now();
    let leray = Leray::new(shape, [std::f64::consts::TAU; D]);
    println!("ready {:.6}", start.elapsed().as_secs_f64());
    for _ in stdin().lock().lines() {
        let start = Instant::now();
        let [gradient, solenoidal] =
            parts.each_mut().map(|part| part.each_mut().map(|a| &mut a[..]));
        let input = input.each_ref().map(|a| &a[..]);
        let null = pool.install(|| leray.project(input, gradient, solenoidal));
        println!("{:.6}", start.elapsed().as_secs_f64());
        assert!(null.mean_square(0).is_finite());
    }
    let dot = |a: usize, b: usize| -> f64 {
        let arrays = parts[a].iter().flatten().zip(parts[b].iter().flatten());
        arrays.map(|(a, b)| a * b).sum::<f64>() / points as f64
    };
    let (g, s, gs) = (dot(0, 0), dot(1, 1), dot(0, 1));
    println!("gradient {g:.6} solenoidal {s:.6} cosine {:.1e}", gs / (g * s).sqrt());
}
