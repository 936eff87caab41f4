//! Notes what became of events.

use rusqlite::{Connection, OptionalExtension};

use crate::Moment;
use crate::inbox::{EventId, Recovered, Settlement};
use crate::sqlite::failure::SqlResult;
use crate::sqlite::outbox;

/// What is noted of an event whose handler ended the process.
const ENDED_DURING_IT: &str = "the process ended during the attempt";
/// What is kept of a failure, in characters.
const FAILURE_CHARS: usize = 1_000;

/// What settling did.
pub(super) struct Settled {
    /// Whether the event was still at this attempt.
    pub(super) is_done: bool,
    /// How many sends were queued.
    pub(super) sends: usize,
}

pub(super) fn take(db: &Connection, event: EventId) -> SqlResult<Option<u32>> {
    // Two statements, since SQLite makes a table of its own for what `RETURNING` gives.
    let mut find = db.prepare_cached("SELECT attempt FROM event WHERE id = ?1 AND state = 0")?;
    let before: Option<u32> = find.query_row([event.get()], |row| row.get(0)).optional()?;
    let Some(before) = before else {
        return Ok(None);
    };
    let attempt = before.saturating_add(1);
    let mut take = db.prepare_cached(
        "UPDATE event SET state = 1, attempt = ?2, settled_at = NULL WHERE id = ?1",
    )?;
    take.execute((event.get(), attempt))?;
    Ok(Some(attempt))
}

pub(super) fn settle(
    db: &Connection,
    event: EventId,
    attempt: u32,
    settlement: &Settlement,
    now: Moment,
) -> SqlResult<Settled> {
    let mut settled = Settled {
        is_done: false,
        sends: 0,
    };
    let id = event.get();
    let changed = match settlement {
        Settlement::Handled { sends } => {
            let mut handled = db.prepare_cached(
                "UPDATE event SET state = 8, failure = NULL, settled_at = ?3
                  WHERE id = ?1 AND state = 1 AND attempt = ?2",
            )?;
            let changed = handled.execute((id, attempt, now.as_millis()))?;
            if changed == 1 {
                for send in sends {
                    let queued = outbox::insert(db, send, now)?;
                    settled.sends += usize::from(matches!(queued, crate::outbox::Queued::New(_)));
                }
            }
            changed
        }
        Settlement::Again {
            due_at,
            wait,
            failure,
        } => {
            let mut again = db.prepare_cached(
                "UPDATE event SET state = 0, due_at = ?3, waited = ?4, failure = ?5
                  WHERE id = ?1 AND state = 1 AND attempt = ?2",
            )?;
            let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
            again.execute((id, attempt, due_at.as_millis(), wait, cut(failure)))?
        }
        Settlement::Dead { failure } => {
            let mut dead = db.prepare_cached(
                "UPDATE event SET state = 9, failure = ?3, settled_at = ?4
                  WHERE id = ?1 AND state = 1 AND attempt = ?2",
            )?;
            dead.execute((id, attempt, cut(failure), now.as_millis()))?
        }
    };
    settled.is_done = changed == 1;
    Ok(settled)
}

pub(super) fn recover(db: &Connection, attempts: u32, now: Moment) -> SqlResult<Recovered> {
    let dead = db
        .prepare_cached(
            "UPDATE event INDEXED BY event_running SET state = 9, failure = ?2, settled_at = ?3
              WHERE state = 1 AND attempt >= ?1",
        )?
        .execute((attempts, ENDED_DURING_IT, now.as_millis()))?;
    let again = db
        .prepare_cached(
            "UPDATE event INDEXED BY event_running SET state = 0, due_at = 0, failure = ?1 WHERE state = 1",
        )?
        .execute([ENDED_DURING_IT])?;
    Ok(Recovered {
        again: again as u64,
        dead: dead as u64,
    })
}

pub(super) fn requeue(db: &Connection, event: EventId, now: Moment) -> SqlResult<bool> {
    let mut requeue = db.prepare_cached(
        "UPDATE event SET state = 0, attempt = 0, due_at = 0, waited = NULL, failure = NULL, settled_at = ?2
          WHERE id = ?1 AND state >= 8 AND EXISTS (SELECT 1 FROM delivery WHERE id = event.delivery)",
    )?;
    Ok(requeue.execute((event.get(), now.as_millis()))? == 1)
}

pub(super) fn discard(db: &Connection, event: EventId, now: Moment) -> SqlResult<bool> {
    let mut discard = db.prepare_cached(
        "UPDATE event SET state = 10, settled_at = ?2 WHERE id = ?1 AND state IN (0, 1, 9)",
    )?;
    Ok(discard.execute((event.get(), now.as_millis()))? == 1)
}

/// The beginning says most.
fn cut(failure: &str) -> &str {
    match failure.char_indices().nth(FAILURE_CHARS) {
        Some((end, _)) => &failure[..end],
        None => failure,
    }
}
