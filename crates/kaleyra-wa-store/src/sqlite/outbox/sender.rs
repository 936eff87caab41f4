//! What is noted of senders and of what users want.

use rusqlite::{Connection, OptionalExtension, Row};

use crate::outbox::{Pause, Purpose};
use crate::sqlite::failure::SqlResult;
use crate::sqlite::owner::meta;
use crate::{Change, Moment};

/// A number as callbacks write it.
pub(in crate::sqlite) fn digits(sender: &str) -> String {
    sender.chars().filter(char::is_ascii_digit).collect()
}

/// Pauses a sender. A pause that somebody has to end is not made shorter by one that ends by itself.
pub(in crate::sqlite) fn pause(
    db: &Connection,
    sender: &str,
    why: &str,
    until: Option<Moment>,
    now: Moment,
    changes: &mut Vec<Change>,
) -> SqlResult<()> {
    let before = pause_of(db, sender, now)?;
    if let Some(before) = &before
        && before
            .until
            .is_none_or(|end| until.is_some_and(|until| until <= end))
        && (before.why == why || until.is_some())
    {
        return Ok(());
    }
    let mut upsert = db.prepare_cached(
        "INSERT INTO sender(sender, paused_at, paused_until, why) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT(sender) DO UPDATE SET paused_at = ?2, paused_until = ?3, why = ?4",
    )?;
    upsert.execute((sender, now.as_millis(), until.map(Moment::as_millis), why))?;
    changes.push(Change::SenderPaused {
        why: why.to_owned(),
        until,
    });
    Ok(())
}

pub(super) fn resume(
    db: &Connection,
    sender: &str,
    now: Moment,
    changes: &mut Vec<Change>,
) -> SqlResult<bool> {
    let was_paused = pause_of(db, sender, now)?.is_some();
    db.prepare_cached("DELETE FROM sender WHERE sender = ?1")?
        .execute([sender])?;
    if was_paused {
        changes.push(Change::SenderResumed);
    }
    Ok(was_paused)
}

/// The pause of a sender, while it lasts.
pub(super) fn pause_of(db: &Connection, sender: &str, now: Moment) -> SqlResult<Option<Pause>> {
    let mut find = db.prepare_cached(
        "SELECT sender, paused_at, paused_until, why FROM sender WHERE sender = ?1 AND paused_at IS NOT NULL",
    )?;
    let found = find.query_row([sender], read).optional()?;
    Ok(found.filter(|pause| pause.until.is_none_or(|until| now < until)))
}

/// Why a sender sends nothing: by a pause, or since nobody has adopted the store after it was restored.
pub(super) fn hold_of(db: &Connection, sender: &str, now: Moment) -> SqlResult<Option<Pause>> {
    if meta::<i64>(db, "is_restored")?.is_none() {
        return pause_of(db, sender, now);
    }
    Ok(Some(Pause {
        sender: sender.to_owned(),
        why: "the store was restored from a backup, and what is queued may have been sent since: adopt it first"
            .to_owned(),
        since: now,
        until: None,
    }))
}

/// All pauses that last.
pub(super) fn pauses(db: &Connection, now: Moment) -> SqlResult<Vec<Pause>> {
    let mut find = db.prepare_cached(
        "SELECT sender, paused_at, paused_until, why FROM sender WHERE paused_at IS NOT NULL ORDER BY sender",
    )?;
    let found: Vec<Pause> = find.query_map([], read)?.collect::<SqlResult<_>>()?;
    let lasts = |pause: &Pause| pause.until.is_none_or(|until| now < until);
    Ok(found.into_iter().filter(lasts).collect())
}

fn read(row: &Row<'_>) -> SqlResult<Pause> {
    Ok(Pause {
        sender: row.get(0)?,
        since: Moment::from_millis(row.get(1)?),
        until: row.get::<_, Option<i64>>(2)?.map(Moment::from_millis),
        why: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
    })
}

/// What was said last counts; of what was said at the same moment, the no.
pub(in crate::sqlite) fn set_opt_out(
    db: &Connection,
    sender: &str,
    conversation: &str,
    (purpose, is_out): (Purpose, bool),
    at: Moment,
    source: &str,
) -> SqlResult<()> {
    let mut upsert = db.prepare_cached(
        "INSERT INTO opt_out(sender, conversation, purpose, is_out, since, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT(sender, conversation, purpose) DO UPDATE
            SET is_out = excluded.is_out, since = excluded.since, source = excluded.source
          WHERE excluded.since > since OR (excluded.since = since AND excluded.is_out > is_out)",
    )?;
    upsert.execute((
        digits(sender),
        conversation,
        purpose.code(),
        is_out,
        at.as_millis(),
        source,
    ))?;
    Ok(())
}
