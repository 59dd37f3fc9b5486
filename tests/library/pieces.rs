//! Results that are written piece by piece: the same numbers in the file, zeros without their bytes.

use crate::files::writing;
use hodge::grid::{Axis, Grid, Topology};
use hodge::output::{FieldGroup, Options, Piece, ResultFile};
use ndarray::{Array3, s};
use std::path::Path;

const NX: usize = 900;
const NY: usize = 700;

fn grid() -> Grid<2> {
    let axis = |n| Axis::over(0.0, 1.0, n, Topology::Bounded);
    Grid::new([axis(NX), axis(NY)]).unwrap()
}

/// Needs more digits than single precision has, so that it shows in which one it was written.
fn number(c: usize, cell: usize) -> f64 {
    (1 + cell) as f64 / 3.0 + 1e6 * c as f64
}

fn options() -> [Options; 4] {
    let of = |deflate, single_precision| Options { deflate, single_precision };
    [of(None, false), of(None, true), of(Some(1), false), of(Some(1), true)]
}

fn write<'a>(path: &Path, options: Options, fill: impl FnOnce(&mut FieldGroup<'a>)) {
    let mut file = ResultFile::create(path, false, options).unwrap();
    let mut group = FieldGroup::on_grid("box", &grid(), ["m"; 2]);
    fill(&mut group);
    file.write_group(&group).unwrap();
    file.finish().unwrap();
}

fn read(path: &Path, name: &str) -> Array3<f64> {
    let file = hdf5::File::open(path).unwrap();
    file.dataset(&format!("fields/box/{name}")).unwrap().read().unwrap()
}

/// Many blocks, the last of them shorter; every piece in its place; made ones after others have used
/// the buffer; zeros between numbers as zeros, not as what the buffer or the disk held.
#[test]
fn pieces_reach_the_file_in_order_and_precision() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let there: Vec<f64> = (0..NX * NY).map(|cell| number(0, cell)).collect();
    let make = |out: &mut [f64]| {
        out.iter_mut().enumerate().for_each(|(cell, v)| *v = number(1, cell));
    };
    for (index, options) in options().into_iter().enumerate() {
        let path = directory.path().join(format!("{index}.h5"));
        write(&path, options, |group| {
            let pieces = vec![Piece::borrowed(&there), Piece::made(make)];
            group.add_pieces("both", pieces, "", "");
            group.add_pieces("second", vec![Piece::Zero, Piece::made(make)], "", "");
            group.add_pieces("first", vec![Piece::made(make), Piece::Zero], "", "");
        });
        let stored = |v: f64| if options.single_precision { f64::from(v as f32) } else { v };
        let (both, second, first) =
            (read(&path, "both"), read(&path, "second"), read(&path, "first"));
        for cell in 0..NX * NY {
            let at = |array: &Array3<f64>, c: usize| array[[c, cell / NX, cell % NX]];
            let wanted = [0, 1].map(|c| stored(number(c, cell)));
            assert_eq!([at(&both, 0), at(&both, 1)], wanted, "{options:?} {cell}");
            assert_eq!([at(&second, 0), at(&second, 1)], [0.0, wanted[1]], "{options:?} {cell}");
            assert_eq!([at(&first, 0), at(&first, 1)], [wanted[1], 0.0], "{options:?} {cell}");
        }
    }
}

/// Zeros are read as zeros though nothing is stored; one other number, the last, and all is stored.
#[test]
fn zeros_take_no_room() {
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let zeros = vec![0.0; NX * NY];
    let negative = vec![-0.0; NX * NY];
    let mut nearly = zeros.clone();
    nearly[NX * NY - 1] = 1.0;
    let mut missing = zeros.clone();
    missing[NX * NY / 2] = f64::NAN;
    for (index, options) in options().into_iter().enumerate() {
        let path = directory.path().join(format!("{index}.h5"));
        write(&path, options, |group| {
            let pieces = vec![Piece::borrowed(&zeros), Piece::borrowed(&negative)];
            group.add_pieces("zero", pieces, "", "");
            group.add_pieces("nothing", vec![Piece::Zero, Piece::Zero], "", "");
        });
        let bytes = std::fs::metadata(&path).unwrap().len();
        assert!(bytes < 8 * (NX * NY / 10) as u64, "{options:?}: {bytes} bytes");
        for name in ["zero", "nothing"] {
            let values = read(&path, name);
            assert_eq!(values.dim(), (2, NY, NX));
            assert!(values.iter().all(|v| *v == 0.0), "{options:?} {name}");
        }
        let path = directory.path().join(format!("{index}n.h5"));
        write(&path, options, |group| {
            group.add_pieces("nearly", vec![Piece::Zero, Piece::borrowed(&nearly)], "", "");
            group.add_pieces("missing", vec![Piece::borrowed(&missing), Piece::Zero], "", "");
        });
        let nearly = read(&path, "nearly");
        assert_eq!((nearly[[1, NY - 1, NX - 1]], nearly.sum()), (1.0, 1.0), "{options:?}");
        let missing = read(&path, "missing");
        assert_eq!(missing.iter().filter(|v| v.is_nan()).count(), 1, "{options:?}");
        assert_eq!(missing.slice(s![1, .., ..]).sum(), 0.0, "{options:?}");
    }
}

/// The space that is reserved before a field is written is that of its numbers, and none for zeros.
#[cfg(target_os = "linux")]
#[test]
fn room_is_set_aside_for_what_is_stored() {
    use std::os::unix::fs::MetadataExt;
    let _guard = writing();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("out.h5");
    let mut file = ResultFile::create(&path, false, Options::default()).unwrap();
    let mut room = |name: &str, zero: bool| {
        let mut group = FieldGroup::on_grid(name, &grid(), ["m"; 2]);
        let numbers = Piece::made(move |out| out.fill(f64::from(u8::from(!zero))));
        group.add_pieces("v", vec![Piece::Zero, if zero { Piece::Zero } else { numbers }], "", "");
        file.write_group(&group).unwrap();
        let entry = std::fs::read_dir(directory.path()).unwrap().next().unwrap().unwrap();
        512 * entry.metadata().unwrap().blocks()
    };
    let numbers = 8 * 2 * (NX * NY) as u64;
    let (none, zero, some) = (room("a", true), room("b", true), room("c", false));
    assert!(none < numbers / 10 && zero - none < numbers / 10, "{none} {zero}");
    assert!((numbers..numbers * 11 / 10).contains(&(some - zero)), "{some} {zero}");
}
