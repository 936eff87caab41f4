//! A message of a user, and the callback that it comes in.

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use kaleyra_wa_types::MessageId;
use kaleyra_wa_types::extra_info::ExtraInfo;
use serde_json::{Value, json};

use super::{EndUser, echo, merge};
use crate::model::accepted_message::AcceptedMessage;
use crate::model::conversation::ConversationId;
use crate::time::clock::unix_seconds;

/// A message that an end user writes, with an id and a timestamp of its own.
///
/// Made by [`EndUser`]; [`callback`](Self::callback) gives the body that Kaleyra would post. `Debug` shows the type only.
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_sim::Simulator;
/// use kaleyra_wa_sim::callback::MediaKind;
/// use kaleyra_wa_types::extra_info::ExtraInfo;
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
/// let asha = sim.end_user("Asha Example", "919800000001");
/// let photo = asha
///     .media(MediaKind::Image, "https://example.com/photo.jpg")
///     .caption("This one?")
///     .quoting("wamid.A")
///     .forwarded()
///     .about_product("catalog-1", "SKU-7")
///     .referred_by(serde_json::json!({"source_type": "ad"}))
///     .references(ExtraInfo::new().reference("order-17"))
///     .written_ago(Duration::from_secs(3600));
/// assert_eq!((photo.type_name(), &photo.content()["caption"]), ("image", &"This one?".into()));
/// assert_eq!(photo.quotes().unwrap().as_str(), "wamid.A");
///
/// let callback = photo.callback();
/// let message = &callback["meta_object"]["value"]["messages"][0];
/// assert_eq!(message["id"], photo.id().as_str());
/// assert_eq!(message["context"]["forwarded"], true);
/// assert_eq!(callback["extra_info"]["ref"], "order-17");
///
/// // A reply to what the business sent quotes it, and has its references.
/// send(&sim, json!({"type": "text", "text": {"body": "Which size?"}})).await;
/// let sent = &sim.accepted()[0];
/// let reply = asha.text("42").replying_to(sent).callback();
/// assert_eq!(reply["extra_info"]["reply_to"], sent.reply_to.as_str());
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing is posted before `Simulator::post` is given it, or `Simulator::post_callback` its `callback()`"]
pub struct UserMessage {
    pub(super) user: EndUser,
    pub(super) id: MessageId,
    pub(super) timestamp: u64,
    pub(super) type_name: String,
    /// What is under the type's name; `Null` where nothing is.
    pub(super) content: Value,
    pub(super) media_url: String,
    /// What else the message says: a referral, a forward.
    pub(super) riders: Value,
    quoted: Option<MessageId>,
    references: ExtraInfo,
    reply_to: String,
}

impl UserMessage {
    pub(super) fn new(user: &EndUser, type_name: &str, content: Value) -> Self {
        Self {
            id: user.sources.ids.wamid(&user.wa_id).into(),
            timestamp: user.sources.clock.unix_seconds(),
            user: user.clone(),
            type_name: type_name.to_owned(),
            content,
            media_url: String::new(),
            riders: json!({}),
            quoted: None,
            references: ExtraInfo::new(),
            reply_to: String::new(),
        }
    }

    /// WhatsApp's id of this message: what a reply to it quotes.
    pub fn id(&self) -> &MessageId {
        &self.id
    }

    /// Its type: `text`, `image`, `interactive`, …
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// What is under its type's name.
    pub fn content(&self) -> &Value {
        &self.content
    }

    /// The message that it quotes.
    pub fn quotes(&self) -> Option<&MessageId> {
        self.quoted.as_ref()
    }

    /// The user's number, without `+`.
    pub(crate) fn from(&self) -> &str {
        &self.user.wa_id
    }

    pub(crate) fn profile_name(&self) -> &str {
        &self.user.name
    }

    pub(crate) fn conversation(&self) -> ConversationId {
        ConversationId::new(&self.user.business.display_phone_number, &self.user.wa_id)
    }

    /// When it was written, in seconds since 1970-01-01 UTC.
    pub(crate) fn written_at(&self) -> u64 {
        self.timestamp
    }

    /// What else it says: a referral, a forward.
    pub(crate) fn riders(&self) -> &Value {
        &self.riders
    }

    pub(crate) fn media_url(&self) -> &str {
        &self.media_url
    }

