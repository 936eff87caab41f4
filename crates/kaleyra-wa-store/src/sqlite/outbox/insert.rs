//! Queues a send.

use rusqlite::{Connection, OptionalExtension};

use crate::Moment;
use crate::outbox::{Digest, NewSend, Queued, SendId};
use crate::sqlite::failure::SqlResult;

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
    let mut insert = db.prepare_cached(
        "INSERT INTO send(key, digest, reference, sender, recipient, conversation, body, fallback, purpose, priority,
                          not_before, expires_at, next_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    let not_before = send.not_before.max(now).as_millis();
    let id = insert.insert((
        &send.key,
        send.digest.as_bytes(),
        &send.reference,
        &send.sender,
        &send.recipient,
        &send.conversation,
        &send.body[..],
        send.fallback.as_deref(),
        send.purpose.code(),
        send.priority,
        send.not_before.as_millis(),
        send.expires_at.map(Moment::as_millis),
        not_before,
    ))?;
    Ok(Queued::New(SendId::new(id)))
}
