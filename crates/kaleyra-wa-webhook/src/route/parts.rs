//! What routed handlers get, where the wire has several shapes for one thing, or where the event borrows what a handler has to own.

use std::fmt;

use kaleyra_wa_types::RawJson;
use kaleyra_wa_types::inbound::{
    Event, EventKind, InteractiveReply, MalformedPart, Message, MessageContent, Payload, ReplyId,
    Stage, Status, StatusName,
};
use kaleyra_wa_types::response::Code;
use kaleyra_wa_types::{MediaId, MessageId};

use crate::handle::IncomingEvent;

/// A tap on a button: a template's quick reply, or the reply button of an interactive message.
///
/// # Examples
///
/// In [`Router::on_button`](crate::Router::on_button).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ButtonTap {
    /// What the business assigned to the button: a template's `payload`, a reply button's `id`.
    pub payload: String,
    /// Its label.
    pub text: Option<String>,
}

impl ButtonTap {
    pub(super) fn of(message: &Message) -> Option<Self> {
        let (payload, text) = match &message.content {
            MessageContent::Button(button) => {
                (button.payload.as_ref().map(Payload::as_str), &button.text)
            }
            MessageContent::Interactive(interactive) => match &interactive.reply {
                InteractiveReply::ButtonReply(reply) => {
                    (reply.id.as_ref().map(ReplyId::as_str), &reply.title)
                }
                _ => return None,
            },
            _ => return None,
        };
        Some(Self {
            payload: payload.unwrap_or_default().to_owned(),
            text: text.clone(),
        })
    }
}

/// A file that a user sent, of whatever kind.
///
/// # Examples
///
/// In [`Router::on_media`](crate::Router::on_media).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IncomingMedia {
    /// The message's type: `image`, `document`, `audio`, …
    pub kind: String,
    /// Where Kaleyra stored the file. It belongs to the callback as a whole, which usually has one message.
    pub url: Option<String>,
    /// Meta's id of the file.
    pub id: Option<MediaId>,
    /// The kind of file, such as `image/jpeg`.
    pub mime_type: Option<String>,
    /// The SHA-256 of the file, in base64.
    pub sha256: Option<String>,
    /// The text below it.
    pub caption: Option<String>,
    /// The name of a document on the user's device.
    pub filename: Option<String>,
}

impl IncomingMedia {
    pub(super) fn of(message: &Message, event: &IncomingEvent) -> Option<Self> {
        let media = message.content.media()?;
        let filename = match &message.content {
            MessageContent::Document(document) => document.filename.clone(),
            _ => None,
        };
        let url = event.extra_info().and_then(|extra| extra.media_url.clone());
        Some(Self {
            kind: message.content.type_name().to_owned(),
            url,
            id: media.id.cloned(),
            mime_type: media.mime_type.map(str::to_owned),
            sha256: media.sha256.map(str::to_owned),
            caption: media.caption.map(str::to_owned),
            filename,
        })
    }
}

/// What became of a message that the business sent: as reported by Meta, or by Kaleyra, usually because it stopped the message.
///
/// # Examples
///
/// In [`Router::on_status`](crate::Router::on_status).
///
/// ```
/// use std::time::SystemTime;
///
/// use kaleyra_wa_webhook::types::inbound::Stage;
/// use kaleyra_wa_webhook::{Handler, IncomingEvent, ReceivedCallback, Router, StatusUpdate};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let router = Router::new(()).on_status(async |_, status| {
///     assert_eq!(status.stage(), Some(Stage::Delivered));
///     assert_eq!(status.message_id().unwrap().as_str(), "wamid.A");
///     if let StatusUpdate::Kaleyra { reason, .. } = &status {
///         println!("Kaleyra stopped it: {reason:?}");
///     }
/// });
///
/// let body = r#"{"meta_object": {"field": "messages", "value": {"statuses": [
///     {"id": "wamid.A", "status": "delivered", "timestamp": "1722863329", "recipient_id": "919800000001"}
/// ]}}}"#;
/// for event in IncomingEvent::all(ReceivedCallback::from_raw(body.into(), SystemTime::now())?) {
///     router.handle(event).await.unwrap();
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum StatusUpdate {
    /// Kaleyra's status, such as `not sent`.
    Kaleyra {
        /// What became of the message.
        status: Option<StatusName>,
        /// WhatsApp's id of the message.
        message_id: Option<MessageId>,
        /// Why.
        code: Option<Code>,
        /// The same in human-readable form.
        reason: Option<String>,
    },
    /// Meta's status.
    Meta(Box<Status>),
}

impl StatusUpdate {
    pub(super) fn of(event: &Event<'_>) -> Option<Self> {
        match event {
            Event::Status(status) => Some(Self::Meta(Box::new((*status).clone()))),
            Event::KaleyraStatus(status) => Some(Self::Kaleyra {
                status: status.status.cloned(),
                message_id: status.message_id.cloned(),
                code: status.code.cloned(),
                reason: status.reason.map(str::to_owned),
            }),
            _ => None,
        }
    }

    /// How far the message has come; `None` for a call's or a payment's status.
    pub fn stage(&self) -> Option<Stage> {
        match self {
            Self::Kaleyra { status, .. } => status.as_ref()?.stage(),
            Self::Meta(status) => status.stage(),
        }
    }

    /// An id of the message. Which of the ids it equals that Kaleyra gave is documented nowhere: use the reference to
    /// identify the message.
    pub fn message_id(&self) -> Option<&MessageId> {
        match self {
            Self::Kaleyra { message_id, .. } => message_id.as_ref(),
            Self::Meta(status) => status.id.as_ref(),
        }
    }
}

/// A part of a callback that could not be read.
///
/// # Examples
///
/// In [`Router::on_malformed`](crate::Router::on_malformed).
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct MalformedEvent {
    /// What it would have been.
    pub kind: EventKind,
    /// The JSON path to what is wrong, such as `meta_object.value.messages[1].image.id`.
    pub path: String,
    /// What is wrong there; it repeats nothing of the part.
    pub reason: String,
    /// The part as it came.
    pub body: RawJson,
}

impl MalformedEvent {
    pub(super) fn of(part: &MalformedPart<'_>) -> Self {
        Self {
            kind: part.kind,
            path: part.path.clone(),
            reason: part.reason.clone(),
            body: part.body.clone(),
        }
    }
}

/// Shows nothing that a user wrote or is.
macro_rules! discreet {
    ($($name:ident { $($field:ident),* })+) => {
        $( impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut shown = f.debug_struct(stringify!($name));
                $( shown.field(stringify!($field), &self.$field); )*
                shown.finish_non_exhaustive()
            }
        } )+
    };
}

discreet! {
    ButtonTap {}
    IncomingMedia { kind, mime_type }
    MalformedEvent { kind, path, reason }
}

impl fmt::Debug for StatusUpdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("StatusUpdate");
        shown.field("stage", &self.stage()).finish_non_exhaustive()
    }
}
