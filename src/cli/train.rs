//! `hodge train`.

use super::args::{Common, OutputFormat};
use super::args_autoencoder::TrainArguments;
use super::exit::Exit;
use super::interrupt;
use super::memory;
use super::outputs::Places;
use super::progress::Progress;
use super::terminal;
use crate::autoencoder::train::{
    Corruption, Epoch, Initial, Optimizer, Real, Settings, Trainer, WeightLength,
};
use crate::autoencoder::{Activation, AutoencoderError, Network, PointSet};
use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use std::path::{Path, PathBuf};

pub fn run(arguments: &TrainArguments, common: &Common) -> Result<Exit> {
    check_places(arguments)?;
    ensure!(
        arguments.steps.momentum == 0.0 || arguments.steps.optimizer == "sgd",
        "--momentum applies to --optimizer sgd; adam has its own"
    );
    ensure!(
        !arguments.network.units.contains(&0),
        "--units has a layer of 0 units; at least 1 is needed"
    );
    let read = |path: &Path| -> Result<PointSet> {
        Ok(PointSet::read(path)?.first(arguments.first.unwrap_or(usize::MAX)))
    };
    let points = read(&arguments.points)?;
    let targets = arguments.targets.as_deref().map(read).transpose()?;
    memory::check_training(&points, arguments)?;
    let start = start(arguments, points.dimension())?;
    let job = TrainJob { arguments, common, points, targets, settings: settings(arguments)? };
    match arguments.network.precision.as_str() {
        "f32" => job.run::<f32>(&start),
        _ => job.run::<f64>(&start),
    }
}

/// Refuses places where weights, snapshots or checkpoint cannot go, before any work.
fn check_places(arguments: &TrainArguments) -> Result<()> {
    let TrainArguments { output, points, targets, checkpoint, snapshots, .. } = arguments;
    if let Some(late) = snapshots.iter().find(|epoch| **epoch > arguments.epochs) {
        bail!("--snapshots names epoch {late}, but the run ends after {}", arguments.epochs);
    }
    // A run that resumes from its checkpoint finds the snapshots that it wrote, and replaces the
    // state.
    let goes_on = checkpoint.as_ref().is_some_and(|path| path.exists());
    let places = Places::new(arguments.overwrite).input(points).inputs(targets);
    let places = places.weights("-o", output).overwriting(arguments.overwrite || goes_on);
    let with_snapshots = snapshots.iter().fold(places, |places, epoch| {
        places.weights("--snapshots", &snapshot_path(output, *epoch))
    });
    with_snapshots.overwriting(true).checkpoint(checkpoint.as_deref()).check()
}

struct TrainJob<'a> {
    arguments: &'a TrainArguments,
    common: &'a Common,
    points: PointSet,
    targets: Option<PointSet>,
    settings: Settings,
}

impl TrainJob<'_> {
    fn run<T: Real>(&self, start: &Network) -> Result<Exit> {
        let arguments = self.arguments;
        let mut trainer = match &arguments.checkpoint {
            Some(path) if path.exists() => Trainer::<T>::resume(start, self.settings, path)?,
            _ => Trainer::<T>::new(start, self.settings)?,
        };
        interrupt::watch();
        let left = arguments.epochs.saturating_sub(trainer.epochs());
        let progress = Progress::new(left, self.common.quiet);
        if trainer.epochs() == 0 {
            self.snapshot(&trainer)?;
        }
        let (mut last, mut failed) = (None, Ok(()));
        while trainer.epochs() < arguments.epochs && !interrupt::asked() && failed.is_ok() {
            let before = trainer.network()?;
            match trainer.epoch(&self.points, self.targets.as_ref()) {
                Ok(epoch) => last = Some(epoch),
                Err(error @ AutoencoderError::Diverged { .. }) => {
                    before.write(&arguments.output)?;
                    let kept = format!(
                        "the weights before that epoch are in {}",
                        arguments.output.display()
                    );
                    return Err(anyhow::Error::from(error).context(kept));
                }
                Err(error) => return Err(error.into()),
            }
            failed = self.after_epoch(&trainer, &progress, last.as_ref().expect("an epoch"));
        }
        let failed = failed.and_then(|()| self.checkpoint(&trainer));
        trainer.network()?.write(&arguments.output)?;
        drop(progress);
        if let Err(error) = failed {
            let kept = format!("the weights so far are in {}", arguments.output.display());
            return Err(error.context(kept));
        }
        terminal::wrote(&arguments.output, self.common.quiet);
        self.report(&trainer, last.as_ref());
        let stopped = trainer.epochs() < arguments.epochs;
        if stopped && !self.common.quiet {
            let epochs = trainer.epochs();
            terminal::note(&format!(
                "interrupted after {epochs} epochs; the weights so far are kept"
            ));
        }
        Ok(if stopped { Exit::Partly } else { Exit::Done })
    }

    fn after_epoch<T: Real>(
        &self,
        trainer: &Trainer<T>,
        progress: &Progress,
        epoch: &Epoch,
    ) -> Result<()> {
        progress.say(format!("loss {:.4e}", epoch.reconstruction + epoch.contraction));
        progress.step();
        self.snapshot(trainer)?;
        if epoch.epoch.is_multiple_of(self.arguments.checkpoint_every.max(1)) {
            self.checkpoint(trainer)?;
        }
        Ok(())
    }

    fn checkpoint<T: Real>(&self, trainer: &Trainer<T>) -> Result<()> {
        if let Some(path) = &self.arguments.checkpoint {
            trainer.save(path)?;
        }
        Ok(())
    }

    fn snapshot<T: Real>(&self, trainer: &Trainer<T>) -> Result<()> {
        if self.arguments.snapshots.contains(&trainer.epochs()) {
            let path = snapshot_path(&self.arguments.output, trainer.epochs());
            trainer.network()?.write_snapshot(&path, trainer.epochs())?;
            terminal::wrote(&path, self.common.quiet);
        }
        Ok(())
    }

    fn report<T: Real>(&self, trainer: &Trainer<T>, last: Option<&Epoch>) {
        let output = self.arguments.output.display().to_string();
        let loss = last.map(|e| e.reconstruction);
        let penalty = last.map(|e| e.contraction);
        match self.common.format {
            OutputFormat::Json => terminal::print_json(
                &json!({
                    "output": output, "epochs": trainer.epochs(), "points": self.points.len(),
                    "reconstruction": loss, "contraction": penalty, "settings": trainer.settings(),
                })
                .to_string(),
            ),
            OutputFormat::Table | OutputFormat::Csv => {
                let (epochs, points) = (trainer.epochs(), self.points.len());
                let name = terminal::escape(&output);
                terminal::print(&format!("{name}: {epochs} epochs on {points} points\n"));
                if let (Some(loss), Some(penalty)) = (loss, penalty) {
                    let line = format!("  reconstruction {loss:.6e}  contraction {penalty:.6e}\n");
                    terminal::print(&line);
                }
            }
        }
    }
}

