//! The handle on a running simulator.

mod faults;
mod posting;
mod records;
mod settings;
mod templates;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use kaleyra_wa_types::MediaId;
use tokio::time;

use crate::callback::{Business, HostedFile};
use crate::core::Core;
use crate::model::accepted_message::AcceptedMessage;
use crate::model::uploaded_media::UploadedMedia;
use crate::state::phones::{Phone, Switch};

/// A simulated Kaleyra that runs in this process. It stops when dropped.
///
/// See the [crate's documentation](crate) for an example. `Debug` shows the address only.
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_sim::Simulator;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// assert_eq!(sim.base_url(), format!("http://{}", sim.addr())); // where the code under test sends to
/// assert!(sim.accepted().is_empty());
/// assert_eq!(sim.business().display_phone_number, "918000000001");
/// println!("seed {}", sim.seed()); // with which it goes the same way again
///
/// // Time.
/// let before = sim.now();
/// sim.set_speed(0.0);
/// sim.advance(Duration::from_secs(3600)).await;
/// sim.settle().await;
/// assert!(sim.now() >= before + Duration::from_secs(3600));
/// sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
pub struct Simulator {
    pub(crate) core: Arc<Core>,
    addr: SocketAddr,
}

/// The messages that a test waits for did not come.
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_sim::Simulator;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// let error = sim.wait_for_accepted(2, Duration::from_millis(5)).await.unwrap_err();
/// assert_eq!((error.expected, error.accepted), (2, 0));
/// assert_eq!(error.to_string(), "the simulator accepted 0 of 2 messages within 5ms");
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the simulator accepted {accepted} of {expected} messages within {timeout:?}")]
#[non_exhaustive]
pub struct WaitError {
    /// How many were waited for.
    pub expected: usize,
    /// How many came.
    pub accepted: usize,
    /// How long.
    pub timeout: Duration,
}

