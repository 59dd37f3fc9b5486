//! The folder in which results wait until a run is over.

use super::assemble::assemble;
use super::ledger::Ledger;
use super::{InputFile, Laid, Leading, SeriesFile};
use crate::machine::{put_in_place, resolve_place};
use crate::output::OutputError;
use crate::output::options::Options;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

/// What the folder is for.
pub(super) const STUDY: &str = "study.json";
/// Held by the run that writes into the folder.
const LOCK: &str = "lock";
/// Says that the results are getting, or have got, their final name.
const WHOLE: &str = "whole";

/// What a run was asked to do, on which inputs: a run that is asked the same goes on where another was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Study {
    /// What it was asked.
    pub settings: Map<String, Value>,
    /// What it reads.
    pub inputs: Vec<InputFile>,
}

impl Study {
    /// The setting that says which part of a study a run does.
    pub const SHARD: &str = "shard";

    /// What all parts of a study have in common, as text.
    pub fn of_all(&self) -> String {
        let mut settings = self.settings.clone();
        settings.remove(Study::SHARD);
        let name = |input: &InputFile| Value::from(input.path.display().to_string());
        settings.insert("inputs".into(), self.inputs.iter().map(name).collect());
        Value::from(settings).to_string()
    }

    /// The first entry in which two studies differ.
    pub(super) fn difference(&self, other: &Study) -> Option<String> {
        let mut keys = self.settings.keys().chain(other.settings.keys());
        let other_setting = keys.find(|key| self.settings.get(*key) != other.settings.get(*key));
        let pairs = self.inputs.iter().zip(&other.inputs);
        let other_input = pairs.into_iter().find(|(a, b)| !a.is_same(b));
        match (other_setting, other_input) {
            (Some(key), _) => Some(key.clone()),
            (None, Some((input, _))) => Some(input.path.display().to_string()),
            (None, None) if self.inputs.len() != other.inputs.len() => Some("inputs".into()),
            (None, None) => None,
        }
    }

    /// The same with the checksums of its inputs.
    pub fn with_checksums(mut self) -> Study {
        self.inputs = self.inputs.into_iter().map(InputFile::with_sha256).collect();
        self
    }
}

/// A study and when it was last worked on.
#[derive(Serialize, Deserialize)]
pub(super) struct Begun {
    pub study: Study,
    /// Of the system, which is another after the machine went down.
    pub boot: String,
}

/// The results of a run, which get their final name when it is over.
#[derive(Debug)]
pub struct Results {
    target: PathBuf,
    place: PathBuf,
    folder: PathBuf,
    overwrite: bool,
    options: Options,
    attributes: Vec<(String, Value)>,
    /// Names of the inputs.
    inputs: Vec<String>,
    /// What a run before left.
    resumed: bool,
    /// Names of the series that have a file.
    begun: Vec<String>,
    /// Finds the checksums of the inputs meanwhile.
    checking: Option<JoinHandle<Vec<InputFile>>>,
    /// Held as long as this.
    _lock: File,
}

impl Results {
    /// The folder `TARGET.part`, new or as a run left it that was asked the same. `attributes` are those of the whole file.
    ///
    /// # Errors
    /// If the target exists (without `overwrite`), the folder belongs to a run that goes on, or one that was asked something else
    /// (without `overwrite`), or cannot be written to.
    pub fn open(
        target: &Path,
        overwrite: bool,
        options: Options,
        attributes: Vec<(String, Value)>,
        study: Study,
    ) -> Result<Results, OutputError> {
        let place = resolve_place(target, overwrite)?;
        let folder = folder_of(&place);
        let io = |source| OutputError::Io { path: folder.clone(), source };
        let lock = lock(&folder)?;
        let before = std::fs::read(folder.join(STUDY)).ok();
        let before = before.and_then(|text| serde_json::from_slice::<Begun>(&text).ok());
        let mut resumed = false;
        if let Some(before) = before {
            match study.difference(&before.study) {
                None => {
                    resumed = true;
                    if before.boot != boot() {
                        after_power_failure(&folder)?;
                    }
                }
                Some(_) if overwrite => {}
                Some(what) => return Err(OutputError::OtherStudy { path: folder, what }),
            }
        }
        if !resumed {
            clear(&folder).map_err(io)?;
        }
        write_json(&folder.join(STUDY), &Begun { study: study.clone(), boot: boot() })?;
        let name = |input: &InputFile| input.path.display().to_string();
        let inputs = study.inputs.iter().map(name).collect();
        let place_of_study = folder.join(STUDY);
        let checking = move || {
            let study = study.with_checksums();
            // Without them a later run goes by the times of change.
            let _ = write_json(&place_of_study, &Begun { study: study.clone(), boot: boot() });
            study.inputs
        };
        let checking = std::thread::Builder::new().spawn(checking).ok();
        let target = target.to_path_buf();
        Ok(Results {
            target,
            place,
            folder,
            overwrite,
            options,
            attributes,
            inputs,
            resumed,
            begun: Vec::new(),
            checking,
            _lock: lock,
        })
    }

    /// Whether a run that was killed or stopped left something for this target.
    pub fn is_begun(target: &Path) -> bool {
        resolve_place(target, true).is_ok_and(|place| folder_of(&place).join(STUDY).is_file())
    }

    /// Whether the target is the whole result of a run that was killed before it could clear up, asked the same; then it is
    /// cleared up.
    pub fn was_whole(target: &Path, study: &Study) -> bool {
        let Ok(place) = resolve_place(target, true) else { return false };
        let folder = folder_of(&place);
        let before =
            || serde_json::from_slice::<Begun>(&std::fs::read(folder.join(STUDY)).ok()?).ok();
        let named = std::fs::read_to_string(folder.join(WHOLE)).ok();
        let named = named.and_then(|text| serde_json::from_str::<String>(&text).ok());
        // The file that got the name of the target is gone, or still has both.
        let moved = named.is_some_and(|name| {
            let path = folder.join(name);
            !path.exists() || is_same_file(&path, &place)
        });
        let done = moved
            && place.is_file()
            && before().is_some_and(|before| study.difference(&before.study).is_none());
        if done {
            let _ = std::fs::remove_dir_all(&folder);
        }
        done
    }

