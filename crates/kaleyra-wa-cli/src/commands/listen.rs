//! `kaleyra-wa listen`: prints the events of each callback as they come.

use std::io;
use std::net::IpAddr;

use async_trait::async_trait;
use clap::Args;
use kaleyra_wa_webhook::{
    Delivery, Receiver, SharedHeader, Sink, SinkError, WebhookService, serve,
};

use super::{bind, stop_signal};
use crate::exit::Exit;
use crate::show::event::{json_line, text_line};
use crate::show::output::{line, note};

/// Print the events of each callback as they come
#[derive(Args)]
#[command(after_help = "\
Kaleyra posts callbacks to the URL of a callback profile (console: Settings, Callback Profiles). Give the profile a custom
header with the secret, and lead a public https URL to this port: a reverse proxy, or a tunnel while you try.

With --json each event is one line:
  {\"kind\":\"message\",\"type\":\"text\",\"id\":\"wamid…\",\"from\":\"91…\",\"body\":{…},\"extra_info\":{…},\"received_at\":\"2026-…Z\"}
kind is message, status, error, field or other; body is the element as received; a part that can't be read has an \"error\".

A callback is answered 200 only after its events are written.")]
pub(crate) struct Listen {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Address to listen on; 0.0.0.0 for all
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Secret that each callback must carry in its header
    #[arg(
        long,
        env = "KALEYRA_CALLBACK_SECRET",
        hide_env_values = true,
        required_unless_present = "dangerously_unverified",
        conflicts_with = "dangerously_unverified"
    )]
    secret: Option<String>,
    /// Name of that header
    #[arg(long, value_name = "NAME", default_value = "x-kaleyra-secret")]
    secret_header: String,
    /// Take callbacks from anybody who finds the port
    #[arg(long)]
    dangerously_unverified: bool,
    /// One line of JSON per event
    #[arg(long)]
    json: bool,
}

impl Listen {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let receiver = match &self.secret {
            Some(secret) => Receiver::new(
                SharedHeader::new(&self.secret_header, secret.as_str()).map_err(Exit::bad_input)?,
            ),
            None => Receiver::dangerously_unverified(),
        };
        let listener = bind(self.host, self.port).await?;
        let address = listener.local_addr().map_err(Exit::failed)?;
        let check = match self.secret {
            Some(_) => format!("callbacks must carry the header {}", self.secret_header),
            None => "UNVERIFIED: anybody who finds the port is believed".to_owned(),
        };
        note(format!(
            "listening on http://{address}/ ({check}); Ctrl-C stops"
        ));

        let service = WebhookService::new(receiver, Printer { json: self.json });
        serve(listener, service, stop_signal())
            .await
            .map_err(Exit::failed)
    }
}

/// Writes events to standard output. A callback whose events could not be written is not acknowledged.
struct Printer {
    json: bool,
}

#[async_trait]
impl Sink for Printer {
    async fn accept(&self, delivery: Delivery) -> Result<(), SinkError> {
        let json = self.json;
        let written = tokio::task::spawn_blocking(move || print(&delivery, json)).await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(SinkError::new(format!(
                "can't write to standard output: {error}"
            ))),
            Err(_) => Err(SinkError::new("the task that writes events ended early")),
        }
    }
}

fn print(delivery: &Delivery, json: bool) -> io::Result<()> {
    let callback = &delivery.callback;
    let lines: Vec<String> = callback
        .events()
        .map(|event| {
            if json {
                json_line(callback, &event, delivery.received_at)
            } else {
                text_line(callback, &event, delivery.received_at)
            }
        })
        .collect();
    // All at once, so that the lines of two callbacks don't mix.
    line(lines.join("\n"))
}
