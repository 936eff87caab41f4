//! What people want done with sends.

use rusqlite::{Connection, OptionalExtension};

use super::follow;
use super::land::announce;
use crate::outbox::{Adoption, SendId, SendState, Wish};
use crate::sqlite::failure::SqlResult;
use crate::{Change, Moment};

fn state_of(db: &Connection, send: SendId) -> SqlResult<Option<SendState>> {
    let mut find = db.prepare_cached("SELECT state FROM send WHERE id = ?1")?;
    let state: Option<i64> = find.query_row([send.get()], |row| row.get(0)).optional()?;
    Ok(state.and_then(SendState::from_code))
}

pub(super) fn cancel(
    db: &Connection,
    send: SendId,
    now: Moment,
    changes: &mut Vec<Change>,
) -> SqlResult<Wish> {
    let mut cancel = db.prepare_cached(
        "UPDATE send SET state = 12, landed_at = ?2, reason = 'it was cancelled' WHERE id = ?1 AND state = 0",
    )?;
    if cancel.execute((send.get(), now.as_millis()))? == 1 {
        announce(db, send.get(), SendState::Cancelled, changes)?;
        follow::release(db, send.get(), now, changes)?;
        return Ok(Wish::Done(send));
    }
    Ok(state_of(db, send)?.map_or(Wish::Unknown, Wish::Refused))
}

/// Another send with the same content, and as much time. What is queued or in flight needs none.
pub(super) fn resend(db: &Connection, send: SendId, now: Moment) -> SqlResult<Wish> {
    match state_of(db, send)? {
        None => return Ok(Wish::Unknown),
        Some(state @ (SendState::Queued | SendState::Flying)) => return Ok(Wish::Refused(state)),
        Some(_) => {}
    }
    let (key, reference): (String, String) = db
        .prepare_cached("SELECT key, reference FROM send WHERE id = ?1")?
        .query_row([send.get()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut insert = db.prepare_cached(
        "INSERT INTO send(key, digest, reference, campaign, line, sender, recipient, conversation, body, fallback, params,
                          purpose, needs_window, priority, queued_at, not_before, expires_at, next_at, retry_of)
         SELECT ?2, digest, ?3, campaign, line, sender, recipient, conversation, body, fallback, params,
                purpose, needs_window, priority, ?4, 0, ?4 + (expires_at - max(queued_at, not_before)), 0, id
           FROM send WHERE id = ?1 ON CONFLICT DO NOTHING",
    )?;
    // A reference has 255 characters at most, and this one must not be cut.
    let short: String = reference.chars().take(240).collect();
    for number in 2..=1_000 {
        let new = (
            send.get(),
            format!("{}#{number}", base(&key)),
            format!("{}#{number}", base(&short)),
            now.as_millis(),
        );
        if insert.execute(new)? == 1 {
            let id = db.last_insert_rowid();
            db.prepare_cached(
                "INSERT INTO campaign_count(campaign, state, n)
                 SELECT campaign, 0, 1 FROM send WHERE id = ?1 AND campaign IS NOT NULL
                 ON CONFLICT(campaign, state) DO UPDATE SET n = n + 1",
            )?
            .execute([id])?;
            return Ok(Wish::Done(SendId::new(id)));
        }
    }
    Ok(Wish::Refused(
        state_of(db, send)?.unwrap_or(SendState::Unresolved),
    ))
}

/// The name without the number of an earlier copy.
fn base(name: &str) -> &str {
    match name.rsplit_once('#') {
        Some((base, number))
            if !base.is_empty()
                && !number.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            base
        }
        _ => name,
    }
}

/// Takes a restored store into use again.
pub(super) fn adopt(db: &Connection, adoption: Adoption, now: Moment) -> SqlResult<u64> {
    let doubtful = match adoption {
        Adoption::Queued => 0,
        Adoption::Uncertain => db
            .prepare_cached(
                "UPDATE send SET state = 2, flown_at = ?1, landed_at = ?1, verdict = 'indeterminate',
                        reason = 'it may have been sent after the backup that this store was restored from'
                  WHERE state = 0",
            )?
            .execute([now.as_millis()])?,
    };
    db.execute("DELETE FROM meta WHERE name = 'is_restored'", [])?;
    Ok(doubtful as u64)
}
