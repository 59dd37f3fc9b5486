//! The shares of a field in a box: plan, split, measure. `cargo run --release --no-default-features --example minimal`

use hodge::decomposition::Method;
use hodge::diagnostic::measure;
use hodge::field::{Layout, VectorField};
use hodge::grid::{Axis, Domain, Grid, Topology};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let axis = Axis::over(-1.0, 1.0, 64, Topology::Bounded);
    let domain = Domain::full(Grid::new([axis, axis])?);
    let field = VectorField::sample(*domain.grid(), Layout::Points, |[x, y]| [x - y, x * y]);
    let plan = Method::Staggered.plan(&domain, None, None)?;
    let parts = plan.decompose(&field)?;
    let shares = measure(&*plan, &field, &field, &parts).share_of_input;
    println!("gradient {:.3}, solenoidal {:.3}", shares.gradient, shares.solenoidal);
    println!("harmonic {:.3}, lost {:.1e}", shares.harmonic, shares.lost);
    Ok(())
}
