//! The messages that the simulator accepted.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use kaleyra_wa_types::extra_info::ExtraInfo;
use kaleyra_wa_types::{KaleyraMessageId, MessageId, ReplyToId, SendRequest};
use serde_json::{Value, json};

use crate::account::without_plus;
use crate::fresh;
use crate::payload::Payload;
use crate::uploads::UploadedMedia;

/// A message, or read receipt, that the simulator accepted.
///
/// Its three ids are different on purpose: which of them equal each other at Kaleyra's is undocumented.
/// `Debug` shows ids and the type, nothing else of the request.
#[derive(Clone)]
#[non_exhaustive]
pub struct AcceptedMessage {
    /// The id in the 202 answer.
    pub id: KaleyraMessageId,
    /// WhatsApp's id of the message: what a user's reply quotes and a reaction points at.
    pub wamid: MessageId,
    /// What `extra_info.reply_to` says when a user replies to it.
    pub reply_to: ReplyToId,
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
    bytes: usize,
}

impl AcceptedMessage {
    /// Takes in a request that passed the payload's check.
    pub(crate) fn new(payload: Payload, media: Option<Arc<UploadedMedia>>) -> Self {
        let Payload {
            json: request,
            bytes,
        } = payload;
        let (references, truncated) = references(&request["extra_info"]);
        let number = without_plus(
            request["messaging_object"]["to"]
                .as_str()
                .unwrap_or_default(),
        );
        Self {
            id: fresh::kaleyra_message_id().into(),
            wamid: fresh::wamid(number).into(),
            reply_to: fresh::uuid().into(),
            typed: serde_json::from_value(request.clone()).ok(),
            media,
            references,
            truncated,
            received_at: SystemTime::now(),
            bytes,
            request,
        }
    }

    /// The message's type, `messaging_object.type`: `text` where it is left out, `None` for a read receipt.
    pub fn type_name(&self) -> Option<&str> {
        let message = &self.request["messaging_object"];
        message.get("to").or(message.get("recipient"))?;
        Some(message["type"].as_str().unwrap_or("text"))
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
            "received_at": fresh::unix_seconds(self.received_at),
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

/// The newest messages.
#[derive(Default)]
pub(crate) struct Accepted {
    messages: VecDeque<Arc<AcceptedMessage>>,
    /// Of all of them together.
    bytes: usize,
}

impl Accepted {
    /// How many are kept.
    pub(crate) const MAX: usize = 10_000;
    /// How many bytes their bodies may have had together.
    pub(crate) const MAX_BYTES: usize = 64 << 20;

    pub(crate) fn push(&mut self, message: Arc<AcceptedMessage>) {
        self.bytes += message.bytes;
        self.messages.push_back(message);
        while self.messages.len() > Self::MAX || self.bytes > Self::MAX_BYTES {
            let Some(oldest) = self.messages.pop_front() else {
                break;
            };
            self.bytes -= oldest.bytes;
        }
    }

    /// All, newest last.
    pub(crate) fn all(&self) -> Vec<Arc<AcceptedMessage>> {
        self.messages.iter().cloned().collect()
    }

    /// The newest for which `is_it` holds.
    pub(crate) fn newest(
        &self,
        is_it: impl Fn(&AcceptedMessage) -> bool,
    ) -> Option<Arc<AcceptedMessage>> {
        let mut newest_first = self.messages.iter().rev();
        newest_first.find(|message| is_it(message)).cloned()
    }
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

    fn message(to: &str, bytes: usize) -> Arc<AcceptedMessage> {
        let json = json!({"messaging_object": {"to": to}});
        Arc::new(AcceptedMessage::new(Payload { json, bytes }, None))
    }

    #[test]
    fn the_oldest_give_way() {
        let mut accepted = Accepted::default();
        for number in 0..=Accepted::MAX {
            accepted.push(message(&number.to_string(), 100));
        }
        let all = accepted.all();
        assert_eq!(all.len(), Accepted::MAX);
        assert!(all[0].is_to("1"));
        assert!(accepted.newest(|_| true).unwrap().is_to("10000"));
    }

    #[test]
    fn the_oldest_give_way_to_large_ones_too() {
        let mut accepted = Accepted::default();
        let half = Accepted::MAX_BYTES / 2;
        for (to, bytes) in [("1", 1), ("2", half), ("3", half)] {
            accepted.push(message(to, bytes));
        }
        let kept = |accepted: &Accepted| {
            let kept = accepted.all();
            ["1", "2", "3", "4"].map(|to| kept.iter().any(|message| message.is_to(to)))
        };
        assert_eq!(kept(&accepted), [false, true, true, false]);
        accepted.push(message("4", half + 1));
        assert_eq!(kept(&accepted), [false, false, false, true]);
    }

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
        let message = AcceptedMessage::new(Payload { json, bytes: 1 }, None);
        let text = format!("{message:?}");
        assert!(text.contains(message.id.as_str()), "{text}");
        assert!(
            !text.contains("9800000001") && !text.contains("canary"),
            "{text}"
        );
    }
}
