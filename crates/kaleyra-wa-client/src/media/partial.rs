//! A file on disk that is there when it is whole, and leaves nothing otherwise.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tokio::fs::File;
use tokio::task::spawn_blocking;

/// A temporary file in the destination directory. It is removed when dropped.
pub(crate) struct Partial {
    file: File,
    remover: Remover,
    target: PathBuf,
}

impl Partial {
    /// Begins a file that will be at this path.
    pub(crate) async fn beside(target: &Path) -> io::Result<Self> {
        // Tokio would panic.
        tokio::runtime::Handle::try_current().map_err(io::Error::other)?;
        let target = target.to_owned();
        // All in one piece, and what removes the file comes back with it: if nobody waits for it any more, the two are
        // dropped as soon as the file is there.
        spawn_blocking(move || Self::create(target)).await?
    }

    fn create(target: PathBuf) -> io::Result<Self> {
        let is_folder = || fs::metadata(&target).is_ok_and(|at| at.is_dir());
        if target.file_name().is_none() || is_folder() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        // It would be replaced for good: a device, a pipe.
        if fs::symlink_metadata(&target).is_ok_and(|at| !at.is_file() && !at.is_symlink()) {
            let (kind, why) = (
                io::ErrorKind::InvalidInput,
                "something that is not a regular file is in its place",
            );
            return Err(io::Error::new(kind, why));
        }
        let name = format!(".kaleyra-wa-{:016x}.part", fastrand::u64(..));
        let path = target.with_file_name(name);
        // Never an existing one: it may be a link that somebody planted.
        let file = fs::File::create_new(&path)?;
        Ok(Self {
            file: file.into(),
            remover: Remover(Some(path)),
            target,
        })
    }

    /// The file to write to.
    pub(crate) fn writer(&mut self) -> &mut File {
        &mut self.file
    }

    /// Moves the file to its destination, replacing what is there. Its bytes are synced to disk before it gets the
    /// name.
    pub(crate) async fn keep(mut self) -> io::Result<()> {
        self.file.sync_all().await?;
        drop(self.file);
        if let Some(path) = &self.remover.0 {
            // On this task, so that it can't be cancelled half way: the file has its name, or it is gone.
            fs::rename(path, &self.target)?;
        }
        self.remover.0 = None;
        Ok(())
    }
}

/// Removes what is at its path.
struct Remover(Option<PathBuf>);

impl Drop for Remover {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // A name taken off a folder: quick enough for a task, and there is nobody to tell if it fails.
            let _ = fs::remove_file(path);
        }
    }
}
