//! What people want done with sends.

use kaleyra_wa_store::outbox::{Adoption, SendId, SendState, Wish};
use kaleyra_wa_store::{Change, Moment};

use super::follow;
use super::land::announce;
use crate::db::{Db, Outcome, get};

async fn state_of(db: &Db, send: SendId) -> Outcome<Option<SendState>> {
    let found = db
        .query_opt("SELECT state FROM kwa.send WHERE id = $1", &[&send.get()])
        .await?;
    let code = found.as_ref().map(|row| get(row, 0)).transpose()?;
    Ok(code.and_then(SendState::from_code))
}

pub(super) async fn cancel(
    db: &Db,
    send: SendId,
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<Wish> {
    let cancelled = db
        .execute(
            "UPDATE kwa.send SET state = 12, landed_at = $2, reason = 'it was cancelled' WHERE id = $1 AND state = 0",
            &[&send.get(), &now.as_millis()],
        )
        .await?;
    if cancelled == 1 {
        announce(db, send.get(), SendState::Cancelled, changes).await?;
        follow::release(db, send.get(), now, changes).await?;
        return Ok(Wish::Done(send));
    }
    Ok(state_of(db, send)
        .await?
        .map_or(Wish::Unknown, Wish::Refused))
}

/// Another send with the same content. What is queued or in flight needs none.
pub(super) async fn resend(db: &Db, send: SendId, now: Moment) -> Outcome<Wish> {
    match state_of(db, send).await? {
        None => return Ok(Wish::Unknown),
        Some(state @ (SendState::Queued | SendState::Flying)) => return Ok(Wish::Refused(state)),
        Some(_) => {}
    }
    let row = db
        .query_one(
            "SELECT key, reference FROM kwa.send WHERE id = $1",
            &[&send.get()],
        )
        .await?;
    let (key, reference): (String, String) = (get(&row, 0)?, get(&row, 1)?);
    // A reference has 255 characters at most, and this one must not be cut.
    let short: String = reference.chars().take(240).collect();
    for number in 2..=1_000 {
        let new = db
            .query_opt(
                "INSERT INTO kwa.send(key, digest, reference, campaign, line, sender, recipient, conversation, body, fallback,
                                      params, purpose, needs_window, priority, queued_at, not_before, expires_at, next_at, retry_of)
                 SELECT $2, digest, $3, campaign, line, sender, recipient, conversation, body, fallback, params,
                        purpose, needs_window, priority, $4, 0, $4 + (expires_at - GREATEST(queued_at, not_before)), 0, id
                   FROM kwa.send WHERE id = $1 ON CONFLICT DO NOTHING RETURNING id",
                &[
                    &send.get(),
                    &format!("{}#{number}", base(&key)),
                    &format!("{}#{number}", base(&short)),
                    &now.as_millis(),
                ],
            )
            .await?;
        if let Some(row) = new {
            let id: i64 = get(&row, 0)?;
            db.execute(
                "INSERT INTO kwa.campaign_count AS c(campaign, state, n)
                 SELECT campaign, 0, 1 FROM kwa.send WHERE id = $1 AND campaign IS NOT NULL
                 ON CONFLICT(campaign, state) DO UPDATE SET n = c.n + 1",
                &[&id],
            )
            .await?;
            return Ok(Wish::Done(SendId::new(id)));
        }
    }
    let state = state_of(db, send).await?;
    Ok(Wish::Refused(state.unwrap_or(SendState::Unresolved)))
}

/// The name without the number of an earlier copy.
fn base(name: &str) -> &str {
    match name.rsplit_once('#') {
        Some((base, number))
            if !base.is_empty()
                && !number.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            base
        }
        _ => name,
    }
}

/// Takes a restored store into use again.
pub(super) async fn adopt(db: &Db, adoption: Adoption, now: Moment) -> Outcome<u64> {
    let doubtful = match adoption {
        Adoption::Queued => 0,
        // A version that knows more ways than this one is on the safe side.
        _ => {
            db.execute(
                "UPDATE kwa.send SET state = 2, flown_at = $1, landed_at = $1, verdict = 'indeterminate',
                        reason = 'it may have been sent after the backup that this store was restored from'
                  WHERE state = 0",
                &[&now.as_millis()],
            )
            .await?
        }
    };
    db.execute("DELETE FROM kwa.meta WHERE name = 'is_restored'", &[])
        .await?;
    Ok(doubtful)
}
