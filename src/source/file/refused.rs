//! Formats that are known by their content and not read, with what to do.

use std::fs::File;
use std::path::Path;
use zip::ZipArchive;

/// What a file is, and how to turn it into one that is read.
pub(super) type Refused = (&'static str, &'static str);

const ZARR: Refused =
    ("a Zarr store", "write it as NetCDF first: xarray.open_zarr(\"NAME\").to_netcdf(\"NAME.nc\")");
const GRIB: Refused = (
    "GRIB",
    "convert it to NetCDF first: `cdo -f nc4 copy IN OUT.nc`, `wgrib2 IN -netcdf OUT.nc`, or xarray with cfgrib",
);
const DAVIS: Refused = (
    "a DaVis file of vectors or images (VC7, IM7)",
    "export it from DaVis as text (.txt) or Tecplot (.dat), or read it with lvpyio and save x, y, u, v as .npz",
);
const DICOM: Refused = (
    "DICOM",
    "convert the velocity encodings with dcm2niix, turn them into velocities and save u, v, w as .npz or HDF5",
);
const NIFTI: Refused = (
    "NIfTI",
    "read it with nibabel and save the components u, v, w, each as (z, y, x), as .npz with the coordinates x, y, z",
);
const MEDICAL: Refused = (
    "an image of medical tools (NRRD, MetaImage)",
    "read it with SimpleITK and save the components u, v, w, each as (z, y, x), as .npz with the coordinates x, y, z",
);
const MATLAB: Refused = (
    "a MATLAB 5 file",
    "save it in MATLAB with save(..., '-v7.3'), which is HDF5, or load it with scipy.io and save .npz",
);
const HDF4: Refused = ("HDF4", "convert it to HDF5 first: `h4toh5 IN OUT.h5`");
const FITS: Refused = ("FITS", "read it with astropy.io.fits and save the components as .npz");
const PACKED: Refused = (
    "compressed or an archive",
    "unpack it first (gunzip, unxz, zstd -d, tar -x, unzip) and name the file inside",
);
const SHEET: Refused = ("a spreadsheet", "save the sheet as CSV with the columns x, y, u, v");
const PARQUET: Refused = (
    "Parquet",
    "write it as CSV with the columns x, y, u, v: pandas.read_parquet(IN).to_csv(OUT, index=False)",
);
const CDL: Refused = ("NetCDF as text (CDL)", "make a NetCDF file of it: `ncgen -o OUT.nc IN`");
const FOAM: Refused = (
    "a file of OpenFOAM",
    "sample the field on a regular grid (ParaView: Resample To Image, Save Data as .vti)",
);
const ADDRESS: Refused = (
    "an address and no file",
    "download it first, or of an OPeNDAP server: xarray.open_dataset(ADDRESS).to_netcdf(\"OUT.nc\")",
);

/// An address in place of a path.
pub(super) fn address(path: &Path) -> Option<Refused> {
    let text = path.to_str()?;
    ["http://", "https://", "ftp://", "s3://", "gs://"]
        .iter()
        .any(|s| text.starts_with(s))
        .then_some(ADDRESS)
}

/// A directory that is a store.
pub(super) fn directory(path: &Path) -> Option<Refused> {
    let has = |name: &str| path.join(name).exists();
    [".zarray", ".zgroup", ".zmetadata", "zarr.json"].into_iter().any(has).then_some(ZARR)
}

/// What a file is by its first bytes, 512 if there are so many, or else by its extension.
pub(super) fn content(path: &Path, start: &[u8]) -> Option<Refused> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    let at =
        |offset: usize, magic: &[u8]| start.get(offset..).is_some_and(|s| s.starts_with(magic));
    match &extension[..] {
        "vc7" | "im7" | "imx" => return Some(DAVIS),
        "gz" if path.to_string_lossy().to_lowercase().ends_with(".nii.gz") => return Some(NIFTI),
        _ => {}
    }
    Some(match start {
        [b'G', b'R', b'I', b'B', ..] => GRIB,
        [0x0e, 0x03, 0x13, 0x01, ..] => HDF4,
        _ if at(0, b"MATLAB 5.0") => MATLAB,
        _ if at(128, b"DICM") => DICOM,
        _ if at(344, b"n+1\0") || at(344, b"ni1\0") || at(4, b"n+2\0") => NIFTI,
        _ if at(0, b"NRRD") || at(0, b"ObjectType") || at(0, b"NDims") => MEDICAL,
        _ if at(0, b"SIMPLE  =") => FITS,
        _ if at(0, b"PAR1") => PARQUET,
        _ if at(0, b"\xd0\xcf\x11\xe0") => SHEET,
        _ if at(0, b"netcdf ") => CDL,
        [0x1f, 0x8b, ..] | [b'B', b'Z', b'h', ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => PACKED,
        _ if at(0, b"\xfd7zXZ") || at(0, b"7z\xbc\xaf") || at(257, b"ustar") => PACKED,
        _ if String::from_utf8_lossy(start).contains("FoamFile") => FOAM,
        _ if matches!(&extension[..], "dcm" | "ima") => DICOM,
        _ if matches!(&extension[..], "grib" | "grib2" | "grb" | "grb2") => GRIB,
        _ if matches!(&extension[..], "mat") => MATLAB,
        _ => return None,
    })
}

/// What a zip archive is, if it holds no arrays of NumPy.
pub(super) fn archive(path: &Path) -> Option<Refused> {
    let archive = ZipArchive::new(File::open(path).ok()?).ok()?;
    let any = |wanted: &dyn Fn(&str) -> bool| archive.file_names().any(wanted);
    let leaf =
        |name: &str, wanted: &[&str]| wanted.contains(&name.rsplit('/').next().unwrap_or(name));
    if any(&|name| leaf(name, &[".zarray", ".zgroup", "zarr.json"])) {
        Some(ZARR)
    } else if any(&|name| name == "[Content_Types].xml" || name == "mimetype") {
        Some(SHEET)
    } else if !archive.is_empty() && !any(&|name| name.ends_with(".npy")) {
        Some(PACKED)
    } else {
        None
    }
}
