//! Deletes what is not needed any more.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use crate::Moment;
use crate::inbox::{EventId, EventState, Pruned, Retention};
use crate::sqlite::failure::SqlResult;

/// What one look through a part of the store did.
pub(in crate::sqlite) struct Swept {
    pub(in crate::sqlite) pruned: Pruned,
    /// Where to go on; `None` at the end.
    pub(in crate::sqlite) next: Option<EventId>,
}

/// An event, as far as pruning goes by it.
struct Entry {
    id: i64,
    state: i64,
    settled_at: Option<i64>,
}

/// When something was settled at the latest that may go now.
struct Cutoffs {
    handled: i64,
    dead: i64,
    bodies: i64,
    /// Deliveries that came later have nothing that may go,
    youngest: i64,
    /// unless they came in the future.
    now: i64,
}

impl Cutoffs {
    fn new(retention: &Retention, now: Moment) -> Self {
        let before = |age: Duration| now.before(age).as_millis();
        let shortest = retention.handled.min(retention.bodies).min(retention.dead);
        Self {
            handled: before(retention.handled),
            dead: before(retention.dead),
            bodies: before(retention.bodies),
            youngest: before(shortest),
            now: now.as_millis(),
        }
    }

    fn event_may_go(&self, entry: &Entry) -> bool {
        let Some(settled_at) = entry.settled_at else {
            return false;
        };
        match EventState::from_code(entry.state) {
            Some(EventState::Handled | EventState::Dropped) => settled_at <= self.handled,
            Some(EventState::Dead) => settled_at <= self.dead,
            _ => false,
        }
    }

    fn needs_no_body(&self, entry: &Entry) -> bool {
        let Some(settled_at) = entry.settled_at else {
            return false;
        };
        self.event_may_go(entry)
            || (matches!(
                EventState::from_code(entry.state),
                Some(EventState::Handled | EventState::Dropped)
            ) && settled_at <= self.bodies)
    }
}

/// Looks through the events after `cursor`, delivery by delivery, until so many were deleted. To be called in a
/// transaction.
pub(in crate::sqlite) fn sweep(
    db: &Connection,
    retention: &Retention,
    now: Moment,
    cursor: EventId,
    limit: usize,
) -> SqlResult<Swept> {
    let cutoffs = Cutoffs::new(retention, now);
    let newest: i64 = db
        .prepare_cached("SELECT coalesce(max(id), 0) FROM event")?
        .query_row([], |row| row.get(0))?;
    let mut swept = Swept {
        pruned: Pruned::default(),
        next: Some(cursor),
    };
    loop {
        let left = limit.saturating_sub(count(swept.pruned.events.max(swept.pruned.bodies)));
        let from = swept.next.unwrap_or_default();
        if left == 0 {
            return Ok(swept);
        }
        let Some((delivery, entries)) = next_delivery(db, from)? else {
            swept.next = None;
            swept.pruned.is_done = true;
            return Ok(swept);
        };
        let last = entries.last().map_or(from.get(), |entry| entry.id);
        settle_now(db, &entries, cutoffs.now)?;
        let goes = |entry: &&Entry| cutoffs.event_may_go(entry) && entry.id != newest;
        let going: Vec<i64> = entries.iter().filter(goes).map(|entry| entry.id).collect();
        let needs_no_body = entries.iter().all(|entry| cutoffs.needs_no_body(entry));
        if going.is_empty() && !needs_no_body && came_lately(db, delivery, &cutoffs)? {
            swept.next = None;
            swept.pruned.is_done = true;
            return Ok(swept);
        }
        let is_cut = going.len() > left;
        let mut delete = db.prepare_cached("DELETE FROM event WHERE id = ?1")?;
        for id in going.iter().take(left) {
            delete.execute([id])?;
            swept.pruned.events += 1;
        }
        if is_cut {
            // The rest of this delivery is next.
            return Ok(swept);
        }
        if needs_no_body {
            let mut delete = db.prepare_cached("DELETE FROM delivery WHERE id = ?1")?;
            swept.pruned.bodies += delete.execute([delivery])? as u64;
        }
        swept.next = Some(EventId::new(last));
    }
}

/// The events of the next delivery: they lie side by side.
fn next_delivery(db: &Connection, after: EventId) -> SqlResult<Option<(i64, Vec<Entry>)>> {
    let mut statement = db.prepare_cached(
        "SELECT id, delivery, state, settled_at FROM event NOT INDEXED WHERE id > ?1 ORDER BY id",
    )?;
    let mut rows = statement.query([after.get()])?;
    let mut found: Option<(i64, Vec<Entry>)> = None;
    while let Some(row) = rows.next()? {
        let delivery: i64 = row.get(1)?;
        let entry = Entry {
            id: row.get(0)?,
            state: row.get(2)?,
            settled_at: row.get(3)?,
        };
        match &mut found {
            Some((first, entries)) if *first == delivery => entries.push(entry),
            Some(_) => break,
            None => found = Some((delivery, vec![entry])),
        }
    }
    Ok(found)
}

/// The clock was set back since: what was settled in the future would be kept forever.
fn settle_now(db: &Connection, entries: &[Entry], now: i64) -> SqlResult<()> {
    for entry in entries {
        let is_settled = EventState::from_code(entry.state).is_some_and(|state| !state.is_live());
        if is_settled && entry.settled_at.is_some_and(|settled_at| settled_at > now) {
            let mut settle = db.prepare_cached("UPDATE event SET settled_at = ?2 WHERE id = ?1")?;
            settle.execute((entry.id, now))?;
        }
    }
    Ok(())
}

fn came_lately(db: &Connection, delivery: i64, cutoffs: &Cutoffs) -> SqlResult<bool> {
    let mut find = db.prepare_cached("SELECT received_at FROM delivery WHERE id = ?1")?;
    let received: Option<i64> = find.query_row([delivery], |row| row.get(0)).optional()?;
    Ok(received.is_some_and(|received| received > cutoffs.youngest && received <= cutoffs.now))
}

fn count(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// All of it, chunk by chunk, until so many were deleted.
pub(super) fn prune(
    db: &Connection,
    retention: &Retention,
    now: Moment,
    limit: usize,
) -> SqlResult<Pruned> {
    sweep(db, retention, now, EventId::default(), limit).map(|swept| swept.pruned)
}
