//! Keeps a delivery with its events.

use rusqlite::{Connection, OptionalExtension};

use crate::inbox::{EventId, Kept, NewDelivery, NewEvent};
use crate::sqlite::failure::SqlResult;
use crate::sqlite::tracking;
use crate::{Change, Moment};

/// Keeps a delivery with those of its events that are new; nothing at all where all are known. Gives also what it changed of
/// messages that were sent.
pub(super) fn keep(
    db: &Connection,
    delivery: &NewDelivery,
    now: Moment,
) -> SqlResult<(Kept, Vec<Change>)> {
    let mut kept = Kept::default();
    let mut place = None;
    let mut insert = db.prepare_cached(
        "INSERT INTO event(delivery, nth, key, conversation, kind) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT(key) WHERE key IS NOT NULL DO NOTHING",
    )?;
    for event in &delivery.events {
        // The delivery comes first, since its events name it; and it must not be there for nothing.
        if place.is_none() && is_known(db, event)? {
            kept.duplicates += 1;
            continue;
        }
        let place = match place {
            Some(place) => place,
            None => *place.insert(insert_delivery(db, delivery)?),
        };
        let new = insert.execute((
            place,
            event.nth,
            event.fingerprint.map(|it| *it.as_bytes()),
            &event.conversation,
            event.kind.as_str(),
        ))?;
        if new == 0 {
            kept.duplicates += 1;
        } else {
            kept.events
                .push((event.nth, EventId::new(db.last_insert_rowid())));
        }
    }
    let mut changes = Vec::new();
    if !kept.events.is_empty() {
        tracking::feed(db, &delivery.facts, now, &mut changes)?;
    }
    Ok((kept, changes))
}

/// A delivery has the number of its first event, which is about to be inserted: so none is given twice, as no event's is.
fn insert_delivery(db: &Connection, delivery: &NewDelivery) -> SqlResult<i64> {
    let mut insert = db.prepare_cached(
        "INSERT INTO delivery(id, received_at, raw)
         VALUES ((SELECT coalesce(max(id), 0) + 1 FROM event), ?1, ?2)",
    )?;
    insert.insert((delivery.received_at.as_millis(), &delivery.raw[..]))
}

fn is_known(db: &Connection, event: &NewEvent) -> SqlResult<bool> {
    let Some(fingerprint) = event.fingerprint else {
        return Ok(false);
    };
    let mut find = db.prepare_cached("SELECT 1 FROM event WHERE key = ?1")?;
    let found = find
        .query_row([fingerprint.as_bytes()], |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}
