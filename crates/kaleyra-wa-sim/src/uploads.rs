//! The files that were uploaded.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use kaleyra_wa_types::MediaId;
use serde_json::{Value, json};

use crate::callback::MediaKind;
use crate::files::{File, Files};
use crate::fresh;

/// A file that was uploaded. Its content is [`Simulator::uploaded_bytes`](crate::Simulator::uploaded_bytes).
///
/// `Debug` shows neither its name nor its digest.
#[derive(Clone)]
#[non_exhaustive]
pub struct UploadedMedia {
    /// The id in the answer, which a message names it by.
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
            "received_at": fresh::unix_seconds(self.received_at),
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

/// The newest uploads.
pub(crate) struct Uploads {
    media: VecDeque<Arc<UploadedMedia>>,
    files: Files,
}

impl Uploads {
    /// How many are known.
    const MAX: usize = 10_000;
    /// How many bytes of their content are kept.
    const MAX_BYTES: usize = 64 << 20;

    pub(crate) fn new() -> Self {
        Self {
            media: VecDeque::new(),
            files: Files::new(Self::MAX_BYTES),
        }
    }

    /// Knows an upload, and keeps its content where there is any.
    pub(crate) fn push(&mut self, media: Arc<UploadedMedia>, bytes: Option<Bytes>) {
        if let Some(bytes) = bytes {
            self.files.push(File {
                id: media.id.to_string(),
                mime_type: media.mime_type.clone(),
                bytes,
            });
        }
        self.media.push_back(media);
        if self.media.len() > Self::MAX {
            self.media.pop_front();
        }
    }

    /// All, newest last.
    pub(crate) fn all(&self) -> Vec<Arc<UploadedMedia>> {
        self.media.iter().cloned().collect()
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<UploadedMedia>> {
        let mut newest_first = self.media.iter().rev();
        newest_first.find(|media| media.id.as_str() == id).cloned()
    }

    pub(crate) fn file(&self, id: &str) -> Option<File> {
        self.files.find(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_forgotten() {
        let mut uploads = Uploads::new();
        for number in 0..=Uploads::MAX {
            let media = Arc::new(UploadedMedia {
                id: number.to_string().into(),
                mime_type: "text/plain".to_owned(),
                kind: MediaKind::Document,
                size: 0,
                sha256: String::new(),
                file_name: Some("canary.txt".to_owned()),
                received_at: SystemTime::now(),
            });
            assert!(!format!("{media:?}").contains("canary"));
            uploads.push(media, None);
        }
        assert!(uploads.find("0").is_none() && uploads.find("1").is_some());
        assert_eq!(uploads.all().len(), Uploads::MAX);
    }
}
