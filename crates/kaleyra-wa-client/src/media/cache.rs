//! Files that were uploaded already, found again by their contents.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kaleyra_wa_transport::{Clock, SystemClock};
use kaleyra_wa_types::MediaId;
use sha2::{Digest as _, Sha256};

use super::{MediaFile, Uploaded};
use crate::endpoint::UPLOAD;
use crate::error::{Cause, UnsendableFile};
use crate::{Client, Error};

/// Ids of files that were uploaded, so that the same file is uploaded once and sent a thousand times.
///
/// A file is known by its SHA-256, its type, and the number that it was uploaded for: an id is good for that sender alone,
/// and for 30 days. After 29, unless set [otherwise](Self::lifetime), a file is uploaded again; one whose id was refused
/// sooner, by 131053 say, is [forgotten](Self::forget).
///
/// Cheap to clone; clones share the ids. It holds at most 10,000 of them; the one that expires first makes room. Two calls at
/// the same time may upload the same file twice, which does no harm.
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_client::types::outbound::Image;
/// use kaleyra_wa_client::{MediaCache, MediaFile};
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new()
/// #     .when(|request| request.uri().path().ends_with("/media"))
/// #     .respond(200, r#"{"code":"WA200","data":{"id":"42"}}"#)
/// #     .when(|_| true)
/// #     .respond(202, r#"{"code":"WA202","data":{"message_id":"AX1"}}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// # let menu = "PNG…";
/// let cache = MediaCache::new().lifetime(Duration::from_secs(7 * 24 * 60 * 60)); // by default 29 days
/// assert!(cache.is_empty());
/// for guest in ["+14155550123", "+14155550124"] {
///     // Uploaded for the first guest only.
///     let uploaded = cache.upload(&client, MediaFile::bytes("menu.png", menu)).await?;
///     client.send(guest, Image::id(uploaded.media_id())).await?;
/// }
/// assert_eq!(cache.len(), 1);
/// assert_eq!(kaleyra.requests().len(), 3); // one upload, two messages
///
/// // A status said that WhatsApp has it no more: the next send uploads it again.
/// assert!(cache.forget(&"42".into()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct MediaCache {
    known: Arc<Mutex<HashMap<Key, Known>>>,
    clock: Arc<dyn Clock>,
    lifetime: Duration,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    sid: String,
    sender: String,
    extension: String,
    digest: [u8; 32],
}

struct Known {
    uploaded: Uploaded,
    until: Duration,
}

/// How many ids are kept.
const MAX_KNOWN: usize = 10_000;
/// How long an id is used: a day less than it is good for.
const LIFETIME: Duration = Duration::from_secs(29 * 24 * 60 * 60);

impl MediaCache {
    /// An empty cache.
    ///
    /// For an example see [`MediaCache`].
    pub fn new() -> Self {
        Self {
            known: Arc::default(),
            clock: Arc::new(SystemClock),
            lifetime: LIFETIME,
        }
    }

    /// Uploads a file again after this long. Ids are good for 30 days.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Takes the time from this clock; for tests.
    ///
    /// ```
    /// use std::sync::{Arc, Mutex};
    /// use std::time::Duration;
    ///
    /// use kaleyra_wa_client::transport::async_trait;
    /// use kaleyra_wa_client::{Clock, MediaCache, MediaFile};
    ///
    /// /// A clock that a test sets.
    /// #[derive(Clone, Default)]
    /// struct Hand(Arc<Mutex<Duration>>);
    ///
    /// #[async_trait]
    /// impl Clock for Hand {
    ///     fn now(&self) -> Duration {
    ///         *self.0.lock().unwrap()
    ///     }
    ///
    ///     async fn sleep(&self, time: Duration) {
    ///         *self.0.lock().unwrap() += time;
    ///     }
    /// }
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().when(|_| true).respond(200, r#"{"code":"WA200","data":{"id":"42"}}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let hand = Hand::default();
    /// let cache = MediaCache::new().with_clock(hand.clone());
    /// cache.upload(&client, MediaFile::bytes("menu.png", "PNG…")).await?;
    /// hand.sleep(Duration::from_secs(30 * 24 * 60 * 60)).await;
    /// cache.upload(&client, MediaFile::bytes("menu.png", "PNG…")).await?;
    /// assert_eq!(kaleyra.requests().len(), 2); // its id had expired
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The id of a file: the known one, or that of an upload. The file is read once to be known, and once more to be
    /// uploaded.
    ///
    /// # Errors
    ///
    /// When the file can't be read, and those of [`upload`](Client::upload).
    ///
    /// For an example see [`MediaCache`].
    pub async fn upload(
        &self,
        client: &Client,
        file: impl Into<MediaFile>,
    ) -> Result<Uploaded, Error> {
        let file = file.into();
        let key = Key {
            sid: client.account().sid().to_owned(),
            sender: client.account().sender().as_str().to_owned(),
            // The extension tells the type that it goes up as.
            extension: extension(file.as_name()),
            digest: digest(&file).await?,
        };
        let now = self.clock.now();
        if let Some(known) = self.lock().get(&key)
            && now < known.until
        {
            return Ok(known.uploaded.clone());
        }
        let uploaded = client.upload(file).await?;
        let mut all = self.lock();
        if all.len() >= MAX_KNOWN {
            make_room(&mut all);
        }
        let known = Known {
            uploaded: uploaded.clone(),
            until: now.saturating_add(self.lifetime),
        };
        all.insert(key, known);
        Ok(uploaded)
    }

    /// Forgets an id, so that its file is uploaded again: WhatsApp has refused it. `false` if it is not known.
    ///
    /// For an example see [`MediaCache`].
    pub fn forget(&self, media_id: &MediaId) -> bool {
        let mut all = self.lock();
        let before = all.len();
        all.retain(|_, known| known.uploaded.media_id() != media_id);
        all.len() < before
    }

    /// How many ids are known, expired ones included.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes out the one that expires first.
fn make_room(all: &mut HashMap<Key, Known>) {
    let first = all.iter().min_by_key(|(_, known)| known.until);
    if let Some(first) = first.map(|(key, _)| key.clone()) {
        all.remove(&first);
    }
}

fn extension(name: &str) -> String {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    extension.to_ascii_lowercase()
}

async fn digest(file: &MediaFile) -> Result<[u8; 32], Error> {
    let unreadable = |error| {
        let cause = Cause::UnsendableFile(UnsendableFile::Unreadable(error));
        Error::new(cause, UPLOAD.class, 0)
    };
    let body = file.open().await.map_err(unreadable)?;
    let mut reader = body.read();
    let mut digest = Sha256::new();
    while let Some(piece) = reader.chunk().await.map_err(unreadable)? {
        digest.update(&piece);
    }
    Ok(digest.finalize().into())
}

impl Default for MediaCache {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows how many ids there are.
impl fmt::Debug for MediaCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaCache")
            .field("known", &self.len())
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}
