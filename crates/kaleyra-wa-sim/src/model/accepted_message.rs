//! A message that the simulator accepted.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use kaleyra_wa_types::extra_info::ExtraInfo;
use kaleyra_wa_types::{KaleyraMessageId, MessageId, ReplyToId, SendRequest};
use serde_json::{Value, json};

use super::account::without_plus;
use super::conversation::ConversationId;
use super::uploaded_media::UploadedMedia;
use crate::ids::Sources;
use crate::time::clock::unix_seconds;
use crate::time::moment;

/// A request to send something, after its envelope was checked.
pub(crate) struct Payload {
    /// The body as JSON.
    pub(crate) json: Value,
    /// The same as the types crate reads it; `None` where it doesn't.
    pub(crate) typed: Option<SendRequest>,
    /// The length of the body.
    pub(crate) bytes: usize,
}

/// A message, or read receipt, that the simulator accepted.
///
/// Its three ids are different on purpose: which of them equal each other at Kaleyra's is undocumented.
/// `Debug` shows ids and the type, nothing else of the request.
///
/// ```
/// use kaleyra_wa_sim::Simulator;
///
/// # use serde_json::json;
/// # async fn send(sim: &kaleyra_wa_sim::Simulator, mut message: serde_json::Value) {
/// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// #     (message["messaging_product"], message["to"]) = (json!("whatsapp"), json!("+919800000001"));
/// #     let body = json!({"messaging_object": message, "extra_info": {"ref": "order-17"}}).to_string();
/// #     let mut stream = tokio::net::TcpStream::connect(sim.addr()).await.unwrap();
/// #     let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/messages HTTP/1.1\r\nhost: localhost\r\napi-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
/// #     stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
/// #     stream.read_to_end(&mut Vec::new()).await.unwrap();
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// let reply = json!({"type": "text", "text": {"body": "In blue."}, "context": {"message_id": "wamid.A"}});
/// send(&sim, reply).await; // by the code under test
///
/// let message = &sim.accepted()[0];
/// assert!(message.is_to("+919800000001"));
/// assert_eq!((message.user(), message.type_name()), (Some("919800000001"), Some("text")));
/// assert_eq!((&message.content()["body"], message.quotes()), (&"In blue.".into(), Some("wamid.A")));
/// assert_eq!(message.references.reference.as_deref(), Some("order-17"));
/// assert!(!message.is_voice_note());
/// assert_eq!(sim.lines(&message.conversation().unwrap()).len(), 1);
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct AcceptedMessage {
    /// The id in the 202 response.
    pub id: KaleyraMessageId,
    /// WhatsApp's id of the message: what a user's reply quotes and a reaction points at.
    pub wamid: MessageId,
    /// What `extra_info.reply_to` says when a user replies to it.
    pub reply_to: ReplyToId,
    /// The business number that it was sent from, without `+`.
    pub sender: String,
    /// The request's body as it came.
    pub request: Value,
    /// The same as the types crate reads it; `None` where it doesn't.
    pub typed: Option<SendRequest>,
    /// The uploaded file that the message names by its id. `None` where it names none, or one that was not uploaded here: such
    /// messages are accepted, too.
    pub media: Option<Arc<UploadedMedia>>,
    /// `ref`, `ref1` and `ref2` as callbacks echo them: cut to 255 characters.
    pub references: ExtraInfo,
    /// Which of the references were cut: `"ref"`, `"ref1"`, `"ref2"`.
    pub truncated: Vec<&'static str>,
    /// When it came.
    pub received_at: SystemTime,
    /// The length of the request's body.
    pub(crate) bytes: usize,
    pub(crate) sources: Sources,
}

impl Payload {
    /// The id of the file that the message is, where it names one.
    pub(crate) fn media_id(&self) -> Option<&str> {
        let message = &self.json["messaging_object"];
        message[message["type"].as_str()?]["id"].as_str()
    }
}

impl AcceptedMessage {
    /// Takes in a request that passed the payload's check.
    pub(crate) fn new(
        payload: Payload,
        sender: &str,
        media: Option<Arc<UploadedMedia>>,
        sources: &Sources,
    ) -> Self {
        let Payload {
            json: request,
            typed,
            bytes,
        } = payload;
        let (references, truncated) = references(&request["extra_info"]);
        let user = user(&request["messaging_object"]).to_owned();
        Self {
            id: sources.ids.kaleyra_message_id(&user).into(),
            wamid: sources.ids.wamid(&user).into(),
            reply_to: sources.ids.uuid(&user).into(),
            sender: without_plus(sender).to_owned(),
            typed,
            media,
            references,
            truncated,
            received_at: sources.clock.now(),
            bytes,
            request,
            sources: sources.clone(),
        }
    }

