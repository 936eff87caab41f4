//! The location of a file that a user sent, and its digest.

use std::fmt;

use kaleyra_wa_types::inbound::Callback;

/// Where a file is that a user sent: what [`Client::download`](crate::Client::download) takes. With the file's SHA-256,
/// if it is known, the download proves that it is the right one.
///
/// `Debug` does not show the URL, which gives access to the file.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_client::MediaLink;
/// use kaleyra_wa_client::types::inbound::Callback;
///
/// let callback = Callback::from_slice(br#"{
///     "meta_object": {"field": "messages", "value": {"messages": [
///         {"from": "919800000001", "id": "wamid.A", "timestamp": "1722863329", "type": "image",
///          "image": {"id": "1", "mime_type": "image/jpeg", "sha256": "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="}}
///     ]}},
///     "extra_info": {"media_url": "https://media.example.com/1.jpg"}
/// }"#)?;
///
/// let link = MediaLink::from_callback(&callback).ok_or("no file")?;
/// assert_eq!(link.url(), "https://media.example.com/1.jpg");
///
/// // The same from what was kept of it.
/// let kept = MediaLink::new("https://media.example.com/1.jpg").sha256("n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=");
/// assert_eq!(kept, link);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct MediaLink {
    url: String,
    sha256: Option<String>,
}

impl MediaLink {
    /// The file at this URL, whatever it is.
    ///
    /// For an example see [`MediaLink`].
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            sha256: None,
        }
    }

    /// The file that came with a callback: its `extra_info.media_url`, and the `sha256` of its message. `None` if it
    /// names no URL; by the samples of the documentation, not every file has one.
    ///
    /// A callback has one URL. If it has several messages with files, which of them the URL belongs to is not
    /// documented, and no digest is taken.
    ///
    /// For an example see [`MediaLink`].
    pub fn from_callback(callback: &Callback) -> Option<Self> {
        let url = callback.extra_info.as_ref()?.media_url.as_deref()?;
        let mut files = callback
            .messages()
            .filter_map(|message| message.content.media());
        let sha256 = match (files.next(), files.next()) {
            (Some(file), None) => file.sha256.map(str::to_owned),
            _ => None,
        };
        (!url.is_empty()).then(|| Self {
            url: url.to_owned(),
            sha256,
        })
    }

    /// The same link with the SHA-256 that the file must have, as callbacks write it, in base64, or in hexadecimal
    /// digits.
    ///
    /// For an example see [`MediaLink`].
    #[must_use]
    pub fn sha256(mut self, digest: impl Into<String>) -> Self {
        self.sha256 = Some(digest.into());
        self
    }

    /// The URL, to store it or to download the file unchecked.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What the file's digest must be, as it was given.
    pub(crate) fn digest(&self) -> Option<&str> {
        self.sha256.as_deref()
    }
}

impl From<&str> for MediaLink {
    fn from(url: &str) -> Self {
        Self::new(url)
    }
}

impl From<String> for MediaLink {
    fn from(url: String) -> Self {
        Self::new(url)
    }
}

impl From<&String> for MediaLink {
    fn from(url: &String) -> Self {
        Self::new(url)
    }
}

impl fmt::Debug for MediaLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaLink")
            .field("has_sha256", &self.sha256.is_some())
            .finish_non_exhaustive()
    }
}
