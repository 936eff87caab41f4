//! The campaigns that run.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::campaign::{CampaignId, CampaignRecord, CampaignState};
use kaleyra_wa_store::outbox::SendState;
use kaleyra_wa_store::{CampaignStore, Moment, StoreError};
use tokio::time::Instant;

use super::pace::Pace;
use crate::QuietHours;
use crate::campaign::Template;

/// How often to check which campaigns run; a process beside this one may have started one.
const LOOK: Duration = Duration::from_millis(500);
/// How many recipients of a cancelled campaign are settled at once.
const CANCELLED: usize = 1_000;

/// The campaigns of a sender that run, and those that have something to clear away.
pub(super) struct Campaigns {
    pub(super) running: BTreeMap<CampaignId, Lane>,
    cancelled: Vec<CampaignId>,
    looked_at: Option<Instant>,
}

/// A campaign that runs.
pub(super) struct Lane {
    pub(super) template: Arc<Template>,
    pub(super) pace: Option<Pace>,
    quiet: Option<QuietHours>,
    /// Nothing was found to send; it may be done.
    pub(super) is_drained: bool,
}

impl Lane {
    /// When its quiet hours end, if it is one of them.
    pub(super) fn quiet_until(&self, now: Moment) -> Option<Moment> {
        self.quiet.as_ref()?.until(now)
    }
}

impl Campaigns {
    pub(super) const fn new() -> Self {
        Self {
            running: BTreeMap::new(),
            cancelled: Vec::new(),
            looked_at: None,
        }
    }

    /// They may have changed.
    pub(super) const fn look_again(&mut self) {
        self.looked_at = None;
    }

    /// When to look for others' changes.
    pub(super) fn next_look(&self) -> Instant {
        self.looked_at.map_or_else(Instant::now, |at| at + LOOK)
    }

    /// Checks which run, if that was not done recently.
    pub(super) async fn refresh(
        &mut self,
        store: &dyn CampaignStore,
        sender: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        if self.looked_at.is_some_and(|at| now < at + LOOK) {
            return Ok(());
        }
        let all = store.campaigns().await?;
        self.looked_at = Some(now);
        let mine = || all.iter().filter(|campaign| campaign.sender == sender);
        self.cancelled = mine()
            .filter(|it| it.state == CampaignState::Cancelled && it.count(SendState::Queued) > 0)
            .map(|it| it.id)
            .collect();
        let mut running = std::mem::take(&mut self.running);
        for record in mine().filter(|it| it.state == CampaignState::Running) {
            let lane = running.remove(&record.id).or_else(|| lane_of(record));
            let Some(mut lane) = lane else {
                let why = "its template or its quiet hours can't be read by this version";
                let from = [CampaignState::Running];
                let to = CampaignState::Paused;
                store.move_campaign(record.id, &from, to, Some(why)).await?;
                continue;
            };
            match (&mut lane.pace, record.rate) {
                (Some(pace), Some(rate)) => pace.set_limit(rate),
                (pace, rate) => *pace = rate.map(|rate| Pace::new(rate, now)),
            }
            self.running.insert(record.id, lane);
        }
        Ok(())
    }

    /// Clears away what was cancelled, and ends what is done; whether there is more of that.
    pub(super) async fn settle(&mut self, store: &dyn CampaignStore) -> Result<bool, StoreError> {
        if let Some(id) = self.cancelled.last().copied() {
            if store.settle_campaign(id, CANCELLED).await? == 0 {
                self.cancelled.pop();
            }
            return Ok(true);
        }
        for (id, lane) in &mut self.running {
            if lane.is_drained {
                lane.is_drained = false;
                store.settle_campaign(*id, CANCELLED).await?;
            }
        }
        Ok(false)
    }
}

fn lane_of(record: &CampaignRecord) -> Option<Lane> {
    let template = Template::from_stored(&record.template).ok()?;
    let quiet = match &record.quiet {
        Some(text) => Some(text.parse().ok()?),
        None => None,
    };
    Some(Lane {
        template: Arc::new(template),
        pace: None,
        quiet,
        is_drained: false,
    })
}
