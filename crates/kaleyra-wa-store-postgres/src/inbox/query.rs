//! Answers questions about what is kept.

use std::collections::HashMap;

use bytes::Bytes;
use kaleyra_wa_store::inbox::{
    EventId, EventQuery, EventRecord, EventState, Fingerprint, InboxStats,
};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::load::PAGE_BYTES;
use crate::db::{Db, Outcome, as_i64, count, get, maybe_moment, moment, name, small, text};
use crate::failure::unreadable;

pub(super) async fn stats(db: &Db) -> Outcome<InboxStats> {
    let mut stats = InboxStats::default();
    let states = db
        .query("SELECT state, count(*) FROM kwa.event GROUP BY state", &[])
        .await?;
    for row in &states {
        let number = count(row, 1)?;
        match EventState::from_code(get(row, 0)?) {
            Some(EventState::Waiting) => stats.waiting = number,
            Some(EventState::Running) => stats.running = number,
            Some(EventState::Handled) => stats.handled = number,
            Some(EventState::Dead) => stats.dead = number,
            Some(EventState::Dropped) => stats.dropped = number,
            _ => {}
        }
    }
    let row = db
        .query_one(
            "SELECT (SELECT count(DISTINCT conversation) FROM kwa.event WHERE state < 8),
                    (SELECT count(*) FROM kwa.delivery),
                    (SELECT d.received_at FROM kwa.event e JOIN kwa.delivery d ON d.id = e.delivery
                      WHERE e.state < 8 ORDER BY e.id LIMIT 1),
                    (SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c
                      WHERE c.oid IN ('kwa.event'::regclass, 'kwa.delivery'::regclass, 'kwa.send'::regclass, 'kwa.message'::regclass))",
            &[],
        )
        .await?;
    stats.conversations = count(&row, 0)?;
    stats.deliveries = count(&row, 1)?;
    stats.oldest_waiting = maybe_moment(&row, 2)?;
    stats.bytes = count(&row, 3)?;
    Ok(stats)
}

pub(super) async fn events(db: &Db, query: &EventQuery) -> Outcome<Vec<EventRecord>> {
    let mut sql = String::from(
        "SELECT e.id, e.nth, e.key, e.conversation, e.kind, e.state, e.attempt, e.due_at, e.failure, e.settled_at,
                d.received_at, e.delivery, octet_length(d.raw)::bigint
           FROM kwa.event e LEFT JOIN kwa.delivery d ON d.id = e.delivery WHERE e.id > $1",
    );
    let after = query.after.get();
    let state = query.state.map(EventState::code);
    let limit = as_i64(query.limit);
    let conversation = query.conversation.as_deref().map(name);
    let kind = query.kind.as_deref().map(text);
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![&after];
    let mut and = |condition: &str, value| {
        params.push(value);
        sql.push_str(&format!(" AND {condition} = ${}", params.len()));
    };
    if let Some(state) = &state {
        and("e.state", state);
    }
    if let Some(conversation) = &conversation {
        and("e.conversation", conversation);
    }
    if let Some(kind) = &kind {
        and("e.kind", kind);
    }
    if query.state == Some(EventState::Dead) {
        // So that the index of those is the way.
        sql.push_str(" AND e.state = 9");
    }
    params.push(&limit);
    sql.push_str(&format!(" ORDER BY e.id LIMIT ${}", params.len()));

    let rows = db.query(&sql, &params).await?;
    let mut found = Vec::new();
    let (mut wanted, mut bytes) = (Vec::new(), 0);
    for row in &rows {
        let record = record(row)?;
        let delivery: i64 = get(row, 11)?;
        if query.with_bodies && record.received_at.is_some() && wanted.last() != Some(&delivery) {
            if bytes >= PAGE_BYTES {
                break;
            }
            bytes += get::<i64>(row, 12)?;
            wanted.push(delivery);
        }
        found.push((delivery, record));
    }
    let bodies = bodies(db, &wanted).await?;
    let with_body = |(delivery, mut record): (i64, EventRecord)| {
        record.raw = bodies.get(&delivery).cloned();
        record
    };
    Ok(found.into_iter().map(with_body).collect())
}

async fn bodies(db: &Db, wanted: &[i64]) -> Outcome<HashMap<i64, Bytes>> {
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = db
        .query(
            "SELECT id, raw FROM kwa.delivery WHERE id = ANY($1)",
            &[&wanted],
        )
        .await?;
    let body = |row: &Row| Ok((get(row, 0)?, Bytes::from(get::<Vec<u8>>(row, 1)?)));
    rows.iter().map(body).collect()
}

fn record(row: &Row) -> Outcome<EventRecord> {
    let mut record = EventRecord::default();
    record.id = EventId::new(get(row, 0)?);
    record.nth = small(row, 1)?;
    let key: Option<Vec<u8>> = get(row, 2)?;
    let key = key.map(<[u8; 16]>::try_from).transpose();
    record.fingerprint = key.map_err(|_| unreadable())?.map(Fingerprint::from_bytes);
    record.conversation = get(row, 3)?;
    record.kind = get(row, 4)?;
    record.state = EventState::from_code(get(row, 5)?).ok_or_else(unreadable)?;
    record.attempt = small(row, 6)?;
    record.due_at = moment(row, 7)?;
    record.failure = get(row, 8)?;
    record.settled_at = maybe_moment(row, 9)?;
    record.received_at = maybe_moment(row, 10)?;
    Ok(record)
}
