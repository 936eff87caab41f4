//! Takes sends that may go out: the one place where a send comes to be in flight.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row};

use super::insert::NO_TIME;
use super::land::announce;
use super::{follow, sender};
use crate::outbox::{Cargo, Flight, Flown, Hold, Purpose, Resume, SendId, SendState, Takeoff};
use crate::sqlite::failure::SqlResult;
use crate::sqlite::owner::meta;
use crate::sqlite::{campaign, tracking};
use crate::{Change, Moment};

/// How many sends are looked at in one transaction.
const LOOKED_AT: usize = 1_000;
/// How many are read at once.
const PAGE: usize = 64;
/// The campaigns' place in the index of what is queued, for sends of none.
const OPEN: &str = "campaign IS NULL";

/// A send that is due.
struct Due {
    id: i64,
    reference: String,
    conversation: String,
    recipient: String,
    body: Option<Vec<u8>>,
    fallback: Option<Vec<u8>>,
    params: Option<String>,
    purpose: i64,
    needs_window: bool,
    expires_at: Option<i64>,
    attempt: u32,
}

/// Takes what may fly now, and settles what must not any more.
pub(super) fn fly(
    db: &Connection,
    takeoff: &Takeoff,
    epoch: i64,
    now: Moment,
    changes: &mut Vec<Change>,
) -> SqlResult<Flown> {
    let mut flown = Flown {
        hold: hold(db, takeoff, now)?,
        ..Flown::default()
    };
    if flown.hold.is_some() {
        return Ok(flown);
    }
    let mut looked_at = 0;
    for priority in priorities(db, takeoff)? {
        // Where the last page ended: due at, and id.
        let mut cursor = match takeoff.resume {
            Some(resume) if priority < resume.priority => continue,
            Some(resume) if priority == resume.priority => {
                (resume.next_at.as_millis(), resume.send.get())
            }
            _ => (i64::MIN, 0),
        };
        loop {
            let wanted = takeoff.limit.saturating_sub(flown.flights.len());
            if wanted == 0 || looked_at >= LOOKED_AT {
                flown.is_more = true;
                // Where there is no more room, the next look begins with the most urgent again.
                flown.resume = (wanted > 0).then(|| {
                    Resume::new(
                        priority,
                        Moment::from_millis(cursor.0),
                        SendId::new(cursor.1),
                    )
                });
                return Ok(flown);
            }
            let page = due(db, takeoff, priority, cursor, PAGE, now)?;
            let Some((last, _)) = page.last() else {
                break;
            };
            cursor = *last;
            looked_at += page.len();
            for (_, due) in page {
                if flown.flights.len() >= takeoff.limit {
                    flown.is_more = true;
                    return Ok(flown);
                }
                if !takeoff.busy.contains(&due.conversation) && is_its_turn(db, takeoff, &due, now)?
                {
                    depart(db, takeoff, due, epoch, now, &mut flown, changes)?;
                }
            }
        }
    }
    flown.next_at = next_at(db, takeoff, now)?;
    Ok(flown)
}

fn hold(db: &Connection, takeoff: &Takeoff, now: Moment) -> SqlResult<Option<Hold>> {
    if meta::<i64>(db, "is_restored")?.is_some() {
        return Ok(Some(Hold::Restored));
    }
    if let Some(pause) = sender::pause_of(db, &takeoff.sender, now)? {
        return Ok(Some(Hold::Paused(pause)));
    }
    match takeoff.campaign {
        Some(id) if !campaign::is_running(db, id)? => Ok(Some(Hold::NotRunning)),
        _ => Ok(None),
    }
}

/// The priorities that are queued, the most urgent first: each found by one step in the index.
fn priorities(db: &Connection, takeoff: &Takeoff) -> SqlResult<Vec<i64>> {
    let lane = lane(takeoff);
    let mut find = db.prepare_cached(&format!(
        "SELECT min(priority) FROM send INDEXED BY send_queued
          WHERE state = 0 AND sender = ?1 AND {lane} AND priority > ?2"
    ))?;
    let mut found = Vec::new();
    let mut last = i64::MIN;
    while let Some(priority) =
        find.query_row((&takeoff.sender, last), |row| row.get::<_, Option<i64>>(0))?
    {
        found.push(priority);
        last = priority;
    }
    Ok(found)
}

fn lane(takeoff: &Takeoff) -> String {
    takeoff
        .campaign
        .map_or_else(|| OPEN.to_owned(), |id| format!("campaign = {id}"))
}

type Place = (i64, i64);

fn due(
    db: &Connection,
    takeoff: &Takeoff,
    priority: i64,
    after: Place,
    limit: usize,
    now: Moment,
) -> SqlResult<Vec<(Place, Due)>> {
    let lane = lane(takeoff);
    let mut find = db.prepare_cached(&format!(
        "SELECT next_at, id, reference, conversation, recipient, body, fallback, params, purpose, needs_window,
                expires_at, attempt
           FROM send INDEXED BY send_queued
          WHERE state = 0 AND sender = ?1 AND {lane} AND priority = ?2 AND next_at <= ?3
            AND (next_at, id) > (?4, ?5)
          ORDER BY next_at, id LIMIT ?6"
    ))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let params = (
        &takeoff.sender,
        priority,
        now.as_millis(),
        after.0,
        after.1,
        limit,
    );
    let rows = find.query_map(params, |row| Ok(((row.get(0)?, row.get(1)?), read(row)?)))?;
    rows.collect()
}

