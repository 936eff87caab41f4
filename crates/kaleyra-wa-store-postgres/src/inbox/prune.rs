//! Deletes what is not needed any more.

use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::inbox::{Pruned, Retention};
use kaleyra_wa_store::{Moment, StoreErrorKind};
use tokio::time::sleep;

use crate::db::{Db, Outcome, as_i64, get};
use crate::store::Inner;

/// How many events are deleted in one transaction: as many as take less time than anybody notices.
const CHUNK: usize = 1_000;
/// The pause between two looks that find nothing more to do.
const PAUSE: Duration = Duration::from_secs(10);
/// The part of the time that is left to others while there is more to do.
const REST: u32 = 1;

/// Deletes for as long as there is something to delete, chunk by chunk; one of the processes that share the store at a time.
pub(crate) async fn keep_pruned(inner: Arc<Inner>) {
    loop {
        let begun = tokio::time::Instant::now();
        match prune_once(&inner).await {
            Ok(true) => sleep(begun.elapsed() * REST).await,
            Ok(false) => sleep(PAUSE).await,
            Err(error) if error.kind() == StoreErrorKind::Closed => return,
            Err(error) => {
                tracing::debug!(%error, "nothing could be pruned");
                sleep(PAUSE).await;
            }
        }
    }
}

/// Whether there is more to do.
async fn prune_once(inner: &Inner) -> Outcome<bool> {
    let db = inner.transaction().await?;
    let row = db
        .query_one("SELECT pg_try_advisory_xact_lock($1, -1)", &[&inner.lock])
        .await?;
    let is_ours: bool = get(&row, 0)?;
    let mut is_more = false;
    if is_ours {
        is_more = !prune(&db, &inner.retention, inner.now(), CHUNK)
            .await?
            .is_done;
    }
    db.commit().await?;
    Ok(is_more)
}

/// Deletes events that are old enough, so many at most, and bodies that none needs.
pub(crate) async fn prune(
    db: &Db,
    retention: &Retention,
    now: Moment,
    limit: usize,
) -> Outcome<Pruned> {
    let before = |age| now.before(age).as_millis();
    let (handled, dead) = (before(retention.handled), before(retention.dead));
    let bodies = before(retention.bodies.min(retention.handled));
    let limit = as_i64(limit);
    // What was settled in the future was settled before the clock went back: it counts from now.
    db.execute(
        "UPDATE kwa.event SET settled_at = $1 WHERE id IN (
           SELECT id FROM kwa.event WHERE state >= 8 AND settled_at > $1 LIMIT $2 FOR UPDATE SKIP LOCKED)",
        &[&now.as_millis(), &limit],
    )
    .await?;
    let events = db
        .execute(
            "DELETE FROM kwa.event WHERE id IN (
               SELECT id FROM kwa.event
                WHERE state >= 8 AND settled_at <= greatest($1::bigint, $2::bigint)
                  AND ((state IN (8, 10) AND settled_at <= $1) OR (state = 9 AND settled_at <= $2))
                ORDER BY settled_at LIMIT $3 FOR UPDATE SKIP LOCKED)",
            &[&handled, &dead, &limit],
        )
        .await?;
    let bodies = db
        .execute(
            "DELETE FROM kwa.delivery WHERE id IN (
               SELECT d.id FROM kwa.delivery d
                WHERE d.received_at <= $1 AND NOT EXISTS (
                  SELECT 1 FROM kwa.event e WHERE e.delivery = d.id
                     AND NOT (e.state IN (8, 10) AND e.settled_at <= $1))
                ORDER BY d.received_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
            &[&bodies, &limit],
        )
        .await?;
    let mut pruned = Pruned::default();
    pruned.events = events;
    pruned.bodies = bodies;
    pruned.is_done = as_i64(usize::try_from(events.max(bodies)).unwrap_or(usize::MAX)) < limit;
    Ok(pruned)
}
