//! Takes over events of another store.

use rusqlite::Connection;

use crate::inbox::{Moved, MovedDelivery};
use crate::sqlite::failure::SqlResult;
use crate::sqlite::tracking;
use crate::{Change, Moment};

pub(super) fn take_over(
    db: &Connection,
    deliveries: &[MovedDelivery],
    now: Moment,
) -> SqlResult<(Moved, Vec<Change>)> {
    let (mut moved, mut changes) = (Moved::default(), Vec::new());
    let mut insert = db.prepare_cached(
        "INSERT INTO event(delivery, nth, key, conversation, kind, state, attempt, due_at, failure, settled_at)
         VALUES (coalesce(?1, (SELECT coalesce(max(id), 0) + 1 FROM event)), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT(key) WHERE key IS NOT NULL DO NOTHING",
    )?;
    let mut find = db.prepare_cached("SELECT 1 FROM event WHERE key = ?1")?;
    for delivery in deliveries {
        let (mut place, mut is_new) = (None, false);
        for event in &delivery.events {
            let key = *delivery.fingerprint_of(event).as_bytes();
            if find.exists([key])? {
                moved.duplicates += 1;
                continue;
            }
            if place.is_none()
                && let Some(raw) = &delivery.raw
            {
                let mut insert = db.prepare_cached(
                    "INSERT INTO delivery(id, received_at, raw) VALUES ((SELECT coalesce(max(id), 0) + 1 FROM event), ?1, ?2)",
                )?;
                let received_at = delivery.received_at.unwrap_or(now);
                place = Some(insert.insert((received_at.as_millis(), &raw[..]))?);
            }
            let state = delivery.state_of(event);
            insert.execute((
                place,
                event.nth,
                key,
                &event.conversation,
                &event.kind,
                state.code(),
                event.attempt,
                event.due_at.as_millis(),
                &event.failure,
                delivery.settled_at(event, now).map(Moment::as_millis),
            ))?;
            is_new = true;
            moved.added += 1;
            moved.waiting += u64::from(state.is_live());
        }
        if is_new {
            tracking::feed(db, &delivery.facts, now, &mut changes)?;
        }
    }
    Ok((moved, changes))
}
