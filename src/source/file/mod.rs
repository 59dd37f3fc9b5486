//! Fields from files: HDF5 (NetCDF-4 included), NetCDF-3, NumPy's `.npy` and `.npz`, VTK, tables of points as text,
//! distinguished by content.
//!
//! [`open`] finds the vector field in a file and settles its grid; [`FileField::read`] reads one
//! field of a series at a time, always as (component, z, y, x) with ascending coordinates.
//!
//! # What is found by itself
//!
//! *Datasets*, unless named: the inputs of a result file of this program; the components of an openPMD mesh; two or three
//! datasets with names of velocity components (`u`, `v`, `w`; `vx`, `vy`, `vz`; `ugos`, `vgos`; `u10`, `v10`; …), upper or
//! lower case, in the same group; with CF standard names of components; the second in a file beside that is named likewise;
//! else the only array of real numbers with a component axis that is called so, or is called a vector. More than one candidate
//! is an error that lists what is there.
//!
//! *Axes*, unless named by letters: by the names of the dimensions (dimension scales) when x and y
//! are among them (`lon`, `longitude`, `lat`, `depth`, `level`, `time`, CF `axis` attributes, …);
//! else by position, (component, z, y, x) or (component, y, x), without the component axis where
//! each dataset is one component. An axis of samples may precede these. A shape that is both (3, 2,
//! …), one 3D or three 2D fields, is an error until the axes are named. With two components a level
//! axis is an axis of samples; with three it is z.
//!
//! *Spacing and origin*, unless given: from dimension scales, or from arrays beside the data that are called as axes are,
//! lists or the coordinates of every point, which also tell the axes where nothing else does; curvilinear ones are refused; else spacing 1 and origin 0. Spacings may differ from their mean by a ten-thousandth;
//! coordinates that rise or fall otherwise are kept as those of an uneven axis. An array one value longer than the axis
//! holds the edges of cells; other lengths and disorder are refused. Longitudes go on across the date line, and lengths
//! are taken to the unit of the first axis. Results of this program say how their axes end.
//!
//! *Angles* (longitude and latitude, by units, `standard_name` or name, as coordinates of the axes or as
//! arrays beside the data): a longitude along x and a latitude along y, in degrees, are those of a sphere, and with
//! three components and a height or depth in metres along z of a shell; other angles are refused unless [`FileRequest::metric`] takes them as lengths or says that they are a sphere.
//! On a plane, a longitude whose last value is the first again is refused.
//!
//! *Components on faces* (Arakawa C, marker-and-cell), where [`FileRequest::staggered`] says so: one
//! dataset for each axis, read as they are by [`FileField::read_faces`]. Face i lies between cells
//! i − 1 and i, so component k has one value more along axis k than there are cells; on a periodic
//! axis as many, the first half a spacing before the first point. Coordinates of points and faces
//! that contradict each other are refused.
//!
//! *Missing values* become NaN: NaN, `_FillValue`, `missing_value`, what is outside `valid_min`, `valid_max` or
//! `valid_range`, [`FileRequest::fill_value`], and in NetCDF, where no `_FillValue` is given, its default fill value of the
//! type. In NetCDF and HDF5 numbers beyond 1e30 that are 1000 times all others are refused as a likely fill value.
//!
//! Everything found or assumed is listed by [`FileField::notes`].

mod about;
mod along;
mod angle_words;
mod angles;
mod array;
mod attach;
mod axes;
mod build;
mod calendar;
mod candidates;
mod component_names;
mod condition;
mod coordinates;
mod directions;
mod endpoint;
mod error;
mod field;
mod field_memory;
mod find;
mod format;
mod geometry;
mod given;
mod given_store;
mod hdf5;
mod hdf5_array;
mod hdf5_compound;
mod hdf5_elsewhere;
mod hdf5_fill;
mod hdf5_filters;
mod hdf5_info;
mod hdf5_walk;
mod height;
mod held;
mod inspect;
mod likely;
mod likely_fill;
mod lone;
mod mask;
mod mask_file;
mod matlab;
mod memory;
mod missing;
mod names;
mod netcdf3;
mod npy;
mod npz;
mod numbered;
mod numpy_fields;
mod openpmd;
mod packing;
mod points;
mod raw;
mod refused;
mod request;
#[cfg(feature = "cli")]
mod results;
mod ring;
mod select;
mod series;
mod staggered;
mod steps;
mod stored;
mod stores;
mod table;
mod table_cells;
mod table_grid;
mod table_head;
mod table_marks;
mod table_text;
mod table_words;
mod tensor;
mod turn;
mod two_files;
mod units;
mod unused;
mod vtk;
mod vtk_array;
mod vtk_blocks;
mod vtk_ghosts;
mod vtk_legacy;
mod vtk_reader;
mod vtk_xml;
#[cfg(feature = "cli")]
mod walk;
mod written;

pub use array::NumberType;
pub use build::open;
#[cfg(feature = "cli")]
pub(crate) use component_names::{are_partners, describes_grid};
pub use error::{
    AxesProblem, CoordinateError, Disorder, FaceShape, FaceShapes, FileError, Listing, MaskError,
    TableError,
};
pub use field::FileField;
pub use given::{GivenArray, GivenArrays, GivenValues};
pub use inspect::{ArraySummary, Candidate, Inspection, MaskCandidate, inspect};
pub use lone::{array, mask_cells};
pub use mask::finite_cells;
pub use request::{FileMetric, FileRequest, Selection};
#[cfg(feature = "cli")]
pub(crate) use results::{ResultGroup, result_groups};
pub use staggered::cells_with_finite_faces;
#[cfg(feature = "cli")]
pub(crate) use stores::other_file;
#[cfg(feature = "cli")]
pub(crate) use two_files::components_in_files;
pub use unused::{Likeness, Unused};
#[cfg(feature = "cli")]
pub(crate) use walk::walk;
pub(in crate::source) use written::StatedSphere;
