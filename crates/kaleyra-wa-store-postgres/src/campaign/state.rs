//! Moves campaigns from state to state.

use kaleyra_wa_store::campaign::{CampaignId, CampaignState};
use kaleyra_wa_store::{Change, Moment};

use crate::db::{Db, Outcome, as_i64, get, text};

pub(crate) async fn is_running(db: &Db, campaign: CampaignId) -> Outcome<bool> {
    Ok(state_of(db, campaign).await? == Some(CampaignState::Running))
}

/// The state, which stays what it is until the transaction ends.
pub(super) async fn state_of(db: &Db, campaign: CampaignId) -> Outcome<Option<CampaignState>> {
    let found = db
        .query_opt(
            "SELECT state FROM kwa.campaign WHERE id = $1 FOR SHARE",
            &[&campaign.get()],
        )
        .await?;
    let code = found.as_ref().map(|row| get(row, 0)).transpose()?;
    Ok(code.and_then(CampaignState::from_code))
}

/// Pauses a campaign that runs.
pub(crate) async fn pause(
    db: &Db,
    campaign: CampaignId,
    why: &str,
    changes: &mut Vec<Change>,
) -> Outcome<()> {
    let from = [CampaignState::Running];
    let to = CampaignState::Paused;
    transit(db, campaign, &from, to, Some(why), None, changes).await?;
    Ok(())
}

/// Moves a campaign from one of these states to another.
pub(super) async fn transit(
    db: &Db,
    campaign: CampaignId,
    from: &[CampaignState],
    to: CampaignState,
    why: Option<&str>,
    ended_at: Option<Moment>,
    changes: &mut Vec<Change>,
) -> Outcome<bool> {
    let from: Vec<i64> = from.iter().map(|state| state.code()).collect();
    let moved = db
        .execute(
            "UPDATE kwa.campaign SET state = $2, why = $3, ended_at = coalesce($4, ended_at)
              WHERE id = $1 AND state = ANY($5)",
            &[
                &campaign.get(),
                &to.code(),
                &why.map(text),
                &ended_at.map(Moment::as_millis),
                &from,
            ],
        )
        .await?;
    if moved == 0 {
        return Ok(false);
    }
    changes.push(Change::Campaign {
        campaign,
        state: to,
        why: why.map(str::to_owned),
    });
    Ok(true)
}

/// Cancels what is queued of a cancelled campaign, or ends one that has nothing open any more.
pub(super) async fn settle(
    db: &Db,
    campaign: CampaignId,
    limit: usize,
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<u64> {
    match state_of(db, campaign).await? {
        Some(CampaignState::Cancelled) => {
            db.execute(
                "UPDATE kwa.send SET state = 12, landed_at = $3, reason = 'its campaign was cancelled'
                  WHERE state = 0 AND id IN (SELECT id FROM kwa.send WHERE campaign = $1 AND state = 0 LIMIT $2)",
                &[&campaign.get(), &as_i64(limit), &now.as_millis()],
            )
            .await
        }
        Some(CampaignState::Running) => {
            let open = db
                .query_opt(
                    "SELECT 1 FROM kwa.send WHERE campaign = $1 AND state IN (0, 1) LIMIT 1",
                    &[&campaign.get()],
                )
                .await?;
            if open.is_none() {
                let from = [CampaignState::Running];
                let done = CampaignState::Done;
                transit(db, campaign, &from, done, None, Some(now), changes).await?;
            }
            Ok(0)
        }
        _ => Ok(0),
    }
}
