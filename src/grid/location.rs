//! Where in its cell a value sits.

/// The set of axes along which a value sits on a face instead of at a cell centre.
///
/// φ has the empty set, the k-th component of a staggered field {k}, the component ab of a
/// vector potential {a, b}. A difference along k toggles k.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Location(u8);

impl Location {
    /// The cell centre.
    pub const CELL: Location = Location(0);

    /// The centre of the faces normal to axis k.
    pub fn face(k: usize) -> Location {
        Location::CELL.toggled(k)
    }

    /// On the faces of both a and b: a vertex in 2D, an edge in 3D.
    pub fn edge(a: usize, b: usize) -> Location {
        Location::CELL.toggled(a).toggled(b)
    }

    /// Whether the value sits on a face of axis k.
    pub fn on_face(self, k: usize) -> bool {
        self.0 >> k & 1 == 1
    }

    /// The location a difference along axis k leads to.
    pub fn toggled(self, k: usize) -> Location {
        Location(self.0 ^ 1 << k)
    }
}
