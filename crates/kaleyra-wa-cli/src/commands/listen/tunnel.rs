//! A tunnel of the user's own, that leads a public address to this port.

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::Child;
use tokio::sync::mpsc;

use crate::child;
use crate::exit::Exit;
use crate::show::output::{complain, note};

/// A tunnel while it runs; it ends with this.
pub(super) struct Tunnel {
    child: Child,
    /// The public addresses that it prints.
    addresses: mpsc::Receiver<String>,
}

impl Tunnel {
    /// Starts it. `{url}` and `{port}` in its command line stand for this listener.
    pub(super) fn start(line: &str, url: &str, port: u16) -> Result<Self, Exit> {
        let line = line
            .replace("{url}", url)
            .replace("{port}", &port.to_string());
        let mut child = child::shell(&line)
            .spawn()
            .map_err(|error| Exit::failed(format!("--tunnel: it can't be started: {error}")))?;
        let (out, err) = child::outputs(&mut child);
        let (tell, addresses) = mpsc::channel(1);
        if let Some(out) = out {
            tokio::spawn(watch(out, tell.clone()));
        }
        if let Some(err) = err {
            tokio::spawn(watch(err, tell));
        }
        Ok(Self { child, addresses })
    }

    /// Has its first public address looked at; ends when it ends by itself, and says so.
    pub(super) async fn run(&mut self, look: impl AsyncFnOnce(&str)) {
        let looking = async {
            if let Some(url) = self.addresses.recv().await {
                note(format!(
                    "public address: {url}; give it to the callback profile, and look at it with: kaleyra-wa doctor --webhook {url}"
                ));
                look(&url).await;
            }
            std::future::pending::<()>().await;
        };
        let status = tokio::select! {
            status = self.child.wait() => status,
            () = looking => return,
        };
        let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        complain(format!(
            "--tunnel: it has ended ({status}), so nothing comes from outside any more; try its command by hand"
        ));
    }
}

/// Tells the public addresses that it prints, and reads on, so that it is never held up.
async fn watch(from: impl AsyncRead + Unpin, tell: mpsc::Sender<String>) {
    let mut lines = BufReader::new(from).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(url) = public(&line) {
            // Only the first is of interest.
            let _ = tell.try_send(url.to_owned());
        }
    }
}

/// An https address in a line, without what the tools say about themselves.
fn public(line: &str) -> Option<&str> {
    let start = line.find("https://")?;
    let rest = &line[start..];
    let is_end = |sign: char| sign.is_whitespace() || "\"'|<>)]},".contains(sign);
    let url = rest.split(is_end).next()?.trim_end_matches('.');
    let host = url.trim_start_matches("https://").split('/').next()?;
    let is_about_itself = ["www.", "developers.", "docs.", "dashboard.", "github.com"]
        .iter()
        .any(|start| host.starts_with(start))
        || matches!(host, "ngrok.com" | "cloudflare.com" | "tailscale.com");
    (host.contains('.') && !is_about_itself).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::public;

    #[test]
    fn the_public_address_is_found_and_what_is_said_about_the_tool_is_not() {
        for (line, found) in [
            (
                "|  https://a-b.trycloudflare.com  |",
                Some("https://a-b.trycloudflare.com"),
            ),
            (
                "url=https://x1.ngrok.app addr=y",
                Some("https://x1.ngrok.app"),
            ),
            ("see https://developers.cloudflare.com/argo for more", None),
            ("http://127.0.0.1:8080", None),
        ] {
            assert_eq!(public(line), found, "{line}");
        }
    }
}
