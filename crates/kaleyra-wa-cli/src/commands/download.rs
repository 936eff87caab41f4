//! `kaleyra-wa download`: the file behind the link of a callback.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use kaleyra_wa_client::{Account, Client, Error, MediaLink, Pod};
use kaleyra_wa_transport::ReqwestTransport;
use serde_json::json;

use crate::exit::Exit;
use crate::global;
use crate::interrupt::or_stopped;
use crate::show::line::Line;
use crate::show::output::{own_text, say};
use crate::show::progress::Progress;
use crate::show::style::Tone;

/// Download what a user sent, by the link in its callback
#[derive(Args)]
#[command(after_help = "\
The link is extra_info.media_url of the callback. The API key is not sent, so no account is needed; redirects are \
not followed. In the end the file is complete, or not there.

Examples:
  kaleyra-wa download http://127.0.0.1:8090/media/1 -o from-asha.jpg
  kaleyra-wa download http://127.0.0.1:8090/media/1 --output - > from-asha.jpg

With --json the output is one line with file, bytes and sha256 (the digest asked for, null if none was).")]
pub(crate) struct Download {
    /// The link
    #[arg(value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    url: String,
    /// File to write; - for standard output. By default named after the end of the link
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
    /// Digest that the file must have, from the callback
    #[arg(long, value_name = "DIGEST", value_parser = NonEmptyStringValueParser::new())]
    sha256: Option<String>,
}

impl Download {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let mut link = MediaLink::new(self.url.as_str());
        if let Some(digest) = &self.sha256 {
            link = link.sha256(digest);
        }
        let client = nobodys()?;
        if self
            .output
            .as_ref()
            .is_some_and(|path| path.as_os_str() == "-")
        {
            if global::settings().json {
                return Err(Exit::bad_input(
                    "--json and the file can't both go to standard output: choose a file with --output",
                ));
            }
            let file = or_stopped(client.download(link).into_future()).await?;
            let file = file.map_err(|error| failed(&error))?;
            return own_text(file.bytes());
        }
        let path = match self.output {
            Some(path) => path,
            None => named_by(&self.url)?,
        };
        if path.exists() && !self.force {
            return Err(Exit::bad_input(format!(
                "{}: it exists already; choose another with --output, or replace it with --force",
                path.display()
            )));
        }
        let progress = Progress::bytes("down");
        let told = progress.clone();
        let download = client
            .download(link)
            .on_progress(move |done, all| told.tell(done, all));
        let saved = or_stopped(download.save(&path)).await?;
        progress.end();
        let bytes = saved.map_err(|error| failed(&error))?;
        if global::settings().json {
            let outcome = json!({"file": path, "bytes": bytes, "sha256": self.sha256});
            return say(Line::json(&outcome).map_err(Exit::failed)?);
        }
        say(Line::toned(Tone::Good, "saved").then(format!("  {}  {bytes} bytes", path.display())))
    }
}

/// There is no base URL in it: the address is the link's.
fn failed(error: &Error) -> Exit {
    Exit::of_read(error).reworded("check the base URL", "check the link")
}

/// A client without a key of anybody's: what is behind a link is not asked for with one.
fn nobodys() -> Result<Client, Exit> {
    let account = Account::new(Pod::In, "HX0", "A0", "+14155550123").map_err(Exit::failed)?;
    let transport = ReqwestTransport::builder()
        .timeout(global::settings().timeout())
        .build()
        .map_err(Exit::failed)?;
    Ok(Client::with_transport(account, transport))
}

/// The name at the end of a link's path.
fn named_by(url: &str) -> Result<PathBuf, Exit> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let name = path.split_once('/').map_or("", |(_, path)| path);
    let name = name.rsplit('/').next().unwrap_or_default();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    if name.is_empty() || name.starts_with('.') || !name.bytes().all(is_plain) {
        return Err(Exit::bad_input(
            "the link's end is no name for a file; give one with --output",
        ));
    }
    Ok(Path::new(name).to_owned())
}
