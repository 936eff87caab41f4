//! Takes sends that may go out: the one place where a send comes to be in flight.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use bytes::Bytes;
use kaleyra_wa_store::campaign::CampaignId;
use kaleyra_wa_store::outbox::{
    Cargo, Flight, Flown, Hold, Purpose, Resume, SendId, SendState, Takeoff,
};
use kaleyra_wa_store::{Change, Moment, StoreError, StoreErrorKind};
use tokio_postgres::Row;

use super::insert::NO_TIME;
use super::land::{announce, doubt, recover};
use super::looks::{Look, Seat};
use super::sender::Lease;
use super::{follow, sender};
use crate::db::{Db, Outcome, as_i64, get, moment, name, small};
use crate::store::Inner;
use crate::{campaign, tracking};

/// How many sends are looked at in one transaction.
const LOOKED_AT: usize = 1_000;
/// How soon a lease is seen to that has to be.
const RENEWED: Duration = Duration::from_secs(1);
/// How many are read with their bodies at once.
const PAGE: usize = 64;

/// Where a send stands in the line.
struct Place {
    next_at: i64,
    id: i64,
    conversation: String,
    is_its_turn: bool,
}

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
    refusals: u32,
    ready_at: Moment,
}

/// Takes what may fly now, and settles what must not any more.
pub(super) async fn fly(
    db: &Db,
    inner: &Inner,
    takeoff: &Takeoff,
    look: &mut Look<'_>,
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<Flown> {
    let departure = Departure {
        epoch: inner.me(),
        claim: look.claim,
        now,
    };
    let mut flown = Flown::default();
    let lease = sender::lease(db, inner, &takeoff.sender, departure.epoch).await?;
    match lease {
        Lease::Held => {}
        Lease::TakenOver => {
            recover(db, &inner.all_mine(), now, changes).await?;
        }
        Lease::Elsewhere => {
            look.take_seat(Seat::Elsewhere);
            flown.hold = Some(Hold::Elsewhere);
            return Ok(flown);
        }
        Lease::Unknown => {
            flown.hold = Some(Hold::Elsewhere);
            // In a moment.
            flown.next_at = Some(now + RENEWED);
            return Ok(flown);
        }
    }
    look.put_back(db).await?;
    let seat = look.seat();
    look.take_seat(Seat::Ours);
    if seat == Seat::Elsewhere || (matches!(lease, Lease::TakenOver) && seat == Seat::Ours) {
        // Another process sent in between: what the outbox remembers of what was sent is too little.
        flown.has_taken_over = true;
        flown.is_more = true;
        return Ok(flown);
    }
    flown.hold = hold(db, takeoff, now).await?;
    if flown.hold.is_some() {
        return Ok(flown);
    }
    let mut looked_at = 0;
    // The conversations of which something was passed over in this look: the next of each may have its turn.
    let mut passed = HashSet::new();
    for priority in priorities(db, takeoff).await? {
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
                    let next_at = Moment::from_millis(cursor.0);
                    Resume::new(priority, next_at, SendId::new(cursor.1))
                });
                return Ok(flown);
            }
            let limit = LOOKED_AT - looked_at;
            let page = in_line(db, takeoff, priority, cursor, limit, now).await?;
            let Some(last) = page.last() else { break };
            cursor = (last.next_at, last.id);
            looked_at += page.len();
            for some in page.chunks(PAGE) {
                let is_free = |place: &&Place| !takeoff.busy.contains(&place.conversation);
                let next = some.iter().filter(|it| it.is_its_turn).filter(is_free);
                let next: Vec<i64> = next.map(|place| place.id).collect();
                let mut next = due(db, &next).await?;
                for place in some.iter().filter(is_free) {
                    if flown.flights.len() >= takeoff.limit {
                        flown.is_more = true;
                        return Ok(flown);
                    }
                    let due = if place.is_its_turn {
                        next.remove(&place.id)
                    } else if passed.contains(&place.conversation)
                        && is_its_turn(db, takeoff, place, now).await?
                    {
                        due(db, &[place.id]).await?.remove(&place.id)
                    } else {
                        None
                    };
                    let Some(due) = due else { continue };
                    let before = flown.passed;
                    depart(db, takeoff, due, departure, &mut flown, changes).await?;
                    if flown.passed > before {
                        passed.insert(place.conversation.clone());
                    }
                }
            }
        }
    }
    flown.next_at = next_at(db, takeoff, now).await?;
    Ok(flown)
}

