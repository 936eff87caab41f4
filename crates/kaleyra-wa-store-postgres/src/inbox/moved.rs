//! Takes over events of another store.

use std::collections::HashSet;

use kaleyra_wa_store::inbox::{EventRecord, Moved, MovedDelivery};
use kaleyra_wa_store::{Change, Moment};

use crate::cluster::{notify_events, shard_of};
use crate::db::{Db, Outcome, as_i64, get, name, text};
use crate::schema::SHARDS;
use crate::store::Inner;
use crate::tracking;

pub(super) async fn take_over(
    db: &Db,
    inner: &Inner,
    deliveries: &[MovedDelivery],
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<Moved> {
    let events: Vec<(usize, &EventRecord)> = deliveries
        .iter()
        .enumerate()
        .flat_map(|(nth, it)| it.events.iter().map(move |event| (nth, event)))
        .collect();
    let ids = db
        .query(
            "SELECT nextval('kwa.event_id') FROM generate_series(1, $1::bigint)",
            &[&as_i64(events.len())],
        )
        .await?;
    let ids: Vec<i64> = ids.iter().map(|row| get(row, 0)).collect::<Outcome<_>>()?;
    let mut firsts = vec![None; deliveries.len()];
    let mut places = Vec::with_capacity(events.len());
    for ((nth, _), id) in events.iter().zip(&ids) {
        places.push(*firsts[*nth].get_or_insert(*id));
    }
    let conversation = |event: &EventRecord| {
        event
            .conversation
            .as_deref()
            .map(|it| name(it).into_owned())
    };
    let shards: Vec<i64> = events
        .iter()
        .zip(&ids)
        .map(|((_, event), id)| match conversation(event) {
            Some(conversation) => shard_of(&conversation),
            None => id.rem_euclid(SHARDS),
        })
        .collect();
    let states: Vec<i64> = events
        .iter()
        .map(|(nth, event)| deliveries[*nth].state_of(event).code())
        .collect();
    let keys: Vec<Vec<u8>> = events
        .iter()
        .map(|(nth, event)| deliveries[*nth].fingerprint_of(event).as_bytes().to_vec())
        .collect();
    let settled_at: Vec<Option<i64>> = events
        .iter()
        .map(|(nth, event)| {
            let settled_at = deliveries[*nth].settled_at(event, now);
            settled_at.map(Moment::as_millis)
        })
        .collect();
    let inserted = db
        .query(
            "INSERT INTO kwa.event(id, delivery, nth, key, conversation, kind, shard, state, attempt, due_at, failure, settled_at)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[], $5::text[], $6::text[], $7::bigint[],
                                  $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::bigint[])
             ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING RETURNING id",
            &[
                &ids,
                &places,
                &column(&events, |event| i64::from(event.nth)),
                &keys,
                &column(&events, conversation),
                &column(&events, |event| text(&event.kind).into_owned()),
                &shards,
                &states,
                &column(&events, |event| i64::from(event.attempt)),
                &column(&events, |event| event.due_at.as_millis()),
                &column(&events, |event| event.failure.as_deref().map(|it| text(it).into_owned())),
                &settled_at,
            ],
        )
        .await?;
    let new: HashSet<i64> = inserted
        .iter()
        .map(|row| get(row, 0))
        .collect::<Outcome<_>>()?;

    let mut moved = Moved::default();
    moved.added = new.len() as u64;
    moved.duplicates = (events.len() - new.len()) as u64;
    let mut waiting = Vec::new();
    let mut has_new = vec![false; deliveries.len()];
    for (place, ((nth, _), id)) in events.iter().zip(&ids).enumerate() {
        if new.contains(id) {
            has_new[*nth] = true;
            if states[place] == 0 {
                waiting.push((shards[place], *id));
            }
        }
    }
    moved.waiting = waiting.len() as u64;
    let mut bodies: (Vec<i64>, Vec<i64>, Vec<&[u8]>) = Default::default();
    let mut facts = Vec::new();
    for ((delivery, first), has_new) in deliveries.iter().zip(&firsts).zip(has_new) {
        if let Some(first) = first
            && has_new
        {
            facts.push(&delivery.facts);
            if let Some(raw) = &delivery.raw {
                bodies.0.push(*first);
                bodies
                    .1
                    .push(delivery.received_at.unwrap_or(now).as_millis());
                bodies.2.push(raw);
            }
        }
    }
    db.execute(
        "INSERT INTO kwa.delivery(id, received_at, raw) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])",
        &[&bodies.0, &bodies.1, &bodies.2],
    )
    .await?;
    tracking::feed(db, &facts, now, changes).await?;
    notify_events(db, inner, &waiting).await?;
    Ok(moved)
}

fn column<T>(events: &[(usize, &EventRecord)], value: impl Fn(&EventRecord) -> T) -> Vec<T> {
    events.iter().map(|(_, event)| value(event)).collect()
}
