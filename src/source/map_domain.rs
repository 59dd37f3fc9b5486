//! Where a map is decomposed, and how much its positions count.

use super::SourceError;
use super::density::density_on_faces;
use crate::autoencoder::{AutoencoderError, PointSet, Slice};
use crate::field::{Layout, VectorField};
use crate::grid::{Domain, Grid, Location, unravel};
use ndarray::ArrayD;
use rayon::prelude::*;

/// The cells of a grid on which a map is decomposed, and the density of its positions; by default all, and alike.
#[derive(Clone, Debug, Default)]
pub struct MapDomain<'a> {
    /// Cells that take part; others are walls.
    pub region: Option<Region>,
    /// For the inner product of the parts.
    pub density: Option<MapDensity<'a>>,
}

/// Cells of a grid.
#[derive(Clone, Debug, PartialEq)]
pub enum Region {
    /// Those marked, slowest axis first, of an array of that shape.
    Cells(Vec<bool>, Vec<usize>),
    /// Those whose centre is in a disc or a ball.
    Ball {
        /// Its centre, x first; empty for the origin.
        centre: Vec<f64>,
        /// Its radius.
        radius: f64,
    },
}

/// A density p > 0 on a grid, up to a factor.
#[derive(Clone, Debug)]
pub enum MapDensity<'a> {
    /// At the centres of the cells, slowest axis first; interpolated to the faces as a logarithm.
    Cells(ArrayD<f64>),
    /// Σ exp(−|x − xᵢ|²/(2s²)) over points xᵢ in the space of the map, evaluated on the faces.
    Kernel {
        /// The points.
        points: &'a PointSet,
        /// s.
        bandwidth: f64,
    },
}

impl MapDomain<'_> {
    /// The domain of the cells that take part.
    ///
    /// # Errors
    /// Where the cells are not those of the grid, or none takes part.
    pub fn domain<const D: usize>(&self, grid: Grid<D>) -> Result<Domain<D>, SourceError> {
        match &self.region {
            None => Ok(Domain::full(grid)),
            Some(Region::Cells(active, shape)) => {
                check_shape("mask", &grid, shape)?;
                Ok(Domain::masked(grid, active.clone())?)
            }
            Some(Region::Ball { centre, radius }) => {
                if !centre.is_empty() && centre.len() != D {
                    return Err(SourceError::Centre { found: centre.len(), axes: D });
                }
                let inside = |cell: usize| {
                    let at = grid.position(Location::CELL, unravel(grid.shape(), cell));
                    let middle = |k: usize| centre.get(k).copied().unwrap_or(0.0);
                    let squares = (0..D).map(|k| (at[k] - middle(k)).powi(2));
                    squares.sum::<f64>() <= radius * radius
                };
                Ok(Domain::masked(grid, (0..grid.cells()).map(inside).collect())?)
            }
        }
    }

    /// The density at the centres of the cells of a grid in the space of the map itself, x fastest.
    ///
    /// # Errors
    /// Where it has another shape or another dimension than the grid.
    pub fn at_cells<const D: usize>(
        &self,
        grid: &Grid<D>,
    ) -> Result<Option<Vec<f64>>, SourceError> {
        match &self.density {
            None => Ok(None),
            Some(MapDensity::Cells(values)) => {
                check_shape("density", grid, values.shape())?;
                Ok(Some(values.iter().copied().collect()))
            }
            Some(MapDensity::Kernel { points, bandwidth }) => {
                let kernel = Kernel::new(points, *bandwidth, None)?;
                let at = |cell| grid.position(Location::CELL, unravel(grid.shape(), cell));
                let all = (0..grid.cells()).into_par_iter().map(|cell| kernel.logarithm(at(cell)));
                let all: Vec<f64> = all.collect();
                let largest = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                Ok(Some(all.into_iter().map(|v| (v - largest).exp()).collect()))
            }
        }
    }

    /// The density on the faces; `slice` leads from the grid to the space of the map.
    pub(super) fn density<const D: usize>(
        &self,
        domain: &Domain<D>,
        slice: Option<&Slice<D>>,
    ) -> Result<Option<VectorField<D>>, SourceError> {
        match &self.density {
            None => Ok(None),
            Some(MapDensity::Cells(values)) => {
                check_shape("density", domain.grid(), values.shape())?;
                let mut all = Vec::with_capacity(D * values.len());
                (0..D).for_each(|_| all.extend(values.iter()));
                let shape: Vec<usize> = [&[D][..], values.shape()].concat();
                let values = ArrayD::from_shape_vec(shape, all).expect("a copy for each axis");
                density_on_faces(values, domain).map(Some)
            }
            Some(MapDensity::Kernel { points, bandwidth }) => {
                let kernel = Kernel::new(points, *bandwidth, slice)?;
                Ok(Some(kernel.on_faces(*domain.grid())))
            }
        }
    }
}

