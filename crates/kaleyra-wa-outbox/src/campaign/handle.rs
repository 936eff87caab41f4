//! A campaign that is kept.

use std::io::Write;

use kaleyra_wa_store::campaign::{BadLine, CampaignRecord, CampaignState};

use super::report::{self, Report};
use crate::{Outbox, OutboxError};

/// A stored campaign; from [`Outbox::campaign`] or [`NewCampaign::import`](crate::NewCampaign::import).
///
/// For an example see [`NewCampaign`](crate::NewCampaign).
#[derive(Clone, Debug)]
pub struct Campaign {
    outbox: Outbox,
    record: CampaignRecord,
}

impl Campaign {
    pub(crate) const fn new(outbox: Outbox, record: CampaignRecord) -> Self {
        Self { outbox, record }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.record.name
    }

    /// What was known of it when this was read: [`status`](Self::status) reads it again.
    pub const fn record(&self) -> &CampaignRecord {
        &self.record
    }

    /// What is known of it now: its state, and how many recipients are in which.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    ///
    /// For an example see [`NewCampaign`](crate::NewCampaign).
    pub async fn status(&self) -> Result<CampaignRecord, OutboxError> {
        let found = self.outbox.parts.store.campaign(self.name()).await?;
        found.ok_or_else(|| OutboxError::Campaign("the campaign is gone".to_owned()))
    }

    /// Starts it: the outbox of the process that owns the store sends it, at once or when it starts. Also for one that is
    /// paused, once what had paused it is fixed. One that is running keeps running.
    ///
    /// # Errors
    ///
    /// Where it is still importing, is done or was cancelled, or the store can't be written.
    ///
    /// For an example see [`NewCampaign`](crate::NewCampaign).
    pub async fn run(&self) -> Result<(), OutboxError> {
        use CampaignState::{Paused, Ready, Running};
        if self.move_to(&[Ready, Paused], Running, None).await? {
            return Ok(());
        }
        let why = match self.status().await?.state {
            Running => return Ok(()),
            CampaignState::Importing => {
                "not all recipients are imported: import the same file again first"
            }
            CampaignState::Done => "the campaign is done",
            CampaignState::Cancelled => "the campaign was cancelled",
            _ => "the campaign can't run",
        };
        Err(OutboxError::Campaign(why.to_owned()))
    }

    /// Sends nothing more of it until it [runs](Self::run) again. `false` where it does not run.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    ///
    /// ```
    /// # async fn run(campaign: &kaleyra_wa_outbox::Campaign) -> Result<(), kaleyra_wa_outbox::OutboxError> {
    /// campaign.pause("the shelves are empty").await?;
    /// campaign.run().await?; // it goes on where it was
    /// # Ok(())
    /// # }
    /// ```
    pub async fn pause(&self, why: &str) -> Result<bool, OutboxError> {
        let to = CampaignState::Paused;
        self.move_to(&[CampaignState::Running], to, Some(why)).await
    }

    /// Sends nothing more of it, for good: what is queued is cancelled. `false` where it is already done or cancelled.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    pub async fn cancel(&self) -> Result<bool, OutboxError> {
        use CampaignState::{Importing, Paused, Ready, Running};
        let from = [Importing, Ready, Running, Paused];
        self.move_to(&from, CampaignState::Cancelled, None).await
    }

    async fn move_to(
        &self,
        from: &[CampaignState],
        to: CampaignState,
        why: Option<&str>,
    ) -> Result<bool, OutboxError> {
        let store = &self.outbox.parts.store;
        Ok(store.move_campaign(self.record.id, from, to, why).await?)
    }

    /// Changes the maximum number of messages a second.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    pub async fn set_rate(&self, per_second: Option<u32>) -> Result<(), OutboxError> {
        let rate = per_second.map(|rate| rate.max(1));
        Ok(self
            .outbox
            .parts
            .store
            .set_rate(self.record.id, rate)
            .await?)
    }

    /// Lines of the file that are not a recipient, after this line, up to this many.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    ///
    /// For an example see [`NewCampaign`](crate::NewCampaign).
    pub async fn bad_lines(&self, after: u64, limit: usize) -> Result<Vec<BadLine>, OutboxError> {
        let store = &self.outbox.parts.store;
        Ok(store.bad_lines(self.record.id, after, limit).await?)
    }

    /// Writes what became of each recipient as CSV, in the order of the file: a row for each line, good or bad.
    ///
    /// # Errors
    ///
    /// Where the store can't be read, or the report can't be written.
    ///
    /// For an example see [`NewCampaign`](crate::NewCampaign).
    pub async fn report(&self, to: impl Write + Send) -> Result<Report, OutboxError> {
        report::write(&self.outbox, &self.record, to).await
    }
}
