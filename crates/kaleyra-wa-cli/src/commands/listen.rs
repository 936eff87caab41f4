//! `kaleyra-wa listen`: prints the events of each callback as they come.

mod along;
mod forward;
mod outside;
pub(crate) mod save;
mod select;
mod tunnel;

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use clap::Args;
use kaleyra_wa_inbox::{Inbox, StoreError};
use kaleyra_wa_store_nats::NatsStore;
use kaleyra_wa_store_postgres::PostgresStore;
use kaleyra_wa_types::inbound::Event;
use kaleyra_wa_webhook::{
    Handler, HandlerError, IncomingEvent, ReceivedCallback, Receiver, Rejection, Server,
    SharedHeader, Sink, SinkError, Verifier, WebhookService,
};
use tokio::sync::watch;

use self::along::{Along, Heads, Keeping};
use self::forward::Forward;
use self::outside::Mark;
use self::save::Saver;
pub(crate) use self::select::Kind;
use self::select::Selection;
use self::tunnel::Tunnel;
use super::inbox::{Shared, unusable, url, warn_of};
use super::{bind, host, stop_signal};
use crate::exit::Exit;
use crate::global;
use crate::settings::layers::Layers;
use crate::settings::{CallbackSecret, variable};
use crate::show::event::{clock, text_lines};
use crate::show::json::{Around, json_lines};
use crate::show::output::{lines, note};

/// How long the end may take before it is worth a word.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long the end waits for events that are being printed.
const UNTIL_PRINTED: Duration = Duration::from_secs(10);

/// Print the events of each callback as they arrive
#[derive(Args)]
#[command(after_help = "\
Kaleyra posts callbacks to the URL of a callback profile (console: Settings, Callback Profiles). Give the profile a \
custom header with the secret, and point a public https URL to this port: a reverse proxy, or a tunnel while you try.

With --json each event is one line with these keys, null where there is nothing to say:
  kind         message, status, error, field or other
  type         what it is within its kind: text, delivered, account_update, …
  id           of the message that it is, or is about
  from         the user's number or id
  body         the element as received, its fields in order of name
  extra_info   what Kaleyra adds
  received_at  2026-01-31T12:00:01.250Z
  error        where and why the element can't be read; missing otherwise
  contacts     of the callback, as received
  metadata     of the callback, as received
  kaleyra      status, message_id, code and reason of the callback, as far as
               there are any; missing otherwise

A callback gets a 200 only after its events are written. What is refused is reported in a line on standard error.

With --inbox it gets a 200 after it is kept in that file, through a crash and a power cut; events are printed after \
that, those of one conversation in order, and duplicates are left out. What was not printed when the command \
ended is printed by the next one. `kaleyra-wa inbox` inspects the file, even while this runs.

Examples:
  kaleyra-wa listen --port 8080 --secret-file secret.txt
  kaleyra-wa listen --forward http://127.0.0.1:3000/whatsapp --secret-file secret.txt
  kaleyra-wa listen --save captures --only message,status --json --secret-file secret.txt
  kaleyra-wa listen --inbox bot.db --secret-file secret.txt
  kaleyra-wa listen --reference booking-17 --secret-file secret.txt
  kaleyra-wa listen --tunnel 'cloudflared tunnel --url {url}' --secret-file secret.txt")]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct Listen {
    /// Port to listen on; 0 picks a free one; 8080 by default
    #[arg(long)]
    port: Option<u16>,
    /// Address to listen on; 0.0.0.0 for all
    #[arg(long, default_value = "127.0.0.1", value_parser = host)]
    host: IpAddr,
    #[command(flatten)]
    secret: CallbackSecret,
    /// Accept callbacks from anybody who finds the port
    #[arg(long, conflicts_with_all = ["secret", "secret_file"])]
    dangerously_unverified: bool,
    /// Post each callback on to this webhook, with its bytes and headers; may be given several times. It gets a 200
    /// only if all of them accept it
    #[arg(long, value_name = "URL")]
    forward: Vec<String>,
    /// Save each callback in this folder, its bytes in NAME.json and its headers, without the secret, in NAME.head
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    save: Option<PathBuf>,
    /// Show, save and forward only these; the others are acknowledged all the same
    #[arg(long, value_name = "KIND", value_enum, value_delimiter = ',')]
    only: Vec<Kind>,
    /// Show, save and forward only what has this reference
    #[arg(long, value_name = "REF")]
    reference: Vec<String>,
    /// Start a tunnel with this command line, in which {url} and {port} stand for this listener; show its address, and check it
    /// as `doctor --webhook` does
    #[arg(
        long,
        value_name = "COMMAND",
        conflicts_with = "dangerously_unverified"
    )]
    tunnel: Option<String>,
    /// How long a connection is kept for the next callback; longer than the proxy in front keeps it
    #[arg(long, value_name = "SECONDS", default_value_t = Server::DEFAULT_IDLE_TIMEOUT.as_secs())]
    idle_timeout: u64,
    /// Keep callbacks in this file before they are acknowledged; it is created if there is none. Or in a store on Postgres
    /// or NATS JetStream, by its URL, which several may share [env: KALEYRA_INBOX]
    #[arg(long, value_name = "STORE")]
    inbox: Option<PathBuf>,
}

