//! Notes what became of an attempt, and looks after what is in doubt.

use std::time::Duration;

use kaleyra_wa_store::campaign::CampaignId;
use kaleyra_wa_store::outbox::{Doubts, Landing, SendId, SendState};
use kaleyra_wa_store::{Change, Moment};

use super::follow;
use super::insert::NO_TIME;
use crate::db::{Db, Outcome, Params, get, maybe_moment, name, text};

/// Which attempt it is that lands, and the numbers of the process that makes it.
pub(super) struct Attempt {
    pub(super) send: SendId,
    pub(super) number: u32,
    pub(super) epochs: Vec<i64>,
}

/// Notes what became of an attempt. Where a callback was faster, its word is kept: an acceptance adds what only the response
/// knew.
pub(super) async fn land(
    db: &Db,
    attempt: &Attempt,
    landing: &Landing,
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<bool> {
    const THIS: &str = "WHERE id = $1 AND attempt = $2 AND epoch = ANY($3)";
    let at = now.as_millis();
    let (id, number) = (attempt.send.get(), i64::from(attempt.number));
    let epochs = &attempt.epochs;
    let status = |http: &Option<u16>| http.map(i64::from);
    let maybe = |it: &Option<String>| it.as_deref().map(|it| text(it).into_owned());
    let run = async |set: &str, states: &str, params: Params<'_>| {
        db.execute(
            &format!("UPDATE kwa.send SET {set} {THIS} AND {states}"),
            params,
        )
        .await
    };
    let (state, changed) = match landing {
        Landing::Accepted { http, message_id } => {
            let set = "state = 8, landed_at = $4, verdict = 'accepted', http = $5, message_id = $6, code = NULL, reason = NULL";
            let states = "(state IN (1, 2, 8, 13) OR (state = 9 AND verdict = 'proof'))";
            let params: Params<'_> =
                &[&id, &number, epochs, &at, &status(http), &maybe(message_id)];
            (SendState::Accepted, run(set, states, params).await?)
        }
        Landing::Rejected { http, code, reason } => {
            let set = "state = 9, landed_at = $4, verdict = 'rejected', http = $5, code = $6, reason = $7";
            let params: Params<'_> = &[
                &id,
                &number,
                epochs,
                &at,
                &status(http),
                &maybe(code),
                &text(reason),
            ];
            let states = "state IN (1, 2, 13)";
            (SendState::Rejected, run(set, states, params).await?)
        }
        Landing::Again {
            next_at,
            is_refusal,
            http,
            code,
            reason,
        } => {
            let set = "state = 0, next_at = $4, verdict = 'not_sent', http = $5, code = $6, reason = $7, refusals = refusals + $8";
            let (next_at, refused) = (next_at.as_millis(), i64::from(*is_refusal));
            let params: Params<'_> = &[
                &id,
                &number,
                epochs,
                &next_at,
                &status(http),
                &maybe(code),
                &text(reason),
                &refused,
            ];
            (SendState::Queued, run(set, "state = 1", params).await?)
        }
        Landing::Uncertain { http, code, reason } => {
            let set = "state = 2, landed_at = $4, verdict = 'indeterminate', http = $5, code = $6, reason = $7";
            let params: Params<'_> = &[
                &id,
                &number,
                epochs,
                &at,
                &status(http),
                &maybe(code),
                &text(reason),
            ];
            (SendState::Uncertain, run(set, "state = 1", params).await?)
        }
        Landing::Skipped { reason } => {
            let set = "state = 10, landed_at = $4, verdict = 'not_sent', reason = $5";
            let params: Params<'_> = &[&id, &number, epochs, &at, &text(reason)];
            (SendState::Skipped, run(set, "state = 1", params).await?)
        }
        _ => return Err(crate::failure::unreadable()),
    };
    if changed == 0 {
        return Ok(false);
    }
    if state != SendState::Queued {
        announce(db, id, state, changes).await?;
        follow::release(db, id, now, changes).await?;
    }
    Ok(true)
}

/// Tells that a send came to a state.
pub(super) async fn announce(
    db: &Db,
    id: i64,
    state: SendState,
    changes: &mut Vec<Change>,
) -> Outcome<()> {
    let found = db
        .query_opt(
            "SELECT reference, campaign FROM kwa.send WHERE id = $1",
            &[&id],
        )
        .await?;
    if let Some(row) = found {
        changes.push(Change::Send {
            send: SendId::new(id),
            reference: get(&row, 0)?,
            campaign: get::<Option<i64>>(&row, 1)?.map(CampaignId::new),
            state,
        });
    }
    Ok(())
}

/// The longest wait between two attempts: what waits for longer does so because the clock went back.
const LONGEST_WAIT: Duration = Duration::from_secs(2 * 60 * 60);