fn check_shape<const D: usize>(
    what: &'static str,
    grid: &Grid<D>,
    found: &[usize],
) -> Result<(), SourceError> {
    let expected: Vec<usize> = grid.shape().iter().rev().copied().collect();
    match expected == found {
        true => Ok(()),
        false => Err(SourceError::MapShape { what, expected, found: found.to_vec() }),
    }
}

/// A kernel estimate in the coordinates of a grid.
struct Kernel<const D: usize> {
    /// Coordinates of the points, and their squared distances from the slice.
    points: Vec<([f64; D], f64)>,
    bandwidth: f64,
}

impl<const D: usize> Kernel<D> {
    fn new(
        points: &PointSet,
        bandwidth: f64,
        slice: Option<&Slice<D>>,
    ) -> Result<Kernel<D>, SourceError> {
        let expected = slice.map_or(D, Slice::dimension);
        if points.dimension() != expected {
            let (found, what) = (points.dimension(), "points of the density");
            return Err(AutoencoderError::Dimension { expected, found, what }.into());
        }
        let at = |x: &[f64]| match slice {
            None => (std::array::from_fn(|k| x[k]), 0.0),
            Some(slice) => {
                let s = slice.coordinates(x);
                let foot = slice.point(&s);
                (s, foot.iter().zip(x).map(|(a, b)| (a - b).powi(2)).sum())
            }
        };
        let points = points.values().par_chunks(expected).map(at).collect();
        Ok(Kernel { points, bandwidth })
    }

    /// ln p at a position.
    fn logarithm(&self, position: [f64; D]) -> f64 {
        let exponent = |(point, rest): &([f64; D], f64)| {
            let squares = position.iter().zip(point).map(|(a, b)| (a - b).powi(2));
            -(squares.sum::<f64>() + rest) / (2.0 * self.bandwidth * self.bandwidth)
        };
        let largest = self.points.iter().map(exponent).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = self.points.iter().map(|point| (exponent(point) - largest).exp()).sum();
        largest + sum.ln()
    }

    /// p on the faces over its largest value there; where it would vanish the least positive numbers.
    fn on_faces(&self, grid: Grid<D>) -> VectorField<D> {
        let mut field = VectorField::zeros(grid, Layout::Faces);
        for k in 0..D {
            let component = field.component_mut(k);
            let (location, shape) = (component.location(), grid.shape_at(component.location()));
            let values = component.values_mut().par_iter_mut().enumerate();
            values.for_each(|(face, value)| {
                *value = self.logarithm(grid.position(location, unravel(shape, face)));
            });
        }
        let all = field.components().iter().flat_map(|c| c.values());
        let largest = all.copied().fold(f64::NEG_INFINITY, f64::max);
        for component in field.components_mut() {
            let values = component.values_mut().iter_mut();
            values.for_each(|v| *v = (*v - largest).max(LEAST).exp());
        }
        field
    }
}

/// ln of the smallest density beside the largest: far from every point the field counts for nothing either way.
const LEAST: f64 = -200.0;
