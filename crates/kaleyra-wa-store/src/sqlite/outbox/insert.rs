//! Queues a send.

use rusqlite::{Connection, OptionalExtension};

use super::follow;
use super::prove::prove;
use crate::Moment;
use crate::outbox::{Digest, NewSend, Queued, SendId};
use crate::sqlite::failure::SqlResult;
use crate::sqlite::tracking;
use crate::tracking::stage_code;

/// When what waits for something else than a time is due.
pub(in crate::sqlite) const NO_TIME: i64 = i64::MAX;

/// The send that has the same key and another content.
pub(super) fn conflict(db: &Connection, send: &NewSend) -> SqlResult<Option<Queued>> {
    let mut find = db.prepare_cached("SELECT id FROM send WHERE key = ?1 AND digest <> ?2")?;
    let found = find.query_row((&send.key, send.digest.as_bytes()), |row| row.get(0));
    Ok(found
        .optional()?
        .map(|id| Queued::Conflict(SendId::new(id))))
}

/// Queues a send, in whatever transaction is open; one whose key is known is left as it is.
pub(in crate::sqlite) fn insert(db: &Connection, send: &NewSend, now: Moment) -> SqlResult<Queued> {
    let mut find = db.prepare_cached("SELECT id, digest FROM send WHERE key = ?1")?;
    let known = find.query_row([&send.key], |row| {
        Ok((SendId::new(row.get(0)?), Digest::from_bytes(row.get(1)?)))
    });
    if let Some((id, digest)) = known.optional()? {
        return Ok(if digest == send.digest {
            Queued::Known(id)
        } else {
            Queued::Conflict(id)
        });
    }
    if let Some(at) = send.user_wrote_at {
        tracking::user_wrote(db, &send.sender, &send.conversation, at, now)?;
    }
    let follows: Option<i64> = match &send.follows {
        // One that is not there is not waited for: there is nothing that could ever release this.
        Some(follows) => db
            .prepare_cached("SELECT id FROM send WHERE key = ?1")?
            .query_row([&follows.key], |row| row.get(0))
            .optional()?,
        None => None,
    };
    let mut insert = db.prepare_cached(
        "INSERT INTO send(key, digest, reference, sender, recipient, conversation, body, fallback, purpose, priority,
                          not_before, expires_at, next_at, needs_window, queued_at, follows, follows_to)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?;
    // Not the time it is now: what is due at once must not wait where the clock goes back.
    let due = send.not_before.as_millis();
    let follows_to = send.follows.as_ref().map(|it| stage_code(it.to));
    insert.execute(rusqlite::params![
        send.key,
        send.digest.as_bytes(),
        send.reference,
        send.sender,
        send.recipient,
        send.conversation,
        &send.body[..],
        send.fallback.as_deref(),
        send.purpose.code(),
        send.priority,
        send.not_before.as_millis(),
        send.expires_at.map(Moment::as_millis),
        if follows.is_some() { NO_TIME } else { due },
        send.needs_window,
        now.as_millis(),
        follows,
        follows.and(follows_to),
    ])?;
    let id = db.last_insert_rowid();
    let mut changes = Vec::new();
    // A callback may know of it already, where this store is older than what was sent.
    prove(db, &send.reference, now, &mut changes)?;
    if let Some(follows) = follows {
        follow::release(db, follows, now, &mut changes)?;
    }
    Ok(Queued::New(SendId::new(id)))
}