    /// Whether something was there.
    pub fn resumed(&self) -> bool {
        self.resumed
    }

    /// Where results are meanwhile.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of the next series, with what was finished of it.
    ///
    /// # Errors
    /// Where it is there and cannot be read.
    pub fn series(&mut self, name: &str, leading: Leading) -> Result<SeriesFile, OutputError> {
        let (mut free, mut count) = (name.to_string(), 1);
        while self.begun.contains(&free) {
            count += 1;
            free = format!("{name} ({count})");
        }
        let name = free;
        self.begun.push(name.clone());
        let stem = self.begun.len().to_string();
        let how = (self.options, self.attributes.clone(), self.inputs.clone());
        SeriesFile::open(&self.folder, &stem, (&name, leading), how)
    }

    /// Removes the folder with what is in it.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn discard(self) -> Result<(), OutputError> {
        let removed = std::fs::remove_dir_all(&self.folder);
        removed.map_err(|source| OutputError::Io { path: self.folder, source })
    }

    /// Gives the results of all series their final name: as they are if there is one, each in a group `fields/NAME` if there are
    /// more. `None` where no field was finished; then nothing is left.
    ///
    /// # Errors
    /// Where the disk has no room, or something was put in the place of the target meanwhile. What there is stays in the folder.
    pub fn finish(self, series: Vec<SeriesFile>) -> Result<Option<PathBuf>, OutputError> {
        let inputs = self.checking.and_then(|thread| thread.join().ok()).unwrap_or_default();
        let mut parts = Vec::new();
        for file in series {
            file.write_checksums(&inputs)?;
            let SeriesFile { path, begun, .. } = file;
            if let Some(begun) = begun.into_inner() {
                let io = |source| OutputError::Io { path: path.clone(), source };
                begun.ledger.close().map_err(io)?;
                parts.push((path, begun.laid));
            }
        }
        let io = |source| OutputError::Io { path: self.folder.clone(), source };
        let whole = match &parts[..] {
            [] => {
                std::fs::remove_dir_all(&self.folder).map_err(io)?;
                return Ok(None);
            }
            [(path, _)] if self.options.deflate.is_none() => path.clone(),
            parts => {
                let whole = self.folder.join("whole.h5");
                assemble(&whole, parts, self.options, &self.attributes)?;
                whole
            }
        };
        let name = whole.file_name().unwrap_or_default().to_string_lossy();
        write_json(&self.folder.join(WHOLE), &name)?;
        put_in_place(&whole, (&self.target, &self.place), self.overwrite).map_err(|error| {
            OutputError::Kept { folder: self.folder.clone(), reason: error.to_string() }
        })?;
        match std::fs::remove_dir_all(&self.folder) {
            // Cleared up by a run that was asked the same.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            removed => removed.map_err(io)?,
        }
        Ok(Some(self.target))
    }
}

#[cfg(unix)]
fn is_same_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path| std::fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    identity(a).is_some() && identity(a) == identity(b)
}

#[cfg(not(unix))]
fn is_same_file(_: &Path, _: &Path) -> bool {
    false
}

pub(super) fn folder_of(place: &Path) -> PathBuf {
    let mut name = place.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    place.with_file_name(name)
}

/// Makes the folder if it is not there, and keeps others out of it as long as the file is open.
fn lock(folder: &Path) -> Result<File, OutputError> {
    let io = |source| OutputError::Io { path: folder.into(), source };
    loop {
        std::fs::create_dir_all(folder).map_err(io)?;
        let path = folder.join(LOCK);
        let file = match File::options().create(true).truncate(false).write(true).open(&path) {
            // Removed at this moment by a run that is over.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            file => file.map_err(io)?,
        };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                return Err(OutputError::Busy { path: folder.into() });
            }
            // On file systems without locks runs must keep apart by themselves.
            Err(TryLockError::Error(_)) => return Ok(file),
            Ok(()) if path.exists() => return Ok(file),
            Ok(()) => {}
        }
    }
}

/// Removes everything but the lock.
fn clear(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() != LOCK {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Forgets fields that may not have reached the disk.
fn after_power_failure(folder: &Path) -> Result<(), OutputError> {
    let entries = std::fs::read_dir(folder);
    let entries = entries.map_err(|source| OutputError::Io { path: folder.into(), source })?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let laid =
            std::fs::read(&path).ok().filter(|_| path.file_name().is_some_and(|n| n != STUDY));
        let laid = laid.and_then(|text| serde_json::from_slice::<Laid>(&text).ok());
        if let Some(laid) = laid {
            let file = path.with_extension("h5");
            drop(Ledger::open(&file, (laid.flags, laid.schema.leading.count()), false)?);
        }
    }
    Ok(())
}

/// Writes a small file that is there whole or not at all.
pub(super) fn write_json(path: &Path, value: &impl Serialize) -> Result<(), OutputError> {
    let io = |source| OutputError::Io { path: path.into(), source };
    let text = serde_json::to_vec(value).map_err(|e| io(e.into()))?;
    let written = path.with_extension("new");
    let store = || {
        let mut file = File::create(&written)?;
        std::io::Write::write_all(&mut file, &text)?;
        file.sync_all()?;
        std::fs::rename(&written, path)
    };
    store().map_err(io)
}

/// Changes when the machine is started anew.
pub(super) fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().into()
}
