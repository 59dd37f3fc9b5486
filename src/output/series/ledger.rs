//! Which fields of a file are finished, and which of them are on the disk.

use super::rows::{Place, read_at, write_at};
use crate::output::OutputError;
use std::fs::File;
use std::io::Result;
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Not there, or failed.
const NONE: u8 = 0;
/// Written, perhaps not yet on the disk.
const WRITTEN: u8 = 1;
/// On the disk.
const STORED: u8 = 2;
/// Written to by a field that failed.
const TOUCHED: u8 = 3;

/// How often what was written is brought to the disk.
const INTERVAL: Duration = Duration::from_secs(1);

/// The bytes of `evidence/finished`, in the file and here. In the file of a run that goes on, 2 stands for fields that are known
/// to be on the disk.
#[derive(Debug)]
pub(super) struct Ledger {
    shared: Arc<Shared>,
    syncing: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    file: File,
    flags: Place,
    rows: Vec<AtomicU8>,
    /// The run is over.
    over: Mutex<bool>,
    wake: Condvar,
}

impl Ledger {
    /// Reads what is there. After the machine went down only fields count that were on the disk.
    pub fn open(
        path: &Path,
        (flags, rows): (Place, usize),
        same_boot: bool,
    ) -> std::result::Result<Ledger, OutputError> {
        let io = |source| OutputError::Io { path: path.into(), source };
        let file = File::options().read(true).write(true).open(path).map_err(io)?;
        let mut bytes = vec![0; rows];
        read_at(&file, &mut bytes, flags.offset).map_err(io)?;
        if !same_boot {
            bytes.iter_mut().filter(|flag| **flag != STORED).for_each(|flag| *flag = NONE);
            write_at(&file, &bytes, flags.offset).map_err(io)?;
        }
        let rows = bytes.into_iter().map(AtomicU8::new).collect();
        let (over, wake) = (Mutex::new(false), Condvar::new());
        let shared = Arc::new(Shared { file, flags, rows, over, wake });
        let other = shared.clone();
        // Without this thread numbers reach the disk when the system sees fit, and at the end.
        let syncing = std::thread::Builder::new().spawn(move || other.keep_storing()).ok();
        Ok(Ledger { shared, syncing })
    }

    /// How many fields of a file are finished; nothing is changed.
    pub fn count(
        path: &Path,
        (flags, rows): (Place, usize),
        same_boot: bool,
    ) -> std::result::Result<usize, OutputError> {
        let io = |source| OutputError::Io { path: path.into(), source };
        let mut bytes = vec![0; rows];
        let file = File::open(path).map_err(io)?;
        read_at(&file, &mut bytes, flags.offset).map_err(io)?;
        let counts = |flag: &&u8| **flag == STORED || same_boot && **flag == WRITTEN;
        Ok(bytes.iter().filter(counts).count())
    }

    pub fn file(&self) -> &File {
        &self.shared.file
    }

    pub fn is_finished(&self, row: usize) -> bool {
        matches!(self.shared.rows[row].load(Ordering::Acquire), WRITTEN | STORED)
    }

    /// Whether a field that failed left something at its place.
    pub fn was_written(&self, row: usize) -> bool {
        self.shared.rows[row].load(Ordering::Acquire) == TOUCHED
    }

    pub fn touch(&self, row: usize) {
        self.shared.rows[row].store(TOUCHED, Ordering::Release);
    }

    /// To be called when everything of a field is written.
    pub fn finish(&self, row: usize) -> Result<()> {
        self.shared.set(row, WRITTEN)
    }

    /// Sets the bytes of finished fields to 1 and brings everything to the disk.
    pub fn close(mut self) -> Result<()> {
        self.stop();
        for (row, flag) in self.shared.rows.iter().enumerate() {
            if flag.load(Ordering::Acquire) == STORED {
                self.shared.set(row, WRITTEN)?;
            }
        }
        self.shared.file.sync_data()
    }

    fn stop(&mut self) {
        *self.shared.over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.wake.notify_all();
        if let Some(syncing) = self.syncing.take() {
            let _ = syncing.join();
        }
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn set(&self, row: usize, flag: u8) -> Result<()> {
        write_at(&self.file, &[flag], self.flags.of(row))?;
        self.rows[row].store(flag, Ordering::Release);
        Ok(())
    }

    fn keep_storing(&self) {
        let mut over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        while !*over {
            let waited = self.wake.wait_timeout(over, INTERVAL);
            over = waited.unwrap_or_else(PoisonError::into_inner).0;
            if *over {
                return;
            }
            drop(over);
            self.store();
            over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// An error shows when the file is closed.
    fn store(&self) {
        let written = |row: &usize| self.rows[*row].load(Ordering::Acquire) == WRITTEN;
        let written: Vec<usize> = (0..self.rows.len()).filter(written).collect();
        if written.is_empty() || self.file.sync_data().is_err() {
            return;
        }
        for row in written {
            let _ = self.set(row, STORED);
        }
    }
}