impl Listen {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let layers = Layers::load()?;
        let heads = Heads::default();
        let (receiver, check) = self.receiver(&layers, heads.clone())?;
        let forwards = self.forward.iter().map(|url| Forward::new(url));
        let forwards = forwards.collect::<Result<Vec<_>, _>>()?;
        let saver = match &self.save {
            Some(folder) => Some(Saver::new(folder, self.secret.header(&layers))?),
            None => None,
        };
        let port = match self.port {
            Some(port) => port,
            None => layers.number("listen_port")?.unwrap_or(8080),
        };
        let listener = bind(self.host, port, "--port").await?;
        let address = listener.local_addr().map_err(Exit::failed)?;
        let signal = stop_signal();
        let printer = Printer {
            is_closed: watch::Sender::new(false),
            selection: self.selection(),
        };
        let is_closed = printer.is_closed.subscribe();
        let file = self.inbox.clone();
        let file = file.or_else(|| variable("KALEYRA_INBOX").map(PathBuf::from));
        let mut warning = None;
        let (inner, inbox): (Arc<dyn Sink>, Option<Inbox>) = match file {
            None => (Arc::new(printer), None),
            Some(file) => {
                let handler = PrintingHandler::new(printer);
                let inbox = match url(&file) {
                    Some(url) => start_shared(url, handler, &mut warning).await,
                    None => Inbox::open(&file, handler).await,
                };
                let inbox = inbox.map_err(|error| unusable(&file, &error))?;
                (Arc::new(inbox.clone()), Some(inbox))
            }
        };
        note(format!(
            "listening on http://{address}/ ({check}); Ctrl-C stops"
        ));
        if let Some(warning) = warning {
            note(warning);
        }
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
        let mark = Mark::new();
        let along = Along {
            inner,
            heads,
            own: mark.clone(),
            selection: self.selection(),
            saver,
            forwards,
        };
        let mut tunnel = match &self.tunnel {
            Some(line) => {
                let url = format!("http://{address}");
                Some(Tunnel::start(line, &url, address.port())?)
            }
            None => None,
        };
        let tunnel_ends = async {
            let look = async |url: &str| outside::look(url, &mark, &self.secret, &layers).await;
            match &mut tunnel {
                Some(tunnel) => tunnel.run(look).await,
                None => std::future::pending().await,
            }
        };
        let service = WebhookService::new(receiver, along).on_rejection(note_refusal);
        let server = Server::new(service).idle_timeout(Duration::from_secs(self.idle_timeout));
        let serving = server.serve(listener, stop);
        tokio::select! {
            served = serving => served.map_err(Exit::failed)?,
            () = tunnel_ends => return Err(Exit::failed("ended, as the tunnel did")),
            () = second_signal(stopped) => {
                return Err(Exit::failed("ended before all callbacks got a response"));
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
                "standard output is closed, so events can't be written; what was in progress gets a 503",
            ));
        }
        Ok(())
    }

    fn selection(&self) -> Selection {
        Selection {
            kinds: self.only.clone(),
            references: self.reference.clone(),
        }
    }

    /// What checks the callbacks, and how, in words.
    fn receiver(&self, layers: &Layers, heads: Heads) -> Result<(Receiver, String), Exit> {
        if self.dangerously_unverified {
            let check = "UNVERIFIED: anybody who finds the port is believed";
            let everybody = Keeping { inner: None, heads };
            return Ok((Receiver::new(everybody), check.to_owned()));
        }
        let Some(secret) = self.secret.read(layers)? else {
            return Err(Exit::bad_input(
                "--secret (or KALEYRA_CALLBACK_SECRET) is missing: give the secret that the callback profile sends, \
                 or --dangerously-unverified to believe anybody",
            ));
        };
        let header = self.secret.header(layers);
        let verifier = SharedHeader::new(&header, secret).map_err(Exit::bad_input)?;
        let check = format!("callbacks must carry the header {header}");
        let inner = Some(Box::new(verifier) as Box<dyn Verifier>);
        Ok((Receiver::new(Keeping { inner, heads }), check))
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

/// An inbox that is shared with others that receive and handle.
async fn start_shared(
    url: Shared<'_>,
    handler: PrintingHandler,
    warning: &mut Option<&'static str>,
) -> Result<Inbox, StoreError> {
    let inbox = Inbox::builder(handler);
    match url {
        Shared::Postgres(url) => {
            let store = PostgresStore::connect(url).await?;
            warn_of(&store);
            inbox.start(store).await
        }
        Shared::Nats(url) => {
            let store = NatsStore::connect(url).await?;
            if !store.durability().survives_power_cuts() {
                *warning = Some(
                    "a power cut takes callbacks that got a 200 in the last two minutes, unless the NATS server has \
                     `sync_interval: always` in its configuration, or the streams have three replicas",
                );
            }
            inbox.start(store).await
        }
    }
}

/// Waits for the inbox to be of no use any more; forever, where there is none.
async fn failed_inbox(inbox: Option<Inbox>) -> StoreError {
    match inbox {
        Some(inbox) => inbox.failed().await,
        None => std::future::pending().await,
    }
}

/// Writes events to standard output. A callback whose events could not be written is not acknowledged.
struct Printer {
    /// Nobody reads any more.
    is_closed: watch::Sender<bool>,
    selection: Selection,
}

#[async_trait]
impl Sink for Printer {
    async fn accept(&self, delivery: ReceivedCallback) -> Result<(), SinkError> {
        let json = global::settings().json;
        let selection = self.selection.clone();
        let printing = move || print(&delivery, json, &selection);
        let error = match tokio::task::spawn_blocking(printing).await {
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

fn print(delivery: &ReceivedCallback, json: bool, selection: &Selection) -> io::Result<()> {
    let (callback, received_at) = (&delivery.callback, delivery.received_at);
    let wanted = |event: &Event<'_>| selection.takes_event(callback, event);
    // All at once, so that the lines of two callbacks don't mix.
    lines(if json {
        let all = json_lines(callback, received_at)?.into_iter();
        let of_events = all.zip(callback.events());
        let kept = of_events.filter(|(_, event)| wanted(event));
        kept.map(|(line, _)| line).collect::<Vec<_>>()
    } else {
        let events = callback.events().filter(wanted);
        events
            .flat_map(|event| text_lines(callback, &event, received_at))
            .collect()
    })
}

/// Prints the events of an inbox, one at a time.
struct PrintingHandler {
    printer: Arc<Printer>,
    /// What is around the events of the delivery that was printed last: large ones have many events.
    around: Mutex<Option<(Arc<ReceivedCallback>, Arc<Around>)>>,
}

impl PrintingHandler {
    fn new(printer: Printer) -> Self {
        Self {
            printer: Arc::new(printer),
            around: Mutex::default(),
        }
    }

    fn around(&self, delivery: &Arc<ReceivedCallback>) -> serde_json::Result<Arc<Around>> {
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
        let selection = &self.printer.selection;
        if !selection.takes_event(&delivery.callback, &event.event()) {
            return Ok(());
        }
        let written = if global::settings().json {
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
