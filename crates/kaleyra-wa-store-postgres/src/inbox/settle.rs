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

const ENDED_DURING_IT: &str = "the process ended during the attempt";

/// Begins an attempt, where the event is this worker's to handle: the shard can't be given to another meanwhile.
pub(super) async fn take(db: &Db, event: EventId, me: i64) -> Outcome<Option<u32>> {
    let taken = db
        .query_opt(
            "WITH mine AS (
               SELECT s.id FROM kwa.shard s JOIN kwa.event e ON e.shard = s.id
                WHERE e.id = $1 AND s.worker = $2 FOR SHARE OF s)
             UPDATE kwa.event SET state = 1, attempt = attempt + 1, worker = $2, settled_at = NULL
               FROM mine WHERE event.id = $1 AND event.state = 0 AND event.shard = mine.id
             RETURNING event.attempt",
            &[&event.get(), &me],
        )
        .await?;
    taken.as_ref().map(|row| small(row, 0)).transpose()
}

/// Notes an outcome; `None` where the event is not at this attempt of this process any more, else how many sends are new.
pub(super) async fn settle(
    db: &Db,
    inner: &Inner,
    event: EventId,
    attempt: u32,
    settlement: &Settlement,
) -> Outcome<Option<usize>> {
    let (id, attempt, mine) = (event.get(), i64::from(attempt), inner.all_mine());
    let now = inner.now();
    match settlement {
        Settlement::Handled { sends } => {
            let changed = db
                .execute(
                    "UPDATE kwa.event SET state = 8, failure = NULL, settled_at = $4
                      WHERE id = $1 AND state = 1 AND attempt = $2 AND worker = ANY($3)",
                    &[&id, &attempt, &mine, &now.as_millis()],
                )
                .await?;
            if changed == 0 {
                return Ok(None);
            }
            let mut new = 0;
            for send in sends {
                let queued = outbox::insert(db, send, now).await?;
                new += usize::from(matches!(queued, Queued::New(_)));
            }
            if new > 0 {
                notify_sends(db, inner).await?;
            }
            Ok(Some(new))
        }
        Settlement::Again {
            due_at,
            wait,
            failure,
        } => {
            let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
            let changed = db
                .execute(
                    "UPDATE kwa.event SET state = 0, due_at = $4, waited = $5, failure = $6
                      WHERE id = $1 AND state = 1 AND attempt = $2 AND worker = ANY($3)",
                    &[
                        &id,
                        &attempt,
                        &mine,
                        &due_at.as_millis(),
                        &wait,
                        &cut(failure),
                    ],
                )
                .await?;
            Ok((changed == 1).then_some(0))
        }
        Settlement::Dead { failure } => {
            let changed = db
                .execute(
                    "UPDATE kwa.event SET state = 9, failure = $4, settled_at = $5
                      WHERE id = $1 AND state = 1 AND attempt = $2 AND worker = ANY($3)",
                    &[&id, &attempt, &mine, &cut(failure), &now.as_millis()],
                )
                .await?;
            Ok((changed == 1).then_some(0))
        }
        _ => Err(crate::failure::unreadable()),
    }
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

/// The same, except for what these workers have.
pub(super) async fn recover(
    db: &Db,
    shards: &[i64],
    attempts: i64,
    except: &[i64],
    now: Moment,
) -> Outcome<Recovered> {
    let dead = db
        .execute(
            "UPDATE kwa.event SET state = 9, failure = $3, settled_at = $4
              WHERE state = 1 AND shard = ANY($1) AND attempt >= $2 AND worker <> ALL($5)",
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
            "UPDATE kwa.event SET state = 0, due_at = 0, failure = $2
              WHERE state = 1 AND shard = ANY($1) AND worker <> ALL($3)",
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
            "UPDATE kwa.event e SET state = 0, attempt = 0, due_at = 0, waited = NULL, failure = NULL, settled_at = $2
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
            "UPDATE kwa.event SET state = 10, settled_at = $2 WHERE id = $1 AND state IN (0, 1, 9)",
            &[&event.get(), &now.as_millis()],
        )
        .await?;
    Ok(changed == 1)
}

/// The beginning says most.
fn cut(failure: &str) -> String {
    text(failure).chars().take(FAILURE_CHARS).collect()
}
