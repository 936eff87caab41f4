//! Events that are running by the table, and that this worker has not in hand: they wait again.

use kaleyra_wa_store::inbox::EventId;

use super::hands::Stage;
use super::settle::ENDED_DURING_IT;
use crate::db::{Db, Outcome, get};
use crate::store::Inner;

/// Puts them back, and gives those that wait again, by shard and id.
pub(crate) async fn give_back(
    db: &Db,
    inner: &Inner,
    me: i64,
    attempts: i64,
) -> Outcome<Vec<(i64, EventId)>> {
    let running = db
        .query(
            "SELECT e.id, e.claim FROM kwa.event e JOIN kwa.shard s ON s.id = e.shard
              WHERE e.state = 1 AND s.worker = $1 AND e.claim IS NOT NULL",
            &[&me],
        )
        .await?;
    // Those that a handler never got, and those whose outcome can't be noted.
    let (mut lost, mut failed) = ((Vec::new(), Vec::new()), (Vec::new(), Vec::new()));
    for row in &running {
        let (id, claim): (i64, i64) = (get(row, 0)?, get(row, 1)?);
        // Looked up after the table was read: what was taken since is in hand.
        let of = match inner.hands.get(id) {
            None => &mut lost,
            Some(hand) if hand.stage == Stage::Failed => &mut failed,
            Some(_) => continue,
        };
        of.0.push(id);
        of.1.push(claim);
    }
    let mut again = Vec::new();
    if !lost.0.is_empty() {
        let rows = db
            .query(
                "UPDATE kwa.event e SET state = 0, attempt = attempt - 1, claim = NULL, due_at = 0
                   FROM unnest($1::bigint[], $2::bigint[]) AS o(id, claim)
                  WHERE e.id = o.id AND e.state = 1 AND e.claim = o.claim RETURNING e.shard, e.id",
                &[&lost.0, &lost.1],
            )
            .await?;
        for row in &rows {
            again.push((get(row, 0)?, EventId::new(get(row, 1)?)));
        }
    }
    if !failed.0.is_empty() {
        let rows = db
            .query(
                "UPDATE kwa.event e SET state = CASE WHEN attempt >= $3 THEN 9 ELSE 0 END, claim = NULL, due_at = 0, failure = $4,
                        settled_at = CASE WHEN attempt >= $3 THEN $5::bigint END
                   FROM unnest($1::bigint[], $2::bigint[]) AS o(id, claim)
                  WHERE e.id = o.id AND e.state = 1 AND e.claim = o.claim RETURNING e.shard, e.id, e.state",
                &[&failed.0, &failed.1, &attempts, &ENDED_DURING_IT, &inner.now().as_millis()],
            )
            .await?;
        for (id, claim) in failed.0.iter().zip(&failed.1) {
            inner.hands.settled(*id, *claim);
        }
        for row in &rows {
            if get::<i64>(row, 2)? == 0 {
                again.push((get(row, 0)?, EventId::new(get(row, 1)?)));
            }
        }
    }
    if !again.is_empty() {
        tracing::warn!(
            events = again.len(),
            "attempts that nobody made were put back: their beginning was noted, and the response was lost"
        );
    }
    Ok(again)
}
