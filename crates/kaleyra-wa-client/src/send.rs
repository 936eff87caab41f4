//! A message on its way out.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;

use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::{self as transport, http};
use kaleyra_wa_types::extra_info::{ExtraInfo, WaSource};
use kaleyra_wa_types::outbound::template::Template;
use kaleyra_wa_types::outbound::{Content, Outbound};
use kaleyra_wa_types::response::Response;
use kaleyra_wa_types::template::TemplateMismatch;
use kaleyra_wa_types::{MessageId, SendRequest};
use tracing::Instrument;

use crate::endpoint::SEND;
use crate::error::{Cause, ReceivedResponse};
use crate::exchange::{Call, Exchanged};
use crate::observe::Watch;
use crate::{Client, Error, NoRecipient, Sent, TemplateCheck};

/// A message that is sent when it is awaited; made by [`Client::send`] and [`Client::reply`].
///
/// ```text
///   send(to, content) ──► .reference("order-17") ──► .await
///                          more settings              │ limits checked: all violations at once, nothing sent
///                                                     │ one copy on the wire
///                                                     ▼
///                                        Ok(Sent)  or  Err(Error) with a Delivery verdict
/// ```
///
/// It borrows nothing, so it can be spawned. Dropping the future while it runs cancels the send; the message may or may
/// not have been sent.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_client::types::SendRequest;
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(202, r#"{"code":"WA202","data":{"message_id":"AX1"}}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let message = client
///     .send("+14155550123", "Yes, in size 9")
///     .reference("reply-17")
///     .reference1("support")
///     .reference2("shift-2")
///     .source("crm")
///     .in_reply_to("wamid.A");
///
/// // What would go out; a queue can keep it, and `Client::send_request` sends it.
/// let body: serde_json::Value = serde_json::from_slice(&message.request()?.to_vec())?;
/// assert_eq!(body["messaging_object"]["context"]["message_id"], "wamid.A");
/// assert_eq!(body["extra_info"]["ref1"], "support");
///
/// let sent = message.await?;
/// assert_eq!(sent.reference(), Some("reply-17"));
/// # Ok(())
/// # }
/// ```
///
/// Every limit that is broken is reported at once, and nothing is sent:
///
/// ```
/// use kaleyra_wa_client::types::extra_info::ExtraInfo;
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(202, r#"{"code":"WA202","data":{"message_id":"AX1"}}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let long = "x".repeat(5_000);
/// let references = ExtraInfo::new().reference("r".repeat(256));
/// let error = client.send("+14155550123", long.as_str()).extra_info(references).await.unwrap_err();
/// assert_eq!(error.violations().len(), 2);
///
/// // Should WhatsApp have raised a limit; and no callback needs to be told from others here.
/// let sent = client.send("+14155550123", long).unchecked().without_reference().await?;
/// assert_eq!(sent.reference(), None);
/// # Ok(())
/// # }
/// ```
#[must_use = "a message is sent when it is awaited"]
#[derive(Clone)]
pub struct SendMessage {
    client: Client,
    /// Boxed because it is large and moved several times.
    draft: Result<Box<SendRequest>, NoRecipient>,
    is_checked: bool,
    has_no_reference: bool,
}

impl SendMessage {
    pub(crate) fn new(client: Client, draft: Result<SendRequest, NoRecipient>) -> Self {
        Self {
            client,
            draft: draft.map(Box::new),
            is_checked: true,
            has_no_reference: false,
        }
    }

    /// Sets `ref`: your own id for this message, at most 255 characters.
    ///
    /// An empty one is refused. Every callback about the message repeats it. Make it unique per message: after an
    /// [`Indeterminate`](crate::Delivery::Indeterminate) verdict it proves what happened. A message without one gets a new one when it is sent; [`Sent::reference`] and [`Error::reference`] return it.
    ///
    /// For an example see [`SendMessage`].
    pub fn reference(self, reference: impl Into<String>) -> Self {
        self.with_extra_info(|info| info.reference(reference))
    }

    /// Sends it without a reference, if none was set. Its outcome can't be found in callbacks then.
    pub fn without_reference(mut self) -> Self {
        self.has_no_reference = true;
        self
    }

    /// Sets `ref1`, at most 255 characters; callbacks repeat it.
    pub fn reference1(self, reference: impl Into<String>) -> Self {
        self.with_extra_info(|info| info.reference1(reference))
    }

    /// Sets `ref2`, at most 255 characters; callbacks repeat it.
    pub fn reference2(self, reference: impl Into<String>) -> Self {
        self.with_extra_info(|info| info.reference2(reference))
    }

    /// Sets `wa_source`: which product makes the request. Kaleyra treats unknown values as `api`.
    pub fn source(self, source: impl Into<WaSource>) -> Self {
        self.with_extra_info(|info| info.source(source))
    }

    /// Quotes an earlier message, by its WhatsApp id.
    ///
    /// For an example see [`SendMessage`].
    pub fn in_reply_to(mut self, message_id: impl Into<MessageId>) -> Self {
        self.draft = self.draft.map(|mut request| {
            request.messaging_object = request.messaging_object.in_reply_to(message_id);
            request
        });
        self
    }

    /// Sets references and source at once, replacing what was set before.
    pub fn extra_info(self, extra_info: ExtraInfo) -> Self {
        self.with_extra_info(|_| extra_info)
    }

    /// Sends it even if it breaks limits that this version knows. Use it when WhatsApp has changed one.
    pub fn unchecked(mut self) -> Self {
        self.is_checked = false;
        self
    }

    /// The request that would be posted. Nothing is sent.
    ///
    /// A message without a reference has none here: it is generated when the message is sent.
    ///
    /// # Errors
    ///
    /// When awaiting would fail before anything is sent: there is no usable recipient, or a limit is broken.
    ///
    /// ```
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(202, r#"{}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let message = client.send("+14155550123", "Hello").reference("greeting-1");
    /// let body: serde_json::Value = serde_json::from_slice(&message.request()?.to_vec())?;
    /// assert_eq!(body["messaging_object"]["to"], "+14155550123");
    /// assert_eq!(body["extra_info"]["ref"], "greeting-1");
    ///
    /// assert!(client.send("98000", "Hello").request().is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self) -> Result<SendRequest, Error> {
        Ok(self.checked()?.clone())
    }

    fn checked(&self) -> Result<&SendRequest, Error> {
        let request = self.draft.as_deref().map_err(nobody)?;
        if self.is_checked {
            check(request)?;
            self.client.check_template(request)?;
        }
        Ok(request)
    }

    fn with_extra_info(mut self, change: impl FnOnce(ExtraInfo) -> ExtraInfo) -> Self {
        if let Ok(request) = &mut self.draft {
            let extra_info = request.extra_info.take().unwrap_or_default();
            request.extra_info = Some(change(extra_info));
        }
        self
    }

    /// The request to send, and its reference.
    fn ready(&mut self) -> Result<(Call, Option<String>), Error> {
        let request = self.draft.as_deref_mut().map_err(|reason| nobody(reason))?;
        if self.is_checked {
            check(request)?;
            self.client.check_template(request)?;
        }
        let mut reference = reference_of(request).map(str::to_owned);
        if reference.is_none() && !self.has_no_reference {
            let fresh = self.client.new_reference();
            if self.is_checked && is_blank(&fresh) {
                return Err(unsent(Cause::EmptyReference));
            }
            let extra_info = request.extra_info.get_or_insert_default();
            extra_info.reference = Some(fresh.as_str().into());
            reference = Some(fresh);
        }
        let mut call = match SEND.json(self.client.account(), request) {
            Ok(call) => call,
            Err(error) => return Err(unsent(Cause::Unsendable(error)).with_reference(reference)),
        };
        let message = request.messaging_object.message();
        // The recipient that WhatsApp counts a message for, when it limits how fast one number writes to one user.
        call.recipient =
            message.map(|message| transport::RecipientKey::new(message.recipient.as_str()));
        Ok((call, reference))
    }
}

impl Client {
    /// Whether the template of a message fits its definition, where that is known and wanted.
    fn check_template(&self, request: &SendRequest) -> Result<(), Error> {
        let Some((store, check)) = &self.settings.templates else {
            return Ok(());
        };
        let Some(template) = template_of(request).filter(|_| *check != TemplateCheck::Off) else {
            return Ok(());
        };
        let Some(mismatch) = TemplateMismatch::of(store.check(template).mismatches) else {
            return Ok(());
        };
        if *check == TemplateCheck::Refuse {
            let reference = reference_of(request).map(str::to_owned);
            return Err(unsent(Cause::Mismatches(mismatch)).with_reference(reference));
        }
        tracing::warn!(template = template.name, mismatches = %mismatch, "sent, though it does not fit its template");
        Ok(())
    }

    /// Notes that a message was refused because of its template, where that is what the response says.
    fn mark_template(&self, request: Option<&SendRequest>, error: &Error) {
        let Some((store, _)) = &self.settings.templates else {
            return;
        };
        let code = error.code().and_then(|code| code.as_str().parse().ok());
        if let (Some(template), Some(code)) = (request.and_then(template_of), code) {
            store.mark(&template.name, &template.language.code, code);
        }
    }
}

fn template_of(request: &SendRequest) -> Option<&Template> {
    match &request.messaging_object.message()?.content {
        Content::Template(template) => Some(template),
        _ => None,
    }
}

fn unsent(cause: Cause) -> Error {
    Error::new(cause, SEND.class, 0)
}

fn nobody(reason: &NoRecipient) -> Error {
    unsent(Cause::NoRecipient(*reason))
}

fn check(request: &SendRequest) -> Result<(), Error> {
    let given = request.extra_info.as_ref();
    let given = given.and_then(|extra_info| extra_info.reference.as_deref());
    if given.is_some_and(is_blank) {
        return Err(unsent(Cause::EmptyReference));
    }
    let violations = request.violations();
    if violations.is_empty() {
        return Ok(());
    }
    let reference = reference_of(request).map(str::to_owned);
    Err(unsent(Cause::Violations(violations)).with_reference(reference))
}

/// What the response, or its absence, says about the message.
fn concluded(exchanged: Exchanged<http::Response<Bytes>>) -> Result<Sent, Error> {
    let Exchanged { outcome, attempts } = exchanged;
    let failed = |cause| Error::new(cause, SEND.class, attempts);
    let received = outcome.map_err(|error| failed(Cause::of_transport(error)))?;
    let status = received.status();
    let decoded = Response::from_slice(received.body());
    let message_id = match &decoded {
        Ok(response) if status.is_success() => Sent::id_in(response),
        _ => None,
    };
    match (message_id, decoded) {
        (Some(message_id), Ok(response)) => Ok(Sent::new(message_id, status, response)),
        (_, decoded) => {
            let received = ReceivedResponse::whole(received, decoded);
            Err(failed(Cause::Response(received)))
        }
    }
}

/// Whether it could not be found by it.
fn is_blank(reference: &str) -> bool {
    reference.trim().is_empty()
}

/// The reference that a request has, if it is one.
fn reference_of(request: &SendRequest) -> Option<&str> {
    let reference = request.extra_info.as_ref()?.reference.as_deref()?;
    (!reference.is_empty()).then_some(reference)
}

impl IntoFuture for SendMessage {
    type Output = Result<Sent, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let watch = Watch::begin(self.client.account().base_url(), &SEND);
            let (call, reference) = match self.ready() {
                Ok(ready) => ready,
                Err(error) => return watch.end(Err(error)),
            };
            let exchange = self.client.exchange(&call).instrument(watch.span());
            let outcome = match concluded(exchange.await) {
                Ok(mut sent) => {
                    sent.reference = reference;
                    Ok(sent)
                }
                Err(error) => {
                    self.client
                        .mark_template(self.draft.as_deref().ok(), &error);
                    Err(error.with_reference(reference))
                }
            };
            watch.end(outcome)
        })
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
