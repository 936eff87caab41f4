//! Replies to what users write: at most one for each event, however often it is handled.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use kaleyra_wa_client::NoRecipient;
use kaleyra_wa_client::types::outbound::Content;
use kaleyra_wa_store::outbox::Effects;
use kaleyra_wa_store::{Moment, outbox::Digest};
use kaleyra_wa_webhook::IncomingEvent;

use crate::enqueue::Answered;
use crate::{Enqueue, Outbox};

impl Outbox {
    /// A reply to the message that an event is: it goes to whoever wrote it, and quotes it.
    ///
    /// Under an inbox of the same store it is held back until the handler has returned `Ok`, and then queued in the
    /// transaction that notes the event as handled; where the handler fails it is forgotten. So the event may be handled
    /// more than once, and is answered once. Under any other sink it is queued at once, under the same key at every
    /// attempt: a repetition finds it there.
    ///
    /// Replies of one event are told apart by their order. A handler that sends now this and now that names them by
    /// [`Enqueue::key`].
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_outbox::Outbox;
    /// use kaleyra_wa_webhook::Router;
    ///
    /// fn bot(outbox: Outbox) -> Router<Outbox> {
    ///     Router::new(outbox).on_text(async |bot, text| {
    ///         let answer = format!("You said: {}", text.body);
    ///         bot.state.reply(&bot.event, answer).await
    ///     })
    /// }
    /// ```
    pub fn reply(&self, event: &IncomingEvent, content: impl Into<Content>) -> Enqueue {
        let message = event.message();
        let recipient = match message {
            Some(message) => message.reply_address().map_err(NoRecipient::from),
            None => Err(NoRecipient::new("the event is no message")),
        };
        let mut enqueue = Enqueue::new(self.clone(), None, recipient, content.into());
        if let Some(message) = message {
            if !message.id.is_empty() {
                enqueue = enqueue.in_reply_to(message.id.clone());
            }
            let received = Moment::from(event.delivery().received_at);
            let said = message.timestamp.as_ref().and_then(|it| it.unix_seconds());
            let wrote = said.map_or(received, |said| {
                Moment::from_millis(said.saturating_mul(1_000)).min(received)
            });
            enqueue.wrote_at = Some(wrote);
        }
        enqueue.event = Some(Answered {
            effects: event.extensions().get::<Effects>().cloned(),
            name: name_of(event),
            attempt: event.attempt(),
        });
        enqueue
    }
}

/// The event's name, the same at every attempt and in every process.
fn name_of(event: &IncomingEvent) -> String {
    if let Some(key) = event.key() {
        return key.as_str().to_owned();
    }
    // Nothing tells its repetition: its bytes and its place do, as far as the same delivery is handled again.
    let digest = Digest::of([&event.delivery().raw[..]]);
    let hex: String = digest
        .as_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("raw/{hex}")
}

/// How many replies were made to each event, at each attempt, for sinks that hold nothing back.
#[derive(Debug, Default)]
pub(crate) struct Replies(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    numbers: HashMap<(String, u32), u32>,
    /// In the order in which they came, so that the oldest go first.
    order: VecDeque<(String, u32)>,
}

impl Replies {
    /// How many events are remembered: many more than are handled at a time.
    const EVENTS: usize = 4_096;

    /// The number of the next reply to an event, from 0.
    pub(crate) fn next(&self, event: &str, attempt: u32) -> u32 {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (event.to_owned(), attempt);
        if let Some(number) = counts.numbers.get_mut(&place) {
            *number += 1;
            return *number;
        }
        if counts.order.len() >= Self::EVENTS
            && let Some(oldest) = counts.order.pop_front()
        {
            counts.numbers.remove(&oldest);
        }
        counts.order.push_back(place.clone());
        counts.numbers.insert(place, 0);
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_attempt_counts_from_the_start() {
        let replies = Replies::default();
        assert_eq!((replies.next("a", 1), replies.next("a", 1)), (0, 1));
        assert_eq!((replies.next("a", 2), replies.next("b", 1)), (0, 0));
        for number in 0..Replies::EVENTS {
            replies.next(&number.to_string(), 1);
        }
        let counts = replies.0.lock().unwrap();
        assert_eq!(counts.numbers.len(), Replies::EVENTS);
        assert_eq!(counts.order.len(), Replies::EVENTS);
    }
}
