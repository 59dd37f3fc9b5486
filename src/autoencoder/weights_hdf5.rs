//! The same tensors in HDF5: datasets `layers.K.weight` and `layers.K.bias` at the root, the
//! metadata as string attributes of the root.

use super::stored::Stored;
use super::weights::EPOCH;
use super::{AutoencoderError, Network};
use crate::machine::{Temporary, ensure_memory};
use hdf5::types::VarLenUnicode;
use std::path::Path;

impl Network {
    /// Reads an HDF5 file of weights; fails as [`Network::read_safetensors`] does.
    ///
    /// # Errors
    /// Those of [`Network::read_safetensors`].
    pub fn read_hdf5(path: impl AsRef<Path>) -> Result<Network, AutoencoderError> {
        Network::stored_hdf5(path.as_ref())?.network()
    }

    pub(super) fn stored_hdf5(path: &Path) -> Result<Stored, AutoencoderError> {
        check_readable(path)?;
        load(path).map_err(|source| AutoencoderError::Hdf5 { path: path.to_path_buf(), source })
    }

    /// Writes an HDF5 file of weights in double precision, under a temporary name first.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write_hdf5(&self, path: impl AsRef<Path>) -> Result<(), AutoencoderError> {
        self.write_hdf5_with(path.as_ref(), None)
    }

    pub(super) fn write_hdf5_with(
        &self,
        path: &Path,
        epoch: Option<usize>,
    ) -> Result<(), AutoencoderError> {
        let temporary = Temporary::create(path, true)?;
        self.save(temporary.path(), epoch)
            .map_err(|source| AutoencoderError::Hdf5 { path: path.to_path_buf(), source })?;
        temporary.commit()?;
        Ok(())
    }

    pub(super) fn hdf5_epoch(path: &Path) -> Result<Option<String>, AutoencoderError> {
        check_readable(path)?;
        hdf5::File::open(path)
            .and_then(|file| read_text(&file, EPOCH))
            .map_err(|source| AutoencoderError::Hdf5 { path: path.to_path_buf(), source })
    }

    fn save(&self, path: &Path, epoch: Option<usize>) -> hdf5::Result<()> {
        let file = hdf5::File::create(path)?;
        for (name, shape, values) in self.tensors() {
            let data = file.new_dataset::<f64>().shape(shape).create(name.as_str())?;
            data.write_raw(values)?;
        }
        write_text(&file, "activation", &self.activation_names())?;
        if self.is_tied() {
            write_text(&file, "tied", "true")?;
        }
        if let Some(epoch) = epoch {
            write_text(&file, EPOCH, &epoch.to_string())?;
        }
        file.close()
    }
}

fn load(path: &Path) -> hdf5::Result<Stored> {
    let file = hdf5::File::open(path)?;
    let mut stored = Stored {
        activation: read_text(&file, "activation")?,
        tied: read_text(&file, "tied")?,
        ..Stored::default()
    };
    for name in file.member_names()? {
        let data = file.dataset(&name)?;
        let values: f64 = data.shape().iter().map(|n| *n as f64).product();
        // Twice: as read, and as layers.
        ensure_memory(16.0 * values)
            .map_err(|shortage| hdf5::Error::Internal(format!("tensor '{name}': {shortage}")))?;
        stored.tensors.insert(name, (data.shape(), data.read_raw::<f64>()?));
    }
    Ok(stored)
}

fn write_text(file: &hdf5::File, key: &str, text: &str) -> hdf5::Result<()> {
    let value: VarLenUnicode = text.parse().expect("names hold no zero byte");
    file.new_attr::<VarLenUnicode>().create(key)?.write_scalar(&value)
}

fn read_text(file: &hdf5::File, key: &str) -> hdf5::Result<Option<String>> {
    if !file.attr_names()?.iter().any(|name| name == key) {
        return Ok(None);
    }
    Ok(Some(file.attr(key)?.read_scalar::<VarLenUnicode>()?.to_string()))
}

/// Reports a missing file with the message of the system rather than that of HDF5.
fn check_readable(path: &Path) -> Result<(), AutoencoderError> {
    let opened = std::fs::File::open(path);
    opened.map(drop).map_err(|source| AutoencoderError::File { path: path.into(), source })
}
