//! A read mark on its way out.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;

use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::http;
use kaleyra_wa_types::outbound::ReadReceipt;
use kaleyra_wa_types::response::Response;
use kaleyra_wa_types::{MessageId, RawJson, SendRequest};
use serde_json::Value;

use crate::endpoint::{MARK_READ, Unsendable};
use crate::error::{Cause, ReceivedResponse, Subject};
use crate::exchange::Exchanged;
use crate::{Client, Error, observe};

/// A read mark that is sent when it is awaited; made by [`Client::mark_read`].
///
/// It succeeds when Kaleyra has accepted it. Like a message it is sent once, although a second copy would do no harm.
///
/// For an example see [`Client::mark_read`].
#[must_use = "a read mark is sent when it is awaited"]
#[derive(Clone)]
pub struct MarkRead {
    client: Client,
    receipt: ReadReceipt,
}

impl MarkRead {
    pub(crate) fn new(client: Client, message: MessageId) -> Self {
        Self {
            client,
            receipt: ReadReceipt::new(message),
        }
    }

    /// Also shows that a reply is being typed: for 25 seconds or until it is sent.
    ///
    /// For an example see [`Client::mark_read`].
    pub fn typing(mut self) -> Self {
        self.receipt = self.receipt.typing();
        self
    }

    async fn send(self) -> Result<(), Error> {
        let failed =
            |cause, attempts| Error::new(cause, MARK_READ.class, attempts).about(Subject::ReadMark);
        let request = SendRequest::new(self.receipt);
        let violations = request.violations();
        if !violations.is_empty() {
            return Err(failed(Cause::Violations(violations), 0));
        }
        let call = MARK_READ
            .json(self.client.account(), &request)
            .map_err(|error: Unsendable| failed(Cause::Unsendable(error), 0))?;
        let Exchanged { outcome, attempts } = self.client.exchange(&call).await;
        let received: http::Response<Bytes> =
            outcome.map_err(|error| failed(Cause::of_transport(error), attempts))?;
        // There is no id to be had: a success of Kaleyra's that names no failure is one.
        let received = ReceivedResponse::of(received);
        if received.is_accepted() || says_success(&received) {
            return Ok(());
        }
        Err(failed(Cause::Response(received), attempts))
    }
}

/// Whether it is Meta's own response to a read mark, `{"success": true}`, which may come through as it is.
fn says_success(received: &ReceivedResponse) -> bool {
    let success = |response: &Response| {
        let is_true = |value: &RawJson| *value == Value::Bool(true);
        response.unknown.get("success").is_some_and(is_true)
            && !ReceivedResponse::is_failure(response)
    };
    received.status().is_success() && received.envelope().is_some_and(success)
}

impl IntoFuture for MarkRead {
    type Output = Result<(), Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let account = self.client.account().clone();
            observe::observed(account.base_url(), &MARK_READ, self.send()).await
        })
    }
}

/// Shows no id: WhatsApp's ids of messages hold the user's number.
impl fmt::Debug for MarkRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MarkRead")
            .field("typing", &self.receipt.typing_indicator.is_some())
            .finish_non_exhaustive()
    }
}
