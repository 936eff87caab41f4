//! A file on its way from where Kaleyra keeps it.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;

use kaleyra_wa_transport::http::StatusCode;
use kaleyra_wa_transport::{Body, Phase, Response, TransportError, TransportErrorKind, read_whole};

use super::digest::Digest;
use super::reader::{Progress, Rules};
use super::url::MediaUrl;
use super::{Downloaded, MediaLink, MediaReader, pace};
use crate::endpoint::DOWNLOAD;
use crate::error::{Cause, FailedDownload, ReceivedResponse};
use crate::exchange::{Call, Exchanged, MAX_RESPONSE};
use crate::retry::with_timeout;
use crate::{Client, Error, observe};

/// A file that is downloaded when it is awaited; made by [`Client::download`].
///
/// ```text
///   download(link) ──► .limit(bytes)       ──► .await?              Downloaded, in memory
///                      .sha256(text)           .save(path).await?   a file on disk, whole or not there    ┐ feature
///                      .on_progress(..)        .write_to(&mut w)    into any AsyncWrite                   ┘ `tokio`
///                                              .open().await?       MediaReader, piece by piece
/// ```
///
/// # What may go wrong
///
/// | What happened | [`ErrorKind`](crate::ErrorKind) |
/// |---|---|
/// | the URL is not https, or the SHA-256 is invalid | `InvalidRequest`, no request was made |
/// | the link has expired, or never was one | `Rejected` |
/// | a redirect, which is not followed | `Redirect` |
/// | more bytes than the limit, announced or not | `FileTooLarge` |
/// | no response headers for 30 s; no further bytes for 30 s; or slower than 64 KiB/s, 30 s after the start | `Timeout` |
/// | the connection broke off in the middle | `UnreadableResponse` |
/// | another file than announced | `WrongDigest` |
/// | the disk is full, or the writer failed | `UnwritableFile` |
///
/// It is [retried](crate::RetryPolicy) until the response headers arrive, and not after that.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// use kaleyra_wa_client::ErrorKind;
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().when(|_| true).respond(200, "Thank you!");
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let seen = Arc::new(AtomicU64::new(0));
/// let counter = Arc::clone(&seen);
/// let file = client
///     .download("https://media.example.com/receipt.txt")
///     .limit(1024 * 1024)
///     .on_progress(move |received, _total| counter.store(received, Ordering::Relaxed))
///     .await?;
/// assert_eq!(file.bytes(), "Thank you!");
/// assert_eq!(seen.load(Ordering::Relaxed), 10);
///
/// // A file that is not the one that was announced is never handed over.
/// let digest = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=";
/// let error = client.download("https://media.example.com/receipt.txt").sha256(digest).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::WrongDigest);
///
/// // Piece by piece, for a file that is too large for memory.
/// let mut reader = client.download("https://media.example.com/receipt.txt").open().await?;
/// while let Some(piece) = reader.chunk().await? {
///     assert_eq!(piece, "Thank you!");
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a file is downloaded when it is awaited"]
#[derive(Clone)]
pub struct DownloadMedia {
    client: Client,
    link: MediaLink,
    limit: u64,
    progress: Option<Arc<Progress>>,
}

/// What to ask for, and what must come.
pub(super) struct Wanted {
    pub(super) url: MediaUrl,
    digest: Option<Digest>,
}

impl DownloadMedia {
    /// The most that is taken unless another [`limit`](Self::limit) is set: 100 MiB, the largest file that WhatsApp
    /// passes on.
    pub const LIMIT: u64 = 100 * 1024 * 1024;

    pub(crate) fn new(client: Client, link: MediaLink) -> Self {
        Self {
            client,
            link,
            limit: Self::LIMIT,
            progress: None,
        }
    }

    /// Sets the SHA-256 that the file must have, as callbacks write it, in base64, or in hexadecimal digits.
    ///
    /// A link [of a callback](MediaLink::from_callback) has it already.
    ///
    /// For an example see [`DownloadMedia`].
    pub fn sha256(mut self, digest: impl Into<String>) -> Self {
        self.link = self.link.sha256(digest);
        self
    }

