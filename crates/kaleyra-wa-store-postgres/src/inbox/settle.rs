//! Attempts, and what becomes of events.

use kaleyra_wa_store::Moment;
use kaleyra_wa_store::inbox::{EventId, Recovered, Settlement};
use kaleyra_wa_store::outbox::Queued;

use crate::cluster::{notify_events, notify_sends};
use crate::db::{Db, Outcome, get, small, text};
use crate::outbox;
use crate::store::Inner;

/// How much of a failure's text is kept.
const FAILURE_CHARS: usize = 2_000;

pub(super) const ENDED_DURING_IT: &str = "the process ended during the attempt";

/// Begins an attempt under this claim, where the event is the first of its conversation, and this worker's to handle: the shard can't be
/// given to another meanwhile.
///
/// What is running by the table under an earlier claim of this process, which has it not in hand, is an attempt whose beginning
/// was committed while the response was lost: this goes on with it. Claims rise, so that a statement that comes late finds nothing.
pub(super) async fn take(
    db: &Db,
    event: EventId,
    (me, mine): (i64, &[i64]),
    claim: i64,
) -> Outcome<Option<u32>> {
    let taken = db
        .query_opt(
            "WITH mine AS (
               SELECT s.id FROM kwa.shard s JOIN kwa.event e ON e.shard = s.id
                WHERE e.id = $1 AND s.worker = ANY($4) FOR SHARE OF s)
             UPDATE kwa.event SET attempt = attempt + CASE state WHEN 0 THEN 1 ELSE 0 END, state = 1, worker = $2, claim = $3,
                    settled_at = NULL
               FROM mine WHERE event.id = $1 AND event.shard = mine.id
                AND (event.state = 0 OR (event.state = 1 AND event.worker = ANY($4) AND event.claim < $3))
                AND NOT EXISTS (SELECT 1 FROM kwa.event e WHERE e.conversation = event.conversation AND e.id < event.id AND e.state < 8)
             RETURNING event.attempt",
            &[&event.get(), &me, &claim, &mine],
        )
        .await?;
    taken.as_ref().map(|row| small(row, 0)).transpose()
}

/// An attempt of this process.
#[derive(Clone, Copy)]
pub(super) struct Attempt {
    pub(super) event: EventId,
    pub(super) number: u32,
    pub(super) claim: i64,
    /// Its outcome may have been noted already.
    pub(super) is_doubtful: bool,
}

/// Notes an outcome; `None` where the event is not at this attempt any more, else how many sends are new.
pub(super) async fn settle(
    db: &Db,
    inner: &Inner,
    attempt: Attempt,
    settlement: &Settlement,
) -> Outcome<Option<usize>> {
    const THIS: &str = "WHERE id = $1 AND state = 1 AND attempt = $2 AND claim = $3";
    let (id, number, claim) = (
        attempt.event.get(),
        i64::from(attempt.number),
        attempt.claim,
    );
    let now = inner.now();
    let changed = match settlement {
        Settlement::Handled { .. } => {
            let sql =
                format!("UPDATE kwa.event SET state = 8, failure = NULL, settled_at = $4 {THIS}");
            db.execute(&sql, &[&id, &number, &claim, &now.as_millis()])
                .await?
        }
        Settlement::Again {
            due_at,
            wait,
            failure,
        } => {
            let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
            let sql = format!(
                "UPDATE kwa.event SET state = 0, due_at = $4, waited = $5, failure = $6 {THIS}"
            );
            let due_at = due_at.as_millis();
            db.execute(&sql, &[&id, &number, &claim, &due_at, &wait, &cut(failure)])
                .await?
        }
        Settlement::Dead { failure } => {
            let sql =
                format!("UPDATE kwa.event SET state = 9, failure = $4, settled_at = $5 {THIS}");
            db.execute(
                &sql,
                &[&id, &number, &claim, &cut(failure), &now.as_millis()],
            )
            .await?
        }
        _ => return Err(crate::failure::unreadable()),
    };
    if changed == 0 {
        let is_done = attempt.is_doubtful && was_settled(db, attempt).await?;
        return Ok(is_done.then_some(0));
    }
    let Settlement::Handled { sends } = settlement else {
        return Ok(Some(0));
    };
    let queued = outbox::insert_all(db, sends, now).await?;
    let new = queued.iter().filter(|it| matches!(it, Queued::New(_)));
    let new = new.count();
    if new > 0 {
        notify_sends(db, inner).await?;
    }
    Ok(Some(new))
}

/// Whether an earlier try noted the outcome, and its response was lost: whoever decides otherwise about an event takes away its claim.
async fn was_settled(db: &Db, attempt: Attempt) -> Outcome<bool> {
    let (id, number) = (attempt.event.get(), i64::from(attempt.number));
    let found = db
        .query_opt(
            "SELECT 1 FROM kwa.event WHERE id = $1 AND state <> 1 AND attempt = $2 AND claim = $3",
            &[&id, &number, &attempt.claim],
        )
        .await?;
    Ok(found.is_some())
}

/// What others had under way in shards that are this worker's now.
pub(crate) async fn recover_shards(
    db: &Db,
    shards: &[i64],
    attempts: i64,
    now: Moment,
) -> Outcome<Recovered> {
    recover(db, shards, attempts, &[], now).await
}

/// The same, except for these events.
pub(super) async fn recover(
    db: &Db,
    shards: &[i64],
    attempts: i64,
    except: &[i64],
    now: Moment,
) -> Outcome<Recovered> {
    let dead = db
        .execute(
            "UPDATE kwa.event SET state = 9, claim = NULL, failure = $3, settled_at = $4
              WHERE state = 1 AND shard = ANY($1) AND attempt >= $2 AND id <> ALL($5)",
            &[
                &shards,
                &attempts,
                &ENDED_DURING_IT,
                &now.as_millis(),
                &except,
            ],
        )
        .await?;
    let again = db
        .execute(
            "UPDATE kwa.event SET state = 0, claim = NULL, due_at = 0, failure = $2
              WHERE state = 1 AND shard = ANY($1) AND id <> ALL($3)",
            &[&shards, &ENDED_DURING_IT, &except],
        )
        .await?;
    let mut recovered = Recovered::default();
    (recovered.again, recovered.dead) = (again, dead);
    Ok(recovered)
}

pub(super) async fn requeue(db: &Db, inner: &Inner, event: EventId, now: Moment) -> Outcome<bool> {
    let moved = db
        .query_opt(
            "UPDATE kwa.event e SET state = 0, attempt = 0, claim = NULL, due_at = 0, waited = NULL, failure = NULL, settled_at = $2
              WHERE id = $1 AND state >= 8 AND EXISTS (SELECT 1 FROM kwa.delivery d WHERE d.id = e.delivery)
             RETURNING shard",
            &[&event.get(), &now.as_millis()],
        )
        .await?;
    let Some(row) = moved else { return Ok(false) };
    notify_events(db, inner, &[(get(&row, 0)?, event.get())]).await?;
    Ok(true)
}

pub(super) async fn discard(db: &Db, event: EventId, now: Moment) -> Outcome<bool> {
    let changed = db
        .execute(
            "UPDATE kwa.event SET state = 10, claim = NULL, settled_at = $2 WHERE id = $1 AND state IN (0, 1, 9)",
            &[&event.get(), &now.as_millis()],
        )
        .await?;
    Ok(changed == 1)
}

/// The beginning says most.
fn cut(failure: &str) -> String {
    text(failure).chars().take(FAILURE_CHARS).collect()
}
