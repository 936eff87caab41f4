//! Files that a message refers to: by link, by an upload's id, or uploaded first.

use std::path::Path;

use kaleyra_wa_client::Client;
use kaleyra_wa_types::outbound::MediaSource;

use crate::commands::upload::upload;
use crate::exit::Exit;
use crate::interrupt;
use crate::show::output::note;

/// What becomes of files on this machine.
pub(super) enum Uploader<'a> {
    /// They go up before the message goes out.
    Client(&'a Client),
    /// Nothing leaves this machine.
    DryRun,
}

impl Uploader<'_> {
    /// A link if it looks like one, a file if there is one, an id if it looks like one. What looks like none of them is
    /// refused here: Kaleyra would accept it and deliver nothing.
    pub(super) async fn source(&self, flag: &str, text: &str) -> Result<MediaSource, Exit> {
        if text.contains("://") {
            return Ok(MediaSource::link(text));
        }
        if is_file(text) {
            return self.upload(Path::new(text)).await;
        }
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let looks_like_id =
            text.bytes().all(is_word) && text.bytes().any(|byte| byte.is_ascii_digit());
        if Path::new(text).is_dir() {
            Err(Exit::bad_input(format!(
                "{flag}: it is a folder; give a file, a public link or an upload's id"
            )))
        } else if text.contains(['/', '\\', '.']) {
            Err(Exit::bad_input(format!(
                "{flag}: there is no such file, and it is no link either; check the path, or begin the link with https://"
            )))
        } else if looks_like_id {
            Ok(MediaSource::id(text))
        } else {
            Err(Exit::bad_input(format!(
                "{flag} is neither a file nor a link nor an upload's id: links begin with https://, and ids are letters \
                 and digits, with a digit at least"
            )))
        }
    }

    /// The name that a document from this machine has.
    pub(super) fn file_name(&self, text: &str) -> Option<String> {
        let name = Path::new(text).file_name()?.to_str()?;
        is_file(text).then(|| name.to_owned())
    }

    async fn upload(&self, path: &Path) -> Result<MediaSource, Exit> {
        let Self::Client(client) = self else {
            return Ok(MediaSource::id(format!(
                "id-of-the-upload-of-{}",
                name_of(path)
            )));
        };
        let uploaded = upload(client, path, None, false).await;
        // The message itself has not been sent, whatever became of the file.
        interrupt::forget();
        let uploaded = uploaded.map_err(|error| {
            let exit = Exit::of_read(&error);
            let message = format!(
                "the upload failed, and the message was not sent: {}",
                exit.message().unwrap_or_default()
            );
            exit.with_message(message)
        })?;
        note(format!(
            "uploaded {} as {}; the id is good for 30 days",
            name_of(path),
            uploaded.media_id()
        ));
        Ok(MediaSource::id(uploaded.media_id().clone()))
    }
}

fn is_file(text: &str) -> bool {
    Path::new(text).is_file()
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
