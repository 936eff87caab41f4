//! The handle on a running simulator.

mod settings;
mod templates;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use kaleyra_wa_types::MediaId;
use serde_json::Value;
use tokio::time;

use crate::callback::{Business, EndUser, HostedFile, UserMessage};
use crate::core::Core;
use crate::delivery::webhook::CallbackError;
use crate::fault::{Fault, FaultRule, FaultSpec, FaultSpecError};
use crate::journal::{Entry, Events, Reader};
use crate::model::accepted_message::AcceptedMessage;
use crate::model::conversation::ConversationId;
use crate::model::uploaded_media::UploadedMedia;
use crate::rules::taps::Tap;
use crate::state::conversations::Line;
use crate::state::messages::MessageStatus;
use crate::state::phones::{Phone, Switch};
use crate::transcript;
use crate::why::{self, Explanation};

/// A simulated Kaleyra that runs in this process. It stops when dropped.
///
/// See the [crate's documentation](crate) for an example. `Debug` shows the address only.
///
/// ```
/// use kaleyra_wa_sim::Simulator;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// println!("send to {}", sim.base_url());
/// assert!(sim.accepted().is_empty());
/// sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
pub struct Simulator {
    pub(crate) core: Arc<Core>,
    addr: SocketAddr,
}

/// The messages that a test waits for did not come.
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
    pub fn uploads(&self) -> Vec<Arc<UploadedMedia>> {
        self.core.state.uploads().all()
    }

    /// What is in an uploaded file.
    ///
    /// Files of up to 16 MiB are kept, 64 MiB of them together, and the oldest give way; longer ones are counted and hashed
    /// only, so that an upload takes little memory. `None` for what is not kept.
    pub fn uploaded_bytes(&self, id: &MediaId) -> Option<Vec<u8>> {
        let file = self.core.state.uploads().file(id.as_str())?;
        Some(file.bytes.into())
    }

    /// Keeps a file that a user is to send, for the receiver of the callback to download: see
    /// [`EndUser::file`].
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
    pub fn leaked_keys(&self) -> usize {
        self.core.state.leaked_keys.load(Ordering::Relaxed)
    }

    /// The numbers of the users who are blocked, as WhatsApp writes them, in the order in which they were.
    ///
    /// Only those can be blocked who wrote in the last 24 hours: whose messages were given to
    /// [`post_callback`](Self::post_callback) or its siblings, with a webhook or without. These are those of the first number.
    pub fn blocked_users(&self) -> Vec<String> {
        let business = self.core.default_business();
        self.core
            .state
            .with_lists(&business, |lists| lists.blocked.all())
    }

    /// Makes the next request to Kaleyra's endpoints fail that would have been accepted. Called twice, the next two fail, in
    /// this order.
    ///
    /// A request that is invalid anyway gets the response to that, and leaves the fault for the next.
    pub fn fail_next(&self, fault: Fault) {
        let rule = FaultRule::from(fault).next(1);
        self.core.faults().add(rule, self.now());
    }

    /// Makes every request to Kaleyra's endpoints fail that would have been accepted, until [`heal`](Self::heal), after those that
    /// [`fail_next`](Self::fail_next) asked for.
    pub fn fail_all(&self, fault: Fault) {
        self.core.faults().set_all(fault, self.now());
    }

    /// Takes back all faults.
    pub fn heal(&self) {
        self.core.faults().clear();
    }

    /// Adds rules for what is to go wrong, and gives their numbers: see [`FaultSpec`] for how they are written.
    ///
    /// ```
    /// # use kaleyra_wa_sim::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// sim.faults("callback:duplicate p=0.2; response:slow by=1s..2s next=3")?;
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the string does not contain valid rules.
    pub fn faults(&self, spec: &str) -> Result<Vec<u64>, FaultSpecError> {
        let spec: FaultSpec = spec.parse()?;
        let (now, mut faults) = (self.now(), self.core.faults());
        let add = |rule: FaultRule| faults.add(rule, now);
        Ok(spec.rules.into_iter().map(add).collect())
    }

    /// Lets only those faults take place whose keys these are, whatever the rules say: the keys in the journal of
    /// another run with the same seed. `None` lets all take place again.
    pub fn only_faults(&self, keys: Option<Vec<String>>) {
        let keys = keys.map(|keys| keys.into_iter().collect());
        self.core.faults().only(keys);
    }

    /// Posts a callback to the webhook, once, and returns the HTTP status of the webhook's response, whatever it is.
    ///
    /// Any JSON may be posted; [`callback`](crate::callback) makes the documented shapes.
    ///
    /// # Errors
    ///
    /// When there is no webhook, or no response from it in time; when the message in it is from a user who is blocked; and when a
    /// fault drops it.
    pub async fn post_callback(&self, callback: &Value) -> Result<u16, CallbackError> {
        self.core.post_as_given(callback).done().await
    }

    /// Lets a user write: the callback is posted, with retries, and this gives the HTTP status of the last response. Retries and what
    /// faults hold back go by the simulator's clock: while that is stopped, this waits until it is advanced.
    ///
    /// # Errors
    ///
    /// As [`post_callback`](Self::post_callback).
    pub async fn post(&self, message: UserMessage) -> Result<u16, CallbackError> {
        self.core.user_writes(message, false).done().await
    }

    /// Posts a callback once more, by the number of its entry in the journal, without faults.
    ///
    /// # Errors
    ///
    /// When there is no webhook, or no response from it in time. `None` where no such callback is in the journal any more.
    pub async fn redeliver(&self, callback: u64) -> Option<Result<u16, CallbackError>> {
        Some(self.core.redeliver(callback)?.done().await)
    }

    /// What its clock shows.
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

    /// Every step of an accepted message, in order, by Kaleyra's or WhatsApp's id of it: with errors, and with what it is
    /// charged as.
    pub fn statuses(&self, id: &str) -> Vec<MessageStatus> {
        let messages = self.core.state.messages();
        let message = messages.find(id);
        message.map_or_else(Vec::new, |message| {
            messages.statuses(message.wamid.as_str())
        })
    }

    /// All conversations that there are.
    pub fn conversations(&self) -> Vec<ConversationId> {
        self.core.state.conversations().ids()
    }

    /// Whether the user is shown that the business is typing: for 25 seconds by the simulator's clock, or until it writes.
    pub fn is_typing(&self, conversation: &ConversationId) -> bool {
        let now = self.now();
        self.core.state.conversations().is_typing(conversation, now)
    }

    /// What was said in a conversation, oldest first.
    pub fn lines(&self, conversation: &ConversationId) -> Vec<Line> {
        self.core.state.conversations().lines(conversation)
    }

    /// Everything that happens from now on, with all details.
    pub fn journal(&self) -> Reader {
        self.core.journal.follow()
    }

    /// Everything that is kept of what happened from this entry on, and what will.
    pub fn journal_from(&self, number: u64) -> Reader {
        self.core.journal.read_from(number)
    }

    /// An entry of the journal, while it is kept.
    pub fn entry(&self, number: u64) -> Option<Arc<Entry>> {
        self.core.journal.get(number)
    }

    /// The business that the first account's first number belongs to, as it appears in callbacks.
    pub fn business(&self) -> &Business {
        &self.core.accounts.first_number().business
    }

    /// A user who writes to this simulator's business, and uses its clock. The user's messages are posted by
    /// [`post`](Self::post) or [`post_callback`](Self::post_callback); [`user`](Self::user) is shorter.
    pub fn end_user(&self, name: impl Into<String>, wa_id: &str) -> EndUser {
        EndUser::new(name, wa_id)
            .writing_to(self.business().clone())
            .with_sources(&self.core.sources)
    }

    /// Everything that it does from now on, for a live transcript.
    pub fn observe(&self) -> Events {
        Events(self.core.journal.follow())
    }

    /// Why something went as it did, from the journal: by Kaleyra's or WhatsApp's id of a message, of a user or of the business, or
    /// by the number of an entry of the journal. `None` where nothing that is kept has this id.
    pub fn why(&self, id: &str) -> Option<Explanation> {
        why::explain(&self.core, id)
    }

    /// Everything that can be tapped on an accepted message.
    pub fn taps(&self, message: &AcceptedMessage) -> Vec<Tap> {
        self.core.taps(message)
    }

    /// How a user's phone is set.
    pub fn phone(&self, number: &str) -> Phone {
        self.core.state.phones().get(number)
    }

    /// Sets a switch of a user's phone.
    pub fn switch(&self, number: &str, switch: Switch) {
        let business = self.core.default_business();
        self.core.switch(&business, number, switch);
    }

    /// What it did since its start, oldest first, a line each with its time: for the message of a test that fails. The
    /// newest 1,000 lines are kept, of 500 characters each.
    ///
    /// Numbers and texts of messages are in it; the API key and the callbacks' header are not.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use kaleyra_wa_sim::Simulator;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// if let Err(error) = sim.wait_for_accepted(1, Duration::from_millis(10)).await {
    ///     println!("{error}; what happened instead:\n{}", sim.transcript());
    /// }
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn transcript(&self) -> String {
        transcript::of(&self.core.journal, self.core.started_at)
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