    /// The `ref` that it echoes.
    pub(crate) fn reference(&self) -> &str {
        self.references.reference.as_deref().unwrap_or_default()
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
            self.reply_to = self.user.sources.ids.uuid(&self.user.wa_id);
        }
        self
    }

    /// Makes it older: only users who wrote in the last 24 hours can be blocked.
    pub fn written_ago(mut self, ago: Duration) -> Self {
        let now = self.user.sources.clock.now();
        self.timestamp = unix_seconds(now.checked_sub(ago).unwrap_or(UNIX_EPOCH));
        self
    }

    /// Sets the references that `extra_info` echoes.
    pub fn references(mut self, references: ExtraInfo) -> Self {
        self.references = references;
        self
    }

    /// As an exported state has it.
    pub(crate) fn to_state(&self) -> Value {
        json!({
            "id": self.id,
            "at": self.timestamp,
            "type": self.type_name,
            "content": self.content,
            "media_url": self.media_url,
            "riders": self.riders,
            "quotes": self.quoted,
            "references": self.references,
            "reply_to": self.reply_to,
        })
    }

    /// From an exported state; `None` where it is none.
    pub(crate) fn from_state(user: EndUser, state: &Value) -> Option<Self> {
        Some(Self {
            id: state["id"].as_str()?.into(),
            timestamp: state["at"].as_u64()?,
            type_name: state["type"].as_str()?.to_owned(),
            content: state["content"].clone(),
            media_url: state["media_url"].as_str().unwrap_or_default().to_owned(),
            riders: state["riders"].clone(),
            quoted: state["quotes"].as_str().map(Into::into),
            references: serde_json::from_value(state["references"].clone()).unwrap_or_default(),
            reply_to: state["reply_to"].as_str().unwrap_or_default().to_owned(),
            user,
        })
    }

    /// Gives a photo, a video or a document a caption.
    pub fn caption(mut self, caption: &str) -> Self {
        merge(&mut self.content, json!({"caption": caption}));
        self
    }

    /// Marks it as forwarded.
    pub fn forwarded(mut self) -> Self {
        merge_context(&mut self.riders, json!({"forwarded": true}));
        self
    }

    /// Says which product of the catalog it asks about.
    pub fn about_product(mut self, catalog_id: &str, product_retailer_id: &str) -> Self {
        let product = json!({"catalog_id": catalog_id, "product_retailer_id": product_retailer_id});
        merge_context(&mut self.riders, json!({"referred_product": product}));
        self
    }

    /// Says which advertisement brought the user: `referral` as Meta has it.
    pub fn referred_by(mut self, referral: Value) -> Self {
        merge(&mut self.riders, json!({"referral": referral}));
        self
    }

    /// The body of the callback. Each has a `trace_id` of its own, everything else stays.
    pub fn callback(&self) -> Value {
        let user = &self.user;
        let mut message = json!({
            "from": user.wa_id,
            "id": self.id,
            "timestamp": self.timestamp.to_string(),
            "type": self.type_name,
        });
        if !self.content.is_null() {
            message[&self.type_name] = self.content.clone();
        }
        merge(&mut message, self.riders.clone());
        if let (Some(quoted), true) = (&self.quoted, self.type_name != "reaction") {
            let from = &user.business.display_phone_number;
            merge_context(&mut message, json!({"from": from, "id": quoted}));
        }
        let mut extra_info = json!({
            "media_url": self.media_url,
            "reply_to": self.reply_to,
            "trace_id": user.sources.ids.uuid(&user.wa_id),
            "waba_id": user.business.waba_id,
        });
        merge(&mut extra_info, echo(&self.references));
        let mut value = json!({"messages": [message]});
        // Meta has no contact beside a change of the number.
        if self.type_name != "system" {
            merge(&mut value, json!({"contacts": [user.contact()]}));
        }
        json!({
            "meta_object": user.business.meta_object(value),
            "extra_info": extra_info,
        })
    }
}

fn merge_context(message: &mut Value, members: Value) {
    let mut context = message.get("context").cloned().unwrap_or_else(|| json!({}));
    merge(&mut context, members);
    merge(message, json!({"context": context}));
}

impl fmt::Debug for UserMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserMessage")
            .field("id", &self.id)
            .field("type", &self.type_name)
            .finish_non_exhaustive()
    }
}
