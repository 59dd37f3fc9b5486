//! Weights as safetensors and HDF5 files, in the layout of the [module](super).

use super::network::{bias_name, weight_name};
use super::stored::Stored;
use super::{AutoencoderError, Network};
use crate::machine::Temporary;
use safetensors::tensor::{Metadata, TensorView};
use safetensors::{Dtype, SafeTensors};
use std::collections::HashMap;
use std::path::Path;

/// The metadata entry with the number of epochs a network was trained for.
pub(super) const EPOCH: &str = "epoch";

impl Network {
    /// Reads weights: HDF5 when the name ends in `.h5` or `.hdf5`, safetensors otherwise.
    ///
    /// # Errors
    /// Those of [`Network::read_safetensors`] and [`Network::read_hdf5`].
    pub fn read(path: impl AsRef<Path>) -> Result<Network, AutoencoderError> {
        Network::read_with(path, None)
    }

    /// The same with the activation given for a file that does not state it, as in the metadata `activation`.
    ///
    /// # Errors
    /// Those of [`Network::read`], and if the file states another activation.
    pub fn read_with(
        path: impl AsRef<Path>,
        activation: Option<&str>,
    ) -> Result<Network, AutoencoderError> {
        let path = path.as_ref();
        let mut stored =
            if is_hdf5(path) { Network::stored_hdf5(path)? } else { stored_safetensors(path)? };
        stored.ask_for(activation)?;
        stored.network()
    }

    /// Writes weights in the format the name implies; see [`Network::read`].
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), AutoencoderError> {
        let path = path.as_ref();
        if is_hdf5(path) { self.write_hdf5(path) } else { self.write_safetensors(path) }
    }

    /// Writes weights with the number of epochs they were trained for, in the metadata `epoch`;
    /// [`Network::epoch_of`] reads it.
    ///
    /// ```
    /// use hodge::autoencoder::{Activation, Network, train::Initial};
    /// # let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("net-5.safetensors");
    /// let glorot = Initial::Glorot { gain: 1.0 };
    /// let network = Network::random(2, &[3], &[Activation::Tanh], false, glorot, 1)?;
    /// network.write_snapshot(&path, 5)?;
    /// assert_eq!(Network::epoch_of(&path)?, Some(5));
    /// assert_eq!(Network::read(&path)?, network);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write_snapshot(
        &self,
        path: impl AsRef<Path>,
        epoch: usize,
    ) -> Result<(), AutoencoderError> {
        let path = path.as_ref();
        match is_hdf5(path) {
            true => self.write_hdf5_with(path, Some(epoch)),
            false => self.write_safetensors_with(path, Some(epoch)),
        }
    }

    /// The metadata `epoch` of a file of weights; `None` where it has none.
    ///
    /// # Errors
    /// If the file cannot be read, or the entry is not a whole number.
    pub fn epoch_of(path: impl AsRef<Path>) -> Result<Option<usize>, AutoencoderError> {
        let path = path.as_ref();
        let text = match is_hdf5(path) {
            true => Network::hdf5_epoch(path)?,
            false => {
                let bytes = read_bytes(path)?;
                let (_, header): (usize, Metadata) =
                    SafeTensors::read_metadata(&bytes).map_err(|source| {
                        AutoencoderError::Safetensors { path: path.into(), source }
                    })?;
                header.metadata().as_ref().and_then(|m| m.get(EPOCH).cloned())
            }
        };
        let parse = |text: String| {
            text.parse().map_err(|_| AutoencoderError::Metadata {
                key: EPOCH,
                found: format!("'{text}'"),
                expected: "a whole number",
            })
        };
        text.map(parse).transpose()
    }

    /// Reads a safetensors file with F32 or F64 tensors. A file made in PyTorch:
    ///
    /// ```python
    /// import torch
    /// from safetensors.torch import save_file
    /// net = torch.nn.Sequential(torch.nn.Linear(2, 100), torch.nn.Sigmoid(), torch.nn.Linear(100, 2))
    /// save_file(net.state_dict(), "net.safetensors", metadata={"activation": "sigmoid"})
    /// ```
    ///
    /// Names may be those of this room, `layers.K`, or of a Sequential, whose layers without weights count (`0`, `2`, …),
    /// below one name, or below an encoder's and a decoder's. A bias that is missing is 0. With one activation more than hidden layers the last is that of
    /// the output: the network then ends with the identity as a layer of its own.
    ///
    /// # Errors
    /// If the file cannot be read or is damaged, a tensor is missing, superfluous, of a wrong shape
    /// or not finite (the error names it), the activation is unknown, or the network has another
    /// number of outputs than of inputs.
    pub fn read_safetensors(path: impl AsRef<Path>) -> Result<Network, AutoencoderError> {
        stored_safetensors(path.as_ref())?.network()
    }

    /// Writes a safetensors file of F64 tensors, under a temporary name first, then renamed.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write_safetensors(&self, path: impl AsRef<Path>) -> Result<(), AutoencoderError> {
        self.write_safetensors_with(path.as_ref(), None)
    }

    fn write_safetensors_with(
        &self,
        path: &Path,
        epoch: Option<usize>,
    ) -> Result<(), AutoencoderError> {
        let tensors: Vec<_> = self
            .tensors()
            .into_iter()
            .map(|(name, shape, values)| (name, shape, bytes_of(values)))
            .collect();
        let mut metadata = HashMap::from([("activation".to_string(), self.activation_names())]);
        if self.is_tied() {
            metadata.insert("tied".to_string(), "true".to_string());
        }
        metadata.extend(epoch.map(|epoch| (EPOCH.to_string(), epoch.to_string())));
        let views = tensors.iter().map(|(name, shape, bytes)| {
            let view = TensorView::new(Dtype::F64, shape.clone(), bytes);
            (name.as_str(), view.expect("as many bytes as the shape asks for"))
        });
        write_safetensors(path, views, metadata)
    }

    /// Name, shape and values of every tensor a file holds.
    pub(super) fn tensors(&self) -> Vec<(String, Vec<usize>, &[f64])> {
        let last = self.layers().len() - 1;
        let mut tensors = Vec::new();
        for (k, layer) in self.layers().iter().enumerate() {
            if !(self.is_tied() && k == last) {
                let shape = vec![layer.outputs(), layer.inputs];
                tensors.push((weight_name(k), shape, &layer.weight[..]));
            }
            tensors.push((bias_name(k), vec![layer.outputs()], &layer.bias[..]));
        }
        tensors
    }

    /// The metadata entry `activation`: one name if all layers share it.
    pub(super) fn activation_names(&self) -> String {
        let names: Vec<_> = self.activations().iter().map(|a| a.name()).collect();
        if names.iter().all(|n| *n == names[0]) { names[0].to_string() } else { names.join(",") }
    }
}

