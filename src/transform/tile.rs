//! Tiles: neighbouring lanes of an array, brought into a buffer where each is contiguous.

use super::slots::Slots;
use num_complex::Complex64;

/// Reals taken from each row of a tile at once: four cache lines, so that the hardware
/// prefetcher of neighbouring lines helps and no line is fetched twice.
const TILE: usize = 32;

/// Rows of a tile: row j holds the values with index j along the axis of the lanes.
pub(crate) trait TileRows {
    /// Row j.
    fn row(&self, j: usize) -> &[f64];
    /// Row j, to write.
    fn row_mut(&mut self, j: usize) -> &mut [f64];
}

/// Rows one after another, `stride` apart.
pub(crate) struct StridedRows<'a> {
    pub(crate) values: &'a mut [f64],
    pub(crate) stride: usize,
}

impl TileRows for StridedRows<'_> {
    fn row(&self, j: usize) -> &[f64] {
        &self.values[j * self.stride..][..self.stride]
    }
    fn row_mut(&mut self, j: usize) -> &mut [f64] {
        &mut self.values[j * self.stride..][..self.stride]
    }
}

/// A piece of every row of an array: what one task may change while others change theirs.
pub(crate) type Band<'a> = Vec<&'a mut [f64]>;

impl TileRows for Band<'_> {
    fn row(&self, j: usize) -> &[f64] {
        self[j]
    }
    fn row_mut(&mut self, j: usize) -> &mut [f64] {
        self[j]
    }
}

/// Splits an array with rows of length `row` into bands of `width`, the last perhaps narrower.
pub(crate) fn bands(values: &mut [f64], row: usize, width: usize) -> Vec<Band<'_>> {
    let rows = values.len() / row;
    let mut bands: Vec<Band> = (0..row.div_ceil(width)).map(|_| Vec::with_capacity(rows)).collect();
    for line in values.chunks_exact_mut(row) {
        bands.iter_mut().zip(line.chunks_mut(width)).for_each(|(band, piece)| band.push(piece));
    }
    bands
}

/// A width of bands that gives every thread several of them, in whole tiles.
pub(crate) fn band_width(row: usize) -> usize {
    row.div_ceil(4 * rayon::current_num_threads()).next_multiple_of(TILE)
}

/// Distance between lanes in a buffer, off powers of two so that lanes fall in different sets.
pub(crate) fn pitch<T>(len: usize) -> usize {
    let line = 64 / size_of::<T>();
    len.next_multiple_of(line) + line
}

/// Buffers of one thread beside its tile.
pub(crate) struct LaneBuffers {
    pub(crate) fft: Vec<Complex64>,
    pub(crate) weights: Vec<f64>,
}

/// What one thread works in.
pub(crate) struct Scratch {
    pub(crate) tile: Vec<Complex64>,
    pub(crate) buffers: LaneBuffers,
}

impl Scratch {
    /// For lanes of at most `len` values and transforms with `fft` values of scratch.
    pub(crate) fn new(len: usize, fft: usize) -> Scratch {
        let tile = vec![Complex64::ZERO; TILE / 2 * pitch::<Complex64>(len)];
        let buffers = LaneBuffers { fft: vec![Complex64::ZERO; fft], weights: vec![0.0; 2 * len] };
        Scratch { tile, buffers }
    }
}

/// Brings the first `columns` values of the rows into lanes of `len`, tile by tile, lets `act`
/// change each pair of lanes (given the column of the first) and puts them back.
/// `slots` are those to load and those to store, one per row.
pub(crate) fn each_pair(
    rows: &mut impl TileRows,
    columns: usize,
    slots: [&Slots; 2],
    len: usize,
    scratch: &mut Scratch,
    mut act: impl FnMut(usize, &mut [Complex64], &mut LaneBuffers),
) {
    let pitch = pitch::<Complex64>(len);
    for offset in (0..columns).step_by(TILE) {
        let width = TILE.min(columns - offset);
        let lanes = &mut scratch.tile[..width.div_ceil(2) * pitch];
        load(rows, (offset, width), slots[0].places(), lanes, pitch);
        for (l, lane) in lanes.chunks_exact_mut(pitch).enumerate() {
            act(offset + 2 * l, &mut lane[..len], &mut scratch.buffers);
        }
        store(rows, (offset, width), slots[1].places(), lanes, pitch);
    }
}

/// Copies `width` values of each row from `offset` on into lanes of pairs: row j goes to slot
/// `slots[j]`. An odd last value is paired with 0.
fn load(
    rows: &impl TileRows,
    (offset, width): (usize, usize),
    slots: &[usize],
    lanes: &mut [Complex64],
    pitch: usize,
) {
    for (j, &slot) in slots.iter().enumerate() {
        let (pairs, last) = rows.row(j)[offset..offset + width].as_chunks::<2>();
        for (pair, lane) in pairs.iter().zip(lanes.chunks_exact_mut(pitch)) {
            lane[slot] = Complex64::new(pair[0], pair[1]);
        }
        if let [last] = last {
            lanes[pairs.len() * pitch + slot] = Complex64::new(*last, 0.0);
        }
    }
}

/// Copies lanes back, the opposite of [`load`].
fn store(
    rows: &mut impl TileRows,
    (offset, width): (usize, usize),
    slots: &[usize],
    lanes: &[Complex64],
    pitch: usize,
) {
    for (j, &slot) in slots.iter().enumerate() {
        let (pairs, last) = rows.row_mut(j)[offset..offset + width].as_chunks_mut::<2>();
        for (pair, lane) in pairs.iter_mut().zip(lanes.chunks_exact(pitch)) {
            *pair = [lane[slot].re, lane[slot].im];
        }
        if let [last] = last {
            *last = lanes[pairs.len() * pitch + slot].re;
        }
    }
}
