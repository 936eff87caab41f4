//! A file beside the store that is given up when the disk is full, so that what is there can be finished.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::sqlite::owner::beside;

/// A file beside the store that is given up when the disk is full.
#[derive(Debug)]
pub(super) struct Reserve {
    path: PathBuf,
    bytes: u64,
    is_there: bool,
}

impl Reserve {
    /// Makes it, as far as there is room.
    pub(super) fn new(store: &Path, bytes: u64) -> Self {
        let path = beside(store, ".reserve");
        let is_there = fs::metadata(&path).is_ok_and(|file| file.len() == bytes);
        let mut reserve = Self {
            path,
            bytes,
            is_there,
        };
        reserve.restore();
        reserve
    }

    /// Gives it up, and says whether there was something to give up.
    pub(super) fn release(&mut self) -> bool {
        let released = self.is_there && fs::remove_file(&self.path).is_ok();
        self.is_there = false;
        released
    }

    /// Makes it again, where the disk has twice as much to give.
    pub(super) fn restore(&mut self) {
        if self.is_there || self.bytes == 0 || !self.has_room() {
            return;
        }
        self.is_there = self.write().is_ok();
        if !self.is_there {
            let _ = fs::remove_file(&self.path);
        }
    }

    /// Real blocks: a file with a hole in it would reserve nothing.
    fn write(&self) -> std::io::Result<()> {
        let mut file = File::create(&self.path)?;
        let block = [0x4B; 64 * 1_024];
        let mut left = self.bytes;
        while left > 0 {
            let length = left.min(block.len() as u64);
            file.write_all(&block[..usize::try_from(length).unwrap_or(block.len())])?;
            left -= length;
        }
        file.sync_all()
    }

    fn has_room(&self) -> bool {
        free_bytes(&self.path).is_none_or(|free| free >= self.bytes.saturating_mul(2))
    }
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
