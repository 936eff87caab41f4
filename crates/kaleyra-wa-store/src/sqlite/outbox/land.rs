//! Notes what became of an attempt, and looks after what is in doubt.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use super::follow;
use super::insert::NO_TIME;
use crate::campaign::CampaignId;
use crate::outbox::{Doubts, Landing, SendId, SendState};
use crate::sqlite::failure::SqlResult;
use crate::{Change, Moment};

/// Which attempt it is that lands.
#[derive(Clone, Copy)]
pub(super) struct Attempt {
    pub(super) send: SendId,
    pub(super) number: u32,
    pub(super) epoch: i64,
}

/// Notes what became of an attempt. Where a callback was faster, its word is kept: an acceptance adds what only the response
/// knew.
pub(super) fn land(
    db: &Connection,
    attempt: Attempt,
    landing: &Landing,
    now: Moment,
    changes: &mut Vec<Change>,
) -> SqlResult<bool> {
    let at = now.as_millis();
    let (id, number, epoch) = (attempt.send.get(), attempt.number, attempt.epoch);
    let (state, changed) = match landing {
        Landing::Accepted { http, message_id } => {
            let mut accept = db.prepare_cached(
                "UPDATE send SET state = 8, landed_at = ?4, verdict = 'accepted', http = ?5, message_id = ?6, code = NULL,
                        reason = NULL
                  WHERE id = ?1 AND attempt = ?2 AND epoch = ?3
                    AND (state IN (1, 2, 8, 13) OR (state = 9 AND verdict = 'proof'))",
            )?;
            let changed = accept.execute((id, number, epoch, at, http, message_id))?;
            (SendState::Accepted, changed)
        }
        Landing::Rejected { http, code, reason } => {
            let mut reject = db.prepare_cached(
                "UPDATE send SET state = 9, landed_at = ?4, verdict = 'rejected', http = ?5, code = ?6, reason = ?7
                  WHERE id = ?1 AND attempt = ?2 AND epoch = ?3 AND state IN (1, 2, 13)",
            )?;
            let changed = reject.execute((id, number, epoch, at, http, code, reason))?;
            (SendState::Rejected, changed)
        }
        Landing::Again {
            next_at,
            http,
            code,
            reason,
        } => {
            let mut again = db.prepare_cached(
                "UPDATE send SET state = 0, next_at = ?4, verdict = 'not_sent', http = ?5, code = ?6, reason = ?7
                  WHERE id = ?1 AND attempt = ?2 AND epoch = ?3 AND state = 1",
            )?;
            let next_at = next_at.as_millis();
            let changed = again.execute((id, number, epoch, next_at, http, code, reason))?;
            (SendState::Queued, changed)
        }
        Landing::Uncertain { http, code, reason } => {
            let mut doubt = db.prepare_cached(
                "UPDATE send SET state = 2, landed_at = ?4, verdict = 'indeterminate', http = ?5, code = ?6, reason = ?7
                  WHERE id = ?1 AND attempt = ?2 AND epoch = ?3 AND state = 1",
            )?;
            let changed = doubt.execute((id, number, epoch, at, http, code, reason))?;
            (SendState::Uncertain, changed)
        }
        Landing::Skipped { reason } => {
            let mut skip = db.prepare_cached(
                "UPDATE send SET state = 10, landed_at = ?4, verdict = 'not_sent', reason = ?5
                  WHERE id = ?1 AND attempt = ?2 AND epoch = ?3 AND state = 1",
            )?;
            let changed = skip.execute((id, number, epoch, at, reason))?;
            (SendState::Skipped, changed)
        }
    };
    if changed == 0 {
        return Ok(false);
    }
    if state != SendState::Queued {
        announce(db, id, state, changes)?;
        follow::release(db, id, now, changes)?;
    }
    Ok(true)
}

/// Tells that a send came to a state.
pub(super) fn announce(
    db: &Connection,
    id: i64,
    state: SendState,
    changes: &mut Vec<Change>,
) -> SqlResult<()> {
    let mut find = db.prepare_cached("SELECT reference, campaign FROM send WHERE id = ?1")?;
    let found = find.query_row([id], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?))
    });
    if let Some((reference, campaign)) = found.optional()? {
        changes.push(Change::Send {
            send: SendId::new(id),
            reference,
            campaign: campaign.map(CampaignId::new),
            state,
        });
    }
    Ok(())
}

/// The longest wait between two attempts: what waits for longer does so because the clock went back.
const LONGEST_WAIT: Duration = Duration::from_secs(2 * 60 * 60);

