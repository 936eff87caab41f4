//! `kaleyra-wa upload`: a file goes up, and an id for it comes back.

use std::path::{Path, PathBuf};

use clap::Args;
use kaleyra_wa_client::{Client, Error, MediaFile, Uploaded};
use serde_json::json;

use crate::exit::Exit;
use crate::global;
use crate::interrupt::or_stopped;
use crate::settings::AccountSettings;
use crate::show::line::Line;
use crate::show::output::say;
use crate::show::progress::Progress;
use crate::show::style::Tone;

/// Upload a file, to send it by its id
#[derive(Args)]
#[command(after_help = "\
The id is good for many messages, for 30 days. Only postpaid accounts may upload; a public link needs no upload.
`kaleyra-wa send --image ./photo.jpg` uploads and sends in one go.

Examples:
  kaleyra-wa upload ./photo.jpg
  kaleyra-wa upload scan.bin --type application/pdf

With --json the output is one line with media_id, kind (image, audio, video, document or sticker) and mime_type.")]
pub(crate) struct Upload {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Its MIME type; by default derived from the file's name and contents
    #[arg(long = "type", value_name = "MIME")]
    mime_type: Option<String>,
    /// Send it even if WhatsApp is not known to accept such a file
    #[arg(long)]
    unchecked: bool,
    #[command(flatten)]
    account: AccountSettings,
}

impl Upload {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        if !self.file.is_file() {
            return Err(Exit::bad_input(format!(
                "{}: there is no such file; check the path",
                self.file.display()
            )));
        }
        let client = self.account.client()?;
        let uploading = upload(&client, &self.file, self.mime_type, self.unchecked);
        let uploaded = or_stopped(uploading).await?;
        let uploaded = uploaded.map_err(|error| Exit::of(&error))?;
        let kind = format!("{:?}", uploaded.kind()).to_lowercase();
        if global::settings().json {
            let outcome = json!({
                "media_id": uploaded.media_id(), "kind": kind, "mime_type": uploaded.mime_type(),
            });
            return say(Line::json(&outcome).map_err(Exit::failed)?);
        }
        say(Line::toned(Tone::Good, "uploaded")
            .then("  ")
            .then(uploaded.media_id())
            .then(format!("  {kind} {}", uploaded.mime_type())))
    }
}

/// Uploads a file, with a bar where somebody sees it.
pub(crate) async fn upload(
    client: &Client,
    path: &Path,
    mime_type: Option<String>,
    unchecked: bool,
) -> Result<Uploaded, Error> {
    let progress = Progress::bytes("up");
    let told = progress.clone();
    let mut request = client.upload(MediaFile::path(path));
    request = request.on_progress(move |done, all| told.tell(done, Some(all)));
    if let Some(mime_type) = mime_type {
        request = request.mime_type(mime_type);
    }
    if unchecked {
        request = request.unchecked();
    }
    let uploaded = request.await;
    progress.end();
    uploaded
}
