//! A file beside the store that is given up when the disk is full, so that what is there can be finished.
//!
//! What is committed stands in the log at first. To use the log's space again, what is in it has to be moved into the file, which
//! may grow by as much: so the reserve is as large as the log may become, and the log may become no larger than the reserve.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::sqlite::owner::beside;

/// A page of the file, in bytes.
const PAGE: u64 = 4_096;
/// The log is moved into the file after this many pages where there is no reserve.
const PAGES: u64 = 4_000;
/// And at least after this many.
const FEWEST_PAGES: u64 = 64;

/// A file beside the store that is given up when the disk is full.
#[derive(Debug)]
pub(super) struct Reserve {
    path: PathBuf,
    /// As much as is wanted.
    most: u64,
    /// What is there.
    bytes: u64,
}

impl Reserve {
    /// Makes it, as large as there is room for.
    pub(super) fn new(store: &Path, most: u64) -> Self {
        let path = beside(store, ".reserve");
        let bytes = fs::metadata(&path).map_or(0, |file| file.len());
        let mut reserve = Self { path, most, bytes };
        reserve.restore();
        reserve
    }

    /// After how many pages the log is to be moved into the file. A batch more may come before that is done.
    pub(super) fn checkpoint_pages(&self) -> u64 {
        match self.bytes {
            0 if self.most == 0 => PAGES,
            bytes => (bytes / PAGE / 4 * 3).clamp(FEWEST_PAGES, PAGES),
        }
    }

    /// Gives it up, and says whether there was something to give up.
    pub(super) fn release(&mut self) -> bool {
        let released = self.bytes > 0 && fs::remove_file(&self.path).is_ok();
        self.bytes = 0;
        released
    }

    /// Makes it again, an eighth of what the disk has to give at most. Says whether it is another than before.
    pub(super) fn restore(&mut self) -> bool {
        if self.bytes > 0 || self.most == 0 {
            return false;
        }
        let bytes = free_bytes(&self.path).map_or(self.most, |free| self.most.min(free / 8));
        if bytes < FEWEST_PAGES * PAGE {
            return false;
        }
        if self.write(bytes).is_ok() {
            self.bytes = bytes;
        } else {
            let _ = fs::remove_file(&self.path);
        }
        self.bytes > 0
    }

    /// Real blocks: a file with a hole in it would reserve nothing.
    fn write(&self, bytes: u64) -> std::io::Result<()> {
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        fill(&options.open(&self.path)?, bytes)
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn fill(file: &File, bytes: u64) -> std::io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};

    // Not every file system can.
    fallocate(file, FallocateFlags::empty(), 0, bytes).or_else(|_| fill_by_hand(file, bytes))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn fill(file: &File, bytes: u64) -> std::io::Result<()> {
    fill_by_hand(file, bytes)
}

fn fill_by_hand(mut file: &File, bytes: u64) -> std::io::Result<()> {
    use std::io::Write;

    let block = [0x4B; 64 * 1_024];
    let mut left = bytes;
    while left > 0 {
        let length = left.min(block.len() as u64);
        file.write_all(&block[..usize::try_from(length).unwrap_or(block.len())])?;
        left -= length;
    }
    file.sync_all()
}

/// What the disk has to give, where the platform says it.
#[cfg(unix)]
fn free_bytes(path: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path.parent()?).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}