/// Leaves the number to others. What this process has in flight is in doubt: it does not wait for it any more.
pub(super) async fn end(
    db: &Db,
    inner: &Inner,
    sender: &str,
    look: &mut Look<'_>,
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<()> {
    let me = inner.me();
    match sender::lease(db, inner, sender, me).await? {
        Lease::Held => {
            look.put_back(db).await?;
            doubt(db, sender, me, now, changes).await?;
        }
        // Nobody had it, and nobody is to have it for this.
        Lease::TakenOver => {}
        Lease::Elsewhere => return Ok(()),
        Lease::Unknown => {
            let detail = "the lease was lost: try again";
            return Err(StoreError::new(StoreErrorKind::Io, detail));
        }
    }
    db.execute(
        "DELETE FROM kwa.sender_lease WHERE sender = $1 AND worker = $2",
        &[&name(sender), &me],
    )
    .await
    .map(drop)
}

async fn hold(db: &Db, takeoff: &Takeoff, now: Moment) -> Outcome<Option<Hold>> {
    if super::query::is_restored(db).await? {
        return Ok(Some(Hold::Restored));
    }
    if let Some(pause) = sender::pause_of(db, &takeoff.sender, now).await? {
        return Ok(Some(Hold::Paused(pause)));
    }
    match takeoff.campaign {
        Some(id) if !campaign::is_running(db, id).await? => Ok(Some(Hold::NotRunning)),
        _ => Ok(None),
    }
}

/// Of which campaign, or of none: the condition, with the campaign as parameter $2. There are two texts of each statement, however
/// many campaigns there are.
fn lane(takeoff: &Takeoff) -> (&'static str, Option<i64>) {
    match takeoff.campaign {
        Some(id) => ("campaign = $2::bigint", Some(id.get())),
        None => ("campaign IS NULL AND $2::bigint IS NULL", None),
    }
}

/// The priorities that are queued, the most urgent first: each found by one step in the index.
async fn priorities(db: &Db, takeoff: &Takeoff) -> Outcome<Vec<i64>> {
    let (lane, campaign) = lane(takeoff);
    let sql = format!(
        "SELECT min(priority) FROM kwa.send WHERE state = 0 AND sender = $1 AND {lane} AND priority > $3"
    );
    let (mut found, mut last) = (Vec::new(), i64::MIN);
    loop {
        let row = db
            .query_one(&sql, &[&name(&takeoff.sender), &campaign, &last])
            .await?;
        let Some(priority) = get::<Option<i64>>(&row, 0)? else {
            return Ok(found);
        };
        found.push(priority);
        last = priority;
    }
}

/// Of the conversations `c`, the send that has its turn, or none: nothing of the conversation is in flight, and nothing goes before.
/// What is meant for a later time, or waits for another send, does not hold up what is due. Parameters are the sender, the time and
/// [`NO_TIME`]. A conversation can have thousands that wait, so each is looked at from its beginning, and only what is in flight anyway.
const HEADS: &str = "SELECT c.conversation,
        CASE WHEN c.conversation IN (SELECT f.conversation FROM kwa.send f
                WHERE f.state IN (1, 2) AND f.state = 1 AND f.campaign IS NULL AND f.sender = $1) THEN NULL
             ELSE (SELECT b.id FROM kwa.send b
                WHERE b.state IN (0, 1, 2) AND b.campaign IS NULL AND b.conversation = c.conversation AND b.sender = $1
                  AND b.state = 0 AND b.not_before <= $2 AND b.next_at < $3 ORDER BY b.conversation, b.id LIMIT 1) END AS id";

/// What is due after a place in the line, so many at most: all of one page by one statement. Campaigns don't belong to the
/// conversation: each of theirs has its turn.
async fn in_line(
    db: &Db,
    takeoff: &Takeoff,
    priority: i64,
    after: (i64, i64),
    limit: usize,
    now: Moment,
) -> Outcome<Vec<Place>> {
    let page = |lane: &str| {
        format!(
            "SELECT next_at, id, conversation FROM kwa.send
              WHERE state = 0 AND sender = $1 AND {lane} AND priority = $5 AND next_at <= $2 AND (next_at, id) > ($6, $7)
              ORDER BY next_at, id LIMIT $8"
        )
    };
    let sql = match takeoff.campaign {
        Some(_) => format!(
            "SELECT next_at, id, conversation, true FROM ({}) s ORDER BY next_at, id",
            page("campaign = $4::bigint AND $3::bigint IS NOT NULL")
        ),
        None => format!(
            "WITH page AS MATERIALIZED ({}),
                  heads AS MATERIALIZED ({HEADS} FROM (SELECT DISTINCT conversation FROM page) c)
             SELECT p.next_at, p.id, p.conversation, p.id IS NOT DISTINCT FROM h.id
               FROM page p JOIN heads h USING (conversation) ORDER BY p.next_at, p.id",
            page("campaign IS NULL AND $4::bigint IS NULL")
        ),
    };
    let rows = db
        .query(
            &sql,
            &[
                &name(&takeoff.sender),
                &now.as_millis(),
                &NO_TIME,
                &takeoff.campaign.map(CampaignId::get),
                &priority,
                &after.0,
                &after.1,
                &as_i64(limit),
            ],
        )
        .await?;
    let place = |row: &Row| {
        Ok(Place {
            next_at: get(row, 0)?,
            id: get(row, 1)?,
            conversation: get(row, 2)?,
            is_its_turn: get(row, 3)?,
        })
    };
    rows.iter().map(place).collect()
}

/// Whether a place has its turn now, after something before it was passed over.
async fn is_its_turn(db: &Db, takeoff: &Takeoff, place: &Place, now: Moment) -> Outcome<bool> {
    let sql = format!("{HEADS} FROM (VALUES ($4::text)) AS c(conversation)");
    let sender = name(&takeoff.sender);
    let head = db
        .query_one(
            &sql,
            &[&sender, &now.as_millis(), &NO_TIME, &place.conversation],
        )
        .await?;
    Ok(get::<Option<i64>>(&head, 1)? == Some(place.id))
}

/// The whole of these.
async fn due(db: &Db, sends: &[i64]) -> Outcome<HashMap<i64, Due>> {
    if sends.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = db
        .query(
            "SELECT id, reference, conversation, recipient, body, fallback, params, purpose, needs_window,
                    expires_at, attempt, refusals, GREATEST(queued_at, not_before)
               FROM kwa.send WHERE id = ANY($1) AND state = 0",
            &[&sends],
        )
        .await?;
    let due = |row: &Row| {
        let due = read(row)?;
        Ok((due.id, due))
    };
    rows.iter().map(due).collect()
}

fn read(row: &Row) -> Outcome<Due> {
    Ok(Due {
        id: get(row, 0)?,
        reference: get(row, 1)?,
        conversation: get(row, 2)?,
        recipient: get(row, 3)?,
        body: get(row, 4)?,
        fallback: get(row, 5)?,
        params: get(row, 6)?,
        purpose: get(row, 7)?,
        needs_window: get(row, 8)?,
        expires_at: get(row, 9)?,
        attempt: small(row, 10)?,
        refusals: small(row, 11)?,
        ready_at: moment(row, 12)?,
    })
}

/// By whom, in which look and when.
#[derive(Clone, Copy)]
struct Departure {
    epoch: i64,
    claim: i64,
    now: Moment,
}

async fn depart(
    db: &Db,
    takeoff: &Takeoff,
    due: Due,
    Departure { epoch, claim, now }: Departure,
    flown: &mut Flown,
    changes: &mut Vec<Change>,
) -> Outcome<()> {
    if due.expires_at.is_some_and(|at| at <= now.as_millis()) {
        let reason = (SendState::Expired, "it was not sent in time");
        return pass(db, due.id, reason, now, flown, changes).await;
    }
    if tracking::is_opted_out(db, &takeoff.sender, &due.conversation, due.purpose).await? {
        let reason = "the user opted out of messages for this purpose";
        let reason = (SendState::Skipped, reason);
        return pass(db, due.id, reason, now, flown, changes).await;
    }
    let is_open = tracking::conversation(db, &takeoff.sender, &due.conversation)
        .await?
        .is_open(now);
    let as_fallback = due.needs_window && !takeoff.assume_open_window && !is_open;
    if as_fallback && due.fallback.is_none() {
        let reason = "the 24-hour window is closed, and there is no template in its place";
        let reason = (SendState::Skipped, reason);
        return pass(db, due.id, reason, now, flown, changes).await;
    }
    let is_initiated = as_fallback || (!due.needs_window && !is_open);
    let flying = db
        .execute(
            "UPDATE kwa.send SET state = 1, attempt = attempt + 1, epoch = $2, flown_at = $3, as_fallback = $4, claim = $5,
                    landed_at = NULL, verdict = NULL, http = NULL, code = NULL, reason = NULL
              WHERE id = $1 AND state = 0",
            &[&due.id, &epoch, &now.as_millis(), &as_fallback, &claim],
        )
        .await?;
    if flying != 1 {
        return Ok(());
    }
    let body = if as_fallback { due.fallback } else { due.body };
    let mut flight = Flight::default();
    flight.id = SendId::new(due.id);
    flight.attempt = due.attempt + 1;
    flight.refusals = due.refusals;
    flight.ready_at = due.ready_at;
    flight.reference = due.reference;
    flight.conversation = due.conversation;
    flight.recipient = due.recipient;
    flight.cargo = match body {
        Some(body) => Cargo::Body(Bytes::from(body)),
        None => Cargo::Params(due.params.unwrap_or_default()),
    };
    flight.purpose = Purpose::from_code(due.purpose).unwrap_or_default();
    flight.expires_at = due.expires_at.map(Moment::from_millis);
    flight.is_initiated = is_initiated;
    flown.flights.push(flight);
    Ok(())
}

/// Settles what must not be sent any more.
async fn pass(
    db: &Db,
    id: i64,
    (state, reason): (SendState, &str),
    now: Moment,
    flown: &mut Flown,
    changes: &mut Vec<Change>,
) -> Outcome<()> {
    let passed = db
        .execute(
            "UPDATE kwa.send SET state = $2, landed_at = $3, reason = $4 WHERE id = $1 AND state = 0",
            &[&id, &state.code(), &now.as_millis(), &reason],
        )
        .await?;
    if passed == 0 {
        // Somebody else decided about it a moment ago: cancelled it, or noted a proof.
        return Ok(());
    }
    flown.passed += 1;
    announce(db, id, state, changes).await?;
    follow::release(db, id, now, changes).await
}

/// When the next send is due that waits for a time.
async fn next_at(db: &Db, takeoff: &Takeoff, now: Moment) -> Outcome<Option<Moment>> {
    let (lane, campaign) = lane(takeoff);
    let sql = format!(
        "SELECT next_at FROM kwa.send
          WHERE state = 0 AND sender = $1 AND {lane} AND priority = $3 AND next_at > $4 AND next_at < $5
          ORDER BY next_at LIMIT 1"
    );
    let mut first: Option<i64> = None;
    for priority in priorities(db, takeoff).await? {
        let sender = name(&takeoff.sender);
        let found = db
            .query_opt(
                &sql,
                &[&sender, &campaign, &priority, &now.as_millis(), &NO_TIME],
            )
            .await?;
        if let Some(row) = found {
            let found = get(&row, 0)?;
            first = Some(first.map_or(found, |first| first.min(found)));
        }
    }
    Ok(first.map(Moment::from_millis))
}
