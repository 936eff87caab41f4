//! The handle on a running simulator.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time;

use crate::account::Account;
use crate::callback::{Business, EndUser};
use crate::event::AS_GIVEN;
use crate::shared::Shared;
use crate::{AcceptedMessage, Builder, CallbackError, Events, Fault};

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
        let mut addr = self.addr;
        // "Any address" can be listened on, but not everywhere be connected to.
        if addr.ip().is_unspecified() {
            addr.set_ip(match addr {
                SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
                SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
            });
        }
        format!("http://{addr}")
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

    /// Lets the next send fail that would have been accepted. Called twice, the next two fail, in this order.
    ///
    /// A send that is not right anyway gets the answer to what is wrong with it, and leaves the fault for the next.
    pub fn fail_next(&self, fault: Fault) {
        self.shared.faults().push(fault, 1);
    }

    /// Lets every send fail that would have been accepted, until [`heal`](Self::heal), after those that
    /// [`fail_next`](Self::fail_next) asked for.
    pub fn fail_all(&self, fault: Fault) {
        self.shared.faults().set_all(fault);
    }

    /// Takes back all faults.
    pub fn heal(&self) {
        self.shared.faults().clear();
    }

    /// Posts a callback to the webhook, once, and gives the HTTP status of the webhook's answer, whatever it is.
    ///
    /// Any JSON may be posted; [`callback`](crate::callback) makes the documented shapes.
    ///
    /// # Errors
    ///
    /// When there is no webhook, or no answer from it within 10 seconds.
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
