//! Setting a simulator up.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::SystemTime;

use tokio::net::{TcpListener, ToSocketAddrs};

use crate::chance::Chance;
use crate::core::{Core, Parts, Settings, work};
use crate::delivery::settings::Callbacks;
use crate::delivery::webhook::{InvalidWebhook, Webhook};
use crate::fault::FaultSpec;
use crate::model::account::Account;
use crate::rules::ladder::StatusLadder;
use crate::rules::reviews::ReviewRules;
use crate::rules::settings::{ServiceWindow, Strictness};
use crate::rules::templates::Templates;
use crate::server::{Hosts, serve};
use crate::simulator::Simulator;
use crate::time::clock::Clock;

/// Sets a [`Simulator`] up. `Debug` shows neither key, number, URL nor secret.
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_sim::Simulator;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001")
///     .number("+918000000002")
///     .seed(17) // the same ids and faults each time
///     .frozen()
///     .bind("127.0.0.1:0")
///     .await?;
/// sim.advance(Duration::from_secs(25 * 3600)).await; // a day later
/// sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
///
/// What else can be set:
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use kaleyra_wa_sim::{Account, Callbacks, ServiceWindow, Simulator, StatusLadder, Strictness};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let start = UNIX_EPOCH + Duration::from_secs(1_795_953_600);
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001")
///     .account(Account::new("HXEU0000000000DE", "A-other-key", "+4930000001"))
///     .callbacks_to(Callbacks::to("http://127.0.0.1:8080/").basic("kaleyra", "s3cret"))
///     .statuses(true)
///     .ladder(StatusLadder::phone()) // sent, delivered, and read when the user reads
///     .strictness(Strictness::Kaleyra) // what breaks a limit fails afterwards
///     .window(ServiceWindow::Strict) // 24 hours, for users who never wrote as well
///     .reviews("promo_*=reject:PROMOTIONAL, *=approve".parse()?)
///     .clock(start)
///     .speed(60.0) // a minute in a second
///     .faults("response:slow by=1s next=3".parse()?)
///     .why_header(true)
///     .start(listener)
///     .await?;
/// assert!(sim.now() >= start);
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[must_use = "the simulator listens after `bind` or `start`"]
pub struct Builder {
    first: Account,
    others: Vec<Account>,
    callbacks: Option<Callbacks>,
    callbacks_of: Vec<(String, Callbacks)>,
    settings: Settings,
    seed: Option<u64>,
    has_ids_of_their_own: bool,
    clock: Option<SystemTime>,
    /// Simulated seconds in a second; 0 where the clock stands still.
    speed: f64,
    faults: FaultSpec,
    templates: Option<Box<dyn Templates>>,
    tells_why: bool,
    allowed_hosts: Vec<String>,
}

/// Why a simulator did not start.
///
/// ```
/// use kaleyra_wa_sim::{Simulator, StartError};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// let second = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind(sim.addr()).await;
/// assert!(matches!(second, Err(StartError::Listen(_)))); // the port is taken
///
/// let builder = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").allow_host("http://sim:8090/");
/// let error = builder.bind("127.0.0.1:0").await.unwrap_err();
/// assert!(error.to_string().contains("without scheme and port"));
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address can't be listened on.
    #[error("the simulator can't listen on this address: is another program using the port?")]
    Listen(#[source] io::Error),
    /// Callbacks can't be posted as they are set up.
    #[error(transparent)]
    Webhook(#[from] InvalidWebhook),
    /// An allowed host is not a host.
    #[error(
        "an allowed host is not valid: give a name or an IP address without scheme and port, such as kaleyra.test; \
         each name on its own, as there are no wildcards"
    )]
    AllowedHost,
}

impl Simulator {
    /// A simulator for this account: its SID, API key and sender number.
    ///
    /// They are compared as strings, so masks such as `+91XXXXXXXXXX` are fine. The sender's `+` is optional, here and in
    /// requests.
    ///
    /// For an example see [`Simulator`].
    pub fn builder(
        sid: impl Into<String>,
        api_key: impl Into<String>,
        sender: impl Into<String>,
    ) -> Builder {
        Builder::new(Account::new(sid, api_key, sender))
    }

    pub(crate) fn of(account: Account) -> Builder {
        Builder::new(account)
    }
}

