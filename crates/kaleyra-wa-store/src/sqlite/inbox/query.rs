//! Queries about what is kept.

use bytes::Bytes;
use rusqlite::types::ToSql;
use rusqlite::{Connection, Row};

use super::load::{PAGE_BYTES, as_i64};
use crate::Moment;
use crate::inbox::{EventId, EventQuery, EventRecord, EventState, Fingerprint, InboxStats};
use crate::sqlite::failure::SqlResult;

pub(super) fn stats(db: &Connection) -> SqlResult<InboxStats> {
    let mut stats = InboxStats::default();
    let mut by_state = db.prepare("SELECT state, count(*) FROM event GROUP BY state")?;
    let mut rows = by_state.query([])?;
    while let Some(row) = rows.next()? {
        let count = row.get::<_, i64>(1)?.unsigned_abs();
        match EventState::from_code(row.get(0)?) {
            Some(EventState::Waiting) => stats.waiting = count,
            Some(EventState::Running) => stats.running = count,
            Some(EventState::Handled) => stats.handled = count,
            Some(EventState::Dead) => stats.dead = count,
            Some(EventState::Dropped) => stats.dropped = count,
            None => {}
        }
    }
    let number = |sql: &str| -> SqlResult<u64> {
        let number: i64 = db.query_row(sql, [], |row| row.get(0))?;
        Ok(number.unsigned_abs())
    };
    stats.conversations = number(
        "SELECT count(DISTINCT conversation) FROM event INDEXED BY event_live WHERE state < 8",
    )?;
    stats.deliveries = number("SELECT count(*) FROM delivery")?;
    let oldest: Option<i64> = db.query_row(
        "SELECT (SELECT received_at FROM delivery WHERE id = (
            SELECT delivery FROM event NOT INDEXED WHERE state < 8 ORDER BY id LIMIT 1))",
        [],
        |row| row.get(0),
    )?;
    stats.oldest_waiting = oldest.map(Moment::from_millis);
    let page = number("PRAGMA page_size")?;
    let free = number("PRAGMA freelist_count")?;
    stats.bytes = number("PRAGMA page_count")?.saturating_sub(free) * page;
    stats.free_bytes = free * page;
    Ok(stats)
}

pub(super) fn live(db: &Connection) -> SqlResult<u64> {
    let mut count =
        db.prepare_cached("SELECT count(*) FROM event INDEXED BY event_live WHERE state < 8")?;
    let live: i64 = count.query_row([], |row| row.get(0))?;
    Ok(live.unsigned_abs())
}

pub(super) fn events(db: &Connection, query: &EventQuery) -> SqlResult<Vec<EventRecord>> {
    let mut sql = String::from(
        "SELECT e.id, e.nth, e.key, e.conversation, e.kind, e.state, e.attempt, e.due_at, e.failure, e.settled_at,
                d.received_at, e.delivery
           FROM event e LEFT JOIN delivery d ON d.id = e.delivery WHERE e.id > ?1",
    );
    let after = query.after.get();
    let state = query.state.map(EventState::code);
    let limit = as_i64(query.limit);
    let mut params: Vec<&dyn ToSql> = vec![&after];
    let mut and = |condition: &str, value| {
        params.push(value);
        sql.push_str(&format!(" AND {condition} = ?{}", params.len()));
    };
    if let Some(state) = &state {
        and("e.state", state);
    }
    if let Some(conversation) = &query.conversation {
        and("e.conversation", conversation);
    }
    if let Some(kind) = &query.kind {
        and("e.kind", kind);
    }
    if query.state == Some(EventState::Dead) {
        // So that the index of those is the way.
        sql.push_str(" AND e.state = 9");
    }
    params.push(&limit);
    sql.push_str(&format!(" ORDER BY e.id LIMIT ?{}", params.len()));

    let mut statement = db.prepare(&sql)?;
    let mut rows = statement.query(&params[..])?;
    let mut found = Vec::new();
    let mut bodies = Bodies::new(db);
    while let Some(row) = rows.next()? {
        let mut record = record(row)?;
        if query.with_bodies && record.received_at.is_some() {
            if bodies.bytes >= PAGE_BYTES {
                break;
            }
            record.raw = Some(bodies.of(row.get(11)?)?);
        }
        found.push(record);
    }
    Ok(found)
}

/// Bodies, of which events that follow each other share one.
struct Bodies<'a> {
    db: &'a Connection,
    last: Option<(i64, Bytes)>,
    bytes: usize,
}

impl<'a> Bodies<'a> {
    const fn new(db: &'a Connection) -> Self {
        Self {
            db,
            last: None,
            bytes: 0,
        }
    }

    fn of(&mut self, delivery: i64) -> SqlResult<Bytes> {
        if let Some((last, raw)) = &self.last
            && *last == delivery
        {
            return Ok(raw.clone());
        }
        let mut find = self
            .db
            .prepare_cached("SELECT raw FROM delivery WHERE id = ?1")?;
        let raw = Bytes::from(find.query_row([delivery], |row| row.get::<_, Vec<u8>>(0))?);
        self.bytes += raw.len();
        self.last = Some((delivery, raw.clone()));
        Ok(raw)
    }
}

fn record(row: &Row<'_>) -> SqlResult<EventRecord> {
    let moment = |nth| -> SqlResult<Option<Moment>> {
        Ok(row.get::<_, Option<i64>>(nth)?.map(Moment::from_millis))
    };
    let state: i64 = row.get(5)?;
    let unknown = || rusqlite::Error::IntegralValueOutOfRange(5, state);
    Ok(EventRecord {
        id: EventId::new(row.get(0)?),
        nth: row.get(1)?,
        fingerprint: row
            .get::<_, Option<[u8; 16]>>(2)?
            .map(Fingerprint::from_bytes),
        conversation: row.get(3)?,
        kind: row.get(4)?,
        state: EventState::from_code(state).ok_or_else(unknown)?,
        attempt: row.get(6)?,
        due_at: Moment::from_millis(row.get(7)?),
        failure: row.get(8)?,
        settled_at: moment(9)?,
        received_at: moment(10)?,
        raw: None,
    })
}
