//! The files that were uploaded.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;

use super::files::{File, Files};
use crate::model::uploaded_media::UploadedMedia;

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
                kept_at: media.received_at,
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
    use std::time::SystemTime;

    use super::*;
    use kaleyra_wa_types::MediaKind;

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
