//! Makes events of what was read from the disk.

use std::sync::Arc;
use std::time::SystemTime;

use kaleyra_wa_store::inbox::{EventId, Page, WaitingDelivery};
use kaleyra_wa_webhook::{IncomingEvent, ReceivedCallback};
use tokio::time::Instant;

use super::{Engine, lane_name};
use crate::queue::{LaneName, Queued};

/// What was read.
#[derive(Default)]
pub(super) struct Read {
    pub(super) events: Vec<(LaneName, Queued)>,
    /// Of a body that this version can't make these events of any more.
    pub(super) unreadable: Vec<EventId>,
    pub(super) last: Option<EventId>,
    pub(super) is_all: bool,
}

impl Engine {
    pub(super) fn read(&self, page: Page, now: Instant) -> Read {
        let mut read = Read {
            is_all: page.is_last,
            ..Read::default()
        };
        for delivery in page.deliveries {
            self.read_delivery(delivery, now, &mut read);
        }
        read
    }

    fn read_delivery(&self, kept: WaitingDelivery, now: Instant, read: &mut Read) {
        let received_at = SystemTime::from(kept.received_at);
        let delivery = ReceivedCallback::from_raw(kept.raw, received_at).ok();
        let incoming = delivery.map_or_else(Vec::new, |it| IncomingEvent::all(Arc::new(it)));
        for waiting in kept.events {
            read.last = read.last.max(Some(waiting.id));
            let Some(event) = incoming.get(waiting.nth as usize) else {
                read.unreadable.push(waiting.id);
                continue;
            };
            // The conversation by which it was kept is the one by which the rest of its lane is read.
            let lane = lane_name(waiting.conversation.as_deref(), waiting.id);
            let queued = Queued {
                id: waiting.id,
                event: event.clone(),
                waited: waiting.waited,
                due: self.due(waiting.due_at, now),
            };
            read.events.push((lane, queued));
        }
    }
}
