//! What campaigns require of a store.

use async_trait::async_trait;

use super::{
    BadLine, CampaignId, CampaignRecord, CampaignRow, CampaignState, Imported, NewCampaign,
};
use crate::StoreError;
use crate::outbox::OutboxStore;

/// Keeps campaigns, with a state for each recipient and no cursor: nobody is left out and nobody is written to twice, whenever
/// it is interrupted.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::campaign::{BadLine, CampaignRow, CampaignState, NewCampaign, Source};
/// use kaleyra_wa_store::outbox::{Purpose, SendState};
/// use kaleyra_wa_store::{CampaignStore, SqliteStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-example-campaign-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// let campaign = store.create_campaign(NewCampaign {
///     name: "spring".into(),
///     token: "c1".into(),
///     sender: "919700000001".into(),
///     template: r#"{"name":"spring_sale","language":{"code":"en"}}"#.into(),
///     purpose: Purpose::Marketing,
///     rate: Some(20),
///     quiet: None,
///     expires_at: None,
///     source: Some(Source { name: "customers.csv".into(), sha256: [0; 32] }),
/// }).await?;
/// let asha = CampaignRow {
///     line: 1,
///     recipient: "+919800000001".into(),
///     conversation: "919800000001".into(),
///     params: "{}".into(),
/// };
/// let bad = BadLine::new(2, "no phone number");
/// let imported = store.import(campaign.id, 0, 2, vec![asha], vec![bad]).await?;
/// assert_eq!((imported.added, imported.duplicates), (1, 0));
///
/// let from = [CampaignState::Importing];
/// assert!(store.move_campaign(campaign.id, &from, CampaignState::Ready, None).await?);
/// let record = store.campaign("spring").await?.expect("it was made");
/// assert_eq!((record.count(SendState::Queued), record.bad), (1, 1));
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait CampaignStore: OutboxStore {
    /// Creates a campaign; returns the existing one of this name unchanged.
    ///
    /// # Errors
    ///
    /// Where it can't be kept.
    async fn create_campaign(&self, campaign: NewCampaign) -> Result<CampaignRecord, StoreError>;

    /// Adds recipients and bad lines up to this line of the file, all in one transaction, while the campaign is importing.
    ///
    /// Nothing is done where lines up to `read_before` are not what was read before: another import is running.
    ///
    /// # Errors
    ///
    /// Where they can't be kept, or it is not importing, or was read up to another line.
    async fn import(
        &self,
        campaign: CampaignId,
        read_before: u64,
        read: u64,
        rows: Vec<CampaignRow>,
        bad: Vec<BadLine>,
    ) -> Result<Imported, StoreError>;

    /// Moves a campaign from one of these states to another, with a reason. `false` where it is in none of them.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn move_campaign(
        &self,
        campaign: CampaignId,
        from: &[CampaignState],
        to: CampaignState,
        why: Option<&str>,
    ) -> Result<bool, StoreError>;

    /// Cancels what is queued of a cancelled campaign, up to this many, and returns how many; ends a campaign that runs and
    /// has nothing open, which gives zero.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn settle_campaign(&self, campaign: CampaignId, limit: usize) -> Result<u64, StoreError>;

    /// Sets the maximum number of messages a second.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn set_rate(&self, campaign: CampaignId, rate: Option<u32>) -> Result<(), StoreError>;

    /// All campaigns, in the order in which they were made.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn campaigns(&self) -> Result<Vec<CampaignRecord>, StoreError>;

    /// The campaign of this name.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn campaign(&self, name: &str) -> Result<Option<CampaignRecord>, StoreError>;

    /// Bad lines after this line, up to this many.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn bad_lines(
        &self,
        campaign: CampaignId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<BadLine>, StoreError>;
}
