//! Downloads that end on disk, or in any writer of tokio's.

use std::io;
use std::path::Path;

use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::download::Wanted;
use super::partial::Partial;
use super::{DownloadMedia, MediaReader};
use crate::endpoint::DOWNLOAD;
use crate::error::{Cause, FailedDownload};
use crate::{Error, observe};

impl DownloadMedia {
    /// Downloads the file into a writer, and returns its size in bytes.
    ///
    /// What arrived before a failure has been written already. Use [`save`](Self::save) where half a file must never be
    /// seen.
    ///
    /// # Errors
    ///
    /// When the download or the writer fails.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use kaleyra_wa_client::{Client, Error};
    /// # use tokio::io::AsyncWrite;
    /// # async fn run(client: &Client, upload: impl AsyncWrite + Unpin) -> Result<(), Error> {
    /// let mut to_the_archive = upload;
    /// client.download("https://media.example.com/1.jpg").write_to(&mut to_the_archive).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
    pub async fn write_to<W: AsyncWrite + Unpin + ?Sized>(
        self,
        writer: &mut W,
    ) -> Result<u64, Error> {
        let wanted = self.wanted()?;
        let server = wanted.url.server.clone();
        let reading = async { self.start(wanted).await?.copy_to(writer).await };
        observe::observed(&server, &DOWNLOAD, reading).await
    }

    /// Downloads the file to a path on disk, replacing what is there, and returns its size in bytes.
    ///
    /// It is written to a temporary file in the same directory, which is renamed once it is complete and, if a SHA-256
    /// is known, verified. After a failure, or if the future is dropped, nothing is left; only a killed program leaves
    /// a hidden `.kaleyra-wa-….part` behind. It needs a tokio runtime.
    ///
    /// # Errors
    ///
    /// When the download fails, or the file can't be written. Whether it can be created is checked before the request
    /// is made.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use kaleyra_wa_client::{Client, Error, MediaLink};
    /// # async fn run(client: &Client, link: MediaLink) -> Result<(), Error> {
    /// let bytes = client.download(link).limit(16 * 1024 * 1024).save("inbox/photo.jpg").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
    pub async fn save(self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let wanted = self.wanted()?;
        let server = wanted.url.server.clone();
        let saving = self.save_at(wanted, path.as_ref());
        observe::observed(&server, &DOWNLOAD, saving).await
    }

    async fn save_at(self, wanted: Wanted, path: &Path) -> Result<u64, Error> {
        let refused = |error| {
            let fault = FailedDownload::Unwritable {
                status: None,
                error,
            };
            Error::new(Cause::FailedDownload(fault), DOWNLOAD.class, 0)
        };
        let mut partial = Partial::beside(path).await.map_err(refused)?;
        let mut reader = self.start(wanted).await?;
        let bytes = reader.copy_to(partial.writer()).await?;
        let kept = partial.keep().await;
        kept.map_err(|error| reader.unwritable(error))?;
        Ok(bytes)
    }
}

impl MediaReader {
    /// Writes the rest, and returns its size in bytes.
    async fn copy_to<W: AsyncWrite + Unpin + ?Sized>(
        &mut self,
        writer: &mut W,
    ) -> Result<u64, Error> {
        let mut written = 0;
        while let Some(chunk) = self.chunk().await? {
            let outcome: io::Result<()> = writer.write_all(&chunk).await;
            outcome.map_err(|error| self.unwritable(error))?;
            written += chunk.len() as u64;
        }
        let flushed = writer.flush().await;
        flushed.map_err(|error| self.unwritable(error))?;
        Ok(written)
    }
}