/// `net.safetensors` after epoch 5: `net-5.safetensors`.
fn snapshot_path(output: &Path, epoch: usize) -> PathBuf {
    let mut name = output.file_stem().unwrap_or_default().to_os_string();
    name.push(format!("-{epoch}"));
    if let Some(extension) = output.extension() {
        name.push(".");
        name.push(extension);
    }
    output.with_file_name(name)
}

fn start(arguments: &TrainArguments, dimension: usize) -> Result<Network> {
    let network = &arguments.network;
    let mut activations = network
        .activation
        .iter()
        .map(|a| Activation::from_name(a))
        .collect::<Result<Vec<_>, _>>()?;
    if let [one] = activations[..] {
        activations = vec![one; network.units.len()];
    }
    let initial = match parts("--initial", &network.initial)? {
        ("glorot", list) if list.len() < 2 => {
            Initial::Glorot { gain: list.first().copied().unwrap_or(1.0) }
        }
        ("uniform", list) if list.len() == 1 => Initial::Uniform { limit: list[0] },
        _ => bail!("--initial {}: expected glorot, glorot:GAIN or uniform:LIMIT", network.initial),
    };
    let (units, tied) = (&network.units, network.tied);
    Ok(Network::random(dimension, units, &activations, tied, initial, arguments.seed)?)
}

fn settings(arguments: &TrainArguments) -> Result<Settings> {
    let (objective, steps) = (&arguments.objective, &arguments.steps);
    let settings = Settings {
        corruption: objective.noise.as_deref().map_or(Ok(Corruption::None), corruption)?,
        contraction: objective.contraction,
        batch: steps.batch,
        rate: steps.rate,
        decay: if steps.decay == 0.0 { f64::INFINITY } else { steps.decay },
        optimizer: match steps.optimizer.as_str() {
            "adam" => Optimizer::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
            _ => Optimizer::Sgd { momentum: steps.momentum },
        },
        weight_length: objective
            .weight_length
            .as_deref()
            .map_or(Ok(WeightLength::Free), weight_length)?,
        seed: arguments.seed,
    };
    settings.check()?;
    Ok(settings)
}

fn corruption(text: &str) -> Result<Corruption> {
    Ok(match parts("--noise", text)? {
        ("gaussian", list) if list.len() == 1 => Corruption::Gaussian { sigma: list[0] },
        ("mask", list) if list.len() == 1 => Corruption::Mask { probability: list[0] },
        ("salt-pepper", list) if list.len() == 1 || list.len() == 3 => Corruption::SaltAndPepper {
            probability: list[0],
            low: list.get(1).copied().unwrap_or(0.0),
            high: list.get(2).copied().unwrap_or(1.0),
        },
        _ => bail!("--noise {text}: expected gaussian:SIGMA, mask:P or salt-pepper:P[:LOW:HIGH]"),
    })
}

fn weight_length(text: &str) -> Result<WeightLength> {
    Ok(match parts("--weight-length", text)? {
        ("fixed", list) if list.len() == 1 => WeightLength::Fixed { alpha: list[0] },
        ("max", list) if list.len() == 1 => WeightLength::AtMost { limit: list[0] },
        _ => bail!("--weight-length {text}: expected fixed:ALPHA or max:LENGTH"),
    })
}

/// `name:number:number` taken apart.
fn parts<'a>(option: &str, text: &'a str) -> Result<(&'a str, Vec<f64>)> {
    let mut pieces = text.split(':');
    let name = pieces.next().unwrap_or_default();
    let numbers = pieces
        .map(|p| {
            p.parse::<f64>().with_context(|| format!("{option} {text}: '{p}' is not a number"))
        })
        .collect::<Result<_>>()?;
    Ok((name, numbers))
}