    /// From an exported state; `None` where it is none.
    pub(crate) fn from_state(
        state: &Value,
        media: Option<Arc<UploadedMedia>>,
        sources: &Sources,
    ) -> Option<Self> {
        let request = state["request"].clone();
        let text = |name: &str| state[name].as_str();
        let (references, truncated) = references(&request["extra_info"]);
        Some(Self {
            id: text("message_id")?.into(),
            wamid: text("wamid")?.into(),
            reply_to: text("reply_to")?.into(),
            sender: text("sender")?.to_owned(),
            typed: serde_json::from_value(request.clone()).ok(),
            media,
            references,
            truncated,
            received_at: moment::parse(text("at")?)?,
            bytes: request.to_string().len(),
            request: request.is_object().then_some(request)?,
            sources: sources.clone(),
        })
    }

    /// Whom it goes to: a number without `+`, or a business-scoped user id. `None` for a read receipt.
    pub fn user(&self) -> Option<&str> {
        let user = user(&self.request["messaging_object"]);
        (!user.is_empty()).then_some(user)
    }

    /// The conversation that it is part of; `None` for a read receipt.
    pub fn conversation(&self) -> Option<ConversationId> {
        Some(ConversationId::new(&self.sender, self.user()?))
    }

    /// What it says: its content, as `messaging_object` has it under its type.
    pub fn content(&self) -> &Value {
        &self.request["messaging_object"][self.type_name().unwrap_or_default()]
    }

    /// WhatsApp's id of the message that it quotes.
    pub fn quotes(&self) -> Option<&str> {
        self.request["messaging_object"]["context"]["message_id"].as_str()
    }

    /// The message's type, `messaging_object.type`: `text` where it is left out, `None` for a read receipt.
    pub fn type_name(&self) -> Option<&str> {
        let message = &self.request["messaging_object"];
        message.get("to").or(message.get("recipient"))?;
        Some(message["type"].as_str().unwrap_or("text"))
    }

    /// Whether it is a voice note, which is reported as `played` when it is played for the first time.
    pub fn is_voice_note(&self) -> bool {
        self.type_name() == Some("audio") && self.content()["voice"] == true
    }

    /// Whether the message goes to this number, with or without `+` on either side.
    pub fn is_to(&self, number: &str) -> bool {
        self.request["messaging_object"]["to"]
            .as_str()
            .is_some_and(|to| without_plus(to) == without_plus(number))
    }

    /// As `GET /sim/messages` shows it.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "message_id": self.id,
            "wamid": self.wamid,
            "reply_to": self.reply_to,
            "sender": self.sender,
            "received_at": unix_seconds(self.received_at),
            "request": self.request,
            "media": self.media.as_ref().map(|media| media.to_json()),
            "references": self.references,
            "truncated": self.truncated,
        })
    }
}

impl fmt::Debug for AcceptedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AcceptedMessage")
            .field("id", &self.id)
            .field("type", &self.type_name())
            .field("truncated", &self.truncated)
            .finish_non_exhaustive()
    }
}

fn user(message: &Value) -> &str {
    let named = message["to"].as_str().or(message["recipient"].as_str());
    without_plus(named.unwrap_or_default())
}

/// The references as Kaleyra keeps them, and the names of those that it cut.
fn references(extra_info: &Value) -> (ExtraInfo, Vec<&'static str>) {
    let mut truncated = Vec::new();
    let mut read = |name| {
        let text = extra_info[name].as_str()?;
        let kept: String = text.chars().take(ExtraInfo::REFERENCE_MAX).collect();
        if kept.len() < text.len() {
            truncated.push(name);
        }
        Some(kept.into())
    };
    let mut references = ExtraInfo::new();
    references.reference = read("ref");
    references.reference1 = read("ref1");
    references.reference2 = read("ref2");
    (references, truncated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_cut_by_characters() {
        let exact = "é".repeat(255);
        let long = "é".repeat(256);
        let (references, truncated) =
            references(&json!({"ref": exact.clone(), "ref1": long, "ref2": 5}));
        assert_eq!(references.reference.as_deref(), Some(&*exact));
        assert_eq!(references.reference1.as_deref(), Some(&*exact));
        assert_eq!(references.reference2, None);
        assert_eq!(truncated, ["ref1"]);
    }

    #[test]
    fn debug_shows_nothing_personal() {
        let json = json!({
            "messaging_object": {"to": "+919800000001", "text": {"body": "canary"}},
            "extra_info": {"ref": "canary"},
        });
        let payload = Payload {
            json,
            typed: None,
            bytes: 1,
        };
        let message = AcceptedMessage::new(payload, "+918", None, &Sources::of_nobody());
        let text = format!("{message:?}");
        assert!(text.contains(message.id.as_str()), "{text}");
        assert!(
            !text.contains("9800000001") && !text.contains("canary"),
            "{text}"
        );
    }
}
