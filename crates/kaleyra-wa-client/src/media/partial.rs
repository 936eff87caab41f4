//! A file on disk that is there when it is whole, and leaves nothing otherwise.

use std::io;
use std::path::{Path, PathBuf};

use tokio::fs::{self, File, OpenOptions};

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
        if target.file_name().is_none() || fs::metadata(target).await.is_ok_and(|at| at.is_dir()) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let name = format!(".kaleyra-wa-{:016x}.part", fastrand::u64(..));
        let path = target.with_file_name(name);
        // Never one that is there already: somebody may have put a link there.
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .await?;
        Ok(Self {
            file,
            remover: Remover(Some(path)),
            target: target.to_owned(),
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
            fs::rename(path, &self.target).await?;
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
            let _ = std::fs::remove_file(path);
        }
    }
}