/// What a process had in flight that is gone is uncertain. What callbacks said was noted when they came.
pub(super) async fn recover(
    db: &Db,
    mine: &[i64],
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<Doubts> {
    let rows = db
        .query(
            "UPDATE kwa.send SET state = 2, landed_at = $2, verdict = 'indeterminate',
                    reason = 'the process ended while it was in flight'
              WHERE state IN (1, 2) AND state = 1 AND epoch <> ALL($1)
                AND NOT EXISTS (SELECT 1 FROM kwa.worker w WHERE w.id = epoch)
              RETURNING id",
            &[&mine, &now.as_millis()],
        )
        .await?;
    for row in &rows {
        announce(db, get(row, 0)?, SendState::Uncertain, changes).await?;
    }
    db.execute(
        "UPDATE kwa.send SET next_at = not_before
          WHERE state = 0 AND attempt > 0 AND next_at > $1 AND next_at > not_before AND next_at < $2",
        &[&(now + LONGEST_WAIT).as_millis(), &NO_TIME],
    )
    .await?;
    // What is noted of a time that is still to come was noted before the clock went back: it counts from now.
    db.execute(
        "UPDATE kwa.send SET flown_at = $1 WHERE state IN (1, 2) AND flown_at > $1",
        &[&now.as_millis()],
    )
    .await?;
    db.execute(
        "UPDATE kwa.sender SET paused_until = $1 + (paused_until - paused_at), paused_at = $1 WHERE paused_at > $1",
        &[&now.as_millis()],
    )
    .await?;
    let mut doubts = Doubts::default();
    doubts.uncertain = rows.len() as u64;
    Ok(doubts)
}

/// What this worker has in flight for a number is uncertain, since its outbox ends.
pub(super) async fn doubt(
    db: &Db,
    sender: &str,
    me: i64,
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<()> {
    let rows = db
        .query(
            "UPDATE kwa.send SET state = 2, landed_at = $3, verdict = 'indeterminate',
                    reason = 'the outbox ended while it was in flight'
              WHERE state IN (1, 2) AND state = 1 AND sender = $1 AND epoch = $2 RETURNING id",
            &[&name(sender), &me, &now.as_millis()],
        )
        .await?;
    for row in &rows {
        announce(db, get(row, 0)?, SendState::Uncertain, changes).await?;
    }
    Ok(())
}

/// How many are resolved at once.
const CHUNK: i64 = 200;
/// The sends that are compared with one: those that flew so much before or after it.
const NEIGHBOURS: Duration = Duration::from_secs(120);

/// Gives up on what is uncertain for too long, and notes the evidence: that no callback came says little while no callbacks
/// come at all.
pub(super) async fn resolve(
    db: &Db,
    after: Duration,
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<Doubts> {
    let late = db
        .query(
            "SELECT id, flown_at FROM kwa.send
              WHERE state IN (1, 2) AND state = 2 AND flown_at <= $1 ORDER BY flown_at LIMIT $2 FOR UPDATE SKIP LOCKED",
            &[&now.before(after).as_millis(), &CHUNK],
        )
        .await?;
    let mut doubts = Doubts::default();
    if late.is_empty() {
        return Ok(doubts);
    }
    let last = last_callback(db).await?;
    for row in &late {
        let id: i64 = get(row, 0)?;
        let flown_at = maybe_moment(row, 1)?.unwrap_or_default();
        let reason = evidence(db, id, flown_at, last, now).await?;
        db.execute(
            "UPDATE kwa.send SET state = 13, reason = $2 WHERE id = $1 AND state = 2",
            &[&id, &reason],
        )
        .await?;
        announce(db, id, SendState::Unresolved, changes).await?;
        doubts.unresolved.push(SendId::new(id));
    }
    Ok(doubts)
}

async fn evidence(
    db: &Db,
    id: i64,
    flown_at: Moment,
    last: Option<Moment>,
    now: Moment,
) -> Outcome<String> {
    let (from, to) = (flown_at.before(NEIGHBOURS), flown_at + NEIGHBOURS);
    let row = db
        .query_one(
            "SELECT count(*), count(m.reference)
               FROM (SELECT reference FROM kwa.send WHERE flown_at BETWEEN $1 AND $2 AND id <> $3 LIMIT 1000) s
               LEFT JOIN kwa.message m ON m.reference = s.reference",
            &[&from.as_millis(), &to.as_millis(), &id],
        )
        .await?;
    let (others, proven): (i64, i64) = (get(&row, 0)?, get(&row, 1)?);
    let last = match last {
        Some(last) => format!("the last callback came {} s ago", now.since(last).as_secs()),
        None => "no callback ever came".to_owned(),
    };
    Ok(format!(
        "no callback proves anything; of {others} others sent within 2 minutes of it {proven} have one, and {last}"
    ))
}

/// When something was last noted of a message.
pub(super) async fn last_callback(db: &Db) -> Outcome<Option<Moment>> {
    let row = db
        .query_one("SELECT max(changed_at) FROM kwa.message", &[])
        .await?;
    maybe_moment(&row, 0)
}
