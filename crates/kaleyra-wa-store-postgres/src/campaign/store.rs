//! Postgres as the store of campaigns.

use kaleyra_wa_store::campaign::{
    BadLine, CampaignId, CampaignRecord, CampaignRow, CampaignState, CampaignStore, Imported,
    NewCampaign,
};
use kaleyra_wa_store::{StoreError, StoreErrorKind, async_trait};

use super::{import, query, state};
use crate::PostgresStore;
use crate::cluster::notify_sends;

#[async_trait]
impl CampaignStore for PostgresStore {
    async fn create_campaign(&self, campaign: NewCampaign) -> Result<CampaignRecord, StoreError> {
        let inner = self.inner();
        let db = inner.db().await?;
        import::create(&db, &campaign, inner.now()).await?;
        let made = query::by_name(&db, &campaign.name).await?;
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
        let inner = self.inner();
        let batch = import::Batch {
            campaign,
            read_before,
            read,
            rows,
            bad,
        };
        let db = inner.transaction().await?;
        let imported = import::import(&db, &batch, inner.now()).await?;
        db.commit().await?;
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
        let inner = self.inner();
        let is_end = matches!(to, CampaignState::Done | CampaignState::Cancelled);
        let ended_at = is_end.then(|| inner.now());
        let mut changes = Vec::new();
        let db = inner.transaction().await?;
        let moved = state::transit(&db, campaign, from, to, why, ended_at, &mut changes).await?;
        notify_sends(&db, inner).await?;
        db.commit().await?;
        inner.signals.tell(changes);
        Ok(moved)
    }

    async fn settle_campaign(&self, campaign: CampaignId, limit: usize) -> Result<u64, StoreError> {
        let inner = self.inner();
        let mut changes = Vec::new();
        let db = inner.transaction().await?;
        let settled = state::settle(&db, campaign, limit, inner.now(), &mut changes).await?;
        db.commit().await?;
        inner.signals.tell(changes);
        Ok(settled)
    }

    async fn set_rate(&self, campaign: CampaignId, rate: Option<u32>) -> Result<(), StoreError> {
        let inner = self.inner();
        let db = inner.db().await?;
        let sql = "UPDATE kwa.campaign SET rate = $2 WHERE id = $1";
        db.execute(sql, &[&campaign.get(), &rate.map(i64::from)])
            .await?;
        inner.signals.queued();
        Ok(())
    }

    async fn campaigns(&self) -> Result<Vec<CampaignRecord>, StoreError> {
        query::all(&self.inner().db().await?).await
    }

    async fn campaign(&self, name: &str) -> Result<Option<CampaignRecord>, StoreError> {
        query::by_name(&self.inner().db().await?, name).await
    }

    async fn bad_lines(
        &self,
        campaign: CampaignId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<BadLine>, StoreError> {
        query::bad_lines(&self.inner().db().await?, campaign, after, limit).await
    }
}
