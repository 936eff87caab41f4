//! Queues sends.

use std::collections::HashMap;

use kaleyra_wa_store::Moment;
use kaleyra_wa_store::outbox::{NewSend, Queued, SendId};
use kaleyra_wa_store::tracking::stage_code;

use super::follow;
use super::prove::prove;
use crate::db::{Db, Outcome, get, name};
use crate::tracking;

/// When what waits for something else than a time is due.
pub(super) const NO_TIME: i64 = i64::MAX;

/// The send of this key, and whether it has this content.
async fn known(db: &Db, send: &NewSend) -> Outcome<Option<Queued>> {
    let found = db
        .query_opt(
            "SELECT id, digest = $2 FROM kwa.send WHERE key = $1",
            &[&name(&send.key), &&send.digest.as_bytes()[..]],
        )
        .await?;
    let Some(row) = found else { return Ok(None) };
    let id = SendId::new(get(&row, 0)?);
    let is_same: bool = get(&row, 1)?;
    Ok(Some(if is_same {
        Queued::Known(id)
    } else {
        Queued::Conflict(id)
    }))
}

/// The first that has the key of one that is kept, and another content.
pub(super) async fn conflict(db: &Db, sends: &[NewSend]) -> Outcome<Option<Queued>> {
    let keys: Vec<_> = sends.iter().map(|send| name(&send.key)).collect();
    let digests: Vec<&[u8]> = sends.iter().map(|it| &it.digest.as_bytes()[..]).collect();
    let found = db
        .query_opt(
            "SELECT s.id FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY AS n(key, digest, nth)
               JOIN kwa.send s ON s.key = n.key WHERE s.digest <> n.digest ORDER BY n.nth LIMIT 1",
            &[&keys, &digests],
        )
        .await?;
    let id = found.as_ref().map(|row| get(row, 0)).transpose()?;
    Ok(id.map(SendId::new).map(Queued::Conflict))
}

/// Queues sends, in whatever transaction is open and in this order; those whose key is known are left as they are.
pub(crate) async fn insert_all(db: &Db, sends: &[NewSend], now: Moment) -> Outcome<Vec<Queued>> {
    let mut queued = Vec::with_capacity(sends.len());
    // Those that follow others are looked at one by one: they may follow one of the same batch.
    for run in sends.chunk_by(|a, b| a.follows.is_none() && b.follows.is_none()) {
        queued.extend(insert(db, run, now).await?);
    }
    Ok(queued)
}

/// Queues sends of which only a single one may follow another.
async fn insert(db: &Db, sends: &[NewSend], now: Moment) -> Outcome<Vec<Queued>> {
    let follows = match &sends.first().and_then(|send| send.follows.as_ref()) {
        // One that is not there is not waited for: there is nothing that could ever release this. What lands at the same time waits,
        // and then finds this.
        Some(follows) => {
            let found = db
                .query_opt(
                    "SELECT id FROM kwa.send WHERE key = $1 FOR SHARE",
                    &[&name(&follows.key)],
                )
                .await?;
            let found: Option<i64> = found.as_ref().map(|row| get(row, 0)).transpose()?;
            found.map(|id| (id, stage_code(follows.to)))
        }
        None => None,
    };
    let rows = db
        .query(
            "INSERT INTO kwa.send(key, digest, reference, sender, recipient, conversation, body, fallback, purpose, priority,
                                  not_before, expires_at, next_at, needs_window, queued_at, follows, follows_to)
             SELECT n.key, n.digest, n.reference, n.sender, n.recipient, n.conversation, n.body, n.fallback, n.purpose, n.priority,
                    n.not_before, n.expires_at, coalesce($13::bigint, n.not_before), n.needs_window, $14::bigint, $15::bigint, $16::bigint
               FROM unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bytea[],
                           $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $17::boolean[]) WITH ORDINALITY
                 AS n(key, digest, reference, sender, recipient, conversation, body, fallback, purpose, priority, not_before,
                      expires_at, needs_window, nth)
              ORDER BY n.nth
             ON CONFLICT(key) DO NOTHING RETURNING id, key",
            &[
                &column(sends, |send| name(&send.key)),
                &column(sends, |send| &send.digest.as_bytes()[..]),
                &column(sends, |send| name(&send.reference)),
                &column(sends, |send| name(&send.sender)),
                &column(sends, |send| name(&send.recipient)),
                &column(sends, |send| name(&send.conversation)),
                &column(sends, |send| &send.body[..]),
                &column(sends, |send| send.fallback.as_deref()),
                &column(sends, |send| send.purpose.code()),
                &column(sends, |send| i64::from(send.priority)),
                // Not the time it is now: what is due at once must not wait where the clock goes back.
                &column(sends, |send| send.not_before.as_millis()),
                &column(sends, |send| send.expires_at.map(Moment::as_millis)),
                &follows.map(|_| NO_TIME),
                &now.as_millis(),
                &follows.map(|(id, _)| id),
                &follows.map(|(_, to)| to),
                &column(sends, |send| send.needs_window),
            ],
        )
        .await?;
    let mut ids: HashMap<String, i64> = HashMap::new();
    for row in &rows {
        ids.insert(get(row, 1)?, get(row, 0)?);
    }
    let mut queued = Vec::with_capacity(sends.len());
    let mut new = Vec::new();
    for send in sends {
        // The first of two that have the same key is the new one.
        queued.push(match ids.remove(&*name(&send.key)) {
            Some(id) => {
                new.push(send);
                Queued::New(SendId::new(id))
            }
            None => {
                let known = known(db, send).await?;
                known.ok_or_else(crate::failure::unreadable)?
            }
        });
    }
    tracking::users_wrote(db, &new, now).await?;
    let mut changes = Vec::new();
    // A callback may know of them already, where this store is older than what was sent.
    let references: Vec<_> = new.iter().map(|send| name(&send.reference)).collect();
    let proven = db
        .query(
            "SELECT reference FROM kwa.message WHERE reference = ANY($1) ORDER BY reference",
            &[&references],
        )
        .await?;
    for row in &proven {
        let reference: String = get(row, 0)?;
        prove(db, &reference, now, &mut changes).await?;
    }
    if let Some((follows, _)) = follows
        && !new.is_empty()
    {
        follow::release(db, follows, now, &mut changes).await?;
    }
    Ok(queued)
}

fn column<'a, T>(sends: &'a [NewSend], value: impl Fn(&'a NewSend) -> T) -> Vec<T> {
    sends.iter().map(value).collect()
}