fn stored_safetensors(path: &Path) -> Result<Stored, AutoencoderError> {
    let bytes = read_bytes(path)?;
    let wrap = |source| AutoencoderError::Safetensors { path: path.to_path_buf(), source };
    let (_, header): (usize, Metadata) = SafeTensors::read_metadata(&bytes).map_err(wrap)?;
    let file = SafeTensors::deserialize(&bytes).map_err(wrap)?;
    let entry = |key: &str| header.metadata().as_ref().and_then(|m| m.get(key).cloned());
    let mut stored =
        Stored { activation: entry("activation"), tied: entry("tied"), ..Stored::default() };
    for (name, view) in file.tensors() {
        let values = numbers(&name, &view)?;
        stored.tensors.insert(name, (view.shape().to_vec(), values));
    }
    Ok(stored)
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, AutoencoderError> {
    std::fs::read(path).map_err(|source| AutoencoderError::File { path: path.into(), source })
}

/// Writes under a temporary name, then renames: an interruption leaves the old file intact.
pub(super) fn write_safetensors<'a>(
    path: &Path,
    tensors: impl Iterator<Item = (&'a str, TensorView<'a>)>,
    metadata: HashMap<String, String>,
) -> Result<(), AutoencoderError> {
    let bytes = safetensors::serialize(tensors, Some(metadata))
        .map_err(|source| AutoencoderError::Safetensors { path: path.to_path_buf(), source })?;
    let wrap = |source| AutoencoderError::File { path: path.to_path_buf(), source };
    let temporary = Temporary::create(path, true)?;
    std::fs::write(temporary.path(), bytes).map_err(wrap)?;
    temporary.commit()?;
    Ok(())
}

/// Little-endian bytes.
pub(super) fn bytes_of(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// The numbers of a tensor as doubles.
pub(super) fn numbers(name: &str, view: &TensorView<'_>) -> Result<Vec<f64>, AutoencoderError> {
    let data = view.data();
    match view.dtype() {
        Dtype::F64 => {
            let (words, _) = data.as_chunks::<8>();
            Ok(words.iter().map(|b| f64::from_le_bytes(*b)).collect())
        }
        Dtype::F32 => {
            let (words, _) = data.as_chunks::<4>();
            Ok(words.iter().map(|b| f64::from(f32::from_le_bytes(*b))).collect())
        }
        other => Err(AutoencoderError::NumberType {
            tensor: name.to_string(),
            found: format!("{other:?}"),
        }),
    }
}

fn is_hdf5(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "h5" || e == "hdf5")
}
