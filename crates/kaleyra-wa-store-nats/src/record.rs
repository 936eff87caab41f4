//! What is written into the streams.

use kaleyra_wa_store::Moment;
use kaleyra_wa_store::inbox::{EventId, EventState};
use serde::{Deserialize, Serialize};

use crate::failure::unreadable;

/// How much of a failure's text is kept.
const FAILURE_CHARS: usize = 2_000;

/// What stands beside an event, in a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Meta {
    #[serde(rename = "n")]
    pub(crate) nth: u32,
    /// When its delivery came, in milliseconds.
    #[serde(rename = "t")]
    pub(crate) received_at: i64,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub(crate) conversation: Option<String>,
    #[serde(rename = "k")]
    pub(crate) kind: String,
    /// Where the body is, if it is not the message's own.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<BodyAt>,
}

/// A body in messages of its own, before those of its events, in the same batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BodyAt {
    /// How far before the event the first piece is.
    #[serde(rename = "d")]
    pub(crate) distance: u32,
    /// Of how many pieces it is; 0 where the body was gone in the store that the event comes from.
    #[serde(rename = "p")]
    pub(crate) pieces: u32,
    /// How many events it has.
    #[serde(rename = "e")]
    pub(crate) events: u32,
}

impl BodyAt {
    /// The sequence of the first piece.
    pub(crate) fn first(&self, event: EventId) -> i64 {
        event.get() - i64::from(self.distance)
    }

    /// The ids of all the events that share the body.
    pub(crate) fn siblings(&self, event: EventId) -> impl Iterator<Item = EventId> + use<> {
        let first = self.first(event) + i64::from(self.pieces);
        (first..first + i64::from(self.events)).map(EventId::new)
    }
}

/// What became of an event; without one, it waits for its first attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    #[serde(rename = "s")]
    pub(crate) code: i64,
    #[serde(rename = "a")]
    pub(crate) attempt: u32,
    /// Not before this, in milliseconds.
    #[serde(rename = "d", default, skip_serializing_if = "is_zero")]
    pub(crate) due_at: i64,
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub(crate) waited: Option<u64>,
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub(crate) failure: Option<String>,
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub(crate) settled_at: Option<i64>,
    /// Which worker has it.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub(crate) worker: Option<String>,
    /// It was put back, and not taken since.
    #[serde(rename = "q", default, skip_serializing_if = "is_false")]
    pub(crate) is_requeued: bool,
}

impl State {
    pub(crate) fn new(state: EventState, attempt: u32) -> Self {
        Self {
            code: state.code(),
            attempt,
            ..Self::default()
        }
    }

    pub(crate) fn failed(mut self, failure: &str) -> Self {
        self.failure = Some(failure.chars().take(FAILURE_CHARS).collect());
        self
    }

    pub(crate) fn settled(mut self, now: Moment) -> Self {
        self.settled_at = Some(now.as_millis());
        self
    }

    pub(crate) fn state(&self) -> Result<EventState, kaleyra_wa_store::StoreError> {
        EventState::from_code(self.code).ok_or_else(unreadable)
    }
}

/// Who owns a partition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Owner {
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub(crate) worker: Option<String>,
    /// How many of its events were put back or dropped by anybody.
    #[serde(rename = "n", default)]
    pub(crate) changes: u64,
    /// The last of these.
    #[serde(rename = "l", default)]
    pub(crate) last: Vec<i64>,
}

impl Owner {
    /// How many changes are listed.
    pub(crate) const LISTED: usize = 64;

    /// One more event was put back or dropped.
    pub(crate) fn changed(mut self, event: EventId) -> Self {
        self.changes += 1;
        self.last.push(event.get());
        let over = self.last.len().saturating_sub(Self::LISTED);
        self.last.drain(..over);
        self
    }

    /// The events that were changed since there were so many changes; `None` where not all of them are listed.
    pub(crate) fn since(&self, changes: u64) -> Option<&[i64]> {
        let new = usize::try_from(self.changes.saturating_sub(changes)).ok()?;
        self.last.len().checked_sub(new).map(|at| &self.last[at..])
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde asks for it")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde asks for it")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

pub(crate) fn write(record: &impl Serialize) -> Vec<u8> {
    // Numbers and texts can always be written.
    serde_json::to_vec(record).unwrap_or_default()
}

pub(crate) fn read<'a, T: Deserialize<'a>>(
    bytes: &'a [u8],
) -> Result<T, kaleyra_wa_store::StoreError> {
    serde_json::from_slice(bytes).map_err(|_| unreadable())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_found_by_later_versions() {
        let state = State::new(EventState::Waiting, 2).failed("busy");
        assert_eq!(
            String::from_utf8(write(&state)).unwrap(),
            r#"{"s":0,"a":2,"f":"busy"}"#
        );
        assert_eq!(
            read::<State>(br#"{"s":0,"a":2,"f":"busy","new":1}"#),
            Ok(state)
        );
        assert!(read::<State>(b"{").is_err());
    }

    #[test]
    fn siblings_follow_the_pieces_of_their_body() {
        let body = BodyAt {
            distance: 3,
            pieces: 2,
            events: 3,
        };
        let event = EventId::new(13);
        assert_eq!(body.first(event), 10);
        let ids: Vec<i64> = body.siblings(event).map(EventId::get).collect();
        assert_eq!(ids, [12, 13, 14]);
    }

    #[test]
    fn changes_that_are_not_listed_any_more_are_noticed() {
        let mut owner = Owner::default();
        for id in 1..=70 {
            owner = owner.changed(EventId::new(id));
        }
        assert_eq!(owner.since(70), Some(&[][..]));
        assert_eq!(owner.since(68), Some(&[69, 70][..]));
        assert_eq!(owner.since(3), None);
    }
}
