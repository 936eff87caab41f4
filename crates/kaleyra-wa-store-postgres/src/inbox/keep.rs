//! Keeps deliveries with their events, many at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use kaleyra_wa_store::Change;
use kaleyra_wa_store::StoreError;
use kaleyra_wa_store::inbox::{EventId, Kept, NewDelivery};

use super::doubt::Doubt;
use super::writer::Here;
use crate::cluster::{notify_events, shard_of};
use crate::db::{Outcome, as_i64, get, name};
use crate::schema::SHARDS;
use crate::store::Inner;
use crate::tracking;

/// What was kept of a batch.
pub(super) struct Batch {
    /// Of each delivery, in their order.
    pub(super) kept: Vec<Kept>,
    pub(super) here: Here,
    pub(super) changes: Vec<Change>,
}

/// An event on its way into its table.
struct Row {
    id: i64,
    delivery: i64,
    nth: i64,
    key: Option<Vec<u8>>,
    conversation: Option<String>,
    kind: &'static str,
    shard: i64,
}

/// Keeps all of them in one transaction, with those of their events that are new.
pub(super) async fn keep(inner: &Arc<Inner>, deliveries: &[&NewDelivery]) -> Outcome<Batch> {
    let now = inner.now();
    let db = inner.transaction().await?;
    let wanted: usize = deliveries.iter().map(|it| it.events.len()).sum();
    let ids = db
        .query(
            "SELECT nextval('kwa.event_id') FROM generate_series(1, $1::bigint)",
            &[&as_i64(wanted)],
        )
        .await?;
    let ids: Vec<i64> = ids.iter().map(|row| get(row, 0)).collect::<Outcome<_>>()?;
    let mut rows = rows(deliveries, &ids)?;
    // What others keep at the same time waits for the same keys in the same order; the first of two in a batch counts.
    rows.sort_by(|a, b| (&a.key, a.id).cmp(&(&b.key, b.id)));

    // Those that are ours stay ours until this is committed.
    let shards: BTreeSet<i64> = rows.iter().map(|row| row.shard).collect();
    let open: BTreeSet<i64> = inner.shards.open().into_iter().collect();
    let asked: Vec<i64> = shards.intersection(&open).copied().collect();
    let ours = if asked.is_empty() {
        Vec::new()
    } else {
        db.query(
            "SELECT id FROM kwa.shard WHERE id = ANY($1) AND worker = ANY($2) ORDER BY id FOR SHARE",
            &[&asked, &inner.all_mine()],
        )
        .await?
    };
    let ours: BTreeSet<i64> = ours.iter().map(|row| get(row, 0)).collect::<Outcome<_>>()?;

    let inserted = db
        .query(
            "INSERT INTO kwa.event(id, delivery, nth, key, conversation, kind, shard)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[], $5::text[], $6::text[], $7::bigint[])
             ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING RETURNING id",
            &[
                &column(&rows, |row| row.id),
                &column(&rows, |row| row.delivery),
                &column(&rows, |row| row.nth),
                &column(&rows, |row| row.key.clone()),
                &column(&rows, |row| row.conversation.clone()),
                &column(&rows, |row| row.kind),
                &column(&rows, |row| row.shard),
            ],
        )
        .await?;
    let new: BTreeSet<i64> = inserted
        .iter()
        .map(|row| get(row, 0))
        .collect::<Outcome<_>>()?;

    let mut batch = Batch {
        kept: Vec::with_capacity(deliveries.len()),
        here: Here::new(),
        changes: Vec::new(),
    };
    let mut bodies: (Vec<i64>, Vec<i64>, Vec<&[u8]>) = Default::default();
    let mut facts = Vec::new();
    let mut next = ids.iter();
    for delivery in deliveries {
        let mut kept = Kept::default();
        let mut first = None;
        for (event, id) in delivery.events.iter().zip(&mut next) {
            first.get_or_insert(*id);
            if new.contains(id) {
                kept.events.push((event.nth, EventId::new(*id)));
            } else {
                kept.duplicates += 1;
            }
        }
        if let Some(first) = first
            && !kept.events.is_empty()
        {
            bodies.0.push(first);
            bodies.1.push(delivery.received_at.as_millis());
            bodies.2.push(&delivery.raw);
            facts.push(&delivery.facts);
        }
        batch.kept.push(kept);
    }
    tracking::feed(&db, &facts, now, &mut batch.changes).await?;
    if !bodies.0.is_empty() {
        db.execute(
            "INSERT INTO kwa.delivery(id, received_at, raw)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])",
            &[&bodies.0, &bodies.1, &bodies.2],
        )
        .await?;
    }
    let mut elsewhere = Vec::new();
    for row in rows.iter().filter(|row| new.contains(&row.id)) {
        if ours.contains(&row.shard) {
            batch.here.insert(row.id, row.shard);
        } else {
            elsewhere.push((row.shard, row.id));
        }
    }
    notify_events(&db, inner, &elsewhere).await?;
    let doubt = Doubt::new(inner, ours.into_iter().collect());
    db.commit().await?;
    doubt.over();
    Ok(batch)
}

fn rows(deliveries: &[&NewDelivery], ids: &[i64]) -> Result<Vec<Row>, StoreError> {
    let mut next = ids.iter().copied();
    let mut rows = Vec::with_capacity(ids.len());
    for delivery in deliveries {
        let mut first = None;
        for event in &delivery.events {
            let id = next.next().ok_or_else(crate::failure::unreadable)?;
            let conversation = event
                .conversation
                .as_deref()
                .map(|it| name(it).into_owned());
            let shard = match &conversation {
                Some(conversation) => shard_of(conversation),
                None => id.rem_euclid(SHARDS),
            };
            rows.push(Row {
                id,
                delivery: *first.get_or_insert(id),
                nth: i64::from(event.nth),
                key: event.fingerprint.map(|it| it.as_bytes().to_vec()),
                conversation,
                kind: event.kind.as_str(),
                shard,
            });
        }
    }
    Ok(rows)
}

fn column<T>(rows: &[Row], value: impl Fn(&Row) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}
