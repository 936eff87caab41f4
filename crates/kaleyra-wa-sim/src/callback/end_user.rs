//! A WhatsApp user, and the callbacks for what the user writes.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kaleyra_wa_types::MessageId;
use kaleyra_wa_types::extra_info::ExtraInfo;
use serde_json::{Value, json};

use super::{Business, HostedFile, MediaKind, echo, merge};
use crate::account::without_plus;
use crate::{AcceptedMessage, fresh};

/// A WhatsApp user who writes to the business. `Debug` shows neither name nor number.
#[derive(Clone)]
pub struct EndUser {
    name: String,
    wa_id: String,
    business: Business,
}

/// A message that an end user writes, with an id and a timestamp of its own.
///
/// Made by [`EndUser`]; [`callback`](Self::callback) gives the body that Kaleyra would post. `Debug` shows the type only.
#[derive(Clone)]
#[must_use = "nothing is posted before `Simulator::post_callback` is given its `callback()`"]
pub struct UserMessage {
    user: EndUser,
    id: MessageId,
    timestamp: String,
    type_name: &'static str,
    content: Value,
    quoted: Option<MessageId>,
    media_url: String,
    references: ExtraInfo,
    reply_to: String,
}

impl EndUser {
    /// A user with a profile name and a number; a `+` before it is dropped, as WhatsApp does.
    ///
    /// The user writes to an invented business until [`writing_to`](Self::writing_to) names one;
    /// [`Simulator::end_user`](crate::Simulator::end_user) makes one who writes to the simulator's.
    pub fn new(name: impl Into<String>, wa_id: &str) -> Self {
        Self {
            name: name.into(),
            wa_id: without_plus(wa_id).to_owned(),
            business: Business::new("918000000001"),
        }
    }

    /// Sets the business that the user writes to.
    #[must_use]
    pub fn writing_to(mut self, business: Business) -> Self {
        self.business = business;
        self
    }

    /// The user writes a text.
    pub fn text(&self, body: &str) -> UserMessage {
        self.message("text", json!({"body": body}))
    }

    /// The user sends a file, which is said to be at `media_url`: an address that nobody has to serve. Type, digest and
    /// name are invented.
    pub fn media(&self, kind: MediaKind, media_url: impl Into<String>) -> UserMessage {
        self.file(
            kind,
            &HostedFile {
                url: media_url.into(),
                mime_type: kind.usual_mime_type().to_owned(),
                sha256: fresh::sha256(),
                size: 0,
                file_name: None,
            },
        )
    }

    /// The user sends a file that can be downloaded: see [`Simulator::host_file`](crate::Simulator::host_file).
    pub fn file(&self, kind: MediaKind, file: &HostedFile) -> UserMessage {
        let mut content = json!({
            "mime_type": file.mime_type,
            "sha256": file.sha256,
            "id": fresh::digits16(),
        });
        if kind == MediaKind::Document {
            let name = file.file_name.as_deref().unwrap_or("document.pdf");
            merge(&mut content, json!({"filename": name}));
        }
        UserMessage {
            media_url: file.url.clone(),
            ..self.message(kind.as_str(), content)
        }
    }

    /// The user reacts to a message.
    pub fn reaction(&self, message_id: impl Into<MessageId>, emoji: &str) -> UserMessage {
        self.message(
            "reaction",
            json!({"message_id": message_id.into(), "emoji": emoji}),
        )
    }

    /// The user takes a reaction back: Meta then sends the reaction without its emoji.
    pub fn reaction_removed(&self, message_id: impl Into<MessageId>) -> UserMessage {
        self.message("reaction", json!({"message_id": message_id.into()}))
    }

    /// The user taps a quick-reply button of a template. A real one always quotes the template: see
    /// [`UserMessage::replying_to`].
    pub fn template_button(&self, payload: &str, text: &str) -> UserMessage {
        self.message("button", json!({"payload": payload, "text": text}))
    }

    fn message(&self, type_name: &'static str, content: Value) -> UserMessage {
        UserMessage {
            id: fresh::wamid(&self.wa_id).into(),
            user: self.clone(),
            timestamp: fresh::timestamp(Duration::ZERO),
            type_name,
            content,
            quoted: None,
            media_url: String::new(),
            references: ExtraInfo::new(),
            reply_to: String::new(),
        }
    }
}

impl UserMessage {
    /// WhatsApp's id of this message: what a reply to it quotes.
    pub fn id(&self) -> &MessageId {
        &self.id
    }

    /// Makes it a reply to a message that the simulator accepted: `context` quotes it, and `extra_info` echoes its
    /// references and names it in `reply_to`. A reaction gets no `context`, since it names its message itself.
    pub fn replying_to(mut self, message: &AcceptedMessage) -> Self {
        self.reply_to = message.reply_to.to_string();
        self.references = message.references.clone();
        self.quoting(message.wamid.clone())
    }

    /// Quotes a message that the simulator knows nothing of; `reply_to` is invented where there is none yet.
    pub fn quoting(mut self, message_id: impl Into<MessageId>) -> Self {
        self.quoted = Some(message_id.into());
        if self.reply_to.is_empty() {
            self.reply_to = fresh::uuid();
        }
        self
    }

    /// Makes it older: only who wrote in the last 24 hours can be blocked.
    pub fn written_ago(mut self, ago: Duration) -> Self {
        let then = SystemTime::now().checked_sub(ago).unwrap_or(UNIX_EPOCH);
        self.timestamp = fresh::unix_seconds(then).to_string();
        self
    }

    /// Sets the references that `extra_info` echoes.
    pub fn references(mut self, references: ExtraInfo) -> Self {
        self.references = references;
        self
    }

    /// The body of the callback. Each has a `trace_id` of its own, everything else stays.
    pub fn callback(&self) -> Value {
        let mut message = json!({
            "from": self.user.wa_id,
            "id": self.id,
            "timestamp": self.timestamp,
            "type": self.type_name,
            self.type_name: self.content,
        });
        if let (Some(quoted), true) = (&self.quoted, self.type_name != "reaction") {
            let from = &self.user.business.display_phone_number;
            merge(
                &mut message,
                json!({"context": {"from": from, "id": quoted}}),
            );
        }
        let mut extra_info = json!({
            "media_url": self.media_url,
            "reply_to": self.reply_to,
            "trace_id": fresh::uuid(),
            "waba_id": self.user.business.waba_id,
        });
        merge(&mut extra_info, echo(&self.references));
        json!({
            "meta_object": self.user.business.meta_object(json!({
                "contacts": [{"profile": {"name": self.user.name}, "wa_id": self.user.wa_id}],
                "messages": [message],
            })),
            "extra_info": extra_info,
        })
    }
}

impl fmt::Debug for EndUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndUser").finish_non_exhaustive()
    }
}

impl fmt::Debug for UserMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserMessage")
            .field("id", &self.id)
            .field("type", &self.type_name)
            .finish_non_exhaustive()
    }
}
