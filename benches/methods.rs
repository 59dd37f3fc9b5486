//! Every method at a size that takes milliseconds: `cargo bench --bench methods`, about a minute. Criterion
//! compares with the run before; against other programs and at full sizes `benches/peers/run.py` measures.

use criterion::{Criterion, criterion_group, criterion_main};
use std::time::Duration;

#[path = "../examples/speed/cases.rs"]
mod cases;
#[path = "../examples/speed/holes.rs"]
mod holes;
#[path = "../examples/speed/solves.rs"]
mod solves;
#[path = "../examples/speed/studies.rs"]
mod studies;

/// A case ready to be timed.
pub struct Prepared {
    pub plan_seconds: f64,
    pub run: Box<dyn FnMut()>,
}

const SMALL: [(&str, usize); 11] = [
    ("spectral2d", 512),
    ("spectral3d", 64),
    ("noflux2d", 512),
    ("noflux3d", 64),
    ("cholesky2d", 256),
    ("cholesky3d", 24),
    ("multigrid2d", 256),
    ("multigrid3d", 32),
    ("autoencoder", 64),
    ("autoencoder-relu", 64),
    ("training", 200),
];

fn methods(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("methods");
    group.sample_size(10).warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(3));
    for (case, n) in SMALL {
        let mut prepared = cases::prepare(case, &[n], None).expect("a case that fits");
        println!("{case} {n}: planned in {:.4} s", prepared.plan_seconds);
        group.bench_function(format!("{case} {n}"), |bencher| bencher.iter(|| (prepared.run)()));
    }
    group.finish();
}

criterion_group!(benches, methods);
criterion_main!(benches);
