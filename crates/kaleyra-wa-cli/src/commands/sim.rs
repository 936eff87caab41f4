//! `kaleyra-wa sim`: a simulated Kaleyra on this machine.

use std::net::IpAddr;
use std::pin::pin;
use std::time::SystemTime;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use kaleyra_wa_sim::{AcceptedMessage, Fault, SimEvent, Simulator};
use kaleyra_wa_types::PhoneNumber;

use super::{bind, host, stop_signal};
use crate::exit::Exit;
use crate::settings::layers::Layers;
use crate::settings::{Credentials, variable};
use crate::show::event::clock;
use crate::show::line::Line;
use crate::show::output::{note, say};
use crate::show::sent::sent_says;
use crate::show::style::Tone;

/// Run a simulated Kaleyra on this machine: nothing that is sent to it leaves it
#[derive(Args)]
#[command(after_help = "\
It answers POST /v2/<SID>/whatsapp/<SENDER>/messages as Kaleyra's pages document: 202 with a fresh id, 401 RBC001 for a \
wrong SID or key, 401 WA401 for a foreign sender, 400 WA400 for a bad payload. Beside it are …/media, …/block_users and \
…/phone_number_details. Let it fail in other ways with --fail, or \
while it runs: `curl http://127.0.0.1:8090/` explains how, and how to let a user write.

Try it in three terminals:
  kaleyra-wa listen --port 8080 --secret s3cret
  kaleyra-wa sim --sid HX1 --api-key A1 --sender +918000000001 \\
    --callback-url http://127.0.0.1:8080/ --callback-secret s3cret
  kaleyra-wa send --base-url http://127.0.0.1:8090 --sid HX1 --api-key A1 \\
    --sender +918000000001 --to +919800000001 --text Hello")]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct Sim {
    /// Port to listen on; 0 takes a free one; 8090 if nothing else is said
    #[arg(long)]
    port: Option<u16>,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1", value_parser = host)]
    host: IpAddr,
    /// Answer to requests for this host as well, beside localhost, loopback addresses and the address listened on; may be
    /// given several times. Others are refused, so that no web page can reach the simulator under a name of its own
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    #[command(flatten)]
    credentials: Credentials,
    /// Webhook that callbacks are posted to, http:// or https://
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    callback_url: Option<String>,
    /// Secret that callbacks carry in their header [env: KALEYRA_CALLBACK_SECRET]
    #[arg(
        long,
        value_name = "SECRET",
        requires = "callback_url",
        value_parser = NonEmptyStringValueParser::new()
    )]
    callback_secret: Option<String>,
    /// Name of that header
    #[arg(long, value_name = "NAME", default_value = "x-kaleyra-secret")]
    callback_secret_header: String,
    /// Post no `sent` status for what it accepts
    #[arg(long)]
    no_statuses: bool,
    #[arg(
        long,
        value_name = "FAULT",
        help = "Let every send fail: E110, WA500, hang, cut-body, …",
        long_help = fault_help(),
    )]
    fail: Option<Fault>,
    /// Let only so many sends fail, 1000 at most
    #[arg(long, value_name = "N", requires = "fail", value_parser = clap::value_parser!(u32).range(1..=1000))]
    fail_times: Option<u32>,
}

fn fault_help() -> String {
    let names = Fault::ALL.map(|fault| fault.to_string()).join(", ");
    format!("Let every send fail in this way: {names}; or by a documented code, such as E110")
}

impl Sim {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let [sid, api_key, sender] = self.credentials.all()?;
        // As `send` writes it, which takes out blanks and hyphens. What is no number, such as a mask, stays as it is.
        let sender = match sender.parse::<PhoneNumber>() {
            Ok(number) => number.as_str().to_owned(),
            Err(_) => sender,
        };
        let port = match self.port {
            Some(port) => port,
            None => Layers::load()?.number("sim_port")?.unwrap_or(8090),
        };
        let listener = bind(self.host, port, "--port").await?;
        let mut builder = Simulator::builder(sid, api_key, sender).statuses(!self.no_statuses);
        for host in self.allow_host {
            builder = builder.allow_host(host);
        }
        if let Some(url) = self.callback_url {
            let secret = self.callback_secret;
            let secret = secret.or_else(|| variable("KALEYRA_CALLBACK_SECRET"));
            let header = secret
                .as_deref()
                .map(|secret| (self.callback_secret_header.as_str(), secret));
            builder = builder.callbacks(url, header);
        }
        let sim = builder.start(listener).await.map_err(Exit::bad_input)?;
        match (self.fail, self.fail_times) {
            (Some(fault), Some(times)) => (0..times).for_each(|_| sim.fail_next(fault)),
            (Some(fault), None) => sim.fail_all(fault),
            (None, _) => {}
        }
        // Before anybody is told where it is, so that nothing is missed.
        let mut events = sim.observe();
        let mut stop = pin!(stop_signal());
        note(format!(
            "a simulated Kaleyra at {0} (curl {0}/ explains it); Ctrl-C stops",
            sim.base_url()
        ));

        loop {
            tokio::select! {
                () = &mut stop => break,
                event = events.next() => match event {
                    Some(event) => say(event_line(&event))?,
                    None => break,
                },
            }
        }
        sim.shutdown().await;
        Ok(())
    }
}

/// What the simulator did, in a line.
fn event_line(event: &SimEvent) -> Line {
    let colour = match event {
        SimEvent::Accepted(_)
        | SimEvent::Uploaded(_)
        | SimEvent::Blocked { .. }
        | SimEvent::Unblocked { .. } => Tone::Good,
        SimEvent::KeyLeaked
        | SimEvent::Rejected { .. }
        | SimEvent::Unanswered { .. }
        | SimEvent::CallbackFailed { .. } => Tone::Bad,
        SimEvent::CallbackPosted { status, .. } if !(200..300).contains(status) => Tone::Bad,
        _ => Tone::Quiet,
    };
    let what = match event {
        SimEvent::Accepted(message) => format!("202 {}  {}", message.id, accepted(message)),
        _ => event.to_string(),
    };
    Line::toned(Tone::Quiet, clock(SystemTime::now()))
        .then("  ")
        .then_toned(colour, what)
}

fn accepted(message: &AcceptedMessage) -> String {
    let cut = if message.truncated.is_empty() {
        String::new()
    } else {
        format!(
            "  (longer than 255 characters, so cut: {})",
            message.truncated.join(", ")
        )
    };
    sent_says(&message.request) + &cut
}
