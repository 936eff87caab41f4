//! `kaleyra-wa listen`: prints the events of each callback as they come.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use clap::Args;
use kaleyra_wa_inbox::{Inbox, StoreError};
use kaleyra_wa_webhook::{
    Delivery, Handler, HandlerError, IncomingEvent, Receiver, Rejection, Server, SharedHeader,
    Sink, SinkError, WebhookService,
};
use tokio::sync::watch;

use super::inbox::unusable;
use super::{bind, host, stop_signal};
use crate::exit::Exit;
use crate::settings::variable;
use crate::show::event::{clock, text_lines};
use crate::show::json::{Around, json_lines};
use crate::show::output::{lines, note};

/// How long the end may take before it is worth a word.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long the end waits for events that are being printed.
const UNTIL_PRINTED: Duration = Duration::from_secs(10);

/// Print the events of each callback as they come
#[derive(Args)]
#[command(after_help = "\
Kaleyra posts callbacks to the URL of a callback profile (console: Settings, Callback Profiles). Give the profile a \
custom header with the secret, and lead a public https URL to this port: a reverse proxy, or a tunnel while you try.

With --json each event is one line with these keys, null where there is nothing to say:
  kind         message, status, error, field or other
  type         what it is within its kind: text, delivered, account_update, …
  id           of the message that it is, or is about
  from         the user's number or id
  body         the element as received, its members in order of name
  extra_info   what Kaleyra adds
  received_at  2026-01-31T12:00:01.250Z
  error        where and why the element can't be read; missing else
  contacts     of the callback, as received
  metadata     of the callback, as received
  kaleyra      status, message_id, code and reason of the callback, as far as
               there are any; missing else

A callback is answered 200 only after its events are written. What is refused is told in a line on standard error.

With --inbox it is answered 200 after it is kept in that file, through a crash and a power cut; events are printed after \
that, those of one conversation in their order, and what comes twice is left out. What was not printed when the command \
ended is printed by the next one. `kaleyra-wa inbox` looks into the file, also while this runs.")]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct Listen {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Address to listen on; 0.0.0.0 for all
    #[arg(long, default_value = "127.0.0.1", value_parser = host)]
    host: IpAddr,
    /// Secret that each callback must carry in its header; better in the environment than here, where every user of the
    /// machine can see it [env: KALEYRA_CALLBACK_SECRET]
    #[arg(long, conflicts_with = "dangerously_unverified")]
    secret: Option<String>,
    /// Name of that header
    #[arg(long, value_name = "NAME", default_value = "x-kaleyra-secret")]
    secret_header: String,
    /// Take callbacks from anybody who finds the port
    #[arg(long)]
    dangerously_unverified: bool,
    /// How long a connection is kept for the next callback; longer than the proxy in front keeps it
    #[arg(long, value_name = "SECONDS", default_value_t = Server::DEFAULT_IDLE_TIMEOUT.as_secs())]
    idle_timeout: u64,
    /// Keep callbacks in this file before they are acknowledged; it is made where there is none [env: KALEYRA_INBOX]
    #[arg(long, value_name = "FILE")]
    inbox: Option<PathBuf>,
    /// One line of JSON per event
    #[arg(long)]
    json: bool,
}

impl Listen {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let (receiver, check) = self.receiver()?;
        let listener = bind(self.host, self.port, "--port").await?;
        let address = listener.local_addr().map_err(Exit::failed)?;
        let signal = stop_signal();
        let (closing, is_closed) = watch::channel(false);
        let printer = Printer {
            json: self.json,
            is_closed: closing,
        };
        let file = self
            .inbox
            .clone()
            .or_else(|| variable("KALEYRA_INBOX").map(PathBuf::from));
        let (sink, inbox): (Arc<dyn Sink>, Option<Inbox>) = match file {
            None => (Arc::new(printer), None),
            Some(file) => {
                let inbox = Inbox::open(&file, PrintingHandler::new(printer)).await;
                let inbox = inbox.map_err(|error| unusable(&file, &error))?;
                (Arc::new(inbox.clone()), Some(inbox))
            }
        };
        note(format!(
            "listening on http://{address}/ ({check}); Ctrl-C stops"
        ));
        let (mut closed, watched) = (is_closed.clone(), inbox.clone());
        let (stopping, stopped) = watch::channel(false);
        let failure = Arc::new(OnceLock::new());
        let failed = Arc::clone(&failure);
        let stop = async move {
            tokio::select! {
                () = signal => {}
                _ = closed.wait_for(|is_closed| *is_closed) => {}
                error = failed_inbox(watched) => drop(failed.set(error)),
            }
            stopping.send_replace(true);
        };
        let service = WebhookService::new(receiver, sink).on_rejection(note_refusal);
        let server = Server::new(service).idle_timeout(Duration::from_secs(self.idle_timeout));
        let serving = server.serve(listener, stop);
        tokio::select! {
            served = serving => served.map_err(Exit::failed)?,
            () = second_signal(stopped) => {
                return Err(Exit::failed("ended before all callbacks were answered"));
            }
        }
        let is_closed = *is_closed.borrow();
        if let Some(inbox) = inbox {
            let time = if is_closed {
                Duration::ZERO
            } else {
                UNTIL_PRINTED
            };
            inbox.shutdown(time).await;
            if let Some(error) = failure.get() {
                return Err(Exit::failed(error));
            }
            if is_closed {
                return Err(Exit::failed(
                    "standard output is closed, so events can't be written; they are kept, and printed the next time",
                ));
            }
        } else if is_closed {
            return Err(Exit::failed(
                "standard output is closed, so events can't be written; what was under way is answered 503",
            ));
        }
        Ok(())
    }

    /// What checks the callbacks, and how, in words.
    fn receiver(&self) -> Result<(Receiver, String), Exit> {
        if self.dangerously_unverified {
            let check = "UNVERIFIED: anybody who finds the port is believed";
            return Ok((Receiver::dangerously_unverified(), check.to_owned()));
        }
        let secret = self.secret.clone();
        let Some(secret) = secret.or_else(|| variable("KALEYRA_CALLBACK_SECRET")) else {
            return Err(Exit::bad_input(
                "--secret (or KALEYRA_CALLBACK_SECRET) is missing: give the secret that the callback profile sends, \
                 or --dangerously-unverified to believe anybody",
            ));
        };
        let verifier = SharedHeader::new(&self.secret_header, secret).map_err(Exit::bad_input)?;
        let check = format!("callbacks must carry the header {}", self.secret_header);
        Ok((Receiver::new(verifier), check))
    }
}