/// What an earlier process had in flight is uncertain. What callbacks said was noted when they came.
pub(super) fn recover(
    db: &Connection,
    epoch: i64,
    now: Moment,
    changes: &mut Vec<Change>,
) -> SqlResult<Doubts> {
    let mut doubt = db.prepare_cached(
        "UPDATE send INDEXED BY send_doubt
            SET state = 2, landed_at = ?2, verdict = 'indeterminate',
                reason = 'the process ended while it was in flight'
          WHERE state IN (1, 2) AND state = 1 AND epoch IS NOT ?1 RETURNING id",
    )?;
    let ids: Vec<i64> = doubt
        .query_map((epoch, now.as_millis()), |row| row.get(0))?
        .collect::<SqlResult<_>>()?;
    for id in &ids {
        announce(db, *id, SendState::Uncertain, changes)?;
    }
    db.prepare_cached(
        "UPDATE send SET next_at = not_before
          WHERE state = 0 AND attempt > 0 AND next_at > ?1 AND next_at > not_before AND next_at < ?2",
    )?
    .execute(((now + LONGEST_WAIT).as_millis(), NO_TIME))?;
    // What is noted of a time that is still to come was noted before the clock went back: it counts from now.
    db.prepare_cached(
        "UPDATE send INDEXED BY send_doubt SET flown_at = ?1 WHERE state IN (1, 2) AND flown_at > ?1",
    )?
    .execute([now.as_millis()])?;
    db.prepare_cached(
        "UPDATE sender SET paused_until = ?1 + (paused_until - paused_at), paused_at = ?1 WHERE paused_at > ?1",
    )?
    .execute([now.as_millis()])?;
    Ok(Doubts {
        uncertain: ids.len() as u64,
        unresolved: Vec::new(),
    })
}

/// How many are resolved at once.
const CHUNK: i64 = 200;
/// The sends that are compared with one: those that flew so much before or after it.
const NEIGHBOURS: Duration = Duration::from_secs(120);

/// Gives up on what is uncertain for too long, and notes the evidence: that no callback came says little while no callbacks
/// come at all.
pub(super) fn resolve(
    db: &Connection,
    after: Duration,
    now: Moment,
    changes: &mut Vec<Change>,
) -> SqlResult<Doubts> {
    let mut find = db.prepare_cached(
        "SELECT id, flown_at FROM send INDEXED BY send_doubt
          WHERE state IN (1, 2) AND state = 2 AND flown_at <= ?1 ORDER BY flown_at LIMIT ?2",
    )?;
    let late: Vec<(i64, i64)> = find
        .query_map((now.before(after).as_millis(), CHUNK), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<SqlResult<_>>()?;
    let last = last_callback(db)?;
    let mut doubts = Doubts::default();
    for (id, flown_at) in late {
        let reason = evidence(db, id, Moment::from_millis(flown_at), last, now)?;
        let mut settle = db.prepare_cached(
            "UPDATE send SET state = 13, reason = ?2 WHERE id = ?1 AND state = 2",
        )?;
        settle.execute((id, reason))?;
        announce(db, id, SendState::Unresolved, changes)?;
        doubts.unresolved.push(SendId::new(id));
    }
    Ok(doubts)
}

fn evidence(
    db: &Connection,
    id: i64,
    flown_at: Moment,
    last: Option<Moment>,
    now: Moment,
) -> SqlResult<String> {
    let mut count = db.prepare_cached(
        "SELECT count(*), count(m.reference)
           FROM (SELECT reference FROM send INDEXED BY send_flown
                  WHERE flown_at BETWEEN ?1 AND ?2 AND id <> ?3 LIMIT 1000) s
           LEFT JOIN message m ON m.reference = s.reference",
    )?;
    let (from, to) = (flown_at.before(NEIGHBOURS), flown_at + NEIGHBOURS);
    let (others, proven): (i64, i64) = count
        .query_row((from.as_millis(), to.as_millis(), id), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let last = match last {
        Some(last) => format!("the last callback came {} s ago", now.since(last).as_secs()),
        None => "no callback ever came".to_owned(),
    };
    Ok(format!(
        "no callback proves anything; of {others} others sent within 2 minutes of it {proven} have one, and {last}"
    ))
}

/// When something was last noted of a message.
pub(super) fn last_callback(db: &Connection) -> SqlResult<Option<Moment>> {
    let last: Option<i64> = db
        .prepare_cached("SELECT max(changed_at) FROM message")?
        .query_row([], |row| row.get(0))?;
    Ok(last.map(Moment::from_millis))
}
