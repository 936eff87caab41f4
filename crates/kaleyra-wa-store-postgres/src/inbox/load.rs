//! Reads events that wait.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use kaleyra_wa_store::inbox::{EventId, Page, WaitingDelivery, WaitingEvent};
use tokio_postgres::Row;

use crate::cluster::Pass;
use crate::db::{Db, Outcome, Params, as_i64, get, maybe_moment, moment, name, small};

/// A page ends where its bodies are larger than this.
pub(super) const PAGE_BYTES: i64 = 8 * 1_024 * 1_024;

const COLUMNS: &str = "e.id, e.delivery, e.nth, e.conversation, e.attempt, e.due_at, e.waited, octet_length(d.raw)::bigint";

/// The next live events after this one.
pub(super) async fn after(db: &Db, shards: &[i64], after: EventId, limit: usize) -> Outcome<Page> {
    let sql = format!(
        "SELECT {COLUMNS} FROM kwa.event e JOIN kwa.delivery d ON d.id = e.delivery
          WHERE e.id > $1 AND e.state < 8 AND e.shard = ANY($2) ORDER BY e.id LIMIT $3"
    );
    page(db, &sql, &[&after.get(), &shards, &as_i64(limit)], limit).await
}

/// The live events of a conversation, from this one on, where its shard is this worker's.
pub(super) async fn of_conversation(
    db: &Db,
    mine: &[i64],
    conversation: &str,
    from: EventId,
    limit: usize,
) -> Outcome<Page> {
    let sql = format!(
        "SELECT {COLUMNS} FROM kwa.event e JOIN kwa.delivery d ON d.id = e.delivery
          WHERE e.conversation = $1 AND e.id >= $2 AND e.state < 8
            AND EXISTS (SELECT 1 FROM kwa.shard s WHERE s.id = e.shard AND s.worker = ANY($4))
          ORDER BY e.id LIMIT $3"
    );
    let conversation = name(conversation);
    page(
        db,
        &sql,
        &[&conversation, &from.get(), &as_i64(limit), &mine],
        limit,
    )
    .await
}

/// Events that were put back and not taken since, and those of the pass.
pub(super) async fn untold(
    db: &Db,
    open: &[i64],
    pass: &Pass,
    after: EventId,
    limit: usize,
) -> Outcome<Page> {
    let sql = format!(
        "SELECT {COLUMNS} FROM kwa.event e JOIN kwa.delivery d ON d.id = e.delivery
          WHERE e.id IN (
             (SELECT id FROM kwa.event WHERE id > $1 AND state = 0 AND settled_at IS NOT NULL AND shard = ANY($2)
               ORDER BY id LIMIT $5)
             UNION (SELECT id FROM kwa.event WHERE id > $1 AND state < 8 AND state = 0 AND shard = ANY($3)
               ORDER BY id LIMIT $5)
             UNION (SELECT id FROM kwa.event WHERE id > $1 AND id = ANY($4) AND state = 0
               ORDER BY id LIMIT $5))
          ORDER BY e.id LIMIT $5"
    );
    let scanned: Vec<i64> = pass.shards.iter().copied().collect();
    let ids: Vec<i64> = pass.ids.range(after.next().get()..).copied().collect();
    let all: Vec<i64> = open.iter().chain(&scanned).copied().collect();
    let params: Params<'_> = &[&after.get(), &all, &scanned, &ids, &as_i64(limit)];
    page(db, &sql, params, limit).await
}

async fn page(db: &Db, sql: &str, params: Params<'_>, limit: usize) -> Outcome<Page> {
    let rows = db.query(sql, params).await?;
    let (mut wanted, mut bytes, mut taken) = (Vec::new(), 0, 0);
    for row in &rows {
        let delivery: i64 = get(row, 1)?;
        if wanted.last() != Some(&delivery) {
            if bytes >= PAGE_BYTES {
                break;
            }
            bytes += get::<i64>(row, 7)?;
            wanted.push(delivery);
        }
        taken += 1;
    }
    let bodies = db
        .query(
            "SELECT id, received_at, raw FROM kwa.delivery WHERE id = ANY($1)",
            &[&wanted],
        )
        .await?;
    let mut found = HashMap::new();
    for row in &bodies {
        let raw = Bytes::from(get::<Vec<u8>>(row, 2)?);
        found.insert(get::<i64>(row, 0)?, (moment(row, 1)?, raw));
    }
    let mut page = Page::default();
    let mut last = None;
    for row in &rows[..taken] {
        let delivery: i64 = get(row, 1)?;
        // What was pruned since was handled since.
        let Some((received_at, raw)) = found.get(&delivery) else {
            continue;
        };
        if last != Some(delivery) {
            page.deliveries.push(WaitingDelivery {
                received_at: *received_at,
                raw: raw.clone(),
                events: Vec::new(),
            });
            last = Some(delivery);
        }
        if let Some(waiting) = page.deliveries.last_mut() {
            waiting.events.push(event(row)?);
        }
    }
    page.is_last = taken == rows.len() && rows.len() < limit;
    Ok(page)
}

fn event(row: &Row) -> Outcome<WaitingEvent> {
    let waited: Option<i64> = get(row, 6)?;
    Ok(WaitingEvent {
        id: EventId::new(get(row, 0)?),
        nth: small(row, 2)?,
        conversation: get(row, 3)?,
        attempt: small(row, 4)?,
        due_at: maybe_moment(row, 5)?.unwrap_or_default(),
        waited: waited.map(|millis| Duration::from_millis(u64::try_from(millis).unwrap_or(0))),
    })
}
