//! Jobs that are committed together, or where that fails, each on its own.

use rusqlite::Connection;

use super::job::{Class, Job};
use crate::crash_point;
use crate::sqlite::failure::{SqlResult, failed, kind};
use crate::{StoreError, StoreErrorKind};

/// A job, and the place that it holds among those that wait.
pub(super) struct Waiting {
    pub(super) job: Box<dyn Job>,
    pub(super) _room: tokio::sync::OwnedSemaphorePermit,
}

/// How the writer stands after a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// All is well. A job may have failed for reasons of its own.
    Well,
    /// The disk is full.
    Full(StoreError),
    /// The connection can't be relied on any more.
    Broken(StoreError),
    /// Nothing could be written, but may be later.
    Refused(StoreError),
}

/// Gives up what is held in reserve, and says whether there was something: for what notes an outcome, where the disk is full.
pub(super) type MakeRoom<'a> = &'a mut dyn FnMut(&Connection) -> bool;

/// Commits all of them at once. Where that fails, each on its own, so that one harms no other.
pub(super) fn commit(db: &Connection, mut batch: Vec<Waiting>, make_room: MakeRoom<'_>) -> After {
    let Err(error) = transaction(db, batch.iter_mut().map(|waiting| &mut waiting.job)) else {
        finish(batch, &Ok(()));
        return After::Well;
    };
    match verdict(&error) {
        After::Well if batch.len() == 1 => {
            finish(batch, &Err(failed(&error)));
            After::Well
        }
        After::Full(_) | After::Well => one_by_one(db, batch, make_room),
        after @ (After::Broken(_) | After::Refused(_)) => {
            finish(batch, &Err(failed(&error)));
            after
        }
    }
}

fn one_by_one(db: &Connection, batch: Vec<Waiting>, make_room: MakeRoom<'_>) -> After {
    let mut worst = After::Well;
    for mut waiting in batch {
        if let After::Broken(error) | After::Refused(error) = &worst {
            waiting.job.finish(Err(error.clone()));
            continue;
        }
        let is_outcome = waiting.job.class() == Class::Outcome;
        let mut outcome = transaction(db, [&mut waiting.job]);
        // What takes something new must not take the room that outcomes need.
        if is_outcome
            && let Err(error) = &outcome
            && kind(error) == StoreErrorKind::Full
            && make_room(db)
        {
            outcome = transaction(db, [&mut waiting.job]);
        }
        if let Err(error) = &outcome {
            let after = verdict(error);
            if after != After::Well {
                worst = after;
            }
        }
        waiting.job.finish(outcome.map_err(|error| failed(&error)));
    }
    worst
}

/// Runs jobs in one transaction, and leaves none open.
fn transaction<'a>(
    db: &Connection,
    jobs: impl IntoIterator<Item = &'a mut Box<dyn Job>>,
) -> SqlResult<()> {
    db.execute_batch("BEGIN IMMEDIATE")?;
    let run = || {
        for job in jobs {
            job.run(db)?;
        }
        crash_point!("store.commit");
        db.execute_batch("COMMIT")
    };
    let outcome = run();
    if outcome.is_err() && !db.is_autocommit() {
        // Where that fails as well, the error before it says why.
        let _ = db.execute_batch("ROLLBACK");
    }
    crash_point!("store.committed");
    outcome
}

fn finish(batch: Vec<Waiting>, outcome: &Result<(), StoreError>) {
    for waiting in batch {
        waiting.job.finish(outcome.clone());
    }
}

fn verdict(error: &rusqlite::Error) -> After {
    let told = failed(error);
    match kind(error) {
        StoreErrorKind::Full => After::Full(told),
        StoreErrorKind::Io | StoreErrorKind::Corrupt => After::Broken(told),
        StoreErrorKind::Busy | StoreErrorKind::ReadOnly => After::Refused(told),
        _ => After::Well,
    }
}
