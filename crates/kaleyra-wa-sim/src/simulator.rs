//! The handle on a running simulator.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use kaleyra_wa_types::MediaId;
use serde_json::Value;
use tokio::time;

use crate::account::Account;
use crate::callback::{Business, EndUser, HostedFile};
use crate::event::AS_GIVEN;
use crate::poster::Webhook;
use crate::shared::Shared;
use crate::{
    AcceptedMessage, Builder, CallbackError, Events, Fault, InvalidWebhook, UploadedMedia,
};

/// A Kaleyra that runs in this process, for one account and one sender. It stops when dropped.
///
/// See the [crate's documentation](crate) for an example. `Debug` shows the address only.
pub struct Simulator {
    shared: Arc<Shared>,
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
    /// A simulator for this account: its SID, API key and sender number.
    ///
    /// They are compared as texts, so masks such as `+91XXXXXXXXXX` are fine. The sender's `+` is optional, here and in
    /// requests.
    pub fn builder(
        sid: impl Into<String>,
        api_key: impl Into<String>,
        sender: impl Into<String>,
    ) -> Builder {
        Builder::new(Account {
            sid: sid.into(),
            api_key: api_key.into(),
            sender: sender.into(),
        })
    }

    pub(crate) fn new(shared: Arc<Shared>, addr: SocketAddr) -> Self {
        Self { shared, addr }
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// What takes the place of `https://api.in.kaleyra.io`: `http://127.0.0.1:49152`, without a slash at its end.
    pub fn base_url(&self) -> String {
        self.shared.base_url.clone()
    }

    /// What it accepted, newest last: the newest 10,000, and of these what fits into 64 MiB of bodies.
    pub fn accepted(&self) -> Vec<Arc<AcceptedMessage>> {
        self.shared.accepted().all()
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
        let mut total = self.shared.total.subscribe();
        match time::timeout(timeout, total.wait_for(|total| *total >= n)).await {
            Ok(_) => Ok(self.accepted()),
            Err(_) => Err(WaitError {
                expected: n,
                accepted: *self.shared.total.borrow(),
                timeout,
            }),
        }
    }

    /// The files that were uploaded, newest last: the newest 10,000.
    pub fn uploads(&self) -> Vec<Arc<UploadedMedia>> {
        self.shared.uploads().all()
    }

    /// What is in an uploaded file.
    ///
    /// Files of up to 16 MiB are kept, 64 MiB of them together, and the oldest give way; longer ones are counted and hashed
    /// only, so that an upload takes little memory. `None` for what is not kept.
    pub fn uploaded_bytes(&self, id: &MediaId) -> Option<Vec<u8>> {
        let file = self.shared.uploads().file(id.as_str())?;
        Some(file.bytes.into())
    }

    /// Keeps a file that a user is to send, for the receiver of the callback to download: see
    /// [`EndUser::file`].
    ///
    /// It is given to whoever has the link. 128 MiB are kept, and the oldest give way.
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
        self.shared.host(mime_type, bytes.into().into())
    }

    /// How many downloads of users' files carried an `api-key` header. A test of a client asserts that it is 0: the links lead
    /// to storage that is not Kaleyra's API.
    pub fn leaked_keys(&self) -> usize {
        self.shared.leaked_keys.load(Ordering::Relaxed)
    }

    /// The numbers of the users who are blocked, as WhatsApp writes them, in the order in which they were.
    ///
    /// Only those can be blocked who wrote in the last 24 hours: whose messages were given to
    /// [`post_callback`](Self::post_callback), with a webhook or without.
    pub fn blocked_users(&self) -> Vec<String> {
        self.shared.blocklist().all()
    }

    /// Lets the next request to Kaleyra's endpoints fail that would have been accepted. Called twice, the next two fail, in
    /// this order.
    ///
    /// A request that is not right anyway gets the answer to what is wrong with it, and leaves the fault for the next.
    pub fn fail_next(&self, fault: Fault) {
        self.shared.faults().push(fault, 1);
    }

    /// Lets every request to Kaleyra's endpoints fail that would have been accepted, until [`heal`](Self::heal), after those that
    /// [`fail_next`](Self::fail_next) asked for.
    pub fn fail_all(&self, fault: Fault) {
        self.shared.faults().set_all(fault);
    }

    /// Takes back all faults.
    pub fn heal(&self) {
        self.shared.faults().clear();
    }

    /// Where callbacks are posted from now on, and a header that they carry, as with
    /// [`Builder::callbacks`](crate::Builder::callbacks): for a webhook that is started after the simulator.
    ///
    /// Messages that were accepted before it was known where to post have no status.
    ///
    /// # Errors
    ///
    /// When callbacks can't be posted there; then it stays as it was.
    pub fn post_callbacks_to<'a>(
        &self,
        url: &str,
        header: impl Into<Option<(&'a str, &'a str)>>,
    ) -> Result<(), InvalidWebhook> {
        let webhook = Webhook::new(url, header.into())?;
        *self.shared.webhook() = Some(Arc::new(webhook));
        Ok(())
    }

    /// Posts a callback to the webhook, once, and gives the HTTP status of the webhook's answer, whatever it is.
    ///
    /// Any JSON may be posted; [`callback`](crate::callback) makes the documented shapes.
    ///
    /// # Errors
    ///
    /// When there is no webhook, or no answer from it within 10 seconds; and when the message in it is from a user who is
    /// blocked.
    pub async fn post_callback(&self, callback: &Value) -> Result<u16, CallbackError> {
        self.shared.post_and_tell(AS_GIVEN, callback).await
    }

    /// The business that the sender's number belongs to, as it stands in callbacks.
    pub fn business(&self) -> &Business {
        &self.shared.business
    }

    /// A user who writes to this simulator's business. The user's messages are posted by
    /// [`post_callback`](Self::post_callback).
    pub fn end_user(&self, name: impl Into<String>, wa_id: &str) -> EndUser {
        EndUser::new(name, wa_id).writing_to(self.business().clone())
    }

    /// Everything that it does from now on, for a live transcript.
    pub fn observe(&self) -> Events {
        self.shared.events.observe()
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
        self.shared.events.transcript()
    }

    /// Stops: no new connections, one second for those that are being answered, and the port is free. Statuses that are
    /// still queued are dropped.
    pub async fn shutdown(self) {
        self.shared.stop.send_replace(true);
        // Every task holds a receiver.
        self.shared.stop.closed().await;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.shared.stop.send_replace(true);
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("addr", &self.addr)
            .finish_non_exhaustive()
    }
}
