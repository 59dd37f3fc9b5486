//! What docs/readings.md says about the supplement, on networks whose numbers are known by hand.

use hodge::autoencoder::conservativeness::Symmetry;
use hodge::autoencoder::{Activation, Layer, Network, Verdict};
use hodge::field::{Layout, VectorField};
use hodge::grid::{Axis, Domain, Grid, Topology};
use hodge::operator;

/// r(x) = R h(Wᵀx + b) with the rows w_l of the encoder and the rows of R.
fn network(w: &[[f64; 2]], b: &[f64], r: [&[f64]; 2], activation: Activation) -> Network {
    let encoder = Layer { weight: w.concat(), bias: b.to_vec(), inputs: 2 };
    let decoder = Layer { weight: r.concat(), bias: vec![0.0; 2], inputs: w.len() };
    Network::new(vec![encoder, decoder], vec![activation], false).unwrap()
}

/// Eq. 6 and 7 with the sums up to D: in the plane and for pairs with the last coordinate there is a curl.
#[test]
fn the_curl_has_all_pairs_and_the_sign_of_eq_5() {
    let turn = Symmetry::of_output(2, &[0.0, -1.0, 1.0, 0.0]);
    assert_eq!(turn.curl_squared, 4.0, "of (-y, x); sums to j < D leave no pair");
    let last = Symmetry::of_output(3, &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(last.curl_squared, 1.0, "of (0, 0, x); sums to j < D leave the pair (1, 2) alone");
    // What the released `get_curl2` adds, the squares of both derivatives, is 2 of the gradient (y, x).
    assert_eq!(Symmetry::of_output(2, &[0.0, 1.0, 1.0, 0.0]).curl_squared, 0.0);
    let axis = Axis::over(-1.0, 1.0, 8, Topology::Bounded);
    let grid = Grid::new([axis, axis]).unwrap();
    let field = VectorField::sample(grid, Layout::Points, |[x, y]| [-y, x]);
    let curl = operator::curl_at_points(&field, &Domain::full(grid), [0, 1]).unwrap();
    // NaN along the walls, where no central difference reaches.
    let inside: Vec<f64> = curl.values().iter().copied().filter(|value| !value.is_nan()).collect();
    assert!(inside.len() == 36 && inside.iter().all(|value| (value - 2.0).abs() < 1e-12));
}

/// W = ((1, 1), (0, 3)), slopes 1 and 1/5 at 0. WŴᵀ is a multiple of ((6, 3), (3, 9)), ŴŴᵀ of ((26, 3), (3, 9)). C without trace that
/// commutes with the first: ((−1, 2), (2, 1)), and J = C ŴŴᵀ is a multiple of ((−20, 15), (55, 15)): ‖J‖² = 3875, ‖J_a‖² = 800.
/// With the second: ((17, 6), (6, −17)), and J of ((460, 105), (105, −135)).
#[test]
fn condition_1_needs_c_to_commute_with_hat_w_hat_w() {
    let slopes = [1.0, 0.2];
    let (w, bias) = ([[1.0, 0.0], [1.0, 3.0]], [0.0, 0.8f64.sqrt().atanh()]);
    let with = |c: [[f64; 2]; 2]| {
        let row = |i: usize| -> Vec<f64> {
            (0..2).map(|l| slopes[l] * (c[i][0] * w[l][0] + c[i][1] * w[l][1])).collect()
        };
        network(&w, &bias, [&row(0), &row(1)], Activation::Tanh)
    };
    let score = |network: &Network| Symmetry::of(2, &network.jacobian(&[0.0, 0.0])).sym_map;
    let printed = with([[-1.0, 2.0], [2.0, 1.0]]);
    assert!((score(&printed) - (1.0 - 800.0 / 3875.0)).abs() < 1e-12, "{}", score(&printed));
    assert_eq!(printed.verdict(&[0.0, 0.0], 1e-9).unwrap().1, Verdict::NotShown);
    let meant = with([[17.0, 6.0], [6.0, -17.0]]);
    assert!((score(&meant) - 1.0).abs() < 1e-14, "{}", score(&meant));
    assert_eq!(meant.verdict(&[0.0, 0.0], 1e-9).unwrap().1, Verdict::SymmetricAtThePoints);
}

/// Four equal units with R = W: the network is conservative with E the identity, but ŴᵀŴ, of rank 1, has no inverse,
/// and the printed E does not exist. Of two units that are not parallel it does.
#[test]
fn the_printed_e_exists_only_where_there_are_no_more_units_than_rank() {
    let row = [1.0; 4];
    let equal = network(&[[1.0, 1.0]; 4], &[0.0; 4], [&row, &row], Activation::Sigmoid);
    let found = equal.conditions(&[0.3, -0.1]).unwrap();
    assert!(found.e_off_diagonal.is_none(), "{found:?}");
    assert!(found.e_residual < 1e-14 && found.rank == 1, "{found:?}");
    assert_eq!(equal.verdict(&[0.3, -0.1], 1e-9).unwrap().1, Verdict::Conservative);
    let few = network(
        &[[1.0, 0.0], [1.0, 3.0]],
        &[0.0; 2],
        [&[2.0, -1.0], &[0.0, -3.0]],
        Activation::Sigmoid,
    );
    assert!(few.conditions(&[0.3, -0.1]).unwrap().e_off_diagonal.unwrap() < 1e-25);
}
