//! Moves campaigns from state to state.

use rusqlite::{Connection, OptionalExtension};

use crate::campaign::{CampaignId, CampaignState};
use crate::outbox::SendState;
use crate::sqlite::failure::SqlResult;
use crate::{Change, Moment};

pub(in crate::sqlite) fn is_running(db: &Connection, campaign: CampaignId) -> SqlResult<bool> {
    Ok(state_of(db, campaign)? == Some(CampaignState::Running))
}

pub(super) fn state_of(db: &Connection, campaign: CampaignId) -> SqlResult<Option<CampaignState>> {
    let mut find = db.prepare_cached("SELECT state FROM campaign WHERE id = ?1")?;
    let state: Option<i64> = find
        .query_row([campaign.get()], |row| row.get(0))
        .optional()?;
    Ok(state.and_then(CampaignState::from_code))
}

/// Pauses a campaign that runs.
pub(in crate::sqlite) fn pause(
    db: &Connection,
    campaign: CampaignId,
    why: &str,
    changes: &mut Vec<Change>,
) -> SqlResult<()> {
    let from = [CampaignState::Running];
    transit(
        db,
        campaign,
        &from,
        CampaignState::Paused,
        Some(why),
        None,
        changes,
    )?;
    Ok(())
}

/// Moves a campaign from one of these states to another.
pub(super) fn transit(
    db: &Connection,
    campaign: CampaignId,
    from: &[CampaignState],
    to: CampaignState,
    why: Option<&str>,
    ended_at: Option<Moment>,
    changes: &mut Vec<Change>,
) -> SqlResult<bool> {
    let Some(state) = state_of(db, campaign)? else {
        return Ok(false);
    };
    if !from.contains(&state) {
        return Ok(false);
    }
    let mut update = db.prepare_cached(
        "UPDATE campaign SET state = ?2, why = ?3, ended_at = coalesce(?4, ended_at) WHERE id = ?1",
    )?;
    update.execute((
        campaign.get(),
        to.code(),
        why,
        ended_at.map(Moment::as_millis),
    ))?;
    changes.push(Change::Campaign {
        campaign,
        state: to,
        why: why.map(str::to_owned),
    });
    Ok(true)
}

/// Cancels what is queued of a cancelled campaign, or ends one that has nothing open any more.
pub(super) fn settle(
    db: &Connection,
    campaign: CampaignId,
    limit: usize,
    now: Moment,
    changes: &mut Vec<Change>,
) -> SqlResult<u64> {
    match state_of(db, campaign)? {
        Some(CampaignState::Cancelled) => {
            let mut cancel = db.prepare_cached(
                "UPDATE send SET state = 12, landed_at = ?3, reason = 'its campaign was cancelled'
                  WHERE id IN (SELECT id FROM send WHERE campaign = ?1 AND state = 0 LIMIT ?2)",
            )?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let cancelled = cancel.execute((campaign.get(), limit, now.as_millis()))?;
            Ok(cancelled as u64)
        }
        Some(CampaignState::Running) => {
            let mut open = db.prepare_cached(
                "SELECT coalesce(sum(n), 0) FROM campaign_count WHERE campaign = ?1 AND state IN (?2, ?3)",
            )?;
            let states = (SendState::Queued.code(), SendState::Flying.code());
            let open: i64 =
                open.query_row((campaign.get(), states.0, states.1), |row| row.get(0))?;
            if open == 0 {
                let from = [CampaignState::Running];
                let done = CampaignState::Done;
                transit(db, campaign, &from, done, None, Some(now), changes)?;
            }
            Ok(0)
        }
        _ => Ok(0),
    }
}
