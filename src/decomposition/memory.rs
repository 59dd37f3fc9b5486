//! How much memory a decomposition takes, from the shape of the field alone.

use super::Method;
use super::harmonic::field_bytes;
use super::working::working_bytes;
use crate::boundary::Boundary;
use crate::grid::Grid;
use crate::poisson::{
    Backend, backend_for_cells, factor_bytes, least_factor_bytes, level_bytes, most_factored,
};

/// Bytes that a run takes besides its fields.
pub(crate) const RUN_BYTES: f64 = 4.0 * 1024.0 * 1024.0;

/// What holds memory in a run; the rows of [`FIELDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Load {
    Spectral,
    /// Other methods at the points, and `natural` on faces.
    Other,
    /// `staggered` on periodic axes.
    Periodic,
    /// Boxes, by their convention.
    NoFlux,
    ZeroPotential,
    NormalParallel,
    /// The same with a mask or solved without transforms, not counting the back end.
    Masked,
    /// In addition, holes in a fully periodic domain, where each convention is computed separately.
    Obstacles,
    /// What multigrid holds where all cells are alike.
    Multigrid,
    /// See [`Extra`].
    Extra(Extra),
}

/// Optional results of a run that take memory of the size of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// The vector potential.
    Potentials,
    /// The split of the harmonic part in three.
    FiveParts,
    /// The parts under every convention, kept and written.
    EveryConvention,
    /// The arrays on the faces, written.
    Faces,
    /// Energy spectra of the parts.
    Spectra,
    /// A density on the faces.
    Density,
}

/// Fields (D numbers a cell) in 2D and in 3D that are alive at once at the peak of a whole run:
/// reading, splitting, measuring (the shares under every convention included) and writing.
/// `benches/README.md` says how they were measured.
const FIELDS: [(Load, [f64; 2]); 15] = [
    (Load::Spectral, [5.5, 5.2]),
    (Load::Other, [9.5, 9.0]),
    (Load::Periodic, [7.2, 7.0]),
    (Load::NoFlux, [7.4, 7.0]),
    (Load::ZeroPotential, [8.2, 7.6]),
    (Load::NormalParallel, [7.8, 7.6]),
    (Load::Masked, [17.5, 14.5]),
    (Load::Obstacles, [20.0, 18.5]),
    (Load::Multigrid, [8.5, 7.0]),
    (Load::Extra(Extra::Potentials), [1.7, 2.2]),
    (Load::Extra(Extra::FiveParts), [1.2, 1.2]),
    (Load::Extra(Extra::EveryConvention), [7.6, 7.6]),
    (Load::Extra(Extra::Faces), [0.3, 0.3]),
    (Load::Extra(Extra::Spectra), [1.8, 1.9]),
    (Load::Extra(Extra::Density), [4.0, 4.0]),
];

/// Freed arrays below this size stay with the allocator, whose gaps larger ones do not fill: runs
/// of such arrays take this much more.
const KEPT: f64 = 32.0 * 1024.0 * 1024.0;
const GAPS: f64 = 1.1;

/// How many cells of a mask take part, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Active {
    /// So many.
    Exactly(usize),
    /// Not known before the field is read, but at most this many.
    AtMost(usize),
}

/// What the memory estimate needs to know of a field that will be decomposed, measured and written.
///
/// ```
/// use hodge::decomposition::{Method, Prospect};
/// use hodge::grid::{Axis, Grid, Topology};
/// let axis = Axis::over(0.0, 1.0, 2048, Topology::Periodic);
/// let prospect = Prospect::of_grid(Grid::new([axis, axis])?, Method::Spectral);
/// let fields = prospect.bytes() / (16.0 * 2048.0 * 2048.0);
/// assert!(fields > 3.0 && fields < 20.0);
/// # Ok::<(), hodge::grid::GridError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Prospect<const D: usize> {
    /// Its grid.
    pub grid: Grid<D>,
    /// The active cells, where there is a mask or a metric.
    pub masked: Option<Active>,
    /// Whether there is a metric.
    pub uneven: bool,
    /// The method.
    pub method: Method,
    /// The convention, where one is asked for.
    pub boundary: Option<Boundary>,
    /// The back end, if one is requested.
    pub backend: Option<Backend>,
    /// Independent harmonic fields of the mask, which are kept; 0 while they are not known.
    pub harmonic_fields: usize,
    /// What is made besides.
    pub extras: Vec<Extra>,
}

impl<const D: usize> Prospect<D> {
    /// A field on a whole grid, with nothing chosen but the method.
    pub fn of_grid(grid: Grid<D>, method: Method) -> Prospect<D> {
        let (boundary, backend, extras) = (None, None, Vec::new());
        Prospect {
            grid,
            masked: None,
            uneven: false,
            method,
            boundary,
            backend,
            harmonic_fields: 0,
            extras,
        }
    }

    /// The back end of the Poisson solves, where there are any.
    pub fn backend(&self) -> Option<Backend> {
        let by_cells = || match self.active() {
            None => Backend::Transform,
            Some(active) => backend_for_cells(&self.grid, active, self.uneven),
        };
        let solves = self.method.solves();
        solves.then(|| self.backend.unwrap_or_else(by_cells))
    }

    fn active(&self) -> Option<usize> {
        self.masked.map(|(Active::Exactly(cells) | Active::AtMost(cells))| cells)
    }

    /// The bytes at the peak of a whole run. A factor that was asked for counts with the least it
    /// may take, since planning refuses one that does not fit; a small one that is chosen by
    /// default counts with its expected size.
    pub fn bytes(&self) -> f64 {
        let most = most_factored(&self.grid, self.uneven);
        match self.masked {
            // Either back end may turn out to be called for.
            Some(Active::AtMost(cells)) if self.backend.is_none() && cells > most => {
                let with =
                    |cells| Prospect { masked: Some(Active::Exactly(cells)), ..self.clone() };
                with(most).settled_bytes().max(with(cells).settled_bytes())
            }
            _ => self.settled_bytes(),
        }
    }