impl Builder {
    pub(crate) fn new(first: Account) -> Self {
        Self {
            first,
            others: Vec::new(),
            callbacks: None,
            callbacks_of: Vec::new(),
            settings: Settings {
                ladder: StatusLadder::default(),
                tells_statuses: true,
                strictness: Strictness::default(),
                window: None,
                reviews: ReviewRules::default(),
            },
            seed: None,
            has_ids_of_their_own: false,
            clock: None,
            speed: 1.0,
            faults: FaultSpec::default(),
            templates: None,
            tells_why: false,
            allowed_hosts: Vec::new(),
        }
    }

    /// Gives the first account another number.
    ///
    /// For an example see [`Builder`].
    pub fn number(mut self, sender: impl Into<String>) -> Self {
        self.first = self.first.number(sender);
        self
    }

    /// Adds another account.
    pub fn account(mut self, account: Account) -> Self {
        self.others.push(account);
        self
    }

    /// Where callbacks are posted, and a header that they carry: `("x-kaleyra-secret", "s3cret")`, or `None`. For other ways
    /// see [`callbacks_to`](Self::callbacks_to). Where the webhook's address is not known yet,
    /// [`Simulator::post_callbacks_to`] sets it later.
    pub fn callbacks<'a>(
        self,
        url: impl Into<String>,
        header: impl Into<Option<(&'a str, &'a str)>>,
    ) -> Self {
        let callbacks = Callbacks::to(url);
        self.callbacks_to(match header.into() {
            Some((name, value)) => callbacks.header(name, value),
            None => callbacks,
        })
    }

    /// Where callbacks are posted, how they prove where they are from, and how often they are tried.
    pub fn callbacks_to(mut self, callbacks: Callbacks) -> Self {
        self.callbacks = Some(callbacks);
        self
    }

    /// Where the callbacks of one number are posted, in place of where those of the others are.
    ///
    /// ```
    /// use kaleyra_wa_sim::{Callbacks, Simulator};
    ///
    /// let builder = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001")
    ///     .number("+918000000002")
    ///     .callbacks("http://127.0.0.1:8081/", None)
    ///     .callbacks_of("+918000000002", Callbacks::to("http://127.0.0.1:8082/"));
    /// # let _ = builder;
    /// ```
    pub fn callbacks_of(mut self, number: impl Into<String>, callbacks: Callbacks) -> Self {
        self.callbacks_of.push((number.into(), callbacks));
        self
    }

    /// Whether the webhook is told what becomes of accepted messages; so it is unless set to `false`.
    ///
    /// Statuses are posted in the background, those of a conversation in order. A status is posted after the response to its send
    /// has been written, or the connection has ended, so it usually comes second; but the two travel separately, and as at
    /// Kaleyra's the status may arrive first. Read receipts get none.
    pub fn statuses(mut self, statuses: bool) -> Self {
        self.settings.tells_statuses = statuses;
        self
    }

    /// Which statuses a message gets, and when: `sent` at once and nothing else, unless this says otherwise.
    pub fn ladder(mut self, ladder: StatusLadder) -> Self {
        self.settings.ladder = ladder;
        self
    }

    /// What becomes of messages that break the documented rules: only the envelope is looked at, unless this says otherwise.
    pub fn strictness(mut self, strictness: Strictness) -> Self {
        self.settings.strictness = strictness;
        self
    }

    /// Whether a free message may go to a user who did not write in the last 24 hours: [`ServiceWindow::Known`], or
    /// [`ServiceWindow::Strict`] where [`strictness`](Self::strictness) is not lenient, unless this says otherwise.
    pub fn window(mut self, window: ServiceWindow) -> Self {
        self.settings.window = Some(window);
        self
    }

    /// The templates that there are from the start, beside those that are created at the simulator. Messages with others are
    /// accepted all the same, as Kaleyra accepts them; with [`Strictness::Kaleyra`] they fail afterwards.
    ///
    /// A send of one that is known is checked by
    /// [`TemplateDefinition::check`](kaleyra_wa_types::template::TemplateDefinition::check), however strict the simulator is:
    /// what does not fit fails afterwards with the code of the check.
    ///
    /// For an example see [`Simulator::change_template`].
    pub fn templates(mut self, templates: impl Templates + 'static) -> Self {
        self.templates = Some(Box::new(templates));
        self
    }

    /// What becomes of templates that are created or edited: each is approved at once, unless this says otherwise.
    pub fn reviews(mut self, reviews: ReviewRules) -> Self {
        self.settings.reviews = reviews;
        self
    }

    /// What ids and faults are made from: the same seed makes the same ones. Another one each time unless it is set;
    /// [`Simulator::seed`] returns it.
    ///
    /// For an example see [`Builder`].
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Makes ids from a seed of their own, so that they differ each time even where faults are to be the same.
    pub(crate) fn ids_of_their_own(mut self) -> Self {
        self.has_ids_of_their_own = true;
        self
    }

    /// What its clock shows at the start: the system's time, unless this says otherwise.
    pub fn clock(mut self, shown: SystemTime) -> Self {
        self.clock = Some(shown);
        self
    }

    /// Stops the clock until [`Simulator::advance`] advances it, or [`Simulator::set_speed`] lets it run.
    ///
    /// For an example see [`Builder`].
    pub fn frozen(mut self) -> Self {
        self.speed = 0.0;
        self
    }

    /// Lets the clock run faster or slower from the start: see [`Simulator::set_speed`].
    pub fn speed(mut self, speed: f64) -> Self {
        self.speed = speed;
        self
    }

    /// Faults that hold from the start.
    pub fn faults(mut self, faults: FaultSpec) -> Self {
        self.faults = faults;
        self
    }

    /// Makes responses that refuse a request say why in a header, `x-sim-why`. The body stays the documented one.
    pub fn why_header(mut self, tells_why: bool) -> Self {
        self.tells_why = tells_why;
        self
    }

    /// Also accepts requests whose `Host` is this name or IP address, on any port, and to web pages from there.
    ///
    /// Without it the simulator responds only for `localhost`, a loopback address and the address that it listens on, and
    /// refuses every other `Host` with 421: so no web page can reach it by having its own name lead to this machine (DNS
    /// rebinding). A name is needed where another machine or container finds the simulator by it: `sim` in
    /// `http://sim:8090`. It is given without scheme and port, and covers no subdomains.
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
    /// When the address can't be listened on, callbacks can't be posted as they are set up, or an allowed host is not a host.
    ///
    /// For an example see [`Builder`].
    pub async fn bind(self, addr: impl ToSocketAddrs) -> Result<Simulator, StartError> {
        let listener = TcpListener::bind(addr).await.map_err(StartError::Listen)?;
        self.start(listener).await
    }

    /// Starts on an existing listener.
    ///
    /// # Errors
    ///
    /// When callbacks can't be posted as they are set up, or an allowed host is not a host.
    pub async fn start(self, listener: TcpListener) -> Result<Simulator, StartError> {
        let addr = listener.local_addr().map_err(StartError::Listen)?;
        let webhook = self.callbacks.as_ref().map(Webhook::new).transpose()?;
        let clock = self.clock.map_or_else(Clock::real, Clock::starting_at);
        if self.speed != 1.0 {
            clock.set_speed(self.speed);
        }
        let hosts = Hosts::new(addr.ip(), &self.allowed_hosts).ok_or(StartError::AllowedHost)?;
        let chance = self.seed.map_or_else(Chance::random, Chance::new);
        let core = Arc::new(Core::new(Parts {
            first: self.first,
            others: self.others,
            clock,
            chance,
            ids: match self.has_ids_of_their_own {
                true => Chance::random(),
                false => chance,
            },
            settings: self.settings,
            webhook,
            templates: self.templates,
            base_url: base_url(addr),
            tells_why: self.tells_why,
        }));
        for (number, callbacks) in &self.callbacks_of {
            core.set_webhook_of(number, Some(Webhook::new(callbacks)?))?;
        }
        let now = core.clock().now();
        for rule in self.faults.rules {
            core.faults().add(rule, now);
        }
        tokio::spawn(serve(listener, hosts, core.clone()));
        tokio::spawn(work(core.clone()));
        Ok(Simulator::new(core, addr))
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
            .field("statuses", &self.settings.tells_statuses)
            .field("strictness", &self.settings.strictness)
            .finish_non_exhaustive()
    }
}
