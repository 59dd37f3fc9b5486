//! Compression that the HDF5 library at hand does not know.

use ::hdf5::Dataset;
use ::hdf5::filters::Filter;

/// The first filter of a dataset that cannot be undone here, by name and registered number.
pub(super) fn missing(dataset: &Dataset) -> Option<String> {
    let lacks = |filter: &Filter| !(filter.is_available() && filter.decode_enabled());
    let filter = dataset.filters().into_iter().find(lacks)?;
    Some(name(filter.id()))
}

/// Names of the registry of The HDF Group.
fn name(id: i32) -> String {
    let name = match id {
        1 => "gzip",
        2 => "shuffle",
        3 => "fletcher32",
        4 => "szip",
        5 => "n-bit",
        6 => "scale-offset",
        305 => "lzo",
        307 => "bzip2",
        32000 => "lzf",
        32001 => "blosc",
        32004 => "lz4",
        32008 => "bitshuffle",
        32013 => "zfp",
        32015 => "zstd",
        32017 => "sz",
        32018 => "fci",
        32022 => "bit grooming",
        32023 => "granular bit rounding",
        32024 => "sz3",
        32026 => "blosc2",
        _ => return format!("a filter with the registered number {id}"),
    };
    format!("{name} (filter {id})")
}
