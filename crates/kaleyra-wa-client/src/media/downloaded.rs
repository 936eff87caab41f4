//! A downloaded file in memory.

use std::fmt;

use kaleyra_wa_transport::bytes::Bytes;

/// A file that was downloaded: it is whole and, where a SHA-256 was given, the right one.
///
/// For an example see [`Client::download`](crate::Client::download).
#[derive(Clone, PartialEq, Eq)]
pub struct Downloaded {
    bytes: Bytes,
    content_type: Option<String>,
}

impl Downloaded {
    pub(crate) fn new(bytes: Bytes, content_type: Option<String>) -> Self {
        Self {
            bytes,
            content_type,
        }
    }

    /// The file.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The file, to keep.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// The server's `Content-Type`, such as `image/jpeg`. It is not checked.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }
}

/// Shows the size and the type, and nothing of what is in it.
impl fmt::Debug for Downloaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Downloaded")
            .field("bytes", &self.bytes.len())
            .field("content_type", &self.content_type)
            .finish()
    }
}
