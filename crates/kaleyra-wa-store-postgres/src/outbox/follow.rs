//! Sends that wait for another one.

use kaleyra_wa_store::outbox::{SendId, SendState};
use kaleyra_wa_store::tracking::stage_code;
use kaleyra_wa_store::{Change, Moment};
use kaleyra_wa_types::inbound::Stage;

use super::insert::NO_TIME;
use crate::db::{Db, Outcome, get};
use crate::tracking::{Progress, progress};

/// Lets go what waits for this send where that has got far enough, and gives up what it waits for in vain.
pub(super) async fn release(
    db: &Db,
    send: i64,
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<()> {
    // What follows in vain is given up itself, and then what follows that.
    let mut sends = vec![send];
    while let Some(send) = sends.pop() {
        let any = db
            .query_opt(
                "SELECT 1 FROM kwa.send WHERE follows = $1 AND state = 0 AND next_at = $2 LIMIT 1",
                &[&send, &NO_TIME],
            )
            .await?;
        if any.is_some() && is_in_vain(db, send).await? {
            sends.extend(give_up(db, send, now, changes).await?);
        }
    }
    Ok(())
}

/// Lets go what may, and says whether the rest never can.
async fn is_in_vain(db: &Db, send: i64) -> Outcome<bool> {
    let found = db
        .query_opt(
            "SELECT state, reference FROM kwa.send WHERE id = $1",
            &[&send],
        )
        .await?;
    let (state, progress) = match found {
        Some(row) => {
            let reference: String = get(&row, 1)?;
            let state = SendState::from_code(get(&row, 0)?);
            (state, progress(db, &reference).await?)
        }
        None => (None, None),
    };
    let Progress { reached, failure } = progress.unwrap_or_default();
    let reached = match state {
        Some(SendState::Accepted) => Some(reached.unwrap_or(Stage::Accepted)),
        _ => reached,
    };
    if let Some(reached) = reached {
        db.execute(
            "UPDATE kwa.send SET next_at = not_before
              WHERE follows = $1 AND state = 0 AND next_at = $3 AND follows_to <= $2",
            &[&send, &stage_code(reached), &NO_TIME],
        )
        .await?;
    }
    Ok(match state {
        Some(SendState::Queued | SendState::Flying | SendState::Uncertain) => false,
        // A late proof may still come.
        Some(SendState::Unresolved) => false,
        Some(SendState::Accepted) => {
            failure.is_some() && reached.is_none_or(|reached| reached < Stage::Delivered)
        }
        _ => true,
    })
}

async fn give_up(db: &Db, send: i64, now: Moment, changes: &mut Vec<Change>) -> Outcome<Vec<i64>> {
    let rows = db
        .query(
            "UPDATE kwa.send SET state = 10, landed_at = $2, reason = 'the message that it follows did not get there'
              WHERE follows = $1 AND state = 0 AND next_at = $3 RETURNING id, reference",
            &[&send, &now.as_millis(), &NO_TIME],
        )
        .await?;
    let mut given_up = Vec::new();
    for row in &rows {
        let id = get(row, 0)?;
        changes.push(Change::Send {
            send: SendId::new(id),
            reference: get(row, 1)?,
            campaign: None,
            state: SendState::Skipped,
        });
        given_up.push(id);
    }
    Ok(given_up)
}