impl Simulator {
    pub(crate) fn new(core: Arc<Core>, addr: SocketAddr) -> Self {
        Self { core, addr }
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// What takes the place of `https://api.in.kaleyra.io`: `http://127.0.0.1:49152`, without a slash at its end.
    ///
    /// For an example see [`Simulator`].
    pub fn base_url(&self) -> String {
        self.core.base_url.clone()
    }

    /// What it accepted, newest last: the newest 10,000, and of these what fits into 64 MiB of bodies.
    ///
    /// For an example see [`Simulator`].
    pub fn accepted(&self) -> Vec<Arc<AcceptedMessage>> {
        self.core.state.messages().all()
    }

    /// Waits until `n` messages have been accepted since the start, and gives all that are kept.
    ///
    /// # Errors
    ///
    /// When fewer came within the timeout.
    ///
    /// For an example see [`WaitError`], and the [crate's documentation](crate).
    pub async fn wait_for_accepted(
        &self,
        n: usize,
        timeout: Duration,
    ) -> Result<Vec<Arc<AcceptedMessage>>, WaitError> {
        let mut total = self.core.total.subscribe();
        match time::timeout(timeout, total.wait_for(|total| *total >= n)).await {
            Ok(_) => Ok(self.accepted()),
            Err(_) => Err(WaitError {
                expected: n,
                accepted: *self.core.total.borrow(),
                timeout,
            }),
        }
    }

    /// The files that were uploaded, newest last: the newest 10,000.
    ///
    /// For an example see [`UploadedMedia`].
    pub fn uploads(&self) -> Vec<Arc<UploadedMedia>> {
        self.core.state.uploads().all()
    }

    /// What is in an uploaded file.
    ///
    /// Files of up to 16 MiB are kept, 64 MiB of them together, and the oldest give way; longer ones are counted and hashed
    /// only, so that an upload takes little memory. `None` for what is not kept.
    ///
    /// For an example see [`UploadedMedia`].
    pub fn uploaded_bytes(&self, id: &MediaId) -> Option<Vec<u8>> {
        let file = self.core.state.uploads().file(id.as_str())?;
        Some(file.bytes.into())
    }

    /// Keeps a file that a user is to send, for the receiver of the callback to download: see
    /// [`EndUser::file`](crate::callback::EndUser::file).
    ///
    /// It is served to anyone with the link, for seven days by the simulator's clock. 128 MiB are kept, and the oldest give way.
    ///
    /// ```
    /// use kaleyra_wa_sim::Simulator;
    /// use kaleyra_wa_sim::callback::MediaKind;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// let file = sim.host_file("application/pdf", "%PDF-1.7 …").named("order-17.pdf");
    /// let message = sim.end_user("Asha Example", "919800000001").file(MediaKind::Document, &file);
    ///
    /// let callback = message.callback();
    /// assert_eq!(callback["extra_info"]["media_url"], file.url);
    /// let document = &callback["meta_object"]["value"]["messages"][0]["document"];
    /// assert_eq!(document["filename"], "order-17.pdf");
    /// assert_eq!(document["sha256"], file.sha256);
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn host_file(&self, mime_type: &str, bytes: impl Into<Vec<u8>>) -> HostedFile {
        self.core.host(mime_type, bytes.into().into())
    }

    /// How many downloads of users' files carried an `api-key` header. A test of a client asserts that it is 0: the links lead
    /// to storage that is not Kaleyra's API.
    ///
    /// ```
    /// # use kaleyra_wa_sim::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// // At the end of a test of a client that downloads what users send.
    /// assert_eq!(sim.leaked_keys(), 0);
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn leaked_keys(&self) -> usize {
        self.core.state.leaked_keys.load(Ordering::Relaxed)
    }

    /// The numbers of the users who are blocked, as WhatsApp writes them, in the order in which they were.
    ///
    /// Only those can be blocked who wrote in the last 24 hours: whose messages were given to
    /// [`post_callback`](Self::post_callback) or its siblings, with a webhook or without. These are those of the first number.
    ///
    /// ```
    /// # use kaleyra_wa_sim::Simulator;
    /// # async fn block(sim: &Simulator, user: &str) {
    /// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
    /// #     let body = format!(r#"{{"messaging_product":"whatsapp","block_users":[{{"user":"{user}"}}]}}"#);
    /// #     let mut stream = tokio::net::TcpStream::connect(sim.addr()).await.unwrap();
    /// #     let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/block_users HTTP/1.1\r\nhost: localhost\r\n\
    /// #         api-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    /// #     stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    /// #     stream.read_to_end(&mut Vec::new()).await.unwrap();
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// let _ = sim.post(sim.end_user("Asha Example", "919800000001").text("Hi")).await; // within the last 24 hours
    /// block(&sim, "+919800000001").await; // by the code under test
    /// assert_eq!(sim.blocked_users(), ["919800000001"]);
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn blocked_users(&self) -> Vec<String> {
        let business = self.core.default_business();
        self.core
            .state
            .with_lists(&business, |lists| lists.blocked.all())
    }

    /// What its clock shows.
    ///
    /// For an example see [`Simulator`].
    pub fn now(&self) -> SystemTime {
        self.core.clock().now()
    }

    /// What ids and faults are made from. With the same one they come again.
    pub fn seed(&self) -> u64 {
        self.core.chance.seed()
    }

    /// Advances the clock. What falls due on the way happens in order, each at its own time: statuses, retries,
    /// callbacks that were held back. This waits for the webhook's responses, but no longer than a second for one that hangs.
    pub async fn advance(&self, by: Duration) {
        self.core.advance(by).await;
    }

    /// Lets the clock run faster or slower: 0 stops it, 1 is a real clock's speed, 3600 the most.
    pub fn set_speed(&self, speed: f64) {
        self.core.clock().set_speed(speed);
        self.core.changed(format!("clock: speed {speed}"));
    }

    /// Waits until nothing is due and nothing is being posted.
    pub async fn settle(&self) {
        self.core.settle().await;
    }

    /// The business that the first account's first number belongs to, as it appears in callbacks.
    pub fn business(&self) -> &Business {
        &self.core.accounts.first_number().business
    }

    /// How a user's phone is set.
    ///
    /// For an example see [`Phone`].
    pub fn phone(&self, number: &str) -> Phone {
        self.core.state.phones().get(number)
    }

    /// Sets a switch of a user's phone.
    ///
    /// For an example see [`Phone`].
    pub fn switch(&self, number: &str, switch: Switch) {
        let business = self.core.default_business();
        self.core.switch(&business, number, switch);
    }

    /// Stops: no new connections, one second for those whose response is being sent, and the port is free. Statuses that are
    /// still queued are dropped.
    ///
    /// For an example see [`Simulator`].
    pub async fn shutdown(self) {
        self.core.stop.send_replace(true);
        // Every task holds a receiver.
        self.core.stop.closed().await;
        self.core.journal.close();
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.core.stop.send_replace(true);
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("addr", &self.addr)
            .finish_non_exhaustive()
    }
}
