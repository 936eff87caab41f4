//! A file that was uploaded.

use std::fmt;
use std::time::SystemTime;

use kaleyra_wa_types::MediaId;
use serde_json::{Value, json};

use crate::time::clock::unix_seconds;
use kaleyra_wa_types::MediaKind;

/// A file that was uploaded. Its content is [`Simulator::uploaded_bytes`](crate::Simulator::uploaded_bytes).
///
/// `Debug` shows neither its name nor its digest.
#[derive(Clone)]
#[non_exhaustive]
pub struct UploadedMedia {
    /// The id in the response, which a message names it by.
    pub id: MediaId,
    /// The form's `type`, as it came.
    pub mime_type: String,
    /// What a file of this type is.
    pub kind: MediaKind,
    /// Its length in bytes.
    pub size: u64,
    /// Its SHA-256 in base64.
    pub sha256: String,
    /// The `filename` of the form's `file`.
    pub file_name: Option<String>,
    /// When it came.
    pub received_at: SystemTime,
}

impl UploadedMedia {
    /// As `GET /sim/media` shows it.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "mime_type": self.mime_type,
            "kind": self.kind.as_str(),
            "size": self.size,
            "sha256": self.sha256,
            "file_name": self.file_name,
            "received_at": unix_seconds(self.received_at),
        })
    }
}

impl fmt::Debug for UploadedMedia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadedMedia")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}
