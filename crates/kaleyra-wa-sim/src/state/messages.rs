//! The messages that were accepted, and how far each has come.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::SystemTime;

use kaleyra_wa_types::inbound::StatusName;

use crate::model::accepted_message::AcceptedMessage;
use crate::model::delivery_error::DeliveryError;

/// One step of a message.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MessageStatus {
    /// How far it came.
    pub status: StatusName,
    /// When.
    pub at: SystemTime,
    /// Why it went no further.
    pub error: Option<DeliveryError>,
    /// What it is charged as: `service`, `marketing`. `None` where the status says nothing of it.
    pub category: Option<&'static str>,
}

/// The newest messages.
#[derive(Default)]
pub(crate) struct Messages {
    messages: VecDeque<Arc<AcceptedMessage>>,
    tracks: HashMap<String, Track>,
    /// Of all of them together.
    bytes: usize,
}

/// How far a message has come.
#[derive(Default)]
struct Track {
    /// The journal's entry about it.
    entry: Option<u64>,
    steps: Vec<MessageStatus>,
    /// Whether it is decided what becomes of it.
    has_left: bool,
}

impl Messages {
    /// How many are kept.
    pub(crate) const MAX: usize = 10_000;
    /// How many bytes their bodies may have had together.
    pub(crate) const MAX_BYTES: usize = 64 << 20;
    /// How many steps of a message are kept.
    const STEPS_MAX: usize = 32;

    pub(crate) fn push(&mut self, message: Arc<AcceptedMessage>) {
        self.bytes += message.bytes;
        self.messages.push_back(message);
        while self.messages.len() > Self::MAX || self.bytes > Self::MAX_BYTES {
            let Some(oldest) = self.messages.pop_front() else {
                break;
            };
            self.bytes -= oldest.bytes;
            self.tracks.remove(oldest.wamid.as_str());
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

    /// The message of this id: Kaleyra's or WhatsApp's.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<AcceptedMessage>> {
        self.newest(|message| message.id.as_str() == id || message.wamid.as_str() == id)
    }

    /// Notes the journal's entry about a message that is kept.
    pub(crate) fn is_at(&mut self, wamid: &str, entry: u64) {
        self.track(wamid).entry = Some(entry);
    }

    /// The journal's entry about a message.
    pub(crate) fn entry(&self, wamid: &str) -> Option<u64> {
        self.tracks.get(wamid)?.entry
    }

    /// Notes a step of a message that is kept.
    pub(crate) fn came(&mut self, wamid: &str, status: MessageStatus) {
        let track = self.track(wamid);
        if track.steps.len() < Self::STEPS_MAX {
            track.steps.push(status);
        }
    }

    fn track(&mut self, wamid: &str) -> &mut Track {
        // Of messages that gave way nothing is kept for long.
        if self.tracks.len() > 2 * Self::MAX {
            let known: HashSet<&str> = self.messages.iter().map(|it| it.wamid.as_str()).collect();
            self.tracks
                .retain(|wamid, _| known.contains(wamid.as_str()));
        }
        self.tracks.entry(wamid.to_owned()).or_default()
    }

    /// It is decided what becomes of a message.
    pub(crate) fn has_left(&mut self, wamid: &str) {
        self.track(wamid).has_left = true;
    }

    /// Whether it is decided what becomes of a message.
    pub(crate) fn has_gone(&self, wamid: &str) -> bool {
        self.tracks.get(wamid).is_some_and(|track| track.has_left)
    }

    /// Every step of a message, in order.
    pub(crate) fn statuses(&self, wamid: &str) -> Vec<MessageStatus> {
        let track = self.tracks.get(wamid);
        track.map_or_else(Vec::new, |track| track.steps.clone())
    }

    /// Whether the message came so far.
    pub(crate) fn has_come(&self, wamid: &str, status: &StatusName) -> bool {
        let track = self.tracks.get(wamid);
        track.is_some_and(|track| track.steps.iter().any(|step| step.status == *status))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ids::Sources;
    use crate::model::accepted_message::Payload;

    fn message(to: &str, bytes: usize) -> Arc<AcceptedMessage> {
        let payload = Payload {
            json: json!({"messaging_object": {"to": to}}),
            typed: None,
            bytes,
        };
        Arc::new(AcceptedMessage::new(
            payload,
            "918",
            None,
            &Sources::of_nobody(),
        ))
    }

    #[test]
    fn the_oldest_give_way() {
        let mut messages = Messages::default();
        let sources = Sources::of_nobody();
        for number in 0..=Messages::MAX {
            let payload = Payload {
                json: json!({"messaging_object": {"to": number.to_string()}}),
                typed: None,
                bytes: 100,
            };
            messages.push(Arc::new(AcceptedMessage::new(
                payload, "918", None, &sources,
            )));
        }
        let all = messages.all();
        assert_eq!(all.len(), Messages::MAX);
        assert!(all[0].is_to("1"));
        assert!(messages.newest(|_| true).unwrap().is_to("10000"));
    }

    #[test]
    fn the_oldest_give_way_to_large_ones_too() {
        let mut messages = Messages::default();
        let half = Messages::MAX_BYTES / 2;
        for (to, bytes) in [("1", 1), ("2", half), ("3", half)] {
            messages.push(message(to, bytes));
        }
        let kept = |messages: &Messages| {
            let kept = messages.all();
            ["1", "2", "3", "4"].map(|to| kept.iter().any(|message| message.is_to(to)))
        };
        assert_eq!(kept(&messages), [false, true, true, false]);
        messages.push(message("4", half + 1));
        assert_eq!(kept(&messages), [false, false, false, true]);
    }

    #[test]
    fn steps_are_kept_with_their_message() {
        let mut messages = Messages::default();
        let first = message("1", Messages::MAX_BYTES);
        messages.push(first.clone());
        let wamid = first.wamid.as_str();
        assert_eq!(messages.find(wamid).unwrap().id, first.id);
        let step = MessageStatus {
            status: StatusName::Sent,
            at: SystemTime::now(),
            error: None,
            category: None,
        };
        messages.came(wamid, step);
        assert!(messages.has_come(wamid, &StatusName::Sent));
        assert!(!messages.has_come(wamid, &StatusName::Read));
        messages.push(message("2", 1));
        assert!(messages.statuses(wamid).is_empty());
    }
}
