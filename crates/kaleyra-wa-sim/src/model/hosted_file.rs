//! A file that a user sends, at the address where Kaleyra keeps it.

use std::fmt;

/// A file that the simulator keeps for the receiver of a callback to download, without an API key.
///
/// Made by [`Simulator::host_file`](crate::Simulator::host_file), and sent by [`EndUser::file`](crate::callback::EndUser::file).
/// `Debug` shows neither its address nor its name.
///
/// For an example see [`Simulator::host_file`](crate::Simulator::host_file).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostedFile {
    /// Where it is: what `extra_info.media_url` says.
    pub url: String,
    /// Its MIME type, as the message and the download say it.
    pub mime_type: String,
    /// Its SHA-256 in base64, as the message says it.
    pub sha256: String,
    /// Its length in bytes.
    pub size: u64,
    /// Its name, which only a document's message says.
    pub file_name: Option<String>,
}

impl HostedFile {
    /// Names it.
    #[must_use]
    pub fn named(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = Some(file_name.into());
        self
    }
}

impl fmt::Debug for HostedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostedFile")
            .field("mime_type", &self.mime_type)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}
