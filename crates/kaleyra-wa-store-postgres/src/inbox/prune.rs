//! Deletes what is not needed any more.

use kaleyra_wa_store::Moment;
use kaleyra_wa_store::inbox::{Pruned, Retention};

use crate::db::{Db, Outcome, as_i64};

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
