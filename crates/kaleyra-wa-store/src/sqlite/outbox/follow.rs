//! Sends that wait for another one.

use kaleyra_wa_types::inbound::Stage;
use rusqlite::{Connection, OptionalExtension};

use super::insert::NO_TIME;
use crate::outbox::{SendId, SendState};
use crate::sqlite::failure::SqlResult;
use crate::sqlite::tracking::progress;
use crate::tracking::stage_code;
use crate::{Change, Moment};

/// Lets go what waits for this send where that has got far enough, and gives up what it waits for in vain.
pub(super) fn release(
    db: &Connection,
    send: i64,
    now: Moment,
    changes: &mut Vec<Change>,
) -> SqlResult<()> {
    let mut any = db.prepare_cached(
        "SELECT 1 FROM send INDEXED BY send_follows WHERE follows = ?1 AND state = 0 AND next_at = ?2 LIMIT 1",
    )?;
    if !any.exists((send, NO_TIME))? {
        return Ok(());
    }
    let mut find = db.prepare_cached("SELECT state, reference FROM send WHERE id = ?1")?;
    let found: Option<(i64, String)> = find
        .query_row([send], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (state, progress) = match found {
        Some((state, reference)) => (SendState::from_code(state), progress(db, &reference)?),
        None => (None, None),
    };
    let (reached, failure) = progress.unwrap_or_default();
    let reached = match state {
        Some(SendState::Accepted) => Some(reached.unwrap_or(Stage::Accepted)),
        _ => reached,
    };
    if let Some(reached) = reached {
        let mut release = db.prepare_cached(
            "UPDATE send SET next_at = not_before
              WHERE follows = ?1 AND state = 0 AND next_at = ?3 AND follows_to <= ?2",
        )?;
        release.execute((send, stage_code(reached), NO_TIME))?;
    }
    let is_over = match state {
        Some(SendState::Queued | SendState::Flying | SendState::Uncertain) => false,
        // A late proof may still come.
        Some(SendState::Unresolved) => false,
        Some(SendState::Accepted) => {
            failure.is_some() && reached.is_none_or(|reached| reached < Stage::Delivered)
        }
        _ => true,
    };
    if is_over {
        give_up(db, send, now, changes)?;
    }
    Ok(())
}

fn give_up(db: &Connection, send: i64, now: Moment, changes: &mut Vec<Change>) -> SqlResult<()> {
    let mut skip = db.prepare_cached(
        "UPDATE send SET state = 10, landed_at = ?2, reason = 'the message that it follows did not get there'
          WHERE follows = ?1 AND state = 0 AND next_at = ?3 RETURNING id, reference",
    )?;
    let rows = skip.query_map((send, now.as_millis(), NO_TIME), |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    })?;
    let skipped: Vec<_> = rows.collect::<SqlResult<_>>()?;
    for (id, reference) in skipped {
        changes.push(Change::Send {
            send: SendId::new(id),
            reference,
            campaign: None,
            state: SendState::Skipped,
        });
        release(db, id, now, changes)?;
    }
    Ok(())
}
