//! A file as it comes.

use std::fmt;
use std::sync::Arc;

use kaleyra_wa_transport::bytes::{Bytes, BytesMut};
use kaleyra_wa_transport::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use kaleyra_wa_transport::http::{HeaderMap, StatusCode};
use kaleyra_wa_transport::{Response, ResponseBody};

use super::Downloaded;
use super::digest::Digest;
use super::pace::Pace;
use crate::endpoint::DOWNLOAD;
use crate::error::{Cause, FailedDownload, Stop};
use crate::retry::with_timeout;
use crate::{Clock, Error};

/// The most memory that is allocated up front because a server announces a size.
const BELIEVED: u64 = 1024 * 1024;

/// A file that is being downloaded, read piece by piece; made by [`DownloadMedia::open`](crate::DownloadMedia::open).
///
/// # Examples
///
/// ```
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(200, r#"Thank you!"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let mut reader = client.download("https://media.example.com/receipt.txt").open().await?;
/// println!("{:?} bytes of {:?}, as the server says", reader.content_length(), reader.content_type());
/// let mut kept = Vec::new();
/// while let Some(piece) = reader.chunk().await? {
///     kept.extend_from_slice(&piece);
/// }
/// // Only now is it known to be complete and correct.
/// assert_eq!(kept, b"Thank you!");
/// # Ok(())
/// # }
/// ```
pub struct MediaReader {
    status: StatusCode,
    headers: HeaderMap,
    body: ResponseBody,
    /// How many bytes there are, if the server said so.
    len: Option<u64>,
    read: u64,
    pace: Pace,
    digest: Option<Digest>,
    attempts: u32,
    is_over: bool,
    rules: Rules,
}

/// What a download has to keep to.
pub(crate) struct Rules {
    pub(crate) limit: u64,
    pub(crate) progress: Option<Arc<Progress>>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Called with the bytes that were read so far, and all that there are, if that is known.
pub(crate) type Progress = dyn Fn(u64, Option<u64>) + Send + Sync;

impl MediaReader {
    /// For a response that is a file, by its status.
    pub(crate) fn new(
        response: Response,
        digest: Option<Digest>,
        rules: Rules,
        attempts: u32,
    ) -> Result<Self, Error> {
        let (head, body) = response.into_parts();
        let reader = Self {
            len: content_length(&head.headers),
            status: head.status,
            headers: head.headers,
            body,
            read: 0,
            pace: Pace::default(),
            digest,
            attempts,
            is_over: false,
            rules,
        };
        let limit = reader.rules.limit;
        match reader.len {
            Some(found) if found > limit => Err(reader.failed(Stop::TooLarge {
                limit,
                found: Some(found),
            })),
            _ => Ok(reader),
        }
    }

    /// The file's size in bytes, if the server announced it.
    pub fn content_length(&self) -> Option<u64> {
        self.len
    }

    /// The server's `Content-Type`, such as `image/jpeg`. It is not checked.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }

    /// The next piece; `None` at the end, after the whole file was verified. Until then, the pieces are unverified.
    ///
    /// # Errors
    ///
    /// When the rest does not arrive, or not in time; when there is more than the limit; and, at the end, when the
    /// SHA-256 differs. No more pieces follow.
    ///
    /// For an example see [`MediaReader`].
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        if self.is_over {
            return Ok(None);
        }
        let next = self.next().await;
        if !matches!(next, Ok(Some(_))) {
            self.is_over = true;
            // Whatever else the server sends is ignored.
            self.body = ResponseBody::empty();
        }
        next.map_err(|stop| self.failed(stop))
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Stop> {
        let clock = &*self.rules.clock;
        let start = clock.now();
        let next = with_timeout(clock, self.pace.limit(), self.body.chunk()).await;
        let Some(chunk) = next.ok_or(Stop::TooSlow)?.map_err(Stop::Broken)? else {
            self.check_end()?;
            return Ok(None);
        };
        let waited = clock.now().saturating_sub(start);
        let limit = self.rules.limit;
        let bytes = chunk.len() as u64;
        self.read = self.read.saturating_add(bytes);
        if self.read > limit {
            return Err(Stop::TooLarge { limit, found: None });
        }
        self.pace.note(bytes, waited);
        if let Some(digest) = &mut self.digest {
            digest.update(&chunk);
        }
        if let Some(progress) = &self.rules.progress {
            progress(self.read, self.len);
        }
        Ok(Some(chunk))
    }

    fn check_end(&mut self) -> Result<(), Stop> {
        if self.len.is_some_and(|len| self.read < len) {
            return Err(Stop::CutShort);
        }
        let is_right = self.digest.take().is_none_or(Digest::matches);
        is_right.then_some(()).ok_or(Stop::WrongDigest)
    }

    /// The rest, in memory.
    pub(crate) async fn collect(mut self) -> Result<Downloaded, Error> {
        let expected = self.len.unwrap_or_default().min(BELIEVED);
        let mut bytes = BytesMut::with_capacity(usize::try_from(expected).unwrap_or_default());
        while let Some(chunk) = self.chunk().await? {
            bytes.extend_from_slice(&chunk);
        }
        let content_type = self.content_type().map(str::to_owned);
        Ok(Downloaded::new(bytes.freeze(), content_type))
    }

    fn failed(&self, stop: Stop) -> Error {
        let status = self.status;
        self.error(FailedDownload::Stopped { status, stop })
    }

    /// The rest can't be written to its destination.
    #[cfg(feature = "tokio")]
    pub(crate) fn unwritable(&self, error: std::io::Error) -> Error {
        let status = Some(self.status);
        self.error(FailedDownload::Unwritable { status, error })
    }

    fn error(&self, fault: FailedDownload) -> Error {
        Error::new(Cause::FailedDownload(fault), DOWNLOAD.class, self.attempts)
    }
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

impl fmt::Debug for MediaReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaReader")
            .field("content_length", &self.len)
            .field("read", &self.read)
            .finish_non_exhaustive()
    }
}
