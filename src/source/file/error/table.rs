//! What can be wrong with a table of points.

use std::path::PathBuf;
use thiserror::Error;

/// Why a text is no field on a grid.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TableError {
    /// A text without numbers in columns.
    #[error(
        "{path} is text without rows of numbers; a table of points has the columns x, y, u, v (in 3D x, y, z, u, v, w), \
         separated by commas, semicolons, tabs or blanks"
    )]
    NoRows {
        /// The file.
        path: PathBuf,
    },
    /// A row with more or fewer cells than the first.
    #[error(
        "{path}, line {line}: {found} cell{}, where the first row (line {first}) has {expected}; mend or remove that line",
        if *.found == 1 { "" } else { "s" }
    )]
    RowLength {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Cells of the first row.
        expected: usize,
        /// The line of the first row.
        first: usize,
        /// Cells found.
        found: usize,
    },
    /// A cell that is no finite number.
    #[error(
        "{path}, line {line}, column {column}: {cell:?} is no finite number; write a number, or NaN for a missing value"
    )]
    Cell {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What stands there.
        cell: String,
    },
    /// A comma in quotes that may mark decimals or thousands.
    #[error(
        "{path}, line {line}, column {column}: {cell} may be a number with decimals or one of thousands, and no other cell \
         tells: write it with a decimal point, or separate the columns with semicolons"
    )]
    Thousands {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What stands there.
        cell: String,
    },
    /// More than one zone of Tecplot.
    #[error("{path}, line {line}: another zone begins; save each zone in a file of its own")]
    Zones {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// A zone whose values are not one row for each point.
    #[error(
        "{path}: the zone has the layout {found}; rows of points are read: export it with F=POINT (DATAPACKING=POINT)"
    )]
    Packing {
        /// The file.
        path: PathBuf,
        /// The layout.
        found: String,
    },
    /// Another number of heads than columns.
    #[error(
        "{path}: the header names {names} columns, and the rows have {columns}; mend the header"
    )]
    Heads {
        /// The file.
        path: PathBuf,
        /// Names in the header.
        names: usize,
        /// Cells in each row.
        columns: usize,
    },
    /// No column of coordinates or components that is needed.
    #[error(
        "{path}: no column is the {missing}; the columns are {found}. Names that are known: {known}. \
         Rename the columns in the header"
    )]
    Columns {
        /// The file.
        path: PathBuf,
        /// What is missing.
        missing: String,
        /// The names of the columns.
        found: String,
        /// Names that are understood.
        known: &'static str,
    },
    /// Two columns that say the same.
    #[error("{path}: columns {} and {} are both the {what}; remove or rename one of them", .columns[0], .columns[1])]
    Twice {
        /// The file.
        path: PathBuf,
        /// The columns, from 1.
        columns: [usize; 2],
        /// What both are.
        what: String,
    },
    /// A table without names of columns that has not those of 2D.
    #[error(
        "{path} has {columns} columns without names, {reason}; put a line such as `x,y,u,v` or `x,y,z,u,v,w` that names \
         all columns above the first row"
    )]
    Nameless {
        /// The file.
        path: PathBuf,
        /// Cells in each row.
        columns: usize,
        /// Why they cannot be guessed.
        reason: String,
    },
    /// A column of marks of which it is not known what they mark.
    #[error(
        "{path}: column {name} is 0 in {zeros} of {rows} rows and {} in the others, and whether that marks the vectors that \
         count or those that do not is not known", if *.binary { "1" } else { "not 0" }
    )]
    Marks {
        /// The file.
        path: PathBuf,
        /// Name of the column.
        name: String,
        /// Rows with 0.
        zeros: usize,
        /// All rows.
        rows: usize,
        /// It holds nothing but 0 and 1.
        binary: bool,
    },
    /// A point without coordinates.
    #[error(
        "{path}, line {line}: the coordinate of {axis} is missing (NaN or empty); remove the line or mend it"
    )]
    Nowhere {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Name of the axis.
        axis: &'static str,
    },
    /// Two rows for one point.
    #[error(
        "{path}, line {}: the point {point} stands in line {} already; a table holds one field with every point once: \
         remove one of them, or save each step of a series in a file of its own{more}", .lines[1], .lines[0]
    )]
    Repeated {
        /// The file.
        path: PathBuf,
        /// Both lines, from 1.
        lines: [usize; 2],
        /// The point, as (x, y).
        point: String,
        /// What else it may be, beginning with `; `.
        more: &'static str,
    },
    /// Points that no grid has.
    #[error(
        "{path}: the {rows} points do not lie on a grid along {axes}: they have {levels} different coordinates. \
         Interpolate onto a grid first, as with scipy.interpolate.griddata"
    )]
    NoGrid {
        /// The file.
        path: PathBuf,
        /// Rows of the table.
        rows: usize,
        /// Names of the axes.
        axes: &'static str,
        /// Number of different coordinates along each, as `9 x 8`.
        levels: String,
    },
    /// Lists of points in a file of arrays that are no field.
    #[error("the arrays {names} are lists of points, a line for each: {why}")]
    Lists {
        /// The arrays.
        names: String,
        /// What is wrong with the points.
        why: Box<TableError>,
    },
    /// Another number of rows than the header says.
    #[error(
        "{path}: the header says {said} = {expected} points, and there are {found} rows; the file is truncated, or its \
         header is that of another"
    )]
    Count {
        /// The file.
        path: PathBuf,
        /// As the header says it.
        said: String,
        /// Their product.
        expected: u128,
        /// Rows found.
        found: usize,
    },
}
