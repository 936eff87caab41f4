//! Setting a simulator up.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};

use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::sync::watch;

use crate::accepted::Accepted;
use crate::account::Account;
use crate::blocklist::Blocklist;
use crate::callback::Business;
use crate::event::EventSource;
use crate::fault::Faults;
use crate::files::{Files, InFlight};
use crate::hosts::Hosts;
use crate::poster::{InvalidWebhook, Queue, Webhook, work};
use crate::server::serve;
use crate::shared::Shared;
use crate::simulator::Simulator;
use crate::uploads::Uploads;

/// How many bytes the files that users sent may have together.
const HOSTED_MAX_BYTES: usize = 128 << 20;

/// Sets a [`Simulator`] up. `Debug` shows neither key, number, URL nor secret.
#[must_use = "the simulator listens after `bind` or `start`"]
pub struct Builder {
    account: Account,
    callbacks: Option<(String, Option<(String, String)>)>,
    statuses: bool,
    allowed_hosts: Vec<String>,
}

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address can't be listened on.
    #[error("the simulator can't listen on this address: is another program using the port?")]
    Listen(#[source] io::Error),
    /// Callbacks can't be posted as they are set up.
    #[error(transparent)]
    Webhook(#[from] InvalidWebhook),
    /// What is allowed as a host is none.
    #[error(
        "an allowed host is not valid: give a name or an IP address without scheme and port, such as kaleyra.test; \
         each name on its own, as there are no wildcards"
    )]
    AllowedHost,
}

impl Builder {
    pub(crate) fn new(account: Account) -> Self {
        Self {
            account,
            callbacks: None,
            statuses: true,
            allowed_hosts: Vec::new(),
        }
    }

    /// Where callbacks are posted, `http://` only, and a header that they carry: `("x-kaleyra-secret", "s3cret")`, or
    /// `None`. Where the webhook's address is not known yet, [`Simulator::post_callbacks_to`] tells it later.
    pub fn callbacks<'a>(
        mut self,
        url: impl Into<String>,
        header: impl Into<Option<(&'a str, &'a str)>>,
    ) -> Self {
        let header = header
            .into()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.callbacks = Some((url.into(), header));
        self
    }

    /// Whether every accepted message is followed by a `sent` status callback; so it is unless set to `false`.
    ///
    /// Statuses are posted in the background, in order, up to three times when the webhook can't be reached or answers
    /// with a 5xx. A status is posted after the answer to its send has been written, or the connection has ended, so it
    /// usually comes second; but the two travel separately, and as at Kaleyra's the status may arrive first. Read
    /// receipts get none.
    pub fn statuses(mut self, statuses: bool) -> Self {
        self.statuses = statuses;
        self
    }

    /// Answers also to requests whose `Host` is this name or IP address, on any port, and to web pages from there.
    ///
    /// Without it the simulator answers as `localhost`, as a loopback address and as the address that it listens on, and
    /// refuses every other `Host` with 421: so no web page can reach it by having its own name lead to this machine (DNS
    /// rebinding). A name is needed where another machine or container finds the simulator by it: `sim` in
    /// `http://sim:8090`. It is given without scheme and port, and stands for no names below it.
    ///
    /// ```
    /// use kaleyra_wa_sim::Simulator;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001")
    ///     .allow_host("sim")
    ///     .bind("127.0.0.1:0")
    ///     .await?;
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.allowed_hosts.push(host.into());
        self
    }

    /// Listens on this address, `127.0.0.1:0` for any free port, and starts.
    ///
    /// # Errors
    ///
    /// When the address can't be listened on, callbacks can't be posted as they are set up, or an allowed host is none.
    pub async fn bind(self, addr: impl ToSocketAddrs) -> Result<Simulator, StartError> {
        let listener = TcpListener::bind(addr).await.map_err(StartError::Listen)?;
        self.start(listener).await
    }

    /// Starts on a listener that is there already.
    ///
    /// # Errors
    ///
    /// When callbacks can't be posted as they are set up, or an allowed host is none.
    pub async fn start(self, listener: TcpListener) -> Result<Simulator, StartError> {
        let addr = listener.local_addr().map_err(StartError::Listen)?;
        let webhook = self
            .callbacks
            .as_ref()
            .map(|(url, header)| {
                let header = header.as_ref();
                let header = header.map(|(name, value)| (name.as_str(), value.as_str()));
                Webhook::new(url, header)
            })
            .transpose()?;
        let hosts = Hosts::new(addr.ip(), &self.allowed_hosts).ok_or(StartError::AllowedHost)?;
        let (queue, queued) = Queue::new();
        let shared = Arc::new(Shared {
            business: Business::new(&self.account.sender),
            account: self.account,
            statuses: self.statuses.then_some(queue),
            webhook: Mutex::new(webhook.map(Arc::new)),
            hosts,
            events: EventSource::new(),
            total: watch::Sender::new(0),
            stop: watch::Sender::new(false),
            faults: Mutex::new(Faults::default()),
            accepted: Mutex::new(Accepted::default()),
            uploads: Mutex::new(Uploads::new()),
            in_flight: InFlight::default(),
            hosted: Mutex::new(Files::new(HOSTED_MAX_BYTES)),
            leaked_keys: AtomicUsize::new(0),
            blocklist: Mutex::new(Blocklist::default()),
            base_url: base_url(addr),
        });
        tokio::spawn(serve(listener, shared.clone(), shared.stop.subscribe()));
        tokio::spawn(work(shared.clone(), queued, shared.stop.subscribe()));
        Ok(Simulator::new(shared, addr))
    }
}

/// What takes the place of Kaleyra's `https://…` for a client on this machine.
fn base_url(mut addr: SocketAddr) -> String {
    // "Any address" can be listened on, but not everywhere be connected to.
    if addr.ip().is_unspecified() {
        addr.set_ip(match addr {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        });
    }
    format!("http://{addr}")
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("statuses", &self.statuses)
            .finish_non_exhaustive()
    }
}
