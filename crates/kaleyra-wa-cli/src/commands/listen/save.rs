//! Callbacks in a folder: the body byte for byte, and its head beside it. `kaleyra-wa replay` posts them again.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use http::header::{AUTHORIZATION, HeaderName};
use kaleyra_wa_webhook::{ReceivedCallback, SinkError};

use super::along::Head;
use crate::exit::Exit;
use crate::show::event::rfc3339;
use crate::show::output::complain;

/// A folder for callbacks.
pub(super) struct Saver {
    folder: PathBuf,
    /// The header with the secret: it is not kept.
    secret_header: String,
    count: AtomicU64,
}

impl Saver {
    /// Saves into this folder, which is made where there is none: for its owner alone, as it will hold personal data.
    pub(super) fn new(folder: &Path, secret_header: String) -> Result<Self, Exit> {
        make(folder).map_err(|error| {
            Exit::failed(format!(
                "--save: {}: can't be made: {error}",
                folder.display()
            ))
        })?;
        Ok(Self {
            folder: folder.to_owned(),
            secret_header,
            count: AtomicU64::new(1),
        })
    }

    /// Saves a callback; one that can't be saved is not acknowledged.
    pub(super) fn save(
        &self,
        head: Option<&Head>,
        delivery: &ReceivedCallback,
    ) -> Result<(), SinkError> {
        let written = self.write(head, delivery);
        written.map_err(|error| {
            complain(format!("--save: can't write: {error}; answered 503"));
            SinkError::new("can't be saved")
        })
    }

    fn write(&self, head: Option<&Head>, delivery: &ReceivedCallback) -> io::Result<()> {
        let received_at = rfc3339(delivery.received_at);
        // Files sort in the order in which they came, also those of several runs.
        let stamp = received_at.replace([':', '-'], "");
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let name = format!("{stamp}-{count:06}");
        let mut text = match head {
            Some(head) => format!(
                "{} /{}\n",
                head.method,
                head.query
                    .as_ref()
                    .map_or_else(String::new, |query| format!("?{query}"))
            ),
            None => "POST /\n".to_owned(),
        };
        text += &format!("x-received-at: {received_at}\n");
        for (name, value) in head.iter().flat_map(|head| &head.headers) {
            if self.is_kept(name)
                && let Ok(value) = value.to_str()
            {
                text += &format!("{name}: {value}\n");
            }
        }
        self.put(&format!("{name}.head"), text.as_bytes())?;
        self.put(&format!("{name}.json"), &delivery.raw)
    }

    fn is_kept(&self, name: &HeaderName) -> bool {
        !is_of_connection(name)
            && name != AUTHORIZATION
            && !name.as_str().eq_ignore_ascii_case(&self.secret_header)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(self.folder.join(name))?;
        file.write_all(bytes)?;
        file.sync_data()
    }
}

/// Whether a header is about the connection that a request came by, and not about the request.
pub(crate) fn is_of_connection(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "host"
            | "content-length"
            | "connection"
            | "keep-alive"
            | "transfer-encoding"
            | "te"
            | "trailer"
            | "upgrade"
            | "expect"
            | "proxy-authorization"
            | "proxy-connection"
    )
}

#[cfg(unix)]
fn make(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;

    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn make(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}