fn read(row: &Row<'_>) -> SqlResult<Due> {
    Ok(Due {
        id: row.get(1)?,
        reference: row.get(2)?,
        conversation: row.get(3)?,
        recipient: row.get(4)?,
        body: row.get(5)?,
        fallback: row.get(6)?,
        params: row.get(7)?,
        purpose: row.get(8)?,
        needs_window: row.get(9)?,
        expires_at: row.get(10)?,
        attempt: row.get(11)?,
    })
}

/// Whether nothing of the same conversation is in flight or has to go before. What is meant for a later time, or waits for
/// another send, does not hold up what is due; campaigns don't belong to the conversation.
fn is_its_turn(db: &Connection, takeoff: &Takeoff, due: &Due, now: Moment) -> SqlResult<bool> {
    if takeoff.campaign.is_some() {
        return Ok(true);
    }
    let mut find = db.prepare_cached(
        "SELECT 1 FROM send INDEXED BY send_open
          WHERE state IN (0, 1, 2) AND campaign IS NULL AND conversation = ?1 AND id <> ?2 AND sender = ?3
            AND (state = 1 OR (state = 0 AND id < ?2 AND not_before <= ?4 AND next_at < ?5)) LIMIT 1",
    )?;
    let now = now.as_millis();
    Ok(!find.exists((&due.conversation, due.id, &takeoff.sender, now, NO_TIME))?)
}

fn depart(
    db: &Connection,
    takeoff: &Takeoff,
    due: Due,
    epoch: i64,
    now: Moment,
    flown: &mut Flown,
    changes: &mut Vec<Change>,
) -> SqlResult<()> {
    let mut pass = |state: SendState, reason: &str| -> SqlResult<()> {
        let mut settle = db.prepare_cached(
            "UPDATE send SET state = ?2, landed_at = ?3, reason = ?4 WHERE id = ?1 AND state = 0",
        )?;
        settle.execute((due.id, state.code(), now.as_millis(), reason))?;
        announce(db, due.id, state, changes)?;
        flown.passed += 1;
        follow::release(db, due.id, now, changes)
    };
    if due.expires_at.is_some_and(|at| at <= now.as_millis()) {
        return pass(SendState::Expired, "it was not sent in time");
    }
    if tracking::is_opted_out(db, &takeoff.sender, &due.conversation, due.purpose)? {
        return pass(
            SendState::Skipped,
            "the user opted out of messages for this purpose",
        );
    }
    let is_open = || -> SqlResult<bool> {
        Ok(tracking::conversation(db, &takeoff.sender, &due.conversation)?.is_open(now))
    };
    let mut as_fallback = false;
    let mut is_initiated = !due.needs_window;
    if due.needs_window {
        if !takeoff.assume_open_window && !is_open()? {
            if due.fallback.is_none() {
                return pass(
                    SendState::Skipped,
                    "the 24-hour window is closed, and there is no template in its place",
                );
            }
            as_fallback = true;
            is_initiated = true;
        }
    } else if is_open()? {
        is_initiated = false;
    }
    let mut fly = db.prepare_cached(
        "UPDATE send SET state = 1, attempt = attempt + 1, epoch = ?2, flown_at = ?3, as_fallback = ?4,
                landed_at = NULL, verdict = NULL, http = NULL, code = NULL, reason = NULL
          WHERE id = ?1 AND state = 0",
    )?;
    if fly.execute((due.id, epoch, now.as_millis(), as_fallback))? != 1 {
        return Ok(());
    }
    let body = if as_fallback { due.fallback } else { due.body };
    flown.flights.push(Flight {
        id: SendId::new(due.id),
        attempt: due.attempt + 1,
        reference: due.reference,
        conversation: due.conversation,
        recipient: due.recipient,
        cargo: match body {
            Some(body) => Cargo::Body(Bytes::from(body)),
            None => Cargo::Params(due.params.unwrap_or_default()),
        },
        purpose: Purpose::from_code(due.purpose).unwrap_or_default(),
        expires_at: due.expires_at.map(Moment::from_millis),
        is_initiated,
    });
    Ok(())
}

/// When the next send is due that waits for a time.
fn next_at(db: &Connection, takeoff: &Takeoff, now: Moment) -> SqlResult<Option<Moment>> {
    let lane = lane(takeoff);
    let mut find = db.prepare_cached(&format!(
        "SELECT next_at FROM send INDEXED BY send_queued
          WHERE state = 0 AND sender = ?1 AND {lane} AND priority = ?2 AND next_at > ?3 AND next_at < ?4
          ORDER BY next_at LIMIT 1"
    ))?;
    let mut first: Option<i64> = None;
    for priority in priorities(db, takeoff)? {
        let params = (&takeoff.sender, priority, now.as_millis(), NO_TIME);
        let found: Option<i64> = find.query_row(params, |row| row.get(0)).optional()?;
        first = match (first, found) {
            (Some(first), Some(found)) => Some(first.min(found)),
            (first, found) => first.or(found),
        };
    }
    Ok(first.map(Moment::from_millis))
}