/// A line about a request that was refused. The rejection repeats nothing of it.
fn note_refusal(rejection: &Rejection) {
    note(format!(
        "{}  refused {} {}",
        clock(SystemTime::now()),
        rejection.status().as_u16(),
        rejection
    ));
}

/// Ends at the second request to stop. Says that there can be one, if the first takes its time.
async fn second_signal(mut stopped: watch::Receiver<bool>) {
    // An error means that the server has ended by itself, which the caller sees as well.
    let _ = stopped.wait_for(|stopped| *stopped).await;
    let mut signal = pin!(stop_signal());
    tokio::select! {
        () = &mut signal => return,
        () = tokio::time::sleep(PATIENCE) => {}
    }
    note("waiting for callbacks under way; Ctrl-C again ends now");
    signal.await;
}

/// Waits for the inbox to be of no use any more; for ever, where there is none.
async fn failed_inbox(inbox: Option<Inbox>) -> StoreError {
    match inbox {
        Some(inbox) => inbox.failed().await,
        None => std::future::pending().await,
    }
}

/// Writes events to standard output. A callback whose events could not be written is not acknowledged.
struct Printer {
    json: bool,
    /// Nobody reads any more.
    is_closed: watch::Sender<bool>,
}

#[async_trait]
impl Sink for Printer {
    async fn accept(&self, delivery: Delivery) -> Result<(), SinkError> {
        let json = self.json;
        let error = match tokio::task::spawn_blocking(move || print(&delivery, json)).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => error,
            Err(error) => error.into(),
        };
        if error.kind() == io::ErrorKind::BrokenPipe {
            self.is_closed.send_replace(true);
        } else {
            note(format!("can't write to standard output: {error}"));
        }
        Err(SinkError::new("can't write to standard output"))
    }
}

fn print(delivery: &Delivery, json: bool) -> io::Result<()> {
    let (callback, received_at) = (&delivery.callback, delivery.received_at);
    // All at once, so that the lines of two callbacks don't mix.
    lines(if json {
        json_lines(callback, received_at)?
    } else {
        let events = callback.events();
        events
            .flat_map(|event| text_lines(callback, &event, received_at))
            .collect()
    })
}

/// Prints the events of an inbox, one at a time.
struct PrintingHandler {
    printer: Arc<Printer>,
    /// What is around the events of the delivery that was printed last: large ones have many events.
    around: Mutex<Option<(Arc<Delivery>, Arc<Around>)>>,
}

impl PrintingHandler {
    fn new(printer: Printer) -> Self {
        Self {
            printer: Arc::new(printer),
            around: Mutex::default(),
        }
    }

    fn around(&self, delivery: &Arc<Delivery>) -> serde_json::Result<Arc<Around>> {
        let last = self
            .around
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some((of, around)) = last
            && Arc::ptr_eq(&of, delivery)
        {
            return Ok(around);
        }
        let around = Arc::new(Around::of(&delivery.callback, delivery.received_at)?);
        let fresh = Some((Arc::clone(delivery), Arc::clone(&around)));
        *self.around.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(around)
    }
}

#[async_trait]
impl Handler for PrintingHandler {
    async fn handle(&self, event: IncomingEvent) -> Result<(), HandlerError> {
        let delivery = event.delivery();
        let written = if self.printer.json {
            vec![self.around(delivery)?.line(&event.event())?]
        } else {
            text_lines(&delivery.callback, &event.event(), delivery.received_at)
        };
        let Err(error) = tokio::task::spawn_blocking(|| lines(written)).await? else {
            return Ok(());
        };
        if error.kind() == io::ErrorKind::BrokenPipe {
            self.printer.is_closed.send_replace(true);
            // The command ends, and the next one prints the event.
            std::future::pending::<()>().await;
        }
        note(format!("can't write to standard output: {error}"));
        Err(error.into())
    }
}
