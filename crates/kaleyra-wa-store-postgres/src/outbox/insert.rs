//! Queues a send.

use kaleyra_wa_store::Moment;
use kaleyra_wa_store::outbox::{NewSend, Queued, SendId};
use kaleyra_wa_store::tracking::stage_code;

use super::follow;
use super::prove::prove;
use crate::db::{Db, Outcome, get, text};
use crate::tracking;

/// When what waits for something else than a time is due.
pub(super) const NO_TIME: i64 = i64::MAX;

/// The send of this key, and whether it has this content.
async fn known(db: &Db, send: &NewSend) -> Outcome<Option<Queued>> {
    let found = db
        .query_opt(
            "SELECT id, digest = $2 FROM kwa.send WHERE key = $1",
            &[&text(&send.key), &&send.digest.as_bytes()[..]],
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
    let keys: Vec<_> = sends.iter().map(|send| text(&send.key)).collect();
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

/// Queues a send, in whatever transaction is open; one whose key is known is left as it is.
pub(crate) async fn insert(db: &Db, send: &NewSend, now: Moment) -> Outcome<Queued> {
    let follows: Option<i64> = match &send.follows {
        // One that is not there is not waited for: there is nothing that could ever release this.
        Some(follows) => {
            let found = db
                .query_opt(
                    "SELECT id FROM kwa.send WHERE key = $1",
                    &[&text(&follows.key)],
                )
                .await?;
            found.as_ref().map(|row| get(row, 0)).transpose()?
        }
        None => None,
    };
    // Not the time it is now: what is due at once must not wait where the clock goes back.
    let due = send.not_before.as_millis();
    let follows_to = send.follows.as_ref().map(|it| stage_code(it.to));
    let new = db
        .query_opt(
            "INSERT INTO kwa.send(key, digest, reference, sender, recipient, conversation, body, fallback, purpose, priority,
                                  not_before, expires_at, next_at, needs_window, queued_at, follows, follows_to)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
             ON CONFLICT(key) DO NOTHING RETURNING id",
            &[
                &text(&send.key),
                &&send.digest.as_bytes()[..],
                &text(&send.reference),
                &text(&send.sender),
                &text(&send.recipient),
                &text(&send.conversation),
                &&send.body[..],
                &send.fallback.as_deref(),
                &send.purpose.code(),
                &i64::from(send.priority),
                &due,
                &send.expires_at.map(Moment::as_millis),
                &if follows.is_some() { NO_TIME } else { due },
                &send.needs_window,
                &now.as_millis(),
                &follows,
                &follows.and(follows_to),
            ],
        )
        .await?;
    let Some(row) = new else {
        let known = known(db, send).await?;
        return known.ok_or_else(crate::failure::unreadable);
    };
    let id: i64 = get(&row, 0)?;
    if let Some(at) = send.user_wrote_at {
        tracking::user_wrote(db, &send.sender, &send.conversation, at, now).await?;
    }
    let mut changes = Vec::new();
    // A callback may know of it already, where this store is older than what was sent.
    prove(db, &send.reference, now, &mut changes).await?;
    if let Some(follows) = follows {
        follow::release(db, follows, now, &mut changes).await?;
    }
    Ok(Queued::New(SendId::new(id)))
}
