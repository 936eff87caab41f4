//! Reads events that wait.

use std::time::Duration;

use bytes::Bytes;
use rusqlite::{Connection, Params, Row};

use crate::Moment;
use crate::inbox::{EventId, Page, WaitingDelivery, WaitingEvent};
use crate::sqlite::failure::SqlResult;

/// A page ends where its bodies are larger than this.
pub(super) const PAGE_BYTES: usize = 8 * 1_024 * 1_024;

const COLUMNS: &str = "id, delivery, nth, conversation, attempt, due_at, waited";

/// The next live events after this one. In the order of ids the table itself is the way.
pub(super) fn after(db: &Connection, after: EventId, limit: usize) -> SqlResult<Page> {
    let sql = format!(
        "SELECT {COLUMNS} FROM event NOT INDEXED WHERE id > ?1 AND state < 8 ORDER BY id LIMIT ?2"
    );
    page(db, &sql, (after.get(), as_i64(limit)), limit)
}

/// The live events of a conversation, from this one on.
pub(super) fn of_conversation(
    db: &Connection,
    conversation: &str,
    from: EventId,
    limit: usize,
) -> SqlResult<Page> {
    let sql = format!(
        "SELECT {COLUMNS} FROM event INDEXED BY event_live
          WHERE conversation = ?1 AND id >= ?2 AND state < 8 ORDER BY id LIMIT ?3"
    );
    page(db, &sql, (conversation, from.get(), as_i64(limit)), limit)
}

/// Events that were put back and not taken since.
pub(super) fn requeued(db: &Connection, after: EventId, limit: usize) -> SqlResult<Page> {
    let sql = format!(
        "SELECT {COLUMNS} FROM event INDEXED BY event_requeued
          WHERE id > ?1 AND state = 0 AND settled_at IS NOT NULL ORDER BY id LIMIT ?2"
    );
    page(db, &sql, (after.get(), as_i64(limit)), limit)
}

fn page(db: &Connection, sql: &str, params: impl Params, limit: usize) -> SqlResult<Page> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut page = Page::default();
    let (mut last, mut found, mut bytes) = (None, 0, 0);
    while let Some(row) = rows.next()? {
        let delivery: i64 = row.get(1)?;
        if last != Some(delivery) {
            if bytes >= PAGE_BYTES {
                return Ok(page);
            }
            let waiting = body(db, delivery)?;
            bytes += waiting.raw.len();
            page.deliveries.push(waiting);
            last = Some(delivery);
        }
        if let Some(waiting) = page.deliveries.last_mut() {
            waiting.events.push(event(row)?);
        }
        found += 1;
    }
    page.is_last = found < limit;
    Ok(page)
}

fn body(db: &Connection, delivery: i64) -> SqlResult<WaitingDelivery> {
    let mut find = db.prepare_cached("SELECT received_at, raw FROM delivery WHERE id = ?1")?;
    find.query_row([delivery], |row| {
        Ok(WaitingDelivery {
            received_at: Moment::from_millis(row.get(0)?),
            raw: Bytes::from(row.get::<_, Vec<u8>>(1)?),
            events: Vec::new(),
        })
    })
}

fn event(row: &Row<'_>) -> SqlResult<WaitingEvent> {
    let waited: Option<i64> = row.get(6)?;
    Ok(WaitingEvent {
        id: EventId::new(row.get(0)?),
        nth: row.get(2)?,
        conversation: row.get(3)?,
        attempt: row.get(4)?,
        due_at: Moment::from_millis(row.get(5)?),
        waited: waited.map(|millis| Duration::from_millis(u64::try_from(millis).unwrap_or(0))),
    })
}

pub(super) fn as_i64(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
