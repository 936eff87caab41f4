//! Reads events with their bodies.

use std::collections::HashMap;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use kaleyra_wa_store::inbox::{EventId, Page, WaitingDelivery, WaitingEvent};
use kaleyra_wa_store::{Moment, StoreError};

use crate::failure::{Outcome, unreadable};
use crate::index::Tried;
use crate::link::Stored;
use crate::names::lane_of;
use crate::record::{Meta, read};
use crate::store::Inner;

/// A page ends where its bodies are larger than this.
pub(super) const PAGE_BYTES: usize = 8 * 1_024 * 1_024;
/// How many events are asked for at once.
pub(super) const CHUNK: usize = 64;

/// The bodies that were read a moment ago: events of a delivery follow each other.
#[derive(Default)]
pub(super) struct Bodies(HashMap<i64, Bytes>);

impl Bodies {
    /// The body of an event; `None` where it is gone. Says how many bytes were read.
    pub(super) async fn of(
        &mut self,
        inner: &Inner,
        event: EventId,
        stored: &Stored,
        meta: &Meta,
    ) -> Outcome<(Option<Bytes>, usize)> {
        let Some(body) = &meta.body else {
            return Ok((Some(stored.payload.clone()), stored.payload.len()));
        };
        if body.pieces == 0 {
            return Ok((None, 0));
        }
        let first = body.first(event);
        if let Some(found) = self.0.get(&first) {
            return Ok((Some(found.clone()), 0));
        }
        let stream = inner.link.names.events();
        let sequences: Vec<i64> = (first..first + i64::from(body.pieces)).collect();
        let pieces = inner.link.get_all(&stream, &sequences).await?;
        let Some(pieces) = pieces.into_iter().collect::<Option<Vec<Stored>>>() else {
            return Ok((None, 0));
        };
        let whole = match &pieces[..] {
            [piece] => piece.payload.clone(),
            pieces => {
                let mut whole = BytesMut::new();
                for piece in pieces {
                    whole.extend_from_slice(&piece.payload);
                }
                whole.freeze()
            }
        };
        self.0.clear();
        self.0.insert(first, whole.clone());
        let size = whole.len();
        Ok((Some(whole), size))
    }
}

/// What stands in memory for its conversation.
pub(crate) fn lane(stored: &Stored) -> Result<u64, StoreError> {
    Ok(lane_of(meta(stored)?.conversation.as_deref()))
}

/// What stands beside an event.
pub(crate) fn meta(stored: &Stored) -> Result<Meta, StoreError> {
    let meta = stored.meta.as_ref().ok_or_else(unreadable)?;
    read(meta.as_bytes())
}

/// A page of these events; says which was the last that was looked at.
pub(super) async fn page(
    inner: &Inner,
    ids: &[(u16, i64)],
    limit: usize,
) -> Outcome<(Page, Option<i64>)> {
    let stream = inner.link.names.events();
    let (mut page, mut bodies) = (Page::default(), Bodies::default());
    let (mut bytes, mut taken, mut last) = (0, 0, None);
    let mut delivery_of_last = None;
    for chunk in ids.chunks(CHUNK) {
        let sequences: Vec<i64> = chunk.iter().map(|(_, id)| *id).collect();
        let found = inner.link.get_all(&stream, &sequences).await?;
        for ((partition, id), stored) in chunk.iter().zip(found) {
            if bytes >= PAGE_BYTES || taken >= limit {
                return Ok((page, last));
            }
            last = Some(*id);
            // What was deleted by other means can't be handled, and holds up nothing.
            let Some(stored) = stored else {
                inner.index().forget(*partition, *id);
                continue;
            };
            let Ok(meta) = meta(&stored) else {
                inner.index().forget(*partition, *id);
                continue;
            };
            let event = EventId::new(*id);
            let (body, read) = bodies.of(inner, event, &stored, &meta).await?;
            let Some(body) = body else {
                inner.index().forget(*partition, *id);
                continue;
            };
            bytes += read;
            taken += 1;
            let delivery = meta.body.map(|body| body.first(event));
            if delivery.is_none() || delivery != delivery_of_last {
                page.deliveries.push(WaitingDelivery {
                    received_at: Moment::from_millis(meta.received_at),
                    raw: body,
                    events: Vec::new(),
                });
            }
            delivery_of_last = delivery;
            let tried = inner.index().tried(*partition, *id);
            if let Some(delivery) = page.deliveries.last_mut() {
                delivery.events.push(waiting(event, &meta, &tried));
            }
        }
    }
    Ok((page, last))
}

fn waiting(id: EventId, meta: &Meta, tried: &Tried) -> WaitingEvent {
    WaitingEvent {
        id,
        nth: meta.nth,
        conversation: meta.conversation.clone(),
        attempt: tried.attempt,
        due_at: Moment::from_millis(tried.due_at),
        waited: tried.waited.map(Duration::from_millis),
    }
}