    /// How many bytes the file may have at most. Default: [100 MiB](Self::LIMIT).
    ///
    /// Awaited, the file is in memory as a whole: set a limit that your program can afford.
    ///
    /// For an example see [`DownloadMedia`].
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// Calls `progress` with the bytes received so far and, if the server announced it, the total.
    ///
    /// It is called for each piece, on the task that reads them, and must return quickly.
    pub fn on_progress(
        mut self,
        progress: impl Fn(u64, Option<u64>) + Send + Sync + 'static,
    ) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// Requests the file, to read it piece by piece. It needs no particular runtime.
    ///
    /// # Errors
    ///
    /// When the file can't be fetched, or is announced to be too large.
    ///
    /// For an example see [`DownloadMedia`].
    pub async fn open(self) -> Result<MediaReader, Error> {
        let wanted = self.wanted()?;
        let server = wanted.url.server.clone();
        observe::observed(&server, &DOWNLOAD, self.start(wanted)).await
    }

    async fn collect(self) -> Result<Downloaded, Error> {
        let wanted = self.wanted()?;
        let server = wanted.url.server.clone();
        let reading = async { self.start(wanted).await?.collect().await };
        observe::observed(&server, &DOWNLOAD, reading).await
    }

    pub(super) fn wanted(&self) -> Result<Wanted, Error> {
        let refused = |fault| Error::new(Cause::FailedDownload(fault), DOWNLOAD.class, 0);
        let url = MediaUrl::parse(self.link.url())
            .map_err(|reason| refused(FailedDownload::Url(reason)))?;
        let digest = match self.link.digest() {
            Some(text) => Some(Digest::parse(text).ok_or_else(|| refused(FailedDownload::Digest))?),
            None => None,
        };
        Ok(Wanted { url, digest })
    }

    pub(super) async fn start(self, wanted: Wanted) -> Result<MediaReader, Error> {
        let call = Call {
            endpoint: &DOWNLOAD,
            url: wanted.url.uri,
            // The key is for Kaleyra's API, and this may be anybody's server.
            api_key: None,
            content_type: None,
            body: Body::empty(),
            // The timeout for the headers is that of `ReadResponse`. This one is longer than what the reader waits for,
            // so that the reader reports what was too slow.
            timeout: Some(pace::time_for(self.limit).saturating_add(pace::GRACE)),
            recipient: None,
            class: DOWNLOAD.class,
        };
        let Exchanged { outcome, attempts } = self.client.exchange(&call).await;
        let failed = |cause| Error::new(cause, DOWNLOAD.class, attempts);
        let response: Response = outcome.map_err(|error| failed(Cause::of_transport(error)))?;
        // Of all successes only this one has the file and nothing else.
        if response.status() != StatusCode::OK {
            let refusal = self.refusal(response).await;
            return Err(failed(Cause::FailedDownload(FailedDownload::Refused(
                refusal,
            ))));
        }
        let rules = Rules {
            limit: self.limit,
            progress: self.progress,
            clock: Arc::clone(&self.client.settings.clock),
        };
        MediaReader::new(response, wanted.digest, rules, attempts)
    }

    /// What the server says in place of the file.
    async fn refusal(&self, response: Response) -> ReceivedResponse {
        let status = response.status();
        let clock = &*self.client.settings.clock;
        let late = TransportError::new(Phase::Body { status }, TransportErrorKind::Timeout);
        let read = with_timeout(clock, pace::GRACE, read_whole(response, MAX_RESPONSE)).await;
        match read.unwrap_or(Err(late)) {
            Ok(received) => ReceivedResponse::of(received),
            Err(error) => ReceivedResponse::broken(status, error),
        }
    }
}

impl IntoFuture for DownloadMedia {
    type Output = Result<Downloaded, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.collect())
    }
}

impl fmt::Debug for DownloadMedia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadMedia")
            .field("link", &self.link)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
