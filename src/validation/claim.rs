//! What studies are held to.

/// Exact statements (orthogonality, divergence, curl) must hold to this on every grid.
pub const EXACT: f64 = 1e-12;

/// What a study must show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Claim {
    /// Errors no larger than this at n cells and finer.
    Below {
        /// Cells along an axis.
        n: usize,
        /// The bound.
        error: f64,
    },
    /// The observed order increases with every doubling until the error is below 1e-12.
    Exponential,
    /// The observed order of each part between the last two grids.
    Order(f64),
    /// The observed order of ‖solenoidal‖² towards its known value between the last two grids.
    EnergyOrder(f64),
    /// What is left of the divergence of the solenoidal part falls with this order, to a tenth: it is there, and no less.
    DivergenceOrder(f64),
    /// An error stays above this on every grid.
    Stays(f64),
    /// Only the exact statements.
    Exact,
    /// Five orthogonal parts with one tangential and one normal harmonic field.
    FiveParts,
    /// The harmonic part keeps the circulation 2π around the hole.
    Circulation,
    /// These Betti numbers, and the exact statements.
    Betti([usize; 3]),
}

impl Claim {
    /// The claim in words.
    pub fn in_words(self) -> String {
        match self {
            Claim::Below { n, error } => format!("errors <= {error:.0e} from n = {n}"),
            Claim::Exponential => "errors fall exponentially".into(),
            Claim::Order(order) => format!("order >= {order} in L2"),
            Claim::EnergyOrder(order) => format!("energies converge with order >= {order}"),
            Claim::DivergenceOrder(order) => {
                format!("baseline: a divergence stays, of order {order:.1} +- 0.1")
            }
            Claim::Stays(error) => format!("baseline: an error stays above {error:.0e}"),
            Claim::Exact => format!("exact to {EXACT:.0e} for random data"),
            Claim::FiveParts => "five orthogonal parts, dim h_T = dim h_N = 1".into(),
            Claim::Circulation => format!("circulation 2 pi kept to {EXACT:.0e}"),
            Claim::Betti(numbers) => format!("Betti numbers {numbers:?}, exact for random data"),
        }
    }
}
