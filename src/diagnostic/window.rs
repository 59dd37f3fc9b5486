//! The rows of a field at the points, around the plane that a walk has come to.

use super::tile::Tile;
use crate::field::{Layout, RowsToPoints, ScalarField, VectorField, Way};
use crate::grid::Domain;
use crate::operator::PointRows;

/// Rows along x of one component at the points.
struct Window<'a> {
    rows: Rows<'a>,
    nx: usize,
}

enum Rows<'a> {
    /// The component itself.
    Whole(&'a [f64]),
    /// Rows that only depend on the parity of their index along y and z; rows of a plane.
    Alternating { rows: [Vec<f64>; 4], in_plane: usize },
    /// Interpolated, for some planes at a time.
    Made(Box<Made<'a>>),
}

/// What is wanted of a component beside the rows and planes that are walked over.
#[derive(Clone, Copy, Default)]
pub(super) struct Beside {
    rows: bool,
    planes: bool,
}

impl Beside {
    /// For differences along an axis of a grid with D of them, and for what was wanted before.
    pub(super) fn along<const D: usize>(self, axis: usize) -> Beside {
        let planes = axis == D - 1;
        Beside { rows: self.rows || (axis > 0 && !planes), planes: self.planes || planes }
    }
}

struct Made<'a> {
    from: RowsToPoints<'a>,
    beside: Beside,
    tile: Tile,
    /// Planes, and their numbers.
    planes: [(Option<usize>, Vec<f64>); 3],
}

impl<'a> Window<'a> {
    fn new<const D: usize>(
        component: &'a ScalarField<D>,
        k: usize,
        (domain, way): (&'a Domain<D>, Way),
        beside: Beside,
    ) -> Window<'a> {
        let nx = domain.grid().shape()[0];
        let rows = match component.parities() {
            Some(parities) if domain.mask().is_none() || parities.is_zero() => {
                let row = |at: usize| {
                    let [even, odd] = parities.row([1, 2, 2], at);
                    (0..nx).map(|i| if i % 2 == 0 { even } else { odd }).collect()
                };
                let in_plane = domain.grid().shape()[1..D - 1].iter().product();
                let rows = match D {
                    // The last axis is y.
                    2 => [row(0), row(0), row(1), row(1)],
                    _ => std::array::from_fn(row),
                };
                Rows::Alternating { rows, in_plane }
            }
            _ if component.location() == Layout::Points.location(k) => {
                Rows::Whole(component.values())
            }
            _ => Rows::Made(Box::new(Made {
                from: RowsToPoints::new(component, k, (domain, way)),
                beside,
                tile: Tile::default(),
                planes: Default::default(),
            })),
        };
        Window { rows, nx }
    }

    fn start(&mut self, tile: &Tile) {
        if let Rows::Made(made) = &mut self.rows {
            made.tile = tile.clone();
            made.planes.iter_mut().for_each(|(plane, _)| *plane = None);
        }
    }

    fn advance(&mut self, plane: usize) {
        if let Rows::Made(made) = &mut self.rows {
            made.advance(plane, self.nx);
        }
    }

    /// Row number `row` of the points.
    fn row(&self, row: usize) -> &[f64] {
        let nx = self.nx;
        match &self.rows {
            Rows::Whole(values) => &values[row * nx..][..nx],
            Rows::Alternating { rows, in_plane } => {
                &rows[row % in_plane % 2 + 2 * (row / in_plane % 2)]
            }
            Rows::Made(made) => {
                let (plane, row) = made.tile.place(row);
                let held = made.planes.iter().find(|(held, _)| *held == Some(plane));
                &held.expect("a plane of the window").1[row * nx..][..nx]
            }
        }
    }
}

impl Made<'_> {
    /// Makes what is wanted around a plane and is not there.
    fn advance(&mut self, plane: usize, nx: usize) {
        let wanted = match self.beside.planes {
            true => self.tile.around(plane),
            false => [None, Some(plane), None],
        };
        for plane in wanted.into_iter().flatten() {
            if self.planes.iter().any(|(held, _)| *held == Some(plane)) {
                continue;
            }
            let spare =
                self.planes.iter_mut().find(|(held, _)| !wanted.contains(held) || held.is_none());
            let (held, values) = spare.expect("three places for three planes");
            *held = Some(plane);
            values.resize(self.tile.rows_with_those_beside() * nx, 0.0);
            let at_once = self.from.at_once();
            let mut rows = self.tile.rows_of(plane, self.beside.rows).peekable();
            while let Some((at, first)) = rows.next() {
                let mut count = 1;
                let next = |count| (at + count, first + count);
                while (first + count) % at_once > 0 && rows.next_if_eq(&next(count)).is_some() {
                    count += 1;
                }
                self.from.fill(first, &mut values[at * nx..][..count * nx]);
            }
        }
    }
}

/// All components of a field at the points.
pub(super) struct AtPoints<'a, const D: usize> {
    components: [Window<'a>; D],
}

impl<'a, const D: usize> AtPoints<'a, D> {
    /// With what is wanted beside of each component.
    pub(super) fn new(
        field: &'a VectorField<D>,
        way: (&'a Domain<D>, Way),
        beside: [Beside; D],
    ) -> AtPoints<'a, D> {
        let window = |k| Window::new(field.component(k), k, way, beside[k]);
        AtPoints { components: std::array::from_fn(window) }
    }

    /// Starts on the rows of a tile.
    pub(super) fn start(&mut self, tile: &Tile) {
        self.components.iter_mut().for_each(|window| window.start(tile));
    }

    /// Goes to a plane of the tile.
    pub(super) fn advance(&mut self, plane: usize) {
        self.components.iter_mut().for_each(|window| window.advance(plane));
    }
}

impl<const D: usize> PointRows for AtPoints<'_, D> {
    fn row(&self, k: usize, row: usize) -> &[f64] {
        self.components[k].row(row)
    }
}
