//! Numbers of an HDF5 dataset that are in other files.

use super::FileError;
use ::hdf5::dataset::Layout;
use ::hdf5::{Dataset, File};
use std::path::{Path, PathBuf};

/// Virtual datasets of virtual datasets are followed so far.
const DEEPEST: usize = 8;

/// Refuses a dataset whose numbers are kept outside of the file, of which sources are missing, where HDF5 reads zeros, or
/// that is made of itself.
pub(super) fn check_sources(path: &Path, dataset: &Dataset) -> Result<(), FileError> {
    check(path, dataset, &mut Vec::new())
}

fn check(
    path: &Path,
    dataset: &Dataset,
    way: &mut Vec<(PathBuf, String)>,
) -> Result<(), FileError> {
    let name = dataset.name().trim_start_matches('/').to_string();
    let refuse = |reason: String| {
        Err(FileError::Elsewhere { path: path.into(), name: name.clone(), reason })
    };
    let Ok(list) = dataset.dcpl() else { return Ok(()) };
    if let Some(outside) = list.external().first() {
        return refuse(format!("keeps its numbers in another file, {:?}", outside.name));
    }
    if list.layout() != Layout::Virtual {
        return Ok(());
    }
    let here = (path.to_path_buf(), name.clone());
    if way.contains(&here) || way.len() > DEEPEST {
        return refuse("is made of itself".into());
    }
    way.push(here);
    for source in list.get_virtual_map().unwrap_or_default() {
        // A pattern stands for any number of files.
        if source.src_filename.contains('%') || source.src_dataset.contains('%') {
            continue;
        }
        let file = match source.src_filename.as_str() {
            "." => path.to_path_buf(),
            other => path.parent().unwrap_or(Path::new("")).join(other),
        };
        let opened = File::open(&file).and_then(|file| file.dataset(&source.src_dataset));
        match opened {
            Ok(inner) => check(&file, &inner, way)?,
            Err(_) => {
                let (dataset, file) = (&source.src_dataset, &source.src_filename);
                return refuse(format!(
                    "is made of {dataset:?} in {file:?}, which cannot be opened"
                ));
            }
        }
    }
    way.pop();
    Ok(())
}
