//! A message on its way out.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;

use kaleyra_wa_transport::http::header::{ACCEPT, CONTENT_TYPE};
use kaleyra_wa_transport::http::{self, HeaderValue};
use kaleyra_wa_transport::{Body, Class, Operation, Request, whole};
use kaleyra_wa_types::extra_info::{ExtraInfo, WaSource};
use kaleyra_wa_types::messaging_object::Outbound;
use kaleyra_wa_types::response::Response;
use kaleyra_wa_types::{MessageId, SendRequest};
use tracing::{Instrument, Span};

use crate::error::{Answer, Cause};
use crate::{Client, Error, NoRecipient, Sent, observe};

/// What an answer may have at most, in bytes: those of the API have a few hundred.
const MAX_ANSWER: usize = 1024 * 1024;

/// A message that is sent when it is awaited; made by [`Client::send`] and [`Client::reply`].
///
/// ```text
///   send(to, content) ──► .reference("order-17") ──► .await
///                          more settings              │ limits checked: all violations at once, nothing sent
///                                                     │ one POST, never repeated
///                                                     ▼
///                                        Ok(Sent)  or  Err(Error) with a Delivery verdict
/// ```
///
/// It borrows nothing, so that it can be spawned. Dropping the future while it runs gives the message up; it may or
/// may not have been sent.
#[must_use = "a message is sent when it is awaited"]
#[derive(Clone)]
pub struct SendMessage {
    client: Client,
    draft: Result<SendRequest, NoRecipient>,
    is_checked: bool,
}

impl SendMessage {
    pub(crate) fn new(client: Client, draft: Result<SendRequest, NoRecipient>) -> Self {
        Self {
            client,
            draft,
            is_checked: true,
        }
    }

    /// Sets `ref`: what this message is in your own books, at most 255 characters.
    ///
    /// Every callback about the message repeats it. Make it unique per message: after an
    /// [`Indeterminate`](crate::Delivery::Indeterminate) verdict it is the proof of what happened.
    pub fn reference(self, reference: impl Into<String>) -> Self {
        self.with_extra_info(|info| info.reference(reference))
    }

    /// Sets `ref1`, at most 255 characters; callbacks repeat it.
    pub fn reference1(self, reference: impl Into<String>) -> Self {
        self.with_extra_info(|info| info.reference1(reference))
    }

    /// Sets `ref2`, at most 255 characters; callbacks repeat it.
    pub fn reference2(self, reference: impl Into<String>) -> Self {
        self.with_extra_info(|info| info.reference2(reference))
    }

    /// Sets `wa_source`: which product makes the request. Kaleyra takes a value that it does not know as `api`.
    pub fn source(self, source: impl Into<WaSource>) -> Self {
        self.with_extra_info(|info| info.source(source))
    }

    /// Quotes an earlier message, by WhatsApp's id of it.
    pub fn reply_to(mut self, message_id: impl Into<MessageId>) -> Self {
        self.draft = self.draft.map(|mut request| {
            request.messaging_object = request.messaging_object.reply_to(message_id);
            request
        });
        self
    }

    /// Sets references and source at once, in place of what was set before.
    pub fn extra_info(self, extra_info: ExtraInfo) -> Self {
        self.with_extra_info(|_| extra_info)
    }

    /// Sends it even if it breaks limits that this version knows: for the day when WhatsApp has changed one.
    pub fn unchecked(mut self) -> Self {
        self.is_checked = false;
        self
    }

    /// What would be posted. Nothing is sent.
    ///
    /// # Errors
    ///
    /// When awaiting would fail before anything is sent: there is no usable recipient, or a limit is broken.
    pub fn request(&self) -> Result<SendRequest, Error> {
        let unsent = |cause| Error::new(cause, 0);
        let request = self
            .draft
            .as_ref()
            .map_err(|reason| unsent(Cause::NoRecipient(*reason)))?;
        if self.is_checked {
            let violations = request.violations();
            if !violations.is_empty() {
                return Err(unsent(Cause::Violations(violations)));
            }
        }
        Ok(request.clone())
    }

    fn with_extra_info(mut self, change: impl FnOnce(ExtraInfo) -> ExtraInfo) -> Self {
        if let Ok(request) = &mut self.draft {
            let extra_info = request.extra_info.take().unwrap_or_default();
            request.extra_info = Some(change(extra_info));
        }
        self
    }

    async fn send(self, span: &Span) -> Result<Sent, Error> {
        let message = self.request()?;
        let request = post(&self.client, &message)
            .map_err(|error| Error::new(Cause::Unsendable(error), 0))?;
        let answered = match self.client.transport.execute(request).await {
            Ok(answer) => whole(answer, MAX_ANSWER).await,
            Err(error) => Err(error),
        };
        let answer = answered.map_err(|error| Error::new(Cause::of_transport(error), 1))?;
        observe::status(span, answer.status());

        let decoded = match Response::from_slice(answer.body()) {
            Ok(response) if answer.status().is_success() => {
                match Sent::from_response(answer.status(), response) {
                    Ok(sent) => return Ok(sent),
                    Err(response) => Ok(response),
                }
            }
            decoded => decoded,
        };
        Err(Error::new(Cause::Answer(Answer::whole(answer, decoded)), 1))
    }
}

impl IntoFuture for SendMessage {
    type Output = Result<Sent, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let span = observe::span(self.client.account().base_url());
        let noted = span.clone();
        let sending = async move {
            let outcome = self.send(&noted).await;
            match &outcome {
                Ok(_) => observe::accepted(&noted),
                Err(error) => observe::error(&noted, error),
            }
            outcome
        };
        Box::pin(sending.instrument(span))
    }
}

/// Shows what kind of message it is, and nothing of its content or recipient.
impl fmt::Debug for SendMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self
            .draft
            .as_ref()
            .ok()
            .map(|draft| &draft.messaging_object);
        f.debug_struct("SendMessage")
            .field("type", &message.map(Outbound::type_name))
            .field(
                "is_reply",
                &message
                    .and_then(Outbound::message)
                    .map(|message| message.context.is_some()),
            )
            .field("is_checked", &self.is_checked)
            .finish_non_exhaustive()
    }
}

fn post(
    client: &Client,
    message: &SendRequest,
) -> Result<Request, Box<dyn std::error::Error + Send + Sync>> {
    let json = HeaderValue::from_static("application/json");
    let account = client.account();
    let mut request = http::Request::post(account.messages_url())
        .header("api-key", account.api_key().to_header()?)
        .header(ACCEPT, json.clone())
        .header(CONTENT_TYPE, json)
        .body(Body::from(serde_json::to_vec(message)?))?;
    let operation = Operation::new(observe::SEND, Class::Send, 1);
    request.extensions_mut().insert(operation);
    Ok(request)
}
