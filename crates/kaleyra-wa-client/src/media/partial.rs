//! A file on disk that is there when it is whole, and leaves nothing otherwise.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tokio::fs::File;
use tokio::task::spawn_blocking;

/// A file under a name of its own, in the folder where it will be. Dropped, it is gone.
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
        // Its place would be taken for good: a device, a pipe.
        if fs::symlink_metadata(&target).is_ok_and(|at| !at.is_file() && !at.is_symlink()) {
            let (kind, why) = (
                io::ErrorKind::InvalidInput,
                "there is something that is no plain file",
            );
            return Err(io::Error::new(kind, why));
        }
        let name = format!(".kaleyra-wa-{:016x}.part", fastrand::u64(..));
        let path = target.with_file_name(name);
        // Never one that is there already: somebody may have put a link there.
        let file = fs::File::create_new(&path)?;
        Ok(Self {
            file: file.into(),
            remover: Remover(Some(path)),
            target,
        })
    }

    /// What to write the file into.
    pub(crate) fn writer(&mut self) -> &mut File {
        &mut self.file
    }

    /// Puts the file where it belongs, in place of what is there. Its bytes are on the disk before it has the name.
    pub(crate) async fn keep(mut self) -> io::Result<()> {
        self.file.sync_all().await?;
        drop(self.file);
        if let Some(path) = &self.remover.0 {
            // On this task, so that nobody can give it up half way: the file has its name, or it is gone.
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
