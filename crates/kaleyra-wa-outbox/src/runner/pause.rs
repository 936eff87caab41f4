//! Pauses, and what they are for.

use std::time::Duration;

use kaleyra_wa_store::campaign::{CampaignId, CampaignState};
use kaleyra_wa_store::outbox::Scope;

use super::flight::Pilot;
use super::observe;

impl Pilot {
    /// Stops what every other message would fail at.
    pub(super) async fn pause(
        &self,
        campaign: Option<CampaignId>,
        scope: Scope,
        why: &str,
        wait: Option<Duration>,
    ) {
        let store = &self.store;
        let paused = match (scope, campaign) {
            (Scope::Template, Some(id)) => {
                observe::paused(why, "campaign");
                let (from, to) = ([CampaignState::Running], CampaignState::Paused);
                let moved = store.move_campaign(id, &from, to, Some(why)).await;
                moved.map(drop)
            }
            // A message of its own waits for its next attempt, and others go on.
            (Scope::Template, None) => Ok(()),
            _ => {
                observe::paused(why, "sender");
                let until = wait.map(|wait| store.time() + wait);
                store.pause_sender(&self.sender, why, until).await
            }
        };
        if let Err(error) = paused {
            tracing::error!(%error, "a pause could not be noted");
        }
    }
}
