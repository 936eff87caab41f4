//! `kaleyra-wa template sample`: a picture, video or document for the header of a template under review.

use std::path::PathBuf;

use clap::Args;
use kaleyra_wa_client::{MediaFile, Sample, Waba};
use serde_json::json;

use super::account::TemplateAccount;
use crate::exit::Exit;
use crate::global;
use crate::interrupt::or_stopped;
use crate::show::line::Line;
use crate::show::output::{note, say};

#[derive(Args)]
pub(super) struct UploadSample {
    /// A .pdf, .jpeg, .jpg, .png or .mp4 of at most 100 MB, without a space in its name
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    account: TemplateAccount,
}

impl UploadSample {
    pub(super) async fn run(self) -> Result<(), Exit> {
        if self.file.is_dir() {
            return Err(Exit::bad_input(format!(
                "{}: it is a folder; give a file",
                self.file.display()
            )));
        }
        if !self.file.is_file() {
            return Err(Exit::bad_input(format!(
                "{}: there is no such file; check the path",
                self.file.display()
            )));
        }
        let waba = self.account.waba().await?;
        let sample = or_stopped(upload(&waba, &self.file)).await??;
        let id = sample.id().unwrap_or_default();
        let Some(handle) = sample.handle() else {
            return Err(Exit::failed(format!(
                "the sample {id} has no handle; Kaleyra says of it: {}",
                sample.status().unwrap_or("nothing")
            )));
        };
        if global::settings().json {
            let outcome = json!({"id": id, "handle": handle});
            return say(Line::json(&outcome).map_err(Exit::failed)?);
        }
        note(
            "put it into `example.header_handle` of the template's header; it is good for 24 hours",
        );
        say(handle)
    }
}

/// Uploads it, and waits for its handle.
async fn upload(waba: &Waba, file: &std::path::Path) -> Result<Sample, Exit> {
    let uploaded = waba.upload_sample(MediaFile::path(file)).await;
    let uploaded = uploaded.map_err(|error| Exit::of(&error).with_servers_words(&error))?;
    if uploaded.sample().handle().is_some() {
        return Ok(uploaded.sample().clone());
    }
    let id = uploaded.id().unwrap_or_default();
    let reading = waba.sample(id).until_ready(global::settings().timeout());
    reading.await.map_err(|error| Exit::of_read(&error))
}
