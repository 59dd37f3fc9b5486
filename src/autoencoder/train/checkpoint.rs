//! A training run as a file, from which it can be resumed bit for bit.
//!
//! A safetensors file with the tensors `parameters`, `first`, `second` (the optimiser's memory) in
//! the precision of the run, and the metadata `epochs`, `steps`, `settings` (JSON), `shapes`,
//! `activation`, `tied`.

use super::parameters::ParameterLayout;
use super::{Real, Settings, Trainer};
use crate::autoencoder::weights::write_safetensors;
use crate::autoencoder::{AutoencoderError, Network};
use safetensors::SafeTensors;
use safetensors::tensor::{Metadata, TensorView};
use std::collections::HashMap;
use std::path::Path;

impl<T: Real> Trainer<T> {
    /// Writes the current state of the run, under a temporary name first, then renamed.
    ///
    /// # Errors
    /// If the file cannot be written.
    #[expect(
        clippy::missing_panics_doc,
        reason = "every tensor has as many bytes as its shape asks for"
    )]
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), AutoencoderError> {
        let parts = [
            ("parameters", &self.flat),
            ("first", &self.memory.first),
            ("second", &self.memory.second),
        ];
        let bytes = parts.map(|(name, values)| {
            (name, values.len(), values.iter().flat_map(|v| v.bytes()).collect::<Vec<u8>>())
        });
        let views = bytes.iter().map(|(name, len, bytes)| {
            let view = TensorView::new(T::DTYPE, vec![*len], bytes);
            (*name, view.expect("as many bytes as the shape asks for"))
        });
        write_safetensors(path.as_ref(), views, self.metadata())
    }

    /// Resumes a run: `network` and `settings` must be those it was started with (of the network
    /// only the shape matters).
    ///
    /// # Errors
    /// If the file cannot be read or is damaged, or belongs to another network or other settings.
    pub fn resume(
        network: &Network,
        settings: Settings,
        path: impl AsRef<Path>,
    ) -> Result<Trainer<T>, AutoencoderError> {
        let path = path.as_ref();
        let mut trainer = Trainer::<T>::new(network, settings)?;
        let bytes = std::fs::read(path)
            .map_err(|source| AutoencoderError::File { path: path.to_path_buf(), source })?;
        let wrap = |source| AutoencoderError::Safetensors { path: path.to_path_buf(), source };
        let (_, header): (usize, Metadata) = SafeTensors::read_metadata(&bytes).map_err(wrap)?;
        let file = SafeTensors::deserialize(&bytes).map_err(wrap)?;
        let found = header.metadata().clone().unwrap_or_default();
        trainer.compare(&found)?;
        trainer.epochs = number(&found, "epochs")? as usize;
        trainer.memory.steps = number(&found, "steps")?;
        let parts = [
            ("parameters", &mut trainer.flat),
            ("first", &mut trainer.memory.first),
            ("second", &mut trainer.memory.second),
        ];
        for (name, values) in parts {
            restore(&file.tensor(name).map_err(wrap)?, name, values)?;
        }
        Ok(trainer)
    }

    fn metadata(&self) -> HashMap<String, String> {
        let mut entries = identity(&self.layout, &self.settings);
        entries.insert("epochs".to_string(), self.epochs.to_string());
        entries.insert("steps".to_string(), self.memory.steps.to_string());
        entries
    }

    fn compare(&self, found: &HashMap<String, String>) -> Result<(), AutoencoderError> {
        let mut expected: Vec<_> = identity(&self.layout, &self.settings).into_iter().collect();
        expected.sort();
        for (key, value) in expected {
            let there = found.get(&key).map_or("missing", String::as_str);
            if there != value {
                let what = format!("{key} is {there}, the run has {value}");
                return Err(AutoencoderError::Checkpoint { what });
            }
        }
        Ok(())
    }
}

/// What a checkpoint and a run must agree on.
fn identity(layout: &ParameterLayout, settings: &Settings) -> HashMap<String, String> {
    let activations: Vec<_> = layout.activations.iter().map(|a| a.name()).collect();
    HashMap::from([
        ("settings".to_string(), serde_json::to_string(settings).expect("plain numbers")),
        ("shapes".to_string(), format!("{:?}", layout.shapes)),
        ("activation".to_string(), activations.join(",")),
        ("tied".to_string(), layout.tied.to_string()),
    ])
}

fn number(found: &HashMap<String, String>, key: &str) -> Result<u64, AutoencoderError> {
    found.get(key).and_then(|text| text.parse().ok()).ok_or_else(|| AutoencoderError::Checkpoint {
        what: format!("{key} is missing or not a number"),
    })
}

fn restore<T: Real>(
    view: &TensorView<'_>,
    name: &str,
    values: &mut [T],
) -> Result<(), AutoencoderError> {
    if view.dtype() != T::DTYPE || view.shape() != [values.len()] {
        let found = (view.dtype(), view.shape());
        let what = format!("{name} is {found:?}, the run has {:?} {:?}", T::DTYPE, [values.len()]);
        return Err(AutoencoderError::Checkpoint { what });
    }
    let size = view.data().len().checked_div(values.len()).unwrap_or(1);
    for (value, bytes) in values.iter_mut().zip(view.data().chunks_exact(size)) {
        *value = T::from_bytes(bytes);
    }
    Ok(())
}
