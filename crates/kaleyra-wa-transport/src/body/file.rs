//! A file as the source of a body.

use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
#[cfg(unix)]
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use http_body::Frame;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{ChunkStream, Source};

/// How much is read at a time, and so roughly the memory a file needs while it is sent.
const CHUNK: usize = 64 * 1024;

/// A file on disk, read while it is sent: 64 KiB at a time, whatever its size.
///
/// The file that is sent is the one that was opened. If another one takes its place, or it is written to, before its
/// last byte was read, then reading fails, also where the size stays the same. A change is detected by the time of the last
/// change and, on Unix, by the file's number and the time of its last change of any sort. The last piece is handed on
/// after that was checked, so that such a request never arrives whole.
///
/// It needs a tokio runtime, and reads on its threads for blocking work.
///
/// ```
/// use kaleyra_wa_transport::{Body, FileSource};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("kaleyra-wa-doc-source-{}", std::process::id()));
/// std::fs::write(&path, "Thank you!")?;
/// let body = Body::from_source(FileSource::at(&path).await?);
/// assert_eq!(body.len(), 10);
/// assert_eq!(body.collect().await?, "Thank you!");
///
/// // Another file is there when it is sent again.
/// std::fs::write(&path, "Thanks")?;
/// assert!(body.collect().await.is_err());
/// # std::fs::remove_file(path)
/// # }
/// ```
#[derive(Clone)]
#[cfg_attr(docsrs, doc(cfg(feature = "file")))]
pub struct FileSource {
    path: PathBuf,
    seen: Seen,
}

/// What tells a file from another one, and from itself after a change.
#[derive(Clone, Copy, PartialEq)]
struct Seen {
    len: u64,
    /// Where the system knows it.
    modified: Option<SystemTime>,
    /// Its file system, its number there, and when anything about it was changed.
    #[cfg(unix)]
    identity: (u64, u64, i64, i64),
}

impl Seen {
    fn of(found: &Metadata) -> Self {
        Self {
            len: found.len(),
            modified: found.modified().ok(),
            #[cfg(unix)]
            identity: (found.dev(), found.ino(), found.ctime(), found.ctime_nsec()),
        }
    }
}

impl FileSource {
    /// Opens the file, which must exist, be readable, and be a regular file.
    ///
    /// # Errors
    ///
    /// Those of opening it, and [`IsADirectory`](io::ErrorKind::IsADirectory) or
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) for what is not a regular file: a pipe, a socket, a device. None
    /// of them blocks.
    pub async fn at(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        spawn_blocking(move || {
            let (_, seen) = open(&path)?;
            Ok(Self { path, seen })
        })
        .await?
    }
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.seen.len
    }

    fn open(&self) -> ChunkStream {
        let Self { path, seen } = self.clone();
        Box::pin(Reading(Some(spawn_blocking(move || {
            let (file, found) = open(&path)?;
            if found != seen {
                return Err(changed());
            }
            let left = seen.len;
            next(Unread { file, seen, left })
        }))))
    }
}

/// Shows the size alone: a file's name may hold a person's.
impl fmt::Debug for FileSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileSource({} bytes)", self.seen.len)
    }
}

/// Opens a regular file, and nothing else, without blocking.
fn open(path: &Path) -> io::Result<(File, Seen)> {
    // Looked at first: to open a device can do something by itself.
    refuse_others(&fs::metadata(path)?)?;
    let mut options = File::options();
    options.read(true);
    // It may have become a pipe in the meantime, which would be waited for until somebody writes into it.
    #[cfg(unix)]
    options.custom_flags(libc::O_NONBLOCK);
    let file = options.open(path)?;
    let found = file.metadata()?;
    refuse_others(&found)?;
    Ok((file, Seen::of(&found)))
}

fn refuse_others(found: &Metadata) -> io::Result<()> {
    if found.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !found.is_file() {
        // A pipe can't be read twice, and has no size.
        let (kind, why) = (io::ErrorKind::InvalidInput, "it is no plain file");
        return Err(io::Error::new(kind, why));
    }
    Ok(())
}

fn changed() -> io::Error {
    let why = "the file was changed or replaced after it was looked at";
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// A file, what it was when it was looked at, and how much of it is still to come.
struct Unread {
    file: File,
    seen: Seen,
    left: u64,
}

/// The piece that is being read, and the file to go on with; `None` after the end or an error.
struct Reading(Option<JoinHandle<io::Result<(Unread, Bytes)>>>);

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

fn next(mut unread: Unread) -> io::Result<(Unread, Bytes)> {
    let mut chunk = BytesMut::zeroed(CHUNK);
    let mut filled = 0;
    let mut reader = &unread.file;
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
    let was_due = unread.left > 0;
    unread.left = unread.left.saturating_sub(filled as u64);
    // What becomes of the file after its last byte was read does no harm.
    let is_last = was_due && (unread.left == 0 || filled < CHUNK);
    if is_last && Seen::of(&unread.file.metadata()?) != unread.seen {
        return Err(changed());
    }
    Ok((unread, chunk.freeze()))
}