    fn settled_bytes(&self) -> f64 {
        let load = self.load();
        let multigrid = self.backend() == Some(Backend::Multigrid);
        let hierarchy = (multigrid && !self.uneven).then_some(Load::Multigrid);
        let extras = self.extras.iter().map(|extra| Load::Extra(*extra));
        let fields: f64 = extras.chain(hierarchy).chain([load]).map(fields_of::<D>).sum();
        let factors = match (self.backend(), load) {
            // Those of a torus are larger, in space by far.
            (Some(Backend::Cholesky), Load::Obstacles) => [4.0, 10.0][D - 2],
            (Some(Backend::Cholesky), _) => 2.0,
            _ => 0.0,
        };
        let factor = match factors > 0.0 {
            true if self.backend.is_none() => factor_bytes(&self.grid, self.active(), factors),
            true => least_factor_bytes(&self.grid, self.active(), factors),
            false => 0.0,
        };
        let field = field_bytes(&self.grid);
        let gaps = if field < KEPT * D as f64 { GAPS } else { 1.0 };
        let levels = if multigrid && self.uneven { self.level_bytes() } else { 0.0 };
        let working = working_bytes(self.method, &self.grid);
        RUN_BYTES
            + working
            + gaps * fields * field
            + self.harmonic_fields as f64 * field
            + factor
            + levels
    }

    /// Levels made from couplings, for both conditions and in 2D for both stream functions.
    fn level_bytes(&self) -> f64 {
        let cells = self.active().map_or_else(|| self.grid.cells() as f64, |cells| cells as f64);
        [4.0, 2.0][D - 2] * level_bytes(cells)
    }

    fn load(&self) -> Load {
        let periodic = self.grid.fully_periodic();
        match (self.method, self.masked, self.boundary) {
            (Method::Spectral, ..) => Load::Spectral,
            (method, ..) if !method.solves() => Load::Other,
            (_, Some(_), _) if periodic => Load::Obstacles,
            (_, Some(_), _) => Load::Masked,
            _ if self.backend() != Some(Backend::Transform) => Load::Masked,
            _ if periodic => Load::Periodic,
            (_, _, Some(Boundary::NoFlux)) => Load::NoFlux,
            (_, _, Some(Boundary::ZeroPotential)) => Load::ZeroPotential,
            _ => Load::NormalParallel,
        }
    }
}

fn fields_of<const D: usize>(load: Load) -> f64 {
    let row = FIELDS.iter().find(|(known, _)| *known == load);
    row.map_or(0.0, |(_, fields)| fields[D - 2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{Axis, Topology};

    fn grid<const D: usize>(cells: usize, topology: Topology) -> Grid<D> {
        Grid::new([Axis::over(0.0, 1.0, cells, topology); D]).unwrap()
    }

    #[test]
    fn every_load_has_one_row() {
        for (row, (load, fields)) in FIELDS.iter().enumerate() {
            assert!(FIELDS[..row].iter().all(|(other, _)| other != load), "{load:?}");
            assert!(fields.iter().all(|count| *count > 0.0), "{load:?}");
        }
    }

    #[test]
    fn estimates_grow_with_the_field_and_do_not_overflow() {
        let bytes =
            |n| Prospect::of_grid(grid::<2>(n, Topology::Periodic), Method::Spectral).bytes();
        let per_cell = (bytes(2048) - bytes(1024)) / (3.0 * 1024.0 * 1024.0);
        assert!(per_cell > 40.0 && per_cell < 320.0, "{per_cell}");
        assert!(bytes(100_000_000) > 1e17);
    }

    #[test]
    fn masks_and_extras_and_harmonic_fields_add_to_it() {
        let plain = Prospect::of_grid(grid::<3>(64, Topology::Bounded), Method::Staggered);
        let one = field_bytes(&plain.grid);
        let more = [
            Prospect { extras: vec![Extra::Potentials], ..plain.clone() },
            Prospect { masked: Some(Active::Exactly(200_000)), ..plain.clone() },
            Prospect { backend: Some(Backend::Cholesky), ..plain.clone() },
        ];
        for prospect in more {
            assert!(prospect.bytes() > plain.bytes() + one, "{prospect:?}");
        }
        let harmonic = Prospect { harmonic_fields: 10, ..plain.clone() };
        assert_eq!(harmonic.bytes(), plain.bytes() + 10.0 * one);
    }

    #[test]
    fn a_mask_that_is_not_known_counts_with_the_back_end_that_takes_more() {
        let plain = Prospect::of_grid(grid::<2>(600, Topology::Bounded), Method::Staggered);
        let of = |masked| Prospect { masked: Some(masked), ..plain.clone() }.bytes();
        let (factored, multigrid) = (of(Active::Exactly(300_000)), of(Active::Exactly(360_000)));
        assert_eq!(of(Active::AtMost(360_000)), factored.max(multigrid));
        assert!(factored > multigrid);
    }

    #[test]
    fn the_back_end_follows_the_cells_and_not_the_memory() {
        let of = |masked| Prospect {
            masked,
            ..Prospect::of_grid(grid::<2>(1000, Topology::Bounded), Method::Staggered)
        };
        let masks = [None, Some(300_000), Some(300_001)].map(|m| m.map(Active::Exactly));
        let chosen = masks.map(|masked| of(masked).backend());
        assert_eq!(chosen, [Backend::Transform, Backend::Cholesky, Backend::Multigrid].map(Some));
    }
}
