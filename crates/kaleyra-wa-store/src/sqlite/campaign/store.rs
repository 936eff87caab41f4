//! SQLite as the store of campaigns.

use async_trait::async_trait;
use rusqlite::Connection;

use super::{import, query, state};
use crate::campaign::{
    BadLine, CampaignId, CampaignRecord, CampaignRow, CampaignState, CampaignStore, Imported,
    NewCampaign,
};
use crate::sqlite::SqliteStore;
use crate::sqlite::writer::Class;
use crate::{StoreError, StoreErrorKind, crash_point};

/// What a statement without a body weighs.
const SMALL: usize = 256;

#[async_trait]
impl CampaignStore for SqliteStore {
    async fn create_campaign(&self, campaign: NewCampaign) -> Result<CampaignRecord, StoreError> {
        let now = self.now();
        let run = move |db: &Connection| {
            import::create(db, &campaign, now)?;
            query::by_name(db, &campaign.name)
        };
        let made = self.writer().run(Class::Intake, SMALL, run).await?;
        made.ok_or_else(|| StoreError::new(StoreErrorKind::Other, "the campaign is not there"))
    }

    async fn import(
        &self,
        campaign: CampaignId,
        read_before: u64,
        read: u64,
        rows: Vec<CampaignRow>,
        bad: Vec<BadLine>,
    ) -> Result<Imported, StoreError> {
        let now = self.now();
        let weight = rows.len() * SMALL;
        let batch = import::Batch {
            campaign,
            read_before,
            read,
            rows,
            bad,
        };
        crash_point!("campaign.import");
        let run = move |db: &Connection| import::import(db, &batch, now);
        let imported = self.writer().run(Class::Intake, weight, run).await?;
        crash_point!("campaign.imported");
        imported.ok_or_else(|| {
            let detail = "the campaign is not importing any more, or somebody else imports it";
            StoreError::new(StoreErrorKind::Invalid, detail)
        })
    }

    async fn move_campaign(
        &self,
        campaign: CampaignId,
        from: &[CampaignState],
        to: CampaignState,
        why: Option<&str>,
    ) -> Result<bool, StoreError> {
        let now = self.now();
        let (from, why) = (from.to_vec(), why.map(str::to_owned));
        let ended_at = matches!(to, CampaignState::Done | CampaignState::Cancelled).then_some(now);
        self.change(Class::Outcome, SMALL, move |db, changes| {
            state::transit(db, campaign, &from, to, why.as_deref(), ended_at, changes)
        })
        .await
    }

    async fn settle_campaign(&self, campaign: CampaignId, limit: usize) -> Result<u64, StoreError> {
        let now = self.now();
        self.change(Class::Outcome, SMALL, move |db, changes| {
            state::settle(db, campaign, limit, now, changes)
        })
        .await
    }

    async fn set_rate(&self, campaign: CampaignId, rate: Option<u32>) -> Result<(), StoreError> {
        let signals = self.signals();
        let run = move |db: &Connection| {
            let mut set = db.prepare_cached("UPDATE campaign SET rate = ?2 WHERE id = ?1")?;
            set.execute((campaign.get(), rate)).map(drop)
        };
        self.writer().run(Class::Outcome, SMALL, run).await?;
        signals.queued();
        Ok(())
    }

    async fn campaigns(&self) -> Result<Vec<CampaignRecord>, StoreError> {
        self.questions().run(query::all).await
    }

    async fn campaign(&self, name: &str) -> Result<Option<CampaignRecord>, StoreError> {
        let name = name.to_owned();
        self.questions()
            .run(move |db| query::by_name(db, &name))
            .await
    }

    async fn bad_lines(
        &self,
        campaign: CampaignId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<BadLine>, StoreError> {
        self.questions()
            .run(move |db| query::bad_lines(db, campaign, after, limit))
            .await
    }
}
