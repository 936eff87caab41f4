//! A file as the source of a body.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::Frame;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{ChunkStream, Source};

/// How much is read at a time, and so about what a file takes in memory while it is sent.
const CHUNK: usize = 64 * 1024;

/// A file on disk, read while it is sent: 64 KiB at a time, whatever its size.
///
/// It runs inside a tokio runtime; reading is left to the runtime's threads for blocking work.
///
/// ```no_run
/// use kaleyra_wa_transport::{Body, FileSource};
///
/// # async fn run() -> std::io::Result<()> {
/// let catalogue = Body::from_source(FileSource::at("catalogue.pdf").await?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[cfg_attr(docsrs, doc(cfg(feature = "file")))]
pub struct FileSource {
    path: PathBuf,
    len: u64,
}

impl FileSource {
    /// Looks at the file: it has to be there, be readable, and be a file.
    ///
    /// # Errors
    ///
    /// Those of opening it, and [`IsADirectory`](io::ErrorKind::IsADirectory) or
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) for what is no plain file.
    pub async fn at(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        spawn_blocking(move || {
            let found = File::open(&path)?.metadata()?;
            if found.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            if !found.is_file() {
                // A pipe can't be read twice, and has no size.
                return Err(io::Error::new(
                    io::ErrorKind::InvalidInput,
                    "it is no plain file",
                ));
            }
            let len = found.len();
            Ok(Self { path, len })
        })
        .await?
    }
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn open(&self) -> ChunkStream {
        let path = self.path.clone();
        Box::pin(Reading(Some(spawn_blocking(move || {
            next(File::open(path)?)
        }))))
    }
}

/// Shows the size alone: a file's name may hold a person's.
impl fmt::Debug for FileSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileSource({} bytes)", self.len)
    }
}

/// The piece that is being read, and the file to go on with; `None` after the end or an error.
struct Reading(Option<JoinHandle<io::Result<(File, Bytes)>>>);

impl http_body::Body for Reading {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let Some(reading) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let outcome = ready!(Pin::new(reading).poll(cx));
        self.0 = None;
        let (file, chunk) = match outcome.map_err(io::Error::from).and_then(|read| read) {
            Ok(read) => read,
            Err(error) => return Poll::Ready(Some(Err(error))),
        };
        if chunk.is_empty() {
            return Poll::Ready(None);
        }
        // The next piece is read while this one is sent.
        self.0 = Some(spawn_blocking(move || next(file)));
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }
}

fn next(file: File) -> io::Result<(File, Bytes)> {
    let mut chunk = BytesMut::zeroed(CHUNK);
    let mut filled = 0;
    let mut reader = &file;
    // A short read would do, but 100 MB in few large pieces cost less than in many small ones.
    while filled < CHUNK {
        match reader.read(&mut chunk[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    chunk.truncate(filled);
    Ok((file, chunk.freeze()))
}
